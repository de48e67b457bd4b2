-- The change feed: pages in order, nothing twice, nothing missed, on both roads,
-- whatever order the table is in.
SELECT plan(21);
SET client_min_messages = warning;
SET timezone = 'UTC';
SELECT ecosys.create_ecosystem('learning');

CREATE FUNCTION pg_temp.st(i int) RETURNS ecosys.statement LANGUAGE sql AS $$
    SELECT format('{"id": "%s", "actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/o%s"}}',
                  md5('statement ' || i)::uuid, i % 50, i % 20)::ecosys.statement
$$;
BEGIN;
INSERT INTO learning.statements (statement) SELECT pg_temp.st(i) FROM generate_series(1, 3) i;
SELECT is((SELECT count(*) FROM learning.changes()), 0::bigint, 'what is not committed is in no feed, not even in one''s own');
SELECT ok(learning.consistent_through() < (SELECT min(stored) FROM learning.statements), 'as the time up to which all is told says');
SELECT throws_ok($$SELECT * FROM learning.changes('nonsense')$$, '22023', 'not a position in the statements', 'not a position');
SELECT throws_ok($$SELECT * FROM learning.changes(NULL, 0)$$, '22023', NULL, 'no rows is no wish');
SELECT throws_ok($$SELECT * FROM learning.changes(NULL, -1)$$, '22023', NULL, 'nor fewer');
COMMIT;
SELECT is((SELECT count(*) FROM learning.changes()), 3::bigint, 'then it is');
DELETE FROM learning.statements;

-- Walk the whole feed by pages of some size; how many rows, and whether they are those of the table, in order.
CREATE FUNCTION pg_temp.walk(size int) RETURNS TABLE (n bigint, in_order boolean, complete boolean) LANGUAGE plpgsql AS $$
DECLARE
    place text;
    next text;
    got uuid[] := '{}';
    page uuid[];
BEGIN
    LOOP
        SELECT array_agg(c.id ORDER BY o), (array_agg(c.position ORDER BY o DESC))[1] INTO page, next
          FROM learning.changes(place, size) WITH ORDINALITY c (position, id, stored, statement, o);
        EXIT WHEN page IS NULL;
        got := got || page;
        place := next;
    END LOOP;
    RETURN QUERY SELECT cardinality(got)::bigint, got = array_agg(s.id ORDER BY s.stored, s.id), cardinality(got) = count(*)
                   FROM learning.statements s;
END $$;
SELECT is((SELECT count(*) FROM learning.changes()), 0::bigint, 'an empty feed');
INSERT INTO learning.statements (statement) SELECT pg_temp.st(i) FROM generate_series(1, 5000) i;
SELECT results_eq('SELECT * FROM pg_temp.walk(1000)', 'VALUES (5000::bigint, true, true)', 'all, in order, by pages');
SELECT learning.maintain();
SELECT is(brin_summarize_new_values('learning.statements_stored_idx'), 0, 'maintain() leaves no range of blocks unknown');
SELECT results_eq('SELECT * FROM pg_temp.walk(333)', 'VALUES (5000::bigint, true, true)', 'with an index that knows');
INSERT INTO learning.statements (statement) SELECT pg_temp.st(i) FROM generate_series(5001, 12000) i;
SELECT results_eq('SELECT * FROM pg_temp.walk(500)', 'VALUES (12000::bigint, true, true)', 'with an index that knows some');
-- old rows go, and new ones take their space: the table is in no order any more
DELETE FROM learning.statements WHERE stored < (SELECT stored FROM learning.statements ORDER BY stored OFFSET 6000 LIMIT 1) AND id::text > '4';
VACUUM learning.statements;
INSERT INTO learning.statements (statement) SELECT pg_temp.st(i) FROM generate_series(20001, 26000) i;
SELECT ok((SELECT (array_agg(id ORDER BY ctid))[1:3000] <> (array_agg(id ORDER BY stored))[1:3000] FROM learning.statements), 'the table is not in the order of storing');
SELECT results_eq('SELECT in_order, complete FROM pg_temp.walk(500)', 'VALUES (true, true)', 'the feed is');
CREATE TEMP TABLE places AS SELECT position, row_number() OVER () AS n FROM learning.changes(NULL, 100000);
CREATE TEMP TABLE by_ranges AS
SELECT p.n, c.position, c.id, c.stored FROM places p CROSS JOIN LATERAL learning.changes(p.position, 7) c WHERE p.n % 97 = 1;
SELECT results_eq('SELECT count(*) > 500, count(DISTINCT n) > 80 FROM by_ranges', 'VALUES (true, true)', 'pages from many positions');
GRANT SELECT ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC;
CREATE ROLE record_changes_reader;
SELECT learning.grant_access('record_changes_reader', 'read');
ALTER TABLE learning.statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON learning.statements FOR SELECT TO record_changes_reader USING (true);
SET ROLE record_changes_reader;
SELECT bag_eq('SELECT p.n, c.position, c.id, c.stored FROM places p CROSS JOIN LATERAL learning.changes(p.position, 7) c WHERE p.n % 97 = 1',
              'SELECT * FROM by_ranges', 'the road under row security tells the same');
RESET ROLE;
ALTER POLICY all_rows ON learning.statements USING (id::text < '2');
SET ROLE record_changes_reader;
SELECT results_eq('SELECT count(*), bool_and(id::text < ''2'') FROM learning.changes(NULL, 100000)', 'SELECT count(*), true FROM learning.statements', 'and only what may be seen');
RESET ROLE;
ALTER TABLE learning.statements DISABLE ROW LEVEL SECURITY;
CREATE ROLE record_changes_nobody;
GRANT USAGE ON SCHEMA learning TO record_changes_nobody;
SET ROLE record_changes_nobody;
SELECT throws_ok('SELECT * FROM learning.changes()', '42501', NULL, 'a feed needs SELECT on statements');
SELECT ok(learning.consistent_through() IS NOT NULL, 'consistent_through() needs nothing');
RESET ROLE;

-- the order within a batch, whatever its ids
SELECT count(*) FROM learning.record((SELECT json_agg(pg_temp.st(i)::json ORDER BY i) FROM generate_series(30001, 30200) i));
SELECT results_eq('SELECT id FROM learning.changes((SELECT max(position) FROM places), 1000)', $$SELECT md5('statement ' || i)::uuid FROM generate_series(30001, 30200) i$$, 'a batch is stored in its order');
SELECT is((SELECT array_agg(ecosys.stored(statement) = stored) FROM learning.changes((SELECT max(position) FROM places), 2)), ARRAY[true, true], 'the statement says so too');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT throws_ok('SELECT learning.consistent_through()', '0A000', NULL, 'a snapshot that is older than the call cannot be told');
COMMIT;
SELECT * FROM finish();
DROP SCHEMA learning CASCADE;
DROP OWNED BY record_changes_reader, record_changes_nobody;
DROP ROLE record_changes_reader, record_changes_nobody;
