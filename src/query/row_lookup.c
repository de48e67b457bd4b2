/*
 * row_lookup.c - see row_lookup.h.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/skey.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "utils/fmgroids.h"

#include "query/row_lookup.h"

void
ecosys_row_lookup_init(ecosys_row_lookup *lookup, Relation table, Oid index, Snapshot snapshot)
{
	memset(lookup, 0, sizeof(*lookup));
	lookup->table = table;
	lookup->index_id = index;
	lookup->snapshot = snapshot;
}

void
ecosys_row_lookup_start(ecosys_row_lookup *lookup, Oid type, Datum value)
{
	ScanKeyData key;

	if (lookup->scan == NULL)
	{
		lookup->index = index_open(lookup->index_id, AccessShareLock);
		lookup->slot = table_slot_create(lookup->table, NULL);
		lookup->scan = ecosys_index_beginscan(lookup->table, lookup->index, lookup->snapshot, 1);
	}
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, type == UUIDOID ? F_UUID_EQ : F_INT8EQ, value);
	index_rescan(lookup->scan, &key, 1, NULL, 0);
}

bool
ecosys_row_lookup_next(ecosys_row_lookup *lookup)
{
	return index_getnext_slot(lookup->scan, ForwardScanDirection, lookup->slot);
}

void
ecosys_row_lookup_close(ecosys_row_lookup *lookup)
{
	if (lookup->scan == NULL)
		return;
	index_endscan(lookup->scan);
	ExecDropSingleTupleTableSlot(lookup->slot);
	index_close(lookup->index, NoLock);
	lookup->scan = NULL;
}
