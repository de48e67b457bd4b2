-- The model as a document, and one relation at a time, with checks that say what is wrong and what would fit.

CREATE FUNCTION @ecosystem@.check_model(model json)
    RETURNS TABLE (pointer text, fault text, code text, hint text)
    LANGUAGE sql STABLE PARALLEL RESTRICTED
    -- how long a document is cannot be known when the plan is made: nested loops over it could take a square of its length
    SET enable_nestloop = off
    SET jit = off
    SET search_path = pg_catalog, pg_temp
AS
$$
    WITH RECURSIVE doc AS MATERIALIZED (
        SELECT model::jsonb AS m
    ),
    -- what an entry may have, by part of the document
    member_rules (part, member, type, low, low_too, high, identity) AS (VALUES
        ('element_kinds',  'kind',        'string', NULL::float8, false, NULL::float8, true),
        ('element_kinds',  'family',      'string', NULL, false, NULL, false),
        ('element_kinds',  'acts_as',     'string or null', NULL, false, NULL, false),
        ('element_kinds',  'description', 'string or null', NULL, false, NULL, false),
        ('relation_kinds', 'kind',        'string', NULL, false, NULL, true),
        ('relation_kinds', 'inverse',     'string', NULL, false, NULL, false),
        ('relation_kinds', 'carries',     'string', NULL, false, NULL, false),
        ('relation_kinds', 'impact',      'number', 0, true, 1, false),
        ('relation_kinds', 'description', 'string or null', NULL, false, NULL, false),
        ('elements',       'key',         'string', NULL, false, NULL, true),
        ('elements',       'kind',        'string', NULL, false, NULL, false),
        ('elements',       'name',        'string', NULL, false, NULL, false),
        ('elements',       'owner',       'string or null', NULL, false, NULL, false),
        ('elements',       'review_by',   'date or null', NULL, false, NULL, false),
        ('elements',       'valid_from',  'date or null', NULL, false, NULL, false),
        ('elements',       'valid_to',    'date or null', NULL, false, NULL, false),
        ('elements',       'priority',    'number', 0, false, 1.7976931348623157e308, false),
        ('elements',       'activity',    'string or null', NULL, false, NULL, false),
        ('elements',       'effort',      'number or null', 0, true, NULL, false),
        ('elements',       'available',   'number', 0, true, 1, false),
        ('elements',       'properties',  'object', NULL, false, NULL, false),
        ('relations',      'source',      'string', NULL, false, NULL, true),
        ('relations',      'kind',        'string', NULL, false, NULL, true),
        ('relations',      'target',      'string', NULL, false, NULL, true),
        ('relations',      'weight',      'number', 0, false, 1, false),
        ('relations',      'alternatives','string or null', NULL, false, NULL, false),
        ('relations',      'valid_from',  'date or null', NULL, false, NULL, false),
        ('relations',      'valid_to',    'date or null', NULL, false, NULL, false),
        ('requirements',   'role',        'string or null', NULL, false, NULL, false),
        ('requirements',   'item',        'string', NULL, false, NULL, true),
        ('requirements',   'required',    'number', 0, true, 1, false)
    ),
    parts AS MATERIALIZED (
        SELECT p.part, p.content, p.part IN (SELECT r.part FROM member_rules r) AS known
          FROM doc, pg_catalog.jsonb_each(CASE pg_catalog.jsonb_typeof(m) WHEN 'object' THEN m ELSE '{}' END) p (part, content)
    ),
    entries AS MATERIALIZED (
        SELECT p.part, '/' || p.part || '/' || (x.number - 1) AS pointer, x.entry
          FROM parts p,
               pg_catalog.jsonb_array_elements(CASE pg_catalog.jsonb_typeof(p.content) WHEN 'array' THEN p.content ELSE '[]' END)
               WITH ORDINALITY x (entry, number)
         WHERE p.known
    ),
    members AS MATERIALIZED (
        SELECT e.part, e.pointer || '/' || pg_catalog.replace(pg_catalog.replace(v.member, '~', '~0'), '/', '~1') AS pointer,
               v.member, v.value, pg_catalog.jsonb_typeof(v.value) AS given, r.type, r.low, r.low_too, r.high
          FROM entries e
         CROSS JOIN pg_catalog.jsonb_each(CASE pg_catalog.jsonb_typeof(e.entry) WHEN 'object' THEN e.entry ELSE '{}' END) v (member, value)
          LEFT JOIN member_rules r ON r.part = e.part AND r.member = v.member
    ),
    well_formed AS MATERIALIZED (   -- entries without a fault of form; the rest is not looked at further
        SELECT e.part, e.pointer, e.entry
          FROM entries e
         WHERE pg_catalog.jsonb_typeof(e.entry) = 'object'
           AND NOT EXISTS (SELECT FROM member_rules r WHERE r.part = e.part AND r.identity AND NOT e.entry ? r.member)
           AND NOT EXISTS (SELECT FROM pg_catalog.jsonb_each(CASE pg_catalog.jsonb_typeof(e.entry) WHEN 'object' THEN e.entry ELSE '{}' END) v
                             JOIN member_rules r ON r.part = e.part AND r.member = v.key
                            WHERE pg_catalog.jsonb_typeof(v.value) NOT IN (CASE r.type WHEN 'string or null' THEN 'null' WHEN 'date or null' THEN 'null'
                                                                                       WHEN 'number or null' THEN 'null' ELSE r.type END,
                                                                           CASE r.type WHEN 'date or null' THEN 'string' WHEN 'string or null' THEN 'string'
                                                                                       WHEN 'number or null' THEN 'number' ELSE r.type END)
                               OR r.type = 'date or null' AND NOT coalesce(pg_catalog.jsonb_path_exists(v.value, 'strict $.datetime("YYYY-MM-DD")', '{}', true), false)
                                  AND pg_catalog.jsonb_typeof(v.value) = 'string')
    ),
    -- kinds and elements as they would be after the import, as far as the document speaks of them
    relation_kinds_after AS MATERIALIZED (
        SELECT coalesce(d.kind, k.kind) AS kind, coalesce(d.carries, k.carries, 'nothing') AS carries
          FROM (SELECT w.entry ->> 'kind' AS kind, w.entry ->> 'carries' AS carries FROM well_formed w WHERE w.part = 'relation_kinds') d
          FULL JOIN @ecosystem@.relation_kinds k ON k.kind = d.kind
    ),
    element_kinds_after AS MATERIALIZED (
        SELECT coalesce(d.kind, k.kind) AS kind, CASE WHEN d.entry ? 'acts_as' THEN d.entry ->> 'acts_as' ELSE k.acts_as END AS acts_as
          FROM (SELECT w.entry ->> 'kind' AS kind, w.entry FROM well_formed w WHERE w.part = 'element_kinds') d
          FULL JOIN @ecosystem@.element_kinds k ON k.kind = d.kind
    ),
    document_elements AS MATERIALIZED (
        SELECT DISTINCT ON (w.entry ->> 'key') w.entry ->> 'key' AS key, w.entry ->> 'kind' AS kind FROM well_formed w WHERE w.part = 'elements'
    ),
    activities_given AS MATERIALIZED (
        SELECT w.pointer, w.entry ->> 'key' AS key, ecosys.activity_key(w.entry ->> 'activity') AS activity_key
          FROM well_formed w WHERE w.part = 'elements' AND w.entry ? 'activity'
    ),
    relations_given AS MATERIALIZED (
        SELECT w.pointer, w.entry ->> 'source' AS source, w.entry ->> 'kind' AS kind, w.entry ->> 'target' AS target,
               (w.entry ->> 'valid_from')::date AS valid_from, (w.entry ->> 'valid_to')::date AS valid_to
          FROM well_formed w WHERE w.part = 'relations'
    ),
    mentioned AS MATERIALIZED (
        SELECT m.pointer, m.key, coalesce(d.kind, e.kind) AS kind, k.acts_as, d.key IS NOT NULL OR e.id IS NOT NULL AS found
          FROM (SELECT g.pointer || '/source' AS pointer, g.source AS key FROM relations_given g
                UNION ALL SELECT g.pointer || '/target', g.target FROM relations_given g
                UNION ALL SELECT w.pointer || '/item', w.entry ->> 'item' FROM well_formed w WHERE w.part = 'requirements'
                UNION ALL SELECT w.pointer || '/role', w.entry ->> 'role' FROM well_formed w WHERE w.part = 'requirements' AND w.entry ->> 'role' IS NOT NULL) m
          LEFT JOIN document_elements d ON d.key = m.key
          LEFT JOIN @ecosystem@.elements e ON e.key = m.key
          LEFT JOIN element_kinds_after k ON k.kind = coalesce(d.kind, e.kind)
    ),
    -- the goals' parents as they would be
    parents_after AS MATERIALIZED (
        SELECT g.pointer, g.source, g.target, g.valid_from, g.valid_to
          FROM relations_given g JOIN relation_kinds_after k ON k.kind = g.kind AND k.carries = 'goal_tree'
        UNION ALL
        SELECT NULL, s.key, t.key, r.valid_from, r.valid_to
          FROM @ecosystem@.relations r
          JOIN @ecosystem@.elements s ON s.id = r.source
          JOIN @ecosystem@.elements t ON t.id = r.target
         WHERE r.kind IN (SELECT k.kind FROM relation_kinds_after k WHERE k.carries = 'goal_tree')
           AND EXISTS (SELECT FROM relations_given g JOIN relation_kinds_after k ON k.kind = g.kind AND k.carries = 'goal_tree')
           AND NOT EXISTS (SELECT FROM relations_given g
                            WHERE g.source = s.key AND g.kind = r.kind AND g.target = t.key AND g.valid_from IS NOT DISTINCT FROM r.valid_from)
    ),
    above (pointer, source, at, valid_from, valid_to) AS (
        SELECT p.pointer, p.source, p.target, p.valid_from, p.valid_to FROM parents_after p WHERE p.pointer IS NOT NULL
        UNION
        SELECT a.pointer, a.source, p.target, GREATEST(a.valid_from, p.valid_from), LEAST(a.valid_to, p.valid_to)
          FROM above a JOIN parents_after p ON p.source = a.at
         WHERE a.at <> a.source
           AND coalesce(GREATEST(a.valid_from, p.valid_from) < LEAST(a.valid_to, p.valid_to), true)
    )
    SELECT '', 'a model is a JSON object', '22023', 'Its members are ' || (SELECT pg_catalog.string_agg(DISTINCT r.part, ', ') FROM member_rules r) || '.'
      FROM doc WHERE pg_catalog.jsonb_typeof(m) <> 'object'
    UNION ALL
    SELECT '/' || p.part, 'unknown part of a model', '22023', 'Parts are ' || (SELECT pg_catalog.string_agg(DISTINCT r.part, ', ') FROM member_rules r) || '.'
      FROM parts p WHERE NOT p.known
    UNION ALL
    SELECT '/' || p.part, 'must be an array', '22023', NULL FROM parts p WHERE p.known AND pg_catalog.jsonb_typeof(p.content) <> 'array'
    UNION ALL
    SELECT e.pointer, 'must be an object', '22023', NULL FROM entries e WHERE pg_catalog.jsonb_typeof(e.entry) <> 'object'
    UNION ALL
    SELECT e.pointer, 'has no member "' || r.member || '"', '22023', NULL
      FROM entries e JOIN member_rules r ON r.part = e.part AND r.identity
     WHERE pg_catalog.jsonb_typeof(e.entry) = 'object' AND NOT e.entry ? r.member
    UNION ALL
    SELECT v.pointer, 'unknown member', '22023',
           'Members are ' || (SELECT pg_catalog.string_agg(r.member, ', ') FROM member_rules r WHERE r.part = v.part) || '.'
      FROM members v WHERE v.type IS NULL
    UNION ALL
    SELECT v.pointer, 'must be a ' || v.type || ', is ' || v.given, '22023', NULL
      FROM members v WHERE v.given <> ALL (pg_catalog.string_to_array(pg_catalog.replace(v.type, 'date', 'string'), ' or '))
    UNION ALL
    SELECT v.pointer, 'must not be empty', '22023', NULL
      FROM members v WHERE v.value = '""' AND v.member IN ('key', 'kind', 'inverse')
    UNION ALL
    SELECT v.pointer, 'is not a date', '22007', 'Write dates as 2026-03-31.'
      FROM members v
     WHERE v.type = 'date or null' AND v.given = 'string'
       AND NOT coalesce(pg_catalog.jsonb_path_exists(v.value, 'strict $.datetime("YYYY-MM-DD")', '{}', true), false)
    UNION ALL
    SELECT v.pointer, 'must be ' || CASE WHEN v.low_too THEN 'at least ' ELSE 'above ' END || v.low
                      || CASE WHEN v.high = 1 THEN ' and at most 1' ELSE ' and finite' END, '22003', NULL
      FROM members v
     WHERE v.given = 'number' AND v.type LIKE 'number%'
       AND NOT ((v.value::numeric > v.low::numeric OR v.low_too AND v.value::numeric = v.low::numeric)
                AND (v.high IS NULL OR v.value::numeric <= v.high::numeric))
    UNION ALL
    SELECT w.pointer || '/family', 'must be strategy, people, content, platform or data', '22023', NULL
      FROM well_formed w
     WHERE w.part = 'element_kinds' AND w.entry ->> 'family' NOT IN ('strategy', 'people', 'content', 'platform', 'data')
    UNION ALL
    SELECT w.pointer || '/acts_as', 'must be goal, competency, content or null', '22023', NULL
      FROM well_formed w WHERE w.part = 'element_kinds' AND w.entry ->> 'acts_as' NOT IN ('goal', 'competency', 'content')
    UNION ALL
    SELECT w.pointer || '/carries', 'must be contribution, goal_tree, delivery or nothing', '22023', NULL
      FROM well_formed w WHERE w.part = 'relation_kinds' AND w.entry ->> 'carries' NOT IN ('contribution', 'goal_tree', 'delivery', 'nothing')
    UNION ALL
    SELECT w.pointer, 'is new and has no member "' || n.member || '"', '22023', NULL
      FROM well_formed w
      JOIN (VALUES ('elements', 'kind'), ('elements', 'name'), ('element_kinds', 'family'), ('relation_kinds', 'inverse')) n (part, member)
        ON n.part = w.part AND NOT w.entry ? n.member
     WHERE NOT CASE w.part WHEN 'elements' THEN EXISTS (SELECT FROM @ecosystem@.elements e WHERE e.key = w.entry ->> 'key')
                           WHEN 'element_kinds' THEN EXISTS (SELECT FROM @ecosystem@.element_kinds k WHERE k.kind = w.entry ->> 'kind')
                           ELSE EXISTS (SELECT FROM @ecosystem@.relation_kinds k WHERE k.kind = w.entry ->> 'kind') END
    UNION ALL
    SELECT d.pointer, 'says again what ' || d.first || ' says', '22023', NULL
      FROM (SELECT w.pointer, pg_catalog.first_value(w.pointer) OVER (
                       PARTITION BY w.part,
                                    CASE w.part WHEN 'elements' THEN pg_catalog.jsonb_build_array(w.entry -> 'key')
                                                WHEN 'relations' THEN pg_catalog.jsonb_build_array(w.entry -> 'source', w.entry -> 'kind', w.entry -> 'target', w.entry ->> 'valid_from')
                                                WHEN 'requirements' THEN pg_catalog.jsonb_build_array(w.entry ->> 'role', w.entry -> 'item')
                                                ELSE pg_catalog.jsonb_build_array(w.entry -> 'kind') END
                       ORDER BY pg_catalog.length(w.pointer), w.pointer) AS first
              FROM well_formed w) d
     WHERE d.pointer <> d.first
    UNION ALL
    SELECT w.pointer || '/kind', 'is not known: "' || pg_catalog.left(w.entry ->> 'kind', 60) || '"', '22023',
           'Kinds are the rows of element_kinds; add your own there or in the model.'
      FROM well_formed w
     WHERE w.part = 'elements' AND NOT EXISTS (SELECT FROM element_kinds_after k WHERE k.kind = w.entry ->> 'kind') AND w.entry ? 'kind'
    UNION ALL
    SELECT g.pointer || '/kind', 'is not known: "' || pg_catalog.left(g.kind, 60) || '"', '22023',
           coalesce((SELECT pg_catalog.format('It is "%s" read from target to source: swap the two.', k.kind)
                       FROM @ecosystem@.relation_kinds k WHERE k.inverse IN (g.kind, pg_catalog.replace(g.kind, '_', ' ')) LIMIT 1),
                    'Kinds are ' || (SELECT pg_catalog.string_agg(k.kind, ', ' ORDER BY k.kind) FROM @ecosystem@.relation_kinds k) || '.')
      FROM relations_given g WHERE NOT EXISTS (SELECT FROM relation_kinds_after k WHERE k.kind = g.kind)
    UNION ALL
    SELECT a.pointer || '/activity', pg_catalog.format('is the activity of "%s"', pg_catalog.left(a.other, 60)), '23505',
           'Statements of one activity are evidence about one element.'
      FROM (SELECT c.pointer, coalesce(nullif(pg_catalog.first_value(c.key) OVER same, c.key),
                                       (SELECT e.key FROM @ecosystem@.elements e
                                         WHERE e.activity_key = c.activity_key AND e.key <> c.key
                                           AND NOT EXISTS (SELECT FROM activities_given o WHERE o.key = e.key))) AS other
              FROM activities_given c
             WHERE c.activity_key IS NOT NULL
            WINDOW same AS (PARTITION BY c.activity_key ORDER BY pg_catalog.length(c.pointer), c.pointer)) a
     WHERE a.other IS NOT NULL
    UNION ALL
    SELECT m.pointer, 'is no element: "' || pg_catalog.left(m.key, 60) || '"', '22023', 'It is neither in the model nor in the ecosystem.'
      FROM mentioned m WHERE NOT m.found
    UNION ALL
    SELECT w.pointer || '/valid_to', 'must be after valid_from', '22023', 'valid_to is the first day it no longer holds.'
      FROM well_formed w WHERE (w.entry ->> 'valid_from')::date >= (w.entry ->> 'valid_to')::date
    UNION ALL
    SELECT g.pointer || '/kind', '"' || g.kind || '" does not lead from ' || s.kind || ' to ' || t.kind, '22023',
           CASE WHEN k.carries = 'goal_tree' THEN 'It leads from a goal to its parent goal. ' ELSE
                'It leads from content or competencies to content, competencies and goals, but not from a competency to content. ' END
           || 'Kinds that fit here: '
           || (SELECT pg_catalog.string_agg(o.kind, ', ' ORDER BY o.kind)
                 FROM relation_kinds_after o
                WHERE CASE WHEN s.acts_as = 'content' AND t.acts_as IS NOT NULL OR s.acts_as = 'competency' AND t.acts_as IN ('competency', 'goal')
                           THEN o.carries = 'contribution'
                           WHEN s.acts_as = 'goal' AND t.acts_as = 'goal' THEN o.carries = 'goal_tree'
                           ELSE o.carries IN ('delivery', 'nothing') END) || '.'
      FROM relations_given g
      JOIN relation_kinds_after k ON k.kind = g.kind
      JOIN mentioned s ON s.pointer = g.pointer || '/source' AND s.found
      JOIN mentioned t ON t.pointer = g.pointer || '/target' AND t.found
     WHERE k.carries = 'goal_tree' AND (s.acts_as IS DISTINCT FROM 'goal' OR t.acts_as IS DISTINCT FROM 'goal')
        OR k.carries = 'contribution' AND NOT coalesce(s.acts_as = 'content' AND t.acts_as IN ('content', 'competency', 'goal')
                                                       OR s.acts_as = 'competency' AND t.acts_as IN ('competency', 'goal'), false)
    UNION ALL
    SELECT p.pointer, 'would give "' || pg_catalog.left(p.source, 60) || '" a second parent goal: it has "' || pg_catalog.left(q.target, 60) || '"', '23505',
           'End the other relation first (valid_to), or relate the two by related_to, which carries no priority.'
      FROM parents_after p
      JOIN parents_after q ON q.source = p.source AND q.target <> p.target
                          AND coalesce(GREATEST(p.valid_from, q.valid_from) < LEAST(p.valid_to, q.valid_to), true)
     WHERE p.pointer IS NOT NULL AND (q.pointer IS NULL OR q.pointer < p.pointer)
    UNION ALL
    SELECT DISTINCT a.pointer, 'would make "' || pg_catalog.left(a.source, 60) || '" contribute to itself', '23514', 'Goals form trees: leave one relation of the circle out.'
      FROM above a WHERE a.at = a.source
    UNION ALL
    SELECT m.pointer, 'is not a content or competency', '22023', 'A role requires competencies, or content itself.'
      FROM mentioned m WHERE m.pointer LIKE '/requirements/%/item' AND m.found AND m.acts_as IS DISTINCT FROM 'content' AND m.acts_as IS DISTINCT FROM 'competency'
