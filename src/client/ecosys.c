/*
 * ecosys.c - the program `ecosys`: picks the subcommand.
 */
#include <stdio.h>
#include <string.h>

#include "client/client.h"

typedef struct subcommand
{
	const char *name;
	const char *summary;
	int			(*run) (int argc, char **argv);
} subcommand;

static const subcommand subcommands[] = {
	{"credentials", "the keys of HTTP clients: add, list, revoke", ecosys_client_credentials},
	{"load", "store statements from files: JSON lines, arrays, gzip", ecosys_client_load},
	{"forward", "send statements on to another record store", ecosys_client_forward},
	{"serve", "the HTTP front of the xAPI record store", ecosys_client_serve},
	{NULL, NULL, NULL}
};

static void
help(FILE *out)
{
	fprintf(out, "ecosys %s: learning statements, goal alignment and dependency walks in PostgreSQL\n\n"
			"usage: ecosys COMMAND [OPTION]… [ARGUMENT]…\n\n", ECOSYS_VERSION);
	for (const subcommand *s = subcommands; s->name != NULL; s++)
		fprintf(out, "  %-12s %s\n", s->name, s->summary);
	fprintf(out, "\n`ecosys COMMAND --help` tells more.\n");
}

int
main(int argc, char **argv)
{
	if (argc < 2)
	{
		help(stderr);
		return ECOSYS_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
	{
		help(stdout);
		return ECOSYS_EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0)
	{
		printf("ecosys %s\n", ECOSYS_VERSION);
		return ECOSYS_EXIT_OK;
	}
	for (const subcommand *s = subcommands; s->name != NULL; s++)
	{
		if (strcmp(argv[1], s->name) == 0)
		{
			/* getopt's complaints begin with this name, as all others do */
			argv[1] = "ecosys";
			return s->run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr, "ecosys: there is no command \"%.60s\"\n`ecosys --help` lists them.\n", argv[1]);
	return ECOSYS_EXIT_USAGE;
}
