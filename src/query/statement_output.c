/*
 * statement_output.c - see statement_output.h.
 *
 * A copier walks a text with a reader and remembers up to where it has copied.
 * What must look different is replaced: all before it is copied first. So the
 * output is made in few large pieces, and a part that nobody looks into costs
 * one skip.
 */
#include "query/statement_output.h"

#include <string.h>

#include "base/json_reader.h"
#include "base/timestamp.h"
#include "statement/statement.h"

typedef struct copier
{
	const ecosys_statement_output *output;
	ecosys_json_reader reader;
	const char *copied;			/* what stands before it is in the output */
} copier;

typedef bool (*writer) (const ecosys_statement_output *output, const char *text, size_t length);

bool
ecosys_output_format_read(const char *name, size_t length, ecosys_output_format *format)
{
	static const char *const names[] = {
		[ECOSYS_OUTPUT_EXACT] = "exact",
		[ECOSYS_OUTPUT_IDS] = "ids",
		[ECOSYS_OUTPUT_CANONICAL] = "canonical"
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
		{
			*format = (ecosys_output_format) i;
			return true;
		}
	}
	return false;
}

/* ---- copying ---- */

static void
put(const ecosys_statement_output *output, const char *text)
{
	output->append(output->append_arg, text, strlen(text));
}

static void
put_bytes(const ecosys_statement_output *output, const char *bytes, size_t length)
{
	if (length > 0)
		output->append(output->append_arg, bytes, length);
}

static void
copier_open(copier *c, const ecosys_statement_output *output, const char *text, size_t length)
{
	c->output = output;
	c->copied = text;
	ecosys_json_open(&c->reader, text, length);
}

/* Copy up to a place. */
static void
copy_to(copier *c, const char *place)
{
	put_bytes(c->output, c->copied, (size_t) (place - c->copied));
	c->copied = place;
}

/* Copy the rest; true if the text was what it should be. */
static bool
copier_close(copier *c)
{
	if (!ecosys_json_close(&c->reader))
		return false;
	copy_to(c, c->reader.end);
	return true;
}

/* Pass over a value; where it stands. */
static bool
skip(copier *c, const char **value, size_t *length)
{
	ecosys_span span;

	if (!ecosys_json_skip(&c->reader, &span))
		return false;
	*value = c->reader.text + span.offset;
	*length = span.length;
	return true;
}

/* Replace the value that comes next by what a writer makes of it. */
static bool
replace(copier *c, writer write)
{
	const char *value;
	size_t		length;

	if (!skip(c, &value, &length))
		return false;
	copy_to(c, value);
	c->copied = value + length;
	return write(c->output, value, length);
}

static bool
key_is(const copier *c, const ecosys_json_string *key, const char *name)
{
	const char *string = c->reader.text + key->span.offset;
	size_t		length = strlen(name);

	if (key->escaped)
		return ecosys_json_string_is(string, key->span.length, name);
	return key->span.length == length + 2 && memcmp(string + 1, name, length) == 0;
}

static bool
value_is(const char *text, ecosys_span value, const char *name)
{
	return value.length > 0 && text[value.offset] == '"' &&
		ecosys_json_string_is(text + value.offset, value.length, name);
}

/* Each element of an array, replaced. */
static bool
replace_elements(copier *c, writer write)
{
	if (!ecosys_json_enter_array(&c->reader))
		return false;
	while (ecosys_json_next_element(&c->reader))
	{
		if (!replace(c, write))
			return false;
	}
	return !c->reader.failed;
}

/* ---- times ---- */

/*
 * The time in a string, as it is printed; *length 0: as it is. The fraction is
 * kept digit by digit, however long.
 */
#define TIME_ROOM 128

