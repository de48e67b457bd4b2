/*
 * alignment_state_test.c - the plain C parts of both states: time before 2000,
 * order of merging, room, text round trip, hostile bytes.
 */
#include "alignment/score_math.h"
#include "alignment/state_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int	failures = 0;

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			failures++; \
		} \
	} while (0)

#define DAY	INT64_C(86400000000)

/* A generator of our own: the same numbers on every machine. */
static uint64_t seed = 88172645463325252u;

static double
uniform(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double) (seed >> 11) / 9007199254740992.0;
}

static void
test_time(void)
{
	CHECK(ecosys_bucket_number(0, DAY) == 0);
	CHECK(ecosys_bucket_number(DAY - 1, DAY) == 0);
	CHECK(ecosys_bucket_number(-1, DAY) == -1);
	CHECK(ecosys_bucket_number(-DAY, DAY) == -1);
	CHECK(ecosys_bucket_number(-DAY - 1, DAY) == -2);
	CHECK(ecosys_bucket_growth(-DAY, DAY, -1) == 1);
	CHECK(fabs(ecosys_bucket_growth(-DAY / 2, DAY, -1) - sqrt(2)) < 1e-15);
	/* a half-life longer than all time: one bucket on each side of 2000 */
	CHECK(ecosys_bucket_number(ECOSYS_TIME_FIRST, INT64_MAX) == -1);
	CHECK(ecosys_bucket_growth(ECOSYS_TIME_FIRST, INT64_MAX, -1) >= 1);
	CHECK(ecosys_bucket_growth(ECOSYS_TIME_END - 1, INT64_MAX, 0) <= 2);
	CHECK(ecosys_bucket_fade(5, 5 * DAY, DAY, 1) == 1);
	CHECK(ecosys_bucket_fade(5, 7 * DAY, DAY, 1) == 0.25);
	CHECK(ecosys_bucket_fade(5, 7 * DAY, DAY, 2) == 0.0625);
	CHECK(ecosys_bucket_fade(0, ECOSYS_TIME_END - 1, ECOSYS_HALF_LIFE_MIN, 1) == 0);
	/* one second of half-life, now: whole half-lives must not cost digits */
	CHECK(fabs(ecosys_bucket_fade(800000000, INT64_C(800000000500000), ECOSYS_HALF_LIFE_MIN, 1) - sqrt(0.5)) < 1e-15);
}

static void
test_math(void)
{
	double		lower;
	double		upper;

	/* the quantile undoes the distribution function */
	for (double p = 1e-12; p < 0.5; p *= 1.7)
	{
		CHECK(fabs(0.5 * erfc(-ecosys_normal_quantile(p) / sqrt(2)) / p - 1) < 1e-10);
		CHECK(fabs(ecosys_normal_quantile(0.5 - p) + ecosys_normal_quantile(0.5 + p)) < 1e-12);
	}
	for (double p = 0; p <= 1; p += 0.125)
	{
		ecosys_wilson_interval(p, 1.5, 0.999, &lower, &upper);
		CHECK(lower >= 0 && lower <= p && p <= upper && upper <= 1);
	}
}

/* Merges with no more room than needed, as the aggregate does. */
static void
merge(ecosys_alignment_room *into, const ecosys_alignment *from)
{
	ecosys_alignment_room before;
	ecosys_state_code code;

	memcpy(&before, into, sizeof(before));
	code = ecosys_alignment_merge(&into->state, into->state.bucket_count, from);
	if (code == ECOSYS_STATE_FULL)
	{
		CHECK(memcmp(&before, into, ECOSYS_ALIGNMENT_SIZE(before.state.bucket_count)) == 0);
		code = ecosys_alignment_merge(&into->state, ECOSYS_BUCKETS_MAX, from);
	}
	CHECK(code == ECOSYS_STATE_OK);
	CHECK(ecosys_alignment_prove(&into->state) == NULL);
}

#define ROWS 400

static void
test_order(int64_t half_life, int64_t span)
{
	static ecosys_alignment_room rows[ROWS];
	static ecosys_alignment_room parts[7];
	ecosys_alignment_room forward;
	ecosys_alignment_room backward;
	ecosys_alignment_room back;
	char		text[ECOSYS_STATE_TEXT_MAX];
	size_t		offset;
	size_t		size;

	for (int i = 0; i < ROWS; i++)
	{
		ecosys_alignment_row row = {uniform() < 0.7, true, uniform(), uniform() * 1000 + 1e-14, 0};
		bool		ignored;

		row.at = (int64_t) ((uniform() - 0.5) * (double) span);
		CHECK(ecosys_alignment_of_row(&rows[i].state, half_life, &row, &ignored) == ECOSYS_STATE_OK);
		CHECK(!ignored);
		CHECK(ecosys_alignment_prove(&rows[i].state) == NULL);
	}
	forward = rows[0];
	backward = rows[ROWS - 1];
	for (int i = 1; i < ROWS; i++)
	{
		merge(&forward, &rows[i].state);
		merge(&backward, &rows[ROWS - 1 - i].state);
	}
	for (int i = 0; i < ROWS; i++)
	{
		if (i < 7)
			parts[i] = rows[i];
		else
			merge(&parts[i % 7], &rows[i].state);
	}
	for (int i = 1; i < 7; i++)
		merge(&parts[0], &parts[i].state);
	size = ECOSYS_ALIGNMENT_SIZE(forward.state.bucket_count);
	CHECK(forward.state.bucket_count <= ECOSYS_BUCKETS_MAX);
	CHECK(memcmp(&forward, &backward, size) == 0);
	CHECK(memcmp(&forward, &parts[0], size) == 0);

	CHECK(ecosys_alignment_write(&forward.state, text) < sizeof(text));
	CHECK(ecosys_alignment_read(text, &back.state, &offset) == NULL);
	CHECK(memcmp(&forward.state.version, &back.state.version, size - offsetof(ecosys_alignment, version)) == 0);
	/* every beginning of the text is refused */
	for (size_t i = strlen(text); i-- > 0;)
	{
		text[i] = '\0';
		CHECK(ecosys_alignment_read(text, &back.state, &offset) != NULL && offset <= i);
	}
}

