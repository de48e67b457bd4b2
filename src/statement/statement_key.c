/*
 * statement_key.c - the 64-bit keys of IRIs, for SQL.
 *
 * See base/hash_key.h for what a key is. Actors have their own type and
 * their key function beside it.
 */
#include "ecosys.h"

#include "base/hash_key.h"

ECOSYS_FUNCTION(ecosys_activity_key);
Datum
ecosys_activity_key(PG_FUNCTION_ARGS)
{
	text	   *iri = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT64(ecosys_hash_key(ECOSYS_KEY_ACTIVITY, VARDATA_ANY(iri), VARSIZE_ANY_EXHDR(iri)));
}

ECOSYS_FUNCTION(ecosys_verb_key);
Datum
ecosys_verb_key(PG_FUNCTION_ARGS)
{
	text	   *iri = PG_GETARG_TEXT_PP(0);

	PG_RETURN_INT64(ecosys_hash_key(ECOSYS_KEY_VERB, VARDATA_ANY(iri), VARSIZE_ANY_EXHDR(iri)));
}
