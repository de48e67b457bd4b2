/*
 * record_intake.c - the bulk road: a view that takes lines.
 *
 * COPY learning.intake (line) FROM … gives each line to intake_line. A line
 * that is a statement goes into statements, by the caller's own rights; what
 * is no statement, or another one under a known id, goes into rejects with the
 * fault that a plain INSERT would have raised, and the load goes on.
 */
#include "ecosys.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "record/record.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"

static void
reject(Relation intake, Datum line, const char *sqlstate, const char *message, const char *pointer, const char *rule)
{
	Oid			types[5] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID};
	char		nulls[5] = {' ', ' ', ' ', ' ', ' '};
	Datum		values[5] = {line, CStringGetTextDatum(sqlstate), CStringGetTextDatum(message), (Datum) 0, (Datum) 0};

	if (pointer != NULL)
		values[3] = CStringGetTextDatum(pointer);
	else
		nulls[3] = 'n';
	if (rule != NULL)
		values[4] = CStringGetTextDatum(rule);
	else
		nulls[4] = 'n';
	ecosys_record_execute(intake, "INSERT INTO %s.rejects (line, sqlstate, message, pointer, rule) VALUES ($1, $2, $3, $4, $5)",
						  5, types, values, nulls);
}

/* The insert of one line's statement, planned once for the load and freed with the trigger's memory. */
typedef struct planned_insert
{
	MemoryContextCallback at_end;
	SPIPlanPtr	plan;
} planned_insert;

static void
free_insert(void *arg)
{
	planned_insert *insert = arg;

	if (insert->plan != NULL)
		SPI_freeplan(insert->plan);
	insert->plan = NULL;
}

static planned_insert *
plan_insert(FunctionCallInfo fcinfo, Relation intake)
{
	planned_insert *insert;
	Oid			schema = RelationGetNamespace(intake);
	Oid			table = get_relname_relid("statements", schema);
	Oid			type = ecosys_record_statement_type(fcinfo);
	SPIPlanPtr	plan;

	if (!OidIsValid(table) || get_atttype(table, get_attnum(table, "statement")) != type)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no table \"statements\" of statements beside \"%s\"", RelationGetRelationName(intake))));
	plan = SPI_prepare(psprintf("INSERT INTO %s.statements (statement) VALUES ($1)",
								quote_identifier(get_namespace_name(schema))), 1, &type);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "could not plan the intake");
	insert = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(planned_insert));
	insert->plan = plan;
	insert->at_end.func = free_insert;
	insert->at_end.arg = insert;
	MemoryContextRegisterResetCallback(fcinfo->flinfo->fn_mcxt, &insert->at_end);
	return insert;
}

ECOSYS_FUNCTION(ecosys_intake_line);
Datum
ecosys_intake_line(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = ecosys_record_trigger(fcinfo, "intake_line",
												 TRIGGER_EVENT_INSERT | TRIGGER_EVENT_ROW | TRIGGER_EVENT_INSTEAD,
												 " instead of insert for each row");
	Relation	intake;
	ecosys_fault fault;
	ecosys_record_conflict conflict = {0};
	struct varlena *statement;
	text	   *line;
	Datum		value;
	bool		isnull;

	intake = trigger->tg_relation;
	if (TupleDescAttr(RelationGetDescr(intake), 0)->atttypid != TEXTOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("first column of view \"%s\" must have type text", RelationGetRelationName(intake))));

	value = heap_getattr(trigger->tg_trigtuple, 1, RelationGetDescr(intake), &isnull);
	if (isnull)
		return PointerGetDatum(NULL);	/* an empty line */
	line = DatumGetTextPP(value);
	if (VARSIZE_ANY_EXHDR(line) == 0)
		return PointerGetDatum(NULL);

	statement = ecosys_statement_try_encode(VARDATA_ANY(line), VARSIZE_ANY_EXHDR(line), &fault);
	if (statement == NULL)
	{
		reject(intake, value, unpack_sql_state(ecosys_fault_sqlstate(&fault, false)), fault.message, fault.pointer, fault.rule);
		return PointerGetDatum(trigger->tg_trigtuple);
	}

	SPI_connect();
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = plan_insert(fcinfo, intake);
	conflict.schema = RelationGetNamespace(intake);
	ecosys_record_conflict_place = &conflict;
	ecosys_record_keep_later = true;
	PG_TRY();
	{
		value = PointerGetDatum(statement);
		if (SPI_execute_plan(((planned_insert *) fcinfo->flinfo->fn_extra)->plan, &value, NULL, false, 0) != SPI_OK_INSERT)
			elog(ERROR, "could not store a line of the intake");
	}
	PG_FINALLY();
	{
		ecosys_record_conflict_place = NULL;
		ecosys_record_keep_later = false;
	}
	PG_END_TRY();
	SPI_finish();

	if (conflict.found)
		reject(intake, PointerGetDatum(line), unpack_sql_state(ERRCODE_UNIQUE_VIOLATION), ECOSYS_CONFLICT_MESSAGE, NULL, NULL);
	return PointerGetDatum(trigger->tg_trigtuple);
}

/* At the end of the COPY or INSERT: write what all lines named. */
ECOSYS_FUNCTION(ecosys_intake_end);
Datum
ecosys_intake_end(PG_FUNCTION_ARGS)
{
	(void) ecosys_record_trigger(fcinfo, "intake_end", 0, "");
	ecosys_record_keep();
	return PointerGetDatum(NULL);
}
