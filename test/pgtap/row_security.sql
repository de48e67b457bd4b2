-- What row security hides from a role, no walk, score or view shows it.
BEGIN;
SELECT plan(9);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');
INSERT INTO learning.elements (key, kind, name, activity) VALUES ('goal:a', 'goal', 'A', NULL), ('goal:canary', 'goal', 'canary', NULL), ('competency:c', 'competency', 'C', NULL),
    ('course:d', 'course', 'D', 'https://example.com/d'), ('course:canary', 'course', 'canary', 'https://example.com/canary'), ('lms:e', 'lms', 'E', NULL);
INSERT INTO learning.relations (source, kind, target)
SELECT s.id, r.k, t.id
  FROM (VALUES ('course:d', 'teaches', 'competency:c'), ('course:canary', 'teaches', 'competency:c'), ('competency:c', 'supports', 'goal:a'), ('competency:c', 'supports', 'goal:canary'),
               ('lms:e', 'delivers', 'course:d'), ('lms:e', 'delivers', 'course:canary')) r (s, k, t)
  JOIN learning.elements s ON s.key = r.s JOIN learning.elements t ON t.key = r.t;
INSERT INTO learning.requirements (item) SELECT id FROM learning.elements WHERE key = 'competency:c';
UPDATE learning.settings SET half_life = NULL;
CREATE TABLE hr (person text, email text);
INSERT INTO hr VALUES ('p', 'a@example.com'), ('canary', 'canary@example.com');
SELECT learning.adopt_people('hr', 'person', email => 'email');
SELECT count(*) FROM learning.record(
    '[{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "https://example.com/d"}, "result": {"score": {"scaled": 0.5}}, "timestamp": "2024-01-01T00:00:00Z"},
      {"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "https://example.com/canary"}, "result": {"score": {"scaled": 1}}, "timestamp": "2024-01-01T00:00:00Z"},
      {"actor": {"mbox": "mailto:canary@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "https://example.com/d"}, "result": {"score": {"scaled": 1}}, "timestamp": "2024-01-01T00:00:00Z"}]');
CREATE ROLE row_security_reader;
SELECT learning.grant_access('row_security_reader', 'read');
GRANT SELECT ON hr TO row_security_reader;

CREATE FUNCTION answers() RETURNS TABLE (call text, answer text) LANGUAGE plpgsql AS $$
BEGIN
    FOR call IN
        SELECT c FROM unnest(ARRAY['walk(''lms:e'')', 'walk(''lms:e'', ''both'')', 'upstream(''goal:a'')', 'downstream(''lms:e'')', 'impact(''lms:e'')', 'path(''lms:e'', ''goal:a'')',
            'attainments()', 'obligations()', 'alignment_rows()', 'alignment()', 'alignment(''{goal,person}'')', 'explain(''goal:a'')', 'explain(''goal:a'', ''p'')', 'what_if(''{"lms:e": 0}'')',
            'importance()', 'findings()', 'unreachable()', 'value_at_risk()', 'export_model()']) c
        UNION ALL
        SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'learning'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('SELECT string_agg(x::text, E''\n'') FROM learning.%s x', call) INTO answer;
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT cmp_ok((SELECT count(*) FROM answers() WHERE answer LIKE '%canary%'), '>', 10::bigint, 'without policies the canary is in many answers');
SELECT is((SELECT score FROM learning.alignment('{goal,person}') WHERE goal = 'goal:a' AND person = 'p'), 1::float8, 'and the best evidence counts');

ALTER TABLE learning.elements ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON learning.elements FOR SELECT TO row_security_reader USING (key NOT LIKE '%canary');
ALTER TABLE learning.statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON learning.statements FOR SELECT TO row_security_reader USING (statement::text NOT LIKE '%canary%');
ALTER TABLE learning.settled_activities ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON learning.settled_activities FOR SELECT TO row_security_reader USING (iri NOT LIKE '%canary%');
ALTER TABLE learning.settled_actors ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON learning.settled_actors FOR SELECT TO row_security_reader USING (ecosys.ifi(actor) NOT LIKE '%canary%');
ALTER TABLE hr ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON hr FOR SELECT TO row_security_reader USING (person <> 'canary');
SET ROLE row_security_reader;
SELECT is_empty($$ SELECT call FROM answers() WHERE answer LIKE '%canary%' $$, 'with policies it is in none');
SELECT is((SELECT score FROM learning.alignment('{goal,person}') WHERE goal = 'goal:a' AND person = 'p'), 0.5::float8, 'hidden evidence does not count');
SELECT is((SELECT count(*) FROM ecosys.graph_closure('learning') c, unnest(c.path) p (id) WHERE p.id NOT IN (SELECT id FROM learning.elements))::int, 0, 'no path leads over what is hidden');
SELECT throws_ok('SELECT * FROM learning.walk(''goal:canary'')', '22023', 'unknown element: "goal:canary"', 'a hidden element is unknown');
-- the plan of one role is not kept for another
RESET ROLE;
PREPARE scores AS SELECT score FROM learning.alignment('{goal,person}') WHERE goal = 'goal:a' AND person = 'p';
SELECT results_eq('scores', ARRAY[1::float8], 'the owner sees all');
SET ROLE row_security_reader;
SELECT results_eq('scores', ARRAY[0.5::float8], 'the reader with the same prepared statement does not');
RESET ROLE;
SELECT results_eq('scores', ARRAY[1::float8], 'and the owner again');
SELECT * FROM finish();
ROLLBACK;
