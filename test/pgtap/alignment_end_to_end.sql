-- From statements to scores: which statements count, for whom, where, and how a score is explained.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT ecosys.create_ecosystem('learning') \g /dev/null
SET search_path = learning, public;

CREATE TABLE hr_people (no text, name text, email text, fte float8, jobs text[]);
INSERT INTO hr_people VALUES ('1', 'Ana', 'ana@example.com', 1, '{agent}'), ('2', 'Ben', 'ben@example.com', 0.5, '{role:agent,lead}'), ('3', 'Cem', 'cem@example.com', 1, NULL);
CREATE TABLE hr_units (unit text, name text, parent text);
INSERT INTO hr_units VALUES ('org', 'Organisation', NULL), ('service', 'Service', 'org'), ('sales', 'Sales', 'org');
CREATE TABLE hr_history (no text, unit text, since date, until date);
INSERT INTO hr_history VALUES ('1', 'service', NULL, '2025-05-01'), ('1', 'sales', '2025-05-01', NULL), ('2', 'service', '2020-01-01', NULL);
SELECT adopt_people('hr_people', person => 'no', name => 'name', email => 'email', fte => 'fte', roles => 'jobs') \g /dev/null
SELECT adopt_org_units('hr_units', unit => 'unit', name => 'name', parent => 'parent') \g /dev/null
SELECT adopt_history('hr_history', person => 'no', unit => 'unit', valid_from => 'since', valid_to => 'until') \g /dev/null

UPDATE settings SET half_life = '90 days';
INSERT INTO elements (key, kind, name, priority, activity) VALUES
    ('grow', 'goal', 'Grow', 1, NULL), ('retain', 'goal', 'Retain customers', 3, NULL), ('cost', 'goal', 'Cost', 1, NULL),
    ('empathy', 'competency', 'Empathy', 1, NULL), ('role:agent', 'role', 'Agent', 1, NULL),
    ('course', 'course', 'Course', 1, 'https://lms.example.com/course'), ('webinar', 'webinar', 'Webinar', 1, 'https://lms.example.com/webinar');
INSERT INTO relations (source, kind, target, weight)
SELECT s.id, r.kind, t.id, r.weight
  FROM (VALUES ('retain', 'contributes_to', 'grow', 1), ('cost', 'contributes_to', 'grow', 1), ('course', 'teaches', 'empathy', 1),
               ('webinar', 'teaches', 'empathy', 0.5), ('empathy', 'supports', 'retain', 0.8), ('course', 'supports', 'cost', 0.4)) r (source, kind, target, weight)
  JOIN elements s ON s.key = r.source JOIN elements t ON t.key = r.target;
INSERT INTO requirements (role, item, required)
SELECT r.id, i.id, q.required FROM (VALUES ('empathy', 1), ('course', 0.5)) q (item, required) JOIN elements i ON i.key = q.item JOIN elements r ON r.key = 'role:agent';

CREATE FUNCTION statement(number int, email text, verb text, content text, at text, result jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'id', format('00000000-0000-4000-8000-%s', lpad(number::text, 12, '0')), 'actor', jsonb_build_object('mbox', 'mailto:' || email),
        'verb', jsonb_build_object('id', CASE WHEN verb LIKE 'http%' THEN verb ELSE 'http://adlnet.gov/expapi/verbs/' || verb END),
        'object', CASE WHEN verb = 'voided' THEN jsonb_build_object('objectType', 'StatementRef', 'id', format('00000000-0000-4000-8000-%s', lpad(content, 12, '0')))
                       ELSE jsonb_build_object('id', 'https://lms.example.com/' || content) END,
        'result', result, 'timestamp', at))
