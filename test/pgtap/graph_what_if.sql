-- The what-if vectors, each in an ecosystem of its own, and what the functions refuse.
\set ON_ERROR_STOP 1
\set vectors `cat test/data/alignment-vectors.json`
SET client_min_messages = warning;
SET timezone = 'UTC';
SET jit = off;

CREATE TABLE vector AS
SELECT 'w_' || right(c->>'id', 3) AS schema, c->>'id' AS id, c->>'name' AS name, c->'input' AS input, c->'expect' AS expect
  FROM jsonb_array_elements((:'vectors'::jsonb)->'cases') c
 WHERE c->>'section' = 'what_if';

CREATE PROCEDURE build(schema text, input jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ecosys.create_ecosystem(schema);
    EXECUTE format('SET search_path = %I, public', schema);
    PERFORM import_model(json_build_object(
        'elements', (SELECT jsonb_agg(e) FROM (
            SELECT jsonb_build_object('key', g->>'id', 'kind', 'goal', 'name', g->>'id', 'priority', g->'weight') AS e FROM jsonb_array_elements(input->'goals') g
            UNION ALL
            SELECT jsonb_build_object('key', e->>'id', 'kind', CASE e->>'kind' WHEN 'content' THEN 'course' ELSE e->>'kind' END, 'name', e->>'id',
                                      'available', coalesce(e->'available', '1')) FROM jsonb_array_elements(input->'elements') e
            UNION ALL
            SELECT DISTINCT jsonb_build_object('key', 'role:' || (r->>'role'), 'kind', 'role', 'name', r->>'role')
              FROM jsonb_array_elements(input->'requirements') r WHERE r->>'role' IS NOT NULL) x),
        'relations', (SELECT jsonb_agg(r) FROM (
            SELECT jsonb_build_object('source', g->>'id', 'kind', 'contributes_to', 'target', g->>'parent') AS r
              FROM jsonb_array_elements(input->'goals') g WHERE g->>'parent' IS NOT NULL
            UNION ALL
            SELECT jsonb_build_object('source', c->>'from', 'kind', 'supports', 'target', c->>'to', 'weight', c->'weight')
              FROM jsonb_array_elements(input->'contributions') c
            UNION ALL
            SELECT jsonb_build_object('source', d->>'on', 'kind', 'delivers', 'target', d->>'element', 'alternatives', d->>'group',
                                      'weight', coalesce(d->'criticality', '1')) FROM jsonb_array_elements(input->'dependencies') d) x),
        'requirements', (SELECT jsonb_agg(jsonb_build_object('role', 'role:' || (q->>'role'), 'item', q->>'item', 'required', q->'required'))
                           FROM jsonb_array_elements(input->'requirements') q)));
    CREATE TABLE given_people AS SELECT * FROM jsonb_to_recordset(input->'people') p (id text, roles text[], fte float8);
    PERFORM adopt_people('given_people', person => 'id', fte => 'fte', roles => 'roles');
    RESET search_path;
END
$$;

CREATE FUNCTION near(x float8, y float8) RETURNS boolean LANGUAGE sql AS $$
    SELECT CASE WHEN x IS NULL OR y IS NULL THEN x IS NOT DISTINCT FROM y ELSE abs(x - y) <= 1e-9 * greatest(1, abs(y)) END
$$;

CREATE FUNCTION check_vector(schema text, id text, name text, input jsonb, expect jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    day date := (input->>'as_of')::timestamptz::date;
BEGIN
    EXECUTE format('SET search_path = %I, public', schema);
    RETURN NEXT is_empty(format($q$
        SELECT x.*, b.available, s.available
          FROM jsonb_to_recordset(%1$L) x (element text, baseline float8, scenario float8)
          LEFT JOIN elements e ON e.key = x.element
          LEFT JOIN ecosys.graph_availability(itself(), as_of => %3$L) b ON b.element = e.id
          LEFT JOIN ecosys.graph_availability(itself(), %2$L, %3$L) s ON s.element = e.id
         WHERE NOT near(b.available, x.baseline) OR NOT near(s.available, x.scenario)$q$,
        expect->'availability', input->'scenario', day), format('%s: %s: availability', id, name));
    RETURN NEXT is_empty(format($q$
        SELECT x.*, w.*
          FROM jsonb_to_recordset(%1$L) x (goal text, baseline float8, scenario float8, impact float8)
          FULL JOIN what_if(%2$L, %3$L) w ON coalesce(w.goal, '') = coalesce(x.goal, '')
         WHERE NOT near(w.baseline, x.baseline) OR NOT near(w.scenario, x.scenario) OR NOT near(w.impact, x.impact)
            OR (x IS NULL) OR (w IS NULL)$q$,
        expect->'goals', input->'scenario', day), format('%s: goals', id));
    RETURN NEXT is_empty(format($q$
        SELECT x.*, i.*
          FROM jsonb_to_recordset(%1$L) x (element text, importance float8) LEFT JOIN importance(%2$L) i ON i.key = x.element
         WHERE NOT near(i.importance, x.importance)$q$,
        expect->'importance', day), format('%s: importance', id));
    -- importance is the impact of losing the element, whatever the road
    RETURN NEXT is_empty(format($q$
        SELECT i.*, w.*
          FROM importance(%1$L) i CROSS JOIN LATERAL what_if(jsonb_build_object(i.key, 0), %1$L) w
         WHERE w.goal IS NULL AND NOT near(i.importance, w.impact)$q$, day), format('%s: importance is what_if, one by one', id));
    RESET search_path;
END
$$;

SELECT plan((SELECT 4 * count(*)::int FROM vector) + 14);
SELECT format('CALL build(%L, %L)', schema, input) FROM vector ORDER BY id \gexec
SELECT check_vector(schema, id, name, input, expect) FROM vector ORDER BY id;
SELECT is((SELECT count(*) FROM vector), 8::bigint, 'all vectors are there');

SET search_path = w_001, public;
SELECT throws_ok($$SELECT * FROM what_if('{"lsm": 0}')$$, '22023', 'unknown element: "lsm"', 'unknown element');
SELECT throws_ok($$SELECT * FROM what_if('{"lms": 1.5}')$$, '22003', 'availability of "lms" is out of range', 'more than all');
SELECT throws_ok($$SELECT * FROM what_if('{"lms": -1e999}')$$, '22003', NULL, 'less than nothing');
SELECT throws_ok($$SELECT * FROM what_if('{"lms": "0"}')$$, '22023', 'not a scenario', 'text for a number');
SELECT throws_ok($$SELECT * FROM what_if('{"lms": null}')$$, '22023', 'not a scenario', 'null for a number');
SELECT throws_ok($$SELECT * FROM what_if('[]')$$, '22023', 'not a scenario', 'an array');
SELECT throws_ok($$SELECT * FROM what_if('3')$$, '22023', 'not a scenario', 'a number');
SELECT is((SELECT count(*) FROM what_if('{}') WHERE impact <> 0), 0::bigint, 'no change, no impact');
SELECT is((SELECT items_lost FROM importance() WHERE key = 'course'), 1::bigint, 'without the course nothing gives the course; the webinar still gives empathy');
SELECT throws_ok($$SELECT * FROM ecosys.graph_importance(itself(), '{1,2}', '{1}')$$, '2202E', NULL, 'arrays of unlike length');
SELECT throws_ok($$SELECT * FROM ecosys.graph_importance(itself(), '{1}', '{NaN}')$$, '22003', NULL, 'a weight that is none');
DELETE FROM given_people;
SELECT is((SELECT count(*) FROM importance() WHERE importance IS NULL), (SELECT count(*) FROM elements), 'without people nothing is required: importance is not applicable');
SELECT throws_ok($$SELECT * FROM what_if('{"lsm": 0}')$$, '22023', NULL, 'but a wrong scenario is an error nevertheless');
SELECT * FROM finish();
