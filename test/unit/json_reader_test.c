/*
 * json_reader_test.c - the JSON reader: grammar, strings, numbers, depth, pointers.
 */
#include "check.h"

#include <math.h>

#include "base/json_pointer.h"
#include "base/json_reader.h"

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

/* Is a text one JSON value, by skip()? */
static bool
skips(const char *text, size_t length)
{
	char	   *copy = exact_copy(text, length);
	ecosys_json_reader reader;
	bool		ok;

	ecosys_json_open(&reader, copy, length);
	ecosys_json_skip(&reader, NULL);
	ok = ecosys_json_close(&reader);
	CHECK(ok != reader.failed);
	CHECK(!reader.failed || (reader.fault_at >= copy && reader.fault_at <= copy + length && reader.fault_message != NULL));
	free(copy);
	return ok;
}

/* The same by entering every container (so it recurses; texts are small). */
static void
walk_value(ecosys_json_reader *reader)
{
	ecosys_json_string string;
	ecosys_span span;

	switch (ecosys_json_peek(reader))
	{
		case ECOSYS_JSON_OBJECT:
			ecosys_json_enter_object(reader);
			while (ecosys_json_next_member(reader, &string))
				walk_value(reader);
			break;
		case ECOSYS_JSON_ARRAY:
			ecosys_json_enter_array(reader);
			while (ecosys_json_next_element(reader))
				walk_value(reader);
			break;
		case ECOSYS_JSON_STRING:
			ecosys_json_read_string(reader, &string);
			break;
		case ECOSYS_JSON_NUMBER:
			ecosys_json_read_number(reader, &span);
			break;
		default:
			ecosys_json_skip(reader, NULL);
	}
}

static bool
walks(const char *text, size_t length)
{
	char	   *copy = exact_copy(text, length);
	ecosys_json_reader reader;
	bool		ok;

	ecosys_json_open(&reader, copy, length);
	walk_value(&reader);
	ok = ecosys_json_close(&reader);
	CHECK(reader.depth == 0 || !ok);
	free(copy);
	return ok;
}

static void
expect(const char *text, bool ok)
{
	CHECK_SAY(skips(text, strlen(text)) == ok, "skip: %s", text);
	CHECK_SAY(walks(text, strlen(text)) == ok, "walk: %s", text);
}

