/*
 * ordered_scan.c - the best rows of a query without an index on stored.
 *
 * Rows are appended, so the table is nearly in stored order; what is not comes
 * from writers at the same time and from space used again. A b-tree index on one
 * key gives its rows in the order of the table. So "the latest of" reads such
 * streams of places from the table's end, tests the rest of the filter on the
 * rows, and keeps the best it has seen. When may it stop? The BRIN index on
 * stored knows the least and the greatest value of every range of blocks: once
 * enough rows are kept, only ranges that may hold something better than the worst
 * of them matter, and mostly these are behind us. Nothing is assumed of the order,
 * so the answer is exact, whatever the order; only the speed rests on it. The same
 * ranges say where since, until and a cursor lie.
 *
 * Which rows to read, in this order:
 * 1. Where nothing is asked for but times, and where an activity or agent is in
 *    so many sets that it is probably everywhere, or the cursor is so deep that
 *    getting there by the index takes long: the table itself, block by block. But
 *    for the first case only so many rows; then
 * 2. the streams of the rarest of the filters, by what a first look at each shows,
 *    less what is not in those of the others;
 * 3. rows that match because their target does (StatementRefs): either from every
 *    match to who refers to it, and on from there, or from every reference that may
 *    be among the best down to its target, whichever is less.
 *
 * Rows do lie far from their time: the server puts small rows into gaps that
 * larger ones left, up to thousands of blocks back, and one such row makes a
 * range look as if it could hold all that was stored in between. So a block of a
 * range that only overlaps is looked through for its times alone, before any of
 * its rows is looked at; that costs a few nanoseconds a row.
 *
 * All is read under the active snapshot.
 */
#include "ecosys.h"

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/predicate.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "base/hash_key.h"
#include "query/best_rows.h"
#include "query/block_ranges.h"
#include "query/checked_rows.h"
#include "query/member_sets.h"
#include "query/ordered_scan.h"
#include "query/query_tables.h"
#include "query/row_lookup.h"
#include "query/row_streams.h"
#include "statement/statement_datum.h"

/* First look at a filter: places read of one key, and of each of several. */
#define PROBE 256
#define PROBE_EACH 32

/*
 * So many sets at most are streams from the start; with more, the table is tried
 * first, over so many rows for each of them. Who is in many sets is a party of few.
 */
#define FEW_SETS 512
#define FEW_SETS_OF_PARTIES 1000
#define TRY_ROWS_EACH 5

/* If there are more than this, they are not read before the table is tried, but looked up one by one. */
#define SETS_READ_AT_ONCE 4000

/* What things cost, against each other: an entry of an index, a row of the table in passing, one by its place. */
#define COST_ENTRY 1
#define COST_ROW 5
#define COST_FETCH 10

/* To look who refers to a row, and to follow a reference to its target. */
#define COST_UP 2
#define COST_DOWN 3

/* Matches, and references, that are looked at before it is decided from which to go to the others. */
#define LOOK_AT_REFERENCES 20000

/* So many references are simply followed to their targets. */
#define FEW_REFERENCES 256

/* What was found of a chain of references. */
typedef struct chain_known
{
	pg_uuid_t	id;				/* must be first */
	bool		matches;
} chain_known;

/* Filters that streams are made of, in the order in which they are looked at. */
enum
{
	FILTER_REGISTRATION,
	FILTER_AGENT,
	FILTER_ACTIVITY,
	FILTER_VERB,
	FILTER_AUTHORITY,
	N_FILTERS
};

/* The rows that a filter allows, as streams. */
typedef struct source
{
	bool		given;
	ecosys_row_streams streams;
	ecosys_member_sets *sets;	/* NULL: a filter by one key */
	ecosys_query_column set_column;
	int64		many_sets;		/* how many, if their streams are not yet in */
	int64		known;			/* places, by the first look */
	bool		finished;		/* that is all */
	double		density;		/* places a block */
} source;

typedef struct scan
{
	const ecosys_query *query;
	const ecosys_query_tables *tables;
	const char *schema;			/* quoted */
	Snapshot	snapshot;
	ScanDirection direction;
	Relation	heap;
	Relation	indexes[ECOSYS_QUERY_N_COLUMNS];
	Relation	references;
	Relation	activity_sets;
	Relation	actor_sets;

	/* rows by their place */
	struct IndexFetchTableData *fetch;
	TupleTableSlot *slot;

	ecosys_row_lookup by_id;
	ecosys_row_lookup voidings;
	ecosys_row_lookup referrers;

	/* what matches by itself */
	bool		filtered;
	int64		voiding_verb;
	ecosys_member_sets agents;	/* sets that have the agent */
	ecosys_member_sets activities;	/* sets that have the activity */
	ecosys_member_sets authorities; /* sets that have the authority, in some role */
	HTAB	   *chains;

	/* what may be in the answer: stored from least to greatest */
	TimestampTz least;
	TimestampTz greatest;
	BlockNumber blocks;
	ecosys_block_ranges *ranges;
	bool		has_last;
	uint32		last_range;		/* the last in the direction that matters */
	TimestampTz last_for;		/* the bound for which that holds */
	uint8	   *hopeless;		/* a bit a block: looked through, nothing in it matters */
	bool		look_through;	/* look through blocks before rows are fetched from them */
	bool		walked_any;
	BlockNumber walked;			/* the table was walked up to here, this block too */

	ecosys_best_rows best;
	int			best_room;		/* allocated */
} scan;

