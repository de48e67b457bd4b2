/*
 * score_functions.c - outcome, fade, grade, mastered and the normal quantile, for SQL.
 */
#include "ecosys.h"

#include <math.h>

#include "utils/builtins.h"

#include "alignment/score_math.h"
#include "alignment/state_glue.h"

static void
refuse(const char *what)
{
	ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("%s", what));
}

/* NaN for NULL */
static double
score_argument(FunctionCallInfo fcinfo, int argument)
{
	double		value;

	if (PG_ARGISNULL(argument))
		return NAN;
	value = PG_GETARG_FLOAT8(argument);
	if (!isfinite(value))
		refuse("score is not a finite number");
	return value;
}

/* (scaled, raw, min, max, success): the first that says something counts */
ECOSYS_FUNCTION(ecosys_outcome);
Datum
ecosys_outcome(PG_FUNCTION_ARGS)
{
	double		scaled = score_argument(fcinfo, 0);
	double		raw = score_argument(fcinfo, 1);
	double		min = score_argument(fcinfo, 2);
	double		max = score_argument(fcinfo, 3);
	double		outcome;

	if (!isnan(scaled))
	{
		if (scaled < -1 || scaled > 1)
			refuse("scaled score is not between -1 and 1");
		PG_RETURN_FLOAT8(fmax(0, scaled));
	}
	if (ecosys_outcome_of_raw(raw, min, max, &outcome))
		PG_RETURN_FLOAT8(outcome);
	if (PG_ARGISNULL(4))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(PG_GETARG_BOOL(4) ? 1 : 0);
}

/* (attainment, at, as_of, half_life); half_life NULL: no fading */
ECOSYS_FUNCTION(ecosys_fade);
Datum
ecosys_fade(PG_FUNCTION_ARGS)
{
	int64		half_life = ecosys_half_life_argument(fcinfo, 3);
	double		attainment;
	int64		at;
	int64		as_of;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	attainment = PG_GETARG_FLOAT8(0);
	at = PG_GETARG_TIMESTAMPTZ(1);
	as_of = PG_GETARG_TIMESTAMPTZ(2);
	if (!ecosys_fraction(attainment))
		ecosys_state_check(ECOSYS_STATE_ATTAINMENT);
	if (!ecosys_time_is_finite(at) || !ecosys_time_is_finite(as_of))
		ecosys_state_check(ECOSYS_STATE_TIME);
	if (as_of < at)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("as_of is before the evidence"));
	if (half_life == 0)
		PG_RETURN_FLOAT8(attainment);
	PG_RETURN_FLOAT8(ecosys_faded(attainment, at, as_of, half_life));
}

static void
check_threshold(double threshold)
{
	if (!(threshold > 0 && threshold <= 1))
		refuse("mastery score is not above 0 and at most 1");
}

/* (attainment, mastery_score) */
ECOSYS_FUNCTION(ecosys_mastered);
Datum
ecosys_mastered(PG_FUNCTION_ARGS)
{
	double		attainment = PG_GETARG_FLOAT8(0);
	double		threshold = PG_GETARG_FLOAT8(1);

	if (!ecosys_fraction(attainment))
		ecosys_state_check(ECOSYS_STATE_ATTAINMENT);
	check_threshold(threshold);
	PG_RETURN_BOOL(ecosys_reaches(attainment, threshold));
}

/* (attainment, mastery_score, grading) */
ECOSYS_FUNCTION(ecosys_grade);
Datum
ecosys_grade(PG_FUNCTION_ARGS)
{
	double		attainment;
	double		threshold;
	const char *grading;
	bool		is_step;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	attainment = PG_GETARG_FLOAT8(0);
	if (!ecosys_fraction(attainment))
		ecosys_state_check(ECOSYS_STATE_ATTAINMENT);
	if (!PG_ARGISNULL(1))
		check_threshold(PG_GETARG_FLOAT8(1));
	grading = text_to_cstring(PG_GETARG_TEXT_PP(2));
	if (strcmp(grading, "linear") == 0)
		PG_RETURN_FLOAT8(attainment);
	is_step = (strcmp(grading, "step") == 0);
	if (!is_step && strcmp(grading, "ramp") != 0)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("unknown grading"),
				errhint("Gradings are linear, ramp and step."));
	if (PG_ARGISNULL(1))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("gradings ramp and step need a mastery score"));
	threshold = PG_GETARG_FLOAT8(1);
	if (is_step)
		PG_RETURN_FLOAT8(ecosys_reaches(attainment, threshold) ? 1 : 0);
	PG_RETURN_FLOAT8(fmin(1, attainment / threshold));
}

ECOSYS_FUNCTION(ecosys_normal_quantile_of);
Datum
ecosys_normal_quantile_of(PG_FUNCTION_ARGS)
{
	double		probability = PG_GETARG_FLOAT8(0);

	if (!(probability > 0 && probability < 1))
		refuse("probability is not above 0 and below 1");
	PG_RETURN_FLOAT8(ecosys_normal_quantile(probability));
}
