/*
 * statement_verb.c - verbs of the published profiles, by number.
 *
 * Numbers are on disk: add at the end, change nothing else. Plain C.
 */
#include "statement/statement_verb.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash_key.h"

#define ADL "http://adlnet.gov/expapi/verbs/"
#define W3ID "https://w3id.org/xapi/adl/verbs/"
#define VIDEO "https://w3id.org/xapi/video/verbs/"
#define TINCAN "http://id.tincanapi.com/verb/"
#define STREAMS "http://activitystrea.ms/schema/1.0/"
#define DOD "https://w3id.org/xapi/dod-isd/verbs/"

static const char *const iris[] = {
	ADL "answered", ADL "asked", ADL "attempted", ADL "attended", ADL "commented", ADL "completed", ADL "exited",
	ADL "experienced", ADL "failed", ADL "imported", ADL "initialized", ADL "interacted", ADL "launched",
	ADL "mastered", ADL "passed", ADL "preferred", ADL "progressed", ADL "registered", ADL "responded",
	ADL "resumed", ADL "scored", ADL "shared", ADL "suspended", ADL "terminated", ADL "voided",
	W3ID "abandoned", W3ID "satisfied", W3ID "waived", W3ID "logged-in", W3ID "logged-out",
	VIDEO "played", VIDEO "paused", VIDEO "seeked", VIDEO "interacted", VIDEO "initialized", VIDEO "completed",
	VIDEO "terminated",
	TINCAN "viewed", TINCAN "downloaded", TINCAN "skipped", TINCAN "reviewed", TINCAN "rated", TINCAN "earned",
	TINCAN "evaluated", TINCAN "mentored", TINCAN "mentored-by", TINCAN "previewed", TINCAN "replied",
	TINCAN "selected", TINCAN "edited", TINCAN "hired", TINCAN "promoted", TINCAN "adjourned", TINCAN "applauded",
	TINCAN "focused", TINCAN "unfocused", TINCAN "bookmarked", TINCAN "called", TINCAN "closed-sale",
	TINCAN "created-opportunity", TINCAN "defined", TINCAN "disabled", TINCAN "discarded", TINCAN "enabled",
	TINCAN "expected", TINCAN "expired", TINCAN "laughed", TINCAN "paused", TINCAN "requested-attention",
	TINCAN "retweeted", TINCAN "talked-with", TINCAN "terminated-employment-with", TINCAN "tweeted",
	TINCAN "replied-to-tweet", TINCAN "voted-down", TINCAN "voted-up", TINCAN "enrolled-onto-learning-plan",
	"http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan", "http://www.tincanapi.co.uk/verbs/evaluated",
	STREAMS "join", STREAMS "leave", STREAMS "open", STREAMS "close", STREAMS "read", STREAMS "watch",
	STREAMS "submit", STREAMS "create", STREAMS "update", STREAMS "start", STREAMS "complete", STREAMS "share",
	STREAMS "save", STREAMS "search", STREAMS "like", STREAMS "follow", STREAMS "attend", STREAMS "host",
	STREAMS "access", STREAMS "add", STREAMS "accept", STREAMS "approve", STREAMS "assign", STREAMS "cancel",
	STREAMS "delete", STREAMS "deny", STREAMS "find", STREAMS "give", STREAMS "invite", STREAMS "listen",
	STREAMS "play", STREAMS "present", STREAMS "receive", STREAMS "reject", STREAMS "remove", STREAMS "request",
	STREAMS "send", STREAMS "tag", STREAMS "unfollow", STREAMS "unlike", STREAMS "unsave", STREAMS "use",
	STREAMS "win",
	DOD "accepted", DOD "assessed", DOD "assigned", DOD "certified", DOD "demonstrated", DOD "practiced",
	DOD "trained", DOD "verified", DOD "studied", DOD "used",
	"https://w3id.org/xapi/acrossx/verbs/accessed", "https://w3id.org/xapi/acrossx/verbs/posted",
	"https://w3id.org/xapi/acrossx/verbs/edited", "https://w3id.org/xapi/acrossx/verbs/liked",
	"https://w3id.org/xapi/acrossx/verbs/watched", "https://w3id.org/xapi/acrossx/verbs/searched",
	"https://w3id.org/xapi/openedx/verb/accepted", "https://w3id.org/xapi/openedx/verb/voted",
	"https://brindlewaye.com/xAPITerms/verbs/loggedin/", "https://brindlewaye.com/xAPITerms/verbs/loggedout/",
	"http://h5p.org/x-api/interacted", "http://curatr3.com/define/verb/voted-down",
	"http://curatr3.com/define/verb/voted-up",
};

#define N_LISTED ((int) (sizeof(iris) / sizeof(iris[0])))
#define ROW_BITS 10

static int64_t keys[N_LISTED];
static uint8_t rows[1 << ROW_BITS];	/* by the lowest bits of the key: number + 1 */
static bool ready;

static void
prepare(void)
{
	for (int i = 0; i < N_LISTED; i++)
	{
		uint32_t	row;

		keys[i] = ecosys_hash_key(ECOSYS_KEY_VERB, iris[i], strlen(iris[i]));
		row = (uint32_t) keys[i];
		while (rows[row & ((1 << ROW_BITS) - 1)] != 0)
			row++;
		rows[row & ((1 << ROW_BITS) - 1)] = (uint8_t) (i + 1);
	}
	ready = true;
}

int
ecosys_verb_number(int64_t key)
{
	if (!ready)
		prepare();
	for (uint32_t row = (uint32_t) key; rows[row & ((1 << ROW_BITS) - 1)] != 0; row++)
	{
		int			number = rows[row & ((1 << ROW_BITS) - 1)] - 1;

		if (keys[number] == key)
			return number;
	}
	return -1;
}

int
ecosys_verbs_listed(void)
{
	return N_LISTED;
}

int64_t
ecosys_verb_listed_key(int number)
{
	if (!ready)
		prepare();
	return keys[number];
}
