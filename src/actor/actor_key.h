/*
 * actor_key.h - the canonical bytes of an inverse functional identifier (IFI),
 * and the key of an actor made of them.
 *
 * The canonical bytes are the property's name, 0x1f, and
 *		mbox			"mailto:" local part as it is "@" domain in lower case (ASCII letters)
 *		mbox_sha1sum	the digits in lower case
 *		openid			the URI as it is
 *		account			homePage as it is, 0x1f, name as it is
 * No IRI holds a 0x1f, so different IFIs have different bytes. Keys are on
 * disk: never change any of this. Inputs are decoded strings that have passed
 * the statement parser, or the same from elsewhere (an HR table).
 */
#ifndef ECOSYS_ACTOR_KEY_H
#define ECOSYS_ACTOR_KEY_H

#include <stddef.h>
#include <stdint.h>

typedef enum ecosys_ifi_kind
{
	ECOSYS_IFI_MBOX,
	ECOSYS_IFI_MBOX_SHA1SUM,
	ECOSYS_IFI_OPENID,
	ECOSYS_IFI_ACCOUNT
} ecosys_ifi_kind;

/* Room that the canonical bytes need beyond those of the value (or both values). */
#define ECOSYS_IFI_OVERHEAD 24

/*
 * Write the canonical bytes to result and return their number. `name` is the
 * account's name and only read for an account; a mail address may come with or
 * without "mailto:".
 */
extern size_t ecosys_actor_canonical(ecosys_ifi_kind kind, const char *value, size_t value_length,
									 const char *name, size_t name_length, char *result);

/* Keys without a buffer. */
extern int64_t ecosys_actor_key_mbox(const char *address, size_t length);
extern int64_t ecosys_actor_key_mbox_sha1sum(const char *digits, size_t length);
extern int64_t ecosys_actor_key_openid(const char *uri, size_t length);
extern int64_t ecosys_actor_key_account(const char *home_page, size_t home_page_length,
										const char *name, size_t name_length);

#endif							/* ECOSYS_ACTOR_KEY_H */
