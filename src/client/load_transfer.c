/*
 * load_transfer.c - see load_transfer.h.
 */
#include "client/load_transfer.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy_text.h"
#include "base/json_pointer.h"
#include "base/json_reader.h"
#include "client/client.h"
#include "client/load_source.h"

/* Fields are sent when there are so many bytes of them. */
#define SEND_SIZE (128 * 1024)

/* A batch ends after so much text, however few statements it is; and if it is kept to be sent again, in memory. */
#define BATCH_BYTES (UINT64_C(256) << 20)
#define KEPT_BYTES (UINT64_C(32) << 20)

/* In row_lines: the row is no text, but bytes. */
#define ROW_IS_BYTES (UINT64_C(1) << 63)

/* Where a COPY goes. */
typedef enum road
{
	TO_STATEMENTS,				/* ends at the first bad one */
	TO_INTAKE,					/* line by line, with rejects */
	TO_CHECK					/* a table of lines */
} road;

/* What one COPY came to. */
typedef struct batch
{
	bool		keep;			/* keep the rows, so that they can go through intake if one is refused */
	bool		refused;		/* one was, or is no text */
	uint64_t	rows;
	uint64_t	bytes;
	uint64_t	stored;
	uint64_t	known;
	uint64_t	rejected;
	bool		at_end;			/* of the file */
	bool		source_failed;

	/* a unit that cannot be sent as text, where that ends the load */
	bool		has_bad;
	uint64_t	bad_line;
	char		bad[512];
} batch;

/* Run a command; false if it fails, which is reported. */
static bool
run(ecosys_load *load, const char *command, int n, const char *const *values, PGresult **result)
{
	PGresult   *r = PQexecParams(load->connection, command, n, NULL, values, NULL, NULL, 0);
	bool		ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;

	if (!ok && !*load->interrupted)
	{
		ecosys_load_progress_clear(&load->progress);
		ecosys_client_report_server(load->connection, r);
	}
	if (ok && result != NULL)
		*result = r;
	else
		PQclear(r);
	return ok;
}

/* The same, with %s in the command for the schema. */
static bool
run_in_schema(ecosys_load *load, const char *format, int n, const char *const *values, PGresult **result)
{
	char		command[2048];

	snprintf(command, sizeof(command), format, load->schema);
	return run(load, command, n, values, result);
}

static uint64_t
number_at(const PGresult *result, int column)
{
	return strtoull(PQgetvalue(result, 0, column), NULL, 10);
}

/* ---- positions ---- */

/* Lock the file's row in loads, so that no other load of it goes on; *result has it. */
static bool
lock_position(ecosys_load *load, const ecosys_load_source *source, PGresult **result)
{
	const char *values[1] = {source->identity};

	return run_in_schema(load,
						 "SELECT position, fingerprint, line, within_array, finished_at"
						 "  FROM %s.loads WHERE source = $1 FOR UPDATE",
						 1, values, result);
}

