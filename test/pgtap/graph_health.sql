-- Health: each finding where it should be and only there.
BEGIN;
SELECT plan(19);
SELECT ecosys.create_ecosystem('learning');
SET search_path = learning, public;
SET jit = off;
SELECT is_empty($$SELECT * FROM attention$$, 'an empty ecosystem asks for nothing');

SELECT import_model($${"elements": [
    {"key": "goal:top", "kind": "goal", "name": "Top", "owner": "ceo"},
    {"key": "goal:a", "kind": "goal", "name": "A", "owner": "ceo", "priority": 3}, {"key": "goal:b", "kind": "goal", "name": "B", "owner": "ceo"},
    {"key": "skill", "kind": "competency", "name": "Skill", "owner": "hr"}, {"key": "rare", "kind": "competency", "name": "Rare", "owner": "hr"},
    {"key": "course", "kind": "course", "name": "Course", "owner": "hr"}, {"key": "video", "kind": "video", "name": "Video", "owner": "hr", "review_by": "2020-01-01"},
    {"key": "lost", "kind": "course", "name": "Lost", "owner": "hr", "effort": 40}, {"key": "unit", "kind": "module", "name": "Unit", "owner": "hr"},
    {"key": "lms", "kind": "lms", "name": "LMS"}, {"key": "maker", "kind": "vendor", "name": "Maker"},
    {"key": "old", "kind": "lms", "name": "Old", "owner": "it", "valid_to": "2020-01-01"}, {"key": "role:agent", "kind": "role", "name": "Agent"}],
  "relations": [
    {"source": "goal:a", "kind": "contributes_to", "target": "goal:top"}, {"source": "goal:b", "kind": "contributes_to", "target": "goal:top"},
    {"source": "course", "kind": "teaches", "target": "skill"}, {"source": "video", "kind": "teaches", "target": "skill", "weight": 0.5},
    {"source": "skill", "kind": "supports", "target": "goal:a"}, {"source": "rare", "kind": "supports", "target": "goal:a"},
    {"source": "unit", "kind": "part_of", "target": "course"},
    {"source": "lms", "kind": "delivers", "target": "course"}, {"source": "lms", "kind": "delivers", "target": "video"},
    {"source": "maker", "kind": "provides", "target": "video"}, {"source": "old", "kind": "delivers", "target": "course"}],
  "requirements": [{"role": "role:agent", "item": "skill"}, {"role": "role:agent", "item": "rare"}]}$$);

CREATE FUNCTION keys_with(what text) RETURNS SETOF text LANGUAGE sql AS $$ SELECT key FROM health WHERE finding = what $$;

-- before people are known, all that serves a goal counts as required
SELECT set_eq($$SELECT keys_with('unsupported_goal')$$, ARRAY['goal:b'], 'a goal that no content serves');
SELECT set_eq($$SELECT keys_with('orphan_content')$$, ARRAY['lost'], 'content that serves no goal; a part of a course that does is none');
SELECT matches((SELECT reason FROM health WHERE finding = 'orphan_content'), 'effort of 40', 'and its effort');
SELECT set_eq($$SELECT keys_with('no_platform')$$, ARRAY['lost'], 'content without a platform; parts of what is delivered have one');
SELECT set_eq($$SELECT keys_with('review_overdue')$$, ARRAY['video'], 'overdue for review');
SELECT set_eq($$SELECT keys_with('unowned')$$, ARRAY['lms'], 'unowned, people left out');
SELECT set_eq($$SELECT keys_with('ended_but_related')$$, ARRAY['old'], 'relations to what has ended');
SELECT set_eq($$SELECT keys_with('single_point_of_failure')$$, ARRAY['lms', 'maker', 'unit'], 'without the platform nothing gives the skill, without the maker nothing gives the video, without the unit the course');
SELECT is_empty($$SELECT keys_with('goal_cycle')$$, 'no circle of goals');
SELECT is_empty($$SELECT * FROM gaps$$, 'nobody is obliged: no gaps');

CREATE TABLE staff (id text, roles text[]);
INSERT INTO staff VALUES ('ana', '{agent}'), ('ben', '{agent}');
SELECT adopt_people('staff', person => 'id', roles => 'roles');
SELECT results_eq($$SELECT gap, goal, item, achievable FROM gaps$$, $$VALUES (0.5::float8, 'goal:a', 'rare', 0::float8)$$, 'what is required and nothing gives');
SELECT set_eq($$SELECT keys_with('single_point_of_failure')$$, ARRAY['lms'], 'with people only what they are required counts');
SELECT results_eq($$SELECT finding, key FROM attention LIMIT 3$$,
    $$VALUES ('out_of_reach', 'rare'), ('single_point_of_failure', 'lms'), ('unowned', 'lms')$$, 'attention: by value at risk, then by kind of finding');
SELECT is((SELECT at_risk FROM attention WHERE finding = 'unsupported_goal'), 0.25::float8, 'a goal puts its share of the priority at risk');
SELECT is((SELECT count(*) FROM attention), (SELECT count(*) FROM health) + (SELECT count(DISTINCT item) FROM gaps), 'attention holds all of both');
SELECT is((SELECT 1 - sum(gap) FROM gaps), (SELECT baseline FROM what_if('{}') WHERE goal IS NULL), 'gaps are what what_if cannot reach');

-- every query it offers runs
CREATE FUNCTION failing() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    query text;
BEGIN
    FOR query IN SELECT more FROM attention LOOP
        BEGIN
            EXECUTE query;
        EXCEPTION WHEN OTHERS THEN
            RETURN NEXT query || ': ' || SQLERRM;
        END;
    END LOOP;
END
$$;
SELECT is_empty($$SELECT * FROM failing()$$, 'the queries offered run');

INSERT INTO relations (source, kind, target, valid_to) SELECT t.id, 'contributes_to', a.id, '2100-01-01' FROM elements t, elements a WHERE t.key = 'goal:top' AND a.key = 'goal:a';
SELECT set_eq($$SELECT keys_with('goal_cycle')$$, ARRAY['goal:top', 'goal:a'], 'goals in a circle');
SELECT * FROM finish();
ROLLBACK;
