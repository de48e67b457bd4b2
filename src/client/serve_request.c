/*
 * serve_request.c - from HTTP to the parameters of xapi(), and back.
 *
 * libmicrohttpd calls ecosys_serve_handle() when the header of a request is
 * complete, for each piece of its body, and when all of it is there. The body
 * is collected where libpq takes it from; the answer is sent from where libpq
 * put it.
 *
 * Strictness. What reads a message must read it as everybody else does, or a
 * proxy in front can be made to see another request than we do (RFC 9112, 11.2).
 * libmicrohttpd 0.9.75 (Debian 12) takes lines that end in a bare LF, joins
 * folded lines, stops a value at a NUL, takes several blanks in the first line,
 * and looks at the first Content-Length only. It parses in place, so the header
 * lies in memory as it came, with zeros where its separators were:
 * header_is_exact() walks it and refuses what is not made of exactly
 * `method SP target SP version CRLF` and `name: value CRLF`. From 1.0 on the
 * library does that itself (MHD_OPTION_STRICT_FOR_CLIENT).
 */
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/json_reader.h"
#include "client/serve.h"

/* A client may be idle for so long between two requests, in milliseconds. */
#define KEEP_ALIVE 30000

/* Bytes a second that a client must send or take on average, once `timeout` is over. */
#define LOWEST_RATE 1000

/* Answers from this size on are compressed for clients that take it. */
#define WORTH_COMPRESSING 4096

/* After an early refusal, what the client had already sent is dropped: so much, so long (milliseconds). */
#define LINGER_BYTES (64 * 1024 * 1024)
#define LINGER_TIME 3000

#define LONGEST_METHOD 16

#define UNKNOWN_LENGTH UINT64_MAX

static const char *
reason_of(int status)
{
	switch (status)
	{
		case MHD_HTTP_BAD_REQUEST:
			return "the request is malformed";
		case MHD_HTTP_FORBIDDEN:
			return "credentials are not taken over plain text from another host: use TLS";
		case MHD_HTTP_NOT_FOUND:
			return "there is nothing at this path";
		case MHD_HTTP_METHOD_NOT_ALLOWED:
			return "only GET and HEAD are possible here";
		case MHD_HTTP_CONTENT_TOO_LARGE:
			return "the body is larger than this server takes";
		case MHD_HTTP_UNSUPPORTED_MEDIA_TYPE:
			return "the only Content-Encoding taken is gzip";
		case MHD_HTTP_EXPECTATION_FAILED:
			return "the only expectation met is 100-continue";
		case MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE:
			return "the header is larger than this server takes";
		case MHD_HTTP_SERVICE_UNAVAILABLE:
			return "the server is busy or restarting; if this request was to store something,"
				" it is unknown whether it did: send it again";
		default:
			return "the server failed";
	}
}

static void
refuse(ecosys_serve_peer *peer, int status)
{
	if (peer->refusal != 0)
		return;
	peer->refusal = status;
	peer->reason = reason_of(status);
	if (status < 500)
		peer->serve->figures.malformed++;
	ecosys_serve_inflate_end(peer);
	ecosys_serve_text_free(&peer->body);
}

static void
refuse_as(ecosys_serve_peer *peer, int status, const char *reason)
{
	if (peer->refusal != 0)
		return;
	refuse(peer, status);
	peer->reason = reason;
}

/* ---- the life of a connection ---- */

static void
set_phase(ecosys_serve_peer *peer, ecosys_serve_phase phase, int64_t milliseconds)
{
	peer->phase = phase;
	peer->deadline = milliseconds == 0 ? 0 : peer->serve->now + milliseconds;
}

/* End a connection that libmicrohttpd reads from: it sees the end of the stream. */
void
ecosys_serve_cut(ecosys_serve_peer *peer)
{
	peer->cut = true;
	peer->deadline = 0;
	shutdown(peer->fd, SHUT_RDWR);
}

static void
name_address(ecosys_serve_peer *peer, const struct sockaddr *address)
{
	strcpy(peer->address, "unix");
	peer->local = true;
	if (address == NULL)
		return;
	if (address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *) address)->sin_addr, peer->address, sizeof(peer->address));
	else if (address->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *) address)->sin6_addr,
				  peer->address, sizeof(peer->address));
	else
		return;
	peer->local = ecosys_serve_is_loopback(peer->address);
}

/* No room for another client: the one that was idle for longest makes it. */
static void
make_room(ecosys_serve *serve)
{
	ecosys_serve_peer *oldest = NULL;

	for (ecosys_serve_peer *peer = serve->peers; peer != NULL; peer = peer->next)
	{
		if (peer->phase == ECOSYS_SERVE_IDLE && !peer->cut && (oldest == NULL || peer->deadline < oldest->deadline))
			oldest = peer;
	}
	if (oldest != NULL)
		ecosys_serve_cut(oldest);
}

