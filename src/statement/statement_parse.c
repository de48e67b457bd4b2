/*
 * statement_parse.c - the pass of statement_parse.h.
 *
 * read_object() walks the members of any object by the tables of
 * statement_schema.c; a function for each kind of object then judges what the
 * tables cannot say and takes the facts. Calls nest as deep as xAPI does (a
 * SubStatement's definition's components' descriptions), never as deep as the
 * text: values of extensions are passed over by the reader, without recursion.
 *
 * After a rule is broken reading goes on, so one text gives all its faults; it
 * is only when the text turns out not to be JSON that everything ends.
 */
#include "statement/statement_parse.h"

#include <string.h>

#include "actor/actor_key.h"
#include "base/hash_key.h"
#include "base/iri.h"
#include "base/language_tag.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "statement/statement_format.h"
#include "statement/statement_parser.h"
#include "statement/statement_rule.h"
#include "statement/statement_schema.h"

#define VOIDED "http://adlnet.gov/expapi/verbs/voided"

#define NOWHERE UINT32_MAX

/* What a statement or SubStatement is made of, for rules and keys that need several parts. */
typedef struct ecosys_statement_parts
{
	int64_t		actor;
	int64_t		verb;
	int64_t		object;
	int64_t		authority;
	bool		is_voided;		/* the verb is */
	bool		object_known;	/* with the next three: */
	ecosys_object_type object_type;
	uint32_t	object_at;
	uint8_t		object_statement_id[16];
	uint32_t	revision_at;	/* in the context, or NOWHERE */
	uint32_t	platform_at;
} statement_parts;

/* An object that is being read or was read. Nothing is stored of properties not seen. */
typedef struct object_reading
{
	const ecosys_shape *shape;
	uint32_t	start;
	uint32_t	end;
	ecosys_property_set seen;
	ecosys_property_set good;	/* of the seen: those of the right format */
	ecosys_span value[ECOSYS_N_PROPERTIES];
	uint32_t	n_members;
} object_reading;

typedef struct decoded
{
	const char *bytes;
	size_t		length;
} decoded;

#define HAS(reading, property) (((reading)->seen & ECOSYS_SET(property)) != 0)
#define GOOD(reading, property) (((reading)->good & ECOSYS_SET(property)) != 0)
#define VALUE(reading, property) ((reading)->value[ECOSYS_PROPERTY_##property])

static void read_value(ecosys_statement_parser *parser, object_reading *reading,
					   ecosys_property property);


/* ---- strings ---- */

static inline uint32_t
position(const ecosys_statement_parser *parser)
{
	return (uint32_t) (parser->reader.at - parser->text);
}

/*
 * The meaning of a string, in the text itself if it has no escapes, else in
 * parser->bytes behind what stands there (parser->bytes.n; the caller resets it).
 */
static bool
decode(ecosys_statement_parser *parser, ecosys_span span, decoded *result)
{
	const char *string = parser->text + span.offset;
	char	   *copy;

	if (memchr(string, '\\', span.length) == NULL)
	{
		result->bytes = string + 1;
		result->length = span.length - 2;
		return true;
	}
	copy = ecosys_parser_reserve(parser, &parser->bytes, 1, span.length);
	if (copy == NULL)
		return false;
	result->bytes = copy;
	result->length = ecosys_json_decode(string, span.length, copy);
	return true;
}

static bool
string_is(const ecosys_statement_parser *parser, ecosys_span span, const char *plain)
{
	return ecosys_json_string_is(parser->text + span.offset, span.length, plain);
}

/* Is the next value of this kind? If not, note it and pass over the value. */
static bool
expect(ecosys_statement_parser *parser, ecosys_json_kind kind, ecosys_statement_rule rule)
{
	ecosys_json_kind found = ecosys_json_peek(&parser->reader);

	if (found == kind)
		return true;
	if (found != ECOSYS_JSON_NONE)
	{
		ecosys_parser_note(parser, position(parser),
						   found == ECOSYS_JSON_NULL ? ECOSYS_RULE_VALUE_NULL : rule);
		ecosys_json_skip(&parser->reader, NULL);
	}
	return false;
}

/* Take what a property of the statement itself means. */
static void
take_value(ecosys_statement_parser *parser, ecosys_property property,
		   const ecosys_format_value *value)
{
	ecosys_statement_facts *facts = &parser->facts;

	if (parser->in_substatement)
		return;
	switch (property)
	{
		case ECOSYS_PROPERTY_TIMESTAMP:
			facts->has_timestamp = true;
			facts->timestamp = value->timestamp;
			break;
		case ECOSYS_PROPERTY_STORED:
			facts->has_stored = true;
			facts->stored = value->timestamp;
			break;
		case ECOSYS_PROPERTY_REGISTRATION:
			facts->has_registration = true;
			memcpy(facts->registration, value->uuid, sizeof(value->uuid));
			break;
		case ECOSYS_PROPERTY_DURATION:
			facts->duration = value->duration;
			break;
		case ECOSYS_PROPERTY_VERSION:
			if (value->version > facts->xapi_version)
				facts->xapi_version = value->version;
			break;
		default:
			break;
	}
}

/* A string value of a property; false if it is none or not of the format. */
static bool
read_text(ecosys_statement_parser *parser, ecosys_property property, ecosys_format format,
		  ecosys_span *value)
{
	ecosys_json_string string;
	ecosys_format_value meaning;
	decoded		s;

	if (!expect(parser, ECOSYS_JSON_STRING, ECOSYS_RULE_VALUE_STRING) ||
		!ecosys_json_read_string(&parser->reader, &string))
		return false;
	*value = string.span;
	if (format == ECOSYS_FORMAT_STRING)
		return true;
	if (!string.escaped)
	{
		s.bytes = parser->text + string.span.offset + 1;
		s.length = string.span.length - 2;
	}
	else if (!decode(parser, string.span, &s))
		return false;
	if (!ecosys_format_holds(format, s.bytes, s.length, &meaning))
	{
		ecosys_parser_note(parser, string.span.offset, ecosys_format_rule(format));
		return false;
	}
	take_value(parser, property, &meaning);
	return true;
}


/* ---- objects in general ---- */

