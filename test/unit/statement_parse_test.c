/*
 * statement_parse_test.c - the cases of test/data/statement_cases.jsonl, and the facts.
 *
 * pgTAP runs the same cases through SQL (test/pgtap/statement_validation.sql).
 */
#include "check.h"

#include <math.h>

#include "statement/statement_parse.h"
#include "statement/statement_rule.h"

#define CASES "../data/statement_cases.jsonl"
#define DOCUMENT "../../docs/statement-rules.md"

static ecosys_statement_parser *parser;

typedef struct fault_list
{
	size_t		n;
	ecosys_fault first;
	ecosys_fault last;
	bool		ordered;
} fault_list;

static bool
collect(void *arg, const ecosys_fault *fault)
{
	fault_list *list = arg;

	if (list->n == 0)
		list->first = *fault;
	else if (fault->offset < list->last.offset)
		list->ordered = false;
	list->last = *fault;
	list->n++;
	return true;
}

/* Parse and check; the two must tell the same. */
static bool
parse(const char *text, size_t length, ecosys_statement_facts *facts, ecosys_fault *fault)
{
	char	   *copy = exact_copy(text, length);
	fault_list	list = {.ordered = true};
	bool		valid;
	size_t		n = ecosys_statement_check(parser, copy, length, collect, &list);

	memset(fault, 0, sizeof(*fault));
	valid = ecosys_statement_parse(parser, copy, length, facts, fault);
	CHECK_SAY(valid == (n == 0), "parse and check disagree on %.60s", text);
	CHECK(n == list.n);
	CHECK(list.ordered);
	if (!valid)
	{
		const ecosys_fault *same = fault->kind == ECOSYS_FAULT_RULE ? &list.first : &list.last;

		CHECK(same->offset == fault->offset && strcmp(same->rule, fault->rule) == 0 &&
			  strcmp(same->pointer, fault->pointer) == 0);
		CHECK(fault->offset <= length);
		CHECK(fault->message[0] != '\0' && fault->message[strlen(fault->message) - 1] != '.');
	}
	free(copy);
	return valid;
}

static bool
valid(const char *text)
{
	ecosys_statement_facts facts;
	ecosys_fault fault;

	return parse(text, strlen(text), &facts, &fault);
}

/* ---- cases ---- */

static const char *const rule_names[] = {
#define RULE(symbol, name, message) name,
	ECOSYS_STATEMENT_RULES(RULE)
#undef RULE
};

static bool accepted_by_rule[ECOSYS_N_RULES];
static bool refused_by_rule[ECOSYS_N_RULES];

/* The decoded member of a case, zero-ended; cases hold no zero byte but escaped twice. */
static char *
member(const char *line, size_t length, const char *key, size_t *size)
{
	ecosys_span span;
	char	   *value;

	if (!ecosys_json_find(line, length, key, &span))
		return NULL;
	value = malloc(span.length + 1);
	*size = ecosys_json_decode(line + span.offset, span.length, value);
	value[*size] = '\0';
	return value;
}

/*
 * The same JSON, of one without escapes, with every ASCII character of its strings
 * written as one: what it means, and so the verdict, the place and the keys, must not change.
 */
static char *
escape_all(const char *text, size_t length, size_t *size)
{
	char	   *result = malloc(length * 6 + 1);
	char	   *out = result;
	bool		in_string = false;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (in_string && c != '"' && c < 0x80)
			out += sprintf(out, "\\u%04X", c);
		else
			*out++ = text[i];
		if (c == '"')
			in_string = !in_string;
	}
	*size = (size_t) (out - result);
	return result;
}

