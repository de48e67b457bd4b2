/*
 * statement_batch.c - a statement or an array of them, as rows.
 *
 * What a record store does with what it is sent before storing it: each
 * statement gets the authority of the sender and an id where it has none, and
 * no two may have the same id. Statements are pieces of the text; there is no
 * tree of the batch. An HTTP request says more about them: the version of xAPI,
 * and the id that a PUT names.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem */
#endif
#include "ecosys.h"

#include "base/escaped_letter.h"
#include "base/json_reader.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "record/record.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

typedef struct statement_id
{
	uint8_t		bytes[16];
	uint64		index;
} statement_id;

typedef struct batch
{
	void		(*take) (void *arg, Datum statement, const uint8_t *id);	/* in order, each valid for the call */
	void	   *arg;
	bool		is_array;
	struct varlena *authority;	/* NULL: leave each statement's own */
	int			version;		/* 1 or 2: only what that version of xAPI has; 0: any */
	const uint8_t *id;			/* the only statement has this id, or none; NULL: any */
	statement_id *ids;
	uint64		n;
	uint64		capacity;
	MemoryContext memory;		/* of one statement */
} batch;

/*
 * Write a statement with its authority set or replaced, and with a version where
 * it has none and the request's is not the one that absence means.
 */
static void
splice_members(StringInfo out, const char *statement, size_t length, const batch *batch)
{
	struct varlena *authority = batch->authority;
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	size_t		start = 0;
	ecosys_span replaced = {0, 0};
	bool		has_members = false;
	bool		has_version = batch->version != 2;

	ecosys_json_open(&reader, statement, length);
	if (ecosys_json_peek(&reader) == ECOSYS_JSON_OBJECT && ecosys_json_enter_object(&reader))
	{
		start = reader.at - statement;
		while (!(has_version && replaced.length > 0) &&
			   ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
		{
			has_members = true;
			if (ecosys_json_string_is(statement + key.span.offset, key.span.length, "authority"))
				replaced = value;
			else if (ecosys_json_string_is(statement + key.span.offset, key.span.length, "version"))
				has_version = true;
		}
	}
	if (!has_members || reader.failed)
	{
		/* not an object, or {}: the parser will tell what is wrong */
		appendBinaryStringInfo(out, statement, length);
		return;
	}
	appendBinaryStringInfo(out, statement, start);
	if (!has_version)
		appendStringInfoString(out, "\"version\":\"2.0.0\",");
	if (authority != NULL && replaced.length == 0)
	{
		appendStringInfoString(out, "\"authority\":");
		appendBinaryStringInfo(out, VARDATA_ANY(authority), VARSIZE_ANY_EXHDR(authority));
		appendStringInfoChar(out, ',');
	}
	if (authority != NULL && replaced.length > 0)
	{
		appendBinaryStringInfo(out, statement + start, replaced.offset - start);
		appendBinaryStringInfo(out, VARDATA_ANY(authority), VARSIZE_ANY_EXHDR(authority));
		start = replaced.offset + replaced.length;
	}
	appendBinaryStringInfo(out, statement + start, length - start);
}

/* Does the statement bring an authority of its own? It is replaced, but must be a valid one. */
static bool
has_authority(const char *text, size_t length)
{
	return memmem(text, length, "authority", 9) != NULL ||
		ecosys_has_escaped_letter(text, length);
}

/* A random UUID, version 4. */
static void
make_id(uint8_t *id)
{
	if (!pg_strong_random(id, 16))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate a random statement id")));
	id[6] = (id[6] & 0x0F) | 0x40;
	id[8] = (id[8] & 0x3F) | 0x80;
}

/* A statement that is valid, but not in this request. */
static void
refuse(const batch *batch, const char *pointer, const char *rule, const char *message, const char *hint)
{
	char		within[32] = "";

	if (batch->is_array)
		snprintf(within, sizeof(within), "/" UINT64_FORMAT, batch->n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s", message),
			 errdetail("at %s%s, rule request.%s", within[0] || pointer[0] ? within : "the top", pointer, rule),
			 hint ? errhint("%s", hint) : 0));
}

