/*
 * serve_pool.c - the connections of `ecosys serve` to the server, and the queue before them.
 *
 * Nothing here blocks: connecting, setting up, sending and receiving go on as
 * the sockets allow. A request goes to the connection that was used last
 * (whose backend is warm), or waits.
 *
 * What is certain decides what is answered. A result counts only when the
 * server is ready for the next query without an error in between: the
 * transaction of an extended query commits after its rows were sent. A
 * connection that ends before that leaves the outcome unknown: 503, never a
 * success, and never sent again from here. What the server says to have rolled
 * back for reasons of concurrency is tried once more.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "client/serve.h"

typedef enum server_state
{
	SERVER_DOWN,
	SERVER_CONNECTING,
	SERVER_SETTING,
	SERVER_PREPARING,
	SERVER_IDLE,
	SERVER_BUSY
} server_state;

struct ecosys_serve_server
{
	ecosys_serve_source source;
	server_state state;
	PGconn	   *connection;
	int			fd;				/* as registered with epoll; -1: not */
	uint32_t	events;
	int64_t		retry_at;		/* when down */
	int			failures;		/* in a row */
	int64_t		deadline;		/* of connecting, or of the query; 0: none */
	ecosys_serve_peer *peer;
	PGresult   *result;			/* of the query, until the server is ready again */
	bool		failed;			/* an error came */
	size_t		kept;			/* see recycle() */
	ecosys_serve_server *next_idle;
};

#define STATEMENT_NAME "ecosys_xapi"

/* A lost server is looked for this often, in milliseconds: first and at most. */
#define FIRST_RETRY 20
#define LAST_RETRY 200
#define CONNECT_TIME 10000

/* What a request may wait for while no connection is up: a restart of the server takes that long. */
#define WAIT_FOR_SERVER 2000
#define WAIT_FOR_HEALTH 2000

/* libpq's buffers do not shrink: beyond this sum, a connection that had a large request is replaced. */
#define MOST_KEPT (16 * 1024 * 1024)
#define LARGE (1024 * 1024)

static void dispatch(ecosys_serve *serve);

static void
ignore_notice(void *context, const PGresult *result)
{
}

/* Say why the server is not there, at most every ten seconds. */
static void
complain(ecosys_serve *serve, ecosys_serve_server *server)
{
	if (serve->stopping || (serve->complained != 0 && serve->now - serve->complained < 10000))
		return;
	serve->complained = serve->now;
	/* libpq's text names host and cause; what the server says in the middle of a query may quote data */
	if (server->state < SERVER_IDLE)
		ecosys_client_report_server(server->connection, NULL);
	else
		ecosys_client_report("a connection to the server ended");
}

static void
watch(ecosys_serve *serve, ecosys_serve_server *server, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = server};
	int			fd = PQsocket(server->connection);

	if (fd < 0 || (fd == server->fd && events == server->events))
		return;
	/* while connecting, libpq may close a socket and open another one of the same number */
	if (epoll_ctl(serve->epoll, EPOLL_CTL_MOD, fd, &event) != 0 && errno == ENOENT)
		(void) epoll_ctl(serve->epoll, EPOLL_CTL_ADD, fd, &event);
	server->fd = fd;
	server->events = events;
}

static void
leave_idle(ecosys_serve *serve, ecosys_serve_server *server)
{
	for (ecosys_serve_server **at = &serve->idle; *at != NULL; at = &(*at)->next_idle)
	{
		if (*at == server)
		{
			*at = server->next_idle;
			return;
		}
	}
}

/* The request's share is over: give the peer its answer. */
static void
finish(ecosys_serve *serve, ecosys_serve_server *server, ecosys_serve_outcome outcome)
{
	ecosys_serve_peer *peer = server->peer;
	PGresult   *result = server->result;

	server->peer = NULL;
	server->result = NULL;
	server->failed = false;
	if (outcome != ECOSYS_SERVE_DONE)
	{
		PQclear(result);
		result = NULL;
	}
	if (peer != NULL)
		ecosys_serve_answered(peer, outcome, result);
	else
		PQclear(result);
}

