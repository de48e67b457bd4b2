/*
 * statement_bytes_fuzz.c - fuzz target: what is taken as a statement comes back
 * from its stored bytes, plain and coded, equals itself in both comparisons, and any
 * other bytes in place of stored ones are read safely.
 *
 * A first byte below 0x80 is the first of a text; 0xFF is followed by a text to be
 * coded, whatever it is, any other by stored bytes.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statement/statement.h"
#include "statement/statement_canonical.h"
#include "statement/statement_coder.h"

#define MODEL "../../src/statement/statement_model_1.model"

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
static ecosys_statement_coder *coder;

static void
open_model(void)
{
	FILE	   *file = fopen(MODEL, "rb");
	uint8_t    *model = malloc(1 << 20);

	MUST(file != NULL);
	coder = ecosys_statement_coder_create(model, fread(model, 1, 1 << 20, file), malloc, free);
	MUST(coder != NULL);
	fclose(file);
	free(model);
}

/* The text that stored bytes stand for; NULL if they are not valid, or zstd's. */
static char *
read_stored(const uint8_t *bytes, size_t size, size_t *length)
{
	ecosys_statement_header header;
	char	   *decoded = malloc(ECOSYS_CODER_MAX_TEXT + ECOSYS_CODER_PADDING);
	const char *kept = decoded;
	char	   *text = NULL;
	bool		valid = ecosys_statement_header_read(bytes, size, &header);

	if (valid && header.form == ECOSYS_FORM_MODEL_1)
	{
		size_t		kept_length;

		valid = ecosys_statement_coder_decode(coder, header.payload, header.payload_length, decoded, &kept_length);
		header.kept_length = (uint32_t) kept_length;
	}
	else if (valid && header.form == ECOSYS_FORM_PLAIN)
		kept = (const char *) header.payload;
	else
		valid = false;
	if (valid && ecosys_statement_unpacked_size(&header, kept, true, length))
	{
		text = malloc(*length + 1);
		ecosys_statement_unpack(&header, kept, true, text);
	}
	free(decoded);
	return text;
}

/* Any text that is coded comes back. */
static void
check_coder(const char *text, size_t length)
{
	size_t		size;
	size_t		back_length;
	char	   *padded;
	const uint8_t *coded;

	if (length > ECOSYS_CODER_MAX_TEXT)
		return;
	padded = malloc(length + ECOSYS_CODER_PADDING);
	memcpy(padded, text, length);
	memset(padded + length, '"', ECOSYS_CODER_PADDING);
	coded = ecosys_statement_coder_encode(coder, padded, length, &size);
	if (coded != NULL)
	{
		char	   *back = malloc(ECOSYS_CODER_MAX_TEXT + ECOSYS_CODER_PADDING);

		MUST(ecosys_statement_coder_decode(coder, coded, size, back, &back_length));
		MUST(back_length == length && memcmp(back, text, length) == 0);
		free(back);
	}
	free(padded);
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
	check_coder(kept, header.kept_length);
	free(bytes);
	free(kept);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (parser == NULL)
	{
		parser = ecosys_statement_parser_create(malloc, free);
		open_model();
	}
	if (size == 0)
		return 0;
	if (data[0] < 0x80)
		check_text((const char *) data, size);
	else if (data[0] == 0xFF)
		check_coder((const char *) data + 1, size - 1);
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
