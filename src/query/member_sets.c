/*
 * member_sets.c - see member_sets.h.
 *
 * Most sets are settled, in a table of their own; a few may be in flight, written
 * while another open transaction held the settled row of their key. The views
 * activity_sets and actor_sets show both; asking the tables says the same at a
 * tenth of the cost.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "query/member_sets.h"

typedef struct set_known
{
	int64		key;			/* must be first */
	bool		has_member;
} set_known;

/* Plans to find sets, for one ecosystem a kind; kept from query to query. */
typedef struct plans
{
	Oid			table;			/* its settled sets */
	char		schema[2 * NAMEDATALEN + 3];	/* its name then, quoted: who renames it changes the commands */
	SPIPlanPtr	settled;		/* keys by member */
	SPIPlanPtr	in_flight;
} plans;

static plans kept_plans[2];

static const char *const names[] = {
	[ECOSYS_SETS_OF_AGENTS] = "actor_sets",
	[ECOSYS_SETS_OF_ACTIVITIES] = "activity_sets"
};

void
ecosys_member_sets_open(ecosys_member_sets *sets, ecosys_set_kind kind, const char *schema, int64 member,
						Relation settled, Oid key_index, Snapshot snapshot)
{
	HASHCTL		control = {
		.keysize = sizeof(int64), .entrysize = sizeof(set_known), .hcxt = CurrentMemoryContext
	};

	memset(sets, 0, sizeof(*sets));
	sets->kind = kind;
	sets->schema = schema;
	sets->member = member;
	ecosys_row_lookup_init(&sets->by_key, settled, key_index, snapshot);
	sets->members = get_attnum(RelationGetRelid(settled), "members");
	sets->known = hash_create("ecosys sets", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

void
ecosys_member_sets_close(ecosys_member_sets *sets)
{
	ecosys_row_lookup_close(&sets->by_key);
}

/* Is it among the members, which are sorted? */
static bool
array_has(ArrayType *array, int64 member)
{
	int64	   *members = (int64 *) ARR_DATA_PTR(array);
	int			n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	int			low = 0;

	if (ARR_HASNULL(array) || ARR_ELEMTYPE(array) != INT8OID)
		return false;
	while (low < n)
	{
		int			middle = low + (n - low) / 2;

		if (members[middle] == member)
			return true;
		if (members[middle] < member)
			low = middle + 1;
		else
			n = middle;
	}
	return false;
}

/* The same for a set that is not settled: rare enough for a plan made anew. */
static bool
in_flight_has_member(const ecosys_member_sets *sets, int64 key)
{
	Oid			types[2] = {INT8OID, INT8OID};
	Datum		values[2] = {Int64GetDatum(key), Int64GetDatum(sets->member)};
	char	   *command;
	bool		has_member;

	SPI_connect();
	command = psprintf("SELECT FROM %s.%s WHERE key OPERATOR(pg_catalog.=) $1"
					   " AND members OPERATOR(pg_catalog.@>) ARRAY[$2]", sets->schema, names[sets->kind]);
	if (SPI_execute_with_args(command, 2, types, values, NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not read %s", names[sets->kind]);
	has_member = SPI_processed > 0;
	SPI_finish();
	return has_member;
}

bool
ecosys_member_sets_has(ecosys_member_sets *sets, int64 key)
{
	bool		found;
	set_known  *known = hash_search(sets->known, &key, sets->all_known ? HASH_FIND : HASH_ENTER, &found);

	if (found || sets->all_known)
		return found && known->has_member;
	known->has_member = false;
	ecosys_row_lookup_start(&sets->by_key, INT8OID, Int64GetDatum(key));
	if (ecosys_row_lookup_next(&sets->by_key))
	{
		bool		isnull;
		Datum		value = slot_getattr(sets->by_key.slot, sets->members, &isnull);

		if (!isnull)
		{
			ArrayType  *array = DatumGetArrayTypeP(value);

			known->has_member = array_has(array, sets->member);
			if ((Pointer) array != DatumGetPointer(value))
				pfree(array);
		}
	}
	else
		known->has_member = in_flight_has_member(sets, key);
	return known->has_member;
}

static void
keep_plan(SPIPlanPtr *kept, const char *command)
{
	Oid			types[2] = {INT8OID, INT8OID};
	SPIPlanPtr	plan = SPI_prepare_cursor(command, 2, types, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not prepare to read sets");
	if (*kept != NULL)
		SPI_freeplan(*kept);
	*kept = plan;
}

static plans *
plans_for(const ecosys_member_sets *sets)
{
	plans	   *p = &kept_plans[sets->kind];
	Oid			table = RelationGetRelid(sets->by_key.table);

	if (p->table == table && strcmp(p->schema, sets->schema) == 0)
		return p;
	p->table = InvalidOid;
	keep_plan(&p->settled,
			  psprintf("SELECT key FROM %s.%s WHERE members OPERATOR(pg_catalog.@>) ARRAY[$1] LIMIT $2",
					   sets->schema, quote_identifier(get_rel_name(table))));
	keep_plan(&p->in_flight,
			  psprintf("SELECT key FROM %s.names_in_flight WHERE dictionary OPERATOR(pg_catalog.=) '%s'"
					   " AND members OPERATOR(pg_catalog.@>) ARRAY[$1] LIMIT $2",
					   sets->schema, names[sets->kind]));
	strlcpy(p->schema, sets->schema, sizeof(p->schema));
	p->table = table;
	return p;
}

/*
 * By SQL, because only a bitmap scan reads a GIN index; never by a scan of the
 * whole table, which the planner would take while it believes the table small.
 */
int64 *
ecosys_member_sets_keys(ecosys_member_sets *sets, int64 limit, int64 *n)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[2] = {Int64GetDatum(sets->member), Int64GetDatum(limit)};
	int			nest = NewGUCNestLevel();
	int64	   *keys = NULL;
	plans	   *p;

	(void) set_config_option("enable_seqscan", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	p = plans_for(sets);
	*n = 0;
	for (int i = 0; i < 2; i++)
	{
		bool		isnull;

		if (SPI_execute_plan(i == 0 ? p->settled : p->in_flight, values, NULL, true, 0) != SPI_OK_SELECT)
			elog(ERROR, "could not read sets");
		if (keys == NULL)
			keys = MemoryContextAllocHuge(context, (SPI_processed + 1) * sizeof(int64));
		else if (SPI_processed > 0)
			keys = repalloc_huge(keys, (*n + SPI_processed) * sizeof(int64));
		for (uint64 row = 0; row < SPI_processed; row++)
			keys[(*n)++] = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 1, &isnull));
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_finish();
	AtEOXact_GUC(true, nest);
	*n = Min(*n, limit);
	return keys;
}

void
ecosys_member_sets_know(ecosys_member_sets *sets, const int64 *keys, int64 n)
{
	for (int64 i = 0; i < n; i++)
	{
		set_known  *known = hash_search(sets->known, &keys[i], HASH_ENTER, NULL);

		known->has_member = true;
	}
	sets->all_known = true;
}
