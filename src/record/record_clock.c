/*
 * record_clock.c - the times at which statements are stored, and up to which
 * time nothing more can come.
 *
 * Before a transaction uses its first time in an ecosystem, it takes a lock
 * that says so: its tag carries the ecosystem and a reading t of the clock. The
 * times it uses are later than t. The lock is shared, so nobody ever waits for
 * it, and it goes with the transaction: survives PREPARE TRANSACTION and a
 * restart after it, and is released after the commit is visible to others.
 *
 * consistent_through() reads the clock, then looks at all locks. Let its answer
 * be T, just before the clock's reading c or the least t it sees. A statement
 * that is stored at or before T was written by a transaction that
 *
 *	- holds its lock now: then its t is among those seen, and its times are later
 *	  than t, so later than T;
 *	- has not got its lock yet: it will read the clock, after it got it, for a
 *	  time later than c, so later than T;
 *	- or has ended: then it is visible to every snapshot taken from now on, or
 *	  was rolled back.
 *
 * So T is right for snapshots taken after the call. The snapshot of a
 * transaction in repeatable read or serializable is older than any call in it,
 * and nothing tells which writers have ended since that snapshot: there T cannot
 * be known, and the call is refused. So it is on a standby, which has no locks
 * of the primary's writers.
 *
 * The clock of the machine must not be set back while statements are stored,
 * other than by slowing it down. One session's times rise even then.
 */
#include "ecosys.h"

#include "access/xact.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "record/record.h"

/*
 * The tag: database, schema, and the low 48 bits of t in microseconds. Of the
 * type that was kept for a module userlock which is no more, so that it is not
 * mixed up with anybody's advisory locks; it shows in pg_locks.
 */
#define TIME_BITS 48
#define TIME_MASK ((UINT64CONST(1) << TIME_BITS) - 1)

/* The ecosystems in which this transaction may store. */
typedef struct registration
{
	Oid			schema;
	struct registration *next;
} registration;

static registration *registrations = NULL;	/* in TopTransactionContext */
static TimestampTz last = 0;	/* the latest time used in this session */

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		registrations = NULL;
}

bool
ecosys_record_has_stored(Oid schema)
{
	for (registration *r = registrations; r != NULL; r = r->next)
	{
		if (r->schema == schema)
			return true;
	}
	return false;
}

static void
set_tag(LOCKTAG *tag, Oid schema, TimestampTz time)
{
	uint64		bits = (uint64) time & TIME_MASK;

	tag->locktag_field1 = MyDatabaseId;
	tag->locktag_field2 = schema;
	tag->locktag_field3 = (uint32) bits;
	tag->locktag_field4 = (uint16) (bits >> 32);
	tag->locktag_type = LOCKTAG_USERLOCK;
	tag->locktag_lockmethodid = USER_LOCKMETHOD;
}

/* The time in a tag: the one with these bits that is nearest to now. */
static TimestampTz
time_of_tag(const LOCKTAG *tag, TimestampTz now)
{
	uint64		bits = (uint64) tag->locktag_field4 << 32 | tag->locktag_field3;
	uint64		ago = ((uint64) now - bits) & TIME_MASK;

	return ago < (UINT64CONST(1) << (TIME_BITS - 1)) ? now - (TimestampTz) ago :
		now + (TimestampTz) ((UINT64CONST(1) << TIME_BITS) - ago);
}

static void
register_schema(Oid schema)
{
	static bool registered = false;
	registration *r;
	ResourceOwner owner = CurrentResourceOwner;
	TimestampTz now = GetCurrentTimestamp();
	LOCKTAG		tag;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		registered = true;
	}
	r = MemoryContextAlloc(TopTransactionContext, sizeof(registration));
	set_tag(&tag, schema, now);
	/* of the whole transaction, even if this subtransaction is rolled back; an error leaves the owner to the abort */
	CurrentResourceOwner = TopTransactionResourceOwner;
	(void) LockAcquire(&tag, ShareLock, false, false);
	CurrentResourceOwner = owner;
	last = Max(last, now);
	r->schema = schema;
	r->next = registrations;
	registrations = r;
}

TimestampTz
ecosys_record_times(Oid schema, int64 n)
{
	TimestampTz first;

	if (!ecosys_record_has_stored(schema))
		register_schema(schema);
	first = Max(GetCurrentTimestamp(), last + 1);
	last = first + n - 1;
	return first;
}

TimestampTz
ecosys_record_last_time(void)
{
	return last;
}

ECOSYS_FUNCTION(ecosys_consistent_through);
Datum
ecosys_consistent_through(PG_FUNCTION_ARGS)
{
	Oid			schema = PG_GETARG_OID(0);

	PG_RETURN_TIMESTAMPTZ(ecosys_record_consistent_through(schema));
}

TimestampTz
ecosys_record_consistent_through(Oid schema)
{
	TimestampTz now;
	TimestampTz least;
	LockData   *locks;

	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("up to when statements are complete cannot be told in this isolation level"),
				 errdetail("The snapshot of a transaction in repeatable read or serializable is older than any answer."),
				 errhint("Use a transaction in read committed.")));
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("up to when statements are complete cannot be told on a standby"),
				 errdetail("The transactions that are storing are known to the primary only."),
				 errhint("Ask the primary.")));
	now = least = GetCurrentTimestamp();
	locks = GetLockStatusData();
	for (int i = 0; i < locks->nelements; i++)
	{
		const LockInstanceData *lock = &locks->locks[i];

		if (lock->holdMask != 0 && lock->locktag.locktag_type == LOCKTAG_USERLOCK &&
			lock->locktag.locktag_field1 == MyDatabaseId && lock->locktag.locktag_field2 == schema)
			least = Min(least, time_of_tag(&lock->locktag, now));
	}
	pfree(locks->locks);
	pfree(locks);
	return least - 1;
}
