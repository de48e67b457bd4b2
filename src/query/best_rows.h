/*
 * best_rows.h - the best n of many rows, in the order of statements.
 *
 * Plain C. A heap with the worst of the best on top: a row that is no better
 * than that is refused at the cost of one comparison.
 */
#ifndef ECOSYS_BEST_ROWS_H
#define ECOSYS_BEST_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ecosys_row
{
	int64_t		stored;
	uint8_t		id[16];
	uint32_t	block;			/* where it is in the table */
	uint16_t	offset;
} ecosys_row;

typedef struct ecosys_best_rows
{
	bool		ascending;		/* the least are the best, else the greatest */
	int			n;
	int			room;			/* wanted rows: more are never kept */
	ecosys_row *rows;			/* room for all of them */
} ecosys_best_rows;

/* Order by stored, then id: < 0, 0, > 0. */
extern int	ecosys_row_compare(int64_t a_stored, const uint8_t *a_id, int64_t b_stored, const uint8_t *b_id);

/* Would this row be kept? */
extern bool ecosys_best_rows_wants(const ecosys_best_rows *best, int64_t stored, const uint8_t *id);

/* Keep a row that is wanted; the worst goes if there are too many. */
extern void ecosys_best_rows_keep(ecosys_best_rows *best, const ecosys_row *row);

/* Sort them, best first; nothing can be kept after this. */
extern void ecosys_best_rows_sort(ecosys_best_rows *best);

#endif							/* ECOSYS_BEST_ROWS_H */
