/*
 * statement_access.c - what a statement says, as SQL values.
 *
 * The first half needs the stored fields only and never inflates; the second
 * half takes the facts of the text, which the backend remembers from one
 * accessor of a value to the next.
 */
#include "ecosys.h"

#include "actor/actor.h"
#include "base/json_reader.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "statement/statement_datum.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

/* ---- from the stored fields ---- */

static Datum
uuid_datum(const uint8_t *bytes)
{
	pg_uuid_t  *uuid = palloc(sizeof(pg_uuid_t));

	memcpy(uuid->data, bytes, UUID_LEN);
	return UUIDPGetDatum(uuid);
}

/*
 * A function whose value is `value` if `given`, else NULL; both may refer to
 * the fields as `facts`.
 */
#define FIELD(name, given, value) \
	ECOSYS_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		ecosys_statement_header facts; \
		\
		ecosys_statement_facts_of(PG_GETARG_DATUM(0), &facts); \
		if (!(given)) \
			PG_RETURN_NULL(); \
		return (value); \
	}

FIELD(ecosys_statement_id, facts.flags & ECOSYS_STATEMENT_ID, uuid_datum(facts.id))
FIELD(ecosys_statement_timestamp, facts.flags & ECOSYS_STATEMENT_TIMESTAMP, TimestampTzGetDatum(facts.timestamp))
FIELD(ecosys_statement_stored, facts.flags & ECOSYS_STATEMENT_STORED, TimestampTzGetDatum(facts.stored))
FIELD(ecosys_statement_verb_key, true, Int64GetDatum(facts.verb))
FIELD(ecosys_statement_registration, facts.flags & ECOSYS_STATEMENT_REGISTRATION, uuid_datum(facts.registration))
FIELD(ecosys_statement_statement_ref,
	  (facts.flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF,
	  uuid_datum(facts.object_statement_id))
FIELD(ecosys_statement_score, facts.flags & ECOSYS_STATEMENT_SCALED, Float8GetDatum(facts.scaled))
FIELD(ecosys_statement_success,
	  facts.flags & ECOSYS_STATEMENT_SUCCESS_GIVEN, BoolGetDatum((facts.flags & ECOSYS_STATEMENT_SUCCESS) != 0))
FIELD(ecosys_statement_completion,
	  facts.flags & ECOSYS_STATEMENT_COMPLETION_GIVEN, BoolGetDatum((facts.flags & ECOSYS_STATEMENT_COMPLETION) != 0))
FIELD(ecosys_statement_is_voiding, true, BoolGetDatum((facts.flags & ECOSYS_STATEMENT_VOIDING) != 0))

ECOSYS_FUNCTION(ecosys_statement_duration);
Datum
ecosys_statement_duration(PG_FUNCTION_ARGS)
{
	ecosys_statement_header facts;
	Interval   *duration;

	ecosys_statement_facts_of(PG_GETARG_DATUM(0), &facts);
	if (!(facts.flags & ECOSYS_STATEMENT_DURATION))
		PG_RETURN_NULL();
	duration = palloc(sizeof(Interval));
	duration->month = facts.duration_months;
	duration->day = facts.duration_days;
	duration->time = facts.duration_microseconds;
	PG_RETURN_INTERVAL_P(duration);
}

ECOSYS_FUNCTION(ecosys_statement_object_type);
Datum
ecosys_statement_object_type(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {
		[ECOSYS_OBJECT_ACTIVITY] = "Activity",
		[ECOSYS_OBJECT_AGENT] = "Agent",
		[ECOSYS_OBJECT_GROUP] = "Group",
		[ECOSYS_OBJECT_STATEMENT_REF] = "StatementRef",
		[ECOSYS_OBJECT_SUBSTATEMENT] = "SubStatement",
	};
	ecosys_statement_header facts;

	ecosys_statement_facts_of(PG_GETARG_DATUM(0), &facts);
	PG_RETURN_TEXT_P(cstring_to_text(names[facts.flags & ECOSYS_STATEMENT_OBJECT_TYPE]));
}

/* ---- from the text ---- */

typedef struct parsed
{
	const ecosys_statement_facts *facts;
	const char *text;
	size_t		length;
} parsed;

static parsed
parse_argument(FunctionCallInfo fcinfo)
{
	parsed		result;

	ecosys_statement_parse_datum(PG_GETARG_DATUM(0), &result.facts, &result.text, &result.length);
	return result;
}

/* A JSON string as text; 22P05 where text cannot hold it. */
static Datum
string_datum(const char *text, ecosys_span span)
{
	struct varlena *result = palloc(VARHDRSZ + span.length);
	size_t		length = ecosys_json_decode(text + span.offset, span.length, VARDATA(result));

	if (memchr(VARDATA(result), '\0', length) != NULL ||
		!pg_verify_mbstr(PG_UTF8, VARDATA(result), length, true))
		ereport(ERROR,
				(errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
				 errmsg("value has a character that text cannot hold"),
				 errdetail("It is \\u0000 or half of a surrogate pair."),
				 errhint("Cast the statement to json, which keeps it as an escape.")));
	SET_VARSIZE(result, VARHDRSZ + length);
	return PointerGetDatum(result);
}

/* Like FIELD, for values from the text: refer to `facts` and `text`. */
#define FACT(name, given, value) \
	ECOSYS_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		parsed		statement = parse_argument(fcinfo); \
		const ecosys_statement_facts *facts = statement.facts; \
		\
		if (!(given)) \
			PG_RETURN_NULL(); \
		return (value); \
	}

