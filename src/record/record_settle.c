/*
 * record_settle.c - what keys stand for, written without waiting for others.
 *
 * Two transactions may be the first to name one actor. Neither may wait for the
 * other to commit: they may name the next actor in the opposite order. Nor may
 * either rely on the other: it may roll back. So there are two places:
 *
 *	settled_actors and so on	one row a key; found by its primary key
 *	names_in_flight				rows of a transaction that could not have that one
 *								row, because another open transaction holds it
 *
 * The views actors and so on show settled rows, their descriptions merged with
 * those in flight, and the names in flight whose key is not settled. Every
 * transaction thus writes all names that it cannot see committed, and rows
 * appear and vanish with the transaction that wrote them: whatever commits, is
 * rolled back, crashes or stays prepared, no name of a committed statement is
 * missing, and none of another one is there.
 *
 * Who writes takes the turn of the ecosystem's names (record_turn.c), so that
 * nobody else writes between its look-up and its row; it waits for no
 * transaction meanwhile. The look-up sees rows of open transactions:
 *
 *	no row					the row is inserted
 *	a settled row			if the description says something new it is updated
 *	a row in flight: of another open transaction, or being changed by one, or
 *	committed but invisible to the snapshot of this one (repeatable read)
 *							a row is appended to names_in_flight, unless a
 *							committed one there says it all
 *
 * Names in flight whose key is in flight no more are settled by whoever comes
 * next, or by maintain(): that only tidies up, nothing relies on it.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "actor/actor.h"
#include "query/checked_rows.h"
#include "record/record.h"
#include "record/record_names.h"

/* Names in flight that one SQL statement settles beside its own. */
#define MAX_SETTLED_FOR_OTHERS 1000

const char *const ecosys_dictionary_names[ECOSYS_N_DICTIONARIES] = {
	"actors", "verbs", "activities", "activity_sets", "actor_sets"
};

const char *const ecosys_settled_tables[ECOSYS_N_DICTIONARIES] = {
	"settled_actors", "settled_verbs", "settled_activities", "settled_activity_sets", "settled_actor_sets"
};

/* Names of the columns that hold the identity and the description, in the settled tables. */
static const char *const identity_columns[ECOSYS_N_DICTIONARIES] = {"actor", "iri", "iri", "members", "members"};
static const char *const details_columns[ECOSYS_N_DICTIONARIES] = {"name", "display", "definition", NULL, NULL};

/*
 * What is written: $1 keys, $2 identities, $3 descriptions, $4 whether it is a
 * group, all of one length. %s is the quoted schema. unnest of several arrays is
 * grammar that always means pg_catalog's, and cannot be written qualified.
 */
typedef enum write_kind
{
	WRITE_SETTLED,				/* a key that is not there */
	WRITE_DETAILS,				/* its new description: $1 and $2 only */
	WRITE_IN_FLIGHT,
	N_WRITE_KINDS
} write_kind;

