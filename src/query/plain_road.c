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

#include "query/query.h"

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
	char	   *command;
	Portal		portal;

	SPI_connect();
	command = psprintf("SELECT id, stored, statement FROM %s.matching_statements"
					   "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
					   quote_identifier(get_namespace_name(get_rel_namespace(statements))));
	portal = SPI_cursor_open_with_args(NULL, command, 13, types, values, nulls, true, 0);
	do
	{
		CHECK_FOR_INTERRUPTS();
		SPI_cursor_fetch(portal, true, BATCH);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			HeapTuple	row = SPI_tuptable->vals[i];
			TupleDesc	desc = SPI_tuptable->tupdesc;
			bool		isnull;
			ecosys_position position;

			position.id = *DatumGetUUIDP(SPI_getbinval(row, desc, 1, &isnull));
			position.stored = DatumGetTimestampTz(SPI_getbinval(row, desc, 2, &isnull));
			sink(arg, &position, SPI_getbinval(row, desc, 3, &isnull));
		}
		SPI_freetuptable(SPI_tuptable);
	} while (SPI_processed == BATCH);
	SPI_cursor_close(portal);
	SPI_finish();
}
