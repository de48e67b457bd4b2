/*
 * statement_compare.c - =, order and hash of ecosys.statement, and xAPI's own
 * comparison.
 *
 * Equal are statements whose texts, with completed values, are the same JSON
 * value. The stored fields follow from that value, so most unequal pairs are
 * told apart by them, without inflating anything; the hash is of them, and of the
 * actor and the object where there is no id.
 */
#include "ecosys.h"

#include "base/hash_key.h"
#include "miscadmin.h"
#include "statement/statement_canonical.h"
#include "statement/statement_datum.h"

/* Flags that follow from the JSON value (others tell how it is spelled or kept). */
#define FLAGS_OF_VALUE \
	(ECOSYS_STATEMENT_OBJECT_TYPE | ECOSYS_STATEMENT_SUCCESS_GIVEN | ECOSYS_STATEMENT_SUCCESS | \
	 ECOSYS_STATEMENT_COMPLETION_GIVEN | ECOSYS_STATEMENT_COMPLETION | ECOSYS_STATEMENT_VOIDING | \
	 ECOSYS_STATEMENT_XAPI_2 | ECOSYS_STATEMENT_ID | ECOSYS_STATEMENT_TIMESTAMP | ECOSYS_STATEMENT_STORED | \
	 ECOSYS_STATEMENT_REGISTRATION | ECOSYS_STATEMENT_SCALED | \
	 ECOSYS_STATEMENT_DURATION | ECOSYS_STATEMENT_DURATION_DATE)

static void *
allocate(size_t size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
progress(void)
{
	CHECK_FOR_INTERRUPTS();
}

static int
compare_texts(Datum a, Datum b, ecosys_comparison comparison)
{
	const ecosys_comparison_memory memory = {allocate, pfree, progress};
	size_t		a_length,
				b_length;
	char	   *a_text = ecosys_statement_text(a, true, &a_length);
	char	   *b_text = ecosys_statement_text(b, true, &b_length);
	int			order = 0;

	if (a_length != b_length || memcmp(a_text, b_text, a_length) != 0)
	{
		if (!ecosys_statement_compare(a_text, a_length, b_text, b_length, comparison, &memory, &order))
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory"),
					 errdetail("Failed while comparing statements.")));
	}
	pfree(a_text);
	pfree(b_text);
	return order;
}

static int
compare_integers(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int
compare_statements(Datum a, Datum b)
{
	ecosys_statement_header x;
	ecosys_statement_header y;
	uint32_t	x_flags;
	uint32_t	y_flags;
	int			order;

	ecosys_statement_facts_of(a, &x);
	ecosys_statement_facts_of(b, &y);
	x_flags = x.flags & FLAGS_OF_VALUE;
	y_flags = y.flags & FLAGS_OF_VALUE;

	/* absent values are zero, and apart by their flags */
	if ((order = compare_integers(x.timestamp, y.timestamp)) != 0 ||
		(order = memcmp(x.id, y.id, 16)) != 0 ||
		(order = compare_integers(x_flags, y_flags)) != 0 ||
		(order = compare_integers(x.stored, y.stored)) != 0 ||
		(order = compare_integers(x.verb, y.verb)) != 0)
		return order < 0 ? -1 : 1;
	return compare_texts(a, b, ECOSYS_COMPARE_JSON);
}

#define COMPARISON(name, test) \
	ECOSYS_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(compare_statements(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)) test 0); \
	}

COMPARISON(ecosys_statement_eq, ==)
COMPARISON(ecosys_statement_ne, !=)
COMPARISON(ecosys_statement_lt, <)
COMPARISON(ecosys_statement_le, <=)
COMPARISON(ecosys_statement_gt, >)
COMPARISON(ecosys_statement_ge, >=)

ECOSYS_FUNCTION(ecosys_statement_cmp);
Datum
ecosys_statement_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_statements(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

ECOSYS_FUNCTION(ecosys_statement_equivalent);
Datum
ecosys_statement_equivalent(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_texts(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1), ECOSYS_COMPARE_XAPI) == 0);
}

static uint64_t
hash_statement(Datum statement, uint64_t seed)
{
	ecosys_statement_header facts;
	struct
	{
		int64_t		timestamp,
					stored,
					verb,
					actor,
					object,
					duration_microseconds;
		double		scaled;
		uint8_t		id[16];
		uint8_t		registration[16];
	}			hashed;

	memset(&hashed, 0, sizeof(hashed));
	ecosys_statement_facts_of(statement, &facts);
	hashed.timestamp = facts.timestamp;
	hashed.stored = facts.stored;
	hashed.verb = facts.verb;
	hashed.duration_microseconds = facts.duration_microseconds;
	hashed.scaled = facts.scaled == 0 ? 0 : facts.scaled;	/* -0 is 0 */
	memcpy(hashed.id, facts.id, 16);
	memcpy(hashed.registration, facts.registration, 16);
	if (!(facts.flags & ECOSYS_STATEMENT_ID))
	{
		/* the fields alone would leave too many alike */
		const ecosys_statement_facts *said;
		const char *text;
		size_t		length;

		ecosys_statement_parse_datum(statement, &said, &text, &length);
		hashed.actor = said->actor;
		hashed.object = said->object;
	}
	return XXH64(&hashed, sizeof(hashed), seed);
}

ECOSYS_FUNCTION(ecosys_statement_hash);
Datum
ecosys_statement_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) hash_statement(PG_GETARG_DATUM(0), 0));
}

/* With seed 0 its low half is the hash above, as PostgreSQL asks. */
ECOSYS_FUNCTION(ecosys_statement_hash_extended);
Datum
ecosys_statement_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) hash_statement(PG_GETARG_DATUM(0), PG_GETARG_INT64(1)));
}
