/*
 * checked_rows.h - rows of tables that only look like an ecosystem's.
 *
 * Anybody may hand a table of their own to the functions of the engine. What C
 * takes for a uuid must be one, and must be there.
 */
#ifndef ECOSYS_CHECKED_ROWS_H
#define ECOSYS_CHECKED_ROWS_H

#include "ecosys.h"

#include "access/htup.h"
#include "access/tupdesc.h"

/* The type of that name in the schema of the engine; an error if there is none. */
extern Oid	ecosys_engine_type(const char *name);

/* An error unless the columns are of these types. */
extern void ecosys_check_columns(TupleDesc desc, const Oid *types, int n);

/* A column, from 1, of a row of an SPI result; an error if it is NULL. */
extern Datum ecosys_checked_column(HeapTuple row, TupleDesc desc, int number);

/* To be raised where the id or the statement of a row is NULL. */
extern void ecosys_null_in_statements(void) __attribute__((noreturn));

#endif							/* ECOSYS_CHECKED_ROWS_H */
