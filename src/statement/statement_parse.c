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
 * is only when the text turns out not to be JSON that everything ends. Faults
 * are noted as rule and place, sorted at the end (an object's own faults are
 * known only at its end, but belong to its beginning), and given their
 * pointers in one more pass.
 */
#include "statement/statement_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor_key.h"
#include "base/hash_key.h"
#include "base/iri.h"
#include "base/hex.h"
#include "base/json_pointer.h"
#include "base/language_tag.h"
#include "base/media_type.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "statement/statement_rule.h"
#include "statement/statement_schema.h"

#define VOIDED "http://adlnet.gov/expapi/verbs/voided"

/* Faults noted in one text; a text with more is told of the first thousand found. */
#define MAX_FAULTS 1000

/* Arrays larger than this are not kept for the next text. */
#define MAX_KEPT_BYTES (1024 * 1024)

#define NOWHERE UINT32_MAX

/* An array that grows. */
typedef struct array
{
	void	   *items;
	size_t		allocated;		/* bytes */
	size_t		n;				/* items */
} array;

/* A broken rule at a place. */
typedef struct noted_fault
{
	uint32_t	offset;			/* of the value, or of the key */
	uint16_t	rule;			/* an ecosys_statement_rule */
	uint32_t	order;			/* in which it was noted */
	const char *detail;			/* a word for the rule's message, or NULL */
} noted_fault;

/* A key or id that must be distinct in its object or list. */
typedef struct name
{
	const char *string;			/* with quotes */
	uint32_t	length;
	bool		escaped;
} name;

struct ecosys_statement_parser
{
	void	   *(*allocate) (size_t);
	void		(*release) (void *);
	void		(*progress) (void);

	ecosys_json_reader reader;
	const char *text;
	ecosys_statement_facts facts;
	bool		in_substatement;

	array		faults;			/* of noted_fault */
	array		mentions;		/* of ecosys_mention */
	array		names;			/* of name: a stack */
	array		keys;			/* of int64_t: of a group's members, then related activities */
	array		actor_keys;		/* of int64_t: related actors */
	array		bytes;			/* decoded strings */
};

/* What a statement or SubStatement is made of, for rules and keys that need several parts. */
typedef struct statement_parts
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
	statement_parts *parts;		/* of the statement it belongs to, or is */
	uint32_t	start;
	uint32_t	end;
	ecosys_property_set seen;
	ecosys_property_set good;	/* of the seen: those of the right format */
	ecosys_span value[ECOSYS_N_PROPERTIES];
	size_t		first_mention;	/* those made inside it start here */
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

static void read_value(ecosys_statement_parser *parser, object_reading *reading, ecosys_property property);


/* ---- memory ---- */

/* Room for `more` items of a size behind the present ones; NULL ends the reading. */
static void *
reserve(ecosys_statement_parser *parser, array *a, size_t size, size_t more)
{
	size_t		used = a->n * size;
	size_t		needed = used + more * size;	/* counts are bounded by the text's length */
	size_t		target;
	void	   *items;

	if (needed <= a->allocated)
		return (char *) a->items + used;
	if (needed > ECOSYS_JSON_MAX_LENGTH)
	{
		ecosys_json_fail(&parser->reader, ECOSYS_FAULT_SIZE, parser->reader.at, "the text has too many parts");
		return NULL;
	}
	target = a->allocated * 2 > needed ? a->allocated * 2 : needed;
	if (target < 1024)
		target = 1024;
	if (target > ECOSYS_JSON_MAX_LENGTH)
		target = ECOSYS_JSON_MAX_LENGTH;
	items = parser->allocate(target);
	if (items == NULL)
	{
		ecosys_json_fail(&parser->reader, ECOSYS_FAULT_MEMORY, parser->reader.at, "out of memory");
		return NULL;
	}
	if (a->items)
	{
		memcpy(items, a->items, used);
		parser->release(a->items);
	}
	a->items = items;
	a->allocated = target;
	return (char *) items + used;
}

static void
drop(ecosys_statement_parser *parser, array *a)
{
	void	   *items = a->items;

	a->items = NULL;
	a->allocated = 0;
	a->n = 0;
	if (items)
		parser->release(items);
}

