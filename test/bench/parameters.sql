-- parameters.sql - what the queries are asked with, the same for all designs, into files in :folder. Chosen by hash,
-- so a run with the same statements asks the same. Read from the link tables: they have it all at hand.
\set ON_ERROR_STOP 1
\set QUIET on
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\t'
SET client_min_messages = warning;
-- Agents: half as statements name them, so the busy ones more often; half as HR lists them.
CREATE TEMP TABLE asked_actors AS
WITH busy AS (SELECT actor_ifi AS ifi FROM lrs.statement_to_actor WHERE usage = 'Actor' ORDER BY hashtextextended(statement_id::text, 1) LIMIT 50),
     listed AS (SELECT ifi FROM company.people ORDER BY hashtextextended(ifi, 2) LIMIT 50)
SELECT p.*, CASE WHEN p.email IS NULL THEN json_build_object('account', json_build_object('homePage', p.home_page, 'name', p.account_name))
                 ELSE json_build_object('mbox', 'mailto:' || p.email) END AS agent
  FROM (SELECT ifi FROM busy UNION SELECT ifi FROM listed) a JOIN company.people p USING (ifi);
\o :folder/plain_by_actor
SELECT login, agent FROM asked_actors ORDER BY ifi;
\o :folder/lrs_by_actor
SELECT ifi FROM asked_actors ORDER BY ifi;
\o :folder/ecosys_by_actor
SELECT agent FROM asked_actors ORDER BY ifi;
-- Verbs, each since some moments: what is new in the last day, week, quarter.
CREATE TEMP TABLE recent AS
SELECT statement_id, id, row_number() OVER (ORDER BY id DESC) AS back FROM lrs.xapi_statement;
CREATE TEMP TABLE asked_verbs AS
SELECT v.verb, r.back, r.statement_id, r.id
  FROM (SELECT verb_iri AS verb FROM lrs.xapi_statement GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 10) v
 CROSS JOIN (SELECT * FROM recent WHERE back IN (100, 300, 1000, 3000, 10000)) r;
\o :folder/plain_by_verb_since
SELECT v.verb, s.stored FROM asked_verbs v JOIN plain.statements s ON s.id = v.statement_id ORDER BY v.verb, v.back;
\o :folder/lrs_by_verb_since
SELECT verb, id FROM asked_verbs ORDER BY verb, back;
\o :folder/ecosys_by_verb_since
SELECT v.verb, s.stored FROM asked_verbs v JOIN load.statements s ON s.id = v.statement_id ORDER BY v.verb, v.back;
-- Registrations and ids: any; of ids, some that are void, refer, or are a group's.
CREATE TEMP TABLE asked_registrations AS
SELECT registration FROM lrs.xapi_statement WHERE registration IS NOT NULL GROUP BY 1 ORDER BY hashtextextended(registration::text, 3) LIMIT 100;
\o :folder/plain_by_registration
SELECT registration FROM asked_registrations ORDER BY 1;
\o :folder/lrs_by_registration
SELECT registration FROM asked_registrations ORDER BY 1;
\o :folder/ecosys_by_registration
SELECT registration FROM asked_registrations ORDER BY 1;
CREATE TEMP TABLE asked_ids AS
(SELECT statement_id FROM lrs.xapi_statement ORDER BY hashtextextended(statement_id::text, 4) LIMIT 70)
UNION (SELECT statement_id FROM lrs.xapi_statement WHERE is_voided ORDER BY hashtextextended(statement_id::text, 4) LIMIT 10)
UNION (SELECT ancestor_id FROM lrs.statement_to_statement ORDER BY hashtextextended(ancestor_id::text, 4) LIMIT 10)
UNION (SELECT statement_id FROM lrs.statement_to_actor WHERE usage = 'Instructor' ORDER BY hashtextextended(statement_id::text, 4) LIMIT 10);
\o :folder/plain_by_id
SELECT statement_id FROM asked_ids ORDER BY 1;
\o :folder/lrs_by_id
SELECT statement_id FROM asked_ids ORDER BY 1;
\o :folder/ecosys_by_id
SELECT statement_id FROM asked_ids ORDER BY 1;
-- Activities, in any role: 20 of the most frequent, 40 of the rarest, 40 nobody has used for longest, 120 more.
CREATE TEMP TABLE used AS
SELECT activity_iri AS iri, count(*) AS n, max(encode(uuid_send(s.id), 'hex')) AS last
  FROM lrs.statement_to_activity a JOIN lrs.xapi_statement s USING (statement_id) GROUP BY 1;
CREATE TEMP TABLE asked_activities AS
(SELECT iri FROM used ORDER BY n DESC, iri LIMIT 20)
UNION (SELECT iri FROM used ORDER BY n, hashtextextended(iri, 5) LIMIT 40)
UNION (SELECT iri FROM used ORDER BY last LIMIT 40);
INSERT INTO asked_activities SELECT iri FROM used WHERE iri NOT IN (SELECT iri FROM asked_activities) ORDER BY hashtextextended(iri, 6) LIMIT 120;
\o :folder/ecosys_by_related_activity
SELECT iri FROM asked_activities ORDER BY hashtextextended(iri, 7);
-- Departments and tests.
CREATE TEMP TABLE asked_tests AS
SELECT d.department, t.iri
  FROM (SELECT department, row_number() OVER (ORDER BY hashtextextended(department, 8)) AS n FROM company.departments LIMIT 40) d
  JOIN (SELECT a.activity_iri AS iri, row_number() OVER (ORDER BY hashtextextended(a.activity_iri, 9)) AS n
          FROM lrs.statement_to_activity a JOIN lrs.xapi_statement s USING (statement_id)
         WHERE a.usage = 'Object' AND s.verb_iri = 'http://adlnet.gov/expapi/verbs/passed'
         GROUP BY 1) t USING (n);
\o :folder/not_passed
SELECT department, iri FROM asked_tests ORDER BY 1;
\o