void
ecosys_serve_connection(void *context, struct MHD_Connection *connection, void **socket_context,
						enum MHD_ConnectionNotificationCode code)
{
	ecosys_serve *serve = context;
	ecosys_serve_peer *peer = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED)
	{
		const union MHD_ConnectionInfo *info;
		const struct sockaddr *address;

		/* from libmicrohttpd 1.0 on, what is asked next may overwrite what was answered */
		info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
		address = info == NULL ? NULL : info->client_addr;
		info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		peer = calloc(1, sizeof(ecosys_serve_peer));
		if (peer == NULL || info == NULL)
		{
			free(peer);
			return;				/* without a peer each request of it ends its connection */
		}
		peer->serve = serve;
		peer->connection = connection;
		peer->fd = info->connect_fd;
		name_address(peer, address);
		peer->next = serve->peers;
		if (serve->peers != NULL)
			serve->peers->previous = peer;
		serve->peers = peer;
		serve->figures.clients_accepted++;
		if (++serve->peer_count >= serve->options.max_clients)
			make_room(serve);
		set_phase(peer, ECOSYS_SERVE_IDLE, serve->options.timeout * 1000);
		*socket_context = peer;
		return;
	}
	if (peer == NULL)
		return;
	if (peer->previous != NULL)
		peer->previous->next = peer->next;
	else
		serve->peers = peer->next;
	if (peer->next != NULL)
		peer->next->previous = peer->previous;
	serve->peer_count--;
	ecosys_serve_text_free(&peer->uri);
	ecosys_serve_text_free(&peer->headers);
	free(peer);
	*socket_context = NULL;
}

/* libmicrohttpd must not decode: xapi() wants the path as it was sent. */
size_t
ecosys_serve_keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
	return strlen(text);
}

static void
forget_request(ecosys_serve_peer *peer)
{
	ecosys_serve_inflate_end(peer);
	ecosys_serve_text_free(&peer->body);
	PQclear(peer->result);
	peer->result = NULL;
	peer->serve->memory -= peer->memory;
	peer->memory = 0;
	if (peer->uri.room > 4096)
		ecosys_serve_text_free(&peer->uri);
	if (peer->headers.room > 16384)
		ecosys_serve_text_free(&peer->headers);
	peer->uri.length = peer->headers.length = 0;
	peer->uri.failed = peer->headers.failed = false;
	peer->uri_in_block = peer->method = NULL;
	peer->path = peer->query = "";
	peer->path_length = peer->query_length = 0;
	peer->http_1_0 = peer->looked_at = peer->of_base = false;
	peer->health = peer->metrics = peer->preflight = peer->accepts_gzip = false;
	peer->origin = NULL;
	peer->refusal = 0;
	peer->announced = peer->received = peer->discarded = peer->sent = 0;
	peer->outcome = ECOSYS_SERVE_NONE;
	peer->status = 0;
}

/* The first line of a request is complete. What is returned comes back as *request. */
void *
ecosys_serve_first_line(void *context, const char *uri, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	ecosys_serve_peer *peer = info == NULL ? NULL : info->socket_context;

	if (peer == NULL)
		return NULL;
	forget_request(peer);
	peer->started = ecosys_serve_microseconds();
	set_phase(peer, ECOSYS_SERVE_HEADER, peer->serve->options.timeout * 1000);
	peer->uri_in_block = uri;
	if (uri != NULL)
		ecosys_serve_text_append(&peer->uri, uri, strlen(uri));
	return peer;
}

void
ecosys_serve_completed(void *context, struct MHD_Connection *connection, void **request,
					   enum MHD_RequestTerminationCode code)
{
	ecosys_serve_peer *peer = *request;

	if (peer == NULL)
		return;
	if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK && peer->phase != ECOSYS_SERVE_SENDING)
		peer->status = 0;
	ecosys_serve_count(peer);
	forget_request(peer);
	set_phase(peer, ECOSYS_SERVE_IDLE, KEEP_ALIVE);
	if (peer->serve->stopping)
		shutdown(peer->fd, SHUT_RD);
	*request = NULL;
}

