/*
 * state_glue.c - errors, half-lives, bytes and order of the state types.
 */
#include "ecosys.h"

#include <math.h>

#include "access/htup_details.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"

#include "alignment/score_math.h"
#include "alignment/state_glue.h"

/* Raises the error that a code stands for. */
void
ecosys_state_check(ecosys_state_code code)
{
	switch (code)
	{
		case ECOSYS_STATE_OK:
			return;
		case ECOSYS_STATE_OVERFLOW:
			ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("state is full"),
					errdetail("A sum would exceed 128 bits, or a count 64 bits."));
			break;
		case ECOSYS_STATE_ATTAINMENT:
			ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("attainment is not between 0 and 1"));
			break;
		case ECOSYS_STATE_WEIGHT:
			ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("weight is not between 0 and 1000000"),
					errhint("Scores do not change when all weights are divided by the same number."));
			break;
		case ECOSYS_STATE_TIME:
			ereport(ERROR, errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("time is infinite"));
			break;
		case ECOSYS_STATE_UNDATED:
			ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					errmsg("evidence has no time"),
					errhint("Give its time, or leave out rows that have none."));
			break;
		case ECOSYS_STATE_HALF_LIVES:
			ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("states have different half-lives"),
					errhint("Aggregate both from their rows with one half-life."));
			break;
		case ECOSYS_STATE_TOO_EARLY:
			ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("as_of is before the newest evidence"),
					errhint("Read the state at last_at(state) or later, or aggregate only evidence up to as_of."));
			break;
		case ECOSYS_STATE_NOT_PART:
			ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the part weighs more than the whole"),
					errhint("The part must be a state of some of the rows of the whole."));
			break;
		case ECOSYS_STATE_FULL:
			elog(ERROR, "state needs more room");
			break;
	}
}

/* Microseconds of an interval that says the same length everywhere: days of 24 h, no months. */
int64
ecosys_half_life(const Interval *half_life)
{
	int64		microseconds;

	if (half_life->month != 0)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("half-life is infinite or has months or years"),
				errdetail("Their length depends on the calendar."),
				errhint("Say it in days, for example interval '90 days'."));
	if (__builtin_mul_overflow((int64) half_life->day, USECS_PER_DAY, &microseconds) ||
		__builtin_add_overflow(microseconds, half_life->time, &microseconds))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("half-life is too long"),
				errhint("NULL stands for evidence that does not fade."));
	if (microseconds < ECOSYS_HALF_LIFE_MIN)
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("half-life is below one second"),
				errhint("NULL stands for evidence that does not fade."));
	return microseconds;
}

/* 0, no fading, if the argument is missing or NULL */
int64
ecosys_half_life_argument(FunctionCallInfo fcinfo, int argument)
{
	if (PG_NARGS() <= argument || PG_ARGISNULL(argument))
		return 0;
	return ecosys_half_life(PG_GETARG_INTERVAL_P(argument));
}

/*
 * May argument 0 be changed in place? In an aggregate it is the aggregate's own
 * copy, but it can be a copy of a stored datum in a packed or toasted form.
 */
bool
ecosys_may_change_state(FunctionCallInfo fcinfo)
{
	return AggCheckCallContext(fcinfo, NULL) != 0 && VARATT_IS_4B_U(PG_GETARG_POINTER(0));
}

/* The row (lower, upper) of a Wilson interval; NULLs without a size. */
Datum
ecosys_interval_row(FunctionCallInfo fcinfo, double proportion, double size, double level)
{
	TupleDesc	row_type;
	Datum		values[2] = {0};
	bool		nulls[2] = {true, true};

	if (!(level > 0 && level < 1))
		ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				errmsg("level is not between 0 and 1"),
				errhint("The usual level is 0.95."));
	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	if (!isnan(proportion) && size > 0)
	{
		double		lower;
		double		upper;

		ecosys_wilson_interval(proportion, size, level, &lower, &upper);
		values[0] = Float8GetDatum(lower);
		values[1] = Float8GetDatum(upper);
		nulls[0] = nulls[1] = false;
	}
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls));
}

/* --- stored bytes --- */

static void
check_size(Datum datum, Size expected, bool version_known, const char *type_name)
{
	if (!version_known || VARSIZE(DatumGetPointer(datum)) != expected)
		ereport(ERROR, errcode(ERRCODE_DATA_CORRUPTED),
				errmsg("stored ecosys.%s is damaged or of a newer version", type_name));
}