static void
test_escaped(const char *text, size_t length, bool accepted, const ecosys_statement_facts *facts,
			 const ecosys_fault *fault, const char *name)
{
	ecosys_statement_parser *other = ecosys_statement_parser_create(malloc, free);
	ecosys_statement_facts same;
	ecosys_fault same_fault;
	size_t		size;
	char	   *escaped;
	bool		valid;

	if (memchr(text, '\\', length) != NULL || (!accepted && fault->kind != ECOSYS_FAULT_RULE))
	{
		ecosys_statement_parser_destroy(other);
		return;
	}
	escaped = escape_all(text, length, &size);
	valid = ecosys_statement_parse(other, escaped, size, &same, &same_fault);
	CHECK_SAY(valid == accepted, "escaped: %s: %s", name, valid ? "accepted" : same_fault.rule);
	if (valid && accepted)
	{
		CHECK_SAY(same.actor == facts->actor && same.verb == facts->verb && same.object == facts->object &&
				  same.authority == facts->authority && same.n_mentions == facts->n_mentions, "escaped: %s", name);
		CHECK(same.timestamp == facts->timestamp && same.stored == facts->stored && same.is_voiding == facts->is_voiding &&
			  same.xapi_version == facts->xapi_version && memcmp(same.id, facts->id, 16) == 0);
		CHECK(same.n_related_activities == facts->n_related_activities && same.n_related_actors == facts->n_related_actors &&
			  memcmp(same.related_activities, facts->related_activities, same.n_related_activities * sizeof(int64_t)) == 0 &&
			  memcmp(same.related_actors, facts->related_actors, same.n_related_actors * sizeof(int64_t)) == 0);
	}
	else if (!valid && !accepted)
		CHECK_SAY(strcmp(same_fault.rule, fault->rule) == 0 && strcmp(same_fault.pointer, fault->pointer) == 0,
				  "escaped: %s: %s at %s", name, same_fault.rule, same_fault.pointer);
	free(escaped);
	ecosys_statement_parser_destroy(other);
}

/* Copy the value that comes next, with the members of every object in reverse order. */
static char *
reverse_value(ecosys_json_reader *reader, char *out)
{
	const char *text = reader->text;
	ecosys_json_string key[64];
	ecosys_span value[64];
	ecosys_span span;
	int			n = 0;

	if (ecosys_json_peek(reader) == ECOSYS_JSON_ARRAY)
	{
		*out++ = '[';
		ecosys_json_enter_array(reader);
		while (ecosys_json_next_element(reader))
		{
			if (n++ > 0)
				*out++ = ',';
			out = reverse_value(reader, out);
		}
		*out++ = ']';
		return out;
	}
	if (ecosys_json_peek(reader) != ECOSYS_JSON_OBJECT)
	{
		ecosys_json_skip(reader, &span);
		memcpy(out, text + span.offset, span.length);
		return out + span.length;
	}
	ecosys_json_enter_object(reader);
	while (n < 64 && ecosys_json_next_member(reader, &key[n]))
		ecosys_json_skip(reader, &value[n++]);
	*out++ = '{';
	while (n-- > 0)
	{
		ecosys_json_reader inner;

		memcpy(out, text + key[n].span.offset, key[n].span.length);
		out += key[n].span.length;
		*out++ = ':';
		ecosys_json_open(&inner, text + value[n].offset, value[n].length);
		out = reverse_value(&inner, out);
		if (n > 0)
			*out++ = ',';
	}
	*out++ = '}';
	return out;
}

typedef struct wanted_fault
{
	const ecosys_fault *fault;
	bool		found;
} wanted_fault;

static bool
look_for(void *arg, const ecosys_fault *fault)
{
	wanted_fault *wanted = arg;

	if (strcmp(fault->rule, wanted->fault->rule) == 0 && strcmp(fault->pointer, wanted->fault->pointer) == 0)
		wanted->found = true;
	return true;
}

/* The order of members (an objectType that comes last, a context before its object) changes nothing. */
static void
test_reversed(const char *text, size_t length, bool accepted, const ecosys_statement_facts *facts,
			  const ecosys_fault *fault, const char *name)
{
	ecosys_statement_parser *other;
	ecosys_statement_facts same;
	ecosys_fault same_fault;
	ecosys_json_reader reader;
	char	   *reversed;
	size_t		size;

	/* of a key given twice, the other one is now the second */
	if (!accepted && (fault->kind != ECOSYS_FAULT_RULE || strcmp(fault->rule, "property.duplicate") == 0))
		return;
	other = ecosys_statement_parser_create(malloc, free);
	reversed = malloc(length);
	ecosys_json_open(&reader, text, length);
	size = (size_t) (reverse_value(&reader, reversed) - reversed);
	if (accepted)
	{
		bool		valid = ecosys_statement_parse(other, reversed, size, &same, &same_fault);

		CHECK_SAY(valid, "reversed: %s: %s at %s", name, same_fault.rule, same_fault.pointer);
		if (valid)
		{
			CHECK_SAY(same.actor == facts->actor && same.verb == facts->verb && same.object == facts->object &&
					  same.object_type == facts->object_type && same.is_voiding == facts->is_voiding &&
					  same.n_mentions == facts->n_mentions, "reversed: %s", name);
			CHECK(same.n_related_activities == facts->n_related_activities && same.n_related_actors == facts->n_related_actors &&
				  memcmp(same.related_activities, facts->related_activities, same.n_related_activities * sizeof(int64_t)) == 0 &&
				  memcmp(same.related_actors, facts->related_actors, same.n_related_actors * sizeof(int64_t)) == 0);
		}
	}
	else
	{
		wanted_fault wanted = {fault, false};

		ecosys_statement_check(other, reversed, size, look_for, &wanted);
		CHECK_SAY(wanted.found, "reversed: %s", name);
	}
	free(reversed);
	ecosys_statement_parser_destroy(other);
}