/* Bytes that the client has acknowledged on its connection, ever; 0 where nobody knows (unix sockets). */
static uint64_t
bytes_taken(const ecosys_serve_peer *peer)
{
	struct tcp_info info = {0};
	socklen_t	length = sizeof(info);

	if (getsockopt(peer->fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
		return 0;
	return info.tcpi_bytes_acked;
}

/* At the end of its time: has this client been fast enough to go on? */
static bool
has_earned_time(ecosys_serve_peer *peer)
{
	int64_t		wait = peer->serve->options.timeout * 1000;

	if (peer->phase == ECOSYS_SERVE_BODY)
	{
		int64_t		earned = peer->started / 1000 + wait + (int64_t) (peer->received * 1000 / LOWEST_RATE);

		if (peer->serve->now >= earned)
			return false;
		peer->deadline = earned;
		return true;
	}
	if (peer->phase == ECOSYS_SERVE_SENDING)
	{
		uint64_t	taken = bytes_taken(peer);

		if ((int64_t) (taken - peer->taken) < wait * LOWEST_RATE / 1000)
			return false;
		peer->taken = taken;
		peer->deadline = peer->serve->now + wait;
		return true;
	}
	return false;
}

void
ecosys_serve_peers_tick(ecosys_serve *serve)
{
	for (ecosys_serve_peer *peer = serve->peers; peer != NULL; peer = peer->next)
	{
		if (peer->deadline == 0 || serve->now < peer->deadline)
			continue;
		if (has_earned_time(peer))
			continue;
		if (peer->phase != ECOSYS_SERVE_IDLE)
			serve->figures.clients_cut++;
		ecosys_serve_cut(peer);
	}
}

/* ---- after an early refusal ---- */

static void
linger(ecosys_serve_peer *peer)
{
	ecosys_serve *serve = peer->serve;
	ecosys_serve_linger *new;
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP};

	/* under a flood of such messages, some see their connection reset instead */
	if (serve->linger_count >= serve->options.max_clients)
		return;
	new = calloc(1, sizeof(ecosys_serve_linger));
	if (new == NULL)
		return;
	event.data.ptr = new;
	new->source = ECOSYS_SERVE_LINGER;
	new->fd = dup(peer->fd);
	new->deadline = serve->now + LINGER_TIME;
	new->left = LINGER_BYTES;
	if (new->fd < 0 || epoll_ctl(serve->epoll, EPOLL_CTL_ADD, new->fd, &event) != 0)
	{
		if (new->fd >= 0)
			close(new->fd);
		free(new);
		return;
	}
	new->next = serve->lingering;
	serve->lingering = new;
	serve->linger_count++;
}

void
ecosys_serve_linger_event(ecosys_serve *serve, ecosys_serve_linger *linger)
{
	/* MSG_TRUNC: the kernel drops the bytes without copying them (tcp(7)) */
	ssize_t		n = recv(linger->fd, NULL, 1024 * 1024, MSG_TRUNC | MSG_DONTWAIT);

	if (n <= 0 || (uint64_t) n >= linger->left)
		linger->deadline = 0;
	else
		linger->left -= n;
}

void
ecosys_serve_linger_tick(ecosys_serve *serve, bool all)
{
	for (ecosys_serve_linger **at = &serve->lingering; *at != NULL;)
	{
		ecosys_serve_linger *this = *at;

		if (!all && serve->now < this->deadline)
		{
			at = &this->next;
			continue;
		}
		*at = this->next;
		close(this->fd);
		free(this);
		serve->linger_count--;
	}
}

/* ---- reading the header ---- */

typedef struct header
{
	ecosys_serve_field fields[ECOSYS_SERVE_MAX_FIELDS];
	size_t		count;
	bool		too_many;
} header;

static enum MHD_Result
take_field(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length,
		   const char *value, size_t value_length)
{
	header	   *h = context;
	ecosys_serve_field *field;

	if (h->count == ECOSYS_SERVE_MAX_FIELDS)
	{
		h->too_many = true;
		return MHD_NO;
	}
	field = &h->fields[h->count++];
	field->name = name;
	field->name_length = name_length;
	field->value = value == NULL ? "" : value;
	field->value_length = value == NULL ? 0 : value_length;
	return MHD_YES;
}

/* At two zeros, once CR and LF, within the block. */
static bool
line_ends(const char **at, const char *end)
{
	if (end - *at < 2 || (*at)[0] != '\0' || (*at)[1] != '\0')
		return false;
	*at += 2;
	return true;
}

/* See the head of this file. block is the header as it came, its separators zeroed. */
static bool
header_is_exact(const ecosys_serve_peer *peer, const char *version, const header *h, const char *block, size_t size)
{
	const char *end = block + size;
	const char *at = block + strlen(block) + 1;

	if (peer->uri_in_block != at)
		return false;
	at += peer->uri.length + 1;
	if (version != at)
		return false;
	at += strlen(version);
	if (!line_ends(&at, end))
		return false;
	for (size_t i = 0; i < h->count; i++)
	{
		const ecosys_serve_field *field = &h->fields[i];

		if (field->name != at)
			return false;
		at += field->name_length + 1;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (field->value != at)
			return false;
		at += field->value_length;
		if (!line_ends(&at, end))
			return false;
	}
	return line_ends(&at, end) && at == end;
}

/* Split the target of the request into path and query; false if it is none. */
static bool
split_target(ecosys_serve_peer *peer)
{
	const char *at = peer->uri.data;
	const char *end = at + peer->uri.length;
	const char *question;

	if (peer->uri.failed || peer->uri.length == 0 || !ecosys_serve_path_is_valid(at, peer->uri.length) ||
		memchr(at, '#', end - at) != NULL)
		return false;
	/* RFC 9112, 3.2.2: the absolute form must be taken */
	if (strncasecmp(at, "http://", peer->uri.length < 7 ? peer->uri.length : 7) == 0 && peer->uri.length > 7)
		at += 7;
	else if (strncasecmp(at, "https://", peer->uri.length < 8 ? peer->uri.length : 8) == 0 && peer->uri.length > 8)
		at += 8;
	if (at != peer->uri.data)
	{
		at = memchr(at, '/', end - at);
		if (at == NULL)
			return false;
	}
	if (*at != '/' && !(strcmp(peer->method, "OPTIONS") == 0 && end - at == 1 && *at == '*'))
		return false;
	question = memchr(at, '?', end - at);
	peer->path = at;
	peer->path_length = (question == NULL ? end : question) - at;
	peer->query = question == NULL ? "" : question + 1;
	peer->query_length = question == NULL ? 0 : end - question - 1;
	return true;
}

static bool
path_is(const ecosys_serve_peer *peer, const char *path)
{
	return strlen(path) == peer->path_length && memcmp(path, peer->path, peer->path_length) == 0;
}

static void
route(ecosys_serve_peer *peer)
{
	const char *base = peer->serve->options.base_path;
	size_t		length = strlen(base);

	peer->health = path_is(peer, "/healthz");
	peer->metrics = path_is(peer, "/metrics");
	if (peer->health || peer->metrics)
	{
		if (strcmp(peer->method, "GET") != 0 && strcmp(peer->method, "HEAD") != 0)
			refuse(peer, MHD_HTTP_METHOD_NOT_ALLOWED);
		return;
	}
	peer->of_base = peer->path_length >= length && memcmp(peer->path, base, length) == 0 &&
		(peer->path_length == length || peer->path[length] == '/');
	if (!peer->of_base && !peer->preflight)
		refuse(peer, MHD_HTTP_NOT_FOUND);
}

/* Which version do answers made here carry? That of the path, of the request, or the current one. */
static void
choose_version(ecosys_serve_peer *peer, const ecosys_serve_field *asked)
{
	size_t		length = strlen(peer->serve->options.base_path);

	strcpy(peer->version, "2.0.0");
	if ((peer->of_base && peer->path_length >= length + 6 && memcmp(peer->path + length, "/1.0.3", 6) == 0) ||
		(asked != NULL && asked->value_length >= 3 && memcmp(asked->value, "1.0", 3) == 0))
		strcpy(peer->version, "1.0.3");
}

static void
allow_origin(ecosys_serve_peer *peer, const ecosys_serve_field *origin)
{
	const ecosys_serve_options *options = &peer->serve->options;

	if (options->any_origin)
		peer->origin = "*";
	for (size_t i = 0; i < options->origin_count; i++)
	{
		if (strlen(options->origins[i]) == origin->value_length &&
			memcmp(options->origins[i], origin->value, origin->value_length) == 0)
			peer->origin = options->origins[i];
	}
}

/* Content-Length in digits, few enough for 64 bits; false if it is anything else. */
static bool
read_length(const char *value, size_t length, uint64_t *number)
{
	*number = 0;
	if (length == 0 || length > 18)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (value[i] < '0' || value[i] > '9')
			return false;
		*number = *number * 10 + (value[i] - '0');
	}
	return true;
}