static const char *const commands[N_WRITE_KINDS][ECOSYS_N_DICTIONARIES] = {
	{
		"INSERT INTO %s.settled_actors (key, actor, name, is_group)"
		" SELECT n.key, n.actor, n.name, n.is_group FROM unnest($1, $2, $3, $4) AS n (key, actor, name, is_group)",
		"INSERT INTO %s.settled_verbs (key, iri, display)"
		" SELECT n.key, n.iri, n.display FROM unnest($1, $2, $3) AS n (key, iri, display)",
		"INSERT INTO %s.settled_activities (key, iri, definition)"
		" SELECT n.key, n.iri, n.definition FROM unnest($1, $2, $3) AS n (key, iri, definition)",
		"INSERT INTO %s.settled_activity_sets (key, members)"
		" SELECT n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2) AS n (key, members)",
		"INSERT INTO %s.settled_actor_sets (key, members)"
		" SELECT n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2) AS n (key, members)"
	},
	{
		"UPDATE %s.settled_actors d SET name = n.name FROM unnest($1, $2) AS n (key, name)"
		" WHERE d.key OPERATOR(pg_catalog.=) n.key",
		"UPDATE %s.settled_verbs d SET display = n.display FROM unnest($1, $2) AS n (key, display)"
		" WHERE d.key OPERATOR(pg_catalog.=) n.key",
		"UPDATE %s.settled_activities d SET definition = n.definition FROM unnest($1, $2) AS n (key, definition)"
		" WHERE d.key OPERATOR(pg_catalog.=) n.key",
		NULL, NULL
	},
	{
		"INSERT INTO %s.names_in_flight (dictionary, key, actor, name, is_group)"
		" SELECT 'actors', n.key, n.actor, n.name, n.is_group FROM unnest($1, $2, $3, $4) AS n (key, actor, name, is_group)",
		"INSERT INTO %s.names_in_flight (dictionary, key, iri, description)"
		" SELECT 'verbs', n.key, n.iri, n.display FROM unnest($1, $2, $3) AS n (key, iri, display)",
		"INSERT INTO %s.names_in_flight (dictionary, key, iri, description)"
		" SELECT 'activities', n.key, n.iri, n.definition FROM unnest($1, $2, $3) AS n (key, iri, definition)",
		"INSERT INTO %s.names_in_flight (dictionary, key, members)"
		" SELECT 'activity_sets', n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2) AS n (key, members)",
		"INSERT INTO %s.names_in_flight (dictionary, key, members)"
		" SELECT 'actor_sets', n.key, n.members::pg_catalog.int8[] FROM unnest($1, $2) AS n (key, members)"
	}
};

static const char *const remove_command =
"DELETE FROM %s.names_in_flight f USING unnest($1) AS n (id) WHERE f.id OPERATOR(pg_catalog.=) n.id";

/* A naming on its way: noted by us, or a committed one in flight. */
typedef struct naming
{
	ecosys_dictionary dictionary;
	int64		key;
	int64		id;				/* in names_in_flight; 0: a note */
	int			order;			/* of notes of one key */
	bool		is_group;
	bool		has_details;
	Datum		identity;		/* ecosys.actor, text or int8[] */
	Datum		details;		/* text or json */
} naming;

typedef struct namings
{
	naming	   *items;
	int			n;
	int			room;
} namings;

typedef enum state
{
	ABSENT,
	SETTLED,
	IN_FLIGHT
} state;

/* A table of settled names, opened for look-ups. */
typedef struct settled_table
{
	Relation	relation;		/* NULL: not open */
	Relation	index;
	IndexScanDesc scan;			/* NULL: none begun */
	SnapshotData dirty;
	TupleTableSlot *slot;
	AttrNumber	identity;
	AttrNumber	details;		/* 0: none */
} settled_table;

typedef struct settler
{
	Oid			schema;
	const char *quoted_schema;
	settled_table tables[ECOSYS_N_DICTIONARIES];
	Oid			actor_type;
	namings		writes[N_WRITE_KINDS];
	Datum	   *removed;		/* ids in names_in_flight */
	int			n_removed;
} settler;

/* ---- plans, kept for the session ---- */

typedef struct kept_plans
{
	Oid			schema;			/* hash key */
	NameData	name;			/* of the schema when planned */
	SPIPlanPtr	write[N_WRITE_KINDS][ECOSYS_N_DICTIONARIES];
	SPIPlanPtr	remove;
} kept_plans;

static HTAB *plans = NULL;

static void
free_plan(SPIPlanPtr *plan)
{
	if (*plan != NULL)
		SPI_freeplan(*plan);
	*plan = NULL;
}

