/*
 * client_serve.c - `ecosys serve`: the HTTP front of xapi(). Options,
 * listening, signals and the loop; serve.h tells how the parts work together.
 */
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "client/serve.h"

/* After a signal to stop, requests may take so long to end, in milliseconds. */
#define STOP_TIME 30000

/*
 * What a connection of libmicrohttpd needs beside twice the longest header: its
 * notes, and room to read bodies into. It clears all of it after each request.
 */
#define CONNECTION_MEMORY (32 * 1024)

static void
help(void)
{
	fputs("ecosys serve: the HTTP front of an ecosystem's xAPI record store\n\n"
		  "usage: ecosys serve [OPTION]…\n\n"
		  "  -l, --listen=HOST:PORT     where to listen, or unix:PATH (127.0.0.1:8080)\n"
		  "  -n, --connections=N        connections to the server (8)\n"
		  "      --base-path=PATH       where the record store begins; ends in /xapi (/xapi)\n"
		  "      --tls-certificate=FILE certificate chain, PEM: TLS 1.2 or later, and nothing else\n"
		  "      --tls-key=FILE         its private key, PEM\n"
		  "      --allow-plain          take credentials over plain text from other hosts too;\n"
		  "                             without it and without TLS, only this host is served\n"
		  "      --cors=ORIGIN          let scripts of this origin in; repeatable; * is any\n"
		  "      --max-body=SIZE        longest body, inflated (16MiB): beyond it 413\n"
		  "      --max-header=SIZE      longest header (16kB): beyond it 431\n"
		  "      --max-memory=SIZE      for bodies and answers of all requests (48MiB): beyond it 503\n"
		  "      --max-clients=N        client connections at once (512)\n"
		  "      --timeout=SECONDS      for a header; for a body beside 1 kB a second; in the queue (10)\n"
		  "      --statement-timeout=SECONDS  for a request in the server; 0 is any time (60)\n"
		  "      --access-log=FILE      one line a request; - is standard output; SIGHUP opens it anew\n"
		  "  -q, --quiet                do not tell that the front is ready\n"
		  "      --help                 this text\n\n", stdout);
	fputs(ECOSYS_CLIENT_TARGET_HELP
		  "\nRuns in the foreground. SIGTERM and SIGINT: end what has begun, then stop.\n"
		  "/healthz tells whether the database answers, /metrics gives figures for Prometheus.\n"
		  "Credentials: `ecosys credentials`. Exit codes: 0 stopped by a signal, 1 failed, 2 wrong usage.\n", stdout);
}

enum
{
	OPTION_HELP = 256,
	OPTION_BASE_PATH,
	OPTION_TLS_CERTIFICATE,
	OPTION_TLS_KEY,
	OPTION_ALLOW_PLAIN,
	OPTION_CORS,
	OPTION_MAX_BODY,
	OPTION_MAX_HEADER,
	OPTION_MAX_MEMORY,
	OPTION_MAX_CLIENTS,
	OPTION_TIMEOUT,
	OPTION_STATEMENT_TIMEOUT,
	OPTION_ACCESS_LOG
};

static bool
wrong_value(const char *option, const char *value)
{
	ecosys_client_report("--%s cannot be \"%.100s\"", option, value);
	return false;
}

static bool
parse_number(const char *option, const char *value, int least, int most, int *number)
{
	char	   *end;
	long		parsed = strtol(value, &end, 10);

	if (end == value || *end != '\0' || parsed < least || parsed > most)
		return wrong_value(option, value);
	*number = (int) parsed;
	return true;
}

static bool
parse_size(const char *option, const char *value, size_t least, size_t most, size_t *size)
{
	if (!ecosys_serve_parse_size(value, size) || *size < least || *size > most)
		return wrong_value(option, value);
	return true;
}

