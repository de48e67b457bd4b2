/*
 * statement_pack_test.c - texts come back byte for byte from the stored fields
 * and the kept text, and no bytes whatever are read beyond their end.
 */
#include "check.h"

#include <stdint.h>

#include "base/hash_key.h"
#include "statement/statement.h"
#include "statement/statement_verb.h"

#define AGENT "\"actor\":{\"mbox\":\"mailto:a@example.com\"},\"verb\":{\"id\":\"http://example.com/v\"}"
#define OBJECT "\"object\":{\"id\":\"http://example.com/o\"}"
#define ID "1f96b0af-de20-48ab-b32c-861c31684896"

static ecosys_statement_parser *parser;
static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

typedef struct packed
{
	ecosys_statement_header header;
	char	   *text;
	char	   *kept;
	uint8_t		uuids[16 * ECOSYS_STATEMENT_MAX_UUIDS];
} packed;

static packed *
pack(const char *text)
{
	packed	   *result = calloc(1, sizeof(packed));
	size_t		length = strlen(text);
	ecosys_statement_facts facts;
	ecosys_fault fault;

	result->text = exact_copy(text, length);
	result->kept = malloc(length);
	if (!ecosys_statement_parse(parser, result->text, length, &facts, &fault))
	{
		CHECK_SAY(false, "%s at %s: %s", text, fault.pointer, fault.message);
		exit(1);
	}
	ecosys_statement_pack(result->text, length, &facts, &result->header, result->kept, result->uuids);
	return result;
}

static void
release(packed *statement)
{
	free(statement->text);
	free(statement->kept);
	free(statement);
}

/* The stored bytes with a plain payload; returns their size. */
static size_t
store(packed *statement, uint8_t **bytes)
{
	size_t		size = ecosys_statement_header_size(&statement->header) + statement->header.kept_length;
	size_t		written;

	*bytes = malloc(size);
	written = ecosys_statement_header_write(&statement->header, *bytes);
	CHECK(written + statement->header.kept_length <= size);
	memcpy(*bytes + written, statement->kept, statement->header.kept_length);
	return written + statement->header.kept_length;
}

/* Text out of stored bytes, to be freed. */
static char *
text_of(const uint8_t *bytes, size_t size, bool completed)
{
	ecosys_statement_header header;
	size_t		length;
	char	   *text;

	if (!ecosys_statement_header_read(bytes, size, &header) ||
		!ecosys_statement_unpacked_size(&header, (const char *) header.payload, completed, &length))
		return NULL;
	text = malloc(length + 1);
	ecosys_statement_unpack(&header, (const char *) header.payload, completed, text);
	text[length] = '\0';
	return text;
}

static const char *const texts[] = {
	"{" AGENT "," OBJECT "}",
	" \t{ " AGENT "," OBJECT "} \n",
	"{\"id\":\"" ID "\"," AGENT "," OBJECT "}",
	"{\"id\":\"1F96B0AF-de20-48ab-b32c-861c31684896\"," AGENT "," OBJECT "}",
	"{\"\\u0069d\":\"\\u0031f96b0af-de20-48ab-b32c-861c31684896\"," AGENT "," OBJECT "}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05Z\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05.1Z\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05.123456+05:45\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05.1234567+01:00\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05+00:07\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05+0100\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2026-11-24T15:04:05-11:30\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"2016-12-31T23:59:60Z\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"0000-01-01T00:00:00Z\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"0000-03-02T00:00:00+14:00\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"9999-12-31T23:59:59.999999Z\"}",
	"{" AGENT "," OBJECT ",\"timestamp\":\"1600-02-29T00:00:00.000Z\"}",
	"{\"stored\":\"2026-11-24T15:04:05.12Z\",\"timestamp\":\"2024-02-29T23:59:59.999+14:00\"," AGENT "," OBJECT "}",
	"{\"timestamp\":\"2024-02-29T23:59:59.999+14:00\",\"stored\":\"2026-11-24T15:04:05.120000000Z\"," AGENT "," OBJECT "}",
	"{" AGENT ",\"object\":{\"objectType\":\"StatementRef\",\"id\":\"" ID "\"}}",
	"{\"id\":\"" ID "\"," AGENT ",\"object\":{\"objectType\":\"StatementRef\",\"id\":\"" ID "\"}}",
	"{" AGENT "," OBJECT ",\"context\":{\"registration\":\"" ID "\",\"extensions\":{\"a:b\":\"" ID ID "0" ID "-" ID "\"}}}",
	"{" AGENT "," OBJECT ",\"context\":{\"extensions\":{\"a:b\":\"\\u1f96b0af-de20-48ab-b32c-861c31684896\"}}}",
	"{" AGENT "," OBJECT ",\"context\":{\"extensions\":{\"a:b\":[\"\\u0000\",\"\\ud800\",1.50e+1,1e999999,-0.0,\"\x7f\",\"--------------------------------------\"]}}}",
	"{" AGENT "," OBJECT ",\"result\":{\"score\":{\"raw\":7,\"min\":5,\"max\":9},\"duration\":\"P1Y2M3DT4H5M6.789S\",\"success\":false,\"completion\":true}}",
	"{" AGENT "," OBJECT ",\"result\":{\"score\":{\"raw\":1e308,\"min\":-1e308,\"max\":1.5e308},\"duration\":\"PT0S\"}}",
};

