/*
 * document_tag.c - see document_tag.h.
 */
#include "xapi/document_tag.h"

#include <string.h>

static bool
is_separator(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

bool
ecosys_document_tag_listed(const char *list, size_t length, const char *tag, size_t tag_length, bool weak)
{
	const char *at = list;
	const char *end = list + length;

	for (;;)
	{
		const char *start;
		bool		is_weak;

		while (at < end && is_separator(*at))
			at++;
		if (at == end)
			return false;
		is_weak = end - at >= 3 && at[0] == 'W' && at[1] == '/' && at[2] == '"';
		if (is_weak)
			at += 2;
		if (*at == '"')
		{
			start = ++at;
			at = memchr(start, '"', (size_t) (end - start));
			if (at == NULL)
				return false;
			if ((size_t) (at - start) == tag_length && memcmp(start, tag, tag_length) == 0 && (weak || !is_weak))
				return true;
			at++;
		}
		else
		{
			for (start = at; at < end && !is_separator(*at);)
				at++;
			if ((at - start == 1 && *start == '*') ||
				((size_t) (at - start) == tag_length && memcmp(start, tag, tag_length) == 0))
				return true;
		}
	}
}
