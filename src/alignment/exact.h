/*
 * exact.h - integers that sums are kept in, and time cut into half-lives.
 *
 * A sum of doubles depends on the order of its terms; a sum of integers does
 * not. So every row is rounded once to a multiple of 1e-15 (squares of weights:
 * 1e-18) and all else is integer addition: equal rows give equal states, in
 * whatever order and on however many workers they were added. The decimal unit
 * keeps values such as 0.85 exact.
 *
 * Plain C: knows nothing of the server.
 */
#ifndef ECOSYS_EXACT_H
#define ECOSYS_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#ifndef __SIZEOF_INT128__
#error "ecosys needs a compiler with 128-bit integers: GCC or Clang for a 64-bit machine"
#endif

/* Stored in data that are aligned to 8 bytes, so it must not ask for 16. */
typedef __int128 ecosys_int128 __attribute__((aligned(8)));

#define ECOSYS_UNITS			1e15	/* units in 1 */
#define ECOSYS_UNIT_DIGITS		15
#define ECOSYS_SQUARE_UNITS		1e18	/* units in 1 of a squared weight */
#define ECOSYS_SQUARE_DIGITS	18

/*
 * Buckets older than 62 half-lives before the newest evidence weigh less than
 * 2^-62 and are dropped.
 */
#define ECOSYS_BUCKETS_MAX		63

#define ECOSYS_HALF_LIFE_MIN	INT64_C(1000000)	/* microseconds: 1 s */

/* The server's timestamps: microseconds from 2000-01-01 UTC, [first, end). */
#define ECOSYS_TIME_FIRST		INT64_C(-211813488000000000)
#define ECOSYS_TIME_END			INT64_C(9223371331200000000)

/* What adding, merging and reading a state can meet. */
typedef enum ecosys_state_code
{
	ECOSYS_STATE_OK,
	ECOSYS_STATE_FULL,			/* needs more room for buckets; nothing was changed */
	ECOSYS_STATE_OVERFLOW,		/* a sum exceeds 128 bits: 22003 */
	ECOSYS_STATE_ATTAINMENT,	/* not in [0, 1]: 22003 */
	ECOSYS_STATE_WEIGHT,		/* not in [0, 1e6]: 22003 */
	ECOSYS_STATE_TIME,			/* infinite: 22003 */
	ECOSYS_STATE_UNDATED,		/* evidence without a time, where one is needed: 22004 */
	ECOSYS_STATE_HALF_LIVES,	/* states with different half-lives: 22023 */
	ECOSYS_STATE_TOO_EARLY,		/* read before the newest evidence: 22023 */
	ECOSYS_STATE_NOT_PART		/* weighs more than the whole it is said to be of: 22023 */
} ecosys_state_code;

extern int64_t ecosys_bucket_number(int64_t at, int64_t half_life);
extern double ecosys_bucket_growth(int64_t at, int64_t half_life, int64_t bucket);
extern double ecosys_bucket_fade(int64_t bucket, int64_t as_of, int64_t half_life, int power);
extern ecosys_int128 ecosys_units(double value, double units);
extern bool ecosys_time_is_finite(int64_t at);

static inline bool
ecosys_sum(ecosys_int128 a, ecosys_int128 b, ecosys_int128 *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

static inline bool
ecosys_count(int64_t a, int64_t b, int64_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

#endif							/* ECOSYS_EXACT_H */
