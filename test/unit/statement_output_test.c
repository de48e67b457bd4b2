/*
 * statement_output_test.c - the formats exact, ids and canonical, text by text.
 */
#include "query/statement_output.h"

#include "check.h"

typedef struct buffer
{
	char		bytes[4096];
	size_t		length;
} buffer;

static void
append(void *arg, const char *bytes, size_t length)
{
	buffer	   *out = arg;

	if (out->length + length < sizeof(out->bytes))
	{
		memcpy(out->bytes + out->length, bytes, length);
		out->length += length;
	}
}

/* Knows one activity and one verb. */
static const char *
describe(void *arg, bool is_verb, const char *iri, size_t iri_length, size_t *length)
{
	const char *known = NULL;

	if (!is_verb && iri_length == 12 && memcmp(iri, "\"http://e/a\"", 12) == 0)
		known = "{\"name\":{\"en\":\"A\",\"de\":\"Ä\"},\"choices\":[{\"id\":\"1\",\"description\":{\"de\":\"eins\",\"en\":\"one\"}},{\"id\":\"2\"}],"
			"\"extensions\":{\"http://e/x\":{\"name\":{\"en\":1,\"de\":2}}}}";
	if (is_verb && iri_length == 12 && memcmp(iri, "\"http://e/v\"", 12) == 0)
		known = "{\"en\":\"did\",\"de\":\"tat\"}";
	if (known != NULL)
		*length = strlen(known);
	return known;
}

static void
expect(ecosys_output_format format, const char *language, const char *text, const char *expected)
{
	buffer		out = {.length = 0};
	ecosys_accept_language languages;
	ecosys_statement_output output = {
		.format = format, .append = append, .append_arg = &out, .languages = &languages, .describe = describe
	};
	char	   *copy = exact_copy(text, strlen(text));
	bool		fine;

	ecosys_accept_language_read(&languages, language, strlen(language));
	fine = ecosys_statement_output_write(&output, copy, strlen(text));
	out.bytes[out.length] = '\0';
	CHECK_SAY(fine, "not written: %s", text);
	CHECK_SAY(strcmp(out.bytes, expected) == 0, "\n%s\ninstead of\n%s", out.bytes, expected);
	free(copy);
}

#define V ",\"version\":\"1.0.0\"}"

static void
exact(void)
{
	expect(ECOSYS_OUTPUT_EXACT, "", "{\"a\":1e5}", "{\"a\":1e5" V);
	/* blanks, spelling, order stay */
	expect(ECOSYS_OUTPUT_EXACT, "", " { \"version\" : \"1.0.3\", \"result\": {\"score\":{\"raw\":1.50e+1}} } ",
		   " { \"version\" : \"1.0.3\", \"result\": {\"score\":{\"raw\":1.50e+1}} } ");
	expect(ECOSYS_OUTPUT_EXACT, "",
		   "{\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"http://e/a\"},\"grouping\":[{\"id\":\"http://e/b\"}], \"other\": {\"id\":\"http://e/c\"} },\"x\":1},\"version\":\"1.0.0\"}",
		   "{\"context\":{\"contextActivities\":{\"parent\":[{\"id\":\"http://e/a\"}],\"grouping\":[{\"id\":\"http://e/b\"}], \"other\": [{\"id\":\"http://e/c\"}] },\"x\":1},\"version\":\"1.0.0\"}");
	/* keys with escapes; a SubStatement has no version */
	expect(ECOSYS_OUTPUT_EXACT, "",
		   "{\"object\":{\"object\\u0054ype\":\"SubStatement\",\"c\\u006fntext\":{\"contextActivities\":{\"category\":{\"id\":\"http://e/a\"}}},\"timestamp\":\"2020-01-01T00:00:00+01:00\"}}",
		   "{\"object\":{\"object\\u0054ype\":\"SubStatement\",\"c\\u006fntext\":{\"contextActivities\":{\"category\":[{\"id\":\"http://e/a\"}]}},\"timestamp\":\"2020-01-01T00:00:00+01:00\"}" V);
	/* what only looks like it, in an extension, stays */
	expect(ECOSYS_OUTPUT_EXACT, "",
		   "{\"context\":{\"extensions\":{\"http://e/x\":{\"contextActivities\":{\"parent\":{}}}}},\"version\":\"1.0.0\"}",
		   "{\"context\":{\"extensions\":{\"http://e/x\":{\"contextActivities\":{\"parent\":{}}}}},\"version\":\"1.0.0\"}");
}

