/*
 * state_text.c - states as text, exactly.
 */
#include "alignment/state_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- writing --- */

static char *
put_text(char *to, const char *text)
{
	size_t		length = strlen(text);

	memcpy(to, text, length);
	return to + length;
}

static char *
put_integer(char *to, int64_t value)
{
	return to + sprintf(to, "%" PRId64, value);
}

static char *
put_integer_or_null(char *to, bool given, int64_t value)
{
	return given ? put_integer(to, value) : put_text(to, "null");
}

/* A sum of units as a decimal with at most `digits` digits after the point, no trailing zeros. */
static char *
put_decimal(char *to, ecosys_int128 units, int digits)
{
	char		reversed[64];
	int			length = 0;
	int			last = 0;
	unsigned __int128 rest = (unsigned __int128) units;

	/* all sums are non-negative; a datum that says otherwise is caught before it gets here */
	do
	{
		reversed[length++] = '0' + (int) (rest % 10);
		rest /= 10;
	} while (rest != 0 || length <= digits);
	while (last < digits && reversed[last] == '0')
		last++;
	for (int i = length - 1; i >= last || i >= digits; i--)
	{
		if (i == digits - 1)
			*to++ = '.';
		*to++ = reversed[i];
	}
	return to;
}

size_t
ecosys_alignment_write(const ecosys_alignment *state, char *text)
{
	bool		dated = (state->flags & ECOSYS_ALIGNMENT_DATED) != 0;
	char	   *to = text;

	to = put_text(to, "{\"v\":");
	to = put_integer(to, state->version);
	to = put_text(to, ",\"half_life_us\":");
	to = put_integer_or_null(to, state->half_life != 0, state->half_life);
	to = put_text(to, ",\"n\":");
	to = put_integer(to, state->obligations);
	to = put_text(to, ",\"ev\":");
	to = put_integer(to, state->evidenced);
	to = put_text(to, ",\"w\":");
	to = put_decimal(to, state->weight, ECOSYS_UNIT_DIGITS);
	to = put_text(to, ",\"we\":");
	to = put_decimal(to, state->evidence_weight, ECOSYS_UNIT_DIGITS);
	to = put_text(to, ",\"w2\":");
	to = put_decimal(to, state->weight_squares, ECOSYS_SQUARE_DIGITS);
	to = put_text(to, ",\"a0\":");
	to = put_decimal(to, state->attained, ECOSYS_UNIT_DIGITS);
	to = put_text(to, ",\"min_us\":");
	to = put_integer_or_null(to, dated, state->first_at);
	to = put_text(to, ",\"max_us\":");
	to = put_integer_or_null(to, dated, state->last_at);
	to = put_text(to, ",\"b\":[");
	for (int i = 0; i < state->bucket_count; i++)
	{
		to = put_text(to, i > 0 ? ",[" : "[");
		to = put_integer(to, state->buckets[i].number);
		to = put_text(to, ",");
		to = put_decimal(to, state->buckets[i].numerator, ECOSYS_UNIT_DIGITS);
		to = put_text(to, ",");
		to = put_decimal(to, state->buckets[i].squares, ECOSYS_UNIT_DIGITS);
		to = put_text(to, "]");
	}
	to = put_text(to, "]}");
	*to = '\0';
	return to - text;
}

size_t
ecosys_attainment_write(const ecosys_attainment *state, char *text)
{
	char	   *to = text;

	to = put_text(to, "{\"v\":");
	to = put_integer(to, state->version);
	to = put_text(to, ",\"half_life_us\":");
	to = put_integer_or_null(to, state->half_life != 0, state->half_life);
	to = put_text(to, ",\"n\":");
	to = put_integer(to, state->graded);
	to = put_text(to, ",\"sum\":");
	to = put_decimal(to, state->total, ECOSYS_UNIT_DIGITS);
	if (state->graded > 0)
	{
		to = put_text(to, ",\"best\":[");
		to = put_decimal(to, state->best, ECOSYS_UNIT_DIGITS);
		to = put_text(to, ",");
		to = put_integer(to, state->best_at);
		to = put_text(to, "],\"last\":[");
		to = put_integer(to, state->last_at);
		to = put_text(to, ",");
		to = put_decimal(to, state->last, ECOSYS_UNIT_DIGITS);
		to = put_text(to, "]");
	}
	else
		to = put_text(to, ",\"best\":null,\"last\":null");
	to = put_text(to, ",\"c\":");
	to = put_integer(to, state->completions);
	to = put_text(to, ",\"completed_us\":");
	to = put_integer_or_null(to, state->completions > 0, state->completed_at);
	to = put_text(to, ",\"b\":[");
	for (int i = 0; i < state->bucket_count; i++)
	{
		to = put_text(to, i > 0 ? ",[" : "[");
		to = put_integer(to, state->buckets[i].number);
		to = put_text(to, ",");
		to = put_decimal(to, state->buckets[i].growth, ECOSYS_UNIT_DIGITS);
		to = put_text(to, ",");
		to = put_decimal(to, state->buckets[i].grown, ECOSYS_UNIT_DIGITS);
		to = put_text(to, ",");
		to = put_decimal(to, state->buckets[i].squares, ECOSYS_UNIT_DIGITS);
		to = put_text(to, "]");
	}
	to = put_text(to, "]}");
	*to = '\0';
	return to - text;
}

