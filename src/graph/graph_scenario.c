/*
 * graph_scenario.c - what-if for SQL: availability, what is achievable, and
 * importance.
 */
#include "ecosys.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

#include "graph/graph_argument.h"
#include "graph/graph_availability.h"
#include "graph/graph_importance.h"
#include "graph/graph_key.h"
#include "graph/graph_load.h"

static void
put_row(ReturnSetInfo *rsinfo, Datum *values, bool *nulls)
{
	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
refuse_scenario(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("not a scenario"),
			 errdetail("%s", detail),
			 errhint("Give an object of element keys and their availability,"
					 " for example {\"lms:main\": 0}.")));
}

/* The members of a scenario: keys as text[], values as an array; the JSON is read in full first. */
static ArrayType *
read_scenario(Jsonb *scenario, double **values)
{
	JsonbIterator *iterator = JsonbIteratorInit(&scenario->root);
	JsonbValue	v;
	JsonbIteratorToken token = JsonbIteratorNext(&iterator, &v, true);
	int			count = JB_ROOT_COUNT(scenario);
	Datum	   *keys;
	int			n = 0;

	if (token != WJB_BEGIN_OBJECT)
		refuse_scenario("It is not a JSON object.");
	keys = palloc(Max(1, count) * sizeof(Datum));
	*values = palloc(Max(1, count) * sizeof(double));
	while ((token = JsonbIteratorNext(&iterator, &v, true)) == WJB_KEY)
	{
		keys[n] = PointerGetDatum(cstring_to_text_with_len(v.val.string.val, v.val.string.len));
		(void) JsonbIteratorNext(&iterator, &v, true);
		if (v.type != jbvNumeric)
			refuse_scenario(psprintf("The value of \"%s\" is not a number.",
									 ecosys_graph_clipped(TextDatumGetCString(keys[n]))));
		(*values)[n] = DatumGetFloat8(DirectFunctionCall1(numeric_float8,
														  NumericGetDatum(v.val.numeric)));
		if (!((*values)[n] >= 0 && (*values)[n] <= 1))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("availability of \"%s\" is out of range",
							ecosys_graph_clipped(TextDatumGetCString(keys[n]))),
					 errdetail("It is a share: 0 is down, 1 is all there.")));
		n++;
	}
	return construct_array(keys, n, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Own availability by element, after a scenario. */
static double *
own_availability(const ecosys_loaded_graph *loaded, Oid ecosystem, Jsonb *scenario, DateADT as_of)
{
	double	   *own = ecosys_graph_allocate(&loaded->host, loaded->graph.elements, sizeof(double));
	double	   *values;
	int64	   *ids;
	int			count;

	for (uint32 e = 0; e < loaded->graph.elements; e++)
		own[e] = loaded->graph.element[e].available;
	if (scenario == NULL)
		return own;
	ids = ecosys_graph_find_elements(ecosystem, read_scenario(scenario, &values), as_of, &count);
	for (int i = 0; i < count; i++)
	{
		uint32		element = ecosys_graph_index(&loaded->graph, ids[i]);

		if (element != ECOSYS_GRAPH_NONE)
			own[element] = values[i];
	}
	return own;
}

static void
prepare_dependencies(ecosys_dependencies *dependencies, const ecosys_loaded_graph *loaded)
{
	double	   *factor = ecosys_graph_carrying(loaded, ECOSYS_CARRIES_DELIVERY);

	ecosys_graph_check(ecosys_dependencies_prepare(dependencies, &loaded->graph, factor,
												   &loaded->host));
}

static void
prepare_reach(ecosys_reach *reach, const ecosys_loaded_graph *loaded, const bool *wanted)
{
	double	   *factor = ecosys_graph_carrying(loaded, ECOSYS_CARRIES_CONTRIBUTION);

	ecosys_graph_check(ecosys_reach_prepare(reach, &loaded->graph, factor, wanted, &loaded->host));
}

static double *
values_by_element(const ecosys_loaded_graph *loaded)
{
	return ecosys_graph_allocate(&loaded->host, loaded->graph.elements, sizeof(double));
}

/* graph_availability(ecosystem, scenario, as_of) */
ECOSYS_FUNCTION(ecosys_graph_availability);
Datum
ecosys_graph_availability(PG_FUNCTION_ARGS)
{
	Oid			ecosystem = ecosys_graph_ecosystem_argument(fcinfo);
	DateADT		as_of = ecosys_graph_as_of_argument(fcinfo, 2);
	ecosys_dependencies dependencies;
	ecosys_loaded_graph *loaded;
	double	   *own;
	double	   *available;

	InitMaterializedSRF(fcinfo, 0);
	loaded = ecosys_graph_load(ecosystem, as_of, ECOSYS_CARRIES_DELIVERY, NULL, true);
	own = own_availability(loaded, ecosystem, PG_ARGISNULL(1) ? NULL : PG_GETARG_JSONB_P(1), as_of);
	available = values_by_element(loaded);
	prepare_dependencies(&dependencies, loaded);
	ecosys_graph_check(ecosys_availability(&dependencies, own, available));
	for (uint32 e = 0; e < loaded->graph.elements; e++)
	{
		Datum		values[3] = {Int64GetDatum(loaded->graph.element[e].id), Float8GetDatum(own[e]),
			Float8GetDatum(available[e])};
		bool		nulls[3] = {false};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, values, nulls);
	}
	MemoryContextDelete(loaded->context);
	return (Datum) 0;
}

