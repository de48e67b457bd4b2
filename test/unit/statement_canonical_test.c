/*
 * statement_canonical_test.c - numbers by value, JSON by value, and each thing
 * that xAPI leaves aside when it compares statements.
 */
#include "check.h"

#include <stdint.h>

#include "statement/statement_canonical.h"

static const ecosys_comparison_memory memory = {malloc, free, NULL};

static int
compare(const char *a, const char *b, ecosys_comparison comparison)
{
	size_t		a_length = strlen(a);
	size_t		b_length = strlen(b);
	char	   *a_copy = exact_copy(a, a_length);
	char	   *b_copy = exact_copy(b, b_length);
	int			order;
	int			reversed;

	CHECK(ecosys_statement_compare(a_copy, a_length, b_copy, b_length, comparison, &memory, &order));
	CHECK(ecosys_statement_compare(b_copy, b_length, a_copy, a_length, comparison, &memory, &reversed));
	CHECK_SAY(order == -reversed, "%s and %s", a, b);
	free(a_copy);
	free(b_copy);
	return order;
}

static void
test_numbers(void)
{
	/* in ascending order; those in one group are equal */
	static const char *const groups[][5] = {
		{"-1e1000000000000000000000000000000"},
		{"-1e999999"},
		{"-12345678901234567890123456789012345678901"},
		{"-1.1"},
		{"-1", "-1.0", "-10e-1", "-0.1e1"},
		{"-1e-999999999999999999999999"},
		{"0", "-0", "0.00", "0e5", "-0.0e-3"},
		{"1e-1000000000000000000000000000000"},
		{"1e-999999999999999999999999"},
		{"1e-999999"},
		{"0.00123", "1.23e-3", "123e-5", "0.0012300"},
		{"0.0012300000000000000000000000000001"},
		{"0.1", "1e-1", "0.10"},
		{"1"},
		{"1.0000000000000000000000000000000000001"},
		{"15", "1.50e+1", "15.0", "150E-1", "0.15e2"},
		{"99999999999999999999"},
		{"100000000000000000000", "1e20", "1E+020"},
		{"100000000000000000001"},
		{"1e999999", "10e999998"},
		{"1e999999999999999999999999"},
		{"2e999999999999999999999999"},
		{"1e1000000000000000000000000000000"},
	};
	int			n = sizeof(groups) / sizeof(groups[0]);

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
		{
			for (int k = 0; k < 5 && groups[i][k]; k++)
			{
				for (int l = 0; l < 5 && groups[j][l]; l++)
				{
					int			order = ecosys_json_compare_numbers(groups[i][k], strlen(groups[i][k]),
																	groups[j][l], strlen(groups[j][l]));

					CHECK_SAY(order == (i < j ? -1 : i > j), "%s and %s: %d", groups[i][k], groups[j][l], order);
				}
			}
		}
	}
}

