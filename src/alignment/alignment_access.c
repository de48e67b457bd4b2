/*
 * alignment_access.c - what an ecosys.alignment says: scores and their parts.
 *
 * Functions that take as_of are not strict: as_of NULL means the time of the
 * newest evidence.
 */
#include "ecosys.h"

#include <math.h>

#include "alignment/state_glue.h"

/* as_of if it is an argument and not NULL */
static const int64 *
as_of_argument(FunctionCallInfo fcinfo, int argument, int64 *as_of)
{
	if (PG_NARGS() <= argument || PG_ARGISNULL(argument))
		return NULL;
	*as_of = PG_GETARG_TIMESTAMPTZ(argument);
	return as_of;
}

/* Reads argument 0 at argument `as_of_argument_number`; false if the state is NULL. */
static bool
read_state(FunctionCallInfo fcinfo, int as_of_argument_number, ecosys_alignment_reading *reading)
{
	int64		as_of;

	if (PG_ARGISNULL(0))
		return false;
	ecosys_state_check(ecosys_alignment_at(ecosys_open_alignment(PG_GETARG_DATUM(0)),
										   as_of_argument(fcinfo, as_of_argument_number, &as_of),
										   reading));
	return true;
}

#define RETURN_FLOAT8_OR_NULL(value) \
	do { \
		double		value_ = (value); \
		if (isnan(value_)) \
			PG_RETURN_NULL(); \
		PG_RETURN_FLOAT8(value_); \
	} while (0)

ECOSYS_FUNCTION(ecosys_alignment_score);
Datum
ecosys_alignment_score(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	if (!read_state(fcinfo, 1, &reading))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(reading.score);
}

ECOSYS_FUNCTION(ecosys_alignment_freshness);
Datum
ecosys_alignment_freshness(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	if (!read_state(fcinfo, 1, &reading))
		PG_RETURN_NULL();
	RETURN_FLOAT8_OR_NULL(reading.freshness);
}

ECOSYS_FUNCTION(ecosys_alignment_dispersion);
Datum
ecosys_alignment_dispersion(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	if (!read_state(fcinfo, 1, &reading))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(reading.dispersion);
}

/* The rest does not depend on the time; these functions are strict. */

ECOSYS_FUNCTION(ecosys_alignment_coverage);
Datum
ecosys_alignment_coverage(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	(void) read_state(fcinfo, 1, &reading);
	PG_RETURN_FLOAT8(reading.coverage);
}

ECOSYS_FUNCTION(ecosys_alignment_proficiency);
Datum
ecosys_alignment_proficiency(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	(void) read_state(fcinfo, 1, &reading);
	RETURN_FLOAT8_OR_NULL(reading.proficiency);
}

ECOSYS_FUNCTION(ecosys_alignment_effective_size);
Datum
ecosys_alignment_effective_size(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	(void) read_state(fcinfo, 1, &reading);
	RETURN_FLOAT8_OR_NULL(reading.effective_size);
}

ECOSYS_FUNCTION(ecosys_alignment_confidence);
Datum
ecosys_alignment_confidence(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	(void) read_state(fcinfo, 1, &reading);
	PG_RETURN_FLOAT8(reading.confidence);
}

ECOSYS_FUNCTION(ecosys_alignment_obligations);
Datum
ecosys_alignment_obligations(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(ecosys_open_alignment(PG_GETARG_DATUM(0))->obligations);
}

ECOSYS_FUNCTION(ecosys_alignment_evidenced);
Datum
ecosys_alignment_evidenced(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(ecosys_open_alignment(PG_GETARG_DATUM(0))->evidenced);
}

ECOSYS_FUNCTION(ecosys_alignment_weight);
Datum
ecosys_alignment_weight(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8((double) ecosys_open_alignment(PG_GETARG_DATUM(0))->weight / ECOSYS_UNITS);
}

ECOSYS_FUNCTION(ecosys_alignment_first_at);
Datum
ecosys_alignment_first_at(PG_FUNCTION_ARGS)
{
	const ecosys_alignment *state = ecosys_open_alignment(PG_GETARG_DATUM(0));

	if ((state->flags & ECOSYS_ALIGNMENT_DATED) == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(state->first_at);
}

ECOSYS_FUNCTION(ecosys_alignment_last_at);
Datum
ecosys_alignment_last_at(PG_FUNCTION_ARGS)
{
	const ecosys_alignment *state = ecosys_open_alignment(PG_GETARG_DATUM(0));

	if ((state->flags & ECOSYS_ALIGNMENT_DATED) == 0)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(state->last_at);
}

/* (state, level, as_of) gives the row (lower, upper) */
ECOSYS_FUNCTION(ecosys_alignment_score_interval);
Datum
ecosys_alignment_score_interval(PG_FUNCTION_ARGS)
{
	ecosys_alignment_reading reading;

	if (PG_ARGISNULL(1) || !read_state(fcinfo, 2, &reading))
		PG_RETURN_NULL();
	return ecosys_interval_row(fcinfo, reading.score, reading.effective_size, PG_GETARG_FLOAT8(1));
}

static bool
read_share(FunctionCallInfo fcinfo, double *contribution, double *gap)
{
	int64		as_of;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return false;
	ecosys_state_check(ecosys_alignment_share(ecosys_open_alignment(PG_GETARG_DATUM(0)),
											  ecosys_open_alignment(PG_GETARG_DATUM(1)),
											  as_of_argument(fcinfo, 2, &as_of),
											  contribution, gap));
	return true;
}

/* (part, whole, as_of) */
ECOSYS_FUNCTION(ecosys_alignment_contribution);
Datum
ecosys_alignment_contribution(PG_FUNCTION_ARGS)
{
	double		contribution;
	double		gap;

	if (!read_share(fcinfo, &contribution, &gap))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(contribution);
}

/* (part, whole, as_of) */
ECOSYS_FUNCTION(ecosys_alignment_gap);
Datum
ecosys_alignment_gap(PG_FUNCTION_ARGS)
{
	double		contribution;
	double		gap;

	if (!read_share(fcinfo, &contribution, &gap))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(gap);
}