$$;
COMMENT ON FUNCTION @ecosystem@.check_model(json) IS 'Every fault of a model document, without writing anything: where (JSON pointer), what, and what to do. No rows: import_model() takes it.';

CREATE FUNCTION @ecosystem@.import_model(model json)
    RETURNS TABLE (part text, inserted bigint, updated bigint, unchanged bigint)
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS
$$
DECLARE
    faults bigint;
    details text;
    first_hint text;
    doc jsonb;
BEGIN
    SELECT pg_catalog.count(*),
           pg_catalog.string_agg(f.line, E'\n' ORDER BY f.number) FILTER (WHERE f.number <= 20),
           (pg_catalog.array_agg(f.hint ORDER BY f.number) FILTER (WHERE f.hint IS NOT NULL))[1]
      INTO faults, details, first_hint
      FROM (SELECT CASE WHEN c.pointer = '' THEN '' ELSE c.pointer || ': ' END || c.fault AS line, c.hint,
                   pg_catalog.row_number() OVER () AS number
              FROM @ecosystem@.check_model(model) c) f;
    IF faults > 0 THEN
        RAISE EXCEPTION 'model has % fault%', faults, CASE WHEN faults = 1 THEN '' ELSE 's' END
            USING ERRCODE = '22023', DETAIL = details, HINT = coalesce(first_hint, 'check_model() lists all of them.');
    END IF;
    doc := model::jsonb;

    part := 'element_kinds';
    WITH given AS MATERIALIZED (
        SELECT k.kind IS NULL AS is_new, r.*
          FROM pg_catalog.jsonb_array_elements(doc -> 'element_kinds') d (entry)
          LEFT JOIN @ecosystem@.element_kinds k ON k.kind = d.entry ->> 'kind'
         CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(k, d.entry) r),
    added AS (
        INSERT INTO @ecosystem@.element_kinds (kind, family, acts_as, description)
        SELECT g.kind, g.family, g.acts_as, g.description FROM given g WHERE g.is_new RETURNING 1),
    changed AS (
        UPDATE @ecosystem@.element_kinds k SET family = g.family, acts_as = g.acts_as, description = g.description
          FROM given g
         WHERE k.kind = g.kind AND (k.family, k.acts_as, k.description) IS DISTINCT FROM (g.family, g.acts_as, g.description) RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM added), (SELECT pg_catalog.count(*) FROM changed), (SELECT pg_catalog.count(*) FROM given)
      INTO inserted, updated, unchanged;
    unchanged := unchanged - inserted - updated;
    RETURN NEXT;

    part := 'relation_kinds';
    WITH given AS MATERIALIZED (
        SELECT k.kind IS NULL AS is_new, r.*
          FROM pg_catalog.jsonb_array_elements(doc -> 'relation_kinds') d (entry)
          LEFT JOIN @ecosystem@.relation_kinds k ON k.kind = d.entry ->> 'kind'
         CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(
               CASE WHEN k.kind IS NULL THEN pg_catalog.jsonb_populate_record(NULL::@ecosystem@.relation_kinds, '{"carries": "nothing", "impact": 1}') ELSE k END, d.entry) r),
    added AS (
        INSERT INTO @ecosystem@.relation_kinds (kind, inverse, carries, impact, description)
        SELECT g.kind, g.inverse, g.carries, g.impact, g.description FROM given g WHERE g.is_new RETURNING 1),
    changed AS (
        UPDATE @ecosystem@.relation_kinds k SET inverse = g.inverse, carries = g.carries, impact = g.impact, description = g.description
          FROM given g
         WHERE k.kind = g.kind
           AND (k.inverse, k.carries, k.impact, k.description) IS DISTINCT FROM (g.inverse, g.carries, g.impact, g.description) RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM added), (SELECT pg_catalog.count(*) FROM changed), (SELECT pg_catalog.count(*) FROM given)
      INTO inserted, updated, unchanged;
    unchanged := unchanged - inserted - updated;
    RETURN NEXT;

    part := 'elements';
    WITH given AS MATERIALIZED (
        SELECT e.id IS NULL AS is_new, d.number, r.*
          FROM pg_catalog.jsonb_array_elements(doc -> 'elements') WITH ORDINALITY d (entry, number)
          LEFT JOIN @ecosystem@.elements e ON e.key = d.entry ->> 'key'
         CROSS JOIN LATERAL pg_catalog.jsonb_populate_record(
               CASE WHEN e.id IS NULL
                    THEN pg_catalog.jsonb_populate_record(NULL::@ecosystem@.elements, '{"priority": 1, "available": 1, "properties": {}}')
                    ELSE e END, d.entry) r),
    added AS (
        INSERT INTO @ecosystem@.elements (key, kind, name, owner, review_by, valid_from, valid_to, priority, activity, effort, available, properties)
        SELECT g.key, g.kind, g.name, g.owner, g.review_by, g.valid_from, g.valid_to, g.priority, g.activity, g.effort, g.available, g.properties
          FROM given g WHERE g.is_new ORDER BY g.number RETURNING 1),
    changed AS (
        UPDATE @ecosystem@.elements e
           SET kind = g.kind, name = g.name, owner = g.owner, review_by = g.review_by, valid_from = g.valid_from, valid_to = g.valid_to,
               priority = g.priority, activity = g.activity, effort = g.effort, available = g.available, properties = g.properties
          FROM given g
         WHERE e.id = g.id
           AND (e.kind, e.name, e.owner, e.review_by, e.valid_from, e.valid_to, e.priority, e.activity, e.effort, e.available, e.properties)
               IS DISTINCT FROM
               (g.kind, g.name, g.owner, g.review_by, g.valid_from, g.valid_to, g.priority, g.activity, g.effort, g.available, g.properties)
        RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM added), (SELECT pg_catalog.count(*) FROM changed), (SELECT pg_catalog.count(*) FROM given)
      INTO inserted, updated, unchanged;
    unchanged := unchanged - inserted - updated;
    RETURN NEXT;

    part := 'relations';
    WITH given AS MATERIALIZED (
        SELECT d.number, r.id, s.id AS source, d.entry ->> 'kind' AS kind, t.id AS target, (d.entry ->> 'valid_from')::date AS valid_from,
               CASE WHEN d.entry ? 'weight' THEN (d.entry ->> 'weight')::float8 ELSE coalesce(r.weight, 1) END AS weight,
               CASE WHEN d.entry ? 'alternatives' THEN d.entry ->> 'alternatives' ELSE r.alternatives END AS alternatives,
               CASE WHEN d.entry ? 'valid_to' THEN (d.entry ->> 'valid_to')::date ELSE r.valid_to END AS valid_to
          FROM pg_catalog.jsonb_array_elements(doc -> 'relations') WITH ORDINALITY d (entry, number)
          JOIN @ecosystem@.elements s ON s.key = d.entry ->> 'source'
          JOIN @ecosystem@.elements t ON t.key = d.entry ->> 'target'
          LEFT JOIN @ecosystem@.relations r ON r.source = s.id AND r.kind = d.entry ->> 'kind' AND r.target = t.id
                                           AND r.valid_from IS NOT DISTINCT FROM (d.entry ->> 'valid_from')::date),
    added AS (
        INSERT INTO @ecosystem@.relations (source, kind, target, weight, alternatives, valid_from, valid_to)
        SELECT g.source, g.kind, g.target, g.weight, g.alternatives, g.valid_from, g.valid_to FROM given g WHERE g.id IS NULL
         ORDER BY g.number RETURNING 1),
    changed AS (
        UPDATE @ecosystem@.relations r SET weight = g.weight, alternatives = g.alternatives, valid_to = g.valid_to
          FROM given g
         WHERE r.id = g.id AND (r.weight, r.alternatives, r.valid_to) IS DISTINCT FROM (g.weight, g.alternatives, g.valid_to) RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM added), (SELECT pg_catalog.count(*) FROM changed), (SELECT pg_catalog.count(*) FROM given)
      INTO inserted, updated, unchanged;
    unchanged := unchanged - inserted - updated;
    RETURN NEXT;

    part := 'requirements';
    WITH given AS MATERIALIZED (
        SELECT q.id, o.id AS role, i.id AS item,
               CASE WHEN d.entry ? 'required' THEN (d.entry ->> 'required')::float8 ELSE coalesce(q.required, 1) END AS required
          FROM pg_catalog.jsonb_array_elements(doc -> 'requirements') d (entry)
          JOIN @ecosystem@.elements i ON i.key = d.entry ->> 'item'
          LEFT JOIN @ecosystem@.elements o ON o.key = d.entry ->> 'role'
          LEFT JOIN @ecosystem@.requirements q ON q.item = i.id AND q.role IS NOT DISTINCT FROM o.id),
    added AS (
        INSERT INTO @ecosystem@.requirements (role, item, required)
        SELECT g.role, g.item, g.required FROM given g WHERE g.id IS NULL RETURNING 1),
    changed AS (
        UPDATE @ecosystem@.requirements q SET required = g.required FROM given g
         WHERE q.id = g.id AND q.required <> g.required RETURNING 1)
    SELECT (SELECT pg_catalog.count(*) FROM added), (SELECT pg_catalog.count(*) FROM changed), (SELECT pg_catalog.count(*) FROM given)
      INTO inserted, updated, unchanged;
    unchanged := unchanged - inserted - updated;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION @ecosystem@.import_model(json) IS