const ecosys_alignment *
ecosys_open_alignment(Datum datum)
{
	ecosys_alignment *state = (ecosys_alignment *) PG_DETOAST_DATUM(datum);
	bool		known = VARSIZE(state) >= ECOSYS_ALIGNMENT_SIZE(0) &&
		state->version == ECOSYS_ALIGNMENT_VERSION && state->bucket_count <= ECOSYS_BUCKETS_MAX;

	check_size(PointerGetDatum(state), known ? ECOSYS_ALIGNMENT_SIZE(state->bucket_count) : 0,
			   known, "alignment");
	return state;
}

const ecosys_attainment *
ecosys_open_attainment(Datum datum)
{
	ecosys_attainment *state = (ecosys_attainment *) PG_DETOAST_DATUM(datum);
	bool		known = VARSIZE(state) >= ECOSYS_ATTAINMENT_SIZE(0) &&
		state->version == ECOSYS_ATTAINMENT_VERSION && state->bucket_count <= ECOSYS_BUCKETS_MAX;

	check_size(PointerGetDatum(state), known ? ECOSYS_ATTAINMENT_SIZE(state->bucket_count) : 0,
			   known, "attainment");
	return state;
}

Datum
ecosys_alignment_datum(const ecosys_alignment *state)
{
	Size		size = ECOSYS_ALIGNMENT_SIZE(state->bucket_count);
	void	   *copy = palloc(size);

	memcpy(copy, state, size);
	SET_VARSIZE(copy, size);
	return PointerGetDatum(copy);
}

Datum
ecosys_attainment_datum(const ecosys_attainment *state)
{
	Size		size = ECOSYS_ATTAINMENT_SIZE(state->bucket_count);
	void	   *copy = palloc(size);

	memcpy(copy, state, size);
	SET_VARSIZE(copy, size);
	return PointerGetDatum(copy);
}

/* --- binary form --- */

void
ecosys_refuse_binary(const char *type_name, const char *detail)
{
	ereport(ERROR, errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			errmsg("invalid binary form of ecosys.%s", type_name),
			errdetail("It is not a possible state: %s.", detail));
}

void
ecosys_need_bytes(StringInfo message, Size size, const char *type_name)
{
	if (message->len - message->cursor < size)
		ecosys_refuse_binary(type_name, "it is too short");
}

void
ecosys_send_int128(StringInfo message, ecosys_int128 value)
{
	pq_sendint64(message, (uint64) (value >> 64));
	pq_sendint64(message, (uint64) value);
}

ecosys_int128
ecosys_receive_int128(StringInfo message)
{
	unsigned __int128 high = (uint64) pq_getmsgint64(message);

	return (ecosys_int128) ((high << 64) | (uint64) pq_getmsgint64(message));
}

/* --- order and hash: equal rows give equal bytes, so bytes are all there is to compare --- */

static int
compare_states(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	Size		a_size = VARSIZE_ANY_EXHDR(a);
	Size		b_size = VARSIZE_ANY_EXHDR(b);
	int			order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(a_size, b_size));

	if (order == 0 && a_size != b_size)
		order = (a_size < b_size) ? -1 : 1;
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order;
}

ECOSYS_FUNCTION(ecosys_state_eq);
Datum
ecosys_state_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) == 0);
}

ECOSYS_FUNCTION(ecosys_state_ne);
Datum
ecosys_state_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) != 0);
}

ECOSYS_FUNCTION(ecosys_state_lt);
Datum
ecosys_state_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) < 0);
}

ECOSYS_FUNCTION(ecosys_state_le);
Datum
ecosys_state_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) <= 0);
}

ECOSYS_FUNCTION(ecosys_state_gt);
Datum
ecosys_state_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) > 0);
}

ECOSYS_FUNCTION(ecosys_state_ge);
Datum
ecosys_state_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_states(fcinfo) >= 0);
}

ECOSYS_FUNCTION(ecosys_state_cmp);
Datum
ecosys_state_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_states(fcinfo));
}

ECOSYS_FUNCTION(ecosys_state_hash);
Datum
ecosys_state_hash(PG_FUNCTION_ARGS)
{
	struct varlena *state = PG_GETARG_VARLENA_PP(0);
	uint32		hash = hash_bytes((unsigned char *) VARDATA_ANY(state), (int) VARSIZE_ANY_EXHDR(state));

	PG_FREE_IF_COPY(state, 0);
	PG_RETURN_UINT32(hash);
}

ECOSYS_FUNCTION(ecosys_state_hash_extended);
Datum
ecosys_state_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *state = PG_GETARG_VARLENA_PP(0);
	uint64		hash = hash_bytes_extended((unsigned char *) VARDATA_ANY(state),
										   (int) VARSIZE_ANY_EXHDR(state), (uint64) PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(state, 0);
	return UInt64GetDatum(hash);
}
