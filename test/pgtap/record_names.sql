-- The views of what keys stand for are as good as tables: joins by key and
-- searches of members use the indexes, whether or not names are in flight.
BEGIN;
SELECT plan(10);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');
INSERT INTO learning.statements (statement)
SELECT format('{"actor": {"mbox": "mailto:p%s@example.com", "name": "P%s"}, "verb": {"id": "http://example.com/did", "display": {"en": "did"}}, "object": {"id": "http://example.com/o%s", "definition": {"name": {"en": "O"}}},
                "context": {"contextActivities": {"grouping": {"id": "http://example.com/g%s"}}}}', i, i, i, i % 100)::ecosys.statement
  FROM generate_series(1, 20000) i;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN result;
END $$;
SELECT learning.maintain();
ANALYZE;
CREATE FUNCTION pg_temp.check_plans(how text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT matches(pg_temp.plan_of($q$SELECT name FROM learning.actors WHERE key = 1$q$), 'Index Scan using settled_actors_pkey', how || ': an actor by key');
    RETURN NEXT matches(pg_temp.plan_of($q$SELECT a.name, o.definition FROM learning.statements s JOIN learning.actors a ON a.key = s.actor JOIN learning.activities o ON o.key = s.object WHERE s.object = ecosys.activity_key('http://example.com/o7')$q$),
                        'Index Scan using settled_actors_pkey.*Index Scan using settled_activities_pkey|Index Scan using settled_activities_pkey.*Index Scan using settled_actors_pkey', how || ': a few statements joined');
    RETURN NEXT matches(pg_temp.plan_of($q$SELECT key FROM learning.activity_sets WHERE members @> ARRAY[ecosys.activity_key('http://example.com/g7')]$q$),
                        'Bitmap Index Scan on settled_activity_sets_members_idx', how || ': sets by member');
    RETURN NEXT unalike(pg_temp.plan_of($q$SELECT count(*) FROM learning.statements s JOIN learning.actors a ON a.key = s.actor$q$), '%Nested Loop%', how || ': all statements joined');
END $$;
SELECT pg_temp.check_plans('nothing in flight');
INSERT INTO learning.names_in_flight (dictionary, key, actor, is_group, name)
SELECT 'actors', key, actor, is_group, name || ' II' FROM learning.settled_actors LIMIT 50;
INSERT INTO learning.names_in_flight (dictionary, key, actor, is_group, name)
VALUES ('actors', ecosys.actor_key('mailto:new@example.com'), 'mailto:new@example.com', false, 'New'), ('actors', ecosys.actor_key('mailto:new@example.com'), 'mailto:new@example.com', false, 'Newer');
ANALYZE learning.names_in_flight;
SELECT pg_temp.check_plans('names in flight');
SELECT results_eq($$SELECT count(*), count(DISTINCT key), count(*) FILTER (WHERE name LIKE '% II'), count(*) FILTER (WHERE name = 'Newer') FROM learning.actors$$,
                  $$VALUES (20001::bigint, 20001::bigint, 50::bigint, 1::bigint)$$, 'one row a key, with the last name');
CREATE TEMP TABLE before AS SELECT * FROM learning.actors;
SELECT learning.maintain();
SELECT set_eq('SELECT key, ecosys.ifi(actor), name FROM learning.settled_actors', 'SELECT key, ecosys.ifi(actor), name FROM before', 'settling changes nothing that is seen');
SELECT * FROM finish();
ROLLBACK;
