/*
 * attainment_agg.c - attainment_agg, rollup and + over ecosys.attainment.
 *
 * As alignment_agg.c: the state is the type itself, changed in place.
 */
#include "ecosys.h"

#include "alignment/state_glue.h"

/* Argument 0 with `from` added. */
static Datum
merge_into_argument(FunctionCallInfo fcinfo, const ecosys_attainment *from)
{
	const ecosys_attainment *state = ecosys_open_attainment(PG_GETARG_DATUM(0));
	ecosys_attainment_room room;

	if (ecosys_may_change_state(fcinfo))
	{
		ecosys_attainment *own = (ecosys_attainment *) PG_GETARG_POINTER(0);
		ecosys_state_code code = ecosys_attainment_merge(own, own->bucket_count, from);

		if (code == ECOSYS_STATE_OK)
		{
			SET_VARSIZE(own, ECOSYS_ATTAINMENT_SIZE(own->bucket_count));
			PG_RETURN_POINTER(own);
		}
		if (code != ECOSYS_STATE_FULL)
			ecosys_state_check(code);
	}
	memcpy(&room, state, ECOSYS_ATTAINMENT_SIZE(state->bucket_count));
	ecosys_state_check(ecosys_attainment_merge(&room.state, ECOSYS_BUCKETS_MAX, from));
	return ecosys_attainment_datum(&room.state);
}

/* (state, outcome, completed, at [, half_life]) */
ECOSYS_FUNCTION(ecosys_attainment_accumulate);
Datum
ecosys_attainment_accumulate(PG_FUNCTION_ARGS)
{
	int64		half_life = ecosys_half_life_argument(fcinfo, 4);
	double		outcome = PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);
	bool		completed = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	int64		at = PG_ARGISNULL(3) ? 0 : PG_GETARG_TIMESTAMPTZ(3);
	ecosys_attainment_room room;
	bool		ignored;

	ecosys_state_check(ecosys_attainment_of_row(&room.state, half_life,
												PG_ARGISNULL(1) ? NULL : &outcome, completed,
												PG_ARGISNULL(3) ? NULL : &at, &ignored));
	if (ignored && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (ignored)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (PG_ARGISNULL(0))
		return ecosys_attainment_datum(&room.state);
	return merge_into_argument(fcinfo, &room.state);
}

ECOSYS_FUNCTION(ecosys_attainment_add);
Datum
ecosys_attainment_add(PG_FUNCTION_ARGS)
{
	return merge_into_argument(fcinfo, ecosys_open_attainment(PG_GETARG_DATUM(1)));
}