$$;
CREATE TABLE given (number serial, statement jsonb);
INSERT INTO given (statement) VALUES
    (statement(1, 'ana@example.com', 'scored', 'course', '2025-03-01T00:00:00Z', '{"score": {"scaled": 0.4}}')),
    (statement(2, 'ana@example.com', 'passed', 'course', '2025-04-01T00:00:00Z', '{"score": {"scaled": 0.9}}')),
    (statement(3, 'ana@example.com', 'failed', 'course', '2025-04-20T00:00:00Z', '{"score": {"raw": 3, "min": 0, "max": 10}}')),
    (statement(4, 'ana@example.com', 'completed', 'course', '2025-04-21T00:00:00Z')),
    (statement(5, 'ana@example.com', 'https://w3id.org/xapi/adl/verbs/waived', 'webinar', '2025-06-30T00:00:00Z')),
    -- none of these counts
    (statement(6, 'ana@example.com', 'rated', 'course', '2025-06-01T00:00:00Z', '{"score": {"scaled": 1}}')),
    (statement(7, 'ana@example.com', 'passed', 'course', '2025-07-01T00:00:00Z', '{"score": {"scaled": 1}}')),
    (statement(8, 'ana@example.com', 'passed', 'course', '2025-06-02T00:00:00Z', '{"score": {"scaled": 1}}')),
    (statement(9, 'ana@example.com', 'voided', '8', '2025-06-03T00:00:00Z')),
    (statement(10, 'ana@example.com', 'voided', '9', '2025-06-04T00:00:00Z')),
    (statement(11, 'dan@example.com', 'passed', 'course', '2025-06-01T00:00:00Z')),
    (statement(12, 'ana@example.com', 'passed', 'elsewhere', '2025-06-01T00:00:00Z'));
SELECT no_plan();

-- nothing measured yet is 0, not nothing
SELECT results_eq($$SELECT goal, score, coverage, proficiency, obligations, evidenced FROM alignment('{goal}', '2025-06-30Z')$$,
                  $$VALUES ('cost', 0::float8, 0::float8, NULL::float8, 2::bigint, 0::bigint), ('grow', 0, 0, NULL, 6, 0), ('retain', 0, 0, NULL, 4, 0)$$, 'obligations without evidence score 0');

INSERT INTO statements (statement) SELECT statement::text::ecosys.statement FROM given ORDER BY number;
SELECT results_eq($$SELECT right(statement_id::text, 2), person, outcome, completed FROM evidence WHERE at <= '2025-06-30Z' ORDER BY 1$$,
                  $$VALUES ('01', '1', 0.4::float8, false), ('02', '1', 0.9, false), ('03', '1', 0.3, false), ('04', '1', NULL, true), ('05', '1', 1, true)$$, 'evidence: rules for verbs, persons, voiding');
SELECT results_eq($$SELECT e.key, a.value, a.attained_at, a.evidence_count, a.confidence FROM attainments('2025-06-30Z') a JOIN elements e ON e.id = a.element ORDER BY 1$$,
                  $$VALUES ('course', 0.9::float8, timestamptz '2025-04-01Z', 3::bigint, 0.6::float8), ('webinar', 1, '2025-06-30Z', 1, 1::float8 / 3)$$, 'attainments: best result');
SELECT results_eq($$SELECT goal, round(score::numeric, 9), coverage, round(proficiency::numeric, 9), round(freshness::numeric, 9) FROM alignment('{goal,person}', '2025-06-30Z') WHERE person = '1'$$,
                  $$VALUES ('cost', 0.45, 1::float8, 0.9, 0.5), ('grow', 0.475, 1, 0.7, 0.678571429), ('retain', 0.483333333, 1, 0.633333333, 0.763157895)$$, 'the worked example');

-- explanations
SELECT results_eq($$SELECT item, content, path, round(weight::numeric, 9), attainment, at, round(contribution::numeric, 9), round(gap::numeric, 9), statements
                      FROM explain('grow', '1', as_of => '2025-06-30Z')$$,
                  $$VALUES ('empathy', 'webinar', 'webinar → empathy → retain', 0.5, 0.5::float8, timestamptz '2025-06-30Z', 0.25, 0.25, '{00000000-0000-4000-8000-000000000005}'::uuid[]),
                           ('course', 'course', 'course → empathy → retain', 0.5, 0.9, '2025-04-01Z', 0.225, 0.275, '{00000000-0000-4000-8000-000000000002}')$$, 'explain: items, line of sight, statements');