/* Empty for the next text. */
static void
clear(ecosys_statement_parser *parser, array *a)
{
	a->n = 0;
	if (a->allocated > MAX_KEPT_BYTES)
		drop(parser, a);
}

ecosys_statement_parser *
ecosys_statement_parser_create(void *(*allocate) (size_t), void (*release) (void *))
{
	ecosys_statement_parser *parser = allocate(sizeof(*parser));

	if (parser)
	{
		memset(parser, 0, sizeof(*parser));
		parser->allocate = allocate;
		parser->release = release;
	}
	return parser;
}

void
ecosys_statement_parser_destroy(ecosys_statement_parser *parser)
{
	if (parser == NULL)
		return;
	drop(parser, &parser->faults);
	drop(parser, &parser->mentions);
	drop(parser, &parser->names);
	drop(parser, &parser->keys);
	drop(parser, &parser->actor_keys);
	drop(parser, &parser->bytes);
	parser->release(parser);
}

void
ecosys_statement_parser_on_progress(ecosys_statement_parser *parser, void (*progress) (void))
{
	parser->progress = progress;
}


/* ---- faults ---- */

static void
note_with(ecosys_statement_parser *parser, uint32_t offset, ecosys_statement_rule rule, const char *detail)
{
	noted_fault *fault;

	if (parser->faults.n >= MAX_FAULTS || parser->reader.failed)
		return;
	fault = reserve(parser, &parser->faults, sizeof(*fault), 1);
	if (fault == NULL)
		return;
	fault->offset = offset;
	fault->rule = (uint16_t) rule;
	fault->order = (uint32_t) parser->faults.n++;
	fault->detail = detail;
}

static void
note(ecosys_statement_parser *parser, uint32_t offset, ecosys_statement_rule rule)
{
	note_with(parser, offset, rule, NULL);
}

static int
compare_faults(const void *a, const void *b)
{
	const noted_fault *x = a;
	const noted_fault *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
describe_rule(const noted_fault *noted, ecosys_fault *fault)
{
	static const struct
	{
		const char *name;
		const char *message;
	}			rules[] = {
#define RULE(symbol, name, message) {name, message},
		ECOSYS_STATEMENT_RULES(RULE)
#undef RULE
	};
	const char *message = rules[noted->rule].message;
	const char *mark = strstr(message, "%s");

	fault->kind = ECOSYS_FAULT_RULE;
	fault->offset = noted->offset;
	snprintf(fault->rule, sizeof(fault->rule), "%s", rules[noted->rule].name);
	if (mark)
		snprintf(fault->message, sizeof(fault->message), "%.*s%s%s", (int) (mark - message), message,
				 noted->detail, mark + 2);
	else
		snprintf(fault->message, sizeof(fault->message), "%s", message);
}

static void
describe_text(const ecosys_json_reader *reader, ecosys_fault *fault)
{
	static const char *const rules[] = {
		[ECOSYS_FAULT_JSON] = "json.syntax",
		[ECOSYS_FAULT_ENCODING] = "json.encoding",
		[ECOSYS_FAULT_DEPTH] = "json.depth",
		[ECOSYS_FAULT_SIZE] = "json.size",
		[ECOSYS_FAULT_MEMORY] = "json.memory"
	};

	fault->kind = reader->fault_kind;
	fault->offset = (size_t) (reader->fault_at - reader->text);
	snprintf(fault->rule, sizeof(fault->rule), "%s", rules[reader->fault_kind]);
	snprintf(fault->message, sizeof(fault->message), "%s", reader->fault_message);
}

/*
 * Hand the faults over, in document order. What is no JSON breaks no rule, so
 * if only one is wanted, a fault of the text itself comes before all others.
 */
static size_t
deliver(ecosys_statement_parser *parser, bool only_one, ecosys_fault_sink sink, void *arg)
{
	const ecosys_json_reader *reader = &parser->reader;
	noted_fault *noted = parser->faults.items;
	size_t		n = only_one && reader->failed ? 0 : parser->faults.n;
	ecosys_json_pointer pointer;
	ecosys_fault fault;

	if (n > 1)
		qsort(noted, n, sizeof(*noted), compare_faults);
	ecosys_json_pointer_open(&pointer, reader->text, (size_t) (reader->end - reader->text));
	for (size_t i = 0; i < n; i++)
	{
		describe_rule(&noted[i], &fault);
		ecosys_json_pointer_to(&pointer, fault.offset, fault.pointer, sizeof(fault.pointer));
		if (!sink(arg, &fault) || only_one)
			return i + 1;
	}
	if (reader->failed)
	{
		describe_text(reader, &fault);
		ecosys_json_pointer_to(&pointer, fault.offset, fault.pointer, sizeof(fault.pointer));
		sink(arg, &fault);
		n++;
	}
	return n;
}


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
	copy = reserve(parser, &parser->bytes, 1, span.length);
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
		note(parser, position(parser), found == ECOSYS_JSON_NULL ? ECOSYS_RULE_VALUE_NULL : rule);
		ecosys_json_skip(&parser->reader, NULL);
	}
	return false;
}