static void
run_case(const char *line, size_t length, int number)
{
	size_t		size;
	size_t		text_size = 0;
	char	   *rule = member(line, length, "rule", &size);
	char	   *expect = member(line, length, "expect", &size);
	char	   *pointer = member(line, length, "pointer", &size);
	char	   *name = member(line, length, "name", &size);
	char	   *text = member(line, length, "text", &text_size);
	ecosys_statement_facts facts;
	ecosys_fault fault;
	bool		accepted;

	if (!rule || !expect || !pointer || !name || !text)
	{
		CHECK_SAY(false, "line %d is no case", number);
		return;
	}
	accepted = parse(text, text_size, &facts, &fault);
	if (strcmp(expect, "accepted") == 0)
		CHECK_SAY(accepted, "%d: %s: refused at %s by %s", number, name, fault.pointer, fault.rule);
	else
		CHECK_SAY(!accepted && strcmp(fault.rule, rule) == 0 && strcmp(fault.pointer, pointer) == 0,
				  "%d: %s: expected %s at \"%s\", got %s at \"%s\"", number, name, rule, pointer,
				  accepted ? "accepted" : fault.rule, accepted ? "" : fault.pointer);
	test_escaped(text, text_size, accepted, &facts, &fault, name);
	test_reversed(text, text_size, accepted, &facts, &fault, name);
	for (int i = 0; i < ECOSYS_N_RULES; i++)
	{
		if (strcmp(rule, rule_names[i]) == 0)
			*(strcmp(expect, "accepted") == 0 ? &accepted_by_rule[i] : &refused_by_rule[i]) = true;
	}
	free(rule);
	free(expect);
	free(pointer);
	free(name);
	free(text);
}

static void
run_cases(void)
{
	FILE	   *file = fopen(CASES, "r");
	char	   *line = NULL;
	size_t		allocated = 0;
	ssize_t		length;
	int			number = 0;

	CHECK(file != NULL);
	if (file == NULL)
		return;
	while ((length = getline(&line, &allocated, file)) > 0)
		run_case(line, (size_t) length, ++number);
	free(line);
	fclose(file);
	CHECK(number > 900);
	for (int i = 0; i < ECOSYS_N_RULES; i++)
	{
		CHECK_SAY(accepted_by_rule[i], "no accepted case for rule %s", rule_names[i]);
		CHECK_SAY(refused_by_rule[i], "no refused case for rule %s", rule_names[i]);
	}
}

/* A user can look up every rule. */
static void
test_document(void)
{
	static char document[100000];
	FILE	   *file = fopen(DOCUMENT, "r");
	size_t		length = file ? fread(document, 1, sizeof(document) - 1, file) : 0;

	CHECK(file != NULL && length > 0);
	if (file)
		fclose(file);
	for (int i = 0; i < ECOSYS_N_RULES; i++)
	{
		char		name[64];

		snprintf(name, sizeof(name), "`%s`", rule_names[i]);
		CHECK_SAY(strstr(document, name) != NULL, "no word about rule %s", rule_names[i]);
	}
}

/* ---- facts ---- */

static bool
span_is(const char *text, ecosys_span span, const char *expected)
{
	return span.length == strlen(expected) && memcmp(text + span.offset, expected, span.length) == 0;
}

