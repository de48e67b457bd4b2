-- The record side: statements as they came, and what their keys stand for.
--
-- INSERT and COPY INTO statements (statement) are the write path. A trigger in
-- C fills the other columns, completes the statement and keeps the dictionaries;
-- it writes those as the table's owner, as foreign keys do, so a writer needs
-- INSERT on statements and nothing else.

CREATE TABLE @ecosystem@.statements (
    id                 uuid NOT NULL PRIMARY KEY,
    stored             timestamptz NOT NULL,
    "timestamp"        timestamptz NOT NULL,
    actor              bigint NOT NULL,
    verb               bigint NOT NULL,
    object             bigint NOT NULL,
    related_activities bigint,
    related_actors     bigint,
    parties            bigint,
    authority          bigint,
    scaled             float8,
    raw_scaled         float8,
    duration           interval,
    registration       uuid,
    success            boolean,
    completion         boolean,
    statement          ecosys.statement NOT NULL
);
-- Rows are appended and never updated: equal keys come in stored order, so one
-- key a column, deduplicated, serves "the latest of" by a backward scan.
CREATE INDEX ON @ecosystem@.statements (actor);
CREATE INDEX ON @ecosystem@.statements (verb);
CREATE INDEX ON @ecosystem@.statements (object);
CREATE INDEX ON @ecosystem@.statements (registration) WHERE registration IS NOT NULL;
CREATE INDEX ON @ecosystem@.statements (related_activities) WHERE related_activities IS NOT NULL;
CREATE INDEX ON @ecosystem@.statements (related_actors) WHERE related_actors IS NOT NULL;
CREATE INDEX ON @ecosystem@.statements (parties) WHERE parties IS NOT NULL;
-- All statements whose object is a StatementRef, in stored order; who refers to one is found by object.
CREATE INDEX statements_references ON @ecosystem@.statements ((true)) WHERE ecosys.is_reference(statement);
CREATE INDEX ON @ecosystem@.statements USING brin (stored) WITH (pages_per_range = 32, autosummarize = on);
COMMENT ON TABLE @ecosystem@.statements IS 'xAPI statements. INSERT or COPY the column statement alone: the others fill themselves. Never updated.';
COMMENT ON COLUMN @ecosystem@.statements.id IS 'Statement id; made if the statement has none.';
COMMENT ON COLUMN @ecosystem@.statements.stored IS 'When it was stored here.';
COMMENT ON COLUMN @ecosystem@.statements."timestamp" IS 'When it happened, as the statement says; else when it was stored.';
COMMENT ON COLUMN @ecosystem@.statements.actor IS 'Key of the actor, as in actors.key; of an anonymous group a hash of its members'' keys, which parties names.';
COMMENT ON COLUMN @ecosystem@.statements.verb IS 'Key of the verb, as in verbs.key.';
COMMENT ON COLUMN @ecosystem@.statements.object IS 'Key of the object: an activity''s as in activities.key, an agent''s as in actors.key, of a StatementRef ecosys.statement_key of the id, else a hash.';
COMMENT ON COLUMN @ecosystem@.statements.related_activities IS 'Key of the set of the object and all context activities, as in activity_sets.key; NULL: the object alone.';
COMMENT ON COLUMN @ecosystem@.statements.related_actors IS 'Key of the set of all agents named in it, as in actor_sets.key; NULL: the actor alone.';
COMMENT ON COLUMN @ecosystem@.statements.parties IS 'Key of the set of the actor, of an agent or group as object, and of the members of these, as in actor_sets.key; NULL: the actor alone.';
COMMENT ON COLUMN @ecosystem@.statements.authority IS 'Key of the authority, as in actors.key.';
COMMENT ON COLUMN @ecosystem@.statements.scaled IS 'result.score.scaled, in [-1, 1].';
COMMENT ON COLUMN @ecosystem@.statements.raw_scaled IS 'Where scaled is absent: (raw - min) / (max - min) of result.score, in [0, 1].';
COMMENT ON COLUMN @ecosystem@.statements.duration IS 'result.duration.';
COMMENT ON COLUMN @ecosystem@.statements.registration IS 'context.registration.';
COMMENT ON COLUMN @ecosystem@.statements.success IS 'result.success.';
COMMENT ON COLUMN @ecosystem@.statements.completion IS 'result.completion.';
COMMENT ON COLUMN @ecosystem@.statements.statement IS 'The statement itself, as it was received and completed.';