static kept_plans *
plans_of(Oid schema)
{
	const char *name = get_namespace_name(schema);
	kept_plans *entry;
	bool		found;

	if (plans == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(Oid);
		control.entrysize = sizeof(kept_plans);
		plans = hash_create("ecosys dictionary plans", 4, &control, HASH_ELEM | HASH_BLOBS);
	}
	entry = hash_search(plans, &schema, HASH_ENTER, &found);
	if (!found)
		memset((char *) entry + sizeof(Oid), 0, sizeof(kept_plans) - sizeof(Oid));
	else if (strcmp(NameStr(entry->name), name) != 0)
	{
		/* the schema was renamed: plans name it */
		for (int i = 0; i < N_WRITE_KINDS * ECOSYS_N_DICTIONARIES; i++)
			free_plan(&entry->write[i / ECOSYS_N_DICTIONARIES][i % ECOSYS_N_DICTIONARIES]);
		free_plan(&entry->remove);
	}
	namestrcpy(&entry->name, name);
	return entry;
}

static void
run(const settler *s, SPIPlanPtr *plan, const char *command, int nargs, Oid *types, Datum *values)
{
	if (*plan == NULL)
	{
		StringInfoData text;
		const char *schema_at = strstr(command, "%s");
		SPIPlanPtr	made;

		initStringInfo(&text);
		appendBinaryStringInfo(&text, command, schema_at - command);
		appendStringInfoString(&text, s->quoted_schema);
		appendStringInfoString(&text, schema_at + 2);
		made = SPI_prepare(text.data, nargs, types);
		if (made == NULL || SPI_keepplan(made) != 0)
			elog(ERROR, "could not plan: %s", text.data);
		*plan = made;
	}
	if (SPI_execute_plan(*plan, values, NULL, false, 0) < 0)
		elog(ERROR, "could not execute: %s", command);
}

/* ---- tables ---- */

static Oid
table_named(Oid schema, const char *name)
{
	Oid			table = get_relname_relid(name, schema);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no table \"%s\" beside the statements", name),
				 errhint("Each ecosystem has one, made by ecosys.create_ecosystem.")));
	return table;
}

/* Whose rows the look-ups below can read. */
static Relation
open_plain_table(Oid schema, const char *name)
{
	Relation	relation = table_open(table_named(schema, name), RowExclusiveLock);

	if (relation->rd_rel->relkind != RELKIND_RELATION || relation->rd_rel->relam != HEAP_TABLE_AM_OID)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a plain table", RelationGetRelationName(relation)),
				 errhint("What statements name is kept in plain tables: only statements may be partitioned.")));
	return relation;
}

static AttrNumber
column_named(Relation relation, const char *name, Oid type)
{
	AttrNumber	number = get_attnum(RelationGetRelid(relation), name);

	if (number == InvalidAttrNumber ||
		TupleDescAttr(RelationGetDescr(relation), number - 1)->atttypid != type)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\" of the right type", RelationGetRelationName(relation), name)));
	return number;
}

static settled_table *
table_of(settler *s, ecosys_dictionary d)
{
	settled_table *t = &s->tables[d];

	if (t->relation == NULL)
	{
		Oid			index;
		AttrNumber	key;

		t->relation = open_plain_table(s->schema, ecosys_settled_tables[d]);
		(void) RelationGetIndexList(t->relation);	/* fills rd_pkindex */
		index = t->relation->rd_pkindex;
		key = column_named(t->relation, "key", INT8OID);
		if (!OidIsValid(index))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("table \"%s\" has no primary key", RelationGetRelationName(t->relation))));
		t->index = index_open(index, RowExclusiveLock);
		if (t->index->rd_index->indkey.values[0] != key)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("the primary key of table \"%s\" is not its key", RelationGetRelationName(t->relation))));
		t->slot = table_slot_create(t->relation, NULL);
		t->identity = column_named(t->relation, identity_columns[d],
								   d == ECOSYS_DICTIONARY_ACTORS ? ecosys_engine_type("actor") :
								   details_columns[d] == NULL ? INT8ARRAYOID : TEXTOID);
		if (details_columns[d] != NULL)
			t->details = column_named(t->relation, details_columns[d],
									  d == ECOSYS_DICTIONARY_ACTORS ? TEXTOID : JSONOID);
		if (d == ECOSYS_DICTIONARY_ACTORS)
			s->actor_type = TupleDescAttr(RelationGetDescr(t->relation), t->identity - 1)->atttypid;
	}
	return t;
}

