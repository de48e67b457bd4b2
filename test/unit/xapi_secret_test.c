/*
 * xapi_secret_test.c - hashes against those of others, verifiers read and printed.
 */
#include "check.h"

#include "xapi/xapi_secret.h"

static int	asked;

static bool
stop_at_once(void)
{
	asked++;
	return true;
}

static bool
hash_is(const char *secret, const char *verifier)
{
	ecosys_secret_verifier v;
	uint8_t		hash[ECOSYS_SECRET_HASH_SIZE];

	return ecosys_secret_verifier_read(verifier, strlen(verifier), &v) &&
		ecosys_secret_hash(secret, strlen(secret), &v, hash, NULL) &&
		ecosys_secret_equal(hash, v.hash, sizeof(hash));
}

int
main(void)
{
	/* computed with Python's hashlib: sha256(salt + secret), pbkdf2_hmac('sha256', ...) */
	static const char *const plain = "sha256$000102030405060708090a0b0c0d0e0f$67557c0d86179c45199f096d85b7aeb2b8b34bf423c403ba517f72bcc5913c4c";
	static const char *const slow = "pbkdf2-sha256$4096$000102030405060708090a0b0c0d0e0f$53d93afc94b1e0dc86f60601ea1d03dbf7330e4c0ab5706527f9101d8dcaec29";
	static const char *const one = "pbkdf2-sha256$1$000102030405060708090a0b0c0d0e0f$c6b7413bebb763bda962e5d94e24327e07d4daa9e97c14ea4126ba4b7ccb0d16";
	static const char *const long_secret = "pbkdf2-sha256$2$000102030405060708090a0b0c0d0e0f$0540c799a9b997cc83d5cf5ae32e6fd696d433de14637f3dd1769d71e5d3d995";
	ecosys_secret_verifier v;
	char		printed[ECOSYS_SECRET_VERIFIER_SIZE];
	char		many[201];
	uint8_t		hash[ECOSYS_SECRET_HASH_SIZE];
	uint8_t		other[ECOSYS_SECRET_HASH_SIZE];

	memset(many, 'x', 200);
	many[200] = '\0';
	CHECK(hash_is("secret", plain));
	CHECK(!hash_is("Secret", plain));
	CHECK(hash_is("secret", slow));
	CHECK(!hash_is("secres", slow));
	CHECK(hash_is("", one));
	CHECK(hash_is(many, long_secret));

	CHECK(ecosys_secret_verifier_read(slow, strlen(slow), &v) && v.rounds == 4096);
	CHECK(ecosys_secret_verifier_print(&v, printed) == strlen(slow) && strcmp(printed, slow) == 0);
	CHECK(ecosys_secret_verifier_read(plain, strlen(plain), &v) && v.rounds == 0);
	CHECK(ecosys_secret_verifier_print(&v, printed) == strlen(plain) && strcmp(printed, plain) == 0);
	v.rounds = ECOSYS_SECRET_MAX_ROUNDS;
	CHECK(ecosys_secret_verifier_print(&v, printed) < sizeof(printed));

	/* no prefix of a verifier is one, and one byte more is none */
	for (size_t length = 0; length < strlen(slow); length++)
	{
		char	   *copy = exact_copy(slow, length);

		CHECK(!ecosys_secret_verifier_read(copy, length, &v));
		free(copy);
	}
	CHECK(!ecosys_secret_verifier_read("pbkdf2-sha256$99999999999999999999$", 35, &v));

	/* a slow hash can be stopped */
	CHECK(ecosys_secret_verifier_read(slow, strlen(slow), &v));
	CHECK(!ecosys_secret_hash("secret", 6, &v, hash, stop_at_once) && asked == 1);

	/* tags: equal for equal, different for any difference */
	CHECK(ecosys_secret_tag((const uint8_t *) "key", 3, "v", 1, "s", 1, hash) && ecosys_secret_tag((const uint8_t *) "key", 3, "v", 1, "s", 1, other) &&
		  ecosys_secret_equal(hash, other, sizeof(hash)));
	CHECK(ecosys_secret_tag((const uint8_t *) "kez", 3, "v", 1, "s", 1, other) && !ecosys_secret_equal(hash, other, sizeof(hash)));
	CHECK(ecosys_secret_tag((const uint8_t *) "key", 3, "v", 1, "t", 1, other) && !ecosys_secret_equal(hash, other, sizeof(hash)));
	CHECK(ecosys_secret_tag((const uint8_t *) "key", 3, "w", 1, "s", 1, other) && !ecosys_secret_equal(hash, other, sizeof(hash)));
	return report("xapi_secret");
}
