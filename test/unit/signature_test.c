/*
 * signature_test.c - signatures made here, with keys made here: good ones are
 * proved, forged ones refused, each kind of forgery many times over.
 */
#include "check.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "xapi/signature.h"

#define PAYLOAD "{\"actor\":{\"mbox\":\"mailto:ana@example.com\"},\"verb\":{\"id\":\"http://v\"},\"object\":{\"id\":\"http://o\"}}"

static uint64_t random_state = 88172645463325252;

static uint32_t
random_below(uint32_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t) (random_state >> 32) % n;
}

static int	allocations_left = -1;

static void *
allocate(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	return malloc(size);
}

static const ecosys_signature_memory memory = {allocate, free};

/* ---- making signatures ---- */

static char *
base64(const unsigned char *bytes, size_t length, bool url)
{
	char	   *text = malloc(length / 3 * 4 + 8);
	int			size = EVP_EncodeBlock((unsigned char *) text, bytes, (int) length);

	if (url)
	{
		for (char *at = text; *at != '\0'; at++)
			*at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
		while (size > 0 && text[size - 1] == '=')
			text[--size] = '\0';
	}
	return text;
}

/* A certificate of a key, signed by another; in base64. */
static char *
certificate_of(EVP_PKEY *key, EVP_PKEY *signer)
{
	X509	   *certificate = X509_new();
	unsigned char *der = NULL;
	int			length;
	char	   *text;

	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, (const unsigned char *) "test", -1, -1, 0);
	X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
	X509_set_pubkey(certificate, key);
	if (X509_sign(certificate, signer, EVP_sha256()) == 0)
		abort();
	length = i2d_X509(certificate, &der);
	text = base64(der, (size_t) length, false);
	OPENSSL_free(der);
	X509_free(certificate);
	return text;
}

static char *
format(const char *pattern, const char *a, const char *b)
{
	size_t		size = strlen(pattern) + strlen(a) + strlen(b) + 1;
	char	   *text = malloc(size);

	snprintf(text, size, pattern, a, b);
	return text;
}

/* The first two words, "header.payload". */
static char *
signing_input(const char *header, const char *payload)
{
	char	   *a = base64((const unsigned char *) header, strlen(header), true);
	char	   *b = base64((const unsigned char *) payload, strlen(payload), true);
	char	   *text = format("%s.%s", a, b);

	free(a);
	free(b);
	return text;
}

static char *
sign(const char *header, const char *payload, EVP_PKEY *key, const EVP_MD *digest)
{
	char	   *input = signing_input(header, payload);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[2048];
	size_t		length = sizeof(signature);
	char	   *word;
	char	   *text;

	if (EVP_DigestSignInit(context, NULL, digest, NULL, key) != 1 ||
		EVP_DigestSign(context, signature, &length, (const unsigned char *) input, strlen(input)) != 1)
		abort();
	EVP_MD_CTX_free(context);
	word = base64(signature, length, true);
	text = format("%s.%s", input, word);
	free(input);
	free(word);
	return text;
}

/* ---- checking ---- */

static ecosys_signature_verdict
verdict_of(const char *signature, size_t length, const char **fault)
{
	char	   *copy = exact_copy(signature, length);
	char	   *payload;
	size_t		payload_length;
	ecosys_signature_verdict verdict = ecosys_signature_check(copy, length, &memory, &payload, &payload_length, fault);

	CHECK((verdict == ECOSYS_SIGNATURE_BAD) == (*fault != NULL));
	CHECK((verdict == ECOSYS_SIGNATURE_BAD) == (payload == NULL));
	free(payload);
	free(copy);
	return verdict;
}

static int	n_forged;
static int	n_accepted;

/* Takes what sign() made; wanted may be NULL for any fault. */
static void
forged(int line, char *signature, const char *wanted)
{
	const char *fault;

	n_forged++;
	if (verdict_of(signature, strlen(signature), &fault) != ECOSYS_SIGNATURE_BAD)
	{
		n_accepted++;
		check(false, __FILE__, line, "a forged signature was accepted");
	}
	else
		check(wanted == NULL || strstr(fault, wanted) != NULL, __FILE__, line, "found %s, expected %s", fault, wanted);
	free(signature);
}

#define FORGED(signature, wanted) forged(__LINE__, signature, wanted)

static EVP_PKEY *key;
static EVP_PKEY *other_key;
static char *certificate;
static char *other_certificate;

