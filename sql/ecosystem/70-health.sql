-- Health: what in the ecosystem needs somebody's attention, ranked by how much of the goals hangs on it.

CREATE FUNCTION @ecosystem@.value_at_risk(as_of date DEFAULT NULL)
    RETURNS TABLE (element bigint, at_risk float8, importance float8, items_lost bigint, is_required boolean)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
    SET jit = off -- compiling takes longer than the query
BEGIN ATOMIC
    WITH priority AS MATERIALIZED (
        SELECT p.goal, p.share, p.tree_share FROM @ecosystem@.priority_shares(value_at_risk.as_of) p
    ),
    contribution AS MATERIALIZED (
        SELECT c.source AS item, c.target AS goal, p.share, c.strength
          FROM ecosys.graph_closure(@ecosystem@.itself(), value_at_risk.as_of) c JOIN priority p ON p.goal = c.target
    ),
    obligation AS MATERIALIZED (
        SELECT o.item, o.weight FROM @ecosystem@.obligation_totals(value_at_risk.as_of) o
    ),
    -- as long as nobody is obliged to anything, everything that serves a goal counts as required
    item AS (
        SELECT o.item, o.weight FROM obligation o
        UNION ALL
        SELECT c.item, pg_catalog.sum(c.weight)
          FROM (SELECT a.item, a.share * a.strength / pg_catalog.sum(a.strength) OVER (PARTITION BY a.goal) AS weight FROM contribution a) c
         WHERE NOT EXISTS (SELECT FROM obligation)
         GROUP BY c.item
    ),
    loss AS MATERIALIZED (
        SELECT i.element, i.importance, i.items_lost
          FROM (SELECT coalesce(pg_catalog.array_agg(item.item), '{}') AS items, coalesce(pg_catalog.array_agg(item.weight), '{}') AS weights FROM item) w
         CROSS JOIN LATERAL ecosys.graph_importance(@ecosystem@.itself(), w.items, w.weights, value_at_risk.as_of) i
    )
    SELECT l.element,
           coalesce(p.tree_share, GREATEST(coalesce(l.importance, 0), coalesce(c.served, 0))),
           coalesce(l.importance, 0), l.items_lost, EXISTS (SELECT FROM item WHERE item.item = l.element AND item.weight > 0)
      FROM loss l
      LEFT JOIN priority p ON p.goal = l.element
      LEFT JOIN (SELECT a.item, pg_catalog.sum(a.share * a.strength) AS served FROM contribution a GROUP BY a.item) c ON c.item = l.element;
END;
COMMENT ON FUNCTION @ecosystem@.value_at_risk(date) IS
'How much of all goals, in [0, 1], hangs on each element. Goal: its priority with those below it. Others: the larger of importance (what its loss takes from the highest reachable alignment) and of what it contributes, priority times strength over goals. items_lost: required items that nothing else would give. While nobody is obliged to anything, all that serves a goal counts as required.';