/* Note the properties that the kind of object does not have, and those it misses. */
static void
judge_properties(ecosys_statement_parser *parser, const object_reading *reading,
				 const ecosys_shape *shape)
{
	ecosys_property_set unknown = reading->seen & reading->shape->allowed & ~shape->allowed;
	ecosys_property_set missing = shape->required & ~reading->seen;

	for (; unknown != 0; unknown &= unknown - 1)
		ecosys_parser_note_with(parser, reading->value[__builtin_ctzll(unknown)].offset,
								ECOSYS_RULE_PROPERTY_UNKNOWN, shape->name);
	for (; missing != 0; missing &= missing - 1)
		ecosys_parser_note_with(parser, reading->start, ECOSYS_RULE_PROPERTY_REQUIRED,
								ecosys_properties[__builtin_ctzll(missing)].name);
}

/*
 * Read an object by its shape. False if there is none or the text ended in a
 * fault; with broken rules inside it is true, and the caller goes on judging.
 */
static bool
read_object(ecosys_statement_parser *parser, const ecosys_shape *shape, object_reading *reading)
{
	ecosys_json_string key;

	if (!expect(parser, ECOSYS_JSON_OBJECT, ECOSYS_RULE_VALUE_OBJECT))
		return false;
	reading->shape = shape;
	reading->start = position(parser);
	reading->seen = 0;
	reading->good = 0;
	reading->n_members = 0;
	if (!ecosys_json_enter_object(&parser->reader))
		return false;
	while (ecosys_json_next_member(&parser->reader, &key))
	{
		ecosys_property property;
		ecosys_property_set bit;
		decoded		s;

		parser->bytes.n = 0;
		if (!key.escaped)
			property = ecosys_property_named(parser->text + key.span.offset + 1, key.span.length - 2);
		else if (decode(parser, key.span, &s))
			property = ecosys_property_named(s.bytes, s.length);
		else
			return false;
		bit = property < ECOSYS_N_PROPERTIES ? UINT64_C(1) << property : 0;
		if ((shape->allowed & bit) == 0)
		{
			ecosys_parser_note_with(parser, key.span.offset, ECOSYS_RULE_PROPERTY_UNKNOWN, shape->name);
			ecosys_json_skip(&parser->reader, NULL);
		}
		else if (reading->seen & bit)
		{
			ecosys_parser_note(parser, key.span.offset, ECOSYS_RULE_PROPERTY_DUPLICATE);
			ecosys_json_skip(&parser->reader, NULL);
		}
		else
		{
			/* also right for a value that is passed over unread */
			ecosys_json_peek(&parser->reader);
			reading->seen |= bit;
			reading->value[property].offset = position(parser);
			read_value(parser, reading, property);
			reading->value[property].length = position(parser) - reading->value[property].offset;
		}
	}
	if (parser->reader.failed)
		return false;
	reading->end = position(parser);
	judge_properties(parser, reading, shape);
	return true;
}

static ecosys_span
object_span(const object_reading *reading)
{
	ecosys_span span = {reading->start, reading->end - reading->start};

	return span;
}

/* Note a property whose string must be this one word. */
static void
judge_type(ecosys_statement_parser *parser, const object_reading *reading, const char *type,
		   ecosys_statement_rule rule)
{
	if (GOOD(reading, OBJECT_TYPE) && !string_is(parser, VALUE(reading, OBJECT_TYPE), type))
		ecosys_parser_note(parser, VALUE(reading, OBJECT_TYPE).offset, rule);
}

/* The key of an IRI property that has been read; 0 if it was not good. */
static int64_t
iri_key(ecosys_statement_parser *parser, const object_reading *reading, ecosys_key_kind kind)
{
	decoded		s;

	parser->bytes.n = 0;
	if (!GOOD(reading, ID) || !decode(parser, VALUE(reading, ID), &s))
		return 0;
	return ecosys_hash_key(kind, s.bytes, s.length);
}


/* ---- mentions ---- */

/* Make a mention now, so that it stands before those inside its object; filled in later. */
static size_t
begin_mention(ecosys_statement_parser *parser, ecosys_mention_role role)
{
	ecosys_mention *mention = ecosys_parser_reserve(parser, &parser->mentions, sizeof(*mention), 1);

	if (mention)
	{
		memset(mention, 0, sizeof(*mention));
		mention->role = role;
		mention->in_substatement = parser->in_substatement;
		parser->mentions.n++;
	}
	return parser->mentions.n - 1;
}

static ecosys_mention *
mention_at(ecosys_statement_parser *parser, size_t index)
{
	return (ecosys_mention *) parser->mentions.items + index;
}

/* It turned out to be nothing that is mentioned. */
static void
remove_mention(ecosys_statement_parser *parser, size_t index)
{
	ecosys_mention *mention = mention_at(parser, index);

	memmove(mention, mention + 1, (parser->mentions.n - index - 1) * sizeof(*mention));
	parser->mentions.n--;
}

/* Keys are hashed in one byte order on every machine. */
static int64_t
hash_keys(ecosys_key_kind kind, int64_t *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		uint64_t	key = (uint64_t) keys[i];
		unsigned char bytes[8];

		for (int j = 0; j < 8; j++)
			bytes[j] = (unsigned char) (key >> (8 * j));
		memcpy(&keys[i], bytes, 8);
	}
	return ecosys_hash_key(kind, keys, n * sizeof(*keys));
}


/* ---- actors ---- */

/* The key of the only IFI that an actor has; 0 if it was not good. */
static int64_t
ifi_key(ecosys_statement_parser *parser, const object_reading *reading, ecosys_span *identifier)
{
	ecosys_property_set ifi = reading->seen & ECOSYS_IFI_SET;
	ecosys_property property = (ecosys_property) __builtin_ctzll(ifi);
	ecosys_span home_page_span;
	ecosys_span name_span;
	decoded		s;
	decoded		account_name;

	*identifier = reading->value[property];
	if ((reading->good & ifi) == 0)
		return 0;
	parser->bytes.n = 0;
	if (property == ECOSYS_PROPERTY_ACCOUNT)
	{
		/* two properties in any order, maybe escaped: ask again, the object is small */
		const char *account = parser->text + identifier->offset;

		if (!ecosys_json_find(account, identifier->length, "homePage", &home_page_span) ||
			!ecosys_json_find(account, identifier->length, "name", &name_span))
			return 0;
		home_page_span.offset += identifier->offset;
		name_span.offset += identifier->offset;
		/* room for both at once, so that the first does not move */
		if (ecosys_parser_reserve(parser, &parser->bytes, 1,
								  (size_t) home_page_span.length + name_span.length) == NULL ||
			!decode(parser, home_page_span, &s))
			return 0;
		parser->bytes.n = home_page_span.length;
		if (!decode(parser, name_span, &account_name))
			return 0;
		return ecosys_actor_key_account(s.bytes, s.length, account_name.bytes, account_name.length);
	}
	if (!decode(parser, *identifier, &s))
		return 0;
	if (property == ECOSYS_PROPERTY_MBOX)
		return ecosys_actor_key_mbox(s.bytes, s.length);
	if (property == ECOSYS_PROPERTY_MBOX_SHA1SUM)
		return ecosys_actor_key_mbox_sha1sum(s.bytes, s.length);
	return ecosys_actor_key_openid(s.bytes, s.length);
}

