/*
 * statement_hostile_test.c - texts made to hurt: time and memory follow their
 * size, nothing recurses, and every allocation may fail.
 */
#include "check.h"

#include <time.h>

#include "statement/statement_parse.h"

/* ---- an allocator that counts and can fail ---- */

static size_t bytes_now;
static size_t bytes_peak;
static long allocations;
static long fail_at = -1;		/* this allocation fails, and with fail_on all after it */
static bool fail_on;

static void *
counting_allocate(size_t size)
{
	size_t	   *block;

	allocations++;
	if (fail_at >= 0 && (allocations - 1 == fail_at || (fail_on && allocations - 1 > fail_at)))
		return NULL;
	block = malloc(size + 16);
	*block = size;
	bytes_now += size;
	if (bytes_now > bytes_peak)
		bytes_peak = bytes_now;
	return (char *) block + 16;
}

static void
counting_release(void *pointer)
{
	size_t	   *block = (size_t *) ((char *) pointer - 16);

	bytes_now -= *block;
	free(block);
}

/* ---- texts that grow ---- */

typedef struct text
{
	char	   *bytes;
	size_t		length;
	size_t		allocated;
} text;

static void
add(text *t, const char *piece, size_t length)
{
	if (t->length + length >= t->allocated)
	{
		t->allocated = (t->length + length + 64) * 2;
		t->bytes = realloc(t->bytes, t->allocated);
	}
	memcpy(t->bytes + t->length, piece, length);
	t->length += length;
}

static void
add_string(text *t, const char *piece)
{
	add(t, piece, strlen(piece));
}

static void
repeat(text *t, size_t target, const char *piece)
{
	while (t->length < target)
		add_string(t, piece);
}

/* Pieces with a number in them, so that all differ. */
static void
count(text *t, size_t target, const char *before, const char *after)
{
	char		number[32];

	for (int i = 0; t->length < target; i++)
	{
		add_string(t, before);
		snprintf(number, sizeof(number), "%d", i);
		add_string(t, number);
		add_string(t, after);
	}
}

#define HEAD "{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"}"

typedef struct shape
{
	const char *name;
	bool		valid;
	void		(*build) (text *t, size_t target);
} shape;

static void
one_string(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"response\":\"");
	repeat(t, target, "abcdefghijklmnopqrstuvwxyz");
	add_string(t, "\"}}");
}

static void
escapes(text *t, size_t target)
{
	add_string(t, "{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"object\":{\"id\":\"a:b\"},\"verb\":{\"id\":\"a:");
	repeat(t, target, "\\u0061");
	add_string(t, "\"}}");
}

static void
wide_text(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"response\":\"");
	repeat(t, target, "\xe8\xaf\xad\xe8\xa8\x80\xf0\x9f\x98\x80\xc3\xa9");
	add_string(t, "\"}}");
}

static void
blanks(text *t, size_t target)
{
	add_string(t, HEAD);
	repeat(t, target, " \n\t\r");
	add_string(t, "}");
}

static void
flat_array(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"extensions\":{\"a:b\":[0");
	repeat(t, target, ",0");
	add_string(t, "]}}}");
}

static void
brackets(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"extensions\":{\"a:b\":");
	repeat(t, target, "[");
}

static void
braces(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"extensions\":{\"a:b\":");
	repeat(t, target, "{\"\":");
}

static void
different_extensions(text *t, size_t target)
{
	add_string(t, HEAD ",\"context\":{\"extensions\":{");
	count(t, target, "\"http://example.com/a/long/common/beginning/", "\":0,");
	add_string(t, "\"a:b\":0}}}");
}

static void
equal_extensions(text *t, size_t target)
{
	add_string(t, HEAD ",\"context\":{\"extensions\":{");
	repeat(t, target, "\"http://example.com/\":0,");
	add_string(t, "\"a:b\":0}}}");
}

static void
languages(text *t, size_t target)
{
	add_string(t, "{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"object\":{\"id\":\"a:b\"},\"verb\":{\"id\":\"a:b\",\"display\":{");
	count(t, target, "\"en-aa", "\":\"\",");
	add_string(t, "\"en\":\"\"}}}");
}

static void
unknown_keys(text *t, size_t target)
{
	add_string(t, HEAD);
	count(t, target, ",\"x", "\":1");
	add_string(t, "}");
}

static void
repeated_key(text *t, size_t target)
{
	add_string(t, HEAD);
	repeat(t, target, ",\"verb\":1");
	add_string(t, "}");
}

static void
members(text *t, size_t target)
{
	add_string(t, "{\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"},\"actor\":{\"objectType\":\"Group\",\"member\":[");
	count(t, target, "{\"mbox\":\"mailto:a@b", ".io\"},");
	add_string(t, "{\"mbox\":\"mailto:a@b.io\"}]}}");
}

