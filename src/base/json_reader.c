/*
 * json_reader.c - the reader of json_reader.h.
 *
 * Most bytes of a statement are plain ASCII inside strings, so that loop takes
 * eight bytes at a step; everything else is straightforward.
 */
#include "base/json_reader.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/utf8.h"

/* How many values between two calls of progress. */
#define PROGRESS_INTERVAL 4096

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* At what is no JSON: is it because it is no text either? Always returns false. */
static bool
fail(ecosys_json_reader *reader, const char *at, const char *message)
{
	if (reader->failed)
		return false;
	reader->failed = true;
	reader->fault_at = at;
	if (at < reader->end && (*at == '\0' || ecosys_utf8_length(at, reader->end) == 0))
	{
		reader->fault_kind = ECOSYS_FAULT_ENCODING;
		reader->fault_message = *at == '\0' ? "a zero byte is not allowed in JSON text" :
			"the text is not valid UTF-8";
	}
	else
	{
		reader->fault_kind = ECOSYS_FAULT_JSON;
		reader->fault_message = at < reader->end ? message : "the text ends too early";
	}
	return false;
}

bool
ecosys_json_fail(ecosys_json_reader *reader, ecosys_fault_kind kind, const char *at,
				 const char *message)
{
	if (!reader->failed)
	{
		reader->failed = true;
		reader->fault_kind = kind;
		reader->fault_at = at;
		reader->fault_message = message;
	}
	return false;
}

static inline void
count_progress(ecosys_json_reader *reader)
{
	if (--reader->until_progress == 0)
	{
		reader->until_progress = PROGRESS_INTERVAL;
		if (reader->progress)
			reader->progress();
	}
}

static inline const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
		at++;
	return at;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * First byte from `at` on that is not a plain ASCII character of a string: a
 * quote, a backslash, a control character or a byte of a longer character.
 */
static inline const char *
plain_end(const char *at, const char *end)
{
	while (end - at >= 8)
	{
		uint64_t	word;
		uint64_t	hit;

		memcpy(&word, at, 8);

		/*
		 * The top bit of each byte tells: below 0x20, a quote, a backslash,
		 * or 0x80 and above. A borrow can mark a byte above a true hit, never
		 * below one, and with no true hit nothing is marked.
		 */
		hit = ((word - EACH_BYTE(0x20)) |
			   ((word ^ EACH_BYTE('"')) - EACH_BYTE(1)) |
			   ((word ^ EACH_BYTE('\\')) - EACH_BYTE(1)) |
			   word) & EACH_BYTE(0x80);
		if (hit != 0)
		{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return at + (__builtin_ctzll(hit) >> 3);
#else
			break;
#endif
		}
		at += 8;
	}
	while (at < end && (unsigned char) *at >= 0x20 && (unsigned char) *at < 0x80 &&
		   *at != '"' && *at != '\\')
		at++;
	return at;
}

/* From the opening quote to after the closing one; NULL after a fault. */
static const char *
pass_string(ecosys_json_reader *reader, const char *at, bool *escaped)
{
	const char *end = reader->end;

	*escaped = false;
	at++;
	for (;;)
	{
		at = plain_end(at, end);
		if (at >= end)
		{
			fail(reader, end, "");
			return NULL;
		}
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
		{
			*escaped = true;
			if (end - at < 2)
			{
				fail(reader, end, "");
				return NULL;
			}
			switch (at[1])
			{
				case '"':
				case '\\':
				case '/':
				case 'b':
				case 'f':
				case 'n':
				case 'r':
				case 't':
					at += 2;
					break;
				case 'u':
					for (int i = 2; i < 6; i++)
					{
						if (at + i >= end || ecosys_hex_value(at[i]) < 0)
						{
							fail(reader, at + i < end ? at + i : end,
								 "\"\\u\" must be followed by four hexadecimal digits");
							return NULL;
						}
					}
					at += 6;
					break;
				default:
					fail(reader, at + 1, "unknown escape in a string");
					return NULL;
			}
		}
		else if ((unsigned char) *at < 0x20)
		{
			fail(reader, at, "a control character in a string must be escaped");
			return NULL;
		}
		else
		{
			/* a run of longer characters */
			do
			{
				size_t		length = ecosys_utf8_length(at, end);

				if (length == 0)
				{
					fail(reader, at, "");
					return NULL;
				}
				at += length;
			} while (at < end && (unsigned char) *at >= 0x80);
		}
	}
}

