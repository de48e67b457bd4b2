/*
 * alignment_io.c - text and binary form of ecosys.alignment.
 */
#include "ecosys.h"

#include "libpq/pqformat.h"

#include "alignment/state_glue.h"
#include "alignment/state_text.h"

ECOSYS_FUNCTION(ecosys_alignment_in);
Datum
ecosys_alignment_in(PG_FUNCTION_ARGS)
{
	ecosys_alignment_room room;
	size_t		offset;
	const char *fault = ecosys_alignment_read(PG_GETARG_CSTRING(0), &room.state, &offset);

	if (fault != NULL && offset != ECOSYS_STATE_TEXT_COMPLETE)
		ereturn(ECOSYS_ESCONTEXT(fcinfo), (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid text form of ecosys.alignment"),
				 errdetail("At byte %zu: %s.", offset + 1, fault),
				 errhint("States are made by alignment_agg, not written by hand.")));
	if (fault != NULL)
		ereturn(ECOSYS_ESCONTEXT(fcinfo), (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid text form of ecosys.alignment"),
				 errdetail("No obligations give this state: %s.", fault),
				 errhint("States are made by alignment_agg, not written by hand.")));
	return ecosys_alignment_datum(&room.state);
}

ECOSYS_FUNCTION(ecosys_alignment_out);
Datum
ecosys_alignment_out(PG_FUNCTION_ARGS)
{
	char		text[ECOSYS_STATE_TEXT_MAX];

	(void) ecosys_alignment_write(ecosys_open_alignment(PG_GETARG_DATUM(0)), text);
	PG_RETURN_CSTRING(pstrdup(text));
}

ECOSYS_FUNCTION(ecosys_alignment_recv);
Datum
ecosys_alignment_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	ecosys_alignment_room room;
	ecosys_alignment *state = &room.state;
	const char *fault;

	ecosys_need_bytes(message, 4 + 5 * 8 + 4 * 16, "alignment");
	memset(state, 0, ECOSYS_ALIGNMENT_SIZE(0));
	state->version = pq_getmsgbyte(message);
	state->flags = pq_getmsgbyte(message);
	state->bucket_count = pq_getmsgint(message, 2);
	if (state->version != ECOSYS_ALIGNMENT_VERSION)
		ecosys_refuse_binary("alignment", "unknown version");
	if (state->bucket_count > ECOSYS_BUCKETS_MAX)
		ecosys_refuse_binary("alignment", "too many buckets");
	state->half_life = pq_getmsgint64(message);
	state->obligations = pq_getmsgint64(message);
	state->evidenced = pq_getmsgint64(message);
	state->first_at = pq_getmsgint64(message);
	state->last_at = pq_getmsgint64(message);
	state->weight = ecosys_receive_int128(message);
	state->evidence_weight = ecosys_receive_int128(message);
	state->weight_squares = ecosys_receive_int128(message);
	state->attained = ecosys_receive_int128(message);
	ecosys_need_bytes(message, state->bucket_count * (8 + 2 * 16), "alignment");
	for (int i = 0; i < state->bucket_count; i++)
	{
		state->buckets[i].number = pq_getmsgint64(message);
		state->buckets[i].numerator = ecosys_receive_int128(message);
		state->buckets[i].squares = ecosys_receive_int128(message);
	}
	fault = ecosys_alignment_prove(state);
	if (fault != NULL)
		ecosys_refuse_binary("alignment", fault);
	return ecosys_alignment_datum(state);
}

ECOSYS_FUNCTION(ecosys_alignment_send);
Datum
ecosys_alignment_send(PG_FUNCTION_ARGS)
{
	const ecosys_alignment *state = ecosys_open_alignment(PG_GETARG_DATUM(0));
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, state->version);
	pq_sendint8(&message, state->flags);
	pq_sendint16(&message, state->bucket_count);
	pq_sendint64(&message, state->half_life);
	pq_sendint64(&message, state->obligations);
	pq_sendint64(&message, state->evidenced);
	pq_sendint64(&message, state->first_at);
	pq_sendint64(&message, state->last_at);
	ecosys_send_int128(&message, state->weight);
	ecosys_send_int128(&message, state->evidence_weight);
	ecosys_send_int128(&message, state->weight_squares);
	ecosys_send_int128(&message, state->attained);
	for (int i = 0; i < state->bucket_count; i++)
	{
		pq_sendint64(&message, state->buckets[i].number);
		ecosys_send_int128(&message, state->buckets[i].numerator);
		ecosys_send_int128(&message, state->buckets[i].squares);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
