/*
 * accept_language.c - see accept_language.h.
 */
#include "query/accept_language.h"

#include <stdbool.h>
#include <string.h>

/* Longer ranges and tags are taken as unknown. */
#define MAX_TAG 255

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}

static bool
is_range_character(char c)
{
	return is_digit(c) || c == '-' || (lower(c) >= 'a' && lower(c) <= 'z');
}

static const char *
pass_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* A qvalue: 0 or 1, with up to three decimals; more are passed over. */
static bool
read_quality(const char **at, const char *end, uint16_t *quality)
{
	const char *c = *at;
	unsigned	value;
	unsigned	scale = 100;

	if (c >= end || (*c != '0' && *c != '1'))
		return false;
	value = *c++ == '1' ? 1000 : 0;
	if (c < end && *c == '.')
	{
		for (c++; c < end && is_digit(*c); c++)
		{
			value += scale * (unsigned) (*c - '0');
			scale /= 10;
		}
	}
	*quality = (uint16_t) (value > 1000 ? 1000 : value);
	*at = c;
	return true;
}

/* One element of the list, without the commas. False: none, or not understood. */
static bool
read_range(const char *at, const char *end, ecosys_language_range *range)
{
	const char *start;

	start = at = pass_blanks(at, end);
	if (at < end && *at == '*')
	{
		at++;
		range->length = 0;
	}
	else
	{
		while (at < end && is_range_character(*at))
			at++;
		if (at == start || at - start > MAX_TAG || *start == '-' || at[-1] == '-')
			return false;
		range->length = (uint16_t) (at - start);
	}
	range->text = start;
	range->quality = 1000;
	at = pass_blanks(at, end);
	if (at < end)
	{
		if (*at != ';')
			return false;
		at = pass_blanks(at + 1, end);
		if (end - at < 2 || lower(*at) != 'q' || at[1] != '=')
			return false;
		at += 2;
		if (!read_quality(&at, end, &range->quality))
			return false;
	}
	return pass_blanks(at, end) == end;
}

void
ecosys_accept_language_read(ecosys_accept_language *accept, const char *header, size_t length)
{
	const char *at = header;
	const char *end = header == NULL ? NULL : header + length;

	accept->n_ranges = 0;
	while (at < end && accept->n_ranges < ECOSYS_ACCEPT_LANGUAGE_MAX)
	{
		const char *comma = memchr(at, ',', (size_t) (end - at));
		const char *stop = comma == NULL ? end : comma;

		if (read_range(at, stop, &accept->ranges[accept->n_ranges]))
			accept->n_ranges++;
		at = comma == NULL ? end : comma + 1;
	}
}

/* Is `part` the whole of `tag`, or its beginning up to a hyphen? */
static bool
begins(const char *part, size_t part_length, const char *tag, size_t length)
{
	if (part_length > length || (part_length < length && tag[part_length] != '-'))
		return false;
	for (size_t i = 0; i < part_length; i++)
	{
		if (lower(part[i]) != lower(tag[i]))
			return false;
	}
	return true;
}

uint32_t
ecosys_language_welcome(const ecosys_accept_language *accept, const char *tag, size_t length)
{
	const ecosys_language_range *ranges = accept->ranges;
	int			best = -1;
	unsigned	closeness = 0;

	if (length == 0 || length > MAX_TAG)
		return 1;
	/* ranges that the tag is in: the longest, of equal ones the first */
	for (int i = 0; i < accept->n_ranges; i++)
	{
		if (ranges[i].length > 0 && begins(ranges[i].text, ranges[i].length, tag, length) &&
			(best < 0 || ranges[i].length > ranges[best].length))
		{
			best = i;
			closeness = ranges[i].length == length ? 3 : 2;
		}
	}
	/* ranges that are in the tag: the best */
	for (int i = 0; closeness < 2 && i < accept->n_ranges; i++)
	{
		if (ranges[i].length > length && ranges[i].quality > 0 &&
			begins(tag, length, ranges[i].text, ranges[i].length) &&
			(best < 0 || ranges[i].quality > ranges[best].quality))
		{
			best = i;
			closeness = 1;
		}
	}
	for (int i = 0; best < 0 && i < accept->n_ranges; i++)
	{
		if (ranges[i].length == 0)
			best = i;
	}
	if (best < 0)
		return 1;
	if (ranges[best].quality == 0)
		return 0;
	return (uint32_t) ranges[best].quality << 16 |
		(uint32_t) (ECOSYS_ACCEPT_LANGUAGE_MAX - best) << 2 | closeness;
}
