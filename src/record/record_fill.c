/*
 * record_fill.c - the triggers of the statements table.
 *
 * statements_fill, before each row: completes the statement (id, stored,
 * timestamp), fills the typed columns from it, notes what it names, and looks
 * its id up. A statement that is stored already is passed over; another one
 * with the same id is refused (xAPI 1.0.3 part 3, 2.1.1: a statement never
 * changes).
 *
 * The look-up sees what other sessions are about to commit and waits for them,
 * as a unique index does; a turn (record_turn.c) makes look-up and insert one.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "record/record.h"
#include "statement/statement_datum.h"

ecosys_record_conflict *ecosys_record_conflict_place = NULL;
bool		ecosys_record_keep_later = false;

/* The columns that are filled; their places in a table are looked up by name. */
typedef enum column
{
	COLUMN_ID,
	COLUMN_STORED,
	COLUMN_TIMESTAMP,
	COLUMN_ACTOR,
	COLUMN_VERB,
	COLUMN_OBJECT,
	COLUMN_RELATED_ACTIVITIES,
	COLUMN_RELATED_ACTORS,
	COLUMN_PARTIES,
	COLUMN_AUTHORITY,
	COLUMN_SCALED,
	COLUMN_RAW_SCALED,
	COLUMN_DURATION,
	COLUMN_REGISTRATION,
	COLUMN_SUCCESS,
	COLUMN_COMPLETION,
	COLUMN_STATEMENT,
	N_COLUMNS
} column;

static const struct
{
	const char *name;
	Oid			type;
}			columns[N_COLUMNS] = {
	{"id", UUIDOID}, {"stored", TIMESTAMPTZOID}, {"timestamp", TIMESTAMPTZOID},
	{"actor", INT8OID}, {"verb", INT8OID}, {"object", INT8OID},
	{"related_activities", INT8OID}, {"related_actors", INT8OID}, {"parties", INT8OID}, {"authority", INT8OID},
	{"scaled", FLOAT8OID}, {"raw_scaled", FLOAT8OID}, {"duration", INTERVALOID},
	{"registration", UUIDOID}, {"success", BOOLOID}, {"completion", BOOLOID},
	{"statement", InvalidOid}
};

/* ecosys.statement: the type of that name beside the trigger function. Anybody may put the trigger on any table. */
Oid
ecosys_record_statement_type(FunctionCallInfo fcinfo)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("statement"), ObjectIdGetDatum(schema));

	if (!OidIsValid(type))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("there is no type \"statement\" beside the trigger function")));
	return type;
}

TriggerData *
ecosys_record_trigger(FunctionCallInfo fcinfo, const char *name, TriggerEvent event, const char *when)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) ||
		(event != 0 && (trigger->tg_event &
						(TRIGGER_EVENT_OPMASK | TRIGGER_EVENT_ROW | TRIGGER_EVENT_TIMINGMASK)) != event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("%s must be called as a trigger%s", name, when)));
	return trigger;
}

/* Where the columns are in a table. Kept in the trigger's FmgrInfo for as long as the SQL statement runs. */
typedef struct layout
{
	Oid			relation;
	Oid			primary_key;
	AttrNumber	attributes[N_COLUMNS];	/* 0: the table has no such column */
} layout;

static layout *
layout_of(FunctionCallInfo fcinfo, Relation relation)
{
	layout	   *l = fcinfo->flinfo->fn_extra;
	TupleDesc	desc = RelationGetDescr(relation);
	Oid			statement_type;

	if (l != NULL && l->relation == RelationGetRelid(relation))
		return l;
	if (l == NULL)
		fcinfo->flinfo->fn_extra = l = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(layout));
	memset(l, 0, sizeof(*l));
	statement_type = ecosys_record_statement_type(fcinfo);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (attribute->attisdropped)
			continue;
		for (int c = 0; c < N_COLUMNS; c++)
		{
			Oid			type = c == COLUMN_STATEMENT ? statement_type : columns[c].type;

			if (strcmp(NameStr(attribute->attname), columns[c].name) != 0)
				continue;
			if (attribute->atttypid != type)
				ereport(ERROR,
						(errcode(ERRCODE_DATATYPE_MISMATCH),
						 errmsg("column \"%s\" of table \"%s\" has type %s, not %s",
								columns[c].name, RelationGetRelationName(relation),
								format_type_be(attribute->atttypid), format_type_be(type))));
			l->attributes[c] = attribute->attnum;
		}
	}
	if (l->attributes[COLUMN_STATEMENT] == 0 || l->attributes[COLUMN_ID] == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" lacks column id or statement", RelationGetRelationName(relation)),
				 errhint("The trigger statements_fill is for the statements table of an ecosystem.")));
	(void) RelationGetIndexList(relation);	/* fills rd_pkindex */
	l->primary_key = relation->rd_pkindex;
	l->relation = RelationGetRelid(relation);
	return l;
}

