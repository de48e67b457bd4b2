-- One session, several ecosystems and several names: what is noted is written, and a conflict is where it happened.
BEGIN;
SELECT plan(8);
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
SELECT * FROM finish();
ROLLBACK;
