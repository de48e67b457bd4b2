/*
 * ecosys.h - what every glue file of the extension shares.
 *
 * Files in src/base and those named *_parse, *_state, graph_csr, graph_walk
 * and the like are plain C and do not include this header: they know nothing
 * of the server and are unit-tested and fuzzed without it.
 */
#ifndef ECOSYS_H
#define ECOSYS_H

#include "postgres.h"
#include "fmgr.h"

#include "compat.h"

/* Declares and registers a C function that SQL calls; the definition follows it. */
#define ECOSYS_FUNCTION(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

#endif							/* ECOSYS_H */
