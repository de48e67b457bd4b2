-- Alignment: from statements and requirements to scores that can be explained.
--
-- evidence -> attainments -> alignment_rows -> alignment and explain; beside
-- it priority_shares, contributions and obligations. Every step can be asked
-- by itself. The mathematics and their sources: docs/alignment.md.

CREATE TABLE @ecosystem@.evidence_verbs (
    verb       text PRIMARY KEY,
    key        bigint GENERATED ALWAYS AS (ecosys.verb_key(verb)) STORED UNIQUE,
    success    boolean,
    completion boolean
);
COMMENT ON TABLE @ecosystem@.evidence_verbs IS 'Verbs whose statements are evidence of learning, open to your own. Others (experienced, rated…) are none, even with a score.';
COMMENT ON COLUMN @ecosystem@.evidence_verbs.verb IS 'IRI of the verb.';
COMMENT ON COLUMN @ecosystem@.evidence_verbs.key IS 'Key of the verb, as in statements.verb.';
COMMENT ON COLUMN @ecosystem@.evidence_verbs.success IS 'What the verb says where result.success is silent.';
COMMENT ON COLUMN @ecosystem@.evidence_verbs.completion IS 'What the verb says where result.completion is silent.';
-- The ADL vocabulary; satisfied and waived are cmi5's; the last two are in use beside ADL's own.
INSERT INTO @ecosystem@.evidence_verbs (verb, success, completion) VALUES
    ('http://adlnet.gov/expapi/verbs/passed',            true,  NULL),
    ('http://adlnet.gov/expapi/verbs/mastered',          true,  NULL),
    ('http://adlnet.gov/expapi/verbs/failed',            false, NULL),
    ('http://adlnet.gov/expapi/verbs/completed',         NULL,  true),
    ('http://adlnet.gov/expapi/verbs/scored',            NULL,  NULL),
    ('http://adlnet.gov/expapi/verbs/answered',          NULL,  NULL),
    ('http://adlnet.gov/expapi/verbs/attempted',         NULL,  NULL),
    ('https://w3id.org/xapi/adl/verbs/satisfied',        NULL,  true),
    ('https://w3id.org/xapi/adl/verbs/waived',           true,  true),
    ('https://w3id.org/xapi/dod-isd/verbs/completed',    NULL,  true),
    ('https://w3id.org/xapi/dod-isd/verbs/answered',     NULL,  NULL);

CREATE VIEW @ecosystem@.evidence WITH (security_invoker = true) AS
    SELECT r.statement_id, r.actor, r.person, r.element, r.outcome, r.completed, r.at
      FROM (SELECT s.id AS statement_id, s.actor, p.person, e.id AS element,
                   ecosys.outcome(s.scaled, s.raw_scaled, 0, 1, coalesce(s.success, v.success)) AS outcome,
                   coalesce(s.completion, v.completion, false) AS completed,
                   s."timestamp" AS at
              FROM @ecosystem@.statements s
              JOIN @ecosystem@.evidence_verbs v ON v.key = s.verb
              JOIN @ecosystem@.elements e ON e.activity_key = s.object
              JOIN @ecosystem@.element_kinds k ON k.kind = e.kind AND k.acts_as = 'content'
              JOIN @ecosystem@.actor_people p ON p.actor = s.actor
                   AND (p.valid_from IS NULL OR s."timestamp" >= p.valid_from)
                   AND (p.valid_to IS NULL OR s."timestamp" < p.valid_to)
             -- a voiding statement cannot be voided, but its verb is none of these
             WHERE NOT EXISTS (SELECT FROM @ecosystem@.voidings d WHERE d.voided = s.id)) r
     WHERE r.outcome IS NOT NULL OR r.completed;
COMMENT ON VIEW @ecosystem@.evidence IS 'Statements that are evidence of a person about a content: graded (outcome) or completed, not voided.';
COMMENT ON COLUMN @ecosystem@.evidence.statement_id IS 'Id of the statement.';
COMMENT ON COLUMN @ecosystem@.evidence.actor IS 'Key of the actor, as in actors.key.';
COMMENT ON COLUMN @ecosystem@.evidence.person IS 'Who the actor was at that time, as in people.person.';
COMMENT ON COLUMN @ecosystem@.evidence.element IS 'Content, as in elements.id.';
COMMENT ON COLUMN @ecosystem@.evidence.outcome IS 'Outcome in [0, 1]; NULL: completed without a grade.';
COMMENT ON COLUMN @ecosystem@.evidence.completed IS 'Whether the statement says completed.';
COMMENT ON COLUMN @ecosystem@.evidence.at IS 'When it happened: the statement''s timestamp.';