/* The key of an anonymous group, from the members mentioned in it. */
static int64_t
members_key(ecosys_statement_parser *parser, size_t first, size_t end)
{
	int64_t    *keys;
	size_t		n = 0;

	parser->keys.n = 0;
	keys = ecosys_parser_reserve(parser, &parser->keys, sizeof(*keys), 2 * (end - first));
	if (keys == NULL)
		return 0;
	for (size_t i = first; i < end; i++)
		keys[n++] = mention_at(parser, i)->key;
	n = ecosys_parser_sort_keys(parser, keys, keys + n, n);
	return hash_keys(ECOSYS_KEY_ANONYMOUS_GROUP, keys, n);
}

/* Judge an object that was read as an Agent or Group, and fill its mention. */
static void
judge_actor(ecosys_statement_parser *parser, const object_reading *reading, bool is_group,
			size_t index)
{
	ecosys_mention *mention;
	ecosys_span identifier = {0, 0};
	int			n_ifis = __builtin_popcountll(reading->seen & ECOSYS_IFI_SET);
	int64_t		key = 0;

	judge_properties(parser, reading, is_group ? &ecosys_shape_group : &ecosys_shape_agent);
	if (!is_group && n_ifis != 1)
		ecosys_parser_note(parser, reading->start, ECOSYS_RULE_AGENT_IFI);
	if (is_group && n_ifis > 1)
		ecosys_parser_note(parser, reading->start, ECOSYS_RULE_GROUP_IFI);
	if (is_group && n_ifis == 0 &&
		(!HAS(reading, MEMBER) || (GOOD(reading, MEMBER) && reading->n_members == 0)))
		ecosys_parser_note(parser, reading->start, ECOSYS_RULE_GROUP_MEMBER);

	if (n_ifis == 1)
		key = ifi_key(parser, reading, &identifier);
	else if (n_ifis == 0 && is_group)
		key = members_key(parser, index + 1, parser->mentions.n);
	if (parser->reader.failed)
		return;

	mention = mention_at(parser, index);
	mention->kind = is_group ? ECOSYS_MENTION_GROUP : ECOSYS_MENTION_AGENT;
	mention->key = key;
	mention->object = object_span(reading);
	mention->identifier = identifier;
	if (GOOD(reading, NAME))
		mention->description = VALUE(reading, NAME);
}

/* Which of Agent and Group a role takes. */
static void
judge_role(ecosys_statement_parser *parser, const object_reading *reading, ecosys_mention_role role,
		   bool is_group)
{
	uint32_t	at = HAS(reading, OBJECT_TYPE) ? VALUE(reading, OBJECT_TYPE).offset : reading->start;

	switch (role)
	{
		case ECOSYS_ROLE_MEMBER:
		case ECOSYS_ROLE_CONTEXT_AGENT:
			if (is_group)
				ecosys_parser_note(parser, at, ECOSYS_RULE_AGENT_TYPE);
			break;
		case ECOSYS_ROLE_TEAM:
		case ECOSYS_ROLE_CONTEXT_GROUP:
			if (!is_group)
				ecosys_parser_note(parser, at, ECOSYS_RULE_GROUP_TYPE);
			break;
		case ECOSYS_ROLE_AUTHORITY:
			if (is_group && ((reading->seen & ECOSYS_IFI_SET) ||
							 (GOOD(reading, MEMBER) && reading->n_members != 2)))
				ecosys_parser_note(parser, reading->start, ECOSYS_RULE_AUTHORITY_GROUP);
			break;
		default:
			break;
	}
}

/* An Agent or Group; its key. */
static int64_t
read_actor(ecosys_statement_parser *parser, ecosys_mention_role role)
{
	object_reading reading;
	size_t		index = begin_mention(parser, role);
	bool		is_group;

	if (!read_object(parser, &ecosys_shape_any_actor, &reading))
		return 0;
	is_group = GOOD(&reading, OBJECT_TYPE) && string_is(parser, VALUE(&reading, OBJECT_TYPE), "Group");
	if (!is_group)
		judge_type(parser, &reading, "Agent", ECOSYS_RULE_ACTOR_TYPE);
	judge_role(parser, &reading, role, is_group);
	judge_actor(parser, &reading, is_group, index);
	return parser->reader.failed ? 0 : mention_at(parser, index)->key;
}

static bool
read_account(ecosys_statement_parser *parser)
{
	object_reading reading;

	return read_object(parser, &ecosys_shape_account, &reading) &&
		reading.good == ecosys_shape_account.required;
}

static bool
read_members(ecosys_statement_parser *parser, object_reading *reading)
{
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		read_actor(parser, ECOSYS_ROLE_MEMBER);
		reading->n_members++;
	}
	return !parser->reader.failed;
}


/* ---- verbs and activities ---- */

static void
read_verb(ecosys_statement_parser *parser)
{
	statement_parts *parts = parser->parts;
	object_reading reading;
	size_t		index = begin_mention(parser, ECOSYS_ROLE_VERB);
	ecosys_mention *mention;

	if (!read_object(parser, &ecosys_shape_verb, &reading))
		return;
	parts->verb = iri_key(parser, &reading, ECOSYS_KEY_VERB);
	if (parser->reader.failed || !GOOD(&reading, ID))
		return;
	parts->is_voided = string_is(parser, VALUE(&reading, ID), VOIDED);
	mention = mention_at(parser, index);
	mention->kind = ECOSYS_MENTION_VERB;
	mention->key = parts->verb;
	mention->object = object_span(&reading);
	mention->identifier = VALUE(&reading, ID);
	if (GOOD(&reading, DISPLAY))
		mention->description = VALUE(&reading, DISPLAY);
}

