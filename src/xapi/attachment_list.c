/*
 * attachment_list.c - the attachments that statements name, as rows.
 *
 * Statements may come before they are checked: what is not of the shape that
 * an attachment has is passed over here and refused by the statement's check.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem */
#endif
#include "ecosys.h"

#include "base/hex.h"
#include "base/json_reader.h"
#include "base/token.h"
#include "base/utf8.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "xapi/attachment.h"

/* Digits of SHA-512, the longest; one more tells a longer one. */
#define MAX_HASH 128

typedef struct listing
{
	ReturnSetInfo *result;
	const char *text;
	int32		n;				/* statements met */
	ecosys_span statement;		/* the one being listed */
	bool		authority_given;
	bool		has_authority;
	int64		authority;
	MemoryContext memory;		/* of one row */
} listing;

static void
progress(void)
{
	CHECK_FOR_INTERRUPTS();
}

static void
open_span(ecosys_json_reader *reader, const char *text, ecosys_span span)
{
	ecosys_json_open(reader, text + span.offset, span.length);
	reader->progress = progress;
}

/* The key of an Agent or Group; false if it is neither. */
static bool
key_of_agent(const char *object, size_t length, int64 *key)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_for(length);
	ecosys_mention mention;
	ecosys_fault fault;
	bool		valid = ecosys_actor_parse(parser, object, length, false, &mention, &fault);

	ecosys_statement_parser_done();
	*key = valid ? mention.key : 0;
	return valid;
}

/* A JSON string as text; NULL where text cannot hold it. */
static text *
decoded_text(const char *string, size_t length)
{
	text	   *result = palloc(VARHDRSZ + length);
	size_t		decoded = ecosys_json_decode(string, length, VARDATA(result));
	const char *at = VARDATA(result);
	const char *end = at + decoded;

	SET_VARSIZE(result, VARHDRSZ + decoded);
	while (at < end)
	{
		size_t		size = ecosys_utf8_length(at, end);

		if (size == 0 || *at == '\0')
			return NULL;
		at += size;
	}
	return result;
}

/* A hash as it is spelled; NULL for what is no hexadecimal number of at most MAX_HASH digits. */
static text *
hash_text(const char *string, size_t length)
{
	text	   *hash = decoded_text(string, length);

	if (hash == NULL || VARSIZE_ANY_EXHDR(hash) > MAX_HASH ||
		!ecosys_is_hex(VARDATA(hash), VARSIZE_ANY_EXHDR(hash)))
		return NULL;
	return hash;
}

static text *
lower_case(const text *hash)
{
	text	   *result = cstring_to_text_with_len(VARDATA_ANY(hash), VARSIZE_ANY_EXHDR(hash));

	for (int i = 0; i < VARSIZE_ANY_EXHDR(result); i++)
		VARDATA(result)[i] = ecosys_lower_ascii(VARDATA(result)[i]);
	return result;
}

