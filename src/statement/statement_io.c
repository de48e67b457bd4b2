/*
 * statement_io.c - text and binary input and output of ecosys.statement.
 *
 * Text: the JSON. Out comes what came in, byte for byte; values that the
 * server completed are printed first.
 *
 * Binary: uint8 version (1), uint8 which values were completed (1 id,
 * 2 timestamp, 4 stored), those values (16 bytes, int64, int64; times as
 * microseconds since 2000-01-01 UTC), then the text without them. Nothing of the
 * stored form is in it, so what is received is parsed like any text.
 */
#include "ecosys.h"

#include "libpq/pqformat.h"
#include "statement/statement_datum.h"

#define BINARY_VERSION 1
#define COMPLETED_ID 1
#define COMPLETED_TIMESTAMP 2
#define COMPLETED_STORED 4

ECOSYS_FUNCTION(ecosys_statement_in);
Datum
ecosys_statement_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	struct varlena *result = ecosys_statement_encode(text, strlen(text), NULL, false, ECOSYS_ESCONTEXT(fcinfo));

	if (result == NULL)
		PG_RETURN_NULL();		/* a soft error was reported */
	PG_RETURN_POINTER(result);
}

ECOSYS_FUNCTION(ecosys_statement_out);
Datum
ecosys_statement_out(PG_FUNCTION_ARGS)
{
	size_t		length;

	PG_RETURN_CSTRING(ecosys_statement_text(PG_GETARG_DATUM(0), true, &length));
}

ECOSYS_FUNCTION(ecosys_statement_recv);
Datum
ecosys_statement_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	int			completed = pq_getmsgbyte(message);
	uint8_t		id[16];
	int64_t		timestamp = 0;
	int64_t		stored = 0;
	char	   *text;
	int			length;
	struct varlena *statement;
	ecosys_statement_header facts;

	if (version != BINARY_VERSION || (completed & ~(COMPLETED_ID | COMPLETED_TIMESTAMP | COMPLETED_STORED)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of ecosys.statement"),
				 errdetail("Version %d with flags %d, expected version %d.", version, completed, BINARY_VERSION)));
	if (completed & COMPLETED_ID)
		pq_copymsgbytes(message, (char *) id, 16);
	if (completed & COMPLETED_TIMESTAMP)
		timestamp = pq_getmsgint64(message);
	if (completed & COMPLETED_STORED)
		stored = pq_getmsgint64(message);
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	statement = ecosys_statement_encode(text, length, NULL, true, NULL);
	pfree(text);
	if (completed == 0)
		PG_RETURN_POINTER(statement);

	ecosys_statement_facts_of(PointerGetDatum(statement), &facts);
	{
		const ecosys_time_style zulu = {0, ECOSYS_TIME_ZULU};
		bool		twice = ((completed & COMPLETED_ID) && (facts.flags & ECOSYS_STATEMENT_ID)) ||
			((completed & COMPLETED_TIMESTAMP) && (facts.flags & ECOSYS_STATEMENT_TIMESTAMP)) ||
			((completed & COMPLETED_STORED) && (facts.flags & ECOSYS_STATEMENT_STORED));

		if (twice || !ecosys_time_printable(timestamp, zulu) || !ecosys_time_printable(stored, zulu))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid binary form of ecosys.statement"),
					 twice ? errdetail("A completed value is also in the text.") :
					 errdetail("A completed time is out of range.")));
	}
	PG_RETURN_POINTER(ecosys_statement_complete(PointerGetDatum(statement),
												completed & COMPLETED_ID ? id : NULL,
												completed & COMPLETED_STORED ? &stored : NULL,
												completed & COMPLETED_TIMESTAMP ? &timestamp : NULL));
}

ECOSYS_FUNCTION(ecosys_statement_send);
Datum
ecosys_statement_send(PG_FUNCTION_ARGS)
{
	ecosys_statement_header facts;
	StringInfoData message;
	char	   *text;
	size_t		length;
	int			completed;

	ecosys_statement_facts_of(PG_GETARG_DATUM(0), &facts);
	completed = (facts.flags & ECOSYS_STATEMENT_ID_COMPLETED ? COMPLETED_ID : 0) |
		(facts.flags & ECOSYS_STATEMENT_TIMESTAMP_COMPLETED ? COMPLETED_TIMESTAMP : 0) |
		(facts.flags & ECOSYS_STATEMENT_STORED_COMPLETED ? COMPLETED_STORED : 0);
	text = ecosys_statement_text(PG_GETARG_DATUM(0), false, &length);
	pq_begintypsend(&message);
	pq_sendbyte(&message, BINARY_VERSION);
	pq_sendbyte(&message, completed);
	if (completed & COMPLETED_ID)
		pq_sendbytes(&message, (char *) facts.id, 16);
	if (completed & COMPLETED_TIMESTAMP)
		pq_sendint64(&message, facts.timestamp);
	if (completed & COMPLETED_STORED)
		pq_sendint64(&message, facts.stored);
	pq_sendtext(&message, text, (int) length);
	pfree(text);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
