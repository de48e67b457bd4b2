/*
 * query_tables.h - where the ordered scan finds things: columns and indexes of
 * an ecosystem's record tables.
 */
#ifndef ECOSYS_QUERY_TABLES_H
#define ECOSYS_QUERY_TABLES_H

#include "ecosys.h"

#include "access/attnum.h"

typedef enum ecosys_query_column
{
	ECOSYS_QUERY_ID,
	ECOSYS_QUERY_STORED,
	ECOSYS_QUERY_ACTOR,
	ECOSYS_QUERY_VERB,
	ECOSYS_QUERY_OBJECT,
	ECOSYS_QUERY_REGISTRATION,
	ECOSYS_QUERY_RELATED_ACTIVITIES,
	ECOSYS_QUERY_RELATED_ACTORS,
	ECOSYS_QUERY_PARTIES,
	ECOSYS_QUERY_AUTHORITY,
	ECOSYS_QUERY_STATEMENT,
	ECOSYS_QUERY_N_COLUMNS
} ecosys_query_column;

typedef struct ecosys_query_tables
{
	Oid			statements;
	AttrNumber	columns[ECOSYS_QUERY_N_COLUMNS];
	Oid			indexes[ECOSYS_QUERY_N_COLUMNS];	/* on that column alone; those of authority and statement are
													 * not set, that of stored is BRIN or not set */
	Oid			references;		/* index of all rows whose object is a StatementRef */
	Oid			voidings;
	Oid			voidings_key;	/* its index, beginning with voided */
	Oid			activity_sets;
	Oid			activity_sets_key;
	Oid			actor_sets;
	Oid			actor_sets_key;
	Oid			in_flight;		/* sets that are not settled yet */
} ecosys_query_tables;

/*
 * The tables around `statements`, if the ordered scan can be used on them: they
 * are ordinary tables with these columns and indexes, the caller may read them
 * and no row security applies to him. NULL: it cannot. Valid until the next call.
 */
extern const ecosys_query_tables *ecosys_query_tables_open(Oid statements, Oid engine_schema);

#endif							/* ECOSYS_QUERY_TABLES_H */
