/*
 * actor_key.c - see actor_key.h.
 *
 * One function tells the canonical bytes in pieces; the two ways to take them
 * (into a buffer, into a hash) cannot disagree.
 */
#include "actor/actor_key.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash_key.h"

typedef void (*take_bytes) (void *arg, const char *bytes, size_t length);

static void
take_lower(take_bytes take, void *arg, const char *bytes, size_t length)
{
	char		piece[64];

	while (length > 0)
	{
		size_t		size = length < sizeof(piece) ? length : sizeof(piece);

		for (size_t i = 0; i < size; i++)
			piece[i] = bytes[i] >= 'A' && bytes[i] <= 'Z' ? (char) (bytes[i] + 32) : bytes[i];
		take(arg, piece, size);
		bytes += size;
		length -= size;
	}
}

static void
canonical(ecosys_ifi_kind kind, const char *value, size_t value_length,
		  const char *name, size_t name_length, take_bytes take, void *arg)
{
	size_t		local;

	switch (kind)
	{
		case ECOSYS_IFI_MBOX:
			take(arg, "mbox\x1fmailto:", 12);
			if (value_length >= 7 && memcmp(value, "mailto:", 7) == 0)
			{
				value += 7;
				value_length -= 7;
			}
			for (local = value_length; local > 0 && value[local - 1] != '@'; local--)
				;
			take(arg, value, local);
			take_lower(take, arg, value + local, value_length - local);
			break;
		case ECOSYS_IFI_MBOX_SHA1SUM:
			take(arg, "mbox_sha1sum\x1f", 13);
			take_lower(take, arg, value, value_length);
			break;
		case ECOSYS_IFI_OPENID:
			take(arg, "openid\x1f", 7);
			take(arg, value, value_length);
			break;
		case ECOSYS_IFI_ACCOUNT:
			take(arg, "account\x1f", 8);
			take(arg, value, value_length);
			take(arg, "\x1f", 1);
			take(arg, name, name_length);
			break;
	}
}

typedef struct byte_buffer
{
	char	   *bytes;
	size_t		length;
} byte_buffer;

static void
append(void *arg, const char *bytes, size_t length)
{
	byte_buffer *buffer = arg;

	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
}

size_t
ecosys_actor_canonical(ecosys_ifi_kind kind, const char *value, size_t value_length,
					   const char *name, size_t name_length, char *result)
{
	byte_buffer buffer = {result, 0};

	canonical(kind, value, value_length, name, name_length, append, &buffer);
	return buffer.length;
}

static void
hash_more(void *arg, const char *bytes, size_t length)
{
	XXH64_update(arg, bytes, length);
}

static int64_t
hash(ecosys_ifi_kind kind, const char *value, size_t value_length,
	 const char *name, size_t name_length)
{
	XXH64_state_t state;

	XXH64_reset(&state, (XXH64_hash_t) ECOSYS_KEY_ACTOR);
	canonical(kind, value, value_length, name, name_length, hash_more, &state);
	return (int64_t) XXH64_digest(&state);
}

int64_t
ecosys_actor_key_mbox(const char *address, size_t length)
{
	return hash(ECOSYS_IFI_MBOX, address, length, "", 0);
}

int64_t
ecosys_actor_key_mbox_sha1sum(const char *digits, size_t length)
{
	return hash(ECOSYS_IFI_MBOX_SHA1SUM, digits, length, "", 0);
}

int64_t
ecosys_actor_key_openid(const char *uri, size_t length)
{
	return hash(ECOSYS_IFI_OPENID, uri, length, "", 0);
}

int64_t
ecosys_actor_key_account(const char *home_page, size_t home_page_length,
						 const char *name, size_t name_length)
{
	return hash(ECOSYS_IFI_ACCOUNT, home_page, home_page_length, name, name_length);
}
