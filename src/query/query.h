/*
 * query.h - what the files of the query engine share.
 *
 * query_statements.c takes a query's arguments and hands out its rows. Which
 * rows these are, two roads find: ordered_scan.c walks indexes in the order of
 * the heap, plain_road.c runs SQL. Both answer alike. page_format.c turns the
 * rows of a page into JSON.
 */
#ifndef ECOSYS_QUERY_H
#define ECOSYS_QUERY_H

#include "ecosys.h"

#include "datatype/timestamp.h"
#include "utils/uuid.h"

#include "base/hash_key.h"
#include "query/accept_language.h"
#include "query/statement_output.h"

/* A place in the order of statements. */
typedef struct ecosys_position
{
	TimestampTz stored;
	pg_uuid_t	id;
} ecosys_position;

/* A query, with keys for names. */
typedef struct ecosys_query
{
	bool		has_agent;
	bool		has_verb;
	bool		has_activity;
	bool		has_registration;
	bool		has_authority;
	bool		has_since;
	bool		has_until;
	bool		has_beyond;
	bool		related_agents;
	bool		related_activities;
	bool		ascending;
	int64		agent;
	int64		verb;
	int64		activity;
	int64		authority;
	pg_uuid_t	registration;
	TimestampTz since;			/* exclusive */
	TimestampTz until;			/* inclusive */
	ecosys_position beyond;		/* only what comes after it in the order asked for */
	int			max_rows;
} ecosys_query;

/* Takes the rows of an answer, in order. */
typedef void (*ecosys_query_sink) (void *arg, const ecosys_position *position, Datum statement);

/* The key of the verb that voids: a statement of it cannot be void itself. */
static inline int64
ecosys_query_voiding_verb(void)
{
	static const char iri[] = "http://adlnet.gov/expapi/verbs/voided";

	return ecosys_hash_key(ECOSYS_KEY_VERB, iri, sizeof(iri) - 1);
}

/* ---- position.c ---- */

#define ECOSYS_POSITION_SIZE 48

extern void ecosys_position_print(const ecosys_position *position, char *text /* ECOSYS_POSITION_SIZE */ );
extern bool ecosys_position_read(const char *text, size_t length, ecosys_position *position);

/* < 0: a is stored before b. */
extern int	ecosys_position_compare(const ecosys_position *a, const ecosys_position *b);

/* ---- query_statements.c ---- */

extern void ecosys_query_define_settings(void);

/* ---- plain_road.c ---- */

extern void ecosys_query_plain_road(Oid statements, const ecosys_query *query, ecosys_query_sink sink,
									void *arg);

/* The schema of a table of statements, quoted; an error if there is no such table. */
extern const char *ecosys_query_schema(Oid table);

/* ---- stored_statement.c ---- */

/* The statement of an id that is, or is not, void; false: none. It is palloc'd. */
extern bool ecosys_query_stored_statement(Oid statements, Oid engine_schema, const pg_uuid_t *id, bool voided,
										  Datum *statement);

/* ---- page_format.c ---- */

/* How the statements of a page are shown. */
typedef struct ecosys_page_format
{
	ecosys_output_format format;
	ecosys_accept_language languages;
} ecosys_page_format;

/* From arguments of a function that may be NULL: the format's name, an Accept-Language header. */
extern void ecosys_page_format_read(ecosys_page_format *format, text *name, text *language);

/* What is known of activities and verbs, by key. */
typedef struct ecosys_page_dictionary ecosys_page_dictionary;

/* From the tables of the ecosystem that `statements` is in, for all that these statements name. */
extern ecosys_page_dictionary *ecosys_page_dictionary_load(Oid statements, const Datum *values, int n);

/* A statement as json. The dictionary is only needed for canonical. */
extern Datum ecosys_page_format_statement(const ecosys_page_format *format, ecosys_page_dictionary *dictionary,
										  Datum statement);

#endif							/* ECOSYS_QUERY_H */