/* From the first character of a number to after it; NULL after a fault. */
static const char *
pass_number(ecosys_json_reader *reader, const char *at)
{
	const char *end = reader->end;

	if (*at == '-')
		at++;
	if (at < end && *at == '0')
		at++;
	else if (at < end && is_digit(*at))
	{
		while (at < end && is_digit(*at))
			at++;
	}
	else
	{
		fail(reader, at, "expected a digit");
		return NULL;
	}
	if (at < end && *at == '.')
	{
		at++;
		if (at >= end || !is_digit(*at))
		{
			fail(reader, at, "expected a digit after the decimal point");
			return NULL;
		}
		while (at < end && is_digit(*at))
			at++;
	}
	if (at < end && (*at == 'e' || *at == 'E'))
	{
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		if (at >= end || !is_digit(*at))
		{
			fail(reader, at, "expected a digit in the exponent");
			return NULL;
		}
		while (at < end && is_digit(*at))
			at++;
	}
	return at;
}

static const char *
pass_word(ecosys_json_reader *reader, const char *at, const char *word, size_t length)
{
	if ((size_t) (reader->end - at) < length || memcmp(at, word, length) != 0)
	{
		/* point to the first byte that differs: it may be no UTF-8, or the end */
		while (at < reader->end && *at == *word)
			at++, word++;
		fail(reader, at, "expected a JSON value");
		return NULL;
	}
	return at + length;
}

/* A string, number or word; NULL after a fault. */
static inline const char *
pass_scalar(ecosys_json_reader *reader, const char *at)
{
	bool		escaped;

	switch (*at)
	{
		case '"':
			return pass_string(reader, at, &escaped);
		case 't':
			return pass_word(reader, at, "true", 4);
		case 'f':
			return pass_word(reader, at, "false", 5);
		case 'n':
			return pass_word(reader, at, "null", 4);
		case '-':
		case '0':
		case '1':
		case '2':
		case '3':
		case '4':
		case '5':
		case '6':
		case '7':
		case '8':
		case '9':
			return pass_number(reader, at);
		default:
			fail(reader, at, "expected a JSON value");
			return NULL;
	}
}

void
ecosys_json_open(ecosys_json_reader *reader, const char *text, size_t length)
{
	memset(reader, 0, sizeof(*reader));
	reader->text = reader->at = text;
	reader->end = text + length;
	reader->until_progress = PROGRESS_INTERVAL;
	if (length > ECOSYS_JSON_MAX_LENGTH)
		ecosys_json_fail(reader, ECOSYS_FAULT_SIZE, text, "the text is longer than 1 GB");
}

bool
ecosys_json_close(ecosys_json_reader *reader)
{
	if (reader->failed)
		return false;
	reader->at = skip_blanks(reader->at, reader->end);
	if (reader->at < reader->end)
		return fail(reader, reader->at, "expected the end of the text");
	return true;
}

ecosys_json_kind
ecosys_json_peek(ecosys_json_reader *reader)
{
	if (reader->failed)
		return ECOSYS_JSON_NONE;
	reader->at = skip_blanks(reader->at, reader->end);
	if (reader->at < reader->end)
	{
		switch (*reader->at)
		{
			case '{':
				return ECOSYS_JSON_OBJECT;
			case '[':
				return ECOSYS_JSON_ARRAY;
			case '"':
				return ECOSYS_JSON_STRING;
			case 't':
				return ECOSYS_JSON_TRUE;
			case 'f':
				return ECOSYS_JSON_FALSE;
			case 'n':
				return ECOSYS_JSON_NULL;
			case '-':
			case '0':
			case '1':
			case '2':
			case '3':
			case '4':
			case '5':
			case '6':
			case '7':
			case '8':
			case '9':
				return ECOSYS_JSON_NUMBER;
		}
	}
	fail(reader, reader->at, "expected a JSON value");
	return ECOSYS_JSON_NONE;
}