static void
time_is(const char *from, const char *to)
{
	char		text[300];
	char		expected[300];

	snprintf(text, sizeof(text), "{\"timestamp\":\"%s\",\"version\":\"1.0.0\"}", from);
	snprintf(expected, sizeof(expected), "{\"timestamp\":\"%s\",\"version\":\"1.0.0\"}", to);
	expect(ECOSYS_OUTPUT_EXACT, "", text, expected);
}

static void
times(void)
{
	time_is("2026-11-24T15:04:05.123Z", "2026-11-24T15:04:05.123Z");
	time_is("2026-11-24T15:04:05.1234567890123Z", "2026-11-24T15:04:05.1234567890123Z");
	time_is("2026-11-24T15:04:05Z", "2026-11-24T15:04:05.000Z");
	time_is("2026-11-24T15:04:05.5Z", "2026-11-24T15:04:05.500Z");
	time_is("2026-11-24T15:04:05+01:00", "2026-11-24T14:04:05.000Z");
	time_is("2026-01-01T00:04:05.98765432+01:00", "2025-12-31T23:04:05.98765432Z");
	time_is("2026-11-24T15:04:05", "2026-11-24T15:04:05.000Z");
	time_is("2026-11-24t15:04:05.123z", "2026-11-24T15:04:05.123Z");
	time_is("2026-11-24 15:04:05.123Z", "2026-11-24T15:04:05.123Z");
	time_is("2016-12-31T23:59:60.250Z", "2017-01-01T00:00:00.250Z");
	time_is("1999-12-31T23:59:59.9-0530", "2000-01-01T05:29:59.900Z");
	time_is("2026-11-24T15:04:05\\u005a", "2026-11-24T15:04:05.000Z");
	/* a fraction nobody measures stays as it came */
	time_is("2026-11-24T15:04:05.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000+01:00",
			"2026-11-24T15:04:05.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000+01:00");
}

