/*
 * hash_key.h - the 64-bit keys by which statements name actors, verbs,
 * activities and sets of them.
 *
 * A key is computed from the statement alone, so nobody looks anything up in
 * order to write, and every shard and replica agrees. XXH64 is frozen and
 * gives the same value on every machine; the seed keeps the kinds apart. Keys
 * are on disk: never change this. A collision is found where the dictionaries
 * are filled, and refused there.
 */
#ifndef ECOSYS_HASH_KEY_H
#define ECOSYS_HASH_KEY_H

#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

typedef enum ecosys_key_kind
{
	ECOSYS_KEY_ACTOR = 1,		/* canonical IFI, see actor/actor_key.h */
	ECOSYS_KEY_VERB = 2,		/* IRI */
	ECOSYS_KEY_ACTIVITY = 3,	/* IRI */
	ECOSYS_KEY_STATEMENT = 4,	/* 16 bytes of UUID: the object of a StatementRef */
	ECOSYS_KEY_SUBSTATEMENT = 5,	/* keys of its actor, verb, object, 8 bytes each, little-endian */
	ECOSYS_KEY_ANONYMOUS_GROUP = 6, /* sorted distinct keys of its members, 8 bytes each, as above */
	ECOSYS_KEY_ACTIVITY_SET = 7,	/* sorted distinct keys, as above */
	ECOSYS_KEY_ACTOR_SET = 8
} ecosys_key_kind;

static inline int64_t
ecosys_hash_key(ecosys_key_kind kind, const void *bytes, size_t length)
{
	return (int64_t) XXH64(bytes, length, (XXH64_hash_t) kind);
}

#endif							/* ECOSYS_HASH_KEY_H */
