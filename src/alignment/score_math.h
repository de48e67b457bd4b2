/*
 * score_math.h - the functions of single values behind the scores.
 *
 * Plain C: knows nothing of the server.
 */
#ifndef ECOSYS_SCORE_MATH_H
#define ECOSYS_SCORE_MATH_H

#include <stdbool.h>
#include <stdint.h>

extern bool ecosys_fraction(double value);
extern bool ecosys_outcome_of_raw(double raw, double min, double max, double *outcome);
extern double ecosys_faded(double attainment, int64_t at, int64_t as_of, int64_t half_life);
extern bool ecosys_reaches(double value, double threshold);
extern double ecosys_normal_quantile(double probability);
extern void ecosys_wilson_interval(double proportion, double size, double level,
								   double *lower, double *upper);

#endif							/* ECOSYS_SCORE_MATH_H */