CREATE FUNCTION @ecosystem@.attainments(as_of timestamptz DEFAULT NULL, of_person text DEFAULT NULL)
    RETURNS TABLE (person text, element bigint, state ecosys.attainment, value float8, attained_at timestamptz,
                   evidence_count bigint, confidence float8)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
    SELECT a.person, a.element, a.state,
           ecosys.grade(ecosys.attained(a.state, s.policy, s.completion_credit), s.mastery_score, s.grading),
           ecosys.attained_at(a.state, s.policy), ecosys.evidence_count(a.state), ecosys.confidence(a.state)
      FROM @ecosystem@.settings s
     CROSS JOIN LATERAL (
           SELECT e.person, e.element,
                  ecosys.attainment_agg(e.outcome, e.completed, e.at, CASE WHEN s.policy = 'decayed' THEN s.half_life END) AS state
             FROM @ecosystem@.evidence e
            WHERE e.at <= coalesce(attainments.as_of, pg_catalog.statement_timestamp())
              AND (attainments.of_person IS NULL OR e.person = attainments.of_person)
            GROUP BY e.person, e.element) a;
END;
COMMENT ON FUNCTION @ecosystem@.attainments(timestamptz, text) IS 'What each person (or one, of_person) has attained in each content by as_of (NULL: now): the mergeable state, the value in [0, 1] by the policy and grading of settings, its time, the number of graded results, and the confidence in [0, 1).';

CREATE FUNCTION @ecosystem@.goal_ancestors(as_of date DEFAULT NULL) RETURNS TABLE (goal bigint, ancestor bigint)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    WITH RECURSIVE
    parent AS (
        -- one parent a goal; should two be valid at a time, the one stored first
        SELECT DISTINCT ON (r.source) r.source, r.target
          FROM @ecosystem@.relations r
          JOIN @ecosystem@.relation_kinds k ON k.kind = r.kind AND k.carries = 'goal_tree'
         WHERE (r.valid_from IS NULL OR r.valid_from <= coalesce(goal_ancestors.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date))
           AND (r.valid_to IS NULL OR r.valid_to > coalesce(goal_ancestors.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date))
         ORDER BY r.source, r.id
    ),
    valid_goal AS (
        SELECT e.id
          FROM @ecosystem@.elements e
          JOIN @ecosystem@.element_kinds k ON k.kind = e.kind AND k.acts_as = 'goal'
         WHERE (e.valid_from IS NULL OR e.valid_from <= coalesce(goal_ancestors.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date))
           AND (e.valid_to IS NULL OR e.valid_to > coalesce(goal_ancestors.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date))
    ),
    line AS (
        SELECT g.id AS goal, g.id AS ancestor FROM valid_goal g
        -- UNION, not UNION ALL: a circle of goals ends where it began
        UNION
        SELECT l.goal, p.target FROM line l JOIN parent p ON p.source = l.ancestor JOIN valid_goal g ON g.id = p.target
    )
    SELECT l.goal, l.ancestor FROM line l;
END;
COMMENT ON FUNCTION @ecosystem@.goal_ancestors(date) IS 'Each goal with itself and the goals above it on a day (NULL: today, UTC).';