bool
ecosys_json_read_string(ecosys_json_reader *reader, ecosys_json_string *string)
{
	const char *start;
	const char *after;

	if (reader->failed)
		return false;
	start = reader->at = skip_blanks(reader->at, reader->end);
	if (start >= reader->end || *start != '"')
		return fail(reader, start, "expected a string");
	after = pass_string(reader, start, &string->escaped);
	if (after == NULL)
		return false;
	string->span.offset = (uint32_t) (start - reader->text);
	string->span.length = (uint32_t) (after - start);
	reader->at = after;
	count_progress(reader);
	return true;
}

bool
ecosys_json_read_number(ecosys_json_reader *reader, ecosys_span *number)
{
	const char *after;

	if (ecosys_json_peek(reader) != ECOSYS_JSON_NUMBER)
		return fail(reader, reader->at, "expected a number");
	after = pass_number(reader, reader->at);
	if (after == NULL)
		return false;
	number->offset = (uint32_t) (reader->at - reader->text);
	number->length = (uint32_t) (after - reader->at);
	reader->at = after;
	count_progress(reader);
	return true;
}

static inline bool
enter(ecosys_json_reader *reader, char bracket, const char *message)
{
	if (reader->failed)
		return false;
	reader->at = skip_blanks(reader->at, reader->end);
	if (reader->at >= reader->end || *reader->at != bracket)
		return fail(reader, reader->at, message);
	if (reader->depth >= ECOSYS_JSON_MAX_DEPTH)
		return ecosys_json_fail(reader, ECOSYS_FAULT_DEPTH, reader->at, "the text nests too deep");
	reader->at++;
	reader->depth++;
	reader->fresh = true;
	count_progress(reader);
	return true;
}

bool
ecosys_json_enter_object(ecosys_json_reader *reader)
{
	return enter(reader, '{', "expected an object");
}

bool
ecosys_json_enter_array(ecosys_json_reader *reader)
{
	return enter(reader, '[', "expected an array");
}

/* True: at the next member or element. False: after the closing bracket, or a fault. */
static inline bool
next_part(ecosys_json_reader *reader, char bracket, const char *message)
{
	const char *at;

	if (reader->failed)
		return false;
	at = skip_blanks(reader->at, reader->end);
	if (at >= reader->end)
		return fail(reader, at, message);
	if (*at == bracket)
	{
		reader->at = at + 1;
		reader->depth--;
		reader->fresh = false;
		return false;
	}
	if (reader->fresh)
		reader->fresh = false;
	else if (*at == ',')
		at++;
	else
		return fail(reader, at, message);
	reader->at = at;
	return true;
}

bool
ecosys_json_next_member(ecosys_json_reader *reader, ecosys_json_string *key)
{
	const char *at;

	if (!next_part(reader, '}', "expected \",\" or \"}\""))
		return false;
	at = skip_blanks(reader->at, reader->end);
	if (at >= reader->end || *at != '"')
		return fail(reader, at, "expected a key in double quotes");
	if (!ecosys_json_read_string(reader, key))
		return false;
	at = skip_blanks(reader->at, reader->end);
	if (at >= reader->end || *at != ':')
		return fail(reader, at, "expected \":\"");
	reader->at = at + 1;
	return true;
}

bool
ecosys_json_next_element(ecosys_json_reader *reader)
{
	return next_part(reader, ']', "expected \",\" or \"]\"");
}

/*
 * One bit a level tells whether it is an object. `depth` counts from the
 * value skipped; the text's own limit counts from its beginning.
 */
