/*
 * serve_watch.c - the access log and the figures of `ecosys serve`.
 *
 * Neither holds personal data beyond the client's address in the log: a path
 * is told without its query, which may name people.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/serve.h"

/* Upper bounds in microseconds, and as Prometheus is told them, in seconds. */
static const int64_t bucket_bounds[ECOSYS_SERVE_BUCKETS] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 10000000
};
static const char *const bucket_names[ECOSYS_SERVE_BUCKETS] = {
	"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "10"
};
static const char *const method_names[ECOSYS_SERVE_METHODS] = {
	"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "other"
};

/* Longest part of a path in the log. */
#define LOGGED_PATH 200

int64_t
ecosys_serve_microseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

bool
ecosys_serve_take_memory(ecosys_serve_peer *peer, size_t size)
{
	if (peer->serve->memory + size > peer->serve->options.max_memory)
		return false;
	peer->serve->memory += size;
	peer->memory += size;
	return true;
}

bool
ecosys_serve_log_open(ecosys_serve *serve)
{
	const char *name = serve->options.access_log;
	int			file;

	if (name == NULL || strcmp(name, "-") == 0)
	{
		serve->log_file = name == NULL ? -1 : STDOUT_FILENO;
		return true;
	}
	file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (file < 0)
	{
		ecosys_client_report("cannot open \"%s\": %s", name, strerror(errno));
		return false;
	}
	if (serve->log_file > STDERR_FILENO)
		close(serve->log_file);
	serve->log_file = file;
	return true;
}

