/*
 * graph_load.c - reads an ecosystem's elements and relations into a graph.
 *
 * The tables are read by ordinary queries under the active snapshot and the
 * caller's rights: so a walk sees what a SELECT in its place would see, own
 * uncommitted changes included, and row security and privileges hold without
 * a word about them here. Rows stream from the executor into the arrays; no
 * result set is kept. Relations whose ends are not among the loaded elements
 * (not valid, or hidden) are dropped as they arrive.
 */
#include "ecosys.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "tcop/dest.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "graph/graph_load.h"

#define VALID_ON_DAY(alias) \
	"(" alias ".valid_from IS NULL OR " alias ".valid_from OPERATOR(pg_catalog.<=) $1)" \
	" AND (" alias ".valid_to IS NULL OR " alias ".valid_to OPERATOR(pg_catalog.>) $1)"

typedef struct loader
{
	DestReceiver receiver;		/* must be first */
	void		(*row) (struct loader *loader, TupleTableSlot *slot);
	ecosys_loaded_graph *loaded;
	void	   *array;			/* what is being filled */
	size_t		count;
	size_t		room;
	size_t		size;			/* of one */
} loader;

static void *
allocate_in_context(void *arg, size_t size)
{
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("graph is too large to walk"),
				 errdetail("One array of it would need %zu bytes, the limit is %zu.",
						   size, (size_t) MaxAllocSize)));
	return MemoryContextAlloc(((ecosys_loaded_graph *) arg)->context, size);
}

static void
release_in_context(void *arg, void *memory)
{
	pfree(memory);
}

static bool
proceed_unless_interrupted(void *arg)
{
	CHECK_FOR_INTERRUPTS();
	return true;
}

void
ecosys_graph_check(ecosys_graph_status status)
{
	switch (status)
	{
		case ECOSYS_GRAPH_OK:
			return;
		case ECOSYS_GRAPH_NO_MEMORY:
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory for a graph")));
			break;
		case ECOSYS_GRAPH_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("graph is too large to walk"),
					 errhint("Bound the walk by max_depth, min_strength or relation_kinds.")));
			break;
		case ECOSYS_GRAPH_STOPPED:
			elog(ERROR, "a walk stopped without an interrupt");
	}
}

char *
ecosys_graph_clipped(char *text)
{
	int			length = strlen(text);

	if (length <= 80)
		return text;
	return psprintf("%.*s...", pg_mbcliplen(text, length, 77), text);
}

DateADT
ecosys_graph_today(void)
{
	int64		day = GetCurrentTransactionStartTimestamp() / USECS_PER_DAY;

	if (GetCurrentTransactionStartTimestamp() % USECS_PER_DAY < 0)
		day--;
	return (DateADT) day;
}

char *
ecosys_graph_schema(Oid ecosystem)
{
	char	   *name = get_namespace_name(ecosystem);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("schema with OID %u does not exist", ecosystem)));
	if (!OidIsValid(get_relname_relid("relations", ecosystem)) ||
		!OidIsValid(get_relname_relid("element_kinds", ecosystem)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("schema \"%s\" is not an ecosystem", name),
				 errdetail("It has no tables named relations and element_kinds."),
				 errhint("Make one with ecosys.create_ecosystem(), or name the schema of one.")));
	return pstrdup(quote_identifier(name));
}

/* Room for one more in the array. */
static void *
next_slot(loader *loader)
{
	if (loader->count == loader->room)
	{
		size_t		room = loader->room == 0 ? 256 : loader->room * 2;
		void	   *grown;

		/* The last doubling may not fit where what there is would: go to the limit once. */
		if (room * loader->size > MaxAllocSize && loader->room < MaxAllocSize / loader->size)
			room = MaxAllocSize / loader->size;
		grown = allocate_in_context(loader->loaded, room * loader->size);
		if (loader->count > 0)
		{
			memcpy(grown, loader->array, loader->count * loader->size);
			pfree(loader->array);
		}
		loader->array = grown;
		loader->room = room;
	}
	return (char *) loader->array + loader->count++ * loader->size;
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	loader	   *l = (loader *) self;

	slot_getallattrs(slot);
	l->row(l, slot);
	return true;
}

