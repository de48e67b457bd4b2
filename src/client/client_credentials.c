/*
 * client_credentials.c - `ecosys credentials`: the keys of HTTP clients.
 *
 * The rules are those of add_credential(), revoke_credential() and the table
 * credentials. A secret is told once, when it is made; one that a person chose
 * comes from a file or standard input, never from the command line, where
 * others on the machine could read it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "client/client.h"

/* Longest secret taken from a file. */
#define LONGEST_SECRET 1024

#define MOST_SCOPES 32

static void
help(void)
{
	fputs("ecosys credentials: the keys of HTTP clients\n\n"
		  "usage: ecosys credentials add [KEY] [OPTION]…\n"
		  "       ecosys credentials list [OPTION]…\n"
		  "       ecosys credentials revoke KEY [OPTION]…\n\n"
		  "add prints the key and its secret, this once; without KEY it makes one up.\n"
		  "      --scope=SCOPE        what it may do; repeatable (statements/write and\n"
		  "                           statements/read/mine): statements/write, statements/read,\n"
		  "                           statements/read/mine, state, define, profile, all/read, all\n"
		  "      --authority=JSON     authority of the statements it stores: an Agent, or a Group\n"
		  "                           of two (an account named after the key)\n"
		  "      --expires=TIME       from then on it is refused, as in 2030-01-31 or 2030-01-31T12:00Z\n"
		  "      --description=TEXT   what it is for\n"
		  "      --secret-file=FILE   a chosen secret, the file's first line; - is standard input\n"
		  "list shows all but the secrets, which are kept only as hashes.\n"
		  "      --json               an array of objects, for programs\n"
		  "revoke refuses the key from now on; it stays in the list.\n"
		  "      --help               this text\n\n", stdout);
	fputs(ECOSYS_CLIENT_TARGET_HELP
		  "\nExit codes: 0 done, 1 failed, 2 wrong usage.\n", stdout);
}

typedef struct credential_options
{
	ecosys_client_target target;
	const char *scopes[MOST_SCOPES];
	int			scope_count;
	const char *authority;
	const char *expires;
	const char *description;
	const char *secret_file;
	bool		json;
} credential_options;

static bool
refuse(const char *message)
{
	ecosys_client_report("%s", message);
	fputs("`ecosys credentials --help` tells more.\n", stderr);
	return false;
}

/* The first line of a file; false: told why not. */
static bool
read_secret(const char *name, char secret[LONGEST_SECRET + 2])
{
	bool		standard = strcmp(name, "-") == 0;
	FILE	   *file = standard ? stdin : fopen(name, "r");
	size_t		length;

	if (file == NULL || fgets(secret, LONGEST_SECRET + 2, file) == NULL)
	{
		ecosys_client_report("cannot read a secret from \"%s\": %s", name,
							 file == NULL || ferror(file) ? strerror(errno) : "it is empty");
		if (file != NULL && !standard)
			fclose(file);
		return false;
	}
	if (!standard)
		fclose(file);
	length = strlen(secret);
	while (length > 0 && (secret[length - 1] == '\n' || secret[length - 1] == '\r'))
		secret[--length] = '\0';
	if (length == 0 || length > LONGEST_SECRET)
	{
		ecosys_client_report("a secret has 1 to %d bytes", LONGEST_SECRET);
		return false;
	}
	return true;
}

/* Run a query with text parameters; NULL: told why not. */
static PGresult *
ask(PGconn *connection, const char *format, const char *schema, int count, const char *const *parameters)
{
	size_t		room = strlen(format) + strlen(schema) + 1;
	char	   *query = malloc(room);
	PGresult   *result;

	if (query == NULL)
	{
		ecosys_client_report("out of memory");
		return NULL;
	}
	/* the schema is quoted as an identifier; everything else is a parameter */
	snprintf(query, room, format, schema);
	result = PQexecParams(connection, query, count, NULL, parameters, NULL, NULL, 0);
	free(query);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return result;
	ecosys_client_report_server(connection, result);
	PQclear(result);
	return NULL;
}

