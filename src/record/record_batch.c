/*
 * record_batch.c - what statement_batch found out, kept until the statements are stored.
 *
 * A batch is taken apart and parsed in its own order, and stored in the order of
 * its ids, so that batches with ids in common do not deadlock. In between, the
 * facts of each statement and its place in the batch stay in the memory of the
 * backend: the trigger that fills the row need not parse again, and the times of
 * storing follow the order of the batch.
 *
 * A row is recognised by the bytes of its statement, all of them, so this memory
 * says nothing that the statement itself would not say; only the order is more.
 */
#include "ecosys.h"

#include "access/xact.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "base/hash_key.h"
#include "record/record.h"

/* Statements beyond this many bytes are parsed again. */
#define KEPT_BYTES (64 * 1024 * 1024)

typedef struct kept_statement
{
	ecosys_statement_facts facts;
	const char *text;
	const char *bytes;			/* of the statement, without the varlena header */
	size_t		size;
} kept_statement;

typedef struct entry
{
	uint64		hash;			/* of the bytes */
	int64		place;
	kept_statement *kept;		/* NULL: too many */
} entry;

static struct
{
	MemoryContext memory;		/* NULL: there is no batch */
	HTAB	   *entries;
	int64		n;
	int64		n_found;
	size_t		kept_bytes;
	Oid			schema;			/* where it is being stored; InvalidOid: nowhere yet */
	TimestampTz first;			/* time of the first statement */
}			batch;

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		batch.memory = NULL;	/* goes with its parent */
}

static void
forget(void)
{
	if (batch.memory != NULL)
		MemoryContextDelete(batch.memory);
	memset(&batch, 0, sizeof(batch));
}

void
ecosys_record_batch_begin(void)
{
	static bool registered = false;
	HASHCTL		control = {0};
	MemoryContext memory;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		registered = true;
	}
	forget();
	memory = AllocSetContextCreate(TopTransactionContext, "ecosys batch", ALLOCSET_DEFAULT_SIZES);
	control.keysize = sizeof(uint64);
	control.entrysize = sizeof(entry);
	control.hcxt = memory;
	batch.entries = hash_create("ecosys batch", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	batch.memory = memory;
}

static void *
copy(const void *from, size_t size)
{
	return memcpy(MemoryContextAllocHuge(batch.memory, Max(size, 1)), from, size);
}

void
ecosys_record_batch_add(Datum statement, const ecosys_statement_facts *facts, const char *text, size_t length)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(statement);
	size_t		size = VARSIZE_ANY_EXHDR(value);
	uint64		hash = XXH64(VARDATA_ANY(value), size, 0);
	kept_statement *kept;
	entry	   *e;
	bool		found;

	if (batch.memory == NULL)
		return;
	e = hash_search(batch.entries, &hash, HASH_ENTER, &found);
	e->place = batch.n++;
	e->kept = NULL;
	if (batch.kept_bytes > KEPT_BYTES)
		return;
	kept = MemoryContextAlloc(batch.memory, sizeof(kept_statement));
	kept->facts = *facts;
	kept->facts.mentions = copy(facts->mentions, sizeof(ecosys_mention) * facts->n_mentions);
	kept->facts.related_activities = copy(facts->related_activities, sizeof(int64) * facts->n_related_activities);
	kept->facts.related_actors = copy(facts->related_actors, sizeof(int64) * facts->n_related_actors);
	kept->facts.parties = copy(facts->parties, sizeof(int64) * facts->n_parties);
	kept->text = copy(text, length);
	kept->bytes = copy(VARDATA_ANY(value), size);
	kept->size = size;
	e->kept = kept;
	batch.kept_bytes += sizeof(kept_statement) + sizeof(ecosys_mention) * facts->n_mentions + length + size;
}

bool
ecosys_record_batch_find(Datum statement, Oid schema, const ecosys_statement_facts **facts, const char **text,
						 TimestampTz *stored)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(statement);
	size_t		size;
	uint64		hash;
	const entry *e;

	*stored = 0;
	if (batch.memory == NULL || (OidIsValid(batch.schema) && batch.schema != schema) ||
		VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value))
		return false;
	size = VARSIZE_ANY_EXHDR(value);
	hash = XXH64(VARDATA_ANY(value), size, 0);
	e = hash_search(batch.entries, &hash, HASH_FIND, NULL);
	if (e == NULL ||
		(e->kept != NULL && (e->kept->size != size || memcmp(e->kept->bytes, VARDATA_ANY(value), size) != 0)))
		return false;
	if (!OidIsValid(batch.schema))
	{
		batch.schema = schema;
		batch.first = ecosys_record_times(schema, batch.n);
	}
	batch.n_found++;
	/* unless other statements were stored since */
	if (ecosys_record_last_time() == batch.first + batch.n - 1)
		*stored = batch.first + e->place;
	if (e->kept == NULL)
		return false;
	*facts = &e->kept->facts;
	*text = e->kept->text;
	return true;
}

void
ecosys_record_batch_end(void)
{
	if (batch.memory != NULL && batch.n_found >= batch.n)
		forget();
}
