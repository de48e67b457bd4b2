/*
 * document_merge.c - see document_merge.h.
 */
#include "xapi/document_merge.h"

#include <string.h>

#include "base/json_reader.h"
#include "base/merge_sort.h"

typedef struct member
{
	const char *key;			/* quotes included */
	size_t		key_length;
	const char *value;
	size_t		value_length;
} member;

typedef struct object
{
	const char *text;
	size_t		length;
	size_t		closing;		/* offset of its last brace */
	member	   *members;		/* in the order of the text */
	member	   *sorted;			/* by key */
	size_t		n;
} object;

static int
compare_keys(const void *a, const void *b)
{
	const member *x = a;
	const member *y = b;

	return ecosys_json_compare_strings(x->key, x->key_length, y->key, y->key_length);
}

static const member *
find(const object *in, const member *wanted)
{
	size_t		low = 0;
	size_t		high = in->n;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		int			order = compare_keys(wanted, &in->sorted[middle]);

		if (order == 0)
			return &in->sorted[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void
release_object(object *read, const ecosys_merge_memory *memory)
{
	if (read->members != NULL)
		memory->release(read->members);
	if (read->sorted != NULL)
		memory->release(read->sorted);
}

/* Fill in the members; false with kind and message of the fault. */
static bool
read_object(object *read, const ecosys_merge_memory *memory, ecosys_merge_fault *fault)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	size_t		capacity = 0;
	member	   *scratch;

	fault->kind = ECOSYS_FAULT_MEMORY;
	fault->message = "out of memory";
	ecosys_json_open(&reader, read->text, read->length);
	reader.progress = memory->progress;
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_OBJECT)
	{
		/* tell what is no JSON at all from another kind of value */
		ecosys_json_skip(&reader, NULL);
		ecosys_json_close(&reader);
		fault->kind = reader.failed ? reader.fault_kind : ECOSYS_FAULT_RULE;
		fault->message = reader.failed ? reader.fault_message : "expected a JSON object";
		return false;
	}
	ecosys_json_enter_object(&reader);
	while (ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
	{
		if (read->n == capacity)
		{
			member	   *more;

			capacity = capacity == 0 ? 64 : capacity * 2;
			more = memory->allocate(capacity * sizeof(member));
			if (more == NULL)
				return false;
			if (read->n > 0)
				memcpy(more, read->members, read->n * sizeof(member));
			if (read->members != NULL)
				memory->release(read->members);
			read->members = more;
		}
		read->members[read->n].key = read->text + key.span.offset;
		read->members[read->n].key_length = key.span.length;
		read->members[read->n].value = read->text + value.offset;
		read->members[read->n].value_length = value.length;
		read->n++;
	}
	read->closing = (size_t) (reader.at - read->text) - 1;
	if (!ecosys_json_close(&reader))
	{
		fault->kind = reader.fault_kind;
		fault->message = reader.fault_message;
		return false;
	}
	if (read->n == 0)
		return true;

	read->sorted = memory->allocate(read->n * sizeof(member));
	scratch = memory->allocate(read->n * sizeof(member));
	if (read->sorted == NULL || scratch == NULL)
	{
		if (scratch != NULL)
			memory->release(scratch);
		return false;
	}
	memcpy(read->sorted, read->members, read->n * sizeof(member));
	ecosys_merge_sort(read->sorted, scratch, read->n, sizeof(member), compare_keys, memory->progress);
	memory->release(scratch);
	for (size_t i = 1; i < read->n; i++)
	{
		if (compare_keys(&read->sorted[i - 1], &read->sorted[i]) == 0)
		{
			fault->kind = ECOSYS_FAULT_RULE;
			fault->message = "two members of the JSON object have the same name";
			return false;
		}
	}
	return true;
}

static char *
put(char *at, const char *from, const char *to)
{
	memcpy(at, from, (size_t) (to - from));
	return at + (to - from);
}

static size_t
write_merged(const object *old_object, const object *new_object, char *result)
{
	char	   *at = result;
	const char *copied = old_object->text;
	bool		first = old_object->n == 0;

	for (size_t i = 0; i < old_object->n; i++)
	{
		const member *old_member = &old_object->members[i];
		const member *found = find(new_object, old_member);

		if (found == NULL)
			continue;
		at = put(at, copied, old_member->value);
		at = put(at, found->value, found->value + found->value_length);
		copied = old_member->value + old_member->value_length;
	}
	/* blanks before the closing brace go behind what is added */
	if (old_object->n > 0)
	{
		const member *last = &old_object->members[old_object->n - 1];
		const char *end = last->value + last->value_length;

		at = put(at, copied, end);
		copied = end;
	}
	else
	{
		at = put(at, copied, old_object->text + old_object->closing);
		copied = old_object->text + old_object->closing;
	}
	for (size_t i = 0; i < new_object->n; i++)
	{
		const member *added = &new_object->members[i];

		if (find(old_object, added) != NULL)
			continue;
		if (!first)
			*at++ = ',';
		first = false;
		at = put(at, added->key, added->key + added->key_length);
		*at++ = ':';
		at = put(at, added->value, added->value + added->value_length);
	}
	at = put(at, copied, old_object->text + old_object->length);
	return (size_t) (at - result);
}

bool
ecosys_document_merge(const char *old_text, size_t old_length, const char *new_text, size_t new_length,
					  const ecosys_merge_memory *memory, char **result, size_t *result_length,
					  ecosys_merge_fault *fault)
{
	object		old_object = {.text = old_text, .length = old_length};
	object		new_object = {.text = new_text, .length = new_length};
	bool		merged = false;

	fault->in_new = true;
	if (read_object(&new_object, memory, fault))
	{
		fault->in_new = false;
		if (read_object(&old_object, memory, fault))
		{
			/* each member added stands in the new text with a colon, and a brace or comma before it */
			*result = memory->allocate(old_length + new_length);
			merged = *result != NULL;
			if (merged)
				*result_length = write_merged(&old_object, &new_object, *result);
			else
			{
				fault->kind = ECOSYS_FAULT_MEMORY;
				fault->message = "out of memory";
			}
		}
	}
	release_object(&old_object, memory);
	release_object(&new_object, memory);
	return merged;
}