SELECT is((SELECT sum(contribution) FROM explain('grow', as_of => '2025-06-30Z'))::numeric(10, 9), (SELECT score FROM alignment('{goal}', '2025-06-30Z') WHERE goal = 'grow')::numeric(10, 9), 'explain for all adds up');
SELECT results_eq($$SELECT item, people, person FROM explain('grow', as_of => '2025-06-30Z') ORDER BY 1$$, $$VALUES ('course', 2::bigint, NULL::text), ('empathy', 2, NULL)$$, 'explain for all counts people');
SELECT throws_ok($$SELECT * FROM explain('growth')$$, '22023', NULL, 'explain of an unknown goal');
SELECT throws_ok($$SELECT * FROM explain('empathy')$$, '22023', NULL, 'explain of what is no goal');
SELECT throws_ok($$SELECT * FROM explain(NULL)$$, '22023', NULL, 'explain of nothing');
SELECT throws_ok($$SELECT * FROM explain('grow', 'nobody')$$, '22023', 'no person has the key "nobody"', 'explain for an unknown person');
SELECT throws_ok($$SELECT * FROM explain('grow', org_unit => 'nowhere')$$, '22023', 'no unit has the key "nowhere"', 'explain for an unknown unit');
SELECT is_empty($$SELECT * FROM explain('grow', '3', as_of => '2025-06-30Z')$$, 'nothing to explain for somebody without obligations');

-- the unit at the time of the evidence, or now
SELECT results_eq($$SELECT org_unit, org_unit_name, obligations, evidenced FROM alignment('{org_unit}', '2025-06-30Z')$$,
                  $$VALUES ('org', 'Organisation', 6::bigint, 3::bigint), ('sales', 'Sales', 1, 1), ('service', 'Service', 5, 2)$$, 'units as they were when it happened');
SELECT results_eq($$SELECT org_unit, obligations, evidenced FROM alignment('{org_unit}', '2025-06-30Z', 'now')$$,
                  $$VALUES ('org', 6::bigint, 3::bigint), ('sales', 3, 3), ('service', 3, 0)$$, 'units as they are now');
SELECT is((SELECT sum(contribution) FROM explain('grow', org_unit => 'service', as_of => '2025-06-30Z'))::numeric(10, 9),
          (SELECT score FROM alignment('{goal,org_unit}', '2025-06-30Z') WHERE goal = 'grow' AND org_unit = 'service')::numeric(10, 9), 'explain for a unit adds up');
SELECT is((SELECT sum(contribution) FROM explain('grow', org_unit => 'sales', as_of => '2025-06-30Z', attribution => 'now'))::numeric(10, 9),
          (SELECT score FROM alignment('{goal,org_unit}', '2025-06-30Z', 'now') WHERE goal = 'grow' AND org_unit = 'sales')::numeric(10, 9), 'also as of now');

-- dimensions
SELECT results_eq($$SELECT goal, org_unit, person, obligations, weight FROM alignment('{}', '2025-06-30Z')$$, $$VALUES (NULL::text, NULL::text, NULL::text, 6::bigint, 1.5::float8)$$, 'no dimension, one row; the weight is the FTE');
SELECT is((SELECT count(*) FROM alignment('{person,goal,org_unit}', '2025-06-30Z')), 14::bigint, 'all dimensions');
SELECT throws_ok($$SELECT alignment('{goal,cake}')$$, '22023', NULL, 'unknown dimension');
SELECT throws_ok($$SELECT alignment(ARRAY[NULL])$$, '22023', NULL, 'dimension NULL');
SELECT throws_ok($$SELECT alignment(NULL)$$, '22023', NULL, 'dimensions NULL');
SELECT throws_ok($$SELECT alignment(attribution => 'later')$$, '22023', NULL, 'unknown attribution');
SELECT is((SELECT score FROM alignment('{goal}', '2025-03-31Z') WHERE goal = 'cost')::numeric(10, 9), (0.4 * 2 ^ (-30 / 90::float8) / 1.5)::numeric(10, 9), 'as of a day in the past');

