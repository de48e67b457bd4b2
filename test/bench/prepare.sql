-- prepare.sql - what both sides of alignment and impact share: HR tables and the
-- model of `make demo`, in an ecosystem named learning.
\set ON_ERROR_STOP 1
\set QUIET on
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning') \g /dev/null
CREATE SCHEMA hr;
CREATE TABLE hr.departments (department_id text PRIMARY KEY, name text, parent_id text, site text, cost_centre int);
CREATE TABLE hr.employees (employee_no text PRIMARY KEY, full_name text, email text, job_code text, job_title text,
                           job_codes text[], manager_no text, fte float8, hired_on date, site text);
CREATE TABLE hr.assignments (employee_no text, department_id text, valid_from date, valid_to date, reason text,
                             PRIMARY KEY (employee_no, valid_from));
CREATE TABLE hr.personas (home_page text, account_name text, employee_no text, valid_from timestamptz, valid_to timestamptz,
                          PRIMARY KEY (home_page, account_name));
\set file :data '/hr_departments.csv'
COPY hr.departments FROM :'file' WITH (FORMAT csv, HEADER);
\set file :data '/hr_employees.csv'
COPY hr.employees FROM :'file' WITH (FORMAT csv, HEADER);
\set file :data '/hr_assignments.csv'
COPY hr.assignments FROM :'file' WITH (FORMAT csv, HEADER);
\set file :data '/personas.csv'
COPY hr.personas FROM :'file' WITH (FORMAT csv, HEADER);
SELECT learning.adopt_people('hr.employees', person => 'employee_no', name => 'full_name', email => 'email',
                             account_name => 'employee_no', account_home_page => 'https://hr.example.com',
                             fte => 'fte', roles => 'job_codes', manager => 'manager_no'),
       learning.adopt_org_units('hr.departments', unit => 'department_id', name => 'name', parent => 'parent_id'),
       learning.adopt_history('hr.assignments', person => 'employee_no', unit => 'department_id',
                              valid_from => 'valid_from', valid_to => 'valid_to') \g /dev/null
INSERT INTO learning.personas (actor, person)
SELECT ecosys.actor_key_of_account(home_page, account_name), employee_no FROM hr.personas;
\set file :data '/model.json'
SELECT learning.import_model(pg_read_file(:'file')::json) \g /dev/null
