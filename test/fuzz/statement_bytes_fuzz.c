/*
 * statement_bytes_fuzz.c - fuzz target: what is taken as a statement comes back
 * from its stored bytes, equals itself in both comparisons, and any other bytes
 * in place of stored ones are read safely.
 *
 * A first byte below 0x80 is followed by a text; any other by stored bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statement/statement.h"
#include "statement/statement_canonical.h"

#define MUST(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ecosys_statement_parser *parser;

/* The text that stored bytes with a plain payload stand for; NULL if they are not valid. */
static char *
read_stored(const uint8_t *bytes, size_t size, size_t *length)
{
	ecosys_statement_header header;
	char	   *text;

	if (!ecosys_statement_header_read(bytes, size, &header) || header.form != ECOSYS_FORM_PLAIN ||
		!ecosys_statement_unpacked_size(&header, (const char *) header.payload, true, length))
		return NULL;
	text = malloc(*length + 1);
	ecosys_statement_unpack(&header, (const char *) header.payload, true, text);
	return text;
}

static void
check_text(const char *text, size_t length)
{
	const ecosys_comparison_memory memory = {malloc, free, NULL};
	ecosys_statement_facts facts;
	ecosys_fault fault;
	ecosys_statement_header header;
	uint8_t		uuids[16 * ECOSYS_STATEMENT_MAX_UUIDS];
	char	   *kept;
	char	   *back;
	uint8_t    *bytes;
	size_t		size;
	size_t		back_length;
	int			order;

	if (!ecosys_statement_parse(parser, text, length, &facts, &fault))
		return;
	kept = malloc(length);
	ecosys_statement_pack(text, length, &facts, &header, kept, uuids);
	MUST(header.kept_length <= length);
	bytes = malloc(ecosys_statement_header_size(&header) + header.kept_length);
	size = ecosys_statement_header_write(&header, bytes);
	MUST(size <= ecosys_statement_header_size(&header));
	memcpy(bytes + size, kept, header.kept_length);
	back = read_stored(bytes, size + header.kept_length, &back_length);
	MUST(back != NULL && back_length == length && memcmp(back, text, length) == 0);
	MUST(ecosys_statement_compare(text, length, back, length, ECOSYS_COMPARE_JSON, &memory, &order) && order == 0);
	MUST(ecosys_statement_compare(text, length, back, length, ECOSYS_COMPARE_XAPI, &memory, &order) && order == 0);
	free(back);
	free(bytes);
	free(kept);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (parser == NULL)
		parser = ecosys_statement_parser_create(malloc, free);
	if (size == 0)
		return 0;
	if (data[0] < 0x80)
		check_text((const char *) data, size);
	else
	{
		ecosys_statement_header header;
		size_t		length;
		size_t		available = size - 1 < ECOSYS_STATEMENT_FACTS_SIZE ? size - 1 : ECOSYS_STATEMENT_FACTS_SIZE;

		ecosys_statement_facts_read(data + 1, available, &header);
		free(read_stored(data + 1, size - 1, &length));
	}
	return 0;
}
