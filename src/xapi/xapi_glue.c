/*
 * xapi_glue.c - what xapi() calls: a request taken apart, the headers of a
 * response, and the secrets of clients.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* memmem */
#endif
#include "ecosys.h"

#include "access/htup_details.h"
#include "actor/actor.h"
#include "base/escaped_letter.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "statement/statement_datum.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "xapi/xapi_request.h"
#include "xapi/xapi_secret.h"


/* ---- requests ---- */

/* The columns of type ecosys.xapi_request, in order. */
typedef enum column
{
	COLUMN_STATUS,
	COLUMN_REASON,
	COLUMN_AFTER_CREDENTIALS,
	COLUMN_ALLOW,
	COLUMN_METHOD,
	COLUMN_RESOURCE,
	COLUMN_BASE,
	COLUMN_VERSION,
	COLUMN_KEY,
	COLUMN_SECRET,
	COLUMN_CONTENT_TYPE,
	COLUMN_MULTIPART,
	COLUMN_LANGUAGE,
	COLUMN_HEADERS,
	COLUMN_CONTENT,
	COLUMN_PARAMETERS,
	COLUMN_STATEMENT_ID,
	COLUMN_VOIDED,
	COLUMN_AGENT,
	COLUMN_AGENT_OBJECT,
	COLUMN_VERB,
	COLUMN_ACTIVITY,
	COLUMN_REGISTRATION,
	COLUMN_RELATED_ACTIVITIES,
	COLUMN_RELATED_AGENTS,
	COLUMN_SINCE,
	COLUMN_UNTIL,
	COLUMN_MAX_ROWS,
	COLUMN_ASCENDING,
	COLUMN_FORMAT,
	COLUMN_ATTACHMENTS,
	COLUMN_CURSOR,
	COLUMN_FILTER,
	N_COLUMNS
} column;

static void *
allocate(size_t size)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(size, 1));
}

static ecosys_xapi_text
text_argument(FunctionCallInfo fcinfo, int n, const char *otherwise)
{
	ecosys_xapi_text result = {otherwise, strlen(otherwise)};

	if (!PG_ARGISNULL(n))
	{
		struct varlena *value = PG_GETARG_VARLENA_PP(n);

		result.bytes = VARDATA_ANY(value);
		result.length = VARSIZE_ANY_EXHDR(value);
	}
	return result;
}

static void
set_text(Datum *values, bool *nulls, column column, ecosys_xapi_text text)
{
	if (text.bytes == NULL)
		return;
	values[column] = PointerGetDatum(cstring_to_text_with_len(text.bytes, text.length));
	nulls[column] = false;
}

/* The agent parameter: an Agent or identified Group. */
static struct varlena *
read_agent(ecosys_xapi_request *request)
{
	ecosys_xapi_text text = request->parameter[ECOSYS_XAPI_AGENT];
	ecosys_statement_parser *parser;
	ecosys_mention mention;
	ecosys_fault fault;
	bool		valid;
	struct varlena *actor;

	if (text.bytes == NULL || request->status != 0)
		return NULL;
	parser = ecosys_statement_parser_for(text.length);
	valid = ecosys_actor_parse(parser, text.bytes, text.length, false, &mention, &fault);
	ecosys_statement_parser_done();
	if (!valid)
	{
		ecosys_xapi_request_fail(request, 400, "the parameter agent is not an Agent or identified Group: %s",
								 fault.message);
		return NULL;
	}
	actor = ecosys_actor_of_object(text.bytes, text.length);
	if (actor == NULL)
		ecosys_xapi_request_fail(request, 400, "the parameter agent has no identifier");
	return actor;
}

/* "name": value, escaped; value must have a zero byte behind it. */
static void
append_member(StringInfo out, const char *name, const char *value)
{
	appendStringInfo(out, "%c\"%s\":", out->len == 0 ? '{' : ',', name);
	escape_json(out, value);
}

/* The parameters as an object of strings. */
static Datum
parameters_object(const ecosys_xapi_request *request)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
	{
		if (request->parameter[i].bytes != NULL)
			append_member(&out, ecosys_xapi_parameter_names[i],
						  pnstrdup(request->parameter[i].bytes, request->parameter[i].length));
	}
	appendStringInfoString(&out, out.len == 0 ? "{}" : "}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

/* The headers that were in a form of the alternate syntax, for who reads headers. */
static Datum
headers_object(const ecosys_xapi_request *request)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < ECOSYS_XAPI_N_HEADERS; i++)
	{
		if (request->header[i].bytes != NULL && i != ECOSYS_XAPI_AUTHORIZATION)
			append_member(&out, ecosys_xapi_header_names[i],
						  pnstrdup(request->header[i].bytes, request->header[i].length));
	}
	appendStringInfoString(&out, out.len == 0 ? "{}" : "}");
	return PointerGetDatum(cstring_to_text_with_len(out.data, out.len));
}

