/*
 * statement_canonical.h - do two statement texts say the same?
 *
 * Two questions: are they the same JSON value (what = asks), and are they the
 * same statement as xAPI compares them (what ecosys.equivalent() asks).
 * Plain C. The texts must be valid statements.
 */
#ifndef ECOSYS_STATEMENT_CANONICAL_H
#define ECOSYS_STATEMENT_CANONICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ecosys_comparison
{
	/*
	 * Order of members does not count; numbers count by value, strings by
	 * their code points.
	 */
	ECOSYS_COMPARE_JSON,

	/*
	 * The same, save that xAPI leaves aside: stored; id, authority, timestamp
	 * and version where one side has none; the display of verbs; definitions
	 * of activities; the order of the members of a group; the time zone in
	 * which timestamps are written; case in UUIDs, hexadecimal digits and the domain of
	 * a mail address; whether one context activity stands in an array; durations
	 * beyond hundredths of a second.
	 */
	ECOSYS_COMPARE_XAPI
} ecosys_comparison;

typedef struct ecosys_comparison_memory
{
	void	   *(*allocate) (size_t size);	/* may return NULL */
	void		(*release) (void *pointer);
	void		(*progress) (void);	/* called every few thousand steps; may be NULL */
} ecosys_comparison_memory;

/*
 * *order becomes -1, 0 or 1, in one total order of JSON values (of no meaning).
 * False: out of memory. If memory functions do not return, nothing is freed.
 */
extern bool ecosys_statement_compare(const char *a, size_t a_length, const char *b, size_t b_length,
									 ecosys_comparison comparison, const ecosys_comparison_memory *memory,
									 int *order);

/* Order of two JSON numbers by value, however long. */
extern int	ecosys_json_compare_numbers(const char *a, size_t a_length, const char *b, size_t b_length);

#endif							/* ECOSYS_STATEMENT_CANONICAL_H */