static void
test_round_trips(void)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		packed	   *statement = pack(texts[i]);
		uint8_t    *bytes;
		size_t		size = store(statement, &bytes);
		char	   *text = text_of(bytes, size, true);

		CHECK_SAY(text != NULL && strcmp(text, texts[i]) == 0, "%s became %s", texts[i], text ? text : "nothing");
		free(text);
		free(bytes);
		release(statement);
	}
}

/* Many UUIDs, the same ones and others: what does not fit stays in the text. */
static void
test_many_uuids(void)
{
	for (int n = 0; n < 40; n++)
	{
		char		text[4096] = "{" AGENT "," OBJECT ",\"context\":{\"extensions\":{\"a:b\":[0";
		packed	   *statement;
		uint8_t    *bytes;
		char	   *back;
		size_t		size;

		for (int i = 0; i < n; i++)
			sprintf(text + strlen(text), ",\"%08x-0000-4000-8000-%012x\"", i % 25, i % 25);
		strcat(text, "]}}}");
		statement = pack(text);
		CHECK(statement->header.n_uuids == (n < ECOSYS_STATEMENT_MAX_UUIDS ? n : ECOSYS_STATEMENT_MAX_UUIDS));
		size = store(statement, &bytes);
		back = text_of(bytes, size, true);
		CHECK(back != NULL && strcmp(back, text) == 0);
		free(back);
		free(bytes);
		release(statement);
	}
}

static void
expect_completed(const char *text, int64_t stored, const char *expected, const char *received)
{
	packed	   *statement = pack(text);
	uint8_t		id[16];
	uint8_t    *bytes;
	size_t		size;
	char	   *back;

	memset(id, 0xAB, sizeof(id));
	if (!(statement->header.flags & ECOSYS_STATEMENT_ID))
		ecosys_statement_set_id(&statement->header, id);
	if (!(statement->header.flags & ECOSYS_STATEMENT_TIMESTAMP))
		ecosys_statement_set_timestamp(&statement->header, stored);
	ecosys_statement_set_stored(&statement->header, 0);
	ecosys_statement_set_stored(&statement->header, stored);
	size = store(statement, &bytes);
	back = text_of(bytes, size, true);
	CHECK_SAY(back != NULL && strcmp(back, expected) == 0, "%s", back ? back : "nothing");
	free(back);
	back = text_of(bytes, size, false);
	CHECK_SAY(back != NULL && strcmp(back, received) == 0, "%s", back ? back : "nothing");
	free(back);
	free(bytes);
	release(statement);
}

static void
test_completion(void)
{
	expect_completed(" { " AGENT "," OBJECT "}", 1,
					 " {\"id\":\"abababab-abab-abab-abab-abababababab\",\"timestamp\":\"2000-01-01T00:00:00.000001Z\","
					 "\"stored\":\"2000-01-01T00:00:00.000001Z\", " AGENT "," OBJECT "}",
					 " { " AGENT "," OBJECT "}");
	expect_completed("{\"id\":\"" ID "\",\"stored\" : \"2026-11-24T15:04:05.12Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}", -1,
					 "{\"id\":\"" ID "\",\"stored\" : \"1999-12-31T23:59:59.999999Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}",
					 "{\"id\":\"" ID "\",\"stored\" : \"1999-12-31T23:59:59.999999Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}");
	expect_completed("{\"id\":\"" ID "\",\"stored\":\"2026-11-24T15:04:05.1234567890Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}", 0,
					 "{\"id\":\"" ID "\",\"stored\":\"2000-01-01T00:00:00.000000Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}",
					 "{\"id\":\"" ID "\",\"stored\":\"2000-01-01T00:00:00.000000Z\",\"timestamp\":\"2026-11-24T15:04:05Z\"," AGENT "," OBJECT "}");
}

