/*
 * statement_batch.c - a statement or an array of them, as rows.
 *
 * What a record store does with what it is sent before storing it: each
 * statement gets the authority of the sender and an id where it has none, and
 * no two may have the same id. Statements are pieces of the text; there is no
 * tree of the batch.
 */
#include "ecosys.h"

#include "base/json_reader.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
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
	ReturnSetInfo *result;
	bool		is_array;
	struct varlena *authority;	/* NULL: leave each statement's own */
	statement_id *ids;
	uint64		n;
	uint64		capacity;
	MemoryContext memory;		/* of one statement */
} batch;

/* Write a statement with its authority set or replaced. */
static void
splice_authority(StringInfo out, const char *statement, size_t length, struct varlena *authority)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;
	size_t		insert_at = 0;
	size_t		resume_at = 0;
	bool		has_members = false;
	bool		replace = false;

	ecosys_json_open(&reader, statement, length);
	if (ecosys_json_peek(&reader) == ECOSYS_JSON_OBJECT && ecosys_json_enter_object(&reader))
	{
		insert_at = resume_at = reader.at - statement;
		while (ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
		{
			has_members = true;
			if (ecosys_json_string_is(statement + key.span.offset, key.span.length, "authority"))
			{
				replace = true;
				insert_at = value.offset;
				resume_at = value.offset + value.length;
				break;
			}
		}
	}
	if (!has_members)
	{
		/* not an object, or {}: the parser will tell what is wrong */
		appendBinaryStringInfo(out, statement, length);
		return;
	}
	appendBinaryStringInfo(out, statement, insert_at);
	if (!replace)
		appendStringInfoString(out, "\"authority\":");
	appendBinaryStringInfo(out, VARDATA_ANY(authority), VARSIZE_ANY_EXHDR(authority));
	if (!replace)
		appendStringInfoChar(out, ',');
	appendBinaryStringInfo(out, statement + resume_at, length - resume_at);
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

static void
put_statement(batch *batch, const char *text, size_t length)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->memory);
	char		within[32];
	struct varlena *statement;
	ecosys_statement_header facts;
	StringInfoData spliced;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (batch->authority != NULL)
	{
		initStringInfo(&spliced);
		splice_authority(&spliced, text, length, batch->authority);
		text = spliced.data;
		length = spliced.len;
	}
	snprintf(within, sizeof(within), "/" UINT64_FORMAT, batch->n);
	statement = ecosys_statement_encode(text, length, batch->is_array ? within : NULL, false, NULL);
	ecosys_statement_facts_of(PointerGetDatum(statement), &facts);
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

	values[0] = Int64GetDatum((int64) batch->n);
	values[1] = PointerGetDatum(statement);
	tuplestore_putvalues(batch->result->setResult, batch->result->setDesc, values, nulls);
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

ECOSYS_FUNCTION(ecosys_statement_batch);
Datum
ecosys_statement_batch(PG_FUNCTION_ARGS)
{
	struct varlena *json;
	ecosys_json_reader reader;
	ecosys_span element;
	batch		batch = {0};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	json = PG_GETARG_VARLENA_PP(0);
	batch.result = (ReturnSetInfo *) fcinfo->resultinfo;
	batch.authority = PG_ARGISNULL(1) ? NULL : PG_GETARG_VARLENA_PP(1);
	batch.capacity = 64;
	batch.ids = palloc(batch.capacity * sizeof(statement_id));
	batch.memory = AllocSetContextCreate(CurrentMemoryContext, "statement of a batch", ALLOCSET_DEFAULT_SIZES);

	ecosys_json_open(&reader, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
	switch (ecosys_json_peek(&reader))
	{
		case ECOSYS_JSON_OBJECT:
			put_statement(&batch, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
			break;
		case ECOSYS_JSON_ARRAY:
			batch.is_array = true;
			ecosys_json_enter_array(&reader);
			while (ecosys_json_next_element(&reader) && ecosys_json_skip(&reader, &element))
				put_statement(&batch, reader.text + element.offset, element.length);
			if (reader.failed)
				ereport(ERROR,
						(errcode(reader.fault_kind == ECOSYS_FAULT_DEPTH ? ERRCODE_STATEMENT_TOO_COMPLEX :
								 ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid batch of xAPI statements: %s", reader.fault_message)));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid batch of xAPI statements: expected an object or an array of objects"),
					 errdetail("at the top, rule batch.type")));
	}
	refuse_duplicates(&batch);
	MemoryContextDelete(batch.memory);
	return (Datum) 0;
}