/* Most requests have no attachments, and then nothing need look for them. */
static bool
may_name_attachments(ecosys_xapi_text content)
{
	return memmem(content.bytes, content.length, "attachments", 11) != NULL ||
		ecosys_has_escaped_letter(content.bytes, content.length);
}

static const char *
version_text(ecosys_xapi_version version)
{
	return version == ECOSYS_XAPI_1_0_3 ? "1.0.3" : "2.0.0";
}

static TupleDesc
row_type(FunctionCallInfo fcinfo)
{
	TupleDesc	desc = fcinfo->flinfo->fn_extra;

	if (desc == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != N_COLUMNS)
			elog(ERROR, "xapi_read must return an xapi_request");
		desc = CreateTupleDescCopy(desc);
		MemoryContextSwitchTo(caller);
		fcinfo->flinfo->fn_extra = desc;
	}
	return desc;
}

/* xapi_read(method, path, query, headers, body) */
ECOSYS_FUNCTION(ecosys_xapi_read);
Datum
ecosys_xapi_read(PG_FUNCTION_ARGS)
{
	TupleDesc	desc = row_type(fcinfo);
	ecosys_xapi_text body = text_argument(fcinfo, 4, "");
	ecosys_xapi_request request;
	struct varlena *agent;
	Datum		values[N_COLUMNS];
	bool		nulls[N_COLUMNS];

	if (GetDatabaseEncoding() != PG_UTF8)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("xAPI needs a database with encoding UTF8"),
				 errdetail("The encoding of this database is %s.", GetDatabaseEncodingName())));
	ecosys_xapi_request_read(&request, text_argument(fcinfo, 0, ""), text_argument(fcinfo, 1, ""),
							 text_argument(fcinfo, 2, ""),
							 text_argument(fcinfo, 3, "{}"), body, allocate);
	agent = read_agent(&request);

	memset(nulls, true, sizeof(nulls));
	memset(values, 0, sizeof(values));
#define SET(column, value) (values[COLUMN_##column] = (value), nulls[COLUMN_##column] = false)
	if (request.status != 0)
	{
		SET(STATUS, Int32GetDatum(request.status));
		SET(REASON, PointerGetDatum(cstring_to_text(request.reason)));
	}
	SET(AFTER_CREDENTIALS, BoolGetDatum(request.after_credentials));
	if (request.status == 405)
		SET(ALLOW, PointerGetDatum(cstring_to_text(ecosys_xapi_methods_allowed(request.resource))));
	if (request.method != ECOSYS_XAPI_OTHER_METHOD)
		SET(METHOD, PointerGetDatum(cstring_to_text(ecosys_xapi_method_names[request.method])));
	if (request.resource != ECOSYS_XAPI_UNKNOWN)
		SET(RESOURCE, PointerGetDatum(cstring_to_text(ecosys_xapi_resource_names[request.resource])));
	SET(VERSION, PointerGetDatum(cstring_to_text(version_text(request.version))));
	if (request.has_credentials)
	{
		set_text(values, nulls, COLUMN_KEY, request.key);
		set_text(values, nulls, COLUMN_SECRET, request.secret);
	}
	set_text(values, nulls, COLUMN_CONTENT_TYPE, request.header[ECOSYS_XAPI_CONTENT_TYPE]);
	SET(MULTIPART, BoolGetDatum(request.multipart));
	set_text(values, nulls, COLUMN_LANGUAGE, request.header[ECOSYS_XAPI_ACCEPT_LANGUAGE]);
	if (request.alternate)
	{
		SET(HEADERS, headers_object(&request));
		if (request.content.bytes == NULL)
			request.content.bytes = "";
		set_text(values, nulls, COLUMN_CONTENT, request.content);
	}

	if (request.status == 0)
	{
		if (request.resource >= ECOSYS_XAPI_STATE && request.resource <= ECOSYS_XAPI_AGENT_PROFILE)
			SET(PARAMETERS, parameters_object(&request));
		if (request.parameter[ECOSYS_XAPI_STATEMENT_ID].bytes != NULL ||
			request.parameter[ECOSYS_XAPI_VOIDED_STATEMENT_ID].bytes != NULL)
		{
			SET(STATEMENT_ID, PointerGetDatum(request.statement_id));
			SET(VOIDED, BoolGetDatum(request.parameter[ECOSYS_XAPI_VOIDED_STATEMENT_ID].bytes != NULL));
		}
		if (agent != NULL)
		{
			SET(AGENT, PointerGetDatum(agent));
			set_text(values, nulls, COLUMN_AGENT_OBJECT, request.parameter[ECOSYS_XAPI_AGENT]);
		}
		set_text(values, nulls, COLUMN_VERB, request.parameter[ECOSYS_XAPI_VERB]);
		set_text(values, nulls, COLUMN_ACTIVITY, request.parameter[ECOSYS_XAPI_ACTIVITY]);
		set_text(values, nulls, COLUMN_ACTIVITY, request.parameter[ECOSYS_XAPI_ACTIVITY_ID]);
		if (request.parameter[ECOSYS_XAPI_REGISTRATION].bytes != NULL)
			SET(REGISTRATION, PointerGetDatum(request.registration));
		SET(RELATED_ACTIVITIES, BoolGetDatum(request.related_activities));
		SET(RELATED_AGENTS, BoolGetDatum(request.related_agents));
		if (request.parameter[ECOSYS_XAPI_SINCE].bytes != NULL)
			SET(SINCE, Int64GetDatum(request.since));
		if (request.parameter[ECOSYS_XAPI_UNTIL].bytes != NULL)
			SET(UNTIL, Int64GetDatum(request.until));
		SET(MAX_ROWS, Int32GetDatum(request.limit));
		SET(ASCENDING, BoolGetDatum(request.ascending));
		if (request.parameter[ECOSYS_XAPI_FORMAT].bytes != NULL)
			set_text(values, nulls, COLUMN_FORMAT, request.parameter[ECOSYS_XAPI_FORMAT]);
		else
			SET(FORMAT, PointerGetDatum(cstring_to_text("exact")));
		SET(ATTACHMENTS, BoolGetDatum(request.method <= ECOSYS_XAPI_HEAD ? request.with_attachments :
									  may_name_attachments(request.alternate ? request.content : body)));
		set_text(values, nulls, COLUMN_CURSOR, request.parameter[ECOSYS_XAPI_CURSOR]);
		if (request.resource == ECOSYS_XAPI_STATEMENTS && request.method <= ECOSYS_XAPI_HEAD)
		{
			Size		room = 1;
			char	   *filter;

			for (int i = 0; i < ECOSYS_XAPI_N_PARAMETERS; i++)
				room += 3 * request.parameter[i].length + 32;
			filter = palloc(room);
			room = ecosys_xapi_request_filter(&request, filter);
			SET(FILTER, PointerGetDatum(cstring_to_text_with_len(filter, room)));
			set_text(values, nulls, COLUMN_BASE, request.base);
		}
	}
