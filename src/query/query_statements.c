/*
 * query_statements.c - xAPI's statement queries as SQL functions.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "actor/actor.h"
#include "base/hash_key.h"
#include "base/iri.h"
#include "query/ordered_scan.h"
#include "query/query.h"

/* Rows whose dictionary entries are looked up together. */
#define CHUNK 500

/* More rows than this are to be fetched by cursor. */
#define MAX_ROWS 1000000

static int	query_rows = 100;

void
ecosys_query_define_settings(void)
{
	DefineCustomIntVariable("ecosys.query_rows",
							"Statements that query_statements returns where max_rows is NULL or 0.",
							NULL,
							&query_rows,
							100, 1, MAX_ROWS,
							PGC_USERSET, 0,
							NULL, NULL, NULL);
}

/* ---- rows out ---- */

typedef struct page
{
	Oid			statements;
	ecosys_page_format format;
	Tuplestorestate *store;
	TupleDesc	desc;
	MemoryContext context;		/* reset after each row, or chunk */
	int			n;				/* rows kept for a chunk */
	ecosys_position positions[CHUNK];
	Datum		kept[CHUNK];
} page;

static void
put_row(page *p, ecosys_page_dictionary *dictionary, const ecosys_position *position, Datum statement)
{
	char		cursor[ECOSYS_POSITION_SIZE];
	bool		nulls[4] = {false, false, false, false};
	Datum		values[4];

	ecosys_position_print(position, cursor);
	values[0] = UUIDPGetDatum(&position->id);
	values[1] = TimestampTzGetDatum(position->stored);
	values[2] = ecosys_page_format_statement(&p->format, dictionary, statement);
	values[3] = PointerGetDatum(cstring_to_text_with_len(cursor, sizeof(cursor)));
	tuplestore_putvalues(p->store, p->desc, values, nulls);
}

static void
put_chunk(page *p)
{
	MemoryContext old = MemoryContextSwitchTo(p->context);

	if (p->n > 0)
	{
		ecosys_page_dictionary *dictionary = ecosys_page_dictionary_load(p->statements, p->kept, p->n);

		for (int i = 0; i < p->n; i++)
			put_row(p, dictionary, &p->positions[i], p->kept[i]);
	}
	p->n = 0;
	MemoryContextSwitchTo(old);
	MemoryContextReset(p->context);
}

static void
take_row(void *arg, const ecosys_position *position, Datum statement)
{
	page	   *p = arg;
	MemoryContext old = MemoryContextSwitchTo(p->context);

	CHECK_FOR_INTERRUPTS();
	if (p->format.format != ECOSYS_OUTPUT_CANONICAL)
	{
		put_row(p, NULL, position, statement);
		MemoryContextSwitchTo(old);
		MemoryContextReset(p->context);
		return;
	}
	p->positions[p->n] = *position;
	p->kept[p->n] = PointerGetDatum(PG_DETOAST_DATUM_COPY(statement));
	MemoryContextSwitchTo(old);
	if (++p->n == CHUNK)
		put_chunk(p);
}

/* ---- arguments in ---- */

static int64
actor_argument(FunctionCallInfo fcinfo, int number)
{
	size_t		length;
	const char *bytes = ecosys_actor_bytes(PG_GETARG_VARLENA_PP(number), &length);

	return ecosys_hash_key(ECOSYS_KEY_ACTOR, bytes, length);
}

static int64
iri_argument(FunctionCallInfo fcinfo, int number, ecosys_key_kind kind)
{
	text	   *iri = PG_GETARG_TEXT_PP(number);

	/* no statement has such a one; "passed" would find nothing, silently */
	if (!ecosys_iri_valid(VARDATA_ANY(iri), VARSIZE_ANY_EXHDR(iri)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is not an IRI", kind == ECOSYS_KEY_VERB ? "the verb" : "the activity"),
				 errhint("Write it whole, for example %s.", kind == ECOSYS_KEY_VERB ?
						 "http://adlnet.gov/expapi/verbs/passed" : "https://lms.example.com/course/42")));
	return ecosys_hash_key(kind, VARDATA_ANY(iri), VARSIZE_ANY_EXHDR(iri));
}

static text *
text_argument(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? NULL : PG_GETARG_TEXT_PP(number);
}

