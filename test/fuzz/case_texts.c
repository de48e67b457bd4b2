/*
 * case_texts.c - writes the texts of test/data/statement_cases.jsonl, one file
 * each, as seeds for the fuzzer.
 *
 *		case_texts CASES FOLDER
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/json_reader.h"

int
main(int argc, char **argv)
{
	FILE	   *cases = argc == 3 ? fopen(argv[1], "r") : NULL;
	char	   *line = NULL;
	size_t		allocated = 0;
	ssize_t		length;
	int			n = 0;

	if (cases == NULL)
	{
		fprintf(stderr, "usage: case_texts CASES FOLDER\n");
		return 1;
	}
	while ((length = getline(&line, &allocated, cases)) > 0)
	{
		char		path[4096];
		ecosys_span span;
		FILE	   *seed;
		char	   *text;
		size_t		size;

		if (!ecosys_json_find(line, (size_t) length, "text", &span))
			return 1;
		text = malloc(span.length);
		size = ecosys_json_decode(line + span.offset, span.length, text);
		snprintf(path, sizeof(path), "%s/%04d.json", argv[2], ++n);
		seed = fopen(path, "w");
		if (seed == NULL || fwrite(text, 1, size, seed) != size || fclose(seed) != 0)
		{
			perror(path);
			return 1;
		}
		free(text);
	}
	free(line);
	fclose(cases);
	return n == 0;
}
