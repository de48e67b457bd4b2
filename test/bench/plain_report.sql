DROP TABLE IF EXISTS company.plain_report;
CREATE TABLE company.plain_report AS
SELECT p.department, date_trunc('quarter', (s.doc ->> 'timestamp')::timestamptz) AS quarter, count(*) AS statements,
       avg(coalesce((s.doc #>> '{result,completion}')::boolean, false)::int::float8) AS completion, avg((s.doc #>> '{result,score,scaled}')::float8) AS score
  FROM plain.statements s
  JOIN company.people p ON p.login = coalesce(s.doc #>> '{actor,account,name}', s.doc #>> '{actor,mbox}')
 WHERE s.id NOT IN (SELECT (v.doc #>> '{object,id}')::uuid FROM plain.statements v WHERE v.doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided')
   AND s.doc #> '{actor,member}' IS NULL
 GROUP BY 1, 2;