'Takes a model document: kinds, elements, relations and requirements, by key. What is new is inserted, what differs is updated (members that are not given stay), nothing is deleted; all or nothing, with every fault in the error''s detail.';

CREATE FUNCTION @ecosystem@.export_model() RETURNS json
    LANGUAGE sql STABLE PARALLEL RESTRICTED
BEGIN ATOMIC
    SELECT pg_catalog.json_build_object(
        'element_kinds', coalesce((SELECT pg_catalog.json_agg(k ORDER BY k.kind COLLATE "C") FROM @ecosystem@.element_kinds k), '[]'),
        'relation_kinds', coalesce((SELECT pg_catalog.json_agg(k ORDER BY k.kind COLLATE "C") FROM @ecosystem@.relation_kinds k), '[]'),
        'elements', coalesce((SELECT pg_catalog.json_agg(pg_catalog.to_jsonb(e) - ARRAY['id', 'activity_key'] ORDER BY e.key COLLATE "C") FROM @ecosystem@.elements e), '[]'),
        'relations', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('source', s.key, 'kind', r.kind, 'target', t.key, 'weight', r.weight,
                                      'alternatives', r.alternatives, 'valid_from', r.valid_from, 'valid_to', r.valid_to)
                                      ORDER BY s.key COLLATE "C", r.kind COLLATE "C", t.key COLLATE "C", r.valid_from)
                                 FROM @ecosystem@.relations r
                                 JOIN @ecosystem@.elements s ON s.id = r.source
                                 JOIN @ecosystem@.elements t ON t.id = r.target), '[]'),
        'requirements', coalesce((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', o.key, 'item', i.key, 'required', q.required)
                                         ORDER BY o.key COLLATE "C" NULLS FIRST, i.key COLLATE "C")
                                    FROM @ecosystem@.requirements q
                                    JOIN @ecosystem@.elements i ON i.id = q.item
                                    LEFT JOIN @ecosystem@.elements o ON o.id = q.role), '[]'));