static void
utc_time(const char *string, size_t string_length, bool escaped, char *printed, size_t *length)
{
	const ecosys_time_style whole = {0, ECOSYS_TIME_ZULU};
	char		decoded[TIME_ROOM];
	const char *time = string + 1;
	size_t		time_length = string_length - 2;
	const char *fraction;
	size_t		digits = 0;
	int64_t		microseconds;
	char		second[ECOSYS_TIME_SIZE];

	*length = 0;
	if (string_length > TIME_ROOM - 8)
		return;					/* a fraction nobody measures: as it came */
	if (escaped)
	{
		time_length = ecosys_json_decode(string, string_length, decoded);
		time = decoded;
	}
	if (time_length < 19)
		return;
	fraction = time + 19;
	if (time_length > 20 && *fraction == '.')
	{
		fraction++;
		while (digits < time_length - 20 && fraction[digits] >= '0' && fraction[digits] <= '9')
			digits++;
		if (!escaped && digits >= 3 && digits + 21 == time_length && fraction[digits] == 'Z' &&
			time[10] == 'T' && memcmp(time + 17, "60", 2) != 0)
			return;
	}
	if (!ecosys_timestamp_parse(time, time_length, &microseconds) || !ecosys_time_printable(microseconds, whole))
		return;
	(void) ecosys_time_print(microseconds, whole, second);
	/* "2026-11-24T15:04:05Z": the fraction goes before the Z */
	memcpy(printed, "\"", 1);
	memcpy(printed + 1, second, 19);
	printed[20] = '.';
	memcpy(printed + 21, fraction, digits);
	*length = 21 + digits;
	for (; digits < 3; digits++)
		printed[(*length)++] = '0';
	memcpy(printed + *length, "Z\"", 2);
	*length += 2;
}

static bool
replace_time(copier *c)
{
	ecosys_json_string string;
	char		printed[TIME_ROOM];
	size_t		length;
	const char *start;

	if (!ecosys_json_read_string(&c->reader, &string))
		return false;
	start = c->reader.text + string.span.offset;
	utc_time(start, string.span.length, string.escaped, printed, &length);
	if (length > 0)
	{
		copy_to(c, start);
		put_bytes(c->output, printed, length);
		c->copied = start + string.span.length;
	}
	return true;
}

/* How a member of an object is written anew: its value, or each element of it. */
typedef struct replacement
{
	const char *name;
	writer		write;
	bool		elements;
} replacement;

/* An object, its members as they came but for these; the last one has no name. */
static bool
rewrite_object(const ecosys_statement_output *output, const char *text, size_t length,
			   const replacement *replacements)
{
	copier		c;
	ecosys_json_string key;

	copier_open(&c, output, text, length);
	if (!ecosys_json_enter_object(&c.reader))
		return false;
	while (ecosys_json_next_member(&c.reader, &key))
	{
		const replacement *r = replacements;

		while (r->name != NULL && !key_is(&c, &key, r->name))
			r++;
		if (r->name == NULL ? !ecosys_json_skip(&c.reader, NULL) :
			r->elements ? !replace_elements(&c, r->write) : !replace(&c, r->write))
			return false;
	}
	return copier_close(&c);
}

/* ---- ids ---- */

static bool write_agent_ids(const ecosys_statement_output *output, const char *text, size_t length);

static bool
write_members_ids(const ecosys_statement_output *output, const char *text, size_t length)
{
	copier		c;

	copier_open(&c, output, text, length);
	return replace_elements(&c, write_agent_ids) && copier_close(&c);
}

/* An agent or a group: objectType if it is there, and the identifier; of an anonymous group, the members. */
static bool
write_agent_ids(const ecosys_statement_output *output, const char *text, size_t length)
{
	static const char *const identifiers[] = {"mbox", "mbox_sha1sum", "openid", "account"};
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	ecosys_span members = {0, 0};
	const char *identifier = NULL;
	ecosys_span identifier_value = {0, 0};
	ecosys_span type = {0, 0};

	ecosys_json_open(&reader, text, length);
	if (!ecosys_json_enter_object(&reader))
		return false;
	while (ecosys_json_next_member(&reader, &key))
	{
		const char *name = text + key.span.offset;

		if (!ecosys_json_skip(&reader, &value))
			return false;
		if (ecosys_json_string_is(name, key.span.length, "objectType"))
			type = value;
		else if (ecosys_json_string_is(name, key.span.length, "member"))
			members = value;
		for (int i = 0; i < 4; i++)
		{
			if (ecosys_json_string_is(name, key.span.length, identifiers[i]))
			{
				identifier = identifiers[i];
				identifier_value = value;
			}
		}
	}
	if (reader.failed)
		return false;
	put(output, "{");
	if (type.length > 0)
	{
		put(output, "\"objectType\":");
		put_bytes(output, text + type.offset, type.length);
	}
	if (identifier != NULL)
	{
		put(output, type.length > 0 ? ",\"" : "\"");
		put(output, identifier);
		put(output, "\":");
		put_bytes(output, text + identifier_value.offset, identifier_value.length);
	}
	else if (members.length > 0)
	{
		put(output, type.length > 0 ? ",\"member\":" : "\"member\":");
		if (!write_members_ids(output, text + members.offset, members.length))
			return false;
	}
	put(output, "}");
	return true;
}

