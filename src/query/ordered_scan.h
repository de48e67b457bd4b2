/*
 * ordered_scan.h - the rows of a query, by walking indexes in the order of the table.
 */
#ifndef ECOSYS_ORDERED_SCAN_H
#define ECOSYS_ORDERED_SCAN_H

#include "query/query.h"

/* False, and nothing done, where it cannot be used: see query_tables.h. */
extern bool ecosys_query_ordered_scan(Oid statements, Oid engine_schema, const ecosys_query *query,
									  ecosys_query_sink sink, void *arg);

#endif							/* ECOSYS_ORDERED_SCAN_H */