CREATE FUNCTION @ecosystem@.priority_shares(as_of date DEFAULT NULL) RETURNS TABLE (goal bigint, parent bigint, share float8, tree_share float8)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
    WITH RECURSIVE
    day AS (
        SELECT coalesce(priority_shares.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date) AS today
    ),
    valid_element AS (
        SELECT e.id, e.priority, k.acts_as
          FROM @ecosystem@.elements e
          JOIN @ecosystem@.element_kinds k ON k.kind = e.kind AND k.acts_as IS NOT NULL, day d
         WHERE (e.valid_from IS NULL OR e.valid_from <= d.today) AND (e.valid_to IS NULL OR e.valid_to > d.today)
    ),
    valid_relation AS (
        SELECT r.id, r.source, r.target, k.carries
          FROM @ecosystem@.relations r
          JOIN @ecosystem@.relation_kinds k ON k.kind = r.kind AND k.carries IN ('goal_tree', 'contribution'), day d
         WHERE (r.valid_from IS NULL OR r.valid_from <= d.today) AND (r.valid_to IS NULL OR r.valid_to > d.today)
    ),
    family AS (
        SELECT g.id, g.priority, p.target AS parent
          FROM valid_element g
          LEFT JOIN LATERAL (SELECT r.target
                               FROM valid_relation r JOIN valid_element t ON t.id = r.target AND t.acts_as = 'goal'
                              WHERE r.source = g.id AND r.carries = 'goal_tree' ORDER BY r.id LIMIT 1) p ON true
         WHERE g.acts_as = 'goal'
    ),
    -- what a goal keeps for itself: all as a leaf; as one more child if content or a competency serves it directly
    node AS (
        SELECT f.id, f.parent, f.priority / sum(f.priority) OVER (PARTITION BY f.parent) AS of_parent,
               CASE WHEN c.children = 0 THEN 1
                    WHEN EXISTS (SELECT FROM valid_relation r JOIN valid_element s ON s.id = r.source AND s.acts_as <> 'goal'
                                  WHERE r.target = f.id AND r.carries = 'contribution') THEN 1 / (c.children + 1)
                    ELSE 0 END AS kept
          FROM family f, LATERAL (SELECT count(*)::float8 FROM family d WHERE d.parent = f.id) c (children)
    ),
    -- from the roots down, so a circle of goals, which has no root, gets nothing
    shared AS (
        SELECT n.id, n.parent, n.of_parent AS tree_share, n.kept FROM node n WHERE n.parent IS NULL
        UNION ALL
        SELECT n.id, n.parent, s.tree_share * (1 - s.kept) * n.of_parent, n.kept FROM shared s JOIN node n ON n.parent = s.id
    )
    SELECT s.id, s.parent, s.tree_share * s.kept, s.tree_share FROM shared s;
END;
COMMENT ON FUNCTION @ecosystem@.priority_shares(date) IS 'How much of all priority, which is 1, each goal has on a day (NULL: today, UTC): share is what it keeps for itself, tree_share what it has with the goals below it. The shares of all goals sum to 1.';

CREATE VIEW @ecosystem@.contributions WITH (security_invoker = true) AS
    SELECT c.source AS item, c.target AS goal, c.strength, c.path,
           (SELECT pg_catalog.string_agg(e.key, ' → ' ORDER BY p.number)
              FROM pg_catalog.unnest(c.path) WITH ORDINALITY p (id, number)
              JOIN @ecosystem@.elements e ON e.id = p.id) AS line_of_sight
      FROM ecosys.graph_closure(@ecosystem@.itself()) c
      JOIN @ecosystem@.elements g ON g.id = c.target
      JOIN @ecosystem@.element_kinds k ON k.kind = g.kind AND k.acts_as = 'goal';
COMMENT ON VIEW @ecosystem@.contributions IS 'How strongly each content and competency serves each goal today: the largest product of weights over paths.';
COMMENT ON COLUMN @ecosystem@.contributions.item IS 'Content or competency, as in elements.id.';
COMMENT ON COLUMN @ecosystem@.contributions.goal IS 'The first goal on the path, as in elements.id.';
COMMENT ON COLUMN @ecosystem@.contributions.strength IS 'Product of the weights along the path, in (0, 1].';
COMMENT ON COLUMN @ecosystem@.contributions.path IS 'Elements of the strongest path, from item to goal.';
COMMENT ON COLUMN @ecosystem@.contributions.line_of_sight IS 'The same path by keys.';

CREATE FUNCTION @ecosystem@.obligations(as_of timestamptz DEFAULT NULL, of_person text DEFAULT NULL)
    RETURNS TABLE (person text, item bigint, goal bigint, weight float8, required float8, strength float8)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100000
