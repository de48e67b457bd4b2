-- demo.sql - the story of the demo, run by test/harness/demo.sh.
--
-- Needs the psql variable data: the folder that test/demo/generate.c filled.
-- All figures are as of 1 July 2026, so that they are the same on every day.
\set QUIET on
\pset footer off
\pset linestyle unicode
\pset null '·'
SET client_min_messages = warning;

\echo
\echo '1. Make an ecosystem'
\echo '===================='
\set ECHO queries
\timing on
CREATE EXTENSION ecosys;
SELECT ecosys.create_ecosystem('learning');
\set ECHO none
\timing off

\echo
\echo '2. The HR department has tables of its own'
\echo '=========================================='
\set ECHO queries
CREATE SCHEMA hr;
CREATE TABLE hr.departments (department_id text PRIMARY KEY, name text, parent_id text, site text,
                             cost_centre int);
CREATE TABLE hr.employees (employee_no text PRIMARY KEY, full_name text, email text, job_code text,
                           job_title text, job_codes text[], manager_no text, fte float8, hired_on date,
                           site text);
CREATE TABLE hr.assignments (employee_no text, department_id text, valid_from date, valid_to date,
                             reason text, PRIMARY KEY (employee_no, valid_from));
\set ECHO none
\set departments_file :data '/hr_departments.csv'
\set employees_file :data '/hr_employees.csv'
\set assignments_file :data '/hr_assignments.csv'
\set personas_file :data '/personas.csv'
\set observations_file :data '/okr_observations.csv'
\set model_file :data '/model.json'
\set statements_file :data '/statements.jsonl'
COPY hr.departments FROM :'departments_file' WITH (FORMAT csv, HEADER);
COPY hr.employees FROM :'employees_file' WITH (FORMAT csv, HEADER);
COPY hr.assignments FROM :'assignments_file' WITH (FORMAT csv, HEADER);
CREATE TABLE hr.observations (measure text, observed_on date, value numeric, PRIMARY KEY (measure, observed_on));
COPY hr.observations FROM :'observations_file' WITH (FORMAT csv, HEADER);
ANALYZE hr.departments, hr.employees, hr.assignments, hr.observations;
\echo
\echo 'They are adopted in place: views, no copies.'
\echo
\set ECHO queries
SELECT learning.adopt_people('hr.employees', person => 'employee_no', name => 'full_name', email => 'email',
                             account_name => 'employee_no', account_home_page => 'https://hr.example.com',
                             fte => 'fte', roles => 'job_codes', manager => 'manager_no') AS people;
SELECT learning.adopt_org_units('hr.departments', unit => 'department_id', name => 'name',
                                parent => 'parent_id') AS units;
SELECT learning.adopt_history('hr.assignments', person => 'employee_no', unit => 'department_id',
                              valid_from => 'valid_from', valid_to => 'valid_to') AS periods;
\set ECHO none

\echo
\echo 'An external library knows people by names of its own: personas say who they are.'
\echo
CREATE TEMP TABLE library_accounts (home_page text, account_name text, employee_no text, valid_from timestamptz, valid_to timestamptz);
COPY library_accounts FROM :'personas_file' WITH (FORMAT csv, HEADER);
\set ECHO queries
INSERT INTO learning.personas (actor, person, valid_from, valid_to)
SELECT ecosys.actor_key_of_account(home_page, account_name), employee_no, valid_from, valid_to
  FROM library_accounts;
\set ECHO none

\echo
\echo '3. The model: goals, key results, competencies, content, platforms, vendors, roles'
\echo '================================================================================='
\set ECHO queries
\timing on
SELECT * FROM learning.import_model(pg_read_file(:'model_file')::json);
\timing off
SELECT k.family, count(*), left(string_agg(DISTINCT e.kind, ', ' ORDER BY e.kind), 80) AS kinds
  FROM learning.elements e JOIN learning.element_kinds k USING (kind)
 GROUP BY k.family ORDER BY count(*) DESC;
\set ECHO none

\echo
\echo '4. Three years of xAPI statements'
\echo '================================='
\set ECHO queries
\timing on
COPY learning.intake (line) FROM :'statements_file'
WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
\timing off
\set ECHO none
VACUUM ANALYZE;

