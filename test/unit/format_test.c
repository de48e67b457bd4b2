/*
 * format_test.c - what the formats of xAPI mean: times, durations, actor keys, names of properties.
 *
 * Which texts they take and refuse is in test/data/statement_cases.jsonl.
 */
#include "check.h"

#include <stdint.h>
#include <time.h>

#include "actor/actor_key.h"
#include "base/duration.h"
#include "base/hash_key.h"
#include "base/timestamp.h"
#include "base/uuid.h"
#include "statement/statement_schema.h"

#define MICROS INT64_C(1000000)
#define POSTGRES_EPOCH INT64_C(946684800)	/* 2000-01-01 in seconds since 1970 */

#define YEAR_0 INT64_C(-62167219200)	/* beginnings, in seconds since 1970 */
#define YEAR_10000 INT64_C(253402300800)

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

static int64_t
timestamp(const char *text)
{
	int64_t		value = INT64_MIN;

	CHECK_SAY(ecosys_timestamp_parse(text, strlen(text), &value), "%s", text);
	return value;
}

static void
test_timestamps(void)
{
	CHECK(timestamp("2000-01-01T00:00:00Z") == 0);
	CHECK(timestamp("1999-12-31T23:59:59.999999Z") == -1);
	CHECK(timestamp("2000-01-01T00:00:00.0000019Z") == 1);	/* cut */
	CHECK(timestamp("2000-01-01T00:00:00.1Z") == 100000);
	CHECK(timestamp("2000-01-01T01:30:00+01:30") == 0);
	CHECK(timestamp("1999-12-31T19:00:00-0500") == 0);
	CHECK(timestamp("1999-12-31T19:00:00-05") == 0);
	CHECK(timestamp("2000-01-01T00:00:00") == 0);	/* no offset: UTC */
	CHECK(timestamp("2016-12-31T23:59:60Z") == timestamp("2017-01-01T00:00:00Z"));
	CHECK(timestamp("2016-12-31T15:59:60.5-08:00") == timestamp("2017-01-01T00:00:00.5Z"));
	/* against the C library, over all years that four digits write */
	for (int i = 0; i < 100000; i++)
	{
		int64_t		some = (int64_t) random_below(1u << 31) << 10 | random_below(1u << 10);
		time_t		second = (time_t) (YEAR_0 + some % (YEAR_10000 - YEAR_0));
		struct tm	tm;
		char		text[64];
		int			offset = (int) random_below(2 * 1439 + 1) - 1439;

		gmtime_r(&second, &tm);
		snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
				 tm.tm_hour, tm.tm_min, tm.tm_sec, offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60);
		if (timestamp(text) != ((int64_t) second - POSTGRES_EPOCH - offset * 60) * MICROS)
			CHECK_SAY(false, "%s is not %lld", text, (long long) second);
	}
	/* each day of four centuries follows the one before */
	{
		int64_t		last = timestamp("1999-12-31T00:00:00Z");

		for (int year = 2000; year < 2400; year++)
		{
			for (int month = 1; month <= 12; month++)
			{
				for (int day = 1; day <= 31; day++)
				{
					char		text[64];
					int64_t		value;

					snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00Z", year, month, day);
					if (!ecosys_timestamp_parse(text, strlen(text), &value))
						continue;
					if (value != last + 86400 * MICROS)
						CHECK_SAY(false, "%s", text);
					last = value;
				}
			}
		}
		CHECK(last == timestamp("2399-12-31T00:00:00Z"));
	}
}

static void
duration_is(const char *text, int32_t months, int64_t days, int64_t microseconds)
{
	ecosys_duration d;

	CHECK_SAY(ecosys_duration_parse(text, strlen(text), &d) && d.given && d.months == months && d.days == days &&
			  d.microseconds == microseconds, "%s", text);
}

