-- HR tables adopted in place, and whose an actor is.
BEGIN;
SELECT plan(21);
SET timezone = 'UTC';
SELECT ecosys.create_ecosystem('learning');
CREATE SCHEMA hr;
CREATE TABLE hr.employees (employee_no int PRIMARY KEY, full_name text, mail text, jobs text[], job text, fte numeric, boss int, "Odd "" column" text);
INSERT INTO hr.employees VALUES
    (1, 'Ana', 'ana@example.com', '{agent,trainer}', 'agent', 0.5, NULL, 'x'),
    (2, 'Ben', 'ben@Example.com', NULL, NULL, NULL, 1, 'y');
CREATE TABLE hr.departments (code text, title text, part_of text);
INSERT INTO hr.departments VALUES ('org', 'All', NULL), ('svc', 'Service', 'org');
CREATE TABLE hr.moves (employee_no int, dept text, since date, until date, boss int);
INSERT INTO hr.moves VALUES (1, 'org', '2024-01-01', '2024-12-31', 2), (1, 'svc', '2025-01-01', NULL, NULL);

SELECT is((SELECT count(*) FROM learning.people), 0::bigint, 'nobody before adoption');
SELECT is(learning.adopt_people('hr.employees', person => 'employee_no', name => 'full_name', email => 'mail', account_name => 'employee_no',
                                account_home_page => 'https://hr.example.com', fte => 'fte', roles => 'jobs', manager => 'boss'), 2::bigint, 'people are adopted');
SELECT results_eq($$SELECT person, name, fte, roles FROM learning.people ORDER BY person$$,
                  $$VALUES ('1', 'Ana', 0.5::float8, '{agent,trainer}'::text[]), ('2', 'Ben', 1::float8, '{}')$$, 'as columns say');
SELECT results_eq($$SELECT person, manager FROM learning.reports_to$$, $$VALUES ('2', '1')$$, 'managers too');
SELECT lives_ok($$SELECT learning.adopt_people('hr.employees', 'employee_no', roles => 'job')$$, 'adopting again changes the view');
SELECT results_eq($$SELECT person, fte, roles FROM learning.people ORDER BY person$$, $$VALUES ('1', 1::float8, '{agent}'::text[]), ('2', 1::float8, '{}')$$, 'a text column gives one role');
SELECT throws_ok($$SELECT learning.adopt_people('hr.employees', 'employee_number')$$, '42703', 'table hr.employees has no column "employee_number"', 'unknown column');
SELECT throws_ok($$SELECT learning.adopt_people('hr.employees', 'employee_no', account_name => 'employee_no')$$, '22004', NULL, 'an account needs its home page');
CREATE TABLE hr.sheet (id text, share text, since text);
INSERT INTO hr.sheet VALUES ('1', '0.5', '2025-01-01');
SELECT is(learning.adopt_people('hr.sheet', 'id', fte => 'share'), 1::bigint, 'numbers may come as text');
SELECT is(learning.adopt_history('hr.sheet', 'id', unit => 'share', valid_from => 'since'), 1::bigint, 'days too');
INSERT INTO hr.sheet VALUES ('2', 'half', 'spring');
SELECT throws_ok($$SELECT learning.adopt_people('hr.sheet', 'id', fte => 'share')$$, '22P02', 'column "share" of table hr.sheet is not float8 in every row', 'but not just any text');
SELECT throws_ok($$SELECT learning.adopt_history('hr.sheet', 'id', unit => 'share', valid_from => 'since')$$, '22007', 'column "since" of table hr.sheet is not date in every row', 'nor any day');
SELECT lives_ok($$SELECT learning.adopt_people('hr.employees', 'employee_no', name => 'Odd " column')$$, 'odd column names are quoted');
SELECT is(learning.adopt_org_units('hr.departments', unit => 'code', name => 'title', parent => 'part_of'), 2::bigint, 'units are adopted');
SELECT is(learning.adopt_history('hr.moves', person => 'employee_no', unit => 'dept', valid_from => 'since', valid_to => 'until', manager => 'boss', valid_to_inclusive => true), 2::bigint, 'history is adopted');
SELECT results_eq($$SELECT unit, valid_from, valid_to FROM learning.memberships ORDER BY valid_from$$,
                  $$VALUES ('org', '2024-01-01'::date, '2025-01-01'::date), ('svc', '2025-01-01', NULL)$$, 'periods become half-open');
SELECT is((SELECT count(*) FROM learning.reports_to), 1::bigint, 'managers by period');

-- who is who
SELECT learning.adopt_people('hr.employees', person => 'employee_no', email => 'mail', account_name => 'employee_no', account_home_page => 'https://hr.example.com');
SELECT set_eq($$SELECT person FROM learning.actor_people WHERE actor IN (ecosys.actor_key('mailto:ben@example.com'), ecosys.actor_key_of_account('https://hr.example.com', '2'))$$,
              ARRAY['2'], 'by e-mail, whatever the case of the domain, and by account');
INSERT INTO learning.personas (actor, person) VALUES (ecosys.actor_key('mailto:ben@example.com'), '1');
SELECT set_eq($$SELECT person FROM learning.actor_people WHERE actor = ecosys.actor_key('mailto:ben@example.com')$$, ARRAY['1'], 'a persona outranks HR');

CREATE ROLE ecosys_test_reader;
SELECT learning.grant_access('ecosys_test_reader', 'read');
SET LOCAL ROLE ecosys_test_reader;
SELECT throws_ok($$SELECT * FROM learning.people$$, '42501', NULL, 'HR tables keep their own grants');
RESET ROLE;
SELECT throws_ok($$SELECT learning.grant_access('ecosys_test_reader', 'all')$$, '22023', NULL, 'unknown access');
SELECT * FROM finish();
ROLLBACK;