/* graph_achievable(ecosystem, scenario, as_of) */
ECOSYS_FUNCTION(ecosys_graph_achievable);
Datum
ecosys_graph_achievable(PG_FUNCTION_ARGS)
{
	Oid			ecosystem = ecosys_graph_ecosystem_argument(fcinfo);
	DateADT		as_of = ecosys_graph_as_of_argument(fcinfo, 2);
	ecosys_dependencies dependencies;
	ecosys_loaded_graph *loaded;
	ecosys_reach reach;
	double	   *achievable[2];

	InitMaterializedSRF(fcinfo, 0);
	loaded = ecosys_graph_load(ecosystem, as_of,
							   ECOSYS_CARRIES_DELIVERY | ECOSYS_CARRIES_CONTRIBUTION, NULL, true);
	prepare_dependencies(&dependencies, loaded);
	prepare_reach(&reach, loaded, NULL);
	for (int after = 0; after < 2; after++)
	{
		Jsonb	   *scenario = after && !PG_ARGISNULL(1) ? PG_GETARG_JSONB_P(1) : NULL;
		double	   *own = own_availability(loaded, ecosystem, scenario, as_of);
		double	   *available = values_by_element(loaded);

		achievable[after] = values_by_element(loaded);
		ecosys_graph_check(ecosys_availability(&dependencies, own, available));
		ecosys_achievable(&reach, available, achievable[after]);
	}
	for (uint32 e = 0; e < loaded->graph.elements; e++)
	{
		Datum		values[3] = {Int64GetDatum(loaded->graph.element[e].id),
			Float8GetDatum(achievable[0][e]), Float8GetDatum(achievable[1][e])};
		bool		nulls[3] = {false};

		if (loaded->graph.element[e].acts_as == ECOSYS_ACTS_AS_CONTENT ||
			loaded->graph.element[e].acts_as == ECOSYS_ACTS_AS_COMPETENCY)
			put_row((ReturnSetInfo *) fcinfo->resultinfo, values, nulls);
	}
	MemoryContextDelete(loaded->context);
	return (Datum) 0;
}

/* Weights by element from arrays of items and weights, which may name an item more than once. */
static double *
item_weights(const ecosys_loaded_graph *loaded, ArrayType *items, ArrayType *weights, double *total)
{
	double	   *weight = values_by_element(loaded);
	int			count;
	int			weight_count;
	Datum	   *item_datums = ecosys_graph_members(items, INT8OID, "items", &count);
	Datum	   *weight_datums = ecosys_graph_members(weights, FLOAT8OID, "weights", &weight_count);

	if (count != weight_count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("items and weights must have the same length"),
				 errdetail("There are %d items and %d weights.", count, weight_count)));
	memset(weight, 0, loaded->graph.elements * sizeof(double));
	*total = 0;
	for (int i = 0; i < count; i++)
	{
		double		w = DatumGetFloat8(weight_datums[i]);
		uint32		element = ecosys_graph_index(&loaded->graph, DatumGetInt64(item_datums[i]));

		if (!(w >= 0) || isinf(w))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("a weight must be a finite number that is not negative")));
		*total += w;
		if (element != ECOSYS_GRAPH_NONE)
			weight[element] += w;
	}
	return weight;
}

/* graph_importance(ecosystem, items, weights, as_of) */
ECOSYS_FUNCTION(ecosys_graph_importance);
Datum
ecosys_graph_importance(PG_FUNCTION_ARGS)
{
	ecosys_dependencies dependencies;
	ecosys_loaded_graph *loaded;
	ecosys_reach reach;
	ecosys_loss *loss;
	double	   *own;
	double	   *weight;
	double		total;
	bool	   *wanted;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("items and weights must not be NULL")));
	loaded = ecosys_graph_load(ecosys_graph_ecosystem_argument(fcinfo),
							   ecosys_graph_as_of_argument(fcinfo, 3),
							   ECOSYS_CARRIES_DELIVERY | ECOSYS_CARRIES_CONTRIBUTION, NULL, true);
	own = own_availability(loaded, InvalidOid, NULL, 0);
	weight = item_weights(loaded, PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_ARRAYTYPE_P(2), &total);
	wanted = ecosys_graph_allocate(&loaded->host, loaded->graph.elements, sizeof(bool));
	for (uint32 e = 0; e < loaded->graph.elements; e++)
		wanted[e] = weight[e] > 0;
	prepare_dependencies(&dependencies, loaded);
	prepare_reach(&reach, loaded, wanted);
	loss = ecosys_graph_allocate(&loaded->host, loaded->graph.elements, sizeof(ecosys_loss));
	ecosys_graph_check(ecosys_importance(&dependencies, &reach, own, weight, loss));
	for (uint32 e = 0; e < loaded->graph.elements; e++)
	{
		Datum		values[3] = {Int64GetDatum(loaded->graph.element[e].id),
			Float8GetDatum(total > 0 ? Min(1, loss[e].weight / total) : 0),
			Int64GetDatum(loss[e].items_lost)};
		bool		nulls[3] = {false, !(total > 0), false};

		put_row((ReturnSetInfo *) fcinfo->resultinfo, values, nulls);
	}
	MemoryContextDelete(loaded->context);
	return (Datum) 0;
}