static void
test_durations(void)
{
	duration_is("P1Y2M3DT4H5M6S", 14, 3, 14706 * MICROS);
	duration_is("P2W", 0, 14, 0);
	duration_is("PT0.1234567S", 0, 0, 123456);	/* cut */
	duration_is("PT16559.14S", 0, 0, 16559140000);
	duration_is("P1M", 1, 0, 0);
	duration_is("PT1M", 0, 0, 60 * MICROS);
	duration_is("PT100H", 0, 0, 360000 * MICROS);
	duration_is("P99999999999999999999999Y", INT32_MAX, 0, 0);
	duration_is("P2147483647M", INT32_MAX, 0, 0);
	duration_is("P178956970Y8M", INT32_MAX, 0, 0);
	duration_is("P99999999999999999999999D", 0, INT64_MAX, 0);
	duration_is("P1317624576693539402W", 0, INT64_MAX, 0);
	duration_is("PT9223372036854775807S", 0, 0, INT64_MAX);
	duration_is("PT9223372036854.775807S", 0, 0, INT64_MAX);
	duration_is("PT9999999999999999999H59M59.9S", 0, 0, INT64_MAX);
}

static void
test_uuid(void)
{
	uint8_t		uuid[16];
	static const uint8_t expected[16] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xAB, 0xCD, 0xEF, 0x01, 0x23, 0x45, 0x67, 0x89};

	CHECK(ecosys_uuid_parse("01234567-89ab-cdef-ABCD-EF0123456789", 36, uuid) && memcmp(uuid, expected, 16) == 0);
}

static void
test_actor_keys(void)
{
	char		result[256];
	size_t		n;

	n = ecosys_actor_canonical(ECOSYS_IFI_MBOX, "mailto:Ada@Example.COM", 22, "", 0, result);
	CHECK(n == 27 && memcmp(result, "mbox\x1fmailto:Ada@example.com", 27) == 0);
	CHECK(ecosys_actor_key_mbox("mailto:Ada@Example.COM", 22) == ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	/* as an HR table has it */
	CHECK(ecosys_actor_key_mbox("Ada@example.com", 15) == ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	CHECK(ecosys_actor_key_mbox("ada@example.com", 15) != ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	n = ecosys_actor_canonical(ECOSYS_IFI_ACCOUNT, "http://H/", 9, "Ada", 3, result);
	CHECK(n == 21 && memcmp(result, "account\x1fhttp://H/\x1f" "Ada", 21) == 0);
	CHECK(ecosys_actor_key_account("http://H/", 9, "Ada", 3) == ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	n = ecosys_actor_canonical(ECOSYS_IFI_MBOX_SHA1SUM, "ABCDEF", 6, "", 0, result);
	CHECK(n == 19 && memcmp(result, "mbox_sha1sum\x1f" "abcdef", 19) == 0);
	CHECK(ecosys_actor_key_mbox_sha1sum("abcDEF", 6) == ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	n = ecosys_actor_canonical(ECOSYS_IFI_OPENID, "http://O/", 9, "", 0, result);
	CHECK(n == 16 && ecosys_actor_key_openid("http://O/", 9) == ecosys_hash_key(ECOSYS_KEY_ACTOR, result, n));
	/* a domain longer than the pieces it is lowered in */
	{
		char		address[200];
		char		lower[200];

		memset(address, 'X', sizeof(address));
		memset(lower, 'x', sizeof(lower));
		memcpy(address, "Ada@", 4);
		memcpy(lower, "Ada@", 4);
		CHECK(ecosys_actor_key_mbox(address, 200) == ecosys_actor_key_mbox(lower, 200));
	}
}

/* The search for a property relies on the order of the table. */
static void
test_properties(void)
{
	for (int i = 0; i < ECOSYS_N_PROPERTIES; i++)
	{
		const char *name = ecosys_properties[i].name;

		CHECK_SAY(ecosys_property_named(name, strlen(name)) == (ecosys_property) i, "%s", name);
		CHECK(ecosys_properties[i].length == strlen(name));
		CHECK(i == 0 || ecosys_properties[i].length >= ecosys_properties[i - 1].length);
	}
	CHECK(ECOSYS_N_PROPERTIES <= 64);
	CHECK(ecosys_property_named("", 0) == ECOSYS_N_PROPERTIES);
	CHECK(ecosys_property_named("i", 1) == ECOSYS_N_PROPERTIES);
	CHECK(ecosys_property_named("correctResponsesPatternX", 24) == ECOSYS_N_PROPERTIES);
	CHECK(ecosys_property_named("Verb", 4) == ECOSYS_N_PROPERTIES);
}

int
main(void)
{
	test_timestamps();
	test_durations();
	test_uuid();
	test_actor_keys();
	test_properties();
	return report("format");
}