static void
ids(void)
{
	expect(ECOSYS_OUTPUT_IDS, "",
		   "{\"actor\":{\"name\":\"A\",\"mbox\":\"mailto:a@e.com\",\"objectType\":\"Agent\"},\"verb\":{\"display\":{\"en\":\"x\"},\"id\":\"http://e/v\"},"
		   "\"object\":{\"id\":\"http://e/a\",\"objectType\":\"Activity\",\"definition\":{}},\"result\":{\"response\":\"r\"},\"version\":\"1.0.0\"}",
		   "{\"actor\":{\"objectType\":\"Agent\",\"mbox\":\"mailto:a@e.com\"},\"verb\":{\"id\":\"http://e/v\"},"
		   "\"object\":{\"id\":\"http://e/a\"},\"result\":{\"response\":\"r\"},\"version\":\"1.0.0\"}");
	/* identified group, anonymous group, agent as object */
	expect(ECOSYS_OUTPUT_IDS, "",
		   "{\"actor\":{\"objectType\":\"Group\",\"name\":\"G\",\"member\":[{\"mbox\":\"mailto:a@e.com\"}],\"account\":{\"homePage\":\"http://e\",\"name\":\"n\"}},"
		   "\"object\":{\"objectType\":\"Agent\",\"name\":\"B\",\"openid\":\"http://e/b\"},"
		   "\"authority\":{\"objectType\":\"Group\",\"member\":[{\"name\":\"C\",\"mbox\":\"mailto:c@e.com\"},{\"objectType\":\"Agent\",\"mbox_sha1sum\":\"0\",\"name\":\"D\"}]},\"version\":\"1.0.0\"}",
		   "{\"actor\":{\"objectType\":\"Group\",\"account\":{\"homePage\":\"http://e\",\"name\":\"n\"}},"
		   "\"object\":{\"objectType\":\"Agent\",\"openid\":\"http://e/b\"},"
		   "\"authority\":{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:c@e.com\"},{\"objectType\":\"Agent\",\"mbox_sha1sum\":\"0\"}]},\"version\":\"1.0.0\"}");
	expect(ECOSYS_OUTPUT_IDS, "",
		   "{\"object\":{\"objectType\":\"SubStatement\",\"actor\":{\"mbox\":\"mailto:a@e.com\",\"name\":\"A\"},\"verb\":{\"id\":\"http://e/v\",\"display\":{}},"
		   "\"object\":{\"objectType\":\"StatementRef\",\"id\":\"0\"},\"context\":{\"team\":{\"objectType\":\"Group\",\"mbox\":\"mailto:t@e.com\",\"name\":\"T\"}}},"
		   "\"context\":{\"instructor\":{\"mbox\":\"mailto:i@e.com\",\"name\":\"I\"},\"contextActivities\":{\"parent\":{\"objectType\":\"Activity\",\"id\":\"http://e/a\"},"
		   "\"other\":[{\"id\":\"http://e/b\",\"definition\":{}},{\"id\":\"http://e/c\"}]},"
		   "\"contextAgents\":[{\"objectType\":\"contextAgent\",\"agent\":{\"mbox\":\"mailto:j@e.com\",\"name\":\"J\"},\"relevantTypes\":[\"http://e/t\"]}],"
		   "\"contextGroups\":[{\"objectType\":\"contextGroup\",\"group\":{\"objectType\":\"Group\",\"mbox\":\"mailto:k@e.com\",\"name\":\"K\"}}]},\"version\":\"2.0.0\"}",
		   "{\"object\":{\"objectType\":\"SubStatement\",\"actor\":{\"mbox\":\"mailto:a@e.com\"},\"verb\":{\"id\":\"http://e/v\"},"
		   "\"object\":{\"objectType\":\"StatementRef\",\"id\":\"0\"},\"context\":{\"team\":{\"objectType\":\"Group\",\"mbox\":\"mailto:t@e.com\"}}},"
		   "\"context\":{\"instructor\":{\"mbox\":\"mailto:i@e.com\"},\"contextActivities\":{\"parent\":[{\"id\":\"http://e/a\"}],"
		   "\"other\":[{\"id\":\"http://e/b\"},{\"id\":\"http://e/c\"}]},"
		   "\"contextAgents\":[{\"objectType\":\"contextAgent\",\"agent\":{\"mbox\":\"mailto:j@e.com\"},\"relevantTypes\":[\"http://e/t\"]}],"
		   "\"contextGroups\":[{\"objectType\":\"contextGroup\",\"group\":{\"objectType\":\"Group\",\"mbox\":\"mailto:k@e.com\"}}]},\"version\":\"2.0.0\"}");
}