static void
activities(text *t, size_t target)
{
	add_string(t, HEAD ",\"context\":{\"contextActivities\":{\"other\":[");
	count(t, target, "{\"id\":\"a:", "\"},");
	add_string(t, "{\"id\":\"a:b\"}]}}}");
}

static void
equal_components(text *t, size_t target)
{
	add_string(t, "{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\",\"definition\":{\"interactionType\":\"choice\",\"choices\":[");
	repeat(t, target, "{\"id\":\"\"},");
	add_string(t, "{\"id\":\"\"}]}}}");
}

static void
groups(text *t, size_t target)
{
	add_string(t, HEAD ",\"context\":{\"contextGroups\":[");
	count(t, target, "{\"objectType\":\"contextGroup\",\"group\":{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:a@b", ".io\"}]}},");
	add_string(t, "{\"objectType\":\"contextGroup\",\"group\":{\"objectType\":\"Group\",\"mbox\":\"mailto:a@b.io\"}}]}}");
}

static void
digits(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"score\":{\"raw\":0.");
	repeat(t, target, "3333333333");
	add_string(t, "}}}");
}

static void
long_duration(text *t, size_t target)
{
	add_string(t, HEAD ",\"result\":{\"duration\":\"PT1.");
	repeat(t, target, "3333333333");
	add_string(t, "S\"}}");
}

static void
long_language(text *t, size_t target)
{
	add_string(t, HEAD ",\"context\":{\"language\":\"en");
	repeat(t, target, "-abcdefgh");
	add_string(t, "\"}}");
}

static void
long_domain(text *t, size_t target)
{
	add_string(t, "{\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"},\"actor\":{\"mbox\":\"mailto:a@b");
	repeat(t, target, ".io");
	add_string(t, "\"}}");
}

static void
long_key(text *t, size_t target)
{
	add_string(t, HEAD ",\"");
	repeat(t, target, "/~\\n\xc3\xa9");
	add_string(t, "\":1}");
}

static void
backslashes(text *t, size_t target)
{
	add_string(t, "{\"");
	repeat(t, target, "\\\\");
}

static const shape shapes[] = {
	{"one string", true, one_string},
	{"escapes", true, escapes},
	{"wide characters", true, wide_text},
	{"blanks", true, blanks},
	{"flat array", true, flat_array},
	{"brackets", false, brackets},
	{"braces", false, braces},
	{"different extensions", true, different_extensions},
	{"equal extensions", false, equal_extensions},
	{"languages", true, languages},
	{"unknown keys", false, unknown_keys},
	{"repeated key", false, repeated_key},
	{"members", true, members},
	{"activities", true, activities},
	{"equal components", false, equal_components},
	{"groups", true, groups},
	{"digits", true, digits},
	{"long duration", true, long_duration},
	{"long language", true, long_language},
	{"long domain", true, long_domain},
	{"long key", false, long_key},
	{"backslashes", false, backslashes},
};

#define N_SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static size_t n_faults;

static bool
count_fault(void *arg, const ecosys_fault *fault)
{
	n_faults++;
	CHECK(memchr(fault->pointer, '\0', sizeof(fault->pointer)) != NULL &&
		  memchr(fault->rule, '\0', sizeof(fault->rule)) != NULL &&
		  memchr(fault->message, '\0', sizeof(fault->message)) != NULL);
	return true;
}

/* Parse and check one text; processor seconds, and memory by bytes_peak. */
static double
run(const shape *s, size_t target)
{
	ecosys_statement_parser *parser;
	ecosys_statement_facts facts;
	ecosys_fault fault;
	text		t = {NULL, 0, 0};
	clock_t		start;
	double		seconds;
	bool		valid;

	s->build(&t, target);
	bytes_now = bytes_peak = 0;
	parser = ecosys_statement_parser_create(counting_allocate, counting_release);
	start = clock();
	valid = ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault);
	n_faults = 0;
	ecosys_statement_check(parser, t.bytes, t.length, count_fault, NULL);
	seconds = (double) (clock() - start) / CLOCKS_PER_SEC;
	CHECK_SAY(valid == s->valid, "%s: %s", s->name, valid ? "accepted" : fault.rule);
	CHECK(valid == (n_faults == 0) && n_faults <= 1001);
	CHECK_SAY(bytes_peak <= 20 * t.length + 65536, "%s: %zu bytes of memory for a text of %zu", s->name, bytes_peak, t.length);
	ecosys_statement_parser_destroy(parser);
	CHECK(bytes_now == 0);
	free(t.bytes);
	return seconds;
}

/*
 * Eight times the size takes at most 8^1.6 = 28 times as long. The constant
 * keeps the clock's grain and a busy machine out of it.
 */
static void
test_growth(void)
{
	for (size_t i = 0; i < N_SHAPES; i++)
	{
		double		small = run(&shapes[i], 64 * 1024);
		double		large = run(&shapes[i], 512 * 1024);

		CHECK_SAY(large <= 28 * small + 0.1, "%s: %.4f s, then %.4f s", shapes[i].name, small, large);
	}
}