static void
go_down(ecosys_serve *serve, ecosys_serve_server *server)
{
	if (server->state == SERVER_IDLE)
		leave_idle(serve, server);
	if (server->state >= SERVER_IDLE)
	{
		serve->servers_up--;
		if (server->state == SERVER_BUSY)
			serve->servers_busy--;
		server->failures = 0;
	}
	serve->kept -= server->kept;
	server->kept = 0;
	PQfinish(server->connection);
	server->connection = NULL;
	server->fd = -1;
	server->events = 0;
	server->state = SERVER_DOWN;
	server->deadline = 0;
	server->retry_at = serve->now + (server->failures > 3 ? LAST_RETRY : FIRST_RETRY << server->failures);
	server->failures++;
	finish(serve, server, ECOSYS_SERVE_UNAVAILABLE);
}

/* The connection ended or cannot be used any more. */
static void
lose(ecosys_serve *serve, ecosys_serve_server *server)
{
	serve->figures.server_lost++;
	complain(serve, server);
	go_down(serve, server);
}

static void
start_connecting(ecosys_serve *serve, ecosys_serve_server *server)
{
	const ecosys_client_target *target = &serve->options.target;
	const char *const keywords[] = {"dbname", "host", "port", "user", "application_name", "client_encoding", NULL};
	const char *const values[] = {target->dbname, target->host, target->port, target->user,
	"ecosys serve", "UTF8", NULL};

	server->connection = PQconnectStartParams(keywords, values, 1);
	server->state = SERVER_CONNECTING;
	server->deadline = serve->now + CONNECT_TIME;
	if (server->connection == NULL || PQstatus(server->connection) == CONNECTION_BAD)
	{
		lose(serve, server);
		return;
	}
	PQsetNoticeReceiver(server->connection, ignore_notice, NULL);
	watch(serve, server, EPOLLOUT);
}