/* True: go on. False: *code is the exit code. */
static bool
parse_options(ecosys_serve_options *options, int argc, char **argv, int *code)
{
	static const struct option long_options[] = {
		ECOSYS_CLIENT_TARGET_LONG,
		{"listen", required_argument, NULL, 'l'},
		{"connections", required_argument, NULL, 'n'},
		{"quiet", no_argument, NULL, 'q'},
		{"base-path", required_argument, NULL, OPTION_BASE_PATH},
		{"tls-certificate", required_argument, NULL, OPTION_TLS_CERTIFICATE},
		{"tls-key", required_argument, NULL, OPTION_TLS_KEY},
		{"allow-plain", no_argument, NULL, OPTION_ALLOW_PLAIN},
		{"cors", required_argument, NULL, OPTION_CORS},
		{"max-body", required_argument, NULL, OPTION_MAX_BODY},
		{"max-header", required_argument, NULL, OPTION_MAX_HEADER},
		{"max-memory", required_argument, NULL, OPTION_MAX_MEMORY},
		{"max-clients", required_argument, NULL, OPTION_MAX_CLIENTS},
		{"timeout", required_argument, NULL, OPTION_TIMEOUT},
		{"statement-timeout", required_argument, NULL, OPTION_STATEMENT_TIMEOUT},
		{"access-log", required_argument, NULL, OPTION_ACCESS_LOG},
		{"help", no_argument, NULL, OPTION_HELP},
		{NULL, 0, NULL, 0}
	};
	int			option;
	bool		good = true;

	*code = ECOSYS_EXIT_USAGE;
	options->origins = calloc(argc, sizeof(char *));
	if (options->origins == NULL)
		return false;
	while (good && (option = getopt_long(argc, argv, ECOSYS_CLIENT_TARGET_SHORT "l:n:q", long_options, NULL)) != -1)
	{
		if (ecosys_client_target_option(&options->target, option, optarg))
			continue;
		switch (option)
		{
			case 'l':
				options->listen = optarg;
				break;
			case 'n':
				good = parse_number("connections", optarg, 1, 1000, &options->connections);
				break;
			case 'q':
				options->quiet = true;
				break;
			case OPTION_BASE_PATH:
				options->base_path = optarg;
				/* xapi() finds its resources behind /xapi, wherever that is */
				if (optarg[0] != '/' || strlen(optarg) < 5 || strcmp(optarg + strlen(optarg) - 5, "/xapi") != 0 ||
					strpbrk(optarg, "?#% ") != NULL)
					good = wrong_value("base-path", optarg);
				break;
			case OPTION_TLS_CERTIFICATE:
				options->tls_certificate = optarg;
				break;
			case OPTION_TLS_KEY:
				options->tls_key = optarg;
				break;
			case OPTION_ALLOW_PLAIN:
				options->allow_plain = true;
				break;
			case OPTION_CORS:
				if (strcmp(optarg, "*") == 0)
					options->any_origin = true;
				else if (strpbrk(optarg, " \r\n") != NULL || optarg[0] == '\0')
					good = wrong_value("cors", optarg);
				else
					options->origins[options->origin_count++] = optarg;
				break;
			case OPTION_MAX_BODY:
				/* a parameter of a query cannot be longer than 1 GB */
				good = parse_size("max-body", optarg, 1, 1024 * 1024 * 1000, &options->max_body);
				break;
			case OPTION_MAX_HEADER:
				good = parse_size("max-header", optarg, 512, 1024 * 1024, &options->max_header);
				break;
			case OPTION_MAX_MEMORY:
				good = parse_size("max-memory", optarg, 1024 * 1024, (size_t) 1 << 40, &options->max_memory);
				break;
			case OPTION_MAX_CLIENTS:
				good = parse_number("max-clients", optarg, 1, 100000, &options->max_clients);
				break;
			case OPTION_TIMEOUT:
				good = parse_number("timeout", optarg, 1, 3600, &options->timeout);
				break;
			case OPTION_STATEMENT_TIMEOUT:
				good = parse_number("statement-timeout", optarg, 0, 86400, &options->statement_timeout);
				break;
			case OPTION_ACCESS_LOG:
				options->access_log = optarg;
				break;
			case OPTION_HELP:
				help();
				*code = ECOSYS_EXIT_OK;
				return false;
			default:
				good = false;
		}
	}
	if (good && optind < argc)
	{
		ecosys_client_report("\"%.100s\" is one argument too many", argv[optind]);
		good = false;
	}
	if (good && (options->tls_certificate == NULL) != (options->tls_key == NULL))
	{
		ecosys_client_report("--tls-certificate and --tls-key belong together");
		good = false;
	}
	if (good && options->max_memory < options->max_body)
	{
		ecosys_client_report("--max-memory must hold at least one body of --max-body");
		good = false;
	}
	if (!good)
		fputs("`ecosys serve --help` tells more.\n", stderr);
	return good;
}