-- What keys stand for. Two open transactions may both be the first to name
-- somebody, and neither waits for the other: one has the row in settled_…, the
-- other one in names_in_flight, until whoever comes next puts them together.
-- Read the views: they show one row a key.

CREATE TABLE @ecosystem@.settled_actors (
    key      bigint PRIMARY KEY,
    actor    ecosys.actor NOT NULL,
    name     text,
    is_group boolean NOT NULL
);
COMMENT ON TABLE @ecosystem@.settled_actors IS 'Of the view actors, all but names in flight. Read the view.';
COMMENT ON COLUMN @ecosystem@.settled_actors.key IS 'Hash of the identity, as in statements.actor.';
COMMENT ON COLUMN @ecosystem@.settled_actors.actor IS 'The identity: account, mbox, mbox_sha1sum or openid.';
COMMENT ON COLUMN @ecosystem@.settled_actors.name IS 'The name it was last seen with.';
COMMENT ON COLUMN @ecosystem@.settled_actors.is_group IS 'Whether it was first seen as a Group.';

CREATE TABLE @ecosystem@.settled_verbs (
    key     bigint PRIMARY KEY,
    iri     text NOT NULL,
    display json
);
COMMENT ON TABLE @ecosystem@.settled_verbs IS 'Of the view verbs, all but names in flight. Read the view.';
COMMENT ON COLUMN @ecosystem@.settled_verbs.key IS 'Hash of the IRI, as in statements.verb.';
COMMENT ON COLUMN @ecosystem@.settled_verbs.iri IS 'The verb''s IRI.';
COMMENT ON COLUMN @ecosystem@.settled_verbs.display IS 'Language map of what the verb is called, merged from statements.';

CREATE TABLE @ecosystem@.settled_activities (
    key        bigint PRIMARY KEY,
    iri        text NOT NULL,
    definition json
);
COMMENT ON TABLE @ecosystem@.settled_activities IS 'Of the view activities, all but names in flight. Read the view.';
COMMENT ON COLUMN @ecosystem@.settled_activities.key IS 'Hash of the IRI, as in statements.object and elements.activity_key.';
COMMENT ON COLUMN @ecosystem@.settled_activities.iri IS 'The activity''s IRI.';
COMMENT ON COLUMN @ecosystem@.settled_activities.definition IS 'Definition, merged from statements.';

CREATE TABLE @ecosystem@.settled_activity_sets (
    key     bigint PRIMARY KEY,
    members bigint[] NOT NULL
);
CREATE INDEX ON @ecosystem@.settled_activity_sets USING gin (members);
COMMENT ON TABLE @ecosystem@.settled_activity_sets IS 'Of the view activity_sets, all but sets in flight. Read the view.';
COMMENT ON COLUMN @ecosystem@.settled_activity_sets.key IS 'Hash of the members, as in statements.related_activities.';
COMMENT ON COLUMN @ecosystem@.settled_activity_sets.members IS 'Keys of the activities, sorted.';

CREATE TABLE @ecosystem@.settled_actor_sets (
    key     bigint PRIMARY KEY,
    members bigint[] NOT NULL
);
CREATE INDEX ON @ecosystem@.settled_actor_sets USING gin (members);
COMMENT ON TABLE @ecosystem@.settled_actor_sets IS 'Of the view actor_sets, all but sets in flight. Read the view.';
COMMENT ON COLUMN @ecosystem@.settled_actor_sets.key IS 'Hash of the members, as in statements.related_actors and statements.parties.';
COMMENT ON COLUMN @ecosystem@.settled_actor_sets.members IS 'Keys of the agents and groups, sorted.';

CREATE TABLE @ecosystem@.names_in_flight (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dictionary  text NOT NULL,
    key         bigint NOT NULL,
    actor       ecosys.actor,
    is_group    boolean,
    iri         text,
    members     bigint[],
    name        text,
    description json
);
CREATE INDEX ON @ecosystem@.names_in_flight (dictionary, key);
COMMENT ON TABLE @ecosystem@.names_in_flight IS 'Names written while another open transaction held the settled row of their key. Few and short-lived; maintain() settles what can be.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.id IS 'In the order of writing.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.dictionary IS 'actors, verbs, activities, activity_sets or actor_sets.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.key IS 'Key there. Several rows may have it.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.actor IS 'Of an actor: the identity.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.is_group IS 'Of an actor: whether it is a Group.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.iri IS 'Of a verb or activity: the IRI.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.members IS 'Of a set: its members.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.name IS 'Of an actor: the name.';
COMMENT ON COLUMN @ecosystem@.names_in_flight.description IS 'Of a verb or activity: display or definition.';

