-- query_statements answers the same as matching_statements (plain SQL) and as a
-- definition over the JSON of the statements, for random filters over random
-- statements: groups, SubStatements, StatementRefs to StatementRefs, in circles
-- and to statements that come later or never, voided ones, and a table in which
-- space was used again, so that it is far from stored order.
SET client_min_messages = warning;
SELECT plan(13);
SELECT ecosys.create_ecosystem('learning');
SELECT setseed(0.20261124);

-- small ranges, so that there are many
DROP INDEX learning.statements_stored_idx;
CREATE INDEX ON learning.statements USING brin (stored) WITH (pages_per_range = 2);

CREATE FUNCTION pick(n integer) RETURNS integer LANGUAGE sql VOLATILE AS 'SELECT floor(random() * n)::integer';
CREATE FUNCTION agent(n integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE n % 4 WHEN 0 THEN jsonb_build_object('mbox', format('mailto:a%s@example.com', n), 'name', 'A')
                      WHEN 1 THEN jsonb_build_object('account', jsonb_build_object('homePage', 'http://hr.example.com', 'name', 'a' || n), 'objectType', 'Agent')
                      WHEN 2 THEN jsonb_build_object('openid', 'http://id.example.com/' || n)
                      ELSE jsonb_build_object('mbox_sha1sum', encode(sha1.d, 'hex')) END
      FROM (SELECT substr(sha256(n::text::bytea), 1, 20) AS d) sha1
$$;
CREATE FUNCTION a_group() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('objectType', 'Group', 'member', jsonb_build_array(agent(pick(12)), agent(pick(12))))
           || CASE pick(2) WHEN 0 THEN '{}' ELSE jsonb_build_object('mbox', format('mailto:team%s@example.com', pick(3))) END
$$;
CREATE FUNCTION someone() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN random() < 0.8 THEN agent(floor(random() * random() * 12)::integer) ELSE a_group() END
$$;
CREATE FUNCTION activity(n integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('id', 'http://example.com/a/' || n) $$;
CREATE FUNCTION id_of(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0')) $$;
CREATE FUNCTION an_activity() RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT activity(floor(random() * random() * 60)::integer) $$;
CREATE FUNCTION a_context(mention integer) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN random() < 0.3 THEN jsonb_build_object('contextActivities',
               jsonb_build_object('parent', an_activity(), 'grouping', jsonb_build_array(an_activity(), activity(pick(300))))) ELSE '{}' END
        || CASE WHEN random() < 0.1 THEN jsonb_build_object('instructor', someone()) ELSE '{}' END
        || CASE WHEN random() < 0.1 THEN jsonb_build_object('team', a_group()) ELSE '{}' END
        || CASE WHEN random() < 0.05 THEN jsonb_build_object('contextAgents', jsonb_build_array(jsonb_build_object('objectType', 'contextAgent', 'agent', agent(pick(12)), 'relevantTypes', '["http://example.com/t"]'::jsonb))) ELSE '{}' END
        || CASE WHEN random() < 0.05 THEN jsonb_build_object('statement', jsonb_build_object('objectType', 'StatementRef', 'id', id_of(mention))) ELSE '{}' END
        || CASE WHEN random() < 0.5 THEN jsonb_build_object('registration', format('00000000-0000-4000-9000-%s', lpad(floor(random() * random() * 40)::text, 12, '0'))) ELSE '{}' END
$$;
CREATE FUNCTION an_object(of integer) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN r < 0.7 THEN an_activity()
                WHEN r < 0.75 THEN '{"objectType": "Agent"}'::jsonb || agent(pick(12))
                WHEN r < 0.8 THEN a_group()
                WHEN r < 0.85 THEN jsonb_build_object('objectType', 'SubStatement', 'actor', someone(), 'verb', jsonb_build_object('id', 'http://example.com/v/' || pick(6)),
                                                      'object', CASE pick(3) WHEN 0 THEN '{"objectType": "Agent"}'::jsonb || agent(pick(12)) ELSE an_activity() END,
                                                      'context', a_context(of) - 'registration')
                -- before, after (and later than all), itself
                ELSE jsonb_build_object('objectType', 'StatementRef', 'id', id_of(greatest(0, of - 30 + pick(60)))) END
      FROM random() r
$$;
CREATE FUNCTION a_statement(of integer) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('id', id_of(of), 'actor', someone(), 'context', a_context(pick(of + 1)))
        || CASE WHEN random() < 0.06
                THEN jsonb_build_object('verb', '{"id": "http://adlnet.gov/expapi/verbs/voided"}'::jsonb,
                                        'object', jsonb_build_object('objectType', 'StatementRef', 'id', id_of(greatest(0, of - 40 + pick(50)))))
                ELSE jsonb_build_object('verb', jsonb_build_object('id', 'http://example.com/v/' || floor(random() * random() * 6)), 'object', an_object(of)) END
        || CASE WHEN random() < 0.3 THEN jsonb_build_object('authority', agent(20 + 4 * pick(2))) ELSE '{}' END
$$;
-- context.revision and the like are not made; a registration is only in a statement's own context
CREATE FUNCTION fill(first integer, last integer) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO learning.statements (statement) SELECT a_statement(n)::text::ecosys.statement FROM generate_series(first, last) n
$$;

-- The definition, over the JSON alone.
CREATE TABLE facts (id uuid PRIMARY KEY, stored timestamptz, verb text, registration text, authority text,
                    agents text[], related_agents text[], activities text[], related_activities text[], refers uuid);
CREATE INDEX ON facts (refers);
CREATE FUNCTION ifi(a jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(a ->> 'mbox', a ->> 'openid', a ->> 'mbox_sha1sum', (a -> 'account' ->> 'homePage') || '|' || (a -> 'account' ->> 'name')) $$;
CREATE FUNCTION take_facts() RETURNS void LANGUAGE sql VOLATILE AS $$
    TRUNCATE facts;
    INSERT INTO facts
    SELECT (j ->> 'id')::uuid, (j ->> 'stored')::timestamptz, j #>> '{verb,id}', j #>> '{context,registration}', ifi(j -> 'authority'),
           ARRAY(SELECT ifi(a) FROM (SELECT j -> 'actor' UNION ALL SELECT j -> 'object' WHERE type IN ('Agent', 'Group')
                                     UNION ALL SELECT jsonb_path_query(j, '$.actor.member[*]')
                                     UNION ALL SELECT jsonb_path_query(j, '$.object.member[*]')) x (a)),
           ARRAY(SELECT ifi(a) FROM jsonb_path_query(j, '$.** ? (exists (@.mbox) || exists (@.openid) || exists (@.mbox_sha1sum) || exists (@.account))') a),
           ARRAY(SELECT j #>> '{object,id}' WHERE type = 'Activity'),
           ARRAY(SELECT j #>> '{object,id}' WHERE type = 'Activity'
                 UNION ALL SELECT jsonb_path_query(j, 'lax $.context.contextActivities.*.id') #>> '{}'
                 UNION ALL SELECT jsonb_path_query(j, 'lax $.object.context.contextActivities.*.id') #>> '{}' WHERE type = 'SubStatement'
                 UNION ALL SELECT j #>> '{object,object,id}' WHERE type = 'SubStatement' AND coalesce(j #>> '{object,object,objectType}', 'Activity') = 'Activity'),
           CASE WHEN type = 'StatementRef' THEN (j #>> '{object,id}')::uuid END
      FROM (SELECT statement::jsonb AS j FROM learning.statements) s, coalesce(j #>> '{object,objectType}', 'Activity') type
$$;
CREATE FUNCTION by_definition(a text, v text, act text, reg text, related_a boolean, related_act boolean,
                              since timestamptz, until timestamptz, up boolean, n integer, auth text) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE m AS (
        SELECT f.id FROM facts f
         WHERE (a IS NULL OR a = ANY (CASE WHEN related_a THEN f.related_agents ELSE f.agents END))
           AND (v IS NULL OR f.verb = v)
           AND (act IS NULL OR act = ANY (CASE WHEN related_act THEN f.related_activities ELSE f.activities END))
           AND (reg IS NULL OR f.registration = reg)
        UNION SELECT f.id FROM m JOIN facts f ON f.refers = m.id)
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT f.id FROM m JOIN facts f USING (id)
         WHERE f.stored > coalesce(since, '-infinity') AND f.stored <= coalesce(until, 'infinity')
           AND (auth IS NULL OR f.authority = auth)
           AND (f.verb = 'http://adlnet.gov/expapi/verbs/voided'
                OR NOT EXISTS (SELECT FROM facts w WHERE w.refers = f.id AND w.verb = 'http://adlnet.gov/expapi/verbs/voided')
                  -- void for good, also where the voiding statement was deleted
                  AND NOT EXISTS (SELECT FROM learning.voidings w WHERE w.voided = f.id))
         ORDER BY CASE WHEN up THEN f.stored END, CASE WHEN up THEN f.id END, f.stored DESC, f.id DESC
         LIMIT n) page
$$;

-- n random queries; what differs, as text
CREATE FUNCTION differences(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    a jsonb; v text; act text; reg text; ra boolean; ract boolean; since timestamptz; until timestamptz; up boolean; n_rows integer; auth jsonb;
    want uuid[]; ordered uuid[]; plain uuid[]; what text; lo timestamptz; hi timestamptz;
BEGIN
    SELECT min(stored), max(stored) INTO lo, hi FROM facts;
    FOR i IN 1 .. n LOOP
        a := CASE WHEN random() < 0.5 THEN agent(floor(random() * random() * 13)::integer) WHEN random() < 0.1 THEN jsonb_build_object('mbox', 'mailto:team1@example.com') END;
        v := CASE WHEN random() < 0.3 THEN 'http://example.com/v/' || pick(6) WHEN random() < 0.05 THEN 'http://adlnet.gov/expapi/verbs/voided' END;
        act := CASE WHEN random() < 0.5 THEN 'http://example.com/a/' || floor(random() * random() * 70) WHEN random() < 0.1 THEN 'http://example.com/a/' || pick(400) END;
        reg := CASE WHEN random() < 0.2 THEN format('00000000-0000-4000-9000-%s', lpad(pick(42)::text, 12, '0')) END;
        ra := random() < 0.5;
        ract := random() < 0.5;
        since := CASE WHEN random() < 0.2 THEN lo + random() * (hi - lo) WHEN random() < 0.1 THEN (SELECT f.stored FROM facts f OFFSET pick(500) LIMIT 1) END;
        until := CASE WHEN random() < 0.2 THEN lo + random() * (hi - lo) WHEN random() < 0.1 THEN (SELECT f.stored FROM facts f OFFSET pick(500) LIMIT 1) END;
        up := random() < 0.4;
        n_rows := CASE pick(4) WHEN 0 THEN 1 WHEN 1 THEN 5 WHEN 2 THEN 100 ELSE 2000 END;
        auth := CASE WHEN random() < 0.2 THEN agent(20 + 4 * pick(3)) END;
        want := by_definition(ifi(a), v, act, reg, ra, ract, since, until, up, n_rows, ifi(auth));
        ordered := ARRAY(SELECT q.id FROM learning.query_statements(a::ecosys.actor, v, act, reg::uuid, ra, ract, since, until, n_rows, up, 'ids', authority => auth::ecosys.actor) q);
        plain := ARRAY(SELECT q.id FROM learning.matching_statements(ecosys.actor_key(a::ecosys.actor), ecosys.verb_key(v), ecosys.activity_key(act), reg::uuid, ra, ract, since, until, NULL, NULL, n_rows, up, ecosys.actor_key(auth::ecosys.actor)) q);
        what := format('agent %s, verb %s, activity %s, registration %s, related %s %s, since %s, until %s, rows %s, ascending %s, authority %s',
                       ifi(a), v, act, reg, ra, ract, since, until, n_rows, up, ifi(auth));
        IF want <> ordered THEN RETURN NEXT 'query_statements: ' || what || format(': %s rows for %s', cardinality(ordered), cardinality(want)); END IF;
        IF want <> plain THEN RETURN NEXT 'matching_statements: ' || what || format(': %s rows for %s', cardinality(plain), cardinality(want)); END IF;
    END LOOP;
END
$$;
-- walks page by page with random filters; what is missing, double or out of order
CREATE FUNCTION torn_walks(n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    a jsonb; v text; act text; ra boolean; ract boolean; up boolean; size integer; want uuid[]; walked uuid[]; page uuid[]; at text;
BEGIN
    FOR i IN 1 .. n LOOP
        a := CASE WHEN random() < 0.4 THEN agent(floor(random() * random() * 13)::integer) END;
        v := CASE WHEN random() < 0.3 THEN 'http://example.com/v/' || pick(6) END;
        act := CASE WHEN random() < 0.5 THEN 'http://example.com/a/' || floor(random() * random() * 70) END;
        ra := random() < 0.5; ract := random() < 0.5; up := random() < 0.5; size := 7 + pick(300);
        want := by_definition(ifi(a), v, act, NULL, ra, ract, NULL, NULL, up, 1000000, NULL);
        walked := '{}'; at := NULL;
        LOOP
            SELECT array_agg(q.id), (array_agg(q.cursor))[count(*)] INTO page, at
              FROM learning.query_statements(a::ecosys.actor, v, act, NULL, ra, ract, NULL, NULL, size, up, cursor => at) q;
            EXIT WHEN page IS NULL;
            walked := walked || page;
        END LOOP;
        IF walked <> want THEN RETURN NEXT format('%s %s %s %s %s %s: %s for %s', ifi(a), v, act, ra, ract, up, cardinality(walked), cardinality(want)); END IF;
    END LOOP;
END
$$;

-- few rows: all is known at the first look
SELECT fill(1, 400);
SELECT take_facts();
SELECT is_empty('SELECT * FROM differences(60)', '400 statements: all roads agree');
SELECT is_empty('SELECT * FROM torn_walks(10)', 'page by page, every statement once');

-- many rows, nothing summarised
SELECT fill(401, 7000);
SELECT take_facts();
SELECT cmp_ok((SELECT count(*) FROM facts WHERE refers IS NOT NULL), '>', 700::bigint, 'there are many references');
SELECT cmp_ok((SELECT count(*) FROM learning.activity_sets), '>', 1000::bigint, 'and many sets of activities');
SELECT is_empty('SELECT * FROM differences(25)', '7,000 statements, nothing summarised: all roads agree');

-- summarised
VACUUM ANALYZE learning.statements;
SELECT is_empty('SELECT * FROM differences(40)', '7,000 statements, summarised: all roads agree');
SELECT is_empty('SELECT * FROM torn_walks(8)', 'page by page, every statement once');

-- cancelled: it stops soon
CREATE FUNCTION late(call text, timeout_ms int) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE call;
    RETURN NULL;
EXCEPTION WHEN query_canceled THEN
    RETURN extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 - timeout_ms;
END
$$;
SET statement_timeout = 50;
SELECT late($$SELECT count(*) FROM generate_series(1, 100) n, LATERAL learning.query_statements(max_rows => 5000 + n, format => 'canonical') q$$, 50) AS late \gset
SET statement_timeout = 0;
SELECT cmp_ok(nullif(:'late', '')::float8, '<', 1000::float8, 'cancelled, it stops');

-- space used again: the order of the table is broken
DELETE FROM learning.statements WHERE id::text LIKE '%3' OR id::text LIKE '%7' OR id < id_of(1500)::uuid AND id::text LIKE '%1';
VACUUM learning.statements;
SELECT fill(7001, 9000);
SELECT take_facts();
SELECT cmp_ok((SELECT count(*) FROM learning.statements s, learning.statements t WHERE s.id = id_of(8500)::uuid AND t.ctid > s.ctid AND t.stored < s.stored),
              '>', 20::bigint, 'the order of the table is broken');
SELECT is_empty('SELECT * FROM differences(40)', 'space used again: all roads agree');
SELECT is_empty('SELECT * FROM torn_walks(8)', 'page by page, every statement once');

-- no BRIN index: slower, but right
DROP INDEX learning.statements_stored_idx;
SELECT is_empty('SELECT * FROM differences(20)', 'no BRIN index: all roads agree');
-- an index lacks: plain SQL
DROP INDEX learning.statements_verb_idx;
SELECT is_empty('SELECT * FROM differences(10)', 'an index lacks: all roads agree');

SELECT * FROM finish();
