/*
 * json_splitter_test.c - cutting a stream into statements, and fields of COPY.
 *
 * Every text is cut three times: whole, byte by byte, and in random pieces;
 * the units must be the same. Random texts of JSON's characters show that
 * nothing but blanks, commas and the outer brackets is ever lost.
 */
#include "check.h"

#include "base/copy_text.h"
#include "base/json_reader.h"
#include "base/json_splitter.h"

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

#define MAX_UNITS 10000

typedef struct piece
{
	size_t		offset;
	size_t		length;
	uint64_t	line;
} piece;

static piece units[MAX_UNITS];
static int	n_units;
static bool unclosed;

enum feed
{
	WHOLE,
	BYTE_BY_BYTE,
	RANDOM
};

/* Cut a text that arrives in pieces; every call sees memory of exactly its size. */
static void
cut(const char *text, size_t length, enum feed feed)
{
	ecosys_json_splitter splitter;
	size_t		begin = 0;
	size_t		known = feed == WHOLE ? length : 0;

	n_units = 0;
	ecosys_split_open(&splitter, true, 1, false);
	for (;;)
	{
		ecosys_split_unit unit;
		size_t		used;
		char	   *copy = exact_copy(text + begin, known - begin);
		ecosys_split_result result = ecosys_split_next(&splitter, copy, known - begin, known == length, &unit, &used);

		free(copy);
		CHECK(used <= known - begin);
		if (result == ECOSYS_SPLIT_UNIT)
		{
			CHECK(unit.length > 0 && unit.offset + unit.length <= used);
			if (n_units < MAX_UNITS)
				units[n_units++] = (piece) {begin + unit.offset, unit.length, unit.line};
		}
		begin += used;
		if (result == ECOSYS_SPLIT_END)
			break;
		if (result == ECOSYS_SPLIT_MORE)
		{
			CHECK(known < length);
			known += feed == RANDOM ? 1 + random_below(7) : 1;
			if (known > length)
				known = length;
		}
	}
	CHECK(begin == length);
	unclosed = splitter.within_array;
}

/* The units of a text are these, on these lines (0: whichever). */
static void
gives(const char *text, size_t length, int n, const char *const *expected, const int *lines)
{
	for (int feed = WHOLE; feed <= RANDOM; feed++)
	{
		cut(text, length, (enum feed) feed);
		CHECK_SAY(n_units == n, "%d units instead of %d of: %.*s", n_units, n, (int) length, text);
		for (int i = 0; i < n_units && i < n; i++)
		{
			CHECK_SAY(units[i].length == strlen(expected[i]) && memcmp(text + units[i].offset, expected[i], units[i].length) == 0,
					  "unit %d is %.*s, not %s", i, (int) units[i].length, text + units[i].offset, expected[i]);
			if (lines != NULL)
				CHECK_SAY((int) units[i].line == lines[i], "unit %d is on line %d, not %d: %s", i, (int) units[i].line, lines[i], text);
		}
	}
}

#define COUNT(array) ((int) (sizeof(array) / sizeof((array)[0])))
#define GIVES(text, ...) \
	do { \
		const char *const expected[] = {__VA_ARGS__}; \
		gives(text, sizeof(text) - 1, COUNT(expected), expected, NULL); \
	} while (0)
#define GIVES_NOTHING(text) gives(text, sizeof(text) - 1, 0, NULL, NULL)

