/*
 * follow_changes.c - see every new statement, once, in order, and miss none.
 *
 *		follow_changes [POSITION-FILE]
 *
 * Reads the change feed from the position in the file on (from the beginning,
 * if there is no file yet), prints a line a statement, and writes the position
 * behind it. Between two looks it waits for a notification: the server sends one
 * after a commit if setting notify_changes is on. But a statement can be read from
 * the feed only when no older transaction is open that could still store something
 * before it. So a notification means "look now, and again soon", and every few
 * seconds there is a look without one. Ends at the end of the feed if FOLLOW_ONCE is set, for
 * tests and cron. Where to connect: PGHOST, PGDATABASE and so on.
 */
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
check(PGconn *connection, PGresult *result, ExecStatusType expected)
{
	if (PQresultStatus(result) == expected)
		return;
	fprintf(stderr, "%s", PQerrorMessage(connection));
	exit(1);
}

/* The position that the last run has left; NULL: from the beginning. */
static char *
read_position(const char *file_name)
{
	static char position[200];
	FILE	   *file = fopen(file_name, "r");

	if (file == NULL)
		return NULL;
	if (fgets(position, sizeof(position), file) == NULL)
		position[0] = '\0';
	position[strcspn(position, "\n")] = '\0';
	fclose(file);
	return position[0] != '\0' ? position : NULL;
}

/* Replace the file, so that it is whole at any moment. */
static void
write_position(const char *file_name, const char *position)
{
	char		temporary[1000];
	FILE	   *file;

	snprintf(temporary, sizeof(temporary), "%s.new", file_name);
	file = fopen(temporary, "w");
	if (file == NULL || fprintf(file, "%s\n", position) < 0 || fclose(file) != 0 || rename(temporary, file_name) != 0)
	{
		perror(file_name);
		exit(1);
	}
}

/* Work on up to 100 statements behind the position; returns how many there were. */
static int
look(PGconn *connection, const char *file_name)
{
	const char *values[1] = {read_position(file_name)};
	PGresult   *result = PQexecParams(connection,
									  "SELECT c.position, c.id, c.stored, ecosys.verb(c.statement)"
									  "  FROM learning.changes($1, 100) c",
									  1, NULL, values, NULL, NULL, 0);
	int			n;

	check(connection, result, PGRES_TUPLES_OK);
	n = PQntuples(result);
	for (int i = 0; i < n; i++)
		printf("%s  %s  %s\n", PQgetvalue(result, i, 2), PQgetvalue(result, i, 1), PQgetvalue(result, i, 3));
	fflush(stdout);
	/* after the work: if we end before, it is done again, so work has to bear that */
	if (n > 0)
		write_position(file_name, PQgetvalue(result, n - 1, 0));
	PQclear(result);
	return n;
}

int
main(int argc, char **argv)
{
	const char *file_name = argc > 1 ? argv[1] : "follow_changes.position";
	PGconn	   *connection = PQconnectdb("");
	PGresult   *result;
	int			wait = 100;

	if (PQstatus(connection) != CONNECTION_OK)
	{
		fprintf(stderr, "connect: %s", PQerrorMessage(connection));
		return 1;
	}
	/* before the first look, so that nothing falls between */
	result = PQexec(connection, "LISTEN learning_changes");
	check(connection, result, PGRES_COMMAND_OK);
	PQclear(result);
	for (;;)
	{
		struct pollfd poller = {.fd = PQsocket(connection),.events = POLLIN};
		PGnotify   *notify;

		if (look(connection, file_name) > 0)
			wait = 100;
		else if (getenv("FOLLOW_ONCE") != NULL)
			break;
		else
		{
			/* 0.1 s after a notification, then more and more seldom, at last every 5 s */
			poll(&poller, 1, wait);
			wait = wait * 2 < 5000 ? wait * 2 : 5000;
			if (PQconsumeInput(connection) != 1)
			{
				fprintf(stderr, "%s", PQerrorMessage(connection));
				return 1;
			}
			while ((notify = PQnotifies(connection)) != NULL)
			{
				PQfreemem(notify);
				wait = 100;
			}
		}
	}
	PQfinish(connection);
	return 0;
}