/* --- reading: after the first fault every step does nothing --- */

typedef struct reader
{
	const char *at;
	const char *fault;			/* what is wrong at `at` */
} reader;

static void
skip_space(reader *r)
{
	while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')
		r->at++;
}

static bool
take(reader *r, const char *token)
{
	size_t		length = strlen(token);

	if (r->fault != NULL)
		return false;
	skip_space(r);
	if (strncmp(r->at, token, length) != 0)
		return false;
	r->at += length;
	return true;
}

static void
need(reader *r, const char *token, const char *fault)
{
	if (!take(r, token) && r->fault == NULL)
		r->fault = fault;
}

/* `,"key":`, where the first key of an object has no comma */
static void
need_key(reader *r, const char *quoted_key, const char *fault)
{
	need(r, ",", fault);
	need(r, quoted_key, fault);
	need(r, ":", fault);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The next digit of a number that may grow to 2^127 - 1. */
static void
push_digit(reader *r, ecosys_int128 *value, int digit)
{
	const ecosys_int128 max = (ecosys_int128) (~(unsigned __int128) 0 >> 1);

	if (r->fault != NULL)
		return;
	if (*value > (max - digit) / 10)
		r->fault = "a number is too large";
	else
		*value = *value * 10 + digit;
}

/* A JSON number without exponent, as a multiple of 10^-digits. */
static ecosys_int128
read_decimal(reader *r, int digits)
{
	ecosys_int128 value = 0;
	const char *first;
	int			fraction = 0;

	if (r->fault != NULL)
		return 0;
	skip_space(r);
	first = r->at;
	/* no digit follows a leading zero */
	for (; is_digit(*r->at) && (r->at == first || *first != '0'); r->at++)
		push_digit(r, &value, *r->at - '0');
	if (r->at == first)
		r->fault = digits > 0 ? "expected a non-negative decimal number" : "expected an integer";
	else if (digits > 0 && *r->at == '.' && is_digit(r->at[1]))
	{
		for (r->at++; is_digit(*r->at) && r->fault == NULL; r->at++)
		{
			if (fraction++ == digits)
				r->fault = "more digits after the point than a state holds";
			else
				push_digit(r, &value, *r->at - '0');
		}
	}
	for (; fraction < digits && r->fault == NULL; fraction++)
		push_digit(r, &value, 0);
	return r->fault == NULL ? value : 0;
}

static int64_t
read_integer(reader *r)
{
	bool		negative = take(r, "-");
	ecosys_int128 value = read_decimal(r, 0);

	if (negative)
		value = -value;
	if (r->fault == NULL && (value > INT64_MAX || value < INT64_MIN))
		r->fault = "an integer does not fit 64 bits";
	return r->fault == NULL ? (int64_t) value : 0;
}

static bool
read_integer_or_null(reader *r, int64_t *value)
{
	*value = 0;
	if (take(r, "null"))
		return false;
	*value = read_integer(r);
	return true;
}

/* `null` for no half-life; 0 would be another spelling of it, so it is refused. */
static int64_t
read_half_life(reader *r)
{
	int64_t		half_life;

	if (read_integer_or_null(r, &half_life) && r->fault == NULL && half_life < ECOSYS_HALF_LIFE_MIN)
		r->fault = "\"half_life_us\" is below one second";
	return half_life;
}

static void
read_version(reader *r, int version)
{
	need(r, "{", "expected {");
	need(r, "\"v\"", "expected \"v\"");
	need(r, ":", "expected \"v\":");
	if (read_integer(r) != version && r->fault == NULL)
		r->fault = "unknown version";
}

/* True while another bucket follows. */
static bool
next_bucket(reader *r, int count)
{
	if (r->fault != NULL || take(r, "]"))
		return false;
	if (count == ECOSYS_BUCKETS_MAX)
		r->fault = "\"b\" has too many buckets";
	if (count > 0)
		need(r, ",", "expected , or ] in \"b\"");
	need(r, "[", "expected [ in \"b\"");
	return r->fault == NULL;
}

static void
read_end(reader *r)
{
	need(r, "}", "expected }");
	if (r->fault == NULL)
	{
		skip_space(r);
		if (*r->at != '\0')
			r->fault = "expected the end";
	}
}

#define NEED_KEY(r, key) need_key(r, "\"" key "\"", "expected ,\"" key "\":")
#define NEED_COMMA(r) need(r, ",", "expected , in \"b\"")

const char *
ecosys_alignment_read(const char *text, ecosys_alignment *state, size_t *offset)
{
	reader		r = {text, NULL};

	memset(state, 0, ECOSYS_ALIGNMENT_SIZE(0));
	state->version = ECOSYS_ALIGNMENT_VERSION;
	read_version(&r, ECOSYS_ALIGNMENT_VERSION);
	NEED_KEY(&r, "half_life_us");
	state->half_life = read_half_life(&r);
	NEED_KEY(&r, "n");
	state->obligations = read_integer(&r);
	NEED_KEY(&r, "ev");
	state->evidenced = read_integer(&r);
	NEED_KEY(&r, "w");
	state->weight = read_decimal(&r, ECOSYS_UNIT_DIGITS);
	NEED_KEY(&r, "we");
	state->evidence_weight = read_decimal(&r, ECOSYS_UNIT_DIGITS);
	NEED_KEY(&r, "w2");
	state->weight_squares = read_decimal(&r, ECOSYS_SQUARE_DIGITS);
	NEED_KEY(&r, "a0");
	state->attained = read_decimal(&r, ECOSYS_UNIT_DIGITS);
	NEED_KEY(&r, "min_us");
	if (read_integer_or_null(&r, &state->first_at))
		state->flags |= ECOSYS_ALIGNMENT_DATED;
	NEED_KEY(&r, "max_us");
	if (read_integer_or_null(&r, &state->last_at) != (state->flags != 0) && r.fault == NULL)
		r.fault = "only one of \"min_us\" and \"max_us\" is given";
	NEED_KEY(&r, "b");
	need(&r, "[", "expected [");
	while (next_bucket(&r, state->bucket_count))
	{
		ecosys_alignment_bucket *bucket = &state->buckets[state->bucket_count++];

		bucket->number = read_integer(&r);
		NEED_COMMA(&r);
		bucket->numerator = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		NEED_COMMA(&r);
		bucket->squares = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		need(&r, "]", "expected ] after a bucket");
	}
	read_end(&r);
	*offset = r.fault != NULL ? (size_t) (r.at - text) : ECOSYS_STATE_TEXT_COMPLETE;
	return r.fault != NULL ? r.fault : ecosys_alignment_prove(state);
}

const char *
ecosys_attainment_read(const char *text, ecosys_attainment *state, size_t *offset)
{
	reader		r = {text, NULL};
	const ecosys_int128 unit = (ecosys_int128) ECOSYS_UNITS;
	ecosys_int128 best = 0;
	ecosys_int128 last = 0;
	bool		graded;

	memset(state, 0, ECOSYS_ATTAINMENT_SIZE(0));
	state->version = ECOSYS_ATTAINMENT_VERSION;
	read_version(&r, ECOSYS_ATTAINMENT_VERSION);
	NEED_KEY(&r, "half_life_us");
	state->half_life = read_half_life(&r);
	NEED_KEY(&r, "n");
	state->graded = read_integer(&r);
	NEED_KEY(&r, "sum");
	state->total = read_decimal(&r, ECOSYS_UNIT_DIGITS);
	NEED_KEY(&r, "best");
	graded = !take(&r, "null");
	if (graded)
	{
		need(&r, "[", "expected [ or null for \"best\"");
		best = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		need(&r, ",", "expected , in \"best\"");
		state->best_at = read_integer(&r);
		need(&r, "]", "expected ] after \"best\"");
	}
	NEED_KEY(&r, "last");
	if (graded)
	{
		need(&r, "[", "expected [ for \"last\"");
		state->last_at = read_integer(&r);
		need(&r, ",", "expected , in \"last\"");
		last = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		need(&r, "]", "expected ] after \"last\"");
	}
	else
		need(&r, "null", "expected null for \"last\", as for \"best\"");
	if (r.fault == NULL && (best > unit || last > unit || graded != (state->graded > 0)))
		r.fault = "\"best\" and \"last\" do not fit \"n\" and [0, 1]";
	state->best = (int64_t) best;
	state->last = (int64_t) last;
	NEED_KEY(&r, "c");
	state->completions = read_integer(&r);
	NEED_KEY(&r, "completed_us");
	if (read_integer_or_null(&r, &state->completed_at) != (state->completions > 0) && r.fault == NULL)
		r.fault = "\"completed_us\" does not fit \"c\"";
	NEED_KEY(&r, "b");
	need(&r, "[", "expected [");
	while (next_bucket(&r, state->bucket_count))
	{
		ecosys_attainment_bucket *bucket = &state->buckets[state->bucket_count++];

		bucket->number = read_integer(&r);
		NEED_COMMA(&r);
		bucket->growth = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		NEED_COMMA(&r);
		bucket->grown = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		NEED_COMMA(&r);
		bucket->squares = read_decimal(&r, ECOSYS_UNIT_DIGITS);
		need(&r, "]", "expected ] after a bucket");
	}
	read_end(&r);
	*offset = r.fault != NULL ? (size_t) (r.at - text) : ECOSYS_STATE_TEXT_COMPLETE;
	return r.fault != NULL ? r.fault : ecosys_attainment_prove(state);
}
