/*
 * serve.h - what the parts of `ecosys serve` share.
 *
 * One thread does everything, in one epoll loop: libmicrohttpd speaks HTTP on
 * its sockets (external polling; a request that waits for the database is a
 * suspended connection), libpq speaks to the server without ever blocking. So
 * a request costs no switch of threads and no lock, and a slow client, a slow
 * query or a lost server holds up nobody else.
 *
 *		client_serve.c		options, listening, signals, the loop
 *		serve_request.c		from HTTP to the parameters of xapi(), and back
 *		serve_pool.c		the connections to the server, the queue before them
 *		serve_gzip.c		bodies that are compressed, in both directions
 *		serve_watch.c		access log and figures
 *		serve_text.c		the texts of HTTP, plain
 */
#ifndef ECOSYS_SERVE_H
#define ECOSYS_SERVE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

#include "client/client.h"
#include "client/serve_text.h"

typedef struct ecosys_serve_options
{
	ecosys_client_target target;
	const char *listen;			/* HOST:PORT or unix:PATH */
	const char *base_path;		/* without a slash at its end */
	int			connections;	/* to the server */
	int			max_clients;
	size_t		max_body;
	size_t		max_header;
	size_t		max_memory;		/* for bodies and answers, all requests together */
	int			timeout;		/* seconds: for a header, and for a body beside its minimal rate */
	int			statement_timeout;	/* seconds */
	const char *tls_certificate;
	const char *tls_key;
	bool		allow_plain;
	bool		quiet;
	const char *access_log;		/* a file, "-" or NULL */
	const char **origins;		/* CORS */
	size_t		origin_count;
	bool		any_origin;
} ecosys_serve_options;

/* What epoll's data points to starts with one of these. */
typedef enum ecosys_serve_source
{
	ECOSYS_SERVE_HTTP,			/* libmicrohttpd's own epoll */
	ECOSYS_SERVE_SIGNAL,
	ECOSYS_SERVE_SERVER,		/* an ecosys_serve_server */
	ECOSYS_SERVE_LINGER			/* an ecosys_serve_linger */
} ecosys_serve_source;

/* Methods that are counted apart. */
#define ECOSYS_SERVE_METHODS 7

/* Upper bounds of the latency histogram, in microseconds. */
#define ECOSYS_SERVE_BUCKETS 13

typedef struct ecosys_serve_figures
{
	uint64_t	requests[ECOSYS_SERVE_METHODS][6];	/* by method and hundreds of the status; 0: cut off */
	uint64_t	buckets[ECOSYS_SERVE_BUCKETS + 1];
	uint64_t	microseconds;
	uint64_t	bytes_in;
	uint64_t	bytes_out;
	uint64_t	clients_accepted;
	uint64_t	clients_cut;	/* too slow, or silent */
	uint64_t	malformed;		/* refused before xapi() */
	uint64_t	server_lost;	/* connections to the server that ended */
	uint64_t	server_errors;	/* errors raised through xapi() */
	uint64_t	server_retries;
	uint64_t	queue_expired;
} ecosys_serve_figures;

typedef struct ecosys_serve ecosys_serve;
typedef struct ecosys_serve_server ecosys_serve_server;

/* What a client's connection is doing. */
typedef enum ecosys_serve_phase
{
	ECOSYS_SERVE_IDLE,			/* no request, or its first line is not complete */
	ECOSYS_SERVE_HEADER,
	ECOSYS_SERVE_BODY,
	ECOSYS_SERVE_WAITING,		/* for a connection to the server, or its answer */
	ECOSYS_SERVE_ANSWERED,		/* the answer is to be sent */
	ECOSYS_SERVE_SENDING
} ecosys_serve_phase;

/* What the database gave. */
typedef enum ecosys_serve_outcome
{
	ECOSYS_SERVE_NONE,
	ECOSYS_SERVE_DONE,			/* `result` has a row, and its transaction is committed */
	ECOSYS_SERVE_UNAVAILABLE,	/* not done, or nobody knows: try again */
	ECOSYS_SERVE_FAILED			/* refused by the server for a reason that stays */
} ecosys_serve_outcome;

/* A client's connection with the request on it; HTTP/1.1 has one at a time. */
typedef struct ecosys_serve_peer
{
	ecosys_serve *serve;
	struct ecosys_serve_peer *previous;
	struct ecosys_serve_peer *next;
	struct MHD_Connection *connection;
	int			fd;
	char		address[64];
	bool		local;			/* loopback or a unix socket */
	bool		cut;			/* its end is decided */
	ecosys_serve_phase phase;
	int64_t		deadline;		/* of this phase, in milliseconds; 0: none */

	/* the request; the texts keep their memory from one to the next */
	int64_t		started;		/* microseconds */
	ecosys_serve_text uri;		/* as the client sent it */
	ecosys_serve_text headers;	/* JSON */
	const char *uri_in_block;	/* where libmicrohttpd has it */
	const char *method;
	const char *path;			/* within uri */
	size_t		path_length;
	const char *query;
	size_t		query_length;
	bool		http_1_0;
	bool		looked_at;		/* the header was checked */
	bool		of_base;		/* the path is below the base path */
	bool		health;
	bool		metrics;
	bool		preflight;
	bool		accepts_gzip;
	const char *origin;			/* what Access-Control-Allow-Origin says, or NULL */
	char		version[8];		/* X-Experience-API-Version of answers made here */
	int			refusal;		/* a status to answer without asking the database; 0: none */
	const char *reason;			/* constant */
	uint64_t	announced;		/* Content-Length, or UINT64_MAX */
	uint64_t	received;		/* bytes of the body as they came */
	uint64_t	discarded;
	ecosys_serve_text body;
	z_stream   *inflating;
	bool		inflated_all;

	/* the answer */
	struct ecosys_serve_peer *queue_previous;
	struct ecosys_serve_peer *queue_next;
	int64_t		queued;			/* milliseconds */
	bool		retried;
	ecosys_serve_outcome outcome;
	PGresult   *result;
	int			status;
	uint64_t	sent;			/* bytes of the answer's body */
	uint64_t	taken;			/* bytes of the connection that the client had acknowledged when last looked at */
	size_t		memory;			/* what it holds of serve->memory */
} ecosys_serve_peer;

