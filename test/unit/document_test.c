/*
 * document_test.c - documents merged at the top level, and entity tags in lists.
 */
#include "check.h"

#include "xapi/document_merge.h"
#include "xapi/document_tag.h"

static int	allocations_left = -1;	/* -1: as many as are wanted */
static int	allocated;

static void *
allocate(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	allocated++;
	return malloc(size ? size : 1);
}

static void
release(void *pointer)
{
	allocated--;
	free(pointer);
}

static const ecosys_merge_memory memory = {allocate, release, NULL};

/* The merged text, or "!old " or "!new " and the fault. */
static const char *
merge(const char *old_text, const char *new_text)
{
	static char found[1000];
	char	   *old_copy = exact_copy(old_text, strlen(old_text));
	char	   *new_copy = exact_copy(new_text, strlen(new_text));
	char	   *result;
	size_t		length;
	ecosys_merge_fault fault;

	if (ecosys_document_merge(old_copy, strlen(old_text), new_copy, strlen(new_text), &memory, &result, &length, &fault))
	{
		snprintf(found, sizeof(found), "%.*s", (int) length, result);
		release(result);
	}
	else
		snprintf(found, sizeof(found), "!%s %s", fault.in_new ? "new" : "old", fault.message);
	free(old_copy);
	free(new_copy);
	CHECK(allocated == 0);
	return found;
}

#define EXPECT(old_text, new_text, wanted) \
	do { \
		const char *found = merge(old_text, new_text); \
		CHECK_SAY(strcmp(found, wanted) == 0, "found %s, expected %s", found, wanted); \
	} while (0)

static void
test_merge(void)
{
	EXPECT("{}", "{}", "{}");
	EXPECT("{\"a\":1}", "{}", "{\"a\":1}");
	EXPECT("{}", "{\"a\":1}", "{\"a\":1}");
	EXPECT(" { } ", "{ \"a\" : 1 , \"b\" : 2 }", " { \"a\":1,\"b\":2} ");
	EXPECT("{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}", "{\"a\":1,\"b\":3,\"c\":4}");
	/* the old text keeps its blanks and spellings, the values of the new one theirs */
	EXPECT("{\n  \"b\" : 1.0,\n  \"a\" : [1, 2]\n}\n", "{\"a\":{ \"x\" : 1e2 },\"z\":\"\\u00e9\"}",
		   "{\n  \"b\" : 1.0,\n  \"a\" : { \"x\" : 1e2 },\"z\":\"\\u00e9\"\n}\n");
	/* whole values win, also null; names are compared as strings */
	EXPECT("{\"a\":{\"x\":1}}", "{\"a\":{\"y\":2}}", "{\"a\":{\"y\":2}}");
	EXPECT("{\"a\":1}", "{\"a\":null}", "{\"a\":null}");
	EXPECT("{\"\\u0061\":1,\"b\":1}", "{\"a\":2,\"\\u0062\":3}", "{\"\\u0061\":2,\"b\":3}");
	EXPECT("{\"\":1}", "{\"\\u0000\":2}", "{\"\":1,\"\\u0000\":2}");
	/* refused */
	EXPECT("{\"a\":1,\"a\":2}", "{}", "!old two members of the JSON object have the same name");
	EXPECT("{}", "{\"a\":1,\"b\":1,\"\\u0061\":2}", "!new two members of the JSON object have the same name");
	EXPECT("[]", "{}", "!old expected a JSON object");
	EXPECT("{}", "\"x\"", "!new expected a JSON object");
	EXPECT("{}", "null", "!new expected a JSON object");
	EXPECT("{}", "", "!new the text ends too early");
	EXPECT("{\"a\":1", "{}", "!old the text ends too early");
	EXPECT("{}", "{} x", "!new expected the end of the text");
	EXPECT("{\"a\":\"\xff\"}", "{}", "!old the text is not valid UTF-8");
	EXPECT("{}", "{\"a\":01}", "!new expected \",\" or \"}\"");
}

/* Each allocation fails once: no leak, no crash, and it says so. */
static void
test_no_memory(void)
{
	for (int n = 0; n < 7; n++)
	{
		allocations_left = n;
		CHECK(strstr(merge("{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}"), "out of memory") != NULL);
	}
	allocations_left = 7;
	EXPECT("{\"a\":1,\"b\":2}", "{\"b\":3,\"c\":4}", "{\"a\":1,\"b\":3,\"c\":4}");
	allocations_left = -1;
}

/* Many members: more than the first array holds, merged in n log n. */
static void
test_many(void)
{
	size_t		n = 100000;
	char	   *old_text = malloc(n * 16);
	char	   *new_text = malloc(n * 16);
	char	   *result;
	char	   *at;
	size_t		old_length,
				new_length,
				length;
	ecosys_merge_fault fault;

	at = old_text;
	for (size_t i = 0; i < n; i++)
		at += sprintf(at, "%c\"%zu\":0", i == 0 ? '{' : ',', i);
	*at++ = '}';
	old_length = at - old_text;
	at = new_text;
	for (size_t i = n / 2; i < n + n / 2; i++)
		at += sprintf(at, "%c\"%zu\":1", i == n / 2 ? '{' : ',', i);
	*at++ = '}';
	new_length = at - new_text;
	CHECK(ecosys_document_merge(old_text, old_length, new_text, new_length, &memory, &result, &length, &fault));
	CHECK(memcmp(result + length - 12, ",\"149999\":1}", 12) == 0);
	CHECK(memcmp(result, "{\"0\":0,", 7) == 0);
	release(result);
	free(old_text);
	free(new_text);
}

#define TAG "da39a3ee5e6b4b0d3255bfef95601890afd80709"

static bool
listed(const char *list, bool weak)
{
	char	   *copy = exact_copy(list, strlen(list));
	bool		found = ecosys_document_tag_listed(copy, strlen(list), TAG, strlen(TAG), weak);

	free(copy);
	return found;
}

static void
test_tags(void)
{
	CHECK(listed("\"" TAG "\"", false));
	CHECK(listed("*", false));
	CHECK(listed(" * ", false));
	CHECK(listed("\"x\" , \"" TAG "\"", false));
	CHECK(listed("\"a,b\",\"" TAG "\"", false));
	CHECK(listed(",,\t\"" TAG "\",", false));
	CHECK(listed("W/\"x\", \"" TAG "\"", false));
	CHECK(listed(TAG, false));
	CHECK(listed("x, " TAG, false));
	/* a weak tag counts where only sameness is asked */
	CHECK(!listed("W/\"" TAG "\"", false));
	CHECK(listed("W/\"" TAG "\"", true));
	CHECK(!listed("w/\"" TAG "\"", true));
	CHECK(!listed("", false));
	CHECK(!listed(" , ", false));
	CHECK(!listed("\"*\"", false));
	CHECK(!listed("\"" TAG, false));
	CHECK(!listed("\"" TAG " \"", false));
	CHECK(!listed("\"x " TAG "\"", false));
	CHECK(!listed("\"x\", \"y,*\"", false));
	CHECK(!listed("1234", false));
	CHECK(!listed("\"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709\"", false));
	CHECK(!listed("W/", true));
	CHECK(!listed("W/\"", true));
}

int
main(void)
{
	test_merge();
	test_no_memory();
	test_many();
	test_tags();
	return report("document");
}
