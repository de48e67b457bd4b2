-- Long graph calls stop soon after they are told to.
BEGIN;
SELECT plan(2);
SELECT ecosys.create_ecosystem('learning');
SET search_path = learning, public;
INSERT INTO elements (key, kind, name) SELECT 'e:' || n, 'course', 'E' FROM generate_series(1, 2000) n;
INSERT INTO relations (source, kind, target, weight)
SELECT (s.id + t.n * 37) % 2000 + (SELECT min(id) FROM elements), 'teaches', s.id, 0.5 + t.n / 1000.0
  FROM elements s, generate_series(1, 100) t (n) ON CONFLICT DO NOTHING;
ANALYZE elements, relations;

-- milliseconds from the timeout to the end of the call; NULL where it was not cancelled
CREATE FUNCTION late(call text, timeout_ms int) RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE call;
    RETURN NULL;
EXCEPTION WHEN query_canceled THEN
    RETURN extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 - timeout_ms;
END
$$;
SET statement_timeout = 150;
SELECT late('SELECT count(*) FROM ecosys.graph_closure(''learning'')', 150) AS closure \gset
SELECT late('SELECT count(*) FROM generate_series(1, 1000) n, LATERAL ecosys.graph_walk(''learning'', ARRAY[(SELECT min(id) FROM learning.elements) + n]) w', 150) AS walks \gset
SET statement_timeout = 0;
-- 100 ms on an idle machine; tests share theirs
SELECT cmp_ok(nullif(:'closure', '')::float8, '<', 1000::float8, 'a closure stops');
SELECT cmp_ok(nullif(:'walks', '')::float8, '<', 1000::float8, 'walks stop');
SELECT diag('ms after the timeout: closure ' || :'closure' || ', walks ' || :'walks');
SELECT * FROM finish();
ROLLBACK;
