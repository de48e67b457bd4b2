/*
 * statement_check.c - every fault of a text, as rows.
 */
#include "ecosys.h"

#include "base/fault.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

static bool
put_fault(void *arg, const ecosys_fault *fault)
{
	ReturnSetInfo *result = arg;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (fault->kind == ECOSYS_FAULT_MEMORY)
		ecosys_fault_report(fault, "xAPI statement", NULL, false, NULL);
	values[0] = CStringGetTextDatum(fault->pointer);
	values[1] = CStringGetTextDatum(fault->rule);
	values[2] = CStringGetTextDatum(fault->message);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	for (int i = 0; i < lengthof(values); i++)
		pfree(DatumGetPointer(values[i]));
	CHECK_FOR_INTERRUPTS();
	return true;
}

ECOSYS_FUNCTION(ecosys_check_statement);
Datum
ecosys_check_statement(PG_FUNCTION_ARGS)
{
	text	   *json = PG_GETARG_TEXT_PP(0);
	size_t		length = VARSIZE_ANY_EXHDR(json);

	InitMaterializedSRF(fcinfo, 0);
	ecosys_statement_check(ecosys_statement_parser_for(length), VARDATA_ANY(json), length,
						   put_fault, fcinfo->resultinfo);
	ecosys_statement_parser_done();
	return (Datum) 0;
}
