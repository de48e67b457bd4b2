/*
 * stored_statement.c - the statement of an id: by the primary key, or in plain
 * SQL where the ordered scan would not do either (query_tables.h).
 */
#include "ecosys.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

#include "query/checked_rows.h"
#include "query/query.h"
#include "query/query_tables.h"
#include "query/row_lookup.h"

static bool
find_by_index(const ecosys_query_tables *tables, const pg_uuid_t *id, bool voided, Datum *statement)
{
	Snapshot	snapshot = GetActiveSnapshot();
	Relation	statements = table_open(tables->statements, AccessShareLock);
	Relation	voidings = table_open(tables->voidings, AccessShareLock);
	AttrNumber	statement_column = tables->columns[ECOSYS_QUERY_STATEMENT];
	AttrNumber	verb_column = tables->columns[ECOSYS_QUERY_VERB];
	ecosys_row_lookup by_id;
	ecosys_row_lookup void_of;
	bool		found;

	ecosys_row_lookup_init(&by_id, statements, tables->indexes[ECOSYS_QUERY_ID], snapshot);
	ecosys_row_lookup_init(&void_of, voidings, tables->voidings_key, snapshot);
	ecosys_row_lookup_start(&by_id, UUIDOID, UUIDPGetDatum(id));
	found = ecosys_row_lookup_next(&by_id);
	if (found)
	{
		bool		isnull;
		bool		is_void = false;

		/* a voiding statement is never void */
		if (DatumGetInt64(slot_getattr(by_id.slot, verb_column, &isnull)) != ecosys_query_voiding_verb())
		{
			ecosys_row_lookup_start(&void_of, UUIDOID, UUIDPGetDatum(id));
			is_void = ecosys_row_lookup_next(&void_of);
		}
		found = is_void == voided;
		if (found)
			*statement = PointerGetDatum(PG_DETOAST_DATUM_COPY(slot_getattr(by_id.slot, statement_column, &isnull)));
	}
	ecosys_row_lookup_close(&by_id);
	ecosys_row_lookup_close(&void_of);
	table_close(voidings, NoLock);
	table_close(statements, NoLock);
	return found;
}

static bool
find_by_sql(Oid statements, const pg_uuid_t *id, bool voided, Datum *statement)
{
	MemoryContext context = CurrentMemoryContext;
	const char *schema = ecosys_query_schema(statements);
	Oid			result_types[1] = {ecosys_engine_type("statement")};
	Oid			types[2] = {UUIDOID, BOOLOID};
	Datum		values[2] = {UUIDPGetDatum(id), BoolGetDatum(voided)};
	char	   *command;
	bool		found;

	SPI_connect();
	command = psprintf("SELECT s.statement FROM %s.statements s"
					   " WHERE s.id OPERATOR(pg_catalog.=) $1 AND $2 OPERATOR(pg_catalog.=) EXISTS (SELECT FROM %s.voidings v WHERE v.voided OPERATOR(pg_catalog.=) s.id"
					   " AND s.verb OPERATOR(pg_catalog.<>) " INT64_FORMAT "::pg_catalog.int8)",
					   schema, schema, ecosys_query_voiding_verb());
	if (SPI_execute_with_args(command, 2, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read a statement");
	found = SPI_processed > 0;
	if (found)
	{
		Datum		value;
		MemoryContext old;

		ecosys_check_columns(SPI_tuptable->tupdesc, result_types, lengthof(result_types));
		value = ecosys_checked_column(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
		old = MemoryContextSwitchTo(context);
		*statement = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return found;
}

bool
ecosys_query_stored_statement(Oid statements, Oid engine_schema, const pg_uuid_t *id, bool voided, Datum *statement)
{
	const ecosys_query_tables *tables = ecosys_query_tables_open(statements, engine_schema);

	return tables != NULL && OidIsValid(tables->indexes[ECOSYS_QUERY_ID]) ?
		find_by_index(tables, id, voided, statement) : find_by_sql(statements, id, voided, statement);
}
