-- An ecosystem whose statements are partitioned by hash of the id: by record(), or
-- with the id beside the statement, everything goes on as in one table.
BEGIN;
SELECT plan(15);
SET client_min_messages = warning;
CREATE SCHEMA learning;
DO $$
DECLARE
    script text := replace(replace(ecosys.ecosystem_script(), '@ecosystem_literal@', quote_literal('learning')), '@ecosystem@', 'learning');
    made text := regexp_replace(script, '(CREATE TABLE learning\.statements \(.*?\n\));',
                                '\1 PARTITION BY HASH (id); CREATE TABLE learning.statements_0 PARTITION OF learning.statements FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE learning.statements_1 PARTITION OF learning.statements FOR VALUES WITH (MODULUS 2, REMAINDER 1);');
BEGIN
    ASSERT made <> script;
    EXECUTE made;
END $$;
CREATE FUNCTION pg_temp.st(i int, verb text DEFAULT 'did') RETURNS json LANGUAGE sql AS $$
    SELECT format('{"id": "%s", "actor": {"mbox": "mailto:p%s@example.com"}, "verb": {"id": "http://example.com/%s"}, "object": {"id": "http://example.com/o"}}', md5(i::text)::uuid, i % 5, verb)::json
$$;
CREATE TEMP TABLE given AS SELECT i, md5(i::text)::uuid AS id FROM generate_series(1, 100) i;
SELECT is((SELECT count(*) FROM learning.record((SELECT json_agg(pg_temp.st(i) ORDER BY i) FROM given))), 100::bigint, 'a batch');
SELECT ok((SELECT count(*) > 20 FROM learning.statements_0) AND (SELECT count(*) > 20 FROM learning.statements_1), 'goes into both partitions');
SELECT results_eq('SELECT id FROM learning.statements ORDER BY stored', 'SELECT id FROM given ORDER BY i', 'in its order');
SELECT is((SELECT count(*) FROM learning.actors), 5::bigint, 'names are kept');
SELECT is((SELECT count(*) FROM learning.record('{"actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/o"}}')), 1::bigint, 'one without an id');
SELECT is((SELECT count(*) FROM learning.record(pg_temp.st(7))), 1::bigint, 'the same again is accepted');
SELECT throws_ok('SELECT learning.record(pg_temp.st(7, ''undid''))', '23505', NULL, 'another one with its id is refused');
INSERT INTO learning.statements (id, statement) SELECT ecosys.id(s), s FROM (SELECT pg_temp.st(i)::text::ecosys.statement FROM generate_series(90, 120) i) n (s);
SELECT is((SELECT count(*) FROM learning.statements), 121::bigint, 'an INSERT with the ids beside');
SELECT count(*) FROM learning.record(format('{"actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": "%s"}}', md5('7')::uuid)::json);
SELECT is((SELECT count(*) FROM learning.live_statements WHERE id = md5('7')::uuid), 0::bigint, 'void');
SELECT is((SELECT count(*) FROM learning.query_statements(verb => 'http://example.com/did', max_rows => 200)), 121::bigint, 'queries: all but the void one, and the one that refers to it');
SELECT lives_ok('SELECT learning.maintain()', 'maintenance');
SELECT is((SELECT sum(brin_summarize_new_values(i.indexrelid)) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' JOIN pg_am m ON m.oid = c.relam AND m.amname = 'brin'
            WHERE i.indrelid IN ('learning.statements_0'::regclass, 'learning.statements_1'::regclass)), 0::bigint, 'of all partitions');
SELECT throws_ok('INSERT INTO learning.statements (statement) SELECT pg_temp.st(i)::text::ecosys.statement FROM generate_series(201, 220) i', '0A000', NULL, 'without the ids it cannot be');

-- a session that has stored in the table knows of partitions when they take its place
SELECT ecosys.create_ecosystem('grown');
SELECT grown.record(pg_temp.st(1)), grown.record(json_build_array(pg_temp.st(2), pg_temp.st(3)));
ALTER TABLE grown.statements RENAME TO statements_before;
CREATE TABLE grown.statements (LIKE grown.statements_before) PARTITION BY HASH (id);
ALTER TABLE grown.statements ADD PRIMARY KEY (id);
CREATE TABLE grown.statements_0 PARTITION OF grown.statements FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE grown.statements_1 PARTITION OF grown.statements FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TRIGGER a_fill BEFORE INSERT ON grown.statements FOR EACH ROW EXECUTE FUNCTION ecosys.statements_fill();
CREATE TRIGGER b_keep AFTER INSERT ON grown.statements FOR EACH STATEMENT EXECUTE FUNCTION ecosys.statements_keep();
SELECT lives_ok('SELECT grown.record(pg_temp.st(4)), grown.record(pg_temp.st(14)), grown.record(pg_temp.st(24)), grown.record(pg_temp.st(34))', 'one statement, after the table was partitioned');
SELECT lives_ok('SELECT grown.record((SELECT json_agg(pg_temp.st(i)) FROM generate_series(50, 70) i))', 'and a batch');
SELECT * FROM finish();
ROLLBACK;