/* An activity or a verb: its id alone. */
static bool
write_id(const ecosys_statement_output *output, const char *text, size_t length)
{
	ecosys_span id;

	if (!ecosys_json_find(text, length, "id", &id))
		return false;
	put(output, "{\"id\":");
	put_bytes(output, text + id.offset, id.length);
	put(output, "}");
	return true;
}

/* An element of contextAgents or contextGroups. */
static bool
write_context_agent_ids(const ecosys_statement_output *output, const char *text, size_t length)
{
	static const replacement replacements[] = {{"agent", write_agent_ids}, {"group", write_agent_ids}, {NULL}};

	return rewrite_object(output, text, length, replacements);
}

/* ---- canonical ---- */

/* A language map: the most welcome of its languages. */
static bool
write_language(const ecosys_statement_output *output, const char *text, size_t length)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	ecosys_span best = {0, 0};	/* key, value and what is between */
	uint32_t	best_welcome = 0;

	ecosys_json_open(&reader, text, length);
	if (!ecosys_json_enter_object(&reader))
		return false;
	while (ecosys_json_next_member(&reader, &key))
	{
		char		decoded[256];
		const char *tag = text + key.span.offset + 1;
		size_t		tag_length = key.span.length - 2;
		uint32_t	welcome;

		if (!ecosys_json_skip(&reader, &value))
			return false;
		if (key.escaped)
		{
			tag_length = tag_length < sizeof(decoded) - 2 ?
				ecosys_json_decode(text + key.span.offset, key.span.length, decoded) : 0;
			tag = decoded;
		}
		welcome = ecosys_language_welcome(output->languages, tag, tag_length);
		if (best.length == 0 || welcome > best_welcome)
		{
			best.offset = key.span.offset;
			best.length = value.offset + value.length - key.span.offset;
			best_welcome = welcome;
		}
	}
	if (reader.failed)
		return false;
	put(output, "{");
	put_bytes(output, text + best.offset, best.length);
	put(output, "}");
	return true;
}

/* A component of an interaction. */
static bool
write_component(const ecosys_statement_output *output, const char *text, size_t length)
{
	static const replacement replacements[] = {{"description", write_language}, {NULL}};

	return rewrite_object(output, text, length, replacements);
}

bool
ecosys_definition_output_write(const ecosys_statement_output *output, const char *text, size_t length)
{
	static const replacement replacements[] = {
		{"name", write_language}, {"description", write_language},
		{"choices", write_component, true}, {"scale", write_component, true}, {"source", write_component, true},
		{"target", write_component, true}, {"steps", write_component, true}, {NULL}
	};

	return rewrite_object(output, text, length, replacements);
}

bool
ecosys_display_output_write(const ecosys_statement_output *output, const char *text, size_t length)
{
	return write_language(output, text, length);
}

/* An activity or a verb with the description that is known, or with its own where none is. */
static bool
write_described(const ecosys_statement_output *output, const char *text, size_t length, bool is_verb)
{
	const char *name = is_verb ? "display" : "definition";
	writer		write = is_verb ? ecosys_display_output_write : ecosys_definition_output_write;
	copier		c;
	ecosys_json_string key;
	ecosys_span id;
	const char *known;
	size_t		known_length = 0;
	bool		written = false;

	if (!ecosys_json_find(text, length, "id", &id) || text[id.offset] != '"')
		return false;
	known = output->describe(output->describe_arg, is_verb, text + id.offset, id.length, &known_length);
	copier_open(&c, output, text, length);
	if (!ecosys_json_enter_object(&c.reader))
		return false;
	while (ecosys_json_next_member(&c.reader, &key))
	{
		const char *value;
		size_t		value_length;

		if (!skip(&c, &value, &value_length))
			return false;
		if (!key_is(&c, &key, name))
			continue;
		copy_to(&c, value);
		c.copied = value + value_length;
		written = true;
		if (!(known != NULL ? write(output, known, known_length) : write(output, value, value_length)))
			return false;
	}
	if (c.reader.failed)
		return false;
	if (!written && known != NULL)
	{
		copy_to(&c, c.reader.at - 1);
		put(output, ",\"");
		put(output, name);
		put(output, "\":");
		if (!write(output, known, known_length))
			return false;
	}
	return copier_close(&c);
}

/* ---- the parts of a statement ---- */

static bool
write_verb(const ecosys_statement_output *output, const char *text, size_t length)
{
	if (output->format == ECOSYS_OUTPUT_IDS)
		return write_id(output, text, length);
	return write_described(output, text, length, true);
}

