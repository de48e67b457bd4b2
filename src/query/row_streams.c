/*
 * row_streams.c - see row_streams.h.
 *
 * A few streams have a scan each and read on where they stopped. Many share one
 * scan an index: such a stream is read in batches, and a later batch finds its
 * place by reading again from the key's beginning; batches grow, so that costs
 * no more than half as much again. Nothing but the places read is kept.
 */
#include "ecosys.h"

#include "access/stratnum.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"

#include "query/row_streams.h"

/* Up to here each stream has a scan of its own: a b-tree scan takes some 30 kB. */
#define MAX_OWN_SCANS 16

void
ecosys_row_streams_init(ecosys_row_streams *streams, Relation heap, Snapshot snapshot, ScanDirection direction)
{
	memset(streams, 0, sizeof(*streams));
	streams->direction = direction;
	streams->heap = heap;
	streams->snapshot = snapshot;
	streams->batch = 64;
}

static IndexScanDesc
shared_scan(ecosys_row_streams *streams, Relation index)
{
	for (int i = 0; i < streams->n_scans; i++)
	{
		if (streams->scans[i]->indexRelation == index)
			return streams->scans[i];
	}
	Assert(streams->n_scans < lengthof(streams->scans));
	streams->scans[streams->n_scans] = ecosys_index_beginscan(streams->heap, index, streams->snapshot, 1);
	return streams->scans[streams->n_scans++];
}

/* The key is NULL where all entries of the index are wanted. */
static void
add_stream(ecosys_row_streams *streams, Relation index, const ScanKeyData *key)
{
	ecosys_row_stream *stream;

	if (streams->n == streams->room)
	{
		streams->room = Max(8, streams->room * 2);
		streams->streams = streams->streams == NULL ?
			MemoryContextAllocHuge(CurrentMemoryContext, streams->room * sizeof(ecosys_row_stream)) :
			repalloc_huge(streams->streams, streams->room * sizeof(ecosys_row_stream));
	}
	stream = &streams->streams[streams->n++];
	memset(stream, 0, sizeof(*stream));
	stream->has_key = key != NULL;
	if (stream->has_key)
		stream->key = *key;
	stream->own_scan = streams->n <= MAX_OWN_SCANS;
	stream->scan = stream->own_scan ?
		ecosys_index_beginscan(streams->heap, index, streams->snapshot, stream->has_key ? 1 : 0) :
		shared_scan(streams, index);
}

void
ecosys_row_streams_add(ecosys_row_streams *streams, Relation index, Oid key_type, Datum value)
{
	ScanKeyData key;

	if (!OidIsValid(key_type))
	{
		add_stream(streams, index, NULL);
		return;
	}
	ScanKeyInit(&key, 1, BTEqualStrategyNumber, key_type == UUIDOID ? F_UUID_EQ : F_INT8EQ, value);
	add_stream(streams, index, &key);
}

void
ecosys_row_streams_copy(ecosys_row_streams *streams, const ecosys_row_streams *of)
{
	ecosys_row_streams_init(streams, of->heap, of->snapshot, of->direction);
	for (int i = 0; i < of->n; i++)
		add_stream(streams, of->streams[i].scan->indexRelation, of->streams[i].has_key ? &of->streams[i].key : NULL);
}

/* Is a after b in the direction? */
static inline bool
is_after(const ecosys_row_streams *streams, ItemPointer a, ItemPointer b)
{
	int32		order = ItemPointerCompare(a, b);

	return ScanDirectionIsBackward(streams->direction) ? order < 0 : order > 0;
}

static void
add_place(ecosys_row_stream *stream, ItemPointer place)
{
	if (stream->n == stream->room)
	{
		stream->room = Max(32, stream->room * 2);
		stream->places = stream->places == NULL ? palloc(stream->room * sizeof(ItemPointerData)) :
			repalloc_huge(stream->places, (Size) stream->room * sizeof(ItemPointerData));
	}
	stream->places[stream->n++] = *place;
}

/* Put the places from `start` on, which are one run, in order, and leave out what is of no interest. */
static void
end_run(ecosys_row_streams *streams, ecosys_row_stream *stream, int start)
{
	ItemPointer places = stream->places;
	int			kept = start;
	bool		end = false;

	if (stream->n == start)
		return;
	for (int low = start, high = stream->n - 1; low < high; low++, high--)
	{
		ItemPointerData place = places[low];

		if (!is_after(streams, &places[low], &places[high]))
			break;			/* in order as it came */
		places[low] = places[high];
		places[high] = place;
	}
	stream->last = places[stream->n - 1];
	stream->has_last = true;
	for (int i = start; streams->filter != NULL && i < stream->n && !end; i++)
	{
		if (streams->filter(streams->filter_arg, &places[i], &end))
			places[kept++] = places[i];
		else
			stream->cut = true;
	}
	if (streams->filter != NULL)
		stream->n = kept;
	stream->finished |= end;
}

/*
 * Read until `wanted` more places are known. In a backward scan, a run of places
 * that get farther the wrong way is a posting list; it ends where a place lies
 * before its beginning.
 */
