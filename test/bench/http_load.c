/*
 * http_load.c - a small HTTP load generator, for tests and measurements of
 * `ecosys serve`. One thread, epoll, keep-alive, no pipelining.
 *
 *		cc -std=gnu99 -O2 -o http_load http_load.c
 *		http_load [options] FILE.jsonl
 *
 *	-H HOST      address to connect to (127.0.0.1)       -p PORT  port (8080)
 *	-P PATH      path (/xapi/statements)                 -c N     connections (1)
 *	-b N         statements in a request (50); each request is a POST of an array
 *	-n N         requests in all; without -n and -t: every batch of FILE once
 *	-t SECONDS   run for so long, FILE over and over (leave ids out of it then)
 *	-u KEY:SECRET  Basic credentials                     -v VERSION  X-Experience-API-Version (2.0.0)
 *	-g           GET PATH instead; no FILE; -n or -t is needed
 *	-a FILE      write the body of every 200 answer (a JSON array of ids) as a line
 *	-k           lost connections and 503 are counted, not a failure: connect again and go on
 *
 * Prints one JSON object: requests and statements acknowledged, unavailable
 * (503), lost (connections lost with the outcome unknown), failed (any other
 * answer), seconds, cpu_seconds of this program, and latency in milliseconds.
 * Exit code 0 if nothing failed (without -k: and nothing was unavailable or lost).
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct connection
{
	int			fd;				/* -1: to be opened */
	double		not_before;		/* when to try again */
	bool		busy;			/* a request is out */
	const char *request;
	size_t		request_length;
	size_t		sent;
	size_t		statements;		/* in this request */
	char	   *answer;
	size_t		answer_length;
	size_t		answer_room;
	double		started;
} connection;

static const char *host = "127.0.0.1";
static int	port = 8080;
static const char *path = "/xapi/statements";
static long wanted = 0;
static double seconds_wanted = 0;
static bool get = false;
static bool go_on = false;
static FILE *answers = NULL;

/* The requests, built before the clock starts. */
static char **requests;
static size_t *request_lengths;
static size_t *request_statements;
static size_t request_count = 0;

static long started = 0;
static long acknowledged = 0;
static long statements = 0;
static long unavailable = 0;
static long lost = 0;
static long failed = 0;
static double *latencies;
static size_t latency_count = 0;
static size_t latency_room = 0;

static void
fail(const char *what)
{
	fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void *
grown(void *old, size_t size)
{
	void	   *result = realloc(old, size);

	if (result == NULL)
		fail("memory");
	return result;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void
base64(const char *text, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *) text;
	size_t		left = strlen(text);

	for (; left > 0; s += 3, left = left > 3 ? left - 3 : 0)
	{
		uint32_t	bits = (uint32_t) s[0] << 16 | (left > 1 ? s[1] << 8 : 0) | (left > 2 ? s[2] : 0);

		*out++ = digits[bits >> 18];
		*out++ = digits[bits >> 12 & 63];
		*out++ = left > 1 ? digits[bits >> 6 & 63] : '=';
		*out++ = left > 2 ? digits[bits & 63] : '=';
	}
	*out = '\0';
}

static void
add_request(const char *head, const char *body, size_t body_length, size_t count)
{
	char	   *whole = grown(NULL, strlen(head) + 64 + body_length);
	size_t		length;

	if (get)
		length = sprintf(whole, "%s\r\n", head);
	else
	{
		length = sprintf(whole, "%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", head, body_length);
		memcpy(whole + length, body, body_length);
		length += body_length;
	}
	requests = grown(requests, (request_count + 1) * sizeof(char *));
	request_lengths = grown(request_lengths, (request_count + 1) * sizeof(size_t));
	request_statements = grown(request_statements, (request_count + 1) * sizeof(size_t));
	requests[request_count] = whole;
	request_lengths[request_count] = length;
	request_statements[request_count++] = count;
}

static void
read_requests(const char *file, const char *head, size_t batch)
{
	FILE	   *in = fopen(file, "r");
	char	   *line = NULL;
	size_t		room = 0;
	ssize_t		length;
	char	   *body = NULL;
	size_t		body_length = 0;
	size_t		count = 0;

	if (in == NULL)
		fail(file);
	while ((length = getline(&line, &room, in)) > 0)
	{
		while (length > 0 && isspace((unsigned char) line[length - 1]))
			length--;
		if (length == 0)
			continue;
		body = grown(body, body_length + length + 2);
		body[body_length++] = count == 0 ? '[' : ',';
		memcpy(body + body_length, line, length);
		body_length += length;
		if (++count == batch)
		{
			body[body_length++] = ']';
			add_request(head, body, body_length, count);
			body_length = count = 0;
		}
	}
	if (count > 0)
	{
		body[body_length++] = ']';
		add_request(head, body, body_length, count);
	}
	free(body);
	free(line);
	fclose(in);
}

static bool
open_connection(connection *c, int epoll)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
	int			yes = 1;

	if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
	{
		errno = EINVAL;
		fail(host);
	}
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0)
		fail("socket");
	if (connect(c->fd, (struct sockaddr *) &address, sizeof(address)) != 0)
	{
		if (!go_on)
			fail("connect");
		close(c->fd);
		c->fd = -1;
		c->not_before = now() + 0.02;
		return false;
	}
	fcntl(c->fd, F_SETFL, O_NONBLOCK);
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		fail("epoll_ctl");
	return true;
}