static void
put_statement(batch *batch, const char *text, size_t length)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->memory);
	char		within[32];
	struct varlena *statement;
	const ecosys_statement_facts *all;
	const char *parsed;
	size_t		parsed_length;
	ecosys_statement_header facts;
	StringInfoData spliced;

	snprintf(within, sizeof(within), "/" UINT64_FORMAT, batch->n);
	if (batch->authority != NULL || batch->version == 2)
	{
		if (batch->authority != NULL && has_authority(text, length))
			ecosys_statement_encode(text, length, batch->is_array ? within : NULL, false, NULL);
		initStringInfo(&spliced);
		splice_members(&spliced, text, length, batch);
		text = spliced.data;
		length = spliced.len;
	}
	statement = ecosys_statement_encode(text, length, batch->is_array ? within : NULL, false, NULL);
	ecosys_statement_parse_datum(PointerGetDatum(statement), &all, &parsed, &parsed_length);
	ecosys_statement_facts_of(PointerGetDatum(statement), &facts);
	if (batch->version == 1 && (facts.flags & ECOSYS_STATEMENT_XAPI_2))
		refuse(batch, "", "version", "a request of xAPI 1.0.3 has a statement of xAPI 2.0",
			   "Version 2.0, contextAgents and contextGroups came with xAPI 2.0: say X-Experience-API-Version: 2.0.0.");
	if (batch->id != NULL)
	{
		if (!(facts.flags & ECOSYS_STATEMENT_ID))
		{
			memcpy(facts.id, batch->id, 16);
			statement = ecosys_statement_complete(PointerGetDatum(statement), facts.id, NULL, NULL);
			facts.flags |= ECOSYS_STATEMENT_ID;
		}
		else if (memcmp(facts.id, batch->id, 16) != 0)
			refuse(batch, "/id", "id", "the statement has another id than the request", NULL);
	}
	if (!(facts.flags & ECOSYS_STATEMENT_ID))
	{
		make_id(facts.id);
		statement = ecosys_statement_complete(PointerGetDatum(statement), facts.id, NULL, NULL);
	}
	if (batch->n == batch->capacity)
	{
		batch->capacity *= 2;
		batch->ids = repalloc_huge(batch->ids, batch->capacity * sizeof(statement_id));
	}
	memcpy(batch->ids[batch->n].bytes, facts.id, 16);
	batch->ids[batch->n].index = batch->n;
	batch->n++;

	ecosys_record_batch_add(PointerGetDatum(statement), all, parsed, parsed_length);
	batch->take(batch->arg, PointerGetDatum(statement), facts.id);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(batch->memory);
	CHECK_FOR_INTERRUPTS();
}

static int
compare_ids(const void *a, const void *b)
{
	const statement_id *x = a;
	const statement_id *y = b;
	int			order = memcmp(x->bytes, y->bytes, 16);

	if (order != 0)
		return order;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void
refuse_duplicates(batch *batch)
{
	qsort(batch->ids, batch->n, sizeof(statement_id), compare_ids);
	for (uint64 i = 1; i < batch->n; i++)
	{
		if (memcmp(batch->ids[i - 1].bytes, batch->ids[i].bytes, 16) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("two statements of a batch have the same id"),
					 errdetail("at /" UINT64_FORMAT "/id and /" UINT64_FORMAT "/id, rule batch.id",
							   batch->ids[i - 1].index, batch->ids[i].index),
					 errhint("Send each statement once.")));
	}
}

/* The statements of a text, in order; batch says under which rules. */
static void
put_statements(batch *batch, struct varlena *text)
{
	ecosys_json_reader reader;
	ecosys_span element;

	batch->capacity = 64;
	batch->ids = palloc(batch->capacity * sizeof(statement_id));
	batch->memory = AllocSetContextCreate(CurrentMemoryContext, "statement of a batch", ALLOCSET_DEFAULT_SIZES);

	ecosys_record_batch_begin();
	ecosys_json_open(&reader, VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text));
	switch (ecosys_json_peek(&reader))
	{
		case ECOSYS_JSON_OBJECT:
			put_statement(batch, VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text));
			break;
		case ECOSYS_JSON_ARRAY:
			if (batch->id != NULL)
				refuse(batch, "", "type", "expected one statement, not an array", NULL);
			batch->is_array = true;
			ecosys_json_enter_array(&reader);
			while (ecosys_json_next_element(&reader) && ecosys_json_skip(&reader, &element))
				put_statement(batch, reader.text + element.offset, element.length);
			if (!ecosys_json_close(&reader))
				ereport(ERROR,
						(errcode(reader.fault_kind == ECOSYS_FAULT_DEPTH ? ERRCODE_STATEMENT_TOO_COMPLEX :
								 reader.fault_kind == ECOSYS_FAULT_ENCODING ? ERRCODE_CHARACTER_NOT_IN_REPERTOIRE :
								 ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid batch of xAPI statements: %s", reader.fault_message),
						 errdetail("at the top, byte %zu, rule json", (size_t) (reader.fault_at - reader.text) + 1)));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid batch of xAPI statements: expected an object or an array of objects"),
					 errdetail("at the top, rule batch.type")));
	}
	refuse_duplicates(batch);
	MemoryContextDelete(batch->memory);
}

/* A row of statement_batch. */
static void
put_row(void *arg, Datum statement, const uint8_t *id)
{
	ReturnSetInfo *result = arg;
	Datum		values[2] = {Int64GetDatum(tuplestore_tuple_count(result->setResult) + 1), statement};
	bool		nulls[2] = {false, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

void
ecosys_statement_batch_read(struct varlena *json, struct varlena *authority,
							void (*take) (void *arg, Datum statement, const uint8_t *id), void *arg)
{
	batch		batch = {.take = take, .arg = arg, .authority = authority};

	put_statements(&batch, json);
}

void
ecosys_statement_request_read(struct varlena *body, struct varlena *authority, int version, const uint8_t *id,
							  void (*take) (void *arg, Datum statement, const uint8_t *id), void *arg)
{
	batch		batch = {.take = take, .arg = arg, .authority = authority, .version = version, .id = id};

	put_statements(&batch, body);
}

ECOSYS_FUNCTION(ecosys_statement_batch);
Datum
ecosys_statement_batch(PG_FUNCTION_ARGS)
{
	batch		batch = {.take = put_row, .arg = fcinfo->resultinfo};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	batch.authority = PG_ARGISNULL(1) ? NULL : PG_GETARG_VARLENA_PP(1);
	put_statements(&batch, PG_GETARG_VARLENA_PP(0));
	return (Datum) 0;
}