static void
receiver_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static void
receiver_shutdown(DestReceiver *self)
{
}

/* Runs a query with parameters and hands each row to `row`, which fills an array. */
static void
load(loader *loader, ecosys_loaded_graph *loaded, size_t size,
	 void (*row) (struct loader *loader, TupleTableSlot *slot),
	 const char *query, int parameters, Oid *types, Datum *values, bool *isnull)
{
	SPIExecuteOptions options;
	ParamListInfo params = makeParamList(parameters);
	int			result;

	memset(loader, 0, sizeof(*loader));
	loader->receiver.receiveSlot = receive_row;
	loader->receiver.rStartup = receiver_startup;
	loader->receiver.rShutdown = receiver_shutdown;
	loader->receiver.rDestroy = receiver_shutdown;
	loader->receiver.mydest = DestTuplestore;	/* any but DestSPI and DestNone: rows go to us */
	loader->row = row;
	loader->loaded = loaded;
	loader->size = size;

	for (int i = 0; i < parameters; i++)
	{
		params->params[i].value = values[i];
		params->params[i].isnull = isnull[i];
		params->params[i].pflags = PARAM_FLAG_CONST;
		params->params[i].ptype = types[i];
	}
	memset(&options, 0, sizeof(options));
	options.params = params;
	options.read_only = true;
	options.dest = &loader->receiver;
	result = SPI_execute_extended(query, &options);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "reading a graph failed: %s", SPI_result_code_string(result));
}

static void
keep_name(ecosys_loaded_graph *loaded, ecosys_kind_name *name, Datum *datum, Datum value)
{
	MemoryContext old = MemoryContextSwitchTo(loaded->context);
	text	   *copy = DatumGetTextPCopy(value);

	MemoryContextSwitchTo(old);
	if (datum != NULL)
		*datum = PointerGetDatum(copy);
	if (name != NULL)
	{
		name->text = VARDATA_ANY(copy);
		name->length = VARSIZE_ANY_EXHDR(copy);
	}
}

static int
compare_names(const ecosys_kind_name *a, const char *text, int length)
{
	if (a->length != length)
		return a->length < length ? -1 : 1;
	return memcmp(a->text, text, length);
}

static int
compare_relation_kinds(const void *a, const void *b)
{
	const ecosys_kind_name *y = &((const ecosys_relation_kind *) b)->name;

	return compare_names(&((const ecosys_relation_kind *) a)->name, y->text, y->length);
}

static int
compare_element_kinds(const void *a, const void *b)
{
	const ecosys_kind_name *y = &((const ecosys_element_kind *) b)->name;

	return compare_names(&((const ecosys_element_kind *) a)->name, y->text, y->length);
}

