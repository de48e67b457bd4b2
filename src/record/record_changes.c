/*
 * record_changes.c - the change feed: what was stored after a position, and NOTIFY.
 *
 * A reader gets statements in the order of (stored, id), and none later than
 * consistent_through() (record_clock.c), which is asked before the snapshot is
 * taken: so when it goes on from the last position it got, nothing can appear
 * behind it.
 *
 * There is no b-tree on stored. The table is nearly in stored order, and the BRIN
 * index knows the least and the greatest value of each range of blocks. Ranges
 * are read in the order of their least value, the best rows kept, until the next
 * range begins beyond the worst of these. Nothing is assumed of the order of the
 * table: space that was freed and used again costs time only. Where row security
 * applies to the caller, or there is no such index or plain table, the same is
 * asked in SQL.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/async.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "query/best_rows.h"
#include "query/block_ranges.h"
#include "query/checked_rows.h"
#include "query/query.h"
#include "record/record.h"

#define MAX_CHANGES 1000000

typedef struct feed
{
	ReturnSetInfo *result;
	ecosys_position after;		/* statements beyond this */
	TimestampTz through;		/* and not beyond this time */
	int			max_rows;
} feed;

static void
put(const feed *f, Datum id, TimestampTz stored, Datum statement)
{
	ecosys_position position = {stored, *DatumGetUUIDP(id)};
	char		printed[ECOSYS_POSITION_SIZE];
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};

	ecosys_position_print(&position, printed);
	values[0] = PointerGetDatum(cstring_to_text_with_len(printed, sizeof(printed)));
	values[1] = id;
	values[2] = TimestampTzGetDatum(stored);
	values[3] = statement;
	tuplestore_putvalues(f->result->setResult, f->result->setDesc, values, nulls);
	pfree(DatumGetPointer(values[0]));
}

/* ---- by the ranges of the BRIN index ---- */

typedef struct candidate
{
	TimestampTz least;
	BlockNumber block;			/* its first */
} candidate;

static int
compare_candidates(const void *a, const void *b)
{
	const candidate *x = a;
	const candidate *y = b;

	if (x->least != y->least)
		return x->least < y->least ? -1 : 1;
	return x->block < y->block ? -1 : x->block > y->block;
}

/* The BRIN index on stored that can be used now; InvalidOid: there is none. */
static Oid
brin_index(Relation statements, AttrNumber stored)
{
	Oid			result = InvalidOid;
	ListCell   *cell;

	foreach(cell, RelationGetIndexList(statements))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (index->rd_index->indisvalid && !index->rd_index->indcheckxmin &&
			index->rd_index->indkey.values[0] == stored && RelationGetIndexPredicate(index) == NIL &&
			ecosys_block_ranges_usable(index))
			result = RelationGetRelid(index);
		index_close(index, NoLock);
	}
	return result;
}

/* The ranges that may hold what is asked for, in the order of their least value. */
static candidate *
find_candidates(const feed *f, Relation statements, Oid index_id, BlockNumber blocks, int64 *n, uint32 *size)
{
	Relation	index = index_open(index_id, AccessShareLock);
	ecosys_block_ranges *ranges = ecosys_block_ranges_load(index, blocks, GetActiveSnapshot());
	candidate  *candidates = palloc_extended(sizeof(candidate) * Max(ranges->n, 1), MCXT_ALLOC_HUGE);

	index_close(index, NoLock);
	*n = 0;
	*size = ranges->size;
	for (uint32 i = 0; i < ranges->n; i++)
	{
		const ecosys_block_range *range = &ranges->ranges[i];

		if (range->greatest >= range->least && range->greatest >= f->after.stored && range->least <= f->through)
		{
			candidates[*n].least = range->least;
			candidates[*n].block = i * ranges->size;
			(*n)++;
		}
	}
	qsort(candidates, *n, sizeof(candidate), compare_candidates);
	return candidates;
}

