/*
 * store_pipeline.c - store statements as they come, fast, and know of each what became of it.
 *
 *		store_pipeline < statements.jsonl
 *
 * Reads one statement a line and stores them in pipeline mode: many INSERTs go
 * out before the first answer comes back. Between two PQpipelineSync calls is
 * one transaction, here of up to 50 statements: one commit for all of them. If
 * one is refused, the transaction is rolled back, so the batch is sent again
 * with a sync after each statement: now only the bad ones are missing, and each
 * says why. Where to connect: PGHOST, PGDATABASE and so on.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 50

static void
die(PGconn *connection, const char *what)
{
	fprintf(stderr, "%s: %s", what, PQerrorMessage(connection));
	exit(1);
}

/* Send the statements; a sync after every one, or one after all. */
static void
send_batch(PGconn *connection, char *const *statements, int n, int sync_each)
{
	for (int i = 0; i < n; i++)
	{
		const char *values[1] = {statements[i]};

		if (PQsendQueryPrepared(connection, "store", 1, values, NULL, NULL, 0) != 1)
			die(connection, "send");
		if ((sync_each || i == n - 1) && PQpipelineSync(connection) != 1)
			die(connection, "sync");
	}
}

/* The next result of the pipeline; between those of two commands there is a NULL. */
static PGresult *
next_result(PGconn *connection)
{
	PGresult   *result = PQgetResult(connection);

	if (result == NULL && (result = PQgetResult(connection)) == NULL)
		die(connection, "result");
	return result;
}

/* What is wrong with the statement of a line. */
static void
report(const PGresult *result, long line)
{
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);

	fprintf(stderr, "line %ld: %s (%s)\n  %s\n", line, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
			PQresultErrorField(result, PG_DIAG_SQLSTATE), detail != NULL ? detail : "");
}

/*
 * Read what became of a batch. Returns the number stored, or -1 if a statement
 * was refused and so none is stored. With sync_each, says which were refused.
 */
static int
read_batch(PGconn *connection, int n, int sync_each, long first_line)
{
	int			stored = 0;
	int			refused = 0;

	for (int i = 0; i < n; i++)
	{
		PGresult   *result = next_result(connection);

		switch (PQresultStatus(result))
		{
			case PGRES_COMMAND_OK:
				/* INSERT 0 0: the same statement was there already, which is fine */
				stored += atoi(PQcmdTuples(result));
				break;
			case PGRES_PIPELINE_ABORTED:	/* comes after one that was refused */
				refused++;
				break;
			default:
				refused++;
				if (sync_each)
					report(result, first_line + i);
		}
		PQclear(result);
		if (sync_each || i == n - 1)
		{
			result = next_result(connection);
			if (PQresultStatus(result) != PGRES_PIPELINE_SYNC)
				die(connection, "pipeline");
			PQclear(result);
		}
	}
	return refused > 0 && !sync_each ? -1 : stored;
}

int
main(void)
{
	PGconn	   *connection = PQconnectdb("");
	PGresult   *result;
	char	   *statements[BATCH] = {NULL};
	size_t		sizes[BATCH] = {0};
	ssize_t		length = 0;
	long		line = 1;
	long		stored = 0;

	if (PQstatus(connection) != CONNECTION_OK)
		die(connection, "connect");
	PQsetClientEncoding(connection, "UTF8");
	result = PQprepare(connection, "store", "INSERT INTO learning.statements (statement) VALUES ($1)", 1, NULL);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die(connection, "prepare");
	PQclear(result);
	if (PQenterPipelineMode(connection) != 1)
		die(connection, "pipeline");

	while (length >= 0)
	{
		int			n = 0;
		int			done;

		while (n < BATCH && (length = getline(&statements[n], &sizes[n], stdin)) >= 0)
		{
			statements[n][strcspn(statements[n], "\r\n")] = '\0';
			n++;
		}
		if (n == 0)
			break;
		send_batch(connection, statements, n, 0);
		done = read_batch(connection, n, 0, line);
		if (done < 0)
		{
			send_batch(connection, statements, n, 1);
			done = read_batch(connection, n, 1, line);
		}
		stored += done;
		line += n;
	}
	printf("%ld stored of %ld lines\n", stored, line - 1);
	PQfinish(connection);
	return stored == line - 1 ? 0 : 3;
}
