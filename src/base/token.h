/*
 * token.h - the words that headers of HTTP and MIME are made of, in no locale.
 */
#ifndef ECOSYS_TOKEN_H
#define ECOSYS_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* May the character stand in a token (RFC 9110, 5.6.2)? */
static inline bool
ecosys_is_token_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static inline char
ecosys_lower_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
}

static inline bool
ecosys_equal_ignoring_case(const char *a, size_t a_length, const char *b, size_t b_length)
{
	if (a_length != b_length)
		return false;
	for (size_t i = 0; i < a_length; i++)
	{
		if (ecosys_lower_ascii(a[i]) != ecosys_lower_ascii(b[i]))
			return false;
	}
	return true;
}

#endif							/* ECOSYS_TOKEN_H */