BEGIN ATOMIC
    WITH
    day AS (
        SELECT (coalesce(obligations.as_of, pg_catalog.statement_timestamp()) AT TIME ZONE 'UTC')::date AS today
    ),
    somebody AS MATERIALIZED (
        SELECT p.person, coalesce(p.fte, 1) AS fte, coalesce(p.roles, '{}') AS roles
          FROM @ecosystem@.people p
         WHERE obligations.of_person IS NULL OR p.person = obligations.of_person
    ),
    -- what is required depends on the roles alone, and few sets of roles serve many people
    profile AS MATERIALIZED (
        SELECT r.roles, pg_catalog.row_number() OVER () AS id FROM (SELECT DISTINCT s.roles FROM somebody s) r
    ),
    required AS MATERIALIZED (
        SELECT a.profile, a.item, max(a.required) AS required
          FROM (SELECT p.id AS profile, q.item, q.required
                  FROM profile p JOIN @ecosystem@.requirements q ON q.role IS NULL
                UNION ALL
                SELECT p.id, q.item, q.required
                  FROM profile p
                 CROSS JOIN LATERAL pg_catalog.unnest(p.roles) held (role)
                 -- two keys to look up, not a condition to try on every element
                 CROSS JOIN LATERAL (VALUES (held.role), ('role:' || held.role)) named (key)
                  JOIN @ecosystem@.elements e ON e.key = named.key
                  JOIN @ecosystem@.requirements q ON q.role = e.id) a
         WHERE a.required > 0
         GROUP BY a.profile, a.item
    ),
    share AS MATERIALIZED (
        SELECT q.profile, q.item, g.goal, q.required, c.strength,
               g.share * (q.required * c.strength) / sum(q.required * c.strength) OVER (PARTITION BY q.profile, g.goal) AS weight
          FROM day d
         CROSS JOIN LATERAL ecosys.graph_closure(@ecosystem@.itself(), d.today) c
          JOIN @ecosystem@.priority_shares(d.today) g ON g.goal = c.target
          JOIN required q ON q.item = c.source
    )
    SELECT s.person, h.item, h.goal, s.fte * h.weight, h.required, h.strength
      FROM somebody s JOIN profile p ON p.roles = s.roles JOIN share h ON h.profile = p.id;
END;
COMMENT ON FUNCTION @ecosystem@.obligations(timestamptz, text) IS 'Which items each person (or one, of_person) must master for which goal, as of a time (NULL: now). weight: fte * the goal''s share * required * strength, normalised so that the items of a person and goal sum to fte * share; required in (0, 1], the most that a role of the person asks; strength in (0, 1], as in contributions.';

CREATE VIEW @ecosystem@.org_unit_ancestors WITH (security_invoker = true) AS
    WITH RECURSIVE line AS (
        SELECT u.unit, u.unit AS ancestor FROM @ecosystem@.org_units u
        -- UNION, not UNION ALL: a circle of units ends where it began
        UNION
        SELECT l.unit, u.parent FROM line l JOIN @ecosystem@.org_units u ON u.unit = l.ancestor WHERE u.parent IS NOT NULL
    )
    SELECT l.unit, l.ancestor FROM line l;
COMMENT ON VIEW @ecosystem@.org_unit_ancestors IS 'Each unit with itself and the units above it.';
COMMENT ON COLUMN @ecosystem@.org_unit_ancestors.unit IS 'Unit, as in org_units.unit.';
COMMENT ON COLUMN @ecosystem@.org_unit_ancestors.ancestor IS 'The unit itself, or one that it is part of.';

CREATE FUNCTION @ecosystem@.alignment_rows(as_of timestamptz DEFAULT NULL, half_life interval DEFAULT NULL, of_person text DEFAULT NULL)
    RETURNS TABLE (person text, org_unit text, org_unit_now text, item bigint, goal bigint, weight float8,
                   attainment float8, at timestamptz, content bigint, rho float8)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100000
