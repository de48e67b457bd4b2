/*
 * client_forward.c - `ecosys forward`: the change feed of an ecosystem to
 * another record store.
 *
 * Statements go in the order of the feed, in batches. The position in the feed
 * is kept in table outboxes after each batch that the target has answered: what
 * was on its way when something broke is sent again, and a record store accepts
 * an equal statement again. If a batch is refused, halves of it are sent until
 * the one statement is found that the target does not want.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "client/client.h"
#include "client/forward_http.h"

/* A request holds no more than this, but for a single statement. */
#define REQUEST_BYTES (8 * 1024 * 1024)

/* Longest wait between two tries of a request, in seconds, whatever the target asks for. */
#define MAX_WAIT 300.0

typedef struct forward
{
	PGconn	   *connection;
	const ecosys_client_target *target;
	const char *schema;			/* quoted */
	const char *name;
	const char *to;
	ecosys_forward_http http;
	bool		skip;			/* go on after a statement that is refused */
	bool		once;
	bool		quiet;
	bool		has_attachments;	/* the ecosystem keeps contents of attachments */
	int			retries;		/* with once: tries of a request after the first */
	double		first_wait;		/* before the second try, in seconds */
	double		poll_seconds;	/* longest time between two looks at the feed */

	unsigned long long forwarded;
	unsigned long long skipped;
	unsigned long long failures;
} forward;

/* Whether to go on. */
typedef enum outcome
{
	GOING,
	STOPPED,					/* a signal */
	FAILED						/* as was reported */
} outcome;

static volatile sig_atomic_t stopping;

static void
stop(int signal_number)
{
	stopping = 1;
}

/*
 * Wait, but not longer than until a signal or, with a socket, something to read
 * there. Slices, because the signal may come just before poll is called.
 */
static void
wait_for(double seconds, int socket)
{
	struct pollfd poller = {.fd = socket,.events = POLLIN};

	while (!stopping && seconds > 0)
	{
		double		slice = fmin(seconds, 0.5);

		if (poll(&poller, socket >= 0 ? 1 : 0, (int) ceil(slice * 1000)) != 0)
			break;
		seconds -= slice;
	}
}

