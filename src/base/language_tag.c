/*
 * language_tag.c - see language_tag.h.
 */
#include "base/language_tag.h"

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
ecosys_language_tag_valid(const char *text, size_t length)
{
	size_t		at = 0;
	bool		single;

	while (at < length && is_letter(text[at]))
		at++;
	if (at < 1 || at > 8)
		return false;
	single = at == 1;
	if (single && (text[0] | 0x20) != 'x' && (text[0] | 0x20) != 'i')
		return false;
	while (at < length)
	{
		size_t		start;

		if (text[at++] != '-')
			return false;
		start = at;
		while (at < length && (is_letter(text[at]) || (text[at] >= '0' && text[at] <= '9')))
			at++;
		if (at == start || at - start > 8)
			return false;
		single = false;
	}
	return !single;
}