static const char *const full =
"{\"id\":\"9B1DEB4D-3b7d-4bad-9bdd-2b0d7b3dcb6d\","
"\"actor\":{\"objectType\":\"Group\",\"name\":\"crew\",\"member\":[{\"mbox\":\"mailto:Ada@Example.COM\"},{\"mbox\":\"mailto:bob@example.com\"}]},"
"\"verb\":{\"id\":\"http:\\/\\/x\\/did\",\"display\":{\"en\":\"did\"}},"
"\"object\":{\"id\":\"http://x/course\",\"definition\":{\"name\":{\"en\":\"C\"}}},"
"\"result\":{\"score\":{\"scaled\":0.25,\"raw\":1,\"min\":0,\"max\":4},\"success\":true,\"completion\":false,\"response\":\"a\",\"duration\":\"P1Y2M3DT4H5M6.7891239S\"},"
"\"context\":{\"registration\":\"00000000-0000-0000-0000-0000000000ff\",\"instructor\":{\"account\":{\"name\":\"t\\u0031\",\"homePage\":\"http://h\"}},"
"\"platform\":\"lms\",\"language\":\"en\",\"revision\":\"r\",\"contextActivities\":{\"parent\":{\"id\":\"http://x/p\"},\"other\":[{\"id\":\"http://x/course\"}]},"
"\"contextAgents\":[{\"objectType\":\"contextAgent\",\"agent\":{\"openid\":\"http://o\"}}]},"
"\"timestamp\":\"2000-01-02T01:00:00.0000019+01:00\",\"stored\":\"1999-12-31T23:59:59.5Z\",\"version\":\"1.0.3\","
"\"authority\":{\"mbox_sha1sum\":\"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9\"},"
"\"attachments\":[]}";

/* Keys are on disk. These were computed with another implementation of XXH64 (in Python). */
#define KEY_ADA			INT64_C(-7439051711983166318)
#define KEY_BOB			INT64_C(-2917965625703511185)
#define KEY_T1			INT64_C(-1658214867746827898)
#define KEY_OPENID		INT64_C(2610981426488494558)
#define KEY_SHA1		INT64_C(-7441841288750019132)
#define KEY_CREW		INT64_C(6705458248770562708)
#define KEY_DID			INT64_C(7157809241988510503)
#define KEY_COURSE		INT64_C(6066812852259039716)
#define KEY_PARENT		INT64_C(-7988965159369638527)
#define KEY_STATEMENT	INT64_C(1029293913150278741)
#define KEY_SUBSTATEMENT INT64_C(-1692454323794337737)

static bool
contains(const int64_t *keys, uint32_t n, int64_t key)
{
	for (uint32_t i = 0; i < n; i++)
	{
		if (keys[i] == key)
			return true;
	}
	return false;
}

