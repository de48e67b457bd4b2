/*
 * attainment_state.c - add, merge, prove and read the attainment state.
 */
#include "alignment/attainment_state.h"

#include <math.h>
#include <string.h>

/*
 * The state of one piece of evidence: graded if it has an outcome, else a
 * completion if it says so, else none and ignored.
 */
ecosys_state_code
ecosys_attainment_of_row(ecosys_attainment *state, int64_t half_life, const double *outcome,
						 bool completed, const int64_t *at, bool *ignored)
{
	ecosys_attainment_bucket *bucket = &state->buckets[0];
	double		growth;

	if (outcome != NULL && !(*outcome >= 0 && *outcome <= 1))
		return ECOSYS_STATE_ATTAINMENT;
	if (at != NULL && !ecosys_time_is_finite(*at))
		return ECOSYS_STATE_TIME;
	*ignored = (outcome == NULL && !completed);
	if (*ignored)
		return ECOSYS_STATE_OK;
	if (at == NULL)
		return ECOSYS_STATE_UNDATED;

	memset(state, 0, ECOSYS_ATTAINMENT_SIZE(1));
	state->version = ECOSYS_ATTAINMENT_VERSION;
	state->half_life = half_life;
	if (outcome == NULL)
	{
		state->completions = 1;
		state->completed_at = *at;
		return ECOSYS_STATE_OK;
	}
	state->graded = 1;
	state->total = ecosys_units(*outcome, ECOSYS_UNITS);
	state->best = state->last = (int64_t) state->total;
	state->best_at = state->last_at = *at;
	if (half_life == 0)
		return ECOSYS_STATE_OK;
	bucket->number = ecosys_bucket_number(*at, half_life);
	growth = ecosys_bucket_growth(*at, half_life, bucket->number);
	bucket->growth = ecosys_units(growth, ECOSYS_UNITS);
	bucket->grown = ecosys_units(growth * *outcome, ECOSYS_UNITS);
	bucket->squares = ecosys_units(growth * growth, ECOSYS_UNITS);
	state->bucket_count = 1;
	return ECOSYS_STATE_OK;
}

/* Adds `from` to `into`, which has room for `capacity` buckets; as for alignment. */
ecosys_state_code
ecosys_attainment_merge(ecosys_attainment *into, int capacity, const ecosys_attainment *from)
{
	ecosys_attainment head;
	ecosys_attainment_bucket merged[2 * ECOSYS_BUCKETS_MAX];
	int64_t		oldest = INT64_MIN;
	int			count = 0;
	int			i = 0;
	int			j = 0;

	if (into->half_life != from->half_life)
		return ECOSYS_STATE_HALF_LIVES;
	memcpy(&head, into, sizeof(head));
	/* 2^63 values of at most 1 stay below 2^127 units, so the total cannot overflow before the count */
	if (!ecosys_count(into->graded, from->graded, &head.graded) ||
		!ecosys_count(into->completions, from->completions, &head.completions) ||
		!ecosys_sum(into->total, from->total, &head.total))
		return ECOSYS_STATE_OVERFLOW;
	if (from->graded > 0)
	{
		if (into->graded == 0 || from->best > into->best ||
			(from->best == into->best && from->best_at > into->best_at))
		{
			head.best = from->best;
			head.best_at = from->best_at;
		}
		if (into->graded == 0 || from->last_at > into->last_at ||
			(from->last_at == into->last_at && from->last > into->last))
		{
			head.last = from->last;
			head.last_at = from->last_at;
		}
	}
	if (from->completions > 0 && (into->completions == 0 || from->completed_at > into->completed_at))
		head.completed_at = from->completed_at;
	if (head.half_life != 0 && head.graded > 0)
		oldest = ecosys_bucket_number(head.last_at, head.half_life) - (ECOSYS_BUCKETS_MAX - 1);

	while (i < into->bucket_count || j < from->bucket_count)
	{
		const ecosys_attainment_bucket *a = i < into->bucket_count ? &into->buckets[i] : NULL;
		const ecosys_attainment_bucket *b = j < from->bucket_count ? &from->buckets[j] : NULL;
		ecosys_attainment_bucket *to = &merged[count];

		if (a != NULL && b != NULL && a->number == b->number)
		{
			to->number = a->number;
			if (!ecosys_sum(a->growth, b->growth, &to->growth) ||
				!ecosys_sum(a->grown, b->grown, &to->grown) ||
				!ecosys_sum(a->squares, b->squares, &to->squares))
				return ECOSYS_STATE_OVERFLOW;
			i++;
			j++;
		}
		else if (b == NULL || (a != NULL && a->number < b->number))
		{
			*to = *a;
			i++;
		}
		else
		{
			*to = *b;
			j++;
		}
		if (to->number >= oldest)
			count++;
	}
	if (count > capacity)
		return ECOSYS_STATE_FULL;
	head.bucket_count = count;
	memcpy(into, &head, sizeof(head));
	memcpy(into->buckets, merged, count * sizeof(merged[0]));
	return ECOSYS_STATE_OK;
}

