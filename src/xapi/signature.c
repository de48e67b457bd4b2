/*
 * signature.c - see signature.h.
 */
#include "xapi/signature.h"

#include <stdint.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/json_reader.h"

/* ---- base64 ---- */

static int
digit_value(char c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	if (c == (url ? '_' : '/'))
		return 63;
	return -1;
}

bool
ecosys_base64_decode(const char *text, size_t length, bool url, unsigned char *result, size_t *result_length)
{
	unsigned char *out = result;
	uint32_t	bits = 0;
	int			n_bits = 0;

	if (!url)
	{
		if (length % 4 != 0)
			return false;
		if (length > 0 && text[length - 1] == '=')
			length -= text[length - 2] == '=' ? 2 : 1;
	}
	if (length % 4 == 1)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		int			value = digit_value(text[i], url);

		if (value < 0)
			return false;
		bits = (bits << 6 | (uint32_t) value) & 0xFFFF;
		n_bits += 6;
		if (n_bits >= 8)
		{
			n_bits -= 8;
			*out++ = (unsigned char) (bits >> n_bits);
		}
	}
	*result_length = (size_t) (out - result);
	/* what is left of the last digit must be zero, or one signature would have several spellings */
	return (bits & ((1u << n_bits) - 1)) == 0;
}

/* ---- the protected header ---- */

/* The certificates: at most ten, each of them base64 of one certificate. */
static const char *
read_chain(ecosys_json_reader *reader, const ecosys_signature_memory *memory, X509 **first)
{
	int			n = 0;
	const char *fault = NULL;

	if (ecosys_json_peek(reader) != ECOSYS_JSON_ARRAY || !ecosys_json_enter_array(reader))
		return "x5c is not an array of certificates";
	while (ecosys_json_next_element(reader))
	{
		ecosys_json_string string;
		char	   *base64;
		size_t		base64_length;
		size_t		length;
		const unsigned char *der;
		X509	   *certificate;

		if (n++ == ECOSYS_SIGNATURE_MAX_CERTIFICATES)
			return "x5c has more than ten certificates";
		if (ecosys_json_peek(reader) != ECOSYS_JSON_STRING || !ecosys_json_read_string(reader, &string))
			return "x5c is not an array of certificates";
		/* decoded in place: base64 is longer than what it stands for */
		base64 = memory->allocate((size_t) string.span.length + 2);
		if (base64 == NULL)
			return "out of memory";
		base64_length = ecosys_json_decode(reader->text + string.span.offset, string.span.length, base64);
		if (!ecosys_base64_decode(base64, base64_length, false, (unsigned char *) base64, &length))
		{
			memory->release(base64);
			return "a certificate in x5c is not base64";
		}
		der = (const unsigned char *) base64;
		certificate = d2i_X509(NULL, &der, (long) length);
		if (certificate == NULL || der != (const unsigned char *) base64 + length)
			fault = "a certificate in x5c is not a certificate";
		memory->release(base64);
		if (fault == NULL && *first == NULL)
			*first = certificate;
		else
			X509_free(certificate);
		if (fault != NULL)
			return fault;
	}
	return n == 0 ? "x5c is empty" : NULL;
}

static const EVP_MD *
digest_of_algorithm(const char *string, size_t length)
{
	if (ecosys_json_string_is(string, length, "RS256"))
		return EVP_sha256();
	if (ecosys_json_string_is(string, length, "RS384"))
		return EVP_sha384();
	if (ecosys_json_string_is(string, length, "RS512"))
		return EVP_sha512();
	return NULL;
}

/* Returns a fault, or NULL. *first is the caller's to free, whatever is returned. */
static const char *
read_header(const char *text, size_t length, const ecosys_signature_memory *memory,
			const EVP_MD **digest, X509 **first)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	bool		has_algorithm = false;
	bool		has_chain = false;

	ecosys_json_open(&reader, text, length);
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_OBJECT || !ecosys_json_enter_object(&reader))
		return "the header is not a JSON object";
	while (ecosys_json_next_member(&reader, &key))
	{
		const char *name = text + key.span.offset;

		if (ecosys_json_string_is(name, key.span.length, "alg"))
		{
			ecosys_json_string algorithm;

			/* of two headers of one name, two readers may take different ones: refused (RFC 7515, 4) */
			if (has_algorithm)
				return "the header names two algorithms";
			has_algorithm = true;
			if (ecosys_json_peek(&reader) != ECOSYS_JSON_STRING || !ecosys_json_read_string(&reader, &algorithm))
				return "the algorithm is not one of RS256, RS384, RS512";
			*digest = digest_of_algorithm(text + algorithm.span.offset, algorithm.span.length);
			if (*digest == NULL)
				return "the algorithm is not one of RS256, RS384, RS512";
		}
		else if (ecosys_json_string_is(name, key.span.length, "x5c"))
		{
			const char *fault;

			if (has_chain)
				return "the header has two chains of certificates";
			has_chain = true;
			fault = read_chain(&reader, memory, first);
			if (fault != NULL)
				return fault;
		}
		else if (ecosys_json_string_is(name, key.span.length, "crit") ||
				 ecosys_json_string_is(name, key.span.length, "b64"))
			return "the header demands an extension of JWS";
		else if (!ecosys_json_skip(&reader, NULL))
			break;
	}
	if (!ecosys_json_close(&reader))
		return "the header is not JSON";
	return has_algorithm ? NULL : "the header names no algorithm";
}