/* Scores and durations leave the text where they print as they were spelled, and come back in any case. */
static void
test_spellings(void)
{
	static const struct
	{
		const char *scaled;
		const char *duration;
		bool		scaled_printed;
		bool		duration_printed;
	}			cases[] = {
		{"0", "PT0S", true, true},
		{"1", "PT52S", true, true},
		{"0.5", "PT4M35.2S", true, true},
		{"0.85", "PT1H2M3.123456S", true, true},
		{"1.0", "PT90M", true, true},
		{"0.850", "PT1H1S", true, true},
		{"0.9999", "PT0H0M0S", true, true},
		{"1.0000", "PT1.500S", true, true},
		{"0.0000", "PT99999999H", true, true},
		{"0.12345", "PT1.1234567S", false, false},
		{"-0.5", "PT05M", false, false},
		{"-0", "P1DT2H", false, false},
		{"1e0", "PT0001S", false, false},
		{"5e-1", "P1Y2M", false, false},
		{"0.5E0", "P3W", false, false},
		{"-1.0", "PT999999999999999999999H", false, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char		text[512];
		packed	   *statement;
		uint8_t    *bytes;
		size_t		size;
		char	   *back;
		ecosys_statement_header header;

		snprintf(text, sizeof(text), "{" AGENT "," OBJECT ",\"result\":{\"score\":{\"scaled\":%s},\"duration\":\"%s\"}}",
				 cases[i].scaled, cases[i].duration);
		statement = pack(text);
		size = store(statement, &bytes);
		back = text_of(bytes, size, true);
		CHECK_SAY(back != NULL && strcmp(back, text) == 0, "%s became %s", text, back ? back : "nothing");
		CHECK_SAY(cases[i].scaled_printed == ((statement->header.flags & ECOSYS_STATEMENT_SCALED_PRINTED) != 0),
				  "%s", cases[i].scaled);
		CHECK_SAY(cases[i].duration_printed == ((statement->header.flags & ECOSYS_STATEMENT_DURATION_PRINTED) != 0),
				  "%s", cases[i].duration);
		CHECK(ecosys_statement_facts_read(bytes, size, &header));
		CHECK(header.scaled == strtod(cases[i].scaled, NULL));
		CHECK(header.duration_microseconds == statement->header.duration_microseconds &&
			  header.duration_days == statement->header.duration_days &&
			  header.duration_months == statement->header.duration_months);
		free(back);
		free(bytes);
		release(statement);
	}
}

/* Each listed verb has one number, and a statement of it the same key as of any other. */
static void
test_verbs(void)
{
	static const char text[] = "{\"actor\":{\"mbox\":\"mailto:a@example.com\"},\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/passed\"}," OBJECT "}";
	int64_t		key = ecosys_hash_key(ECOSYS_KEY_VERB, "http://adlnet.gov/expapi/verbs/passed", 37);
	packed	   *statement = pack(text);
	uint8_t    *bytes;
	size_t		size = store(statement, &bytes);
	ecosys_statement_header header;

	CHECK(ecosys_statement_facts_read(bytes, size, &header));
	CHECK((header.flags & ECOSYS_STATEMENT_VERB_LISTED) && header.verb == key);
	CHECK(ecosys_verbs_listed() > 100 && ecosys_verbs_listed() < 255);
	for (int i = 0; i < ecosys_verbs_listed(); i++)
		CHECK_SAY(ecosys_verb_number(ecosys_verb_listed_key(i)) == i, "verb %d", i);
	CHECK(ecosys_verb_number(key + 1) == -1);
	free(bytes);
	release(statement);
}

static void
test_facts(void)
{
	packed	   *statement = pack(texts[24]);
	uint8_t    *bytes;
	size_t		size = store(statement, &bytes);
	ecosys_statement_header header;

	/* the facts alone, from the first bytes */
	CHECK(ecosys_statement_facts_read(bytes, size < ECOSYS_STATEMENT_FACTS_SIZE ? size : ECOSYS_STATEMENT_FACTS_SIZE, &header));
	CHECK(!(header.flags & (ECOSYS_STATEMENT_SCALED | ECOSYS_STATEMENT_VERB_LISTED | ECOSYS_STATEMENT_ID)));
	CHECK(header.duration_months == 14 && header.duration_days == 3 && header.duration_microseconds == INT64_C(14706789000));
	CHECK((header.flags & ECOSYS_STATEMENT_SUCCESS_GIVEN) && !(header.flags & ECOSYS_STATEMENT_SUCCESS));
	CHECK((header.flags & ECOSYS_STATEMENT_COMPLETION_GIVEN) && (header.flags & ECOSYS_STATEMENT_COMPLETION));
	CHECK(header.verb == ecosys_hash_key(ECOSYS_KEY_VERB, "http://example.com/v", 20));
	free(bytes);
	release(statement);
}

/* Random edits of good bytes, and cuts: read or refused, never beyond the end. */
static void
test_hostile_bytes(void)
{
	int			accepted = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		packed	   *statement = pack(texts[i]);
		uint8_t    *bytes;
		size_t		size = store(statement, &bytes);

		for (int round = 0; round < 3000; round++)
		{
			size_t		cut = random_below(3) == 0 ? random_below((uint32_t) size + 1) : size;
			uint8_t    *edited = (uint8_t *) exact_copy((char *) bytes, cut);
			ecosys_statement_header header;
			char	   *text;

			for (int edits = random_below(4); cut > 0 && edits >= 0; edits--)
				edited[random_below(random_below(2) && cut > 60 ? 60 : (uint32_t) cut)] = (uint8_t) random_below(256);
			ecosys_statement_facts_read(edited, cut < ECOSYS_STATEMENT_FACTS_SIZE ? cut : ECOSYS_STATEMENT_FACTS_SIZE, &header);
			/* only a plain payload is the kept text itself */
			if (ecosys_statement_header_read(edited, cut, &header) && header.form == ECOSYS_FORM_PLAIN)
			{
				text = text_of(edited, cut, true);
				accepted += text != NULL;
				free(text);
			}
			free(edited);
		}
		free(bytes);
		release(statement);
	}
	CHECK(accepted > 1000);
}

