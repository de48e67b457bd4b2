-- For BI tools: plain views with built-in scalar types only. fact_… views have
-- one row an event or a figure, dim_… views what their keys stand for; a key
-- has the same name wherever it stands.

CREATE VIEW @ecosystem@.dim_person WITH (security_invoker = true) AS
    SELECT p.person, p.name AS person_name, p.fte,
           pg_catalog.array_to_string(p.roles, ', ') AS roles,
           m.unit AS org_unit, r.manager
      FROM @ecosystem@.people p
      LEFT JOIN LATERAL (SELECT unit FROM @ecosystem@.memberships m
                          WHERE m.person = p.person
                            AND (m.valid_from IS NULL OR m.valid_from <= (pg_catalog.now() AT TIME ZONE 'UTC')::date)
                            AND (m.valid_to IS NULL OR m.valid_to > (pg_catalog.now() AT TIME ZONE 'UTC')::date)
                          ORDER BY m.valid_from DESC NULLS LAST, m.unit LIMIT 1) m ON true
      LEFT JOIN LATERAL (SELECT manager FROM @ecosystem@.reports_to r
                          WHERE r.person = p.person
                            AND (r.valid_from IS NULL OR r.valid_from <= (pg_catalog.now() AT TIME ZONE 'UTC')::date)
                            AND (r.valid_to IS NULL OR r.valid_to > (pg_catalog.now() AT TIME ZONE 'UTC')::date)
                          ORDER BY r.valid_from DESC NULLS LAST, r.manager LIMIT 1) r ON true;
COMMENT ON VIEW @ecosystem@.dim_person IS 'People, with their unit and manager of today.';
COMMENT ON COLUMN @ecosystem@.dim_person.person IS 'Key of the person.';
COMMENT ON COLUMN @ecosystem@.dim_person.person_name IS 'Name.';
COMMENT ON COLUMN @ecosystem@.dim_person.fte IS 'Full-time equivalent.';
COMMENT ON COLUMN @ecosystem@.dim_person.roles IS 'Roles, joined by commas.';
COMMENT ON COLUMN @ecosystem@.dim_person.org_unit IS 'Unit of today.';
COMMENT ON COLUMN @ecosystem@.dim_person.manager IS 'Person who manages this one today.';

CREATE VIEW @ecosystem@.dim_org_unit WITH (security_invoker = true) AS
    SELECT unit AS org_unit, name AS org_unit_name, parent AS parent_org_unit FROM @ecosystem@.org_units;
COMMENT ON VIEW @ecosystem@.dim_org_unit IS 'Units of the organisation.';
COMMENT ON COLUMN @ecosystem@.dim_org_unit.org_unit IS 'Key of the unit.';
COMMENT ON COLUMN @ecosystem@.dim_org_unit.org_unit_name IS 'Name.';
COMMENT ON COLUMN @ecosystem@.dim_org_unit.parent_org_unit IS 'Unit it is part of.';

CREATE VIEW @ecosystem@.dim_element WITH (security_invoker = true) AS
    SELECT e.key AS element, e.name AS element_name, e.kind, k.family, e.owner, e.review_by, e.valid_from, e.valid_to, e.activity
      FROM @ecosystem@.elements e JOIN @ecosystem@.element_kinds k ON k.kind = e.kind;
COMMENT ON VIEW @ecosystem@.dim_element IS 'Elements of the model: goals, competencies, content, platforms and so on.';
COMMENT ON COLUMN @ecosystem@.dim_element.element IS 'Key of the element.';
COMMENT ON COLUMN @ecosystem@.dim_element.element_name IS 'Name.';
COMMENT ON COLUMN @ecosystem@.dim_element.kind IS 'Kind.';
COMMENT ON COLUMN @ecosystem@.dim_element.family IS 'strategy, people, content, platform or data.';
COMMENT ON COLUMN @ecosystem@.dim_element.owner IS 'Who is responsible.';
COMMENT ON COLUMN @ecosystem@.dim_element.review_by IS 'Day by which it must be looked at again.';
COMMENT ON COLUMN @ecosystem@.dim_element.valid_from IS 'First day it exists.';
COMMENT ON COLUMN @ecosystem@.dim_element.valid_to IS 'First day it no longer exists.';
COMMENT ON COLUMN @ecosystem@.dim_element.activity IS 'Activity IRI that statements carry.';