/* Within a transaction: find out where to go on, and go there. */
static bool
find_position(ecosys_load *load, ecosys_load_source *source, const char *name)
{
	const char *values[1] = {source->identity};
	PGresult   *row = NULL;
	bool		anew = load->restart;
	uint64_t	position;

	if (!run_in_schema(load,
					   "INSERT INTO %s.loads (source, fingerprint, position, line, within_array, stored, known,"
					   " rejected) VALUES ($1, '', 0, 1, false, 0, 0, 0) ON CONFLICT (source) DO NOTHING",
					   1, values, NULL) ||
		!lock_position(load, source, &row))
		return false;
	position = PQntuples(row) == 1 ? number_at(row, 0) : 0;
	if (position > 0 && !anew)
	{
		uint64_t	line = number_at(row, 2);

		if (ecosys_load_seek(source, position, PQgetvalue(row, 0, 1), line, PQgetvalue(row, 0, 3)[0] == 't'))
		{
			load->skipped_bytes += position;
			ecosys_load_progress_clear(&load->progress);
			if (PQgetisnull(row, 0, 4))
				ecosys_client_report("%s: going on at line %" PRIu64 ", after %s bytes",
									 name, line, ecosys_load_number(position));
			else
				ecosys_client_report("%s: was loaded before; going on at line %" PRIu64 " with what has come since",
									 name, line);
		}
		else
		{
			char		message[sizeof(source->message)];
			bool		failed = source->failed;

			memcpy(message, source->message, sizeof(message));
			ecosys_load_close(source);
			if (failed || !ecosys_load_open(source, name))
			{
				ecosys_client_report("%s: %s", name, failed ? message : source->message);
				PQclear(row);
				return false;
			}
			values[0] = source->identity;
			ecosys_client_report("%s: not the file any more that was loaded from here; from the start", name);
			anew = true;
		}
	}
	PQclear(row);
	return !anew ||
		run_in_schema(load,
					  "UPDATE %s.loads SET position = 0, fingerprint = '', line = 1, within_array = false, stored = 0,"
					  " known = 0, rejected = 0, started_at = pg_catalog.clock_timestamp(), finished_at = NULL"
					  " WHERE source = $1",
					  1, values, NULL);
}

/* Within the batch's transaction: the position that it ends at. */
static bool
write_position(ecosys_load *load, const ecosys_load_source *source, const batch *b)
{
	char		fingerprint[ECOSYS_FINGERPRINT_SIZE];
	char		numbers[5][32];
	const char *values[9] = {source->identity, fingerprint, numbers[0], numbers[1],
		source->splitter.within_array ? "t" : "f", numbers[2], numbers[3], numbers[4], b->at_end ? "t" : "f"};

	ecosys_load_fingerprint(source, fingerprint);
	snprintf(numbers[0], sizeof(numbers[0]), "%" PRIu64, ecosys_load_position(source));
	snprintf(numbers[1], sizeof(numbers[1]), "%" PRIu64, ecosys_split_line(&source->splitter));
	snprintf(numbers[2], sizeof(numbers[2]), "%" PRIu64, b->stored);
	snprintf(numbers[3], sizeof(numbers[3]), "%" PRIu64, b->known);
	snprintf(numbers[4], sizeof(numbers[4]), "%" PRIu64, b->rejected);
	return run_in_schema(load,
						 "UPDATE %s.loads SET fingerprint = $2, position = $3::bigint, line = $4::bigint,"
						 " within_array = $5::boolean, stored = stored + $6::bigint, known = known + $7::bigint,"
						 " rejected = rejected + $8::bigint, updated_at = pg_catalog.clock_timestamp(),"
						 " finished_at = CASE WHEN $9::boolean THEN pg_catalog.clock_timestamp() END WHERE source = $1",
						 9, values, NULL);
}

/* ---- faults ---- */

/*
 * Say what is wrong with a unit that is no text (and so no JSON), as the server
 * would, or as check_batch does.
 */
static void
describe(const char *text, size_t length, bool check, char *result, size_t size)
{
	static ecosys_json_pointer pointer;
	ecosys_json_reader reader;
	char		place[256];
	bool		encoding;

	ecosys_json_open(&reader, text, length);
	ecosys_json_skip(&reader, NULL);
	(void) ecosys_json_close(&reader);
	ecosys_json_pointer_open(&pointer, text, length);
	ecosys_json_pointer_to(&pointer, (size_t) (reader.fault_at - text), place, sizeof(place));
	encoding = reader.fault_kind == ECOSYS_FAULT_ENCODING;
	if (check)
		snprintf(result, size, "%s (at %s, rule %s)", reader.fault_message, place[0] ? place : "the top",
				 encoding ? "json.encoding" : "json.syntax");
	else
		snprintf(result, size, "invalid xAPI statement: %s (%s)\nDETAIL: at %s, byte %zu, rule %s",
				 reader.fault_message, encoding ? "22021" : "22P02", place[0] ? place : "the top",
				 (size_t) (reader.fault_at - text) + 1, encoding ? "json.encoding" : "json.syntax");
}

