/*
 * graph_argument.c - arguments that the graph functions have in common.
 */
#include "ecosys.h"

#include "utils/lsyscache.h"

#include "graph/graph_argument.h"

DateADT
ecosys_graph_as_of_argument(FunctionCallInfo fcinfo, int number)
{
	return PG_ARGISNULL(number) ? ecosys_graph_today() : PG_GETARG_DATEADT(number);
}

Oid
ecosys_graph_ecosystem_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the ecosystem must not be NULL"),
				 errhint("Give the schema of an ecosystem, for example 'learning'.")));
	return PG_GETARG_OID(0);
}

/* Elements of an array of a type; NULL members are an error. */
Datum *
ecosys_graph_members(ArrayType *array, Oid type, const char *what, int *count)
{
	Datum	   *values;
	int16		length;
	bool		byval;
	char		align;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not contain NULL", what)));
	get_typlenbyvalalign(type, &length, &byval, &align);
	deconstruct_array(array, type, length, byval, align, &values, NULL, count);
	return values;
}

/* The factor of each kind of relation: 1 where it carries what is asked for, else not walked. */
double *
ecosys_graph_carrying(const ecosys_loaded_graph *loaded, ecosys_carries carries)
{
	double	   *factor = palloc(Max(1, loaded->relation_kinds) * sizeof(double));

	for (int i = 0; i < loaded->relation_kinds; i++)
		factor[i] = loaded->relation_kind[i].carries == carries ? 1 : -1;
	return factor;
}
