/*
 * load_progress.h - how far a load is: a line that renews itself on a
 * terminal, or a line now and then, and the summary.
 */
#ifndef ECOSYS_LOAD_PROGRESS_H
#define ECOSYS_LOAD_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct ecosys_load_progress
{
	bool		bar;			/* renew one line */
	bool		lines;			/* print a line every some seconds */
	double		started;
	double		shown;			/* when it was last shown */
	uint64_t	file_start;		/* of the file's bytes, those done before this run */
	double		file_started;
} ecosys_load_progress_state;

/* What is to be shown. */
typedef struct ecosys_load_figures
{
	const char *file;
	uint64_t	statements;		/* read in this run, over all files */
	uint64_t	rejected;
	uint64_t	bytes;			/* of JSON, uncompressed, over all files */
	uint64_t	file_done;		/* bytes of the file as it is on disk */
	uint64_t	file_size;		/* 0: not known */
} ecosys_load_figures;

extern double ecosys_load_now(void);
extern void ecosys_load_progress_open(ecosys_load_progress_state *progress, bool quiet, bool lines);
extern void ecosys_load_progress_file(ecosys_load_progress_state *progress, uint64_t file_start);

/* Show it if it is time to. */
extern void ecosys_load_progress_show(ecosys_load_progress_state *progress, const ecosys_load_figures *figures);

/* Take the bar away, so that something else can be printed. */
extern void ecosys_load_progress_clear(ecosys_load_progress_state *progress);

/* A number with commas between thousands, in a buffer of its own, of the last four calls. */
extern const char *ecosys_load_number(uint64_t number);

#endif							/* ECOSYS_LOAD_PROGRESS_H */