/* Index of a kind in a sorted array whose structs begin with the name; -1 if it is not there. */
static int
find_kind(const void *kinds, int count, size_t size, Datum kind)
{
	text	   *name = DatumGetTextPP(kind);
	int			low = 0;
	int			high = count;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		const char *kind = (const char *) kinds + middle * size;
		int			order = compare_names((const ecosys_kind_name *) kind,
										  VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

int
ecosys_graph_element_kind(const ecosys_loaded_graph *loaded, Datum kind)
{
	return find_kind(loaded->element_kind, loaded->element_kinds, sizeof(ecosys_element_kind), kind);
}

static void
relation_kind_row(loader *loader, TupleTableSlot *slot)
{
	ecosys_relation_kind *kind = next_slot(loader);

	keep_name(loader->loaded, &kind->name, &kind->name_datum, slot->tts_values[0]);
	keep_name(loader->loaded, NULL, &kind->inverse_datum, slot->tts_values[1]);
	kind->impact = DatumGetFloat8(slot->tts_values[2]);
	kind->carries = (ecosys_carries) DatumGetInt32(slot->tts_values[3]);
}

static void
element_kind_row(loader *loader, TupleTableSlot *slot)
{
	ecosys_element_kind *kind = next_slot(loader);

	keep_name(loader->loaded, &kind->name, NULL, slot->tts_values[0]);
	kind->acts_as = (uint8_t) DatumGetInt32(slot->tts_values[1]);
}

static void
element_row(loader *loader, TupleTableSlot *slot)
{
	int			kind = ecosys_graph_element_kind(loader->loaded, slot->tts_values[1]);
	ecosys_graph_element *element;

	if (kind < 0)
		return;					/* of a kind that the caller may not see */
	element = next_slot(loader);
	memset(element, 0, sizeof(*element));
	element->id = DatumGetInt64(slot->tts_values[0]);
	element->kind = (uint16_t) kind;
	element->acts_as = loader->loaded->element_kind[kind].acts_as;
	element->available = DatumGetFloat8(slot->tts_values[2]);
}

static void
relation_row(loader *loader, TupleTableSlot *slot)
{
	ecosys_loaded_graph *loaded = loader->loaded;
	uint32_t	source = ecosys_graph_index(&loaded->graph, DatumGetInt64(slot->tts_values[0]));
	uint32_t	target = ecosys_graph_index(&loaded->graph, DatumGetInt64(slot->tts_values[1]));
	ecosys_graph_relation *relation;
	int			kind;

	if (source == ECOSYS_GRAPH_NONE || target == ECOSYS_GRAPH_NONE)
		return;
	kind = find_kind(loaded->relation_kind, loaded->relation_kinds, sizeof(ecosys_relation_kind),
					 slot->tts_values[2]);
	if (kind < 0)
		return;
	relation = next_slot(loader);
	memset(relation, 0, sizeof(*relation));
	relation->source = source;
	relation->target = target;
	relation->kind = (uint16_t) kind;
	relation->weight = DatumGetFloat8(slot->tts_values[3]);
	relation->alternatives = slot->tts_isnull[4] ? 0 : (uint32_t) DatumGetInt64(slot->tts_values[4]);
}

static void
too_many_kinds(int count)
{
	if (count > ECOSYS_GRAPH_MAX_KINDS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many kinds of elements or relations"),
				 errdetail("There are %d, the limit is %d.", count, ECOSYS_GRAPH_MAX_KINDS)));
}

/*
 * The kinds of relations to load, as text[]: those that carry something of
 * `carries` and are named in only_kinds (NULL: any). Unknown names are an error.
 */
static ArrayType *
chosen_kinds(const ecosys_loaded_graph *loaded, int carries, ArrayType *only_kinds)
{
	Datum	   *chosen = palloc(Max(1, loaded->relation_kinds) * sizeof(Datum));
	bool	   *named = palloc0(Max(1, loaded->relation_kinds) * sizeof(bool));
	int			count = 0;

	if (only_kinds != NULL)
	{
		Datum	   *names;
		bool	   *isnull;
		int			given;

		deconstruct_array(only_kinds, TEXTOID, -1, false, TYPALIGN_INT, &names, &isnull, &given);
		for (int i = 0; i < given; i++)
		{
			int			kind;

			if (isnull[i])
				continue;
			kind = find_kind(loaded->relation_kind, loaded->relation_kinds,
							 sizeof(ecosys_relation_kind), names[i]);
			if (kind < 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("unknown kind of relation: \"%s\"",
								ecosys_graph_clipped(TextDatumGetCString(names[i]))),
						 errhint("The kinds are the rows of table relation_kinds.")));
			named[kind] = true;
		}
	}
	for (int i = 0; i < loaded->relation_kinds; i++)
	{
		if ((loaded->relation_kind[i].carries & carries) != 0 && (only_kinds == NULL || named[i]))
			chosen[count++] = loaded->relation_kind[i].name_datum;
	}
	return construct_array(chosen, count, TEXTOID, -1, false, TYPALIGN_INT);
}