/* Fill the mention of an object that was read as an Activity; its key. */
static int64_t
note_activity(ecosys_statement_parser *parser, const object_reading *reading, size_t index)
{
	int64_t		key = iri_key(parser, reading, ECOSYS_KEY_ACTIVITY);
	ecosys_mention *mention;

	if (parser->reader.failed || !GOOD(reading, ID))
		return 0;
	mention = mention_at(parser, index);
	mention->kind = ECOSYS_MENTION_ACTIVITY;
	mention->key = key;
	mention->object = object_span(reading);
	mention->identifier = VALUE(reading, ID);
	if (GOOD(reading, DEFINITION))
		mention->description = VALUE(reading, DEFINITION);
	return key;
}

static void
read_activity(ecosys_statement_parser *parser, ecosys_mention_role role)
{
	object_reading reading;
	size_t		index = begin_mention(parser, role);

	if (!read_object(parser, &ecosys_shape_activity, &reading))
		return;
	judge_type(parser, &reading, "Activity", ECOSYS_RULE_ACTIVITY_TYPE);
	note_activity(parser, &reading, index);
}

static bool
read_activities(ecosys_statement_parser *parser, ecosys_mention_role role)
{
	/* one alone is as good as an array */
	if (ecosys_json_peek(&parser->reader) == ECOSYS_JSON_OBJECT)
	{
		read_activity(parser, role);
		return !parser->reader.failed;
	}
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
		read_activity(parser, role);
	return !parser->reader.failed;
}

static bool
read_definition(ecosys_statement_parser *parser)
{
	object_reading reading;

	if (!read_object(parser, &ecosys_shape_definition, &reading))
		return false;
	if ((reading.seen & ECOSYS_INTERACTION_SET) && !HAS(&reading, INTERACTION_TYPE))
		ecosys_parser_note(parser, reading.start, ECOSYS_RULE_INTERACTION_REQUIRED);
	return true;
}

static bool
read_components(ecosys_statement_parser *parser)
{
	size_t		base = ecosys_parser_names(parser);

	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		object_reading reading;

		if (read_object(parser, &ecosys_shape_component, &reading) && GOOD(&reading, ID))
		{
			ecosys_json_string id = {VALUE(&reading, ID), true};

			ecosys_parser_push_name(parser, id);
		}
	}
	ecosys_parser_pop_names(parser, base, ECOSYS_RULE_COMPONENT_DISTINCT);
	return !parser->reader.failed;
}


/* ---- maps and lists ---- */

static bool
read_language_map(ecosys_statement_parser *parser)
{
	size_t		base = ecosys_parser_names(parser);
	ecosys_json_string key;
	ecosys_span value;
	decoded		s;

	if (!expect(parser, ECOSYS_JSON_OBJECT, ECOSYS_RULE_VALUE_OBJECT) ||
		!ecosys_json_enter_object(&parser->reader))
		return false;
	while (ecosys_json_next_member(&parser->reader, &key))
	{
		parser->bytes.n = 0;
		if (!decode(parser, key.span, &s))
			break;
		if (!ecosys_language_tag_valid(s.bytes, s.length))
			ecosys_parser_note(parser, key.span.offset, ECOSYS_RULE_FORMAT_LANGUAGE_TAG);
		ecosys_parser_push_name(parser, key);
		read_text(parser, ECOSYS_N_PROPERTIES, ECOSYS_FORMAT_STRING, &value);
	}
	ecosys_parser_pop_names(parser, base, ECOSYS_RULE_PROPERTY_DUPLICATE);
	return !parser->reader.failed;
}

static bool
read_extensions(ecosys_statement_parser *parser)
{
	size_t		base = ecosys_parser_names(parser);
	ecosys_json_string key;
	decoded		s;

	if (!expect(parser, ECOSYS_JSON_OBJECT, ECOSYS_RULE_VALUE_OBJECT) ||
		!ecosys_json_enter_object(&parser->reader))
		return false;
	while (ecosys_json_next_member(&parser->reader, &key))
	{
		parser->bytes.n = 0;
		if (!decode(parser, key.span, &s))
			break;
		if (!ecosys_iri_valid(s.bytes, s.length))
			ecosys_parser_note(parser, key.span.offset, ECOSYS_RULE_FORMAT_IRI);
		ecosys_parser_push_name(parser, key);
		ecosys_json_skip(&parser->reader, NULL);
	}
	ecosys_parser_pop_names(parser, base, ECOSYS_RULE_PROPERTY_DUPLICATE);
	return !parser->reader.failed;
}

/* An array of strings of one format. */
static bool
read_texts(ecosys_statement_parser *parser, ecosys_format format, size_t *n)
{
	ecosys_span value;

	*n = 0;
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		parser->bytes.n = 0;
		read_text(parser, ECOSYS_N_PROPERTIES, format, &value);
		(*n)++;
	}
	return !parser->reader.failed;
}

static bool
read_relevant_types(ecosys_statement_parser *parser, uint32_t at)
{
	size_t		n;

	if (!read_texts(parser, ECOSYS_FORMAT_IRI, &n))
		return false;
	if (n == 0)
		ecosys_parser_note(parser, at, ECOSYS_RULE_RELEVANT_TYPES_EMPTY);
	return true;
}

static bool
read_attachments(ecosys_statement_parser *parser)
{
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		object_reading reading;

		read_object(parser, &ecosys_shape_attachment, &reading);
	}
	return !parser->reader.failed;
}


/* ---- result ---- */

static bool
read_number(ecosys_statement_parser *parser)
{
	ecosys_span span;
	double		value;
	char	   *scratch;

	if (!expect(parser, ECOSYS_JSON_NUMBER, ECOSYS_RULE_VALUE_NUMBER) ||
		!ecosys_json_read_number(&parser->reader, &span))
		return false;
	parser->bytes.n = 0;
	scratch = ecosys_parser_reserve(parser, &parser->bytes, 1, (size_t) span.length + 1);
	if (scratch == NULL)
		return false;
	if (ecosys_json_number_value(parser->text + span.offset, span.length, scratch, &value))
		return true;
	ecosys_parser_note(parser, span.offset, ECOSYS_RULE_SCORE_NUMBER);
	return false;
}

