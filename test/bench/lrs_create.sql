-- The shape of a store that keeps statements as JSON beside link tables, after the published schema of Yet
-- Analytics' SQL LRS on PostgreSQL: its tables, keys and indexes for statements; written anew, documents and
-- accounts left out. Payloads are json, its default.
DROP SCHEMA IF EXISTS lrs CASCADE;
CREATE SCHEMA lrs;
CREATE TYPE lrs.actor_type AS ENUM ('Agent', 'Group');
CREATE TYPE lrs.actor_usage AS ENUM ('Actor', 'Object', 'Authority', 'Instructor', 'Team', 'SubActor', 'SubObject', 'SubInstructor', 'SubTeam');
CREATE TYPE lrs.activity_usage AS ENUM ('Object', 'Category', 'Grouping', 'Parent', 'Other', 'SubObject', 'SubCategory', 'SubGrouping', 'SubParent', 'SubOther');

CREATE TABLE lrs.xapi_statement (
    id           uuid PRIMARY KEY,
    statement_id uuid NOT NULL UNIQUE,
    registration uuid,
    verb_iri     text NOT NULL,
    is_voided    boolean NOT NULL DEFAULT false,
    payload      json NOT NULL,
    "timestamp"  timestamptz,
    stored       timestamptz,
    reaction_id  uuid,
    trigger_id   uuid REFERENCES lrs.xapi_statement (statement_id)
);
CREATE INDEX ON lrs.xapi_statement (id DESC);
CREATE INDEX ON lrs.xapi_statement (verb_iri);
CREATE INDEX ON lrs.xapi_statement (registration);
CREATE INDEX ON lrs.xapi_statement (reaction_id);
CREATE INDEX ON lrs.xapi_statement (trigger_id);

CREATE TABLE lrs.actor (
    id         uuid PRIMARY KEY,
    actor_ifi  text NOT NULL,
    actor_type lrs.actor_type NOT NULL,
    payload    json NOT NULL,
    UNIQUE (actor_ifi, actor_type)
);
CREATE TABLE lrs.activity (
    id           uuid PRIMARY KEY,
    activity_iri text NOT NULL UNIQUE,
    payload      json NOT NULL
);
CREATE TABLE lrs.statement_to_actor (
    id           uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES lrs.xapi_statement (statement_id) ON DELETE CASCADE,
    usage        lrs.actor_usage NOT NULL,
    actor_ifi    text NOT NULL,
    actor_type   lrs.actor_type NOT NULL,
    FOREIGN KEY (actor_ifi, actor_type) REFERENCES lrs.actor (actor_ifi, actor_type)
);
CREATE INDEX ON lrs.statement_to_actor (statement_id);
CREATE INDEX ON lrs.statement_to_actor (actor_ifi, actor_type);
CREATE TABLE lrs.statement_to_activity (
    id           uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES lrs.xapi_statement (statement_id),
    usage        lrs.activity_usage NOT NULL,
    activity_iri text NOT NULL REFERENCES lrs.activity (activity_iri)
);
CREATE INDEX ON lrs.statement_to_activity (statement_id);
CREATE INDEX ON lrs.statement_to_activity (activity_iri);
CREATE TABLE lrs.statement_to_statement (
    id            uuid PRIMARY KEY,
    ancestor_id   uuid NOT NULL REFERENCES lrs.xapi_statement (statement_id),
    descendant_id uuid NOT NULL REFERENCES lrs.xapi_statement (statement_id)
);
CREATE INDEX ON lrs.statement_to_statement (ancestor_id);
CREATE INDEX ON lrs.statement_to_statement (descendant_id);

-- Its keys are uuids that grow with time. It makes them outside the database; this is the cheapest way inside.
CREATE SEQUENCE lrs.serial CACHE 1000;
CREATE FUNCTION lrs.next_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL UNSAFE
    RETURN encode(int8send(nextval('lrs.serial')) || '\x8000000000000000', 'hex')::uuid;
