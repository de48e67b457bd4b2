/*
 * libpq_query.c - asks one prepared question with many sets of parameters, one answer
 * awaited after another, and says what it cost the backend.
 *
 *     libpq_query SQL_FILE PARAMETERS ANSWERS
 *
 * PARAMETERS: a set a line, parameters apart by tabs. ANSWERS: written, the line's
 * number and the first column of each row, to compare designs by. Each set is
 * asked once; only the first is asked once before, for what a session does but once.
 * Prints: cost, milliseconds of the backend's processor: mean, 50th and 95th percentile,
 * most; the same percentiles of milliseconds waited; rows.
 */
#include "backend_cost.h"

#include <string.h>

static int
ascending(const void *a, const void *b)
{
	double		x = *(const double *) a,
				y = *(const double *) b;

	return (x > y) - (x < y);
}

static double
percentile(double *sorted, size_t n, int percent)
{
	size_t		rank = (n * (size_t) percent + 99) / 100;

	return sorted[rank > 0 ? rank - 1 : 0];
}

static char *
read_file(const char *path)
{
	FILE	   *file = fopen(path, "r");
	char	   *text = calloc(1, 65536);

	if (file == NULL || text == NULL || fread(text, 1, 65535, file) == 0)
	{
		fprintf(stderr, "cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	return text;
}

int
main(int argc, char **argv)
{
	PGconn	   *connection;
	PGresult   *result;
	FILE	   *parameters,
			   *answers;
	char	   *line = NULL;
	size_t		size = 0,
				n = 0,
				room = 0,
				rows = 0;
	ssize_t		length;
	double	   *used = NULL,
			   *waited = NULL,
				sum = 0;

	if (argc != 4)
	{
		fprintf(stderr, "usage: libpq_query SQL_FILE PARAMETERS ANSWERS\n");
		return 2;
	}
	parameters = fopen(argv[2], "r");
	answers = fopen(argv[3], "w");
	if (parameters == NULL || answers == NULL)
	{
		fprintf(stderr, "cannot open %s\n", parameters == NULL ? argv[2] : argv[3]);
		return 1;
	}
	connection = connect_and_set("SET extra_float_digits = 1");
	result = PQprepare(connection, "", read_file(argv[1]), 0, NULL);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die(argv[1], connection);
	PQclear(result);
	while ((length = getline(&line, &size, parameters)) > 0)
	{
		const char *values[8];
		int			n_values = 0;
		double		before,
					began;

		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		for (char *at = strtok(line, "\t"); at != NULL && n_values < 8; at = strtok(NULL, "\t"))
			values[n_values++] = at;
		if (n == room)
		{
			room = 2 * room + 256;
			used = realloc(used, room * sizeof(double));
			waited = realloc(waited, room * sizeof(double));
		}
		if (n == 0)
			PQclear(PQexecPrepared(connection, "", n_values, values, NULL, NULL, 0));
		before = backend_seconds(connection);
		began = wall_seconds();
		result = PQexecPrepared(connection, "", n_values, values, NULL, NULL, 0);
		waited[n] = 1000 * (wall_seconds() - began);
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			die(argv[1], connection);
		used[n] = 1000 * (backend_seconds(connection) - before);
		sum += used[n++];
		for (int i = 0; i < PQntuples(result); i++)
			fprintf(answers, "%zu %s\n", n, PQgetvalue(result, i, 0));
		rows += (size_t) PQntuples(result);
		PQclear(result);
	}
	if (n == 0 || fclose(answers) != 0)
	{
		fprintf(stderr, "no parameters, or answers could not be written\n");
		return 1;
	}
	qsort(used, n, sizeof(double), ascending);
	qsort(waited, n, sizeof(double), ascending);
	printf("cost %.4f %.4f %.4f %.4f %.4f %.4f %zu\n", sum / (double) n, percentile(used, n, 50), percentile(used, n, 95), used[n - 1],
		   percentile(waited, n, 50), percentile(waited, n, 95), rows);
	PQfinish(connection);
	return 0;
}