BEGIN ATOMIC
    WITH
    now AS (
        SELECT coalesce(alignment_rows.as_of, pg_catalog.statement_timestamp()) AS instant,
               (coalesce(alignment_rows.as_of, pg_catalog.statement_timestamp()) AT TIME ZONE 'UTC')::date AS today
    ),
    -- who was where; of overlapping periods the one that began last
    membership AS MATERIALIZED (
        SELECT m.person, m.unit, m.since,
               least(m.valid_to, pg_catalog.lead(m.since) OVER (PARTITION BY m.person ORDER BY m.since, m.valid_to, m.unit)) AS until
          FROM (SELECT h.person, h.unit, coalesce(h.valid_from, '-infinity') AS since, h.valid_to
                  FROM @ecosystem@.memberships h
                 WHERE alignment_rows.of_person IS NULL OR h.person = alignment_rows.of_person) m
    ),
    membership_now AS MATERIALIZED (
        SELECT m.person, m.unit FROM membership m, now n WHERE m.since <= n.today AND (m.until IS NULL OR m.until > n.today)
    ),
    -- how content serves the items that somebody must master
    serves AS MATERIALIZED (
        SELECT c.source AS content, c.target AS item, c.strength
          FROM now n
         CROSS JOIN LATERAL ecosys.graph_closure(@ecosystem@.itself(), n.today) c
         WHERE c.target IN (SELECT q.item FROM @ecosystem@.requirements q WHERE q.required > 0)
    ),
    -- the evidence that is worth most for an item
    best AS (
        SELECT DISTINCT ON (a.person, s.item)
               a.person, s.item, a.element AS content, s.strength, s.strength * a.value AS attainment, a.attained_at AS at
          FROM now n
         CROSS JOIN LATERAL @ecosystem@.attainments(n.instant, alignment_rows.of_person) a
          JOIN serves s ON s.content = a.element
         ORDER BY a.person, s.item,
                  ecosys.fade(s.strength * a.value, a.attained_at, n.instant, alignment_rows.half_life) DESC,
                  s.strength * a.value DESC, a.attained_at DESC, a.element
    ),
    placed AS (
        SELECT b.person, b.item, b.content, b.strength, b.attainment, b.at, m.unit
          FROM best b
          LEFT JOIN membership m ON m.person = b.person AND m.since <= (b.at AT TIME ZONE 'UTC')::date
                    AND (m.until IS NULL OR m.until > (b.at AT TIME ZONE 'UTC')::date)
    )
    SELECT o.person, coalesce(p.unit, m.unit), m.unit, o.item, o.goal, o.weight, p.attainment, p.at, p.content, p.strength
      FROM now n
     CROSS JOIN LATERAL @ecosystem@.obligations(n.instant, alignment_rows.of_person) o
      LEFT JOIN placed p ON p.person = o.person AND p.item = o.item
      LEFT JOIN membership_now m ON m.person = o.person;
END;
COMMENT ON FUNCTION @ecosystem@.alignment_rows(timestamptz, interval, text) IS 'Every obligation (or those of one person, of_person) with the evidence that is worth most for it, as of a time (NULL: now): what alignment() aggregates. attainment: rho * value, unfaded, NULL without evidence; rho: how strongly the content serves the item, in (0, 1]; org_unit: the person''s at the time of the evidence, where there is none at as_of. half_life decides which evidence is worth most; NULL: no fading.';

CREATE FUNCTION @ecosystem@.alignment("by" text[] DEFAULT '{goal}', as_of timestamptz DEFAULT NULL, attribution text DEFAULT 'then')
    RETURNS TABLE (goal text, goal_name text, org_unit text, org_unit_name text, person text, person_name text,
                   state ecosys.alignment, score float8, coverage float8, proficiency float8, freshness float8, confidence float8,
                   score_lower float8, score_upper float8, obligations bigint, evidenced bigint, weight float8)
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 1000 COST 100000
    SET jit = off -- compiling takes longer than the query
    SET search_path = pg_catalog, pg_temp
AS
$$
#variable_conflict use_column
DECLARE
    instant timestamptz := coalesce(as_of, pg_catalog.statement_timestamp());
    half_life interval := (SELECT s.half_life FROM @ecosystem@.settings s);
    unknown text := (SELECT d FROM pg_catalog.unnest("by") d WHERE d IS NULL OR d NOT IN ('goal', 'org_unit', 'person') LIMIT 1);
    by_goal boolean := 'goal' = ANY ("by");
    by_unit boolean := 'org_unit' = ANY ("by");
    by_person boolean := 'person' = ANY ("by");
    unit_now boolean := attribution = 'now';