-- any order, sent twice: the same bytes
SELECT ecosys.create_ecosystem('again') \g /dev/null
INSERT INTO again.settings SELECT * FROM settings ON CONFLICT (one_row) DO UPDATE SET half_life = EXCLUDED.half_life;
INSERT INTO again.elements (id, key, kind, name, priority, activity) SELECT id, key, kind, name, priority, activity FROM elements;
INSERT INTO again.relations (source, kind, target, weight) SELECT source, kind, target, weight FROM relations;
INSERT INTO again.requirements (role, item, required) SELECT role, item, required FROM requirements;
SELECT again.adopt_people('hr_people', person => 'no', name => 'name', email => 'email', fte => 'fte', roles => 'jobs') \g /dev/null
SELECT again.adopt_org_units('hr_units', unit => 'unit', name => 'name', parent => 'parent') \g /dev/null
SELECT again.adopt_history('hr_history', person => 'no', unit => 'unit', valid_from => 'since', valid_to => 'until') \g /dev/null
INSERT INTO again.statements (statement) SELECT statement::text::ecosys.statement FROM given ORDER BY number DESC;
INSERT INTO again.statements (statement) SELECT statement::text::ecosys.statement FROM given ORDER BY number;
SELECT results_eq($$SELECT goal, org_unit, person, state::text FROM again.alignment('{goal,org_unit,person}', '2025-06-30Z')$$,
                  $$SELECT goal, org_unit, person, state::text FROM learning.alignment('{goal,org_unit,person}', '2025-06-30Z')$$, 'reversed, voided before it came, and sent twice');

-- what was voided leaves no trace
CREATE TABLE before AS SELECT goal, person, state::text FROM alignment('{goal,person}', '2025-06-30Z');
INSERT INTO statements (statement) VALUES (statement(20, 'ben@example.com', 'passed', 'course', '2025-06-29T00:00:00Z')::text::ecosys.statement);
SELECT cmp_ok((SELECT score FROM alignment('{goal}', '2025-06-30Z') WHERE goal = 'grow'), '>', (SELECT ecosys.score(ecosys.rollup(state::ecosys.alignment), '2025-06-30Z') FROM before WHERE goal = 'grow'), 'a new result counts at once');
INSERT INTO statements (statement) VALUES (statement(21, 'ben@example.com', 'voided', '20', '2025-06-30T00:00:00Z')::text::ecosys.statement);
SELECT results_eq($$SELECT goal, person, state::text FROM alignment('{goal,person}', '2025-06-30Z')$$, 'TABLE before', 'and voided leaves no trace');

