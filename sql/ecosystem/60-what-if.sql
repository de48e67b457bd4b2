-- What-if: what goals could still reach if elements failed, and what matters most.

CREATE FUNCTION @ecosystem@.obligation_totals(as_of date DEFAULT NULL)
    RETURNS TABLE (item bigint, goal bigint, weight float8)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT o.item, o.goal, pg_catalog.sum(o.weight)
      FROM @ecosystem@.obligations(obligation_totals.as_of::timestamp AT TIME ZONE 'UTC') o
     GROUP BY o.item, o.goal;
END;
COMMENT ON FUNCTION @ecosystem@.obligation_totals(date) IS 'Weight of each required item for each goal, over all people, as of a day (NULL: today, UTC): what what_if and importance weigh with.';

CREATE FUNCTION @ecosystem@.what_if(changes jsonb, as_of date DEFAULT NULL)
    RETURNS TABLE (goal text, goal_name text, baseline float8, scenario float8, impact float8)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 100
    SET jit = off -- compiling takes longer than the query
BEGIN ATOMIC
    WITH possible AS MATERIALIZED (
        SELECT a.item, a.baseline, a.achievable FROM ecosys.graph_achievable(@ecosystem@.itself(), what_if.changes, what_if.as_of) a
    ),
    reached AS MATERIALIZED (
        SELECT o.goal, o.weight, coalesce(a.baseline, 0) AS baseline, coalesce(a.achievable, 0) AS achievable
          FROM @ecosystem@.obligation_totals(what_if.as_of) o
          LEFT JOIN possible a ON a.item = o.item
    ),
    total AS (
        SELECT g.ancestor AS goal, pg_catalog.sum(r.weight * r.baseline) AS baseline, pg_catalog.sum(r.weight * r.achievable) AS achievable,
               nullif(pg_catalog.sum(r.weight), 0) AS weight
          FROM @ecosystem@.goal_ancestors(what_if.as_of) g
          LEFT JOIN reached r ON r.goal = g.goal
         GROUP BY g.ancestor
        UNION ALL
        SELECT NULL::bigint AS goal, pg_catalog.sum(r.weight * r.baseline), pg_catalog.sum(r.weight * r.achievable), nullif(pg_catalog.sum(r.weight), 0)
          FROM reached r
    )
    SELECT e.key, e.name, t.baseline / t.weight, t.achievable / t.weight, t.baseline / t.weight - t.achievable / t.weight
      FROM total t
      -- read even where nobody is obliged to anything: wrong changes are an error there as well
     CROSS JOIN (SELECT pg_catalog.count(*) FROM possible) read
      LEFT JOIN @ecosystem@.elements e ON e.id = t.goal
     ORDER BY e.key NULLS FIRST;
END;
COMMENT ON FUNCTION @ecosystem@.what_if(jsonb, date) IS
'The highest alignment each goal could still reach, before (baseline) and after (scenario) setting the availability of elements, e.g. {"lms:main": 0, "vendor:x": 0.5}; goal NULL: all goals. NULL: nobody is obliged to anything for the goal. Nothing is written.';

CREATE FUNCTION @ecosystem@.importance(as_of date DEFAULT NULL)
    RETURNS TABLE (rank bigint, element bigint, key text, kind text, name text, importance float8, items_lost bigint)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
    SET jit = off -- compiling takes longer than the query
BEGIN ATOMIC
    SELECT pg_catalog.rank() OVER (ORDER BY i.importance DESC NULLS LAST, i.items_lost DESC), i.element, e.key, e.kind, e.name, i.importance, i.items_lost
      FROM (SELECT pg_catalog.array_agg(o.item) AS items, pg_catalog.array_agg(o.weight) AS weights
              FROM @ecosystem@.obligation_totals(importance.as_of) o) w
     CROSS JOIN LATERAL ecosys.graph_importance(@ecosystem@.itself(), coalesce(w.items, '{}'), coalesce(w.weights, '{}'), importance.as_of) i
      JOIN @ecosystem@.elements e ON e.id = i.element
     ORDER BY i.importance DESC NULLS LAST, i.items_lost DESC, e.key;
END;
COMMENT ON FUNCTION @ecosystem@.importance(date) IS
'What the loss of each element would take from the highest reachable alignment of all goals, the largest first; items_lost: required items that nothing else would give any more. NULL: nobody is obliged to anything.';
