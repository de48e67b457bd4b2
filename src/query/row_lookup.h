/*
 * row_lookup.h - rows by the first column of a b-tree index, again and again.
 */
#ifndef ECOSYS_ROW_LOOKUP_H
#define ECOSYS_ROW_LOOKUP_H

#include "ecosys.h"

#include "access/genam.h"
#include "executor/tuptable.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* Opened when it is first used. */
typedef struct ecosys_row_lookup
{
	Relation	table;
	Oid			index_id;
	Snapshot	snapshot;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;		/* the row that was found */
} ecosys_row_lookup;

extern void ecosys_row_lookup_init(ecosys_row_lookup *lookup, Relation table, Oid index, Snapshot snapshot);

/* The column's type is uuid or bigint; the value must last until the next start. */
extern void ecosys_row_lookup_start(ecosys_row_lookup *lookup, Oid type, Datum value);
extern bool ecosys_row_lookup_next(ecosys_row_lookup *lookup);

extern void ecosys_row_lookup_close(ecosys_row_lookup *lookup);

#endif							/* ECOSYS_ROW_LOOKUP_H */