/* Flush what is to be sent; false: the connection is gone. */
static bool
flush(ecosys_serve *serve, ecosys_serve_server *server)
{
	int			left = PQflush(server->connection);

	if (left < 0)
		return false;
	watch(serve, server, left > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
	return true;
}

static bool
send_settings(ecosys_serve *serve, ecosys_serve_server *server)
{
	char		settings[512];

	snprintf(settings, sizeof(settings),
			 "SET search_path = ''; SET default_transaction_isolation = 'read committed';"
			 " SET client_min_messages = error; SET statement_timeout = '%ds'",
			 serve->options.statement_timeout);
	server->state = SERVER_SETTING;
	return PQsetnonblocking(server->connection, 1) == 0 && PQsendQuery(server->connection, settings) &&
		flush(serve, server);
}

static bool
send_prepare(ecosys_serve *serve, ecosys_serve_server *server)
{
	/* text, text, text, json, bytea */
	static const Oid types[5] = {25, 25, 25, 114, 17};

	server->state = SERVER_PREPARING;
	return PQsendPrepare(server->connection, STATEMENT_NAME, serve->statement, 5, types) && flush(serve, server);
}

static void
become_idle(ecosys_serve *serve, ecosys_serve_server *server)
{
	if (server->state == SERVER_BUSY)
		serve->servers_busy--;
	else
	{
		serve->servers_up++;
		server->failures = 0;
		serve->complained = 0;
	}
	server->state = SERVER_IDLE;
	server->deadline = 0;
	if (serve->kept > MOST_KEPT && server->kept > 0)
	{
		go_down(serve, server);
		start_connecting(serve, server);
		return;
	}
	server->next_idle = serve->idle;
	serve->idle = server;
}

static bool
send_request(ecosys_serve *serve, ecosys_serve_server *server, ecosys_serve_peer *peer)
{
	bool		sent;

	if (peer->health)
		sent = PQsendQueryParams(server->connection, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0);
	else
	{
		/* HEAD is GET without its body, and only a body has a length to tell */
		const char *method = strcmp(peer->method, "HEAD") == 0 ? "GET" : peer->method;
		const char *values[5] = {method, peer->path, peer->query, peer->headers.data,
		peer->body.length == 0 ? "" : peer->body.data};
		int			lengths[5] = {(int) strlen(method), (int) peer->path_length, (int) peer->query_length,
		(int) peer->headers.length, (int) peer->body.length};
		static const int formats[5] = {1, 1, 1, 1, 1};

		sent = PQsendQueryPrepared(server->connection, STATEMENT_NAME, 5, values, lengths, formats, 1);
	}
	server->peer = peer;
	if (!sent || !flush(serve, server))
		return false;
	server->state = SERVER_BUSY;
	serve->servers_busy++;
	if (peer->health)
		server->deadline = serve->now + WAIT_FOR_HEALTH;
	else if (serve->options.statement_timeout > 0)
		server->deadline = serve->now + serve->options.statement_timeout * 1000 + 5000;
	if (peer->body.length > LARGE)
	{
		/* libpq has its own copy; one is enough */
		if (peer->body.length > server->kept)
		{
			serve->kept += peer->body.length - server->kept;
			server->kept = peer->body.length;
		}
		ecosys_serve_text_free(&peer->body);
		peer->retried = true;
	}
	return true;
}

static void
unqueue(ecosys_serve *serve, ecosys_serve_peer *peer)
{
	if (peer->queue_previous != NULL)
		peer->queue_previous->queue_next = peer->queue_next;
	else
		serve->queue_first = peer->queue_next;
	if (peer->queue_next != NULL)
		peer->queue_next->queue_previous = peer->queue_previous;
	else
		serve->queue_last = peer->queue_previous;
	peer->queue_previous = peer->queue_next = NULL;
	serve->queue_length--;
}

static void
enqueue(ecosys_serve *serve, ecosys_serve_peer *peer, bool first)
{
	if (first)
	{
		peer->queue_next = serve->queue_first;
		peer->queue_previous = NULL;
		if (serve->queue_first != NULL)
			serve->queue_first->queue_previous = peer;
		else
			serve->queue_last = peer;
		serve->queue_first = peer;
	}
	else
	{
		peer->queue_next = NULL;
		peer->queue_previous = serve->queue_last;
		if (serve->queue_last != NULL)
			serve->queue_last->queue_next = peer;
		else
			serve->queue_first = peer;
		serve->queue_last = peer;
	}
	serve->queue_length++;
}

static void
dispatch(ecosys_serve *serve)
{
	while (serve->queue_first != NULL && serve->idle != NULL)
	{
		ecosys_serve_server *server = serve->idle;
		ecosys_serve_peer *peer = serve->queue_first;

		unqueue(serve, peer);
		serve->idle = server->next_idle;
		if (!send_request(serve, server, peer))
		{
			/* part of it may have gone out: unknown, though hardly ever done */
			server->state = SERVER_BUSY;
			serve->servers_busy++;
			lose(serve, server);
		}
	}
}

void
ecosys_serve_pool_submit(ecosys_serve *serve, ecosys_serve_peer *peer)
{
	peer->queued = serve->now;
	peer->retried = false;
	enqueue(serve, peer, peer->health);
	dispatch(serve);
}

/*
 * What an error raised through xapi() means for the client. Report it by its
 * code; the message may quote data, so it is told only for faults of the set-up.
 */
static ecosys_serve_outcome
judge_error(ecosys_serve *serve, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	serve->figures.server_errors++;
	if (state == NULL)
		return ECOSYS_SERVE_UNAVAILABLE;
	if (strncmp(state, "40", 2) == 0 || strncmp(state, "53", 2) == 0 || strncmp(state, "55", 2) == 0 ||
		strncmp(state, "57", 2) == 0 || strcmp(state, "25006") == 0)
	{
		if (strncmp(state, "40", 2) != 0)
			ecosys_client_report("a request ended with SQLSTATE %.5s", state);
		return ECOSYS_SERVE_UNAVAILABLE;
	}
	if (strncmp(state, "42", 2) == 0 || strncmp(state, "3F", 2) == 0)
		ecosys_client_report("a request failed: %.300s (%.5s)", message == NULL ? "" : message, state);
	else
		ecosys_client_report("a request failed with SQLSTATE %.5s; the server's log tells more", state);
	return ECOSYS_SERVE_FAILED;
}

static bool
may_retry(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0);
}