bool
ecosys_json_skip(ecosys_json_reader *reader, ecosys_span *value)
{
	const char *end = reader->end;
	const char *start;
	const char *at;
	uint64_t	is_object[ECOSYS_JSON_MAX_DEPTH / 64 + 1];
	uint32_t	limit = ECOSYS_JSON_MAX_DEPTH - reader->depth;
	uint32_t	depth = 0;
	bool		in_object = false;
	bool		escaped;

	if (ecosys_json_peek(reader) == ECOSYS_JSON_NONE)
		return false;
	start = at = reader->at;
	for (;;)
	{
		/* at a value */
		if (*at == '{' || *at == '[')
		{
			bool		empty;

			in_object = *at == '{';
			if (depth >= limit)
				return ecosys_json_fail(reader, ECOSYS_FAULT_DEPTH, at, "the text nests too deep");
			if (depth % 64 == 0)
				is_object[depth / 64] = 0;
			if (in_object)
				is_object[depth / 64] |= UINT64_C(1) << (depth % 64);
			else
				is_object[depth / 64] &= ~(UINT64_C(1) << (depth % 64));
			depth++;
			at = skip_blanks(at + 1, end);
			if (at >= end)
				return fail(reader, at, "");
			empty = *at == (in_object ? '}' : ']');
			count_progress(reader);
			if (!empty)
			{
				if (in_object)
					goto member;
				continue;
			}
		}
		else
		{
			at = pass_scalar(reader, at);
			if (at == NULL)
				return false;
			count_progress(reader);
		}

		/* after a value, or at the closing bracket of an empty container */
		for (;;)
		{
			if (depth == 0)
				goto done;
			at = skip_blanks(at, end);
			if (at >= end)
				return fail(reader, at, "");
			if (*at == ',')
				break;
			if (*at != (in_object ? '}' : ']'))
				return fail(reader, at, in_object ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"");
			at++;
			depth--;
			if (depth > 0)
				in_object = is_object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
		}
		at = skip_blanks(at + 1, end);
		if (in_object)
		{
	member:
			if (at >= end || *at != '"')
				return fail(reader, at, "expected a key in double quotes");
			at = pass_string(reader, at, &escaped);
			if (at == NULL)
				return false;
			at = skip_blanks(at, end);
			if (at >= end || *at != ':')
				return fail(reader, at, "expected \":\"");
			at = skip_blanks(at + 1, end);
		}
		if (at >= end)
			return fail(reader, at, "");
	}

done:
	reader->at = at;
	if (value)
	{
		value->offset = (uint32_t) (start - reader->text);
		value->length = (uint32_t) (at - start);
	}
	return true;
}

bool
ecosys_json_find(const char *text, size_t length, const char *key, ecosys_span *value)
{
	ecosys_json_reader reader;
	ecosys_json_string name;

	ecosys_json_open(&reader, text, length);
	if (!ecosys_json_enter_object(&reader))
		return false;
	while (ecosys_json_next_member(&reader, &name))
	{
		if (!ecosys_json_skip(&reader, value))
			return false;
		if (ecosys_json_string_is(text + name.span.offset, name.span.length, key))
			return true;
	}
	return false;
}

size_t
ecosys_json_decode_piece(const char **at, const char *end, const char **piece, char buffer[4])
{
	const char *start = *at;
	const char *backslash;
	uint32_t	code = 0;

	if (start >= end)
		return 0;
	if (*start != '\\')
	{
		backslash = memchr(start, '\\', (size_t) (end - start));
		*piece = start;
		*at = backslash ? backslash : end;
		return (size_t) (*at - start);
	}

	*piece = buffer;
	*at = start + 2;
	switch (start[1])
	{
		case 'b':
			buffer[0] = '\b';
			return 1;
		case 'f':
			buffer[0] = '\f';
			return 1;
		case 'n':
			buffer[0] = '\n';
			return 1;
		case 'r':
			buffer[0] = '\r';
			return 1;
		case 't':
			buffer[0] = '\t';
			return 1;
		case 'u':
			break;
		default:				/* quote, backslash, slash */
			buffer[0] = start[1];
			return 1;
	}
	for (int i = 2; i < 6; i++)
		code = code << 4 | (uint32_t) ecosys_hex_value(start[i]);
	*at = start + 6;
	if (code >= 0xd800 && code < 0xdc00 && end - *at >= 6 && start[6] == '\\' && start[7] == 'u')
	{
		uint32_t	low = 0;

		for (int i = 8; i < 12; i++)
			low = low << 4 | (uint32_t) ecosys_hex_value(start[i]);
		if (low >= 0xdc00 && low < 0xe000)
		{
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			*at = start + 12;
		}
	}
	return ecosys_utf8_encode(code, buffer);
}

