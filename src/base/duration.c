/*
 * duration.c - see duration.h.
 */
#include "base/duration.h"

/* a + b * factor for numbers that are not negative, at most max. */
static int64_t
add_saturated(int64_t a, int64_t b, int64_t factor, int64_t max)
{
	int64_t		product;
	int64_t		sum;

	if (__builtin_mul_overflow(b, factor, &product) ||
		__builtin_add_overflow(a, product, &sum) || sum > max)
		return max;
	return sum;
}

bool
ecosys_duration_parse(const char *text, size_t length, ecosys_duration *duration)
{
	/* what may follow, in order, before and after the T */
	static const char date_units[] = "YMD";
	static const char time_units[] = "HMS";
	const char *units = date_units;
	size_t		at = 1;
	bool		in_time = false;
	bool		any = false;	/* a part since the P or the T */
	bool		weeks = false;

	duration->given = true;
	duration->months = 0;
	duration->days = 0;
	duration->microseconds = 0;
	if (length < 3 || text[0] != 'P')
		return false;
	while (at < length)
	{
		int64_t		number = 0;
		int64_t		fraction = 0;	/* millionths */
		bool		has_fraction = false;
		size_t		start = at;
		char		unit;

		if (text[at] == 'T' && !in_time)
		{
			in_time = true;
			units = time_units;
			any = false;
			at++;
			continue;
		}
		for (; at < length && text[at] >= '0' && text[at] <= '9'; at++)
			number = add_saturated(text[at] - '0', number, 10, INT64_MAX);
		if (at == start)
			return false;
		if (at < length && text[at] == '.')
		{
			int64_t		scale = 100000;

			has_fraction = true;
			start = ++at;
			for (; at < length && text[at] >= '0' && text[at] <= '9'; at++)
			{
				fraction += (text[at] - '0') * scale;
				scale /= 10;
			}
			if (at == start)
				return false;
		}
		if (at >= length)
			return false;
		unit = text[at++];
		if (unit == 'W' && !in_time && !any && at == length && !has_fraction)
		{
			duration->days = add_saturated(0, number, 7, INT64_MAX);
			weeks = true;
			break;
		}
		while (*units != '\0' && *units != unit)
			units++;
		if (*units == '\0' || (has_fraction && unit != 'S'))
			return false;
		if (in_time)
		{
			int64_t		unit_micros = unit == 'H' ? INT64_C(3600000000) :
				unit == 'M' ? 60000000 : 1000000;

			duration->microseconds =
				add_saturated(duration->microseconds, number, unit_micros, INT64_MAX);
			duration->microseconds =
				add_saturated(duration->microseconds, fraction, 1, INT64_MAX);
		}
		else if (unit == 'D')
			duration->days = add_saturated(duration->days, number, 1, INT64_MAX);
		else
			duration->months = (int32_t)
				add_saturated(duration->months, number, unit == 'Y' ? 12 : 1, INT32_MAX);
		units++;
		any = true;
	}
	return any || weeks;
}
