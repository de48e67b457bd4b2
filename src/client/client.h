/*
 * client.h - the program `ecosys`: what its subcommands share.
 *
 * One libpq program beside the server. Each subcommand is a file of its own,
 * client_<name>.c, with one entry point, listed in ecosys.c.
 */
#ifndef ECOSYS_CLIENT_H
#define ECOSYS_CLIENT_H

#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>

#include <libpq-fe.h>

/* Exit codes of every subcommand; also said in --help. */
enum
{
	ECOSYS_EXIT_OK = 0,
	ECOSYS_EXIT_FAILED = 1,		/* the connection, the server, a file */
	ECOSYS_EXIT_USAGE = 2,		/* the command line is wrong */
	ECOSYS_EXIT_REJECTS = 3		/* done, but some input was refused and kept in rejects */
};

/* Where to connect, and which ecosystem. NULL: libpq's defaults (PGHOST…), and "learning". */
typedef struct ecosys_client_target
{
	const char *dbname;			/* a name, a connection string or a URI */
	const char *host;
	const char *port;
	const char *user;
	const char *ecosystem;
} ecosys_client_target;

/* For getopt_long: the short options, and the entries of the long ones. */
#define ECOSYS_CLIENT_TARGET_SHORT "d:h:p:U:e:"
#define ECOSYS_CLIENT_TARGET_LONG \
	{"dbname", required_argument, NULL, 'd'}, \
	{"host", required_argument, NULL, 'h'}, \
	{"port", required_argument, NULL, 'p'}, \
	{"username", required_argument, NULL, 'U'}, \
	{"ecosystem", required_argument, NULL, 'e'}
#define ECOSYS_CLIENT_TARGET_HELP \
	"  -d, --dbname=NAME      database, connection string or URI\n" \
	"  -h, --host=HOST        server's host or socket directory\n" \
	"  -p, --port=PORT        server's port\n" \
	"  -U, --username=NAME    user to connect as\n" \
	"  -e, --ecosystem=NAME   schema of the ecosystem (learning)\n" \
	"Where these are not given, PGDATABASE, PGHOST, PGPORT, PGUSER and the other\n" \
	"settings of libpq count. A password comes from PGPASSFILE or PGPASSWORD.\n"

/* Take one option; false: it is not one of these. */
extern bool ecosys_client_target_option(ecosys_client_target *target, int option, const char *value);

/*
 * Connect, with client_encoding UTF8 and an empty search_path; reports and
 * returns NULL on failure. The ecosystem is checked: it must have a table
 * statements.
 */
extern PGconn *ecosys_client_connect(const ecosys_client_target *target);

/* The ecosystem's schema, quoted as an identifier; valid until the connection is closed or another one asked. */
extern const char *ecosys_client_schema(PGconn *connection, const ecosys_client_target *target);

/* "ecosys COMMAND: message" on standard error. */
extern void ecosys_client_report(const char *format,...) __attribute__((format(printf, 1, 2)));

/* The server's last error, its DETAIL and HINT. */
extern void ecosys_client_report_server(PGconn *connection, const PGresult *result);

/* The subcommands; argv[0] is the subcommand's name. They return an exit code. */
extern int	ecosys_client_load(int argc, char **argv);
extern int	ecosys_client_forward(int argc, char **argv);
extern int	ecosys_client_credentials(int argc, char **argv);
extern int	ecosys_client_serve(int argc, char **argv);

#endif							/* ECOSYS_CLIENT_H */