static void
read_on(ecosys_row_streams *streams, ecosys_row_stream *stream, int wanted)
{
	int			enough = stream->n + wanted;
	int			start = stream->n;
	int64		read = 0;

	if (stream->finished || wanted <= 0)
		return;
	if (!stream->begun || !stream->own_scan)
		index_rescan(stream->scan, stream->has_key ? &stream->key : NULL, stream->has_key ? 1 : 0, NULL, 0);
	stream->begun = true;
	if (stream->has_pending)
	{
		add_place(stream, &stream->pending);
		stream->has_pending = false;
	}
	while (!stream->finished)
	{
		ItemPointer place = index_getnext_tid(stream->scan, streams->direction);

		if (read++ % 1000 == 999)
			CHECK_FOR_INTERRUPTS();
		if (place == NULL)
		{
			end_run(streams, stream, start);
			stream->finished = true;
			break;
		}
		if (stream->has_last && !is_after(streams, place, &stream->last))
			continue;			/* read before */
		if (stream->n > start && is_after(streams, place, &stream->places[start]))
		{
			end_run(streams, stream, start);
			start = stream->n;
			if (stream->n >= enough || stream->finished)
			{
				stream->pending = *place;
				stream->has_pending = stream->own_scan;
				break;
			}
		}
		add_place(stream, place);
	}
}

void
ecosys_row_streams_probe(ecosys_row_streams *streams, int batch)
{
	for (int i = 0; i < streams->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		read_on(streams, &streams->streams[i], batch - streams->streams[i].n);
	}
}

bool
ecosys_row_streams_read_all(ecosys_row_streams *streams, int64 limit)
{
	int64		n = 0;

	for (int i = 0; i < streams->n; i++)
	{
		ecosys_row_stream *stream = &streams->streams[i];

		CHECK_FOR_INTERRUPTS();
		read_on(streams, stream, (int) Min(limit - n + 1 - stream->n, INT_MAX / 2));
		n += stream->n;
		if (n > limit || !stream->finished || stream->cut)
			return false;
	}
	return true;
}

int64
ecosys_row_streams_known(const ecosys_row_streams *streams, bool *finished)
{
	int64		n = 0;

	*finished = true;
	for (int i = 0; i < streams->n; i++)
	{
		n += streams->streams[i].n;
		*finished &= streams->streams[i].finished && !streams->streams[i].cut;
	}
	return n;
}

/* ---- the merge ---- */

static inline ItemPointer
next_place(ecosys_row_streams *streams, int i)
{
	ecosys_row_stream *stream = &streams->streams[i];

	return &stream->places[stream->at];
}

/* Has the stream a next place? Places that have become uninteresting are passed over. */
static bool
has_next(ecosys_row_streams *streams, ecosys_row_stream *stream)
{
	bool		end = false;

	for (;;)
	{
		if (stream->at == stream->n)
		{
			if (stream->finished)
				return false;
			read_on(streams, stream, Max(streams->batch, stream->n));
			if (stream->at == stream->n)
				return false;
			if (streams->filter == NULL)
				return true;
		}
		if (streams->filter == NULL || streams->filter(streams->filter_arg, &stream->places[stream->at], &end))
			return true;
		if (end)
			return false;
		stream->at++;
	}
}

static void
sink(ecosys_row_streams *streams, int at)
{
	int		   *order = streams->heap_order;

	for (;;)
	{
		int			child = 2 * at + 1;
		int			swap;

		if (child >= streams->heap_n)
			return;
		if (child + 1 < streams->heap_n &&
			is_after(streams, next_place(streams, order[child]), next_place(streams, order[child + 1])))
			child++;
		if (!is_after(streams, next_place(streams, order[at]), next_place(streams, order[child])))
			return;
		swap = order[at];
		order[at] = order[child];
		order[child] = swap;
		at = child;
	}
}

void
ecosys_row_streams_begin(ecosys_row_streams *streams)
{
	if (streams->heap_order == NULL)
		streams->heap_order = palloc_extended((streams->n + 1) * sizeof(int), MCXT_ALLOC_HUGE);
	streams->heap_n = 0;
	streams->has_previous = false;
	for (int i = 0; i < streams->n; i++)
	{
		streams->streams[i].at = 0;
		if (has_next(streams, &streams->streams[i]))
			streams->heap_order[streams->heap_n++] = i;
		CHECK_FOR_INTERRUPTS();
	}
	for (int at = streams->heap_n / 2 - 1; at >= 0; at--)
		sink(streams, at);
}

bool
ecosys_row_streams_next(ecosys_row_streams *streams, ItemPointer place)
{
	while (streams->heap_n > 0)
	{
		ecosys_row_stream *stream = &streams->streams[streams->heap_order[0]];
		bool		again;

		*place = stream->places[stream->at++];
		again = streams->has_previous && ItemPointerEquals(place, &streams->previous);
		if (!has_next(streams, stream))
			streams->heap_order[0] = streams->heap_order[--streams->heap_n];
		sink(streams, 0);
		if (!again)
		{
			streams->previous = *place;
			streams->has_previous = true;
			return true;
		}
	}
	return false;
}

bool
ecosys_row_streams_meet(ecosys_row_streams *streams, ItemPointer place, bool *over)
{
	ItemPointerData next;

	while (!streams->has_previous || is_after(streams, place, &streams->previous))
	{
		if (!ecosys_row_streams_next(streams, &next))
		{
			*over = true;
			return false;
		}
	}
	return ItemPointerEquals(place, &streams->previous);
}

void
ecosys_row_streams_end(ecosys_row_streams *streams)
{
	for (int i = 0; i < streams->n; i++)
	{
		if (streams->streams[i].own_scan)
			index_endscan(streams->streams[i].scan);
	}
	for (int i = 0; i < streams->n_scans; i++)
		index_endscan(streams->scans[i]);
	streams->n = 0;
	streams->n_scans = 0;
}