/* The value of a number that read_number has taken; there is room for it. */
static double
number_value(ecosys_statement_parser *parser, ecosys_span span)
{
	double		value;

	ecosys_json_number_value(parser->text + span.offset, span.length, parser->bytes.items, &value);
	return value;
}

static bool
read_score(ecosys_statement_parser *parser)
{
	ecosys_statement_facts *facts = &parser->facts;
	object_reading reading;
	bool		has_scaled,
				has_raw,
				has_min,
				has_max;
	double		scaled = 0,
				raw = 0,
				min = 0,
				max = 0;

	if (!read_object(parser, &ecosys_shape_score, &reading))
		return false;
	if ((has_scaled = GOOD(&reading, SCALED)))
		scaled = number_value(parser, VALUE(&reading, SCALED));
	if ((has_raw = GOOD(&reading, RAW)))
		raw = number_value(parser, VALUE(&reading, RAW));
	if ((has_min = GOOD(&reading, MIN)))
		min = number_value(parser, VALUE(&reading, MIN));
	if ((has_max = GOOD(&reading, MAX)))
		max = number_value(parser, VALUE(&reading, MAX));

	if (has_scaled && !(scaled >= -1 && scaled <= 1))
		ecosys_parser_note(parser, VALUE(&reading, SCALED).offset, ECOSYS_RULE_SCORE_SCALED);
	if (has_min && has_max && !(min < max))
		ecosys_parser_note(parser, reading.start, ECOSYS_RULE_SCORE_MIN_MAX);
	else if (has_raw && ((has_min && raw < min) || (has_max && raw > max)))
		ecosys_parser_note(parser, VALUE(&reading, RAW).offset, ECOSYS_RULE_SCORE_RAW);

	if (!parser->in_substatement)
	{
		facts->has_scaled = has_scaled;
		facts->scaled = scaled;
		if (has_scaled)
			facts->scaled_value = VALUE(&reading, SCALED);
		facts->has_raw = has_raw;
		facts->raw = raw;
		facts->has_min = has_min;
		facts->min = min;
		facts->has_max = has_max;
		facts->max = max;
	}
	return true;
}

static bool
read_result(ecosys_statement_parser *parser)
{
	ecosys_statement_facts *facts = &parser->facts;
	object_reading reading;

	if (!read_object(parser, &ecosys_shape_result, &reading))
		return false;
	if (parser->in_substatement)
		return true;
	facts->has_success = GOOD(&reading, SUCCESS);
	facts->success = facts->has_success && parser->text[VALUE(&reading, SUCCESS).offset] == 't';
	facts->has_completion = GOOD(&reading, COMPLETION);
	facts->completion = facts->has_completion &&
		parser->text[VALUE(&reading, COMPLETION).offset] == 't';
	if (HAS(&reading, RESPONSE))
		facts->response_value = VALUE(&reading, RESPONSE);
	if (HAS(&reading, DURATION))
		facts->duration_value = VALUE(&reading, DURATION);
	return true;
}

static bool
read_boolean(ecosys_statement_parser *parser)
{
	ecosys_json_kind kind = ecosys_json_peek(&parser->reader);

	if (kind != ECOSYS_JSON_FALSE && !expect(parser, ECOSYS_JSON_TRUE, ECOSYS_RULE_VALUE_BOOLEAN))
		return false;
	return ecosys_json_skip(&parser->reader, NULL);
}

/* A number of octets. */
static bool
read_length(ecosys_statement_parser *parser)
{
	ecosys_span span;

	if (!expect(parser, ECOSYS_JSON_NUMBER, ECOSYS_RULE_VALUE_NUMBER) ||
		!ecosys_json_read_number(&parser->reader, &span))
		return false;
	for (uint32_t i = 0; i < span.length; i++)
	{
		if (parser->text[span.offset + i] < '0' || parser->text[span.offset + i] > '9')
		{
			ecosys_parser_note(parser, span.offset, ECOSYS_RULE_ATTACHMENT_LENGTH);
			return false;
		}
	}
	return true;
}


/* ---- context ---- */

static bool
read_statement_ref(ecosys_statement_parser *parser)
{
	object_reading reading;

	if (!read_object(parser, &ecosys_shape_statement_ref, &reading))
		return false;
	judge_type(parser, &reading, "StatementRef", ECOSYS_RULE_STATEMENT_REF_TYPE);
	return true;
}

static bool
read_context_actors(ecosys_statement_parser *parser, bool groups)
{
	const ecosys_shape *shape = groups ? &ecosys_shape_context_group : &ecosys_shape_context_agent;

	parser->facts.xapi_version = 2;
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		object_reading reading;

		if (!read_object(parser, shape, &reading))
			continue;
		if (groups)
			judge_type(parser, &reading, "contextGroup", ECOSYS_RULE_CONTEXT_GROUP_TYPE);
		else
			judge_type(parser, &reading, "contextAgent", ECOSYS_RULE_CONTEXT_AGENT_TYPE);
	}
	return !parser->reader.failed;
}

static bool
read_context_activities(ecosys_statement_parser *parser)
{
	object_reading reading;

	return read_object(parser, &ecosys_shape_context_activities, &reading);
}

static bool
read_context(ecosys_statement_parser *parser)
{
	statement_parts *parts = parser->parts;
	ecosys_statement_facts *facts = &parser->facts;
	object_reading reading;

	if (!read_object(parser, &ecosys_shape_context, &reading))
		return false;
	if (HAS(&reading, REVISION))
		parts->revision_at = VALUE(&reading, REVISION).offset;
	if (HAS(&reading, PLATFORM))
		parts->platform_at = VALUE(&reading, PLATFORM).offset;
	if (parser->in_substatement)
		return true;
	if (HAS(&reading, REVISION))
		facts->revision_value = VALUE(&reading, REVISION);
	if (HAS(&reading, PLATFORM))
		facts->platform_value = VALUE(&reading, PLATFORM);
	if (HAS(&reading, LANGUAGE))
		facts->language_value = VALUE(&reading, LANGUAGE);
	return true;
}


/* ---- statements and objects ---- */

static void
init_parts(statement_parts *parts)
{
	memset(parts, 0, sizeof(*parts));
	parts->revision_at = parts->platform_at = NOWHERE;
}