/* Run a command in the schema (%s); NULL: it failed, as was reported. */
static PGresult *
run(forward *f, const char *format, int n, const char *const *values)
{
	char		command[2048];
	PGresult   *result;

	snprintf(command, sizeof(command), format, f->schema, f->schema);
	result = PQexecParams(f->connection, command, n, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	ecosys_client_report_server(f->connection, result);
	PQclear(result);
	return NULL;
}

static bool
do_run(forward *f, const char *format, int n, const char *const *values)
{
	PGresult   *result = run(f, format, n, values);

	PQclear(result);
	return result != NULL;
}

/* ---- the session ---- */

/* Hear of changes, be the only one at this outbox, and find out what the ecosystem has. */
static bool
prepare(forward *f)
{
	const char *ecosystem = f->target->ecosystem == NULL ? "learning" : f->target->ecosystem;
	char		channel[300];
	char	   *quoted;
	const char *values[2] = {f->name, f->to};
	PGresult   *result;
	bool		free_to_go;

	result = run(f, "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1 || '@' || $2, 20))", 2,
				 (const char *const[]) {f->name, ecosystem});
	if (result == NULL)
		return false;
	free_to_go = PQgetvalue(result, 0, 0)[0] == 't';
	PQclear(result);
	if (!free_to_go)
	{
		ecosys_client_report("outbox \"%s\" is being forwarded by another session", f->name);
		return false;
	}
	snprintf(channel, sizeof(channel), "%s_changes", ecosystem);
	quoted = PQescapeIdentifier(f->connection, channel, strlen(channel));
	snprintf(channel, sizeof(channel), "LISTEN %s", quoted);
	PQfreemem(quoted);
	result = PQexec(f->connection, channel);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		ecosys_client_report_server(f->connection, result);
	free_to_go = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	if (!free_to_go)
		return false;
	result = run(f, "SELECT pg_catalog.to_regprocedure($1 || '.multipart_response(json)') IS NOT NULL", 1, &f->schema);
	if (result == NULL)
		return false;
	f->has_attachments = PQgetvalue(result, 0, 0)[0] == 't';
	PQclear(result);
	return do_run(f,
				  "INSERT INTO %s.outboxes AS o (name, target) VALUES ($1, $2)"
				  " ON CONFLICT (name) DO UPDATE SET target = excluded.target WHERE o.target <> excluded.target",
				  2, values);
}

/* After a lost connection: try until there is one again, or a signal. */
static outcome
reconnect(forward *f)
{
	double		seconds = f->first_wait;

	if (f->once)
		return FAILED;
	while (!stopping)
	{
		wait_for(seconds, -1);
		if (stopping)
			break;
		PQfinish(f->connection);
		f->connection = ecosys_client_connect(f->target);
		if (f->connection != NULL)
		{
			f->schema = ecosys_client_schema(f->connection, f->target);
			if (prepare(f))
				return GOING;
			if (PQstatus(f->connection) == CONNECTION_OK)
				return FAILED;
		}
		seconds = fmin(seconds * 2, MAX_WAIT);
	}
	return STOPPED;
}

/* ---- the outbox ---- */

/* The target has answered up to there. */
static bool
write_position(forward *f, const char *position, int forwarded, int skipped, const char *why)
{
	char		numbers[2][16];
	const char *values[5] = {f->name, position, numbers[0], numbers[1], why};

	snprintf(numbers[0], sizeof(numbers[0]), "%d", forwarded);
	snprintf(numbers[1], sizeof(numbers[1]), "%d", skipped);
	f->forwarded += (unsigned long long) forwarded;
	f->skipped += (unsigned long long) skipped;
	return do_run(f,
				  "UPDATE %s.outboxes SET position = $2, forwarded = forwarded + $3::bigint,"
				  " skipped = skipped + $4::bigint, last_error = coalesce($5, last_error),"
				  " updated_at = pg_catalog.clock_timestamp() WHERE name = $1",
				  5, values);
}

static bool
write_failure(forward *f, const char *why)
{
	const char *values[2] = {f->name, why};

	f->failures++;
	return do_run(f,
				  "UPDATE %s.outboxes SET failures = failures + 1, last_error = $2,"
				  " updated_at = pg_catalog.clock_timestamp() WHERE name = $1",
				  2, values);
}

/* ---- requests ---- */

/* Columns of what the feed gives. */
enum
{
	POSITION,
	ID,
	STATEMENT
};

/* The statements of rows [from, to) as a JSON array; free it. */
static char *
array_of(const PGresult *rows, int from, int to, size_t *length)
{
	size_t		size = 2;
	char	   *result;
	char	   *at;

	for (int i = from; i < to; i++)
		size += (size_t) PQgetlength(rows, i, STATEMENT) + 1;
	result = at = malloc(size + 1);
	if (result == NULL)
		return NULL;
	*at++ = '[';
	for (int i = from; i < to; i++)
	{
		if (i > from)
			*at++ = ',';
		memcpy(at, PQgetvalue(rows, i, STATEMENT), (size_t) PQgetlength(rows, i, STATEMENT));
		at += PQgetlength(rows, i, STATEMENT);
	}
	*at++ = ']';
	*at = '\0';
	*length = (size_t) (at - result);
	return result;
}

/*
 * If contents of attachments are here that belong to these statements: the
 * request as multipart/mixed; else *multipart is NULL. False: failed.
 */
static bool
with_attachments(forward *f, const char *array, PGresult **multipart)
{
	char		command[512];
	const char *values[1] = {array};

	*multipart = NULL;
	if (!f->has_attachments || strstr(array, "\"attachments\"") == NULL)
		return true;
	snprintf(command, sizeof(command), "SELECT r.content_type, r.body FROM %s.multipart_response($1::json) r"
			 " WHERE EXISTS (SELECT FROM %s.attachments_of($1::json))", f->schema, f->schema);
	*multipart = PQexecParams(f->connection, command, 1, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(*multipart) != PGRES_TUPLES_OK)
	{
		ecosys_client_report_server(f->connection, *multipart);
		PQclear(*multipart);
		*multipart = NULL;
		return false;
	}
	if (PQntuples(*multipart) == 0)
	{
		PQclear(*multipart);
		*multipart = NULL;
	}
	return true;
}

/* Send rows [from, to) until there is an answer that means something. */
static outcome
post(forward *f, const PGresult *rows, int from, int to, ecosys_forward_reply *reply)
{
	size_t		length;
	char	   *array = array_of(rows, from, to, &length);
	PGresult   *multipart = NULL;
	double		seconds = f->first_wait;
	outcome		result = GOING;

	if (array == NULL)
	{
		ecosys_client_report("out of memory");
		return FAILED;
	}
	if (!with_attachments(f, array, &multipart))
	{
		free(array);
		return FAILED;
	}
	for (int tries = 0;; tries++)
	{
		double		wait;

		if (multipart == NULL)
			ecosys_forward_post(&f->http, "application/json", array, length, reply);
		else
			ecosys_forward_post(&f->http, PQgetvalue(multipart, 0, 0), PQgetvalue(multipart, 0, 1),
								(size_t) PQgetlength(multipart, 0, 1), reply);
		if (reply->answer != ECOSYS_FORWARD_LATER)
			break;
		if (!f->quiet)
			ecosys_client_report("%s: %s", f->http.url, reply->message);
		if (!write_failure(f, reply->message) || (f->once && tries >= f->retries))
		{
			result = FAILED;
			break;
		}
		/* twice as long each time, and not in step with others that the target turns away */
		wait = fmax(seconds * (0.75 + 0.5 * drand48()), reply->retry_after);
		wait_for(fmin(wait, MAX_WAIT), -1);
		if (stopping)
		{
			result = STOPPED;
			break;
		}
		seconds = fmin(seconds * 2, MAX_WAIT);
	}
	PQclear(multipart);
	free(array);
	return result;
}

/* Rows [from, to), and the position behind them. */
static outcome
deliver(forward *f, const PGresult *rows, int from, int to)
{
	ecosys_forward_reply reply;
	char		why[300];
	outcome		result = post(f, rows, from, to, &reply);

	if (result != GOING)
		return result;
	switch (reply.answer)
	{
		case ECOSYS_FORWARD_TAKEN:
			return write_position(f, PQgetvalue(rows, to - 1, POSITION), to - from, 0, NULL) ? GOING : FAILED;
		case ECOSYS_FORWARD_REFUSED:
			if (to - from > 1)
			{
				int			middle = from + (to - from) / 2;

				result = deliver(f, rows, from, middle);
				return result == GOING ? deliver(f, rows, middle, to) : result;
			}
			snprintf(why, sizeof(why), "statement %s: %s", PQgetvalue(rows, from, ID), reply.message);
			if (f->skip)
			{
				if (!f->quiet)
					ecosys_client_report("%s: %s, passed over", f->http.url, why);
				return write_position(f, PQgetvalue(rows, from, POSITION), 0, 1, why) ? GOING : FAILED;
			}
			ecosys_client_report("%s: %s", f->http.url, why);
			fprintf(stderr, "HINT: the target %s; --on-conflict=skip passes over such statements\n",
					reply.status == 409 ? "has another statement with this id" : "does not take this statement");
			(void) write_failure(f, why);
			return FAILED;
		default:
			ecosys_client_report("%s: %s", f->http.url, reply.message);
			(void) write_failure(f, reply.message);
			return FAILED;
	}
}

/* One look at the feed; *n becomes the number of statements found. */
static outcome
forward_some(forward *f, int batch, int *n)
{
	char		rows_wanted[16];
	const char *values[2] = {f->name, rows_wanted};
	PGresult   *rows;
	outcome		result = GOING;

	snprintf(rows_wanted, sizeof(rows_wanted), "%d", batch);
	rows = run(f,
			   "SELECT c.position, c.id, c.statement"
			   "  FROM %s.changes((SELECT o.position FROM %s.outboxes o WHERE o.name = $1), $2::integer) c",
			   2, values);
	if (rows == NULL)
		return FAILED;
	*n = PQntuples(rows);
	for (int from = 0, to; from < *n && result == GOING; from = to)
	{
		size_t		bytes = (size_t) PQgetlength(rows, from, STATEMENT);

		for (to = from + 1; to < *n; to++)
		{
			bytes += (size_t) PQgetlength(rows, to, STATEMENT);
			if (bytes > REQUEST_BYTES)
				break;
		}
		result = stopping ? STOPPED : deliver(f, rows, from, to);
	}
	PQclear(rows);
	return result;
}

/* Until the feed is at its end (once), a signal, or a failure. */
static outcome
forward_all(forward *f, int batch)
{
	double		idle = 0;

	while (!stopping)
	{
		int			n = 0;
		outcome		result = forward_some(f, batch, &n);
		PGnotify   *notify;

		if (result == FAILED && PQstatus(f->connection) != CONNECTION_OK)
			result = reconnect(f);
		if (result != GOING)
			return result;
		if (n > 0)
		{
			idle = 0;
			continue;
		}
		if (f->once)
			return GOING;

		/*
		 * A notification may come before its statements may be read, because
		 * an older transaction is still open: look again soon, then more and
		 * more seldom.
		 */
		idle = fmin(idle == 0 ? 0.1 : idle * 2, f->poll_seconds);
		wait_for(idle, PQsocket(f->connection));
		PQconsumeInput(f->connection);
		while ((notify = PQnotifies(f->connection)) != NULL)
		{
			PQfreemem(notify);
			idle = 0;
		}
	}
	return STOPPED;
}

/* ---- the command line ---- */

/* "key:secret" in the first line of a file that nobody else can read. */
static bool
read_credentials(const char *name, char *line, size_t size, char **secret)
{
	FILE	   *file = fopen(name, "r");
	struct stat status;
	bool		ok = false;

	if (file == NULL || fstat(fileno(file), &status) != 0)
		ecosys_client_report("%s: %s", name, strerror(errno));
	else if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		ecosys_client_report("%s can be read by others; make it yours alone: chmod 600", name);
	else if (fgets(line, (int) size, file) == NULL || (*secret = strchr(line, ':')) == NULL)
		ecosys_client_report("%s: expected one line, key:secret", name);
	else
	{
		line[strcspn(line, "\r\n")] = '\0';
		*(*secret)++ = '\0';
		ok = true;
	}
	if (file != NULL)
		fclose(file);
	return ok;
}

static bool
read_number(const char *text, double min, double max, const char *what, double *number)
{
	char	   *end;

	*number = strtod(text, &end);
	if (end != text && *end == '\0' && *number >= min && *number <= max)
		return true;
	ecosys_client_report("--%s is a number from %g to %g", what, min, max);
	return false;
}

static void
help(FILE *out)
{
	fputs("usage: ecosys forward --to=URL --credentials-file=FILE [OPTION]…\n\n"
		  "Sends the statements of an ecosystem, in the order of its change feed, to another\n"
		  "record store, and goes on as new ones come. Keeps its position in table outboxes.\n\n"
		  "      --to=URL           the record store: what /statements is added to\n"
		  "      --credentials-file=FILE\n"
		  "                         a line key:secret, for Basic authentication\n"
		  "      --name=NAME        of the outbox (the URL)\n"
		  "      --version=VERSION  of xAPI to say: 2.0.0 (default) or 1.0.3\n"
		  "      --once             up to the end of the feed, then stop: for cron\n"
		  "      --on-conflict=stop if the target refuses a statement, stop (default)\n"
		  "      --on-conflict=skip note it in the outbox, and go on\n"
		  "      --batch=N          statements a request (100)\n"
		  "      --poll=SECONDS     longest time between two looks at the feed (10)\n"
		  "      --retries=N        with --once: tries of a request after the first (5)\n"
		  "      --first-wait=SECONDS  before the second try; then twice as long each time (1)\n"
		  "      --timeout=SECONDS  for a request (60)\n"
		  "      --ca-file=FILE     certificates to trust, instead of the system's\n"
		  "      --plain-http       allow http:// to another host: credentials can be read on the way\n"
		  "  -q, --quiet            print only what ends it\n\n", out);
	fputs(ECOSYS_CLIENT_TARGET_HELP, out);
	fputs("\nExit codes: 0 done, or stopped by a signal; 1 failed; 2 wrong usage; 3 done, some refused.\n", out);
}

int
ecosys_client_forward(int argc, char **argv)
{
	enum
	{
		TO = 1000, CREDENTIALS, NAME, VERSION, ONCE, ON_CONFLICT, BATCH, POLL, RETRIES, FIRST_WAIT, TIMEOUT,
		CA_FILE, PLAIN_HTTP, HELP
	};
	static const struct option options[] = {
		ECOSYS_CLIENT_TARGET_LONG,
		{"to", required_argument, NULL, TO},
		{"credentials-file", required_argument, NULL, CREDENTIALS},
		{"name", required_argument, NULL, NAME},
		{"version", required_argument, NULL, VERSION},
		{"once", no_argument, NULL, ONCE},
		{"on-conflict", required_argument, NULL, ON_CONFLICT},
		{"batch", required_argument, NULL, BATCH},
		{"poll", required_argument, NULL, POLL},
		{"retries", required_argument, NULL, RETRIES},
		{"first-wait", required_argument, NULL, FIRST_WAIT},
		{"timeout", required_argument, NULL, TIMEOUT},
		{"ca-file", required_argument, NULL, CA_FILE},
		{"plain-http", no_argument, NULL, PLAIN_HTTP},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, HELP},
		{NULL, 0, NULL, 0}
	};
	ecosys_client_target target = {0};
	forward		f = {.target = &target,.retries = 5,.first_wait = 1,.poll_seconds = 10};
	struct sigaction action = {.sa_handler = stop};
	const char *credentials = NULL;
	const char *version = "2.0.0";
	const char *ca_file = NULL;
	char		line[1024];
	char	   *secret;
	bool		plain_http = false;
	double		batch = 100;
	double		timeout = 60;
	double		number;
	outcome		result = FAILED;
	int			option;

	while ((option = getopt_long(argc, argv, ECOSYS_CLIENT_TARGET_SHORT "q", options, NULL)) != -1)
	{
		bool		ok = true;

		if (ecosys_client_target_option(&target, option, optarg))
			continue;
		switch (option)
		{
			case TO:
				f.to = optarg;
				break;
			case CREDENTIALS:
				credentials = optarg;
				break;
			case NAME:
				f.name = optarg;
				break;
			case VERSION:
				version = optarg;
				break;
			case ONCE:
				f.once = true;
				break;
			case ON_CONFLICT:
				f.skip = strcmp(optarg, "skip") == 0;
				ok = f.skip || strcmp(optarg, "stop") == 0;
				if (!ok)
					ecosys_client_report("--on-conflict is stop or skip");
				break;
			case BATCH:
				ok = read_number(optarg, 1, 10000, "batch", &batch);
				break;
			case POLL:
				ok = read_number(optarg, 0.01, 3600, "poll", &f.poll_seconds);
				break;
			case RETRIES:
				ok = read_number(optarg, 0, 1000, "retries", &number);
				f.retries = (int) number;
				break;
			case FIRST_WAIT:
				ok = read_number(optarg, 0.001, MAX_WAIT, "first-wait", &f.first_wait);
				break;
			case TIMEOUT:
				ok = read_number(optarg, 1, 3600, "timeout", &timeout);
				break;
			case CA_FILE:
				ca_file = optarg;
				break;
			case PLAIN_HTTP:
				plain_http = true;
				break;
			case 'q':
				f.quiet = true;
				break;
			case HELP:
				help(stdout);
				return ECOSYS_EXIT_OK;
			default:
				ok = false;
		}
		if (!ok)
		{
			fputs("`ecosys forward --help` tells more.\n", stderr);
			return ECOSYS_EXIT_USAGE;
		}
	}
	if (f.to == NULL || credentials == NULL || optind < argc)
	{
		if (optind < argc)
			ecosys_client_report("\"%.60s\" is one argument too many", argv[optind]);
		else
			ecosys_client_report("%s is missing", f.to == NULL ? "--to=URL" : "--credentials-file=FILE");
		fputs("`ecosys forward --help` tells more.\n", stderr);
		return ECOSYS_EXIT_USAGE;
	}
	if (!plain_http && !ecosys_forward_is_private(f.to))
	{
		ecosys_client_report("%s: credentials go by https:// only, or to this machine", f.to);
		return ECOSYS_EXIT_USAGE;
	}
	if (!read_credentials(credentials, line, sizeof(line), &secret))
		return ECOSYS_EXIT_FAILED;
	if (f.name == NULL)
		f.name = f.to;

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	srand48((long) time(NULL) ^ getpid());
	curl_global_init(CURL_GLOBAL_DEFAULT);
	f.connection = ecosys_client_connect(&target);
	if (f.connection == NULL)
		return ECOSYS_EXIT_FAILED;
	f.schema = ecosys_client_schema(f.connection, &target);
	if (!ecosys_forward_http_open(&f.http, f.to, line, secret, version, ca_file, (long) timeout))
		ecosys_client_report("out of memory");
	else if (prepare(&f))
		result = forward_all(&f, (int) batch);
	if (!f.quiet)
		printf("%llu forwarded, %llu passed over, %llu requests failed\n", f.forwarded, f.skipped, f.failures);
	ecosys_forward_http_close(&f.http);
	curl_global_cleanup();
	PQfinish(f.connection);
	if (result == FAILED)
		return ECOSYS_EXIT_FAILED;
	return f.skipped > 0 ? ECOSYS_EXIT_REJECTS : ECOSYS_EXIT_OK;
}
