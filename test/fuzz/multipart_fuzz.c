/*
 * multipart_fuzz.c - any content type (the first line) and any body: refused,
 * or parts within the body that, written again, are read as the same parts.
 */
#include "xapi/multipart.h"

#include <stdlib.h>
#include <string.h>

static void
need(bool condition)
{
	if (!condition)
		abort();
}

int			LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define MAX_PARTS 16

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *content_type = (const char *) data;
	const char *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t		type_length = newline == NULL ? size : (size_t) (newline - content_type);
	size_t		length = newline == NULL ? 0 : size - type_length - 1;
	char	   *body = malloc(length ? length : 1);
	ecosys_multipart reader;
	ecosys_multipart_part part;
	ecosys_multipart_header header;
	ecosys_multipart_piece headers[MAX_PARTS];
	ecosys_multipart_piece contents[MAX_PARTS];
	size_t		n = 0;

	if (length > 0)
		memcpy(body, newline + 1, length);
	ecosys_multipart_open(&reader, content_type, type_length, body, length);
	while (ecosys_multipart_next(&reader, &part))
	{
		need(part.headers + part.headers_length <= part.content && part.content + part.content_length <= length);
		if (n < MAX_PARTS)
		{
			headers[n].bytes = "A: 1\r\n";
			headers[n].length = 6;
			contents[n].bytes = body + part.content;
			contents[n].length = part.content_length;
		}
		while (ecosys_multipart_next_header(&reader, &part, &header))
		{
			need(header.name >= part.headers && header.name_length > 0);
			need(header.value > header.name + header.name_length &&
				 header.value + header.value_length <= part.headers + part.headers_length);
		}
		n++;
	}
	if (reader.fault == NULL && n <= MAX_PARTS)
	{
		const char *boundary = reader.delimiter + 2;
		size_t		boundary_length = reader.delimiter_length - 2;
		size_t		written = ecosys_multipart_size(boundary_length, headers, contents, n);
		char	   *again = malloc(written);
		ecosys_multipart second;
		size_t		i = 0;

		need(n > 0);
		ecosys_multipart_write(again, boundary, boundary_length, headers, contents, n);
		need(ecosys_multipart_open(&second, content_type, type_length, again, written));
		while (ecosys_multipart_next(&second, &part))
		{
			need(i < n && part.content_length == contents[i].length);
			need(part.content_length == 0 || memcmp(again + part.content, contents[i].bytes, part.content_length) == 0);
			i++;
		}
		need(second.fault == NULL && i == n);
		free(again);
	}
	free(body);
	return 0;
}
