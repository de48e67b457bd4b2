/*
 * alignment_agg.c - alignment_agg, rollup and + over ecosys.alignment.
 *
 * The aggregate's state is the type itself, so parallel workers, stored states
 * and other servers exchange the same thing. In an aggregate the state is
 * changed in place. Where a new bucket needs more room a larger copy is
 * returned, which the executor takes over; one bucket is one half-life, so that
 * is rare.
 */
#include "ecosys.h"

#include "alignment/state_glue.h"

/* Argument 0 with `from` added. */
static Datum
merge_into_argument(FunctionCallInfo fcinfo, const ecosys_alignment *from)
{
	const ecosys_alignment *state = ecosys_open_alignment(PG_GETARG_DATUM(0));
	ecosys_alignment_room room;

	if (ecosys_may_change_state(fcinfo))
	{
		ecosys_alignment *own = (ecosys_alignment *) PG_GETARG_POINTER(0);
		ecosys_state_code code = ecosys_alignment_merge(own, own->bucket_count, from);

		if (code == ECOSYS_STATE_OK)
		{
			SET_VARSIZE(own, ECOSYS_ALIGNMENT_SIZE(own->bucket_count));
			PG_RETURN_POINTER(own);
		}
		if (code != ECOSYS_STATE_FULL)
			ecosys_state_check(code);
	}
	memcpy(&room, state, ECOSYS_ALIGNMENT_SIZE(state->bucket_count));
	ecosys_state_check(ecosys_alignment_merge(&room.state, ECOSYS_BUCKETS_MAX, from));
	return ecosys_alignment_datum(&room.state);
}

/* (state, attainment, weight [, at [, half_life]]) */
ECOSYS_FUNCTION(ecosys_alignment_accumulate);
Datum
ecosys_alignment_accumulate(PG_FUNCTION_ARGS)
{
	int64		half_life = ecosys_half_life_argument(fcinfo, 4);
	ecosys_alignment_row row = {0};
	ecosys_alignment_room room;
	bool		ignored;

	row.has_attainment = !PG_ARGISNULL(1);
	if (row.has_attainment)
		row.attainment = PG_GETARG_FLOAT8(1);
	if (!PG_ARGISNULL(2))
		row.weight = PG_GETARG_FLOAT8(2);
	row.has_time = PG_NARGS() > 3 && !PG_ARGISNULL(3);
	if (row.has_time)
		row.at = PG_GETARG_TIMESTAMPTZ(3);
	/* a weight of NULL is ignored like one of 0 */
	ecosys_state_check(ecosys_alignment_of_row(&room.state, half_life, &row, &ignored));
	if (ignored && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (ignored)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (PG_ARGISNULL(0))
		return ecosys_alignment_datum(&room.state);
	return merge_into_argument(fcinfo, &room.state);
}

ECOSYS_FUNCTION(ecosys_alignment_add);
Datum
ecosys_alignment_add(PG_FUNCTION_ARGS)
{
	return merge_into_argument(fcinfo, ecosys_open_alignment(PG_GETARG_DATUM(1)));
}