static void
end_lookups(settler *s)
{
	for (int d = 0; d < ECOSYS_N_DICTIONARIES; d++)
	{
		settled_table *t = &s->tables[d];

		if (t->scan != NULL)
		{
			ExecClearTuple(t->slot);
			index_endscan(t->scan);
			t->scan = NULL;
		}
	}
}

static void
close_tables(settler *s)
{
	end_lookups(s);
	for (int d = 0; d < ECOSYS_N_DICTIONARIES; d++)
	{
		settled_table *t = &s->tables[d];

		if (t->relation != NULL)
		{
			ExecDropSingleTupleTableSlot(t->slot);
			index_close(t->index, NoLock);
			table_close(t->relation, NoLock);	/* the lock stays until the transaction ends */
			t->relation = NULL;
		}
	}
}

/* Whether a row that the snapshot `dirty` gave is committed or ours, left alone by others, and seen by our snapshot. */
static bool
is_settled(Relation relation, TupleTableSlot *slot, const SnapshotData *dirty)
{
	return !TransactionIdIsValid(dirty->xmin) && !TransactionIdIsValid(dirty->xmax) &&
		(!IsolationUsesXactSnapshot() || table_tuple_satisfies_snapshot(relation, slot, GetTransactionSnapshot()));
}

/* Look a key up. The row, if there is one, stays in the table's slot until the next look-up. */
static state
look_up(settled_table *t, int64 key)
{
	ScanKeyData scan_key;

	if (t->scan == NULL)
	{
		InitDirtySnapshot(t->dirty);
		t->scan = ecosys_index_beginscan(t->relation, t->index, &t->dirty, 1);
	}
	ScanKeyInit(&scan_key, 1, BTEqualStrategyNumber, F_INT8EQ, Int64GetDatum(key));
	index_rescan(t->scan, &scan_key, 1, NULL, 0);
	if (!index_getnext_slot(t->scan, ForwardScanDirection, t->slot))
		return ABSENT;
	return is_settled(t->relation, t->slot, &t->dirty) ? SETTLED : IN_FLIGHT;
}

/* ---- namings ---- */

static naming *
add(namings *list)
{
	if (list->n == list->room)
	{
		list->room = list->room == 0 ? 64 : list->room * 2;
		list->items = list->items == NULL ? palloc(sizeof(naming) * list->room) :
			repalloc_huge(list->items, sizeof(naming) * list->room);
	}
	memset(&list->items[list->n], 0, sizeof(naming));
	return &list->items[list->n++];
}

static void
add_note(namings *list, const ecosys_note *note)
{
	naming	   *n = add(list);

	n->dictionary = note->dictionary;
	n->key = note->key;
	n->order = note->order;
	n->is_group = note->is_group;
	switch (note->dictionary)
	{
		case ECOSYS_DICTIONARY_ACTORS:
			n->identity = PointerGetDatum(ecosys_actor_of_object(note->identity, strlen(note->identity)));
			break;
		case ECOSYS_DICTIONARY_VERBS:
		case ECOSYS_DICTIONARY_ACTIVITIES:
			n->identity = CStringGetTextDatum(note->identity);
			break;
		default:
			{
				Datum	   *members = palloc(sizeof(Datum) * note->n_members);

				for (uint32 i = 0; i < note->n_members; i++)
					members[i] = Int64GetDatum(((const int64 *) note->identity)[i]);
				n->identity = PointerGetDatum(construct_array(members, note->n_members, INT8OID, sizeof(int64),
															  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
				pfree(members);
			}
	}
	n->has_details = note->details != NULL;
	if (n->has_details)
		n->details = CStringGetTextDatum(note->details);	/* json is stored as text is */
}

static bool
same_bytes(Datum a, Datum b)
{
	struct varlena *x = PG_DETOAST_DATUM_PACKED(a);
	struct varlena *y = PG_DETOAST_DATUM_PACKED(b);

	return VARSIZE_ANY_EXHDR(x) == VARSIZE_ANY_EXHDR(y) && memcmp(VARDATA_ANY(x), VARDATA_ANY(y), VARSIZE_ANY_EXHDR(x)) == 0;
}

/* A key that stands for two things is a collision of hashes: refused. */
static void
check_identity(ecosys_dictionary d, int64 key, Datum one, Datum other)
{
	if (!same_bytes(one, other))
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("two identities have the same key in %s", ecosys_dictionary_names[d]),
				 errdetail("The key is %lld; keys are 64-bit hashes.", (long long) key),
				 errhint("Statements that name the second identity cannot be stored in this ecosystem; store them in another one.")));
}