static bool
is_version(decoded s)
{
	if (s.length < 3 || (s.bytes[0] != '1' && s.bytes[0] != '2') || s.bytes[1] != '.' || s.bytes[2] != '0')
		return false;
	if (s.length == 3)
		return true;
	if (s.length == 4 || s.bytes[3] != '.')
		return false;
	for (size_t i = 4; i < s.length; i++)
	{
		if (s.bytes[i] < '0' || s.bytes[i] > '9')
			return false;
	}
	return true;
}

static bool
is_interaction_type(decoded s)
{
	static const char *const types[] = {
		"true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing",
		"likert", "numeric", "other"
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
	{
		if (strlen(types[i]) == s.length && memcmp(types[i], s.bytes, s.length) == 0)
			return true;
	}
	return false;
}

/* Does a decoded string have the format? Some leave what they mean in the facts. */
static bool
has_format(ecosys_statement_parser *parser, ecosys_property property, ecosys_format format, decoded s,
		   ecosys_statement_rule *rule)
{
	ecosys_statement_facts *facts = &parser->facts;
	bool		top = !parser->in_substatement;
	int64_t		timestamp;
	uint8_t		uuid[16];
	ecosys_duration duration;

	switch (format)
	{
		case ECOSYS_FORMAT_UUID:
			*rule = ECOSYS_RULE_FORMAT_UUID;
			if (!ecosys_uuid_parse(s.bytes, s.length, uuid))
				return false;
			if (top && property == ECOSYS_PROPERTY_REGISTRATION)
			{
				facts->has_registration = true;
				memcpy(facts->registration, uuid, sizeof(uuid));
			}
			return true;
		case ECOSYS_FORMAT_IRI:
			*rule = ECOSYS_RULE_FORMAT_IRI;
			return ecosys_iri_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_IRL:
			*rule = ECOSYS_RULE_FORMAT_IRL;
			return ecosys_iri_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_URI:
			*rule = ECOSYS_RULE_FORMAT_URI;
			return ecosys_uri_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_MBOX:
			*rule = ECOSYS_RULE_FORMAT_MBOX;
			return ecosys_mbox_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_SHA1:
			*rule = ECOSYS_RULE_FORMAT_SHA1;
			return s.length == 40 && ecosys_is_hex(s.bytes, s.length);
		case ECOSYS_FORMAT_SHA2:
			*rule = ECOSYS_RULE_FORMAT_SHA2;
			return s.length >= 56 && s.length <= 128 && ecosys_is_hex(s.bytes, s.length);
		case ECOSYS_FORMAT_TIMESTAMP:
			*rule = ECOSYS_RULE_FORMAT_TIMESTAMP;
			if (!ecosys_timestamp_parse(s.bytes, s.length, &timestamp))
				return false;
			if (top && property == ECOSYS_PROPERTY_TIMESTAMP)
			{
				facts->has_timestamp = true;
				facts->timestamp = timestamp;
			}
			else if (top)
			{
				facts->has_stored = true;
				facts->stored = timestamp;
			}
			return true;
		case ECOSYS_FORMAT_DURATION:
			*rule = ECOSYS_RULE_FORMAT_DURATION;
			if (!ecosys_duration_parse(s.bytes, s.length, &duration))
				return false;
			if (top)
				facts->duration = duration;
			return true;
		case ECOSYS_FORMAT_LANGUAGE_TAG:
			*rule = ECOSYS_RULE_FORMAT_LANGUAGE_TAG;
			return ecosys_language_tag_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_MEDIA_TYPE:
			*rule = ECOSYS_RULE_FORMAT_MEDIA_TYPE;
			return ecosys_media_type_valid(s.bytes, s.length);
		case ECOSYS_FORMAT_VERSION:
			*rule = ECOSYS_RULE_STATEMENT_VERSION;
			if (!is_version(s))
				return false;
			if (s.bytes[0] == '2')
				facts->xapi_version = 2;
			return true;
		case ECOSYS_FORMAT_INTERACTION_TYPE:
			*rule = ECOSYS_RULE_INTERACTION_TYPE;
			return is_interaction_type(s);
		default:
			return true;
	}
}

/* A string value of a property; false if it is none or not of the format. */
static bool
read_text(ecosys_statement_parser *parser, ecosys_property property, ecosys_format format, ecosys_span *value)
{
	ecosys_json_string string;
	ecosys_statement_rule rule;
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
	if (has_format(parser, property, format, s, &rule))
		return true;
	note(parser, string.span.offset, rule);
	return false;
}


/* ---- sets of names ---- */

static void
push_name(ecosys_statement_parser *parser, ecosys_json_string string)
{
	name	   *n = reserve(parser, &parser->names, sizeof(*n), 1);

	if (n == NULL)
		return;
	n->string = parser->text + string.span.offset;
	n->length = string.span.length;
	n->escaped = string.escaped;
	parser->names.n++;
}

static bool
same_name(const name *a, const name *b)
{
	if (!a->escaped && !b->escaped)
		return a->length == b->length && memcmp(a->string, b->string, a->length) == 0;
	return ecosys_json_compare_strings(a->string, a->length, b->string, b->length) == 0;
}

static int
compare_names(const void *a, const void *b)
{
	const name *x = a;
	const name *y = b;
	int			order = ecosys_json_compare_strings(x->string, x->length, y->string, y->length);

	if (order != 0)
		return order;
	return x->string < y->string ? -1 : x->string > y->string;
}

/* The names pushed since there were `base` are distinct, or it is noted; then they are gone. */
static void
pop_distinct_names(ecosys_statement_parser *parser, size_t base, ecosys_statement_rule rule)
{
	size_t		n = parser->names.n - base;
	name	   *names = (name *) parser->names.items + base;

	if (parser->reader.failed || n < 2)
		;
	else if (n <= 8)
	{
		for (size_t i = 1; i < n; i++)
		{
			size_t		j = 0;

			while (j < i && !same_name(&names[i], &names[j]))
				j++;
			if (j < i)
				note(parser, (uint32_t) (names[i].string - parser->text), rule);
		}
	}
	else
	{
		/* sorting by content, not by a hash: nobody can prepare a slow case */
		qsort(names, n, sizeof(*names), compare_names);
		for (size_t i = 1; i < n; i++)
		{
			if (same_name(&names[i], &names[i - 1]))
				note(parser, (uint32_t) (names[i].string - parser->text), rule);
		}
	}
	parser->names.n = base;
}


/* ---- objects in general ---- */

/* Note the properties that the kind of object does not have, and those it misses. */
static void
judge_properties(ecosys_statement_parser *parser, const object_reading *reading, const ecosys_shape *shape)
{
	ecosys_property_set unknown = reading->seen & reading->shape->allowed & ~shape->allowed;
	ecosys_property_set missing = shape->required & ~reading->seen;

	for (; unknown != 0; unknown &= unknown - 1)
		note_with(parser, reading->value[__builtin_ctzll(unknown)].offset, ECOSYS_RULE_PROPERTY_UNKNOWN, shape->name);
	for (; missing != 0; missing &= missing - 1)
		note_with(parser, reading->start, ECOSYS_RULE_PROPERTY_REQUIRED,
				  ecosys_properties[__builtin_ctzll(missing)].name);
}

/*
 * Read an object by its shape. False if there is none or the text ended in a
 * fault; with broken rules inside it is true, and the caller goes on judging.
 */
static bool
read_object(ecosys_statement_parser *parser, const ecosys_shape *shape, statement_parts *parts,
			object_reading *reading)
{
	ecosys_json_string key;

	if (!expect(parser, ECOSYS_JSON_OBJECT, ECOSYS_RULE_VALUE_OBJECT))
		return false;
	reading->shape = shape;
	reading->parts = parts;
	reading->start = position(parser);
	reading->seen = 0;
	reading->good = 0;
	reading->first_mention = parser->mentions.n;
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
			note_with(parser, key.span.offset, ECOSYS_RULE_PROPERTY_UNKNOWN, shape->name);
			ecosys_json_skip(&parser->reader, NULL);
		}
		else if (reading->seen & bit)
		{
			note(parser, key.span.offset, ECOSYS_RULE_PROPERTY_DUPLICATE);
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
		note(parser, VALUE(reading, OBJECT_TYPE).offset, rule);
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
	ecosys_mention *mention = reserve(parser, &parser->mentions, sizeof(*mention), 1);

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

static int
compare_keys(const void *a, const void *b)
{
	int64_t		x = *(const int64_t *) a;
	int64_t		y = *(const int64_t *) b;

	return x < y ? -1 : x > y;
}

static size_t
sort_distinct(int64_t *keys, size_t n)
{
	size_t		kept = 0;

	if (n < 2)
		return n;
	if (n <= 16)
	{
		for (size_t i = 1; i < n; i++)
		{
			int64_t		key = keys[i];
			size_t		j = i;

			for (; j > 0 && keys[j - 1] > key; j--)
				keys[j] = keys[j - 1];
			keys[j] = key;
		}
	}
	else
		qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < n; i++)
	{
		if (i == 0 || keys[i] != keys[kept - 1])
			keys[kept++] = keys[i];
	}
	return kept;
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
		if (reserve(parser, &parser->bytes, 1, (size_t) home_page_span.length + name_span.length) == NULL ||
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
	keys = reserve(parser, &parser->keys, sizeof(*keys), end - first);
	if (keys == NULL)
		return 0;
	for (size_t i = first; i < end; i++)
		keys[n++] = mention_at(parser, i)->key;
	return hash_keys(ECOSYS_KEY_ANONYMOUS_GROUP, keys, sort_distinct(keys, n));
}

/* Judge an object that was read as an Agent or Group, and fill its mention. */
static void
judge_actor(ecosys_statement_parser *parser, const object_reading *reading, bool is_group, size_t index)
{
	ecosys_mention *mention;
	ecosys_span identifier = {0, 0};
	int			n_ifis = __builtin_popcountll(reading->seen & ECOSYS_IFI_SET);
	int64_t		key = 0;

	judge_properties(parser, reading, is_group ? &ecosys_shape_group : &ecosys_shape_agent);
	if (!is_group && n_ifis != 1)
		note(parser, reading->start, ECOSYS_RULE_AGENT_IFI);
	if (is_group && n_ifis > 1)
		note(parser, reading->start, ECOSYS_RULE_GROUP_IFI);
	if (is_group && n_ifis == 0 && (!HAS(reading, MEMBER) || (GOOD(reading, MEMBER) && reading->n_members == 0)))
		note(parser, reading->start, ECOSYS_RULE_GROUP_MEMBER);

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
judge_role(ecosys_statement_parser *parser, const object_reading *reading, ecosys_mention_role role, bool is_group)
{
	uint32_t	at = HAS(reading, OBJECT_TYPE) ? VALUE(reading, OBJECT_TYPE).offset : reading->start;

	switch (role)
	{
		case ECOSYS_ROLE_MEMBER:
		case ECOSYS_ROLE_CONTEXT_AGENT:
			if (is_group)
				note(parser, at, ECOSYS_RULE_AGENT_TYPE);
			break;
		case ECOSYS_ROLE_TEAM:
		case ECOSYS_ROLE_CONTEXT_GROUP:
			if (!is_group)
				note(parser, at, ECOSYS_RULE_GROUP_TYPE);
			break;
		case ECOSYS_ROLE_AUTHORITY:
			if (is_group && ((reading->seen & ECOSYS_IFI_SET) || (GOOD(reading, MEMBER) && reading->n_members != 2)))
				note(parser, reading->start, ECOSYS_RULE_AUTHORITY_GROUP);
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

	if (!read_object(parser, &ecosys_shape_any_actor, NULL, &reading))
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

	return read_object(parser, &ecosys_shape_account, NULL, &reading) &&
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
read_verb(ecosys_statement_parser *parser, statement_parts *parts)
{
	object_reading reading;
	size_t		index = begin_mention(parser, ECOSYS_ROLE_VERB);
	ecosys_mention *mention;

	if (!read_object(parser, &ecosys_shape_verb, parts, &reading))
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

	if (!read_object(parser, &ecosys_shape_activity, NULL, &reading))
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

	if (!read_object(parser, &ecosys_shape_definition, NULL, &reading))
		return false;
	if ((reading.seen & ECOSYS_INTERACTION_SET) && !HAS(&reading, INTERACTION_TYPE))
		note(parser, reading.start, ECOSYS_RULE_INTERACTION_REQUIRED);
	return true;
}

static bool
read_components(ecosys_statement_parser *parser)
{
	size_t		base = parser->names.n;

	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		object_reading reading;

		if (read_object(parser, &ecosys_shape_component, NULL, &reading) && GOOD(&reading, ID))
		{
			ecosys_json_string id = {VALUE(&reading, ID), true};

			push_name(parser, id);
		}
	}
	pop_distinct_names(parser, base, ECOSYS_RULE_COMPONENT_DISTINCT);
	return !parser->reader.failed;
}


/* ---- maps and lists ---- */

static bool
read_language_map(ecosys_statement_parser *parser)
{
	size_t		base = parser->names.n;
	ecosys_json_string key;
	ecosys_span value;
	ecosys_statement_rule rule;
	decoded		s;

	if (!expect(parser, ECOSYS_JSON_OBJECT, ECOSYS_RULE_VALUE_OBJECT) ||
		!ecosys_json_enter_object(&parser->reader))
		return false;
	while (ecosys_json_next_member(&parser->reader, &key))
	{
		parser->bytes.n = 0;
		if (!decode(parser, key.span, &s))
			break;
		if (!has_format(parser, ECOSYS_N_PROPERTIES, ECOSYS_FORMAT_LANGUAGE_TAG, s, &rule))
			note(parser, key.span.offset, rule);
		push_name(parser, key);
		read_text(parser, ECOSYS_N_PROPERTIES, ECOSYS_FORMAT_STRING, &value);
	}
	pop_distinct_names(parser, base, ECOSYS_RULE_PROPERTY_DUPLICATE);
	return !parser->reader.failed;
}

static bool
read_extensions(ecosys_statement_parser *parser)
{
	size_t		base = parser->names.n;
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
			note(parser, key.span.offset, ECOSYS_RULE_FORMAT_IRI);
		push_name(parser, key);
		ecosys_json_skip(&parser->reader, NULL);
	}
	pop_distinct_names(parser, base, ECOSYS_RULE_PROPERTY_DUPLICATE);
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
		note(parser, at, ECOSYS_RULE_RELEVANT_TYPES_EMPTY);
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

		read_object(parser, &ecosys_shape_attachment, NULL, &reading);
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
	scratch = reserve(parser, &parser->bytes, 1, (size_t) span.length + 1);
	if (scratch == NULL)
		return false;
	if (ecosys_json_number_value(parser->text + span.offset, span.length, scratch, &value))
		return true;
	note(parser, span.offset, ECOSYS_RULE_SCORE_NUMBER);
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

	if (!read_object(parser, &ecosys_shape_score, NULL, &reading))
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
		note(parser, VALUE(&reading, SCALED).offset, ECOSYS_RULE_SCORE_SCALED);
	if (has_min && has_max && !(min < max))
		note(parser, reading.start, ECOSYS_RULE_SCORE_MIN_MAX);
	else if (has_raw && ((has_min && raw < min) || (has_max && raw > max)))
		note(parser, VALUE(&reading, RAW).offset, ECOSYS_RULE_SCORE_RAW);

	if (!parser->in_substatement)
	{
		facts->has_scaled = has_scaled;
		facts->scaled = scaled;
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

	if (!read_object(parser, &ecosys_shape_result, NULL, &reading))
		return false;
	if (parser->in_substatement)
		return true;
	facts->has_success = GOOD(&reading, SUCCESS);
	facts->success = facts->has_success && parser->text[VALUE(&reading, SUCCESS).offset] == 't';
	facts->has_completion = GOOD(&reading, COMPLETION);
	facts->completion = facts->has_completion && parser->text[VALUE(&reading, COMPLETION).offset] == 't';
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
			note(parser, span.offset, ECOSYS_RULE_ATTACHMENT_LENGTH);
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

	if (!read_object(parser, &ecosys_shape_statement_ref, NULL, &reading))
		return false;
	judge_type(parser, &reading, "StatementRef", ECOSYS_RULE_STATEMENT_REF_TYPE);
	return true;
}

static bool
read_context_actors(ecosys_statement_parser *parser, bool groups)
{
	parser->facts.xapi_version = 2;
	if (!expect(parser, ECOSYS_JSON_ARRAY, ECOSYS_RULE_VALUE_ARRAY) ||
		!ecosys_json_enter_array(&parser->reader))
		return false;
	while (ecosys_json_next_element(&parser->reader))
	{
		object_reading reading;

		if (!read_object(parser, groups ? &ecosys_shape_context_group : &ecosys_shape_context_agent, NULL, &reading))
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

	return read_object(parser, &ecosys_shape_context_activities, NULL, &reading);
}

static bool
read_context(ecosys_statement_parser *parser, statement_parts *parts)
{
	ecosys_statement_facts *facts = &parser->facts;
	object_reading reading;

	if (!read_object(parser, &ecosys_shape_context, parts, &reading))
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
		note(parser, parts->revision_at, ECOSYS_RULE_CONTEXT_REVISION);
	if (parts->platform_at != NOWHERE)
		note(parser, parts->platform_at, ECOSYS_RULE_CONTEXT_PLATFORM);
}

/* What kind of object was read; false (and noted) if its objectType is none. */
static bool
find_object_type(ecosys_statement_parser *parser, const object_reading *reading, ecosys_object_type *type)
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
	note(parser, VALUE(reading, OBJECT_TYPE).offset, ECOSYS_RULE_OBJECT_TYPE);
	return false;
}

/* The format of an id that was read before it was known what it identifies. */
static bool
judge_id(ecosys_statement_parser *parser, object_reading *reading, ecosys_format format, decoded *id)
{
	ecosys_statement_rule rule;

	parser->bytes.n = 0;
	if (!GOOD(reading, ID) || !decode(parser, VALUE(reading, ID), id))
		return false;
	if (has_format(parser, ECOSYS_PROPERTY_ID, format, *id, &rule))
		return true;
	note(parser, VALUE(reading, ID).offset, rule);
	reading->good &= ~ECOSYS_SET(ID);
	return false;
}

static void
read_statement_object(ecosys_statement_parser *parser, statement_parts *parts)
{
	const ecosys_shape *shape = parser->in_substatement ? &ecosys_shape_any_substatement_object :
		&ecosys_shape_any_object;
	object_reading reading;
	statement_parts own;
	size_t		index = begin_mention(parser, ECOSYS_ROLE_OBJECT);
	int64_t		keys[3];
	decoded		id;

	init_parts(&own);
	if (!read_object(parser, shape, &own, &reading))
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
			if (judge_id(parser, &reading, ECOSYS_FORMAT_UUID, &id) &&
				ecosys_uuid_parse(id.bytes, id.length, parts->object_statement_id))
				parts->object = ecosys_hash_key(ECOSYS_KEY_STATEMENT, parts->object_statement_id, 16);
			break;
		case ECOSYS_OBJECT_SUBSTATEMENT:
			remove_mention(parser, index);
			if (parser->in_substatement)
			{
				note(parser, VALUE(&reading, OBJECT_TYPE).offset, ECOSYS_RULE_SUBSTATEMENT_NESTED);
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
				reading->parts->actor = key;
			else if (property == ECOSYS_PROPERTY_AUTHORITY)
				reading->parts->authority = key;
			break;
		case ECOSYS_FORMAT_ACCOUNT:
			good = read_account(parser);
			break;
		case ECOSYS_FORMAT_VERB:
			read_verb(parser, reading->parts);
			break;
		case ECOSYS_FORMAT_OBJECT:
			read_statement_object(parser, reading->parts);
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
			good = read_context(parser, reading->parts);
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

static void
begin(ecosys_statement_parser *parser, const char *text, size_t length)
{
	ecosys_json_open(&parser->reader, text, length);
	parser->reader.progress = parser->progress;
	parser->text = text;
	memset(&parser->facts, 0, sizeof(parser->facts));
	parser->facts.xapi_version = 1;
	parser->in_substatement = false;
	clear(parser, &parser->faults);
	clear(parser, &parser->mentions);
	clear(parser, &parser->names);
	clear(parser, &parser->keys);
	clear(parser, &parser->actor_keys);
	clear(parser, &parser->bytes);
}

static bool
is_sound(const ecosys_statement_parser *parser)
{
	return !parser->reader.failed && parser->faults.n == 0;
}

/* The sets of all activities and all identified actors mentioned. */
static void
take_related(ecosys_statement_parser *parser)
{
	ecosys_statement_facts *facts = &parser->facts;
	size_t		n = parser->mentions.n;
	int64_t    *activities;
	int64_t    *actors;

	parser->keys.n = parser->actor_keys.n = 0;
	activities = reserve(parser, &parser->keys, sizeof(*activities), n);
	actors = reserve(parser, &parser->actor_keys, sizeof(*actors), n);
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
	facts->n_related_activities = (uint32_t) sort_distinct(activities, facts->n_related_activities);
	facts->n_related_actors = (uint32_t) sort_distinct(actors, facts->n_related_actors);
	facts->related_activities = activities;
	facts->related_actors = actors;
	facts->mentions = parser->mentions.items;
	facts->n_mentions = (uint32_t) n;
}

static void
take_facts(ecosys_statement_parser *parser, const object_reading *reading, const statement_parts *parts)
{
	ecosys_statement_facts *facts = &parser->facts;
	decoded		id;

	if (HAS(reading, ID))
	{
		facts->id_value = VALUE(reading, ID);
		parser->bytes.n = 0;
		facts->has_id = decode(parser, facts->id_value, &id) && ecosys_uuid_parse(id.bytes, id.length, facts->id);
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
}

static void
read_statement(ecosys_statement_parser *parser, const char *text, size_t length)
{
	object_reading reading;
	statement_parts parts;

	begin(parser, text, length);
	init_parts(&parts);
	if (read_object(parser, &ecosys_shape_statement, &parts, &reading))
	{
		judge_parts(parser, &parts);
		if (parts.is_voided && parts.object_known && parts.object_type != ECOSYS_OBJECT_STATEMENT_REF)
			note(parser, parts.object_at, ECOSYS_RULE_VOIDING_OBJECT);
	}
	ecosys_json_close(&parser->reader);
	if (is_sound(parser))
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
	if (!is_sound(parser))
	{
		deliver(parser, true, keep_fault, fault);
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
	return is_sound(parser) ? 0 : deliver(parser, false, sink, arg);
}

/* A mail address instead of an object. */
static bool
read_bare_mbox(ecosys_statement_parser *parser, const char *text, size_t length)
{
	size_t		index = begin_mention(parser, ECOSYS_ROLE_ACTOR);
	ecosys_mention *mention;

	if (parser->reader.failed)
		return false;
	for (const char *at = text; at < text + length;)
	{
		size_t		n = ecosys_utf8_length(at, text + length);

		if (n == 0 || *at == '\0')
			return ecosys_json_fail(&parser->reader, ECOSYS_FAULT_ENCODING, at, "the text is not valid UTF-8");
		at += n;
	}
	if (!ecosys_mbox_valid(text, length))
	{
		note(parser, 0, ECOSYS_RULE_FORMAT_MBOX);
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
	begin(parser, text, length);
	if (bare_iri && length >= 7 && memcmp(text, "mailto:", 7) == 0)
		read_bare_mbox(parser, text, length);
	else
	{
		read_actor(parser, ECOSYS_ROLE_ACTOR);
		ecosys_json_close(&parser->reader);
	}
	if (!is_sound(parser))
	{
		deliver(parser, true, keep_fault, fault);
		return false;
	}
	*mention = *mention_at(parser, 0);
	return true;
}
