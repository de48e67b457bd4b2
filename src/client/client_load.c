/*
 * client_load.c - `ecosys load`: files of statements into an ecosystem.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client.h"
#include "client/load_transfer.h"

static volatile sig_atomic_t interrupted;
static PGcancel *cancel;

/* Stop at the next statement; and the server, should we be waiting for it. */
static void
interrupt(int signal_number)
{
	char		message[256];
	int			kept = errno;

	interrupted = 1;
	if (cancel != NULL)
		PQcancel(cancel, message, sizeof(message));	/* is made for signal handlers */
	errno = kept;
}

static void
help(FILE *out)
{
	fputs("usage: ecosys load [OPTION]… [FILE]…\n\n"
		  "Stores xAPI statements: one a line, one after another in any layout, or JSON arrays\n"
		  "of them; plain or gzip. Without FILE, or for -, from standard input.\n\n"
		  "      --on-error=stop    the first bad statement ends the load (default)\n"
		  "      --on-error=reject  bad ones go into the table rejects, with the reason\n"
		  "      --batch=N          statements a transaction (50000)\n"
		  "      --restart          from the beginning of each file; else a file that was loaded\n"
		  "                         in part, or has grown, goes on where it was left\n"
		  "      --dry-run          only check, and print all that is wrong; stores nothing\n"
		  "      --progress         print a line now and then, if not on a terminal\n"
		  "  -q, --quiet            print errors only\n\n", out);
	fputs(ECOSYS_CLIENT_TARGET_HELP, out);
	fputs("\nExit codes: 0 all stored; 1 stopped; 2 wrong usage; 3 done, some rejected.\n", out);
}

static void
print_summary(const ecosys_load *load)
{
	double		seconds = ecosys_load_now() - load->progress.started;

	if (load->dry_run)
		printf("%s statements checked, %s with faults", ecosys_load_number(load->seen),
			   ecosys_load_number(load->rejected));
	else
		printf("%s stored, %s there already, %s rejected", ecosys_load_number(load->stored),
			   ecosys_load_number(load->known), ecosys_load_number(load->rejected));
	printf("; %.1f MB in %.1f s (%s/s, %.1f MB/s)\n", (double) load->bytes / 1e6, seconds,
		   ecosys_load_number((uint64_t) ((double) load->seen / (seconds > 0 ? seconds : 1))),
		   (double) load->bytes / 1e6 / (seconds > 0 ? seconds : 1));
}

/* What a check needs: a table of lines that is gone with the session. */
static bool
prepare_check(PGconn *connection)
{
	PGresult   *result = PQexec(connection, "CREATE TEMPORARY TABLE ecosys_lines"
								" (ordinal bigint GENERATED ALWAYS AS IDENTITY, line text, line_number bigint)");
	bool		ok = PQresultStatus(result) == PGRES_COMMAND_OK;

	if (!ok)
		ecosys_client_report_server(connection, result);
	PQclear(result);
	return ok;
}

int
ecosys_client_load(int argc, char **argv)
{
	enum
	{
		ON_ERROR = 1000, BATCH, RESUME, RESTART, DRY_RUN, PROGRESS, HELP
	};
	static const struct option options[] = {
		ECOSYS_CLIENT_TARGET_LONG,
		{"on-error", required_argument, NULL, ON_ERROR},
		{"batch", required_argument, NULL, BATCH},
		{"resume", no_argument, NULL, RESUME},
		{"restart", no_argument, NULL, RESTART},
		{"dry-run", no_argument, NULL, DRY_RUN},
		{"progress", no_argument, NULL, PROGRESS},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, HELP},
		{NULL, 0, NULL, 0}
	};
	static char *standard_input[] = {"-", NULL};
	ecosys_client_target target = {0};
	ecosys_load load = {.batch_size = 50000,.interrupted = &interrupted};
	struct sigaction action = {.sa_handler = interrupt};
	bool		quiet = false;
	bool		lines = false;
	int			option;
	int			status = ECOSYS_EXIT_OK;
	char	   *end;

	while ((option = getopt_long(argc, argv, ECOSYS_CLIENT_TARGET_SHORT "q", options, NULL)) != -1)
	{
		if (ecosys_client_target_option(&target, option, optarg))
			continue;
		switch (option)
		{
			case ON_ERROR:
				load.reject = strcmp(optarg, "reject") == 0;
				if (!load.reject && strcmp(optarg, "stop") != 0)
				{
					ecosys_client_report("--on-error is stop or reject");
					return ECOSYS_EXIT_USAGE;
				}
				break;
			case BATCH:
				load.batch_size = strtoull(optarg, &end, 10);
				if (*end != '\0' || optarg[0] == '-' || load.batch_size < 1 || load.batch_size > 10000000)
				{
					ecosys_client_report("--batch is a number from 1 to 10000000");
					return ECOSYS_EXIT_USAGE;
				}
				break;
			case RESUME:
				load.restart = false;
				break;
			case RESTART:
				load.restart = true;
				break;
			case DRY_RUN:
				load.dry_run = true;
				break;
			case PROGRESS:
				lines = true;
				break;
			case 'q':
				quiet = true;
				break;
			case HELP:
				help(stdout);
				return ECOSYS_EXIT_OK;
			default:
				fputs("`ecosys load --help` tells more.\n", stderr);
				return ECOSYS_EXIT_USAGE;
		}
	}

	load.connection = ecosys_client_connect(&target);
	if (load.connection == NULL)
		return ECOSYS_EXIT_FAILED;
	load.schema = ecosys_client_schema(load.connection, &target);
	if (load.dry_run && !prepare_check(load.connection))
	{
		PQfinish(load.connection);
		return ECOSYS_EXIT_FAILED;
	}
	cancel = PQgetCancel(load.connection);
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);

	ecosys_load_progress_open(&load.progress, quiet, lines);
	for (char **file = optind < argc ? argv + optind : standard_input; *file != NULL; file++)
	{
		if (ecosys_load_file(&load, *file) != ECOSYS_LOAD_DONE)
		{
			status = ECOSYS_EXIT_FAILED;
			break;
		}
	}
	ecosys_load_progress_clear(&load.progress);
	if (interrupted)
	{
		ecosys_client_report("interrupted: the batch on its way is not stored, all before it is");
		status = ECOSYS_EXIT_FAILED;
	}
	else if (status == ECOSYS_EXIT_OK && load.rejected > 0)
		status = ECOSYS_EXIT_REJECTS;
	if (!quiet)
		print_summary(&load);
	free(load.rows.data);
	free(load.again.data);
	free(load.row_lines);
	PQfreeCancel(cancel);
	PQfinish(load.connection);
	return status;
}
