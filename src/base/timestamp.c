/*
 * timestamp.c - see timestamp.h.
 */
#include "base/timestamp.h"

#define SECONDS_PER_DAY		86400
#define MINUTES_PER_DAY		1440
#define MICROS_PER_SECOND	INT64_C(1000000)

/* Exactly `count` digits at text[*at]; false if there are fewer. */
static bool
digits(const char *text, size_t length, size_t *at, int count, int *value)
{
	if (length - *at < (size_t) count)
		return false;
	*value = 0;
	for (; count > 0; count--)
	{
		char		c = text[(*at)++];

		if (c < '0' || c > '9')
			return false;
		*value = *value * 10 + (c - '0');
	}
	return true;
}

static bool
separator(const char *text, size_t length, size_t *at, char c)
{
	if (*at >= length || text[*at] != c)
		return false;
	(*at)++;
	return true;
}

static bool
is_leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 2000-01-01 in the proleptic Gregorian calendar, years 0 to 9999. */
static int64_t
days_since_2000(int year, int month, int day)
{
	/* count years from March, so that the leap day is the last of its year */
	int			y = month > 2 ? year : year - 1;
	int			m = month > 2 ? month - 3 : month + 9;
	int			century_days = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;

	return (int64_t) y * 365 + century_days + (153 * m + 2) / 5 + day - 730426;
}

bool
ecosys_timestamp_parse(const char *text, size_t length, int64_t *timestamp)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	size_t		at = 0;
	int			year,
				month,
				day,
				hour,
				minute,
				second;
	int			micros = 0;
	int			offset = 0;		/* minutes east of UTC */
	int			utc_minute;

	if (!digits(text, length, &at, 4, &year) || !separator(text, length, &at, '-') ||
		!digits(text, length, &at, 2, &month) || !separator(text, length, &at, '-') ||
		!digits(text, length, &at, 2, &day) ||
		!(separator(text, length, &at, 'T') || separator(text, length, &at, 't') ||
		  separator(text, length, &at, ' ')) ||
		!digits(text, length, &at, 2, &hour) || !separator(text, length, &at, ':') ||
		!digits(text, length, &at, 2, &minute) || !separator(text, length, &at, ':') ||
		!digits(text, length, &at, 2, &second))
		return false;
	if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60 ||
		day > month_days[month - 1] + (month == 2 && is_leap_year(year)))
		return false;

	if (separator(text, length, &at, '.'))
	{
		int			scale = 100000;
		size_t		start = at;

		for (; at < length && text[at] >= '0' && text[at] <= '9'; at++)
		{
			micros += (text[at] - '0') * scale;
			scale /= 10;
		}
		if (at == start)
			return false;
	}

	if (at < length && !separator(text, length, &at, 'Z') && !separator(text, length, &at, 'z'))
	{
		bool		west = text[at] == '-';
		int			hours;
		int			minutes = 0;

		if (!west && text[at] != '+')
			return false;
		at++;
		if (!digits(text, length, &at, 2, &hours) || hours > 23)
			return false;
		if (at < length)
		{
			separator(text, length, &at, ':');
			if (!digits(text, length, &at, 2, &minutes) || minutes > 59)
				return false;
		}
		offset = hours * 60 + minutes;
		if (west && offset == 0)
			return false;		/* "unknown local offset" */
		if (west)
			offset = -offset;
	}
	if (at != length)
		return false;

	utc_minute = hour * 60 + minute - offset;
	if (second == 60 && (utc_minute + MINUTES_PER_DAY) % MINUTES_PER_DAY != MINUTES_PER_DAY - 1)
		return false;
	*timestamp = (days_since_2000(year, month, day) * SECONDS_PER_DAY +
				  (int64_t) utc_minute * 60 + second) * MICROS_PER_SECOND + micros;
	return true;
}