CREATE FUNCTION @ecosystem@.findings(as_of date DEFAULT NULL)
    RETURNS TABLE (finding text, at_risk float8, element bigint, key text, kind text, name text, reason text, more text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
    -- how many rows its parts give cannot be known when the plan is made: nested loops over them could take a square of it
    SET enable_nestloop = off
    SET jit = off
    SET search_path = pg_catalog, pg_temp
AS
$$
    WITH RECURSIVE day AS (
        SELECT coalesce(findings.as_of, (pg_catalog.statement_timestamp() AT TIME ZONE 'UTC')::date) AS today
    ),
    valid AS MATERIALIZED (
        SELECT e.id, e.key, e.kind, e.name, e.owner, e.review_by, e.effort, k.family, k.acts_as, v.importance, v.items_lost, v.is_required, v.at_risk
          FROM day
         CROSS JOIN LATERAL @ecosystem@.value_at_risk(day.today) v
          JOIN @ecosystem@.elements e ON e.id = v.element
          JOIN @ecosystem@.element_kinds k ON k.kind = e.kind
    ),
    relation AS MATERIALIZED (
        SELECT r.source, r.target, k.carries
          FROM day, @ecosystem@.relations r JOIN @ecosystem@.relation_kinds k ON k.kind = r.kind
         WHERE (r.valid_from IS NULL OR r.valid_from <= day.today) AND (r.valid_to IS NULL OR r.valid_to > day.today)
    ),
    served AS MATERIALIZED (
        SELECT DISTINCT c.source, c.target
          FROM day CROSS JOIN LATERAL ecosys.graph_closure(@ecosystem@.itself(), day.today) c JOIN valid g ON g.id = c.target AND g.acts_as = 'goal'
    ),
    -- content that serves a goal, and what delivers that: a module need not serve goals apart from its course
    in_service (id) AS (
        SELECT s.source FROM served s
        UNION
        SELECT r.source FROM in_service i JOIN relation r ON r.target = i.id AND r.carries = 'delivery'
    ),
    above (goal, ancestor) AS (
        SELECT r.source, r.target FROM relation r WHERE r.carries = 'goal_tree'
        UNION
        SELECT a.goal, r.target FROM above a JOIN relation r ON r.source = a.ancestor AND r.carries = 'goal_tree'
    ),
    -- content that a platform delivers, itself or as a part of what is delivered
    delivered AS MATERIALIZED (
        SELECT r.target AS id FROM relation r JOIN valid p ON p.id = r.source AND p.family = 'platform' WHERE r.carries = 'delivery'
    ),
    on_platform AS MATERIALIZED (
        SELECT c.id, c.kind,
               c.id IN (SELECT d.id FROM delivered d)
               OR c.id IN (SELECT r.source FROM relation r JOIN delivered d ON d.id = r.target WHERE r.carries = 'delivery') AS has_platform
          FROM valid c WHERE c.acts_as = 'content'
    ),
    found (finding, at_risk, id, reason, call) AS (
        SELECT 'goal_cycle', 1.0::float8, g.id, 'This goal contributes to itself over other goals, so neither it nor they have a share of the priority.', 'upstream'
          FROM valid g WHERE g.id IN (SELECT a.goal FROM above a WHERE a.goal = a.ancestor)
        UNION ALL
        SELECT 'unsupported_goal', p.share, g.id, 'No content serves this goal, neither directly nor by a competency.', 'upstream'
          FROM day CROSS JOIN LATERAL @ecosystem@.priority_shares(day.today) p JOIN valid g ON g.id = p.goal
         WHERE p.share > 0
           AND NOT EXISTS (SELECT FROM served s JOIN valid c ON c.id = s.source AND c.acts_as = 'content' WHERE s.target = g.id)
        UNION ALL
        SELECT 'single_point_of_failure', v.importance, v.id,
               pg_catalog.format('Without it nothing gives %s any more.',
                                 CASE o.others WHEN 1 THEN 'one of the required items' ELSE o.others || ' of the required items' END), 'impact'
          FROM valid v, LATERAL (SELECT v.items_lost - CASE WHEN v.acts_as = 'content' AND v.is_required THEN 1 ELSE 0 END) o (others)
         WHERE o.others > 0
        UNION ALL
        SELECT 'ended_but_related', coalesce(r.at_risk, 0), e.id,
               pg_catalog.format('Ended on %s, but %s relation%s still name%s it: %s.', e.valid_to, r.relations,
                                 CASE r.relations WHEN 1 THEN '' ELSE 's' END, CASE r.relations WHEN 1 THEN 's' ELSE '' END,
                                 pg_catalog.array_to_string(r.others[:3], ', ') || CASE WHEN r.relations > 3 THEN '…' ELSE '' END), NULL
          FROM day, @ecosystem@.elements e
         CROSS JOIN LATERAL (SELECT pg_catalog.count(*) AS relations, pg_catalog.max(o.importance) AS at_risk, pg_catalog.array_agg(o.key ORDER BY o.key) AS others
                               FROM relation r JOIN valid o ON o.id = CASE r.source WHEN e.id THEN r.target ELSE r.source END
                              WHERE e.id IN (r.source, r.target)) r
         WHERE e.valid_to <= day.today AND r.relations > 0
        UNION ALL
        SELECT 'no_platform', v.at_risk, v.id,
               pg_catalog.format('No platform delivers it, though platforms deliver other content of kind %s.', v.kind), 'upstream'
          FROM on_platform c JOIN valid v ON v.id = c.id
         WHERE NOT c.has_platform AND c.kind IN (SELECT d.kind FROM on_platform d WHERE d.has_platform)
        UNION ALL
        SELECT 'review_overdue', v.at_risk, v.id, pg_catalog.format('Its review was due on %s.', v.review_by), 'downstream'
          FROM day, valid v WHERE v.review_by < day.today
        UNION ALL
        SELECT 'unowned', v.at_risk, v.id, 'Nobody is responsible for it.', 'downstream'
          FROM valid v WHERE v.owner IS NULL AND v.family <> 'people'
        UNION ALL
        SELECT 'orphan_content', 0, v.id,
               'It serves no goal' || CASE WHEN v.effort > 0 THEN ', for an effort of ' || v.effort ELSE '' END || '.', 'downstream'
          FROM valid v WHERE v.acts_as = 'content' AND NOT EXISTS (SELECT FROM in_service s WHERE s.id = v.id)
    )
    SELECT f.finding, f.at_risk, e.id, e.key, e.kind, e.name, f.reason,
           CASE WHEN f.call IS NULL THEN pg_catalog.format('SELECT * FROM %s.relations WHERE %s IN (source, target)', @ecosystem@.itself(), e.id)
                ELSE pg_catalog.format('SELECT * FROM %s.%s(%L)', @ecosystem@.itself(), f.call, e.key) END
      FROM found f JOIN @ecosystem@.elements e ON e.id = f.id
$$;
COMMENT ON FUNCTION @ecosystem@.findings(date) IS 'What view health shows, as of a day (NULL: today, UTC).';

CREATE FUNCTION @ecosystem@.unreachable(as_of date DEFAULT NULL)
    RETURNS TABLE (gap float8, goal bigint, goal_key text, item bigint, item_key text, weight float8, achievable float8, reason text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
    SET jit = off -- compiling takes longer than the query
BEGIN ATOMIC
    WITH part AS (
        SELECT o.item, o.goal, o.weight / pg_catalog.sum(o.weight) OVER () AS weight, coalesce(a.baseline, 0) AS achievable
          FROM @ecosystem@.obligation_totals(unreachable.as_of) o
          LEFT JOIN ecosys.graph_achievable(@ecosystem@.itself(), as_of => unreachable.as_of) a ON a.item = o.item
    )
    SELECT p.weight * (1 - p.achievable), g.id, g.key, i.id, i.key, p.weight, p.achievable,
           CASE WHEN p.achievable = 0 THEN 'It is required, but nothing gives it.'
                ELSE pg_catalog.format('It is required, but what gives it reaches %s %% at most.', pg_catalog.round(p.achievable::numeric * 100)) END
      FROM part p
      JOIN @ecosystem@.elements g ON g.id = p.goal
      JOIN @ecosystem@.elements i ON i.id = p.item
     WHERE p.achievable < 1;
END;
COMMENT ON FUNCTION @ecosystem@.unreachable(date) IS 'What view gaps shows, as of a day (NULL: today, UTC).';

CREATE VIEW @ecosystem@.health WITH (security_invoker = true) AS
    SELECT f.finding, f.at_risk, f.key, f.kind, f.name, f.reason, f.more
      FROM @ecosystem@.findings() f
     ORDER BY f.at_risk DESC, f.finding, f.key;
COMMENT ON VIEW @ecosystem@.health IS 'What is wrong with the model today, what most hangs on first.';
COMMENT ON COLUMN @ecosystem@.health.finding IS 'goal_cycle, unsupported_goal, single_point_of_failure, ended_but_related, no_platform, review_overdue, unowned or orphan_content.';
COMMENT ON COLUMN @ecosystem@.health.at_risk IS 'Share of all goals that hangs on the element, in [0, 1]: see value_at_risk().';
COMMENT ON COLUMN @ecosystem@.health.key IS 'Key of the element.';
COMMENT ON COLUMN @ecosystem@.health.kind IS 'Its kind.';
COMMENT ON COLUMN @ecosystem@.health.name IS 'Its name.';
COMMENT ON COLUMN @ecosystem@.health.reason IS 'What is the matter, in words.';
COMMENT ON COLUMN @ecosystem@.health.more IS 'A query that shows more.';

CREATE VIEW @ecosystem@.gaps WITH (security_invoker = true) AS
    SELECT u.gap, u.goal_key AS goal, u.item_key AS item, u.weight, u.achievable, u.reason
      FROM @ecosystem@.unreachable() u
     ORDER BY u.gap DESC, u.goal_key, u.item_key;
COMMENT ON VIEW @ecosystem@.gaps IS 'What people are required to master, for which goal, and could not if they tried: no available content gives it, or not all of it.';
COMMENT ON COLUMN @ecosystem@.gaps.gap IS 'Share of all alignment that is out of reach for this reason; 1 minus the sum is the baseline of what_if().';
COMMENT ON COLUMN @ecosystem@.gaps.goal IS 'Key of the goal.';
COMMENT ON COLUMN @ecosystem@.gaps.item IS 'Key of the content or competency that is required.';
COMMENT ON COLUMN @ecosystem@.gaps.weight IS 'Share of all obligations.';
COMMENT ON COLUMN @ecosystem@.gaps.achievable IS 'Highest attainment that the content there is allows, in [0, 1).';
COMMENT ON COLUMN @ecosystem@.gaps.reason IS 'What is the matter, in words.';

CREATE VIEW @ecosystem@.attention WITH (security_invoker = true) AS
    SELECT pg_catalog.rank() OVER (ORDER BY a.at_risk DESC, a.severity) AS rank, a.finding, a.at_risk, a.key, a.kind, a.name, a.reason, a.more
      FROM (SELECT f.finding, f.at_risk, f.key, f.kind, f.name, f.reason, f.more,
                   pg_catalog.array_position(ARRAY['goal_cycle', 'unsupported_goal', 'out_of_reach', 'single_point_of_failure', 'ended_but_related',
                                                   'no_platform', 'review_overdue', 'unowned', 'orphan_content'], f.finding) AS severity
              FROM @ecosystem@.findings() f
            UNION ALL
            SELECT 'out_of_reach' AS finding, pg_catalog.sum(u.gap) AS at_risk, e.key, e.kind, e.name, pg_catalog.min(u.reason) AS reason,
                   pg_catalog.format('SELECT * FROM %s.gaps WHERE item = %L', @ecosystem@.itself(), e.key) AS more, 3 AS severity
              FROM @ecosystem@.unreachable() u JOIN @ecosystem@.elements e ON e.id = u.item
             GROUP BY e.key, e.kind, e.name) a
     ORDER BY 1, a.key;
COMMENT ON VIEW @ecosystem@.attention IS 'Everything that health and gaps find, ranked by the share of all goals at risk.';
COMMENT ON COLUMN @ecosystem@.attention.rank IS '1: look here first.';
COMMENT ON COLUMN @ecosystem@.attention.finding IS 'As in health, or out_of_reach: required, but not or not fully given by any available content.';
COMMENT ON COLUMN @ecosystem@.attention.at_risk IS 'Share of all goals at risk, in [0, 1].';
COMMENT ON COLUMN @ecosystem@.attention.key IS 'Key of the element.';
COMMENT ON COLUMN @ecosystem@.attention.kind IS 'Its kind.';
COMMENT ON COLUMN @ecosystem@.attention.name IS 'Its name.';
COMMENT ON COLUMN @ecosystem@.attention.reason IS 'What is the matter, in words.';
COMMENT ON COLUMN @ecosystem@.attention.more IS 'A query that shows more.';