/* ---- columns ---- */

static inline Datum
column(scan *s, TupleTableSlot *slot, ecosys_query_column c, bool *isnull)
{
	return slot_getattr(slot, s->tables->columns[c], isnull);
}

static inline bool
column_is(scan *s, TupleTableSlot *slot, ecosys_query_column c, int64 key)
{
	bool		isnull;
	Datum		value = column(s, slot, c, &isnull);

	return !isnull && DatumGetInt64(value) == key;
}

static bool
column_in_sets(scan *s, TupleTableSlot *slot, ecosys_query_column c, ecosys_member_sets *sets)
{
	bool		isnull;
	Datum		value = column(s, slot, c, &isnull);

	return !isnull && ecosys_member_sets_has(sets, DatumGetInt64(value));
}

/* ---- what matches ---- */

/* Does the row match by itself, but for times and authority? */
static bool
matches_itself(scan *s, TupleTableSlot *slot)
{
	const ecosys_query *q = s->query;

	if (q->has_verb && !column_is(s, slot, ECOSYS_QUERY_VERB, q->verb))
		return false;
	if (q->has_registration)
	{
		bool		isnull;
		Datum		value = column(s, slot, ECOSYS_QUERY_REGISTRATION, &isnull);

		if (isnull || memcmp(DatumGetUUIDP(value)->data, q->registration.data, UUID_LEN) != 0)
			return false;
	}
	if (q->has_activity && !column_is(s, slot, ECOSYS_QUERY_OBJECT, q->activity) &&
		!(q->related_activities && column_in_sets(s, slot, ECOSYS_QUERY_RELATED_ACTIVITIES, &s->activities)))
		return false;
	if (q->has_agent && !column_is(s, slot, ECOSYS_QUERY_ACTOR, q->agent) &&
		!column_in_sets(s, slot, q->related_agents ? ECOSYS_QUERY_RELATED_ACTORS : ECOSYS_QUERY_PARTIES, &s->agents))
		return false;
	return true;
}

/* The id that the row's StatementRef names; false: its object is none. */
static bool
refers_to(scan *s, TupleTableSlot *slot, pg_uuid_t *id)
{
	ecosys_statement_header facts;
	bool		isnull;
	Datum		statement = column(s, slot, ECOSYS_QUERY_STATEMENT, &isnull);

	if (isnull)
		return false;
	ecosys_statement_facts_of(statement, &facts);
	if ((facts.flags & ECOSYS_STATEMENT_OBJECT_TYPE) != ECOSYS_OBJECT_STATEMENT_REF)
		return false;
	memcpy(id->data, facts.object_statement_id, UUID_LEN);
	return true;
}

static inline pg_uuid_t *
id_of(scan *s, TupleTableSlot *slot)
{
	bool		isnull;
	Datum		id = column(s, slot, ECOSYS_QUERY_ID, &isnull);

	if (isnull)
		ecosys_null_in_statements();
	return DatumGetUUIDP(id);
}

/*
 * Does the statement of this id match, or one it refers to, over any number of
 * steps? Every statement refers to one at most, so the way down is a line, which
 * may end in a circle; what was found holds for all of it.
 */