/* Each time prints and parses back in every style. */
static void
test_times(void)
{
	for (int i = 0; i < 20000; i++)
	{
		int64_t		time = (int64_t) ((uint64_t) random_below(UINT32_MAX) << 32 | random_below(UINT32_MAX)) % INT64_C(252000000000000000);
		ecosys_time_style style = {(uint8_t) random_below(7), (int8_t) ((int) random_below(113) - 56)};
		char		printed[ECOSYS_TIME_SIZE];
		char		text[512];
		packed	   *statement;

		if (random_below(4) == 0)
			style.zone = ECOSYS_TIME_ZULU;
		if (!ecosys_time_printable(time, style))
			continue;
		ecosys_time_print(time, style, printed);
		if (strstr(printed, "-00:00") != NULL && strcmp(printed + strlen(printed) - 6, "-00:00") == 0)
			continue;
		snprintf(text, sizeof(text), "{" AGENT "," OBJECT ",\"timestamp\":\"%s\"}", printed);
		statement = pack(text);
		CHECK_SAY(!(statement->header.flags & ECOSYS_STATEMENT_TIMESTAMP_IN_TEXT), "%s", printed);
		{
			static const int64_t units[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
			int64_t		rest = time - statement->header.timestamp;

			CHECK_SAY(rest >= 0 && rest < units[style.digits], "%s", printed);
		}
		if (i % 4 == 0)
		{
			/* as bytes, and with a `stored` of any distance */
			int64_t		stored = random_below(2) ? statement->header.timestamp + random_below(UINT32_MAX) : 0;
			ecosys_statement_header header;
			uint8_t    *bytes;
			size_t		size;
			char	   *back;

			if (ecosys_time_printable(stored, (ecosys_time_style) {6, ECOSYS_TIME_ZULU}))
				ecosys_statement_set_stored(&statement->header, stored);
			size = store(statement, &bytes);
			back = text_of(bytes, size, false);
			CHECK_SAY(back != NULL && strcmp(back, text) == 0, "%s became %s", text, back ? back : "nothing");
			CHECK(ecosys_statement_facts_read(bytes, size, &header) &&
				  header.timestamp == statement->header.timestamp && header.stored == statement->header.stored);
			free(back);
			free(bytes);
		}
		release(statement);
	}
}

int
main(void)
{
	parser = ecosys_statement_parser_create(malloc, free);
	test_round_trips();
	test_many_uuids();
	test_completion();
	test_spellings();
	test_verbs();
	test_facts();
	test_hostile_bytes();
	test_times();
	ecosys_statement_parser_destroy(parser);
	return report("statement_pack");
}
