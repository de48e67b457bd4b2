/*
 * media_type.c - see media_type.h.
 */
#include "base/media_type.h"

#include "base/token.h"

/* Pass a token of RFC 9110; false if there is none. */
static bool
token(const char *text, size_t length, size_t *at)
{
	size_t		start = *at;

	while (*at < length && ecosys_is_token_character(text[*at]))
		(*at)++;
	return *at > start;
}

static bool
quoted(const char *text, size_t length, size_t *at)
{
	for ((*at)++; *at < length; (*at)++)
	{
		if (text[*at] == '"')
		{
			(*at)++;
			return true;
		}
		if (text[*at] == '\\')
			(*at)++;
		if (*at < length && (unsigned char) text[*at] < 0x20 && text[*at] != '\t')
			return false;
	}
	return false;
}

static void
blanks(const char *text, size_t length, size_t *at)
{
	while (*at < length && (text[*at] == ' ' || text[*at] == '\t'))
		(*at)++;
}

bool
ecosys_media_type_valid(const char *text, size_t length)
{
	size_t		at = 0;

	if (!token(text, length, &at) || at >= length || text[at++] != '/' || !token(text, length, &at))
		return false;
	for (;;)
	{
		size_t		before = at;

		blanks(text, length, &at);
		if (at == length)
			return at == before;
		if (text[at++] != ';')
			return false;
		blanks(text, length, &at);
		if (!token(text, length, &at) || at >= length || text[at++] != '=')
			return false;
		if (at < length && text[at] == '"')
		{
			if (!quoted(text, length, &at))
				return false;
		}
		else if (!token(text, length, &at))
			return false;
	}
}
