/*
 * actor_io.c - text and binary input and output of ecosys.actor.
 *
 * In comes a JSON object of an Agent or an identified Group, or a bare mailto:
 * IRI; out comes an object of the IFI alone. The binary form is a version byte
 * and that object.
 */
#include "ecosys.h"

#include "actor/actor.h"
#include "base/json_reader.h"
#include "base/utf8.h"
#include "libpq/pqformat.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/builtins.h"

static const struct
{
	ecosys_ifi_kind kind;
	const char *property;
}			properties[] =
{
	{ECOSYS_IFI_MBOX, "mbox"},
	{ECOSYS_IFI_MBOX_SHA1SUM, "mbox_sha1sum"},
	{ECOSYS_IFI_OPENID, "openid"},
	{ECOSYS_IFI_ACCOUNT, "account"},
};

bool
ecosys_ifi_read(const char *canonical, size_t length, ecosys_ifi *ifi)
{
	const char *end = canonical + length;
	const char *separator = memchr(canonical, '\x1f', length);

	if (separator == NULL)
		return false;
	memset(ifi, 0, sizeof(*ifi));
	ifi->value = separator + 1;
	ifi->value_length = end - ifi->value;
	for (int i = 0; i < lengthof(properties); i++)
	{
		if (strlen(properties[i].property) != separator - canonical ||
			memcmp(properties[i].property, canonical, separator - canonical) != 0)
			continue;
		ifi->kind = properties[i].kind;
		if (ifi->kind == ECOSYS_IFI_ACCOUNT)
		{
			separator = memchr(ifi->value, '\x1f', ifi->value_length);
			if (separator == NULL)
				return false;
			ifi->value_length = separator - ifi->value;
			ifi->name = separator + 1;
			ifi->name_length = end - ifi->name;
		}
		return ifi->value_length > 0;
	}
	return false;
}

const char *
ecosys_actor_bytes(struct varlena *actor, size_t *length)
{
	const char *bytes = VARDATA_ANY(actor);
	ecosys_ifi	ifi;

	*length = VARSIZE_ANY_EXHDR(actor);
	if (*length < 1 || bytes[0] != ECOSYS_ACTOR_VERSION || !ecosys_ifi_read(bytes + 1, *length - 1, &ifi))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored actor is corrupt")));
	(*length)--;
	return bytes + 1;
}

static struct varlena *
make_actor(ecosys_ifi_kind kind, const char *value, size_t value_length, const char *name, size_t name_length)
{
	struct varlena *actor = palloc(VARHDRSZ + 1 + ECOSYS_IFI_OVERHEAD + value_length + name_length);
	size_t		length;

	VARDATA(actor)[0] = ECOSYS_ACTOR_VERSION;
	length = ecosys_actor_canonical(kind, value, value_length, name, name_length, VARDATA(actor) + 1);
	SET_VARSIZE(actor, VARHDRSZ + 1 + length);
	return actor;
}

/* A JSON string decoded into palloc'd memory. */
static char *
decode(const char *text, ecosys_span span, size_t *length)
{
	char	   *result = palloc(Max(span.length, 1));

	*length = ecosys_json_decode(text + span.offset, span.length, result);
	return result;
}

struct varlena *
ecosys_actor_of_object(const char *object, size_t length)
{
	ecosys_span value;

	for (int i = 0; i < lengthof(properties); i++)
	{
		char	   *decoded;
		char	   *name = NULL;
		size_t		decoded_length;
		size_t		name_length = 0;
		struct varlena *actor;

		if (!ecosys_json_find(object, length, properties[i].property, &value))
			continue;
		if (properties[i].kind == ECOSYS_IFI_ACCOUNT)
		{
			const char *account = object + value.offset;
			ecosys_span home_page = {0, 0};
			ecosys_span account_name = {0, 0};

			if (!ecosys_json_find(account, value.length, "homePage", &home_page) ||
				!ecosys_json_find(account, value.length, "name", &account_name))
				elog(ERROR, "account without homePage or name");
			decoded = decode(account, home_page, &decoded_length);
			name = decode(account, account_name, &name_length);
		}
		else
			decoded = decode(object, value, &decoded_length);
		actor = make_actor(properties[i].kind, decoded, decoded_length, name, name_length);
		pfree(decoded);
		if (name != NULL)
			pfree(name);
		return actor;
	}
	return NULL;
}

#define ACTOR_HINT \
	"Write the JSON object of an Agent or identified Group, or mailto: and a mail address."

