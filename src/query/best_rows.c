/*
 * best_rows.c - see best_rows.h.
 */
#include "query/best_rows.h"

#include <string.h>

int
ecosys_row_compare(int64_t a_stored, const uint8_t *a_id, int64_t b_stored, const uint8_t *b_id)
{
	if (a_stored != b_stored)
		return a_stored < b_stored ? -1 : 1;
	return memcmp(a_id, b_id, 16);
}

/* Is a worse than b? */
static bool
is_worse(const ecosys_best_rows *best, const ecosys_row *a, const ecosys_row *b)
{
	int			order = ecosys_row_compare(a->stored, a->id, b->stored, b->id);

	return best->ascending ? order > 0 : order < 0;
}

bool
ecosys_best_rows_wants(const ecosys_best_rows *best, int64_t stored, const uint8_t *id)
{
	int			order;

	if (best->n < best->room)
		return true;
	if (best->room == 0)
		return false;
	order = ecosys_row_compare(stored, id, best->rows[0].stored, best->rows[0].id);
	return best->ascending ? order < 0 : order > 0;
}

static void
swap(ecosys_row *a, ecosys_row *b)
{
	ecosys_row	row = *a;

	*a = *b;
	*b = row;
}

/* Let the row at `at` sink below all that are worse, among the first n. */
static void
sink(ecosys_best_rows *best, int at, int n)
{
	for (;;)
	{
		int			child = 2 * at + 1;

		if (child >= n)
			return;
		if (child + 1 < n && is_worse(best, &best->rows[child + 1], &best->rows[child]))
			child++;
		if (!is_worse(best, &best->rows[child], &best->rows[at]))
			return;
		swap(&best->rows[at], &best->rows[child]);
		at = child;
	}
}

void
ecosys_best_rows_keep(ecosys_best_rows *best, const ecosys_row *row)
{
	int			at;

	if (best->n == best->room)
	{
		best->rows[0] = *row;
		sink(best, 0, best->n);
		return;
	}
	at = best->n++;
	best->rows[at] = *row;
	while (at > 0 && is_worse(best, &best->rows[at], &best->rows[(at - 1) / 2]))
	{
		swap(&best->rows[at], &best->rows[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

void
ecosys_best_rows_sort(ecosys_best_rows *best)
{
	for (int last = best->n - 1; last > 0; last--)
	{
		swap(&best->rows[0], &best->rows[last]);
		sink(best, 0, last);
	}
}