static bool
by_ranges(const feed *f, Relation statements)
{
	Oid			relation_id = RelationGetRelid(statements);
	AttrNumber	id_column = get_attnum(relation_id, "id");
	AttrNumber	stored_column = get_attnum(relation_id, "stored");
	AttrNumber	statement_column = get_attnum(relation_id, "statement");
	Oid			index;
	BlockNumber blocks;
	candidate  *candidates;
	int64		n_candidates;
	uint32		size;
	TupleTableSlot *slot;
	TableScanDesc scan = NULL;
	ecosys_best_rows best = {.ascending = true, .room = f->max_rows};
	int64		passed = 0;

	if (statements->rd_rel->relkind != RELKIND_RELATION || statements->rd_rel->relam != HEAP_TABLE_AM_OID ||
		statements->rd_rel->relhassubclass ||
		id_column <= 0 || get_atttype(relation_id, id_column) != UUIDOID ||
		stored_column <= 0 || get_atttype(relation_id, stored_column) != TIMESTAMPTZOID ||
		statement_column <= 0 || get_atttype(relation_id, statement_column) != ecosys_engine_type("statement") ||
		pg_class_aclcheck(relation_id, GetUserId(), ACL_SELECT) != ACLCHECK_OK ||
		check_enable_rls(relation_id, InvalidOid, true) == RLS_ENABLED)
		return false;
	index = brin_index(statements, stored_column);
	if (!OidIsValid(index))
		return false;

	/* after the snapshot was taken: no row that it shows is beyond */
	blocks = RelationGetNumberOfBlocks(statements);
	candidates = find_candidates(f, statements, index, blocks, &n_candidates, &size);
	best.rows = palloc_extended(sizeof(ecosys_row) * best.room, MCXT_ALLOC_HUGE);
	slot = table_slot_create(statements, NULL);
	for (int64 i = 0; i < n_candidates; i++)
	{
		ItemPointerData first;
		ItemPointerData last;

		if (best.n == best.room && candidates[i].least > best.rows[0].stored)
			break;
		ItemPointerSet(&first, candidates[i].block, FirstOffsetNumber);
		ItemPointerSet(&last, Min(blocks, candidates[i].block + size) - 1, MaxOffsetNumber);
		if (scan == NULL)
			scan = ecosys_table_beginscan_tidrange(statements, GetActiveSnapshot(), &first, &last);
		else
			table_rescan_tidrange(scan, &first, &last);
		while (table_scan_getnextslot_tidrange(scan, ForwardScanDirection, slot))
		{
			bool		isnull;
			TimestampTz stored = DatumGetTimestampTz(slot_getattr(slot, stored_column, &isnull));
			pg_uuid_t  *id;
			ecosys_row	row;

			if (passed++ % 1000 == 999)
				CHECK_FOR_INTERRUPTS();
			if (isnull || stored < f->after.stored || stored > f->through)
				continue;
			id = DatumGetUUIDP(slot_getattr(slot, id_column, &isnull));
			if (isnull || ecosys_row_compare(stored, id->data, f->after.stored, f->after.id.data) <= 0 ||
				!ecosys_best_rows_wants(&best, stored, id->data))
				continue;
			row.stored = stored;
			memcpy(row.id, id->data, UUID_LEN);
			row.block = ItemPointerGetBlockNumber(&slot->tts_tid);
			row.offset = ItemPointerGetOffsetNumber(&slot->tts_tid);
			ecosys_best_rows_keep(&best, &row);
		}
	}
	if (scan != NULL)
	{
		ExecClearTuple(slot);
		table_endscan(scan);
	}

	ecosys_best_rows_sort(&best);
	for (int i = 0; i < best.n; i++)
	{
		ItemPointerData place;
		bool		isnull;
		Datum		statement;

		if (i % 1000 == 999)
			CHECK_FOR_INTERRUPTS();
		ItemPointerSet(&place, best.rows[i].block, best.rows[i].offset);
		if (!table_tuple_fetch_row_version(statements, &place, GetActiveSnapshot(), slot))
			elog(ERROR, "a statement that was there is gone");
		statement = slot_getattr(slot, statement_column, &isnull);
		if (!isnull)
			put(f, slot_getattr(slot, id_column, &isnull), best.rows[i].stored, statement);
	}
	ExecDropSingleTupleTableSlot(slot);
	return true;
}

/* ---- in SQL ---- */

