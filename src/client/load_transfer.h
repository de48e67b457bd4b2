/*
 * load_transfer.h - from a file into an ecosystem, batch by batch.
 *
 * A batch is one transaction: one COPY, and the position in the file that it
 * ends at, in table loads. So after a break at any moment nothing is lost and
 * nothing is there twice, whether statements have ids or not.
 *
 * Where bad statements are to become rejects, a batch is tried on the fast road
 * first, COPY INTO statements; only if something in it is refused, it is sent
 * again through the view intake, which takes it line by line.
 */
#ifndef ECOSYS_LOAD_TRANSFER_H
#define ECOSYS_LOAD_TRANSFER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "client/load_progress.h"

/* Rows as COPY takes them. */
typedef struct ecosys_load_rows
{
	char	   *data;
	size_t		room;
	size_t		used;
	size_t		sent;
} ecosys_load_rows;

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

	/* private */
	bool		through_intake; /* the last batch had rejects: do not try the fast road with the next */
	ecosys_load_rows rows;		/* as they are sent; of a batch that may have to be sent again, all of it */
	ecosys_load_rows again;
	uint64_t   *row_lines;		/* of the rows of a batch, with ROW_IS_BYTES */
} ecosys_load;

typedef enum ecosys_load_outcome
{
	ECOSYS_LOAD_DONE,
	ECOSYS_LOAD_STOPPED			/* by a fault, which was reported, or by the user */
} ecosys_load_outcome;

extern ecosys_load_outcome ecosys_load_file(ecosys_load *load, const char *name);

#endif							/* ECOSYS_LOAD_TRANSFER_H */