/*
 * Whether a statement with this id is stored; *statement becomes a copy of it.
 * Sees rows of open transactions and waits for them.
 */
static bool
stored_statement(Relation relation, const layout *l, const pg_uuid_t *id, Datum *statement)
{
	bool		found = false;
	Relation	index;
	TupleTableSlot *slot;
	ScanKeyData key;
	bool		again;

	if (!OidIsValid(l->primary_key))
		return false;
	index = index_open(l->primary_key, RowExclusiveLock);
	if (index->rd_index->indkey.values[0] != l->attributes[COLUMN_ID])
	{
		index_close(index, RowExclusiveLock);
		return false;
	}
	slot = table_slot_create(relation, NULL);
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, F_UUID_EQ, UUIDPGetDatum(id));
	do
	{
		SnapshotData dirty;
		IndexScanDesc scan;
		TransactionId wait_for = InvalidTransactionId;

		ecosys_record_take_turn(relation, id->data);
		again = false;
		InitDirtySnapshot(dirty);
		scan = ecosys_index_beginscan(relation, index, &dirty, 1);
		index_rescan(scan, &key, 1, NULL, 0);
		if (index_getnext_slot(scan, ForwardScanDirection, slot))
		{
			if (TransactionIdIsValid(dirty.xmin))
				wait_for = dirty.xmin;
			else if (TransactionIdIsValid(dirty.xmax))
				wait_for = dirty.xmax;
			if (TransactionIdIsValid(wait_for) && !TransactionIdIsCurrentTransactionId(wait_for))
				again = true;
			else
			{
				bool		isnull;
				Datum		value = slot_getattr(slot, l->attributes[COLUMN_STATEMENT], &isnull);

				found = !isnull;
				if (found)
					*statement = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
			}
		}
		index_endscan(scan);
		ExecClearTuple(slot);
		if (found || again)
			ecosys_record_end_turn();
		if (again)
			XactLockTableWait(wait_for, relation, NULL, XLTW_InsertIndexUnique);
	} while (again);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, RowExclusiveLock);
	return found;
}

/* The statement's id, or a new random one. */
static pg_uuid_t
id_of(Datum statement, bool *given)
{
	ecosys_statement_header header;
	pg_uuid_t	id;

	ecosys_statement_facts_of(statement, &header);
	*given = (header.flags & ECOSYS_STATEMENT_ID) != 0;
	if (*given)
		memcpy(id.data, header.id, UUID_LEN);
	else
		id = *DatumGetUUIDP(OidFunctionCall0(F_GEN_RANDOM_UUID));
	return id;
}

static void
set(const layout *l, Datum *values, bool *nulls, column c, bool given, Datum value)
{
	if (l->attributes[c] > 0)
	{
		values[l->attributes[c] - 1] = given ? value : (Datum) 0;
		nulls[l->attributes[c] - 1] = !given;
	}
}

static Interval *
interval_of(const ecosys_duration *duration)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->month = duration->months;
	interval->day = duration->days > PG_INT32_MAX ? PG_INT32_MAX : (int32) duration->days;
	interval->time = duration->microseconds;
	return interval;
}