static void
test_good(void)
{
	static const struct
	{
		const char *name;
		const EVP_MD *(*digest) (void);
	}			algorithms[] = {{"RS256", EVP_sha256}, {"RS384", EVP_sha384}, {"RS512", EVP_sha512}};

	for (int i = 0; i < 3; i++)
	{
		for (int with_certificate = 0; with_certificate < 2; with_certificate++)
		{
			char	   *header = with_certificate ? format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", algorithms[i].name, certificate) :
				format("{\"alg\":\"%s\"%s}", algorithms[i].name, "");
			char	   *signature = sign(header, PAYLOAD, key, algorithms[i].digest());
			char	   *payload;
			size_t		length;
			const char *fault;

			CHECK(ecosys_signature_check(signature, strlen(signature), &memory, &payload, &length, &fault) ==
				  (with_certificate ? ECOSYS_SIGNATURE_PROVED : ECOSYS_SIGNATURE_UNPROVED));
			CHECK(payload != NULL && length == strlen(PAYLOAD) && memcmp(payload, PAYLOAD, length) == 0);
			free(payload);
			free(signature);
			free(header);
		}
	}
}

/* Keys of the sizes allowed, and beyond. */
static void
test_key_sizes(void)
{
	static const int bits[] = {512, 1016, 1024, 4096};

	for (int i = 0; i < 4; i++)
	{
		EVP_PKEY   *sized = EVP_RSA_gen((unsigned int) bits[i]);
		char	   *its_certificate = certificate_of(sized, sized);
		char	   *header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", its_certificate);
		char	   *signature = sign(header, PAYLOAD, sized, EVP_sha256());
		const char *fault;

		if (bits[i] < 1024)
			FORGED(signature, "less than 1,024 bits");
		else
		{
			CHECK(verdict_of(signature, strlen(signature), &fault) == ECOSYS_SIGNATURE_PROVED);
			free(signature);
		}
		free(header);
		free(its_certificate);
		EVP_PKEY_free(sized);
	}
}