static void
close_connection(connection *c)
{
	close(c->fd);
	c->fd = -1;
	if (c->busy)
		lost++;
	c->busy = false;
}

static void
send_request(connection *c)
{
	while (c->sent < c->request_length)
	{
		ssize_t		n = send(c->fd, c->request + c->sent, c->request_length - c->sent, MSG_NOSIGNAL);

		if (n < 0)
		{
			if (errno == EINTR)
				continue;
			/* an early answer (413) may be there all the same: reading tells */
			return;
		}
		c->sent += n;
	}
}

static void
start_request(connection *c)
{
	size_t		which = started % request_count;

	c->request = requests[which];
	c->request_length = request_lengths[which];
	c->statements = request_statements[which];
	c->sent = 0;
	c->answer_length = 0;
	c->busy = true;
	c->started = now();
	started++;
	send_request(c);
}

/* The whole answer is there? Its status, and where its body is; 0: not yet; -1: not HTTP. */
static int
parse_answer(connection *c, char **body, size_t *body_length, bool *last)
{
	char	   *end;
	char	   *at;
	size_t		length = 0;
	int			status;

	c->answer[c->answer_length] = '\0';
	end = strstr(c->answer, "\r\n\r\n");
	if (end == NULL)
		return 0;
	if (sscanf(c->answer, "HTTP/1.%*d %d", &status) != 1)
		return -1;
	*last = false;
	for (at = strstr(c->answer, "\r\n"); at < end; at = strstr(at + 2, "\r\n"))
	{
		if (strncasecmp(at + 2, "Content-Length:", 15) == 0)
			length = strtoul(at + 17, NULL, 10);
		else if (strncasecmp(at + 2, "Connection: close", 17) == 0)
			*last = true;
		else if (strncasecmp(at + 2, "Transfer-Encoding:", 18) == 0)
			return -1;			/* not asked for */
	}
	*body = end + 4;
	*body_length = length;
	return c->answer + c->answer_length >= *body + length ? status : 0;
}

