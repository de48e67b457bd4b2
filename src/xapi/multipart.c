/*
 * multipart.c - the reader and the writer of multipart.h.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem */
#endif
#include "xapi/multipart.h"

#include <string.h>

#include "base/token.h"

/* Always returns false. */
static bool
fail(ecosys_multipart *reader, const char *fault)
{
	if (reader->fault == NULL)
		reader->fault = fault;
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
ecosys_multipart_boundary_valid(const char *boundary, size_t length)
{
	if (length == 0 || length > ECOSYS_MULTIPART_MAX_BOUNDARY || boundary[length - 1] == ' ')
		return false;
	for (size_t i = 0; i < length; i++)
	{
		char		c = boundary[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL)))
			return false;
	}
	return true;
}

/* ---- the boundary in the header ---- */

/*
 * The next parameter of a media type, from after the type or the last
 * parameter; false at the end or where it is malformed. The value of a quoted
 * string keeps its backslashes.
 */
static bool
next_parameter(const char *text, size_t length, size_t *at, ecosys_multipart_header *parameter, bool *quoted)
{
	while (*at < length && (is_blank(text[*at]) || text[*at] == ';'))
		(*at)++;
	parameter->name = *at;
	while (*at < length && ecosys_is_token_character(text[*at]))
		(*at)++;
	parameter->name_length = *at - parameter->name;
	while (*at < length && is_blank(text[*at]))
		(*at)++;
	if (parameter->name_length == 0 || *at >= length || text[*at] != '=')
		return false;
	(*at)++;
	while (*at < length && is_blank(text[*at]))
		(*at)++;
	*quoted = *at < length && text[*at] == '"';
	if (*quoted)
	{
		parameter->value = ++(*at);
		while (*at < length && text[*at] != '"')
			*at += text[*at] == '\\' ? 2 : 1;
		if (*at >= length)
			return false;
		parameter->value_length = (*at)++ - parameter->value;
		return true;
	}
	/* clients leave out the quotes that RFC 2045 wants around some boundaries */
	parameter->value = *at;
	while (*at < length && text[*at] != ';' && !is_blank(text[*at]))
		(*at)++;
	parameter->value_length = *at - parameter->value;
	return true;
}

static bool
read_boundary(ecosys_multipart *reader, const char *content_type, size_t length)
{
	static const char type[] = "multipart/mixed";
	char		boundary[ECOSYS_MULTIPART_MAX_BOUNDARY];
	size_t		boundary_length = 0;
	size_t		at = sizeof(type) - 1;
	ecosys_multipart_header parameter;
	bool		found = false;
	bool		quoted;

	if (length < at || !ecosys_equal_ignoring_case(content_type, at, type, at) ||
		(length > at && content_type[at] != ';' && !is_blank(content_type[at])))
		return fail(reader, "the content type is not multipart/mixed");
	while (next_parameter(content_type, length, &at, &parameter, &quoted))
	{
		const char *value = content_type + parameter.value;

		if (!ecosys_equal_ignoring_case(content_type + parameter.name, parameter.name_length, "boundary", 8))
			continue;
		if (found)
			return fail(reader, "the content type names two boundaries");
		found = true;
		for (size_t i = 0; i < parameter.value_length; i++)
		{
			if (quoted && value[i] == '\\' && i + 1 < parameter.value_length)
				i++;
			if (boundary_length == sizeof(boundary))
				return fail(reader, "the boundary is longer than 70 characters");
			boundary[boundary_length++] = value[i];
		}
	}
	if (!found)
		return fail(reader, "the content type names no boundary");
	if (!ecosys_multipart_boundary_valid(boundary, boundary_length))
		return fail(reader, "the boundary is empty or has characters that no boundary may have");
	memcpy(reader->delimiter, "--", 2);
	memcpy(reader->delimiter + 2, boundary, boundary_length);
	reader->delimiter_length = 2 + boundary_length;
	return true;
}

/* ---- parts ---- */

/* Length of the line end at `at`: 0 if there is none. */
static size_t
line_end(const ecosys_multipart *reader, size_t at)
{
	if (at < reader->length && reader->body[at] == '\n')
		return 1;
	if (reader->length - at >= 2 && reader->body[at] == '\r' && reader->body[at + 1] == '\n')
		return 2;
	return 0;
}

typedef struct delimiter
{
	size_t		before;			/* end of what precedes it: its line break belongs to it */
	size_t		after;			/* behind its line */
	bool		closing;
} delimiter;

static bool
find_delimiter(const ecosys_multipart *reader, size_t from, delimiter *found)
{
	const char *body = reader->body;

	while (from < reader->length)
	{
		const char *hit = memmem(body + from, reader->length - from, reader->delimiter, reader->delimiter_length);
		size_t		at;
		size_t		after;

		if (hit == NULL)
			return false;
		at = (size_t) (hit - body);
		from = at + 1;
		if (at > 0 && body[at - 1] != '\n')
			continue;
		after = at + reader->delimiter_length;
		found->closing = reader->length - after >= 2 && body[after] == '-' && body[after + 1] == '-';
		if (found->closing)
			after += 2;
		while (after < reader->length && is_blank(body[after]))
			after++;
		if (line_end(reader, after) == 0 && !(found->closing && after == reader->length))
			continue;			/* a longer word that begins like the delimiter */
		found->after = after + line_end(reader, after);
		found->before = at;
		if (found->before > 0)
			found->before--;
		if (found->before > 0 && body[found->before - 1] == '\r')
			found->before--;
		return true;
	}
	return false;
}

