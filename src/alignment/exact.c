/*
 * exact.c - rounding to units, and time cut into half-lives.
 *
 * Forward decay: evidence at t grows by f = 2^((t - k h) / h) within its
 * half-life k = floor(t / h), and a whole bucket fades by 2^(k - T / h) when it
 * is read at T. So nothing stored changes as time passes.
 */
#include "alignment/exact.h"

#include <math.h>

/* floor(at / half_life), also before 2000 */
int64_t
ecosys_bucket_number(int64_t at, int64_t half_life)
{
	int64_t		quotient = at / half_life;

	return (at % half_life < 0) ? quotient - 1 : quotient;
}

/* 2^((at - bucket * half_life) / half_life), in [1, 2) */
double
ecosys_bucket_growth(int64_t at, int64_t half_life, int64_t bucket)
{
	/* unsigned: the product may leave the range of int64, the difference does not */
	uint64_t	elapsed = (uint64_t) at - (uint64_t) bucket * (uint64_t) half_life;

	return exp2((double) elapsed / (double) half_life);
}

/*
 * 2^(power * (bucket - as_of / half_life)). The whole half-lives are taken off
 * in integers, so that nothing is lost where as_of / half_life is large.
 */
double
ecosys_bucket_fade(int64_t bucket, int64_t as_of, int64_t half_life, int power)
{
	int64_t		now = ecosys_bucket_number(as_of, half_life);
	uint64_t	elapsed = (uint64_t) as_of - (uint64_t) now * (uint64_t) half_life;
	double		passed = (double) elapsed / (double) half_life;
	int64_t		whole = bucket - now;

	if (whole < -4096)
		return 0;
	return ldexp(exp2(-power * passed), power * (int) whole);
}

/* The double is integral after rint(), so the conversion is exact. */
ecosys_int128
ecosys_units(double value, double units)
{
	return (ecosys_int128) rint(value * units);
}

bool
ecosys_time_is_finite(int64_t at)
{
	return at >= ECOSYS_TIME_FIRST && at < ECOSYS_TIME_END;
}