static void
by_sql(const feed *f, Oid schema)
{
	Oid			result_types[3] = {UUIDOID, TIMESTAMPTZOID, ecosys_engine_type("statement")};
	Oid			types[4] = {TIMESTAMPTZOID, UUIDOID, TIMESTAMPTZOID, INT4OID};
	Datum		values[4] = {TimestampTzGetDatum(f->after.stored), UUIDPGetDatum(&f->after.id),
	TimestampTzGetDatum(f->through), Int32GetDatum(f->max_rows)};

	SPI_connect();
	if (SPI_execute_with_args(psprintf("SELECT s.id, s.stored, s.statement FROM %s.statements s"
									   " WHERE s.stored OPERATOR(pg_catalog.>=) $1 AND s.stored OPERATOR(pg_catalog.<=) $3"
									   " AND (s.stored OPERATOR(pg_catalog.>) $1 OR s.id OPERATOR(pg_catalog.>) $2)"
									   " ORDER BY s.stored, s.id LIMIT $4", quote_identifier(get_namespace_name(schema))),
							  4, types, values, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read statements");
	ecosys_check_columns(SPI_tuptable->tupdesc, result_types, lengthof(result_types));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		put(f, ecosys_checked_column(row, desc, 1), DatumGetTimestampTz(ecosys_checked_column(row, desc, 2)),
			ecosys_checked_column(row, desc, 3));
	}
	SPI_finish();
}

/* The table of statements in a schema that may not exist. */
static Oid
statements_table(Oid schema)
{
	Oid			table = get_relname_relid("statements", schema);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there are no statements in this schema"),
				 errhint("Give the schema of an ecosystem, as ecosys.create_ecosystem() makes it.")));
	return table;
}

/* changes(ecosystem regnamespace, after text, max_rows integer) */
ECOSYS_FUNCTION(ecosys_changes);
Datum
ecosys_changes(PG_FUNCTION_ARGS)
{
	feed		f = {0};
	Oid			schema;
	Oid			statements_id;
	Relation	statements;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	schema = PG_GETARG_OID(0);
	f.result = (ReturnSetInfo *) fcinfo->resultinfo;
	f.after.stored = DT_NOBEGIN;
	if (!PG_ARGISNULL(1))
	{
		text	   *after = PG_GETARG_TEXT_PP(1);

		if (!ecosys_position_read(VARDATA_ANY(after), VARSIZE_ANY_EXHDR(after), &f.after))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("not a position in the statements"),
					 errhint("Give the position of the last row you got, or NULL to begin.")));
	}
	f.max_rows = PG_ARGISNULL(2) ? 1000 : PG_GETARG_INT32(2);
	if (f.max_rows < 1 || f.max_rows > MAX_CHANGES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_rows must be 1 to %d", MAX_CHANGES)));
	statements_id = statements_table(schema);
	statements = table_open(statements_id, AccessShareLock);
	f.through = ecosys_record_consistent_through(schema);
	PushActiveSnapshot(GetTransactionSnapshot());
	if (!by_ranges(&f, statements))
		by_sql(&f, schema);
	PopActiveSnapshot();
	table_close(statements, NoLock);
	return (Datum) 0;
}

/* ---- NOTIFY ---- */

/* Whether the ecosystem stored in last wants it; until its settings change. */
static struct
{
	Oid			schema;			/* InvalidOid: not known */
	Oid			settings;
	bool		wanted;
}			notify;

static void
at_relation_change(Datum arg, Oid relation)
{
	if (!OidIsValid(relation) || relation == notify.settings)
		notify.schema = InvalidOid;
}

static void
ask_settings(Oid schema, Oid owner)
{
	static bool registered = false;
	Oid			settings = get_relname_relid("settings", schema);
	bool		wanted = false;

	if (!registered)
	{
		CacheRegisterRelcacheCallback(at_relation_change, (Datum) 0);
		registered = true;
	}
	notify.settings = settings;
	notify.schema = schema;
	if (OidIsValid(settings) && get_attnum(settings, "notify_changes") != InvalidAttrNumber)
	{
		ecosys_record_caller caller;

		ecosys_record_become(&caller, owner);
		SPI_connect();
		if (SPI_execute(psprintf("SELECT FROM %s.settings WHERE notify_changes",
								 quote_identifier(get_namespace_name(schema))), true, 1) != SPI_OK_SELECT)
			elog(ERROR, "could not read settings");
		wanted = SPI_processed > 0;
		SPI_finish();
		ecosys_record_become_again(&caller);
	}
	notify.wanted = wanted;
}

void
ecosys_record_notify(Relation statements)
{
	Oid			schema = RelationGetNamespace(statements);

	if (!ecosys_record_has_stored(schema))
		return;
	if (notify.schema != schema)
		ask_settings(schema, statements->rd_rel->relowner);
	if (notify.wanted)
	{
		static const char ending[] = "_changes";
		char		channel[NAMEDATALEN];
		const char *name = get_namespace_name(schema);
		int			length = pg_mbcliplen(name, strlen(name), NAMEDATALEN - sizeof(ending));

		memcpy(channel, name, length);
		strcpy(channel + length, ending);
		/* once a transaction: the server leaves out repeated ones */
		Async_Notify(channel, "");
	}
}
