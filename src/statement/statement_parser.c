/*
 * statement_parser.c - see statement_parser.h.
 */
#include "statement/statement_parser.h"

#include <stdio.h>
#include <string.h>

#include "base/json_pointer.h"
#include "base/merge_sort.h"

/* Arrays larger than this are not kept for the next text. */
#define MAX_KEPT_BYTES (1024 * 1024)

/* Up to so many are compared pair by pair or sorted by insertion. */
#define FEW 8

typedef struct noted_fault
{
	uint32_t	offset;			/* of the value, or of the key */
	ecosys_statement_rule rule;
	const char *detail;
} noted_fault;

typedef struct name
{
	const char *string;			/* with quotes */
	uint32_t	length;
	bool		escaped;
} name;


/* ---- memory ---- */

void *
ecosys_parser_reserve(ecosys_statement_parser *parser, ecosys_growing_array *array, size_t size,
					  size_t more)
{
	size_t		used = array->n * size;
	size_t		needed;
	size_t		target;
	void	   *items;

	if (more > (ECOSYS_JSON_MAX_LENGTH - used) / size)
	{
		ecosys_json_fail(&parser->reader, ECOSYS_FAULT_SIZE, parser->reader.at,
						 "the text has too many parts");
		return NULL;
	}
	needed = used + more * size;
	if (needed <= array->allocated && array->items != NULL)
		return (char *) array->items + used;

	target = array->allocated * 2 > needed ? array->allocated * 2 : needed;
	if (target < 1024)
		target = 1024;
	if (target > ECOSYS_JSON_MAX_LENGTH)
		target = ECOSYS_JSON_MAX_LENGTH;
	items = parser->allocate(target);	/* may not return: nothing is changed yet */
	if (items == NULL)
	{
		ecosys_json_fail(&parser->reader, ECOSYS_FAULT_MEMORY, parser->reader.at, "out of memory");
		return NULL;
	}
	if (array->items)
	{
		memcpy(items, array->items, used);
		parser->release(array->items);
	}
	array->items = items;
	array->allocated = target;
	return (char *) items + used;
}

static void
drop(ecosys_statement_parser *parser, ecosys_growing_array *array)
{
	void	   *items = array->items;

	array->items = NULL;
	array->allocated = 0;
	array->n = 0;
	if (items)
		parser->release(items);
}

static void
clear(ecosys_statement_parser *parser, ecosys_growing_array *array)
{
	array->n = 0;
	if (array->allocated > MAX_KEPT_BYTES)
		drop(parser, array);
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
	drop(parser, &parser->names);
	drop(parser, &parser->mentions);
	drop(parser, &parser->keys);
	drop(parser, &parser->actor_keys);
	drop(parser, &parser->party_keys);
	drop(parser, &parser->bytes);
	parser->release(parser);
}

void
ecosys_statement_parser_on_progress(ecosys_statement_parser *parser, void (*progress) (void))
{
	parser->progress = progress;
}

void
ecosys_parser_begin(ecosys_statement_parser *parser, const char *text, size_t length)
{
	ecosys_json_open(&parser->reader, text, length);
	parser->reader.progress = parser->progress;
	parser->text = text;
	memset(&parser->facts, 0, sizeof(parser->facts));
	parser->facts.xapi_version = 1;
	parser->in_substatement = false;
	clear(parser, &parser->faults);
	clear(parser, &parser->names);
	clear(parser, &parser->mentions);
	clear(parser, &parser->keys);
	clear(parser, &parser->actor_keys);
	clear(parser, &parser->party_keys);
	clear(parser, &parser->bytes);
}


/* ---- faults ---- */

