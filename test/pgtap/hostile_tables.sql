-- Anybody may hand tables of their own to the functions of the engine: columns of
-- other types, NULL where an ecosystem has none, tables of another kind. That is
-- an error, and never read as something that it is not.
BEGIN;
SELECT plan(14);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');

-- the road through indexes, on rows without id or content
CREATE SCHEMA nothing;
CREATE TABLE nothing.statements (LIKE learning.statements INCLUDING ALL);
CREATE TABLE nothing.voidings (LIKE learning.voidings INCLUDING ALL);
CREATE TABLE nothing.settled_activity_sets (LIKE learning.settled_activity_sets INCLUDING ALL);
CREATE TABLE nothing.settled_actor_sets (LIKE learning.settled_actor_sets INCLUDING ALL);
CREATE TABLE nothing.names_in_flight (LIKE learning.names_in_flight INCLUDING ALL);
ALTER TABLE nothing.statements DROP CONSTRAINT statements_pkey, ALTER id DROP NOT NULL, ALTER statement DROP NOT NULL;
CREATE INDEX ON nothing.statements (id);
CREATE FUNCTION pg_temp.query(statements regclass) RETURNS SETOF record LANGUAGE sql AS
    'SELECT * FROM ecosys.query_statements($1, NULL, NULL, NULL, NULL, false, false, NULL, NULL, 10, false, NULL, NULL, NULL, NULL)';
INSERT INTO nothing.statements (id, stored, "timestamp", actor, verb, object)
VALUES ('12345678-1234-4234-8234-123456789012', now() - interval '1 hour', now(), 1, 2, 3);
SELECT throws_ok($$SELECT pg_temp.query('nothing.statements')$$, '23502', NULL, 'query_statements: no content');
SELECT throws_ok($$SELECT ecosys.stored_statement('nothing.statements', '12345678-1234-4234-8234-123456789012', false, NULL, NULL)$$,
                 '23502', NULL, 'stored_statement: no content');
UPDATE nothing.statements SET id = NULL;
SELECT throws_ok($$SELECT pg_temp.query('nothing.statements')$$, '23502', NULL, 'query_statements: no id');

-- the road through SQL
CREATE SCHEMA other;
CREATE TABLE other.statements (id uuid, verb bigint, stored timestamptz, statement integer);
CREATE TABLE other.voidings (voided uuid);
INSERT INTO other.statements VALUES ('12345678-1234-4234-8234-123456789012', 1, now() - interval '1 hour', 5);
CREATE FUNCTION other.matching_statements(bigint, bigint, bigint, uuid, boolean, boolean, timestamptz, timestamptz, timestamptz, uuid, integer, boolean, bigint)
    RETURNS TABLE (id integer, stored integer, statement integer) LANGUAGE sql AS 'SELECT 1, 2, 3';
SELECT throws_ok($$SELECT pg_temp.query('other.statements')$$, '42804', NULL, 'query_statements: rows of other types');
SELECT throws_ok($$SELECT ecosys.stored_statement('other.statements', '12345678-1234-4234-8234-123456789012', false, NULL, NULL)$$,
                 '42804', NULL, 'stored_statement: a statement of another type');

-- the change feed, in SQL and by ranges of blocks
SELECT throws_ok($$SELECT * FROM ecosys.changes('other')$$, '42804', NULL, 'changes in SQL: a statement of another type');
CREATE INDEX ON other.statements USING brin (stored);
SELECT throws_ok($$SELECT * FROM ecosys.changes('other')$$, '42804', NULL, 'changes by ranges: a statement of another type');
DROP INDEX other.statements_stored_idx;
ALTER TABLE other.statements ALTER statement TYPE ecosys.statement USING NULL;
SELECT throws_ok($$SELECT * FROM ecosys.changes('other')$$, '23502', NULL, 'changes: no content');

-- names
CREATE SCHEMA names;
CREATE TABLE names.statements (id uuid PRIMARY KEY, statement ecosys.statement);
CREATE TRIGGER a_fill BEFORE INSERT ON names.statements FOR EACH ROW EXECUTE FUNCTION ecosys.statements_fill();
CREATE TRIGGER b_keep AFTER INSERT ON names.statements FOR EACH STATEMENT EXECUTE FUNCTION ecosys.statements_keep();
CREATE TABLE names.settled_verbs (LIKE learning.settled_verbs INCLUDING ALL);
CREATE TABLE names.settled_activities (LIKE learning.settled_activities INCLUDING ALL);
CREATE TABLE names.settled_activity_sets (LIKE learning.settled_activity_sets INCLUDING ALL);
CREATE TABLE names.settled_actor_sets (LIKE learning.settled_actor_sets INCLUDING ALL);
CREATE TABLE names.names_in_flight (LIKE learning.names_in_flight INCLUDING ALL);
CREATE TABLE names.settled_actors (key bigint PRIMARY KEY, actor integer, name text, is_group boolean);
CREATE FUNCTION pg_temp.store() RETURNS void LANGUAGE sql AS $$
    INSERT INTO names.statements (statement) VALUES ('{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}')
$$;
SELECT throws_ok('SELECT pg_temp.store()', '42703', NULL, 'actors of another type');
DROP TABLE names.settled_actors;
CREATE TABLE names.settled_actors (LIKE learning.settled_actors INCLUDING ALL) PARTITION BY HASH (key);
CREATE TABLE names.part PARTITION OF names.settled_actors FOR VALUES WITH (MODULUS 1, REMAINDER 0);
SELECT throws_ok('SELECT pg_temp.store()', '42809', NULL, 'actors in partitions');
DROP TABLE names.settled_actors;
CREATE TABLE names.settled_actors (LIKE learning.settled_actors INCLUDING ALL);
ALTER TABLE names.names_in_flight ALTER dictionary DROP NOT NULL;
INSERT INTO names.names_in_flight (dictionary, key) VALUES (NULL, 1), ('actors', 2);
SELECT lives_ok('SELECT pg_temp.store()', 'names in flight that nobody wrote are passed over');
SELECT is((SELECT count(*) FROM names.settled_actors), 1::bigint, 'and ours are written');
DROP TABLE names.names_in_flight;
CREATE VIEW names.names_in_flight AS SELECT * FROM learning.names_in_flight;
DELETE FROM names.settled_actors;
SELECT throws_ok('SELECT pg_temp.store()', '42809', NULL, 'a view for names in flight');
SELECT throws_ok($$SELECT ecosys.settle_names('names')$$, '42809', NULL, 'settle_names likewise');

SELECT * FROM finish();
ROLLBACK;
