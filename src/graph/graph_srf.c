/*
 * graph_srf.c - walks and closures as set-returning functions.
 *
 * Each loads the graph, runs the plain search and puts its rows straight into
 * the executor's tuplestore, which spills to disk beyond work_mem.
 */
#include "ecosys.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "graph/graph_argument.h"
#include "graph/graph_closure.h"
#include "graph/graph_load.h"
#include "graph/graph_walk.h"

/* Room for one path, kept from row to row. */
typedef struct path_arrays
{
	MemoryContext context;
	Size		room;
	Datum	   *ids;
	Datum	   *via;
} path_arrays;

static Datum
element_id_datum(const ecosys_graph *graph, uint32 element)
{
	return Int64GetDatum(graph->element[element].id);
}

static void
make_room(path_arrays *path, uint32 length)
{
	if (length < path->room)
		return;
	path->room = Max(64, (Size) length * 2);
	path->ids = MemoryContextAllocHuge(path->context, path->room * sizeof(Datum));
	path->via = MemoryContextAllocHuge(path->context, path->room * sizeof(Datum));
}

/*
 * The path that a label ends: ids of its elements and, where via is wanted,
 * what leads from each to the next: the name of the relation's kind, or of
 * its inverse where the walk went against it.
 */
static Datum
path_datum(path_arrays *path, const ecosys_loaded_graph *loaded, const ecosys_walk *walk,
		   uint32 label, Datum *via)
{
	uint32		length = walk->label[label].length;

	make_room(path, length);
	for (uint32 at = label, i = length;; at = walk->label[at].parent, i--)
	{
		const ecosys_walk_label *step = &walk->label[at];

		path->ids[i] = element_id_datum(&loaded->graph, step->element);
		if (i == 0)
			break;
		path->via[i - 1] = step->via & ECOSYS_WALK_AGAINST ?
			loaded->relation_kind[step->via & ~ECOSYS_WALK_AGAINST].inverse_datum :
			loaded->relation_kind[step->via].name_datum;
	}
	if (via != NULL)
		*via = PointerGetDatum(construct_array(path->via, length, TEXTOID, -1, false, TYPALIGN_INT));
	return PointerGetDatum(construct_array(path->ids, length + 1, INT8OID, sizeof(int64),
										   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

static ecosys_walk_direction
direction_argument(FunctionCallInfo fcinfo, int number)
{
	char	   *name = "downstream";

	if (!PG_ARGISNULL(number))
		name = text_to_cstring(PG_GETARG_TEXT_PP(number));
	if (strcmp(name, "downstream") == 0)
		return ECOSYS_WALK_DOWNSTREAM;
	if (strcmp(name, "upstream") == 0)
		return ECOSYS_WALK_UPSTREAM;
	if (strcmp(name, "both") == 0)
		return ECOSYS_WALK_BOTH;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown direction of a walk: \"%s\"", ecosys_graph_clipped(name)),
			 errhint("Use downstream (the way change flows), upstream or both.")));
	return ECOSYS_WALK_BOTH;	/* not reached */
}

/* By kind of element, whether it is named in kinds; NULL array: all are. */
static bool *
wanted_kinds(const ecosys_loaded_graph *loaded, ArrayType *kinds)
{
	bool	   *wanted = palloc0(Max(1, loaded->element_kinds) * sizeof(bool));
	Datum	   *names;
	int			count;

	if (kinds == NULL)
	{
		memset(wanted, true, loaded->element_kinds);
		return wanted;
	}
	names = ecosys_graph_members(kinds, TEXTOID, "element_kinds", &count);
	for (int i = 0; i < count; i++)
	{
		text	   *name = DatumGetTextPP(names[i]);
		int			kind = ecosys_graph_element_kind(loaded, names[i]);

		if (kind < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("unknown kind of element: \"%s\"",
							ecosys_graph_clipped(text_to_cstring(name))),
					 errhint("The kinds are the rows of table element_kinds.")));
		wanted[kind] = true;
	}
	return wanted;
}

/* What a walk shall do, by the arguments of graph_walk. */
static void
read_request(FunctionCallInfo fcinfo, ecosys_walk_request *request)
{
	memset(request, 0, sizeof(*request));
	memset(request->may_step, 0xff, sizeof(request->may_step));
	request->direction = direction_argument(fcinfo, 2);
	request->max_depth = ECOSYS_WALK_UNBOUNDED;
	if (!PG_ARGISNULL(3))
	{
		if (PG_GETARG_INT32(3) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("max_depth must not be negative"),
					 errhint("NULL means without limit.")));
		request->max_depth = PG_GETARG_INT32(3);
	}
	request->min_strength = PG_ARGISNULL(6) ? 0 : PG_GETARG_FLOAT8(6);
	if (!(request->min_strength >= 0 && request->min_strength <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("min_strength must be in [0, 1]")));
}

/* The starts that are in the graph, as indexes; others give no rows, as in a join. */
static uint32 *
read_starts(FunctionCallInfo fcinfo, const ecosys_graph *graph, size_t *starts)
{
	int			count;
	Datum	   *ids;
	uint32	   *start;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the start of a walk must not be NULL")));
	ids = ecosys_graph_members(PG_GETARG_ARRAYTYPE_P(1), INT8OID, "the start of a walk", &count);
	start = palloc(Max(1, count) * sizeof(uint32));
	*starts = 0;
	for (int i = 0; i < count; i++)
	{
		uint32		element = ecosys_graph_index(graph, DatumGetInt64(ids[i]));

		if (element != ECOSYS_GRAPH_NONE)
			start[(*starts)++] = element;
	}
	return start;
}

