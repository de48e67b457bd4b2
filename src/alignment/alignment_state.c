/*
 * alignment_state.c - add, merge, prove and read the alignment state.
 */
#include "alignment/alignment_state.h"

#include <math.h>
#include <string.h>

/*
 * The state of one row. A row that weighs nothing is ignored: it would count as
 * an obligation without changing any score.
 */
ecosys_state_code
ecosys_alignment_of_row(ecosys_alignment *state, int64_t half_life,
						const ecosys_alignment_row *row, bool *ignored)
{
	double		weight = row->weight;
	double		attained;

	if (!(weight >= 0 && weight <= ECOSYS_ALIGNMENT_WEIGHT_MAX))
		return ECOSYS_STATE_WEIGHT;
	if (row->has_attainment && !(row->attainment >= 0 && row->attainment <= 1))
		return ECOSYS_STATE_ATTAINMENT;
	if (row->has_time && !ecosys_time_is_finite(row->at))
		return ECOSYS_STATE_TIME;

	memset(state, 0, ECOSYS_ALIGNMENT_SIZE(1));
	state->version = ECOSYS_ALIGNMENT_VERSION;
	state->half_life = half_life;
	state->obligations = 1;
	state->weight = ecosys_units(weight, ECOSYS_UNITS);
	*ignored = (state->weight == 0);
	if (*ignored)
		return ECOSYS_STATE_OK;
	state->weight_squares = ecosys_units(weight * weight, ECOSYS_SQUARE_UNITS);
	if (!row->has_attainment)
		return ECOSYS_STATE_OK;
	if (half_life != 0 && !row->has_time)
		return ECOSYS_STATE_UNDATED;

	attained = weight * row->attainment;
	state->evidenced = 1;
	state->evidence_weight = state->weight;
	state->attained = ecosys_units(attained, ECOSYS_UNITS);
	if (row->has_time)
	{
		state->flags |= ECOSYS_ALIGNMENT_DATED;
		state->first_at = state->last_at = row->at;
	}
	{
		ecosys_alignment_bucket *bucket = &state->buckets[0];
		double		growth = 1;
		double		grown;

		if (half_life != 0)
		{
			bucket->number = ecosys_bucket_number(row->at, half_life);
			growth = ecosys_bucket_growth(row->at, half_life, bucket->number);
		}
		grown = attained * growth;
		bucket->numerator = ecosys_units(grown, ECOSYS_UNITS);
		bucket->squares = ecosys_units(grown * (row->attainment * growth), ECOSYS_UNITS);
		state->bucket_count = (bucket->numerator != 0 || bucket->squares != 0);
	}
	return ECOSYS_STATE_OK;
}

/*
 * Adds `from` to `into`, which has room for `capacity` buckets. Nothing is
 * changed unless the result is ECOSYS_STATE_OK.
 *
 * The newest time only grows, so a bucket that is too old for one order of
 * merging is too old for all: dropping it leaves the result canonical.
 */