/* Growth is in [1, 2], so a bucket of r rows holds r to 2r of it and r to 4r of its square. */
static const char *
prove_buckets(const ecosys_attainment *state)
{
	const ecosys_int128 unit = (ecosys_int128) ECOSYS_UNITS;
	int64_t		newest;
	double		growth = 0;

	if (state->half_life == 0 || state->graded == 0)
		return state->bucket_count == 0 ? NULL : "\"b\" must be empty without a half-life or graded evidence";
	if (state->bucket_count < 1 || state->bucket_count > ECOSYS_BUCKETS_MAX ||
		state->bucket_count > state->graded)
		return "\"b\" has too few or too many buckets";
	newest = ecosys_bucket_number(state->last_at, state->half_life);
	for (int i = 0; i < state->bucket_count; i++)
	{
		const ecosys_attainment_bucket *bucket = &state->buckets[i];

		if (bucket->number > newest || bucket->number < newest - (ECOSYS_BUCKETS_MAX - 1))
			return "\"b\" has a bucket after \"last\", or older than 62 half-lives";
		if (i > 0 && bucket->number <= state->buckets[i - 1].number)
			return "\"b\" is not in ascending order";
		if (bucket->growth < unit || bucket->grown < 0 || bucket->grown > bucket->growth)
			return "\"b\" has an impossible sum";
		if (bucket->squares < bucket->growth ||
			(double) bucket->squares > ((double) bucket->growth * 2 + (double) state->graded) * (1 + 1e-9))
			return "\"b\" has a sum of squares that does not fit its sum";
		growth += (double) bucket->growth;
	}
	if (state->buckets[state->bucket_count - 1].number != newest)
		return "\"b\" does not reach \"last\"";
	if (growth > 2 * ECOSYS_UNITS * (double) state->graded * (1 + 1e-9))
		return "\"b\" does not fit \"n\"";
	return NULL;
}

/*
 * Says what makes the state one that no rows could give; NULL: nothing found.
 * Text and binary input both end here.
 */
const char *
ecosys_attainment_prove(const ecosys_attainment *state)
{
	const int64_t unit = (int64_t) ECOSYS_UNITS;

	if (state->version != ECOSYS_ATTAINMENT_VERSION)
		return "unknown version";
	if (state->flags != 0)
		return "unknown flags";
	if (state->half_life != 0 && state->half_life < ECOSYS_HALF_LIFE_MIN)
		return "\"half_life_us\" is below one second";
	if (state->graded < 0 || state->completions < 0 ||
		(state->graded == 0 && state->completions == 0))
		return "\"n\" and \"c\" count no evidence";
	if (state->graded == 0)
	{
		if (state->total != 0 || state->best != 0 || state->last != 0 ||
			state->best_at != 0 || state->last_at != 0)
			return "\"sum\", \"best\" and \"last\" need graded evidence";
	}
	else
	{
		if (state->best < 0 || state->best > unit || state->last < 0 || state->last > state->best)
			return "\"best\" and \"last\" are not in order in [0, 1]";
		if (!ecosys_time_is_finite(state->best_at) || !ecosys_time_is_finite(state->last_at) ||
			state->best_at > state->last_at ||
			(state->best_at == state->last_at && state->best != state->last))
			return "the times of \"best\" and \"last\" do not fit";
		if (state->last == state->best && state->best_at != state->last_at)
			return "the latest time of \"best\" is that of \"last\"";
		if (state->graded == 1 && (state->total != state->best || state->best != state->last))
			return "\"best\" and \"last\" do not fit \"sum\"";
		if (state->total > (ecosys_int128) state->graded * state->best ||
			state->total < (ecosys_int128) state->best +
			(state->best_at != state->last_at ? state->last : 0))
			return "\"sum\" does not fit \"n\", \"best\" and \"last\"";
	}
	if (state->completions == 0 ? state->completed_at != 0 : !ecosys_time_is_finite(state->completed_at))
		return "\"completed_us\" does not fit \"c\"";
	return prove_buckets(state);
}

/* Sums over buckets, faded to the newest. */
static void
decayed_sums(const ecosys_attainment *state, double *growth, double *grown, double *squares)
{
	int64_t		newest = ecosys_bucket_number(state->last_at, state->half_life);

	*growth = *grown = *squares = 0;
	for (int i = 0; i < state->bucket_count; i++)
	{
		const ecosys_attainment_bucket *bucket = &state->buckets[i];
		int			age = (int) (newest - bucket->number);

		*growth += ldexp((double) bucket->growth, -age);
		*grown += ldexp((double) bucket->grown, -age);
		*squares += ldexp((double) bucket->squares, -2 * age);
	}
}

/* The mean, or the decayed mean of a state with a half-life. */
double
ecosys_attainment_mean(const ecosys_attainment *state)
{
	double		growth;
	double		grown;
	double		squares;

	if (state->half_life == 0)
		return (double) state->total / ((double) state->graded * ECOSYS_UNITS);
	decayed_sums(state, &growth, &grown, &squares);
	return fmin(1, grown / growth);
}

/* How many equal pieces of evidence the graded rows are worth. */
double
ecosys_attainment_evidence(const ecosys_attainment *state)
{
	double		growth;
	double		grown;
	double		squares;

	if (state->graded == 0 || state->half_life == 0)
		return (double) state->graded;
	decayed_sums(state, &growth, &grown, &squares);
	return (growth / ECOSYS_UNITS) * (growth / ECOSYS_UNITS) / (squares / ECOSYS_UNITS);
}

double
ecosys_attainment_value(const ecosys_attainment *state, ecosys_policy policy)
{
	switch (policy)
	{
		case ECOSYS_POLICY_BEST:
			return (double) state->best / ECOSYS_UNITS;
		case ECOSYS_POLICY_LAST:
			return (double) state->last / ECOSYS_UNITS;
		case ECOSYS_POLICY_MEAN:
			return (double) state->total / ((double) state->graded * ECOSYS_UNITS);
		case ECOSYS_POLICY_DECAYED:
			break;
	}
	return ecosys_attainment_mean(state);
}

int64_t
ecosys_attainment_time(const ecosys_attainment *state, ecosys_policy policy)
{
	return policy == ECOSYS_POLICY_BEST ? state->best_at : state->last_at;
}
