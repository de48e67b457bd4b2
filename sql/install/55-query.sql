-- Queries: the formats in which a statement is returned, and the engine of query_statements.

CREATE FUNCTION ecosys.format_exact(statement ecosys.statement) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_format_exact';
COMMENT ON FUNCTION ecosys.format_exact(ecosys.statement) IS 'The statement in xAPI''s format exact: as received, with the values of contextActivities as arrays, version present, timestamp and stored in UTC with at least milliseconds.';

CREATE FUNCTION ecosys.format_ids(statement ecosys.statement) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_format_ids';
COMMENT ON FUNCTION ecosys.format_ids(ecosys.statement) IS 'The statement in xAPI''s format ids: agents, groups, activities and verbs cut to what identifies them, else as in exact.';

CREATE FUNCTION ecosys.format_canonical(statement ecosys.statement, language text DEFAULT NULL,
    activities bigint[] DEFAULT NULL, definitions json[] DEFAULT NULL, verbs bigint[] DEFAULT NULL, displays json[] DEFAULT NULL) RETURNS json
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_format_canonical';
COMMENT ON FUNCTION ecosys.format_canonical(ecosys.statement, text, bigint[], json[], bigint[], json[]) IS 'The statement in xAPI''s format canonical: activities and verbs described as in the arrays (keys, and what is known of each; what is not there stays as it was sent), one language left of each of their language maps, chosen by an Accept-Language header; else as in exact.';

CREATE FUNCTION ecosys.json_line(statement ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_json_line';
COMMENT ON FUNCTION ecosys.json_line(ecosys.statement) IS 'The statement as received and completed, on one line: line ends between values become blanks.';

CREATE FUNCTION ecosys.canonical_definition(definition json, language text DEFAULT NULL) RETURNS json
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_canonical_definition';
COMMENT ON FUNCTION ecosys.canonical_definition(json, text) IS 'An activity''s definition with one language left of each language map, chosen by an Accept-Language header.';

CREATE FUNCTION ecosys.cursor_text(stored timestamptz, id uuid) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_cursor_text';
COMMENT ON FUNCTION ecosys.cursor_text(timestamptz, uuid) IS 'A place in the order of statements (stored, id), as query_statements takes and gives it. Texts compare as places do.';

CREATE FUNCTION ecosys.query_statements(statements regclass, agent ecosys.actor, verb text, activity text, registration uuid,
    related_agents boolean, related_activities boolean, since timestamptz, until timestamptz, max_rows integer,
    ascending boolean, format text, language text, cursor text, authority ecosys.actor)
    RETURNS TABLE (id uuid, stored timestamptz, statement json, cursor text)
    LANGUAGE c STABLE PARALLEL RESTRICTED ROWS 100 COST 1000 AS 'MODULE_PATHNAME', 'ecosys_query_statements';
COMMENT ON FUNCTION ecosys.query_statements(regclass, ecosys.actor, text, text, uuid, boolean, boolean, timestamptz, timestamptz, integer, boolean, text, text, text, ecosys.actor) IS 'What query_statements of an ecosystem calls, with its table statements.';

CREATE FUNCTION ecosys.stored_statement(statements regclass, id uuid, voided boolean, format text, language text) RETURNS json
    LANGUAGE c STABLE PARALLEL RESTRICTED COST 100 AS 'MODULE_PATHNAME', 'ecosys_stored_statement';
COMMENT ON FUNCTION ecosys.stored_statement(regclass, uuid, boolean, text, text) IS 'What statement of an ecosystem calls, with its table statements.';
