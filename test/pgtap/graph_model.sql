-- The model as a document, and relate(): what goes in, what is refused and why, and that what comes out goes in again.
BEGIN;
SELECT plan(53);
SELECT ecosys.create_ecosystem('learning');
SET search_path = learning, public;

SELECT results_eq($$SELECT * FROM import_model('{
    "element_kinds": [{"kind": "game", "family": "content", "acts_as": "content"}],
    "relation_kinds": [{"kind": "sponsors", "inverse": "is sponsored by", "impact": 0.25}],
    "elements": [{"key": "goal:a", "kind": "goal", "name": "A", "priority": 3}, {"key": "goal:b", "kind": "goal", "name": "B"},
                 {"key": "goal:c", "kind": "goal", "name": "C"}, {"key": "skill", "kind": "competency", "name": "Skill"},
                 {"key": "chess", "kind": "game", "name": "Chess", "effort": 3.50, "available": 0.5, "valid_from": "2020-02-29", "properties": {"x": [null]}},
                 {"key": "role:agent", "kind": "role", "name": "Agent"}, {"key": "lms", "kind": "lms", "name": "LMS", "owner": "it"}],
    "relations": [{"source": "chess", "kind": "teaches", "target": "skill", "weight": 0.5}, {"source": "goal:a", "kind": "contributes_to", "target": "goal:b"},
                  {"source": "lms", "kind": "delivers", "target": "chess", "alternatives": "hosting"}],
    "requirements": [{"role": "role:agent", "item": "skill"}, {"role": null, "item": "chess", "required": 0.5}]}')$$,
    $$VALUES ('element_kinds', 1::bigint, 0::bigint, 0::bigint), ('relation_kinds', 1, 0, 0), ('elements', 7, 0, 0), ('relations', 3, 0, 0), ('requirements', 2, 0, 0)$$,
    'a model goes in, with kinds of its own');
SELECT results_eq($$SELECT key, priority, available, properties::text FROM elements WHERE key IN ('goal:b', 'chess') ORDER BY key$$,
    $$VALUES ('chess', 1::float8, 0.5::float8, '{"x": [null]}'), ('goal:b', 1, 1, '{}')$$, 'with defaults for what is not said');
SELECT results_eq($$SELECT * FROM import_model('{"elements": [{"key": "lms", "name": "The LMS"}, {"key": "chess", "effort": null}, {"key": "goal:a", "priority": 3}],
                                                 "relations": [{"source": "lms", "kind": "delivers", "target": "chess", "weight": 0.75}]}') WHERE part IN ('elements', 'relations')$$,
    $$VALUES ('elements', 0::bigint, 2::bigint, 1::bigint), ('relations', 0, 1, 0)$$, 'again: what differs is updated');
SELECT results_eq($$SELECT name, owner FROM elements WHERE key = 'lms'$$, $$VALUES ('The LMS', 'it')$$, 'what is not said stays');
SELECT results_eq($$SELECT effort FROM elements WHERE key = 'chess'$$, $$VALUES (NULL::numeric)$$, 'null takes it away');
SELECT results_eq($$SELECT weight, alternatives FROM relations WHERE kind = 'delivers'$$, $$VALUES (0.75::float8, 'hosting')$$, 'relations too');
SELECT results_eq($$SELECT sum(inserted), sum(updated) FROM import_model('{}')$$, $$VALUES (0::numeric, 0::numeric)$$, 'an empty model changes nothing');

-- faults: each with its place; none is written
CREATE FUNCTION faults(model json) RETURNS SETOF text LANGUAGE sql AS $$ SELECT pointer || ': ' || fault FROM check_model(model) $$;
SELECT set_eq($$SELECT faults('[]')$$, ARRAY[': a model is a JSON object'], 'not an object');
SELECT set_eq($$SELECT faults('{"thing": 1, "elements": {}}')$$, ARRAY['/thing: unknown part of a model', '/elements: must be an array'], 'unknown part, no array');
SELECT set_eq($$SELECT faults('{"elements": [3, {"kye": "x"}, {"key": "y", "na/me": 1}, {"key": 5, "kind": "goal", "name": "n"}, {"key": "", "kind": "goal", "name": "n"}]}')$$,
    ARRAY['/elements/0: must be an object', '/elements/1: has no member "key"', '/elements/1/kye: unknown member', '/elements/2/na~1me: unknown member',
          '/elements/2: is new and has no member "kind"', '/elements/2: is new and has no member "name"', '/elements/3/key: must be a string, is number',
          '/elements/4/key: must not be empty'], 'members');