/* A public key of any modulus and exponent. */
static EVP_PKEY *
public_key(const BIGNUM *modulus, const BIGNUM *exponent)
{
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *parameters;
	EVP_PKEY   *result = NULL;

	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
	parameters = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_fromdata_init(context);
	if (EVP_PKEY_fromdata(context, &result, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
		abort();
	OSSL_PARAM_free(parameters);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	return result;
}

/* Keys that anybody can sign with, that cost too much, or are none of RSA. */
static void
test_odd_keys(void)
{
	BIGNUM	   *modulus = NULL;
	BIGNUM	   *exponent = BN_new();
	EVP_PKEY   *elliptic = EVP_EC_gen("P-256");
	char	   *its_certificate;
	char	   *header;
	char	   *input;

	/* exponent 1: the signature is the padded digest, which anybody can write down */
	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus);
	BN_one(exponent);
	{
		static const unsigned char prefix[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
		unsigned char padded[256];
		unsigned int digest_length = 0;
		EVP_PKEY   *open_key = public_key(modulus, exponent);
		char	   *word;

		its_certificate = certificate_of(open_key, other_key);
		header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", its_certificate);
		input = signing_input(header, PAYLOAD);
		memset(padded, 0xff, sizeof(padded));
		padded[0] = 0;
		padded[1] = 1;
		padded[sizeof(padded) - 32 - sizeof(prefix) - 1] = 0;
		memcpy(padded + sizeof(padded) - 32 - sizeof(prefix), prefix, sizeof(prefix));
		EVP_Digest(input, strlen(input), padded + sizeof(padded) - 32, &digest_length, EVP_sha256(), NULL);
		word = base64(padded, sizeof(padded), true);
		FORGED(format("%s.%s", input, word), "exponent");
		free(word);
		free(input);
		free(header);
		free(its_certificate);
		EVP_PKEY_free(open_key);
	}
	/* an exponent as long as the modulus */
	{
		EVP_PKEY   *slow_key;

		BN_sub(exponent, modulus, BN_value_one());
		BN_sub(exponent, exponent, BN_value_one());
		slow_key = public_key(modulus, exponent);
		its_certificate = certificate_of(slow_key, other_key);
		header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", its_certificate);
		FORGED(sign(header, PAYLOAD, key, EVP_sha256()), "exponent");
		free(header);
		free(its_certificate);
		EVP_PKEY_free(slow_key);
	}
	/* a modulus of 16,384 bits: refused before it is computed with */
	{
		EVP_PKEY   *long_key;

		BN_one(modulus);
		BN_lshift(modulus, modulus, 16383);
		BN_add_word(modulus, 1);
		BN_set_word(exponent, 65537);
		long_key = public_key(modulus, exponent);
		its_certificate = certificate_of(long_key, other_key);
		header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", its_certificate);
		FORGED(sign(header, PAYLOAD, key, EVP_sha256()), "more than 8,192 bits");
		free(header);
		free(its_certificate);
		EVP_PKEY_free(long_key);
	}
	/* an elliptic curve, under a name of RSA */
	its_certificate = certificate_of(elliptic, elliptic);
	header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", its_certificate);
	FORGED(sign(header, PAYLOAD, elliptic, EVP_sha256()), "not an RSA key");
	free(header);
	free(its_certificate);
	EVP_PKEY_free(elliptic);
	BN_free(modulus);
	BN_free(exponent);
}

/* Every algorithm but three, with all else in order. */
static void
test_algorithms(void)
{
	static const char *const algorithms[] = {
		"\"none\"", "\"None\"", "\"NONE\"", "\"\"", "\"HS256\"", "\"HS384\"", "\"HS512\"", "\"RS1\"", "\"RS224\"",
		"\"rs256\"", "\"RS256 \"", "\"RS256\\u0000\"", "\"PS256\"", "\"PS512\"", "\"ES256\"", "\"EdDSA\"", "\"RSA1_5\"",
		"null", "256", "true", "[\"RS256\"]", "{\"alg\":\"RS256\"}"
	};
	char	   *header;

	for (int i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
	{
		header = format("{\"alg\":%s,\"x5c\":[\"%s\"]}", algorithms[i], certificate);
		FORGED(sign(header, PAYLOAD, key, EVP_sha256()), "RS256, RS384, RS512");
		free(header);
	}
	/* no signature, and none wanted */
	for (int i = 0; i < 2; i++)
	{
		char	   *input = signing_input("{\"alg\":\"none\"}", PAYLOAD);

		FORGED(format(i ? "%s.%s" : "%s%s", input, ""), NULL);
		free(input);
	}
	/* HS256, the secret being what everybody knows: the public key */
	{
		char	   *input = signing_input("{\"alg\":\"HS256\"}", PAYLOAD);
		unsigned char *der = NULL;
		int			length = i2d_PUBKEY(key, &der);
		unsigned char code[EVP_MAX_MD_SIZE];
		unsigned int code_length;
		char	   *word;

		HMAC(EVP_sha256(), der, length, (const unsigned char *) input, strlen(input), code, &code_length);
		word = base64(code, code_length, true);
		FORGED(format("%s.%s", input, word), "RS256, RS384, RS512");
		free(word);
		free(input);
		OPENSSL_free(der);
	}
	/* the digest is that of the name: RS512 over a signature made with SHA-256 or SHA-1 */
	header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS512", certificate);
	FORGED(sign(header, PAYLOAD, key, EVP_sha256()), "not made over this");
	free(header);
	header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", certificate);
	FORGED(sign(header, PAYLOAD, key, EVP_sha1()), "not made over this");
	/* another key */
	FORGED(sign(header, PAYLOAD, other_key, EVP_sha256()), "not made over this");
	free(header);
}

/* Headers that say too much or too little. Each is signed properly. */
static void
test_headers(void)
{
	static const struct
	{
		const char *pattern;	/* %s: the certificate, and another one */
		const char *wanted;
	}			headers[] = {
		{"{\"x5c\":[\"%s\"]}", "names no algorithm"},
		{"{\"alg\":\"RS256\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}", "two algorithms"},
		{"{\"alg\":\"RS256\",\"\\u0061lg\":\"none\",\"x5c\":[\"%s\"]}", "two algorithms"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"x5c\":[\"%s\"]}", "two chains"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"crit\":[\"exp\"],\"exp\":1}", "extension"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"crit\":[]}", "extension"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"\\u0063rit\":[\"b64\"],\"b64\":true}", "extension"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"b64\":false}", "extension"},
		{"{\"alg\":\"RS256\",\"x5c\":[]}%.0s", "x5c is empty"},
		{"{\"alg\":\"RS256\",\"x5c\":\"%s\"}", "not an array"},
		{"{\"alg\":\"RS256\",\"x5c\":null}%.0s", "not an array"},
		{"{\"alg\":\"RS256\",\"x5c\":[[\"%s\"]]}", "not an array"},
		{"{\"alg\":\"RS256\",\"x5c\":[null,\"%s\"]}", "not an array"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"\",\"%s\"]}", "not a certificate"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"AAAA\",\"%s\"]}", "not a certificate"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\",\"AAAA\"]}", "not a certificate"},
		{"{\"alg\":\"RS256\",\"x5c\":[\" %s\"]}", "not base64"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\\n\"]}", "not base64"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"-----BEGIN CERTIFICATE-----\\n%s\"]}", "not base64"},
		{"[\"RS256\",\"%s\"]", "not a JSON object"},
		{"\"RS256\"%.0s", "not a JSON object"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"]", "not JSON"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"]} x", "not JSON"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],}", "not JSON"},
		{"{\"alg\":\"RS256\",\"x5c\":[\"%s\"],\"kid\":\"\xff\"}", "not JSON"},
		{"%.0s", "not a JSON object"},
		/* another certificate first, the right one later */
		{"{\"alg\":\"RS256\",\"x5c\":[\"%2$s\",\"%1$s\"]}", "not made over this"},
	};

	for (int i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
	{
		char	   *header = format(headers[i].pattern, certificate, other_certificate);

		FORGED(sign(header, PAYLOAD, key, EVP_sha256()), headers[i].wanted);
		free(header);
	}
	/* keys that come by other ways are not looked at: nothing is proved by them */
	{
		char	   *signature = sign("{\"alg\":\"RS256\",\"kid\":\"1\",\"jku\":\"http://x/\",\"x5u\":\"http://x/\",\"jwk\":{\"kty\":\"oct\"}}",
									 PAYLOAD, key, EVP_sha256());
		const char *fault;

		CHECK(verdict_of(signature, strlen(signature), &fault) == ECOSYS_SIGNATURE_UNPROVED);
		free(signature);
	}
}

/* Chains of one to a thousand. */
static void
test_chains(void)
{
	static const int lengths[] = {2, 10, 11, 40, 1000};

	for (int i = 0; i < 5; i++)
	{
		size_t		size = 100 + (strlen(certificate) + 3) * (size_t) lengths[i];
		char	   *header = malloc(size);
		char	   *at = header + sprintf(header, "{\"alg\":\"RS256\",\"x5c\":[");
		char	   *signature;
		const char *fault;

		for (int j = 0; j < lengths[i]; j++)
			at += sprintf(at, "%s\"%s\"", j ? "," : "", j ? other_certificate : certificate);
		strcpy(at, "]}");
		signature = sign(header, PAYLOAD, key, EVP_sha256());
		if (lengths[i] <= 10)
		{
			CHECK(verdict_of(signature, strlen(signature), &fault) == ECOSYS_SIGNATURE_PROVED);
			free(signature);
		}
		else
			FORGED(signature, lengths[i] < 50 ? "more than ten" : "longer than 64 kB");
		free(header);
	}
}

/* A good signature with one thing changed. */
static void
test_changes(void)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char	   *header = format("{\"alg\":\"%s\",\"x5c\":[\"%s\"]}", "RS256", certificate);
	char	   *good = sign(header, PAYLOAD, key, EVP_sha256());
	size_t		length = strlen(good);
	char	   *first = strchr(good, '.');
	char	   *second = strchr(first + 1, '.');
	const char *fault;
	size_t		places[] = {0, first - good, first + 1 - good, second - good, second + 1 - good, length};

	CHECK(verdict_of(good, length, &fault) == ECOSYS_SIGNATURE_PROVED);
	/* one digit changed, in any of the three words */
	for (int i = 0; i < 400; i++)
	{
		char	   *changed = strdup(good);
		size_t		word = random_below(3);
		size_t		start = places[2 * word];
		size_t		at = start + random_below((uint32_t) (places[2 * word + 1] - start));

		do
			changed[at] = digits[random_below(64)];
		while (changed[at] == good[at]);
		/* a header in which x5c has become another word brings no certificate: nothing is proved */
		if (word == 0 && verdict_of(changed, length, &fault) == ECOSYS_SIGNATURE_UNPROVED)
			free(changed);
		else
			FORGED(changed, NULL);
	}
	/* padding, blanks and other characters at each end of each word */
	for (int i = 0; i < 6; i++)
	{
		static const char *const pieces[] = {"=", "==", " ", "\n", "\r\n", "A", "+", "/", "\xc3\xa9"};

		for (int j = 0; j < sizeof(pieces) / sizeof(pieces[0]); j++)
		{
			char	   *head = strndup(good, places[i]);
			char	   *changed = format("%s%s", head, pieces[j]);

			FORGED(format("%s%s", changed, good + places[i]), NULL);
			free(changed);
			free(head);
		}
	}
	/* two signatures; JSON serializations; fewer words, or empty ones */
	FORGED(format("%s.%s", good, second + 1), "three words");
	FORGED(format("%s%s", good, "."), "three words");
	FORGED(format(".%s%s", good, ""), "three words");
	FORGED(format("%s\n%s", good, good), NULL);
	FORGED(format("{\"payload\":\"%s\",\"signatures\":[{\"signature\":\"%s\"}]}", "e30", second + 1), "three words");
	FORGED(strndup(good, (size_t) (second - good)), "three words");
	FORGED(strndup(good, (size_t) (second + 1 - good)), "empty");
	FORGED(strdup(".."), "empty");
	FORGED(strdup(""), "three words");
	FORGED(strndup(good, length - 2), "as long as the key");
	{
		char	   *longer = malloc(length + 3000);

		memcpy(longer, good, length);
		memset(longer + length, 'A', 2999);
		longer[length + 2999] = '\0';
		FORGED(longer, "8,192 bits");
	}
	/* no memory at any point */
	for (int n = 0; n < 4; n++)
	{
		allocations_left = n;
		CHECK(verdict_of(good, length, &fault) == ECOSYS_SIGNATURE_BAD && strcmp(fault, "out of memory") == 0);
	}
	allocations_left = 4;
	CHECK(verdict_of(good, length, &fault) == ECOSYS_SIGNATURE_PROVED);
	allocations_left = -1;
	free(good);
	free(header);
}

/* What an encoder writes is read back; of all spellings of a byte only that one. */
static void
test_base64(void)
{
	for (int round = 0; round < 2000; round++)
	{
		unsigned char bytes[32];
		unsigned char decoded[40];
		size_t		n = random_below(sizeof(bytes));
		size_t		length;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char) random_below(256);
		for (int url = 0; url < 2; url++)
		{
			char	   *text = base64(bytes, n, url);

			CHECK(ecosys_base64_decode(text, strlen(text), url, decoded, &length) && length == n && memcmp(decoded, bytes, n) == 0);
			free(text);
		}
	}
	{
		unsigned char decoded[8];
		size_t		length;

		CHECK(ecosys_base64_decode("-_", 2, true, decoded, &length) == false);
		CHECK(ecosys_base64_decode("-w", 2, true, decoded, &length) && length == 1 && decoded[0] == 0xfb);
		CHECK(!ecosys_base64_decode("-x", 2, true, decoded, &length));
		CHECK(!ecosys_base64_decode("+w", 2, true, decoded, &length));
		CHECK(!ecosys_base64_decode("+w", 2, false, decoded, &length));
		CHECK(ecosys_base64_decode("+w==", 4, false, decoded, &length) && length == 1);
		CHECK(!ecosys_base64_decode("-w==", 4, false, decoded, &length));
		CHECK(!ecosys_base64_decode("-w==", 4, true, decoded, &length));
		CHECK(!ecosys_base64_decode("====", 4, false, decoded, &length));
		CHECK(!ecosys_base64_decode("A===", 4, false, decoded, &length));
		CHECK(!ecosys_base64_decode("A", 1, true, decoded, &length));
	}
}

int
main(void)
{
	key = EVP_RSA_gen(2048);
	other_key = EVP_RSA_gen(2048);
	certificate = certificate_of(key, key);
	other_certificate = certificate_of(other_key, other_key);
	test_good();
	test_key_sizes();
	test_odd_keys();
	test_algorithms();
	test_headers();
	test_chains();
	test_changes();
	test_base64();
	CHECK_SAY(n_forged >= 200 && n_accepted == 0, "%d of %d forged signatures accepted", n_accepted, n_forged);
	free(certificate);
	free(other_certificate);
	EVP_PKEY_free(key);
	EVP_PKEY_free(other_key);
	return report("signature");
}
