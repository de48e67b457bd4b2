-- One session, several ecosystems and several names: what is noted is written, and a conflict is where it happened.
BEGIN;
SELECT plan(13);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning'), ecosys.create_ecosystem('other');
CREATE FUNCTION st(n int, name text, object text DEFAULT 'o') RETURNS ecosys.statement LANGUAGE sql AS $$
    SELECT format('{"id": "00000000-0000-4000-8000-%s", "actor": {"mbox": "mailto:p%s@example.com", "name": "%s"}, "verb": {"id": "http://v"}, "object": {"id": "http://o/%s"}}',
                  lpad(n::text, 12, '0'), n % 10, name, object)::ecosys.statement
$$;
INSERT INTO learning.statements (statement) VALUES (st(1, 'A'));
INSERT INTO learning.statements (statement) VALUES (st(11, 'B'));
INSERT INTO learning.statements (statement) VALUES (st(21, 'A'));
SELECT is((SELECT name FROM learning.actors), 'A', 'an actor has the name last seen, also one it had before');

-- a trigger of the owner's that stores elsewhere, in a subtransaction of its own
CREATE FUNCTION mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        INSERT INTO other.statements (statement) VALUES (NEW.statement);
    EXCEPTION WHEN division_by_zero THEN
        NULL;
    END;
    RETURN NEW;
END
$$;
CREATE TRIGGER z_mirror BEFORE INSERT ON learning.statements FOR EACH ROW EXECUTE FUNCTION mirror();
INSERT INTO learning.statements (statement) SELECT st(n, 'C') FROM generate_series(102, 105) n;
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())::int, 0, 'no turn is held after the INSERT');
SAVEPOINT before;
INSERT INTO learning.intake (line) SELECT st(n, 'D', n::text)::text FROM generate_series(206, 209) n;
SELECT is_empty('SELECT id FROM learning.statements s WHERE NOT EXISTS (SELECT FROM learning.actors a WHERE a.key = s.actor)', 'all actors are kept');
SELECT is_empty('SELECT id FROM other.statements s WHERE NOT EXISTS (SELECT FROM other.actors a WHERE a.key = s.actor)', 'also those of the other ecosystem');
SELECT is_empty('SELECT id FROM other.statements s WHERE NOT EXISTS (SELECT FROM other.activities a WHERE a.key = s.object)', 'and its activities');
INSERT INTO other.statements (statement) VALUES (st(301, 'E', 'elsewhere'));
SELECT throws_ok($$ INSERT INTO learning.intake (line) VALUES (st(301, 'E', 'here')::text) $$, '23505', NULL, 'a conflict in the other ecosystem is no reject of this one');
DROP TRIGGER z_mirror ON learning.statements;
INSERT INTO learning.intake (line) VALUES (st(1, 'A', 'different')::text), (st(302, 'F')::text);
SELECT results_eq('SELECT sqlstate FROM learning.rejects', ARRAY['23505'], 'one in this one is');
SELECT is((SELECT count(*) FROM learning.statements WHERE id = ecosys.id(st(302, 'F')))::int, 1, 'and the next line is stored');
-- a trigger that stores in the same ecosystem, in a subtransaction that is rolled back
SET client_min_messages = error;
SELECT ecosys.create_ecosystem('nest');
CREATE FUNCTION try_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        INSERT INTO nest.statements (statement) SELECT st(n, 'Inner', 'inner') FROM generate_series(501, 502) n;
        RAISE division_by_zero;
    END IF;
    RETURN NEW;
EXCEPTION WHEN division_by_zero THEN
    RETURN NEW;
END
$$;
CREATE TRIGGER z_try_more BEFORE INSERT ON nest.statements FOR EACH ROW EXECUTE FUNCTION try_more();
INSERT INTO nest.statements (statement) SELECT st(n, 'Outer') FROM generate_series(503, 504) n;
SELECT results_eq('SELECT name FROM nest.actors ORDER BY key', ARRAY['Outer', 'Outer'], 'names outlive a subtransaction of a trigger that is rolled back');
SELECT results_eq('SELECT iri FROM nest.activities', ARRAY['http://o/o'], 'and its names do not');
DROP TRIGGER z_try_more ON nest.statements;

-- a trigger that stores before the row that voids is there, here and elsewhere
CREATE FUNCTION void(n int) RETURNS ecosys.statement LANGUAGE sql AS $$
    SELECT format('{"id": "00000000-0000-4000-8000-%s", "actor": {"mbox": "mailto:p@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-%s"}}',
                  lpad((1000 + n)::text, 12, '0'), lpad(n::text, 12, '0'))::ecosys.statement
$$;
CREATE FUNCTION copy_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 THEN
        EXECUTE format('INSERT INTO %I.statements (statement) VALUES (st(%s, ''G''))', TG_ARGV[0], right(NEW.id::text, 6)::int + 5000);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER z_copy BEFORE INSERT ON nest.statements FOR EACH ROW EXECUTE FUNCTION copy_first('nest');
INSERT INTO nest.statements (statement) VALUES (void(503));
SELECT is((SELECT count(*) FROM nest.voidings)::int, 1, 'voided, whatever the trigger stores before');
DROP TRIGGER z_copy ON nest.statements;
CREATE TRIGGER z_copy BEFORE INSERT ON nest.statements FOR EACH ROW EXECUTE FUNCTION copy_first('other');
INSERT INTO nest.statements (statement) VALUES (void(504)), (void(505));
SELECT is((SELECT count(*) FROM nest.voidings)::int, 3, 'likewise if it stores elsewhere');
DROP TRIGGER z_copy ON nest.statements;

-- what a trigger leaves out voids nothing, also if another statement gets its id then
CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER z_leave_out BEFORE INSERT ON nest.statements FOR EACH ROW EXECUTE FUNCTION leave_out();
INSERT INTO nest.statements (statement) VALUES (void(506));
DROP TRIGGER z_leave_out ON nest.statements;
INSERT INTO nest.statements (statement) VALUES (st(1506, 'H'));
SELECT is((SELECT count(*) FROM nest.voidings)::int, 3, 'what a trigger left out voids nothing');
SELECT * FROM finish();
ROLLBACK;