/* The scopes as an array's text; the caller frees it. */
static char *
array_of_scopes(const credential_options *options)
{
	size_t		room = 3;
	char	   *text;
	char	   *at;

	for (int i = 0; i < options->scope_count; i++)
		room += 2 * strlen(options->scopes[i]) + 3;
	text = at = malloc(room);
	if (text == NULL)
		return NULL;
	*at++ = '{';
	for (int i = 0; i < options->scope_count; i++)
	{
		if (i > 0)
			*at++ = ',';
		*at++ = '"';
		for (const char *c = options->scopes[i]; *c != '\0'; c++)
		{
			if (*c == '"' || *c == '\\')
				*at++ = '\\';
			*at++ = *c;
		}
		*at++ = '"';
	}
	*at++ = '}';
	*at = '\0';
	return text;
}

static int
add(PGconn *connection, const char *schema, const credential_options *options, const char *key)
{
	char		secret[LONGEST_SECRET + 2];
	char	   *scopes = array_of_scopes(options);
	const char *parameters[6] = {key, options->scope_count == 0 ? NULL : scopes, options->authority, NULL,
	options->expires, options->description};
	PGresult   *result = NULL;

	if (scopes != NULL && (options->secret_file == NULL || read_secret(options->secret_file, secret)))
	{
		if (options->secret_file != NULL)
			parameters[3] = secret;
		result = ask(connection, "SELECT key, secret FROM %s.add_credential($1,"
					 " coalesce($2::text[], '{statements/write,statements/read/mine}'), $3::json, $4, $5::timestamptz, $6)", schema, 6, parameters);
	}
	free(scopes);
	if (result == NULL)
		return ECOSYS_EXIT_FAILED;
	printf("key     %s\n", PQgetvalue(result, 0, 0));
	if (options->secret_file == NULL)
	{
		printf("secret  %s\n", PQgetvalue(result, 0, 1));
		fputs("The secret is not shown again.\n", stderr);
	}
	PQclear(result);
	return ECOSYS_EXIT_OK;
}

static int
revoke(PGconn *connection, const char *schema, const char *key)
{
	PGresult   *result = ask(connection, "SELECT %s.revoke_credential($1)", schema, 1, &key);
	bool		revoked;

	if (result == NULL)
		return ECOSYS_EXIT_FAILED;
	revoked = strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	if (revoked)
		return ECOSYS_EXIT_OK;
	ecosys_client_report("there is no key \"%.255s\", or it was revoked before", key);
	return ECOSYS_EXIT_FAILED;
}

/* Characters, which is as near to columns as a plain program gets. */
static int
width_of(const char *text)
{
	const char *end = text + strlen(text);
	int			width = 0;

	while (text < end)
	{
		size_t		length = ecosys_utf8_length(text, end);

		text += length == 0 ? 1 : length;
		width++;
	}
	return width;
}

static void
print_table(const PGresult *result)
{
	int			columns = PQnfields(result);
	int			rows = PQntuples(result);
	int			widths[16] = {0};

	for (int column = 0; column < columns; column++)
	{
		widths[column] = width_of(PQfname(result, column));
		for (int row = 0; row < rows; row++)
		{
			int			width = width_of(PQgetvalue(result, row, column));

			if (width > widths[column])
				widths[column] = width;
		}
	}
	for (int row = -1; row < rows; row++)
	{
		for (int column = 0; column < columns; column++)
		{
			const char *text = row < 0 ? PQfname(result, column) : PQgetvalue(result, row, column);

			if (column + 1 < columns)
				printf("%s%*s  ", text, widths[column] - width_of(text), "");
			else
				printf("%s\n", text);
		}
	}
}

static int
list(PGconn *connection, const char *schema, bool json)
{
	PGresult   *result;

	if (json)
		result = ask(connection, "SELECT coalesce(json_agg(json_build_object('key', key, 'scopes', scopes,"
					 " 'authority', authority, 'created_at', created_at, 'expires_at', expires_at,"
					 " 'revoked_at', revoked_at, 'description', description)"
					 " ORDER BY created_at, key), '[]') FROM %s.credentials", schema, 0, NULL);
	else
		result = ask(connection, "SELECT translate(key, E'\\n\\r\\t', '   ') AS key,"
					 " CASE WHEN revoked_at IS NOT NULL THEN 'revoked'"
					 " WHEN expires_at <= now() THEN 'expired' ELSE 'valid' END AS state,"
					 " array_to_string(scopes, ' ') AS scopes, to_char(created_at, 'YYYY-MM-DD HH24:MI') AS created,"
					 " coalesce(to_char(expires_at, 'YYYY-MM-DD HH24:MI'), '-') AS expires,"
					 " coalesce(to_char(revoked_at, 'YYYY-MM-DD HH24:MI'), '-') AS revoked,"
					 " translate(coalesce(description, ''), E'\\n\\r\\t', '   ') AS description"
					 " FROM %s.credentials ORDER BY created_at, key", schema, 0, NULL);
	if (result == NULL)
		return ECOSYS_EXIT_FAILED;
	if (json)
		printf("%s\n", PQgetvalue(result, 0, 0));
	else
		print_table(result);
	PQclear(result);
	return ECOSYS_EXIT_OK;
}

