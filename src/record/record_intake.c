/*
 * record_intake.c - the bulk road: a view that takes lines.
 *
 * COPY learning.intake (line) FROM … gives each line to intake_line. A line
 * that is a statement goes into statements, by the caller's own rights; what
 * is no statement, or another one under a known id, goes into rejects with the
 * fault that a plain INSERT would have raised, and the load goes on.
 *
 * A line that is not UTF-8 cannot be a text: a loader hands it over in the
 * column bytes instead. Columns source and line_number say in a reject where
 * the line came from.
 */
#include "ecosys.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "base/utf8.h"
#include "record/record.h"
#include "statement/statement_datum.h"
#include "statement/statement_error.h"

/* Columns of the view; those after the first may be absent. */
enum
{
	COLUMN_LINE,
	COLUMN_BYTES,
	COLUMN_SOURCE,
	COLUMN_LINE_NUMBER,
	N_COLUMNS
};

/* What became of the lines that this session put in, rolled back or not. */
static int64 n_stored;
static int64 n_known;
static int64 n_rejected;

/* Bytes as people can read them: what is UTF-8 as it is, other bytes as \xNN. */
static text *
readable(const char *bytes, size_t length)
{
	const char *at = bytes;
	const char *end = bytes + length;
	StringInfoData result;

	initStringInfo(&result);
	while (at < end)
	{
		size_t		n = *at == '\0' ? 0 : ecosys_utf8_length(at, end);

		if (n == 0)
			appendStringInfo(&result, "\\x%02x", (unsigned char) *at++);
		else
		{
			appendBinaryStringInfo(&result, at, (int) n);
			at += n;
		}
	}
	return cstring_to_text_with_len(result.data, result.len);
}

static void
reject(Relation intake, const Datum *row, const bool *is_null, const char *sqlstate, const char *message,
	   const char *pointer, const char *rule)
{
	Oid			types[7] = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, INT8OID};
	char		nulls[7] = {' ', ' ', ' ', ' ', ' ', ' ', ' '};
	Datum		values[7] = {row[COLUMN_LINE], CStringGetTextDatum(sqlstate), CStringGetTextDatum(message),
		(Datum) 0, (Datum) 0, row[COLUMN_SOURCE], row[COLUMN_LINE_NUMBER]};

	n_rejected++;
	if (is_null[COLUMN_LINE])
	{
		bytea	   *bytes = DatumGetByteaPP(row[COLUMN_BYTES]);

		values[0] = PointerGetDatum(readable(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes)));
	}
	if (is_null[COLUMN_SOURCE])
		nulls[5] = 'n';
	if (is_null[COLUMN_LINE_NUMBER])
		nulls[6] = 'n';
	if (pointer != NULL)
		values[3] = CStringGetTextDatum(pointer);
	else
		nulls[3] = 'n';
	if (rule != NULL)
		values[4] = CStringGetTextDatum(rule);
	else
		nulls[4] = 'n';
	ecosys_record_execute(intake,
						  "INSERT INTO %s.rejects (line, sqlstate, message, pointer, rule, source, line_number)"
						  " VALUES ($1, $2, $3, $4, $5, $6, $7)",
						  7, types, values, nulls);
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
	struct varlena *line;
	Datum		row[N_COLUMNS] = {0};
	bool		is_null[N_COLUMNS] = {true, true, true, true};
	Datum		value;

	intake = trigger->tg_relation;
	for (int i = 0; i < Min(N_COLUMNS, RelationGetDescr(intake)->natts); i++)
	{
		static const Oid types[N_COLUMNS] = {TEXTOID, BYTEAOID, TEXTOID, INT8OID};

		if (TupleDescAttr(RelationGetDescr(intake), i)->atttypid != types[i])
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column %d of view \"%s\" must have type %s", i + 1, RelationGetRelationName(intake),
							format_type_be(types[i]))));
		row[i] = heap_getattr(trigger->tg_trigtuple, i + 1, RelationGetDescr(intake), &is_null[i]);
	}
	if (is_null[COLUMN_LINE] && is_null[COLUMN_BYTES])
		return PointerGetDatum(NULL);	/* an empty line */
	line = PG_DETOAST_DATUM_PACKED(row[is_null[COLUMN_LINE] ? COLUMN_BYTES : COLUMN_LINE]);
	if (VARSIZE_ANY_EXHDR(line) == 0)
		return PointerGetDatum(NULL);

	statement = ecosys_statement_try_encode(VARDATA_ANY(line), VARSIZE_ANY_EXHDR(line), &fault);
	if (statement == NULL)
	{
		reject(intake, row, is_null, unpack_sql_state(ecosys_fault_sqlstate(&fault, false)), fault.message,
			   fault.pointer, fault.rule);
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
		if (SPI_processed > 0)
			n_stored++;
		else if (!conflict.found)
			n_known++;
	}
	PG_FINALLY();
	{
		ecosys_record_conflict_place = NULL;
		ecosys_record_keep_later = false;
	}
	PG_END_TRY();
	SPI_finish();

	if (conflict.found)
		reject(intake, row, is_null, unpack_sql_state(ERRCODE_UNIQUE_VIOLATION), ECOSYS_CONFLICT_MESSAGE, NULL, NULL);
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

/* What became of the lines: COPY cannot tell, its count has all of them. */
ECOSYS_FUNCTION(ecosys_intake_counts);
Datum
ecosys_intake_counts(PG_FUNCTION_ARGS)
{
	TupleDesc	desc;
	Datum		values[3] = {Int64GetDatum(n_stored), Int64GetDatum(n_known), Int64GetDatum(n_rejected)};
	bool		nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "intake_counts must return a row");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
