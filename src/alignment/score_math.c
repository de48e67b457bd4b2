/*
 * score_math.c - outcomes, fading, thresholds and intervals.
 */
#include "alignment/score_math.h"

#include <math.h>

/* In [0, 1]; NaN is not. */
bool
ecosys_fraction(double value)
{
	return value >= 0 && value <= 1;
}

/* (raw - min) / (max - min), clamped; false where that says nothing. NaN: not given. */
bool
ecosys_outcome_of_raw(double raw, double min, double max, double *outcome)
{
	if (isnan(raw) || !(min < max))
		return false;
	/* halves, so that no difference of finite numbers overflows */
	*outcome = (raw / 2 - min / 2) / (max / 2 - min / 2);
	*outcome = fmin(1, fmax(0, *outcome));
	return true;
}

/* Worth half after each half-life; as_of is not before at. */
double
ecosys_faded(double attainment, int64_t at, int64_t as_of, int64_t half_life)
{
	return attainment * exp2(-((double) ((uint64_t) as_of - (uint64_t) at) / (double) half_life));
}

/* Twelve digits: a mean of 0.1 and 0.7 reaches 0.4. */
bool
ecosys_reaches(double value, double threshold)
{
	return rint(value * 1e12) >= rint(threshold * 1e12);
}

static double
polynomial(const double *coefficients, int degree, double x)
{
	double		value = coefficients[degree];

	for (int i = degree - 1; i >= 0; i--)
		value = value * x + coefficients[i];
	return value;
}

/*
 * Quantile of the standard normal distribution: Wichura, Algorithm AS 241
 * (PPND16), Applied Statistics 37 (1988), relative error about 1e-16.
 */
double
ecosys_normal_quantile(double probability)
{
	static const double central_numerator[] = {
		3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
		1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
		3.3430575583588128105e+4, 2.5090809287301226727e+3
	};
	static const double central_denominator[] = {
		1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
		2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
		5.2264952788528545610e+3
	};
	static const double middle_numerator[] = {
		1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
		3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
		2.27238449892691845833e-2, 7.74545014278341407640e-4
	};
	static const double middle_denominator[] = {
		1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
		1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
		1.05075007164441684324e-9
	};
	static const double tail_numerator[] = {
		6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
		2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
		2.71155556874348757815e-5, 2.01033439929228813265e-7
	};
	static const double tail_denominator[] = {
		1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
		7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
		2.04426310338993978564e-15
	};
	double		offset = probability - 0.5;
	double		x;
	double		quantile;

	if (fabs(offset) <= 0.425)
	{
		x = 0.180625 - offset * offset;
		return offset * polynomial(central_numerator, 7, x) / polynomial(central_denominator, 7, x);
	}
	x = sqrt(-log(offset < 0 ? probability : 1 - probability));
	if (x <= 5)
		quantile = polynomial(middle_numerator, 7, x - 1.6) / polynomial(middle_denominator, 7, x - 1.6);
	else
		quantile = polynomial(tail_numerator, 7, x - 5) / polynomial(tail_denominator, 7, x - 5);
	return offset < 0 ? -quantile : quantile;
}

/* Wilson, JASA 1927. Never leaves [0, 1]. */
void
ecosys_wilson_interval(double proportion, double size, double level, double *lower, double *upper)
{
	/* the lower tail: 1 - level is exact where (1 + level) / 2 would not be */
	double		z = -ecosys_normal_quantile((1 - level) / 2);
	double		zz = z * z / size;
	double		centre = (proportion + zz / 2) / (1 + zz);
	double		half = sqrt(zz * (proportion * (1 - proportion) + zz / 4)) / (1 + zz);

	*lower = fmax(0, centre - half);
	*upper = fmin(1, centre + half);
}
