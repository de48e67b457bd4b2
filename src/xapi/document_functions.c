/*
 * document_functions.c - what SQL needs to serve documents: merging, entity
 * tags, and parameters read as strictly as the same values in a statement.
 */
#include "ecosys.h"

#include "actor/actor.h"
#include "base/iri.h"
#include "base/json_reader.h"
#include "base/timestamp.h"
#include "base/token.h"
#include "common/cryptohash.h"
#include "common/sha1.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "xapi/document_merge.h"
#include "xapi/document_tag.h"

static void *
allocate(size_t size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
}

static void
progress(void)
{
	CHECK_FOR_INTERRUPTS();
}

static struct varlena *
make_varlena(const char *bytes, size_t length)
{
	struct varlena *result;

	if (length > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the document is too large"),
				 errdetail("It takes %zu bytes; the limit is %zu.", length, (size_t) (MaxAllocSize - VARHDRSZ))));
	result = palloc(VARHDRSZ + length);
	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	return result;
}

/* Report what is wrong with a JSON text, with the rule's name as statements have it. */
static void
report_json_fault(ecosys_fault_kind kind, const char *what, const char *message)
{
	ecosys_fault fault = {.kind = kind};

	ereport(ERROR,
			(errcode(ecosys_fault_sqlstate(&fault, false)),
			 errmsg("%s: %s", what, message),
			 errdetail("at the top, rule %s", kind == ECOSYS_FAULT_RULE ? "document.object" : "json.syntax")));
}

ECOSYS_FUNCTION(ecosys_merge_document);
Datum
ecosys_merge_document(PG_FUNCTION_ARGS)
{
	const ecosys_merge_memory memory = {allocate, pfree, progress};
	struct varlena *old_document = PG_GETARG_VARLENA_PP(0);
	struct varlena *new_document = PG_GETARG_VARLENA_PP(1);
	ecosys_merge_fault fault;
	char	   *merged;
	size_t		length;
	struct varlena *result;

	if (!ecosys_document_merge(VARDATA_ANY(old_document), VARSIZE_ANY_EXHDR(old_document),
							   VARDATA_ANY(new_document), VARSIZE_ANY_EXHDR(new_document),
							   &memory, &merged, &length, &fault))
		report_json_fault(fault.kind, fault.in_new ? "the document cannot be merged" :
						  "the document that is there cannot be merged with", fault.message);
	result = make_varlena(merged, length);
	pfree(merged);
	PG_RETURN_BYTEA_P(result);
}

/* Bytes as json, proved to be JSON in UTF-8, without a copy. */
ECOSYS_FUNCTION(ecosys_json_of_bytes);
Datum
ecosys_json_of_bytes(PG_FUNCTION_ARGS)
{
	struct varlena *body = PG_GETARG_VARLENA_PP(0);
	ecosys_json_reader reader;

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("xAPI needs a database with encoding UTF8"),
				 errdetail("The encoding of this database is %s.", GetDatabaseEncodingName())));
	ecosys_json_open(&reader, VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body));
	reader.progress = progress;
	ecosys_json_skip(&reader, NULL);
	if (!ecosys_json_close(&reader))
		report_json_fault(reader.fault_kind, "the body is not JSON", reader.fault_message);
	PG_RETURN_DATUM(PointerGetDatum(body));
}

/* SHA-1 as 40 lower-case digits: the entity tag that xAPI 1.0.3 asks for. */
ECOSYS_FUNCTION(ecosys_sha1);
Datum
ecosys_sha1(PG_FUNCTION_ARGS)
{
	struct varlena *content = PG_GETARG_VARLENA_PP(0);
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA1);
	uint8		digest[SHA1_DIGEST_LENGTH];
	char		digits[2 * SHA1_DIGEST_LENGTH];
	bool		done;

	done = context != NULL && pg_cryptohash_init(context) == 0 &&
		pg_cryptohash_update(context, (uint8 *) VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content)) == 0 &&
		pg_cryptohash_final(context, digest, sizeof(digest)) == 0;
	if (context != NULL)
		pg_cryptohash_free(context);
	if (!done)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not compute SHA-1"),
				 errdetail("The cryptographic library refuses it.")));
	hex_encode((char *) digest, sizeof(digest), digits);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(digits, sizeof(digits)));
}