-- One row a key, descriptions merged. Each branch reads one table, so that joins
-- by key and searches of members use its indexes; whether anything is in flight is asked once a query.
CREATE VIEW @ecosystem@.actors WITH (security_invoker = true) AS
    SELECT k.key, k.actor,
           CASE WHEN EXISTS (SELECT FROM @ecosystem@.names_in_flight WHERE dictionary = 'actors')
                THEN coalesce((SELECT l.name FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'actors' AND l.key = k.key AND l.name IS NOT NULL ORDER BY l.id DESC LIMIT 1), k.name)
                ELSE k.name END AS name,
           k.is_group
      FROM @ecosystem@.settled_actors k
    UNION ALL
    SELECT f.key, f.actor,
           (SELECT l.name FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'actors' AND l.key = f.key AND l.name IS NOT NULL ORDER BY l.id DESC LIMIT 1) AS name,
           f.is_group
      FROM @ecosystem@.names_in_flight f
     WHERE f.dictionary = 'actors'
       AND (SELECT true FROM @ecosystem@.settled_actors k WHERE k.key = f.key) IS NULL
       AND f.id = (SELECT min(l.id) FROM @ecosystem@.names_in_flight l WHERE l.dictionary = 'actors' AND l.key = f.key);
COMMENT ON VIEW @ecosystem@.actors IS 'Agents and identified groups that statements name, one row an identity.';
COMMENT ON COLUMN @ecosystem@.actors.key IS 'Hash of the identity, as in statements.actor.';
COMMENT ON COLUMN @ecosystem@.actors.actor IS 'The identity: account, mbox, mbox_sha1sum or openid.';
COMMENT ON COLUMN @ecosystem@.actors.name IS 'The name it was last seen with.';
COMMENT ON COLUMN @ecosystem@.actors.is_group IS 'Whether it was first seen as a Group.';

CREATE VIEW @ecosystem@.verbs WITH (security_invoker = true) AS
    SELECT k.key, k.iri,
           CASE WHEN EXISTS (SELECT FROM @ecosystem@.names_in_flight WHERE dictionary = 'verbs')
                THEN ecosys.merge_language_map(k.display, (SELECT ecosys.merged_language_map(l.description ORDER BY l.id) FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'verbs' AND l.key = k.key))
                ELSE k.display END AS display
      FROM @ecosystem@.settled_verbs k
    UNION ALL
    SELECT f.key, f.iri,
           (SELECT ecosys.merged_language_map(l.description ORDER BY l.id) FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'verbs' AND l.key = f.key) AS display
      FROM @ecosystem@.names_in_flight f
     WHERE f.dictionary = 'verbs'
       AND (SELECT true FROM @ecosystem@.settled_verbs k WHERE k.key = f.key) IS NULL
       AND f.id = (SELECT min(l.id) FROM @ecosystem@.names_in_flight l WHERE l.dictionary = 'verbs' AND l.key = f.key);
COMMENT ON VIEW @ecosystem@.verbs IS 'Verbs that statements use.';
COMMENT ON COLUMN @ecosystem@.verbs.key IS 'Hash of the IRI, as in statements.verb.';
COMMENT ON COLUMN @ecosystem@.verbs.iri IS 'The verb''s IRI.';
COMMENT ON COLUMN @ecosystem@.verbs.display IS 'Language map of what the verb is called, merged from all statements.';

CREATE VIEW @ecosystem@.activities WITH (security_invoker = true) AS
    SELECT k.key, k.iri,
           CASE WHEN EXISTS (SELECT FROM @ecosystem@.names_in_flight WHERE dictionary = 'activities')
                THEN ecosys.merge_definition(k.definition, (SELECT ecosys.merged_definition(l.description ORDER BY l.id) FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'activities' AND l.key = k.key))
                ELSE k.definition END AS definition
      FROM @ecosystem@.settled_activities k
    UNION ALL
    SELECT f.key, f.iri,
           (SELECT ecosys.merged_definition(l.description ORDER BY l.id) FROM @ecosystem@.names_in_flight l
                                       WHERE l.dictionary = 'activities' AND l.key = f.key) AS definition
      FROM @ecosystem@.names_in_flight f
     WHERE f.dictionary = 'activities'
       AND (SELECT true FROM @ecosystem@.settled_activities k WHERE k.key = f.key) IS NULL
       AND f.id = (SELECT min(l.id) FROM @ecosystem@.names_in_flight l WHERE l.dictionary = 'activities' AND l.key = f.key);
