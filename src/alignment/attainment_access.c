/*
 * attainment_access.c - what an ecosys.attainment says.
 *
 * A state of NULL means no evidence: counts and confidence are 0 and the
 * posterior is the prior, so an outer join needs no special case.
 */
#include "ecosys.h"

#include <math.h>

#include "utils/builtins.h"

#include "alignment/state_glue.h"

static const ecosys_attainment *
graded_state(FunctionCallInfo fcinfo)
{
	const ecosys_attainment *state = NULL;

	if (!PG_ARGISNULL(0))
		state = ecosys_open_attainment(PG_GETARG_DATUM(0));
	return state != NULL && state->graded > 0 ? state : NULL;
}

static double
evidence_size(FunctionCallInfo fcinfo)
{
	const ecosys_attainment *state = graded_state(fcinfo);

	return state != NULL ? ecosys_attainment_evidence(state) : 0;
}

static ecosys_policy
policy_argument(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"best", "last", "mean", "decayed"};
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(1));

	for (int i = 0; i < lengthof(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (ecosys_policy) i;
	ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			errmsg("unknown policy"),
			errhint("Policies are best, last, mean and decayed."));
	return ECOSYS_POLICY_BEST;
}

/* (state, policy, completion_credit) */
ECOSYS_FUNCTION(ecosys_attained);
Datum
ecosys_attained(PG_FUNCTION_ARGS)
{
	const ecosys_attainment *state = ecosys_open_attainment(PG_GETARG_DATUM(0));
	ecosys_policy policy = policy_argument(fcinfo);
	double		completion_credit = PG_GETARG_FLOAT8(2);

	if (!(completion_credit >= 0 && completion_credit <= 1))
		ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				errmsg("completion credit is not between 0 and 1"));
	if (state->graded == 0)
		PG_RETURN_FLOAT8(completion_credit);
	PG_RETURN_FLOAT8(ecosys_attainment_value(state, policy));
}

/* (state, policy) */
ECOSYS_FUNCTION(ecosys_attained_at);
Datum
ecosys_attained_at(PG_FUNCTION_ARGS)
{
	const ecosys_attainment *state = ecosys_open_attainment(PG_GETARG_DATUM(0));
	ecosys_policy policy = policy_argument(fcinfo);

	if (state->graded == 0)
		PG_RETURN_TIMESTAMPTZ(state->completed_at);
	PG_RETURN_TIMESTAMPTZ(ecosys_attainment_time(state, policy));
}

ECOSYS_FUNCTION(ecosys_evidence_count);
Datum
ecosys_evidence_count(PG_FUNCTION_ARGS)
{
	const ecosys_attainment *state = graded_state(fcinfo);

	PG_RETURN_INT64(state != NULL ? state->graded : 0);
}

ECOSYS_FUNCTION(ecosys_completion_count);
Datum
ecosys_completion_count(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_INT64(0);
	PG_RETURN_INT64(ecosys_open_attainment(PG_GETARG_DATUM(0))->completions);
}

ECOSYS_FUNCTION(ecosys_attainment_effective_size);
Datum
ecosys_attainment_effective_size(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(evidence_size(fcinfo));
}

static double
prior_strength_argument(FunctionCallInfo fcinfo, int argument)
{
	double		strength = PG_ARGISNULL(argument) ? NAN : PG_GETARG_FLOAT8(argument);

	if (!(strength > 0) || isinf(strength))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("prior strength is not a positive number"),
				errhint("It counts as that many pieces of evidence; the usual value is 2."));
	return strength;
}

/* (state, prior_strength) */
ECOSYS_FUNCTION(ecosys_attainment_confidence);
Datum
ecosys_attainment_confidence(PG_FUNCTION_ARGS)
{
	double		strength = prior_strength_argument(fcinfo, 1);
	double		size = evidence_size(fcinfo);

	PG_RETURN_FLOAT8(size / (size + strength));
}

/* Mean of the Beta posterior; argument 1 is the prior's mean, 2 its strength. */
static double
posterior_mean(FunctionCallInfo fcinfo, double strength)
{
	const ecosys_attainment *state = graded_state(fcinfo);
	double		prior = PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1);
	double		size = evidence_size(fcinfo);

	if (!(prior >= 0 && prior <= 1))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("prior mean is not between 0 and 1"));
	return (strength * prior + (state != NULL ? size * ecosys_attainment_mean(state) : 0)) /
		(strength + size);
}

/* (state, prior_mean, prior_strength) */
ECOSYS_FUNCTION(ecosys_posterior_mean);
Datum
ecosys_posterior_mean(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(posterior_mean(fcinfo, prior_strength_argument(fcinfo, 2)));
}

/* (state, prior_mean, prior_strength) */
ECOSYS_FUNCTION(ecosys_posterior_sd);
Datum
ecosys_posterior_sd(PG_FUNCTION_ARGS)
{
	double		strength = prior_strength_argument(fcinfo, 2);
	double		mean = posterior_mean(fcinfo, strength);

	PG_RETURN_FLOAT8(sqrt(mean * (1 - mean) / (strength + evidence_size(fcinfo) + 1)));
}

/* (state, level) gives the row (lower, upper); NULLs without graded evidence */
ECOSYS_FUNCTION(ecosys_attainment_score_interval);
Datum
ecosys_attainment_score_interval(PG_FUNCTION_ARGS)
{
	const ecosys_attainment *state = graded_state(fcinfo);

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	return ecosys_interval_row(fcinfo, state != NULL ? ecosys_attainment_mean(state) : NAN,
							   evidence_size(fcinfo), PG_GETARG_FLOAT8(1));
}
