/*
 * actor_op.c - comparison, hash and keys of ecosys.actor.
 *
 * Two actors are equal when their canonical IFIs are, byte for byte; the order
 * is that of the bytes.
 */
#include "ecosys.h"

#include "actor/actor.h"
#include "base/hash_key.h"
#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

static int
compare(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_PP(0);
	struct varlena *b = PG_GETARG_VARLENA_PP(1);
	size_t		a_length,
				b_length;
	const char *a_bytes = ecosys_actor_bytes(a, &a_length);
	const char *b_bytes = ecosys_actor_bytes(b, &b_length);
	int			order = memcmp(a_bytes, b_bytes, Min(a_length, b_length));

	if (order == 0)
		order = a_length < b_length ? -1 : a_length > b_length;
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return order < 0 ? -1 : order > 0;
}

#define COMPARISON(name, test) \
	ECOSYS_FUNCTION(name); \
	Datum \
	name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(compare(fcinfo) test 0); \
	}

COMPARISON(ecosys_actor_eq, ==)
COMPARISON(ecosys_actor_ne, !=)
COMPARISON(ecosys_actor_lt, <)
COMPARISON(ecosys_actor_le, <=)
COMPARISON(ecosys_actor_gt, >)
COMPARISON(ecosys_actor_ge, >=)

ECOSYS_FUNCTION(ecosys_actor_cmp);
Datum
ecosys_actor_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

ECOSYS_FUNCTION(ecosys_actor_hash);
Datum
ecosys_actor_hash(PG_FUNCTION_ARGS)
{
	struct varlena *actor = PG_GETARG_VARLENA_PP(0);
	size_t		length;
	const char *bytes = ecosys_actor_bytes(actor, &length);
	Datum		result = hash_any((const unsigned char *) bytes, length);

	PG_FREE_IF_COPY(actor, 0);
	return result;
}

ECOSYS_FUNCTION(ecosys_actor_hash_extended);
Datum
ecosys_actor_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *actor = PG_GETARG_VARLENA_PP(0);
	size_t		length;
	const char *bytes = ecosys_actor_bytes(actor, &length);
	Datum		result = hash_any_extended((const unsigned char *) bytes, length, PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(actor, 0);
	return result;
}

ECOSYS_FUNCTION(ecosys_actor_key);
Datum
ecosys_actor_key(PG_FUNCTION_ARGS)
{
	struct varlena *actor = PG_GETARG_VARLENA_PP(0);
	size_t		length;
	const char *bytes = ecosys_actor_bytes(actor, &length);

	PG_RETURN_INT64(ecosys_hash_key(ECOSYS_KEY_ACTOR, bytes, length));
}

ECOSYS_FUNCTION(ecosys_actor_key_of_email);
Datum
ecosys_actor_key_of_email(PG_FUNCTION_ARGS)
{
	text	   *address = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT64(ecosys_actor_key_mbox(VARDATA_ANY(address), VARSIZE_ANY_EXHDR(address)));
}

ECOSYS_FUNCTION(ecosys_actor_key_of_account);
Datum
ecosys_actor_key_of_account(PG_FUNCTION_ARGS)
{
	text	   *home_page = PG_GETARG_TEXT_PP(0);
	text	   *name = PG_GETARG_TEXT_PP(1);

	PG_RETURN_INT64(ecosys_actor_key_account(VARDATA_ANY(home_page), VARSIZE_ANY_EXHDR(home_page),
											 VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)));
}

/*
 * One line of text that says which IFI it is: different actors have different
 * ones, as no IRI holds a "|" or has a scheme with an underscore.
 */
ECOSYS_FUNCTION(ecosys_actor_ifi);
Datum
ecosys_actor_ifi(PG_FUNCTION_ARGS)
{
	size_t		length;
	const char *bytes = ecosys_actor_bytes(PG_GETARG_VARLENA_PP(0), &length);
	ecosys_ifi	ifi;
	StringInfoData out;

	ecosys_ifi_read(bytes, length, &ifi);
	initStringInfo(&out);
	if (ifi.kind == ECOSYS_IFI_MBOX_SHA1SUM)
		appendStringInfoString(&out, "mbox_sha1sum:");
	else if (ifi.kind == ECOSYS_IFI_OPENID)
		appendStringInfoString(&out, "openid:");
	appendBinaryStringInfo(&out, ifi.value, ifi.value_length);
	if (ifi.kind == ECOSYS_IFI_ACCOUNT)
	{
		appendStringInfoChar(&out, '|');
		appendBinaryStringInfo(&out, ifi.name, ifi.name_length);
	}
	if (memchr(out.data, '\0', out.len) != NULL || !pg_verify_mbstr(PG_UTF8, out.data, out.len, true))
		ereport(ERROR,
				(errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
				 errmsg("identifier has a character that text cannot hold"),
				 errhint("Cast the actor to json, which keeps it as an escape.")));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