static bool
chain_matches(scan *s, const uint8_t *first)
{
	pg_uuid_t	id;
	int			length = 0;
	int			room = 16;
	pg_uuid_t  *line = palloc(room * sizeof(pg_uuid_t));
	bool		matches;

	if (s->chains == NULL)
	{
		HASHCTL		control = {
			.keysize = sizeof(pg_uuid_t), .entrysize = sizeof(chain_known), .hcxt = CurrentMemoryContext
		};

		s->chains = hash_create("ecosys chains of references", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	memcpy(id.data, first, UUID_LEN);
	for (;;)
	{
		bool		found;
		chain_known *known = hash_search(s->chains, &id, HASH_ENTER, &found);

		CHECK_FOR_INTERRUPTS();
		if (found)
		{
			/* told before; or on this very line, which is a circle then, and known to have no match so far */
			matches = known->matches;
			break;
		}
		known->matches = false;
		if (length == room)
		{
			room *= 2;
			line = repalloc_huge(line, room * sizeof(pg_uuid_t));
		}
		line[length++] = id;
		ecosys_row_lookup_start(&s->by_id, UUIDOID, UUIDPGetDatum(&id));
		if (!ecosys_row_lookup_next(&s->by_id))
		{
			matches = false;
			break;
		}
		if (matches_itself(s, s->by_id.slot))
		{
			matches = true;
			break;
		}
		if (!refers_to(s, s->by_id.slot, &id))
		{
			matches = false;
			break;
		}
	}
	if (matches)
	{
		for (int i = 0; i < length; i++)
		{
			chain_known *known = hash_search(s->chains, &line[i], HASH_FIND, NULL);

			known->matches = true;
		}
	}
	pfree(line);
	return matches;
}

/* Does the row match, by itself or through what it refers to? */
static bool
matches(scan *s, TupleTableSlot *slot)
{
	pg_uuid_t	id;

	return !s->filtered || matches_itself(s, slot) || (refers_to(s, slot, &id) && chain_matches(s, id.data));
}

static bool
is_void(scan *s, TupleTableSlot *slot)
{
	if (column_is(s, slot, ECOSYS_QUERY_VERB, s->voiding_verb))
		return false;
	ecosys_row_lookup_start(&s->voidings, UUIDOID, UUIDPGetDatum(id_of(s, slot)));
	return ecosys_row_lookup_next(&s->voidings);
}

/* ---- the best so far ---- */

/* What may still be in the answer, after the worst of the best has changed. */
static void
follow_worst(scan *s)
{
	if (s->best.n < s->best.room)
		return;
	if (s->query->ascending)
		s->greatest = Min(s->greatest, s->best.rows[0].stored);
	else
		s->least = Max(s->least, s->best.rows[0].stored);
}

/* Can the row be in the answer, if it matches? */
static bool
may_be_in(scan *s, TupleTableSlot *slot)
{
	const ecosys_query *q = s->query;
	bool		isnull;
	TimestampTz stored = DatumGetTimestampTz(column(s, slot, ECOSYS_QUERY_STORED, &isnull));

	if (isnull || stored < s->least || stored > s->greatest)
		return false;
	if (q->has_beyond && stored == q->beyond.stored)
	{
		int			order = memcmp(id_of(s, slot)->data, q->beyond.id.data, UUID_LEN);

		if (q->ascending ? order <= 0 : order >= 0)
			return false;
	}
	if (!ecosys_best_rows_wants(&s->best, stored, id_of(s, slot)->data))
		return false;
	return !q->has_authority || column_is(s, slot, ECOSYS_QUERY_AUTHORITY, q->authority);
}

/* A row that may be in and matches: it is, unless it is void. */
static void
take(scan *s, TupleTableSlot *slot)
{
	ecosys_row	row;
	bool		isnull;

	if (is_void(s, slot))
		return;
	row.stored = DatumGetTimestampTz(column(s, slot, ECOSYS_QUERY_STORED, &isnull));
	memcpy(row.id, id_of(s, slot)->data, UUID_LEN);
	row.block = ItemPointerGetBlockNumber(&slot->tts_tid);
	row.offset = ItemPointerGetOffsetNumber(&slot->tts_tid);
	if (s->best.n == s->best_room && s->best.n < s->best.room)
	{
		s->best_room = Min(s->best.room, s->best_room * 2);
		s->best.rows = repalloc_huge(s->best.rows, (Size) s->best_room * sizeof(ecosys_row));
	}
	ecosys_best_rows_keep(&s->best, &row);
	follow_worst(s);
}

/* ---- blocks that matter ---- */

static void
load_ranges(scan *s)
{
	if (s->ranges != NULL)
		return;
	s->ranges = ecosys_block_ranges_load(s->indexes[ECOSYS_QUERY_STORED], s->blocks, s->snapshot);
}

static inline bool
range_matters(scan *s, uint32 range)
{
	const ecosys_block_range *r;

	if (range >= s->ranges->n)
		return true;
	r = &s->ranges->ranges[range];
	return r->greatest >= s->least && r->least <= s->greatest;
}

static inline bool
is_summarised(const ecosys_block_range *range)
{
	return range->least != DT_NOBEGIN || range->greatest != DT_NOEND;
}

/* The last block, in the direction, that may hold something for the answer. */
static BlockNumber
last_block(scan *s)
{
	TimestampTz bound = s->query->ascending ? s->greatest : s->least;

	if (s->ranges->n == 0)
		return s->query->ascending ? s->blocks : 0;
	if (!s->has_last || s->last_for != bound)
	{
		/* the bound only gets closer, so it goes on from where it was */
		if (!s->has_last)
			s->last_range = s->query->ascending ? s->ranges->n - 1 : 0;
		if (s->query->ascending)
		{
			while (s->last_range > 0 && !range_matters(s, s->last_range))
				s->last_range--;
		}
		else
		{
			while (s->last_range + 1 < s->ranges->n && !range_matters(s, s->last_range))
				s->last_range++;
		}
		s->has_last = true;
		s->last_for = bound;
	}
	return s->last_range * s->ranges->size + (s->query->ascending ? s->ranges->size - 1 : 0);
}

static bool
was_walked(scan *s, BlockNumber block)
{
	if (!s->walked_any)
		return false;
	return s->query->ascending ? block <= s->walked : block >= s->walked;
}

/* Is all of the range within the times that matter? */
static inline bool
range_is_within(scan *s, uint32 range)
{
	return range < s->ranges->n && s->ranges->ranges[range].least >= s->least &&
		s->ranges->ranges[range].greatest <= s->greatest;
}

/* The tuple at an offset of a page; false: there is none. */
static inline bool
tuple_at(scan *s, Page page, BlockNumber block, OffsetNumber offset, HeapTuple tuple)
{
	ItemId		item = PageGetItemId(page, offset);

	if (!ItemIdIsNormal(item))
		return false;
	tuple->t_data = (HeapTupleHeader) PageGetItem(page, item);
	tuple->t_len = ItemIdGetLength(item);
	tuple->t_tableOid = RelationGetRelid(s->heap);
	ItemPointerSet(&tuple->t_self, block, offset);
	return true;
}

/* Was the tuple stored at a time that matters? */
static inline bool
time_matters(scan *s, HeapTuple tuple)
{
	bool		isnull;
	TimestampTz stored = DatumGetTimestampTz(heap_getattr(tuple, s->tables->columns[ECOSYS_QUERY_STORED],
														  RelationGetDescr(s->heap), &isnull));

	return !isnull && stored >= s->least && stored <= s->greatest;
}

/* May a block hold something for the answer? Told by its rows' times, of rows that nobody sees too. */
static bool
block_matters(scan *s, BlockNumber block)
{
	Buffer		buffer;
	Page		page;
	bool		matters = false;

	if (block >= s->blocks || range_is_within(s, block / s->ranges->size))
		return true;
	if (s->hopeless == NULL)
		s->hopeless = palloc_extended(s->blocks / 8 + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (s->hopeless[block / 8] & 1 << block % 8)
		return false;
	buffer = ReadBuffer(s->heap, block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	ecosys_test_for_old_snapshot(s->snapshot, s->heap, page);
	for (OffsetNumber i = FirstOffsetNumber; !matters && i <= PageGetMaxOffsetNumber(page); i++)
	{
		HeapTupleData tuple;

		matters = tuple_at(s, page, block, i, &tuple) && time_matters(s, &tuple);
	}
	UnlockReleaseBuffer(buffer);
	if (!matters)
		s->hopeless[block / 8] |= 1 << block % 8;
	return matters;
}

/* For streams: only places in blocks that matter and were not walked. */
static bool
place_matters(void *arg, ItemPointer place, bool *end)
{
	scan	   *s = arg;
	BlockNumber block = ItemPointerGetBlockNumberNoCheck(place);
	BlockNumber last = last_block(s);

	if (s->query->ascending ? block > last : block < last)
	{
		*end = true;
		return false;
	}
	return range_matters(s, block / s->ranges->size) && !was_walked(s, block) &&
		(!s->look_through || block_matters(s, block));
}

/* ---- ways to rows ---- */

static bool
fetch_row(scan *s, ItemPointer place)
{
	ItemPointerData tid = *place;
	bool		again = false;

	return table_index_fetch_tuple(s->fetch, &tid, s->snapshot, s->slot, &again, NULL);
}

/* Take what matches in a block; returns the number of rows looked at. */
static int
walk_block(scan *s, BlockNumber block)
{
	Buffer		buffer = ReadBuffer(s->heap, block);
	OffsetNumber seen[MaxHeapTuplesPerPage];
	HeapTupleData tuple;
	bool		all_visible;
	int			n = 0;
	Page		page;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	ecosys_test_for_old_snapshot(s->snapshot, s->heap, page);
	/* on a standby the bit may be ahead of our snapshot */
	all_visible = PageIsAllVisible(page) && !s->snapshot->takenDuringRecovery;
	for (OffsetNumber i = FirstOffsetNumber; i <= PageGetMaxOffsetNumber(page); i++)
	{
		bool		visible;

		if (!tuple_at(s, page, block, i, &tuple) || !time_matters(s, &tuple))
			continue;
		visible = all_visible || HeapTupleSatisfiesVisibility(&tuple, s->snapshot, buffer);
		HeapCheckForSerializableConflictOut(visible, s->heap, &tuple, buffer, s->snapshot);
		if (visible)
			seen[n++] = i;
	}
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	/* what is visible to us stays where it is while the buffer is pinned */
	for (int i = 0; i < n; i++)
	{
		(void) tuple_at(s, page, block, seen[s->query->ascending ? i : n - 1 - i], &tuple);
		ExecStoreBufferHeapTuple(&tuple, s->slot, buffer);
		if (may_be_in(s, s->slot) && matches(s, s->slot))
			take(s, s->slot);
	}
	ExecClearTuple(s->slot);
	ReleaseBuffer(buffer);
	return n;
}

/*
 * Walk the table in the direction, over `rows` rows at most (0: all), and take
 * what matches, by itself or through what it refers to. True: nothing is left
 * that matters.
 */
static bool
walk_table(scan *s, int64 rows)
{
	int64		passed = 0;
	bool		ascending = s->query->ascending;
	BlockNumber blocks;

	/* the lock before the size, as in any scan: who appends later meets the lock, who did before is read */
	PredicateLockRelation(s->heap, s->snapshot);
	blocks = RelationGetNumberOfBlocks(s->heap);
	if (blocks != s->blocks)
	{
		s->blocks = blocks;
		s->ranges = NULL;
		s->has_last = false;
	}
	load_ranges(s);
	for (BlockNumber i = 0; i < s->blocks; i++)
	{
		BlockNumber block = ascending ? i : s->blocks - 1 - i;
		BlockNumber last = last_block(s);
		uint32		range = block / s->ranges->size;

		if (ascending ? block > last : block < last)
			break;
		if (!range_matters(s, range))
		{
			/* to the last block of the range in the direction */
			i += ascending ? s->ranges->size - 1 - block % s->ranges->size : block % s->ranges->size;
			continue;
		}
		CHECK_FOR_INTERRUPTS();
		if (rows > 0 && passed >= rows)
			return false;
		passed += 1 + walk_block(s, block);
		s->walked_any = true;
		s->walked = block;
	}
	return true;
}

/* Is a place in all of these streams? *over: it is not, nor is any after it. */
static bool
is_in_all(ecosys_row_streams *const *others, int n_others, ItemPointer place, bool *over)
{
	for (int i = 0; i < n_others; i++)
	{
		if (!ecosys_row_streams_meet(others[i], place, over))
			return false;
	}
	return true;
}

/*
 * Take what matches by itself, of the streams of a filter, and what matches
 * through a reference if they have that too. Places that are not in the others,
 * those of filters that must hold as well, are passed over.
 */
static void
follow_streams(scan *s, ecosys_row_streams *streams, ecosys_row_streams *const *others, int n_others,
			   bool references_too)
{
	ItemPointerData place;
	int64		passed = 0;
	bool		over = false;

	ecosys_row_streams_begin(streams);
	for (int i = 0; i < n_others; i++)
		ecosys_row_streams_begin(others[i]);
	while (!over && ecosys_row_streams_next(streams, &place))
	{
		if (passed++ % 1000 == 999)
			CHECK_FOR_INTERRUPTS();
		if (!is_in_all(others, n_others, &place, &over))
			continue;
		if (fetch_row(s, &place) && may_be_in(s, s->slot) &&
			(references_too ? matches(s, s->slot) : matches_itself(s, s->slot)))
			take(s, s->slot);
	}
}

/* ---- filters as streams ---- */

static void
look_first(scan *s, source *f)
{
	ecosys_row_streams *streams = &f->streams;

	ecosys_row_streams_probe(streams, streams->n <= 2 ? PROBE : PROBE_EACH);
	f->known = ecosys_row_streams_known(streams, &f->finished);
	f->finished = f->finished && f->many_sets == 0;
	f->density = 0;
	for (int i = 0; i < streams->n; i++)
	{
		ecosys_row_stream *stream = &streams->streams[i];
		BlockNumber span = s->blocks;

		if (stream->n == 0)
			continue;
		if (!stream->finished)
		{
			BlockNumber a = ItemPointerGetBlockNumberNoCheck(&stream->places[0]);
			BlockNumber b = ItemPointerGetBlockNumberNoCheck(&stream->places[stream->n - 1]);

			span = (a > b ? a - b : b - a) + 1;
		}
		f->density += (double) stream->n / Max(1, span);
	}
	if (f->many_sets > 0)
		f->density = Max(f->density, 1);	/* nothing is known, but rare it is hardly */
}

static void
add_set_streams(scan *s, source *f, const int64 *keys, int64 n)
{
	for (int64 i = 0; i < n; i++)
		ecosys_row_streams_add(&f->streams, s->indexes[f->set_column], INT8OID, Int64GetDatum(keys[i]));
	f->many_sets = 0;
}

/* The sets of a filter, as streams if they are few. */
static void
add_sets(scan *s, source *f)
{
	int64		n;
	int64	   *keys = ecosys_member_sets_keys(f->sets, SETS_READ_AT_ONCE, &n);

	f->many_sets = n;
	if (n < SETS_READ_AT_ONCE)
		ecosys_member_sets_know(f->sets, keys, n);
	if (n <= (f->set_column == ECOSYS_QUERY_PARTIES ? FEW_SETS_OF_PARTIES : FEW_SETS))
		add_set_streams(s, f, keys, n);
	pfree(keys);
}

/* The streams that add_sets left out. */
static void
add_many_sets(scan *s, source *f)
{
	int64		n;
	int64	   *keys = ecosys_member_sets_keys(f->sets, PG_INT64_MAX, &n);

	add_set_streams(s, f, keys, n);
	pfree(keys);
}

static void
source_open(scan *s, source *f, ecosys_query_column c, Oid type, Datum key,
			ecosys_member_sets *sets, ecosys_query_column set_column)
{
	f->given = true;
	f->sets = sets;
	f->set_column = set_column;
	ecosys_row_streams_init(&f->streams, s->heap, s->snapshot, s->direction);
	ecosys_row_streams_add(&f->streams, s->indexes[c], type, key);
	if (sets != NULL)
		add_sets(s, f);
	look_first(s, f);
}

/* Is a better to read than b? */
static bool
is_rarer(const source *a, const source *b)
{
	if (a->finished != b->finished)
		return a->finished;
	return a->finished ? a->known < b->known : a->density < b->density;
}

/*
 * The rarest of the filters. They are looked at from what mostly is rare to what
 * mostly is not, and no further than to one whose rows are all known.
 */
static source *
choose_filter(scan *s, source *filters)
{
	const ecosys_query *q = s->query;
	source	   *best = NULL;

	for (int i = 0; i < N_FILTERS && (best == NULL || !best->finished); i++)
	{
		source	   *f = &filters[i];

		/* the authority is asked of the row itself, and all agents of a row are in its related_actors */
		if (i == FILTER_AUTHORITY && q->has_authority)
			source_open(s, f, ECOSYS_QUERY_ACTOR, INT8OID, Int64GetDatum(q->authority), &s->authorities,
						ECOSYS_QUERY_RELATED_ACTORS);
		else if (i == FILTER_REGISTRATION && q->has_registration)
			source_open(s, f, ECOSYS_QUERY_REGISTRATION, UUIDOID, UUIDPGetDatum(&q->registration), NULL, 0);
		else if (i == FILTER_AGENT && q->has_agent)
			source_open(s, f, ECOSYS_QUERY_ACTOR, INT8OID, Int64GetDatum(q->agent), &s->agents,
						q->related_agents ? ECOSYS_QUERY_RELATED_ACTORS : ECOSYS_QUERY_PARTIES);
		else if (i == FILTER_ACTIVITY && q->has_activity)
			source_open(s, f, ECOSYS_QUERY_OBJECT, INT8OID, Int64GetDatum(q->activity),
						q->related_activities ? &s->activities : NULL, ECOSYS_QUERY_RELATED_ACTIVITIES);
		else if (i == FILTER_VERB && q->has_verb)
			source_open(s, f, ECOSYS_QUERY_VERB, INT8OID, Int64GetDatum(q->verb), NULL, 0);
		if (f->given && (best == NULL || is_rarer(f, best)))
			best = f;
	}
	return best;
}

/*
 * How many rows of the table to walk before the streams of a filter are
 * followed: about what the streams would cost until they come to the place where
 * the answer lies.
 */
static int64
rows_to_walk(scan *s, const source *f)
{
	double		blocks = 0;
	double		skipped;

	if (f->many_sets > 0)
		return f->many_sets * TRY_ROWS_EACH;
	/* blocks that do not matter before the first of which it is known that it does */
	for (uint32 i = 0; i < s->ranges->n; i++)
	{
		uint32		range = s->query->ascending ? i : s->ranges->n - 1 - i;

		if (!range_matters(s, range))
			blocks += s->ranges->size;
		else if (is_summarised(&s->ranges->ranges[range]))
			break;
	}
	skipped = blocks * f->density;
	/* not for what the first look has already behind it */
	if (skipped <= PROBE)
		return 0;
	return (int64) Min(skipped * COST_ENTRY / COST_ROW, 1e9);
}

/* ---- through references ---- */

/* Take who refers to a statement, and who refers to these. */
static void
follow_up(scan *s, HTAB *seen, pg_uuid_t *stack, int64 n, int64 room)
{
	while (n > 0)
	{
		pg_uuid_t	target = stack[--n];
		int64		key = ecosys_hash_key(ECOSYS_KEY_STATEMENT, target.data, UUID_LEN);

		CHECK_FOR_INTERRUPTS();
		ecosys_row_lookup_start(&s->referrers, INT8OID, Int64GetDatum(key));
		while (ecosys_row_lookup_next(&s->referrers))
		{
			TupleTableSlot *slot = s->referrers.slot;
			pg_uuid_t	named;
			bool		found;

			/* the key is a hash */
			if (!refers_to(s, slot, &named) || memcmp(named.data, target.data, UUID_LEN) != 0)
				continue;
			(void) hash_search(seen, id_of(s, slot), HASH_ENTER, &found);
			if (found)
				continue;
			if (n == room)
			{
				room *= 2;
				stack = repalloc_huge(stack, room * sizeof(pg_uuid_t));
			}
			stack[n++] = *id_of(s, slot);
			if (!was_walked(s, ItemPointerGetBlockNumber(&slot->tts_tid)) && may_be_in(s, slot) &&
				!matches_itself(s, slot))
				take(s, slot);
		}
	}
	pfree(stack);
}

/* From all that match by themselves to who refers to them. */
static void
references_from_matches(scan *s, ecosys_row_streams *streams)
{
	HASHCTL		control = {
		.keysize = sizeof(pg_uuid_t), .entrysize = sizeof(pg_uuid_t), .hcxt = CurrentMemoryContext
	};
	HTAB	   *seen = hash_create("ecosys matches", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	int64		n = 0;
	int64		room = 256;
	pg_uuid_t  *stack = palloc(room * sizeof(pg_uuid_t));
	ItemPointerData place;

	streams->filter = NULL;		/* a match matters here wherever it is */
	ecosys_row_streams_begin(streams);
	while (ecosys_row_streams_next(streams, &place))
	{
		bool		found;

		CHECK_FOR_INTERRUPTS();
		if (!fetch_row(s, &place) || !matches_itself(s, s->slot))
			continue;
		(void) hash_search(seen, id_of(s, s->slot), HASH_ENTER, &found);
		if (found)
			continue;
		if (n == room)
		{
			room *= 2;
			stack = repalloc_huge(stack, room * sizeof(pg_uuid_t));
		}
		stack[n++] = *id_of(s, s->slot);
	}
	follow_up(s, seen, stack, n, room);
}

/* From all references that may be in the answer to their targets. */
static void
references_to_matches(scan *s, ecosys_row_streams *references)
{
	ItemPointerData place;

	ecosys_row_streams_begin(references);
	while (ecosys_row_streams_next(references, &place))
	{
		pg_uuid_t	id;

		CHECK_FOR_INTERRUPTS();
		if (fetch_row(s, &place) && may_be_in(s, s->slot) && !matches_itself(s, s->slot) &&
			refers_to(s, s->slot, &id) && chain_matches(s, id.data))
			take(s, s->slot);
	}
}

/*
 * Rows that match through what they refer to. Either way gives all of them; which
 * is shorter, the number of matches and of references tells, counted only as far
 * as is needed to know.
 */
static void
take_references(scan *s, ecosys_row_streams *matches)
{
	ecosys_row_streams references;
	ecosys_row_streams all;
	int64		n_references;
	int64		n_matches;
	bool		all_matches;
	bool		ignored;

	ecosys_row_streams_init(&references, s->heap, s->snapshot, s->direction);
	ecosys_row_streams_add(&references, s->references, InvalidOid, (Datum) 0);
	if (s->ranges != NULL)
	{
		references.filter = place_matters;
		references.filter_arg = s;
	}
	s->look_through = false;
	memset(&all, 0, sizeof(all));
	n_matches = ecosys_row_streams_known(matches, &all_matches);
	ecosys_row_streams_probe(&references, 1 + (all_matches ? Min(n_matches, LOOK_AT_REFERENCES) : FEW_REFERENCES));
	n_references = ecosys_row_streams_known(&references, &ignored);
	if (!all_matches && n_references > FEW_REFERENCES)
	{
		ecosys_row_streams_probe(&references, LOOK_AT_REFERENCES);
		n_references = ecosys_row_streams_known(&references, &ignored);
		ecosys_row_streams_copy(&all, matches);
		all_matches = ecosys_row_streams_read_all(&all, n_references * COST_DOWN / COST_UP);
		n_matches = ecosys_row_streams_known(&all, &ignored);
		matches = &all;
	}
	if (n_references > 0)
	{
		if (all_matches && n_matches * COST_UP < n_references * COST_DOWN)
			references_from_matches(s, matches);
		else
			references_to_matches(s, &references);
	}
	ecosys_row_streams_end(&references);
	ecosys_row_streams_end(&all);
}

/* ---- the whole ---- */

static void
bounds_of(scan *s)
{
	const ecosys_query *q = s->query;

	s->least = DT_NOBEGIN;
	s->greatest = DT_NOEND;
	if (q->has_since)
	{
		if (q->since == DT_NOEND)
			s->greatest = DT_NOBEGIN;	/* nothing is later */
		else
			s->least = q->since + 1;
	}
	if (q->has_until)
		s->greatest = Min(s->greatest, q->until);
	if (q->has_beyond && q->ascending)
		s->least = Max(s->least, q->beyond.stored);
	if (q->has_beyond && !q->ascending)
		s->greatest = Min(s->greatest, q->beyond.stored);
}

static void
scan_open(scan *s, const ecosys_query *query, const ecosys_query_tables *tables)
{
	memset(s, 0, sizeof(*s));
	s->query = query;
	s->tables = tables;
	s->schema = quote_identifier(get_namespace_name(get_rel_namespace(tables->statements)));
	s->snapshot = GetActiveSnapshot();
	s->direction = query->ascending ? ForwardScanDirection : BackwardScanDirection;
	s->heap = table_open(tables->statements, AccessShareLock);
	for (int c = 0; c < ECOSYS_QUERY_N_COLUMNS; c++)
	{
		if (OidIsValid(tables->indexes[c]))
			s->indexes[c] = index_open(tables->indexes[c], AccessShareLock);
	}
	s->references = index_open(tables->references, AccessShareLock);
	s->activity_sets = table_open(tables->activity_sets, AccessShareLock);
	s->actor_sets = table_open(tables->actor_sets, AccessShareLock);
	s->fetch = ecosys_table_index_fetch_begin(s->heap);
	s->slot = table_slot_create(s->heap, NULL);
	ecosys_row_lookup_init(&s->by_id, s->heap, tables->indexes[ECOSYS_QUERY_ID], s->snapshot);
	ecosys_row_lookup_init(&s->referrers, s->heap, tables->indexes[ECOSYS_QUERY_OBJECT], s->snapshot);
	ecosys_row_lookup_init(&s->voidings, table_open(tables->voidings, AccessShareLock), tables->voidings_key,
						   s->snapshot);
	if (query->has_agent)
		ecosys_member_sets_open(&s->agents, ECOSYS_SETS_OF_AGENTS, s->schema, query->agent,
								s->actor_sets, tables->actor_sets_key, s->snapshot);
	if (query->has_activity && query->related_activities)
		ecosys_member_sets_open(&s->activities, ECOSYS_SETS_OF_ACTIVITIES, s->schema, query->activity,
								s->activity_sets, tables->activity_sets_key, s->snapshot);
	if (query->has_authority)
		ecosys_member_sets_open(&s->authorities, ECOSYS_SETS_OF_AGENTS, s->schema, query->authority,
								s->actor_sets, tables->actor_sets_key, s->snapshot);
	s->filtered = query->has_agent || query->has_verb || query->has_activity || query->has_registration;
	s->voiding_verb = ecosys_query_voiding_verb();
	s->blocks = RelationGetNumberOfBlocks(s->heap);
	bounds_of(s);
	s->best.ascending = query->ascending;
	s->best.room = query->max_rows;
	s->best_room = Min(query->max_rows, 128);
	s->best.rows = palloc(Max(1, s->best_room) * sizeof(ecosys_row));
}

static void
scan_close(scan *s)
{
	Relation	voidings = s->voidings.table;

	ecosys_row_lookup_close(&s->by_id);
	ecosys_row_lookup_close(&s->referrers);
	ecosys_row_lookup_close(&s->voidings);
	table_close(voidings, NoLock);
	ecosys_member_sets_close(&s->agents);
	ecosys_member_sets_close(&s->activities);
	ecosys_member_sets_close(&s->authorities);
	table_index_fetch_end(s->fetch);
	ExecDropSingleTupleTableSlot(s->slot);
	index_close(s->references, NoLock);
	for (int c = 0; c < ECOSYS_QUERY_N_COLUMNS; c++)
	{
		if (s->indexes[c] != NULL)
			index_close(s->indexes[c], NoLock);
	}
	table_close(s->activity_sets, NoLock);
	table_close(s->actor_sets, NoLock);
	table_close(s->heap, NoLock);
}

static void
find_rows(scan *s)
{
	source		filters[N_FILTERS];
	source	   *f;
	ecosys_row_streams *others[N_FILTERS];
	int			n_others = 0;
	bool		done = false;

	if (!s->filtered && !s->query->has_authority)
	{
		(void) walk_table(s, 0);
		return;
	}
	memset(filters, 0, sizeof(filters));
	f = choose_filter(s, filters);
	if (!f->finished)
	{
		int64		rows;

		load_ranges(s);
		rows = rows_to_walk(s, f);
		done = rows > 0 && walk_table(s, rows);
		if (!done && f->many_sets > 0)
			add_many_sets(s, f);
		/* worth it where blocks have several places each */
		s->look_through = f->density > 2;
		for (int i = 0; i < N_FILTERS; i++)
		{
			source	   *other = &filters[i];

			if (!other->given)
				continue;
			other->streams.filter = place_matters;
			other->streams.filter_arg = s;
			/* to read the places of another filter must cost less than to look at rows in vain */
			if (other != f && i != FILTER_AUTHORITY && f != &filters[FILTER_AUTHORITY] &&
				other->many_sets == 0 && other->density < f->density * COST_FETCH / COST_ENTRY)
				others[n_others++] = &other->streams;
		}
	}
	if (!done)
	{
		bool		has_all = f == &filters[FILTER_AUTHORITY];

		follow_streams(s, &f->streams, others, n_others, has_all);
		if (!has_all)
			take_references(s, &f->streams);
	}
	for (int i = 0; i < lengthof(filters); i++)
		ecosys_row_streams_end(&filters[i].streams);
}

bool
ecosys_query_ordered_scan(Oid statements, Oid engine_schema, const ecosys_query *query,
						  ecosys_query_sink sink, void *arg)
{
	const ecosys_query_tables *tables = ecosys_query_tables_open(statements, engine_schema);
	ecosys_query_tables copy;
	scan		s;

	if (tables == NULL)
		return false;
	copy = *tables;				/* a relcache message may change the other */
	scan_open(&s, query, &copy);
	find_rows(&s);
	ecosys_best_rows_sort(&s.best);
	for (int i = 0; i < s.best.n; i++)
	{
		const ecosys_row *row = &s.best.rows[i];
		ecosys_position position = {.stored = row->stored};
		ItemPointerData place;
		Datum		statement;
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		memcpy(position.id.data, row->id, UUID_LEN);
		ItemPointerSet(&place, row->block, row->offset);
		if (!table_tuple_fetch_row_version(s.heap, &place, s.snapshot, s.slot))
			elog(ERROR, "statement vanished within a snapshot");
		statement = column(&s, s.slot, ECOSYS_QUERY_STATEMENT, &isnull);
		if (isnull)
			ecosys_null_in_statements();
		sink(arg, &position, statement);
	}
	scan_close(&s);
	return true;
}