/* A very long text, and one of more than any server takes. */
static void
test_sizes(void)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_create(malloc, free);
	ecosys_statement_facts facts;
	ecosys_fault fault;
	text		t = {NULL, 0, 0};

	one_string(&t, 100 * 1024 * 1024);
	CHECK(ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault));
	CHECK(facts.response_value.length > 100 * 1024 * 1024 - 200);
	/* not read beyond its beginning */
	CHECK(!ecosys_statement_parse(parser, t.bytes, (size_t) ECOSYS_JSON_MAX_LENGTH + 1, &facts, &fault));
	CHECK(fault.kind == ECOSYS_FAULT_SIZE && strcmp(fault.rule, "json.size") == 0);
	ecosys_statement_parser_destroy(parser);
	free(t.bytes);
}

static void
test_depth(void)
{
	static const size_t depths[] = {100, 1000, 9990, ECOSYS_MAX_DEPTH + 1, 100000, 1000000};
	ecosys_statement_parser *parser = ecosys_statement_parser_create(malloc, free);

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++)
	{
		for (int where = 0; where < 4; where++)
		{
			/* in an extension of the result, of a SubStatement, as SubStatements, as groups */
			static const char *const before[] = {
				HEAD ",\"result\":{\"extensions\":{\"a:b\":",
				"{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"objectType\":\"SubStatement\",\"actor\":{\"mbox\":\"mailto:a@b.io\"},"
				"\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\",\"definition\":{\"extensions\":{\"a:b\":",
				"", "{\"actor\":"
			};
			static const char *const open[] = {"[", "{\"\":", "{\"objectType\":\"SubStatement\",\"object\":", "{\"objectType\":\"Group\",\"member\":["};
			static const char *const close[] = {"]", "}", "}", "]}"};
			static const char *const after[] = {"}}}", "}}}}}", "", "}"};
			ecosys_statement_facts facts;
			ecosys_fault fault;
			text		t = {NULL, 0, 0};
			bool		ok;

			add_string(&t, before[where]);
			for (size_t j = 0; j < depths[i]; j++)
				add_string(&t, open[where]);
			add_string(&t, "1");
			for (size_t j = 0; j < depths[i]; j++)
				add_string(&t, close[where]);
			add_string(&t, after[where]);
			ok = ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault);
			CHECK_SAY(ok == (where < 2 && depths[i] < ECOSYS_MAX_DEPTH), "depth %zu, place %d: %s", depths[i], where, ok ? "accepted" : fault.rule);
			if (depths[i] > ECOSYS_MAX_DEPTH)
				CHECK(fault.kind == ECOSYS_FAULT_DEPTH && strcmp(fault.rule, "json.depth") == 0);
			free(t.bytes);
		}
	}
	ecosys_statement_parser_destroy(parser);
}

/* Each allocation fails once, and from there on: a fault, nothing lost, and the parser goes on. */
static void
test_memory(void)
{
	for (size_t i = 0; i < N_SHAPES; i++)
	{
		for (int on = 0; on < 2; on++)
		{
			ecosys_statement_parser *parser;
			ecosys_statement_facts facts;
			ecosys_fault fault;
			text		t = {NULL, 0, 0};
			bool		failed = true;

			shapes[i].build(&t, 8 * 1024);
			fail_on = on;
			for (long k = 0; failed; k++)
			{
				bool		valid;

				fail_at = -1;
				parser = ecosys_statement_parser_create(counting_allocate, counting_release);
				allocations = 0;
				fail_at = k;
				valid = ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault);
				failed = allocations > k;
				fail_at = -1;
				CHECK_SAY(!failed || (!valid && fault.kind == ECOSYS_FAULT_MEMORY), "%s: allocation %ld", shapes[i].name, k);
				CHECK(ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault) == shapes[i].valid);
				ecosys_statement_parser_destroy(parser);
				CHECK(bytes_now == 0);
			}
			free(t.bytes);
		}
	}
	fail_at = 0;
	allocations = 0;
	CHECK(ecosys_statement_parser_create(counting_allocate, counting_release) == NULL);
	fail_at = -1;
}

static int	n_progress;

static void
progress(void)
{
	n_progress++;
}

static void
test_progress(void)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_create(malloc, free);
	ecosys_statement_facts facts;
	ecosys_fault fault;
	text		t = {NULL, 0, 0};

	ecosys_statement_parser_on_progress(parser, progress);
	activities(&t, 1024 * 1024);
	CHECK(ecosys_statement_parse(parser, t.bytes, t.length, &facts, &fault));
	CHECK(n_progress > 10);
	ecosys_statement_parser_destroy(parser);
	free(t.bytes);
}

int
main(void)
{
	test_growth();
	test_sizes();
	test_depth();
	test_memory();
	test_progress();
	return report("statement_hostile");
}