static void
test_facts(void)
{
	ecosys_statement_facts f;
	ecosys_fault fault;
	static const uint8_t id[16] = {0x9b, 0x1d, 0xeb, 0x4d, 0x3b, 0x7d, 0x4b, 0xad, 0x9b, 0xdd, 0x2b, 0x0d, 0x7b, 0x3d, 0xcb, 0x6d};
	static const struct
	{
		ecosys_mention_kind kind;
		ecosys_mention_role role;
		int64_t		key;
		const char *identifier;
		const char *description;
	}			mentions[] = {
		{ECOSYS_MENTION_GROUP, ECOSYS_ROLE_ACTOR, KEY_CREW, "", "\"crew\""},
		{ECOSYS_MENTION_AGENT, ECOSYS_ROLE_MEMBER, KEY_ADA, "\"mailto:Ada@Example.COM\"", ""},
		{ECOSYS_MENTION_AGENT, ECOSYS_ROLE_MEMBER, KEY_BOB, "\"mailto:bob@example.com\"", ""},
		{ECOSYS_MENTION_VERB, ECOSYS_ROLE_VERB, KEY_DID, "\"http:\\/\\/x\\/did\"", "{\"en\":\"did\"}"},
		{ECOSYS_MENTION_ACTIVITY, ECOSYS_ROLE_OBJECT, KEY_COURSE, "\"http://x/course\"", "{\"name\":{\"en\":\"C\"}}"},
		{ECOSYS_MENTION_AGENT, ECOSYS_ROLE_INSTRUCTOR, KEY_T1, "{\"name\":\"t\\u0031\",\"homePage\":\"http://h\"}", ""},
		{ECOSYS_MENTION_ACTIVITY, ECOSYS_ROLE_PARENT, KEY_PARENT, "\"http://x/p\"", ""},
		{ECOSYS_MENTION_ACTIVITY, ECOSYS_ROLE_OTHER, KEY_COURSE, "\"http://x/course\"", ""},
		{ECOSYS_MENTION_AGENT, ECOSYS_ROLE_CONTEXT_AGENT, KEY_OPENID, "\"http://o\"", ""},
		{ECOSYS_MENTION_AGENT, ECOSYS_ROLE_AUTHORITY, KEY_SHA1, "\"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9\"", ""},
	};

	if (!ecosys_statement_parse(parser, full, strlen(full), &f, &fault))
	{
		CHECK_SAY(false, "the full statement is refused: %s %s", fault.pointer, fault.rule);
		return;
	}
	CHECK(f.xapi_version == 2);
	CHECK(f.has_id && memcmp(f.id, id, 16) == 0);
	CHECK(f.has_timestamp && f.timestamp == INT64_C(86400000001));
	CHECK(f.has_stored && f.stored == -500000);
	CHECK(f.has_registration && f.registration[15] == 0xff && f.registration[0] == 0);
	CHECK(f.actor == KEY_CREW && f.verb == KEY_DID && f.object == KEY_COURSE);
	CHECK(f.has_authority && f.authority == KEY_SHA1);
	CHECK(f.object_type == ECOSYS_OBJECT_ACTIVITY && !f.is_voiding);
	CHECK(f.has_scaled && f.scaled == 0.25 && f.has_raw && f.raw == 1 && f.has_min && f.min == 0 && f.has_max && f.max == 4);
	CHECK(f.has_success && f.success && f.has_completion && !f.completion);
	CHECK(f.duration.given && f.duration.months == 14 && f.duration.days == 3 && f.duration.microseconds == INT64_C(14706789123));
	CHECK(span_is(full, f.response_value, "\"a\""));
	CHECK(span_is(full, f.duration_value, "\"P1Y2M3DT4H5M6.7891239S\""));
	CHECK(span_is(full, f.platform_value, "\"lms\""));
	CHECK(span_is(full, f.language_value, "\"en\""));
	CHECK(span_is(full, f.revision_value, "\"r\""));
	CHECK(span_is(full, f.version_value, "\"1.0.3\""));
	CHECK(span_is(full, f.attachments_value, "[]"));
	CHECK(span_is(full, f.verb_value, "{\"id\":\"http:\\/\\/x\\/did\",\"display\":{\"en\":\"did\"}}"));
	CHECK(span_is(full, f.id_value, "\"9B1DEB4D-3b7d-4bad-9bdd-2b0d7b3dcb6d\""));
	CHECK(full[f.actor_value.offset] == '{' && full[f.object_value.offset] == '{' && full[f.result_value.offset] == '{' &&
		  full[f.context_value.offset] == '{' && full[f.authority_value.offset] == '{' &&
		  full[f.timestamp_value.offset] == '"' && full[f.stored_value.offset] == '"');

	CHECK(f.n_mentions == sizeof(mentions) / sizeof(mentions[0]));
	for (uint32_t i = 0; i < f.n_mentions && i < sizeof(mentions) / sizeof(mentions[0]); i++)
	{
		const ecosys_mention *m = &f.mentions[i];

		CHECK_SAY(m->kind == mentions[i].kind && m->role == mentions[i].role, "mention %u", i);
		CHECK_SAY(m->key == mentions[i].key, "mention %u has key %lld", i, (long long) m->key);
		CHECK_SAY(span_is(full, m->identifier, mentions[i].identifier), "mention %u: identifier", i);
		CHECK_SAY(span_is(full, m->description, mentions[i].description), "mention %u: description", i);
		CHECK(full[m->object.offset] == '{' && full[m->object.offset + m->object.length - 1] == '}');
		CHECK(!m->in_substatement);
	}
	CHECK(f.n_related_activities == 2 && contains(f.related_activities, 2, KEY_COURSE) && contains(f.related_activities, 2, KEY_PARENT));
	CHECK(f.n_related_actors == 5 && !contains(f.related_actors, 5, KEY_CREW) && contains(f.related_actors, 5, KEY_ADA) &&
		  contains(f.related_actors, 5, KEY_SHA1));
	for (uint32_t i = 1; i < f.n_related_actors; i++)
		CHECK(f.related_actors[i - 1] < f.related_actors[i]);
}