FACT(ecosys_statement_actor_key, true, Int64GetDatum(facts->actor))
FACT(ecosys_statement_object_key, true, Int64GetDatum(facts->object))
FACT(ecosys_statement_authority_key, facts->has_authority, Int64GetDatum(facts->authority))
FACT(ecosys_statement_score_raw, facts->has_raw, Float8GetDatum(facts->raw))
FACT(ecosys_statement_score_min, facts->has_min, Float8GetDatum(facts->min))
FACT(ecosys_statement_score_max, facts->has_max, Float8GetDatum(facts->max))
FACT(ecosys_statement_response, facts->response_value.length > 0, string_datum(statement.text, facts->response_value))
FACT(ecosys_statement_platform, facts->platform_value.length > 0, string_datum(statement.text, facts->platform_value))
FACT(ecosys_statement_language, facts->language_value.length > 0, string_datum(statement.text, facts->language_value))
FACT(ecosys_statement_revision, facts->revision_value.length > 0, string_datum(statement.text, facts->revision_value))

/* The statement's own mention in a role; it always has an actor, a verb and an object. */
static const ecosys_mention *
find_mention(const ecosys_statement_facts *facts, ecosys_mention_role role)
{
	for (uint32_t i = 0; i < facts->n_mentions; i++)
	{
		if (facts->mentions[i].role == role && !facts->mentions[i].in_substatement)
			return &facts->mentions[i];
	}
	return NULL;
}

static Datum
identifier_in_role(FunctionCallInfo fcinfo, ecosys_mention_role role, ecosys_mention_kind kind)
{
	parsed		statement = parse_argument(fcinfo);
	const ecosys_mention *mention = find_mention(statement.facts, role);

	if (mention == NULL || mention->kind != kind)
		PG_RETURN_NULL();
	return string_datum(statement.text, mention->identifier);
}