/* Describe it anew; true if that changes anything. */
static bool
describe(ecosys_dictionary d, Datum *details, bool *has_details, const naming *by)
{
	LOCAL_FCINFO(fcinfo, 2);
	Datum		merged;

	if (!by->has_details || (*has_details && same_bytes(*details, by->details)))
		return false;
	if (d == ECOSYS_DICTIONARY_ACTORS || !*has_details)
	{
		*details = by->details; /* the last name counts */
		*has_details = true;
		return true;
	}
	InitFunctionCallInfoData(*fcinfo, NULL, 2, InvalidOid, NULL, NULL);
	fcinfo->args[0].value = *details;
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = by->details;
	fcinfo->args[1].isnull = false;
	merged = d == ECOSYS_DICTIONARY_VERBS ? ecosys_merge_language_map(fcinfo) : ecosys_merge_definition(fcinfo);
	if (same_bytes(*details, merged))
		return false;
	*details = merged;
	return true;
}

/* The description of the row that was looked up. */
static Datum
settled_details(settled_table *t, bool *has_details)
{
	bool		isnull = true;
	Datum		value = t->details == 0 ? (Datum) 0 : slot_getattr(t->slot, t->details, &isnull);

	*has_details = !isnull;
	return isnull ? (Datum) 0 : PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
}

static void
check_settled_identity(settled_table *t, const naming *n)
{
	bool		isnull;
	Datum		value = slot_getattr(t->slot, t->identity, &isnull);

	if (!isnull)
		check_identity(n->dictionary, n->key, value, n->identity);
}

/* Committed names in flight: all others are somebody's who will see to them. */
static void
add_in_flight(settler *s, namings *list)
{
	Relation	relation = open_plain_table(s->schema, ECOSYS_IN_FLIGHT_TABLE);
	SnapshotData dirty;
	TableScanDesc scan;
	TupleTableSlot *slot;
	AttrNumber	dictionary = column_named(relation, "dictionary", TEXTOID);
	AttrNumber	key = column_named(relation, "key", INT8OID);
	AttrNumber	id = column_named(relation, "id", INT8OID);
	AttrNumber	actor = column_named(relation, "actor", ecosys_engine_type("actor"));
	AttrNumber	is_group = column_named(relation, "is_group", BOOLOID);
	AttrNumber	iri = column_named(relation, "iri", TEXTOID);
	AttrNumber	members = column_named(relation, "members", INT8ARRAYOID);
	AttrNumber	name = column_named(relation, "name", TEXTOID);
	AttrNumber	description = column_named(relation, "description", JSONOID);

	if (RelationGetNumberOfBlocks(relation) > 0)
	{
		InitDirtySnapshot(dirty);
		slot = table_slot_create(relation, NULL);
		scan = ecosys_table_beginscan(relation, &dirty);
		while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		{
			Datum		value;
			bool		isnull;
			naming	   *n;
			const char *word;
			ecosys_dictionary d = 0;

			CHECK_FOR_INTERRUPTS();
			if (!is_settled(relation, slot, &dirty))
				continue;
			value = slot_getattr(slot, dictionary, &isnull);
			if (isnull)
				continue;		/* not written by us */
			word = TextDatumGetCString(value);
			while (d < ECOSYS_N_DICTIONARIES && strcmp(word, ecosys_dictionary_names[d]) != 0)
				d++;
			if (d == ECOSYS_N_DICTIONARIES)
				continue;
			n = add(list);
			n->dictionary = d;
			n->key = DatumGetInt64(slot_getattr(slot, key, &isnull));
			n->id = DatumGetInt64(slot_getattr(slot, id, &isnull));
			n->is_group = DatumGetBool(slot_getattr(slot, is_group, &isnull)) && !isnull;
			n->identity = slot_getattr(slot, d == ECOSYS_DICTIONARY_ACTORS ? actor : details_columns[d] == NULL ? members : iri,
									   &isnull);
			if (isnull)
			{
				list->n--;		/* not written by us */
				continue;
			}
			n->identity = PointerGetDatum(PG_DETOAST_DATUM_COPY(n->identity));
			n->details = slot_getattr(slot, d == ECOSYS_DICTIONARY_ACTORS ? name : description, &isnull);
			n->has_details = !isnull;
			if (!isnull)
				n->details = PointerGetDatum(PG_DETOAST_DATUM_COPY(n->details));
		}
		table_endscan(scan);
		ExecDropSingleTupleTableSlot(slot);
	}
	table_close(relation, NoLock);
}

