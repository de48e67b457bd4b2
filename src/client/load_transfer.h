/*
 * load_transfer.h - from a file into an ecosystem, batch by batch.
 *
 * A batch is one transaction: one COPY, and the position in the file that it
 * ends at, in table loads. So after a break at any moment nothing is lost and
 * nothing is there twice, whether statements have ids or not.
 */
#ifndef ECOSYS_LOAD_TRANSFER_H
#define ECOSYS_LOAD_TRANSFER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "client/load_progress.h"

typedef struct ecosys_load
{
	PGconn	   *connection;
	const char *schema;			/* quoted */
	bool		reject;			/* bad statements become rejects; else the first one ends the load */
	bool		restart;		/* from the file's beginning, whatever the position */
	bool		dry_run;		/* check only */
	uint64_t	batch_size;		/* statements a transaction */
	volatile sig_atomic_t *interrupted;
	ecosys_load_progress_state progress;

	/* what was done, over all files */
	uint64_t	seen;			/* in batches that were committed (or checked) */
	uint64_t	stored;
	uint64_t	known;
	uint64_t	rejected;
	uint64_t	bytes;
	uint64_t	skipped_bytes;	/* of files, done with before this run */

	/* private: the field buffer and the lines of a batch's rows */
	char	   *fields;
	size_t		fields_room;
	size_t		fields_used;
	uint64_t   *row_lines;
} ecosys_load;

typedef enum ecosys_load_outcome
{
	ECOSYS_LOAD_DONE,
	ECOSYS_LOAD_STOPPED			/* by a fault, which was reported, or by the user */
} ecosys_load_outcome;

extern ecosys_load_outcome ecosys_load_file(ecosys_load *load, const char *name);

#endif							/* ECOSYS_LOAD_TRANSFER_H */
