/*
 * load_source.c - see load_source.h.
 */
#include "client/load_source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fcntl.h>

#include <openssl/evp.h>

#define READ_SIZE (256 * 1024)

static bool
fail(ecosys_load_source *source, const char *why)
{
	source->failed = true;
	snprintf(source->message, sizeof(source->message), "%s", why);
	return false;
}

/* Host and path: the same path on another machine is another file. */
static char *
identity_of(const char *name)
{
	char		host[256];
	char	   *path = realpath(name, NULL);
	char	   *result;
	size_t		size;

	if (path == NULL)
		return NULL;
	if (gethostname(host, sizeof(host)) != 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	size = strlen(host) + strlen(path) + 2;
	result = malloc(size);
	if (result != NULL)
		snprintf(result, size, "%s:%s", host, path);
	free(path);
	return result;
}

bool
ecosys_load_open(ecosys_load_source *source, const char *name)
{
	struct stat status;
	bool		standard = strcmp(name, "-") == 0;
	int			file;

	memset(source, 0, sizeof(*source));
	source->name = standard ? "standard input" : name;
	file = standard ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fstat(file, &status) != 0)
	{
		fail(source, strerror(errno));
		if (file >= 0)
			close(file);
		return false;
	}
	if (S_ISDIR(status.st_mode))
	{
		close(file);
		return fail(source, strerror(EISDIR));
	}
	if (S_ISREG(status.st_mode))
	{
		source->file_size = (uint64_t) status.st_size;
		if (!standard)
			source->identity = identity_of(name);
	}
	source->room = 2 * READ_SIZE;
	source->buffer = malloc(source->room);
	source->file = gzdopen(file, "rb");
	if (source->file == NULL || source->buffer == NULL)
	{
		if (source->file == NULL)
			close(file);
		ecosys_load_close(source);
		return fail(source, "out of memory");
	}
	/* zlib reads straight into a buffer that is at least twice as large as its own */
	gzbuffer(source->file, READ_SIZE / 4);
	ecosys_split_open(&source->splitter, true, 1, false);
	return true;
}

void
ecosys_load_close(ecosys_load_source *source)
{
	if (source->file != NULL)
		gzclose(source->file);
	free(source->buffer);
	free(source->identity);
	source->file = NULL;
	source->buffer = NULL;
	source->identity = NULL;
}

/* Read some bytes; 0 at the end, and at a fault. */
static size_t
read_some(ecosys_load_source *source, char *to, size_t size)
{
	int			n = gzread(source->file, to, (unsigned) size);
	int			code;
	const char *message = gzerror(source->file, &code);

	if (n <= 0 && code != Z_OK && code != Z_STREAM_END)
	{
		if (code == Z_ERRNO)
			fail(source, strerror(errno));
		else if (code == Z_BUF_ERROR)
			fail(source, "the compressed file ends too early");
		else
			fail(source, message[0] ? message : "the compressed file is damaged");
		return 0;
	}
	return n > 0 ? (size_t) n : 0;
}

/* Get more text behind what is there; what is done with moves out, but for a span. */
static void
fill(ecosys_load_source *source)
{
	size_t		n;

	if (source->room - source->filled < READ_SIZE)
	{
		size_t		drop = source->begin > ECOSYS_FINGERPRINT_SPAN ? source->begin - ECOSYS_FINGERPRINT_SPAN : 0;

		memmove(source->buffer, source->buffer + drop, source->filled - drop);
		source->base += drop;
		source->begin -= drop;
		source->filled -= drop;
		if (source->room - source->filled < READ_SIZE)
		{
			/* a large unit: double, so that all the copying stays in proportion */
			char	   *larger = realloc(source->buffer, source->room * 2);

			if (larger == NULL)
			{
				fail(source, "out of memory");
				return;
			}
			source->buffer = larger;
			source->room *= 2;
		}
	}
	n = read_some(source, source->buffer + source->filled, READ_SIZE);
	if (source->head_length < ECOSYS_FINGERPRINT_SPAN && source->base + source->filled == source->head_length)
	{
		size_t		take = ECOSYS_FINGERPRINT_SPAN - source->head_length;

		take = take < n ? take : n;
		memcpy(source->head + source->head_length, source->buffer + source->filled, take);
		source->head_length += take;
	}
	source->filled += n;
	source->at_end = n == 0;
}

ecosys_load_next
ecosys_load_unit(ecosys_load_source *source, const char **text, size_t *length, uint64_t *line)
{
	for (;;)
	{
		ecosys_split_unit unit;
		size_t		used;
		const char *from = source->buffer + source->begin;
		ecosys_split_result result = ecosys_split_next(&source->splitter, from, source->filled - source->begin,
													   source->at_end, &unit, &used);

		source->begin += used;
		if (result == ECOSYS_SPLIT_UNIT)
		{
			*text = from + unit.offset;
			*length = unit.length;
			*line = unit.line;
			return ECOSYS_LOAD_UNIT;
		}
		if (result == ECOSYS_SPLIT_END)
			return ECOSYS_LOAD_END;
		fill(source);
		if (source->failed)
			return ECOSYS_LOAD_FAILED;
	}
}

uint64_t
ecosys_load_position(const ecosys_load_source *source)
{
	return source->base + source->begin;
}

uint64_t
ecosys_load_progress(ecosys_load_source *source)
{
	z_off_t		at = gzoffset(source->file);

	return at > 0 ? (uint64_t) at : 0;
}

/* SHA-256 of two pieces and how long they are together. */
static void
hash(const char *head, size_t head_length, const char *tail, size_t tail_length, char result[ECOSYS_FINGERPRINT_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int n = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1 ||
		EVP_DigestUpdate(context, head, head_length) != 1 || EVP_DigestUpdate(context, tail, tail_length) != 1 ||
		EVP_DigestFinal_ex(context, digest, &n) != 1)
		n = 0;
	EVP_MD_CTX_free(context);
	for (unsigned int i = 0; i < n; i++)
		sprintf(result + 2 * i, "%02x", digest[i]);
	result[2 * n] = '\0';
}

void
ecosys_load_fingerprint(const ecosys_load_source *source, char result[ECOSYS_FINGERPRINT_SIZE])
{
	uint64_t	position = ecosys_load_position(source);
	size_t		head = position < source->head_length ? (size_t) position : source->head_length;
	size_t		tail = position < ECOSYS_FINGERPRINT_SPAN ? (size_t) position : ECOSYS_FINGERPRINT_SPAN;

	hash(source->head, head, source->buffer + source->begin - tail, tail, result);
}

bool
ecosys_load_seek(ecosys_load_source *source, uint64_t position, const char *fingerprint,
				 uint64_t line, bool within_array)
{
	char		found[ECOSYS_FINGERPRINT_SIZE];
	size_t		span = position < ECOSYS_FINGERPRINT_SPAN ? (size_t) position : ECOSYS_FINGERPRINT_SPAN;

	while (source->head_length < span)
	{
		size_t		n = read_some(source, source->head + source->head_length, span - source->head_length);

		if (n == 0)
			return false;
		source->head_length += n;
	}
	if (gzseek(source->file, (z_off_t) (position - span), SEEK_SET) < 0)
		return false;
	while (source->filled < span)
	{
		size_t		n = read_some(source, source->buffer + source->filled, span - source->filled);

		if (n == 0)
			return false;
		source->filled += n;
	}
	source->base = position - span;
	source->begin = span;
	ecosys_load_fingerprint(source, found);
	if (strcmp(found, fingerprint) != 0)
		return false;
	ecosys_split_open(&source->splitter, position == 0, line, within_array);
	return true;
}