/*
 * The row of COPY that an error is about, from 1; 0: not known. It is the
 * first number in "COPY statements, line 12, column statement: ...", whatever
 * the language; the rest of the context quotes the statement, so nobody sees it.
 */
static uint64_t
failed_row(const PGresult *result)
{
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
	const char *at = context == NULL ? NULL : strstr(context, "COPY statements");

	if (at == NULL)
		return 0;
	while (*at != '\0' && *at != '\n' && (*at < '0' || *at > '9'))
		at++;
	return strtoull(at, NULL, 10);
}

static void
report_copy(ecosys_load *load, const char *name, const batch *b, const PGresult *result)
{
	uint64_t	row = failed_row(result);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);

	ecosys_load_progress_clear(&load->progress);
	if (message == NULL || row == 0 || row > b->rows)
	{
		ecosys_client_report_server(load->connection, result);
		return;
	}
	ecosys_client_report("%s:%" PRIu64 ": %s (%s)", name, load->row_lines[row - 1], message,
						 PQresultErrorField(result, PG_DIAG_SQLSTATE));
	if (detail != NULL)
		fprintf(stderr, "DETAIL: %s\n", detail);
	if (hint != NULL)
		fprintf(stderr, "HINT: %s\n", hint);
}

/* ---- one COPY ---- */

static bool
make_room(ecosys_load_rows *rows, size_t more)
{
	char	   *larger;
	size_t		room = rows->room;

	if (rows->used + more <= room)
		return true;
	while (rows->used + more > room)
		room = room == 0 ? 2 * SEND_SIZE : room * 2;
	larger = realloc(rows->data, room);
	if (larger == NULL)
	{
		ecosys_client_report("out of memory");
		return false;
	}
	rows->data = larger;
	rows->room = room;
	return true;
}

static void
put(ecosys_load_rows *rows, const char *text, size_t length)
{
	memcpy(rows->data + rows->used, text, length);
	rows->used += length;
}

/* Send what was not yet sent. */
static bool
send_rows(ecosys_load *load, ecosys_load_rows *rows, bool keep)
{
	size_t		n = rows->used - rows->sent;
	bool		ok = n == 0 || PQputCopyData(load->connection, rows->data + rows->sent, (int) n) == 1;

	rows->sent = rows->used = keep ? rows->used : 0;
	return ok;
}

/* What every row of intake ends in: its file and line. */
static void
put_origin(ecosys_load_rows *rows, const char *source, uint64_t line)
{
	char		number[32];
	size_t		n;

	put(rows, "\t", 1);
	/* a name that is not UTF-8 is left out */
	if (ecosys_copy_text(source, strlen(source), rows->data + rows->used, &n))
		rows->used += n;
	else
		put(rows, "\\N", 2);
	n = (size_t) snprintf(number, sizeof(number), "\t%" PRIu64 "\n", line);
	put(rows, number, n);
}

/* How much put_origin writes at most. */
static size_t
origin_room(const char *source)
{
	return ECOSYS_COPY_TEXT_ROOM(strlen(source)) + 64;
}

/* Write one unit as a row. False: out of memory. If it is no text, there may be no row. */
static bool
put_row(ecosys_load *load, road to, const batch *b, const char *source, const char *text, size_t length,
		uint64_t line, bool *is_text)
{
	ecosys_load_rows *rows = &load->rows;
	char		number[32];
	size_t		n;

	if (!make_room(rows, ECOSYS_COPY_TEXT_ROOM(length) + origin_room(source)))
		return false;
	*is_text = ecosys_copy_text(text, length, rows->data + rows->used, &n);
	if (*is_text)
		rows->used += n;
	else if (to == TO_INTAKE)
		put(rows, "\\N\t", 3);
	else if (!b->keep)
		return true;
	if (!*is_text)
		rows->used += ecosys_copy_bytea(text, length, rows->data + rows->used);
	else if (to == TO_INTAKE)
		put(rows, "\t\\N", 3);

	if (to == TO_INTAKE)
		put_origin(rows, source, line);
	else if (to == TO_CHECK)
		put(rows, number, (size_t) snprintf(number, sizeof(number), "\t%" PRIu64 "\n", line));
	else
		put(rows, "\n", 1);
	return true;
}

