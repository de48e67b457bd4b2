/*
 * record_statements.c - the function record(): a batch in one call; and
 * record_request, the same for the content of an HTTP request.
 *
 * The statements are parsed in their own order and stored by one INSERT in the
 * order of their ids, as the caller. The plan of that INSERT is kept for the
 * session.
 */
#include "ecosys.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "record/record.h"
#include "statement/statement_datum.h"

/* The statements of a call. */
typedef struct collected
{
	ReturnSetInfo *result;		/* takes the ids; may be NULL */
	MemoryContext memory;
	Datum	   *statements;
	pg_uuid_t  *ids;
	int			n;
	int			room;
} collected;

typedef struct kept_plan
{
	Oid			schema;			/* hash key */
	NameData	name;			/* of the schema when planned */
	bool		partitioned;	/* statements, when planned */
	SPIPlanPtr	one;			/* inserts a statement */
	SPIPlanPtr	many;			/* inserts an array of them */
} kept_plan;

static HTAB *plans = NULL;

static kept_plan *
plans_of(Oid schema, Oid type)
{
	const char *name = get_namespace_name(schema);
	kept_plan  *entry;
	bool		partitioned = get_rel_relkind(get_relname_relid("statements", schema)) == RELKIND_PARTITIONED_TABLE;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(kept_plan);
		plans = hash_create("ecosys record plans", 4, &control, HASH_ELEM | HASH_BLOBS);
	}
	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_SCHEMA_NAME),
				 errmsg("there is no schema with OID %u", schema)));
	entry = hash_search(plans, &schema, HASH_ENTER, &found);
	if (!found)
		entry->one = entry->many = NULL;
	if (entry->many != NULL && (strcmp(NameStr(entry->name), name) != 0 || entry->partitioned != partitioned))
	{
		/* the schema was renamed, and plans name it; or another table took the place of statements */
		SPI_freeplan(entry->one);
		SPI_freeplan(entry->many);
		entry->one = entry->many = NULL;
	}
	if (entry->many == NULL)
	{
		const char *quoted = quote_identifier(name);
		Oid			array_type = get_array_type(type);
		Oid			one_types[2] = {type, UUIDOID};
		Oid			many_types[2] = {array_type, UUIDARRAYOID};
		SPIPlanPtr	one;
		SPIPlanPtr	many;

		/* a partition is chosen before the trigger fills the row */
		if (partitioned)
		{
			one = SPI_prepare(psprintf("INSERT INTO %s.statements (statement, id) VALUES ($1, $2)", quoted), 2, one_types);
			many = SPI_prepare(psprintf("INSERT INTO %s.statements (statement, id) SELECT u.s, u.i FROM unnest($1, $2) u (s, i)",
										quoted), 2, many_types);
		}
		else
		{
			one = SPI_prepare(psprintf("INSERT INTO %s.statements (statement) VALUES ($1)", quoted), 1, one_types);
			many = SPI_prepare(psprintf("INSERT INTO %s.statements (statement) SELECT u.s FROM pg_catalog.unnest($1) u (s)",
										quoted), 1, many_types);
		}

		if (one == NULL || many == NULL || SPI_keepplan(one) != 0 || SPI_keepplan(many) != 0)
			elog(ERROR, "could not plan the storing of a batch");
		namestrcpy(&entry->name, name);
		entry->partitioned = partitioned;
		entry->one = one;
		entry->many = many;
	}
	return entry;
}

static void
collect(void *arg, Datum statement, const uint8_t *id)
{
	collected  *all = arg;
	MemoryContext old = MemoryContextSwitchTo(all->memory);

	if (all->n == all->room)
	{
		all->room = all->room == 0 ? 64 : all->room * 2;
		all->statements = all->statements == NULL ? palloc(sizeof(Datum) * all->room) :
			repalloc_huge(all->statements, sizeof(Datum) * all->room);
		all->ids = all->ids == NULL ? palloc(sizeof(pg_uuid_t) * all->room) :
			repalloc_huge(all->ids, sizeof(pg_uuid_t) * all->room);
	}
	all->statements[all->n] = PointerGetDatum(PG_DETOAST_DATUM_COPY(statement));
	memcpy(all->ids[all->n].data, id, UUID_LEN);
	if (all->result != NULL)
	{
		Datum		value = UUIDPGetDatum(&all->ids[all->n]);
		bool		isnull = false;

		tuplestore_putvalues(all->result->setResult, all->result->setDesc, &value, &isnull);
	}
	all->n++;
	MemoryContextSwitchTo(old);
}

