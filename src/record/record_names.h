/*
 * record_names.h - between noting names (record_dictionary.c) and settling them
 * (record_settle.c).
 */
#ifndef ECOSYS_RECORD_NAMES_H
#define ECOSYS_RECORD_NAMES_H

#include "ecosys.h"

/* The order of the names is that of the words in record_settle.c and of the tables. */
typedef enum ecosys_dictionary
{
	ECOSYS_DICTIONARY_ACTORS,
	ECOSYS_DICTIONARY_VERBS,
	ECOSYS_DICTIONARY_ACTIVITIES,
	ECOSYS_DICTIONARY_ACTIVITY_SETS,
	ECOSYS_DICTIONARY_ACTOR_SETS,
	ECOSYS_N_DICTIONARIES
} ecosys_dictionary;

/* One naming that a statement made. */
typedef struct ecosys_note
{
	ecosys_dictionary dictionary;
	int			order;			/* of the notes of one key */
	int64		key;
	bool		is_group;
	uint32		n_members;		/* of a set */
	const void *identity;		/* JSON of the agent or group, IRI, or the members of a set */
	const char *details;		/* name, display, definition; NULL: none */
} ecosys_note;

/* Words for errors, and names of the tables that hold what is settled. */
extern const char *const ecosys_dictionary_names[ECOSYS_N_DICTIONARIES];
extern const char *const ecosys_settled_tables[ECOSYS_N_DICTIONARIES];
#define ECOSYS_IN_FLIGHT_TABLE "names_in_flight"

/*
 * Write what the notes say into the dictionaries of the ecosystem, as the owner of
 * its tables. Sorts the notes.
 */
extern void ecosys_record_settle(Oid schema, Oid owner, ecosys_note *notes, int n);

#endif							/* ECOSYS_RECORD_NAMES_H */
