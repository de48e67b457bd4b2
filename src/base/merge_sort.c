/*
 * merge_sort.c - see merge_sort.h.
 */
#include "base/merge_sort.h"

#include <string.h>

/* How many comparisons between two calls of progress. */
#define PROGRESS_INTERVAL 4096

void
ecosys_merge_sort(void *items, void *scratch, size_t n, size_t size,
				  int (*compare) (const void *a, const void *b), void (*progress) (void))
{
	char	   *from = items;
	char	   *to = scratch;
	int			until_progress = PROGRESS_INTERVAL;

	/* runs of one, two, four ... items, from one place to the other and back */
	for (size_t run = 1; run < n; run *= 2)
	{
		char	   *swap;

		for (size_t start = 0; start < n; start += 2 * run)
		{
			char	   *out = to + start * size;
			char	   *left = from + start * size;
			char	   *left_end = from + (n - start < run ? n : start + run) * size;
			char	   *right = left_end;
			char	   *right_end = from + (n - start < 2 * run ? n : start + 2 * run) * size;

			while (left < left_end && right < right_end)
			{
				char	  **smaller = compare(left, right) <= 0 ? &left : &right;

				memcpy(out, *smaller, size);
				out += size;
				*smaller += size;
				if (--until_progress == 0)
				{
					until_progress = PROGRESS_INTERVAL;
					if (progress)
						progress();
				}
			}
			memcpy(out, left, (size_t) (left_end - left));
			out += left_end - left;
			memcpy(out, right, (size_t) (right_end - right));
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != (char *) items && n > 0)
		memcpy(items, from, n * size);
}