static int
compare_ids(const void *a, const void *b, void *arg)
{
	const pg_uuid_t *ids = arg;

	return memcmp(ids[*(const int *) a].data, ids[*(const int *) b].data, UUID_LEN);
}

static void
store(FunctionCallInfo fcinfo, Oid schema, collected *all)
{
	Oid			type = ecosys_record_statement_type(fcinfo);
	kept_plan  *plan;
	SPIPlanPtr	insert;
	Datum		values[2] = {(Datum) 0, (Datum) 0};	/* statements and, where asked for, their ids */

	if (all->n == 0)
		return;
	SPI_connect();
	plan = plans_of(schema, type);
	if (all->n == 1)
	{
		insert = plan->one;
		values[0] = all->statements[0];
		values[1] = UUIDPGetDatum(&all->ids[0]);
	}
	else
	{
		int		   *order = palloc(sizeof(int) * all->n);
		Datum	   *sorted = palloc_extended(sizeof(Datum) * all->n, MCXT_ALLOC_HUGE);
		Datum	   *ids = palloc_extended(sizeof(Datum) * all->n, MCXT_ALLOC_HUGE);

		for (int i = 0; i < all->n; i++)
			order[i] = i;
		qsort_arg(order, all->n, sizeof(int), compare_ids, all->ids);
		for (int i = 0; i < all->n; i++)
		{
			sorted[i] = all->statements[order[i]];
			ids[i] = UUIDPGetDatum(&all->ids[order[i]]);
		}
		insert = plan->many;
		values[0] = PointerGetDatum(construct_array(sorted, all->n, type, -1, false, TYPALIGN_INT));
		if (SPI_getargcount(insert) > 1)
			values[1] = PointerGetDatum(construct_array(ids, all->n, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
	}
	if (SPI_execute_plan(insert, values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not store a batch");
	SPI_finish();
}

ECOSYS_FUNCTION(ecosys_record_statements);
Datum
ecosys_record_statements(PG_FUNCTION_ARGS)
{
	collected	all = {0};

	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	all.result = (ReturnSetInfo *) fcinfo->resultinfo;
	all.memory = CurrentMemoryContext;
	ecosys_statement_batch_read(PG_GETARG_VARLENA_PP(1), PG_ARGISNULL(2) ? NULL : PG_GETARG_VARLENA_PP(2), collect, &all);
	store(fcinfo, PG_GETARG_OID(0), &all);
	return (Datum) 0;
}

/* record_request(ecosystem, body, authority, version, id, define, max_batch) */
ECOSYS_FUNCTION(ecosys_record_request);
Datum
ecosys_record_request(PG_FUNCTION_ARGS)
{
	collected	all = {0};
	StringInfoData ids;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	all.memory = CurrentMemoryContext;
	if (!PG_ARGISNULL(5) && !PG_GETARG_BOOL(5))
		ecosys_record_undefine();
	ecosys_statement_request_read(PG_ARGISNULL(1) ? (struct varlena *) cstring_to_text("") : PG_GETARG_VARLENA_PP(1),
								  PG_ARGISNULL(2) ? NULL : PG_GETARG_VARLENA_PP(2),
								  text_to_cstring(PG_GETARG_TEXT_PP(3))[0] == '1' ? 1 : 2,
								  PG_ARGISNULL(4) ? NULL : PG_GETARG_UUID_P(4)->data, collect, &all);
	if (!PG_ARGISNULL(6) && all.n > PG_GETARG_INT32(6))
		ereport(ERROR,
				(errcode(MAKE_SQLSTATE('E', 'C', '4', '1', '3')),
				 errmsg("a request has at most %d statements", PG_GETARG_INT32(6))));
	store(fcinfo, PG_GETARG_OID(0), &all);

	initStringInfo(&ids);
	appendStringInfoChar(&ids, '[');
	for (int i = 0; i < all.n; i++)
	{
		if (i > 0)
			appendStringInfoChar(&ids, ',');
		appendStringInfoChar(&ids, '"');
		enlargeStringInfo(&ids, 36);
		ecosys_uuid_print(all.ids[i].data, ids.data + ids.len);
		ids.len += 36;
		appendStringInfoChar(&ids, '"');
	}
	appendStringInfoChar(&ids, ']');
	PG_RETURN_BYTEA_P(cstring_to_text_with_len(ids.data, ids.len));
}
