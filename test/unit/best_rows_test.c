/*
 * best_rows_test.c - the best n of many rows, against sorting them all.
 */
#include "query/best_rows.h"

#include "check.h"

static uint64_t state = 7;

static uint64_t
next_random(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return state >> 33;
}

static bool descending;

static int
compare(const void *a, const void *b)
{
	const ecosys_row *x = a;
	const ecosys_row *y = b;
	int			order = ecosys_row_compare(x->stored, x->id, y->stored, y->id);

	return descending ? -order : order;
}

int
main(void)
{
	for (int round = 0; round < 3000; round++)
	{
		ecosys_row	all[200];
		ecosys_row	kept[200];
		int			n = (int) (next_random() % 200);
		ecosys_best_rows best = {.ascending = round % 2 == 0, .room = (int) (next_random() % 60) + 1, .rows = kept};
		int			expected = n < best.room ? n : best.room;
		bool		same = true;

		memset(all, 0, sizeof(all));
		for (int i = 0; i < n; i++)
		{
			/* few times, so that ids decide */
			all[i].stored = (int64_t) (next_random() % 20) - 10;
			all[i].id[0] = (uint8_t) next_random();
			all[i].id[1] = (uint8_t) i;
			all[i].block = (uint32_t) i;
			if (ecosys_best_rows_wants(&best, all[i].stored, all[i].id))
				ecosys_best_rows_keep(&best, &all[i]);
		}
		ecosys_best_rows_sort(&best);
		descending = !best.ascending;
		qsort(all, (size_t) n, sizeof(all[0]), compare);
		for (int i = 0; i < expected && best.n == expected; i++)
			same &= kept[i].block == all[i].block;
		CHECK_SAY(best.n == expected && same, "round %d: %d of %d rows", round, best.n, n);
	}
	return report("best_rows_test");
}