/*
 * libmicrohttpd reports a fault, which may be a Content-Length that is no
 * number: 0.9.75 answers that with the header of its answer twice, before we
 * are asked. So whose it is gets its answer here, and is cut off. What the
 * library says is not passed on: it is clients' data.
 */
void
ecosys_serve_fault(void *context, const char *format, va_list arguments)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
		"Content-Type: application/json\r\nContent-Length: 39\r\n\r\n{\"error\":\"the Content-Length is none\"}\n";
	ecosys_serve *serve = context;

	for (ecosys_serve_peer *peer = serve->peers; peer != NULL; peer = peer->next)
	{
		const char *value;
		size_t		length;
		uint64_t	number;

		if (peer->phase != ECOSYS_SERVE_HEADER || peer->cut ||
			MHD_lookup_connection_value_n(peer->connection, MHD_HEADER_KIND, "Content-Length", 14,
										  &value, &length) != MHD_YES ||
			MHD_lookup_connection_value(peer->connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL ||
			(value != NULL && read_length(value, length, &number)))
			continue;
		serve->figures.malformed++;
		if (serve->options.tls_certificate != NULL)
		{
			ecosys_serve_cut(peer);
			continue;
		}
		linger(peer);
		(void) send(peer->fd, answer, sizeof(answer) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
		/* what the library writes now fails, and it closes; what still comes is read by linger() */
		shutdown(peer->fd, SHUT_WR);
		peer->cut = true;
	}
}

static bool
is(const ecosys_serve_field *field, const char *name)
{
	return ecosys_serve_same(field->name, field->name_length, name);
}

/* Look at the header of a request: all that can be refused before its body is, here. */
static void
look_at_header(ecosys_serve_peer *peer, const char *method, const char *version)
{
	ecosys_serve *serve = peer->serve;
	const union MHD_ConnectionInfo *size;
	const ecosys_serve_field *asked = NULL;
	const ecosys_serve_field *length = NULL;
	const ecosys_serve_field *transfer = NULL;
	const ecosys_serve_field *coding = NULL;
	const ecosys_serve_field *origin = NULL;
	const ecosys_serve_field *requested = NULL;
	int			hosts = 0;
	bool		fields_valid = true;
	bool		framing_valid = true;
	bool		gzip = false;
	header		h;

	peer->looked_at = true;
	peer->method = method;
	peer->http_1_0 = strcmp(version, "HTTP/1.0") == 0;
	peer->announced = 0;
	h.count = 0;
	h.too_many = false;
	size = MHD_get_connection_info(peer->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	MHD_get_connection_values_n(peer->connection, MHD_HEADER_KIND, take_field, &h);
	if (size == NULL || size->header_size > serve->options.max_header || h.too_many)
		refuse(peer, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE);
	else if (serve->raw_check && !header_is_exact(peer, version, &h, method, size->header_size))
		framing_valid = false;

	for (size_t i = 0; i < h.count; i++)
	{
		ecosys_serve_field *field = &h.fields[i];

		if (!ecosys_serve_field_is_valid(field))
			fields_valid = false;
		if (is(field, "content-length"))
		{
			if (length != NULL)
				framing_valid = false;
			length = field;
		}
		else if (is(field, "transfer-encoding"))
		{
			if (transfer != NULL)
				framing_valid = false;
			transfer = field;
		}
		while (field->value_length > 0 && strchr(" \t", field->value[field->value_length - 1]) != NULL)
			field->value_length--;
		if (is(field, "host"))
		{
			hosts++;
			if (!ecosys_serve_host_is_valid(field->value, field->value_length))
				fields_valid = false;
		}
		else if (is(field, "content-encoding"))
		{
			if (coding != NULL)
				refuse(peer, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
			coding = field;
		}
		else if (is(field, "accept-encoding"))
			peer->accepts_gzip |= ecosys_serve_accepts_gzip(field->value, field->value_length);
		else if (is(field, "x-experience-api-version"))
			asked = field;
		else if (is(field, "origin"))
			origin = field;
		else if (is(field, "access-control-request-method"))
			requested = field;
		else if (is(field, "expect") && !ecosys_serve_same(field->value, field->value_length, "100-continue"))
			refuse(peer, MHD_HTTP_EXPECTATION_FAILED);
	}
	/* RFC 9112, 6.1 and 3.2: two framings or two hosts are two readings */
	if (transfer != NULL)
	{
		peer->announced = UNKNOWN_LENGTH;
		if (length != NULL || peer->http_1_0 ||
			!ecosys_serve_same(transfer->value, transfer->value_length, "chunked") ||
			transfer->value[transfer->value_length] != '\0')
			framing_valid = false;
	}
	else if (length != NULL && !read_length(length->value, length->value_length, &peer->announced))
		framing_valid = false;
	if (hosts > 1 || (hosts == 0 && !peer->http_1_0))
		framing_valid = false;
	if (!framing_valid)
		refuse_as(peer, MHD_HTTP_BAD_REQUEST, "the framing of the request is malformed or ambiguous");
	if (strlen(method) > LONGEST_METHOD || !ecosys_serve_token_is_valid(method, strlen(method)))
	{
		peer->method = "-";
		refuse_as(peer, MHD_HTTP_BAD_REQUEST, "the method is malformed");
	}
	if (!split_target(peer))
	{
		/* it is not told in the log either */
		peer->path = peer->query = "";
		peer->path_length = peer->query_length = 0;
		refuse_as(peer, MHD_HTTP_BAD_REQUEST, "the target of the request is malformed");
	}
	if (!fields_valid)
		refuse_as(peer, MHD_HTTP_BAD_REQUEST, "a header field is malformed");

	if (origin != NULL)
		allow_origin(peer, origin);
	peer->preflight = peer->origin != NULL && requested != NULL && strcmp(method, "OPTIONS") == 0;
	if (peer->refusal == 0)
		route(peer);
	choose_version(peer, asked);
	if (peer->of_base && !peer->preflight && !peer->local &&
		!serve->options.allow_plain && serve->options.tls_certificate == NULL)
		refuse(peer, MHD_HTTP_FORBIDDEN);
	if (peer->announced != UNKNOWN_LENGTH && peer->announced > serve->options.max_body)
		refuse(peer, MHD_HTTP_CONTENT_TOO_LARGE);
	if (coding != NULL && peer->announced != 0)
	{
		gzip = ecosys_serve_same(coding->value, coding->value_length, "gzip") ||
			ecosys_serve_same(coding->value, coding->value_length, "x-gzip");
		if (!gzip && !ecosys_serve_same(coding->value, coding->value_length, "identity"))
			refuse(peer, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE);
	}
	if (peer->refusal != 0)
		return;
	if (gzip && !ecosys_serve_inflate_start(peer))
		refuse(peer, MHD_HTTP_SERVICE_UNAVAILABLE);
	ecosys_serve_headers_json(&peer->headers, h.fields, h.count, gzip);
	if (peer->headers.failed)
		refuse(peer, MHD_HTTP_SERVICE_UNAVAILABLE);
}

/* ---- the body ---- */

static void
take_piece(ecosys_serve_peer *peer, const char *data, size_t length)
{
	ecosys_serve *serve = peer->serve;
	int			status = 0;

	peer->received += length;
	if (peer->refusal != 0)
	{
		/* an answer can be made only at the end of the request; some patience, then the end */
		peer->discarded += length;
		if (peer->discarded > serve->options.max_body)
			ecosys_serve_cut(peer);
		return;
	}
	if (peer->inflating != NULL)
		status = ecosys_serve_inflate(peer, data, length);
	else if (peer->body.length + length > serve->options.max_body)
		status = MHD_HTTP_CONTENT_TOO_LARGE;
	else if (!ecosys_serve_take_memory(peer, length))
		status = MHD_HTTP_SERVICE_UNAVAILABLE;
	else
	{
		if (peer->body.data == NULL && peer->announced != UNKNOWN_LENGTH)
			ecosys_serve_text_reserve(&peer->body, peer->announced);
		ecosys_serve_text_append(&peer->body, data, length);
		if (peer->body.failed)
			status = MHD_HTTP_SERVICE_UNAVAILABLE;
	}
	if (status == MHD_HTTP_BAD_REQUEST)
		refuse_as(peer, status, "the body is not what Content-Encoding says");
	else if (status != 0)
		refuse(peer, status);
}

static void
end_body(ecosys_serve_peer *peer)
{
	if (peer->inflating != NULL && !peer->inflated_all)
		refuse_as(peer, MHD_HTTP_BAD_REQUEST, "the compressed body ends too early");
	ecosys_serve_inflate_end(peer);
}

/* ---- the answer ---- */

void
ecosys_serve_answered(ecosys_serve_peer *peer, ecosys_serve_outcome outcome, PGresult *result)
{
	peer->outcome = outcome;
	peer->result = result;
	peer->phase = ECOSYS_SERVE_ANSWERED;
	MHD_resume_connection(peer->connection);
}

static void
free_result(void *result)
{
	PQclear(result);
}

/* The names under which a script of another origin may send and read. */
static void
add_cors(ecosys_serve_peer *peer, struct MHD_Response *response)
{
	MHD_add_response_header(response, "Access-Control-Allow-Origin", peer->origin);
	if (!peer->serve->options.any_origin)
		MHD_add_response_header(response, "Vary", "Origin");
	if (peer->preflight)
	{
		MHD_add_response_header(response, "Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE");
		MHD_add_response_header(response, "Access-Control-Allow-Headers",
								"Authorization, Content-Type, Content-Encoding, X-Experience-API-Version, "
								"X-Experience-API-Hash, If-Match, If-None-Match, Accept-Language");
		MHD_add_response_header(response, "Access-Control-Max-Age", "86400");
	}
	else
		MHD_add_response_header(response, "Access-Control-Expose-Headers",
								"ETag, Last-Modified, Location, X-Experience-API-Version, "
								"X-Experience-API-Consistent-Through");
}

static enum MHD_Result
send_response(ecosys_serve_peer *peer, int status, struct MHD_Response *response, size_t length)
{
	enum MHD_Result queued;

	if (response == NULL)
		return MHD_NO;			/* no memory: the connection ends */
	if (peer->origin != NULL)
		add_cors(peer, response);
	if (peer->serve->stopping)
		MHD_add_response_header(response, "Connection", "close");
	peer->status = status;
	set_phase(peer, ECOSYS_SERVE_SENDING, peer->serve->options.timeout * 1000);
	peer->taken = length < WORTH_COMPRESSING ? 0 : bytes_taken(peer);
	queued = MHD_queue_response(peer->connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result
send_text(ecosys_serve_peer *peer, int status, const char *type, const char *text)
{
	size_t		length = strlen(text);
	struct MHD_Response *response = MHD_create_response_from_buffer(length, (void *) text, MHD_RESPMEM_MUST_COPY);

	if (response != NULL)
	{
		if (length > 0)
			MHD_add_response_header(response, "Content-Type", type);
		if (peer->of_base)
			MHD_add_response_header(response, "X-Experience-API-Version", peer->version);
		if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
			MHD_add_response_header(response, "Retry-After", "1");
		if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
			MHD_add_response_header(response, "Allow", "GET, HEAD");
	}
	if (strcmp(peer->method, "HEAD") != 0)
		peer->sent = length;
	return send_response(peer, status, response, length);
}

static enum MHD_Result
send_refusal(ecosys_serve_peer *peer, int status, const char *reason)
{
	char		text[300];

	/* as xapi() says it; the reasons are constants without quotes */
	snprintf(text, sizeof(text), "{\"error\":\"%s\"}", reason);
	return send_text(peer, status, "application/json", text);
}

static enum MHD_Result
send_metrics(ecosys_serve_peer *peer)
{
	ecosys_serve_text text = {0};
	enum MHD_Result queued;

	ecosys_serve_metrics(peer->serve, &text);
	ecosys_serve_text_append(&text, "", 1);
	if (text.failed)
		queued = send_refusal(peer, MHD_HTTP_SERVICE_UNAVAILABLE, reason_of(MHD_HTTP_SERVICE_UNAVAILABLE));
	else
		queued = send_text(peer, MHD_HTTP_OK, "text/plain; version=0.0.4", text.data);
	ecosys_serve_text_free(&text);
	return queued;
}

/* The value of a header that xapi() gave, decoded; its length, 0 if there is none or it is longer than room. */
static size_t
given_header(const char *headers, int length, const char *name, char *value, size_t room)
{
	ecosys_span span;

	if (length == 0 || !ecosys_json_find(headers, length, name, &span) ||
		span.length > room || headers[span.offset] != '"')
		return 0;
	return ecosys_json_decode(headers + span.offset, span.length, value);
}

/* The headers that xapi() gave, but those that are the front's own. */
static void
add_headers(struct MHD_Response *response, const char *headers, int length)
{
	static const char *const own[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", NULL};
	ecosys_json_reader reader;
	ecosys_json_string key;

	ecosys_json_open(&reader, headers, length);
	if (!ecosys_json_enter_object(&reader))
		return;
	while (ecosys_json_next_member(&reader, &key))
	{
		char		name[64];
		char		value[4096];
		ecosys_span span;
		size_t		name_length;
		size_t		value_length;
		bool		ours = false;

		if (!ecosys_json_skip(&reader, &span))
			break;
		if (key.span.length > sizeof(name) || span.length > sizeof(value) || headers[span.offset] != '"')
			continue;
		name_length = ecosys_json_decode(headers + key.span.offset, key.span.length, name);
		value_length = ecosys_json_decode(headers + span.offset, span.length, value);
		name[name_length] = value[value_length] = '\0';
		for (const char *const *known = own; *known != NULL; known++)
			ours |= strcasecmp(name, *known) == 0;
		if (ours || memchr(value, '\0', value_length) != NULL)
			continue;
		/* refuses what would break the header (CR, LF, an empty name) */
		(void) MHD_add_response_header(response, name, value);
	}
}

static bool
worth_compressing(const ecosys_serve_peer *peer, const char *headers, int headers_length, int length)
{
	char		value[128];
	size_t		type;

	if (!peer->accepts_gzip || peer->http_1_0 || length < WORTH_COMPRESSING || strcmp(peer->method, "HEAD") == 0)
		return false;
	/* a document's ETag names its bytes, and clients send it back in If-Match: it stays as it is */
	if (given_header(headers, headers_length, "ETag", value, sizeof(value)) > 0)
		return false;
	type = given_header(headers, headers_length, "Content-Type", value, sizeof(value));
	return (type >= 16 && strncasecmp(value, "application/json", 16) == 0) ||
		(type >= 5 && strncasecmp(value, "text/", 5) == 0);
}

/* Never called: a body that HEAD announces and does not send. */
static ssize_t
read_nothing(void *context, uint64_t position, char *buffer, size_t size)
{
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static enum MHD_Result
send_result(ecosys_serve_peer *peer)
{
	PGresult   *result = peer->result;
	struct MHD_Response *response = NULL;
	const char *body;
	const char *headers;
	int			length;
	int			headers_length;
	uint32_t	status;
	bool		head = strcmp(peer->method, "HEAD") == 0;
	bool		compressed = false;
	bool		owned = true;

	if (PQnfields(result) != 3 || PQgetisnull(result, 0, 0) || PQgetlength(result, 0, 0) != 4)
		return send_refusal(peer, MHD_HTTP_INTERNAL_SERVER_ERROR, "the database gave no answer");
	memcpy(&status, PQgetvalue(result, 0, 0), 4);
	status = ntohl(status);
	if (status < 200 || status > 599)
		return send_refusal(peer, MHD_HTTP_INTERNAL_SERVER_ERROR, "the database gave no answer");
	headers = PQgetvalue(result, 0, 1);
	headers_length = PQgetisnull(result, 0, 1) ? 0 : PQgetlength(result, 0, 1);
	body = PQgetvalue(result, 0, 2);
	length = PQgetisnull(result, 0, 2) ? 0 : PQgetlength(result, 0, 2);
	if (length >= WORTH_COMPRESSING && !ecosys_serve_take_memory(peer, length))
		return send_refusal(peer, MHD_HTTP_SERVICE_UNAVAILABLE, "the server is short of memory for answers");

	if (worth_compressing(peer, headers, headers_length, length))
	{
		response = ecosys_serve_deflate(peer, result, body, length);
		compressed = response != NULL;
	}
	if (head && PQgetisnull(result, 0, 2))
	{
		/* a body that xapi() did not make, but whose length it may have told */
		char		digits[32];
		size_t		digits_length = given_header(headers, headers_length, "Content-Length", digits, sizeof(digits));

		digits[digits_length] = '\0';
		if (digits_length > 0)
		{
			response = MHD_create_response_from_callback(strtoull(digits, NULL, 10), 1024,
														 read_nothing, NULL, NULL);
			owned = false;
		}
	}
	if (response == NULL)
	{
		response = MHD_create_response_from_buffer_with_free_callback_cls(length, (void *) body,
																		  free_result, result);
		owned = response != NULL;
	}
	if (response == NULL)
		return MHD_NO;
	add_headers(response, headers, headers_length);
	if (compressed)
	{
		MHD_add_response_header(response, "Content-Encoding", "gzip");
		MHD_add_response_header(response, "Vary", "Accept-Encoding");
	}
	else if (!head)
		peer->sent = length;
	if (owned)
		peer->result = NULL;	/* the response frees it */
	return send_response(peer, status, response, length);
}

static enum MHD_Result
send_answer(ecosys_serve_peer *peer)
{
	switch (peer->outcome)
	{
		case ECOSYS_SERVE_DONE:
			if (peer->health)
				return send_text(peer, MHD_HTTP_OK, "text/plain; charset=utf-8", "ok\n");
			return send_result(peer);
		case ECOSYS_SERVE_UNAVAILABLE:
			if (peer->health)
				return send_text(peer, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain; charset=utf-8",
								 "the database does not answer\n");
			return send_refusal(peer, MHD_HTTP_SERVICE_UNAVAILABLE, reason_of(MHD_HTTP_SERVICE_UNAVAILABLE));
		default:
			return send_refusal(peer, MHD_HTTP_INTERNAL_SERVER_ERROR, reason_of(MHD_HTTP_INTERNAL_SERVER_ERROR));
	}
}

enum MHD_Result
ecosys_serve_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
					const char *version, const char *upload, size_t *upload_length, void **request)
{
	ecosys_serve *serve = context;
	ecosys_serve_peer *peer = *request;

	if (peer == NULL || peer->cut)
		return MHD_NO;
	if (!peer->looked_at)
	{
		look_at_header(peer, method, version);
		set_phase(peer, ECOSYS_SERVE_BODY, serve->options.timeout * 1000);
		if (peer->refusal != 0 &&
			(peer->announced != 0 || peer->refusal == MHD_HTTP_BAD_REQUEST ||
			 peer->refusal == MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE))
		{
			/* before the body is read; the connection ends with it, also where we cannot tell what follows */
			linger(peer);
			return send_refusal(peer, peer->refusal, peer->reason);
		}
		return MHD_YES;
	}
	if (*upload_length > 0)
	{
		take_piece(peer, upload, *upload_length);
		*upload_length = 0;
		return peer->cut ? MHD_NO : MHD_YES;
	}
	if (peer->phase == ECOSYS_SERVE_ANSWERED)
		return send_answer(peer);
	end_body(peer);
	if (peer->refusal != 0)
		return send_refusal(peer, peer->refusal, peer->reason);
	if (peer->preflight)
		return send_text(peer, MHD_HTTP_NO_CONTENT, "", "");
	if (peer->metrics)
		return send_metrics(peer);
	set_phase(peer, ECOSYS_SERVE_WAITING, 0);
	MHD_suspend_connection(connection);
	ecosys_serve_pool_submit(serve, peer);
	return MHD_YES;
}