/* True if a whole answer was taken. */
static bool
take_answer(connection *c)
{
	for (;;)
	{
		ssize_t		n;
		char	   *body;
		size_t		body_length;
		bool		last = false;
		int			status;

		if (c->answer_room < c->answer_length + 65537)
		{
			c->answer_room = c->answer_length * 2 + 65537;
			c->answer = grown(c->answer, c->answer_room);
		}
		n = recv(c->fd, c->answer + c->answer_length, c->answer_room - c->answer_length - 1, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (n <= 0)
		{
			close_connection(c);
			return false;
		}
		if (!c->busy)
		{
			failed++;			/* an answer nobody asked for */
			close_connection(c);
			return false;
		}
		c->answer_length += n;
		status = parse_answer(c, &body, &body_length, &last);
		if (status == 0)
			continue;
		if (status == 200)
		{
			acknowledged++;
			statements += c->statements;
			if (latency_count == latency_room)
			{
				latency_room = latency_room * 2 + 1024;
				latencies = grown(latencies, latency_room * sizeof(double));
			}
			latencies[latency_count++] = now() - c->started;
			if (answers != NULL)
				fprintf(answers, "%.*s\n", (int) body_length, body);
		}
		else if (status == 503)
			unavailable++;
		else
		{
			if (failed++ == 0)
				fprintf(stderr, "http_load: first failure: %.400s\n", c->answer);
		}
		c->busy = false;
		if (last || status < 0)
		{
			close_connection(c);
			return false;
		}
		return true;
	}
}

static int
compare(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return x < y ? -1 : x > y;
}

static double
percentile(double share)
{
	return latency_count == 0 ? 0 : 1000 * latencies[(size_t) (share * (latency_count - 1))];
}

int
main(int argc, char **argv)
{
	int			option;
	int			epoll;
	size_t		connection_count = 1;
	size_t		batch = 50;
	const char *credentials = NULL;
	const char *version = "2.0.0";
	connection *connections;
	char		head[4096];
	size_t		head_length;
	double		start;
	double		elapsed;
	struct rusage usage;

	while ((option = getopt(argc, argv, "H:p:P:c:b:n:t:u:v:ga:k")) != -1)
	{
		switch (option)
		{
			case 'H':
				host = optarg;
				break;
			case 'p':
				port = atoi(optarg);
				break;
			case 'P':
				path = optarg;
				break;
			case 'c':
				connection_count = strtoul(optarg, NULL, 10);
				break;
			case 'b':
				batch = strtoul(optarg, NULL, 10);
				break;
			case 'n':
				wanted = atol(optarg);
				break;
			case 't':
				seconds_wanted = atof(optarg);
				break;
			case 'u':
				credentials = optarg;
				break;
			case 'v':
				version = optarg;
				break;
			case 'g':
				get = true;
				break;
			case 'a':
				answers = fopen(optarg, "w");
				if (answers == NULL)
					fail(optarg);
				break;
			case 'k':
				go_on = true;
				break;
			default:
				return 2;
		}
	}
	if ((get ? optind != argc || (wanted == 0 && seconds_wanted == 0) : optind + 1 != argc) ||
		connection_count == 0 || batch == 0 || strlen(path) > 1024 || strlen(version) > 64)
	{
		fprintf(stderr, "usage: http_load [options] FILE.jsonl; see the head of http_load.c\n");
		return 2;
	}

	head_length = sprintf(head, "%s %s HTTP/1.1\r\nHost: %s:%d\r\nX-Experience-API-Version: %s\r\n",
						  get ? "GET" : "POST", path, host, port, version);
	if (credentials != NULL)
	{
		char		encoded[1400];

		if (strlen(credentials) > 1000)
			return 2;
		base64(credentials, encoded);
		sprintf(head + head_length, "Authorization: Basic %s\r\n", encoded);
	}
	if (get)
		add_request(head, "", 0, 0);
	else
		read_requests(argv[optind], head, batch);
	if (request_count == 0)
	{
		fprintf(stderr, "http_load: there is nothing to send\n");
		return 2;
	}
	if (wanted == 0 && seconds_wanted == 0)
		wanted = request_count;

	epoll = epoll_create1(0);
	connections = grown(NULL, connection_count * sizeof(connection));
	memset(connections, 0, connection_count * sizeof(connection));
	for (size_t i = 0; i < connection_count; i++)
		connections[i].fd = -1;
	start = now();
	for (;;)
	{
		struct epoll_event events[64];
		int			count;
		bool		more = (wanted == 0 || started < wanted) && (seconds_wanted == 0 || now() - start < seconds_wanted);
		bool		busy = false;

		for (size_t i = 0; i < connection_count; i++)
		{
			connection *c = &connections[i];

			if (more && !c->busy && (c->fd >= 0 || (now() >= c->not_before && open_connection(c, epoll))))
			{
				start_request(c);
				more = wanted == 0 || started < wanted;
			}
			busy |= c->busy;
		}
		if (!busy && !more)
			break;
		if (failed > 0 || (!go_on && (lost > 0 || unavailable > 0)))
			break;
		count = epoll_wait(epoll, events, 64, 20);
		for (int i = 0; i < count; i++)
		{
			connection *c = events[i].data.ptr;

			if (c->fd < 0)
				continue;
			if (c->busy && c->sent < c->request_length && (events[i].events & EPOLLOUT))
				send_request(c);
			if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
			{
				if (take_answer(c) && c->fd >= 0 && (wanted == 0 || started < wanted) &&
					(seconds_wanted == 0 || now() - start < seconds_wanted))
					start_request(c);
			}
		}
		if (now() - start > (seconds_wanted > 0 ? seconds_wanted : 0) + 600)
		{
			fprintf(stderr, "http_load: no end after 600 s\n");
			return 2;
		}
	}
	elapsed = now() - start;
	getrusage(RUSAGE_SELF, &usage);
	if (latency_count > 0)
		qsort(latencies, latency_count, sizeof(double), compare);
	printf("{\"requests\": %ld, \"statements\": %ld, \"unavailable\": %ld, \"lost\": %ld, \"failed\": %ld, \"seconds\": %.3f, "
		   "\"cpu_seconds\": %.3f, \"ms_median\": %.3f, \"ms_95\": %.3f, \"ms_99\": %.3f, \"ms_max\": %.3f}\n",
		   acknowledged, statements, unavailable, lost, failed, elapsed,
		   usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 + usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6,
		   percentile(0.5), percentile(0.95), percentile(0.99), percentile(1));
	if (answers != NULL && fclose(answers) != 0)
		fail("the answers");
	return failed > 0 || (!go_on && (lost > 0 || unavailable > 0));
}
