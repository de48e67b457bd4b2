/*
 * statement_datum.h - ecosys.statement values for the other C files of the
 * module: make one, read its facts, complete it.
 */
#ifndef ECOSYS_STATEMENT_DATUM_H
#define ECOSYS_STATEMENT_DATUM_H

#include "ecosys.h"

#include "nodes/nodes.h"
#include "statement/statement.h"

/*
 * Parse and pack a text. A fault is reported as a soft error where escontext
 * takes it; returns NULL then. within (may be NULL) is the JSON pointer of the
 * statement in a larger text. binary: as binary input reports it.
 */
extern struct varlena *ecosys_statement_encode(const char *text, size_t length, const char *within, bool binary,
											   Node *escontext);

/* The same, but NULL and the fault where the text is no statement. */
extern struct varlena *ecosys_statement_try_encode(const char *text, size_t length, ecosys_fault *fault);

/*
 * The facts of the header, without inflating the text (a toasted value is read
 * only as far as needed). Styles, UUIDs and payload are not filled.
 */
extern void ecosys_statement_facts_of(Datum statement, ecosys_statement_header *facts);

/*
 * A copy with values set by the server; NULL leaves one as it is. stored
 * replaces any other; id and timestamp are set only where the statement has
 * none. The text is not compressed again.
 */
extern struct varlena *ecosys_statement_complete(Datum statement, const uint8_t *id, const int64_t *stored,
												 const int64_t *timestamp);

/*
 * The text, palloc'd with a NUL behind it. completed: with the values set by
 * the server; otherwise as received (but for an overwritten `stored`).
 */
extern char *ecosys_statement_text(Datum statement, bool completed, size_t *length);

/*
 * All that a statement says: facts and the text they point into, as received.
 * Both are valid until the next call of this, of ecosys_statement_encode or of
 * ecosys_statement_parser_for, and no longer than the current memory context.
 * Cheap for the value that was input or parsed last in this backend.
 */
extern void ecosys_statement_parse_datum(Datum statement, const ecosys_statement_facts **facts,
										 const char **text, size_t *length);

/*
 * A parser for one text of this length, valid like the facts above. Say _done
 * after the parse: a parser that an error interrupted is not used again.
 */
extern ecosys_statement_parser *ecosys_statement_parser_for(size_t length);
extern void ecosys_statement_parser_done(void);

/*
 * Take a JSON array of statements, or one statement, apart, as the function
 * statement_batch does; take gets them in order. authority may be NULL.
 */
extern void ecosys_statement_batch_read(struct varlena *json, struct varlena *authority,
										void (*take) (void *arg, Datum statement, const uint8_t *id), void *arg);

/*
 * The same for the content of an HTTP request: under version 1 only what xAPI
 * 1.0.3 has; under 2 a statement without a version is one of 2.0.0. With an id
 * (16 bytes) it must be one statement, of that id or none.
 */
extern void ecosys_statement_request_read(struct varlena *body, struct varlena *authority, int version, const uint8_t *id,
										  void (*take) (void *arg, Datum statement, const uint8_t *id), void *arg);


/* ecosys.equivalent(statement, statement), statement_compare.c */
extern PGDLLEXPORT Datum ecosys_statement_equivalent(PG_FUNCTION_ARGS);

#endif							/* ECOSYS_STATEMENT_DATUM_H */
