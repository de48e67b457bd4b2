/*
 * merge_sort_test.c - sorting agrees with qsort, is stable, and can be watched.
 */
#include "check.h"

#include <stdint.h>

#include "base/merge_sort.h"

typedef struct item
{
	uint32_t	key;
	uint32_t	place;
} item;

static int
by_key(const void *a, const void *b)
{
	const item *x = a;
	const item *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int
by_key_and_place(const void *a, const void *b)
{
	const item *x = a;
	const item *y = b;
	int			order = by_key(a, b);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

static int	n_progress;

static void
progress(void)
{
	n_progress++;
}

int
main(void)
{
	uint64_t	state = 88172645463325252;

	for (size_t n = 0; n < 300; n++)
	{
		item	   *items = malloc((n + 1) * sizeof(*items));
		item	   *expected = malloc((n + 1) * sizeof(*items));
		item	   *scratch = malloc((n + 1) * sizeof(*items));

		for (size_t i = 0; i < n; i++)
		{
			state = state * 6364136223846793005 + 1442695040888963407;
			items[i].key = (uint32_t) (state >> 33) % (uint32_t) (n / 2 + 1);
			items[i].place = (uint32_t) i;
		}
		memcpy(expected, items, n * sizeof(*items));
		qsort(expected, n, sizeof(*items), by_key_and_place);
		ecosys_merge_sort(items, scratch, n, sizeof(*items), by_key, NULL);
		CHECK_SAY(memcmp(items, expected, n * sizeof(*items)) == 0, "%zu items", n);
		free(items);
		free(expected);
		free(scratch);
	}
	{
		static item many[100000];
		static item scratch[100000];

		for (uint32_t i = 0; i < 100000; i++)
			many[i].key = i * UINT32_C(2654435761);
		ecosys_merge_sort(many, scratch, 100000, sizeof(item), by_key, progress);
		for (uint32_t i = 1; i < 100000; i++)
		{
			if (many[i - 1].key > many[i].key)
				CHECK_SAY(false, "item %u", i);
		}
		CHECK(n_progress > 100);
	}
	return report("merge_sort");
}