CREATE FUNCTION lrs.ifi(a jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN coalesce('account::' || (a #>> '{account,name}') || '@' || (a #>> '{account,homePage}'),
                    'mbox::' || (a ->> 'mbox'), 'mbox_sha1sum::' || (a ->> 'mbox_sha1sum'), 'openid::' || (a ->> 'openid'));

-- What it finds in statements before it writes. :chunk is a table (n bigint, doc jsonb).
CREATE UNLOGGED TABLE lrs.chunk (n bigint, statement_id uuid, doc jsonb, line text);
CREATE VIEW lrs.found_actors AS
SELECT c.n, c.statement_id, u.usage::lrs.actor_usage AS usage, lrs.ifi(a.agent) AS ifi, coalesce(a.agent ->> 'objectType', 'Agent')::lrs.actor_type AS type, a.agent
  FROM lrs.chunk c
 CROSS JOIN LATERAL (
       SELECT 'Actor' AS usage, c.doc -> 'actor' AS agent
       UNION ALL SELECT 'Object', c.doc -> 'object' WHERE c.doc #>> '{object,objectType}' IN ('Agent', 'Group')
       UNION ALL SELECT 'Authority', c.doc -> 'authority' WHERE c.doc ? 'authority'
       UNION ALL SELECT 'Instructor', c.doc #> '{context,instructor}' WHERE (c.doc -> 'context') ? 'instructor'
       UNION ALL SELECT 'Team', c.doc #> '{context,team}' WHERE (c.doc -> 'context') ? 'team'
       UNION ALL SELECT s.usage, s.agent
          FROM (VALUES ('SubActor', c.doc #> '{object,actor}'), ('SubInstructor', c.doc #> '{object,context,instructor}'), ('SubTeam', c.doc #> '{object,context,team}'),
                       ('SubObject', CASE WHEN c.doc #>> '{object,object,objectType}' IN ('Agent', 'Group') THEN c.doc #> '{object,object}' END)) s (usage, agent)
         WHERE c.doc #>> '{object,objectType}' = 'SubStatement' AND s.agent IS NOT NULL) u
 CROSS JOIN LATERAL (
       SELECT u.agent
       UNION ALL SELECT m FROM jsonb_array_elements(u.agent -> 'member') m WHERE u.agent ? 'member') a
 WHERE lrs.ifi(a.agent) IS NOT NULL;
CREATE FUNCTION lrs.as_list(a jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE jsonb_typeof(a) WHEN 'array' THEN a ELSE jsonb_build_array(a) END;
CREATE VIEW lrs.found_activities AS
SELECT c.n, c.statement_id, u.usage::lrs.activity_usage AS usage, u.activity ->> 'id' AS iri, u.activity
  FROM lrs.chunk c
 CROSS JOIN LATERAL (
       SELECT 'Object' AS usage, c.doc -> 'object' AS activity WHERE coalesce(c.doc #>> '{object,objectType}', 'Activity') = 'Activity'
       UNION ALL SELECT initcap(k.key), e FROM jsonb_each(c.doc #> '{context,contextActivities}') k CROSS JOIN LATERAL jsonb_array_elements(lrs.as_list(k.value)) e
       UNION ALL SELECT 'SubObject', c.doc #> '{object,object}'
                  WHERE c.doc #>> '{object,objectType}' = 'SubStatement' AND coalesce(c.doc #>> '{object,object,objectType}', 'Activity') = 'Activity'
       UNION ALL SELECT 'Sub' || initcap(k.key), e
                   FROM jsonb_each(c.doc #> '{object,context,contextActivities}') k CROSS JOIN LATERAL jsonb_array_elements(lrs.as_list(k.value)) e
                  WHERE c.doc #>> '{object,objectType}' = 'SubStatement') u;

-- Set by set, the kindest way to load it: 10,000 statements at a time. One difference is to its favour: an activity
-- that comes without a definition changes nothing, where SQL LRS writes the row again.
CREATE UNLOGGED TABLE lrs.lines (n bigint GENERATED ALWAYS AS IDENTITY, line text);
CREATE PROCEDURE lrs.load(first bigint, last bigint) LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE lrs.chunk;
    INSERT INTO lrs.chunk SELECT n, (doc ->> 'id')::uuid, doc, line FROM (SELECT n, line, line::jsonb AS doc FROM lrs.lines WHERE n BETWEEN first AND last OFFSET 0) l ORDER BY n;
    CREATE TEMP TABLE new_actors ON COMMIT DROP AS SELECT * FROM lrs.found_actors;
    CREATE TEMP TABLE new_activities ON COMMIT DROP AS SELECT * FROM lrs.found_activities;
    INSERT INTO lrs.xapi_statement (id, statement_id, registration, verb_iri, payload, "timestamp", stored)
    SELECT lrs.next_id(), statement_id, (doc #>> '{context,registration}')::uuid, doc #>> '{verb,id}', line::json, (doc ->> 'timestamp')::timestamptz, clock_timestamp()
      FROM lrs.chunk ORDER BY n;
    UPDATE lrs.xapi_statement s SET is_voided = true
      FROM lrs.chunk c
     WHERE c.doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided' AND s.statement_id = (c.doc #>> '{object,id}')::uuid
       AND s.verb_iri <> 'http://adlnet.gov/expapi/verbs/voided';
    INSERT INTO lrs.actor AS old (id, actor_ifi, actor_type, payload)
    SELECT lrs.next_id(), ifi, type, agent::json FROM (SELECT DISTINCT ON (ifi, type) ifi, type, agent FROM new_actors ORDER BY ifi, type, n DESC) a
        ON CONFLICT (actor_ifi, actor_type) DO UPDATE SET payload = excluded.payload WHERE (old.payload ->> 'name') IS DISTINCT FROM (excluded.payload ->> 'name');
    INSERT INTO lrs.activity AS old (id, activity_iri, payload)
    SELECT lrs.next_id(), iri, activity::json FROM (SELECT DISTINCT ON (iri) iri, activity FROM new_activities ORDER BY iri, activity ? 'definition' DESC, length(activity::text) DESC) a
        ON CONFLICT (activity_iri) DO UPDATE SET payload = (old.payload::jsonb || excluded.payload::jsonb)::json
     WHERE excluded.payload::jsonb ? 'definition' AND old.payload::jsonb -> 'definition' IS DISTINCT FROM excluded.payload::jsonb -> 'definition';
    INSERT INTO lrs.statement_to_actor (id, statement_id, usage, actor_ifi, actor_type)
    SELECT lrs.next_id(), statement_id, usage, ifi, type FROM new_actors ORDER BY n;
    INSERT INTO lrs.statement_to_activity (id, statement_id, usage, activity_iri)
    SELECT lrs.next_id(), statement_id, usage, iri FROM new_activities ORDER BY n;
    -- a reference is linked with its target and all that the target reaches
    INSERT INTO lrs.statement_to_statement (id, ancestor_id, descendant_id)
    WITH RECURSIVE reached AS (
        SELECT c.statement_id AS ancestor, (c.doc #>> '{object,id}')::uuid AS descendant
          FROM lrs.chunk c WHERE c.doc #>> '{object,objectType}' = 'StatementRef'
        UNION
        SELECT r.ancestor, coalesce(l.descendant_id, (c.doc #>> '{object,id}')::uuid)
          FROM reached r
          LEFT JOIN lrs.statement_to_statement l ON l.ancestor_id = r.descendant
          LEFT JOIN lrs.chunk c ON l.id IS NULL AND c.statement_id = r.descendant AND c.doc #>> '{object,objectType}' = 'StatementRef'
         WHERE l.id IS NOT NULL OR c.n IS NOT NULL
    )
    SELECT lrs.next_id(), ancestor, descendant FROM reached r WHERE EXISTS (SELECT FROM lrs.xapi_statement s WHERE s.statement_id = r.descendant);
    COMMIT;
END
$$;
CHECKPOINT;
