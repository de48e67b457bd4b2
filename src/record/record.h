/*
 * record.h - what the triggers of the record side share.
 *
 * statements_fill (record_fill.c) completes a row and notes what the statement
 * names (record_dictionary.c); statements_keep writes what was noted into the
 * dictionaries (record_settle.c) at the end of the SQL statement, set-based and
 * without waiting for other transactions; intake (record_intake.c) is the bulk road that keeps bad lines too.
 */
#ifndef ECOSYS_RECORD_H
#define ECOSYS_RECORD_H

#include "ecosys.h"

#include "commands/trigger.h"
#include "datatype/timestamp.h"
#include "utils/rel.h"
#include "utils/uuid.h"

#include "statement/statement_parse.h"

/* ---- record_dictionary.c ---- */

/*
 * To be called before a statement is parsed: may write earlier notes, and with
 * that parse other texts.
 */
extern void ecosys_record_begin(Relation statements);

/* Note what the statement names, to be written by ecosys_record_keep. */
extern void ecosys_record_note(Relation statements, const ecosys_statement_facts *facts, const char *text);

/* Note that one statement voids another (16 bytes), to be written if it is there then. */
extern void ecosys_record_note_void(Relation statements, const uint8 *voided, const pg_uuid_t *voiding);

/* Become the owner of a table, with nothing of the caller's in the search path, and the caller again. */
typedef struct ecosys_record_caller
{
	Oid			user;
	int			context;
	int			guc_level;
} ecosys_record_caller;

extern void ecosys_record_become(ecosys_record_caller *caller, Oid owner);
extern void ecosys_record_become_again(const ecosys_record_caller *caller);

/* Write all that was noted, if anything was. */
extern void ecosys_record_keep(void);

/*
 * The key of the set of related activities, of related actors, and of actor and
 * object with their members; false when the set is nothing but the object, or
 * the actor, itself.
 */
extern bool ecosys_record_related_activities(const ecosys_statement_facts *facts, int64 *key);
extern bool ecosys_record_related_actors(const ecosys_statement_facts *facts, int64 *key);
extern bool ecosys_record_parties(const ecosys_statement_facts *facts, int64 *key);

/*
 * Run an SQL command as the owner of the table, with a safe search path. The
 * command is written with %s for the quoted schema of the table.
 */
extern void ecosys_record_execute(Relation statements, const char *command, int nargs, Oid *argtypes,
								  Datum *values, const char *nulls);

/* ecosys.merge_definition and merge_language_map, definition_merge.c; both arguments given */
extern PGDLLEXPORT Datum ecosys_merge_definition(PG_FUNCTION_ARGS);
extern PGDLLEXPORT Datum ecosys_merge_language_map(PG_FUNCTION_ARGS);

/* ---- record_define.c ---- */

/* From here to the end of the subtransaction, what statements say of activities and actors is not noted. */
extern void ecosys_record_undefine(void);
extern bool ecosys_record_may_define(void);

/* ---- record_turn.c ---- */

/*
 * Be the only session that decides about this id (16 bytes), or about the names
 * of an ecosystem, until the turn ends or another is taken.
 */
extern void ecosys_record_take_turn(Relation statements, const uint8 *id);
extern void ecosys_record_take_names_turn(Oid schema);
extern void ecosys_record_end_turn(void);

/* ---- record_clock.c ---- */

/*
 * The first of n times (microseconds one after the other) at which to store in
 * an ecosystem: later than any this session had, and than what
 * ecosys_record_consistent_through told anybody.
 */
extern TimestampTz ecosys_record_times(Oid schema, int64 n);

/* Whether this transaction has asked for such times. */
extern bool ecosys_record_has_stored(Oid schema);

/* See ecosys.consistent_through. */
extern TimestampTz ecosys_record_consistent_through(Oid schema);

/* The latest time used in this session. */
extern TimestampTz ecosys_record_last_time(void);

/* ---- record_changes.c ---- */

/* Tell who listens that this transaction has stored something, if settings want that. */
extern void ecosys_record_notify(Relation statements);

/* ---- record_batch.c ---- */

/* Begin a batch (an earlier one is forgotten), and add its statements in order. */
extern void ecosys_record_batch_begin(void);
extern void ecosys_record_batch_add(Datum statement, const ecosys_statement_facts *facts, const char *text, size_t length);

/*
 * What the batch knows of a statement that is about to be stored: true, the facts
 * and their text, valid until ecosys_record_batch_end. *stored becomes its time if
 * its place in the batch says one, else 0, whatever is returned.
 */
extern bool ecosys_record_batch_find(Datum statement, Oid schema, const ecosys_statement_facts **facts,
									 const char **text, TimestampTz *stored);

/* After an SQL statement: forget a batch that is stored. */
extern void ecosys_record_batch_end(void);

/* ---- record_fill.c ---- */

/*
 * What became of a statement whose id was stored before with another content:
 * while a place for its schema is set, the row is passed over and reported
 * there; otherwise it is an error.
 */
typedef struct ecosys_record_conflict
{
	Oid			schema;
	bool		found;
} ecosys_record_conflict;

/* The type ecosys.statement. */
extern Oid	ecosys_record_statement_type(FunctionCallInfo fcinfo);

/*
 * What the trigger `name` is called with; an error unless it is called as a
 * trigger and, where event is not 0, for this event (the bits of tg_event for
 * what, for row or statement, and when), which `when` puts into words.
 */
extern TriggerData *ecosys_record_trigger(FunctionCallInfo fcinfo, const char *name, TriggerEvent event,
										  const char *when);

extern ecosys_record_conflict *ecosys_record_conflict_place;

/* While true, statements_keep leaves writing to the end of the intake. */
extern bool ecosys_record_keep_later;

#define ECOSYS_CONFLICT_MESSAGE "another statement with this id is stored already"

#endif							/* ECOSYS_RECORD_H */
