-- company.sql - the HR tables that reports join with, from people.csv and departments.csv in :data.
\set ON_ERROR_STOP 1
\set QUIET on
SET client_min_messages = warning;
CREATE SCHEMA company;
CREATE TABLE company.departments (department text PRIMARY KEY, name text NOT NULL, division text NOT NULL);
-- Who a person is to each design: login to plain, ifi to the link tables, actor to ecosys.
CREATE TABLE company.people (
    employee_no  bigint PRIMARY KEY,
    name         text NOT NULL,
    department   text NOT NULL REFERENCES company.departments,
    home_page    text,
    account_name text,
    email        text,
    login        text GENERATED ALWAYS AS (coalesce(account_name, 'mailto:' || email)) STORED UNIQUE,
    ifi          text GENERATED ALWAYS AS (coalesce('account::' || account_name || '@' || home_page, 'mbox::mailto:' || email)) STORED UNIQUE,
    actor        bigint GENERATED ALWAYS AS (coalesce(ecosys.actor_key_of_account(home_page, account_name), ecosys.actor_key_of_email(email))) STORED UNIQUE
);
CREATE INDEX ON company.people (department);
\set file :data '/departments.csv'
COPY company.departments FROM :'file' WITH (FORMAT csv, HEADER);
\set file :data '/people.csv'
COPY company.people (employee_no, name, department, home_page, account_name, email) FROM :'file' WITH (FORMAT csv, HEADER);
ANALYZE company.people, company.departments;