/* What needs both the context and the object, in whatever order they came. */
static void
judge_parts(ecosys_statement_parser *parser, const statement_parts *parts)
{
	if (!parts->object_known || parts->object_type == ECOSYS_OBJECT_ACTIVITY)
		return;
	if (parts->revision_at != NOWHERE)
		ecosys_parser_note(parser, parts->revision_at, ECOSYS_RULE_CONTEXT_REVISION);
	if (parts->platform_at != NOWHERE)
		ecosys_parser_note(parser, parts->platform_at, ECOSYS_RULE_CONTEXT_PLATFORM);
}

/* What kind of object was read; false (and noted) if its objectType is none. */
static bool
find_object_type(ecosys_statement_parser *parser, const object_reading *reading,
				 ecosys_object_type *type)
{
	static const char *const names[] = {
		[ECOSYS_OBJECT_ACTIVITY] = "Activity",
		[ECOSYS_OBJECT_AGENT] = "Agent",
		[ECOSYS_OBJECT_GROUP] = "Group",
		[ECOSYS_OBJECT_STATEMENT_REF] = "StatementRef",
		[ECOSYS_OBJECT_SUBSTATEMENT] = "SubStatement"
	};

	*type = ECOSYS_OBJECT_ACTIVITY;
	if (!HAS(reading, OBJECT_TYPE))
		return true;
	if (!GOOD(reading, OBJECT_TYPE))
		return false;
	for (int i = 0; i <= ECOSYS_OBJECT_SUBSTATEMENT; i++)
	{
		if (string_is(parser, VALUE(reading, OBJECT_TYPE), names[i]))
		{
			*type = (ecosys_object_type) i;
			return true;
		}
	}
	ecosys_parser_note(parser, VALUE(reading, OBJECT_TYPE).offset, ECOSYS_RULE_OBJECT_TYPE);
	return false;
}

/* The format of an id that was read before it was known what it identifies. */
static bool
judge_id(ecosys_statement_parser *parser, object_reading *reading, ecosys_format format,
		 ecosys_format_value *meaning)
{
	decoded		id;

	parser->bytes.n = 0;
	if (!GOOD(reading, ID) || !decode(parser, VALUE(reading, ID), &id))
		return false;
	if (ecosys_format_holds(format, id.bytes, id.length, meaning))
		return true;
	ecosys_parser_note(parser, VALUE(reading, ID).offset, ecosys_format_rule(format));
	reading->good &= ~ECOSYS_SET(ID);
	return false;
}

static void
read_statement_object(ecosys_statement_parser *parser)
{
	statement_parts *parts = parser->parts;
	const ecosys_shape *shape = parser->in_substatement ? &ecosys_shape_any_substatement_object :
		&ecosys_shape_any_object;
	object_reading reading;
	statement_parts own;
	size_t		index = begin_mention(parser, ECOSYS_ROLE_OBJECT);
	ecosys_format_value id;
	int64_t		keys[3];
	bool		whole;

	/* if it is a SubStatement, its parts are its own */
	init_parts(&own);
	parser->parts = &own;
	whole = read_object(parser, shape, &reading);
	parser->parts = parts;
	if (!whole)
		return;
	parts->object_known = find_object_type(parser, &reading, &parts->object_type);
	parts->object_at = reading.start;
	if (!parts->object_known)
		return;

	switch (parts->object_type)
	{
		case ECOSYS_OBJECT_ACTIVITY:
			judge_properties(parser, &reading, &ecosys_shape_activity);
			judge_id(parser, &reading, ECOSYS_FORMAT_IRI, &id);
			parts->object = note_activity(parser, &reading, index);
			break;
		case ECOSYS_OBJECT_AGENT:
		case ECOSYS_OBJECT_GROUP:
			judge_actor(parser, &reading, parts->object_type == ECOSYS_OBJECT_GROUP, index);
			if (!parser->reader.failed)
				parts->object = mention_at(parser, index)->key;
			break;
		case ECOSYS_OBJECT_STATEMENT_REF:
			judge_properties(parser, &reading, &ecosys_shape_statement_ref);
			remove_mention(parser, index);
			if (judge_id(parser, &reading, ECOSYS_FORMAT_UUID, &id))
			{
				memcpy(parts->object_statement_id, id.uuid, 16);
				parts->object = ecosys_hash_key(ECOSYS_KEY_STATEMENT, id.uuid, 16);
			}
			break;
		case ECOSYS_OBJECT_SUBSTATEMENT:
			remove_mention(parser, index);
			if (parser->in_substatement)
			{
				ecosys_parser_note(parser, VALUE(&reading, OBJECT_TYPE).offset,
								   ECOSYS_RULE_SUBSTATEMENT_NESTED);
				break;
			}
			judge_properties(parser, &reading, &ecosys_shape_substatement);
			judge_parts(parser, &own);
			keys[0] = own.actor;
			keys[1] = own.verb;
			keys[2] = own.object;
			parts->object = hash_keys(ECOSYS_KEY_SUBSTATEMENT, keys, 3);
			break;
	}
}

/* The role of the actors and activities in a property. */
static ecosys_mention_role
role_of(ecosys_property property)
{
	switch (property)
	{
		case ECOSYS_PROPERTY_AUTHORITY:
			return ECOSYS_ROLE_AUTHORITY;
		case ECOSYS_PROPERTY_INSTRUCTOR:
			return ECOSYS_ROLE_INSTRUCTOR;
		case ECOSYS_PROPERTY_TEAM:
			return ECOSYS_ROLE_TEAM;
		case ECOSYS_PROPERTY_AGENT:
			return ECOSYS_ROLE_CONTEXT_AGENT;
		case ECOSYS_PROPERTY_GROUP:
			return ECOSYS_ROLE_CONTEXT_GROUP;
		case ECOSYS_PROPERTY_PARENT:
			return ECOSYS_ROLE_PARENT;
		case ECOSYS_PROPERTY_GROUPING:
			return ECOSYS_ROLE_GROUPING;
		case ECOSYS_PROPERTY_CATEGORY:
			return ECOSYS_ROLE_CATEGORY;
		case ECOSYS_PROPERTY_OTHER:
			return ECOSYS_ROLE_OTHER;
		default:
			return ECOSYS_ROLE_ACTOR;
	}
}