#undef SET
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/* xapi_encode(text): percent-encoded, as a value of a query */
ECOSYS_FUNCTION(ecosys_xapi_encode_text);
Datum
ecosys_xapi_encode_text(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	char	   *result;
	size_t		length;

	if (VARSIZE_ANY_EXHDR(value) > MaxAllocSize / 4)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("text is too long to be percent-encoded")));
	result = palloc(3 * VARSIZE_ANY_EXHDR(value) + 1);
	length = ecosys_xapi_encode(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), result);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result, length));
}


/* ---- responses ---- */

/* Wed, 25 Nov 2026 09:00:00 GMT */
static void
append_http_date(StringInfo out, TimestampTz time)
{
	static const char *const day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const month_names[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
	};
	struct pg_tm tm;
	fsec_t		fraction;

	if (timestamp2tm(time, NULL, &tm, &fraction, NULL, NULL) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	appendStringInfo(out, "%s, %02d %s %04d %02d:%02d:%02d GMT",
					 day_names[j2day(date2j(tm.tm_year, tm.tm_mon, tm.tm_mday))],
					 tm.tm_mday, month_names[tm.tm_mon - 1], tm.tm_year,
					 tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* xapi_headers(status, version, content_type, consistent_through, last_modified, allow) */
ECOSYS_FUNCTION(ecosys_xapi_headers);
Datum
ecosys_xapi_headers(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	append_member(&out, "X-Experience-API-Version",
				  PG_ARGISNULL(1) ? "2.0.0" : text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (!PG_ARGISNULL(2))
		append_member(&out, "Content-Type", text_to_cstring(PG_GETARG_TEXT_PP(2)));
	if (!PG_ARGISNULL(3))
	{
		ecosys_time_style style = {.digits = 6, .zone = ECOSYS_TIME_ZULU};
		TimestampTz through = PG_GETARG_TIMESTAMPTZ(3);
		char		time[ECOSYS_TIME_SIZE];

		/* -infinity: nothing is promised yet */
		time[ecosys_time_print(ecosys_time_printable(through, style) ? through : 0, style, time)] = '\0';
		append_member(&out, "X-Experience-API-Consistent-Through", time);
	}
	if (!PG_ARGISNULL(4))
	{
		appendStringInfoString(&out, ",\"Last-Modified\":\"");
		append_http_date(&out, PG_GETARG_TIMESTAMPTZ(4));
		appendStringInfoChar(&out, '"');
	}
	if (!PG_ARGISNULL(5))
		append_member(&out, "Allow", text_to_cstring(PG_GETARG_TEXT_PP(5)));
	if (!PG_ARGISNULL(0) && PG_GETARG_INT32(0) == 401)
		append_member(&out, "WWW-Authenticate", "Basic realm=\"xAPI\", charset=\"UTF-8\"");
	appendStringInfoChar(&out, '}');
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}


/* ---- secrets ---- */

static bool
interrupted(void)
{
	return InterruptPending;
}

static void
hash_secret(const char *secret, size_t length, const ecosys_secret_verifier *verifier, uint8_t *hash)
{
	while (!ecosys_secret_hash(secret, length, verifier, hash, interrupted))
	{
		if (!InterruptPending)
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not hash a secret")));
		CHECK_FOR_INTERRUPTS();
	}
}

static void
random_bytes(void *bytes, size_t size)
{
	if (!pg_strong_random(bytes, size))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random bytes")));
}

/*
 * Successful slow checks of this backend, so that a request costs no slow hash.
 * What is kept is a hash, keyed by random bytes of this backend, of verifier and
 * secret together: a changed verifier is not found. A new one takes the place of
 * another that falls on the same slot.
 */
#define REMEMBERED 256

static struct
{
	bool		ready;
	uint8_t		key[32];
	uint8_t		tags[REMEMBERED][ECOSYS_SECRET_HASH_SIZE];
	bool		used[REMEMBERED];
}			remembered;

/* secret_matches(secret, verifier) */
ECOSYS_FUNCTION(ecosys_secret_matches);
Datum
ecosys_secret_matches(PG_FUNCTION_ARGS)
{
	text	   *secret = PG_GETARG_TEXT_PP(0);
	text	   *kept = PG_GETARG_TEXT_PP(1);
	ecosys_secret_verifier verifier;
	uint8_t		hash[ECOSYS_SECRET_HASH_SIZE];
	uint8_t		tag[ECOSYS_SECRET_HASH_SIZE];
	int			slot = 0;
	bool		matches;

	if (!ecosys_secret_verifier_read(VARDATA_ANY(kept), VARSIZE_ANY_EXHDR(kept), &verifier))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("not the verifier of a secret"),
				 errhint("Verifiers are made by secret_verifier, or by add_credential of an ecosystem.")));
	if (verifier.rounds > 0)
	{
		if (!remembered.ready)
		{
			random_bytes(remembered.key, sizeof(remembered.key));
			remembered.ready = true;
		}
		if (!ecosys_secret_tag(remembered.key, sizeof(remembered.key), VARDATA_ANY(kept), VARSIZE_ANY_EXHDR(kept),
							   VARDATA_ANY(secret), VARSIZE_ANY_EXHDR(secret), tag))
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not hash a secret")));
		slot = tag[0];
		if (remembered.used[slot] && ecosys_secret_equal(remembered.tags[slot], tag, sizeof(tag)))
			PG_RETURN_BOOL(true);
	}
	hash_secret(VARDATA_ANY(secret), VARSIZE_ANY_EXHDR(secret), &verifier, hash);
	matches = ecosys_secret_equal(hash, verifier.hash, sizeof(hash));
	if (matches && verifier.rounds > 0)
	{
		memcpy(remembered.tags[slot], tag, sizeof(tag));
		remembered.used[slot] = true;
	}
	PG_RETURN_BOOL(matches);
}

/* secret_verifier(secret, chosen) */
ECOSYS_FUNCTION(ecosys_secret_verifier_of);
Datum
ecosys_secret_verifier_of(PG_FUNCTION_ARGS)
{
	text	   *secret = PG_GETARG_TEXT_PP(0);
	ecosys_secret_verifier verifier;
	char		result[ECOSYS_SECRET_VERIFIER_SIZE];

	verifier.rounds = PG_GETARG_BOOL(1) ? ECOSYS_SECRET_ROUNDS : 0;
	random_bytes(verifier.salt, sizeof(verifier.salt));
	hash_secret(VARDATA_ANY(secret), VARSIZE_ANY_EXHDR(secret), &verifier, verifier.hash);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(result, ecosys_secret_verifier_print(&verifier, result)));
}

/* make_secret(): 32 random bytes in hexadecimal */
ECOSYS_FUNCTION(ecosys_make_secret);
Datum
ecosys_make_secret(PG_FUNCTION_ARGS)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t		bytes[32];
	char		text[2 * sizeof(bytes)];

	random_bytes(bytes, sizeof(bytes));
	for (int i = 0; i < sizeof(bytes); i++)
	{
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	explicit_bzero(bytes, sizeof(bytes));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(text, sizeof(text)));
}