/* The server is ready for the next query. */
static void
query_ended(ecosys_serve *serve, ecosys_serve_server *server)
{
	ecosys_serve_peer *peer = server->peer;
	ecosys_serve_outcome outcome = ECOSYS_SERVE_FAILED;
	size_t		size;

	if (server->failed)
	{
		outcome = judge_error(serve, server->result);
		if (may_retry(server->result) && !peer->retried)
		{
			peer->retried = true;
			serve->figures.server_retries++;
			PQclear(server->result);
			server->result = NULL;
			server->failed = false;
			server->peer = NULL;
			enqueue(serve, peer, true);
			become_idle(serve, server);
			return;
		}
	}
	else if (server->result != NULL && PQntuples(server->result) == 1)
		outcome = ECOSYS_SERVE_DONE;
	else
		ecosys_client_report("xapi() gave no answer to a request");
	size = server->result == NULL ? 0 : PQresultMemorySize(server->result);
	if (size > LARGE && size > server->kept)
	{
		serve->kept += size - server->kept;
		server->kept = size;
	}
	finish(serve, server, outcome);
	become_idle(serve, server);
}

/* Take the results that are there; false: the connection is gone. */
static bool
take_results(ecosys_serve *serve, ecosys_serve_server *server)
{
	while (!PQisBusy(server->connection))
	{
		PGresult   *result = PQgetResult(server->connection);
		ExecStatusType status;

		if (result == NULL)
		{
			if (PQstatus(server->connection) != CONNECTION_OK ||
				PQtransactionStatus(server->connection) != PQTRANS_IDLE)
				return false;
			if (server->state == SERVER_BUSY)
				query_ended(serve, server);
			else if (server->failed)
				return false;
			else if (server->state == SERVER_SETTING)
				return send_prepare(serve, server);
			else
				become_idle(serve, server);
			return true;
		}
		status = PQresultStatus(result);
		if (status == PGRES_TUPLES_OK && !server->failed && server->state == SERVER_BUSY)
		{
			PQclear(server->result);
			server->result = result;
			continue;
		}
		if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && !server->failed)
		{
			/* an error after the rows is an error of the commit */
			PQclear(server->result);
			server->result = result;
			server->failed = true;
			if (server->state != SERVER_BUSY)
				complain(serve, server);
			continue;
		}
		PQclear(result);
	}
	return true;
}

void
ecosys_serve_pool_event(ecosys_serve *serve, ecosys_serve_server *server, uint32_t events)
{
	bool		good = true;

	switch (server->state)
	{
		case SERVER_DOWN:
			return;
		case SERVER_CONNECTING:
			switch (PQconnectPoll(server->connection))
			{
				case PGRES_POLLING_READING:
					watch(serve, server, EPOLLIN);
					break;
				case PGRES_POLLING_WRITING:
					watch(serve, server, EPOLLOUT);
					break;
				case PGRES_POLLING_OK:
					good = send_settings(serve, server);
					break;
				default:
					good = false;
			}
			break;
		default:
			if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				good = PQconsumeInput(server->connection) && flush(serve, server);
			else
				good = flush(serve, server);
			if (server->state == SERVER_IDLE)
			{
				/* a notice, or the farewell of a server that stops */
				good = good && PQstatus(server->connection) == CONNECTION_OK;
				if (good && !PQisBusy(server->connection))
					PQclear(PQgetResult(server->connection));
				good = good && PQstatus(server->connection) == CONNECTION_OK;
			}
			else if (good)
				good = take_results(serve, server);
	}
	if (!good)
		lose(serve, server);
	dispatch(serve);
}