size_t
ecosys_json_decode(const char *string, size_t length, char *result)
{
	const char *at = string + 1;
	const char *end = string + length - 1;
	const char *piece;
	char		buffer[4];
	char	   *out = result;
	size_t		size;

	while ((size = ecosys_json_decode_piece(&at, end, &piece, buffer)) > 0)
	{
		memcpy(out, piece, size);
		out += size;
	}
	return (size_t) (out - result);
}

int
ecosys_json_compare_strings(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_at = a + 1;
	const char *b_at = b + 1;
	const char *a_end = a + a_length - 1;
	const char *b_end = b + b_length - 1;
	const char *a_piece = NULL;
	const char *b_piece = NULL;
	char		a_buffer[4];
	char		b_buffer[4];
	size_t		a_size = 0;
	size_t		b_size = 0;

	for (;;)
	{
		size_t		size;
		int			order;

		if (a_size == 0)
			a_size = ecosys_json_decode_piece(&a_at, a_end, &a_piece, a_buffer);
		if (b_size == 0)
			b_size = ecosys_json_decode_piece(&b_at, b_end, &b_piece, b_buffer);
		if (a_size == 0 || b_size == 0)
			return (a_size > 0) - (b_size > 0);
		size = a_size < b_size ? a_size : b_size;
		order = memcmp(a_piece, b_piece, size);
		if (order != 0)
			return order;
		a_piece += size;
		a_size -= size;
		b_piece += size;
		b_size -= size;
	}
}

bool
ecosys_json_string_is(const char *string, size_t length, const char *plain)
{
	const char *at = string + 1;
	const char *end = string + length - 1;
	size_t		left = strlen(plain);
	const char *piece;
	char		buffer[4];
	size_t		size;

	while ((size = ecosys_json_decode_piece(&at, end, &piece, buffer)) > 0)
	{
		if (size > left || memcmp(piece, plain, size) != 0)
			return false;
		plain += size;
		left -= size;
	}
	return left == 0;
}

/*
 * Short numbers: a whole number below 2^53 times or divided by a power of ten
 * up to 10^22 are both exact, so one operation rounds once, as it should.
 * (Not where the machine computes in more than double precision.)
 */
static bool
short_number(const char *number, size_t length, double *value)
{
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
	static const double power[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
		1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22
	};
	const char *at = number;
	const char *end = number + length;
	bool		negative = false;
	uint64_t	digits = 0;
	int			fraction = 0;

	if (length > 17)
		return false;
	if (*at == '-')
	{
		negative = true;
		at++;
	}
	for (; at < end && is_digit(*at); at++)
		digits = digits * 10 + (uint64_t) (*at - '0');
	if (at < end && *at == '.')
	{
		for (at++; at < end && is_digit(*at); at++)
		{
			digits = digits * 10 + (uint64_t) (*at - '0');
			fraction++;
		}
	}
	if (at < end || digits > UINT64_C(1) << 53)
		return false;
	*value = (double) digits / power[fraction];
	if (negative)
		*value = -*value;
	return true;
#else
	return false;
#endif
}

bool
ecosys_json_number_value(const char *number, size_t length, char *scratch, double *value)
{
	char		buffer[64];
	char	   *copy = length < sizeof(buffer) ? buffer : scratch;

	if (short_number(number, length, value))
		return true;
	/* strtod wants a zero byte after the number; the server keeps LC_NUMERIC at C */
	memcpy(copy, number, length);
	copy[length] = '\0';
	*value = strtod(copy, NULL);
	return isfinite(*value);
}
