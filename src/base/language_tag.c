/*
 * language_tag.c - see language_tag.h.
 */
#include "base/language_tag.h"

#include <stdint.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
ecosys_language_tag_valid(const char *text, size_t length)
{
	size_t		at = 0;
	bool		single;			/* the last part has one character: another must follow */
	bool		is_private;		/* after an x nothing has a meaning */
	uint64_t	extensions = 0; /* one bit a character that began one */

	while (at < length && is_letter(text[at]))
		at++;
	if (at < 1 || at > 8)
		return false;
	single = at == 1;
	if (single && (text[0] | 0x20) != 'x' && (text[0] | 0x20) != 'i')
		return false;
	is_private = single;
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
		single = at - start == 1 && !is_private;
		if (single)
		{
			/* a to z and A to Z alike, 0 to 9 */
			uint64_t	bit = UINT64_C(1) << (text[start] & 0x1f);

			if (!is_letter(text[start]))
				bit <<= 32;
			if (extensions & bit)
				return false;
			extensions |= bit;
			is_private = (text[start] | 0x20) == 'x';
		}
	}
	return !single;
}