bool
ecosys_multipart_open(ecosys_multipart *reader, const char *content_type, size_t content_type_length,
					  const char *body, size_t length)
{
	delimiter	first;

	memset(reader, 0, sizeof(*reader));
	reader->body = body;
	reader->length = length;
	if (!read_boundary(reader, content_type, content_type_length))
		return false;
	if (!find_delimiter(reader, 0, &first))
		return fail(reader, "the body has no line of two hyphens and the boundary");
	if (first.closing)
		return fail(reader, "the body has no part");
	reader->at = first.after;
	return true;
}

/* Where the empty line behind the headers begins; false if they end nowhere or too late. */
static bool
find_headers_end(ecosys_multipart *reader, size_t start, size_t end, size_t *headers_end)
{
	size_t		at = start;

	while (at < end)
	{
		const char *newline;

		if (line_end(reader, at) > 0)
		{
			*headers_end = at;
			return true;
		}
		if (at - start > ECOSYS_MULTIPART_MAX_HEADERS)
			break;
		newline = memchr(reader->body + at, '\n', end - at);
		if (newline == NULL)
			break;
		at = (size_t) (newline - reader->body) + 1;
	}
	if (at - start > ECOSYS_MULTIPART_MAX_HEADERS)
		return fail(reader, "the headers of a part are longer than 16 kB");
	return fail(reader, "a part has no empty line between headers and content");
}

bool
ecosys_multipart_next(ecosys_multipart *reader, ecosys_multipart_part *part)
{
	delimiter	next;
	size_t		start = reader->at;
	size_t		headers_end;

	if (reader->fault != NULL || reader->closed)
		return false;
	if (reader->n_parts == ECOSYS_MULTIPART_MAX_PARTS)
		return fail(reader, "the body has more than 20,000 parts");
	if (!find_delimiter(reader, start, &next))
		return fail(reader, "the body does not end in its closing delimiter");

	/* the empty line may be the line break that belongs to the delimiter: then the part is empty */
	if (!find_headers_end(reader, start, next.after, &headers_end))
		return false;
	if (headers_end - start > ECOSYS_MULTIPART_MAX_HEADERS)
		return fail(reader, "the headers of a part are longer than 16 kB");
	part->headers = part->next_header = start;
	part->headers_length = headers_end - start;
	part->content = headers_end + line_end(reader, headers_end);
	part->content_length = next.before > part->content ? next.before - part->content : 0;
	reader->at = next.after;
	reader->closed = next.closing;
	reader->n_parts++;
	return true;
}

bool
ecosys_multipart_next_header(ecosys_multipart *reader, ecosys_multipart_part *part,
							 ecosys_multipart_header *header)
{
	const char *body = reader->body;
	size_t		at = part->next_header;
	size_t		end = part->headers + part->headers_length;
	size_t		value_end;

	if (reader->fault != NULL || at >= end)
		return false;
	header->name = at;
	while (at < end && ecosys_is_token_character(body[at]))
		at++;
	header->name_length = at - header->name;
	if (header->name_length == 0 || at >= end || body[at] != ':')
		return fail(reader, "a header of a part is not a name, a colon and a value");
	header->value = ++at;
	/* a line that begins with a blank goes on with the one before it */
	do
	{
		const char *newline = memchr(body + at, '\n', end - at);

		at = newline == NULL ? end : (size_t) (newline - body) + 1;
	} while (at < end && is_blank(body[at]));
	part->next_header = at;

	value_end = at;
	while (header->value < value_end && (is_blank(body[header->value]) || body[header->value] == '\r' ||
										 body[header->value] == '\n'))
		header->value++;
	while (value_end > header->value && (is_blank(body[value_end - 1]) || body[value_end - 1] == '\r' ||
										 body[value_end - 1] == '\n'))
		value_end--;
	header->value_length = value_end - header->value;
	return true;
}

/* ---- writing ---- */

bool
ecosys_multipart_boundary_in(const char *boundary, size_t boundary_length, const char *bytes, size_t length)
{
	char		delimiter[2 + ECOSYS_MULTIPART_MAX_BOUNDARY];

	memcpy(delimiter, "--", 2);
	memcpy(delimiter + 2, boundary, boundary_length);
	return memmem(bytes, length, delimiter, 2 + boundary_length) != NULL;
}

size_t
ecosys_multipart_size(size_t boundary_length, const ecosys_multipart_piece *headers,
					  const ecosys_multipart_piece *contents, size_t n)
{
	size_t		size = 2 + boundary_length + 4; /* the closing delimiter */

	for (size_t i = 0; i < n; i++)
	{
		size_t		more[] = {2 + boundary_length + 2, headers[i].length, 2, contents[i].length, 2};

		for (int j = 0; j < 5; j++)
		{
			if (more[j] > SIZE_MAX - size)
				return SIZE_MAX;
			size += more[j];
		}
	}
	return size;
}

static char *
put(char *at, const char *bytes, size_t length)
{
	if (length > 0)
		memcpy(at, bytes, length);
	return at + length;
}

void
ecosys_multipart_write(char *result, const char *boundary, size_t boundary_length,
					   const ecosys_multipart_piece *headers, const ecosys_multipart_piece *contents, size_t n)
{
	char	   *at = result;

	for (size_t i = 0; i < n; i++)
	{
		at = put(at, "--", 2);
		at = put(at, boundary, boundary_length);
		at = put(at, "\r\n", 2);
		at = put(at, headers[i].bytes, headers[i].length);
		at = put(at, "\r\n", 2);
		at = put(at, contents[i].bytes, contents[i].length);
		at = put(at, "\r\n", 2);
	}
	at = put(at, "--", 2);
	at = put(at, boundary, boundary_length);
	put(at, "--\r\n", 4);
}