static void
put_attachment(listing *listing, const char *object, size_t length)
{
	MemoryContext caller = MemoryContextSwitchTo(listing->memory);
	Datum		values[8];
	bool		nulls[8] = {false, true, true, false, false, true, true, true};
	bool		has_file_url = false;
	bool		is_signature = ecosys_attachment_is_signature(object, length);
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;

	ecosys_json_open(&reader, object, length);
	if (ecosys_json_peek(&reader) == ECOSYS_JSON_OBJECT && ecosys_json_enter_object(&reader))
	{
		while (ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
		{
			const char *name = object + key.span.offset;
			const char *string = object + value.offset;
			text	   *found = NULL;

			if (*string != '"')
				continue;
			if (ecosys_json_string_is(name, key.span.length, "sha2"))
			{
				found = hash_text(string, value.length);
				nulls[1] = nulls[7] = found == NULL;
				if (found != NULL)
				{
					values[1] = PointerGetDatum(lower_case(found));
					values[7] = PointerGetDatum(found);
				}
			}
			else if (ecosys_json_string_is(name, key.span.length, "contentType"))
			{
				found = decoded_text(string, value.length);
				values[2] = PointerGetDatum(found);
				nulls[2] = found == NULL;
			}
			else if (ecosys_json_string_is(name, key.span.length, "fileUrl"))
				has_file_url = true;
		}
		values[0] = Int32GetDatum(listing->n);
		values[3] = BoolGetDatum(has_file_url);
		values[4] = BoolGetDatum(is_signature);
		if (listing->has_authority)
		{
			values[5] = Int64GetDatum(listing->authority);
			nulls[5] = false;
		}
		if (is_signature)
		{
			values[6] = PointerGetDatum(cstring_to_text_with_len(listing->text + listing->statement.offset,
																 listing->statement.length));
			nulls[6] = false;
		}
		tuplestore_putvalues(listing->result->setResult, listing->result->setDesc, values, nulls);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextReset(listing->memory);
}

static void
put_array(listing *listing, const char *array, size_t length)
{
	ecosys_json_reader reader;
	ecosys_span element;

	ecosys_json_open(&reader, array, length);
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_ARRAY || !ecosys_json_enter_array(&reader))
		return;
	while (ecosys_json_next_element(&reader) && ecosys_json_skip(&reader, &element))
	{
		put_attachment(listing, array + element.offset, element.length);
		CHECK_FOR_INTERRUPTS();
	}
}

/* The attachments of a statement and of a SubStatement that is its object. */
static void
put_statement(listing *listing, ecosys_span statement)
{
	const char *text = listing->text + statement.offset;
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;

	listing->n++;
	listing->statement = statement;
	if (!listing->authority_given)
		listing->has_authority = ecosys_json_find(text, statement.length, "authority", &value) &&
			key_of_agent(text + value.offset, value.length, &listing->authority);
	open_span(&reader, listing->text, statement);
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_OBJECT || !ecosys_json_enter_object(&reader))
		return;
	while (ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
	{
		if (ecosys_json_string_is(text + key.span.offset, key.span.length, "attachments"))
			put_array(listing, text + value.offset, value.length);
		else if (ecosys_json_string_is(text + key.span.offset, key.span.length, "object") &&
				 text[value.offset] == '{')
		{
			ecosys_json_reader within;
			ecosys_json_string name;
			ecosys_span part;

			ecosys_json_open(&within, text + value.offset, value.length);
			within.progress = progress;
			ecosys_json_enter_object(&within);
			while (ecosys_json_next_member(&within, &name) && ecosys_json_skip(&within, &part))
			{
				if (ecosys_json_string_is(within.text + name.span.offset, name.span.length, "attachments"))
					put_array(listing, within.text + part.offset, part.length);
			}
		}
	}
}

/* A text without the word cannot name an attachment, unless the word is written with escapes. */
static bool
may_have_attachments(const char *text, size_t length)
{
	return memmem(text, length, "\"attachments\"", 13) != NULL || memmem(text, length, "\\u", 2) != NULL;
}

ECOSYS_FUNCTION(ecosys_attachments);
Datum
ecosys_attachments(PG_FUNCTION_ARGS)
{
	struct varlena *json;
	ecosys_json_reader reader;
	ecosys_span whole;
	ecosys_span statements;
	ecosys_span element;
	listing		listing = {0};

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	json = PG_GETARG_VARLENA_PP(0);
	listing.text = VARDATA_ANY(json);
	if (!may_have_attachments(listing.text, VARSIZE_ANY_EXHDR(json)))
		return (Datum) 0;
	listing.result = (ReturnSetInfo *) fcinfo->resultinfo;
	listing.memory = AllocSetContextCreate(CurrentMemoryContext, "attachment of a statement",
										   ALLOCSET_DEFAULT_SIZES);
	if (!PG_ARGISNULL(1))
	{
		struct varlena *authority = PG_GETARG_VARLENA_PP(1);

		listing.authority_given = true;
		listing.has_authority = key_of_agent(VARDATA_ANY(authority), VARSIZE_ANY_EXHDR(authority),
											 &listing.authority);
	}

	ecosys_json_open(&reader, listing.text, VARSIZE_ANY_EXHDR(json));
	reader.progress = progress;
	ecosys_json_peek(&reader);
	ecosys_json_skip(&reader, &whole);
	if (!ecosys_json_close(&reader))
	{
		ecosys_fault fault = {.kind = reader.fault_kind};

		ereport(ERROR,
				(errcode(ecosys_fault_sqlstate(&fault, false)),
				 errmsg("invalid xAPI statements: %s", reader.fault_message)));
	}
	statements = whole;
	if (listing.text[whole.offset] == '{')
	{
		/* a StatementResult, or one statement */
		if (ecosys_json_find(listing.text + whole.offset, whole.length, "statements", &element))
		{
			statements.offset = whole.offset + element.offset;
			statements.length = element.length;
		}
		else
			put_statement(&listing, whole);
	}
	open_span(&reader, listing.text, statements);
	if (ecosys_json_peek(&reader) == ECOSYS_JSON_ARRAY && ecosys_json_enter_array(&reader))
	{
		while (ecosys_json_next_element(&reader) && ecosys_json_skip(&reader, &element))
		{
			element.offset += statements.offset;
			put_statement(&listing, element);
			CHECK_FOR_INTERRUPTS();
		}
	}
	MemoryContextDelete(listing.memory);
	return (Datum) 0;
}
