/*
 * copy_text.c - escaping and the check of UTF-8 in one pass, eight bytes at a
 * step where there is nothing to do.
 */
#include "base/copy_text.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Has none of the bytes one below 0x20, a backslash, or one of 0x80 and up? */
static inline bool
all_plain(uint64_t word)
{
	uint64_t	backslash = word ^ EACH_BYTE('\\');

	return ((word | (word - EACH_BYTE(0x20)) | ((backslash - EACH_BYTE(0x01)) & ~backslash)) & EACH_BYTE(0x80)) == 0;
}

bool
ecosys_copy_text(const char *text, size_t length, char *result, size_t *written)
{
	const char *at = text;
	const char *end = text + length;
	char	   *out = result;

	while (at < end)
	{
		size_t		n;

		while (end - at >= 8)
		{
			uint64_t	word;

			memcpy(&word, at, 8);
			if (!all_plain(word))
				break;
			memcpy(out, &word, 8);
			at += 8;
			out += 8;
		}
		if (at == end)
			break;
		switch (*at)
		{
			case '\0':
				return false;
			case '\\':
				*out++ = '\\';
				*out++ = '\\';
				break;
			case '\n':
				*out++ = '\\';
				*out++ = 'n';
				break;
			case '\r':
				*out++ = '\\';
				*out++ = 'r';
				break;
			case '\t':
				*out++ = '\\';
				*out++ = 't';
				break;
			default:
				n = ecosys_utf8_length(at, end);
				if (n == 0)
					return false;
				memcpy(out, at, n);
				out += n;
				at += n - 1;
		}
		at++;
	}
	*written = (size_t) (out - result);
	return true;
}

size_t
ecosys_copy_bytea(const char *bytes, size_t length, char *result)
{
	static const char digits[] = "0123456789abcdef";
	char	   *out = result;

	memcpy(out, "\\\\x", 3);
	out += 3;
	for (size_t i = 0; i < length; i++)
	{
		*out++ = digits[(unsigned char) bytes[i] >> 4];
		*out++ = digits[(unsigned char) bytes[i] & 15];
	}
	return (size_t) (out - result);
}
