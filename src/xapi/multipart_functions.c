/*
 * multipart_functions.c - bodies of multipart/mixed as rows, and rows as a body.
 */
#include "ecosys.h"

#include "base/json_reader.h"
#include "base/token.h"
#include "base/utf8.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "xapi/multipart.h"

static void
report_malformed(const char *fault)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("malformed multipart body: %s", fault)));
}

/* Append a header's value as a JSON string; false if it has characters that no header may have. */
static bool
append_value(StringInfo json, const char *at, const char *end)
{
	appendStringInfoChar(json, '"');
	while (at < end)
	{
		size_t		length = ecosys_utf8_length(at, end);

		if (length == 0)
			return false;
		if (*at == '\r' || *at == '\n')
		{
			/* a fold stands for one blank, with those that begin the next line */
			while (at < end && (*at == '\r' || *at == '\n' || *at == ' ' || *at == '\t'))
				at++;
			appendStringInfoChar(json, ' ');
			continue;
		}
		if (((unsigned char) *at < 0x20 && *at != '\t') || *at == 0x7F)
			return false;
		if (*at == '\t')
			appendStringInfoString(json, "\\t");
		else
		{
			if (*at == '"' || *at == '\\')
				appendStringInfoChar(json, '\\');
			appendBinaryStringInfo(json, at, length);
		}
		at += length;
	}
	appendStringInfoChar(json, '"');
	return true;
}

/* The headers of a part as a JSON object, names in lower case. */
static text *
headers_of(ecosys_multipart *reader, ecosys_multipart_part *part)
{
	StringInfoData json;
	ecosys_multipart_header header;
	ecosys_multipart_header earlier[64];
	int			n = 0;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	while (ecosys_multipart_next_header(reader, part, &header))
	{
		if (n == lengthof(earlier))
			report_malformed("a part has more than 64 headers");
		for (int i = 0; i < n; i++)
		{
			if (ecosys_equal_ignoring_case(reader->body + earlier[i].name, earlier[i].name_length,
										   reader->body + header.name, header.name_length))
				report_malformed("a part has two headers of the same name");
		}
		earlier[n++] = header;
		appendStringInfoString(&json, n > 1 ? ",\"" : "\"");
		for (size_t i = 0; i < header.name_length; i++)
			appendStringInfoChar(&json, ecosys_lower_ascii(reader->body[header.name + i]));
		appendStringInfoString(&json, "\":");
		if (!append_value(&json, reader->body + header.value, reader->body + header.value + header.value_length))
			report_malformed("a header of a part has a control character or is not UTF-8");
	}
	if (reader->fault != NULL)
		report_malformed(reader->fault);
	appendStringInfoChar(&json, '}');
	return cstring_to_text_with_len(json.data, json.len);
}

ECOSYS_FUNCTION(ecosys_multipart_parts);
Datum
ecosys_multipart_parts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	text	   *content_type;
	struct varlena *body;
	ecosys_multipart reader;
	ecosys_multipart_part part;
	MemoryContext memory;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	content_type = PG_GETARG_TEXT_PP(0);
	body = PG_GETARG_VARLENA_PP(1);
	memory = AllocSetContextCreate(CurrentMemoryContext, "part of a multipart body", ALLOCSET_DEFAULT_SIZES);
	ecosys_multipart_open(&reader, VARDATA_ANY(content_type), VARSIZE_ANY_EXHDR(content_type),
						  VARDATA_ANY(body), VARSIZE_ANY_EXHDR(body));
	while (ecosys_multipart_next(&reader, &part))
	{
		MemoryContext caller = MemoryContextSwitchTo(memory);
		Datum		values[3];
		bool		nulls[3] = {false, false, false};
		struct varlena *content = palloc(VARHDRSZ + part.content_length);

		SET_VARSIZE(content, VARHDRSZ + part.content_length);
		memcpy(VARDATA(content), reader.body + part.content, part.content_length);
		values[0] = Int32GetDatum((int32) reader.n_parts);
		values[1] = PointerGetDatum(headers_of(&reader, &part));
		values[2] = PointerGetDatum(content);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(memory);
		CHECK_FOR_INTERRUPTS();
	}
	if (reader.fault != NULL)
		report_malformed(reader.fault);
	MemoryContextDelete(memory);
	return (Datum) 0;
}

/* ---- writing ---- */

static void
report_headers(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("cannot write a multipart body: %s", what)));
}

