/*
 * graph_argument.h - arguments that the graph functions have in common.
 * Glue: needs the server.
 */
#ifndef ECOSYS_GRAPH_ARGUMENT_H
#define ECOSYS_GRAPH_ARGUMENT_H

#include "graph/graph_load.h"

/* The first argument, never NULL. */
extern Oid	ecosys_graph_ecosystem_argument(FunctionCallInfo fcinfo);

/* A day; NULL stands for today. */
extern DateADT ecosys_graph_as_of_argument(FunctionCallInfo fcinfo, int number);

/* Elements of an array of a type; NULL members are an error that calls them `what`. */
extern Datum *ecosys_graph_members(ArrayType *array, Oid type, const char *what, int *count);

/* The factor of each kind of relation: 1 where it carries what is asked for, else not walked. */
extern double *ecosys_graph_carrying(const ecosys_loaded_graph *loaded, ecosys_carries carries);

#endif							/* ECOSYS_GRAPH_ARGUMENT_H */