-- policies and gradings of settings
UPDATE settings SET half_life = NULL;
SELECT is((SELECT proficiency FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1'), 0.9::float8, 'policy best');
SELECT is((SELECT freshness FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1'), 1::float8, 'no half-life: nothing fades');
UPDATE settings SET policy = 'last';
SELECT is((SELECT score FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1'), 0.3::float8, 'policy last');
SELECT is((SELECT statements FROM explain('cost', '1', as_of => '2025-06-30Z')), '{00000000-0000-4000-8000-000000000003}'::uuid[], 'the statement behind policy last');
UPDATE settings SET policy = 'mean';
SELECT is((SELECT score FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1')::numeric(16, 14), (1.6 / 3)::numeric(16, 14), 'policy mean');
SELECT is((SELECT cardinality(statements) FROM explain('cost', '1', as_of => '2025-06-30Z')), 3, 'the statements behind policy mean');
UPDATE settings SET policy = 'decayed', half_life = '1000 days';
SELECT ok((SELECT proficiency BETWEEN 0.53 AND 0.54 FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1'), 'policy decayed');
UPDATE settings SET policy = 'best', half_life = NULL, grading = 'step', mastery_score = 0.9;
SELECT is((SELECT score FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '1'), 1::float8, 'grading step');
SELECT throws_ok($$UPDATE settings SET half_life = '1 month'$$, '23514', NULL, 'a half-life in months');
SELECT throws_ok($$UPDATE settings SET half_life = '1 year'$$, '23514', NULL, 'a half-life in years');
SELECT throws_ok($$UPDATE settings SET half_life = '0.5 s'$$, '23514', NULL, 'a half-life below a second');
UPDATE settings SET grading = 'linear', half_life = '90 days';

-- whose evidence it is can be corrected at any time
INSERT INTO personas (actor, person, valid_from, valid_to) VALUES (ecosys.actor_key_of_email('dan@example.com'), '2', '2025-05-01Z', '2025-07-01Z');
SELECT is((SELECT score FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '2')::numeric(10, 9), (2 ^ (-29 / 90::float8))::numeric(10, 9), 'a persona brings the evidence to the person');
UPDATE personas SET valid_to = '2025-05-15Z';
SELECT is((SELECT score FROM alignment('{goal,person}', '2025-06-30Z') WHERE goal = 'cost' AND person = '2'), 0::float8, 'only in its period');

-- for many people explain gives the ten newest statements
INSERT INTO hr_people SELECT 'x' || i, 'X', 'x' || i || '@example.com', 1, '{agent}' FROM generate_series(1, 30) i;
INSERT INTO statements (statement) SELECT statement(100 + i, 'x' || i || '@example.com', 'passed', 'course', format('2025-05-%sT00:00:00Z', lpad(i::text, 2, '0')))::text::ecosys.statement FROM generate_series(1, 30) i;
SELECT is((SELECT statements FROM explain('cost', as_of => '2025-06-30Z')),
          ARRAY(SELECT format('00000000-0000-4000-8000-%s', lpad((131 - i)::text, 12, '0'))::uuid FROM generate_series(1, 10) i), 'the ten newest of many');

-- circles in the goals and the units end
INSERT INTO relations (source, kind, target) SELECT s.id, 'contributes_to', t.id FROM elements s, elements t WHERE s.key = 'grow' AND t.key = 'retain';
UPDATE hr_units SET parent = 'sales' WHERE unit = 'org';
SELECT is((SELECT count(*) FROM alignment('{goal,org_unit}', '2025-06-30Z')), 0::bigint, 'a circle of goals has no root and no priority');
DELETE FROM relations r USING elements e WHERE r.source = e.id AND e.key = 'grow';
SELECT is((SELECT obligations FROM alignment('{org_unit}', '2025-06-30Z') WHERE org_unit = 'sales'), 6::bigint, 'a circle of units holds all of its units');

-- what the transaction itself has stored counts: its timestamp is later than now()
BEGIN;
SELECT pg_sleep(0.01);
INSERT INTO statements (statement)
SELECT ((statement(90, 'ben@example.com', 'passed', 'course', NULL, '{"score": {"scaled": 0.75}}'))::text)::ecosys.statement;
SELECT is((SELECT value FROM attainments() a JOIN elements e ON e.id = a.element WHERE a.person = '2' AND e.key = 'course'), 0.75::float8,
          'a statement counts in the transaction that stores it');
SELECT cmp_ok((SELECT evidenced FROM alignment('{person}') WHERE person = '2'), '>', 0::bigint, 'in alignment too');
ROLLBACK;

-- the caller's rights
CREATE ROLE alignment_reader;
GRANT USAGE ON SCHEMA learning TO alignment_reader;
SET ROLE alignment_reader;
SELECT throws_ok('SELECT * FROM learning.alignment()', '42501', NULL, 'alignment runs with the rights of the caller');
SELECT throws_ok($$SELECT * FROM learning.explain('grow')$$, '42501', NULL, 'explain too');
RESET ROLE;
REVOKE ALL ON SCHEMA learning FROM alignment_reader;
DROP ROLE alignment_reader;
SELECT * FROM finish();