static Datum
actor_in_role(FunctionCallInfo fcinfo, ecosys_mention_role role)
{
	parsed		statement = parse_argument(fcinfo);
	const ecosys_mention *mention = find_mention(statement.facts, role);
	struct varlena *actor = NULL;

	if (mention != NULL)
		actor = ecosys_actor_of_object(statement.text + mention->object.offset, mention->object.length);
	if (actor == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(actor);
}

ECOSYS_FUNCTION(ecosys_statement_actor);
Datum
ecosys_statement_actor(PG_FUNCTION_ARGS)
{
	return actor_in_role(fcinfo, ECOSYS_ROLE_ACTOR);
}

ECOSYS_FUNCTION(ecosys_statement_authority);
Datum
ecosys_statement_authority(PG_FUNCTION_ARGS)
{
	return actor_in_role(fcinfo, ECOSYS_ROLE_AUTHORITY);
}

ECOSYS_FUNCTION(ecosys_statement_verb);
Datum
ecosys_statement_verb(PG_FUNCTION_ARGS)
{
	return identifier_in_role(fcinfo, ECOSYS_ROLE_VERB, ECOSYS_MENTION_VERB);
}

ECOSYS_FUNCTION(ecosys_statement_object);
Datum
ecosys_statement_object(PG_FUNCTION_ARGS)
{
	return identifier_in_role(fcinfo, ECOSYS_ROLE_OBJECT, ECOSYS_MENTION_ACTIVITY);
}

/* ---- related activities and actors ---- */

static int
compare_mentions(const void *a, const void *b)
{
	int64_t		a_key = (*(const ecosys_mention *const *) a)->key;
	int64_t		b_key = (*(const ecosys_mention *const *) b)->key;

	return a_key < b_key ? -1 : a_key > b_key;
}

/* One mention a key, in the order of the keys, of activities or of identified actors. */
static const ecosys_mention **
distinct_mentions(const ecosys_statement_facts *facts, bool activities, int *n)
{
	const ecosys_mention **found = palloc((facts->n_mentions + 1) * sizeof(*found));
	int			count = 0;
	int			kept = 0;

	for (uint32_t i = 0; i < facts->n_mentions; i++)
	{
		const ecosys_mention *mention = &facts->mentions[i];
		bool		wanted = activities ? mention->kind == ECOSYS_MENTION_ACTIVITY :
			(mention->kind == ECOSYS_MENTION_AGENT || mention->kind == ECOSYS_MENTION_GROUP) &&
			mention->identifier.length > 0;

		if (wanted)
			found[count++] = mention;
	}
	qsort(found, count, sizeof(*found), compare_mentions);
	for (int i = 0; i < count; i++)
	{
		if (kept == 0 || found[kept - 1]->key != found[i]->key)
			found[kept++] = found[i];
	}
	*n = kept;
	return found;
}

static Datum
keys_array(const int64_t *keys, uint32_t n)
{
	Datum	   *elements = palloc((n + 1) * sizeof(Datum));

	for (uint32_t i = 0; i < n; i++)
		elements[i] = Int64GetDatum(keys[i]);
	return PointerGetDatum(construct_array(elements, n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

FACT(ecosys_statement_related_activity_keys, true, keys_array(facts->related_activities, facts->n_related_activities))
FACT(ecosys_statement_related_actor_keys, true, keys_array(facts->related_actors, facts->n_related_actors))

ECOSYS_FUNCTION(ecosys_statement_related_activities);
Datum
ecosys_statement_related_activities(PG_FUNCTION_ARGS)
{
	parsed		statement = parse_argument(fcinfo);
	int			n;
	const ecosys_mention **mentions = distinct_mentions(statement.facts, true, &n);
	Datum	   *elements = palloc((n + 1) * sizeof(Datum));

	for (int i = 0; i < n; i++)
		elements[i] = string_datum(statement.text, mentions[i]->identifier);
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, n, TEXTOID, -1, false, TYPALIGN_INT));
}

ECOSYS_FUNCTION(ecosys_statement_related_actors);
Datum
ecosys_statement_related_actors(PG_FUNCTION_ARGS)
{
	parsed		statement = parse_argument(fcinfo);
	int			n;
	const ecosys_mention **mentions = distinct_mentions(statement.facts, false, &n);
	Datum	   *elements = palloc((n + 1) * sizeof(Datum));
	Oid			array_type;
	Oid			actor_type;

	(void) get_call_result_type(fcinfo, &array_type, NULL);
	actor_type = get_element_type(array_type);
	for (int i = 0; i < n; i++)
		elements[i] = PointerGetDatum(ecosys_actor_of_object(statement.text + mentions[i]->object.offset,
															 mentions[i]->object.length));
	PG_RETURN_ARRAYTYPE_P(construct_array(elements, n, actor_type, -1, false, TYPALIGN_INT));
}

/* ---- extensions ---- */

/* The value of a member whose key may be any text. */
static bool
find_member(const char *object, size_t length, const char *key, ecosys_span *value)
{
	ecosys_json_reader reader;
	ecosys_json_string name;

	ecosys_json_open(&reader, object, length);
	if (!ecosys_json_enter_object(&reader))
		return false;
	while (ecosys_json_next_member(&reader, &name))
	{
		if (!ecosys_json_skip(&reader, value))
			return false;
		if (ecosys_json_string_is(object + name.span.offset, name.span.length, key))
			return true;
	}
	return false;
}

/* The extension of an object at span, below the member `within` of it if that is given. */
static Datum
extension_of(FunctionCallInfo fcinfo, const char *json, ecosys_span span, const char *within)
{
	char	   *iri = text_to_cstring(PG_GETARG_TEXT_PP(1));
	const char *path[] = {within, "extensions", iri};

	for (int i = within == NULL ? 1 : 0; i < lengthof(path); i++)
	{
		ecosys_span found;

		if (span.length == 0 || !find_member(json + span.offset, span.length, path[i], &found))
			PG_RETURN_NULL();
		span.offset += found.offset;
		span.length = found.length;
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(json + span.offset, span.length));
}

ECOSYS_FUNCTION(ecosys_statement_result_extension);
Datum
ecosys_statement_result_extension(PG_FUNCTION_ARGS)
{
	parsed		statement = parse_argument(fcinfo);

	return extension_of(fcinfo, statement.text, statement.facts->result_value, NULL);
}

ECOSYS_FUNCTION(ecosys_statement_context_extension);
Datum
ecosys_statement_context_extension(PG_FUNCTION_ARGS)
{
	parsed		statement = parse_argument(fcinfo);

	return extension_of(fcinfo, statement.text, statement.facts->context_value, NULL);
}

ECOSYS_FUNCTION(ecosys_statement_activity_extension);
Datum
ecosys_statement_activity_extension(PG_FUNCTION_ARGS)
{
	parsed		statement = parse_argument(fcinfo);

	return extension_of(fcinfo, statement.text, statement.facts->object_value, "definition");
}