static int
listen_at_path(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat found;
	int			fd;

	if (strlen(path) >= sizeof(address.sun_path))
	{
		ecosys_client_report("the path of a socket has at most %zu bytes", sizeof(address.sun_path) - 1);
		return -1;
	}
	strcpy(address.sun_path, path);
	/* what an earlier run left; never a file that is something else */
	if (lstat(path, &found) == 0 && S_ISSOCK(found.st_mode))
	{
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof(address)) != 0 && errno == ECONNREFUSED)
			unlink(path);
		if (fd >= 0)
			close(fd);
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) != 0 || listen(fd, 1024) != 0)
	{
		ecosys_client_report("cannot listen at \"%s\": %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static int
listen_at(const char *where)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found;
	char		host[256];
	const char *port;
	int			fd;
	int			yes = 1;
	int			status;

	if (strncmp(where, "unix:", 5) == 0)
		return listen_at_path(where + 5);
	if (!ecosys_serve_parse_address(where, host, sizeof(host), &port))
	{
		wrong_value("listen", where);
		return -1;
	}
	status = getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &found);
	if (status != 0)
	{
		ecosys_client_report("\"%s\": %s", host, gai_strerror(status));
		return -1;
	}
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
		bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, 1024) != 0)
	{
		ecosys_client_report("cannot listen at %s: %s", where, strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static void
tell_ready(const ecosys_serve *serve, int fd)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);
	const char *scheme = serve->options.tls_certificate == NULL ? "http" : "https";
	char		host[256];
	char		port[16];

	if (serve->options.quiet)
		return;
	if (strncmp(serve->options.listen, "unix:", 5) == 0 ||
		getsockname(fd, (struct sockaddr *) &address, &length) != 0 ||
		getnameinfo((struct sockaddr *) &address, length, host, sizeof(host), port, sizeof(port),
					NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		fprintf(stderr, "ecosys: listening at %s\n", serve->options.listen);
	else
		fprintf(stderr, "ecosys: listening at %s://%s%s%s:%s%s\n", scheme, strchr(host, ':') == NULL ? "" : "[", host,
				strchr(host, ':') == NULL ? "" : "]", port, serve->options.base_path);
}

/* A whole file as a string; the caller frees it. */
static char *
read_file(const char *name)
{
	FILE	   *file = fopen(name, "r");
	char	   *text = calloc(1, 256 * 1024);
	size_t		length = 0;

	if (file != NULL && text != NULL)
		length = fread(text, 1, 256 * 1024 - 1, file);
	if (length == 0)
	{
		ecosys_client_report("cannot read \"%s\": %s", name, errno == 0 ? "it is empty" : strerror(errno));
		free(text);
		text = NULL;
	}
	if (file != NULL)
		fclose(file);
	return text;
}

static bool
start_http(ecosys_serve *serve, int fd)
{
	struct MHD_OptionItem tls[4] = {{MHD_OPTION_END, 0, NULL}};
	unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
	char	   *certificate = NULL;
	char	   *key = NULL;

	if (serve->options.tls_certificate != NULL)
	{
		if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
		{
			ecosys_client_report("this libmicrohttpd was built without TLS");
			return false;
		}
		certificate = read_file(serve->options.tls_certificate);
		key = certificate == NULL ? NULL : read_file(serve->options.tls_key);
		if (key == NULL)
			return false;
		tls[0] = (struct MHD_OptionItem) {MHD_OPTION_HTTPS_MEM_CERT, 0, certificate};
		tls[1] = (struct MHD_OptionItem) {MHD_OPTION_HTTPS_MEM_KEY, 0, key};
		tls[2] = (struct MHD_OptionItem) {MHD_OPTION_HTTPS_PRIORITIES, 0,
			"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"};
		tls[3] = (struct MHD_OptionItem) {MHD_OPTION_END, 0, NULL};
		flags |= MHD_USE_TLS;
	}
	serve->raw_check = strncmp(MHD_get_version(), "0.", 2) == 0;
	serve->daemon = MHD_start_daemon(flags, 0, NULL, NULL, ecosys_serve_handle, serve,
									 MHD_OPTION_EXTERNAL_LOGGER, ecosys_serve_fault, serve,
									 MHD_OPTION_LISTEN_SOCKET, fd,
									 MHD_OPTION_STRICT_FOR_CLIENT, serve->raw_check ? 0 : 1,
									 MHD_OPTION_CONNECTION_LIMIT, (unsigned int) serve->options.max_clients,
									 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
									 serve->options.max_header * 2 + CONNECTION_MEMORY,
									 MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t) 4096,
									 MHD_OPTION_URI_LOG_CALLBACK, ecosys_serve_first_line, serve,
									 MHD_OPTION_UNESCAPE_CALLBACK, ecosys_serve_keep_escapes, serve,
									 MHD_OPTION_NOTIFY_COMPLETED, ecosys_serve_completed, serve,
									 MHD_OPTION_NOTIFY_CONNECTION, ecosys_serve_connection, serve,
									 MHD_OPTION_ARRAY, tls,
									 MHD_OPTION_END);
	free(certificate);
	if (key != NULL)
		memset(key, 0, strlen(key));
	free(key);
	if (serve->daemon == NULL)
	{
		ecosys_client_report(serve->options.tls_certificate == NULL ? "libmicrohttpd does not start" :
							 "libmicrohttpd does not start: are the certificate and the key good?");
		return false;
	}
	return true;
}

static void
begin_stopping(ecosys_serve *serve)
{
	int			fd = MHD_quiesce_daemon(serve->daemon);

	serve->stopping = true;
	serve->stop_deadline = serve->now + STOP_TIME;
	if (fd >= 0)
		close(fd);
	if (strncmp(serve->options.listen, "unix:", 5) == 0)
		unlink(serve->options.listen + 5);
	/* what a client has already sent is still read and answered; then its connection ends */
	for (ecosys_serve_peer *peer = serve->peers; peer != NULL; peer = peer->next)
	{
		if (peer->phase == ECOSYS_SERVE_IDLE)
			shutdown(peer->fd, SHUT_RD);
	}
}

static void
take_signal(ecosys_serve *serve, int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
	{
		if (info.ssi_signo == SIGHUP)
		{
			ecosys_serve_log_flush(serve);
			(void) ecosys_serve_log_open(serve);	/* else the old file goes on */
		}
		else if (serve->stopping)
			serve->stop_deadline = serve->now;	/* told twice: at once */
		else
			begin_stopping(serve);
	}
}

static void
run(ecosys_serve *serve, int signals)
{
	int64_t		last_tick = 0;

	while (!serve->stopping || (serve->peer_count > 0 && serve->now < serve->stop_deadline))
	{
		struct epoll_event events[64];
		MHD_UNSIGNED_LONG_LONG wanted;
		int			timeout = serve->servers_up < serve->options.connections || serve->stopping ? 20 : 250;
		int			count;

		if (MHD_get_timeout(serve->daemon, &wanted) == MHD_YES && wanted < (unsigned) timeout)
			timeout = (int) wanted;
		count = epoll_wait(serve->epoll, events, 64, timeout);
		serve->now = ecosys_serve_microseconds() / 1000;
		for (int i = 0; i < count; i++)
		{
			switch (*(ecosys_serve_source *) events[i].data.ptr)
			{
				case ECOSYS_SERVE_HTTP:
					break;		/* below, in any case */
				case ECOSYS_SERVE_SIGNAL:
					take_signal(serve, signals);
					break;
				case ECOSYS_SERVE_SERVER:
					ecosys_serve_pool_event(serve, events[i].data.ptr, events[i].events);
					break;
				case ECOSYS_SERVE_LINGER:
					ecosys_serve_linger_event(serve, events[i].data.ptr);
					break;
			}
		}
		MHD_run(serve->daemon);
		if (serve->now - last_tick >= 20)
		{
			last_tick = serve->now;
			ecosys_serve_pool_tick(serve);
			ecosys_serve_peers_tick(serve);
			ecosys_serve_linger_tick(serve, false);
			if (serve->log.length > 0)
				ecosys_serve_log_flush(serve);
		}
	}
}

static bool
watch_sources(ecosys_serve *serve, int signals)
{
	static ecosys_serve_source http = ECOSYS_SERVE_HTTP;
	static ecosys_serve_source signal = ECOSYS_SERVE_SIGNAL;
	struct epoll_event http_event = {.events = EPOLLIN, .data.ptr = &http};
	struct epoll_event signal_event = {.events = EPOLLIN, .data.ptr = &signal};
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(serve->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info != NULL && signals >= 0 &&
		epoll_ctl(serve->epoll, EPOLL_CTL_ADD, info->epoll_fd, &http_event) == 0 &&
		epoll_ctl(serve->epoll, EPOLL_CTL_ADD, signals, &signal_event) == 0;
}

int
ecosys_client_serve(int argc, char **argv)
{
	static ecosys_serve serve;
	struct rlimit files;
	sigset_t	set;
	int			signals;
	int			code;
	int			fd;

	serve.options = (ecosys_serve_options) {
		.listen = "127.0.0.1:8080", .base_path = "/xapi", .connections = 8, .max_clients = 512,
		.max_body = 16 * 1024 * 1024, .max_header = 16 * 1024, .max_memory = 48 * 1024 * 1024,
		.timeout = 10, .statement_timeout = 60
	};
	serve.log_file = -1;
	if (!parse_options(&serve.options, argc, argv, &code))
	{
		free(serve.options.origins);
		return code;
	}

	/* large bodies go back to the system at once, whatever came before (glibc would raise this limit) */
	mallopt(M_MMAP_THRESHOLD, 256 * 1024);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max)
	{
		files.rlim_cur = files.rlim_max;
		(void) setrlimit(RLIMIT_NOFILE, &files);
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	serve.epoll = epoll_create1(EPOLL_CLOEXEC);
	serve.now = ecosys_serve_microseconds() / 1000;

	if (!ecosys_serve_log_open(&serve))
		return ECOSYS_EXIT_FAILED;
	fd = listen_at(serve.options.listen);
	if (fd < 0 || !ecosys_serve_pool_start(&serve) || !start_http(&serve, fd))
		return ECOSYS_EXIT_FAILED;
	if (!watch_sources(&serve, signals))
	{
		ecosys_client_report("cannot watch sockets: %s", strerror(errno));
		return ECOSYS_EXIT_FAILED;
	}
	tell_ready(&serve, fd);
	run(&serve, signals);

	ecosys_serve_pool_stop(&serve);
	MHD_run(serve.daemon);
	MHD_stop_daemon(serve.daemon);
	ecosys_serve_linger_tick(&serve, true);
	ecosys_serve_log_flush(&serve);
	ecosys_serve_text_free(&serve.log);
	free(serve.options.origins);
	close(signals);
	close(serve.epoll);
	return ECOSYS_EXIT_OK;
}
