/*
 * xapi_secret.c - the hashes of xapi_secret.h.
 *
 * PBKDF2 is written out over OpenSSL's SHA-256 rather than called, because
 * OpenSSL's own cannot be stopped, and 600,000 rounds take a few tenths of a
 * second.
 */
#include "xapi/xapi_secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"

#define BLOCK 64				/* of SHA-256, in bytes */

#define PLAIN_PREFIX "sha256$"
#define SLOW_PREFIX "pbkdf2-sha256$"

static bool
read_hex(const char *text, size_t length, uint8_t *bytes, size_t size)
{
	if (length != 2 * size || !ecosys_is_hex(text, length))
		return false;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t) (ecosys_hex_value(text[2 * i]) << 4 | ecosys_hex_value(text[2 * i + 1]));
	return true;
}

static char *
print_hex(const uint8_t *bytes, size_t size, char *out)
{
	for (size_t i = 0; i < size; i++)
		out += sprintf(out, "%02x", bytes[i]);
	return out;
}

bool
ecosys_secret_verifier_read(const char *text, size_t length, ecosys_secret_verifier *verifier)
{
	const char *at = text;
	const char *end = text + length;

	memset(verifier, 0, sizeof(*verifier));
	if (length > strlen(SLOW_PREFIX) && memcmp(text, SLOW_PREFIX, strlen(SLOW_PREFIX)) == 0)
	{
		at += strlen(SLOW_PREFIX);
		while (at < end && *at >= '0' && *at <= '9' && verifier->rounds <= ECOSYS_SECRET_MAX_ROUNDS)
			verifier->rounds = verifier->rounds * 10 + (uint32_t) (*at++ - '0');
		if (verifier->rounds < 1 || verifier->rounds > ECOSYS_SECRET_MAX_ROUNDS || at == end || *at++ != '$')
			return false;
	}
	else if (length > strlen(PLAIN_PREFIX) && memcmp(text, PLAIN_PREFIX, strlen(PLAIN_PREFIX)) == 0)
		at += strlen(PLAIN_PREFIX);
	else
		return false;
	return end - at == 2 * ECOSYS_SECRET_SALT_SIZE + 1 + 2 * ECOSYS_SECRET_HASH_SIZE &&
		at[2 * ECOSYS_SECRET_SALT_SIZE] == '$' &&
		read_hex(at, 2 * ECOSYS_SECRET_SALT_SIZE, verifier->salt, ECOSYS_SECRET_SALT_SIZE) &&
		read_hex(at + 2 * ECOSYS_SECRET_SALT_SIZE + 1, 2 * ECOSYS_SECRET_HASH_SIZE, verifier->hash,
				 ECOSYS_SECRET_HASH_SIZE);
}

size_t
ecosys_secret_verifier_print(const ecosys_secret_verifier *verifier, char *text)
{
	char	   *out = text;

	if (verifier->rounds > 0)
		out += sprintf(out, SLOW_PREFIX "%u$", verifier->rounds);
	else
		out += sprintf(out, PLAIN_PREFIX);
	out = print_hex(verifier->salt, ECOSYS_SECRET_SALT_SIZE, out);
	*out++ = '$';
	out = print_hex(verifier->hash, ECOSYS_SECRET_HASH_SIZE, out);
	*out = '\0';
	return (size_t) (out - text);
}

/* HMAC-SHA256 whose key is hashed once: inner and outer stand after their first block. */
typedef struct hmac
{
	EVP_MD_CTX *inner;
	EVP_MD_CTX *outer;
	EVP_MD_CTX *work;
} hmac;

static void
hmac_free(hmac *h)
{
	EVP_MD_CTX_free(h->inner);
	EVP_MD_CTX_free(h->outer);
	EVP_MD_CTX_free(h->work);
}