/* Puts the rows of a walk whose elements are of wanted kinds into the result. */
static void
put_walk_rows(ReturnSetInfo *rsinfo, const ecosys_loaded_graph *loaded, const ecosys_walk *walk,
			  const bool *wanted)
{
	path_arrays path = {loaded->context};
	MemoryContext row_context = AllocSetContextCreate(loaded->context, "ecosys walk row",
													  ALLOCSET_SMALL_SIZES);

	for (uint32 i = 0; i < walk->count; i++)
	{
		const ecosys_walk_row *row = &walk->row[i];
		Datum		values[5];
		bool		nulls[5] = {false};
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		if (!wanted[loaded->graph.element[row->element].kind])
			continue;
		old = MemoryContextSwitchTo(row_context);
		values[0] = element_id_datum(&loaded->graph, row->element);
		values[1] = Int32GetDatum((int32) row->depth);
		values[2] = Float8GetDatum(walk->label[row->label].strength);
		values[3] = path_datum(&path, loaded, walk, row->label, &values[4]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_context);
	}
}

/*
 * graph_walk(ecosystem, start, direction, max_depth, relation_kinds,
 * element_kinds, min_strength, as_of)
 */
ECOSYS_FUNCTION(ecosys_graph_walk);
Datum
ecosys_graph_walk(PG_FUNCTION_ARGS)
{
	Oid			ecosystem = ecosys_graph_ecosystem_argument(fcinfo);
	DateADT		as_of = ecosys_graph_as_of_argument(fcinfo, 7);
	ecosys_loaded_graph *loaded;
	ecosys_walk_request request;
	ecosys_walk walk;
	double	   *factor;
	uint32	   *start;
	size_t		starts;
	bool	   *wanted;

	InitMaterializedSRF(fcinfo, 0);
	read_request(fcinfo, &request);
	loaded = ecosys_graph_load(ecosystem, as_of, ECOSYS_CARRIES_ANY,
							   PG_ARGISNULL(4) ? NULL : PG_GETARG_ARRAYTYPE_P(4), false);
	start = read_starts(fcinfo, &loaded->graph, &starts);
	wanted = wanted_kinds(loaded, PG_ARGISNULL(5) ? NULL : PG_GETARG_ARRAYTYPE_P(5));
	factor = palloc(Max(1, loaded->relation_kinds) * sizeof(double));
	for (int i = 0; i < loaded->relation_kinds; i++)
		factor[i] = loaded->relation_kind[i].impact;
	request.kind_factor = factor;

	ecosys_graph_check(ecosys_walk_prepare(&walk, &loaded->graph, &loaded->host));
	ecosys_graph_check(ecosys_walk_run(&walk, &request, start, starts));
	put_walk_rows((ReturnSetInfo *) fcinfo->resultinfo, loaded, &walk, wanted);
	MemoryContextDelete(loaded->context);
	return (Datum) 0;
}

typedef struct closure_output
{
	ReturnSetInfo *rsinfo;
	const ecosys_loaded_graph *loaded;
	path_arrays path;
	MemoryContext row_context;
} closure_output;

static bool
put_closure_rows(void *arg, const ecosys_walk *walk)
{
	closure_output *output = arg;
	const ecosys_graph *graph = &output->loaded->graph;

	for (size_t i = 0; i < walk->label_count && walk->label[i].strength > 0; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(output->row_context);
		Datum		values[4];
		bool		nulls[4] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = element_id_datum(graph, walk->label[0].element);
		values[1] = element_id_datum(graph, walk->label[i].element);
		values[2] = Float8GetDatum(walk->label[i].strength);
		values[3] = path_datum(&output->path, output->loaded, walk, (uint32) i, NULL);
		tuplestore_putvalues(output->rsinfo->setResult, output->rsinfo->setDesc, values, nulls);
		MemoryContextSwitchTo(old);
		MemoryContextReset(output->row_context);
	}
	return true;
}

/* graph_closure(ecosystem, as_of) */
ECOSYS_FUNCTION(ecosys_graph_closure_rows);
Datum
ecosys_graph_closure_rows(PG_FUNCTION_ARGS)
{
	closure_output output = {(ReturnSetInfo *) fcinfo->resultinfo};
	ecosys_loaded_graph *loaded;

	InitMaterializedSRF(fcinfo, 0);
	loaded = ecosys_graph_load(ecosys_graph_ecosystem_argument(fcinfo),
							   ecosys_graph_as_of_argument(fcinfo, 1),
							   ECOSYS_CARRIES_CONTRIBUTION, NULL, false);
	output.loaded = loaded;
	output.path.context = loaded->context;
	output.row_context = AllocSetContextCreate(loaded->context, "ecosys closure row",
											   ALLOCSET_SMALL_SIZES);
	ecosys_graph_check(ecosys_graph_closure(&loaded->graph,
											ecosys_graph_carrying(loaded, ECOSYS_CARRIES_CONTRIBUTION),
											&loaded->host, put_closure_rows, &output));
	MemoryContextDelete(loaded->context);
	return (Datum) 0;
}
