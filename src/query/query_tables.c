/*
 * query_tables.c - see query_tables.h.
 *
 * What is found is kept for the session, for the statements table asked for
 * last, until the relation cache says that one of the tables has changed. Who
 * may read is looked up each time.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/relation.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/rls.h"

#include "query/block_ranges.h"
#include "query/query_tables.h"

static const struct
{
	const char *name;
	Oid			type;			/* 0: ecosys.statement, proved by the index of references */
	bool		indexed;
}			columns[ECOSYS_QUERY_N_COLUMNS] = {
	[ECOSYS_QUERY_ID] = {"id", UUIDOID, true},
	[ECOSYS_QUERY_STORED] = {"stored", TIMESTAMPTZOID, false},
	[ECOSYS_QUERY_ACTOR] = {"actor", INT8OID, true},
	[ECOSYS_QUERY_VERB] = {"verb", INT8OID, true},
	[ECOSYS_QUERY_OBJECT] = {"object", INT8OID, true},
	[ECOSYS_QUERY_REGISTRATION] = {"registration", UUIDOID, true},
	[ECOSYS_QUERY_RELATED_ACTIVITIES] = {"related_activities", INT8OID, true},
	[ECOSYS_QUERY_RELATED_ACTORS] = {"related_actors", INT8OID, true},
	[ECOSYS_QUERY_PARTIES] = {"parties", INT8OID, true},
	[ECOSYS_QUERY_AUTHORITY] = {"authority", INT8OID, false},
	[ECOSYS_QUERY_STATEMENT] = {"statement", InvalidOid, false}
};

static ecosys_query_tables found;
static bool found_valid = false;
static bool listening = false;

static void
forget(Datum arg, Oid relation)
{
	if (!OidIsValid(relation) || relation == found.statements || relation == found.voidings ||
		relation == found.activity_sets || relation == found.actor_sets || relation == found.in_flight)
		found_valid = false;
}

/* The column of that name and type (any type if InvalidOid); 0: none. */
static AttrNumber
find_column(Relation relation, const char *name, Oid type)
{
	TupleDesc	desc = RelationGetDescr(relation);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		if (!attribute->attisdropped && strcmp(NameStr(attribute->attname), name) == 0 &&
			(!OidIsValid(type) || attribute->atttypid == type))
			return attribute->attnum;
	}
	return 0;
}

static bool
is_plain_table(Relation relation)
{
	return relation->rd_rel->relkind == RELKIND_RELATION && relation->rd_rel->relam == HEAP_TABLE_AM_OID &&
		!relation->rd_rel->relhassubclass;
}

/* The column, if it is the first of a b-tree index whose entries are all rows, or all where it is not NULL. */
static AttrNumber
btree_column(Relation index)
{
	List	   *predicate;
	AttrNumber	column = index->rd_index->indkey.values[0];

	if (index->rd_rel->relam != BTREE_AM_OID || column <= 0)
		return 0;
	predicate = RelationGetIndexPredicate(index);
	if (predicate == NIL)
		return column;
	if (list_length(predicate) == 1 && IsA(linitial(predicate), NullTest))
	{
		NullTest   *test = linitial(predicate);

		if (test->nulltesttype == IS_NOT_NULL && IsA(test->arg, Var) && ((Var *) test->arg)->varattno == column)
			return column;
	}
	return 0;
}

/* The column of the statement, if an index has all rows whose object is a StatementRef, in heap order. */
static AttrNumber
references_column(Relation index, Oid engine_schema)
{
	List	   *predicate;
	FuncExpr   *call;
	char	   *name;

	if (index->rd_rel->relam != BTREE_AM_OID || index->rd_index->indnatts != 1 ||
		index->rd_index->indkey.values[0] != 0 || !IsA(linitial(RelationGetIndexExpressions(index)), Const))
		return 0;
	predicate = RelationGetIndexPredicate(index);
	if (list_length(predicate) != 1 || !IsA(linitial(predicate), FuncExpr))
		return 0;
	call = linitial(predicate);
	name = get_func_name(call->funcid);
	if (get_func_namespace(call->funcid) != engine_schema || name == NULL || strcmp(name, "is_reference") != 0 ||
		list_length(call->args) != 1 || !IsA(linitial(call->args), Var))
		return 0;
	return ((Var *) linitial(call->args))->varattno;
}

/* Can a scan that began with any snapshot use the index? */
static bool
is_ready(Relation index)
{
	return index->rd_index->indisvalid && !index->rd_index->indcheckxmin;
}

