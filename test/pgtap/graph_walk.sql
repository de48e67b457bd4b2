-- Walks and closures on random graphs, against recursive queries written without regard to the engine:
-- before and after changes in the same transaction, after rollbacks to a savepoint, under row security, as of a day.
BEGIN;
SELECT plan(33);
SELECT ecosys.create_ecosystem('learning');
SET search_path = learning, public;
SELECT setseed(0.25);
SET jit = off;

-- powers of two, so that products are exact and both roads must agree to the bit
UPDATE relation_kinds SET impact = CASE WHEN impact < 1 THEN 0.5 ELSE 1 END;

CREATE FUNCTION pick(options text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT options[1 + floor(random() * array_length(options, 1))::int] $$;

CREATE FUNCTION some_day() RETURNS date LANGUAGE sql VOLATILE AS
$$ SELECT CASE WHEN random() < 0.2 THEN date '2026-01-01' + floor(random() * 4)::int END $$;

CREATE FUNCTION random_relations(how_many int) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO relations (source, kind, target, weight, valid_from, valid_to)
    SELECT (SELECT id FROM elements WHERE n > 0 ORDER BY random() LIMIT 1),
           pick('{teaches,supports,delivers,provides,part_of,informs,related_to}'),
           (SELECT id FROM elements WHERE n > 0 ORDER BY random() LIMIT 1),
           power(0.5, floor(random() * 4)), some_day(), CASE WHEN random() < 0.2 THEN date '2026-01-05' + floor(random() * 3)::int END
      FROM generate_series(1, how_many) n
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION random_graph(how_many int) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    DELETE FROM elements;
    INSERT INTO elements (key, kind, name, valid_from, valid_to)
    SELECT 'e:' || n, pick('{goal,competency,course,module,lms,vendor}'), 'E', some_day(), CASE WHEN random() < 0.1 THEN date '2026-01-06' END
      FROM generate_series(1, how_many) n;
    PERFORM random_relations(how_many * 3);
END
$$;

-- the relations that count, as steps to walk
CREATE FUNCTION steps(direction text, kinds text[], as_of date) RETURNS TABLE (a bigint, b bigint, factor float8, weight float8) LANGUAGE sql STABLE AS $$
    WITH alive AS (SELECT id FROM elements WHERE (valid_from IS NULL OR valid_from <= as_of) AND (valid_to IS NULL OR as_of < valid_to)),
    counting AS (
        SELECT r.source, r.target, k.impact, r.weight
          FROM relations r JOIN relation_kinds k USING (kind)
         WHERE r.source IN (TABLE alive) AND r.target IN (TABLE alive) AND (kinds IS NULL OR r.kind = ANY (kinds))
           AND (r.valid_from IS NULL OR r.valid_from <= as_of) AND (r.valid_to IS NULL OR as_of < r.valid_to))
    SELECT c.source, c.target, c.impact, c.weight FROM counting c WHERE direction <> 'upstream'
    UNION ALL
    SELECT c.target, c.source, c.impact, c.weight FROM counting c WHERE direction <> 'downstream'
$$;

CREATE FUNCTION expected_walk(start bigint[], direction text, max_depth int, kinds text[], floor_strength float8, as_of date)
    RETURNS TABLE (element bigint, depth int, strength float8) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE step AS MATERIALIZED (SELECT * FROM steps(direction, kinds, as_of)),
    begin_at AS (SELECT e.id FROM elements e
                  WHERE e.id = ANY (start) AND (valid_from IS NULL OR valid_from <= as_of) AND (valid_to IS NULL OR as_of < valid_to)),
    walked (v, k, s) AS (
        SELECT id, 0, 1::float8 FROM begin_at WHERE floor_strength <= 1
        UNION
        SELECT step.b, k + 1, step.factor * (s * step.weight) FROM walked JOIN step ON step.a = v
         WHERE k < coalesce(max_depth, 12) AND step.factor * (s * step.weight) >= floor_strength),
    strongest AS MATERIALIZED (SELECT v, max(s) AS s FROM walked GROUP BY v),
    near (v, k) AS (
        SELECT id, 0 FROM begin_at WHERE floor_strength <= 1
        UNION
        SELECT step.b, k + 1 FROM near JOIN step ON step.a = near.v WHERE k < 12 AND step.b IN (SELECT v FROM strongest))
    SELECT v, (SELECT min(k) FROM near WHERE near.v = strongest.v), s FROM strongest
$$;

-- rows by which the engine and the recursive query differ, and paths that do not give their strength
CREATE FUNCTION differences(start bigint[], direction text, max_depth int, kinds text[], floor_strength float8, as_of date) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH engine AS MATERIALIZED (
        SELECT * FROM ecosys.graph_walk('learning', start, direction, max_depth, kinds, NULL, floor_strength, as_of)),
    expected AS MATERIALIZED (SELECT * FROM expected_walk(start, direction, max_depth, kinds, floor_strength, as_of))
    SELECT (SELECT count(*) FROM (SELECT element, depth, strength FROM engine EXCEPT ALL TABLE expected) d)
         + (SELECT count(*) FROM (TABLE expected EXCEPT ALL SELECT element, depth, strength FROM engine) d)
         + (SELECT count(*) FROM engine
             WHERE path[1] <> ALL (start) OR path[array_upper(path, 1)] <> element
                OR array_length(path, 1) - 1 > coalesce(max_depth, 12) OR cardinality(via) <> array_length(path, 1) - 1)
         + (SELECT count(*) FROM engine
             WHERE strength IS DISTINCT FROM
                   (SELECT CASE WHEN cardinality(path) = 1 THEN 1
                           ELSE exp(sum(ln((SELECT max(factor * weight) FROM steps(direction, kinds, as_of) s WHERE s.a = path[n] AND s.b = path[n + 1]))))::numeric(30, 20)::float8 END
                      FROM generate_series(1, greatest(1, array_length(path, 1) - 1)) n)
               AND abs(strength - (SELECT CASE WHEN cardinality(path) = 1 THEN 1
                           ELSE exp(sum(ln((SELECT max(factor * weight) FROM steps(direction, kinds, as_of) s WHERE s.a = path[n] AND s.b = path[n + 1])))) END
                      FROM generate_series(1, greatest(1, array_length(path, 1) - 1)) n)) > 1e-12)
$$;

CREATE FUNCTION random_differences(walks int) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT sum(differences(ARRAY(SELECT id FROM elements WHERE w.n > 0 ORDER BY random() LIMIT 1 + floor(random() * 2)::int),
                           pick('{downstream,upstream,both}'),
                           CASE WHEN random() < 0.6 THEN floor(random() * 5)::int END,
                           CASE WHEN random() < 0.3 THEN '{teaches,delivers,supports}'::text[] END,
                           CASE WHEN random() < 0.4 THEN power(0.5, floor(random() * 4)) ELSE 0 END,
                           date '2026-01-01' + floor(random() * 8)::int))
      FROM generate_series(1, walks) w (n)
$$;

CREATE FUNCTION over_graphs(graphs int) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found bigint := 0;
BEGIN
    FOR graph IN 1 .. graphs LOOP
        PERFORM random_graph(2 + floor(random() * 9)::int);
        found := found + random_differences(4);
        -- the transaction's own changes are seen at once
        DELETE FROM relations WHERE random() < 0.2;
        UPDATE relations SET weight = 1 WHERE random() < 0.2;
        PERFORM random_relations(3);
        found := found + random_differences(3);
        -- and those of a subtransaction no longer, once it is rolled back
        BEGIN
            DELETE FROM relations WHERE random() < 0.5;
            DELETE FROM elements WHERE random() < 0.2;
            found := found + random_differences(2);
            RAISE EXCEPTION USING ERRCODE = 'EC001';
        EXCEPTION WHEN SQLSTATE 'EC001' THEN
            NULL;
        END;
        found := found + random_differences(2);
    END LOOP;
    RETURN found;
END
$$;

SELECT is(over_graphs(60), 0::bigint, 'walks agree with recursive queries on random graphs, whatever the transaction does');
SELECT isnt((SELECT count(*) FROM relations), 0::bigint, 'and the graphs had relations');

-- contributions
CREATE FUNCTION expected_closure(as_of date) RETURNS TABLE (source bigint, target bigint, strength float8) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE part AS (SELECT e.id, k.acts_as FROM elements e JOIN element_kinds k USING (kind)),
    step AS MATERIALIZED (
        SELECT s.a, s.b, s.weight FROM steps('downstream', '{teaches,supports}', as_of) s JOIN part pa ON pa.id = s.a JOIN part pb ON pb.id = s.b
         WHERE pa.acts_as = 'content' AND pb.acts_as IS NOT NULL OR pa.acts_as = 'competency' AND pb.acts_as IN ('competency', 'goal')),
    walked (x, y, k, s) AS (
        SELECT e.id, e.id, 0, 1::float8 FROM elements e JOIN part USING (id)
         WHERE acts_as IN ('content', 'competency') AND (valid_from IS NULL OR valid_from <= as_of) AND (valid_to IS NULL OR as_of < valid_to)
        UNION
        SELECT x, step.b, k + 1, s * step.weight FROM walked JOIN step ON step.a = y WHERE k < 12)
    SELECT x, y, max(s) FROM walked GROUP BY x, y
$$;

CREATE FUNCTION closure_differences(graphs int) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found bigint := 0;
    day date;
BEGIN
    FOR graph IN 1 .. graphs LOOP
        PERFORM random_graph(2 + floor(random() * 9)::int);
        day := date '2026-01-01' + floor(random() * 8)::int;
        found := found
            + (SELECT count(*) FROM (SELECT source, target, strength FROM ecosys.graph_closure('learning', day) EXCEPT ALL SELECT * FROM expected_closure(day)) d)
            + (SELECT count(*) FROM (SELECT * FROM expected_closure(day) EXCEPT ALL SELECT source, target, strength FROM ecosys.graph_closure('learning', day)) d)
            + (SELECT count(*) FROM ecosys.graph_closure('learning', day)
                WHERE path[1] <> source OR path[array_upper(path, 1)] <> target OR source = target AND path <> ARRAY[source]);
    END LOOP;
    RETURN found;
END
$$;
SELECT is(closure_differences(60), 0::bigint, 'closures agree with recursive queries on random graphs');

-- a small graph, rule by rule
DELETE FROM elements;
UPDATE relation_kinds SET impact = 1;
UPDATE relation_kinds SET impact = 0.5 WHERE kind = 'designs';
SELECT import_model($${"elements": [
    {"key": "goal:top", "kind": "goal", "name": "Top"}, {"key": "goal:sub", "kind": "goal", "name": "Sub"},
    {"key": "skill", "kind": "competency", "name": "Skill"}, {"key": "course", "kind": "course", "name": "Course"},
    {"key": "module", "kind": "module", "name": "Module"}, {"key": "lms", "kind": "lms", "name": "LMS"},
    {"key": "studio", "kind": "vendor", "name": "Studio"}, {"key": "old", "kind": "course", "name": "Old", "valid_to": "2026-01-01"}],
  "relations": [
    {"source": "goal:sub", "kind": "contributes_to", "target": "goal:top"},
    {"source": "skill", "kind": "supports", "target": "goal:sub", "weight": 0.5},
    {"source": "course", "kind": "teaches", "target": "skill", "weight": 0.5},
    {"source": "course", "kind": "supports", "target": "goal:sub", "weight": 0.25},
    {"source": "module", "kind": "part_of", "target": "course", "weight": 0.5},
    {"source": "course", "kind": "precedes", "target": "module"},
    {"source": "lms", "kind": "delivers", "target": "course", "weight": 0.5},
    {"source": "studio", "kind": "designs", "target": "course"},
    {"source": "old", "kind": "teaches", "target": "skill"},
    {"source": "lms", "kind": "delivers", "target": "old"}]}$$);

SELECT results_eq($$SELECT key, depth, strength, line FROM walk('lms', as_of => '2026-02-01')$$,
    $$VALUES ('lms', 0, 1::float8, 'lms'), ('course', 1, 0.5, 'lms -delivers→ course'),
             ('goal:sub', 2, 0.125, 'lms -delivers→ course -supports→ goal:sub'), ('skill', 2, 0.25, 'lms -delivers→ course -teaches→ skill'),
             ('module', 2, 0.5, 'lms -delivers→ course -precedes→ module'),
             ('goal:top', 3, 0.125, 'lms -delivers→ course -supports→ goal:sub -contributes_to→ goal:top')$$,
    'downstream, by depth and id; of two equally strong paths the one with fewer relations');
SELECT results_eq($$SELECT key, line FROM upstream('goal:sub', 2, '2026-02-01') WHERE depth = 2$$,
    $$VALUES ('module', 'goal:sub -is supported by→ course -has part→ module'),
             ('lms', 'goal:sub -is supported by→ course -is delivered by→ lms'),
             ('studio', 'goal:sub -is supported by→ course -is designed by→ studio')$$,
    'upstream, read in words the way it is walked');
SELECT is((SELECT strength FROM walk('studio', as_of => '2026-02-01') WHERE key = 'course'), 0.5::float8, 'the impact of a kind counts');
SELECT results_eq($$SELECT key FROM impact('lms', min_strength => 0.2, as_of => '2026-02-01')$$, $$VALUES ('course'), ('module'), ('skill')$$,
    'impact: the strongest first, without the element itself, above the floor');
SELECT results_eq($$SELECT line, path FROM path('studio', 'goal:top', '2026-02-01')$$,
    $$VALUES ('studio -designs→ course -supports→ goal:sub -contributes_to→ goal:top', '{studio,course,goal:sub,goal:top}'::text[])$$, 'path');
SELECT is_empty($$SELECT * FROM path('goal:top', 'studio', '2026-02-01')$$, 'no path against the way change flows');
SELECT set_eq($$SELECT key FROM walk('lms', element_kinds => '{goal}', as_of => '2026-02-01')$$, $$VALUES ('goal:sub'), ('goal:top')$$,
    'kinds of elements limit what is returned, not what is walked through');
SELECT set_eq($$SELECT key FROM walk('lms', relation_kinds => '{delivers,teaches}', as_of => '2026-02-01')$$, $$VALUES ('lms'), ('course'), ('skill')$$,
    'kinds of relations limit what is walked');
SELECT set_eq($$SELECT key FROM walk('studio, lms', max_depth => 1, as_of => '2025-02-01')$$, $$VALUES ('studio'), ('lms'), ('course'), ('old')$$,
    'several starts; as of a day before the end');
SELECT set_eq($$SELECT key FROM walk('lms', max_depth => 1, as_of => '2025-12-31')$$, $$VALUES ('lms'), ('course'), ('old')$$, 'the day before valid_to is in');
SELECT set_eq($$SELECT key FROM walk('lms', max_depth => 1, as_of => '2026-01-01')$$, $$VALUES ('lms'), ('course')$$, 'the day of valid_to is not');
SELECT set_eq($$SELECT key FROM walk('skill', 'both', 1, as_of => '2026-02-01')$$, $$VALUES ('skill'), ('course'), ('goal:sub')$$, 'both directions');
SELECT is_empty($$SELECT * FROM ecosys.graph_walk('learning', '{}')$$, 'no start, no rows');
SELECT is_empty($$SELECT * FROM ecosys.graph_walk('learning', ARRAY[-1, 9223372036854775807])$$, 'a start that is not there gives no rows');
SELECT is_empty($$SELECT * FROM ecosys.graph_closure('learning') c JOIN elements e ON e.id = c.source WHERE e.key LIKE 'goal%'$$, 'goals are ends only');
SELECT is((SELECT strength FROM ecosys.graph_closure('learning') c JOIN elements s ON s.id = c.source JOIN elements t ON t.id = c.target
            WHERE s.key = 'course' AND t.key = 'goal:sub'), 0.25::float8, 'the strongest contribution');
SELECT is_empty($$SELECT * FROM ecosys.graph_closure('learning') c JOIN elements e ON e.id = c.target WHERE e.key = 'goal:top'$$, 'a path ends at the first goal');

SELECT throws_ok($$SELECT * FROM walk('')$$, '22023', 'unknown element: ""', 'an empty selector');
SELECT throws_ok($$SELECT * FROM walk('lmx')$$, '22023', 'unknown element: "lmx"', 'unknown key');
SELECT throws_ok($$SELECT * FROM walk('old', as_of => '2026-02-01')$$, '22023', 'element "old" does not exist on 2026-02-01', 'element that has ended');
SELECT throws_ok($$SELECT * FROM walk('lms', 'sideways')$$, '22023', 'unknown direction of a walk: "sideways"', 'unknown direction');
SELECT throws_ok($$SELECT * FROM walk('lms', relation_kinds => '{teach}')$$, '22023', 'unknown kind of relation: "teach"', 'unknown kind of relation');
SELECT throws_ok($$SELECT * FROM walk('lms', element_kinds => '{courses}')$$, '22023', 'unknown kind of element: "courses"', 'unknown kind of element');
SELECT throws_ok($$SELECT * FROM walk('lms', max_depth => -1)$$, '22023', 'max_depth must not be negative', 'negative depth');
SELECT throws_ok($$SELECT * FROM walk('lms', min_strength => 'NaN')$$, '22003', 'min_strength must be in [0, 1]', 'strength that is none');
SELECT throws_ok($$SELECT * FROM ecosys.graph_walk('public', '{1}')$$, '42P01', 'schema "public" is not an ecosystem', 'another schema');
SELECT throws_ok($$SELECT * FROM ecosys.graph_walk(0::oid, '{1}')$$, '3F000', NULL, 'no schema');
SELECT throws_ok($$SELECT * FROM ecosys.graph_walk('learning', '{1,NULL}')$$, '22004', NULL, 'a start that is NULL');

-- row security: what the caller may not see is not walked over
CREATE ROLE ecosys_test_walker;
GRANT USAGE ON SCHEMA learning TO ecosys_test_walker;
GRANT SELECT ON ALL TABLES IN SCHEMA learning TO ecosys_test_walker;
ALTER TABLE relations ENABLE ROW LEVEL SECURITY;
CREATE POLICY no_vendors ON relations TO ecosys_test_walker USING (kind <> 'designs');
ALTER TABLE elements ENABLE ROW LEVEL SECURITY;
CREATE POLICY no_modules ON elements TO ecosys_test_walker USING (kind <> 'module');
SET LOCAL ROLE ecosys_test_walker;
SELECT set_eq($$SELECT key FROM walk('goal:sub', 'upstream', as_of => '2026-02-01')$$, $$VALUES ('goal:sub'), ('skill'), ('course'), ('lms')$$,
    'hidden relations and elements are not walked over');
SELECT throws_ok($$SELECT * FROM walk('module')$$, '22023', 'unknown element: "module"', 'a hidden element is unknown');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
