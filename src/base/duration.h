/*
 * duration.h - ISO 8601 durations as xAPI takes them.
 *
 * P[nY][nM][nD][T[nH][nM][nS]] with at least one part and none after an empty
 * T, or PnW. Only the seconds may have a fraction. No lower case, no weeks
 * beside other parts, not the P0001-.. form.
 */
#ifndef ECOSYS_DURATION_H
#define ECOSYS_DURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ecosys_duration
{
	bool		given;
	int32_t		months;			/* years * 12 + months; saturated */
	int64_t		days;			/* weeks * 7 + days; saturated */
	int64_t		microseconds;	/* of the time part, cut not rounded; saturated */
} ecosys_duration;

extern bool ecosys_duration_parse(const char *text, size_t length, ecosys_duration *duration);

#endif							/* ECOSYS_DURATION_H */
