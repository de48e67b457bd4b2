-- The alignment vectors, each in an ecosystem of its own: model and people in tables, attainments as given,
-- everything after them (priorities, contributions, obligations, alignment, explain) as users call it.
\set ON_ERROR_STOP 1
\set vectors `cat test/data/alignment-vectors.json`
SET client_min_messages = warning;
SET timezone = 'UTC';

CREATE TABLE vector AS
SELECT 'v_' || right(c->>'id', 3) AS schema, c->>'id' AS id, c->>'name' AS name, c->'input' AS input, c->'expect' AS expect
  FROM jsonb_array_elements((:'vectors'::jsonb)->'cases') c
 WHERE c->>'section' = 'alignment';

CREATE PROCEDURE build(schema text, input jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ecosys.create_ecosystem(schema);
    EXECUTE format('SET search_path = %I, public', schema);
    UPDATE settings SET half_life = (input->>'half_life')::interval;
    INSERT INTO elements (key, kind, name, priority)
    SELECT g->>'id', 'goal', 'Goal ' || (g->>'id'), (g->>'weight')::float8 FROM jsonb_array_elements(input->'goals') g;
    INSERT INTO elements (key, kind, name)
    SELECT e->>'id', CASE e->>'kind' WHEN 'content' THEN 'course' ELSE e->>'kind' END, e->>'id' FROM jsonb_array_elements(input->'elements') e;
    INSERT INTO elements (key, kind, name)
    SELECT DISTINCT 'role:' || (r->>'role'), 'role', r->>'role' FROM jsonb_array_elements(input->'requirements') r WHERE r->>'role' IS NOT NULL;
    INSERT INTO relations (source, kind, target)
    SELECT c.id, 'contributes_to', p.id FROM jsonb_array_elements(input->'goals') g JOIN elements c ON c.key = g->>'id' JOIN elements p ON p.key = g->>'parent';
    INSERT INTO relations (source, kind, target, weight)
    SELECT s.id, 'supports', t.id, (c->>'weight')::float8
      FROM jsonb_array_elements(input->'contributions') c JOIN elements s ON s.key = c->>'from' JOIN elements t ON t.key = c->>'to';
    INSERT INTO requirements (role, item, required)
    SELECT r.id, i.id, (q->>'required')::float8
      FROM jsonb_array_elements(input->'requirements') q JOIN elements i ON i.key = q->>'item' LEFT JOIN elements r ON r.key = 'role:' || (q->>'role');

    CREATE TABLE given_people AS SELECT * FROM jsonb_to_recordset(input->'people') p (id text, unit text, roles text[], fte float8);
    CREATE OR REPLACE VIEW people AS
        SELECT id AS person, 'Person ' || id AS name, NULL::text AS email, NULL::text AS account_home_page, NULL::text AS account_name, fte, roles FROM given_people;
    CREATE TABLE given_units AS SELECT * FROM jsonb_to_recordset(input->'units') u (id text, parent text);
    CREATE OR REPLACE VIEW org_units AS SELECT id AS unit, 'Unit ' || id AS name, parent FROM given_units;
    CREATE OR REPLACE VIEW memberships AS SELECT id AS person, unit, NULL::date AS valid_from, NULL::date AS valid_to FROM given_people;
    CREATE TABLE given_attainments AS SELECT * FROM jsonb_to_recordset(input->'attainments') a (person text, content text, value float8, at timestamptz);
    EXECUTE format($function$
        CREATE OR REPLACE FUNCTION attainments(as_of timestamptz DEFAULT NULL, of_person text DEFAULT NULL)
            RETURNS TABLE (person text, element bigint, state ecosys.attainment, value float8, attained_at timestamptz, evidence_count bigint, confidence float8)
            LANGUAGE sql STABLE PARALLEL SAFE AS
            'SELECT a.person, e.id, NULL::ecosys.attainment, a.value, a.at, 1::bigint, 0::float8
               FROM %1$I.given_attainments a JOIN %1$I.elements e ON e.key = a.content WHERE a.at <= coalesce(as_of, now()) AND (of_person IS NULL OR a.person = of_person)'
    $function$, schema);
    RESET search_path;
END
$$;

-- x is y within the tolerance; NULL equals only NULL
CREATE FUNCTION near(x float8, y float8) RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN x IS NULL OR y IS NULL THEN x IS NOT DISTINCT FROM y ELSE abs(x - y) <= 1e-9 * greatest(1, abs(y)) END
$$;

CREATE FUNCTION check_vector(schema text, id text, what text, input jsonb, expect jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    as_of timestamptz := input->>'as_of';
    root text := (SELECT g->>'id' FROM jsonb_array_elements(input->'goals') g WHERE g->>'parent' IS NULL);
BEGIN
    EXECUTE format('SET search_path = %I, public', schema);
    RETURN NEXT is_empty(format($q$
        SELECT e.key, p.share, x.value FROM priority_shares() p JOIN elements e ON e.id = p.goal FULL JOIN jsonb_each_text(%L) x ON x.key = e.key
         WHERE NOT near(p.share, x.value::float8)$q$, expect->'priority'), format('%s %s: priorities', id, what));
    RETURN NEXT is_empty(format($q$
        SELECT i.key, g.key, c.strength, x.* FROM contributions c JOIN elements i ON i.id = c.item JOIN elements g ON g.id = c.goal
          FULL JOIN jsonb_to_recordset(%L) x (item text, goal text, weight float8) ON x.item = i.key AND x.goal = g.key
         WHERE NOT near(c.strength, x.weight)$q$, expect->'contribution'), format('%s: contributions', id));
    -- a unit and goal without obligations has no row
    RETURN NEXT is_empty(format($q$
        SELECT x.unit, x.goal, a.*, x.alignment
          FROM alignment('{goal,org_unit}', %1$L) a
         CROSS JOIN LATERAL ecosys.score_interval(a.state, %3$L, %1$L) i
          FULL JOIN jsonb_to_recordset(%2$L) x (unit text, goal text, alignment jsonb) ON x.unit = a.org_unit AND x.goal = a.goal
         WHERE NOT (near(a.score, (x.alignment->>'score')::float8) AND near(a.coverage, (x.alignment->>'coverage')::float8)
                    AND near(a.proficiency, (x.alignment->>'proficiency')::float8) AND near(a.freshness, (x.alignment->>'freshness')::float8)
                    AND near(a.confidence, (x.alignment->>'confidence')::float8)
                    AND near(i.lower, (x.alignment->>'lower')::float8) AND near(i.upper, (x.alignment->>'upper')::float8)
                    AND (%3$L <> 0.95 OR near(a.score_lower, i.lower) AND near(a.score_upper, i.upper))
                    AND near(a.obligations, (x.alignment->>'obligations')::float8) AND near(a.evidenced, (x.alignment->>'evidenced')::float8)
                    AND near(ecosys.effective_size(a.state), (x.alignment->>'effective_size')::float8)
                    AND CASE WHEN a.state IS NULL THEN x.alignment = 'null' OR x.alignment IS NULL
                             ELSE near(ecosys.dispersion(a.state, %1$L), (x.alignment->>'stddev')::float8) END)$q$,
        as_of, expect->'units', coalesce((input->>'level')::float8, 0.95)), format('%s: alignment by unit and goal', id));
    RETURN NEXT is_empty(format($q$
        SELECT a.person, a.score, a.coverage, x.*
          FROM alignment('{person}', %L) a FULL JOIN jsonb_to_recordset(%L) x (person text, score float8, coverage float8) ON x.person = a.person
         WHERE NOT (near(a.score, x.score) AND near(a.coverage, x.coverage))$q$, as_of, expect->'people'), format('%s: alignment by person', id));
    RETURN NEXT is_empty(format($q$
        SELECT a.item, a.contribution, a.gap, x.*
          FROM explain(%L, as_of => %L) a FULL JOIN jsonb_to_recordset(%L) x (item text, contribution float8, gap float8) ON x.item = a.item
         WHERE NOT (near(a.contribution, x.contribution) AND near(a.gap, x.gap))$q$, root, as_of, expect->'explain'), format('%s: explain', id));
    -- explain() for every goal, person and unit adds up to alignment() for the same
    RETURN NEXT is_empty(format($q$
        SELECT a.goal, a.person, a.score, x.*
          FROM alignment('{goal,person}', %L) a,
               LATERAL (SELECT sum(contribution), sum(contribution + gap), sum(weight) FROM explain(a.goal, a.person, as_of => %1$L)) x (score, one, weight)
         WHERE NOT (near(x.score, a.score) AND near(x.one, 1) AND near(x.weight, 1))$q$, as_of), format('%s: explain of persons adds up', id));
    RETURN NEXT is_empty(format($q$
        SELECT a.goal, a.org_unit, a.score, x.*
          FROM alignment('{goal,org_unit}', %L) a,
               LATERAL (SELECT sum(contribution), sum(contribution + gap), sum(weight) FROM explain(a.goal, org_unit => a.org_unit, as_of => %1$L)) x (score, one, weight)
         WHERE NOT (near(x.score, a.score) AND near(x.one, 1) AND near(x.weight, 1))$q$, as_of), format('%s: explain of units adds up', id));
    RESET search_path;
END
$$;

SELECT format('CALL build(%L, %L)', schema, input) FROM vector ORDER BY id \gexec
SELECT plan((SELECT count(*)::int * 7 + 1 FROM vector));
SELECT is((SELECT count(*) FROM vector), 11::bigint, 'there are 11 alignment vectors');
SELECT t FROM vector v, check_vector(v.schema, v.id, v.name, v.input, v.expect) t;
SELECT * FROM finish();
