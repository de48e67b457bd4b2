/*
 * block_ranges.c - see block_ranges.h.
 *
 * The summaries are read as BRIN itself reads them in a bitmap scan, once for
 * all questions a query will have.
 */
#include "ecosys.h"

#include "access/brin.h"
#include "access/brin_internal.h"
#include "access/brin_revmap.h"
#include "access/brin_tuple.h"
#include "catalog/pg_am.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "query/block_ranges.h"

/* Where there is no index to say so. */
#define DEFAULT_SIZE 128

bool
ecosys_block_ranges_usable(Relation index)
{
	return index->rd_rel->relam == BRIN_AM_OID && index->rd_index->indnatts == 1 &&
		RelationGetDescr(index)->natts == 1 &&
		index_getprocid(index, 1, BRIN_PROCNUM_OPCINFO) == F_BRIN_MINMAX_OPCINFO;
}

static void
read_ranges(Relation index, ecosys_block_ranges *ranges, Snapshot snapshot)
{
	BrinDesc   *desc = brin_build_desc(index);
	BrinMemTuple *values = brin_new_memtuple(desc);
	BrinTuple  *copy = NULL;
	Size		copy_size = 0;
	Buffer		buffer = InvalidBuffer;
	BrinRevmap *revmap = ecosys_brin_revmap(index, &ranges->size, snapshot);

	ranges->n = (ranges->blocks + ranges->size - 1) / ranges->size;
	ranges->ranges = palloc_extended((ranges->n + 1) * sizeof(ecosys_block_range), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < ranges->n; i++)
	{
		ecosys_block_range *range = &ranges->ranges[i];
		OffsetNumber offset;
		Size		size;
		BrinTuple  *tuple = ecosys_brin_tuple(revmap, i * ranges->size, &buffer, &offset, &size, snapshot);

		range->least = DT_NOBEGIN;
		range->greatest = DT_NOEND;
		if (tuple != NULL)
		{
			copy = brin_copy_tuple(tuple, size, copy, &copy_size);
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
			values = brin_deform_tuple(desc, copy, values);
			if (!values->bt_placeholder && !values->bt_columns[0].bv_allnulls)
			{
				range->least = DatumGetTimestampTz(values->bt_columns[0].bv_values[0]);
				range->greatest = DatumGetTimestampTz(values->bt_columns[0].bv_values[1]);
			}
		}
		if (i % 1024 == 1023)
			CHECK_FOR_INTERRUPTS();
	}
	if (BufferIsValid(buffer))
		ReleaseBuffer(buffer);
	brinRevmapTerminate(revmap);
	brin_free_desc(desc);
}

ecosys_block_ranges *
ecosys_block_ranges_load(Relation index, BlockNumber blocks, Snapshot snapshot)
{
	ecosys_block_ranges *ranges = palloc(sizeof(*ranges));

	ranges->blocks = blocks;
	ranges->size = DEFAULT_SIZE;
	ranges->n = 0;
	ranges->ranges = NULL;
	if (index != NULL)
		read_ranges(index, ranges, snapshot);
	return ranges;
}
