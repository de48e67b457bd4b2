-- The view intake: lines, bytes, where they come from, and the counts.
BEGIN;
SELECT plan(17);
SELECT ecosys.create_ecosystem('learning');

-- What a command on intake has added to the counts of the session.
CREATE FUNCTION pg_temp.counts(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    a record;
    b record;
BEGIN
    SELECT * INTO a FROM ecosys.intake_counts();
    EXECUTE command;
    SELECT * INTO b FROM ecosys.intake_counts();
    RETURN format('%s stored, %s known, %s rejected', b.stored - a.stored, b.known - a.known, b.rejected - a.rejected);
END
$$;
CREATE FUNCTION pg_temp.line(id integer, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT format('{"id": "60000000-0000-4000-8000-%s", "actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/x"}%s}',
                  lpad(id::text, 12, '0'), more)
$$;

SELECT is(pg_temp.counts($$INSERT INTO learning.intake (line) SELECT pg_temp.line(i) FROM generate_series(1, 3) i$$), '3 stored, 0 known, 0 rejected', 'good lines');
SELECT is(pg_temp.counts($$INSERT INTO learning.intake (line) SELECT pg_temp.line(i) FROM generate_series(3, 4) i$$), '1 stored, 1 known, 0 rejected', 'one that is there already');
SELECT is(pg_temp.counts($$INSERT INTO learning.intake (line) VALUES (NULL), (''), ('{}'), (pg_temp.line(1, ', "result": {"success": true}'))$$), '0 stored, 0 known, 2 rejected', 'a bad one, a conflict, and two that are nothing');
SELECT results_eq('SELECT sqlstate, source, line_number FROM learning.rejects ORDER BY id', $$VALUES ('22023', NULL::text, NULL::bigint), ('23505', NULL, NULL)$$, 'rejects without an origin');

SELECT is(pg_temp.counts($$INSERT INTO learning.intake (bytes, source, line_number) VALUES (convert_to(pg_temp.line(5), 'UTF8'), 'a', 1)$$), '1 stored, 0 known, 0 rejected', 'bytes that are a statement');
SELECT is((SELECT statement::jsonb - 'stored' - 'timestamp' FROM learning.statements WHERE id = '60000000-0000-4000-8000-000000000005'), pg_temp.line(5)::jsonb, 'as it came');
SELECT is(pg_temp.counts($$INSERT INTO learning.intake (line, bytes) VALUES (pg_temp.line(6), '\xff')$$), '1 stored, 0 known, 0 rejected', 'bytes do not count where there is a line');
DELETE FROM learning.rejects;
SELECT is(pg_temp.counts($$INSERT INTO learning.intake (bytes, source, line_number) VALUES ('\xff', 'march.jsonl', 7), (convert_to('{"actor": {"name": "é', 'UTF8') || '\x00c3'::bytea, 'march.jsonl', 8)$$), '0 stored, 0 known, 2 rejected', 'bytes that are no text');
SELECT results_eq('SELECT line, sqlstate, pointer, rule, source, line_number FROM learning.rejects ORDER BY id',
    $$VALUES ('\xff', '22021', '', 'json.encoding', 'march.jsonl', 7::bigint), ('{"actor": {"name": "é\x00\xc3', '22021', '/actor/name', 'json.encoding', 'march.jsonl', 8)$$,
    'are readable in rejects, with their origin');
SELECT is(pg_temp.counts($$INSERT INTO learning.intake (bytes) VALUES (''), (NULL)$$), '0 stored, 0 known, 0 rejected', 'no bytes are nothing');

-- counts go on within a transaction that fails: they are of the session
SELECT is(pg_temp.counts($$DO $do$ BEGIN INSERT INTO learning.intake (line) VALUES (pg_temp.line(9)); RAISE 'undone'; EXCEPTION WHEN raise_exception THEN NULL; END $do$ $$), '1 stored, 0 known, 0 rejected', 'rolled back or not');
SELECT is((SELECT count(*) FROM learning.statements WHERE id = '60000000-0000-4000-8000-000000000009'), 0::bigint, 'though it is not there');

-- another view may have the line alone, or columns of other types, which is an error
CREATE SCHEMA elsewhere;
CREATE VIEW elsewhere.intake AS SELECT NULL::text AS line, NULL::text AS bytes WHERE false;
CREATE TRIGGER a_take INSTEAD OF INSERT ON elsewhere.intake FOR EACH ROW EXECUTE FUNCTION ecosys.intake_line();
SELECT throws_ok($$INSERT INTO elsewhere.intake VALUES ('{}', 'x')$$, '42804', NULL, 'a column of another type');
CREATE VIEW learning.short_intake AS SELECT NULL::text AS line WHERE false;
CREATE TRIGGER a_take INSTEAD OF INSERT ON learning.short_intake FOR EACH ROW EXECUTE FUNCTION ecosys.intake_line();
CREATE TRIGGER b_keep AFTER INSERT ON learning.short_intake FOR EACH STATEMENT EXECUTE FUNCTION ecosys.intake_end();
SELECT is(pg_temp.counts($$INSERT INTO learning.short_intake VALUES (pg_temp.line(10)), ('{}')$$), '1 stored, 0 known, 1 rejected', 'a view of lines alone');

-- positions of files and outboxes are the writer's and the owner's
CREATE ROLE intake_writer;
SELECT learning.grant_access('intake_writer', 'write');
SELECT ok(has_table_privilege('intake_writer', 'learning.loads', 'SELECT') AND has_table_privilege('intake_writer', 'learning.loads', 'INSERT')
    AND has_table_privilege('intake_writer', 'learning.loads', 'UPDATE'), 'a writer keeps positions');
SELECT ok(NOT has_table_privilege('intake_writer', 'learning.loads', 'DELETE') AND NOT has_table_privilege('intake_writer', 'learning.rejects', 'SELECT'), 'and no more');
SELECT throws_ok($$INSERT INTO learning.loads (source, fingerprint, position, line, within_array, stored, known, rejected) VALUES ('x', '', -1, 1, false, 0, 0, 0)$$, '23514', NULL, 'no position before the beginning');

SELECT * FROM finish();
ROLLBACK;