ECOSYS_FUNCTION(ecosys_entity_tag_listed);
Datum
ecosys_entity_tag_listed(PG_FUNCTION_ARGS)
{
	text	   *list = PG_GETARG_TEXT_PP(0);
	text	   *tag = PG_GETARG_TEXT_PP(1);

	PG_RETURN_BOOL(ecosys_document_tag_listed(VARDATA_ANY(list), VARSIZE_ANY_EXHDR(list),
											  VARDATA_ANY(tag), VARSIZE_ANY_EXHDR(tag), PG_GETARG_BOOL(2)));
}

ECOSYS_FUNCTION(ecosys_agent);
Datum
ecosys_agent(PG_FUNCTION_ARGS)
{
	text	   *object = PG_GETARG_TEXT_PP(0);
	ecosys_statement_parser *parser = ecosys_statement_parser_for(VARSIZE_ANY_EXHDR(object));
	ecosys_mention mention;
	ecosys_fault fault;
	bool		valid = ecosys_actor_parse(parser, VARDATA_ANY(object), VARSIZE_ANY_EXHDR(object), false,
										   &mention, &fault);

	ecosys_statement_parser_done();
	if (!valid)
		return ecosys_fault_report(&fault, "xAPI agent", NULL, false, NULL);
	if (mention.kind != ECOSYS_MENTION_AGENT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid xAPI agent: expected an Agent, not a Group")));
	PG_RETURN_POINTER(ecosys_actor_of_object(VARDATA_ANY(object) + mention.object.offset, mention.object.length));
}

ECOSYS_FUNCTION(ecosys_is_iri);
Datum
ecosys_is_iri(PG_FUNCTION_ARGS)
{
	text	   *iri = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(ecosys_iri_valid(VARDATA_ANY(iri), VARSIZE_ANY_EXHDR(iri)));
}

/* A timestamp as a statement may have it; NULL for any other text. */
ECOSYS_FUNCTION(ecosys_xapi_timestamp);
Datum
ecosys_xapi_timestamp(PG_FUNCTION_ARGS)
{
	text	   *spelled = PG_GETARG_TEXT_PP(0);
	int64_t		timestamp;

	if (!ecosys_timestamp_parse(VARDATA_ANY(spelled), VARSIZE_ANY_EXHDR(spelled), &timestamp))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(timestamp);
}

/* type/subtype in lower case, without parameters; NULL where there is none, or a control character. */
ECOSYS_FUNCTION(ecosys_media_type);
Datum
ecosys_media_type(PG_FUNCTION_ARGS)
{
	text	   *header = PG_GETARG_TEXT_PP(0);
	const char *start = VARDATA_ANY(header);
	const char *end = start + VARSIZE_ANY_EXHDR(header);
	const char *at;
	const char *slash;
	text	   *result;

	while (start < end && (*start == ' ' || *start == '\t'))
		start++;
	for (at = start; at < end && ecosys_is_token_character(*at);)
		at++;
	slash = at;
	if (slash == start || slash == end || *slash != '/')
		PG_RETURN_NULL();
	for (at = slash + 1; at < end && ecosys_is_token_character(*at);)
		at++;
	if (at == slash + 1 || (at < end && *at != ';' && *at != ' ' && *at != '\t'))
		PG_RETURN_NULL();
	/* the header will be sent again: no parameter may begin another one */
	for (const char *parameter = at; parameter < end; parameter++)
	{
		if (((unsigned char) *parameter < 0x20 && *parameter != '\t') || *parameter == 0x7F)
			PG_RETURN_NULL();
	}
	result = cstring_to_text_with_len(start, at - start);
	for (int i = 0; i < at - start; i++)
		VARDATA(result)[i] = ecosys_lower_ascii(VARDATA(result)[i]);
	PG_RETURN_TEXT_P(result);
}