/* Append lines of headers from a JSON object of strings. */
static void
append_headers(StringInfo lines, struct varlena *json)
{
	ecosys_json_reader reader;
	ecosys_json_string key;
	ecosys_json_string value;

	ecosys_json_open(&reader, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
	if (ecosys_json_peek(&reader) != ECOSYS_JSON_OBJECT)
		report_headers("headers are not a JSON object");
	ecosys_json_enter_object(&reader);
	while (ecosys_json_next_member(&reader, &key) && ecosys_json_read_string(&reader, &value))
	{
		int			start = lines->len;
		size_t		length;

		enlargeStringInfo(lines, key.span.length);
		length = ecosys_json_decode(reader.text + key.span.offset, key.span.length, lines->data + lines->len);
		lines->len += length;
		for (int i = start; i < lines->len; i++)
		{
			if (!ecosys_is_token_character(lines->data[i]))
				report_headers("the name of a header has a character that it may not have");
		}
		if (length == 0)
			report_headers("a header has no name");
		appendStringInfoString(lines, ": ");
		start = lines->len;
		enlargeStringInfo(lines, value.span.length);
		lines->len += ecosys_json_decode(reader.text + value.span.offset, value.span.length,
										 lines->data + lines->len);
		for (int i = start; i < lines->len; i++)
		{
			if (((unsigned char) lines->data[i] < 0x20 && lines->data[i] != '\t') || lines->data[i] == 0x7F)
				report_headers("the value of a header has a control character");
		}
		appendStringInfoString(lines, "\r\n");
	}
	if (!ecosys_json_close(&reader))
		report_headers("headers are not a JSON object of strings");
}

/* The elements of an array argument, none of them NULL. */
static Datum *
elements_of(ArrayType *array, int *n)
{
	Datum	   *elements;
	bool	   *nulls;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_INT, &elements, &nulls, n);
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			report_headers("a part is NULL");
	}
	return elements;
}

ECOSYS_FUNCTION(ecosys_multipart_body);
Datum
ecosys_multipart_body(PG_FUNCTION_ARGS)
{
	text	   *boundary = PG_GETARG_TEXT_PP(0);
	const char *boundary_bytes = VARDATA_ANY(boundary);
	size_t		boundary_length = VARSIZE_ANY_EXHDR(boundary);
	int			n,
				n_contents;
	Datum	   *headers = elements_of(PG_GETARG_ARRAYTYPE_P(1), &n);
	Datum	   *contents = elements_of(PG_GETARG_ARRAYTYPE_P(2), &n_contents);
	ecosys_multipart_piece *header_pieces;
	ecosys_multipart_piece *content_pieces;
	size_t		size;
	struct varlena *result;

	if (!ecosys_multipart_boundary_valid(boundary_bytes, boundary_length))
		report_headers("this cannot be a boundary");
	if (n == 0 || n != n_contents)
		report_headers("it takes one part or more, each with headers and a content");
	header_pieces = palloc(n * sizeof(ecosys_multipart_piece));
	content_pieces = palloc(n * sizeof(ecosys_multipart_piece));
	for (int i = 0; i < n; i++)
	{
		StringInfoData lines;
		struct varlena *content = PG_DETOAST_DATUM_PACKED(contents[i]);

		initStringInfo(&lines);
		append_headers(&lines, PG_DETOAST_DATUM_PACKED(headers[i]));
		header_pieces[i].bytes = lines.data;
		header_pieces[i].length = lines.len;
		content_pieces[i].bytes = VARDATA_ANY(content);
		content_pieces[i].length = VARSIZE_ANY_EXHDR(content);
		if (ecosys_multipart_boundary_in(boundary_bytes, boundary_length,
										 content_pieces[i].bytes, content_pieces[i].length))
			report_headers("the boundary occurs in a part");
		CHECK_FOR_INTERRUPTS();
	}
	size = ecosys_multipart_size(boundary_length, header_pieces, content_pieces, n);
	if (size > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the multipart body is too large"),
				 errdetail("The limit is %zu bytes.", (size_t) (MaxAllocSize - VARHDRSZ))));
	result = palloc(VARHDRSZ + size);
	SET_VARSIZE(result, VARHDRSZ + size);
	ecosys_multipart_write(VARDATA(result), boundary_bytes, boundary_length, header_pieces, content_pieces, n);
	PG_RETURN_BYTEA_P(result);
}
