/*
 * signature_fuzz.c - any bytes as a signature, and as the header of one: never
 * proved, as nobody can make a signature by chance; and base64 that is read is
 * the only spelling of its bytes.
 */
#include "xapi/signature.h"

#include <stdlib.h>
#include <string.h>

static void
need(bool condition)
{
	if (!condition)
		abort();
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t
encode(const unsigned char *bytes, size_t length, char *result)
{
	char	   *out = result;

	for (size_t i = 0; i < length; i += 3)
	{
		size_t		n = length - i < 3 ? length - i : 3;
		unsigned	bits = (unsigned) bytes[i] << 16 | (n > 1 ? (unsigned) bytes[i + 1] << 8 : 0) | (n > 2 ? bytes[i + 2] : 0);

		for (size_t j = 0; j <= n; j++)
			*out++ = digits[bits >> (18 - 6 * j) & 63];
	}
	return (size_t) (out - result);
}

static ecosys_signature_verdict
check(const char *signature, size_t length)
{
	static const ecosys_signature_memory memory = {malloc, free};
	char	   *payload;
	size_t		payload_length;
	const char *fault;
	ecosys_signature_verdict verdict = ecosys_signature_check(signature, length, &memory, &payload, &payload_length, &fault);

	need((verdict == ECOSYS_SIGNATURE_BAD) == (fault != NULL));
	free(payload);
	return verdict;
}

int			LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char	   *text = malloc(size * 2 + 16);
	unsigned char *bytes = malloc(size + 16);
	char	   *again = malloc(size * 2 + 16);
	size_t		length;

	need(check((const char *) data, size) != ECOSYS_SIGNATURE_PROVED);
	length = encode(data, size, text);
	need(ecosys_base64_decode(text, length, true, bytes, &length) && length == size);
	need(size == 0 || memcmp(bytes, data, size) == 0);
	length = encode(data, size, text);
	memcpy(text + length, ".e30.AAAA", 9);
	need(check(text, length + 9) != ECOSYS_SIGNATURE_PROVED);
	if (ecosys_base64_decode((const char *) data, size, true, bytes, &length))
		need(encode(bytes, length, again) == size && memcmp(again, data, size) == 0);
	free(text);
	free(bytes);
	free(again);
	return 0;
}