static void
test_layouts(void)
{
	static const char *const two[] = {"{\n  \"a\": [\n    1\n  ]\n}", "{\n  \"b\": {}\n}"};
	static const int lines[] = {2, 8};

	GIVES_NOTHING("");
	GIVES_NOTHING(" \n\t\r\n");
	GIVES_NOTHING("[]");
	GIVES_NOTHING("[]\n[ ]\n");
	GIVES_NOTHING("\xef\xbb\xbf");
	GIVES("{}", "{}");
	GIVES("{}\n{}\n", "{}", "{}");
	GIVES("{\"a\":1}\r\n\r\n{\"b\":2}\r\n", "{\"a\":1}", "{\"b\":2}");
	GIVES("{}{}{\"a\":{}}", "{}", "{}", "{\"a\":{}}");
	GIVES("[{},{\"a\":[1,{}]} , {}]", "{}", "{\"a\":[1,{}]}", "{}");
	GIVES("[\n  {},\n  {}\n]\n", "{}", "{}");
	GIVES("[{}]\n[{\"a\":1},{\"b\":2}]\n{\"c\":3}", "{}", "{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
	GIVES("\xef\xbb\xbf[{}]", "{}");
	GIVES("\xef\xbb\xbf{}\n\xef\xbb\xbf{}", "{}", "\xef\xbb\xbf{}");
	gives("\n{\n  \"a\": [\n    1\n  ]\n}\n\n{\n  \"b\": {}\n}\n", 39, 2, two, lines);
	/* without indentation a line may begin with a bracket and still be inside */
	GIVES("{\"a\":[\n{},\n{\n\"b\":\n{}\n}\n]\n}\n{}", "{\"a\":[\n{},\n{\n\"b\":\n{}\n}\n]\n}", "{}");
	/* brackets, quotes and backslashes in strings */
	GIVES("{\"a\":\"}\"}\n{\"{[\":\"\\\"}{\"}\n{\"b\":\"\\\\\"}", "{\"a\":\"}\"}", "{\"{[\":\"\\\"}{\"}", "{\"b\":\"\\\\\"}");
	GIVES("{\"a\":\"\\u005c\\\\\\\"{\"}{}", "{\"a\":\"\\u005c\\\\\\\"{\"}", "{}");
	GIVES("[[1],[{}]]", "[1]", "[{}]");
	GIVES("{\"a\":-1.5e3,\"b\":true}[null,12,\"x,]\",{}]", "{\"a\":-1.5e3,\"b\":true}", "null", "12", "\"x,]\"", "{}");
}

static void
test_damage(void)
{
	static const char *const lines_of_five[] = {"{}", "{\"a\":\"x", "{}", "garbage {", "{}"};
	static const int five[] = {1, 2, 3, 4, 5};
	static const char *const whole = "{\"a\": [1, {\"b\": \"c\\\"d\"}], \"e\": null}";

	gives("{}\n{\"a\":\"x\n{}\ngarbage {\n{}\n", 27, 5, lines_of_five, five);
	/* cut off at each place: the next line is whole */
	for (size_t n = 1; n < strlen(whole); n++)
	{
		char		text[200];
		char		bad[100];
		const char *expected[3] = {"{\"x\":1}", bad, "{\"y\":{}}"};
		const int	on[3] = {1, 2, 3};
		size_t		length = (size_t) sprintf(text, "{\"x\":1}\n%.*s\n{\"y\":{}}\n", (int) n, whole);

		sprintf(bad, "%.*s", (int) n, whole);
		while (bad[strlen(bad) - 1] == ' ')
			bad[strlen(bad) - 1] = '\0';
		gives(text, length, 3, expected, on);
		CHECK(!unclosed);
	}
	GIVES("{\"a\":1]}\n{}", "{\"a\":1]}", "{}");
	GIVES("{\"a\":{\"b\":1}\n{\"c\":2}\n{\"d\":3}", "{\"a\":{\"b\":1}", "{\"c\":2}", "{\"d\":3}");
	GIVES("{\"a\":1 2}\n{}", "{\"a\":1 2}", "{}");
	GIVES("{} x {}\n{}", "{}", "x {}", "{}");
	GIVES("{}}\n{}", "{}", "}", "{}");
	GIVES("42\n\"a\nb\"\n{}", "42", "\"a", "b\"", "{}");
	GIVES("[{},,x,{}", "{}", "x", "{}");
	CHECK(unclosed);
	/* a broken element of an array that is printed with indentation */
	GIVES("[\n  {\n    \"a\": {\n  },\n  {\n    \"b\": 1\n  }\n]\n{}", "{\n    \"a\": {\n  },", "{\n    \"b\": 1\n  }", "{}");
	GIVES("[\n{\"a\":1\n]\n{}", "{\"a\":1", "{}");
}

/* A zero byte is nothing special. */
static void
test_zero_bytes(void)
{
	static const char text[] = "{\"a\":\"\0\"}\n\0\0\n{}";

	cut(text, sizeof(text) - 1, RANDOM);
	CHECK(n_units == 3 && units[0].length == 9 && units[1].length == 2 && units[1].line == 2 && units[2].length == 2);
}

/* Random JSON values in random layouts come out as they went in. */
static char made[1 << 20];
static size_t made_length;

static void
put(const char *text)
{
	memcpy(made + made_length, text, strlen(text));
	made_length += strlen(text);
}

static void
put_blank(void)
{
	static const char *const blanks[] = {"", "", " ", "\n", "\r\n", "\t", "\n  "};

	put(blanks[random_below(7)]);
}

static void
put_value(int depth, uint32_t kinds)
{
	static const char *const words[] = {"1", "-2.5e7", "true", "null", "\"\"", "\"{\"", "\"\\\"]\"", "\"\\\\\"", "\"a,b\"", "\"\xc3\xa9\\u0041\""};
	uint32_t	kind = random_below(depth > 4 ? 1 : kinds);

	if (kind == 0)
		put(words[random_below(10)]);
	else
	{
		uint32_t	n = random_below(4);

		put(kind == 1 ? "[" : "{");
		put_blank();
		for (uint32_t i = 0; i < n; i++)
		{
			if (i > 0)
				put(",");
			put_blank();
			if (kind == 2)
			{
				put("\"k{\\\"\"");
				put_blank();
				put(":");
				put_blank();
			}
			put_value(depth + 1, 3);
			put_blank();
		}
		put(kind == 1 ? "]" : "}");
	}
}

static void
test_random_json(void)
{
	for (int round = 0; round < 3000; round++)
	{
		piece		expected[20];
		int			n = (int) random_below(20);
		bool		array = random_below(2);

		made_length = 0;
		if (array)
			put("[");
		for (int i = 0; i < n; i++)
		{
			size_t		from;

			put_blank();
			if (array && i > 0)
				put(",");
			put_blank();
			from = made_length;
			do
			{
				made_length = from;
				put_value(0, 3);
			} while (made[from] != '{');
			expected[i] = (piece) {from, made_length - from, 0};
			put_blank();
		}
		if (array)
			put("]");
		for (int feed = WHOLE; feed <= RANDOM; feed += 2)
		{
			cut(made, made_length, (enum feed) feed);
			CHECK_SAY(n_units == n && !unclosed, "%d units instead of %d of: %.*s", n_units, n, (int) made_length, made);
			for (int i = 0; i < n && i < n_units; i++)
				CHECK(units[i].offset == expected[i].offset && units[i].length == expected[i].length);
		}
	}
}

/* Random texts: the same units however they arrive, nothing lost, good lines between bad ones found. */
static void
test_random_text(void)
{
	static const char alphabet[] = "{}[]:,\"\"\\1 \n\n\t\0\xef";

	for (int round = 0; round < 40000; round++)
	{
		char		text[64];
		size_t		length = random_below(sizeof(text));
		piece		whole[64];
		int			n;
		size_t		at = 0;

		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[random_below(sizeof(alphabet) - 1)];
		cut(text, length, WHOLE);
		n = n_units;
		memcpy(whole, units, sizeof(piece) * (size_t) n);
		for (int i = 0; i <= n; i++)
		{
			/* between units there is nothing that counts */
			size_t		stop = i < n ? whole[i].offset : length;

			for (; at < stop; at++)
				if (strchr(" \n\t,[]", text[at]) == NULL || text[at] == '\0')
					CHECK_SAY(false, "byte %zu is lost of: %.*s", at, (int) length, text);
			if (i < n)
				at = whole[i].offset + whole[i].length;
		}
		cut(text, length, RANDOM);
		CHECK_SAY(n == n_units && memcmp(whole, units, sizeof(piece) * (size_t) n) == 0, "pieces change the units of: %.*s", (int) length, text);
	}
}

/* Hostile texts take time in proportion to their size. */
static void
test_time(void)
{
	static const char *const patterns[] = {"{\"a\":[\n", "{\"a\":[\n{},\n", "[", "{\"a\":\n", "{\n", "{\"a\":\"\n", "{}", "x\n", "[\n{", "\\", "{\"\\"};

	for (int p = 0; p < COUNT(patterns); p++)
	{
		size_t		length = 4 << 20;
		char	   *text = malloc(length);
		ecosys_json_splitter splitter;
		size_t		begin = 0;
		ecosys_split_unit unit;
		size_t		used;
		size_t		n = 0;

		for (size_t i = 0; i < length; i++)
			text[i] = patterns[p][i % strlen(patterns[p])];
		ecosys_split_open(&splitter, true, 1, false);
		while (ecosys_split_next(&splitter, text + begin, length - begin, true, &unit, &used) == ECOSYS_SPLIT_UNIT)
		{
			begin += used;
			n++;
		}
		CHECK_SAY(begin + used == length && n <= length, "pattern %d", p);
		free(text);
	}
}

/* What COPY makes of a field of text. */
static size_t
uncopy(const char *field, size_t length, char *result)
{
	char	   *out = result;

	for (size_t i = 0; i < length; i++)
	{
		CHECK(field[i] != '\t' && field[i] != '\n' && field[i] != '\r' && field[i] != '\0');
		if (field[i] == '\\')
		{
			i++;
			CHECK(i < length);
			*out++ = field[i] == 'n' ? '\n' : field[i] == 'r' ? '\r' : field[i] == 't' ? '\t' : field[i];
		}
		else
			*out++ = field[i];
	}
	return (size_t) (out - result);
}

static void
test_copy_text(void)
{
	static const char *const bits[] = {"a", "{\"actor\": \"", "\\", "\n", "\r", "\t", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\x01", "\x7f", " ", "]"};
	static const char *const bad[] = {"\x80", "\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80", "\xff"};

	for (int round = 0; round < 30000; round++)
	{
		char		text[200];
		char		back[200];
		size_t		length = 0;
		size_t		written;
		bool		broken = false;
		char	   *copy;
		char	   *field;

		for (uint32_t n = random_below(12); n > 0; n--)
		{
			const char *bit = bits[random_below(COUNT(bits))];

			if (random_below(60) == 0)
			{
				bit = bad[random_below(COUNT(bad))];
				broken = true;
			}
			memcpy(text + length, bit, strlen(bit));
			length += strlen(bit);
			if (random_below(60) == 0)
			{
				text[length++] = '\0';
				broken = true;
			}
		}
		copy = exact_copy(text, length);
		field = malloc(ECOSYS_COPY_TEXT_ROOM(length));
		if (ecosys_copy_text(copy, length, field, &written))
		{
			CHECK(!broken);
			CHECK(uncopy(field, written, back) == length && memcmp(back, text, length) == 0);
		}
		else
			CHECK(broken);
		written = ecosys_copy_bytea(copy, length, field);
		CHECK(written == 2 * length + 3 && memcmp(field, "\\\\x", 3) == 0);
		for (size_t i = 0; i < length; i++)
		{
			unsigned	byte;

			CHECK(sscanf(field + 3 + 2 * i, "%2x", &byte) == 1 && byte == (unsigned char) text[i]);
		}
		free(field);
		free(copy);
	}
}

int
main(void)
{
	test_layouts();
	test_damage();
	test_zero_bytes();
	test_random_json();
	test_random_text();
	test_time();
	test_copy_text();
	return report("json_splitter");
}