/* Send the rows that were kept of a batch once more, as intake wants them. */
static bool
send_again(ecosys_load *load, const batch *b, const char *source)
{
	const char *at = load->rows.data;
	const char *end = at + load->rows.used;

	load->again.used = load->again.sent = 0;
	for (uint64_t i = 0; i < b->rows && at < end && !*load->interrupted; i++)
	{
		const char *stop = memchr(at, '\n', (size_t) (end - at));
		size_t		length = (size_t) (stop - at);
		bool		is_bytes = (load->row_lines[i] & ROW_IS_BYTES) != 0;

		if (!make_room(&load->again, length + 8 + origin_room(source)))
			return false;
		if (is_bytes)
			put(&load->again, "\\N\t", 3);
		put(&load->again, at, length);
		if (!is_bytes)
			put(&load->again, "\t\\N", 3);
		put_origin(&load->again, source, load->row_lines[i] & ~ROW_IS_BYTES);
		if (load->again.used >= SEND_SIZE && !send_rows(load, &load->again, false))
			return false;
		at = stop + 1;
	}
	return send_rows(load, &load->again, false);
}

/* Has the server something to say before the COPY ends? Then it is an error, or a notice. */
static bool
server_speaks(PGconn *connection)
{
	struct pollfd poller = {.fd = PQsocket(connection),.events = POLLIN};

	return poll(&poller, 1, 0) > 0;
}

static void
show_progress(ecosys_load *load, ecosys_load_source *source, const batch *b)
{
	ecosys_load_figures figures = {
		.file = source->name,
		.statements = load->seen + b->rows,
		.rejected = load->rejected,
		.bytes = load->bytes + b->bytes,
		.file_done = ecosys_load_progress(source),
		.file_size = source->file_size
	};

	ecosys_load_progress_show(&load->progress, &figures);
}

/* Send a batch: until it is full, the file ends, or something happens. False: out of memory or connection lost. */
static bool
send_batch(ecosys_load *load, road to, ecosys_load_source *source, batch *b)
{
	while (b->rows < load->batch_size && b->bytes < (b->keep ? KEPT_BYTES : BATCH_BYTES) && !*load->interrupted)
	{
		const char *text;
		size_t		length;
		uint64_t	line;
		bool		is_text;
		ecosys_load_next next = ecosys_load_unit(source, &text, &length, &line);

		b->at_end = next == ECOSYS_LOAD_END;
		b->source_failed = next == ECOSYS_LOAD_FAILED;
		if (next != ECOSYS_LOAD_UNIT)
			break;
		if (!put_row(load, to, b, source->name, text, length, line, &is_text))
			return false;
		b->bytes += length + 1;
		if (is_text || to == TO_INTAKE)
			load->row_lines[b->rows++] = line;
		else if (b->keep)
		{
			load->row_lines[b->rows++] = line | ROW_IS_BYTES;
			b->refused = true;
			break;
		}
		else
		{
			/* what stands before it may be bad too, so let the server look first */
			describe(text, length, load->dry_run, b->bad, sizeof(b->bad));
			b->has_bad = true;
			b->bad_line = line;
			break;
		}
		if (load->rows.used - load->rows.sent >= SEND_SIZE)
		{
			if (!send_rows(load, &load->rows, b->keep))
				return false;
			show_progress(load, source, b);
			if (server_speaks(load->connection))
				break;
		}
	}
	return b->refused || send_rows(load, &load->rows, b->keep);
}

/* An error about one statement, and not about the server or the connection? */
static bool
is_refusal(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL &&
		(strncmp(state, "22", 2) == 0 || strncmp(state, "54", 2) == 0 || strcmp(state, "23505") == 0);
}

/*
 * One COPY, within a transaction; of rows that were kept, or from the file.
 * False: it failed, as was reported, or b->refused.
 */
