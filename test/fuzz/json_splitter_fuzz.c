/*
 * json_splitter_fuzz.c - fuzz target: any bytes as a stream of statements.
 *
 * The units must not depend on the pieces in which the stream arrives, nothing
 * but blanks, commas and brackets may be lost, and what is JSON must be cut as
 * the JSON reader cuts it. The first byte says how long the pieces are.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy_text.h"
#include "base/json_reader.h"
#include "base/json_splitter.h"

#define MUST(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct piece
{
	size_t		offset;
	size_t		length;
	uint64_t	line;
} piece;

/* Cut a text that arrives in pieces of `step` bytes; at most one unit a byte. */
static size_t
cut(const char *text, size_t length, size_t step, piece *units, bool *unclosed)
{
	ecosys_json_splitter splitter;
	size_t		begin = 0;
	size_t		known = step < length ? step : length;
	size_t		n = 0;

	ecosys_split_open(&splitter, true, 1, false);
	for (;;)
	{
		ecosys_split_unit unit;
		size_t		used;
		char	   *copy = malloc(known - begin + 1);
		ecosys_split_result result;

		memcpy(copy, text + begin, known - begin);
		result = ecosys_split_next(&splitter, copy, known - begin, known == length, &unit, &used);
		free(copy);
		MUST(used <= known - begin);
		if (result == ECOSYS_SPLIT_UNIT)
		{
			MUST(unit.length > 0 && unit.offset + unit.length <= used && n < length);
			units[n++] = (piece) {begin + unit.offset, unit.length, unit.line};
		}
		begin += used;
		if (result == ECOSYS_SPLIT_END)
			break;
		if (result == ECOSYS_SPLIT_MORE)
		{
			MUST(known < length);
			known = length - known < step ? length : known + step;
		}
	}
	MUST(begin == length);
	*unclosed = splitter.within_array;
	return n;
}

/* If the text is JSON: an array's elements, or the one value. */
static void
must_be_as_read(const char *text, size_t length, const piece *units, size_t n, bool unclosed)
{
	ecosys_json_reader reader;
	ecosys_span span;
	size_t		at = 0;

	ecosys_json_open(&reader, text, length);
	ecosys_json_skip(&reader, NULL);
	if (!ecosys_json_close(&reader))
		return;
	MUST(!unclosed);
	ecosys_json_open(&reader, text, length);
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_ARRAY)
	{
		ecosys_json_skip(&reader, &span);
		MUST(n == 1 && units[0].offset == span.offset && units[0].length == span.length);
		return;
	}
	ecosys_json_enter_array(&reader);
	while (ecosys_json_next_element(&reader))
	{
		ecosys_json_skip(&reader, &span);
		MUST(at < n && units[at].offset == span.offset && units[at].length == span.length);
		at++;
	}
	MUST(at == n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data + 1;
	size_t		length = size - 1;
	piece	   *whole;
	piece	   *parts;
	size_t		n;
	size_t		at = 0;
	bool		unclosed;
	bool		also_unclosed;

	if (size < 1)
		return 0;
	whole = malloc(sizeof(piece) * (length + 1));
	parts = malloc(sizeof(piece) * (length + 1));
	n = cut(text, length, length + 1, whole, &unclosed);
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	for (size_t i = 0; i <= n; i++)
	{
		uint64_t	line = 1;

		for (size_t stop = i < n ? whole[i].offset : length; at < stop; at++)
			MUST(memchr(" \n\r\t,[]", text[at], 7) != NULL);
		if (i == n)
			break;
		for (size_t j = 0; j < at && length <= 4096; j++)
			line += text[j] == '\n';
		MUST(length > 4096 || whole[i].line == line);
		at = whole[i].offset + whole[i].length;
	}
	MUST(cut(text, length, 1 + data[0] % 64, parts, &also_unclosed) == n && also_unclosed == unclosed);
	for (size_t i = 0; i < n; i++)
		MUST(whole[i].offset == parts[i].offset && whole[i].length == parts[i].length && whole[i].line == parts[i].line);
	must_be_as_read(text, length, whole, n, unclosed);

	for (size_t i = 0; i < n; i++)
	{
		/* a field of COPY is never longer than promised: the sanitizer sees it */
		char	   *field = malloc(ECOSYS_COPY_TEXT_ROOM(whole[i].length));
		size_t		written;

		if (ecosys_copy_text(text + whole[i].offset, whole[i].length, field, &written))
			MUST(written >= whole[i].length && memchr(field, '\n', written) == NULL && memchr(field, '\t', written) == NULL);
		MUST(ecosys_copy_bytea(text + whole[i].offset, whole[i].length, field) <= ECOSYS_COPY_TEXT_ROOM(whole[i].length));
		free(field);
	}
	free(whole);
	free(parts);
	return 0;
}
