/*
 * record_turn.c - short exclusive rights of a session.
 *
 * A turn for a statement id: between looking an id up and having its row in the
 * primary key's index, another session could do the same and then fail on that
 * index, although xAPI wants the same statement, sent twice, to be accepted
 * twice. So a session takes a turn for the id, held from the look-up until its
 * next statement's turn or the end of the SQL statement, when the row is in the
 * index for others to see.
 *
 * A turn for the names of an ecosystem: held while the end of an SQL statement
 * looks names up and writes those that are new (record_settle.c).
 *
 * A session holds one turn at most and waits for no transaction while it holds
 * one (for an id, it gives the turn back first), so turns take no part in
 * deadlocks.
 */
#include "ecosys.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/rel.h"

#include "base/hash_key.h"
#include "record/record.h"

/* Advisory locks of users have 1 or 2 here. */
#define ID_TURN_CLASS 7
#define NAMES_TURN_CLASS 8

static LOCKTAG turn;
static SubTransactionId turn_subid = InvalidSubTransactionId;	/* valid: a turn is held, or asked for */

static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE || event == XACT_EVENT_ABORT)
		ecosys_record_end_turn();
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId subid, SubTransactionId parent, void *arg)
{
	if (turn_subid == InvalidSubTransactionId || turn_subid < subid)
		return;
	if (event == SUBXACT_EVENT_ABORT_SUB || event == SUBXACT_EVENT_PRE_COMMIT_SUB)
		ecosys_record_end_turn();
}

static void
take(uint32 high, uint32 low, uint16 class)
{
	static bool registered = false;

	if (!registered)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		registered = true;
	}
	ecosys_record_end_turn();
	SET_LOCKTAG_ADVISORY(turn, MyDatabaseId, high, low, class);
	/*
	 * A cancel may come when the lock was granted already, and then LockAcquire
	 * raises it with the lock held: so the turn is ours to end from here on.
	 */
	turn_subid = GetCurrentSubTransactionId();
	/* of the session, not the transaction: to be given back under whatever resource owner, as in a trigger's subtransaction */
	(void) LockAcquire(&turn, ExclusiveLock, true, false);
}

void
ecosys_record_take_turn(Relation statements, const uint8 *id)
{
	uint64		hash = XXH64(id, 16, 0);

	take((uint32) (hash >> 32) ^ RelationGetNamespace(statements), (uint32) hash, ID_TURN_CLASS);
}

void
ecosys_record_take_names_turn(Oid schema)
{
	take(schema, 0, NAMES_TURN_CLASS);
}

void
ecosys_record_end_turn(void)
{
	if (turn_subid != InvalidSubTransactionId)
	{
		turn_subid = InvalidSubTransactionId;
		if (ecosys_lock_held_by_me(&turn, ExclusiveLock))
			(void) LockRelease(&turn, ExclusiveLock, true);
	}
}