static bool
copy_batch(ecosys_load *load, road to, bool again, ecosys_load_source *source, const char *name, batch *b)
{
	char		command[512];
	PGresult   *result;
	bool		sent;
	bool		ok = true;

	if (!again)
		load->rows.used = load->rows.sent = 0;
	if (to == TO_CHECK)
		snprintf(command, sizeof(command), "COPY pg_temp.ecosys_lines (line, line_number) FROM STDIN");
	else if (to == TO_INTAKE)
		snprintf(command, sizeof(command), "COPY %s.intake (line, bytes, source, line_number) FROM STDIN", load->schema);
	else
		snprintf(command, sizeof(command), "COPY %s.statements (statement) FROM STDIN", load->schema);
	result = PQexec(load->connection, command);
	if (PQresultStatus(result) != PGRES_COPY_IN)
	{
		if (!*load->interrupted)
		{
			ecosys_load_progress_clear(&load->progress);
			ecosys_client_report_server(load->connection, result);
		}
		PQclear(result);
		return false;
	}
	PQclear(result);
	sent = again ? send_again(load, b, source->name) : send_batch(load, to, source, b);
	if (PQputCopyEnd(load->connection,
					 *load->interrupted ? "interrupted" : !sent || b->refused ? "given up" : NULL) != 1)
		ok = false;
	while ((result = PQgetResult(load->connection)) != NULL)
	{
		if (PQresultStatus(result) == PGRES_COMMAND_OK)
		{
			b->stored = strtoull(PQcmdTuples(result), NULL, 10);
			b->known = b->rows - b->stored;
		}
		else
		{
			if (b->keep && !again && sent && is_refusal(result))
				b->refused = true;
			else if (ok && !*load->interrupted && !b->refused)
				report_copy(load, name, b, result);
			ok = false;
		}
		PQclear(result);
		if (PQstatus(load->connection) == CONNECTION_BAD)
			break;
	}
	return ok && sent && !*load->interrupted;
}

/* What became of the lines that went through intake: since the session began. */
static bool
intake_counts(ecosys_load *load, batch *counts)
{
	PGresult   *result;

	if (!run(load, "SELECT stored, known, rejected FROM ecosys.intake_counts()", 0, NULL, &result))
		return false;
	counts->stored = number_at(result, 0);
	counts->known = number_at(result, 1);
	counts->rejected = number_at(result, 2);
	PQclear(result);
	return true;
}

/*
 * Print every fault of the batch that was only to be checked; *faulty becomes
 * the number of statements that have one.
 */
static bool
check_batch(ecosys_load *load, const char *name, uint64_t *faulty)
{
	PGresult   *result;
	const char *last = NULL;

	*faulty = 0;
	if (!run(load, "SELECT l.line_number, c.pointer, c.rule, c.message"
			 " FROM pg_temp.ecosys_lines l, LATERAL ecosys.check_statement(l.line) c ORDER BY l.ordinal", 0, NULL, &result))
		return false;
	ecosys_load_progress_clear(&load->progress);
	for (int i = 0; i < PQntuples(result); i++)
	{
		const char *line = PQgetvalue(result, i, 0);
		const char *pointer = PQgetvalue(result, i, 1);

		if (last == NULL || strcmp(last, line) != 0)
			++*faulty;
		if (!load->reject && *faulty > 1)
			break;
		last = line;
		ecosys_client_report("%s:%s: %s (at %s, rule %s)", name, line, PQgetvalue(result, i, 3),
							 pointer[0] ? pointer : "the top", PQgetvalue(result, i, 2));
	}
	PQclear(result);
	return true;
}

/* ---- a file ---- */

