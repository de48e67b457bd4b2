/*
 * escaped_letter.h - may a JSON text spell a letter of a key by an escape?
 *
 * A search for a key in the text, as it stands, finds all but "\u0061ctor" and
 * the like. Nobody writes that, but it is the same key.
 */
#ifndef ECOSYS_ESCAPED_LETTER_H
#define ECOSYS_ESCAPED_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* True where there is \u006. or \u007.: a small Latin letter, give or take a few. */
static inline bool
ecosys_has_escaped_letter(const char *text, size_t length)
{
	const char *end = text + length;

	while ((text = memchr(text, '\\', (size_t) (end - text))) != NULL)
	{
		if (end - text >= 6 && memcmp(text + 1, "u00", 3) == 0 && (text[4] == '6' || text[4] == '7'))
			return true;
		text++;
	}
	return false;
}

#endif							/* ECOSYS_ESCAPED_LETTER_H */
