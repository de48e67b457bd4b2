/*
 * alignment_state.h - the mergeable alignment with a goal: its bytes, and the
 * arithmetic on them.
 *
 * An obligation is a row (attainment or none, weight, time). The state holds
 * sums over rows, so any set of rows, split in any way, merges to the same
 * bytes. Sums are integers (see exact.h); a score is a ratio of two of them.
 *
 * Plain C: knows nothing of the server, but the struct is its varlena.
 */
#ifndef ECOSYS_ALIGNMENT_STATE_H
#define ECOSYS_ALIGNMENT_STATE_H

#include <stddef.h>

#include "alignment/exact.h"

#define ECOSYS_ALIGNMENT_VERSION	1
#define ECOSYS_ALIGNMENT_DATED		0x01	/* first_at and last_at are set */
#define ECOSYS_ALIGNMENT_WEIGHT_MAX	1e6

/* The evidence of one half-life, each row grown by its time since that half-life began. */
typedef struct ecosys_alignment_bucket
{
	int64_t		number;			/* floor(at / half_life); 0 without half-life */
	ecosys_int128 numerator;	/* sum of weight * attainment * growth, 1e-15 */
	ecosys_int128 squares;		/* sum of weight * (attainment * growth)^2, 1e-15 */
} ecosys_alignment_bucket;

/* On disk as it is. No gaps: every byte is a field, so equal states are equal bytes. */
typedef struct ecosys_alignment
{
	int32_t		varlena_size;	/* the server's; no function here touches it */
	uint8_t		version;
	uint8_t		flags;
	uint16_t	bucket_count;
	int64_t		half_life;		/* microseconds; 0: evidence does not fade */
	int64_t		obligations;	/* rows */
	int64_t		evidenced;		/* rows with evidence */
	int64_t		first_at;		/* of rows with evidence, microseconds from 2000; 0 where not dated */
	int64_t		last_at;
	ecosys_int128 weight;		/* 1e-15 */
	ecosys_int128 evidence_weight;	/* 1e-15 */
	ecosys_int128 weight_squares;	/* 1e-18 */
	ecosys_int128 attained;		/* weight * attainment, unfaded, 1e-15 */
	ecosys_alignment_bucket buckets[];	/* ascending number, none empty, at most 63 */
} ecosys_alignment;

#define ECOSYS_ALIGNMENT_SIZE(bucket_count) \
	(offsetof(ecosys_alignment, buckets) + (bucket_count) * sizeof(ecosys_alignment_bucket))

/* A place for any state. */
typedef union ecosys_alignment_room
{
	ecosys_alignment state;
	char		bytes[ECOSYS_ALIGNMENT_SIZE(ECOSYS_BUCKETS_MAX)];
} ecosys_alignment_room;

typedef struct ecosys_alignment_row
{
	bool		has_attainment;
	bool		has_time;
	double		attainment;
	double		weight;
	int64_t		at;				/* microseconds from 2000-01-01 UTC */
} ecosys_alignment_row;

/* A state read at one time. What does not apply is NaN. */
typedef struct ecosys_alignment_reading
{
	double		score;
	double		coverage;
	double		proficiency;
	double		freshness;
	double		dispersion;
	double		effective_size;
	double		confidence;
} ecosys_alignment_reading;

extern ecosys_state_code ecosys_alignment_of_row(ecosys_alignment *state, int64_t half_life,
												 const ecosys_alignment_row *row, bool *ignored);
extern ecosys_state_code ecosys_alignment_merge(ecosys_alignment *into, int capacity,
												const ecosys_alignment *from);
extern const char *ecosys_alignment_prove(const ecosys_alignment *state);
extern ecosys_state_code ecosys_alignment_at(const ecosys_alignment *state, const int64_t *as_of,
											 ecosys_alignment_reading *reading);
extern ecosys_state_code ecosys_alignment_share(const ecosys_alignment *part,
												const ecosys_alignment *whole, const int64_t *as_of,
												double *contribution, double *gap);

#endif							/* ECOSYS_ALIGNMENT_STATE_H */
