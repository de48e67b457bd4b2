-- The record side of an ecosystem: what is stored, completed, kept, refused.
BEGIN;
SELECT plan(67);
SET timezone = 'UTC';
SELECT ecosys.create_ecosystem('learning');

-- A statement of mine, with parts changed.
CREATE FUNCTION pg_temp.st(changes jsonb DEFAULT '{}', id text DEFAULT NULL) RETURNS ecosys.statement LANGUAGE sql AS $$
    SELECT (jsonb_build_object(
               'actor', '{"mbox": "mailto:ana@example.com", "name": "Ana"}'::jsonb,
               'verb', '{"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}}'::jsonb,
               'object', '{"id": "http://example.com/course", "definition": {"name": {"en": "Course"}}}'::jsonb)
            || CASE WHEN id IS NULL THEN '{}' ELSE jsonb_build_object('id', id) END || changes)::text::ecosys.statement
$$;

-- completion
INSERT INTO learning.statements (statement) VALUES (pg_temp.st());
SELECT is((SELECT count(*) FROM learning.statements), 1::bigint, 'a statement is stored');
SELECT ok((SELECT id IS NOT NULL AND stored IS NOT NULL AND "timestamp" = stored FROM learning.statements), 'id, stored and timestamp are completed');
SELECT is((SELECT (statement::jsonb) ->> 'id' FROM learning.statements), (SELECT id::text FROM learning.statements), 'the statement carries the id that was made');
SELECT is((SELECT (statement::jsonb ->> 'stored')::timestamptz FROM learning.statements), (SELECT stored FROM learning.statements), 'and stored');
SELECT is((SELECT (statement::jsonb ->> 'timestamp')::timestamptz FROM learning.statements), (SELECT stored FROM learning.statements), 'and timestamp');
SELECT ok((SELECT actor = ecosys.actor_key_of_email('ana@example.com') FROM learning.statements), 'actor is the key of the mbox');
SELECT ok((SELECT verb = ecosys.verb_key('http://adlnet.gov/expapi/verbs/completed') FROM learning.statements), 'verb is the key of the IRI');
SELECT ok((SELECT object = ecosys.activity_key('http://example.com/course') FROM learning.statements), 'object is the key of the IRI');
SELECT ok((SELECT related_activities IS NULL AND related_actors IS NULL FROM learning.statements), 'nothing is related to a plain statement but itself');
SELECT is((SELECT name FROM learning.actors), 'Ana', 'the actor is kept with the name');
SELECT is((SELECT key FROM learning.actors), (SELECT actor FROM learning.statements), 'under its key');
SELECT is((SELECT iri FROM learning.verbs), 'http://adlnet.gov/expapi/verbs/completed', 'the verb is kept');
SELECT is((SELECT display ->> 'en' FROM learning.verbs), 'completed', 'with its display');
SELECT is((SELECT iri FROM learning.activities), 'http://example.com/course', 'the activity is kept');
SELECT is((SELECT definition #>> '{name,en}' FROM learning.activities), 'Course', 'with its definition');

-- a stored value is overwritten, other columns cannot be chosen
INSERT INTO learning.statements (id, stored, statement)
VALUES ('00000000-0000-4000-8000-00000000000f', '2001-01-01', pg_temp.st('{"stored": "2001-02-03T04:05:06Z", "timestamp": "2020-01-01T10:00:00+02:00"}', '00000000-0000-4000-8000-000000000001'));
SELECT ok((SELECT stored > now() - interval '1 hour' FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'), 'stored is the server''s, id the statement''s');
SELECT is((SELECT (statement::jsonb ->> 'stored')::timestamptz FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'),
          (SELECT stored FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'), 'in the statement too');
SELECT is((SELECT "timestamp" FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'), '2020-01-01 08:00:00+00'::timestamptz, 'timestamp in UTC');
SELECT is((SELECT statement::jsonb ->> 'timestamp' FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'), '2020-01-01T10:00:00+02:00', 'but kept as it came');
SELECT ok((SELECT count(DISTINCT stored) = count(*) FROM learning.statements), 'stored is strictly later each time');

-- definitions are merged, absence is no change
INSERT INTO learning.statements (statement) VALUES
    (pg_temp.st('{"object": {"id": "http://example.com/course"}}')),
    (pg_temp.st('{"object": {"id": "http://example.com/course", "definition": {"name": {"de": "Kurs"}, "type": "http://adlnet.gov/expapi/activities/course"}}}'));
SELECT is((SELECT definition::jsonb FROM learning.activities),
          '{"name": {"en": "Course", "de": "Kurs"}, "type": "http://adlnet.gov/expapi/activities/course"}', 'definitions are merged');
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"object": {"id": "http://example.com/course"}, "actor": {"mbox": "mailto:ana@EXAMPLE.com", "name": "Ana B."}}'));
SELECT is((SELECT name FROM learning.actors), 'Ana B.', 'the latest name counts; domains have no case');
SELECT is((SELECT count(*) FROM learning.actors), 1::bigint, 'one identity, one row');

-- a name that text cannot hold is no reason to refuse
INSERT INTO learning.statements (statement) VALUES (('{"actor": {"mbox": "mailto:zero@example.com", "name": "a\u0000b"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": "http://example.com/course"}}')::ecosys.statement);
SELECT is((SELECT count(*) FROM learning.actors WHERE name IS NULL), 1::bigint, 'a name with \u0000 is not shown, the actor is kept');

-- typed columns
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"result": {"score": {"scaled": -0.5}, "success": false, "completion": true, "duration": "PT1H0.5S"}, "context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"}}', '00000000-0000-4000-8000-000000000002'));
SELECT results_eq($$SELECT scaled, raw_scaled, success, completion, duration, registration FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000002'$$,
                  $$VALUES (-0.5::float8, NULL::float8, false, true, interval '1 hour 0.5 seconds', 'ec531277-b57b-4c15-8d91-d292c5b2b8f7'::uuid)$$, 'result and registration are columns');
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"result": {"score": {"raw": 30, "min": 20, "max": 60}}}', '00000000-0000-4000-8000-000000000003'));
SELECT is((SELECT raw_scaled FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000003'), 0.25::float8, 'a raw score is scaled');

-- related sets
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"context": {"instructor": {"mbox": "mailto:iris@example.com"}, "contextActivities": {"grouping": {"id": "http://example.com/program"}, "category": [{"id": "http://example.com/profile"}]}}}', '00000000-0000-4000-8000-000000000004'));
SELECT set_eq($$SELECT a.iri FROM learning.statements s JOIN learning.activity_sets t ON t.key = s.related_activities JOIN learning.activities a ON a.key = ANY (t.members) WHERE s.id = '00000000-0000-4000-8000-000000000004'$$,
              ARRAY['http://example.com/course', 'http://example.com/program', 'http://example.com/profile'], 'related activities are a set');
SELECT set_eq($$SELECT ecosys.ifi(a.actor) FROM learning.statements s JOIN learning.actor_sets t ON t.key = s.related_actors JOIN learning.actors a ON a.key = ANY (t.members) WHERE s.id = '00000000-0000-4000-8000-000000000004'$$,
              ARRAY['mailto:ana@example.com', 'mailto:iris@example.com'], 'related actors are a set');

-- parties: actor, agent or group as object, their members; NULL is the actor alone
INSERT INTO learning.statements (statement) VALUES
    (pg_temp.st('{"object": {"objectType": "Agent", "mbox": "mailto:iris@example.com"}}', '00000000-0000-4000-8000-000000000006')),
    (pg_temp.st('{"actor": {"objectType": "Group", "member": [{"mbox": "mailto:iris@example.com"}, {"mbox": "mailto:ana@example.com"}]}}', '00000000-0000-4000-8000-000000000007'));
SELECT is((SELECT parties FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000004'), NULL, 'an instructor is no party');
SELECT set_eq($$SELECT ecosys.ifi(a.actor) FROM learning.statements s JOIN learning.actor_sets t ON t.key = s.parties JOIN learning.actors a ON a.key = ANY (t.members) WHERE s.id = '00000000-0000-4000-8000-000000000006'$$,
              ARRAY['mailto:ana@example.com', 'mailto:iris@example.com'], 'an agent as object is a party');
SELECT is((SELECT parties FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000007'),
          (SELECT parties FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000006'), 'so are members of a group');
SELECT is((SELECT count(*) FROM learning.statements s WHERE s.id = '00000000-0000-4000-8000-000000000007' AND s.actor IN (SELECT key FROM learning.actors)), 0::bigint, 'an anonymous group is no row of actors');

-- references
SELECT is((SELECT object FROM learning.statements WHERE ecosys.is_reference(statement)), NULL, 'no statement refers to another yet');
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"object": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000004"}}', '00000000-0000-4000-8000-000000000008'));
SELECT is((SELECT id FROM learning.statements WHERE ecosys.is_reference(statement)), '00000000-0000-4000-8000-000000000008', 'a reference');
SELECT is((SELECT object FROM learning.statements WHERE ecosys.is_reference(statement)), ecosys.statement_key('00000000-0000-4000-8000-000000000004'), 'its object is the key of the id it names');

-- the same again, and another under the same id
SELECT lives_ok($$INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"result": {"score": {"raw": 30.0, "max": 6e1, "min": 20}}}', '00000000-0000-4000-8000-000000000003'))$$, 'the same statement again is accepted');
SELECT is((SELECT count(*) FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000003'), 1::bigint, 'and changes nothing');
SELECT throws_ok($$INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"result": {"score": {"raw": 31, "min": 20, "max": 60}}}', '00000000-0000-4000-8000-000000000003'))$$,
                 '23505', 'another statement with this id is stored already', 'another one with its id is refused');
SELECT throws_ok($$INSERT INTO learning.statements (statement) SELECT pg_temp.st(jsonb_build_object('result', jsonb_build_object('response', i)), '00000000-0000-4000-8000-000000000099') FROM unnest(ARRAY['a', 'b']) i$$,
                 '23505', NULL, 'within one INSERT too');
SELECT throws_ok($$INSERT INTO learning.statements (statement) VALUES (NULL)$$, '23502', NULL, 'no statement');

-- record()
SELECT is((SELECT array_agg(r) FROM learning.record('[{"id": "00000000-0000-4000-8000-00000000000b", "actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/b"}},
                                 {"id": "00000000-0000-4000-8000-00000000000a", "actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/a"}}]',
                                 '{"account": {"homePage": "http://example.com", "name": "importer"}, "objectType": "Agent"}') r),
          ARRAY['00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000a']::uuid[], 'record returns ids in the order of the batch');
SELECT is((SELECT count(*) FROM learning.statements WHERE authority = ecosys.actor_key_of_account('http://example.com', 'importer')), 2::bigint, 'under the authority given');
SELECT is((SELECT count(*) FROM learning.record('{"actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/b"}}')), 1::bigint, 'one statement alone');
SELECT throws_ok($$SELECT learning.record('[{"id": "00000000-0000-4000-8000-00000000000c", "actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/b"}},
                                            {"actor": {"mbox": "ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/b"}}]')$$, '22023', NULL, 'one bad statement refuses the batch');
SELECT is((SELECT count(*) FROM learning.statements WHERE id = '00000000-0000-4000-8000-00000000000c'), 0::bigint, 'all of it');

-- voiding, whichever comes first
CREATE FUNCTION pg_temp.void(target text, id text) RETURNS ecosys.statement LANGUAGE sql AS $$
    SELECT pg_temp.st(jsonb_build_object('verb', '{"id": "http://adlnet.gov/expapi/verbs/voided"}'::jsonb,
                                         'object', jsonb_build_object('objectType', 'StatementRef', 'id', target)), id)
$$;
INSERT INTO learning.statements (statement) VALUES (pg_temp.void('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000f1'));
SELECT is((SELECT count(*) FROM learning.live_statements WHERE id = '00000000-0000-4000-8000-000000000001'), 0::bigint, 'a voided statement is not live');
SELECT is((SELECT count(*) FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000001'), 1::bigint, 'but is kept');
INSERT INTO learning.statements (statement) VALUES (pg_temp.void('00000000-0000-4000-8000-000000000005', '00000000-0000-4000-8000-0000000000f2'));
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{}', '00000000-0000-4000-8000-000000000005'));
SELECT is((SELECT count(*) FROM learning.live_statements WHERE id = '00000000-0000-4000-8000-000000000005'), 0::bigint, 'nor one that comes after its voiding');
INSERT INTO learning.statements (statement) VALUES (pg_temp.void('00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-0000000000f3'));
SELECT is((SELECT count(*) FROM learning.live_statements WHERE id IN ('00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-000000000001')), 1::bigint, 'a voiding statement cannot be voided');

-- nobody changes a statement
SELECT throws_ok($$UPDATE learning.statements SET scaled = 1$$, '42501', 'statements cannot be changed or removed', 'UPDATE is refused, to the owner too');
SELECT throws_ok($$UPDATE learning.voidings SET voiding = voided$$, '42501', NULL, 'so for voidings');
CREATE ROLE ecosys_test_writer;
SELECT learning.grant_access('ecosys_test_writer', 'write');
SELECT learning.grant_access('ecosys_test_writer', 'read');
GRANT DELETE, UPDATE, TRUNCATE ON learning.statements TO ecosys_test_writer;
SET LOCAL ROLE ecosys_test_writer;
SELECT lives_ok($$INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"actor": {"mbox": "mailto:new@example.com", "name": "New"}, "object": {"id": "http://example.com/new"}}'))$$, 'a writer stores with INSERT on statements alone');
SELECT is((SELECT count(*) FROM learning.actors WHERE name = 'New'), 1::bigint, 'and the dictionaries are kept for it');
SELECT throws_ok($$INSERT INTO learning.settled_actors (key, actor, is_group) VALUES (1, 'mailto:x@example.com', false)$$, '42501', NULL, 'which it cannot write itself');
SELECT throws_ok($$DELETE FROM learning.statements$$, '42501', 'statements cannot be changed or removed', 'a role that was granted DELETE cannot delete');
SELECT throws_ok($$TRUNCATE learning.statements$$, '42501', NULL, 'nor truncate');
SELECT throws_ok($$UPDATE learning.statements SET scaled = 1$$, '42501', NULL, 'nor update');
RESET ROLE;

-- bulk: bad lines are kept apart
INSERT INTO learning.intake (line) VALUES
    ('{"id": "00000000-0000-4000-8000-000000000021", "actor": {"mbox": "mailto:bulk@example.com", "name": "Bulk"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/bulk"}}'),
    (''),
    ('{"actor": {"mbox": "mailto:bulk@example.com"}, "verb": {"id": "did"}, "object": {"id": "http://example.com/bulk"}}'),
    ('{"actor": '),
    ('{"id": "00000000-0000-4000-8000-000000000021", "actor": {"mbox": "mailto:bulk@example.com"}, "verb": {"id": "http://example.com/undid"}, "object": {"id": "http://example.com/bulk"}}'),
    ('{"id": "00000000-0000-4000-8000-000000000021", "verb": {"id": "http://example.com/did"}, "actor": {"mbox": "mailto:bulk@example.com", "name": "Bulk"}, "object": {"id": "http://example.com/bulk"}}');
SELECT is((SELECT count(*) FROM learning.statements s JOIN learning.actors a ON a.key = s.actor WHERE a.name = 'Bulk'), 1::bigint, 'intake stores the good line, once');
SELECT results_eq($$SELECT sqlstate, pointer FROM learning.rejects ORDER BY id$$, $$VALUES ('22023', '/verb/id'), ('22P02', '/actor'), ('23505', NULL)$$, 'and keeps the bad lines with the fault');
SELECT ok((SELECT line LIKE '%undid%' AND rule IS NULL FROM learning.rejects ORDER BY id DESC LIMIT 1), 'a conflict is kept whole');

-- a load leaves no plan behind in the session, whether it ends well or not
CREATE FUNCTION pg_temp.plans() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_backend_memory_contexts WHERE name LIKE 'CachedPlan%' $$;
CREATE FUNCTION pg_temp.loads(times int, fails boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..times LOOP
        BEGIN
            EXECUTE format('INSERT INTO learning.intake (line) SELECT l FROM (VALUES (1, %L), (2, %L)) v (n, l) WHERE n / %s IS NOT NULL',
                           pg_temp.st()::text, pg_temp.st()::text, CASE WHEN fails THEN '(2 - n)' ELSE '1' END);
        EXCEPTION WHEN division_by_zero THEN NULL;
        END;
    END LOOP;
END $$;
SELECT pg_temp.loads(1, false), pg_temp.loads(1, true);
CREATE TEMP TABLE plans_before AS SELECT pg_temp.plans() AS plans;
SELECT pg_temp.loads(20, false), pg_temp.loads(20, true);
SELECT cmp_ok(pg_temp.plans(), '<=', (SELECT plans + 5 FROM plans_before), 'a load leaves no plan behind');

-- what a session knows of the dictionaries is forgotten when it is no longer so
SAVEPOINT s;
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"object": {"id": "http://example.com/rolled-back"}}'));
ROLLBACK TO s;
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"object": {"id": "http://example.com/rolled-back"}}'));
SELECT is((SELECT count(*) FROM learning.activities WHERE iri = 'http://example.com/rolled-back'), 1::bigint, 'after a rollback');
DELETE FROM learning.settled_activities WHERE iri = 'http://example.com/rolled-back';
INSERT INTO learning.statements (statement) VALUES (pg_temp.st('{"object": {"id": "http://example.com/rolled-back"}}'));
SELECT is((SELECT count(*) FROM learning.activities WHERE iri = 'http://example.com/rolled-back'), 1::bigint, 'after a DELETE');
TRUNCATE learning.settled_verbs;
INSERT INTO learning.statements (statement) VALUES (pg_temp.st());
SELECT is((SELECT count(*) FROM learning.verbs), 1::bigint, 'after a TRUNCATE');

-- more new names than are held at once (32 MB)
INSERT INTO learning.statements (statement)
SELECT format('{"actor": {"mbox": "mailto:many%s@example.com", "name": "%s"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/many%s"}}',
              i % 15000, repeat('x', 2000), i % 10)::ecosys.statement
  FROM generate_series(1, 40000) i;
SELECT is((SELECT count(*) FROM learning.actors WHERE ecosys.ifi(actor) LIKE 'mailto:many%' AND length(name) = 2000), 15000::bigint, 'names are written in between when they are many');
SELECT is((SELECT count(*) FROM learning.activities WHERE iri LIKE 'http://example.com/many%'), 10::bigint, 'each once');

SELECT is((SELECT count(*) FROM learning.statements s
            WHERE s.id <> '00000000-0000-4000-8000-000000000007'
              AND NOT EXISTS (SELECT FROM learning.actors a WHERE a.key = s.actor)), 0::bigint, 'every actor is kept');
SELECT * FROM finish();
ROLLBACK;