/* One batch, in a transaction of its own. False: stop, the reason was reported. */
static bool
load_batch(ecosys_load *load, ecosys_load_source *source, const char *name, bool first, batch *b)
{
	batch		before = {0};
	road		to = load->dry_run ? TO_CHECK : load->reject && load->through_intake ? TO_INTAKE : TO_STATEMENTS;
	bool		keeps_position = source->identity != NULL && !load->dry_run;
	uint64_t	from = ecosys_load_position(source);

	if (!run(load, "BEGIN", 0, NULL, NULL))
		return false;
	if (keeps_position)
	{
		if (first)
		{
			if (!find_position(load, source, name))
				return false;
			ecosys_load_progress_file(&load->progress, ecosys_load_progress(source));
		}
		else
		{
			PGresult   *row;
			bool		same;

			if (!lock_position(load, source, &row))
				return false;
			same = PQntuples(row) == 1 && number_at(row, 0) == from;
			PQclear(row);
			if (!same)
			{
				ecosys_client_report("%s: another load of this file is at work", name);
				return false;
			}
		}
	}
	b->keep = load->reject && to == TO_STATEMENTS;
	if (b->keep && !run(load, "SAVEPOINT fast_road", 0, NULL, NULL))
		return false;
	if (to == TO_INTAKE && !intake_counts(load, &before))
		return false;
	if (!copy_batch(load, to, false, source, name, b))
	{
		if (!b->refused || *load->interrupted)
			return false;
		b->refused = false;
		to = TO_INTAKE;
		if (!run(load, "ROLLBACK TO SAVEPOINT fast_road", 0, NULL, NULL) || !intake_counts(load, &before) ||
			!copy_batch(load, to, true, source, name, b))
			return false;
	}
	if (load->dry_run)
	{
		b->stored = b->known = 0;
		if (!check_batch(load, name, &b->rejected))
			return false;
	}
	if (b->has_bad && (load->reject || b->rejected == 0))
	{
		ecosys_load_progress_clear(&load->progress);
		ecosys_client_report("%s:%" PRIu64 ": %s", name, b->bad_line, b->bad);
		b->rejected++;
		b->rows++;
		if (!load->dry_run)
			return false;
	}
	if (to == TO_INTAKE)
	{
		if (!intake_counts(load, b))
			return false;
		b->stored -= before.stored;
		b->known -= before.known;
		b->rejected -= before.rejected;
		load->through_intake = b->rejected > 0;
	}
	if (keeps_position && !write_position(load, source, b))
		return false;
	if (!run(load, load->dry_run ? "ROLLBACK" : "COMMIT", 0, NULL, NULL))
		return false;
	load->seen += b->rows;
	load->bytes += b->bytes;
	load->stored += b->stored;
	load->known += b->known;
	load->rejected += b->rejected;
	return true;
}

ecosys_load_outcome
ecosys_load_file(ecosys_load *load, const char *name)
{
	ecosys_load_source source;
	ecosys_load_outcome outcome = ECOSYS_LOAD_STOPPED;
	bool		first = true;

	if (!ecosys_load_open(&source, name))
	{
		ecosys_client_report("%s: %s", source.name, source.message);
		return ECOSYS_LOAD_STOPPED;
	}
	name = strcmp(name, "-") == 0 ? source.name : name;
	if (load->row_lines == NULL)
		load->row_lines = malloc(sizeof(uint64_t) * load->batch_size);
	if (load->row_lines == NULL)
	{
		ecosys_client_report("out of memory");
		ecosys_load_close(&source);
		return ECOSYS_LOAD_STOPPED;
	}
	ecosys_load_progress_file(&load->progress, 0);
	for (;;)
	{
		batch		b = {0};

		if (!load_batch(load, &source, name, first, &b))
		{
			PQclear(PQexec(load->connection, "ROLLBACK"));
			break;
		}
		first = false;
		if (b.rejected > 0 && !load->reject)
			break;				/* of a check; a load has ended above */
		if (b.source_failed)
		{
			if (!*load->interrupted)
				ecosys_client_report("%s: %s", name, source.message);
			break;
		}
		if (b.at_end)
		{
			if (source.splitter.within_array)
			{
				ecosys_load_progress_clear(&load->progress);
				ecosys_client_report("%s: the array of statements is not closed: the file may have been cut off",
									 name);
			}
			else
				outcome = ECOSYS_LOAD_DONE;
			break;
		}
	}
	ecosys_load_close(&source);
	return outcome;
}
