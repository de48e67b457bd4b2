/*
 * backend_cost.h - what a backend has used: its processor time, as the kernel counts it.
 */
#ifndef ECOSYS_BENCH_BACKEND_COST_H
#define ECOSYS_BENCH_BACKEND_COST_H

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Seconds on a processor so far. The backend must be idle: the kernel counts a running one late. */
static inline double
backend_seconds(PGconn *connection)
{
	char		path[64];
	unsigned long long nanoseconds;
	FILE	   *file;
	struct timespec moment = {0, 200000};

	nanosleep(&moment, NULL);	/* after its answer it has a little to do */
	snprintf(path, sizeof(path), "/proc/%d/schedstat", PQbackendPID(connection));
	file = fopen(path, "r");
	if (file == NULL || fscanf(file, "%llu", &nanoseconds) != 1)
	{
		fprintf(stderr, "cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	return (double) nanoseconds / 1e9;
}

static inline double
wall_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static inline void
die(const char *what, PGconn *connection)
{
	fprintf(stderr, "%s: %s", what, PQerrorMessage(connection));
	exit(1);
}

/* Connects as PGHOST and the like say, with no NOTICEs, and runs the set-up. */
static inline PGconn *
connect_and_set(const char *set_up)
{
	PGconn	   *connection = PQconnectdb("");
	PGresult   *result;

	if (PQstatus(connection) != CONNECTION_OK)
		die("connect", connection);
	result = PQexec(connection, set_up);
	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		die("set-up", connection);
	PQclear(result);
	return connection;
}

#endif