/* A connection whose client may still be sending what nobody wants: read and drop, so that it sees the answer. */
typedef struct ecosys_serve_linger
{
	ecosys_serve_source source;
	int			fd;
	int64_t		deadline;
	uint64_t	left;			/* bytes it may still send */
	struct ecosys_serve_linger *next;
} ecosys_serve_linger;

struct ecosys_serve
{
	ecosys_serve_options options;
	struct MHD_Daemon *daemon;
	bool		raw_check;		/* libmicrohttpd 0.9: see serve_request.c */
	int			epoll;
	int64_t		now;			/* milliseconds, taken once a turn of the loop */
	bool		stopping;
	int64_t		stop_deadline;

	ecosys_serve_peer *peers;
	int			peer_count;
	ecosys_serve_linger *lingering;
	int			linger_count;
	size_t		memory;			/* held by bodies and answers */

	/* serve_pool.c */
	char	   *statement;		/* SELECT … FROM ….xapi($1, $2, $3, $4, $5) */
	ecosys_serve_server *servers;
	ecosys_serve_server *idle;
	ecosys_serve_peer *queue_first;
	ecosys_serve_peer *queue_last;
	int			queue_length;
	int			servers_up;
	int			servers_busy;
	size_t		kept;			/* bytes of buffers that libpq keeps from large requests */
	int64_t		complained;		/* when the server's absence was last reported */

	/* serve_watch.c */
	ecosys_serve_figures figures;
	ecosys_serve_text log;
	int			log_file;		/* -1: none */
};

/* serve_pool.c */
extern bool ecosys_serve_pool_start(ecosys_serve *serve);
extern void ecosys_serve_pool_submit(ecosys_serve *serve, ecosys_serve_peer *peer);
extern void ecosys_serve_pool_event(ecosys_serve *serve, ecosys_serve_server *server, uint32_t events);
extern void ecosys_serve_pool_tick(ecosys_serve *serve);
extern void ecosys_serve_pool_stop(ecosys_serve *serve);

/* serve_request.c */
extern enum MHD_Result ecosys_serve_handle(void *context, struct MHD_Connection *connection, const char *url,
										   const char *method, const char *version, const char *upload,
										   size_t *upload_length, void **request);
extern void *ecosys_serve_first_line(void *context, const char *uri, struct MHD_Connection *connection);
extern void ecosys_serve_completed(void *context, struct MHD_Connection *connection, void **request,
								   enum MHD_RequestTerminationCode code);
extern void ecosys_serve_connection(void *context, struct MHD_Connection *connection, void **socket_context,
									enum MHD_ConnectionNotificationCode code);
extern size_t ecosys_serve_keep_escapes(void *context, struct MHD_Connection *connection, char *text);
extern void ecosys_serve_fault(void *context, const char *format, va_list arguments);
extern void ecosys_serve_answered(ecosys_serve_peer *peer, ecosys_serve_outcome outcome, PGresult *result);
extern void ecosys_serve_cut(ecosys_serve_peer *peer);
extern void ecosys_serve_peers_tick(ecosys_serve *serve);
extern void ecosys_serve_linger_event(ecosys_serve *serve, ecosys_serve_linger *linger);
extern void ecosys_serve_linger_tick(ecosys_serve *serve, bool all);

/* serve_gzip.c */
extern bool ecosys_serve_inflate_start(ecosys_serve_peer *peer);
extern void ecosys_serve_inflate_end(ecosys_serve_peer *peer);

/* Inflate a piece into the body. 0, or the status to refuse the request with. */
extern int	ecosys_serve_inflate(ecosys_serve_peer *peer, const char *data, size_t length);

/* A response that compresses `data` while it is sent; owns result. NULL: no memory, and it does not. */
extern struct MHD_Response *ecosys_serve_deflate(ecosys_serve_peer *peer, PGresult *result,
												  const char *data, size_t length);

/* serve_watch.c */
extern bool ecosys_serve_log_open(ecosys_serve *serve);
extern void ecosys_serve_log_flush(ecosys_serve *serve);
extern void ecosys_serve_count(ecosys_serve_peer *peer);
extern void ecosys_serve_metrics(ecosys_serve *serve, ecosys_serve_text *text);

/* Take or give back memory of the common limit. */
extern bool ecosys_serve_take_memory(ecosys_serve_peer *peer, size_t size);

extern int64_t ecosys_serve_microseconds(void);

#endif							/* ECOSYS_SERVE_H */
