/*
 * member_sets.h - which sets of activities or agents have a certain member.
 */
#ifndef ECOSYS_MEMBER_SETS_H
#define ECOSYS_MEMBER_SETS_H

#include "ecosys.h"

#include "utils/hsearch.h"

#include "query/row_lookup.h"

typedef enum ecosys_set_kind
{
	ECOSYS_SETS_OF_AGENTS,
	ECOSYS_SETS_OF_ACTIVITIES
} ecosys_set_kind;

typedef struct ecosys_member_sets
{
	ecosys_set_kind kind;
	const char *schema;			/* of the ecosystem, quoted */
	int64		member;
	ecosys_row_lookup by_key;	/* of settled sets */
	AttrNumber	members;
	HTAB	   *known;			/* what was found out */
	bool		all_known;		/* a set that is not in it does not have the member */
} ecosys_member_sets;

/* settled, key_index: the table of settled sets and its index on key. */
extern void ecosys_member_sets_open(ecosys_member_sets *sets, ecosys_set_kind kind, const char *schema,
									int64 member, Relation settled, Oid key_index, Snapshot snapshot);

/* Does the set of this key have the member? */
extern bool ecosys_member_sets_has(ecosys_member_sets *sets, int64 key);

/* Keys of the sets with the member, at most `limit`; a key may come twice. */
extern int64 *ecosys_member_sets_keys(ecosys_member_sets *sets, int64 limit, int64 *n);

/* These are all there are. */
extern void ecosys_member_sets_know(ecosys_member_sets *sets, const int64 *keys, int64 n);

extern void ecosys_member_sets_close(ecosys_member_sets *sets);

#endif							/* ECOSYS_MEMBER_SETS_H */