static void
test_json(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		bool		equal;
	}			cases[] =
	{
		{"{\"a\":1,\"b\":[true,null]}", "{ \"b\" : [true, null], \"\\u0061\" : 1.0 }", true},
		{"{\"a\":1}", "{\"a\":2}", false},
		{"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
		{"{\"a\":[1,2]}", "{\"a\":[2,1]}", false},
		{"{\"a\":\"\\u00e9\"}", "{\"a\":\"\xc3\xa9\"}", true},
		{"{\"a\":\"\\ud83d\\ude00\"}", "{\"a\":\"\xf0\x9f\x98\x80\"}", true},
		{"{\"a\":\"\\u0000\"}", "{\"a\":\"\\u0000\"}", true},
		{"{\"a\":\"\\u0000\"}", "{\"a\":\"\"}", false},
		{"{\"a\":\"\\ud800\"}", "{\"a\":\"\\uD800\"}", true},
		{"{\"a\":\"\\ud800\"}", "{\"a\":\"\\ud801\"}", false},
		{"{\"a\":{}}", "{\"a\":[]}", false},
		{"{\"a\":null}", "{\"a\":false}", false},
		{"{\"a\":\"1\"}", "{\"a\":1}", false},
		{"{\"c\":{\"x\":1,\"y\":{\"q\":1,\"p\":2}},\"b\":0}", "{\"b\":0,\"c\":{\"y\":{\"p\":2,\"q\":1},\"x\":1}}", true},
		{"{\"a\":[[[1]]]}", "{\"a\":[[[1,1]]]}", false},
		{"{\"a\":[[],[1]]}", "{\"a\":[[1],[]]}", false},
		/* nothing of xAPI here */
		{"{\"timestamp\":\"2026-11-24T15:04:05Z\"}", "{\"timestamp\":\"2026-11-24T15:04:05.0Z\"}", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_SAY((compare(cases[i].a, cases[i].b, ECOSYS_COMPARE_JSON) == 0) == cases[i].equal,
				  "%s and %s", cases[i].a, cases[i].b);
}

static void
test_xapi(void)
{
	/* parts of statements: the comparison does not ask whether they are whole */
	static const struct
	{
		const char *a;
		const char *b;
		bool		equal;
	}			cases[] =
	{
		/* set by the server, and absent from one */
		{"{\"id\":\"1f96b0af-de20-48ab-b32c-861c31684896\"}", "{}", true},
		{"{\"id\":\"1f96b0af-de20-48ab-b32c-861c31684896\"}", "{\"id\":\"2f96b0af-de20-48ab-b32c-861c31684896\"}", false},
		{"{\"id\":\"1f96b0af-de20-48ab-b32c-861c31684896\"}", "{\"id\":\"1F96B0AF-de20-48ab-b32c-861c31684896\"}", true},
		{"{\"authority\":{\"mbox\":\"mailto:a@b.cd\"}}", "{}", true},
		{"{\"authority\":{\"mbox\":\"mailto:a@b.cd\"}}", "{\"authority\":{\"mbox\":\"mailto:x@b.cd\"}}", false},
		{"{\"timestamp\":\"2026-11-24T15:04:05Z\"}", "{}", true},
		{"{\"timestamp\":\"2026-11-24T15:04:05Z\"}", "{\"timestamp\":\"2026-11-24T16:04:05.000+01:00\"}", true},
		{"{\"timestamp\":\"2026-11-24T15:04:05Z\"}", "{\"timestamp\":\"2026-11-24T15:04:06Z\"}", false},
		{"{\"version\":\"1.0.0\"}", "{}", true},
		{"{\"version\":\"1.0.0\"}", "{\"version\":\"1.0.3\"}", false},
		{"{\"stored\":\"2026-11-24T15:04:05Z\"}", "{\"stored\":\"2027-11-24T15:04:05Z\"}", true},
		{"{\"result\":{\"success\":true}}", "{}", false},
		/* display and definitions */
		{"{\"verb\":{\"id\":\"a:b\",\"display\":{\"en\":\"x\"}}}", "{\"verb\":{\"id\":\"a:b\"}}", true},
		{"{\"verb\":{\"id\":\"a:b\"}}", "{\"verb\":{\"id\":\"a:c\"}}", false},
		{"{\"object\":{\"id\":\"a:b\",\"definition\":{\"type\":\"x:y\"}}}", "{\"object\":{\"id\":\"a:b\"}}", true},
		{"{\"object\":{\"id\":\"a:B\"}}", "{\"object\":{\"id\":\"a:b\"}}", false},
		{"{\"object\":{\"objectType\":\"SubStatement\",\"object\":{\"id\":\"a:b\",\"definition\":{}},\"verb\":{\"id\":\"a:b\",\"display\":{}}}}",
		"{\"object\":{\"objectType\":\"SubStatement\",\"object\":{\"id\":\"a:b\"},\"verb\":{\"id\":\"a:b\"}}}", true},
		{"{\"object\":{\"objectType\":\"SubStatement\",\"timestamp\":\"2026-11-24T15:04:05Z\"}}",
		"{\"object\":{\"objectType\":\"SubStatement\",\"timestamp\":\"2026-11-24T15:04:05+00:00\"}}", true},
		{"{\"object\":{\"objectType\":\"SubStatement\",\"timestamp\":\"2026-11-24T15:04:05Z\"}}",
		"{\"object\":{\"objectType\":\"SubStatement\"}}", false},
		/* context activities */
		{"{\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"a:b\"}}}}",
		"{\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"a:b\",\"definition\":{}}]}}}", true},
		{"{\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"a:b\"},\"other\":[]}}}",
		"{\"context\":{\"contextActivities\":{\"other\":[],\"parent\":{\"id\":\"a:c\"}}}}", false},
		{"{\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"a:b\"},{\"id\":\"a:c\"}]}}}",
		"{\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"a:c\"},{\"id\":\"a:b\"}]}}}", false},
		{"{\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"a:b\"}}},\"result\":{\"success\":true}}",
		"{\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"a:b\"}]}},\"result\":{\"success\":false}}", false},
		/* members in any order, names count */
		{"{\"actor\":{\"member\":[{\"mbox\":\"mailto:a@b.cd\"},{\"mbox\":\"mailto:x@b.cd\"},{\"mbox\":\"mailto:c@b.cd\"}]}}",
		"{\"actor\":{\"member\":[{\"mbox\":\"mailto:x@B.CD\"},{\"mbox\":\"mailto:c@b.cd\"},{\"mbox\":\"mailto:a@b.cd\"}]}}", true},
		{"{\"actor\":{\"member\":[{\"mbox\":\"mailto:a@b.cd\"}]}}",
		"{\"actor\":{\"member\":[{\"mbox\":\"mailto:a@b.cd\"},{\"mbox\":\"mailto:a@b.cd\"}]}}", false},
		{"{\"context\":{\"team\":{\"member\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}}",
		"{\"context\":{\"team\":{\"member\":[{\"name\":\"b\"},{\"name\":\"a\"}]}}}", true},
		{"{\"context\":{\"contextGroups\":[{\"group\":{\"member\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}]}}",
		"{\"context\":{\"contextGroups\":[{\"group\":{\"member\":[{\"name\":\"b\"},{\"name\":\"a\"}]}}]}}", true},
		{"{\"actor\":{\"name\":\"a\"}}", "{\"actor\":{\"name\":\"b\"}}", false},
		/* case where it does not count */
		{"{\"actor\":{\"mbox\":\"mailto:a@Example.COM\"}}", "{\"actor\":{\"mbox\":\"mailto:a@example.com\"}}", true},
		{"{\"actor\":{\"mbox\":\"mailto:A@example.com\"}}", "{\"actor\":{\"mbox\":\"mailto:a@example.com\"}}", false},
		{"{\"actor\":{\"mbox_sha1sum\":\"AB\"}}", "{\"actor\":{\"mbox_sha1sum\":\"ab\"}}", true},
		{"{\"actor\":{\"openid\":\"http://A\"}}", "{\"actor\":{\"openid\":\"http://a\"}}", false},
		{"{\"context\":{\"registration\":\"1f96b0af-de20-48ab-b32c-861c31684896\"}}",
		"{\"context\":{\"registration\":\"1F96B0AF-de20-48ab-b32c-861c31684896\"}}", true},
		/* durations are text, cut to hundredths */
		{"{\"result\":{\"duration\":\"PT1.23S\"}}", "{\"result\":{\"duration\":\"PT1.23789S\"}}", true},
		{"{\"result\":{\"duration\":\"PT1.23S\"}}", "{\"result\":{\"duration\":\"PT1.24S\"}}", false},
		{"{\"result\":{\"duration\":\"PT1.2S\"}}", "{\"result\":{\"duration\":\"PT1.29S\"}}", false},
		{"{\"result\":{\"duration\":\"PT60S\"}}", "{\"result\":{\"duration\":\"PT1M\"}}", false},
		/* everything else is as it is */
		{"{\"result\":{\"score\":{\"scaled\":0.5}}}", "{\"result\":{\"score\":{\"scaled\":0.50}}}", true},
		{"{\"result\":{\"extensions\":{\"a:b\":{\"display\":1}}}}", "{\"result\":{\"extensions\":{\"a:b\":{\"display\":2}}}}", false},
		{"{\"context\":{\"extensions\":{\"a:b\":\"2026-11-24T15:04:05Z\"}}}",
		"{\"context\":{\"extensions\":{\"a:b\":\"2026-11-24T15:04:05.0Z\"}}}", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_SAY((compare(cases[i].a, cases[i].b, ECOSYS_COMPARE_XAPI) == 0) == cases[i].equal,
				  "%s and %s", cases[i].a, cases[i].b);
}

/* Deep and wide texts: time follows size, the stack does not. */
static void
test_large(void)
{
	enum
	{
		DEPTH = 9990, WIDTH = 200000
	};
	char	   *a = malloc(WIDTH * 24);
	char	   *b = malloc(WIDTH * 24);
	char	   *at = a;
	char	   *bt = b;

	for (int i = 0; i < DEPTH; i++)
	{
		at += sprintf(at, "{\"b\":0,\"a\":");
		bt += sprintf(bt, "{\"a\":");
	}
	at += sprintf(at, "1");
	bt += sprintf(bt, "1.0");
	for (int i = 0; i < DEPTH; i++)
	{
		at += sprintf(at, "}");
		bt += sprintf(bt, ",\"b\":-0}");
	}
	CHECK(compare(a, b, ECOSYS_COMPARE_JSON) == 0);

	at = a;
	bt = b;
	at += sprintf(at, "{");
	bt += sprintf(bt, "{");
	for (int i = 0; i < WIDTH; i++)
	{
		at += sprintf(at, "\"k%d\":%d,", i, i);
		bt += sprintf(bt, "\"k%d\":%d,", WIDTH - 1 - i, WIDTH - 1 - i);
	}
	at[-1] = '}';
	bt[-1] = '}';
	CHECK(compare(a, b, ECOSYS_COMPARE_JSON) == 0);
	bt[-2]++;
	CHECK(compare(a, b, ECOSYS_COMPARE_JSON) != 0);
	free(a);
	free(b);
}

static int	allocations_left;

static void *
scarce(size_t size)
{
	return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void
test_out_of_memory(void)
{
	const ecosys_comparison_memory few = {scarce, free, NULL};
	const char *a = "{\"timestamp\":\"2026-11-24T15:04:05Z\",\"actor\":{\"member\":[{\"mbox\":\"mailto:a@b.cd\"},{\"mbox\":\"mailto:a@b.cf\"}]}}";
	const char *b = "{\"timestamp\":\"2026-11-24T15:04:05.0Z\",\"actor\":{\"member\":[{\"mbox\":\"mailto:a@b.cf\"},{\"mbox\":\"mailto:a@b.cd\"}]}}";
	int			order;
	bool		done = false;

	for (int n = 0; n < 50; n++)
	{
		bool		enough;

		allocations_left = n;
		enough = ecosys_statement_compare(a, strlen(a), b, strlen(b), ECOSYS_COMPARE_XAPI, &few, &order);
		CHECK(!done || enough);
		if (enough)
			CHECK(order == 0);
		done = enough;
	}
	CHECK(done);
}

int
main(void)
{
	test_numbers();
	test_json();
	test_xapi();
	test_large();
	test_out_of_memory();
	return report("statement_canonical");
}