static void
read_arguments(FunctionCallInfo fcinfo, ecosys_query *q)
{
	memset(q, 0, sizeof(*q));
	if ((q->has_agent = !PG_ARGISNULL(1)))
		q->agent = actor_argument(fcinfo, 1);
	if ((q->has_verb = !PG_ARGISNULL(2)))
		q->verb = iri_argument(fcinfo, 2, ECOSYS_KEY_VERB);
	if ((q->has_activity = !PG_ARGISNULL(3)))
		q->activity = iri_argument(fcinfo, 3, ECOSYS_KEY_ACTIVITY);
	if ((q->has_registration = !PG_ARGISNULL(4)))
		q->registration = *PG_GETARG_UUID_P(4);
	q->related_agents = !PG_ARGISNULL(5) && PG_GETARG_BOOL(5);
	q->related_activities = !PG_ARGISNULL(6) && PG_GETARG_BOOL(6);
	if ((q->has_since = !PG_ARGISNULL(7)))
		q->since = PG_GETARG_TIMESTAMPTZ(7);
	if ((q->has_until = !PG_ARGISNULL(8)))
		q->until = PG_GETARG_TIMESTAMPTZ(8);
	q->max_rows = PG_ARGISNULL(9) ? 0 : PG_GETARG_INT32(9);
	if (q->max_rows < 0 || q->max_rows > MAX_ROWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_rows is out of range"),
				 errdetail("It is %d, and must be 0 to %d.", q->max_rows, MAX_ROWS),
				 errhint("Go on from the cursor of the last row for more.")));
	if (q->max_rows == 0)
		q->max_rows = query_rows;
	q->ascending = !PG_ARGISNULL(10) && PG_GETARG_BOOL(10);
	if ((q->has_beyond = !PG_ARGISNULL(13)))
	{
		text	   *cursor = PG_GETARG_TEXT_PP(13);

		if (!ecosys_position_read(VARDATA_ANY(cursor), VARSIZE_ANY_EXHDR(cursor), &q->beyond))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid cursor"),
					 errhint("Give the cursor of a row of the same query.")));
	}
	if ((q->has_authority = !PG_ARGISNULL(14)))
		q->authority = actor_argument(fcinfo, 14);
}

static Oid
statements_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0) || !OidIsValid(get_rel_namespace(PG_GETARG_OID(0))))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no such table of statements")));
	return PG_GETARG_OID(0);
}

ECOSYS_FUNCTION(ecosys_query_statements);
Datum
ecosys_query_statements(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ecosys_query query;
	page	   *p = palloc(sizeof(page));

	p->statements = statements_argument(fcinfo);
	read_arguments(fcinfo, &query);
	ecosys_page_format_read(&p->format, text_argument(fcinfo, 11), text_argument(fcinfo, 12));
	InitMaterializedSRF(fcinfo, 0);
	p->store = result->setResult;
	p->desc = result->setDesc;
	p->n = 0;
	p->context = AllocSetContextCreate(CurrentMemoryContext, "ecosys page", ALLOCSET_DEFAULT_SIZES);
	if (!ecosys_query_ordered_scan(p->statements, get_func_namespace(fcinfo->flinfo->fn_oid), &query, take_row, p))
		ecosys_query_plain_road(p->statements, &query, take_row, p);
	put_chunk(p);
	MemoryContextDelete(p->context);
	return (Datum) 0;
}

/* stored_statement(statements, id, voided, format, language) */
ECOSYS_FUNCTION(ecosys_stored_statement);
Datum
ecosys_stored_statement(PG_FUNCTION_ARGS)
{
	Oid			statements = statements_argument(fcinfo);
	ecosys_page_format format;
	ecosys_page_dictionary *dictionary = NULL;
	bool		voided = !PG_ARGISNULL(2) && PG_GETARG_BOOL(2);
	Datum		statement;

	ecosys_page_format_read(&format, text_argument(fcinfo, 3), text_argument(fcinfo, 4));
	if (PG_ARGISNULL(1) ||
		!ecosys_query_stored_statement(statements, get_func_namespace(fcinfo->flinfo->fn_oid), PG_GETARG_UUID_P(1),
									   voided, &statement))
		PG_RETURN_NULL();
	if (format.format == ECOSYS_OUTPUT_CANONICAL)
		dictionary = ecosys_page_dictionary_load(statements, &statement, 1);
	PG_RETURN_DATUM(ecosys_page_format_statement(&format, dictionary, statement));
}