COMMENT ON VIEW @ecosystem@.activities IS 'Activities that statements name, as object or in the context.';
COMMENT ON COLUMN @ecosystem@.activities.key IS 'Hash of the IRI, as in statements.object and elements.activity_key.';
COMMENT ON COLUMN @ecosystem@.activities.iri IS 'The activity''s IRI.';
COMMENT ON COLUMN @ecosystem@.activities.definition IS 'Canonical definition, merged from all statements.';

CREATE VIEW @ecosystem@.activity_sets WITH (security_invoker = true) AS
    SELECT k.key, k.members
      FROM @ecosystem@.settled_activity_sets k
    UNION ALL
    SELECT f.key, f.members
      FROM @ecosystem@.names_in_flight f
     WHERE f.dictionary = 'activity_sets'
       AND (SELECT true FROM @ecosystem@.settled_activity_sets k WHERE k.key = f.key) IS NULL
       AND f.id = (SELECT min(l.id) FROM @ecosystem@.names_in_flight l WHERE l.dictionary = 'activity_sets' AND l.key = f.key);
COMMENT ON VIEW @ecosystem@.activity_sets IS 'Which activities a statement is about, as sets: few sets stand for many statements.';
COMMENT ON COLUMN @ecosystem@.activity_sets.key IS 'Hash of the members, as in statements.related_activities.';
COMMENT ON COLUMN @ecosystem@.activity_sets.members IS 'Keys of the activities, sorted.';

CREATE VIEW @ecosystem@.actor_sets WITH (security_invoker = true) AS
    SELECT k.key, k.members
      FROM @ecosystem@.settled_actor_sets k
    UNION ALL
    SELECT f.key, f.members
      FROM @ecosystem@.names_in_flight f
     WHERE f.dictionary = 'actor_sets'
       AND (SELECT true FROM @ecosystem@.settled_actor_sets k WHERE k.key = f.key) IS NULL
       AND f.id = (SELECT min(l.id) FROM @ecosystem@.names_in_flight l WHERE l.dictionary = 'actor_sets' AND l.key = f.key);
COMMENT ON VIEW @ecosystem@.actor_sets IS 'Which agents a statement names, as sets.';
COMMENT ON COLUMN @ecosystem@.actor_sets.key IS 'Hash of the members, as in statements.related_actors and statements.parties.';
COMMENT ON COLUMN @ecosystem@.actor_sets.members IS 'Keys of the agents and groups, sorted.';

CREATE TABLE @ecosystem@.voidings (
    voided  uuid NOT NULL,
    voiding uuid NOT NULL,
    PRIMARY KEY (voided, voiding)
);
COMMENT ON TABLE @ecosystem@.voidings IS 'Which statement was voided by which. The voided one may be unknown, or come later.';
COMMENT ON COLUMN @ecosystem@.voidings.voided IS 'Id of the statement that is void.';
COMMENT ON COLUMN @ecosystem@.voidings.voiding IS 'Id of the voiding statement.';

CREATE TABLE @ecosystem@.rejects (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rejected_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    line        text NOT NULL,
    sqlstate    text NOT NULL,
    message     text NOT NULL,
    pointer     text,
    rule        text,
    source      text,
    line_number bigint
);
COMMENT ON TABLE @ecosystem@.rejects IS 'Lines that a bulk load through intake could not take, each with the reason.';
COMMENT ON COLUMN @ecosystem@.rejects.id IS 'Surrogate key.';
COMMENT ON COLUMN @ecosystem@.rejects.rejected_at IS 'When the line was refused.';
COMMENT ON COLUMN @ecosystem@.rejects.line IS 'The line as it came; bytes that are not UTF-8 as \xNN.';
COMMENT ON COLUMN @ecosystem@.rejects.sqlstate IS 'SQLSTATE that a plain INSERT would have failed with.';
COMMENT ON COLUMN @ecosystem@.rejects.message IS 'What is wrong.';
COMMENT ON COLUMN @ecosystem@.rejects.pointer IS 'JSON pointer to the place; NULL: the statement as a whole.';
COMMENT ON COLUMN @ecosystem@.rejects.rule IS 'Rule that it breaks, as in check_statement.';
COMMENT ON COLUMN @ecosystem@.rejects.source IS 'File that it came from, if whoever loaded it has said so.';
COMMENT ON COLUMN @ecosystem@.rejects.line_number IS 'Line of that file on which it begins, from 1.';

