/*
 * merge_sort.h - sort in n log n whatever the input, without allocating, and
 * with a way to be stopped.
 *
 * qsort() may call malloc behind the server's back, falls back to something
 * quadratic if it gets none, and cannot be left by an error without a leak.
 */
#ifndef ECOSYS_MERGE_SORT_H
#define ECOSYS_MERGE_SORT_H

#include <stddef.h>

/*
 * Stable. scratch has room for n items. progress (may be NULL) is called every
 * few thousand comparisons and may not return.
 */
extern void ecosys_merge_sort(void *items, void *scratch, size_t n, size_t size,
							  int (*compare) (const void *a, const void *b), void (*progress) (void));

#endif							/* ECOSYS_MERGE_SORT_H */
