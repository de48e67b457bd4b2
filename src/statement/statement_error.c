/*
 * statement_error.c - a fault as PostgreSQL tells it: SQLSTATE, message,
 * where, which rule, what to do.
 */
#include "ecosys.h"

#include "statement/statement_error.h"

int
ecosys_fault_sqlstate(const ecosys_fault *fault, bool binary)
{
	switch (fault->kind)
	{
		case ECOSYS_FAULT_DEPTH:
			return ERRCODE_STATEMENT_TOO_COMPLEX;
		case ECOSYS_FAULT_SIZE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case ECOSYS_FAULT_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case ECOSYS_FAULT_JSON:
			return binary ? ERRCODE_INVALID_BINARY_REPRESENTATION : ERRCODE_INVALID_TEXT_REPRESENTATION;
		case ECOSYS_FAULT_ENCODING:
			return binary ? ERRCODE_INVALID_BINARY_REPRESENTATION : ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
		case ECOSYS_FAULT_RULE:
			break;
	}
	return binary ? ERRCODE_INVALID_BINARY_REPRESENTATION : ERRCODE_INVALID_PARAMETER_VALUE;
}

Datum
ecosys_fault_report(const ecosys_fault *fault, const char *what, const char *hint, bool binary, Node *escontext)
{
	int			sqlstate = ecosys_fault_sqlstate(fault, binary);

	if (fault->kind == ECOSYS_FAULT_MEMORY)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("Failed while parsing an %s.", what)));
	if (fault->kind == ECOSYS_FAULT_RULE)
		ereturn(escontext, (Datum) 0,
				(errcode(sqlstate),
				 errmsg("invalid %s: %s", what, fault->message),
				 errdetail("at %s, rule %s", fault->pointer[0] ? fault->pointer : "the top", fault->rule),
				 hint ? errhint("%s", hint) : 0));
	ereturn(escontext, (Datum) 0,
			(errcode(sqlstate),
			 errmsg("invalid %s: %s", what, fault->message),
			 errdetail("at %s, byte %zu, rule %s", fault->pointer[0] ? fault->pointer : "the top",
					   fault->offset + 1, fault->rule),
			 hint ? errhint("%s", hint) : 0));
}