/* By key; of one key those in flight first, in the order they were written. */
static int
compare_namings(const void *a, const void *b)
{
	const naming *x = a;
	const naming *y = b;

	if (x->dictionary != y->dictionary)
		return x->dictionary < y->dictionary ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if ((x->id != 0) != (y->id != 0))
		return x->id != 0 ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int
compare_notes(const void *a, const void *b)
{
	const ecosys_note *x = a;
	const ecosys_note *y = b;

	if (x->dictionary != y->dictionary)
		return x->dictionary < y->dictionary ? -1 : 1;
	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* ---- deciding ---- */

static void
plan_write(settler *s, write_kind kind, const naming *who, Datum details, bool has_details)
{
	naming	   *w = add(&s->writes[kind]);

	*w = *who;
	w->details = details;
	w->has_details = has_details;
}

/* Decide about one key; group..end are all its namings, n_flight of them in flight. */
static void
settle_key(settler *s, const naming *group, int n_flight, int n, bool *settled_for_others)
{
	ecosys_dictionary d = group->dictionary;
	settled_table *t = table_of(s, d);
	state		found = look_up(t, group->key);
	bool		may_drain = !IsolationUsesXactSnapshot();
	Datum		details = (Datum) 0;
	bool		has_details = false;
	bool		changed = false;

	for (int i = 1; i < n; i++)
		check_identity(d, group->key, group->identity, group[i].identity);
	if (found != ABSENT)
		check_settled_identity(t, group);

	*settled_for_others = false;
	if (found == IN_FLIGHT)
	{
		/* what committed rows in flight say need not be said again */
		for (int i = 0; i < n_flight; i++)
			(void) describe(d, &details, &has_details, &group[i]);
		for (int i = n_flight; i < n; i++)
			changed |= describe(d, &details, &has_details, &group[i]);
		if (n > n_flight && (changed || n_flight == 0))
		{
			has_details = false;
			for (int i = n_flight; i < n; i++)
				(void) describe(d, &details, &has_details, &group[i]);
			plan_write(s, WRITE_IN_FLIGHT, &group[n_flight], details, has_details);
		}
		return;
	}

	if (found == SETTLED)
		details = settled_details(t, &has_details);
	for (int i = may_drain ? 0 : n_flight; i < n; i++)
		changed |= describe(d, &details, &has_details, &group[i]);
	if (may_drain)
	{
		for (int i = 0; i < n_flight; i++)
			s->removed[s->n_removed++] = Int64GetDatum(group[i].id);
		*settled_for_others = n_flight > 0;
	}
	if (found == ABSENT && (may_drain || n > n_flight))
		plan_write(s, WRITE_SETTLED, &group[may_drain ? 0 : n_flight], details, has_details);
	else if (found == SETTLED && changed)
		plan_write(s, WRITE_DETAILS, &group[n - 1], details, has_details);
}

static Datum
array_of(Datum *values, bool *nulls, int n, Oid type)
{
	int			dims[1] = {n};
	int			lower[1] = {1};
	int16		length;
	bool		by_value;
	char		alignment;

	get_typlenbyvalalign(type, &length, &by_value, &alignment);
	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lower, type, length, by_value, alignment));
}

