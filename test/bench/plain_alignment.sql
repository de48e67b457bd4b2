-- The alignment of every department with every goal, both with those below them, the way one writes it over
-- a jsonb table: the rules of docs/alignment.md with the default settings
-- (policy best, half-life 365 days), the same model and HR tables, no ecosys.
-- Result: goal, org_unit, score, coverage, obligations.
DROP TABLE IF EXISTS plain.alignment;
CREATE TABLE plain.alignment AS
WITH RECURSIVE
content AS (
    SELECT id, activity FROM learning.elements WHERE activity IS NOT NULL
),
-- who it was: employee number, e-mail, or the library's account
person_of AS MATERIALIZED (
    SELECT 'https://hr.example.com' AS home_page, employee_no AS account, employee_no AS person FROM hr.employees
    UNION ALL
    SELECT home_page, account_name, employee_no FROM hr.personas
),
voided AS MATERIALIZED (
    SELECT (doc #>> '{object,id}')::uuid AS id
      FROM plain.statements WHERE doc @> '{"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}'
),
result AS MATERIALIZED (
    SELECT coalesce(by_account.person, by_mail.employee_no) AS person, content.id AS content, s.at, s.outcome, s.completed
      FROM (SELECT doc #>> '{actor,account,homePage}' AS home_page, doc #>> '{actor,account,name}' AS account,
                   lower(substr(doc #>> '{actor,mbox}', 8)) AS email,
                   doc #>> '{object,id}' AS activity,
                   (doc ->> 'timestamp')::timestamptz AS at,
                   id,
                   CASE WHEN doc #> '{result,score,scaled}' IS NOT NULL
                             THEN greatest((doc #>> '{result,score,scaled}')::float8, 0)
                        WHEN (doc #>> '{result,score,min}')::float8 < (doc #>> '{result,score,max}')::float8
                         AND doc #> '{result,score,raw}' IS NOT NULL
                             THEN least(greatest(((doc #>> '{result,score,raw}')::float8 - (doc #>> '{result,score,min}')::float8)
                                  / ((doc #>> '{result,score,max}')::float8 - (doc #>> '{result,score,min}')::float8), 0), 1)
                        ELSE coalesce((doc #>> '{result,success}')::boolean, evidence.success)::int::float8
                   END AS outcome,
                   coalesce((doc #>> '{result,completion}')::boolean, evidence.completion, false) AS completed
              FROM plain.statements
              JOIN (VALUES ('http://adlnet.gov/expapi/verbs/passed', true, NULL::boolean),
                           ('http://adlnet.gov/expapi/verbs/mastered', true, NULL),
                           ('http://adlnet.gov/expapi/verbs/failed', false, NULL),
                           ('http://adlnet.gov/expapi/verbs/completed', NULL, true),
                           ('https://w3id.org/xapi/adl/verbs/satisfied', NULL, true),
                           ('https://w3id.org/xapi/adl/verbs/waived', true, true),
                           ('http://adlnet.gov/expapi/verbs/scored', NULL, NULL),
                           ('http://adlnet.gov/expapi/verbs/answered', NULL, NULL),
                           ('http://adlnet.gov/expapi/verbs/attempted', NULL, NULL)) evidence (verb, success, completion)
                ON evidence.verb = doc #>> '{verb,id}'
             WHERE (doc ->> 'timestamp')::timestamptz <= timestamptz '2026-07-01 00:00:00+00') s
      JOIN content USING (activity)
      LEFT JOIN person_of by_account ON by_account.home_page = s.home_page AND by_account.account = s.account
      LEFT JOIN hr.employees by_mail ON by_mail.email = s.email
     WHERE s.id NOT IN (SELECT id FROM voided)
       AND coalesce(by_account.person, by_mail.employee_no) IS NOT NULL
),
-- the best grade of a person in a content; completion counts only without one
attained AS MATERIALIZED (
    SELECT DISTINCT ON (person, content) person, content, coalesce(outcome, 1) AS attained, at
      FROM result
     WHERE outcome IS NOT NULL OR completed
     ORDER BY person, content, (outcome IS NOT NULL) DESC, outcome DESC, at DESC
),
-- contributions: the strongest product over paths, each ending at its first goal
path AS (
    SELECT id AS source, id AS target, 1::float8 AS strength, ARRAY[id] AS steps, false AS at_goal
      FROM learning.elements JOIN learning.element_kinds USING (kind)
     WHERE acts_as IN ('content', 'competency') AND (valid_to IS NULL OR valid_to > '2026-07-01')
    UNION ALL
    SELECT p.source, r.target, p.strength * r.weight, p.steps || r.target, k.acts_as = 'goal'
      FROM path p
      JOIN learning.relations r ON r.source = p.target AND r.kind IN ('teaches', 'supports')
      JOIN learning.elements e ON e.id = r.target AND (e.valid_to IS NULL OR e.valid_to > '2026-07-01')
      JOIN learning.element_kinds k ON k.kind = e.kind
     WHERE NOT p.at_goal AND NOT r.target = ANY (p.steps)
),
contribution AS MATERIALIZED (
    SELECT source, target, at_goal, max(strength) AS strength FROM path GROUP BY source, target, at_goal
),
-- priorities: 1 is shared out from the roots down
goal AS (
    SELECT e.id, e.priority, r.target AS parent
      FROM learning.elements e
      LEFT JOIN learning.relations r ON r.source = e.id AND r.kind = 'contributes_to'
     WHERE e.kind = 'goal'
),
share AS (
    SELECT id, priority / sum(priority) OVER () AS share FROM goal WHERE parent IS NULL
    UNION ALL
    SELECT g.id, s.share * (1 - g.kept) * g.priority / g.siblings
      FROM share s
      JOIN (SELECT c.id, c.parent, c.priority, sum(c.priority) OVER (PARTITION BY c.parent) AS siblings,
                   CASE WHEN EXISTS (SELECT FROM contribution WHERE target = c.parent AND at_goal)
                        THEN 1.0 / (count(*) OVER (PARTITION BY c.parent) + 1) ELSE 0 END AS kept
              FROM goal c WHERE c.parent IS NOT NULL) g ON g.parent = s.id
),
kept AS (
    SELECT s.id, s.share * CASE WHEN c.children = 0 THEN 1
                                WHEN EXISTS (SELECT FROM contribution WHERE target = s.id AND at_goal) THEN 1.0 / (c.children + 1)
                                ELSE 0 END AS priority
      FROM share s, LATERAL (SELECT count(*) AS children FROM goal WHERE parent = s.id) c
),
-- obligations of each person
required AS MATERIALIZED (
    SELECT e.employee_no AS person, e.fte, q.item, max(q.required) AS required
      FROM hr.employees e
      CROSS JOIN LATERAL (
           SELECT item, required FROM learning.requirements WHERE role IS NULL
           UNION ALL
           SELECT item, required FROM learning.requirements JOIN learning.elements r ON r.id = role
            WHERE r.key = ANY (SELECT 'role:' || unnest(e.job_codes))) q
     GROUP BY e.employee_no, e.fte, q.item
),
obligation AS MATERIALIZED (
    SELECT q.person, q.item, c.target AS goal,
           q.fte * k.priority * q.required * c.strength
             / sum(q.required * c.strength) OVER (PARTITION BY q.person, c.target) AS weight
      FROM required q
      JOIN contribution c ON c.source = q.item AND c.at_goal
      JOIN kept k ON k.id = c.target
     WHERE q.required > 0
),
-- the evidence that is worth most today
evidence AS MATERIALIZED (
    SELECT DISTINCT ON (a.person, c.target) a.person, c.target AS item, c.strength * a.attained AS attained, a.at
      FROM attained a
      JOIN contribution c ON c.source = a.content AND NOT c.at_goal
     ORDER BY a.person, c.target,
              c.strength * a.attained * 2 ^ (-extract(epoch FROM timestamptz '2026-07-01 00:00:00+00' - a.at)::float8 / (365 * 86400.0)) DESC,
              c.strength * a.attained DESC, a.at DESC
),
placed AS (
    SELECT o.goal, m.department_id AS unit, o.weight, e.attained, e.at,
           e.attained * 2 ^ (-extract(epoch FROM timestamptz '2026-07-01 00:00:00+00' - e.at)::float8 / (365 * 86400.0)) AS faded
      FROM obligation o
      LEFT JOIN evidence e USING (person, item)
      LEFT JOIN hr.assignments m ON m.employee_no = o.person
            AND m.valid_from <= (coalesce(e.at, timestamptz '2026-07-01 00:00:00+00') AT TIME ZONE 'UTC')::date
            AND (m.valid_to IS NULL OR m.valid_to > (coalesce(e.at, timestamptz '2026-07-01 00:00:00+00') AT TIME ZONE 'UTC')::date)
),
leaf AS (
    SELECT goal, unit, sum(weight * faded) AS achieved, sum(weight) AS weight,
           sum(weight) FILTER (WHERE attained IS NOT NULL) AS covered, count(*) AS obligations
      FROM placed GROUP BY goal, unit
),
-- up the trees of goals and of departments
goal_above AS (
    SELECT id, id AS above FROM goal
    UNION
    SELECT a.id, g.parent FROM goal_above a JOIN goal g ON g.id = a.above WHERE g.parent IS NOT NULL
),
unit_above AS (
    SELECT department_id AS unit, department_id AS above FROM hr.departments
    UNION
    SELECT a.unit, d.parent_id FROM unit_above a JOIN hr.departments d ON d.department_id = a.above WHERE d.parent_id IS NOT NULL
)
SELECT e.key AS goal, u.above AS org_unit, coalesce(sum(l.achieved), 0) / sum(l.weight) AS score,
       coalesce(sum(l.covered), 0) / sum(l.weight) AS coverage, sum(l.obligations) AS obligations
  FROM leaf l
  JOIN goal_above g ON g.id = l.goal
  JOIN learning.elements e ON e.id = g.above
  LEFT JOIN unit_above u ON u.unit = l.unit
 GROUP BY e.key, u.above;
