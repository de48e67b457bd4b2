/*
 * record_define.c - statements that name activities and actors but may not
 * say what they are (a client without xAPI's scope `define`).
 *
 * record_request says so for the subtransaction it runs in, which is that
 * of one request; nothing has to be taken back, whichever way it ends.
 */
#include "ecosys.h"

#include "access/xact.h"
#include "utils/timestamp.h"

#include "record/record.h"

static SubTransactionId undefining_subid = InvalidSubTransactionId;
static TimestampTz undefining_start;	/* of the transaction: ids of subtransactions start anew in each */

void
ecosys_record_undefine(void)
{
	undefining_subid = GetCurrentSubTransactionId();
	undefining_start = GetCurrentTransactionStartTimestamp();
}

bool
ecosys_record_may_define(void)
{
	return undefining_subid == InvalidSubTransactionId || undefining_subid != GetCurrentSubTransactionId() ||
		undefining_start != GetCurrentTransactionStartTimestamp();
}
