/*
 * utf8.h - UTF-8, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.
 */
#ifndef ECOSYS_UTF8_H
#define ECOSYS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Length of the well-formed character that starts at `at`, or 0 if there is
 * none (see table 3-7 of the Unicode standard). Takes any byte.
 */
static inline size_t
ecosys_utf8_length(const char *at, const char *end)
{
	const unsigned char *s = (const unsigned char *) at;
	size_t		left = (size_t) (end - at);

	if (left == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || left < 2)
		return 0;
	if (s[0] < 0xe0)
		return (s[1] & 0xc0) == 0x80 ? 2 : 0;
	if (left < 3 || (s[1] & 0xc0) != 0x80 || (s[2] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xf0)
	{
		if (s[0] == 0xe0 && s[1] < 0xa0)
			return 0;			/* overlong */
		if (s[0] == 0xed && s[1] > 0x9f)
			return 0;			/* surrogate */
		return 3;
	}
	if (left < 4 || (s[3] & 0xc0) != 0x80 || s[0] > 0xf4)
		return 0;
	if (s[0] == 0xf0 && s[1] < 0x90)
		return 0;				/* overlong */
	if (s[0] == 0xf4 && s[1] > 0x8f)
		return 0;				/* beyond U+10FFFF */
	return 4;
}

/* Write a code point (a surrogate too: "WTF-8"); returns the number of bytes. */
static inline size_t
ecosys_utf8_encode(uint32_t code, char *out)
{
	if (code < 0x80)
	{
		out[0] = (char) code;
		return 1;
	}
	if (code < 0x800)
	{
		out[0] = (char) (0xc0 | code >> 6);
		out[1] = (char) (0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000)
	{
		out[0] = (char) (0xe0 | code >> 12);
		out[1] = (char) (0x80 | (code >> 6 & 0x3f));
		out[2] = (char) (0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char) (0xf0 | code >> 18);
	out[1] = (char) (0x80 | (code >> 12 & 0x3f));
	out[2] = (char) (0x80 | (code >> 6 & 0x3f));
	out[3] = (char) (0x80 | (code & 0x3f));
	return 4;
}

#endif							/* ECOSYS_UTF8_H */