SELECT set_eq($$SELECT faults('{"elements": [{"key": "x", "kind": "goal", "name": "n", "priority": 0, "available": 1.5, "effort": -1, "review_by": "2026-02-30", "valid_from": 3},
                                              {"key": "y", "kind": "goal", "name": "n", "priority": 1e400}]}')$$,
    ARRAY['/elements/0/priority: must be above 0 and finite', '/elements/0/available: must be at least 0 and at most 1', '/elements/0/effort: must be at least 0 and finite',
          '/elements/0/review_by: is not a date', '/elements/0/valid_from: must be a date or null, is number', '/elements/1/priority: must be above 0 and finite'], 'values');
SELECT set_eq($$SELECT faults('{"elements": [{"key": "x", "kind": "gaol", "name": "n"}, {"key": "x", "kind": "goal", "name": "n"}]}')$$,
    ARRAY['/elements/0/kind: is not known: "gaol"', '/elements/1: says again what /elements/0 says'], 'unknown kind, said twice');
SAVEPOINT activities;
INSERT INTO elements (key, kind, name, activity) VALUES ('taken', 'course', 'T', 'https://example.com/t'), ('moved', 'course', 'M', 'https://example.com/m');
SELECT set_eq($$SELECT faults('{"elements": [{"key": "one", "kind": "course", "name": "n", "activity": "https://example.com/t"}, {"key": "taken", "name": "same", "activity": "https://example.com/u"},
                                              {"key": "two", "kind": "course", "name": "n", "activity": "https://example.com/m"}, {"key": "three", "kind": "course", "name": "n", "activity": "https://example.com/m"}]}')$$,
    ARRAY['/elements/2/activity: is the activity of "moved"', '/elements/3/activity: is the activity of "two"'], 'one activity, one element');
SELECT set_eq($$SELECT faults('{"elements": [{"key": "taken", "activity": "https://example.com/t"}, {"key": "moved", "activity": null}]}')$$, '{}'::text[], 'its own activity is no fault');
ROLLBACK TO activities;
SELECT set_eq($$SELECT faults('{"element_kinds": [{"kind": "x", "family": "y"}, {"kind": "z"}, {"kind": "v", "family": "data", "acts_as": "w"}],
                                "relation_kinds": [{"kind": "x"}, {"kind": "y", "inverse": "z", "carries": "much", "impact": 2}]}')$$,
    ARRAY['/element_kinds/0/family: must be strategy, people, content, platform or data', '/element_kinds/1: is new and has no member "family"',
          '/element_kinds/2/acts_as: must be goal, competency, content or null', '/relation_kinds/0: is new and has no member "inverse"',
          '/relation_kinds/1/carries: must be contribution, goal_tree, delivery or nothing', '/relation_kinds/1/impact: must be at least 0 and at most 1'], 'kinds');
SELECT set_eq($$SELECT faults('{"relations": [{"source": "lms", "kind": "delivers", "target": "nix"}, {"source": "lms", "kind": "dlivers", "target": "chess"},
                                              {"source": "lms", "kind": "delivers", "target": "chess", "weight": 0, "valid_from": "2026-01-02", "valid_to": "2026-01-02"},
                                              {"source": "lms", "kind": "delivers"}]}')$$,
    ARRAY['/relations/0/target: is no element: "nix"', '/relations/1/kind: is not known: "dlivers"', '/relations/2/weight: must be above 0 and at most 1',
          '/relations/2/valid_to: must be after valid_from', '/relations/3: has no member "target"'], 'relations');
SELECT set_eq($$SELECT faults('{"relations": [{"source": "lms", "kind": "teaches", "target": "skill"}, {"source": "skill", "kind": "supports", "target": "chess"},
                                              {"source": "chess", "kind": "contributes_to", "target": "goal:a"}, {"source": "chess", "kind": "supports", "target": "lms"},
                                              {"source": "goal:a", "kind": "supports", "target": "goal:b"}]}')$$,
    ARRAY['/relations/0/kind: "teaches" does not lead from lms to competency', '/relations/1/kind: "supports" does not lead from competency to game',
          '/relations/2/kind: "contributes_to" does not lead from game to goal', '/relations/3/kind: "supports" does not lead from game to lms',
          '/relations/4/kind: "supports" does not lead from goal to goal'], 'kinds that do not fit');
