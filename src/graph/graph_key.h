/*
 * graph_key.h - from keys of elements to their ids. Glue: needs the server.
 */
#ifndef ECOSYS_GRAPH_KEY_H
#define ECOSYS_GRAPH_KEY_H

#include "ecosys.h"
#include "utils/array.h"
#include "utils/date.h"

extern int64 *ecosys_graph_find_elements(Oid ecosystem, ArrayType *keys, DateADT as_of, int *count);

#endif							/* ECOSYS_GRAPH_KEY_H */