static bool
hmac_open(hmac *h, const uint8_t *key, size_t size)
{
	uint8_t		pad[BLOCK] = {0};
	unsigned int n;
	bool		ok;

	h->inner = EVP_MD_CTX_new();
	h->outer = EVP_MD_CTX_new();
	h->work = EVP_MD_CTX_new();
	ok = h->inner != NULL && h->outer != NULL && h->work != NULL;
	if (ok && size > BLOCK)
		ok = EVP_Digest(key, size, pad, &n, EVP_sha256(), NULL) == 1;
	else if (size > 0)
		memcpy(pad, key, size <= BLOCK ? size : BLOCK);
	for (int i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36;
	ok = ok && EVP_DigestInit_ex(h->inner, EVP_sha256(), NULL) == 1 &&
		EVP_DigestUpdate(h->inner, pad, BLOCK) == 1;
	for (int i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	ok = ok && EVP_DigestInit_ex(h->outer, EVP_sha256(), NULL) == 1 &&
		EVP_DigestUpdate(h->outer, pad, BLOCK) == 1;
	OPENSSL_cleanse(pad, sizeof(pad));
	return ok;
}

/* Of a followed by b, which may be empty. */
static bool
hmac_of(hmac *h, const void *a, size_t a_size, const void *b, size_t b_size, uint8_t *result)
{
	return EVP_MD_CTX_copy_ex(h->work, h->inner) == 1 &&
		EVP_DigestUpdate(h->work, a, a_size) == 1 &&
		(b_size == 0 || EVP_DigestUpdate(h->work, b, b_size) == 1) &&
		EVP_DigestFinal_ex(h->work, result, NULL) == 1 &&
		EVP_MD_CTX_copy_ex(h->work, h->outer) == 1 &&
		EVP_DigestUpdate(h->work, result, ECOSYS_SECRET_HASH_SIZE) == 1 &&
		EVP_DigestFinal_ex(h->work, result, NULL) == 1;
}

bool
ecosys_secret_hash(const char *secret, size_t length, const ecosys_secret_verifier *verifier,
				   uint8_t *hash, bool (*stop) (void))
{
	static const uint8_t first_block[4] = {0, 0, 0, 1};
	uint8_t		chain[ECOSYS_SECRET_HASH_SIZE];
	hmac		h;
	bool		ok;

	if (verifier->rounds == 0)
	{
		EVP_MD_CTX *context = EVP_MD_CTX_new();

		ok = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
			EVP_DigestUpdate(context, verifier->salt, ECOSYS_SECRET_SALT_SIZE) == 1 &&
			EVP_DigestUpdate(context, secret, length) == 1 &&
			EVP_DigestFinal_ex(context, hash, NULL) == 1;
		EVP_MD_CTX_free(context);
		return ok;
	}

	/* RFC 8018, 5.2: one block of output is all that is asked for */
	ok = hmac_open(&h, (const uint8_t *) secret, length) &&
		hmac_of(&h, verifier->salt, ECOSYS_SECRET_SALT_SIZE, first_block, sizeof(first_block), chain);
	if (ok)
		memcpy(hash, chain, sizeof(chain));
	for (uint32_t round = 1; ok && round < verifier->rounds; round++)
	{
		ok = hmac_of(&h, chain, sizeof(chain), NULL, 0, chain);
		for (size_t i = 0; i < sizeof(chain); i++)
			hash[i] ^= chain[i];
		if (round % 1000 == 0 && stop != NULL && stop())
			ok = false;
	}
	hmac_free(&h);
	OPENSSL_cleanse(chain, sizeof(chain));
	return ok;
}

bool
ecosys_secret_equal(const uint8_t *a, const uint8_t *b, size_t size)
{
	return CRYPTO_memcmp(a, b, size) == 0;
}

bool
ecosys_secret_tag(const uint8_t *key, size_t key_size, const char *verifier, size_t verifier_length,
				  const char *secret, size_t secret_length, uint8_t *tag)
{
	hmac		h;
	bool		ok;

	/* verifiers end in a hash of fixed length, so where the secret begins is no question */
	ok = hmac_open(&h, key, key_size) && hmac_of(&h, verifier, verifier_length, secret, secret_length, tag);
	hmac_free(&h);
	return ok;
}