/* Write namings from..to, all of one dictionary. */
static void
write_namings(settler *s, write_kind kind, const naming *from, const naming *to)
{
	ecosys_dictionary d = from->dictionary;
	int			n = to - from;
	bool		is_set = details_columns[d] == NULL;
	Datum	   *keys = palloc(sizeof(Datum) * n);
	Datum	   *identities = palloc(sizeof(Datum) * n);
	Datum	   *details = palloc(sizeof(Datum) * n);
	bool	   *no_details = palloc(sizeof(bool) * n);
	Datum	   *groups = palloc(sizeof(Datum) * n);
	Oid			identity_type = d == ECOSYS_DICTIONARY_ACTORS ? s->actor_type : TEXTOID;
	Oid			details_type = d == ECOSYS_DICTIONARY_ACTORS ? TEXTOID : JSONOID;
	Oid			types[4] = {INT8ARRAYOID, get_array_type(identity_type), get_array_type(details_type), BOOLARRAYOID};
	Datum		values[4];
	int			n_values = d == ECOSYS_DICTIONARY_ACTORS ? 4 : is_set ? 2 : 3;

	for (int i = 0; i < n; i++)
	{
		keys[i] = Int64GetDatum(from[i].key);
		/* arrays of one array would be one array: sets go as text */
		identities[i] = is_set ? CStringGetTextDatum(OidOutputFunctionCall(F_ARRAY_OUT, from[i].identity)) : from[i].identity;
		details[i] = from[i].details;
		no_details[i] = !from[i].has_details;
		groups[i] = BoolGetDatum(from[i].is_group);
	}
	values[0] = array_of(keys, NULL, n, INT8OID);
	if (kind == WRITE_DETAILS)
	{
		types[1] = types[2];
		values[1] = array_of(details, no_details, n, details_type);
		n_values = 2;
	}
	else
	{
		values[1] = array_of(identities, NULL, n, identity_type);
		values[2] = is_set ? (Datum) 0 : array_of(details, no_details, n, details_type);
		values[3] = array_of(groups, NULL, n, BOOLOID);
	}
	run(s, &plans_of(s->schema)->write[kind][d], commands[kind][d], n_values, types, values);
}

/* Settle all namings of a list, sorted or not, in the ecosystem's turn; returns how many were others'. */
static int64
settle(settler *s, namings *list)
{
	int			at = 0;
	int64		n_others = 0;
	int			n_for_others = 0;

	if (list->n == 0)
		return 0;
	qsort(list->items, list->n, sizeof(naming), compare_namings);
	s->removed = palloc(sizeof(Datum) * list->n);
	while (at < list->n)
	{
		naming	   *group = &list->items[at];
		int			n = 0;
		int			n_flight = 0;
		bool		for_others;

		CHECK_FOR_INTERRUPTS();
		while (at + n < list->n && group[n].dictionary == group->dictionary && group[n].key == group->key)
		{
			if (group[n].id != 0)
				n_flight++;
			n++;
		}
		at += n;
		if (n == n_flight && n_for_others >= MAX_SETTLED_FOR_OTHERS)
			continue;
		settle_key(s, group, n_flight, n, &for_others);
		if (for_others)
		{
			n_others += n_flight;
			n_for_others++;
		}
	}
	end_lookups(s);

	SPI_connect();
	s->quoted_schema = quote_identifier(get_namespace_name(s->schema));
	for (write_kind kind = 0; kind < N_WRITE_KINDS; kind++)
	{
		const naming *from = s->writes[kind].items;
		const naming *end = from + s->writes[kind].n;

		while (from < end)
		{
			const naming *to = from + 1;

			while (to < end && to->dictionary == from->dictionary)
				to++;
			write_namings(s, kind, from, to);
			from = to;
		}
	}
	if (s->n_removed > 0)
	{
		Oid			types[1] = {INT8ARRAYOID};
		Datum		values[1] = {array_of(s->removed, NULL, s->n_removed, INT8OID)};

		run(s, &plans_of(s->schema)->remove, remove_command, 1, types, values);
	}
	SPI_finish();
	return n_others;
}