static void
test_attainment(int64_t half_life, int64_t span)
{
	static ecosys_attainment_room rows[ROWS];
	ecosys_attainment_room forward;
	ecosys_attainment_room backward;
	ecosys_attainment_room back;
	char		text[ECOSYS_STATE_TEXT_MAX];
	size_t		offset;
	size_t		size;

	for (int i = 0; i < ROWS; i++)
	{
		double		outcome = floor(uniform() * 20) / 20;
		int64_t		at = (int64_t) ((uniform() - 0.5) * (double) span);
		bool		ignored;

		CHECK(ecosys_attainment_of_row(&rows[i].state, half_life, uniform() < 0.8 ? &outcome : NULL, true,
									   &at, &ignored) == ECOSYS_STATE_OK);
		CHECK(!ignored);
		CHECK(ecosys_attainment_prove(&rows[i].state) == NULL);
	}
	forward = rows[0];
	backward = rows[ROWS - 1];
	for (int i = 1; i < ROWS; i++)
	{
		CHECK(ecosys_attainment_merge(&forward.state, ECOSYS_BUCKETS_MAX, &rows[i].state) == ECOSYS_STATE_OK);
		CHECK(ecosys_attainment_merge(&backward.state, ECOSYS_BUCKETS_MAX, &rows[ROWS - 1 - i].state) == ECOSYS_STATE_OK);
		CHECK(ecosys_attainment_prove(&forward.state) == NULL);
	}
	size = ECOSYS_ATTAINMENT_SIZE(forward.state.bucket_count);
	CHECK(memcmp(&forward, &backward, size) == 0);
	CHECK(ecosys_attainment_write(&forward.state, text) < sizeof(text));
	CHECK(ecosys_attainment_read(text, &back.state, &offset) == NULL);
	CHECK(memcmp(&forward.state.version, &back.state.version, size - offsetof(ecosys_attainment, version)) == 0);
	for (size_t i = strlen(text); i-- > 0;)
	{
		text[i] = '\0';
		CHECK(ecosys_attainment_read(text, &back.state, &offset) != NULL && offset <= i);
	}
}

/* Any change of a byte is either refused or a state that can be merged, read and written. */
static void
test_hostile_bytes(void)
{
	ecosys_alignment_row row = {true, true, 0.3, 2, 5 * DAY};
	ecosys_alignment_room good;
	ecosys_alignment_room other;
	ecosys_alignment_room bad;
	bool		ignored;
	char		text[ECOSYS_STATE_TEXT_MAX];
	int			accepted = 0;

	memset(&good, 0, sizeof(good));
	CHECK(ecosys_alignment_of_row(&good.state, DAY, &row, &ignored) == ECOSYS_STATE_OK);
	row.at = 9 * DAY + 1;
	CHECK(ecosys_alignment_of_row(&other.state, DAY, &row, &ignored) == ECOSYS_STATE_OK);
	merge(&good, &other.state);
	for (int i = 0; i < 200000; i++)
	{
		ecosys_alignment_reading reading;

		memcpy(&bad, &good, sizeof(bad));
		for (int changes = 1 + (int) (uniform() * 3); changes > 0; changes--)
			bad.bytes[4 + (int) (uniform() * (ECOSYS_ALIGNMENT_SIZE(2) - 4))] ^= 1 << (int) (uniform() * 8);
		if (bad.state.bucket_count > ECOSYS_BUCKETS_MAX || ecosys_alignment_prove(&bad.state) != NULL)
			continue;
		accepted++;
		CHECK(ecosys_alignment_write(&bad.state, text) < sizeof(text));
		if (ecosys_alignment_at(&bad.state, NULL, &reading) == ECOSYS_STATE_OK)
			CHECK(reading.score >= 0 && reading.score <= 1 && reading.dispersion >= 0);
		(void) ecosys_alignment_merge(&bad.state, ECOSYS_BUCKETS_MAX, &good.state);
	}
	CHECK(accepted > 0);		/* a change of a low bit is another possible state */
}

int
main(void)
{
	test_time();
	test_math();
	test_order(0, 1000 * DAY);
	test_order(DAY, 20 * DAY);
	test_order(DAY, 1000 * DAY);
	test_order(ECOSYS_HALF_LIFE_MIN, INT64_C(400000000000000000));
	test_order(INT64_MAX, INT64_C(400000000000000000));
	test_attainment(0, 1000 * DAY);
	test_attainment(DAY, 20 * DAY);
	test_attainment(DAY, 1000 * DAY);
	test_hostile_bytes();
	if (failures == 0)
		printf("alignment_state_test: ok\n");
	return failures != 0;
}
