/*
 * graph_key.c - from the keys of elements, as people write them, to ids.
 *
 * One place says what is wrong with a key, so that every graph call says it
 * alike.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "graph/graph_argument.h"
#include "graph/graph_key.h"
#include "graph/graph_load.h"

/* The keys on both sides of this one in their order: mostly those that begin alike. */
static char *
neighbours(const char *schema, Datum key)
{
	Oid			types[] = {TEXTOID};
	char	   *query;

	query = psprintf("SELECT pg_catalog.string_agg(pg_catalog.left(n.key, 60), ', ' ORDER BY n.key) FROM ("
					 "(SELECT e.key FROM %s.elements e WHERE e.key OPERATOR(pg_catalog.>=) $1"
					 " ORDER BY e.key LIMIT 2) UNION ALL "
					 "(SELECT e.key FROM %s.elements e WHERE e.key OPERATOR(pg_catalog.<) $1"
					 " ORDER BY e.key DESC LIMIT 2)) n", schema, schema);
	if (SPI_execute_with_args(query, 1, types, &key, NULL, true, 1) != SPI_OK_SELECT ||
		SPI_processed != 1)
		return NULL;
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}

/*
 * Ids of the elements with these keys, in their order, allocated in the
 * current context. Unknown keys, and elements that are not valid on the day,
 * are errors.
 */
int64 *
ecosys_graph_find_elements(Oid ecosystem, ArrayType *keys, DateADT as_of, int *count)
{
	MemoryContext context = CurrentMemoryContext;
	char	   *schema = ecosys_graph_schema(ecosystem);
	Oid			types[] = {DATEOID, TEXTARRAYOID};
	Datum		values[] = {DateADTGetDatum(as_of), PointerGetDatum(keys)};
	char	   *query;
	int64	   *ids;

	if (array_contains_nulls(keys))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the key of an element must not be NULL")));
	SPI_connect();
	query = psprintf("SELECT k.key, e.id,"
					 " (e.valid_from IS NULL OR e.valid_from OPERATOR(pg_catalog.<=) $1)"
					 " AND (e.valid_to IS NULL OR e.valid_to OPERATOR(pg_catalog.>) $1)"
					 " FROM pg_catalog.unnest($2) WITH ORDINALITY k (key, number)"
					 " LEFT JOIN %s.elements e ON e.key OPERATOR(pg_catalog.=) k.key"
					 " ORDER BY k.number", schema);
	if (SPI_execute_with_args(query, 2, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "reading elements failed");
	*count = (int) SPI_processed;
	ids = MemoryContextAlloc(context, Max(1, SPI_processed) * sizeof(int64));
	for (int i = 0; i < *count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		Datum		id = SPI_getbinval(row, desc, 2, &isnull);

		if (isnull)
		{
			Datum		key = SPI_getbinval(row, desc, 1, &isnull);
			char	   *near = neighbours(schema, key);

			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown element: \"%s\"",
							ecosys_graph_clipped(TextDatumGetCString(key))),
					 errdetail("No element that you may see in ecosystem %s has this key.", schema),
					 near ? errhint("Keys near it: %s.", near) :
					 errhint("There are no elements yet: add some with import_model().")));
		}
		if (!DatumGetBool(SPI_getbinval(row, desc, 3, &isnull)))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("element \"%s\" does not exist on %s",
							ecosys_graph_clipped(SPI_getvalue(row, desc, 1)),
							DatumGetCString(DirectFunctionCall1(date_out, values[0]))),
					 errhint("See its valid_from and valid_to, or give another as_of.")));
		ids[i] = DatumGetInt64(id);
	}
	SPI_finish();
	return ids;
}

/* element_ids(ecosystem, keys, as_of) */
ECOSYS_FUNCTION(ecosys_element_ids);
Datum
ecosys_element_ids(PG_FUNCTION_ARGS)
{
	int64	   *ids;
	Datum	   *datums;
	int			count;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	ids = ecosys_graph_find_elements(PG_GETARG_OID(0), PG_GETARG_ARRAYTYPE_P(1),
									 ecosys_graph_as_of_argument(fcinfo, 2), &count);
	datums = palloc(Max(1, count) * sizeof(Datum));
	for (int i = 0; i < count; i++)
		datums[i] = Int64GetDatum(ids[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(datums, count, INT8OID, sizeof(int64),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