void
ecosys_serve_pool_tick(ecosys_serve *serve)
{
	for (int i = 0; i < serve->options.connections; i++)
	{
		ecosys_serve_server *server = &serve->servers[i];

		if (server->state == SERVER_DOWN)
		{
			if (!serve->stopping && serve->now >= server->retry_at)
				start_connecting(serve, server);
		}
		else if (server->deadline != 0 && serve->now >= server->deadline)
		{
			if (server->state == SERVER_BUSY)
				ecosys_client_report("the server does not answer: its connection is given up");
			go_down(serve, server);
		}
	}
	for (ecosys_serve_peer *peer = serve->queue_first; peer != NULL;)
	{
		ecosys_serve_peer *next = peer->queue_next;
		int64_t		limit = peer->health ? WAIT_FOR_HEALTH :
			serve->servers_up == 0 ? WAIT_FOR_SERVER : serve->options.timeout * 1000;

		if (serve->now - peer->queued >= limit)
		{
			unqueue(serve, peer);
			serve->figures.queue_expired++;
			ecosys_serve_answered(peer, ECOSYS_SERVE_UNAVAILABLE, NULL);
		}
		peer = next;
	}
	dispatch(serve);
}

bool
ecosys_serve_pool_start(ecosys_serve *serve)
{
	PGconn	   *connection = ecosys_client_connect(&serve->options.target);
	PGresult   *result;
	char		call[256];
	char		table[256];
	const char *schema;
	const char *parameters[2] = {call, table};

	/* the first connection is made aloud: what is wrong with the set-up is told at once */
	if (connection == NULL)
		return false;
	schema = ecosys_client_schema(connection, &serve->options.target);
	if (schema == NULL ||
		snprintf(call, sizeof(call), "%s.xapi(text, text, text, json, bytea)", schema) >= (int) sizeof(call) ||
		snprintf(table, sizeof(table), "%s.credentials", schema) >= (int) sizeof(table))
	{
		ecosys_client_report("this is no name of an ecosystem");
		PQfinish(connection);
		return false;
	}
	/* anybody may run xapi(), which runs with the caller's rights: those on credentials tell */
	result = PQexecParams(connection, "SELECT pg_catalog.to_regprocedure($1) IS NOT NULL AND"
						  " pg_catalog.has_function_privilege(pg_catalog.to_regprocedure($1), 'EXECUTE') AND"
						  " coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass($2), 'SELECT'), true)",
						  2, NULL, parameters, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
	{
		ecosys_client_report_server(connection, result);
		PQclear(result);
		PQfinish(connection);
		return false;
	}
	if (strcmp(PQgetvalue(result, 0, 0), "t") != 0)
	{
		ecosys_client_report("%s is not there, or role \"%s\" may not serve it", call, PQuser(connection));
		fprintf(stderr, "HINT: its owner lets roles in: SELECT %s.grant_access(ROLE, 'serve')\n", schema);
		PQclear(result);
		PQfinish(connection);
		return false;
	}
	PQclear(result);
	serve->statement = malloc(strlen(schema) + 100);
	serve->servers = calloc(serve->options.connections, sizeof(ecosys_serve_server));
	if (serve->statement == NULL || serve->servers == NULL)
	{
		ecosys_client_report("out of memory");
		PQfinish(connection);
		return false;
	}
	sprintf(serve->statement, "SELECT status, headers, body FROM %s.xapi($1, $2, $3, $4, $5)", schema);
	PQfinish(connection);
	for (int i = 0; i < serve->options.connections; i++)
	{
		serve->servers[i].source = ECOSYS_SERVE_SERVER;
		serve->servers[i].fd = -1;
		start_connecting(serve, &serve->servers[i]);
	}
	return true;
}

void
ecosys_serve_pool_stop(ecosys_serve *serve)
{
	while (serve->queue_first != NULL)
	{
		ecosys_serve_peer *peer = serve->queue_first;

		unqueue(serve, peer);
		ecosys_serve_answered(peer, ECOSYS_SERVE_UNAVAILABLE, NULL);
	}
	for (int i = 0; i < serve->options.connections; i++)
	{
		if (serve->servers[i].state != SERVER_DOWN)
			go_down(serve, &serve->servers[i]);
	}
	free(serve->servers);
	free(serve->statement);
}
