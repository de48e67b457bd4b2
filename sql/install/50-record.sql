-- Keys and triggers of the record tables of an ecosystem.

CREATE FUNCTION ecosys.statement_key(id uuid) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_key';
COMMENT ON FUNCTION ecosys.statement_key(uuid) IS 'The 64-bit key of a statement id, as in statements.object where the object is a StatementRef to it.';

CREATE FUNCTION ecosys.is_reference(ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_is_reference';
COMMENT ON FUNCTION ecosys.is_reference(ecosys.statement) IS 'Whether the object is a StatementRef, as of every voiding statement.';

CREATE FUNCTION ecosys.statements_fill() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_statements_fill';
COMMENT ON FUNCTION ecosys.statements_fill() IS 'Trigger before insert for each row of statements: completes the statement and fills the typed columns; passes over a statement stored before, refuses another one with its id (23505).';

CREATE FUNCTION ecosys.statements_keep() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_statements_keep';
COMMENT ON FUNCTION ecosys.statements_keep() IS 'Trigger after insert for each SQL statement on statements: keeps actors, verbs, activities, their sets and voidings, as the owner of the table.';

CREATE FUNCTION ecosys.dictionary_forget() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_dictionary_forget';
COMMENT ON FUNCTION ecosys.dictionary_forget() IS 'Trigger after delete on settled names, and after update on settings: tells all sessions that what they know of the table may be so no more.';

CREATE FUNCTION ecosys.record_statements(ecosystem regnamespace, statements json, authority json DEFAULT NULL) RETURNS SETOF uuid
    LANGUAGE c VOLATILE PARALLEL UNSAFE ROWS 10 AS 'MODULE_PATHNAME', 'ecosys_record_statements';
COMMENT ON FUNCTION ecosys.record_statements(regnamespace, json, json) IS 'What the function record of an ecosystem does: stores the statements of statement_batch, all or none; returns their ids in order.';

CREATE FUNCTION ecosys.consistent_through(ecosystem regnamespace) RETURNS timestamptz
    LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'ecosys_consistent_through';
COMMENT ON FUNCTION ecosys.consistent_through(regnamespace) IS 'A time T such that every statement of the ecosystem with stored <= T that will ever be committed is visible to a snapshot taken after the call. No privilege is needed.';

CREATE FUNCTION ecosys.changes(ecosystem regnamespace, after text DEFAULT NULL, max_rows integer DEFAULT 1000)
    RETURNS TABLE ("position" text, id uuid, stored timestamptz, statement ecosys.statement)
    LANGUAGE c VOLATILE PARALLEL RESTRICTED ROWS 1000 AS 'MODULE_PATHNAME', 'ecosys_changes';
COMMENT ON FUNCTION ecosys.changes(regnamespace, text, integer) IS 'What the function changes of an ecosystem does: statements stored after a position, in order, none later than consistent_through().';

CREATE AGGREGATE ecosys.merged_definition(json) (SFUNC = ecosys.merge_definition, STYPE = json, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecosys.merged_definition(json) IS 'Activity definitions merged in order, as merge_definition does.';
CREATE AGGREGATE ecosys.merged_language_map(json) (SFUNC = ecosys.merge_language_map, STYPE = json, PARALLEL = SAFE);
COMMENT ON AGGREGATE ecosys.merged_language_map(json) IS 'Language maps merged in order, as merge_language_map does.';

CREATE FUNCTION ecosys.settle_names(ecosystem regnamespace) RETURNS bigint
    LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_settle_names';
COMMENT ON FUNCTION ecosys.settle_names(regnamespace) IS 'Moves names in flight whose key no open transaction holds to where settled names are; returns how many rows. For the owner of the ecosystem; part of maintain().';

CREATE FUNCTION ecosys.intake_line() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_intake_line';
COMMENT ON FUNCTION ecosys.intake_line() IS 'Trigger instead of insert on intake: the line becomes a statement, or a reject.';

CREATE FUNCTION ecosys.intake_end() RETURNS trigger
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_intake_end';
COMMENT ON FUNCTION ecosys.intake_end() IS 'Trigger after insert for each SQL statement on intake: keeps actors, verbs, activities and their sets.';

CREATE FUNCTION ecosys.intake_counts(OUT stored bigint, OUT known bigint, OUT rejected bigint)
    LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'ecosys_intake_counts';
COMMENT ON FUNCTION ecosys.intake_counts() IS 'What became of the lines that this session has put into an intake since it began, rolled back or not: newly stored, stored before, rejected. Read it before and after a COPY.';
