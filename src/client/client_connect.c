/*
 * client_connect.c - connecting to the ecosystem, and reporting.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client.h"

bool
ecosys_client_target_option(ecosys_client_target *target, int option, const char *value)
{
	switch (option)
	{
		case 'd':
			target->dbname = value;
			return true;
		case 'h':
			target->host = value;
			return true;
		case 'p':
			target->port = value;
			return true;
		case 'U':
			target->user = value;
			return true;
		case 'e':
			target->ecosystem = value;
			return true;
		default:
			return false;
	}
}

void
ecosys_client_report(const char *format,...)
{
	va_list		arguments;

	fputs("ecosys: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void
ecosys_client_report_server(PGconn *connection, const PGresult *result)
{
	const char *message = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (message == NULL)
	{
		const char *whole = PQerrorMessage(connection);
		size_t		length = strlen(whole);

		while (length > 0 && whole[length - 1] == '\n')
			length--;
		ecosys_client_report("%.*s", (int) length, whole);
		return;
	}
	ecosys_client_report("%s (%s)", message, state == NULL ? "?????" : state);
	if (detail != NULL)
		fprintf(stderr, "DETAIL: %s\n", detail);
	if (hint != NULL)
		fprintf(stderr, "HINT: %s\n", hint);
}

static const char *
ecosystem_of(const ecosys_client_target *target)
{
	return target->ecosystem == NULL ? "learning" : target->ecosystem;
}

const char *
ecosys_client_schema(PGconn *connection, const ecosys_client_target *target)
{
	static char *quoted = NULL;

	if (quoted != NULL)
		PQfreemem(quoted);
	quoted = PQescapeIdentifier(connection, ecosystem_of(target), strlen(ecosystem_of(target)));
	return quoted;
}

PGconn *
ecosys_client_connect(const ecosys_client_target *target)
{
	const char *const keywords[] = {"dbname", "host", "port", "user", "fallback_application_name", "client_encoding", "options", NULL};
	const char *const values[] = {target->dbname, target->host, target->port, target->user, "ecosys", "UTF8", NULL, NULL};
	PGconn	   *connection = PQconnectdbParams(keywords, values, 1);
	const char *parameters[1] = {ecosystem_of(target)};
	PGresult   *result;

	if (PQstatus(connection) != CONNECTION_OK)
	{
		ecosys_client_report_server(connection, NULL);
		PQfinish(connection);
		return NULL;
	}
	result = PQexec(connection, "SELECT pg_catalog.set_config('search_path', '', false)");
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
	{
		PQclear(result);
		result = PQexecParams(connection,
							  "SELECT c.oid IS NOT NULL, coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false),"
							  "       EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'ecosys'),"
							  "       pg_catalog.quote_literal($1)"
							  "  FROM (SELECT) one"
							  "  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = $1"
							  "  LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'statements'",
							  1, NULL, parameters, NULL, NULL, 0);
	}
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		ecosys_client_report_server(connection, result);
	else if (PQgetvalue(result, 0, 0)[0] != 't')
	{
		ecosys_client_report("database \"%s\" has no ecosystem \"%s\"", PQdb(connection), ecosystem_of(target));
		fprintf(stderr, "HINT: another database is named by -d, another ecosystem by -e; to make this one: %sSELECT ecosys.create_ecosystem(%s)\n",
				PQgetvalue(result, 0, 2)[0] == 't' ? "" : "CREATE EXTENSION ecosys; ", PQgetvalue(result, 0, 3));
	}
	else if (PQgetvalue(result, 0, 1)[0] != 't')
	{
		ecosys_client_report("role \"%s\" may not use the ecosystem \"%s\"", PQuser(connection), ecosystem_of(target));
		fprintf(stderr, "HINT: its owner lets roles in: SELECT %s.grant_access(ROLE, 'serve'), or 'write', or 'read'\n",
				ecosys_client_schema(connection, target));
	}
	else
	{
		PQclear(result);
		return connection;
	}
	PQclear(result);
	PQfinish(connection);
	return NULL;
}