SELECT set_eq($$SELECT faults('{"relations": [{"source": "goal:a", "kind": "contributes_to", "target": "goal:c"}, {"source": "goal:b", "kind": "contributes_to", "target": "goal:a"}]}')$$,
    ARRAY['/relations/0: would give "goal:a" a second parent goal: it has "goal:b"', '/relations/1: would make "goal:b" contribute to itself'], 'goals form trees');
SELECT set_eq($$SELECT faults('{"relations": [{"source": "goal:b", "kind": "contributes_to", "target": "goal:c"}, {"source": "goal:c", "kind": "contributes_to", "target": "goal:a"}]}')$$,
    ARRAY['/relations/0: would make "goal:b" contribute to itself', '/relations/1: would make "goal:c" contribute to itself'], 'a circle over the document and the tables');
SELECT is_empty($$SELECT faults('{"relations": [{"source": "goal:a", "kind": "contributes_to", "target": "goal:b", "valid_to": "2026-01-01"},
                                                {"source": "goal:a", "kind": "contributes_to", "target": "goal:c", "valid_from": "2026-01-01"}]}')$$, 'one parent after another is fine');
SELECT set_eq($$SELECT faults('{"requirements": [{"item": "lms"}, {"role": "nobody", "item": "skill", "required": 2}]}')$$,
    ARRAY['/requirements/0/item: is not a content or competency', '/requirements/1/role: is no element: "nobody"', '/requirements/1/required: must be at least 0 and at most 1'], 'requirements');
