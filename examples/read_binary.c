/*
 * read_binary.c - read statements in binary format: no text to parse, nothing rounded.
 *
 *		read_binary mailto:ana@example.com
 *
 * Prints the latest statements of a person: id, when it happened, score,
 * success, and the JSON text. All integers come in network byte order; a
 * timestamptz is microseconds since 2000, a uuid 16 bytes, a float8 the bits
 * of a double, a bool one byte.
 *
 * A statement is: a byte 1 (the version); a byte of flags, for what the server
 * has added to the statement that it received: 1 the id, 2 the timestamp, 4
 * stored; then these values, 16, 8 and 8 bytes, those that the flags name; the
 * rest is the JSON text as it was received. Where to connect: PGHOST and so on.
 */
#include <endian.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Seconds from 1970 to 2000. */
#define EPOCH_OFFSET INT64_C(946684800)

static uint64_t
integer8(const char *bytes)
{
	uint64_t	value;

	memcpy(&value, bytes, 8);
	return be64toh(value);
}

static double
float8(const char *bytes)
{
	uint64_t	bits = integer8(bytes);
	double		value;

	memcpy(&value, &bits, 8);
	return value;
}

static void
print_uuid(const char *bytes)
{
	for (int i = 0; i < 16; i++)
		printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", (unsigned char) bytes[i]);
}

static void
print_time(const char *bytes)
{
	int64_t		microseconds = (int64_t) integer8(bytes);
	int64_t		fraction = (microseconds % 1000000 + 1000000) % 1000000;
	time_t		seconds = (time_t) ((microseconds - fraction) / 1000000 + EPOCH_OFFSET);
	struct tm	parts;
	char		text[64];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
	printf("%s.%06" PRId64 "Z", text, fraction);
}

/* The JSON text within a statement; NULL if it is not of the form described above. */
static const char *
statement_text(const char *bytes, int length, int *text_length)
{
	int			skip;

	if (length < 2 || bytes[0] != 1 || (bytes[1] & ~7) != 0)
		return NULL;
	skip = 2 + (bytes[1] & 1 ? 16 : 0) + (bytes[1] & 2 ? 8 : 0) + (bytes[1] & 4 ? 8 : 0);
	if (length < skip)
		return NULL;
	*text_length = length - skip;
	return bytes + skip;
}

int
main(int argc, char **argv)
{
	PGconn	   *connection = PQconnectdb("");
	const char *values[1] = {argc > 1 ? argv[1] : ""};
	PGresult   *result;

	if (PQstatus(connection) != CONNECTION_OK)
	{
		fprintf(stderr, "connect: %s", PQerrorMessage(connection));
		return 1;
	}
	PQsetClientEncoding(connection, "UTF8");
	/* the last argument asks for binary results */
	result = PQexecParams(connection,
						  "SELECT id, \"timestamp\", scaled, success, statement FROM learning.live_statements"
						  " WHERE actor = ecosys.actor_key($1::text) ORDER BY stored DESC LIMIT 10",
						  1, NULL, values, NULL, NULL, 1);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
	{
		fprintf(stderr, "query: %s", PQerrorMessage(connection));
		return 1;
	}
	for (int row = 0; row < PQntuples(result); row++)
	{
		int			length = 0;
		const char *text = statement_text(PQgetvalue(result, row, 4), PQgetlength(result, row, 4), &length);

		print_uuid(PQgetvalue(result, row, 0));
		printf("  ");
		print_time(PQgetvalue(result, row, 1));
		if (PQgetisnull(result, row, 2))
			printf("  no score");
		else
			printf("  %.17g", float8(PQgetvalue(result, row, 2)));
		if (PQgetisnull(result, row, 3))
			printf("  open\n");
		else
			printf("  %s\n", PQgetvalue(result, row, 3)[0] ? "success" : "failure");
		if (text != NULL)
			printf("  %.*s\n", length, text);
	}
	PQclear(result);
	PQfinish(connection);
	return 0;
}
