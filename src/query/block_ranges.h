/*
 * block_ranges.h - what a BRIN index on a timestamp tells about the blocks of
 * its table: the least and the greatest value in each range of blocks.
 */
#ifndef ECOSYS_BLOCK_RANGES_H
#define ECOSYS_BLOCK_RANGES_H

#include "ecosys.h"

#include "datatype/timestamp.h"
#include "storage/block.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

typedef struct ecosys_block_range
{
	TimestampTz least;			/* greatest < least: it has no rows */
	TimestampTz greatest;
} ecosys_block_range;

typedef struct ecosys_block_ranges
{
	BlockNumber blocks;			/* of the table */
	BlockNumber size;			/* blocks a range */
	uint32		n;
	ecosys_block_range *ranges;	/* a range that is not summarised may hold anything */
} ecosys_block_ranges;

/*
 * Read all of them. Who has a snapshot older than the call finds every row it
 * shows within what the ranges say. index NULL: nothing is known of any range.
 */
extern ecosys_block_ranges *ecosys_block_ranges_load(Relation index, BlockNumber blocks, Snapshot snapshot);

/* Can an index tell this: a BRIN index of minimum and maximum of its only column? */
extern bool ecosys_block_ranges_usable(Relation index);

#endif							/* ECOSYS_BLOCK_RANGES_H */