SELECT is_empty($$SELECT faults('{"elements": [{"key": "g", "kind": "game", "name": "G"}, {"key": "k", "kind": "knack", "name": "K"}],
                                  "element_kinds": [{"kind": "knack", "family": "strategy", "acts_as": "competency"}],
                                  "relations": [{"source": "g", "kind": "teaches", "target": "k"}]}')$$, 'a document may use what it brings itself');
SELECT throws_ok($$SELECT * FROM import_model('{"elements": [{"key": "new", "kind": "goal", "name": "N"}], "relations": [{"source": "new", "kind": "x", "target": "y"}]}')$$,
    '22023', 'model has 2 faults', 'faults are counted');
SELECT is((SELECT count(*) FROM elements WHERE key = 'new'), 0::bigint, 'and nothing is written');
SELECT throws_ok($$SELECT * FROM import_model('{"elements": [{"key": "ok", "kind": "goal", "name": "\u0000"}]}')$$, '22P05', NULL, 'text that PostgreSQL cannot keep');

-- relate
SELECT is(relate('lms', 'delivers', 'chess', 0.5), (SELECT id FROM relations WHERE kind = 'delivers'), 'relate: the same relation is updated');
SELECT is((SELECT weight FROM relations WHERE kind = 'delivers'), 0.5::float8, 'its weight too');
SELECT isnt(relate('lms', 'delivers', 'chess', valid_from => '2030-01-01'), (SELECT id FROM relations WHERE kind = 'delivers' AND valid_from IS NULL), 'another period is another relation');
SELECT ok(relate('goal:b', 'contributes_to', 'goal:c') > 0, 'a parent goal');
SELECT throws_ok($$SELECT relate('lms', 'teaches', 'skill')$$, '22023', 'kind "teaches" does not lead from lms to competency', 'relate: kinds that do not fit');
SELECT throws_ok($$SELECT relate('chess', 'contributes_to', 'goal:a')$$, '22023', 'kind "contributes_to" does not lead from game to goal', 'content does not contribute_to');
SELECT throws_ok($$SELECT relate('lsm', 'delivers', 'chess')$$, '22023', 'unknown element: "lsm"', 'unknown source');
SELECT throws_ok($$SELECT relate('lms', 'delivers', 'ches')$$, '22023', 'unknown element: "ches"', 'unknown target');
SELECT throws_ok($$SELECT relate('lms', 'deliver', 'chess')$$, '22023', 'kind is not known: "deliver"', 'unknown kind');
SELECT throws_ok($$SELECT relate('goal:a', 'contributes_to', 'goal:c')$$, '23505', 'relation would give "goal:a" a second parent goal: it has "goal:b"', 'second parent');
SELECT throws_ok($$SELECT relate('goal:c', 'contributes_to', 'goal:a')$$, '23514', 'relation would make "goal:c" contribute to itself', 'circle of goals');
SELECT throws_ok($$SELECT relate('goal:c', 'contributes_to', 'goal:c')$$, '23514', 'relation would make "goal:c" contribute to itself', 'its own parent');
SELECT throws_ok($$SELECT relate('lms', 'delivers', 'chess', 0)$$, '22003', NULL, 'weight of nothing');
SELECT throws_ok($$SELECT relate('lms', 'delivers', 'chess', NULL)$$, '22003', NULL, 'no weight');
SELECT throws_ok($$SELECT relate('lms', 'delivers', 'chess', 'NaN')$$, '22003', NULL, 'weight that is none');
SELECT throws_ok($$SELECT relate('lms', 'delivers', 'chess', valid_from => '2030-01-01', valid_to => '2030-01-01')$$, '22023', 'valid_to must be after valid_from', 'empty period');
SELECT throws_ok($$SELECT relate(NULL, 'delivers', 'chess')$$, '22023', 'source must be a string, is null', 'no source');
-- the hint names what fits
CREATE FUNCTION hint_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE query;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END
$$;
SELECT matches(hint_of($$SELECT relate('chess', 'contributes_to', 'goal:a')$$), 'fit here: supports, teaches\.', 'content to goal');
SELECT matches(hint_of($$SELECT relate('goal:c', 'supports', 'goal:a')$$), 'fit here: contributes_to\.', 'goal to goal');
SELECT matches(hint_of($$SELECT relate('lms', 'teaches', 'chess')$$), 'fit here: delivers, designs', 'platform to content');
SELECT is(hint_of($$SELECT relate('chess', 'is delivered by', 'lms')$$), 'It is "delivers" read from target to source: swap the two.', 'the inverse of a kind');
SELECT matches(hint_of($$SELECT relate('lmz', 'delivers', 'chess')$$), 'Keys near it: .*lms', 'keys near an unknown one');

-- out and in again
SELECT results_eq($$SELECT sum(inserted), sum(updated) FROM import_model(export_model())$$, $$VALUES (0::numeric, 0::numeric)$$, 'what comes out is what is there');
SELECT ecosys.create_ecosystem('copy');
SELECT isnt((SELECT sum(inserted) FROM copy.import_model(export_model())), 0::numeric, 'an export goes into another ecosystem');
SELECT is(copy.export_model()::text, export_model()::text, 'and comes out of it the same');
SELECT setseed(0.5);
INSERT INTO elements (key, kind, name, owner, priority, effort, properties, valid_from)
SELECT 'e' || n || repeat('"\é', n % 3), CASE n % 3 WHEN 0 THEN 'goal' WHEN 1 THEN 'competency' ELSE 'course' END, 'E ' || n, CASE WHEN n % 2 = 0 THEN 'o' END,
       exp(10 * random() - 5), round((random() * 100)::numeric, n % 5), jsonb_build_object('n', random(), 'a', NULL), CASE WHEN n % 4 = 0 THEN date '1999-12-31' + n END
  FROM generate_series(1, 200) n;
INSERT INTO relations (source, kind, target, weight)
SELECT s.id, 'teaches', t.id, 1 - random() FROM elements s JOIN elements t ON t.kind = 'competency' AND random() < 0.05 WHERE s.kind = 'course';
SELECT is((SELECT sum(inserted) FROM copy.import_model(export_model())), (SELECT 200 + count(*) FROM relations WHERE kind = 'teaches' AND source IN (SELECT id FROM elements WHERE kind = 'course'))::numeric,
    'a random model goes into the other');
SELECT is(copy.export_model()::text, export_model()::text, 'and comes out the same, every digit');
SELECT is_empty($$SELECT key FROM elements EXCEPT SELECT key FROM copy.elements$$, 'no element is lost');
SELECT * FROM finish();
ROLLBACK;