void
ecosys_serve_log_flush(ecosys_serve *serve)
{
	size_t		done = 0;

	while (done < serve->log.length)
	{
		ssize_t		n = write(serve->log_file, serve->log.data + done, serve->log.length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;				/* a full disk loses lines, not requests */
		done += n;
	}
	serve->log.length = 0;
	serve->log.failed = false;
}

static void
log_request(ecosys_serve_peer *peer, int64_t took)
{
	static time_t second = 0;
	static char stamp[32];
	ecosys_serve_text *log = &peer->serve->log;
	struct timespec t;
	size_t		length = peer->path_length < LOGGED_PATH ? peer->path_length : LOGGED_PATH;

	clock_gettime(CLOCK_REALTIME, &t);
	if (t.tv_sec != second)
	{
		struct tm	parts;

		second = t.tv_sec;
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", gmtime_r(&second, &parts));
	}
	ecosys_serve_text_format(log, "%s.%03dZ %s %.16s ", stamp, (int) (t.tv_nsec / 1000000), peer->address,
							 peer->method == NULL ? "-" : peer->method);
	/* the path was proved free of blanks and control characters, or it is not told */
	if (length == 0)
		ecosys_serve_text_append(log, "-", 1);
	else
		ecosys_serve_text_append(log, peer->path, length);
	ecosys_serve_text_format(log, " %d %llu %.3f\n", peer->status, (unsigned long long) peer->sent, took / 1000.0);
	if (log->length > 64 * 1024)
		ecosys_serve_log_flush(peer->serve);
}

void
ecosys_serve_count(ecosys_serve_peer *peer)
{
	ecosys_serve_figures *figures = &peer->serve->figures;
	int64_t		took = ecosys_serve_microseconds() - peer->started;
	int			method = 0;
	int			bucket = 0;

	while (method < ECOSYS_SERVE_METHODS - 1 &&
		   (peer->method == NULL || strcmp(peer->method, method_names[method]) != 0))
		method++;
	while (bucket < ECOSYS_SERVE_BUCKETS && took > bucket_bounds[bucket])
		bucket++;
	figures->requests[method][peer->status >= 100 && peer->status < 600 ? peer->status / 100 : 0]++;
	figures->buckets[bucket]++;
	figures->microseconds += took;
	figures->bytes_in += peer->received;
	figures->bytes_out += peer->sent;
	if (peer->serve->log_file >= 0)
		log_request(peer, took);
}

static void
describe(ecosys_serve_text *text, const char *name, const char *kind, const char *help)
{
	ecosys_serve_text_format(text, "# HELP ecosys_serve_%s %s\n# TYPE ecosys_serve_%s %s\n", name, help, name, kind);
}

static void
figure(ecosys_serve_text *text, const char *name, const char *kind, uint64_t value, const char *help)
{
	describe(text, name, kind, help);
	ecosys_serve_text_format(text, "ecosys_serve_%s %llu\n", name, (unsigned long long) value);
}

static void
requests_by_kind(ecosys_serve_text *text, const ecosys_serve_figures *figures)
{
	static const char *const classes[6] = {"cut", "1xx", "2xx", "3xx", "4xx", "5xx"};

	describe(text, "requests_total", "counter", "Requests ended, by method and class of status (cut: no answer was made).");
	for (int method = 0; method < ECOSYS_SERVE_METHODS; method++)
	{
		for (int class = 0; class < 6; class++)
		{
			if (figures->requests[method][class] > 0)
				ecosys_serve_text_format(text, "ecosys_serve_requests_total{method=\"%s\",status=\"%s\"} %llu\n",
										 method_names[method], classes[class],
										 (unsigned long long) figures->requests[method][class]);
		}
	}
}

static void
durations(ecosys_serve_text *text, const ecosys_serve_figures *figures)
{
	uint64_t	sum = 0;

	describe(text, "request_seconds", "histogram", "From the first line of a request to the last byte of its answer.");
	for (int bucket = 0; bucket <= ECOSYS_SERVE_BUCKETS; bucket++)
	{
		sum += figures->buckets[bucket];
		ecosys_serve_text_format(text, "ecosys_serve_request_seconds_bucket{le=\"%s\"} %llu\n",
								 bucket == ECOSYS_SERVE_BUCKETS ? "+Inf" : bucket_names[bucket],
								 (unsigned long long) sum);
	}
	ecosys_serve_text_format(text, "ecosys_serve_request_seconds_sum %.6f\necosys_serve_request_seconds_count %llu\n",
							 figures->microseconds / 1e6, (unsigned long long) sum);
}

void
ecosys_serve_metrics(ecosys_serve *serve, ecosys_serve_text *text)
{
	const ecosys_serve_figures *figures = &serve->figures;

	requests_by_kind(text, figures);
	durations(text, figures);
	figure(text, "request_bytes_total", "counter", figures->bytes_in, "Bytes of request bodies as they came.");
	figure(text, "response_bytes_total", "counter", figures->bytes_out, "Bytes of response bodies.");
	figure(text, "clients", "gauge", serve->peer_count, "Client connections open.");
	figure(text, "clients_total", "counter", figures->clients_accepted, "Client connections accepted.");
	figure(text, "clients_cut_total", "counter", figures->clients_cut,
		   "Client connections ended because they were slow or silent.");
	figure(text, "refused_total", "counter", figures->malformed, "Requests refused before they reached the database.");
	figure(text, "pool_size", "gauge", serve->options.connections, "Connections to the server wanted.");
	figure(text, "pool_up", "gauge", serve->servers_up, "Connections to the server that are up.");
	figure(text, "pool_busy", "gauge", serve->servers_busy, "Connections to the server at work.");
	figure(text, "pool_waiting", "gauge", serve->queue_length, "Requests that wait for a connection.");
	figure(text, "pool_lost_total", "counter", figures->server_lost, "Connections to the server that ended or failed.");
	figure(text, "pool_expired_total", "counter", figures->queue_expired,
		   "Requests that waited too long for a connection.");
	figure(text, "server_errors_total", "counter", figures->server_errors,
		   "Errors of the server, which became 500 or 503.");
	figure(text, "server_retries_total", "counter", figures->server_retries,
		   "Requests sent once more after a serialization failure or deadlock.");
	figure(text, "memory_bytes", "gauge", serve->memory, "Memory held by bodies and answers.");
}
