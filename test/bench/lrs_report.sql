-- From the payload, read as jsonb once a statement; its link tables cannot tell an actor from a member of one.
DROP TABLE IF EXISTS company.lrs_report;
CREATE TABLE company.lrs_report AS
SELECT p.department, date_trunc('quarter', s."timestamp") AS quarter, count(*) AS statements,
       avg(coalesce((s.doc #>> '{result,completion}')::boolean, false)::int::float8) AS completion, avg((s.doc #>> '{result,score,scaled}')::float8) AS score
  FROM (SELECT "timestamp", payload::jsonb AS doc FROM lrs.xapi_statement WHERE NOT is_voided OFFSET 0) s
  JOIN company.people p ON p.login = coalesce(s.doc #>> '{actor,account,name}', s.doc #>> '{actor,mbox}')
 WHERE s.doc #> '{actor,member}' IS NULL
 GROUP BY 1, 2;
