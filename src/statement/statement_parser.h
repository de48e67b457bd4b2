/*
 * statement_parser.h - what a parser holds while it reads: arrays that grow,
 * broken rules noted, names that must be distinct. For statement_parse.c only.
 *
 * Broken rules are noted as rule and place, in order of place: an object's own
 * faults are known only at its end but belong to its beginning. Pointers and
 * messages are made when the faults are handed over, in one more pass over the
 * text, so a valid statement pays nothing for them.
 */
#ifndef ECOSYS_STATEMENT_PARSER_H
#define ECOSYS_STATEMENT_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_reader.h"
#include "statement/statement_parse.h"
#include "statement/statement_rule.h"

/* Broken rules noted in one text; of a text with more the first thousand found are told. */
#define ECOSYS_MAX_FAULTS 1000

typedef struct ecosys_growing_array
{
	void	   *items;
	size_t		allocated;		/* bytes */
	size_t		n;				/* items */
} ecosys_growing_array;

struct ecosys_statement_parser
{
	void	   *(*allocate) (size_t);
	void		(*release) (void *);
	void		(*progress) (void);

	ecosys_json_reader reader;
	const char *text;
	ecosys_statement_facts facts;
	bool		in_substatement;
	struct ecosys_statement_parts *parts;	/* of the statement or SubStatement being read */

	ecosys_growing_array faults;	/* private to statement_parser.c */
	ecosys_growing_array names; /* a stack, private too */
	ecosys_growing_array mentions;	/* of ecosys_mention */
	ecosys_growing_array keys;	/* of int64_t: of a group's members, then related activities */
	ecosys_growing_array actor_keys;	/* of int64_t: related actors */
	ecosys_growing_array party_keys;	/* of int64_t: parties */
	ecosys_growing_array bytes; /* decoded strings */
};

/* Get ready for another text. */
extern void ecosys_parser_begin(ecosys_statement_parser *parser, const char *text, size_t length);

/* Room for `more` items of a size behind the present ones. NULL: the reader has failed. */
extern void *ecosys_parser_reserve(ecosys_statement_parser *parser, ecosys_growing_array *array,
								   size_t size, size_t more);

/* The rule is broken by what starts at offset; detail is a constant for the %s of its message. */
extern void ecosys_parser_note(ecosys_statement_parser *parser, uint32_t offset,
							   ecosys_statement_rule rule);
extern void ecosys_parser_note_with(ecosys_statement_parser *parser, uint32_t offset,
									ecosys_statement_rule rule, const char *detail);

/* No fault, neither of the text nor against a rule. */
extern bool ecosys_parser_is_sound(const ecosys_statement_parser *parser);

/*
 * Hand the faults over, in document order; returns how many. What is no JSON
 * breaks no rule, so if only one is wanted, a fault of the text itself comes
 * before all others.
 */
extern size_t ecosys_parser_deliver(ecosys_statement_parser *parser, bool only_one,
									ecosys_fault_sink sink, void *arg);

/* A stack of keys or ids. pop notes those that are not distinct since there were `base`. */
extern size_t ecosys_parser_names(const ecosys_statement_parser *parser);
extern void ecosys_parser_push_name(ecosys_statement_parser *parser, ecosys_json_string name);
extern void ecosys_parser_pop_names(ecosys_statement_parser *parser, size_t base,
									ecosys_statement_rule rule);

/* Sort keys and drop repeated ones; returns how many stay. scratch has room for n. */
extern size_t ecosys_parser_sort_keys(ecosys_statement_parser *parser, int64_t *keys,
									  int64_t *scratch, size_t n);

#endif							/* ECOSYS_STATEMENT_PARSER_H */
