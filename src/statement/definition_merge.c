/*
 * definition_merge.c - what becomes of an activity's definition, or of a
 * verb's display, when a new statement brings another one.
 *
 * Language maps are merged tag by tag, new ones winning, also those of the
 * components of an interaction; of everything else the new one wins whole;
 * members that the new definition lacks stay. Values keep their spelling.
 */
#include "ecosys.h"

#include "base/json_reader.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"

typedef struct piece
{
	const char *at;
	size_t		length;
} piece;

typedef struct member
{
	piece		key;
	piece		value;
} member;

typedef enum merge_kind
{
	MERGE_DEFINITION,
	MERGE_LANGUAGE_MAP,
	MERGE_COMPONENT
} merge_kind;

static bool merge_objects(StringInfo out, piece old_object, piece new_object, merge_kind kind);

static bool
is_object(piece value)
{
	return value.length > 0 && value.at[0] == '{';
}

static bool
is_array(piece value)
{
	return value.length > 0 && value.at[0] == '[';
}

static bool
same_spelling(piece a, piece b)
{
	return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static bool
key_is(piece key, const char *name)
{
	return ecosys_json_string_is(key.at, key.length, name);
}

static int
compare_members(const void *a, const void *b)
{
	const member *x = a;
	const member *y = b;
	int			order = ecosys_json_compare_strings(x->key.at, x->key.length, y->key.at, y->key.length);

	/* of equal keys the first stays first */
	return order != 0 ? order : x->key.at < y->key.at ? -1 : x->key.at > y->key.at;
}

static int
compare_member_keys(const void *a, const void *b)
{
	const member *x = a;
	const member *y = b;

	return ecosys_json_compare_strings(x->key.at, x->key.length, y->key.at, y->key.length);
}

/* The members of an object, or the elements of an array (without keys). */
static member *
members_of(piece container, int *n)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	int			capacity = 16;
	member	   *members = palloc(capacity * sizeof(member));
	bool		object = is_object(container);

	*n = 0;
	ecosys_json_open(&reader, container.at, container.length);
	if (object)
		ecosys_json_enter_object(&reader);
	else
		ecosys_json_enter_array(&reader);
	while (object ? ecosys_json_next_member(&reader, &key) : ecosys_json_next_element(&reader))
	{
		if (!ecosys_json_skip(&reader, &value))
			break;
		if (*n == capacity)
		{
			capacity *= 2;
			members = repalloc(members, capacity * sizeof(member));
		}
		members[*n].key.at = object ? container.at + key.span.offset : NULL;
		members[*n].key.length = object ? key.span.length : 0;
		members[*n].value.at = container.at + value.offset;
		members[*n].value.length = value.length;
		(*n)++;
		CHECK_FOR_INTERRUPTS();
	}
	if (reader.failed)
		ereport(ERROR,
				(errcode(reader.fault_kind == ECOSYS_FAULT_DEPTH ? ERRCODE_STATEMENT_TOO_COMPLEX :
						 ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid definition: %s", reader.fault_message)));
	return members;
}

static member *
sorted_copy(const member *members, int n)
{
	member	   *sorted = palloc((n + 1) * sizeof(member));

	memcpy(sorted, members, n * sizeof(member));
	qsort(sorted, n, sizeof(member), compare_members);
	return sorted;
}

static const member *
find_key(const member *sorted, int n, piece key)
{
	member		wanted = {.key = key};

	return bsearch(&wanted, sorted, n, sizeof(member), compare_member_keys);
}

/* Components by their id: the new list, with old descriptions in languages that it lacks. */
static bool
merge_components(StringInfo out, piece old_list, piece new_list)
{
	int			n_old,
				n_new;
	member	   *old_items = members_of(old_list, &n_old);
	member	   *new_items = members_of(new_list, &n_new);
	bool		changed = n_old != n_new;

	/* make each old component's id its key; those without one cannot be found */
	for (int i = 0; i < n_old; i++)
	{
		ecosys_span id;

		old_items[i].key.at = "\"\"";
		old_items[i].key.length = 2;
		if (is_object(old_items[i].value) &&
			ecosys_json_find(old_items[i].value.at, old_items[i].value.length, "id", &id) &&
			old_items[i].value.at[id.offset] == '"')
		{
			old_items[i].key.at = old_items[i].value.at + id.offset;
			old_items[i].key.length = id.length;
		}
	}
	{
		member	   *sorted = sorted_copy(old_items, n_old);

		appendStringInfoChar(out, '[');
		for (int i = 0; i < n_new; i++)
		{
			const member *old_item = NULL;
			piece		value = new_items[i].value;
			ecosys_span id;

			if (i > 0)
				appendStringInfoChar(out, ',');
			if (is_object(value) && ecosys_json_find(value.at, value.length, "id", &id) && value.at[id.offset] == '"')
			{
				piece		key = {value.at + id.offset, id.length};

				old_item = find_key(sorted, n_old, key);
			}
			if (old_item == NULL)
			{
				appendBinaryStringInfo(out, value.at, value.length);
				changed = true;
			}
			else
			{
				changed |= merge_objects(out, old_item->value, value, MERGE_COMPONENT);
				changed |= i >= n_old || old_items[i].value.at != old_item->value.at;
			}
		}
		appendStringInfoChar(out, ']');
		pfree(sorted);
	}
	pfree(old_items);
	pfree(new_items);
	return changed;
}

/* Append what the value of a member in both becomes; was the old one changed? */
static bool
merge_values(StringInfo out, piece key, piece old_value, piece new_value, merge_kind kind)
{
	static const char *const lists[] = {"choices", "scale", "source", "target", "steps"};
	bool		language_map = (kind == MERGE_DEFINITION && key_is(key, "name")) ||
		(kind != MERGE_LANGUAGE_MAP && key_is(key, "description"));

	if (language_map && is_object(old_value) && is_object(new_value))
		return merge_objects(out, old_value, new_value, MERGE_LANGUAGE_MAP);
	for (int i = 0; kind == MERGE_DEFINITION && i < lengthof(lists); i++)
	{
		if (key_is(key, lists[i]) && is_array(old_value) && is_array(new_value))
			return merge_components(out, old_value, new_value);
	}
	appendBinaryStringInfo(out, new_value.at, new_value.length);
	return !same_spelling(old_value, new_value);
}

/* Append the merged object; returns whether it says anything else than the old one. */
static bool
merge_objects(StringInfo out, piece old_object, piece new_object, merge_kind kind)
{
	int			n_old,
				n_new;
	member	   *old_members = members_of(old_object, &n_old);
	member	   *new_members = members_of(new_object, &n_new);
	member	   *old_sorted = sorted_copy(old_members, n_old);
	member	   *new_sorted = sorted_copy(new_members, n_new);
	bool		changed = false;
	int			start = out->len;
	const char *separator = "{";

	for (int i = 0; i < n_old; i++)
	{
		const member *found = find_key(new_sorted, n_new, old_members[i].key);

		appendStringInfoString(out, separator);
		appendBinaryStringInfo(out, old_members[i].key.at, old_members[i].key.length);
		appendStringInfoChar(out, ':');
		if (found == NULL)
			appendBinaryStringInfo(out, old_members[i].value.at, old_members[i].value.length);
		else
			changed |= merge_values(out, old_members[i].key, old_members[i].value, found->value, kind);
		separator = ",";
	}
	for (int i = 0; i < n_new; i++)
	{
		if (find_key(old_sorted, n_old, new_members[i].key) != NULL)
			continue;
		appendStringInfoString(out, separator);
		appendBinaryStringInfo(out, new_members[i].key.at, new_members[i].key.length);
		appendStringInfoChar(out, ':');
		appendBinaryStringInfo(out, new_members[i].value.at, new_members[i].value.length);
		separator = ",";
		changed = true;
	}
	appendStringInfoString(out, separator[0] == '{' ? "{}" : "}");
	if (!changed)
	{
		/* nothing new: keep the old spelling, so that nobody writes a row for nothing */
		out->len = start;
		appendBinaryStringInfo(out, old_object.at, old_object.length);
	}
	pfree(old_members);
	pfree(new_members);
	pfree(old_sorted);
	pfree(new_sorted);
	return changed;
}

/* The object in a json argument, without the blanks around it. */
static piece
object_argument(struct varlena *json)
{
	piece		value = {VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json)};

	while (value.length > 0 && strchr(" \t\r\n", value.at[0]) != NULL)
	{
		value.at++;
		value.length--;
	}
	while (value.length > 0 && strchr(" \t\r\n", value.at[value.length - 1]) != NULL)
		value.length--;
	if (!is_object(value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot merge: expected JSON objects")));
	return value;
}

static Datum
merge_arguments(FunctionCallInfo fcinfo, merge_kind kind)
{
	StringInfoData out;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	initStringInfo(&out);
	merge_objects(&out, object_argument(PG_GETARG_VARLENA_PP(0)), object_argument(PG_GETARG_VARLENA_PP(1)), kind);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

ECOSYS_FUNCTION(ecosys_merge_definition);
Datum
ecosys_merge_definition(PG_FUNCTION_ARGS)
{
	return merge_arguments(fcinfo, MERGE_DEFINITION);
}

ECOSYS_FUNCTION(ecosys_merge_language_map);
Datum
ecosys_merge_language_map(PG_FUNCTION_ARGS)
{
	return merge_arguments(fcinfo, MERGE_LANGUAGE_MAP);
}