static bool
write_activity(const ecosys_statement_output *output, const char *text, size_t length)
{
	if (output->format == ECOSYS_OUTPUT_IDS)
		return write_id(output, text, length);
	return write_described(output, text, length, false);
}

/* One of parent, grouping, category, other: an activity or an array of them. */
static bool
replace_context_activities(copier *c)
{
	bool		as_they_are = c->output->format == ECOSYS_OUTPUT_EXACT;
	const char *value;
	size_t		length;

	if (ecosys_json_peek(&c->reader) == ECOSYS_JSON_ARRAY)
		return as_they_are ? ecosys_json_skip(&c->reader, NULL) : replace_elements(c, write_activity);
	if (!skip(c, &value, &length))
		return false;
	copy_to(c, value);
	put(c->output, "[");
	if (as_they_are)
		put_bytes(c->output, value, length);
	else if (!write_activity(c->output, value, length))
		return false;
	put(c->output, "]");
	c->copied = value + length;
	return true;
}

static bool
walk_context(copier *c)
{
	bool		ids = c->output->format == ECOSYS_OUTPUT_IDS;
	ecosys_json_string key;

	if (!ecosys_json_enter_object(&c->reader))
		return false;
	while (ecosys_json_next_member(&c->reader, &key))
	{
		bool		done;

		if (key_is(c, &key, "contextActivities"))
		{
			done = ecosys_json_enter_object(&c->reader);
			while (done && ecosys_json_next_member(&c->reader, &key))
				done = replace_context_activities(c);
			done = done && !c->reader.failed;
		}
		else if (ids && (key_is(c, &key, "instructor") || key_is(c, &key, "team")))
			done = replace(c, write_agent_ids);
		else if (ids && (key_is(c, &key, "contextAgents") || key_is(c, &key, "contextGroups")))
			done = replace_elements(c, write_context_agent_ids);
		else
			done = ecosys_json_skip(&c->reader, NULL);
		if (!done)
			return false;
	}
	return !c->reader.failed;
}

static bool walk_statement(copier *c, bool is_substatement);

/* The object, by its type: what is missing is an activity. */
static bool
write_object(const ecosys_statement_output *output, const char *text, size_t length)
{
	ecosys_span type;
	copier		c;

	if (!ecosys_json_find(text, length, "objectType", &type) || value_is(text, type, "Activity"))
	{
		if (output->format != ECOSYS_OUTPUT_EXACT)
			return write_activity(output, text, length);
	}
	else if (value_is(text, type, "SubStatement"))
	{
		copier_open(&c, output, text, length);
		return walk_statement(&c, true) && copier_close(&c);
	}
	else if (output->format == ECOSYS_OUTPUT_IDS && (value_is(text, type, "Agent") || value_is(text, type, "Group")))
		return write_agent_ids(output, text, length);
	put_bytes(output, text, length);
	return true;
}

static bool
walk_statement(copier *c, bool is_substatement)
{
	bool		ids = c->output->format == ECOSYS_OUTPUT_IDS;
	bool		exact = c->output->format == ECOSYS_OUTPUT_EXACT;
	bool		has_version = is_substatement;
	ecosys_json_string key;

	if (!ecosys_json_enter_object(&c->reader))
		return false;
	while (ecosys_json_next_member(&c->reader, &key))
	{
		bool		done;

		if (key_is(c, &key, "context"))
			done = walk_context(c);
		else if (key_is(c, &key, "object"))
			done = replace(c, write_object);
		else if (!exact && key_is(c, &key, "verb"))
			done = replace(c, write_verb);
		else if (ids && (key_is(c, &key, "actor") || key_is(c, &key, "authority")))
			done = replace(c, write_agent_ids);
		else if (!is_substatement && (key_is(c, &key, "timestamp") || key_is(c, &key, "stored")))
			done = replace_time(c);
		else
		{
			has_version |= key_is(c, &key, "version");
			done = ecosys_json_skip(&c->reader, NULL);
		}
		if (!done)
			return false;
	}
	if (c->reader.failed)
		return false;
	if (!has_version)
	{
		copy_to(c, c->reader.at - 1);
		put(c->output, c->output->xapi_2 ? ",\"version\":\"2.0.0\"" : ",\"version\":\"1.0.0\"");
	}
	return true;
}

bool
ecosys_statement_output_write(const ecosys_statement_output *output, const char *text, size_t length)
{
	copier		c;

	copier_open(&c, output, text, length);
	return walk_statement(&c, false) && copier_close(&c);
}