CREATE VIEW @ecosystem@.fact_statement WITH (security_invoker = true) AS
    SELECT s.id AS statement_id, s."timestamp" AS "time", s.stored, s.actor AS actor_key, p.person, m.unit AS org_unit,
           s.verb AS verb_key, v.iri AS verb, s.object AS object_key, a.iri AS activity, e.key AS element,
           s.scaled, s.success, s.completion, pg_catalog.date_part('epoch', s.duration) AS duration_seconds, s.registration
      FROM @ecosystem@.live_statements s
      LEFT JOIN @ecosystem@.verbs v ON v.key = s.verb
      LEFT JOIN @ecosystem@.activities a ON a.key = s.object
      LEFT JOIN @ecosystem@.elements e ON e.activity_key = s.object
      LEFT JOIN @ecosystem@.actor_people p ON p.actor = s.actor
                                          AND (p.valid_from IS NULL OR p.valid_from <= s."timestamp")
                                          AND (p.valid_to IS NULL OR p.valid_to > s."timestamp")
      LEFT JOIN @ecosystem@.memberships m ON m.person = p.person
                                         AND (m.valid_from IS NULL OR m.valid_from <= (s."timestamp" AT TIME ZONE 'UTC')::date)
                                         AND (m.valid_to IS NULL OR m.valid_to > (s."timestamp" AT TIME ZONE 'UTC')::date);
COMMENT ON VIEW @ecosystem@.fact_statement IS 'Statements that are not void, with the person and the unit of that time; one row a statement, provided that people are in one unit at a time.';
COMMENT ON COLUMN @ecosystem@.fact_statement.statement_id IS 'Statement id.';
COMMENT ON COLUMN @ecosystem@.fact_statement."time" IS 'When it happened.';
COMMENT ON COLUMN @ecosystem@.fact_statement.stored IS 'When it was stored.';
COMMENT ON COLUMN @ecosystem@.fact_statement.actor_key IS 'Key of the actor.';
COMMENT ON COLUMN @ecosystem@.fact_statement.person IS 'Person who the actor is; NULL: unknown.';
COMMENT ON COLUMN @ecosystem@.fact_statement.org_unit IS 'Unit the person was in at that time.';
COMMENT ON COLUMN @ecosystem@.fact_statement.verb_key IS 'Key of the verb.';
COMMENT ON COLUMN @ecosystem@.fact_statement.verb IS 'IRI of the verb.';
COMMENT ON COLUMN @ecosystem@.fact_statement.object_key IS 'Key of the object.';
COMMENT ON COLUMN @ecosystem@.fact_statement.activity IS 'IRI of the activity; NULL: the object is none.';
COMMENT ON COLUMN @ecosystem@.fact_statement.element IS 'Element of the model that the activity is; NULL: none.';
COMMENT ON COLUMN @ecosystem@.fact_statement.scaled IS 'result.score.scaled, in [-1, 1].';
COMMENT ON COLUMN @ecosystem@.fact_statement.success IS 'result.success.';
COMMENT ON COLUMN @ecosystem@.fact_statement.completion IS 'result.completion.';
COMMENT ON COLUMN @ecosystem@.fact_statement.duration_seconds IS 'result.duration, seconds.';
COMMENT ON COLUMN @ecosystem@.fact_statement.registration IS 'context.registration.';

CREATE VIEW @ecosystem@.fact_alignment WITH (security_invoker = true) AS
    SELECT pg_catalog.statement_timestamp() AS "time", a.goal, a.goal_name, a.org_unit, a.org_unit_name, a.score, a.coverage, a.proficiency, a.freshness,
           a.confidence, a.score_lower, a.score_upper, a.obligations, a.evidenced, a.weight
      FROM @ecosystem@.alignment('{goal,org_unit}') a;
COMMENT ON VIEW @ecosystem@.fact_alignment IS 'How far learning serves each goal in each unit, now. A goal''s row holds the goals below it, a unit''s row the units below it: do not add up rows of different levels.';
COMMENT ON COLUMN @ecosystem@.fact_alignment."time" IS 'As of when: now.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.goal IS 'Key of the goal, as in dim_element.element.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.goal_name IS 'Name of the goal.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.org_unit IS 'Key of the unit; NULL: no unit is known.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.org_unit_name IS 'Name of the unit.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.score IS 'Share of obligations that fresh evidence meets, in [0, 1]: coverage * proficiency * freshness.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.coverage IS 'Share of obligations with any evidence, in [0, 1].';
COMMENT ON COLUMN @ecosystem@.fact_alignment.proficiency IS 'Mean attainment where there is evidence, in [0, 1].';
COMMENT ON COLUMN @ecosystem@.fact_alignment.freshness IS 'Share of that attainment that has not faded, in [0, 1].';
COMMENT ON COLUMN @ecosystem@.fact_alignment.confidence IS 'Grows with the number of obligations with evidence, in [0, 1).';
COMMENT ON COLUMN @ecosystem@.fact_alignment.score_lower IS 'Lower end of the 95 % interval of score.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.score_upper IS 'Upper end of the 95 % interval of score.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.obligations IS 'Number of obligations: a person, an item and a goal each.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.evidenced IS 'Number of them with evidence.';
COMMENT ON COLUMN @ecosystem@.fact_alignment.weight IS 'Their weight: full-time equivalents times the goal''s share of priority.';
