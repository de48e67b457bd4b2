/*
 * plain_road.c - the rows of a query by SQL: matching_statements() of the ecosystem.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/timestamp.h"

#include "query/checked_rows.h"
#include "query/query.h"

/* The schema of a table, quoted. Nobody has locked the table yet: it may be gone. */
const char *
ecosys_query_schema(Oid table)
{
	const char *name = get_namespace_name(get_rel_namespace(table));

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no such table of statements")));
	return quote_identifier(name);
}

/* Rows fetched at a time. */
#define BATCH 500

void
ecosys_query_plain_road(Oid statements, const ecosys_query *query, ecosys_query_sink sink, void *arg)
{
	static Oid	types[13] = {
		INT8OID, INT8OID, INT8OID, UUIDOID, BOOLOID, BOOLOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
		UUIDOID, INT4OID, BOOLOID, INT8OID
	};
	Datum		values[13] = {
		Int64GetDatum(query->agent), Int64GetDatum(query->verb), Int64GetDatum(query->activity),
		UUIDPGetDatum(&query->registration), BoolGetDatum(query->related_agents),
		BoolGetDatum(query->related_activities), TimestampTzGetDatum(query->since), TimestampTzGetDatum(query->until),
		TimestampTzGetDatum(query->beyond.stored), UUIDPGetDatum(&query->beyond.id), Int32GetDatum(query->max_rows),
		BoolGetDatum(query->ascending), Int64GetDatum(query->authority)
	};
	char		nulls[14] = {
		query->has_agent ? ' ' : 'n', query->has_verb ? ' ' : 'n', query->has_activity ? ' ' : 'n',
		query->has_registration ? ' ' : 'n', ' ', ' ', query->has_since ? ' ' : 'n', query->has_until ? ' ' : 'n',
		query->has_beyond ? ' ' : 'n', query->has_beyond ? ' ' : 'n', ' ', ' ', query->has_authority ? ' ' : 'n', '\0'
	};
	Oid			result_types[3] = {UUIDOID, TIMESTAMPTZOID, ecosys_engine_type("statement")};
	const char *schema = ecosys_query_schema(statements);
	char	   *command;
	Portal		portal;

	SPI_connect();
	command = psprintf("SELECT id, stored, statement FROM %s.matching_statements"
					   "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", schema);
	portal = SPI_cursor_open_with_args(NULL, command, 13, types, values, nulls, true, 0);
	do
	{
		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, BATCH);
		ecosys_check_columns(SPI_tuptable->tupdesc, result_types, lengthof(result_types));
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			HeapTuple	row = SPI_tuptable->vals[i];
			TupleDesc	desc = SPI_tuptable->tupdesc;
			ecosys_position position;

			position.id = *DatumGetUUIDP(ecosys_checked_column(row, desc, 1));
			position.stored = DatumGetTimestampTz(ecosys_checked_column(row, desc, 2));
			sink(arg, &position, ecosys_checked_column(row, desc, 3));
		}
		SPI_freetuptable(SPI_tuptable);
	} while (SPI_processed == BATCH);
	SPI_cursor_close(portal);
	SPI_finish();
}
