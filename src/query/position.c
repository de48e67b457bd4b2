/*
 * position.c - a place in the order of statements as text.
 *
 * 16 hexadecimal digits of stored (microseconds since 2000-01-01 UTC, plus
 * 2^63), 32 of the id. Texts compare as places do; nobody should need to know.
 */
#include "ecosys.h"

#include "query/query.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "base/hex.h"

void
ecosys_position_print(const ecosys_position *position, char *text)
{
	static const char digits[] = "0123456789abcdef";
	uint64		stored = (uint64) position->stored ^ (UINT64CONST(1) << 63);

	for (int i = 0; i < 16; i++)
		*text++ = digits[stored >> (60 - 4 * i) & 15];
	for (int i = 0; i < UUID_LEN; i++)
	{
		*text++ = digits[position->id.data[i] >> 4];
		*text++ = digits[position->id.data[i] & 15];
	}
}

bool
ecosys_position_read(const char *text, size_t length, ecosys_position *position)
{
	uint64		stored = 0;

	if (length != ECOSYS_POSITION_SIZE || !ecosys_is_hex(text, length))
		return false;
	for (int i = 0; i < 16; i++)
		stored = stored << 4 | (uint64) ecosys_hex_value(text[i]);
	position->stored = (TimestampTz) (stored ^ (UINT64CONST(1) << 63));
	for (int i = 0; i < UUID_LEN; i++)
		position->id.data[i] = ecosys_hex_value(text[16 + 2 * i]) << 4 | ecosys_hex_value(text[17 + 2 * i]);
	return true;
}

int
ecosys_position_compare(const ecosys_position *a, const ecosys_position *b)
{
	if (a->stored != b->stored)
		return a->stored < b->stored ? -1 : 1;
	return memcmp(a->id.data, b->id.data, UUID_LEN);
}

ECOSYS_FUNCTION(ecosys_cursor_text);
Datum
ecosys_cursor_text(PG_FUNCTION_ARGS)
{
	ecosys_position position = {PG_GETARG_TIMESTAMPTZ(0), *PG_GETARG_UUID_P(1)};
	char		printed[ECOSYS_POSITION_SIZE];

	ecosys_position_print(&position, printed);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(printed, sizeof(printed)));
}