/* ---- the signature ---- */

/* Is the key one that RS256 and its like may use, and cheap to compute with? */
static const char *
check_key(EVP_PKEY *key)
{
	BIGNUM	   *exponent = NULL;
	bool		small;

	if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
		return "the key of the certificate is not an RSA key";
	if (EVP_PKEY_get_bits(key) < ECOSYS_SIGNATURE_MIN_KEY)
		return "the key of the certificate has less than 1,024 bits";
	if (EVP_PKEY_get_bits(key) > ECOSYS_SIGNATURE_MAX_KEY)
		return "the key of the certificate has more than 8,192 bits";
	/* the time of a check grows with the exponent */
	small = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) && BN_num_bits(exponent) <= 64 &&
		BN_is_odd(exponent) && !BN_is_one(exponent);
	BN_free(exponent);
	return small ? NULL : "the exponent of the key is not an odd number from 3 to 2^64";
}

static const char *
verify(X509 *certificate, const EVP_MD *digest, const char *signed_text, size_t signed_length,
	   const unsigned char *signature, size_t signature_length)
{
	EVP_PKEY   *key = X509_get0_pubkey(certificate);
	EVP_MD_CTX *context;
	const char *fault;

	if (key == NULL)
		return "the certificate has no key that can be read";
	fault = check_key(key);
	if (fault != NULL)
		return fault;
	if (signature_length != (size_t) EVP_PKEY_get_size(key))
		return "the signature is not as long as the key";
	context = EVP_MD_CTX_new();
	if (context == NULL)
		return "out of memory";
	if (EVP_DigestVerifyInit(context, NULL, digest, NULL, key) != 1 ||
		EVP_DigestVerify(context, signature, signature_length,
						 (const unsigned char *) signed_text, signed_length) != 1)
		fault = "the signature was not made over this with the key of its certificate";
	EVP_MD_CTX_free(context);
	return fault;
}

ecosys_signature_verdict
ecosys_signature_check(const char *signature, size_t length, const ecosys_signature_memory *memory,
					   char **payload, size_t *payload_length, const char **fault)
{
	const char *first_dot = memchr(signature, '.', length);
	const char *second_dot = first_dot == NULL ? NULL :
		memchr(first_dot + 1, '.', length - (size_t) (first_dot + 1 - signature));
	const char *end = signature + length;
	const EVP_MD *digest = NULL;
	X509	   *certificate = NULL;
	char	   *header = NULL;
	unsigned char *bytes = NULL;
	size_t		header_length;
	size_t		bytes_length;
	ecosys_signature_verdict verdict = ECOSYS_SIGNATURE_BAD;

	*payload = NULL;
	*fault = NULL;
	if (second_dot == NULL || memchr(second_dot + 1, '.', (size_t) (end - second_dot - 1)) != NULL)
	{
		*fault = "it is not three words of base64url with dots between them";
		return verdict;
	}
	if (first_dot - signature > ECOSYS_SIGNATURE_MAX_HEADER)
	{
		*fault = "its header is longer than 64 kB";
		return verdict;
	}
	if (end - second_dot - 1 > 2 * ECOSYS_SIGNATURE_MAX_KEY / 8)
	{
		*fault = "the signature is longer than that of a key of 8,192 bits";
		return verdict;
	}

	header = memory->allocate((size_t) (first_dot - signature) + 2);
	*payload = memory->allocate((size_t) (second_dot - first_dot) + 2);
	bytes = memory->allocate((size_t) (end - second_dot) + 2);
	if (header == NULL || *payload == NULL || bytes == NULL)
		*fault = "out of memory";
	else if (!ecosys_base64_decode(signature, (size_t) (first_dot - signature), true,
								   (unsigned char *) header, &header_length) ||
			 !ecosys_base64_decode(first_dot + 1, (size_t) (second_dot - first_dot - 1), true,
								   (unsigned char *) *payload, payload_length) ||
			 !ecosys_base64_decode(second_dot + 1, (size_t) (end - second_dot - 1), true,
								   bytes, &bytes_length))
		*fault = "it is not three words of base64url with dots between them";
	else if (bytes_length == 0)
		*fault = "its third word, the signature, is empty";
	else
		*fault = read_header(header, header_length, memory, &digest, &certificate);
	if (*fault == NULL && certificate != NULL)
		*fault = verify(certificate, digest, signature, (size_t) (second_dot - signature), bytes, bytes_length);
	if (*fault == NULL)
		verdict = certificate != NULL ? ECOSYS_SIGNATURE_PROVED : ECOSYS_SIGNATURE_UNPROVED;

	X509_free(certificate);
	if (header != NULL)
		memory->release(header);
	if (bytes != NULL)
		memory->release(bytes);
	if (verdict == ECOSYS_SIGNATURE_BAD && *payload != NULL)
	{
		memory->release(*payload);
		*payload = NULL;
	}
	/* OpenSSL keeps a queue of errors for whoever looks next: not ours to leave there */
	ERR_clear_error();
	return verdict;
}
