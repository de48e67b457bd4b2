/*
 * statement_parse.h - one pass over the JSON text of an xAPI statement:
 * is it one, and what does it say?
 *
 * Plain C: no postgres.h here or in what includes it. The pass validates
 * everything (JSON grammar, UTF-8, every rule of xAPI 1.0.3 and 2.0) and
 * collects the facts that the stored header, the typed columns and the
 * dictionaries need. Facts point into the text; the text must outlive them.
 *
 * Keys are hashes of *decoded* strings (escapes resolved), so "\u0061" equals "a".
 */
#ifndef ECOSYS_STATEMENT_PARSE_H
#define ECOSYS_STATEMENT_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/duration.h"
#include "base/fault.h"
#include "base/json_reader.h"
#include "base/span.h"

typedef enum ecosys_object_type
{
	ECOSYS_OBJECT_ACTIVITY,
	ECOSYS_OBJECT_AGENT,
	ECOSYS_OBJECT_GROUP,
	ECOSYS_OBJECT_STATEMENT_REF,
	ECOSYS_OBJECT_SUBSTATEMENT
} ecosys_object_type;

/* Where in the statement an agent, verb or activity was named. */
typedef enum ecosys_mention_role
{
	ECOSYS_ROLE_ACTOR,
	ECOSYS_ROLE_VERB,
	ECOSYS_ROLE_OBJECT,
	ECOSYS_ROLE_AUTHORITY,
	ECOSYS_ROLE_INSTRUCTOR,
	ECOSYS_ROLE_TEAM,
	ECOSYS_ROLE_MEMBER,			/* of any group */
	ECOSYS_ROLE_PARENT,
	ECOSYS_ROLE_GROUPING,
	ECOSYS_ROLE_CATEGORY,
	ECOSYS_ROLE_OTHER,
	ECOSYS_ROLE_CONTEXT_AGENT,
	ECOSYS_ROLE_CONTEXT_GROUP
} ecosys_mention_role;

typedef enum ecosys_mention_kind
{
	ECOSYS_MENTION_AGENT,
	ECOSYS_MENTION_GROUP,
	ECOSYS_MENTION_VERB,
	ECOSYS_MENTION_ACTIVITY
} ecosys_mention_kind;

/* One naming of an agent, group, verb or activity, in document order. */
typedef struct ecosys_mention
{
	ecosys_mention_kind kind;
	ecosys_mention_role role;
	bool		in_substatement;
	int64_t		key;
	ecosys_span object;			/* the whole JSON object */
	ecosys_span identifier;		/* verb, activity: the id string; agent, group: the value of its
								 * IFI (mbox, mbox_sha1sum, openid: string; account: object),
								 * absent for an anonymous group */
	ecosys_span description;	/* activity: definition object; verb: display map; agent, group: name
								 * string */
} ecosys_mention;

typedef struct ecosys_statement_facts
{
	/* 1 = 1.0.3 or either; 2 = uses what only 2.0 has (contextAgents, contextGroups, version 2.0.x) */
	int			xapi_version;

	bool		has_id;
	uint8_t		id[16];
	bool		has_timestamp;
	int64_t		timestamp;		/* µs since 2000-01-01 UTC, fraction cut */
	bool		has_stored;
	int64_t		stored;
	bool		has_registration;
	uint8_t		registration[16];

	int64_t		actor;			/* keys */
	int64_t		verb;
	int64_t		object;
	bool		has_authority;
	int64_t		authority;
	ecosys_object_type object_type;
	uint8_t		object_statement_id[16];	/* of a StatementRef */
	bool		is_voiding;		/* verb voided (then object_statement_id is the voided id) */

	bool		has_scaled;
	double		scaled;
	bool		has_raw, has_min, has_max;
	double		raw, min, max;
	bool		has_success, success;
	bool		has_completion, completion;
	ecosys_duration duration;

	/* spans of the values of members at the top level and just below */
	ecosys_span id_value, timestamp_value, stored_value, version_value, authority_value;
	ecosys_span actor_value, verb_value, object_value, result_value, context_value, attachments_value;
	ecosys_span response_value, platform_value, language_value, revision_value, duration_value, scaled_value;

	/* every naming, in document order; the arrays below are owned by the parser */
	const ecosys_mention *mentions;
	uint32_t	n_mentions;
	/* sorted distinct keys: object and context activities, SubStatement's too */
	const int64_t *related_activities;
	uint32_t	n_related_activities;
	/* sorted distinct keys: actor, agent object, authority, instructor, team, contextAgents,
	 * contextGroups, members of groups, SubStatement's too; anonymous groups only by their members */
	const int64_t *related_actors;
	uint32_t	n_related_actors;
	/* sorted distinct keys: actor, agent or group as object, and the members of these; anonymous
	 * groups only by their members. None where that is the actor alone */
	const int64_t *parties;
	uint32_t	n_parties;
} ecosys_statement_facts;

/*
 * A parser holds the arrays above and is reused from statement to statement.
 * Memory comes from the given functions (palloc and pfree in the server,
 * malloc and free in tests); an allocator may return NULL (then
 * ECOSYS_FAULT_MEMORY) or not return at all.
 */
typedef struct ecosys_statement_parser ecosys_statement_parser;

extern ecosys_statement_parser *ecosys_statement_parser_create(void *(*allocate) (size_t),
															   void (*release) (void *));
extern void ecosys_statement_parser_destroy(ecosys_statement_parser *parser);

/* Called every few thousand tokens, so that a server can be asked whether to stop; may be NULL. */
extern void ecosys_statement_parser_on_progress(ecosys_statement_parser *parser,
												void (*progress) (void));

/* Nesting allowed in a text, objects and arrays together. */
#define ECOSYS_MAX_DEPTH ECOSYS_JSON_MAX_DEPTH

/*
 * Parse text[0..length). Returns true and fills *facts when the text is one
 * valid statement; otherwise false, and *fault is the first fault. Facts are
 * valid until the next call on the same parser.
 */
extern bool ecosys_statement_parse(ecosys_statement_parser *parser, const char *text,
								   size_t length, ecosys_statement_facts *facts,
								   ecosys_fault *fault);

/* Hand every fault of the text to sink, in document order; returns their number. */
extern size_t ecosys_statement_check(ecosys_statement_parser *parser, const char *text,
									 size_t length, ecosys_fault_sink sink, void *arg);

/*
 * An Agent or Group object alone (the actor type, the agent parameter, an
 * authority). *mention is as if it were an actor; bare_iri also takes a JSON-less
 * "mailto:a@b.c".
 */
extern bool ecosys_actor_parse(ecosys_statement_parser *parser, const char *text, size_t length,
							   bool bare_iri, ecosys_mention *mention, ecosys_fault *fault);

#endif							/* ECOSYS_STATEMENT_PARSE_H */
