/*
 * libpq_load.c - stores statements over libpq as an application does: extended
 * protocol, prepared, one answer awaited after another. Says what it cost the backend.
 *
 *     libpq_load each BATCH SQL FILE      each line is the parameter of SQL; BATCH of them in a transaction
 *     libpq_load array BATCH SQL FILE     BATCH lines as one JSON array are the parameter of SQL
 *     libpq_load lrs BATCH FILE           the sequence of a store with link tables, from what lrs_script.sql prepared
 *
 * BATCH 1: no BEGIN and COMMIT around it. Connection by PGHOST and the like.
 * Prints: cost, processor seconds of the backend, wall seconds, statements.
 */
#include "backend_cost.h"

#include <stdbool.h>
#include <string.h>

static PGconn *connection;

static PGresult *
run(const char *name, int n, const char *const *values)
{
	PGresult   *result = PQexecPrepared(connection, name, n, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		die(name, connection);
	return result;
}

static void
prepare(const char *name, const char *sql)
{
	PGresult   *result = PQprepare(connection, name, sql, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die(sql, connection);
	PQclear(result);
}

/* The lines of a file, without their ends. */
static char **
read_lines(const char *path, size_t *n)
{
	FILE	   *file = fopen(path, "r");
	char	  **lines = NULL,
			   *line = NULL;
	size_t		size = 0,
				room = 0;
	ssize_t		length;

	if (file == NULL)
	{
		fprintf(stderr, "cannot read %s\n", path);
		exit(1);
	}
	*n = 0;
	while ((length = getline(&line, &size, file)) > 0)
	{
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (*n == room)
			lines = realloc(lines, (room = 2 * room + 1024) * sizeof(char *));
		lines[(*n)++] = strdup(line);
	}
	free(line);
	fclose(file);
	return lines;
}

/* All arrays are made before the clock starts. */
static char **
arrays_of(char **lines, size_t n, size_t batch, size_t *n_arrays)
{
	char	  **arrays = malloc((n / batch + 1) * sizeof(char *));

	*n_arrays = 0;
	for (size_t first = 0; first < n; first += batch)
	{
		size_t		last = first + batch < n ? first + batch : n,
					length = 3;
		char	   *at;

		for (size_t i = first; i < last; i++)
			length += strlen(lines[i]) + 1;
		at = arrays[(*n_arrays)++] = malloc(length);
		*at++ = '[';
		for (size_t i = first; i < last; i++)
		{
			at = stpcpy(at, lines[i]);
			*at++ = i + 1 < last ? ',' : ']';
		}
		*at = '\0';
	}
	return arrays;
}

/*
 * What SQL LRS sends for a statement, one round trip each: is it there, the row, its
 * target made void, every actor and activity looked up and written if new or changed,
 * every link. Each line: a letter, a tab, its parameters.
 */
static void
prepare_lrs(void)
{
	prepare("?", "SELECT payload FROM lrs.xapi_statement WHERE statement_id = $1");
	prepare("S", "INSERT INTO lrs.xapi_statement (id, statement_id, registration, verb_iri, is_voided, payload, \"timestamp\", stored)"
			" VALUES (lrs.next_id(), $1, $2, $3, false, $4, $5, clock_timestamp())");
	prepare("O", "UPDATE lrs.xapi_statement SET is_voided = true WHERE statement_id = $1 AND verb_iri <> 'http://adlnet.gov/expapi/verbs/voided'");
	prepare("A?", "SELECT payload FROM lrs.actor WHERE actor_ifi = $1 AND actor_type = $2");
	prepare("A+", "INSERT INTO lrs.actor (id, actor_ifi, actor_type, payload) VALUES (lrs.next_id(), $1, $2, $3) ON CONFLICT DO NOTHING");
	prepare("A=", "UPDATE lrs.actor SET payload = $3 WHERE actor_ifi = $1 AND actor_type = $2");
	prepare("V?", "SELECT payload FROM lrs.activity WHERE activity_iri = $1");
	prepare("V+", "INSERT INTO lrs.activity (id, activity_iri, payload) VALUES (lrs.next_id(), $1, $2) ON CONFLICT DO NOTHING");
	prepare("V=", "UPDATE lrs.activity SET payload = $2 WHERE activity_iri = $1");
	prepare("a", "INSERT INTO lrs.statement_to_actor (id, statement_id, usage, actor_ifi, actor_type) VALUES (lrs.next_id(), $1, $2, $3, $4)");
	prepare("v", "INSERT INTO lrs.statement_to_activity (id, statement_id, usage, activity_iri) VALUES (lrs.next_id(), $1, $2, $3)");
	prepare("r?", "SELECT 1 FROM lrs.xapi_statement WHERE statement_id = $2 AND $1::uuid IS NOT NULL");
	prepare("r", "INSERT INTO lrs.statement_to_statement (id, ancestor_id, descendant_id) VALUES (lrs.next_id(), $1, $2)");
}

static int
split(char *line, const char **values)
{
	int			n = 0;

	while (line != NULL)
	{
		char	   *end = strchr(line, '\t');

		if (end != NULL)
			*end++ = '\0';
		values[n++] = strcmp(line, "\\N") == 0 ? NULL : line;
		line = end;
	}
	return n;
}

static void
lrs_step(char *line)
{
	const char *values[8];
	char		letter = line[0];
	char		name[3] = {letter, '\0', '\0'};
	int			n = split(line + 2, values);

	if (letter == 'A' || letter == 'V')
	{
		/* its new state is the last parameter */
		PGresult   *result;

		name[1] = '?';
		result = run(name, n - 1, values);
		name[1] = PQntuples(result) == 0 ? '+' : strcmp(PQgetvalue(result, 0, 0), values[n - 1]) == 0 ? '\0'
			: letter == 'V' && strstr(values[n - 1], "\"definition\"") == NULL ? '\0' : '=';
		PQclear(result);
		if (name[1])
			PQclear(run(name, n, values));
	}
	else if (letter == 'r')
	{
		PGresult   *result = run("r?", n, values);
		bool		found = PQntuples(result) == 1;

		PQclear(result);
		if (found)
			PQclear(run("r", n, values));
	}
	else
	{
		if (letter == 'S')
			PQclear(run("?", 1, values));
		PQclear(run(name, n, values));
	}
}

int
main(int argc, char **argv)
{
	bool		lrs = argc == 4 && strcmp(argv[1], "lrs") == 0,
				array = argc == 5 && strcmp(argv[1], "array") == 0;
	size_t		batch = argc > 2 ? strtoul(argv[2], NULL, 10) : 0,
				n_lines,
				sent,
				statements = 0;
	char	  **lines;
	double		used,
				passed;

	if (batch < 1 || (!lrs && !array && !(argc == 5 && strcmp(argv[1], "each") == 0)))
	{
		fprintf(stderr, "usage: libpq_load each|array BATCH SQL FILE | libpq_load lrs BATCH FILE\n");
		return 2;
	}
	connection = connect_and_set("SET synchronous_commit = off");
	lines = read_lines(argv[argc - 1], &n_lines);
	sent = n_lines;
	if (array)
		lines = arrays_of(lines, n_lines, batch, &n_lines);
	if (lrs)
		prepare_lrs();
	else
		prepare("", argv[3]);
	prepare("begin", "BEGIN");
	prepare("commit", "COMMIT");

	used = backend_seconds(connection);
	passed = wall_seconds();
	for (size_t i = 0; i < n_lines;)
	{
		bool		transaction = lrs || (!array && batch > 1);
		size_t		before = statements;

		if (transaction)
			PQclear(run("begin", 0, NULL));
		if (lrs)
			do
			{
				statements += lines[i][0] == 'S';
				lrs_step(lines[i++]);
			} while (i < n_lines && (lines[i][0] != 'S' || statements - before < batch));
		else
			for (size_t k = 0; i < n_lines && k < (array ? 1 : batch); k++)
			{
				const char *value = lines[i++];

				PQclear(run("", 1, &value));
				statements++;
			}
		if (transaction)
			PQclear(run("commit", 0, NULL));
	}
	passed = wall_seconds() - passed;
	used = backend_seconds(connection) - used;
	printf("cost %.6f %.6f %zu\n", used, passed, lrs ? statements : sent);
	PQfinish(connection);
	return 0;
}
