/*
 * signature_functions.c - is a signature that of this statement?
 */
#include "ecosys.h"

#include "base/json_reader.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "statement/statement_canonical.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/memutils.h"
#include "xapi/attachment.h"
#include "xapi/signature.h"

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

static void
report_bad(const char *fault, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid signature: %s", fault),
			 detail ? errdetail("%s", detail) : 0,
			 errhint("Sign, as a JWS in compact form by RS256, RS384 or RS512, the statement without the signature.")));
}

/* Append the elements that are no signatures; false if none is left. */
static bool
append_other_attachments(StringInfo out, const char *array, size_t length)
{
	ecosys_json_reader reader;
	ecosys_span element;
	bool		any = false;

	ecosys_json_open(&reader, array, length);
	ecosys_json_enter_array(&reader);
	while (ecosys_json_next_element(&reader) && ecosys_json_skip(&reader, &element))
	{
		if (ecosys_attachment_is_signature(array + element.offset, element.length))
			continue;
		appendStringInfoChar(out, any ? ',' : '[');
		appendBinaryStringInfo(out, array + element.offset, element.length);
		any = true;
	}
	if (any)
		appendStringInfoChar(out, ']');
	return any;
}

/*
 * The text of a valid statement as it was before it was signed: without its
 * signatures, and without an array of attachments that is left empty.
 */
static void
unsigned_statement(StringInfo out, const char *text, size_t length)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_span value;

	initStringInfo(out);
	appendStringInfoChar(out, '{');
	ecosys_json_open(&reader, text, length);
	ecosys_json_enter_object(&reader);
	while (ecosys_json_next_member(&reader, &key) && ecosys_json_skip(&reader, &value))
	{
		int			before = out->len;

		if (out->len > 1)
			appendStringInfoChar(out, ',');
		appendBinaryStringInfo(out, text + key.span.offset, key.span.length);
		appendStringInfoChar(out, ':');
		if (!ecosys_json_string_is(text + key.span.offset, key.span.length, "attachments"))
			appendBinaryStringInfo(out, text + value.offset, value.length);
		else if (!append_other_attachments(out, text + value.offset, value.length))
			out->len = before;
	}
	appendStringInfoChar(out, '}');
}

static bool
is_statement(const char *text, size_t length, ecosys_fault *fault)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_for(length);
	ecosys_statement_facts facts;
	bool		valid = ecosys_statement_parse(parser, text, length, &facts, fault);

	ecosys_statement_parser_done();
	return valid;
}

ECOSYS_FUNCTION(ecosys_check_signature);
Datum
ecosys_check_signature(PG_FUNCTION_ARGS)
{
	const ecosys_signature_memory signature_memory = {allocate, pfree};
	const ecosys_comparison_memory comparison_memory = {allocate, pfree, progress};
	struct varlena *statement = PG_GETARG_VARLENA_PP(0);
	struct varlena *signature = PG_GETARG_VARLENA_PP(1);
	ecosys_signature_verdict verdict;
	ecosys_fault fault;
	const char *signature_fault;
	char	   *payload;
	size_t		payload_length;
	StringInfoData received;
	StringInfoData signed_text;
	int			order;

	if (!is_statement(VARDATA_ANY(statement), VARSIZE_ANY_EXHDR(statement), &fault))
		return ecosys_fault_report(&fault, "xAPI statement", ECOSYS_STATEMENT_HINT, false, NULL);
	verdict = ecosys_signature_check(VARDATA_ANY(signature), VARSIZE_ANY_EXHDR(signature), &signature_memory,
									 &payload, &payload_length, &signature_fault);
	if (verdict == ECOSYS_SIGNATURE_BAD)
		report_bad(signature_fault, NULL);
	if (!is_statement(payload, payload_length, &fault))
		report_bad("what it signs is not a valid statement", fault.message);
	unsigned_statement(&received, VARDATA_ANY(statement), VARSIZE_ANY_EXHDR(statement));
	unsigned_statement(&signed_text, payload, payload_length);
	if (!ecosys_statement_compare(received.data, received.len, signed_text.data, signed_text.len,
								  ECOSYS_COMPARE_XAPI, &comparison_memory, &order))
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed while comparing statements.")));
	if (order != 0)
		report_bad("what it signs is another statement", NULL);
	pfree(payload);
	pfree(received.data);
	pfree(signed_text.data);
	PG_RETURN_BOOL(verdict == ECOSYS_SIGNATURE_PROVED);
}