ecosys_loaded_graph *
ecosys_graph_load(Oid ecosystem, DateADT as_of, int carries, ArrayType *only_kinds, bool groups)
{
	char	   *schema = ecosys_graph_schema(ecosystem);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ecosys graph",
												  ALLOCSET_DEFAULT_SIZES);
	ecosys_loaded_graph *loaded = MemoryContextAllocZero(context, sizeof(*loaded));
	Oid			types[] = {DATEOID, TEXTARRAYOID};
	Datum		values[] = {DateADTGetDatum(as_of), (Datum) 0};
	bool		isnull[] = {false, false};
	loader		l;
	ecosys_graph_status status;

	loaded->context = context;
	loaded->host.allocate = allocate_in_context;
	loaded->host.release = release_in_context;
	loaded->host.proceed = proceed_unless_interrupted;
	loaded->host.arg = loaded;

	SPI_connect();

	/* IN and CASE x WHEN would look "=" up in the caller's search path */
	load(&l, loaded, sizeof(ecosys_relation_kind), relation_kind_row,
		 psprintf("SELECT kind, inverse, impact, CASE WHEN carries OPERATOR(pg_catalog.=) 'contribution' THEN %d"
				  " WHEN carries OPERATOR(pg_catalog.=) 'goal_tree' THEN %d"
				  " WHEN carries OPERATOR(pg_catalog.=) 'delivery' THEN %d ELSE %d END FROM %s.relation_kinds",
				  ECOSYS_CARRIES_CONTRIBUTION, ECOSYS_CARRIES_GOAL_TREE, ECOSYS_CARRIES_DELIVERY,
				  ECOSYS_CARRIES_NOTHING, schema),
		 0, NULL, NULL, NULL);
	loaded->relation_kind = l.array;
	loaded->relation_kinds = (int) l.count;
	too_many_kinds(loaded->relation_kinds);
	if (l.count > 0)
		qsort(l.array, l.count, l.size, compare_relation_kinds);
	values[1] = PointerGetDatum(chosen_kinds(loaded, carries, only_kinds));

	load(&l, loaded, sizeof(ecosys_element_kind), element_kind_row,
		 psprintf("SELECT kind, CASE WHEN acts_as OPERATOR(pg_catalog.=) 'content' THEN %d"
				  " WHEN acts_as OPERATOR(pg_catalog.=) 'competency' THEN %d"
				  " WHEN acts_as OPERATOR(pg_catalog.=) 'goal' THEN %d ELSE %d END FROM %s.element_kinds",
				  ECOSYS_ACTS_AS_CONTENT, ECOSYS_ACTS_AS_COMPETENCY, ECOSYS_ACTS_AS_GOAL,
				  ECOSYS_ACTS_AS_NOTHING, schema),
		 0, NULL, NULL, NULL);
	loaded->element_kind = l.array;
	loaded->element_kinds = (int) l.count;
	too_many_kinds(loaded->element_kinds);
	if (l.count > 0)
		qsort(l.array, l.count, l.size, compare_element_kinds);

	load(&l, loaded, sizeof(ecosys_graph_element), element_row,
		 psprintf("SELECT e.id, e.kind, e.available FROM %s.elements e WHERE " VALID_ON_DAY("e"),
				  schema),
		 1, types, values, isnull);
	if (l.array == NULL)
		l.array = allocate_in_context(loaded, l.size);
	status = ecosys_graph_set_elements(&loaded->graph, l.array, l.count, &loaded->host);
	ecosys_graph_check(status);

	/* The number of a group need only be the same within one target. */
	load(&l, loaded, sizeof(ecosys_graph_relation), relation_row,
		 psprintf("SELECT r.source, r.target, r.kind, r.weight, %s FROM %s.relations r"
				  " WHERE " VALID_ON_DAY("r") " AND r.kind OPERATOR(pg_catalog.=) ANY ($2)",
				  groups ? "CASE WHEN r.alternatives IS NOT NULL THEN pg_catalog.dense_rank()"
				  " OVER (ORDER BY r.target, r.alternatives COLLATE \"C\") END" : "NULL::bigint",
				  schema),
		 2, types, values, isnull);
	status = ecosys_graph_set_relations(&loaded->graph, l.array, l.count, groups, &loaded->host);
	ecosys_graph_check(status);
	if (l.array != NULL)
		pfree(l.array);

	SPI_finish();
	return loaded;
}
