/*
 * serve_gzip.c - compressed bodies of `ecosys serve`.
 *
 * Both directions work piece by piece, as the socket gives or takes them: a
 * large body never holds up the other clients for longer than a piece takes.
 */
#include <stdlib.h>
#include <string.h>

#include "client/serve.h"

/* zlib's windowBits for a gzip frame around the largest window. */
#define GZIP_FRAME (15 + 16)

/* What a deflating stream costs: documented in zconf.h as (1 << (windowBits + 2)) + (1 << (memLevel + 9)). */
#define DEFLATE_MEMORY ((1 << 17) + (1 << 17) + 8192)

bool
ecosys_serve_inflate_start(ecosys_serve_peer *peer)
{
	peer->inflating = calloc(1, sizeof(z_stream));
	if (peer->inflating == NULL)
		return false;
	if (inflateInit2(peer->inflating, GZIP_FRAME) != Z_OK)
	{
		free(peer->inflating);
		peer->inflating = NULL;
		return false;
	}
	peer->inflated_all = false;
	return true;
}

void
ecosys_serve_inflate_end(ecosys_serve_peer *peer)
{
	if (peer->inflating == NULL)
		return;
	inflateEnd(peer->inflating);
	free(peer->inflating);
	peer->inflating = NULL;
}

int
ecosys_serve_inflate(ecosys_serve_peer *peer, const char *data, size_t length)
{
	z_stream   *stream = peer->inflating;
	ecosys_serve_text *body = &peer->body;

	stream->next_in = (Bytef *) data;
	stream->avail_in = (uInt) length;
	while (stream->avail_in > 0)
	{
		size_t		room;
		size_t		before = body->length;
		int			status;

		if (peer->inflated_all)
		{
			/* RFC 1952, 2.2: members may follow each other */
			if (inflateReset(stream) != Z_OK)
				return MHD_HTTP_BAD_REQUEST;
			peer->inflated_all = false;
		}
		if (body->room - body->length < 4096 &&
			!ecosys_serve_text_reserve(body, body->length < 32768 ? 32768 : body->length))
			return MHD_HTTP_SERVICE_UNAVAILABLE;
		room = body->room - body->length;
		stream->next_out = (Bytef *) body->data + body->length;
		stream->avail_out = (uInt) room;
		status = inflate(stream, Z_NO_FLUSH);
		body->length += room - stream->avail_out;
		if (body->length > peer->serve->options.max_body)
			return MHD_HTTP_CONTENT_TOO_LARGE;
		if (!ecosys_serve_take_memory(peer, body->length - before))
			return MHD_HTTP_SERVICE_UNAVAILABLE;
		if (status == Z_STREAM_END)
			peer->inflated_all = true;
		else if (status != Z_OK && status != Z_BUF_ERROR)
			return MHD_HTTP_BAD_REQUEST;
	}
	return 0;
}

typedef struct deflating
{
	ecosys_serve_peer *peer;
	PGresult   *result;
	z_stream	stream;
	bool		ended;
} deflating;

static ssize_t
read_deflated(void *context, uint64_t position, char *buffer, size_t size)
{
	deflating  *d = context;
	int			status;

	if (d->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	d->stream.next_out = (Bytef *) buffer;
	d->stream.avail_out = (uInt) size;
	status = deflate(&d->stream, Z_FINISH);
	if (status == Z_STREAM_END)
		d->ended = true;
	else if (status != Z_OK && status != Z_BUF_ERROR)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size -= d->stream.avail_out;
	d->peer->sent += size;
	return size == 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t) size;
}

static void
end_deflating(void *context)
{
	deflating  *d = context;

	deflateEnd(&d->stream);
	PQclear(d->result);
	free(d);
}

struct MHD_Response *
ecosys_serve_deflate(ecosys_serve_peer *peer, PGresult *result, const char *data, size_t length)
{
	struct MHD_Response *response;
	deflating  *d;

	if (!ecosys_serve_take_memory(peer, DEFLATE_MEMORY))
		return NULL;
	d = calloc(1, sizeof(deflating));
	if (d == NULL)
		return NULL;
	/* level 1: most of the gain for a third of the time */
	if (deflateInit2(&d->stream, 1, Z_DEFLATED, GZIP_FRAME, 8, Z_DEFAULT_STRATEGY) != Z_OK)
	{
		free(d);
		return NULL;
	}
	d->peer = peer;
	d->result = result;
	d->stream.next_in = (Bytef *) data;
	d->stream.avail_in = (uInt) length;
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 32 * 1024, read_deflated, d, end_deflating);
	if (response == NULL)
	{
		deflateEnd(&d->stream);
		free(d);
	}
	return response;
}
