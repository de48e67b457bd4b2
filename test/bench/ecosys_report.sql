-- How often something was completed and the mean score, by department and quarter. Over the typed columns.
DROP TABLE IF EXISTS company.ecosys_report;
CREATE TABLE company.ecosys_report AS
SELECT p.department, date_trunc('quarter', s."timestamp") AS quarter, count(*) AS statements,
       avg(coalesce(s.completion, false)::int::float8) AS completion, avg(s.scaled) AS score
  FROM load.live_statements s
  JOIN company.people p ON p.actor = s.actor
 GROUP BY 1, 2;
