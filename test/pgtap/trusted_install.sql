-- A role that is no superuser installs, uses and removes everything; names may be odd; a squatted schema is refused.
BEGIN;
SELECT plan(14);
SET client_min_messages = warning;
DROP EXTENSION ecosys;
CREATE ROLE installer;
CREATE ROLE squatter;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO installer', current_database()); END $$;
DROP SCHEMA IF EXISTS ecosys;
CREATE SCHEMA ecosys AUTHORIZATION squatter;
SELECT throws_ok('CREATE EXTENSION ecosys', '42501', NULL, 'a schema that another role prepared is refused to a superuser');
SET ROLE installer;
SELECT throws_ok('CREATE EXTENSION ecosys', '42501', NULL, 'and to anybody else');
RESET ROLE;
DROP SCHEMA ecosys;
SET ROLE installer;
SELECT lives_ok('CREATE EXTENSION ecosys', 'a role that may create schemas installs it');
SELECT is(ecosys.create_ecosystem('Odd "one" é')::text, '"Odd ""one"" é"', 'and makes an ecosystem with an odd name');
UPDATE "Odd ""one"" é".settings SET half_life = NULL;
CREATE SCHEMA "h r";
CREATE TABLE "h r"."People ' t" (person text, email text, "the ""role" text, unit text, boss text);
INSERT INTO "h r"."People ' t" VALUES ('p', 'a@example.com', 'r', 'u', 'q'), ('q', NULL, NULL, 'u', NULL);
SET search_path = public;
SELECT lives_ok($test$ SELECT * FROM "Odd ""one"" é".import_model('{"elements": [{"key": "goal:a", "kind": "goal", "name": "A"},
    {"key": "course:d", "kind": "course", "name": "D", "activity": "https://example.com/d"}, {"key": "lms:e", "kind": "lms", "name": "E"}],
    "relations": [{"source": "course:d", "kind": "supports", "target": "goal:a"}], "requirements": [{"item": "course:d"}]}') $test$, 'a model');
SELECT lives_ok($$ SELECT "Odd ""one"" é".relate('lms:e', 'delivers', 'course:d') $$, 'a relation');
SELECT lives_ok($$ SELECT "Odd ""one"" é".adopt_people('"h r"."People '' t"', 'person', email => 'email', roles => 'the "role', manager => 'boss'),
    "Odd ""one"" é".adopt_org_units('"h r"."People '' t"', 'unit'), "Odd ""one"" é".adopt_history('"h r"."People '' t"', 'person', 'unit') $$, 'people');
SELECT lives_ok($$ SELECT * FROM "Odd ""one"" é".record('{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "https://example.com/d"}, "result": {"score": {"scaled": 0.5}}, "timestamp": "2024-01-01T00:00:00Z"}');
    INSERT INTO "Odd ""one"" é".intake (line) VALUES ('nonsense'), ('{"actor": {"mbox": "mailto:b@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "https://example.com/d"}}') $$, 'statements');
SELECT results_eq($$ SELECT person, score FROM "Odd ""one"" é".alignment('{person}') ORDER BY 1 $$, $$ VALUES ('p', 0.5::float8), ('q', 0) $$, 'scores');
SELECT is((SELECT line FROM "Odd ""one"" é".path('lms:e', 'goal:a')), 'lms:e -delivers→ course:d -supports→ goal:a', 'a walk');
CREATE FUNCTION "h r".broken() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    v text;
    more text;
BEGIN
    FOR v IN SELECT relname FROM pg_class WHERE relnamespace = '"Odd ""one"" é"'::regnamespace AND relkind = 'v' LOOP
        BEGIN
            EXECUTE format('SELECT count(x::text) FROM "Odd ""one"" é".%I x', v);
        EXCEPTION WHEN OTHERS THEN
            RETURN NEXT v || ': ' || SQLERRM;
        END;
    END LOOP;
    FOR more IN SELECT a.more FROM "Odd ""one"" é".attention a WHERE a.more IS NOT NULL LOOP
        EXECUTE more;
    END LOOP;
END
$$;
SELECT is_empty('SELECT "h r".broken()', 'all views answer, and the calls that they propose');
SELECT lives_ok($$ SELECT "Odd ""one"" é".explain('goal:a'), "Odd ""one"" é".export_model(), "Odd ""one"" é".importance(), "Odd ""one"" é".what_if('{"lms:e": 0}'), "Odd ""one"" é".findings() $$, 'explain, export, importance, what-if, findings');
DROP SCHEMA "Odd ""one"" é" CASCADE;
SELECT lives_ok('DROP EXTENSION ecosys; CREATE EXTENSION ecosys; SELECT ecosys.create_ecosystem(); DROP SCHEMA learning CASCADE; DROP EXTENSION ecosys', 'removes it, and again');
RESET ROLE;
SELECT is((SELECT count(*) FROM pg_proc WHERE probin LIKE '%ecosys%')::int, 0, 'and nothing is left');
SELECT * FROM finish();
ROLLBACK;