ECOSYS_FUNCTION(ecosys_statements_fill);
Datum
ecosys_statements_fill(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ecosys_record_trigger(fcinfo, "statements_fill",
												 TRIGGER_EVENT_INSERT | TRIGGER_EVENT_ROW | TRIGGER_EVENT_BEFORE,
												 " before insert for each row");
	Relation	relation;
	TupleDesc	desc;
	layout	   *l;
	HeapTuple	row;
	Datum	   *values;
	bool	   *nulls;
	Datum		statement;
	Datum		before;
	const ecosys_statement_facts *facts;
	const char *text;
	size_t		length;
	pg_uuid_t	id;
	pg_uuid_t	registration;
	TimestampTz stored;
	TimestampTz timestamp;
	double		raw_scaled = 0;
	bool		has_raw_scaled;
	bool		has_id;
	bool		is_set;
	int64		set_key = 0;

	relation = trigger->tg_relation;
	desc = RelationGetDescr(relation);
	l = layout_of(fcinfo, relation);
	row = trigger->tg_trigtuple;

	values = palloc(sizeof(Datum) * desc->natts);
	nulls = palloc(sizeof(bool) * desc->natts);
	heap_deform_tuple(row, desc, values, nulls);
	if (nulls[l->attributes[COLUMN_STATEMENT] - 1])
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("null value in column \"statement\" of table \"%s\"", RelationGetRelationName(relation)),
				 errhint("The statement is the only column to write; the others fill themselves.")));
	statement = values[l->attributes[COLUMN_STATEMENT] - 1];
	ecosys_record_end_turn();
	ecosys_record_begin(relation);

	/* by the header, not the text: the id may have been made before, by statement_batch */
	id = id_of(statement, &has_id);
	if (has_id && stored_statement(relation, l, &id, &before))
	{
		if (!DatumGetBool(DirectFunctionCall2(ecosys_statement_equivalent, statement, before)))
		{
			if (ecosys_record_conflict_place == NULL ||
				ecosys_record_conflict_place->schema != RelationGetNamespace(relation))
				ereport(ERROR,
						(errcode(ERRCODE_UNIQUE_VIOLATION),
						 errmsg(ECOSYS_CONFLICT_MESSAGE),
						 errdetail("The id is %s.", DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&id)))),
						 errhint("A stored statement never changes: store a corrected one with an id of its own, and void the first.")));
			ecosys_record_conflict_place->found = true;
		}
		return PointerGetDatum(NULL);
	}

	if (!ecosys_record_batch_find(statement, RelationGetNamespace(relation), &facts, &text, &stored))
		ecosys_statement_parse_datum(statement, &facts, &text, &length);
	if (stored == 0)
		stored = ecosys_record_times(RelationGetNamespace(relation), 1);
	timestamp = facts->has_timestamp ? facts->timestamp : stored;

	set(l, values, nulls, COLUMN_ID, true, UUIDPGetDatum(&id));
	set(l, values, nulls, COLUMN_STORED, true, TimestampTzGetDatum(stored));
	set(l, values, nulls, COLUMN_TIMESTAMP, true, TimestampTzGetDatum(timestamp));
	set(l, values, nulls, COLUMN_ACTOR, true, Int64GetDatum(facts->actor));
	set(l, values, nulls, COLUMN_VERB, true, Int64GetDatum(facts->verb));
	set(l, values, nulls, COLUMN_OBJECT, true, Int64GetDatum(facts->object));
	set(l, values, nulls, COLUMN_AUTHORITY, facts->has_authority, Int64GetDatum(facts->authority));
	set(l, values, nulls, COLUMN_SCALED, facts->has_scaled, Float8GetDatum(facts->scaled));
	has_raw_scaled = !facts->has_scaled && facts->has_raw && facts->has_min && facts->has_max && facts->min < facts->max;
	if (has_raw_scaled)
		raw_scaled = Min(1.0, Max(0.0, (facts->raw - facts->min) / (facts->max - facts->min)));
	set(l, values, nulls, COLUMN_RAW_SCALED, has_raw_scaled, Float8GetDatum(raw_scaled));
	set(l, values, nulls, COLUMN_DURATION, facts->duration.given,
		facts->duration.given ? IntervalPGetDatum(interval_of(&facts->duration)) : (Datum) 0);
	memcpy(registration.data, facts->registration, UUID_LEN);
	set(l, values, nulls, COLUMN_REGISTRATION, facts->has_registration, UUIDPGetDatum(&registration));
	set(l, values, nulls, COLUMN_SUCCESS, facts->has_success, BoolGetDatum(facts->success));
	set(l, values, nulls, COLUMN_COMPLETION, facts->has_completion, BoolGetDatum(facts->completion));
	is_set = ecosys_record_related_activities(facts, &set_key);
	set(l, values, nulls, COLUMN_RELATED_ACTIVITIES, is_set, Int64GetDatum(set_key));
	is_set = ecosys_record_related_actors(facts, &set_key);
	set(l, values, nulls, COLUMN_RELATED_ACTORS, is_set, Int64GetDatum(set_key));
	is_set = ecosys_record_parties(facts, &set_key);
	set(l, values, nulls, COLUMN_PARTIES, is_set, Int64GetDatum(set_key));
	ecosys_record_note(relation, facts, text);
	if (facts->is_voiding)
		ecosys_record_note_void(relation, facts->object_statement_id, &id);
	values[l->attributes[COLUMN_STATEMENT] - 1] =
		PointerGetDatum(ecosys_statement_complete(statement, id.data, &stored, &timestamp));
	return PointerGetDatum(heap_form_tuple(desc, values, nulls));
}

/* After each INSERT or COPY: write what its statements named and made void. */
ECOSYS_FUNCTION(ecosys_statements_keep);
Datum
ecosys_statements_keep(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ecosys_record_trigger(fcinfo, "statements_keep", 0, "");

	ecosys_record_end_turn();
	ecosys_record_batch_end();
	ecosys_record_notify(trigger->tg_relation);
	if (!ecosys_record_keep_later)
		ecosys_record_keep();
	return PointerGetDatum(NULL);
}
