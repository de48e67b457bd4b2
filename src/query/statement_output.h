/*
 * statement_output.h - the JSON of a statement as a record store returns it, in
 * xAPI's formats exact, ids and canonical.
 *
 * Plain C, one pass: what stays is copied in spans, spelling and all. The text
 * is that of a valid statement, with what the server completed.
 *
 * In every format
 * - the values of contextActivities are arrays;
 * - version is present;
 * - timestamp and stored are in UTC, with a Z and at least three digits of the second's fraction.
 * ids: agents, groups, activities and verbs are cut to what identifies them.
 * canonical: activities and verbs have the description that the record store
 * has of them; of its language maps, one language is left of each.
 */
#ifndef ECOSYS_STATEMENT_OUTPUT_H
#define ECOSYS_STATEMENT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "query/accept_language.h"

typedef enum ecosys_output_format
{
	ECOSYS_OUTPUT_EXACT,
	ECOSYS_OUTPUT_IDS,
	ECOSYS_OUTPUT_CANONICAL
} ecosys_output_format;

/* The format of that name; false: there is none. */
extern bool ecosys_output_format_read(const char *name, size_t length, ecosys_output_format *format);

typedef struct ecosys_statement_output
{
	ecosys_output_format format;
	bool		xapi_2;			/* which version to add where it has none */

	/* Takes the output, piece by piece. */
	void		(*append) (void *arg, const char *bytes, size_t length);
	void	   *append_arg;

	/*
	 * Only for canonical: the languages wished, and what is known of an activity
	 * (its definition) or a verb (its display): an object, or NULL if nothing. iri
	 * is a JSON string, quotes included.
	 */
	const ecosys_accept_language *languages;
	const char *(*describe) (void *arg, bool is_verb, const char *iri, size_t iri_length, size_t *length);
	void	   *describe_arg;
} ecosys_statement_output;

/* Write a statement. False: the text is not that of a statement; some output may have been written. */
extern bool ecosys_statement_output_write(const ecosys_statement_output *output, const char *text, size_t length);

/*
 * Write an activity's definition, or a verb's display, with one language left of
 * each language map. False: the text is not an object.
 */
extern bool ecosys_definition_output_write(const ecosys_statement_output *output, const char *text, size_t length);
extern bool ecosys_display_output_write(const ecosys_statement_output *output, const char *text, size_t length);

#endif							/* ECOSYS_STATEMENT_OUTPUT_H */