END;
COMMENT ON FUNCTION @ecosystem@.export_model() IS 'The whole model as one document that import_model() takes back.';

CREATE FUNCTION @ecosystem@.relate(
    source       text,
    kind         text,
    target       text,
    weight       float8 DEFAULT 1,
    alternatives text DEFAULT NULL,
    valid_from   date DEFAULT NULL,
    valid_to     date DEFAULT NULL)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS
$$
DECLARE
    document json;
    found_fault record;
    relation bigint;
BEGIN
    IF relate.weight IS NULL OR NOT (relate.weight > 0 AND relate.weight <= 1) THEN
        RAISE EXCEPTION 'weight of a relation must be above 0 and at most 1' USING ERRCODE = '22003';
    END IF;
    document := pg_catalog.json_build_object('relations', pg_catalog.json_build_array(pg_catalog.json_build_object(
        'source', relate.source, 'kind', relate.kind, 'target', relate.target, 'weight', relate.weight,
        'alternatives', relate.alternatives, 'valid_from', relate.valid_from, 'valid_to', relate.valid_to)));
    FOR found_fault IN SELECT * FROM @ecosystem@.check_model(document) LIMIT 1 LOOP
        IF found_fault.fault LIKE 'is no element%' THEN
            -- the engine's message names keys near it
            PERFORM ecosys.element_ids(@ecosystem@.itself(),
                                       ARRAY[CASE found_fault.pointer WHEN '/relations/0/source' THEN relate.source ELSE relate.target END]);
        END IF;
        RAISE EXCEPTION '% %', coalesce(pg_catalog.substring(found_fault.pointer, '^/relations/0/(.*)'), 'relation'), found_fault.fault
            USING ERRCODE = found_fault.code,
                  DETAIL = pg_catalog.format('From "%s" to "%s".', pg_catalog.left(relate.source, 60), pg_catalog.left(relate.target, 60)),
                  HINT = coalesce(found_fault.hint, 'Elements are named by their keys; table relation_kinds says what leads where.');
    END LOOP;
    PERFORM @ecosystem@.import_model(document);
    SELECT r.id INTO STRICT relation
      FROM @ecosystem@.relations r
     WHERE r.source = (SELECT e.id FROM @ecosystem@.elements e WHERE e.key = relate.source)
       AND r.kind = relate.kind
       AND r.target = (SELECT e.id FROM @ecosystem@.elements e WHERE e.key = relate.target)
       AND r.valid_from IS NOT DISTINCT FROM relate.valid_from;
    RETURN relation;
END
$$;
COMMENT ON FUNCTION @ecosystem@.relate(text, text, text, float8, text, date, date) IS
'Relates two elements by key, the way change flows, and returns the relation''s id. Again with the same source, kind, target and valid_from it updates. Refuses what would not make sense: unfit kinds, a second parent goal, a circle of goals.';
