/*
 * iri.c - see iri.h.
 */
#include "base/iri.h"

#include <stdint.h>
#include <string.h>

#include "base/hex.h"

/* What an ASCII character may be part of. */
#define SCHEME		0x01
#define BODY		0x02		/* of an IRI, % apart */
#define LOCAL		0x04		/* local part of a mail address */
#define DOMAIN		0x08
#define LETTER		(SCHEME | BODY | LOCAL | DOMAIN)

static const uint8_t part_of[128] = {
	['!'] = BODY | LOCAL,
	['#'] = BODY | LOCAL,
	['$'] = BODY | LOCAL,
	['%'] = LOCAL,
	['&'] = BODY | LOCAL,
	['\''] = BODY | LOCAL,
	['('] = BODY, [')'] = BODY,
	['*'] = BODY | LOCAL,
	['+'] = SCHEME | BODY | LOCAL,
	[','] = BODY,
	['-'] = SCHEME | BODY | LOCAL | DOMAIN,
	['.'] = SCHEME | BODY | LOCAL | DOMAIN,
	['/'] = BODY | LOCAL,
	['0'] = LETTER, ['1'] = LETTER, ['2'] = LETTER, ['3'] = LETTER, ['4'] = LETTER,
	['5'] = LETTER, ['6'] = LETTER, ['7'] = LETTER, ['8'] = LETTER, ['9'] = LETTER,
	[':'] = BODY, [';'] = BODY,
	['='] = BODY | LOCAL,
	['?'] = BODY | LOCAL,
	['@'] = BODY,
	['A'] = LETTER, ['B'] = LETTER, ['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER,
	['F'] = LETTER, ['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER,
	['K'] = LETTER, ['L'] = LETTER, ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER,
	['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER, ['S'] = LETTER, ['T'] = LETTER,
	['U'] = LETTER, ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER, ['Y'] = LETTER,
	['Z'] = LETTER,
	['['] = BODY, [']'] = BODY,
	['^'] = LOCAL,
	['_'] = BODY | LOCAL,
	['`'] = LOCAL,
	['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER,
	['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER,
	['k'] = LETTER, ['l'] = LETTER, ['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER,
	['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER,
	['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER, ['y'] = LETTER,
	['z'] = LETTER,
	['{'] = LOCAL, ['|'] = LOCAL, ['}'] = LOCAL,
	['~'] = BODY | LOCAL
};

/* A character beyond ASCII that is a blank, a control or half of one: never in an identifier. */
static bool
is_unfit(const unsigned char *s, size_t left)
{
	if (left >= 2 && s[0] == 0xc2)
		return s[1] <= 0xa0;	/* U+0080 to U+009F controls, U+00A0 no-break space */
	if (left < 3)
		return false;
	switch (s[0])
	{
		case 0xe1:
			return s[1] == 0x9a && s[2] == 0x80;	/* U+1680 */
		case 0xe2:
			if (s[1] == 0x80)	/* U+2000 to U+200A blanks, U+2028, U+2029, U+202F */
				return s[2] <= 0x8a || s[2] == 0xa8 || s[2] == 0xa9 || s[2] == 0xaf;
			return s[1] == 0x81 && s[2] == 0x9f;	/* U+205F */
		case 0xe3:
			return s[1] == 0x80 && s[2] == 0x80;	/* U+3000 */
		case 0xed:
			return s[1] >= 0xa0;	/* surrogate */
		case 0xef:
			return s[1] == 0xbf && s[2] >= 0xbe;	/* U+FFFE, U+FFFF */
	}
	return false;
}

static bool
valid(const char *text, size_t length, bool ascii_only)
{
	const unsigned char *s = (const unsigned char *) text;
	size_t		i;

	if (length == 0 || !((s[0] | 0x20) >= 'a' && (s[0] | 0x20) <= 'z'))
		return false;
	for (i = 1; i < length && s[i] < 128 && (part_of[s[i]] & SCHEME); i++)
		;
	if (i + 1 >= length || s[i] != ':')
		return false;
	for (i++; i < length; i++)
	{
		if (s[i] >= 128)
		{
			if (ascii_only || is_unfit(s + i, length - i))
				return false;
		}
		else if (!(part_of[s[i]] & BODY))
		{
			if (s[i] != '%' || length - i < 3 || !ecosys_is_hex(text + i + 1, 2))
				return false;
			i += 2;
		}
	}
	return true;
}

bool
ecosys_iri_valid(const char *text, size_t length)
{
	return valid(text, length, false);
}

bool
ecosys_uri_valid(const char *text, size_t length)
{
	return valid(text, length, true);
}

bool
ecosys_mbox_valid(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *) text;
	size_t		i = 7;
	size_t		label;
	int			labels = 0;

	if (length < 8 || memcmp(text, "mailto:", 7) != 0)
		return false;
	for (; i < length && s[i] != '@'; i++)
	{
		if (s[i] < 128 ? !(part_of[s[i]] & LOCAL) : is_unfit(s + i, length - i))
			return false;
	}
	if (i == 7 || i >= length)
		return false;
	for (label = ++i; i < length; i++)
	{
		if (s[i] < 128 ? !(part_of[s[i]] & DOMAIN) : is_unfit(s + i, length - i))
			return false;
		if (s[i] == '.')
		{
			if (i == label)
				return false;
			label = i + 1;
			labels++;
		}
	}
	return labels > 0 && i > label;
}
