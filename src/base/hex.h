/*
 * hex.h - hexadecimal digits, in no locale.
 */
#ifndef ECOSYS_HEX_H
#define ECOSYS_HEX_H

#include <stdbool.h>
#include <stddef.h>

/* 0 to 15, or -1 for any other character. */
static inline int
ecosys_hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static inline bool
ecosys_is_hex(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (ecosys_hex_value(text[i]) < 0)
			return false;
	}
	return true;
}

#endif							/* ECOSYS_HEX_H */