static void
test_substatement_facts(void)
{
	static const char *const text =
	"{\"actor\":{\"mbox\":\"mailto:Ada@example.com\"},\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/voided\"},"
	"\"object\":{\"id\":\"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\",\"objectType\":\"StatementRef\"}}";
	static const char *const sub =
	"{\"actor\":{\"mbox\":\"mailto:bob@example.com\"},\"verb\":{\"id\":\"http://x/plans\"},\"object\":{"
	"\"timestamp\":\"2027-01-01T00:00:00Z\",\"result\":{\"score\":{\"scaled\":1},\"success\":true,\"duration\":\"PT1S\",\"response\":\"x\"},"
	"\"context\":{\"registration\":\"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d\",\"platform\":\"p\",\"contextActivities\":{\"parent\":{\"id\":\"http://x/p\"}}},"
	"\"verb\":{\"id\":\"http://x/did\"},\"object\":{\"id\":\"http://x/course\"},\"actor\":{\"mbox\":\"mailto:Ada@EXAMPLE.com\"},\"objectType\":\"SubStatement\"}}";
	ecosys_statement_facts f;
	ecosys_fault fault;

	CHECK(ecosys_statement_parse(parser, text, strlen(text), &f, &fault));
	CHECK(f.xapi_version == 1 && f.is_voiding && f.object_type == ECOSYS_OBJECT_STATEMENT_REF);
	CHECK(f.object == KEY_STATEMENT && f.object_statement_id[0] == 0x9b && f.actor == KEY_ADA);
	CHECK(f.n_mentions == 2 && f.n_related_activities == 0 && f.n_related_actors == 1);
	CHECK(!f.has_id && !f.has_timestamp && !f.has_authority && !f.has_scaled && !f.duration.given && f.result_value.length == 0);

	CHECK(ecosys_statement_parse(parser, sub, strlen(sub), &f, &fault));
	CHECK(f.object_type == ECOSYS_OBJECT_SUBSTATEMENT && f.object == KEY_SUBSTATEMENT && f.actor == KEY_BOB && !f.is_voiding);
	/* nothing of the SubStatement is told of the statement */
	CHECK(!f.has_timestamp && !f.has_scaled && !f.has_success && !f.duration.given && !f.has_registration);
	CHECK(f.response_value.length == 0 && f.platform_value.length == 0 && f.result_value.length == 0 && f.context_value.length == 0);
	CHECK(f.n_mentions == 6);
	for (uint32_t i = 0; i < f.n_mentions; i++)
		CHECK(f.mentions[i].in_substatement == (i >= 2));
	CHECK(f.n_related_activities == 2 && f.n_related_actors == 2 && contains(f.related_actors, 2, KEY_ADA));
	CHECK(f.n_parties == 0);
}

static void
test_parties(void)
{
#define PARTIES(actor, object, rest) \
	"{\"actor\":" actor ",\"verb\":{\"id\":\"http://x/did\"},\"object\":" object rest "}"
#define ADA "{\"mbox\":\"mailto:Ada@example.com\"}"
#define BOB_TYPED "{\"objectType\":\"Agent\",\"mbox\":\"mailto:bob@example.com\"}"
#define BOB_ACTS "{\"objectType\":\"SubStatement\",\"actor\":{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:bob@example.com\"}]}," \
	"\"verb\":{\"id\":\"http://x/did\"},\"object\":{\"id\":\"http://x/course\"}}"
#define COURSE "{\"id\":\"http://x/course\"}"
#define TEAM ",\"context\":{\"team\":{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:bob@example.com\"}]}}"
	static const struct
	{
		const char *text;
		uint32_t	n;
		bool		ada;
		bool		bob;
	}			cases[] = {
		{PARTIES(ADA, COURSE, ""), 0, false, false},
		{PARTIES(ADA, COURSE, TEAM), 0, false, false},
		{PARTIES(ADA, BOB_ACTS, ""), 0, false, false},
		{PARTIES(ADA, BOB_TYPED, ""), 2, true, true},
		{PARTIES(BOB_TYPED, BOB_TYPED, ""), 0, false, false},
		{PARTIES("{\"objectType\":\"Group\",\"member\":[" ADA "]}", COURSE, TEAM), 1, true, false},
		{PARTIES("{\"objectType\":\"Group\",\"mbox\":\"mailto:g@x.io\",\"member\":[" ADA "]}", COURSE, ""), 2, true, false},
		{PARTIES("{\"objectType\":\"Group\",\"mbox\":\"mailto:g@x.io\"}", COURSE, ""), 0, false, false},
		{PARTIES(ADA, "{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:bob@example.com\"}]}", ""), 2, true, true}
	};
	ecosys_statement_facts f;
	ecosys_fault fault;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		CHECK_SAY(ecosys_statement_parse(parser, cases[i].text, strlen(cases[i].text), &f, &fault), "parties %zu", i);
		CHECK_SAY(f.n_parties == cases[i].n, "parties %zu: %u", i, f.n_parties);
		CHECK_SAY(contains(f.parties, f.n_parties, KEY_ADA) == cases[i].ada, "parties %zu", i);
		CHECK_SAY(contains(f.parties, f.n_parties, KEY_BOB) == cases[i].bob, "parties %zu", i);
	}
}

