-- Queries: statements by xAPI's filters, and one by its id.

CREATE FUNCTION @ecosystem@.matching_statements(
    agent_key          bigint,
    verb_key           bigint,
    activity_key       bigint,
    registration_id    uuid,
    in_any_role        boolean,
    in_context         boolean,
    since              timestamptz,
    until              timestamptz,
    beyond_stored      timestamptz,
    beyond_id          uuid,
    max_rows           integer,
    ascending          boolean,
    authority_key      bigint)
    RETURNS TABLE (id uuid, stored timestamptz, statement ecosys.statement)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    WITH RECURSIVE matching (id) AS (
        SELECT s.id
          FROM @ecosystem@.statements s
         WHERE (agent_key IS NULL OR s.actor = agent_key
                OR CASE WHEN in_any_role THEN s.related_actors ELSE s.parties END
                   IN (SELECT t.key FROM @ecosystem@.actor_sets t WHERE t.members @> ARRAY[agent_key]))
           AND (verb_key IS NULL OR s.verb = verb_key)
           AND (activity_key IS NULL OR s.object = activity_key
                OR in_context
                   AND s.related_activities IN (SELECT t.key FROM @ecosystem@.activity_sets t WHERE t.members @> ARRAY[activity_key]))
           AND (registration_id IS NULL OR s.registration = registration_id)
        UNION
        -- what refers to a match is a match, whether the match is void or not
        SELECT r.id AS id
          FROM matching m
          JOIN @ecosystem@.statements r ON r.object = ecosys.statement_key(m.id)
         WHERE ecosys.statement_ref(r.statement) = m.id
    )
    SELECT s.id, s.stored, s.statement
      FROM @ecosystem@.statements s
     WHERE (agent_key IS NULL AND verb_key IS NULL AND activity_key IS NULL AND registration_id IS NULL
            OR s.id IN (SELECT m.id FROM matching m))
       AND (authority_key IS NULL OR s.authority = authority_key)
       AND (since IS NULL OR s.stored > since)
       AND (until IS NULL OR s.stored <= until)
       AND (beyond_stored IS NULL
            OR CASE WHEN ascending THEN (s.stored, s.id) > (beyond_stored, beyond_id) ELSE (s.stored, s.id) < (beyond_stored, beyond_id) END)
       AND NOT EXISTS (SELECT FROM @ecosystem@.voidings v
                        WHERE v.voided = s.id AND s.verb <> ecosys.verb_key('http://adlnet.gov/expapi/verbs/voided'))
     ORDER BY CASE WHEN ascending THEN s.stored END, CASE WHEN ascending THEN s.id END, s.stored DESC, s.id DESC
     LIMIT max_rows;
END;
COMMENT ON FUNCTION @ecosystem@.matching_statements(bigint, bigint, bigint, uuid, boolean, boolean, timestamptz, timestamptz, timestamptz, uuid, integer, boolean, bigint) IS
'What query_statements answers, in plain SQL and with keys: it is what query_statements runs where rows are filtered by row security, and where statements is partitioned or lacks an index. beyond_...: only what comes after that place, in the order asked for.';

CREATE FUNCTION @ecosystem@.query_statements(
    agent              ecosys.actor DEFAULT NULL,
    verb               text DEFAULT NULL,
    activity           text DEFAULT NULL,
    registration       uuid DEFAULT NULL,
    related_agents     boolean DEFAULT false,
    related_activities boolean DEFAULT false,
    since              timestamptz DEFAULT NULL,
    until              timestamptz DEFAULT NULL,
    max_rows           integer DEFAULT NULL,
    ascending          boolean DEFAULT false,
    format             text DEFAULT 'exact',
    language           text DEFAULT NULL,
    cursor             text DEFAULT NULL,
    authority          ecosys.actor DEFAULT NULL)
    RETURNS TABLE (id uuid, stored timestamptz, statement json, cursor text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100
BEGIN ATOMIC
    SELECT q.id, q.stored, q.statement, q.cursor
      FROM ecosys.query_statements(@ecosystem_literal@
'.statements'::pg_catalog.regclass, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) q;
END;
COMMENT ON FUNCTION @ecosystem@.query_statements(ecosys.actor, text, text, uuid, boolean, boolean, timestamptz, timestamptz, integer, boolean, text, text, text, ecosys.actor) IS
'Statements by xAPI''s filters, newest stored first or ascending; never voided ones; those that refer to a match through StatementRefs too. since is exclusive, until inclusive. max_rows NULL or 0: as many as ecosys.query_rows says. format: exact, ids or canonical, with language an Accept-Language header. cursor: that of a row, to go on after it. authority: only what was stored under it.';

CREATE FUNCTION @ecosystem@.statement(id uuid, voided boolean DEFAULT false, format text DEFAULT 'exact', language text DEFAULT NULL) RETURNS json
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    RETURN ecosys.stored_statement(@ecosystem_literal@
'.statements'::pg_catalog.regclass, id, voided, format, language);
COMMENT ON FUNCTION @ecosystem@.statement(uuid, boolean, text, text) IS
'The statement of that id, in format exact, ids or canonical (language: an Accept-Language header); NULL if there is none, if it is void, or, with voided, if it is not void.';