enum
{
	OPTION_HELP = 256,
	OPTION_SCOPE,
	OPTION_AUTHORITY,
	OPTION_EXPIRES,
	OPTION_DESCRIPTION,
	OPTION_SECRET_FILE,
	OPTION_JSON
};

/* True: go on. False: *code is the exit code. */
static bool
parse_options(credential_options *options, int argc, char **argv, int *code)
{
	static const struct option long_options[] = {
		ECOSYS_CLIENT_TARGET_LONG,
		{"scope", required_argument, NULL, OPTION_SCOPE},
		{"authority", required_argument, NULL, OPTION_AUTHORITY},
		{"expires", required_argument, NULL, OPTION_EXPIRES},
		{"description", required_argument, NULL, OPTION_DESCRIPTION},
		{"secret-file", required_argument, NULL, OPTION_SECRET_FILE},
		{"json", no_argument, NULL, OPTION_JSON},
		{"help", no_argument, NULL, OPTION_HELP},
		{NULL, 0, NULL, 0}
	};
	int			option;

	*code = ECOSYS_EXIT_USAGE;
	while ((option = getopt_long(argc, argv, ECOSYS_CLIENT_TARGET_SHORT, long_options, NULL)) != -1)
	{
		if (ecosys_client_target_option(&options->target, option, optarg))
			continue;
		switch (option)
		{
			case OPTION_SCOPE:
				if (options->scope_count == MOST_SCOPES)
					return refuse("there are not so many scopes");
				options->scopes[options->scope_count++] = optarg;
				break;
			case OPTION_AUTHORITY:
				options->authority = optarg;
				break;
			case OPTION_EXPIRES:
				options->expires = optarg;
				break;
			case OPTION_DESCRIPTION:
				options->description = optarg;
				break;
			case OPTION_SECRET_FILE:
				options->secret_file = optarg;
				break;
			case OPTION_JSON:
				options->json = true;
				break;
			case OPTION_HELP:
				help();
				*code = ECOSYS_EXIT_OK;
				return false;
			default:
				fputs("`ecosys credentials --help` tells more.\n", stderr);
				return false;
		}
	}
	return true;
}

int
ecosys_client_credentials(int argc, char **argv)
{
	credential_options options = {.json = false};
	const char *action;
	const char *key;
	PGconn	   *connection;
	const char *schema;
	int			code;

	if (!parse_options(&options, argc, argv, &code))
		return code;
	action = optind < argc ? argv[optind] : "";
	key = optind + 1 < argc ? argv[optind + 1] : NULL;
	if (optind + 2 < argc ||
		(strcmp(action, "add") != 0 && strcmp(action, "list") != 0 && strcmp(action, "revoke") != 0) ||
		(strcmp(action, "list") == 0 && key != NULL) || (strcmp(action, "revoke") == 0 && key == NULL))
	{
		(void) refuse("say `add [KEY]`, `list` or `revoke KEY`");
		return ECOSYS_EXIT_USAGE;
	}
	connection = ecosys_client_connect(&options.target);
	if (connection == NULL)
		return ECOSYS_EXIT_FAILED;
	schema = ecosys_client_schema(connection, &options.target);
	if (schema == NULL)
		code = ECOSYS_EXIT_FAILED;
	else if (strcmp(action, "add") == 0)
		code = add(connection, schema, &options, key);
	else if (strcmp(action, "list") == 0)
		code = list(connection, schema, options.json);
	else
		code = revoke(connection, schema, key);
	PQfinish(connection);
	return code;
}