/* Read the value of a member of the object being read. */
static void
read_value(ecosys_statement_parser *parser, object_reading *reading, ecosys_property property)
{
	ecosys_format format = (ecosys_format) ecosys_properties[property].format;
	bool		was_in_substatement = parser->in_substatement;
	bool		good = true;
	int64_t		key;
	size_t		n;

	if (format == ECOSYS_FORMAT_ID)
		format = reading->shape->id_format;
	else if (format == ECOSYS_FORMAT_NAME)
		format = reading->shape->name_format;

	/* of the objects an object may be, only a SubStatement has such properties */
	if (reading->shape == &ecosys_shape_any_object &&
		(ecosys_shape_substatement.allowed & ~ECOSYS_SET(OBJECT_TYPE) & UINT64_C(1) << property))
		parser->in_substatement = true;

	switch (format)
	{
		case ECOSYS_FORMAT_STRING:
		case ECOSYS_FORMAT_UUID:
		case ECOSYS_FORMAT_IRI:
		case ECOSYS_FORMAT_IRL:
		case ECOSYS_FORMAT_URI:
		case ECOSYS_FORMAT_MBOX:
		case ECOSYS_FORMAT_SHA1:
		case ECOSYS_FORMAT_SHA2:
		case ECOSYS_FORMAT_TIMESTAMP:
		case ECOSYS_FORMAT_DURATION:
		case ECOSYS_FORMAT_LANGUAGE_TAG:
		case ECOSYS_FORMAT_MEDIA_TYPE:
		case ECOSYS_FORMAT_VERSION:
		case ECOSYS_FORMAT_INTERACTION_TYPE:
			parser->bytes.n = 0;
			good = read_text(parser, property, format, &reading->value[property]);
			break;
		case ECOSYS_FORMAT_BOOLEAN:
			good = read_boolean(parser);
			break;
		case ECOSYS_FORMAT_NUMBER:
			good = read_number(parser);
			break;
		case ECOSYS_FORMAT_LENGTH:
			good = read_length(parser);
			break;
		case ECOSYS_FORMAT_STRINGS:
			good = read_texts(parser, ECOSYS_FORMAT_STRING, &n);
			break;
		case ECOSYS_FORMAT_RELEVANT_TYPES:
			good = read_relevant_types(parser, reading->value[property].offset);
			break;
		case ECOSYS_FORMAT_LANGUAGE_MAP:
			good = read_language_map(parser);
			break;
		case ECOSYS_FORMAT_EXTENSIONS:
			good = read_extensions(parser);
			break;
		case ECOSYS_FORMAT_MEMBERS:
			good = read_members(parser, reading);
			break;
		case ECOSYS_FORMAT_COMPONENTS:
			good = read_components(parser);
			break;
		case ECOSYS_FORMAT_ACTIVITIES:
			good = read_activities(parser, role_of(property));
			break;
		case ECOSYS_FORMAT_CONTEXT_AGENTS:
			good = read_context_actors(parser, false);
			break;
		case ECOSYS_FORMAT_CONTEXT_GROUPS:
			good = read_context_actors(parser, true);
			break;
		case ECOSYS_FORMAT_ATTACHMENTS:
			good = read_attachments(parser);
			break;
		case ECOSYS_FORMAT_ACTOR:
			key = read_actor(parser, role_of(property));
			if (property == ECOSYS_PROPERTY_ACTOR)
				parser->parts->actor = key;
			else if (property == ECOSYS_PROPERTY_AUTHORITY)
				parser->parts->authority = key;
			break;
		case ECOSYS_FORMAT_ACCOUNT:
			good = read_account(parser);
			break;
		case ECOSYS_FORMAT_VERB:
			read_verb(parser);
			break;
		case ECOSYS_FORMAT_OBJECT:
			read_statement_object(parser);
			break;
		case ECOSYS_FORMAT_DEFINITION:
			good = read_definition(parser);
			break;
		case ECOSYS_FORMAT_RESULT:
			good = read_result(parser);
			break;
		case ECOSYS_FORMAT_SCORE:
			good = read_score(parser);
			break;
		case ECOSYS_FORMAT_CONTEXT:
			good = read_context(parser);
			break;
		case ECOSYS_FORMAT_CONTEXT_ACTIVITIES:
			good = read_context_activities(parser);
			break;
		case ECOSYS_FORMAT_STATEMENT_REF:
			good = read_statement_ref(parser);
			break;
		case ECOSYS_FORMAT_ID:
		case ECOSYS_FORMAT_NAME:
			break;				/* replaced above */
	}
	parser->in_substatement = was_in_substatement;
	if (good)
		reading->good |= UINT64_C(1) << property;
}


/* ---- whole texts ---- */

/* The sets of all activities and all identified actors mentioned. */
static void
take_related(ecosys_statement_parser *parser)
{
	ecosys_statement_facts *facts = &parser->facts;
	size_t		n = parser->mentions.n;
	int64_t    *activities;
	int64_t    *actors;

	parser->keys.n = parser->actor_keys.n = 0;
	/* the second half is for sorting */
	activities = ecosys_parser_reserve(parser, &parser->keys, sizeof(*activities), 2 * n);
	actors = ecosys_parser_reserve(parser, &parser->actor_keys, sizeof(*actors), 2 * n);
	if (activities == NULL || actors == NULL)
		return;
	for (size_t i = 0; i < n; i++)
	{
		const ecosys_mention *mention = mention_at(parser, i);

		if (mention->kind == ECOSYS_MENTION_ACTIVITY)
			activities[facts->n_related_activities++] = mention->key;
		else if (mention->kind != ECOSYS_MENTION_VERB && mention->identifier.length > 0)
			actors[facts->n_related_actors++] = mention->key;
	}
	facts->related_activities = activities;
	facts->n_related_activities = (uint32_t)
		ecosys_parser_sort_keys(parser, activities, activities + n, facts->n_related_activities);
	facts->related_actors = actors;
	facts->n_related_actors = (uint32_t)
		ecosys_parser_sort_keys(parser, actors, actors + n, facts->n_related_actors);
	facts->mentions = parser->mentions.items;
	facts->n_mentions = (uint32_t) n;
}

/*
 * The set of those who act or are acted upon. Members follow their group among
 * the mentions.
 */
