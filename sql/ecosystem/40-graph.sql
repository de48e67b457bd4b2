-- Walks: what an element touches, what it rests on, and by which path.

CREATE FUNCTION @ecosystem@.itself() RETURNS regnamespace
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.typnamespace::pg_catalog.regnamespace FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.pg_typeof(NULL::@ecosystem@.settings);
END;
COMMENT ON FUNCTION @ecosystem@.itself() IS 'The schema of this ecosystem, as the engine''s functions take it.';

CREATE FUNCTION @ecosystem@.selected(selector text, as_of date DEFAULT NULL) RETURNS bigint[]
    LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    SELECT ecosys.element_ids(@ecosystem@.itself(),
                              ARRAY(SELECT pg_catalog.btrim(k) FROM pg_catalog.string_to_table(CASE selector WHEN '' THEN ' ' ELSE selector END, ',') k),
                              as_of);
END;
COMMENT ON FUNCTION @ecosystem@.selected(text, date) IS 'Ids of the elements that a selector names: one key, or several with commas between.';

CREATE FUNCTION @ecosystem@.walk(
    selector       text,
    direction      text DEFAULT 'downstream',
    max_depth      integer DEFAULT NULL,
    relation_kinds text[] DEFAULT NULL,
    element_kinds  text[] DEFAULT NULL,
    min_strength   float8 DEFAULT 0,
    as_of          date DEFAULT NULL)
    RETURNS TABLE (element bigint, key text, kind text, name text, depth integer, strength float8, path text[], line text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT w.element, e.key, e.kind, e.name, w.depth, w.strength, steps.path, steps.line
      FROM ecosys.graph_walk(@ecosystem@.itself(), @ecosystem@.selected(selector, as_of), direction, max_depth,
                             relation_kinds, element_kinds, min_strength, as_of) w
      JOIN @ecosystem@.elements e ON e.id = w.element
     CROSS JOIN LATERAL (
           SELECT pg_catalog.array_agg(s.key ORDER BY p.number),
                  pg_catalog.string_agg(CASE WHEN p.number = 1 THEN s.key ELSE ' -' || p.via || '→ ' || s.key END, '' ORDER BY p.number)
             FROM ROWS FROM (pg_catalog.unnest(w.path), pg_catalog.unnest(ARRAY[NULL::text] || w.via)) WITH ORDINALITY p (id, via, number)
             JOIN @ecosystem@.elements s ON s.id = p.id) steps (path, line);
END;
COMMENT ON FUNCTION @ecosystem@.walk(text, text, integer, text[], text[], float8, date) IS
'What a walk from the selected elements reaches: downstream (what feels their change), upstream (what they rest on) or both. depth: fewest relations; strength: of the strongest path, which path and line show. element_kinds limits what is returned, relation_kinds and min_strength what is walked over.';

CREATE FUNCTION @ecosystem@.downstream(selector text, max_depth integer DEFAULT NULL, as_of date DEFAULT NULL)
    RETURNS TABLE (element bigint, key text, kind text, name text, depth integer, strength float8, path text[], line text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT * FROM @ecosystem@.walk(selector, 'downstream', max_depth, as_of => as_of);
END;
COMMENT ON FUNCTION @ecosystem@.downstream(text, integer, date) IS 'What feels a change of the selected elements, with depth, strength and path.';

CREATE FUNCTION @ecosystem@.upstream(selector text, max_depth integer DEFAULT NULL, as_of date DEFAULT NULL)
    RETURNS TABLE (element bigint, key text, kind text, name text, depth integer, strength float8, path text[], line text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT * FROM @ecosystem@.walk(selector, 'upstream', max_depth, as_of => as_of);
END;
COMMENT ON FUNCTION @ecosystem@.upstream(text, integer, date) IS 'What the selected elements rest on, with depth, strength and path.';

CREATE FUNCTION @ecosystem@.impact(selector text, max_depth integer DEFAULT NULL, min_strength float8 DEFAULT 0, as_of date DEFAULT NULL)
    RETURNS TABLE (element bigint, key text, kind text, name text, depth integer, strength float8, path text[], line text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1000
BEGIN ATOMIC
    SELECT * FROM @ecosystem@.walk(impact.selector, 'downstream', impact.max_depth, min_strength => impact.min_strength, as_of => impact.as_of) w
     WHERE w.depth > 0
     ORDER BY w.strength DESC, w.depth, w.key;
END;
COMMENT ON FUNCTION @ecosystem@.impact(text, integer, float8, date) IS 'What a change of the selected elements shapes, the strongest first; they themselves left out.';

CREATE FUNCTION @ecosystem@.path(a text, b text, as_of date DEFAULT NULL)
    RETURNS TABLE (element bigint, key text, kind text, name text, depth integer, strength float8, path text[], line text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED ROWS 1
BEGIN ATOMIC
    SELECT w.*
      FROM @ecosystem@.walk(path.a, 'downstream', as_of => path.as_of) w
     WHERE w.element = ANY (@ecosystem@.selected(path.b, path.as_of));
END;
COMMENT ON FUNCTION @ecosystem@.path(text, text, date) IS 'The strongest path from a to b the way change flows; no row where there is none.';