static void
test_group_keys(void)
{
	ecosys_mention a;
	ecosys_mention b;
	ecosys_fault fault;
	static const char *const one = "{\"objectType\":\"Group\",\"member\":[{\"mbox\":\"mailto:a@x.io\"},{\"mbox\":\"mailto:b@x.io\"}]}";
	static const char *const other =
	"{\"member\":[{\"mbox\":\"mailto:b@X.io\"},{\"mbox\":\"mailto:a@x.io\",\"name\":\"A\"},{\"mbox\":\"mailto:b@x.io\"}],\"name\":\"n\",\"objectType\":\"Group\"}";

	CHECK(ecosys_actor_parse(parser, one, strlen(one), false, &a, &fault));
	CHECK(ecosys_actor_parse(parser, other, strlen(other), false, &b, &fault));
	CHECK(a.key == b.key && a.kind == ECOSYS_MENTION_GROUP && a.identifier.length == 0);
	CHECK(b.description.length == 3 && b.object.offset == 0 && b.object.length == strlen(other));
}

static void
test_actor_parse(void)
{
	ecosys_mention m;
	ecosys_fault fault;

	CHECK(ecosys_actor_parse(parser, "mailto:Ada@EXAMPLE.com", 22, true, &m, &fault));
	CHECK(m.key == KEY_ADA && m.identifier.length == 22 && m.kind == ECOSYS_MENTION_AGENT);
	CHECK(!ecosys_actor_parse(parser, "mailto:Ada@EXAMPLE.com", 22, false, &m, &fault) && fault.kind == ECOSYS_FAULT_JSON);
	CHECK(!ecosys_actor_parse(parser, "mailto:Ada", 10, true, &m, &fault) && strcmp(fault.rule, "format.mbox") == 0);
	CHECK(!ecosys_actor_parse(parser, "mailto:a\xff@b.c", 13, true, &m, &fault) && fault.kind == ECOSYS_FAULT_ENCODING);
	{
		/* found by fuzzing: what looks like JSON in a text that is none */
		static const char bytes[] = "mailto:u*e,\"cont\":{\"c\\ud83d\\u0nt\":{\"c\\ud83d\\u0\".\xe5";
		char	   *copy = exact_copy(bytes, sizeof(bytes) - 1);

		CHECK(!ecosys_actor_parse(parser, copy, sizeof(bytes) - 1, true, &m, &fault) && fault.kind == ECOSYS_FAULT_ENCODING);
		CHECK(fault.pointer[0] == '\0' && fault.offset == sizeof(bytes) - 2);
		free(copy);
	}
	CHECK(ecosys_actor_parse(parser, " {\"mbox\" : \"mailto:Ada@example.com\"} ", 37, true, &m, &fault));
	CHECK(m.key == KEY_ADA && m.object.offset == 1 && m.object.length == 35);
	CHECK(!ecosys_actor_parse(parser, "{\"objectType\":\"Activity\",\"id\":\"a:b\"}", 36, false, &m, &fault));
	CHECK(!ecosys_actor_parse(parser, "{\"mbox\":\"mailto:Ada@example.com\"} x", 35, false, &m, &fault) && fault.kind == ECOSYS_FAULT_JSON);
	CHECK(!ecosys_actor_parse(parser, "", 0, true, &m, &fault) && fault.kind == ECOSYS_FAULT_JSON);
	CHECK(!ecosys_actor_parse(parser, "{\"name\":\"x\"}", 12, false, &m, &fault) && strcmp(fault.rule, "agent.ifi") == 0);
}