static void
take_parties(ecosys_statement_parser *parser)
{
	ecosys_statement_facts *facts = &parser->facts;
	size_t		n = parser->mentions.n;
	bool		of_party = false;	/* the last agent or group that is nobody's member */
	uint32_t	n_parties = 0;
	int64_t    *parties;

	parser->party_keys.n = 0;
	parties = ecosys_parser_reserve(parser, &parser->party_keys, sizeof(*parties), 2 * n);
	if (parties == NULL)
		return;
	for (size_t i = 0; i < n; i++)
	{
		const ecosys_mention *mention = mention_at(parser, i);

		if (mention->kind != ECOSYS_MENTION_AGENT && mention->kind != ECOSYS_MENTION_GROUP)
			continue;
		if (mention->role != ECOSYS_ROLE_MEMBER)
			of_party = !mention->in_substatement &&
				(mention->role == ECOSYS_ROLE_ACTOR || mention->role == ECOSYS_ROLE_OBJECT);
		if (of_party && mention->identifier.length > 0)
			parties[n_parties++] = mention->key;
	}
	n_parties = (uint32_t) ecosys_parser_sort_keys(parser, parties, parties + n, n_parties);
	if (n_parties == 1 && parties[0] == facts->actor)
		n_parties = 0;
	facts->parties = parties;
	facts->n_parties = n_parties;
}

static void
take_facts(ecosys_statement_parser *parser, const object_reading *reading,
		   const statement_parts *parts)
{
	ecosys_statement_facts *facts = &parser->facts;
	decoded		id;

	if (HAS(reading, ID))
	{
		facts->id_value = VALUE(reading, ID);
		parser->bytes.n = 0;
		facts->has_id = decode(parser, facts->id_value, &id) &&
			ecosys_uuid_parse(id.bytes, id.length, facts->id);
	}
	facts->actor = parts->actor;
	facts->verb = parts->verb;
	facts->object = parts->object;
	facts->object_type = parts->object_type;
	memcpy(facts->object_statement_id, parts->object_statement_id, 16);
	facts->is_voiding = parts->is_voided;
	facts->has_authority = HAS(reading, AUTHORITY);
	facts->authority = parts->authority;

	facts->actor_value = VALUE(reading, ACTOR);
	facts->verb_value = VALUE(reading, VERB);
	facts->object_value = VALUE(reading, OBJECT);
	if (HAS(reading, TIMESTAMP))
		facts->timestamp_value = VALUE(reading, TIMESTAMP);
	if (HAS(reading, STORED))
		facts->stored_value = VALUE(reading, STORED);
	if (HAS(reading, VERSION))
		facts->version_value = VALUE(reading, VERSION);
	if (HAS(reading, AUTHORITY))
		facts->authority_value = VALUE(reading, AUTHORITY);
	if (HAS(reading, RESULT))
		facts->result_value = VALUE(reading, RESULT);
	if (HAS(reading, CONTEXT))
		facts->context_value = VALUE(reading, CONTEXT);
	if (HAS(reading, ATTACHMENTS))
		facts->attachments_value = VALUE(reading, ATTACHMENTS);
	take_related(parser);
	take_parties(parser);
}

static void
read_statement(ecosys_statement_parser *parser, const char *text, size_t length)
{
	object_reading reading;
	statement_parts parts;

	ecosys_parser_begin(parser, text, length);
	init_parts(&parts);
	parser->parts = &parts;
	if (read_object(parser, &ecosys_shape_statement, &reading))
	{
		judge_parts(parser, &parts);
		if (parts.is_voided && parts.object_known && parts.object_type != ECOSYS_OBJECT_STATEMENT_REF)
			ecosys_parser_note(parser, parts.object_at, ECOSYS_RULE_VOIDING_OBJECT);
	}
	parser->parts = NULL;
	ecosys_json_close(&parser->reader);
	if (ecosys_parser_is_sound(parser))
		take_facts(parser, &reading, &parts);
}

static bool
keep_fault(void *arg, const ecosys_fault *fault)
{
	*(ecosys_fault *) arg = *fault;
	return true;
}

bool
ecosys_statement_parse(ecosys_statement_parser *parser, const char *text, size_t length,
					   ecosys_statement_facts *facts, ecosys_fault *fault)
{
	read_statement(parser, text, length);
	if (!ecosys_parser_is_sound(parser))
	{
		ecosys_parser_deliver(parser, true, keep_fault, fault);
		return false;
	}
	*facts = parser->facts;
	return true;
}

size_t
ecosys_statement_check(ecosys_statement_parser *parser, const char *text, size_t length,
					   ecosys_fault_sink sink, void *arg)
{
	read_statement(parser, text, length);
	return ecosys_parser_is_sound(parser) ? 0 : ecosys_parser_deliver(parser, false, sink, arg);
}

/* A mail address instead of an object. It is no JSON, so the reader has nothing to do with it. */
static bool
read_bare_mbox(ecosys_statement_parser *parser, const char *text, size_t length)
{
	size_t		index;
	ecosys_mention *mention;

	ecosys_parser_begin(parser, text, 0);
	index = begin_mention(parser, ECOSYS_ROLE_ACTOR);
	if (parser->reader.failed)
		return false;
	if (length > ECOSYS_JSON_MAX_LENGTH)
		return ecosys_json_fail(&parser->reader, ECOSYS_FAULT_SIZE, text, "the text is longer than 1 GB");
	for (const char *at = text; at < text + length;)
	{
		size_t		n = ecosys_utf8_length(at, text + length);

		if (n == 0 || *at == '\0')
			return ecosys_json_fail(&parser->reader, ECOSYS_FAULT_ENCODING, at,
									"the text is not valid UTF-8");
		at += n;
	}
	if (!ecosys_mbox_valid(text, length))
	{
		ecosys_parser_note(parser, 0, ECOSYS_RULE_FORMAT_MBOX);
		return false;
	}
	mention = mention_at(parser, index);
	mention->kind = ECOSYS_MENTION_AGENT;
	mention->key = ecosys_actor_key_mbox(text, length);
	mention->object.length = mention->identifier.length = (uint32_t) length;
	return true;
}

bool
ecosys_actor_parse(ecosys_statement_parser *parser, const char *text, size_t length, bool bare_iri,
				   ecosys_mention *mention, ecosys_fault *fault)
{
	if (bare_iri && length >= 7 && memcmp(text, "mailto:", 7) == 0)
		read_bare_mbox(parser, text, length);
	else
	{
		ecosys_parser_begin(parser, text, length);
		read_actor(parser, ECOSYS_ROLE_ACTOR);
		ecosys_json_close(&parser->reader);
	}
	if (!ecosys_parser_is_sound(parser))
	{
		ecosys_parser_deliver(parser, true, keep_fault, fault);
		return false;
	}
	*mention = *mention_at(parser, 0);
	return true;
}