ecosys_state_code
ecosys_alignment_merge(ecosys_alignment *into, int capacity, const ecosys_alignment *from)
{
	ecosys_alignment head;
	ecosys_alignment_bucket merged[2 * ECOSYS_BUCKETS_MAX];
	int64_t		oldest = INT64_MIN;
	int			count = 0;
	int			i = 0;
	int			j = 0;

	if (into->half_life != from->half_life)
		return ECOSYS_STATE_HALF_LIVES;
	memcpy(&head, into, sizeof(head));
	if (!ecosys_count(into->obligations, from->obligations, &head.obligations) ||
		!ecosys_sum(into->weight, from->weight, &head.weight) ||
		!ecosys_sum(into->weight_squares, from->weight_squares, &head.weight_squares))
		return ECOSYS_STATE_OVERFLOW;
	/* neither can exceed what was just added */
	head.evidenced += from->evidenced;
	head.evidence_weight += from->evidence_weight;
	head.attained += from->attained;

	if (from->flags & ECOSYS_ALIGNMENT_DATED)
	{
		if (!(into->flags & ECOSYS_ALIGNMENT_DATED) || from->first_at < into->first_at)
			head.first_at = from->first_at;
		if (!(into->flags & ECOSYS_ALIGNMENT_DATED) || from->last_at > into->last_at)
			head.last_at = from->last_at;
		head.flags |= ECOSYS_ALIGNMENT_DATED;
	}
	if (head.half_life != 0)
		oldest = ecosys_bucket_number(head.last_at, head.half_life) - (ECOSYS_BUCKETS_MAX - 1);

	while (i < into->bucket_count || j < from->bucket_count)
	{
		const ecosys_alignment_bucket *a = i < into->bucket_count ? &into->buckets[i] : NULL;
		const ecosys_alignment_bucket *b = j < from->bucket_count ? &from->buckets[j] : NULL;
		ecosys_alignment_bucket *to = &merged[count];

		if (a != NULL && b != NULL && a->number == b->number)
		{
			to->number = a->number;
			if (!ecosys_sum(a->numerator, b->numerator, &to->numerator) ||
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

/* Does the sum of squares fit the sum? Rounding leaves half a unit a row. */
static bool
squares_are_possible(const ecosys_alignment *state)
{
	double		rows = (double) state->obligations;
	double		sum = (double) state->weight / ECOSYS_UNITS;
	double		squares = (double) state->weight_squares / ECOSYS_SQUARE_UNITS;
	double		sum_error = 0.5 * rows / ECOSYS_UNITS;
	double		least = fmax(0, sum - sum_error);
	double		most = sum + sum_error;
	double		squares_error = 0.5 * rows / ECOSYS_SQUARE_UNITS;

	return squares <= most * most * (1 + 1e-9) + squares_error &&
		squares >= least * least / rows * (1 - 1e-9) - squares_error &&
		squares <= most * ECOSYS_ALIGNMENT_WEIGHT_MAX * (1 + 1e-9) + squares_error;
}

/* Could some rows of weight up to 1e6 give this sum? Each gives one unit or more. */
static bool
weight_is_possible(ecosys_int128 weight, int64_t rows)
{
	ecosys_int128 row_max = ecosys_units(ECOSYS_ALIGNMENT_WEIGHT_MAX, ECOSYS_UNITS);

	if (rows == 0)
		return weight == 0;
	return weight >= rows && (weight - 1) / row_max < rows;
}

static const char *
prove_buckets(const ecosys_alignment *state)
{
	int64_t		oldest = 0;
	int64_t		newest = 0;
	bool		complete = true;
	double		slack = (double) state->evidenced;
	double		attained = (double) state->attained;
	double		total = 0;

	if (state->bucket_count > ECOSYS_BUCKETS_MAX || state->bucket_count > state->evidenced)
		return "\"b\" has too many buckets";
	if (state->half_life != 0 && state->evidenced > 0)
	{
		int64_t		first = ecosys_bucket_number(state->first_at, state->half_life);

		newest = ecosys_bucket_number(state->last_at, state->half_life);
		oldest = newest - (ECOSYS_BUCKETS_MAX - 1);
		complete = first >= oldest;
		if (complete)
			oldest = first;
	}
	for (int i = 0; i < state->bucket_count; i++)
	{
		const ecosys_alignment_bucket *bucket = &state->buckets[i];

		if (bucket->number < oldest || bucket->number > newest)
			return "\"b\" has a bucket outside \"min_us\" to \"max_us\", or older than 62 half-lives";
		if (i > 0 && bucket->number <= state->buckets[i - 1].number)
			return "\"b\" is not in ascending order";
		if (bucket->numerator < 0 || bucket->squares < 0)
			return "\"b\" has a negative sum";
		if (bucket->numerator == 0 && bucket->squares == 0)
			return "\"b\" has an empty bucket";
		if (state->half_life == 0 && bucket->squares > bucket->numerator)
			return "\"b\" has a sum of squares above its sum";
		if ((double) bucket->squares > (2 * (double) bucket->numerator + slack) * (1 + 1e-9))
			return "\"b\" has a sum of squares above twice its sum";
		total += (double) bucket->numerator;
	}
	if (state->half_life == 0 &&
		(state->bucket_count > 0 ? state->buckets[0].numerator : 0) != state->attained)
		return "\"b\" does not add up to \"a0\"";
	if (total > (2 * attained + slack) * (1 + 1e-9) ||
		(complete && total < attained * (1 - 1e-9)))
		return "\"b\" does not fit \"a0\"";
	return NULL;
}

/*
 * Says what makes the state one that no rows could give; NULL: nothing found.
 * Text and binary input both end here.
 */
const char *
ecosys_alignment_prove(const ecosys_alignment *state)
{
	bool		dated = (state->flags & ECOSYS_ALIGNMENT_DATED) != 0;
	int64_t		unproven = state->obligations - state->evidenced;

	if (state->version != ECOSYS_ALIGNMENT_VERSION)
		return "unknown version";
	if (state->flags & ~ECOSYS_ALIGNMENT_DATED)
		return "unknown flags";
	if (state->half_life != 0 && state->half_life < ECOSYS_HALF_LIFE_MIN)
		return "\"half_life_us\" is below one second";
	if (state->obligations < 1)
		return "\"n\" is below 1";
	if (state->evidenced < 0 || state->evidenced > state->obligations)
		return "\"ev\" is not between 0 and \"n\"";
	if (!weight_is_possible(state->weight, state->obligations))
		return "\"w\" does not fit \"n\"";
	if (state->evidence_weight < 0 || state->evidence_weight > state->weight)
		return "\"we\" is not between 0 and \"w\"";
	if (!weight_is_possible(state->evidence_weight, state->evidenced) ||
		!weight_is_possible(state->weight - state->evidence_weight, unproven))
		return "\"we\" does not fit \"ev\"";
	if (state->weight_squares < 0 || !squares_are_possible(state))
		return "\"w2\" does not fit \"w\" and \"n\"";
	if (state->attained < 0 || state->attained > state->evidence_weight)
		return "\"a0\" is not between 0 and \"we\"";
	if (dated ? state->evidenced < 1 || state->first_at > state->last_at ||
		(state->evidenced == 1 && state->first_at != state->last_at) ||
		!ecosys_time_is_finite(state->first_at) || !ecosys_time_is_finite(state->last_at)
		: state->first_at != 0 || state->last_at != 0)
		return "\"min_us\" and \"max_us\" do not fit";
	if (state->half_life != 0 && state->evidenced > 0 && !dated)
		return "\"max_us\" is needed with a half-life";
	return prove_buckets(state);
}

/* The time a state is read at: as_of, or the newest evidence (0 if there is none). */
static ecosys_state_code
reading_time(const ecosys_alignment *state, const int64_t *as_of, int64_t *at)
{
	*at = (as_of != NULL) ? *as_of : state->last_at;
	if (!ecosys_time_is_finite(*at))
		return ECOSYS_STATE_TIME;
	if ((state->flags & ECOSYS_ALIGNMENT_DATED) && *at < state->last_at)
		return ECOSYS_STATE_TOO_EARLY;
	return ECOSYS_STATE_OK;
}

/* Sum of weight * faded attainment (power 1) or its square (power 2), in units. */
static double
faded(const ecosys_alignment *state, int64_t at, int power)
{
	double		sum = 0;

	for (int i = 0; i < state->bucket_count; i++)
	{
		const ecosys_alignment_bucket *bucket = &state->buckets[i];
		double		term = (double) (power == 1 ? bucket->numerator : bucket->squares);

		if (state->half_life != 0)
			term *= ecosys_bucket_fade(bucket->number, at, state->half_life, power);
		sum += term;
	}
	return sum;
}

ecosys_state_code
ecosys_alignment_at(const ecosys_alignment *state, const int64_t *as_of,
					ecosys_alignment_reading *reading)
{
	double		weight = (double) state->weight;
	double		evidence_weight = (double) state->evidence_weight;
	double		attained = (double) state->attained;
	double		numerator;
	int64_t		at;
	ecosys_state_code code = reading_time(state, as_of, &at);

	if (code != ECOSYS_STATE_OK)
		return code;
	numerator = faded(state, at, 1);
	reading->score = fmin(1, numerator / weight);
	reading->coverage = evidence_weight / weight;
	reading->proficiency = state->evidenced > 0 ? attained / evidence_weight : NAN;
	reading->freshness = state->attained > 0 ? fmin(1, numerator / attained) : NAN;
	reading->dispersion = sqrt(fmax(0, faded(state, at, 2) / weight - reading->score * reading->score));
	/* weights below 1e-9 have squares below a unit */
	reading->effective_size = state->weight_squares == 0 ? NAN :
		(weight / ECOSYS_UNITS) * (weight / ECOSYS_UNITS) /
		((double) state->weight_squares / ECOSYS_SQUARE_UNITS);
	reading->confidence = (double) state->evidenced / ((double) state->evidenced + 2);
	return ECOSYS_STATE_OK;
}

/* What a part adds to the whole's score, and what it could still add. */
ecosys_state_code
ecosys_alignment_share(const ecosys_alignment *part, const ecosys_alignment *whole,
					   const int64_t *as_of, double *contribution, double *gap)
{
	double		weight = (double) whole->weight;
	double		numerator;
	int64_t		at;
	ecosys_state_code code;

	if (part->half_life != whole->half_life)
		return ECOSYS_STATE_HALF_LIVES;
	if (part->weight > whole->weight || part->obligations > whole->obligations)
		return ECOSYS_STATE_NOT_PART;
	code = reading_time(whole, as_of, &at);
	if (code == ECOSYS_STATE_OK)
		code = reading_time(part, &at, &at);
	if (code != ECOSYS_STATE_OK)
		return code;
	numerator = fmin(faded(part, at, 1), (double) part->weight);
	*contribution = numerator / weight;
	*gap = ((double) part->weight - numerator) / weight;
	return ECOSYS_STATE_OK;
}