static bool
look_at_statements(Relation relation, Oid engine_schema, ecosys_query_tables *t)
{
	ListCell   *cell;

	for (int c = 0; c < ECOSYS_QUERY_N_COLUMNS; c++)
	{
		t->columns[c] = find_column(relation, columns[c].name, columns[c].type);
		if (t->columns[c] == 0)
			return false;
	}
	foreach(cell, RelationGetIndexList(relation))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		if (is_ready(index))
		{
			AttrNumber	column = btree_column(index);

			for (int c = 0; c < ECOSYS_QUERY_N_COLUMNS; c++)
			{
				if (column != 0 && columns[c].indexed && t->columns[c] == column && index->rd_index->indnkeyatts == 1)
					t->indexes[c] = RelationGetRelid(index);
			}
			if (index->rd_index->indkey.values[0] == t->columns[ECOSYS_QUERY_STORED] &&
				RelationGetIndexPredicate(index) == NIL && ecosys_block_ranges_usable(index))
				t->indexes[ECOSYS_QUERY_STORED] = RelationGetRelid(index);
			if (references_column(index, engine_schema) == t->columns[ECOSYS_QUERY_STATEMENT])
				t->references = RelationGetRelid(index);
		}
		index_close(index, NoLock);
	}
	for (int c = 0; c < ECOSYS_QUERY_N_COLUMNS; c++)
	{
		if (columns[c].indexed && !OidIsValid(t->indexes[c]))
			return false;
	}
	return OidIsValid(t->references);
}

/* A table beside statements, with a b-tree index that begins with a column, and perhaps another column. */
static bool
look_beside(const char *name, const char *key, Oid key_type, const char *other, Oid other_type, Oid schema,
			Oid *table, Oid *index)
{
	Relation	relation;
	AttrNumber	column;
	ListCell   *cell;
	bool		fine;

	*table = get_relname_relid(name, schema);
	*index = InvalidOid;
	relation = OidIsValid(*table) ? try_relation_open(*table, AccessShareLock) : NULL;
	if (relation == NULL)
		return false;
	column = find_column(relation, key, key_type);
	fine = is_plain_table(relation) && column != 0 && find_column(relation, other, other_type) != 0;
	if (fine)
	{
		foreach(cell, RelationGetIndexList(relation))
		{
			Relation	i = index_open(lfirst_oid(cell), AccessShareLock);

			if (is_ready(i) && btree_column(i) == column)
				*index = RelationGetRelid(i);
			index_close(i, NoLock);
		}
	}
	relation_close(relation, NoLock);
	return fine && OidIsValid(*index);
}

static bool
look(Oid statements, Oid engine_schema, ecosys_query_tables *t)
{
	Oid			schema = get_rel_namespace(statements);
	Relation	relation = try_relation_open(statements, AccessShareLock);
	bool		fine;

	memset(t, 0, sizeof(*t));
	t->statements = statements;
	if (relation == NULL)
		return false;
	fine = is_plain_table(relation) && look_at_statements(relation, engine_schema, t) &&
		look_beside("voidings", "voided", UUIDOID, "voiding", UUIDOID, schema, &t->voidings, &t->voidings_key) &&
		look_beside("settled_activity_sets", "key", INT8OID, "members", INT8ARRAYOID, schema,
					&t->activity_sets, &t->activity_sets_key) &&
		look_beside("settled_actor_sets", "key", INT8OID, "members", INT8ARRAYOID, schema,
					&t->actor_sets, &t->actor_sets_key);
	t->in_flight = get_relname_relid("names_in_flight", schema);
	fine = fine && OidIsValid(t->in_flight);
	relation_close(relation, NoLock);
	return fine;
}

/* Would a plain SELECT of the caller see all rows? */
static bool
may_read_all(Oid relation)
{
	return pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) == ACLCHECK_OK &&
		check_enable_rls(relation, InvalidOid, true) != RLS_ENABLED;
}

const ecosys_query_tables *
ecosys_query_tables_open(Oid statements, Oid engine_schema)
{
	if (!listening)
	{
		CacheRegisterRelcacheCallback(forget, (Datum) 0);
		listening = true;
	}
	/* the lock comes before the look, so that a change that was waited for is seen */
	LockRelationOid(statements, AccessShareLock);
	if (!found_valid || found.statements != statements)
	{
		ecosys_query_tables t;

		found_valid = false;
		if (!look(statements, engine_schema, &t))
			return NULL;
		found = t;
		found_valid = true;
	}
	LockRelationOid(found.voidings, AccessShareLock);
	LockRelationOid(found.activity_sets, AccessShareLock);
	LockRelationOid(found.actor_sets, AccessShareLock);
	LockRelationOid(found.in_flight, AccessShareLock);
	if (!found_valid)
		return ecosys_query_tables_open(statements, engine_schema);
	if (!may_read_all(statements) || !may_read_all(found.voidings) || !may_read_all(found.activity_sets) ||
		!may_read_all(found.actor_sets) || !may_read_all(found.in_flight))
		return NULL;
	return &found;
}