static void
canonical(void)
{
	/* known: what is known, one language each, extensions as they are; agents stay */
	expect(ECOSYS_OUTPUT_CANONICAL, "de",
		   "{\"actor\":{\"mbox\":\"mailto:a@e.com\",\"name\":\"A\"},\"verb\":{\"id\":\"http://e/v\"},\"object\":{\"id\":\"http://e/a\",\"objectType\":\"Activity\",\"definition\":{\"name\":{\"fr\":\"old\"}}},\"version\":\"1.0.0\"}",
		   "{\"actor\":{\"mbox\":\"mailto:a@e.com\",\"name\":\"A\"},\"verb\":{\"id\":\"http://e/v\",\"display\":{\"de\":\"tat\"}},\"object\":{\"id\":\"http://e/a\",\"objectType\":\"Activity\",\"definition\":"
		   "{\"name\":{\"de\":\"Ä\"},\"choices\":[{\"id\":\"1\",\"description\":{\"de\":\"eins\"}},{\"id\":\"2\"}],\"extensions\":{\"http://e/x\":{\"name\":{\"en\":1,\"de\":2}}}}},\"version\":\"1.0.0\"}");
	/* unknown: its own, map by map; the context too */
	expect(ECOSYS_OUTPUT_CANONICAL, "de, en;q=0.5",
		   "{\"verb\":{\"id\":\"http://e/w\",\"display\":{\"en\":\"a\",\"d\\u0065-CH\":\"b\"}},\"object\":{\"id\":\"http://e/b\",\"definition\":{\"name\":{\"en\":\"a\",\"fr\":\"b\"},\"description\":{\"fr\":\"a\",\"it\":\"b\"}}},"
		   "\"context\":{\"contextActivities\":{\"other\":{\"id\":\"http://e/c\",\"definition\":{\"name\":{}}}}},\"version\":\"1.0.0\"}",
		   "{\"verb\":{\"id\":\"http://e/w\",\"display\":{\"d\\u0065-CH\":\"b\"}},\"object\":{\"id\":\"http://e/b\",\"definition\":{\"name\":{\"en\":\"a\"},\"description\":{\"fr\":\"a\"}}},"
		   "\"context\":{\"contextActivities\":{\"other\":[{\"id\":\"http://e/c\",\"definition\":{\"name\":{}}}]}},\"version\":\"1.0.0\"}");
	expect(ECOSYS_OUTPUT_CANONICAL, "en",
		   "{\"object\":{\"objectType\":\"SubStatement\",\"verb\":{\"id\":\"http://e/v\"},\"object\":{\"id\":\"http://e/b\",\"definition\":{\"name\":{\"de\":\"x\",\"en\":\"y\"}}}},\"version\":\"1.0.0\"}",
		   "{\"object\":{\"objectType\":\"SubStatement\",\"verb\":{\"id\":\"http://e/v\",\"display\":{\"en\":\"did\"}},\"object\":{\"id\":\"http://e/b\",\"definition\":{\"name\":{\"en\":\"y\"}}}},\"version\":\"1.0.0\"}");
}

/* Broken texts are refused, and nobody reads beyond them. */
static void
broken(void)
{
	static const char text[] = "{\"actor\":{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:a@e.com\"}]},\"verb\":{\"id\":\"http://e/v\",\"display\":{\"en\":\"x\"}},"
		"\"object\":{\"objectType\":\"SubStatement\",\"object\":{\"id\":\"http://e/a\",\"definition\":{\"name\":{\"en\":\"x\"},\"choices\":[{\"id\":\"1\",\"description\":{\"en\":\"x\"}}]}}},"
		"\"context\":{\"contextActivities\":{\"parent\":{\"id\":\"http://e/a\"}}},\"timestamp\":\"2026-11-24T15:04:05Z\"}";
	ecosys_accept_language languages = {.n_ranges = 0};

	for (int format = ECOSYS_OUTPUT_EXACT; format <= ECOSYS_OUTPUT_CANONICAL; format++)
	{
		for (size_t length = 0; length < sizeof(text) - 1; length++)
		{
			buffer		out = {.length = 0};
			ecosys_statement_output output = {
				.format = (ecosys_output_format) format, .append = append, .append_arg = &out, .languages = &languages, .describe = describe
			};
			char	   *copy = exact_copy(text, length);

			CHECK_SAY(!ecosys_statement_output_write(&output, copy, length), "%d bytes were taken", (int) length);
			free(copy);
		}
	}
}

int
main(void)
{
	exact();
	times();
	ids();
	canonical();
	broken();
	return report("statement_output_test");
}
