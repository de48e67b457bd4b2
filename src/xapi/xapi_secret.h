/*
 * xapi_secret.h - secrets of HTTP clients: how they are kept and compared.
 *
 * Plain C over OpenSSL. What is kept is a verifier:
 *
 *	sha256$SALT$HASH				of a generated secret: 256 random bits need no slow hash
 *	pbkdf2-sha256$ROUNDS$SALT$HASH	of a secret that a person chose
 *
 * SALT and HASH in hexadecimal, 16 and 32 bytes.
 */
#ifndef ECOSYS_XAPI_SECRET_H
#define ECOSYS_XAPI_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* OWASP, Password Storage Cheat Sheet (2023): PBKDF2-HMAC-SHA256 with 600,000 rounds. */
#define ECOSYS_SECRET_ROUNDS 600000
#define ECOSYS_SECRET_MAX_ROUNDS 10000000

#define ECOSYS_SECRET_SALT_SIZE 16
#define ECOSYS_SECRET_HASH_SIZE 32

/* Longest verifier, with its zero byte. */
#define ECOSYS_SECRET_VERIFIER_SIZE 128

typedef struct ecosys_secret_verifier
{
	uint32_t	rounds;			/* of PBKDF2; 0: plain salted SHA-256 */
	uint8_t		salt[ECOSYS_SECRET_SALT_SIZE];
	uint8_t		hash[ECOSYS_SECRET_HASH_SIZE];
} ecosys_secret_verifier;

/* False: not a verifier. */
extern bool ecosys_secret_verifier_read(const char *text, size_t length, ecosys_secret_verifier *verifier);

/* Returns the length. */
extern size_t ecosys_secret_verifier_print(const ecosys_secret_verifier *verifier, char *text);

/*
 * The hash of a secret with the verifier's rounds and salt. stop (may be NULL) is
 * asked every thousand rounds; once it says true, or when OpenSSL fails, the
 * result is false.
 */
extern bool ecosys_secret_hash(const char *secret, size_t length, const ecosys_secret_verifier *verifier,
							   uint8_t *hash, bool (*stop) (void));

/* In a time that does not depend on the bytes. */
extern bool ecosys_secret_equal(const uint8_t *a, const uint8_t *b, size_t size);

/* HMAC-SHA256 of a verifier's text and a secret: what a successful check is remembered by. */
extern bool ecosys_secret_tag(const uint8_t *key, size_t key_size, const char *verifier, size_t verifier_length,
							  const char *secret, size_t secret_length, uint8_t *tag);

#endif							/* ECOSYS_XAPI_SECRET_H */
