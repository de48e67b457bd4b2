/*
 * attainment_io.c - text and binary form of ecosys.attainment.
 */
#include "ecosys.h"

#include "libpq/pqformat.h"

#include "alignment/state_glue.h"
#include "alignment/state_text.h"

ECOSYS_FUNCTION(ecosys_attainment_in);
Datum
ecosys_attainment_in(PG_FUNCTION_ARGS)
{
	ecosys_attainment_room room;
	size_t		offset;
	const char *fault = ecosys_attainment_read(PG_GETARG_CSTRING(0), &room.state, &offset);

	if (fault != NULL && offset != ECOSYS_STATE_TEXT_COMPLETE)
		ereturn(ECOSYS_ESCONTEXT(fcinfo), (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid text form of ecosys.attainment"),
				 errdetail("At byte %zu: %s.", offset + 1, fault),
				 errhint("States are made by attainment_agg, not written by hand.")));
	if (fault != NULL)
		ereturn(ECOSYS_ESCONTEXT(fcinfo), (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid text form of ecosys.attainment"),
				 errdetail("No results give this state: %s.", fault),
				 errhint("States are made by attainment_agg, not written by hand.")));
	return ecosys_attainment_datum(&room.state);
}

ECOSYS_FUNCTION(ecosys_attainment_out);
Datum
ecosys_attainment_out(PG_FUNCTION_ARGS)
{
	char		text[ECOSYS_STATE_TEXT_MAX];

	(void) ecosys_attainment_write(ecosys_open_attainment(PG_GETARG_DATUM(0)), text);
	PG_RETURN_CSTRING(pstrdup(text));
}

ECOSYS_FUNCTION(ecosys_attainment_recv);
Datum
ecosys_attainment_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	ecosys_attainment_room room;
	ecosys_attainment *state = &room.state;
	const char *fault;

	ecosys_need_bytes(message, 4 + 8 * 8 + 16, "attainment");
	memset(state, 0, ECOSYS_ATTAINMENT_SIZE(0));
	state->version = pq_getmsgbyte(message);
	state->flags = pq_getmsgbyte(message);
	state->bucket_count = pq_getmsgint(message, 2);
	if (state->version != ECOSYS_ATTAINMENT_VERSION)
		ecosys_refuse_binary("attainment", "unknown version");
	if (state->bucket_count > ECOSYS_BUCKETS_MAX)
		ecosys_refuse_binary("attainment", "too many buckets");
	state->half_life = pq_getmsgint64(message);
	state->graded = pq_getmsgint64(message);
	state->completions = pq_getmsgint64(message);
	state->best = pq_getmsgint64(message);
	state->best_at = pq_getmsgint64(message);
	state->last = pq_getmsgint64(message);
	state->last_at = pq_getmsgint64(message);
	state->completed_at = pq_getmsgint64(message);
	state->total = ecosys_receive_int128(message);
	ecosys_need_bytes(message, state->bucket_count * (8 + 3 * 16), "attainment");
	for (int i = 0; i < state->bucket_count; i++)
	{
		state->buckets[i].number = pq_getmsgint64(message);
		state->buckets[i].growth = ecosys_receive_int128(message);
		state->buckets[i].grown = ecosys_receive_int128(message);
		state->buckets[i].squares = ecosys_receive_int128(message);
	}
	fault = ecosys_attainment_prove(state);
	if (fault != NULL)
		ecosys_refuse_binary("attainment", fault);
	return ecosys_attainment_datum(state);
}

ECOSYS_FUNCTION(ecosys_attainment_send);
Datum
ecosys_attainment_send(PG_FUNCTION_ARGS)
{
	const ecosys_attainment *state = ecosys_open_attainment(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, state->version);
	pq_sendint8(&message, state->flags);
	pq_sendint16(&message, state->bucket_count);
	pq_sendint64(&message, state->half_life);
	pq_sendint64(&message, state->graded);
	pq_sendint64(&message, state->completions);
	pq_sendint64(&message, state->best);
	pq_sendint64(&message, state->best_at);
	pq_sendint64(&message, state->last);
	pq_sendint64(&message, state->last_at);
	pq_sendint64(&message, state->completed_at);
	ecosys_send_int128(&message, state->total);
	for (int i = 0; i < state->bucket_count; i++)
	{
		pq_sendint64(&message, state->buckets[i].number);
		ecosys_send_int128(&message, state->buckets[i].growth);
		ecosys_send_int128(&message, state->buckets[i].grown);
		ecosys_send_int128(&message, state->buckets[i].squares);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
