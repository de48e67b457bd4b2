/*
 * actor.h - the stored bytes of an ecosys.actor, and how C code makes one.
 *
 * An actor is an identity: one inverse functional identifier (IFI) and nothing
 * else. Names, and whether it was named as an Agent or a Group, do not belong
 * to it, so equal actors look alike. After the varlena header:
 *
 *	uint8	version		1
 *	bytes	the canonical IFI, see actor_key.h
 */
#ifndef ECOSYS_ACTOR_H
#define ECOSYS_ACTOR_H

#include "ecosys.h"

#include "actor/actor_key.h"
#include "lib/stringinfo.h"

#define ECOSYS_ACTOR_VERSION 1

/* The parts of an IFI, decoded; they point into the stored bytes. */
typedef struct ecosys_ifi
{
	ecosys_ifi_kind kind;
	const char *value;			/* address, digits, URI or homePage */
	size_t		value_length;
	const char *name;			/* of an account */
	size_t		name_length;
} ecosys_ifi;

/* The canonical bytes of an actor that is not toasted; proves them. */
extern const char *ecosys_actor_bytes(struct varlena *actor, size_t *length);

/* Prove canonical bytes and take them apart. */
extern bool ecosys_ifi_read(const char *canonical, size_t length, ecosys_ifi *ifi);

/* The actor of a valid Agent or Group object; NULL for an anonymous group. */
extern struct varlena *ecosys_actor_of_object(const char *object, size_t length);

/* Append the canonical JSON object. */
extern void ecosys_actor_print(struct varlena *actor, StringInfo out);

#endif							/* ECOSYS_ACTOR_H */