/* The tables are locked before: who has the turn waits for nobody's lock. */
static void
take_turn(settler *s)
{
	for (ecosys_dictionary d = 0; d < ECOSYS_N_DICTIONARIES; d++)
		(void) table_of(s, d);
	table_close(open_plain_table(s->schema, ECOSYS_IN_FLIGHT_TABLE), NoLock);
	ecosys_record_take_names_turn(s->schema);
}

void
ecosys_record_settle(Oid schema, Oid owner, ecosys_note *notes, int n)
{
	settler		s = {0};
	namings		list = {0};
	int			from = 0;
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "ecosys names", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller_context = MemoryContextSwitchTo(work);

	s.schema = schema;
	qsort(notes, n, sizeof(ecosys_note), compare_notes);

	/* what is settled and says the same needs no turn */
	while (from < n)
	{
		settled_table *t = table_of(&s, notes[from].dictionary);
		state		found = look_up(t, notes[from].key);
		int			first = list.n;
		bool		changed = found != SETTLED;
		bool		has_details = false;
		Datum		details = found == SETTLED ? settled_details(t, &has_details) : (Datum) 0;
		int			to = from;

		CHECK_FOR_INTERRUPTS();
		while (to < n && notes[to].dictionary == notes[from].dictionary && notes[to].key == notes[from].key)
		{
			add_note(&list, &notes[to++]);
			if (found == SETTLED)
			{
				check_settled_identity(t, &list.items[list.n - 1]);
				changed |= describe(notes[from].dictionary, &details, &has_details, &list.items[list.n - 1]);
			}
		}
		if (!changed)
			list.n = first;
		from = to;
	}
	end_lookups(&s);

	if (list.n > 0)
	{
		ecosys_record_caller caller;

		ecosys_record_become(&caller, owner);
		take_turn(&s);
		add_in_flight(&s, &list);
		(void) settle(&s, &list);
		ecosys_record_end_turn();
		ecosys_record_become_again(&caller);
	}
	close_tables(&s);
	MemoryContextSwitchTo(caller_context);
	MemoryContextDelete(work);
}

/* Settle what is in flight and need not be; for the owner. */
ECOSYS_FUNCTION(ecosys_settle_names);
Datum
ecosys_settle_names(PG_FUNCTION_ARGS)
{
	settler		s = {0};
	namings		list = {0};
	Relation	in_flight;
	int64		n_settled;
	int64		n_all = 0;

	s.schema = PG_GETARG_OID(0);
	in_flight = table_open(table_named(s.schema, ECOSYS_IN_FLIGHT_TABLE), RowExclusiveLock);
	if (!has_privs_of_role(GetUserId(), in_flight->rd_rel->relowner))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, RelationGetRelationName(in_flight));
	table_close(in_flight, NoLock);

	do
	{
		take_turn(&s);
		add_in_flight(&s, &list);
		n_settled = settle(&s, &list);
		ecosys_record_end_turn();
		close_tables(&s);
		n_all += n_settled;
		memset(s.writes, 0, sizeof(s.writes));
		memset(&list, 0, sizeof(list));
		s.n_removed = 0;
	} while (n_settled > 0);
	PG_RETURN_INT64(n_all);
}