\echo
\echo '5. What is there'
\echo '================'
\set ECHO queries
SELECT (SELECT count(*) FROM learning.statements) AS statements,
       (SELECT count(*) FROM learning.voidings) AS voidings,
       (SELECT count(*) FROM learning.rejects) AS rejects,
       (SELECT count(*) FROM learning.actors) AS actors,
       (SELECT count(*) FROM learning.activities) AS activities,
       (SELECT count(*) FROM learning.verbs) AS verbs,
       pg_size_pretty(pg_total_relation_size('learning.statements')) AS size,
       pg_total_relation_size('learning.statements') / (SELECT count(*) FROM learning.statements)
       AS bytes_each;
\set ECHO none
\echo
\echo 'What could not be taken stands in rejects, with the reason and the place.'
\echo
\set ECHO queries
SELECT sqlstate, count(*), left(message, 58) AS message, pointer
  FROM learning.rejects GROUP BY 1, 3, 4 ORDER BY 2 DESC, 1, 3, 4;
\set ECHO none
\echo
\echo 'Statements beside HR data: who joined the November campaign on data protection, year by year.'
\echo
\set ECHO queries
SELECT c.november, e.employees, f.people, round(100.0 * f.people / e.employees) AS percent, f.mean_score,
       f.field_service_east
  FROM (VALUES (date '2023-11-01'), ('2024-11-01'), ('2025-11-01')) c (november)
 CROSS JOIN LATERAL (
       SELECT count(*) AS employees FROM learning.memberships m
        WHERE c.november <@ daterange(m.valid_from, m.valid_to)) e
 CROSS JOIN LATERAL (
       SELECT count(DISTINCT f.person) AS people, round(avg(f.scaled)::numeric, 2) AS mean_score,
              count(DISTINCT f.person) FILTER (WHERE u.name = 'Field Service East') AS field_service_east
         FROM learning.fact_statement f
         JOIN learning.elements content ON content.key = f.element
         JOIN learning.relations r ON r.source = content.id AND r.kind = 'teaches'
         JOIN learning.elements skill ON skill.id = r.target AND skill.key = 'competency:data-protection'
         LEFT JOIN learning.org_units u ON u.unit = f.org_unit
        WHERE f.time >= c.november AND f.time < c.november + interval '1 month'
          AND f.verb ~ '/(passed|completed)$') f;
\set ECHO none

