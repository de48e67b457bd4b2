/*
 * statement_fuzz.c - fuzz target: any bytes as the text of a statement, and of an actor.
 *
 * Beside not crashing, what the parser says must hold together.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statement/statement_parse.h"

#define MUST(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ecosys_statement_parser *parser;
static ecosys_statement_parser *other;

typedef struct fault_list
{
	size_t		n;
	size_t		length;
	ecosys_fault first;
	ecosys_fault last;
} fault_list;

static void
must_be_sound(const ecosys_fault *fault, size_t length)
{
	MUST(fault->offset <= length);
	MUST(memchr(fault->pointer, '\0', sizeof(fault->pointer)) != NULL);
	MUST(fault->pointer[0] == '\0' || fault->pointer[0] == '/' || strcmp(fault->pointer, "...") == 0);
	MUST(memchr(fault->rule, '\0', sizeof(fault->rule)) != NULL && fault->rule[0] != '\0');
	MUST(memchr(fault->message, '\0', sizeof(fault->message)) != NULL && fault->message[0] != '\0');
}

static bool
take_fault(void *arg, const ecosys_fault *fault)
{
	fault_list *list = arg;

	must_be_sound(fault, list->length);
	MUST(list->n == 0 || list->last.offset <= fault->offset);
	if (list->n++ == 0)
		list->first = *fault;
	list->last = *fault;
	return true;
}

/* A span of the text, of a value that starts and ends with these characters. */
static void
must_span(const char *text, size_t length, ecosys_span span, const char *starts, const char *ends)
{
	if (span.length == 0)
		return;
	MUST((size_t) span.offset + span.length <= length);
	MUST(strchr(starts, text[span.offset]) != NULL);
	MUST(strchr(ends, text[span.offset + span.length - 1]) != NULL);
}

static void
must_be_set(const ecosys_statement_facts *facts, const int64_t *keys, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	j = 0;

		MUST(i == 0 || keys[i - 1] < keys[i]);
		while (j < facts->n_mentions && facts->mentions[j].key != keys[i])
			j++;
		MUST(j < facts->n_mentions);
	}
}

static void
must_hold(const char *text, size_t length, const ecosys_statement_facts *facts)
{
	ecosys_statement_facts again;
	ecosys_fault fault;
	uint32_t	last = 0;

	must_span(text, length, facts->id_value, "\"", "\"");
	must_span(text, length, facts->timestamp_value, "\"", "\"");
	must_span(text, length, facts->stored_value, "\"", "\"");
	must_span(text, length, facts->version_value, "\"", "\"");
	must_span(text, length, facts->response_value, "\"", "\"");
	must_span(text, length, facts->platform_value, "\"", "\"");
	must_span(text, length, facts->language_value, "\"", "\"");
	must_span(text, length, facts->revision_value, "\"", "\"");
	must_span(text, length, facts->duration_value, "\"", "\"");
	must_span(text, length, facts->authority_value, "{", "}");
	must_span(text, length, facts->actor_value, "{", "}");
	must_span(text, length, facts->verb_value, "{", "}");
	must_span(text, length, facts->object_value, "{", "}");
	must_span(text, length, facts->result_value, "{", "}");
	must_span(text, length, facts->context_value, "{", "}");
	must_span(text, length, facts->attachments_value, "[", "]");
	MUST(facts->actor_value.length > 0 && facts->verb_value.length > 0 && facts->object_value.length > 0);
	MUST(facts->has_id == (facts->id_value.length > 0));
	MUST(facts->has_timestamp == (facts->timestamp_value.length > 0));
	MUST(facts->has_stored == (facts->stored_value.length > 0));
	MUST(facts->duration.given == (facts->duration_value.length > 0));
	MUST(!facts->has_scaled || (facts->scaled >= -1 && facts->scaled <= 1));
	MUST(!facts->has_min || !facts->has_max || facts->min < facts->max);
	MUST(facts->duration.months >= 0 && facts->duration.days >= 0 && facts->duration.microseconds >= 0);

	MUST(facts->n_mentions >= 2);
	for (uint32_t i = 0; i < facts->n_mentions; i++)
	{
		const ecosys_mention *mention = &facts->mentions[i];
		ecosys_mention alone;

		must_span(text, length, mention->object, "{", "}");
		must_span(text, length, mention->identifier, "\"{", "\"}");
		must_span(text, length, mention->description, "\"{", "\"}");
		MUST(mention->object.length > 0 && (i == 0 || mention->object.offset > last));
		last = mention->object.offset;
		/* an actor is the same inside a statement and alone */
		if (mention->kind == ECOSYS_MENTION_AGENT || mention->kind == ECOSYS_MENTION_GROUP)
		{
			MUST(ecosys_actor_parse(other, text + mention->object.offset, mention->object.length, false, &alone, &fault));
			MUST(alone.key == mention->key && alone.kind == mention->kind && alone.object.length == mention->object.length &&
				 alone.identifier.length == mention->identifier.length);
		}
	}
	must_be_set(facts, facts->related_activities, facts->n_related_activities);
	must_be_set(facts, facts->related_actors, facts->n_related_actors);

	MUST(ecosys_statement_parse(other, text, length, &again, &fault));
	MUST(again.actor == facts->actor && again.verb == facts->verb && again.object == facts->object &&
		 again.n_mentions == facts->n_mentions && again.timestamp == facts->timestamp);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	ecosys_statement_facts facts;
	ecosys_mention mention;
	ecosys_fault fault;
	ecosys_json_reader reader;
	fault_list	list;
	bool		valid;
	bool		is_json;

	if (parser == NULL)
	{
		parser = ecosys_statement_parser_create(malloc, free);
		other = ecosys_statement_parser_create(malloc, free);
	}
	ecosys_json_open(&reader, text, size);
	ecosys_json_skip(&reader, NULL);
	is_json = ecosys_json_close(&reader);

	memset(&list, 0, sizeof(list));
	list.length = size;
	MUST(ecosys_statement_check(parser, text, size, take_fault, &list) == list.n);
	valid = ecosys_statement_parse(parser, text, size, &facts, &fault);
	MUST(valid == (list.n == 0));
	if (valid)
	{
		MUST(is_json);
		must_hold(text, size, &facts);
	}
	else
	{
		const ecosys_fault *same = fault.kind == ECOSYS_FAULT_RULE ? &list.first : &list.last;

		must_be_sound(&fault, size);
		/* what skip() takes and what the parser takes is the same JSON */
		MUST(is_json == (fault.kind == ECOSYS_FAULT_RULE));
		MUST(is_json || fault.kind == reader.fault_kind);
		MUST(fault.offset == same->offset && strcmp(fault.rule, same->rule) == 0 && strcmp(fault.pointer, same->pointer) == 0);
	}

	for (int bare = 0; bare < 2; bare++)
	{
		if (ecosys_actor_parse(parser, text, size, bare, &mention, &fault))
		{
			if (bare && text[mention.object.offset] == 'm')
				MUST(mention.object.offset == 0 && mention.object.length == size);
			else
				must_span(text, size, mention.object, "{", "}");
			MUST(mention.kind == ECOSYS_MENTION_AGENT || mention.kind == ECOSYS_MENTION_GROUP);
		}
		else
			must_be_sound(&fault, size);
	}
	return 0;
}