void
ecosys_parser_note_with(ecosys_statement_parser *parser, uint32_t offset,
						ecosys_statement_rule rule, const char *detail)
{
	noted_fault *faults;
	size_t		at = parser->faults.n;

	if (parser->reader.failed || at >= ECOSYS_MAX_FAULTS ||
		ecosys_parser_reserve(parser, &parser->faults, sizeof(*faults), 1) == NULL)
		return;
	faults = parser->faults.items;
	for (; at > 0 && faults[at - 1].offset > offset; at--)
		faults[at] = faults[at - 1];
	faults[at].offset = offset;
	faults[at].rule = rule;
	faults[at].detail = detail;
	parser->faults.n++;
}

void
ecosys_parser_note(ecosys_statement_parser *parser, uint32_t offset, ecosys_statement_rule rule)
{
	ecosys_parser_note_with(parser, offset, rule, NULL);
}

bool
ecosys_parser_is_sound(const ecosys_statement_parser *parser)
{
	return !parser->reader.failed && parser->faults.n == 0;
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

size_t
ecosys_parser_deliver(ecosys_statement_parser *parser, bool only_one, ecosys_fault_sink sink,
					  void *arg)
{
	const ecosys_json_reader *reader = &parser->reader;
	const noted_fault *noted = parser->faults.items;
	size_t		n = only_one && reader->failed ? 0 : parser->faults.n;
	ecosys_json_pointer pointer;
	ecosys_fault fault;

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


/* ---- distinct names ---- */

size_t
ecosys_parser_names(const ecosys_statement_parser *parser)
{
	return parser->names.n;
}

void
ecosys_parser_push_name(ecosys_statement_parser *parser, ecosys_json_string string)
{
	name	   *n = ecosys_parser_reserve(parser, &parser->names, sizeof(*n), 1);

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

	if (!x->escaped && !y->escaped)
	{
		/* the same order, without looking for escapes */
		uint32_t	shorter = x->length < y->length ? x->length : y->length;
		int			order = memcmp(x->string + 1, y->string + 1, shorter - 2);

		return order != 0 ? order : (x->length > y->length) - (x->length < y->length);
	}
	return ecosys_json_compare_strings(x->string, x->length, y->string, y->length);
}

void
ecosys_parser_pop_names(ecosys_statement_parser *parser, size_t base, ecosys_statement_rule rule)
{
	size_t		n = parser->names.n - base;
	name	   *names;
	name	   *scratch;

	if (parser->reader.failed || n < 2)
	{
		parser->names.n = base;
		return;
	}
	if (n <= FEW)
	{
		names = (name *) parser->names.items + base;
		for (size_t i = 1; i < n; i++)
		{
			size_t		j = 0;

			while (j < i && !same_name(&names[i], &names[j]))
				j++;
			if (j < i)
				ecosys_parser_note(parser, (uint32_t) (names[i].string - parser->text), rule);
		}
	}
	else if ((scratch = ecosys_parser_reserve(parser, &parser->names, sizeof(*names), n)) != NULL)
	{
		/* sorted by content, not by a hash: nobody can prepare a slow case */
		names = (name *) parser->names.items + base;
		ecosys_merge_sort(names, scratch, n, sizeof(*names), compare_names, parser->progress);
		for (size_t i = 1; i < n; i++)
		{
			if (same_name(&names[i], &names[i - 1]))
				ecosys_parser_note(parser, (uint32_t) (names[i].string - parser->text), rule);
		}
	}
	parser->names.n = base;
}


/* ---- sets of keys ---- */

static int
compare_keys(const void *a, const void *b)
{
	int64_t		x = *(const int64_t *) a;
	int64_t		y = *(const int64_t *) b;

	return x < y ? -1 : x > y;
}

size_t
ecosys_parser_sort_keys(ecosys_statement_parser *parser, int64_t *keys, int64_t *scratch, size_t n)
{
	size_t		kept = 0;

	if (n <= FEW)
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
		ecosys_merge_sort(keys, scratch, n, sizeof(*keys), compare_keys, parser->progress);
	for (size_t i = 0; i < n; i++)
	{
		if (kept == 0 || keys[i] != keys[kept - 1])
			keys[kept++] = keys[i];
	}
	return kept;
}
