-- What a person reads of the graph: walks, paths, what-if, attention, and errors.
SET client_min_messages = warning;
SET jit = off;
SELECT ecosys.create_ecosystem();
SET search_path = learning, public;
SELECT * FROM import_model('{
  "elements": [
    {"key": "goal:grow", "kind": "goal", "name": "Grow", "owner": "ceo"},
    {"key": "goal:retain", "kind": "goal", "name": "Retain customers", "owner": "cmo", "priority": 3},
    {"key": "goal:cost", "kind": "goal", "name": "Cut cost", "owner": "cfo"},
    {"key": "skill:empathy", "kind": "competency", "name": "Empathy", "owner": "hr"},
    {"key": "course:empathy", "kind": "course", "name": "Listening", "owner": "hr"},
    {"key": "webinar:empathy", "kind": "webinar", "name": "Hard conversations", "owner": "hr", "review_by": "2025-01-31"},
    {"key": "lms:main", "kind": "lms", "name": "LMS", "owner": "it"},
    {"key": "vc:main", "kind": "virtual_classroom", "name": "Virtual classroom", "owner": "it"},
    {"key": "vendor:studio", "kind": "vendor", "name": "Studio"},
    {"key": "vendor:agency", "kind": "vendor", "name": "Agency"},
    {"key": "role:agent", "kind": "role", "name": "Service agent"}],
  "relations": [
    {"source": "goal:retain", "kind": "contributes_to", "target": "goal:grow"},
    {"source": "goal:cost", "kind": "contributes_to", "target": "goal:grow"},
    {"source": "course:empathy", "kind": "teaches", "target": "skill:empathy"},
    {"source": "webinar:empathy", "kind": "teaches", "target": "skill:empathy", "weight": 0.5},
    {"source": "skill:empathy", "kind": "supports", "target": "goal:retain", "weight": 0.8},
    {"source": "course:empathy", "kind": "supports", "target": "goal:cost", "weight": 0.4},
    {"source": "lms:main", "kind": "delivers", "target": "course:empathy"},
    {"source": "vc:main", "kind": "delivers", "target": "webinar:empathy", "weight": 0.5},
    {"source": "vendor:studio", "kind": "provides", "target": "course:empathy", "alternatives": "production"},
    {"source": "vendor:agency", "kind": "provides", "target": "course:empathy", "alternatives": "production"},
    {"source": "vendor:studio", "kind": "provides", "target": "vc:main"}],
  "requirements": [
    {"role": "role:agent", "item": "skill:empathy"},
    {"role": "role:agent", "item": "course:empathy", "required": 0.5}]}');
CREATE TABLE public.staff (name text, job text);
INSERT INTO public.staff VALUES ('Ana', 'agent');
SELECT adopt_people('public.staff', person => 'name', roles => 'job');

-- what does a platform touch, and how strongly?
SELECT key, depth, strength, line FROM impact('lms:main');
-- what does a goal rest on?
SELECT key, kind, depth, strength FROM upstream('goal:retain') ORDER BY depth, key;
SELECT line FROM path('vendor:studio', 'goal:grow');
SELECT key, path FROM walk('vendor:studio, vendor:agency', element_kinds => '{course,webinar}');

-- what if?
SELECT goal, baseline, round(scenario::numeric, 4) AS scenario, round(impact::numeric, 4) AS impact FROM what_if('{"lms:main": 0.6}');
SELECT goal, baseline, round(scenario::numeric, 4) AS scenario, round(impact::numeric, 4) AS impact FROM what_if('{"course:empathy": 0}');
SELECT rank, key, round(importance::numeric, 4) AS importance, items_lost FROM importance() WHERE importance > 0;

-- what needs attention?
SELECT rank, finding, round(at_risk::numeric, 4) AS at_risk, key, reason, more FROM attention;
UPDATE elements SET available = 0.9 WHERE key = 'course:empathy';
SELECT round(gap::numeric, 4) AS gap, goal, item, reason FROM gaps;

-- errors say what to do
SELECT * FROM walk('lms:mian');
SELECT * FROM walk('lms:main', 'left');
SELECT * FROM walk('lms:main', relation_kinds => '{teach}');
SELECT * FROM what_if('{"lms": 0}');
SELECT * FROM what_if('{"lms:main": 60}');
SELECT * FROM what_if('[0]');
SELECT relate('course:empathy', 'contributes_to', 'goal:cost');
SELECT relate('goal:retain', 'contributes_to', 'goal:cost');
SELECT relate('goal:grow', 'contributes_to', 'goal:cost');
SELECT * FROM import_model('{"elements": [{"key": "x", "kind": "cuorse"}], "relations": [{"source": "x", "kind": "teaches", "target": "y", "weight": 2}]}');
SELECT * FROM ecosys.graph_walk('public', '{1}');
DROP SCHEMA learning CASCADE;
DROP TABLE public.staff;
