/*
 * attainment_state.h - mergeable evidence of one person about one content: its
 * bytes, and the arithmetic on them.
 *
 * It keeps what every policy needs (best, last, mean, decayed), so the choice of
 * a policy is made when it is read. Sums are integers, see exact.h.
 *
 * Plain C: knows nothing of the server, but the struct is its varlena.
 */
#ifndef ECOSYS_ATTAINMENT_STATE_H
#define ECOSYS_ATTAINMENT_STATE_H

#include <stddef.h>

#include "alignment/exact.h"

#define ECOSYS_ATTAINMENT_VERSION	1

/* The graded evidence of one half-life; growth as in exact.c. */
typedef struct ecosys_attainment_bucket
{
	int64_t		number;			/* floor(at / half_life) */
	ecosys_int128 growth;		/* sum of growth, 1e-15 */
	ecosys_int128 grown;		/* sum of growth * value, 1e-15 */
	ecosys_int128 squares;		/* sum of growth^2, 1e-15 */
} ecosys_attainment_bucket;

/* On disk as it is. No gaps: every byte is a field, so equal states are equal bytes. */
typedef struct ecosys_attainment
{
	int32_t		varlena_size;	/* the server's; no function here touches it */
	uint8_t		version;
	uint8_t		flags;			/* none yet: 0 */
	uint16_t	bucket_count;
	int64_t		half_life;		/* microseconds; 0: the decayed mean is the mean, no buckets */
	int64_t		graded;			/* rows with an outcome */
	int64_t		completions;	/* rows without one, but completed */
	int64_t		best;			/* largest value, 1e-15; these four are 0 without graded rows */
	int64_t		best_at;		/* latest time it was reached, microseconds from 2000 */
	int64_t		last;			/* value at the latest time, the larger of several, 1e-15 */
	int64_t		last_at;
	int64_t		completed_at;	/* latest completion; 0 without completions */
	ecosys_int128 total;		/* sum of values, 1e-15 */
	ecosys_attainment_bucket buckets[]; /* ascending number, at most 63 */
} ecosys_attainment;

#define ECOSYS_ATTAINMENT_SIZE(bucket_count) \
	(offsetof(ecosys_attainment, buckets) + (bucket_count) * sizeof(ecosys_attainment_bucket))

/* A place for any state. */
typedef union ecosys_attainment_room
{
	ecosys_attainment state;
	char		bytes[ECOSYS_ATTAINMENT_SIZE(ECOSYS_BUCKETS_MAX)];
} ecosys_attainment_room;

typedef enum ecosys_policy
{
	ECOSYS_POLICY_BEST,
	ECOSYS_POLICY_LAST,
	ECOSYS_POLICY_MEAN,
	ECOSYS_POLICY_DECAYED
} ecosys_policy;

extern ecosys_state_code ecosys_attainment_of_row(ecosys_attainment *state, int64_t half_life,
												  const double *outcome, bool completed,
												  const int64_t *at, bool *ignored);
extern ecosys_state_code ecosys_attainment_merge(ecosys_attainment *into, int capacity,
												 const ecosys_attainment *from);
extern const char *ecosys_attainment_prove(const ecosys_attainment *state);

/* These four want graded rows. */
extern double ecosys_attainment_value(const ecosys_attainment *state, ecosys_policy policy);
extern int64_t ecosys_attainment_time(const ecosys_attainment *state, ecosys_policy policy);
extern double ecosys_attainment_mean(const ecosys_attainment *state);
extern double ecosys_attainment_evidence(const ecosys_attainment *state);

#endif							/* ECOSYS_ATTAINMENT_STATE_H */