BEGIN
    IF "by" IS NULL OR unknown IS NOT NULL OR pg_catalog.array_position("by", NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'unknown dimension "%"', coalesce(pg_catalog.left(unknown, 60), 'NULL')
            USING ERRCODE = '22023', HINT = 'Dimensions are goal, org_unit and person; none gives one row for all.';
    END IF;
    IF attribution IS NULL OR attribution NOT IN ('then', 'now') THEN
        RAISE EXCEPTION 'unknown attribution "%"', coalesce(pg_catalog.left(attribution, 60), 'NULL')
            USING ERRCODE = '22023', HINT = 'then: the unit at the time of the evidence; now: the unit at as_of.';
    END IF;
    RETURN QUERY
    WITH
    leaf AS MATERIALIZED (
        SELECT CASE WHEN by_goal THEN r.goal END AS goal,
               CASE WHEN by_unit AND unit_now THEN r.org_unit_now WHEN by_unit THEN r.org_unit END AS org_unit,
               CASE WHEN by_person THEN r.person END AS person,
               ecosys.alignment_agg(r.attainment, r.weight, r.at, half_life) AS state
          FROM @ecosystem@.alignment_rows(instant, half_life) r
         GROUP BY 1, 2, 3
    ),
    -- up both trees: states merge exactly, so no row is read twice
    rolled AS (
        SELECT coalesce(g.ancestor, l.goal) AS goal, coalesce(u.ancestor, l.org_unit) AS org_unit, l.person,
               ecosys.rollup(l.state) AS state
          FROM leaf l
          LEFT JOIN @ecosystem@.goal_ancestors((instant AT TIME ZONE 'UTC')::date) g ON g.goal = l.goal
          LEFT JOIN @ecosystem@.org_unit_ancestors u ON u.unit = l.org_unit
         WHERE l.state IS NOT NULL
         GROUP BY 1, 2, 3
    )
    SELECT e.key, e.name, r.org_unit, u.name, r.person, p.name,
           r.state, ecosys.score(r.state, instant), ecosys.coverage(r.state), ecosys.proficiency(r.state),
           ecosys.freshness(r.state, instant), ecosys.confidence(r.state), i.lower, i.upper,
           ecosys.obligations(r.state), ecosys.evidenced(r.state), ecosys.weight(r.state)
      FROM rolled r
     CROSS JOIN LATERAL ecosys.score_interval(r.state, 0.95, instant) i
      LEFT JOIN @ecosystem@.elements e ON e.id = r.goal
      LEFT JOIN (SELECT o.unit, min(o.name) AS name FROM @ecosystem@.org_units o GROUP BY o.unit) u ON u.unit = r.org_unit
      LEFT JOIN (SELECT s.person, min(s.name) AS name FROM @ecosystem@.people s GROUP BY s.person) p ON by_person AND p.person = r.person
     ORDER BY e.key, r.org_unit, r.person;
END
$$;
COMMENT ON FUNCTION @ecosystem@.alignment(text[], timestamptz, text) IS 'How far obligations are met, by any of goal, org_unit and person ({}: one row), as of a time (NULL: now). A goal''s row holds the goals below it, a unit''s row the units below it. score = coverage * proficiency * freshness, all in [0, 1]; score_lower and score_upper: 95 % Wilson interval over obligations; state: mergeable, see ecosys.rollup. attribution: then, to the unit at the time of the evidence; now, to the unit at as_of.';

CREATE TYPE @ecosystem@.explanation AS (
    item         text,
    item_name    text,
    person       text,
    people       bigint,
    content      text,
    path         text,
    weight       float8,
    attainment   float8,
    at           timestamptz,
    contribution float8,
    gap          float8,
    statements   uuid[]
);
COMMENT ON TYPE @ecosystem@.explanation IS 'One row of explain(): what an item adds to a score, and why.';
COMMENT ON COLUMN @ecosystem@.explanation.item IS 'Key of the content or competency that is required.';
COMMENT ON COLUMN @ecosystem@.explanation.item_name IS 'Its name.';
COMMENT ON COLUMN @ecosystem@.explanation.person IS 'The person asked for; NULL: all.';
COMMENT ON COLUMN @ecosystem@.explanation.people IS 'Number of people who must master the item.';
COMMENT ON COLUMN @ecosystem@.explanation.content IS 'Key of the content whose evidence counts, for most of them; NULL: no evidence.';
COMMENT ON COLUMN @ecosystem@.explanation.path IS 'Line of sight: content, item and what lies between them and the goal that the item weighs most for.';
COMMENT ON COLUMN @ecosystem@.explanation.weight IS 'Share of the score''s weight, in (0, 1].';
COMMENT ON COLUMN @ecosystem@.explanation.attainment IS 'Weighted mean of unfaded attainments where there is evidence, in [0, 1]; NULL: no evidence.';
COMMENT ON COLUMN @ecosystem@.explanation.at IS 'Time of the newest evidence that counts.';
COMMENT ON COLUMN @ecosystem@.explanation.contribution IS 'What the item adds to the score; contributions sum to it.';
COMMENT ON COLUMN @ecosystem@.explanation.gap IS 'What the item could still add; contributions and gaps sum to 1.';
COMMENT ON COLUMN @ecosystem@.explanation.statements IS 'Ids of the statements behind the attainment, newest first: at most 100 for a person, else 10.';

CREATE FUNCTION @ecosystem@.explain(goal text, person text DEFAULT NULL, org_unit text DEFAULT NULL,
                                    as_of timestamptz DEFAULT NULL, attribution text DEFAULT 'then')
    RETURNS SETOF @ecosystem@.explanation
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 20 COST 100000
    SET jit = off -- compiling takes longer than the query
    SET search_path = pg_catalog, pg_temp
AS
$$
#variable_conflict use_column
DECLARE
    instant timestamptz := coalesce(as_of, pg_catalog.statement_timestamp());
    today date := (instant AT TIME ZONE 'UTC')::date;
    half_life interval := (SELECT s.half_life FROM @ecosystem@.settings s);
    policy text := (SELECT s.policy FROM @ecosystem@.settings s);
    most_statements integer := CASE WHEN person IS NULL THEN 10 ELSE 100 END;
    asked bigint := (SELECT e.id FROM @ecosystem@.elements e JOIN @ecosystem@.element_kinds k ON k.kind = e.kind
                      WHERE e.key = explain.goal AND k.acts_as = 'goal');
BEGIN
    IF asked IS NULL THEN
        RAISE EXCEPTION 'no goal has the key "%"', coalesce(pg_catalog.left(goal, 100), 'NULL')
            USING ERRCODE = '22023', HINT = 'Goals are elements whose kind acts as a goal; their keys are in elements.key, for example goal:cut-churn.';
    END IF;
    IF person IS NOT NULL AND NOT EXISTS (SELECT FROM @ecosystem@.people p WHERE p.person = explain.person) THEN
        RAISE EXCEPTION 'no person has the key "%"', pg_catalog.left(person, 60)
            USING ERRCODE = '22023', HINT = 'Persons are the rows of view people, by column person.';
    END IF;
    IF org_unit IS NOT NULL
       AND NOT EXISTS (SELECT FROM @ecosystem@.org_units u WHERE u.unit = explain.org_unit)
       AND NOT EXISTS (SELECT FROM @ecosystem@.memberships m WHERE m.unit = explain.org_unit) THEN
        RAISE EXCEPTION 'no unit has the key "%"', pg_catalog.left(org_unit, 60)
            USING ERRCODE = '22023', HINT = 'Units are the rows of view org_units, by column unit.';
    END IF;
    IF attribution IS NULL OR attribution NOT IN ('then', 'now') THEN
        RAISE EXCEPTION 'unknown attribution "%"', coalesce(pg_catalog.left(attribution, 60), 'NULL')
            USING ERRCODE = '22023', HINT = 'then: the unit at the time of the evidence; now: the unit at as_of.';
    END IF;
    RETURN QUERY
    WITH
    obligation AS MATERIALIZED (
        SELECT r.person, r.item, r.goal, r.content, r.weight, r.attainment, r.at,
               coalesce(r.weight * ecosys.fade(r.attainment, r.at, instant, half_life), 0) AS achieved
          FROM @ecosystem@.alignment_rows(instant, half_life, explain.person) r
         WHERE r.goal IN (SELECT g.goal FROM @ecosystem@.goal_ancestors(today) g WHERE g.ancestor = asked)
           AND (explain.org_unit IS NULL
                OR CASE WHEN attribution = 'now' THEN r.org_unit_now ELSE r.org_unit END
                   IN (SELECT explain.org_unit UNION ALL SELECT u.unit FROM @ecosystem@.org_unit_ancestors u WHERE u.ancestor = explain.org_unit))
           AND r.weight > 0
    ),
    whole AS (
        SELECT sum(o.weight) AS weight FROM obligation o
    ),
    -- the evidence of a person for an item is the same for every goal
    held AS MATERIALIZED (
        SELECT o.item, o.person, min(o.content) AS content, min(o.attainment) AS attainment, min(o.at) AS at,
               sum(o.weight) AS weight, sum(o.achieved) AS achieved
          FROM obligation o
         GROUP BY o.item, o.person
    ),
    part AS (
        SELECT h.item, count(*) AS people, mode() WITHIN GROUP (ORDER BY h.content) AS content,
               sum(h.weight) AS weight, max(h.at) AS at, sum(h.achieved) AS achieved,
               sum(h.weight * h.attainment) / sum(h.weight) FILTER (WHERE h.attainment IS NOT NULL) AS attainment
          FROM held h
         GROUP BY h.item
    ),
    main_goal AS (
        SELECT DISTINCT ON (o.item) o.item, o.goal FROM obligation o GROUP BY o.item, o.goal ORDER BY o.item, sum(o.weight) DESC, o.goal
    ),
    closure AS MATERIALIZED (
        SELECT c.source, c.target, c.path FROM ecosys.graph_closure(@ecosystem@.itself(), today) c
    ),
    -- each of these has a statement behind it, so no older ones are needed
    newest AS MATERIALIZED (
        SELECT n.item, n.person, n.content
          FROM (SELECT h.item, h.person, h.content,
                       pg_catalog.row_number() OVER (PARTITION BY h.item ORDER BY h.at DESC, h.person) AS number
                  FROM held h WHERE h.content IS NOT NULL) n
         WHERE n.number <= most_statements
    ),
    candidate AS (
        SELECT e.person, e.element, e.statement_id, e.at, e.outcome,
               max(e.outcome) OVER pair AS best,
               pg_catalog.first_value(e.at) OVER latest AS last_at, pg_catalog.first_value(e.outcome) OVER latest AS last_outcome
          FROM @ecosystem@.evidence e
         WHERE e.at <= instant AND (explain.person IS NULL OR e.person = explain.person)
           AND (e.person, e.element) IN (SELECT n.person, n.content FROM newest n)
        WINDOW pair AS (PARTITION BY e.person, e.element),
               latest AS (PARTITION BY e.person, e.element ORDER BY e.outcome IS NULL, e.at DESC, e.outcome DESC)
    ),
    -- what made the attainment, by the policy of settings; completions count only without a grade
    behind AS (
        SELECT c.person, c.element, c.statement_id, c.at
          FROM candidate c
         WHERE CASE WHEN c.best IS NULL THEN true
                    WHEN policy = 'best' THEN c.outcome = c.best
                    WHEN policy = 'last' THEN c.at = c.last_at AND c.outcome = c.last_outcome
                    ELSE c.outcome IS NOT NULL END
    ),
    proof AS (
        SELECT n.item, (pg_catalog.array_agg(b.statement_id ORDER BY b.at DESC, b.statement_id))[:most_statements] AS statements
          FROM newest n
          JOIN behind b ON b.person = n.person AND b.element = n.content
         GROUP BY n.item
    )
    SELECT e.key, e.name, explain.person, p.people, c.key,
           (SELECT pg_catalog.string_agg(s.key, ' → ' ORDER BY step.number)
              FROM pg_catalog.unnest(coalesce(to_item.path, ARRAY[p.item]) || to_goal.path[2:]) WITH ORDINALITY step (id, number)
              JOIN @ecosystem@.elements s ON s.id = step.id),
           p.weight / w.weight, p.attainment, p.at, p.achieved / w.weight, (p.weight - p.achieved) / w.weight,
           coalesce(f.statements, '{}')
      FROM part p
     CROSS JOIN whole w
      JOIN @ecosystem@.elements e ON e.id = p.item
      JOIN main_goal m ON m.item = p.item
      JOIN closure to_goal ON to_goal.source = p.item AND to_goal.target = m.goal
      LEFT JOIN closure to_item ON to_item.source = p.content AND to_item.target = p.item
      LEFT JOIN @ecosystem@.elements c ON c.id = p.content
      LEFT JOIN proof f ON f.item = p.item
     ORDER BY p.achieved DESC, p.weight DESC, e.key;
END
$$;
COMMENT ON FUNCTION @ecosystem@.explain(text, text, text, timestamptz, text) IS 'Why alignment() gives a goal its score, for a person, a unit (with those below it) or all: one row an item. Contributions sum to the score, contributions and gaps to 1.';
