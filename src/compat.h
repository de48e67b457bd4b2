/*
 * compat.h - every difference between server versions, and nothing else.
 *
 * Code elsewhere reads as if on the newest server.
 */
#ifndef ECOSYS_COMPAT_H
#define ECOSYS_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000
#error "ecosys needs PostgreSQL 15 or later"
#endif

/*
 * Soft errors came with PostgreSQL 16. Before it, an input function has no
 * error context and every error is hard.
 */
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#define ECOSYS_ESCONTEXT(fcinfo) ((fcinfo)->context)
#else
#define ECOSYS_ESCONTEXT(fcinfo) NULL
#define ereturn(context, value, ...) \
	do { (void) (context); ereport(ERROR, __VA_ARGS__); return value; } while (0)
#endif

/* index_beginscan grew an argument for instrumentation in 18, and one for flags in 19. */
#if PG_VERSION_NUM >= 190000
#define ecosys_index_beginscan(heap, index, snapshot, nkeys) index_beginscan(heap, index, snapshot, NULL, nkeys, 0, 0)
#elif PG_VERSION_NUM >= 180000
#define ecosys_index_beginscan(heap, index, snapshot, nkeys) index_beginscan(heap, index, snapshot, NULL, nkeys, 0)
#else
#define ecosys_index_beginscan(heap, index, snapshot, nkeys) index_beginscan(heap, index, snapshot, nkeys, 0)
#endif

/* Three other scans grew an argument for flags in 19. */
#if PG_VERSION_NUM >= 190000
#define ecosys_table_beginscan(heap, snapshot) table_beginscan(heap, snapshot, 0, NULL, 0)
#define ecosys_table_beginscan_tidrange(heap, snapshot, first, last) table_beginscan_tidrange(heap, snapshot, first, last, 0)
#define ecosys_table_index_fetch_begin(heap) table_index_fetch_begin(heap, 0)
#else
#define ecosys_table_beginscan(heap, snapshot) table_beginscan(heap, snapshot, 0, NULL)
#define ecosys_table_beginscan_tidrange(heap, snapshot, first, last) table_beginscan_tidrange(heap, snapshot, first, last)
#define ecosys_table_index_fetch_begin(heap) table_index_fetch_begin(heap)
#endif

/* Up to 16 there was old_snapshot_threshold: pages are tested, and BRIN takes the snapshot. */
#if PG_VERSION_NUM >= 170000
#define ecosys_test_for_old_snapshot(snapshot, relation, page) ((void) 0)
#define ecosys_brin_revmap(index, size, snapshot) ((void) (snapshot), brinRevmapInitialize(index, size))
#define ecosys_brin_tuple(revmap, block, buffer, offset, size, snapshot) \
	brinGetTupleForHeapBlock(revmap, block, buffer, offset, size, BUFFER_LOCK_SHARE)
#else
#define ecosys_test_for_old_snapshot(snapshot, relation, page) TestForOldSnapshot(snapshot, relation, page)
#define ecosys_brin_revmap(index, size, snapshot) brinRevmapInitialize(index, size, snapshot)
#define ecosys_brin_tuple(revmap, block, buffer, offset, size, snapshot) \
	brinGetTupleForHeapBlock(revmap, block, buffer, offset, size, BUFFER_LOCK_SHARE, snapshot)
#endif

/* LockHeldByMe grew an argument in 17: whether a stronger lock will do. */
#if PG_VERSION_NUM >= 170000
#define ecosys_lock_held_by_me(tag, mode) LockHeldByMe(tag, mode, false)
#else
#define ecosys_lock_held_by_me(tag, mode) LockHeldByMe(tag, mode)
#endif

/* From 18 on a module says its name. */
#if PG_VERSION_NUM >= 180000
#define ECOSYS_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "ecosys")
#else
#define ECOSYS_MODULE_MAGIC PG_MODULE_MAGIC
#endif

#endif							/* ECOSYS_COMPAT_H */