static void
test_grammar(void)
{
	static const char *const good[] = {
		"{}", "[]", " [ ] ", "{ }", "0", "-0", "-0.0", "1e5", "1E+5", "1.25e-10", "123456789012345678901234567890", "true", "false", "null",
		"\"\"", "\"a\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\\b\\f\\n\\r\\t\\u00Ff\"", "\"\x7f\"", "[1,2,[3,{}],\"x\"]", "{\"a\":{\"b\":[]},\"\":0}",
		"\t\r\n{\"a\"\t:\r\n1}", "[[[[[[]]]]]]", "{\"a\":1,\"a\":2}", "\"12345678\"", "\"1234567\\n12345678\"", "\"1234567\xc3\xa9" "12345678\""
	};
	static const char *const bad[] = {
		"", " ", "{", "}", "[", "]", "{]", "[}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "[,]", "[1,]", "[1 2]", "{\"a\":1 \"b\":2}", "{\"a\" 1}",
		"{a:1}", "{1:1}", "{null:1}", "00", "01", "-", "-a", "+1", ".5", "1.", "1.e5", "1e", "1e+", "0x1", "Infinity", "NaN", "tru", "truE", "nul", "fals",
		"\"", "\"\\\"", "\"\\x\"", "\"\\u123\"", "\"\\u123g\"", "\"\\", "\"\\u", "\"\n\"", "\"\t\"", "\"\x01\"", "\"12345678\x1f\"", "'a'", "[1]]", "{}{}",
		"1 2", "//", "/**/1", "[1]x", "\f1", "\v1", "\"a\"\"b\"", "{\"a\":1}}", "[\"a\":1]", "{\"a\",1}", "true false", "\xef\xbb\xbf{}", "nulll"
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect(good[i], true);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(bad[i], false);
}

/* Random texts of JSON's own characters: both ways of reading agree, whatever the verdict. */
static void
test_random(void)
{
	static const char alphabet[] = "{}[]:,\"\"\"\\u0a1-.eE+ tfn\n\xc3\xa9";
	int			n_good = 0;

	for (int i = 0; i < 200000; i++)
	{
		char		text[24];
		uint32_t	length = random_below(12);
		bool		ok;

		for (uint32_t j = 0; j < length; j++)
			text[j] = alphabet[random_below(sizeof(alphabet) - 1)];
		ok = skips(text, length);
		n_good += ok;
		if (ok != walks(text, length))
			CHECK_SAY(false, "skip and walk disagree on %.*s", (int) length, text);
	}
	CHECK(n_good > 1000);
}

static void
test_spans(void)
{
	static const char *const text = " { \"a\" : [ 1 , \"x\\n\" ] , \"b\":{\"c\":-1.5e3} } ";
	ecosys_span span;
	ecosys_span inner;
	ecosys_json_reader reader;
	ecosys_json_string string;

	CHECK(ecosys_json_find(text, strlen(text), "a", &span) && span.length == 13 && memcmp(text + span.offset, "[ 1 , \"x\\n\" ]", 13) == 0);
	CHECK(ecosys_json_find(text, strlen(text), "b", &span));
	CHECK(ecosys_json_find(text + span.offset, span.length, "c", &inner));
	CHECK(memcmp(text + span.offset + inner.offset, "-1.5e3", inner.length) == 0 && inner.length == 6);
	CHECK(!ecosys_json_find(text, strlen(text), "c", &span));
	CHECK(!ecosys_json_find("[1]", 3, "a", &span));

	ecosys_json_open(&reader, text, strlen(text));
	CHECK(ecosys_json_enter_object(&reader) && reader.depth == 1);
	CHECK(ecosys_json_next_member(&reader, &string) && ecosys_json_string_is(text + string.span.offset, string.span.length, "a"));
	CHECK(ecosys_json_peek(&reader) == ECOSYS_JSON_ARRAY && ecosys_json_enter_array(&reader));
	CHECK(ecosys_json_next_element(&reader) && ecosys_json_read_number(&reader, &span) && span.length == 1);
	CHECK(ecosys_json_next_element(&reader) && ecosys_json_read_string(&reader, &string) && string.escaped);
	CHECK(!ecosys_json_next_element(&reader) && !reader.failed && reader.depth == 1);
	CHECK(ecosys_json_next_member(&reader, &string) && !string.escaped && ecosys_json_skip(&reader, NULL));
	CHECK(!ecosys_json_next_member(&reader, &string) && ecosys_json_close(&reader));
	/* a value of another kind than asked for is a fault, and the first fault stays */
	ecosys_json_open(&reader, "[1]", 3);
	CHECK(!ecosys_json_enter_object(&reader) && reader.fault_at == reader.text);
	CHECK(!ecosys_json_fail(&reader, ECOSYS_FAULT_MEMORY, reader.end, "x") && reader.fault_kind == ECOSYS_FAULT_JSON);
}

static void
test_depth(void)
{
	static const int depths[] = {1, 100, ECOSYS_JSON_MAX_DEPTH - 1, ECOSYS_JSON_MAX_DEPTH, ECOSYS_JSON_MAX_DEPTH + 1, 100000, 1000000};

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++)
	{
		for (int shape = 0; shape < 3; shape++)
		{
			/* arrays, objects, both in turn */
			size_t		n = (size_t) depths[i];
			char	   *text = malloc(n * 6 + 1);
			char	   *at = text;
			ecosys_json_reader reader;
			bool		ok;

			for (size_t j = 0; j < n; j++)
			{
				bool		object = shape == 1 || (shape == 2 && j % 2 == 1);

				memcpy(at, object ? "{\"a\":" : "[", object ? 5 : 1);
				at += object ? 5 : 1;
			}
			*at++ = '1';
			for (size_t j = n; j-- > 0;)
				*at++ = shape == 1 || (shape == 2 && j % 2 == 1) ? '}' : ']';
			ecosys_json_open(&reader, text, (size_t) (at - text));
			ecosys_json_skip(&reader, NULL);
			ok = ecosys_json_close(&reader);
			CHECK_SAY(ok == (n <= ECOSYS_JSON_MAX_DEPTH), "depth %zu", n);
			CHECK(ok || reader.fault_kind == ECOSYS_FAULT_DEPTH);
			/* the limit counts from the beginning of the text, entered or skipped */
			ecosys_json_open(&reader, text, (size_t) (at - text));
			if (shape == 0 && ecosys_json_enter_array(&reader) && ecosys_json_next_element(&reader))
			{
				ecosys_json_skip(&reader, NULL);
				CHECK((reader.fault_kind == ECOSYS_FAULT_DEPTH && reader.failed) == (n > ECOSYS_JSON_MAX_DEPTH));
			}
			free(text);
		}
	}
}

static void
decodes(const char *string, const char *expected, size_t expected_length)
{
	size_t		length = strlen(string);
	char	   *copy = exact_copy(string, length);
	char	   *result = malloc(length);
	size_t		n = ecosys_json_decode(copy, length, result);

	CHECK_SAY(n == expected_length && memcmp(result, expected, n) == 0, "decode %s", string);
	free(result);
	free(copy);
}

static void
test_strings(void)
{
	static const char *const sorted[] = {
		"\"\"", "\"\\u0000\"", "\"\\n\"", "\"A\"", "\"\\u0041B\"", "\"a\"", "\"a\\u0000\"", "\"ab\"", "\"\xc3\xa9\"", "\"\\ud800\"",
		"\"\\udc00\"", "\"\\uffff\"", "\"\\ud83d\\ude00\"", "\"\xf4\x8f\xbf\xbf\""
	};
	size_t		n = sizeof(sorted) / sizeof(sorted[0]);

	decodes("\"\"", "", 0);
	decodes("\"abc\"", "abc", 3);
	decodes("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", "a\"\\/\b\f\n\r\tz", 10);
	decodes("\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac", 6);
	decodes("\"\\u0000\"", "\0", 1);
	decodes("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
	decodes("\"\\ud83d\"", "\xed\xa0\xbd", 3);
	decodes("\"\\ude00\\ud83d\"", "\xed\xb8\x80\xed\xa0\xbd", 6);
	decodes("\"\\ud83dx\"", "\xed\xa0\xbdx", 4);
	decodes("\"\\ud83d\\n\"", "\xed\xa0\xbd\n", 4);
	decodes("\"\\ud83d\\ud83d\\ude00\"", "\xed\xa0\xbd\xf0\x9f\x98\x80", 7);
	for (size_t i = 0; i < n; i++)
	{
		for (size_t j = 0; j < n; j++)
		{
			int			order = ecosys_json_compare_strings(sorted[i], strlen(sorted[i]), sorted[j], strlen(sorted[j]));

			CHECK_SAY((order > 0) - (order < 0) == (i > j) - (i < j), "order of %s and %s", sorted[i], sorted[j]);
		}
	}
	CHECK(ecosys_json_compare_strings("\"\\u0061b\"", 9, "\"ab\"", 4) == 0);
	CHECK(ecosys_json_string_is("\"\\u0061b\"", 9, "ab") && !ecosys_json_string_is("\"ab\"", 4, "a") && !ecosys_json_string_is("\"a\"", 3, "ab"));
}

static void
test_numbers(void)
{
	static const char *const texts[] = {
		"0", "-0", "1", "-1", "0.1", "-0.5", "3.14159", "123456789012345", "9007199254740993", "0.30000000000000004", "1e22", "1e23", "1e-400", "4.9e-324",
		"1.7976931348623157e308", "0.000001", "100000000000000000000", "2.2250738585072011e-308"
	};
	char		scratch[512];
	double		value;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		CHECK(ecosys_json_number_value(texts[i], strlen(texts[i]), scratch, &value));
		CHECK_SAY(value == strtod(texts[i], NULL) && signbit(value) == signbit(strtod(texts[i], NULL)), "%s", texts[i]);
	}
	CHECK(!ecosys_json_number_value("1e400", 5, scratch, &value));
	for (int i = 0; i < 100000; i++)
	{
		char		text[64];

		snprintf(text, sizeof(text), "%s%u.%0*u", random_below(2) ? "-" : "", random_below(1u << random_below(32)), 1 + (int) random_below(8),
				 random_below(10));
		CHECK(ecosys_json_number_value(text, strlen(text), scratch, &value));
		if (value != strtod(text, NULL))
			CHECK_SAY(false, "%s is not %.17g", text, value);
	}
	/* longer than the reader's own buffer */
	memset(scratch, '1', 200);
	{
		char	   *digits = exact_copy(scratch, 200);

		CHECK(ecosys_json_number_value(digits, 200, scratch, &value) && value > 1e199 && value < 1.2e199);
		free(digits);
	}
}

static void
pointer_is(const char *text, size_t offset, const char *expected)
{
	static ecosys_json_pointer pointer;
	char	   *copy = exact_copy(text, strlen(text));
	char		result[256];

	ecosys_json_pointer_open(&pointer, copy, strlen(text));
	ecosys_json_pointer_to(&pointer, offset, result, sizeof(result));
	CHECK_SAY(strcmp(result, expected) == 0, "pointer to %zu of %s: %s", offset, text, result);
	free(copy);
}

static void
test_pointers(void)
{
	static const char *const text = "{\"a\":[10,{\"b/~\":[],\"\":1}],\"c\\u0001\":\"x\"}";
	static ecosys_json_pointer pointer;
	char	   *deep = malloc(200000);
	char		result[256];

	pointer_is(text, 0, "");
	pointer_is(text, 1, "/a");
	pointer_is(text, 5, "/a");
	pointer_is(text, 6, "/a/0");
	pointer_is(text, 9, "/a/1");
	pointer_is(text, 10, "/a/1/b~1~0");
	pointer_is(text, 16, "/a/1/b~1~0");
	pointer_is(text, 22, "/a/1/");
	pointer_is(text, 26, "/c\\u0001");
	pointer_is("\"abc\"", 0, "");
	pointer_is("[[],[[1]]]", 6, "/1/0/0");
	pointer_is("{\"a\\x\":1}", 4, "");	/* a broken key names nothing */
	pointer_is("{\"\\u12", 6, "");

	/* several places in one pass */
	ecosys_json_pointer_open(&pointer, text, strlen(text));
	ecosys_json_pointer_to(&pointer, 1, result, sizeof(result));
	CHECK(strcmp(result, "/a") == 0);
	ecosys_json_pointer_to(&pointer, 1, result, sizeof(result));
	CHECK(strcmp(result, "/a") == 0);
	ecosys_json_pointer_to(&pointer, 22, result, sizeof(result));
	CHECK(strcmp(result, "/a/1/") == 0);

	/* too long: cut, and said so; never within a character or an escape */
	memset(deep, '[', 100000);
	ecosys_json_pointer_open(&pointer, deep, 100000);
	ecosys_json_pointer_to(&pointer, 99999, result, sizeof(result));
	CHECK(strlen(result) < 256 && strcmp(result + strlen(result) - 3, "...") == 0 && strncmp(result, "/0/0/", 5) == 0);
	for (int shift = 0; shift < 4; shift++)
	{
		char	   *at = deep;

		at += sprintf(at, "{\"%.*s", shift, "xxxx");
		for (int i = 0; i < 100; i++)
			at += sprintf(at, "/\xe2\x82\xac");
		at += sprintf(at, "\":1}");
		ecosys_json_pointer_open(&pointer, deep, (size_t) (at - deep));
		ecosys_json_pointer_to(&pointer, 1, result, sizeof(result));
		CHECK(strlen(result) < 256 && strcmp(result + strlen(result) - 3, "...") == 0);
		result[strlen(result) - 3] = '\0';
		/* whole units: a slash, the shift, then ~1 and three bytes each, maybe without the last */
		CHECK((strlen(result) - 1 - (size_t) shift) % 5 == 0 || (strlen(result) - 1 - (size_t) shift) % 5 == 2);
	}
	free(deep);
}

static int	n_progress;

static void
count(void)
{
	n_progress++;
}

static void
test_progress(void)
{
	static char text[200001];
	ecosys_json_reader reader;

	text[0] = '[';
	for (size_t i = 1; i + 1 < sizeof(text); i++)
		text[i] = i % 2 ? '0' : ',';
	text[sizeof(text) - 1] = ']';
	ecosys_json_open(&reader, text, sizeof(text));
	reader.progress = count;
	ecosys_json_skip(&reader, NULL);
	CHECK(ecosys_json_close(&reader));
	CHECK(n_progress >= 20 && n_progress <= 100);
}

int
main(void)
{
	test_grammar();
	test_random();
	test_spans();
	test_depth();
	test_strings();
	test_numbers();
	test_pointers();
	test_progress();
	return report("json_reader");
}
