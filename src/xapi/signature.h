/*
 * signature.h - the signature of a signed statement: a JSON Web Signature
 * (RFC 7515) in compact form, by RS256, RS384 or RS512.
 *
 * Nothing of the message chooses how it is checked beyond these three (RFC
 * 8725): no other algorithm, no critical header, no key by address or in the
 * header but that of the first certificate of x5c. Every size is bounded
 * before anything is computed. Plain C over OpenSSL 3; never raises, so that
 * what OpenSSL has allocated is always freed.
 */
#ifndef ECOSYS_SIGNATURE_H
#define ECOSYS_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#define ECOSYS_SIGNATURE_MAX_CERTIFICATES 10
#define ECOSYS_SIGNATURE_MAX_HEADER (64 * 1024)	/* bytes, with the certificates */
#define ECOSYS_SIGNATURE_MIN_KEY 1024	/* bits; the example in the xAPI 1.0.3 text has this many */
#define ECOSYS_SIGNATURE_MAX_KEY 8192

typedef enum ecosys_signature_verdict
{
	ECOSYS_SIGNATURE_BAD,		/* with a fault */
	ECOSYS_SIGNATURE_UNPROVED,	/* well-formed, but it brings no certificate to check it with */
	ECOSYS_SIGNATURE_PROVED		/* made with the key of its first certificate */
} ecosys_signature_verdict;

typedef struct ecosys_signature_memory
{
	void	   *(*allocate) (size_t size);	/* may return NULL */
	void		(*release) (void *pointer);
} ecosys_signature_memory;

/*
 * Check a signature; *payload becomes what it signs, from memory->allocate, and
 * is the caller's to release, unless the verdict is bad. *fault is a constant,
 * lower case, no full stop.
 */
extern ecosys_signature_verdict ecosys_signature_check(const char *signature, size_t length,
													   const ecosys_signature_memory *memory,
													   char **payload, size_t *payload_length,
													   const char **fault);

/*
 * base64url without padding (RFC 7515, 2), or base64 with it (RFC 4648, 4).
 * result has room for length / 4 * 3 + 2 bytes. False for anything that an
 * encoder would not write: other characters, blanks, stray bits.
 */
extern bool ecosys_base64_decode(const char *text, size_t length, bool url, unsigned char *result,
								 size_t *result_length);

#endif							/* ECOSYS_SIGNATURE_H */