CREATE TRIGGER a_fill BEFORE INSERT ON @ecosystem@.statements
    FOR EACH ROW EXECUTE FUNCTION ecosys.statements_fill();
COMMENT ON TRIGGER a_fill ON @ecosystem@.statements IS 'Completes the statement and fills the typed columns.';
CREATE TRIGGER b_keep AFTER INSERT ON @ecosystem@.statements
    FOR EACH STATEMENT EXECUTE FUNCTION ecosys.statements_keep();
COMMENT ON TRIGGER b_keep ON @ecosystem@.statements IS 'Keeps actors, verbs, activities, their sets and voidings.';

CREATE FUNCTION @ecosystem@.refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owned boolean;
BEGIN
    SELECT pg_has_role(relowner, 'MEMBER') INTO owned FROM pg_class WHERE oid = TG_RELID;
    IF TG_OP = 'UPDATE' OR NOT owned THEN
        RAISE EXCEPTION 'statements cannot be changed or removed'
            USING ERRCODE = '42501',
                  DETAIL = format('%s on %I.%I was refused.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
                  HINT = 'To take a statement back, store one that voids it; only the owner of the table may delete rows.';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION @ecosystem@.refuse_change() IS 'Trigger: statements are never updated, and deleted only by the owner of their table.';
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON @ecosystem@.statements
    FOR EACH STATEMENT EXECUTE FUNCTION @ecosystem@.refuse_change();
COMMENT ON TRIGGER refuse_change ON @ecosystem@.statements IS 'Never updated; deleted only by the owner.';
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON @ecosystem@.voidings
    FOR EACH STATEMENT EXECUTE FUNCTION @ecosystem@.refuse_change();
COMMENT ON TRIGGER refuse_change ON @ecosystem@.voidings IS 'Never updated; deleted only by the owner.';

-- Sessions remember which dictionary rows exist; whoever removes some must tell them.
CREATE TRIGGER forget AFTER DELETE ON @ecosystem@.settled_actors FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settled_actors IS 'Tells all sessions that keys they know may be gone.';
CREATE TRIGGER forget AFTER DELETE ON @ecosystem@.settled_verbs FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settled_verbs IS 'Tells all sessions that keys they know may be gone.';
CREATE TRIGGER forget AFTER DELETE ON @ecosystem@.settled_activities FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settled_activities IS 'Tells all sessions that keys they know may be gone.';
CREATE TRIGGER forget AFTER DELETE ON @ecosystem@.settled_activity_sets FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settled_activity_sets IS 'Tells all sessions that keys they know may be gone.';
CREATE TRIGGER forget AFTER DELETE ON @ecosystem@.settled_actor_sets FOR EACH STATEMENT EXECUTE FUNCTION ecosys.dictionary_forget();
COMMENT ON TRIGGER forget ON @ecosystem@.settled_actor_sets IS 'Tells all sessions that keys they know may be gone.';

CREATE FUNCTION @ecosystem@.maintain() RETURNS bigint
    LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
    SELECT pg_catalog.brin_summarize_new_values(i.indexrelid)
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = c.relam
     WHERE m.amname = 'brin' AND c.relkind = 'i'
       AND i.indrelid IN (SELECT (@ecosystem_literal@ || '.statements')::pg_catalog.regclass AS relid
                          UNION ALL
                          SELECT relid FROM pg_catalog.pg_partition_tree((@ecosystem_literal@ || '.statements')::pg_catalog.regclass) WHERE isleaf);
    SELECT pg_catalog.gin_clean_pending_list((@ecosystem_literal@ || '.settled_activity_sets_members_idx')::pg_catalog.regclass);
    SELECT pg_catalog.gin_clean_pending_list((@ecosystem_literal@ || '.settled_actor_sets_members_idx')::pg_catalog.regclass);
    SELECT ecosys.settle_names(@ecosystem_literal@::pg_catalog.regnamespace);
END;
COMMENT ON FUNCTION @ecosystem@.maintain() IS 'Tidies up: settles names that open transactions kept in flight, and brings the indexes on stored and on members of sets up to date. Idempotent, safe at any time, needed by nothing for correctness. For the owner. Returns how many names were settled.';

CREATE VIEW @ecosystem@.intake AS
    SELECT NULL::text AS line, NULL::bytea AS bytes, NULL::text AS source, NULL::bigint AS line_number WHERE false;
COMMENT ON VIEW @ecosystem@.intake IS 'The bulk road: COPY one statement a line into it. Good lines become statements, the others rejects.';
COMMENT ON COLUMN @ecosystem@.intake.line IS 'JSON text of one statement.';
COMMENT ON COLUMN @ecosystem@.intake.bytes IS 'In its place, where line is NULL: bytes that may not be UTF-8 and then become a reject.';
COMMENT ON COLUMN @ecosystem@.intake.source IS 'Where the line comes from, for rejects; may be left out.';
COMMENT ON COLUMN @ecosystem@.intake.line_number IS 'Its line there, for rejects; may be left out.';
CREATE TRIGGER a_take INSTEAD OF INSERT ON @ecosystem@.intake
    FOR EACH ROW EXECUTE FUNCTION ecosys.intake_line();
COMMENT ON TRIGGER a_take ON @ecosystem@.intake IS 'The line becomes a statement, or a reject.';
CREATE TRIGGER b_keep AFTER INSERT ON @ecosystem@.intake
    FOR EACH STATEMENT EXECUTE FUNCTION ecosys.intake_end();
COMMENT ON TRIGGER b_keep ON @ecosystem@.intake IS 'Keeps actors, verbs, activities and their sets.';

CREATE VIEW @ecosystem@.live_statements WITH (security_invoker = true) AS
    SELECT s.*
      FROM @ecosystem@.statements s
     WHERE NOT EXISTS (SELECT FROM @ecosystem@.voidings v
                        WHERE v.voided = s.id
                          AND s.verb <> ecosys.verb_key('http://adlnet.gov/expapi/verbs/voided'));
COMMENT ON VIEW @ecosystem@.live_statements IS 'Statements that are not void. A voiding statement cannot be voided.';
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT a.attname, pg_catalog.col_description(a.attrelid, a.attnum) AS comment
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = (@ecosystem_literal@ || '.statements')::pg_catalog.regclass AND a.attnum > 0 LOOP
        EXECUTE pg_catalog.format('COMMENT ON COLUMN %s.live_statements.%I IS %L', @ecosystem_literal@, c.attname, c.comment);
    END LOOP;
END
$$;

-- In plpgsql, which keeps its plans for the session.
CREATE FUNCTION @ecosystem@.record(statements json, authority json DEFAULT NULL) RETURNS SETOF uuid
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.id FROM ecosys.record_statements(@ecosystem_literal@::pg_catalog.regnamespace, statements, authority) r (id);
END
$$;
COMMENT ON FUNCTION @ecosystem@.record(json, json) IS 'Stores one statement, or an array of them all or none, under an authority (an Agent, or a Group of two); returns their ids in order. A statement stored before is accepted and changes nothing; another one with its id is error 23505.';

CREATE FUNCTION @ecosystem@.consistent_through() RETURNS timestamptz
    LANGUAGE sql VOLATILE PARALLEL RESTRICTED
    RETURN ecosys.consistent_through(@ecosystem_literal@::pg_catalog.regnamespace);
COMMENT ON FUNCTION @ecosystem@.consistent_through() IS 'A time T such that every statement with stored <= T that will ever be committed is visible to a snapshot taken after the call. Call it in an SQL statement before the one that reads. Not in repeatable read or serializable transactions (0A000), nor on a standby.';

CREATE FUNCTION @ecosystem@.changes(after text DEFAULT NULL, max_rows integer DEFAULT 1000)
    RETURNS TABLE ("position" text, id uuid, stored timestamptz, statement ecosys.statement)
    LANGUAGE sql VOLATILE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT c."position", c.id, c.stored, c.statement
      FROM ecosys.changes(@ecosystem_literal@::pg_catalog.regnamespace, after, max_rows) c;
END;
COMMENT ON FUNCTION @ecosystem@.changes(text, integer) IS 'The change feed: statements stored after a position (NULL: from the first one), in order, at most max_rows. Go on from the position of the last row: nothing is missed and nothing comes twice, whoever stores meanwhile. Voided and voiding statements are in it. Not in repeatable read or serializable transactions, nor on a standby.';
