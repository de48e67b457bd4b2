/*
 * row_streams.h - the places of rows with certain keys, in the order of the
 * table, out of one or many scans of deduplicated b-tree indexes.
 *
 * Equal keys of a b-tree stand in the order of their rows' places (nbtree's
 * tie-breaker, PostgreSQL 12 and later), so one key is one sorted stream; a
 * merge of streams is one again. Only the places of one posting list come
 * ascending in a backward scan too, up to PostgreSQL 18; they are turned round.
 */
#ifndef ECOSYS_ROW_STREAMS_H
#define ECOSYS_ROW_STREAMS_H

#include "ecosys.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/sdir.h"
#include "access/skey.h"
#include "storage/itemptr.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* Tells whether a place is of interest; *end: nor is any after it. */
typedef bool (*ecosys_place_filter) (void *arg, ItemPointer place, bool *end);

typedef struct ecosys_row_stream
{
	IndexScanDesc scan;			/* its own, or that of the index */
	bool		own_scan;
	bool		has_key;
	ScanKeyData key;
	ItemPointerData *places;	/* what was read of it */
	int			room;
	int			n;
	int			at;				/* next one of them */
	bool		finished;		/* all was read */
	bool		cut;			/* places were left out by the filter */
	bool		begun;
	bool		has_last;
	ItemPointerData last;		/* the farthest that was read, left out or not */
	bool		has_pending;
	ItemPointerData pending;	/* read, but the next batch begins with it */
} ecosys_row_stream;

typedef struct ecosys_row_streams
{
	ScanDirection direction;
	Relation	heap;
	Snapshot	snapshot;
	ecosys_place_filter filter; /* NULL: all are of interest */
	void	   *filter_arg;
	int			batch;			/* places to read of a stream at first */

	int			n;
	int			room;
	ecosys_row_stream *streams;
	int			n_scans;		/* shared by the streams of an index */
	IndexScanDesc scans[4];

	int		   *heap_order;		/* streams that have a next place, as a binary heap */
	int			heap_n;
	bool		has_previous;
	ItemPointerData previous;	/* what next returned last */
} ecosys_row_streams;

extern void ecosys_row_streams_init(ecosys_row_streams *streams, Relation heap, Snapshot snapshot,
									ScanDirection direction);

/* Add the rows of one key of an index, or (type of key InvalidOid) all that are in it. */
extern void ecosys_row_streams_add(ecosys_row_streams *streams, Relation index, Oid key_type, Datum key);

/* The streams of another, from the beginning and without a filter. */
extern void ecosys_row_streams_copy(ecosys_row_streams *streams, const ecosys_row_streams *of);

/* Read on in each stream until `batch` places of it are known. */
extern void ecosys_row_streams_probe(ecosys_row_streams *streams, int batch);

/* Read all there are, but give up where it would be more than `limit`; false: they are more. */
extern bool ecosys_row_streams_read_all(ecosys_row_streams *streams, int64 limit);

/* Places known so far; all, if *finished. */
extern int64 ecosys_row_streams_known(const ecosys_row_streams *streams, bool *finished);

/* Start the merge (again). */
extern void ecosys_row_streams_begin(ecosys_row_streams *streams);

/* The next place, each once; false: there is none. */
extern bool ecosys_row_streams_next(ecosys_row_streams *streams, ItemPointer place);

/*
 * Go on in the merge to a place; is it one of them? Places are to be asked for in
 * the direction. *over: neither is any after it.
 */
extern bool ecosys_row_streams_meet(ecosys_row_streams *streams, ItemPointer place, bool *over);

extern void ecosys_row_streams_end(ecosys_row_streams *streams);

#endif							/* ECOSYS_ROW_STREAMS_H */
