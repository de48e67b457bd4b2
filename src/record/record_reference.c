/*
 * record_reference.c - statements that refer to statements.
 *
 * The object of a StatementRef is kept as a key of the id it names, so "who
 * refers to this one" is a look-up in the index on object.
 */
#include "ecosys.h"

#include "utils/uuid.h"

#include "base/hash_key.h"
#include "statement/statement_datum.h"

ECOSYS_FUNCTION(ecosys_statement_key);
Datum
ecosys_statement_key(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(ecosys_hash_key(ECOSYS_KEY_STATEMENT, PG_GETARG_UUID_P(0)->data, UUID_LEN));
}

ECOSYS_FUNCTION(ecosys_statement_is_reference);
Datum
ecosys_statement_is_reference(PG_FUNCTION_ARGS)
{
	ecosys_statement_header facts;

	ecosys_statement_facts_of(PG_GETARG_DATUM(0), &facts);
	PG_RETURN_BOOL((facts.flags & ECOSYS_STATEMENT_OBJECT_TYPE) == ECOSYS_OBJECT_STATEMENT_REF);
}