/* Parse text to an actor; NULL after a soft error. */
static struct varlena *
parse_actor(const char *text, size_t length, bool bare_iri, bool binary, Node *escontext)
{
	ecosys_statement_parser *parser = ecosys_statement_parser_for(length);
	ecosys_mention mention;
	ecosys_fault fault;
	bool		valid = ecosys_actor_parse(parser, text, length, bare_iri, &mention, &fault);

	ecosys_statement_parser_done();
	if (!valid)
	{
		ecosys_fault_report(&fault, "xAPI agent", bare_iri ? ACTOR_HINT : NULL, binary, escontext);
		return NULL;
	}
	if (bare_iri && strncmp(text, "mailto:", 7) == 0)
		return make_actor(ECOSYS_IFI_MBOX, text, length, NULL, 0);
	if (mention.identifier.length == 0)
	{
		memset(&fault, 0, sizeof(fault));
		fault.kind = ECOSYS_FAULT_RULE;
		strlcpy(fault.rule, "agent.ifi", sizeof(fault.rule));
		strlcpy(fault.message, "an anonymous group has no identity of its own", sizeof(fault.message));
		ecosys_fault_report(&fault, "xAPI agent", "Give mbox, mbox_sha1sum, openid or account.", binary, escontext);
		return NULL;
	}
	return ecosys_actor_of_object(text + mention.object.offset, mention.object.length);
}

ECOSYS_FUNCTION(ecosys_actor_in);
Datum
ecosys_actor_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	struct varlena *actor = parse_actor(text, strlen(text), true, false, ECOSYS_ESCONTEXT(fcinfo));

	if (actor == NULL)
		PG_RETURN_NULL();		/* a soft error was reported */
	PG_RETURN_POINTER(actor);
}

ECOSYS_FUNCTION(ecosys_actor_from_json);
Datum
ecosys_actor_from_json(PG_FUNCTION_ARGS)
{
	char	   *object = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_POINTER(parse_actor(object, strlen(object), false, false, NULL));
}

/* Append a decoded string as JSON. Lone surrogates and controls become escapes. */
static void
print_string(StringInfo out, const char *string, size_t length)
{
	const char *end = string + length;

	appendStringInfoChar(out, '"');
	while (string < end)
	{
		unsigned char c = *string;
		size_t		size = ecosys_utf8_length(string, end);

		if (c == '"' || c == '\\')
		{
			appendStringInfoChar(out, '\\');
			appendStringInfoChar(out, c);
			string++;
		}
		else if (c < 0x20)
		{
			appendStringInfo(out, "\\u%04x", c);
			string++;
		}
		else if (size > 0)
		{
			appendBinaryStringInfo(out, string, size);
			string += size;
		}
		else if (end - string >= 3)
		{
			/* a surrogate in three bytes, as the JSON reader decodes it */
			appendStringInfo(out, "\\u%04x", (c & 0x0F) << 12 | (string[1] & 0x3F) << 6 | (string[2] & 0x3F));
			string += 3;
		}
		else
			elog(ERROR, "invalid bytes in an actor");
	}
	appendStringInfoChar(out, '"');
}

void
ecosys_actor_print(struct varlena *actor, StringInfo out)
{
	size_t		length;
	const char *canonical = ecosys_actor_bytes(actor, &length);
	ecosys_ifi	ifi;

	ecosys_ifi_read(canonical, length, &ifi);
	if (ifi.kind == ECOSYS_IFI_ACCOUNT)
	{
		appendStringInfoString(out, "{\"account\":{\"homePage\":");
		print_string(out, ifi.value, ifi.value_length);
		appendStringInfoString(out, ",\"name\":");
		print_string(out, ifi.name, ifi.name_length);
		appendStringInfoString(out, "}}");
		return;
	}
	appendStringInfo(out, "{\"%s\":", properties[ifi.kind].property);
	print_string(out, ifi.value, ifi.value_length);
	appendStringInfoChar(out, '}');
}

ECOSYS_FUNCTION(ecosys_actor_out);
Datum
ecosys_actor_out(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	ecosys_actor_print(PG_GETARG_VARLENA_PP(0), &out);
	PG_RETURN_CSTRING(out.data);
}

ECOSYS_FUNCTION(ecosys_actor_to_json);
Datum
ecosys_actor_to_json(PG_FUNCTION_ARGS)
{
	StringInfoData out;

	initStringInfo(&out);
	ecosys_actor_print(PG_GETARG_VARLENA_PP(0), &out);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

ECOSYS_FUNCTION(ecosys_actor_recv);
Datum
ecosys_actor_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	int			length;
	char	   *text;

	if (version != ECOSYS_ACTOR_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of ecosys.actor"),
				 errdetail("Version %d, expected %d.", version, ECOSYS_ACTOR_VERSION)));
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	PG_RETURN_POINTER(parse_actor(text, length, false, true, NULL));
}

ECOSYS_FUNCTION(ecosys_actor_send);
Datum
ecosys_actor_send(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	StringInfoData message;

	initStringInfo(&out);
	ecosys_actor_print(PG_GETARG_VARLENA_PP(0), &out);
	pq_begintypsend(&message);
	pq_sendbyte(&message, ECOSYS_ACTOR_VERSION);
	pq_sendtext(&message, out.data, out.len);
	pfree(out.data);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}