/* All faults at once, in the order of the text. */
static void
test_check(void)
{
	static const char *const text =
	"{\"id\":\"x\",\"foo\":1,\"actor\":{\"name\":1},\"verb\":{},\"object\":{\"id\":null},\"result\":{\"score\":{\"scaled\":2}}}";
	fault_list	list = {.ordered = true};
	size_t		n = ecosys_statement_check(parser, text, strlen(text), collect, &list);

	CHECK(n == 7 && list.n == 7 && list.ordered);
	CHECK(strcmp(list.first.rule, "format.uuid") == 0 && strcmp(list.first.pointer, "/id") == 0);
	CHECK(strcmp(list.last.rule, "score.scaled") == 0);
	/* nothing of the text but keys is in a fault */
	CHECK(strstr(list.first.message, "x\"") == NULL);
}

static void
test_encoding(void)
{
	static const struct
	{
		const char *bytes;
		int			length;
		bool		ok;
	}			pieces[] = {
		{"\xc3\xa9", 2, true}, {"\xe2\x82\xac", 3, true}, {"\xf0\x9f\x98\x80", 4, true}, {"\xf4\x8f\xbf\xbf", 4, true}, {"\xef\xbf\xbf", 3, true},
		{"\xc0\x80", 2, false}, {"\xc1\xbf", 2, false}, {"\xe0\x9f\xbf", 3, false}, {"\xf0\x8f\xbf\xbf", 4, false},	/* overlong */
		{"\xed\xa0\x80", 3, false}, {"\xed\xbf\xbf", 3, false},	/* surrogates */
		{"\xed\xa0\xbd\xed\xb8\x80", 6, false},	/* CESU-8 */
		{"\xf4\x90\x80\x80", 4, false}, {"\xf5\x80\x80\x80", 4, false}, {"\xff", 1, false}, {"\x80", 1, false},
		{"\xc3", 1, false}, {"\xe2\x82", 2, false}, {"\xf0\x9f\x98", 3, false},	/* truncated */
		{"\0", 1, false}
	};
	/* where: a value, a key of a map, deep in an extension, a plain key, between tokens */
	static const char *const places[] = {
		"{\"actor\":{\"name\":\"%\",\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"}}",
		"{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"},\"context\":{\"extensions\":{\"a:%\":1}}}",
		"{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"},\"context\":{\"extensions\":{\"a:b\":[[\"12345678%\"]]}}}",
		"{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"},\"%\":1}",
		"{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"}%}",
	};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
	{
		for (size_t j = 0; j < sizeof(places) / sizeof(places[0]); j++)
		{
			char		text[512];
			const char *mark = strchr(places[j], '%');
			size_t		before = (size_t) (mark - places[j]);
			size_t		after = strlen(mark + 1);
			ecosys_statement_facts facts;
			ecosys_fault fault;
			bool		ok;

			memcpy(text, places[j], before);
			memcpy(text + before, pieces[i].bytes, (size_t) pieces[i].length);
			memcpy(text + before + pieces[i].length, mark + 1, after);
			ok = parse(text, before + (size_t) pieces[i].length + after, &facts, &fault);
			if (!pieces[i].ok)
				CHECK_SAY(!ok && fault.kind == ECOSYS_FAULT_ENCODING && fault.offset == before, "piece %zu in place %zu", i, j);
			else if (j < 3 && i != 4)
				CHECK_SAY(ok, "piece %zu in place %zu: %s", i, j, fault.rule);
			else if (j == 3)
				CHECK(!ok && fault.kind == ECOSYS_FAULT_RULE);
			else if (j == 4)
				CHECK(!ok && fault.kind == ECOSYS_FAULT_JSON);
		}
	}
}

/* Every beginning of a statement is refused, whole ones only are not. */
static void
test_truncated(void)
{
	ecosys_statement_facts facts;
	ecosys_fault fault;

	for (size_t length = 0; length < strlen(full); length++)
		CHECK(!parse(full, length, &facts, &fault) && fault.kind == ECOSYS_FAULT_JSON);
	CHECK(parse(full, strlen(full), &facts, &fault));
}

int
main(void)
{
	parser = ecosys_statement_parser_create(malloc, free);
	run_cases();
	test_document();
	test_facts();
	test_substatement_facts();
	test_parties();
	test_group_keys();
	test_actor_parse();
	test_check();
	test_encoding();
	test_truncated();
	CHECK(valid("{\"actor\":{\"mbox\":\"mailto:a@b.io\"},\"verb\":{\"id\":\"a:b\"},\"object\":{\"id\":\"a:b\"}}"));
	ecosys_statement_parser_destroy(parser);
	return report("statement_parse");
}