\echo
\echo 'A record store: the latest about a course and its parts, by the filters of xAPI (ecosys serve answers the same over HTTP).'
\echo
\set ECHO queries
\timing on
SELECT statement #>> '{actor,name}' AS actor, statement #>> '{verb,display,en-US}' AS verb,
       left(statement #>> '{object,definition,name,en}', 40) AS object, cursor
  FROM learning.query_statements(activity => 'https://campus.aurora.example/course/our-code-in-twenty-minutes',
                                 related_activities => true, max_rows => 3);
\timing off
\set ECHO none
\echo
\echo 'And the change feed: what comes after a position, nothing missed, nothing twice.'
\echo
SELECT max(position) AS position FROM learning.changes(NULL, 1000) \gset
\set ECHO queries
SELECT position, id FROM learning.changes(:'position', 3);
\set ECHO none

\echo
\echo 'How fast does learning fade here? A setting; scores follow at once.'
\echo
\set ECHO queries
UPDATE learning.settings SET half_life = '730 days';
\set ECHO none

\echo
\echo '6. How far does learning serve each goal?'
\echo '========================================='
\echo
\echo 'Learning beside results: the scores, and how far the key results of the goal have come (0 baseline, 1 target).'
\echo
\set ECHO queries
\timing on
SELECT a.goal, round(a.score::numeric, 3) AS score, round(a.coverage::numeric, 2) AS coverage,
       round(a.proficiency::numeric, 2) AS proficiency, round(a.freshness::numeric, 2) AS freshness,
       k.progress AS okr_progress
  FROM learning.alignment('{goal}', as_of => '2026-07-01 00:00+00') a
  LEFT JOIN (
       SELECT g.key AS goal,
              round(avg((o.value - p.baseline) / (p.target - p.baseline)), 2) AS progress
         FROM hr.observations o
         JOIN learning.elements m ON m.key = o.measure
         JOIN learning.relations mk ON mk.source = m.id AND mk.kind = 'indicates'
         JOIN learning.elements kr ON kr.id = mk.target
         JOIN learning.relations kg ON kg.source = kr.id AND kg.kind = 'indicates'
         JOIN learning.elements g ON g.id = kg.target
        CROSS JOIN jsonb_to_record(kr.properties) p (baseline numeric, target numeric)
        WHERE o.observed_on = (SELECT max(observed_on) FROM hr.observations)
        GROUP BY g.key) k USING (goal)
 ORDER BY a.score DESC;
\timing off
\set ECHO none

\echo
\echo '7. Where? Divisions and goals'
\echo '============================='
\echo
-- a score of a handful of people says more of them than of the goal
SELECT CASE WHEN count(*) > 1000 THEN 100 ELSE 20 END AS least FROM hr.employees \gset
\set ECHO queries
\timing on
SELECT a.org_unit_name AS division, regexp_replace(a.goal, '.*-', '') AS goal,
       CASE WHEN a.obligations >= :least THEN round(a.score::numeric, 2) END AS score
  FROM learning.alignment('{goal,org_unit}', as_of => '2026-07-01 00:00+00') a
  JOIN learning.org_units u ON u.unit = a.org_unit AND u.parent = 'D01'
 ORDER BY a.org_unit, a.goal \crosstabview
\timing off
\set ECHO none
\echo
\echo 'The five best and the five worst pairs of a department and a goal, of those with enough obligations.'
\echo
\set ECHO queries
\timing on
WITH a AS (
    SELECT a.org_unit_name AS department, split_part(a.goal, ':', 2) AS goal,
           a.score, a.coverage, a.proficiency, a.freshness, a.obligations,
           row_number() OVER (ORDER BY a.score DESC) AS best, row_number() OVER (ORDER BY a.score) AS worst
      FROM learning.alignment('{goal,org_unit}', as_of => '2026-07-01 00:00+00') a
     WHERE a.obligations >= :least AND NOT EXISTS (SELECT FROM learning.org_units u WHERE u.parent = a.org_unit)
)
SELECT department, goal, round(score::numeric, 3) AS score, round(coverage::numeric, 2) AS coverage,
       round(proficiency::numeric, 2) AS proficiency, round(freshness::numeric, 2) AS freshness, obligations
  FROM a WHERE best <= 5 OR worst <= 5 ORDER BY best;
\timing off
\set ECHO none

\echo
\echo '8. Why? One score, down to the statements'
\echo '========================================='
\echo
\echo 'Field Service East and the goal that everybody goes home unharmed: what adds to the score, what is missing.'
\echo
\set ECHO queries
\timing on
SELECT item, people, round(weight::numeric, 3) AS weight, round(attainment::numeric, 2) AS attained,
       at::date AS newest, round(contribution::numeric, 4) AS adds, round(gap::numeric, 4) AS gap
  FROM learning.explain('goal:zero-harm', org_unit => 'D24', as_of => '2026-07-01 00:00+00');
\timing off
\set ECHO none
\echo
\echo 'The same for one technician of Field Service North, with the content and the statement behind it.'
\echo
SELECT min(person) AS technician FROM learning.alignment_rows('2026-07-01 00:00+00', '730 days')
 WHERE person IN (SELECT employee_no FROM hr.employees WHERE job_code = 'field-technician')
   AND org_unit = 'D21' AND org_unit_now = 'D21' AND attainment > 0.6 \gset
\set ECHO queries
SELECT round(contribution::numeric, 3) AS adds, round(gap::numeric, 3) AS gap, at::date AS at,
       left(content, 40) AS content, statements[1] AS statement
  FROM learning.explain('goal:zero-harm', person => :'technician', as_of => '2026-07-01 00:00+00');
\set ECHO none
SELECT statements[1] AS proof, path AS line_of_sight
  FROM learning.explain('goal:zero-harm', person => :'technician', as_of => '2026-07-01 00:00+00')
 WHERE statements <> '{}' ORDER BY contribution DESC LIMIT 1 \gset
\echo
\echo 'Line of sight:'
\echo :line_of_sight
\echo 'And the statement itself, as it came:'
\echo
\pset format unaligned
\pset tuples_only on
\set ECHO queries
SELECT jsonb_pretty(d - '{id,stored,version,authority}'::text[]
                      #- '{context,contextActivities}' #- '{object,definition}')
  FROM (SELECT statement::jsonb AS d FROM learning.statements
         WHERE id = :'proof') s;
\set ECHO none
\pset format aligned
\pset tuples_only off

\echo
\echo '9. What hangs on the assessment platform?'
\echo '========================================='
\set ECHO queries
\timing on
SELECT kind, count(*), min(depth) AS nearest, round(max(strength)::numeric, 2) AS strongest
  FROM learning.impact('platform:examio') GROUP BY kind ORDER BY count(*) DESC, kind;
\timing off
SELECT key, depth, round(strength::numeric, 2) AS strength, path[2] AS first_by
  FROM learning.impact('platform:examio') WHERE kind = 'goal';
\set ECHO none

\echo
\echo '10. What if it goes? What if the tests had a second home?'
\echo '========================================================='
\echo
\echo 'The alignment that each goal could still reach, now and without the platform.'
\echo
\set ECHO queries
\timing on
SELECT coalesce(goal, 'all goals') AS goal, round(baseline::numeric, 3) AS now,
       round(scenario::numeric, 3) AS without, round(impact::numeric, 3) AS lost
  FROM learning.what_if('{"platform:examio": 0}', as_of => '2026-07-01');
\timing off
\set ECHO none
\echo
\echo 'The same if SimBench could run every test in its stead: tried in a transaction, and taken back.'
\echo
\set ECHO queries
BEGIN;
UPDATE learning.relations r SET alternatives = 'test-bench'
  FROM learning.elements e WHERE e.id = r.source AND e.key = 'platform:examio' AND r.kind = 'delivers';
INSERT INTO learning.relations (source, kind, target, weight, alternatives)
SELECT bench.id, r.kind, r.target, r.weight, r.alternatives
  FROM learning.relations r
  JOIN learning.elements e ON e.id = r.source AND e.key = 'platform:examio'
  JOIN learning.elements bench ON bench.key = 'platform:simbench'
 WHERE r.kind = 'delivers' ON CONFLICT DO NOTHING;
SELECT coalesce(goal, 'all goals') AS goal, round(baseline::numeric, 3) AS now,
       round(scenario::numeric, 3) AS without, round(impact::numeric, 3) AS lost
  FROM learning.what_if('{"platform:examio": 0}', as_of => '2026-07-01') WHERE goal IS NULL;
ROLLBACK;
\set ECHO none
\echo
\echo 'What would cost most, of everything there is?'
\echo
\set ECHO queries
\timing on
SELECT rank, key, kind, round(importance::numeric, 3) AS lost, items_lost
  FROM learning.importance('2026-07-01')
 WHERE kind NOT IN ('course', 'module', 'assessment', 'credential') LIMIT 8;
\timing off
\set ECHO none

\echo
\echo '11. What needs attention?'
\echo '========================='
\echo
\echo 'The model examined, ranked by the share of all goals that hangs on it; of each finding the first three.'
\echo 'The view learning.attention lists all of them, as of today.'
\echo
\set ECHO queries
\timing on
SELECT finding, of, round(at_risk::numeric, 3) AS at_risk, left(key, 31) AS key, left(reason, 33) AS reason
  FROM (SELECT f.*, count(*) OVER kind AS of,
               row_number() OVER (kind ORDER BY f.at_risk DESC, f.key) AS number,
               max(f.at_risk) OVER kind AS most
          FROM learning.findings('2026-07-01') f WINDOW kind AS (PARTITION BY f.finding)) f
 WHERE number <= 3 ORDER BY most DESC, finding, number;
\timing off
\set ECHO none
\echo
\echo 'And what the statements say of the content: what nobody opened in three years, though it cost to make.'
\echo
\set ECHO queries
\timing on
SELECT e.kind, count(*) AS items, count(*) FILTER (WHERE s.object IS NULL) AS never_opened,
       min(e.key) FILTER (WHERE s.object IS NULL) AS for_example
  FROM learning.elements e
  LEFT JOIN (SELECT DISTINCT object FROM learning.live_statements) s ON s.object = e.activity_key
 WHERE e.activity IS NOT NULL
 GROUP BY e.kind ORDER BY never_opened DESC, e.kind;
\timing off
\set ECHO none

\echo
\echo '12. What else'
\echo '============='
\echo
\echo '    SELECT * FROM learning.alignment(''{person}'', as_of => ''2026-07-01'') ORDER BY score LIMIT 10;'
\echo '    SELECT * FROM learning.explain(''goal:trusted-partner'', as_of => ''2026-07-01'');'
\echo '    SELECT key, depth, strength, line FROM learning.upstream(''goal:zero-harm'', 2);'
\echo '    SELECT * FROM learning.what_if(''{"vendor:nordcloud": 0.5}'', as_of => ''2026-07-01'');'
\echo '    SELECT * FROM learning.attention LIMIT 20;'
\echo '    SELECT status, convert_from(body, ''UTF8'') FROM learning.xapi(''GET'', ''/xapi/about'');  -- ecosys serve puts HTTP before it: docs/lrs.md'
\echo '    SELECT * FROM ecosys.check_statement(''{"actor": {"mbox": "mailto:ana"}, "verb": {"id": "passed"}}'');'
\echo
\echo 'docs/demo.md explains the figures; docs/ says the rest.'
