-- Nothing of a caller's search path is run: operators and functions of a hostile
-- schema that comes first, and temporary tables named like ours.
BEGIN;
SELECT plan(7);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');
INSERT INTO learning.elements (key, kind, name, activity) VALUES ('goal:a', 'goal', 'A', NULL), ('competency:c', 'competency', 'C', NULL),
    ('course:d', 'course', 'D', 'https://example.com/d'), ('lms:e', 'lms', 'E', NULL);
INSERT INTO learning.relations (source, kind, target)
SELECT s.id, r.k, t.id FROM (VALUES ('course:d', 'teaches', 'competency:c'), ('competency:c', 'supports', 'goal:a'), ('lms:e', 'delivers', 'course:d')) r (s, k, t)
  JOIN learning.elements s ON s.key = r.s JOIN learning.elements t ON t.key = r.t;
INSERT INTO learning.requirements (item) SELECT id FROM learning.elements WHERE key = 'competency:c';
CREATE TABLE public.hr (person text, email text, unit text);
INSERT INTO public.hr VALUES ('p', 'a@example.com', 'u');
CREATE ROLE hostile_path_writer;
SELECT learning.grant_access('hostile_path_writer', 'write');

CREATE SCHEMA evil;
GRANT USAGE ON SCHEMA evil TO PUBLIC;
CREATE SEQUENCE evil.calls;
CREATE FUNCTION evil.call() RETURNS boolean LANGUAGE sql AS 'SELECT pg_catalog.nextval(''evil.calls'') OPERATOR(pg_catalog.>) 0';
GRANT ALL ON SEQUENCE evil.calls TO PUBLIC;
DO $$
DECLARE
    o record;
BEGIN
    FOR o IN SELECT oid, oprname, format_type(oprleft, NULL) AS l, format_type(oprright, NULL) AS r, format_type(oprresult, NULL) AS result
               FROM pg_operator
              WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprkind = 'b'
                AND oprleft IN (SELECT unnest(ARRAY['text', 'float8', 'int8', 'int4', 'date', 'bool', 'uuid', 'timestamptz', 'json', 'jsonb', 'oid', 'name', 'numeric']::regtype[]))
                AND oprright IN (SELECT unnest(ARRAY['text', 'float8', 'int8', 'int4', 'date', 'bool', 'uuid', 'timestamptz', 'json', 'jsonb', 'oid', 'name', 'numeric']::regtype[])) LOOP
        EXECUTE format('CREATE FUNCTION evil.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', 'op' || o.oid, o.l, o.r, o.result,
                       format('BEGIN PERFORM evil.call(); RETURN $1 OPERATOR(pg_catalog.%s) $2; END', o.oprname));
        EXECUTE format('CREATE OPERATOR evil.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = evil.%I)', o.oprname, o.l, o.r, 'op' || o.oid);
    END LOOP;
    FOR o IN SELECT f FROM unnest(ARRAY['replace(text, text, text)', 'left(text, int)', 'now()', 'length(text)', 'quote_ident(text)', 'quote_literal(text)', 'btrim(text)',
                                        'pg_typeof(anyelement)', 'format(text)', 'unnest(bigint[])', 'jsonb_typeof(jsonb)', 'round(numeric)', 'upper(text)']) f LOOP
        EXECUTE format('CREATE FUNCTION evil.%s RETURNS text LANGUAGE sql AS ''SELECT evil.call()::text''', o.f);
    END LOOP;
END
$$;
CREATE TEMP TABLE elements (id int);
CREATE TEMP TABLE actors (key int);
CREATE TEMP TABLE pg_namespace (nspname text);

CREATE TABLE public.trapped (part text, call text, trapped boolean);
-- Note whether the call ran anything of the schema evil.
CREATE PROCEDURE public.try_call(part text, call text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.setval('evil.calls', 1, false);
    EXECUTE call;
    INSERT INTO public.trapped SELECT part, call, is_called FROM evil.calls;
END
$$;
SET search_path = evil, public, pg_temp, pg_catalog;
CALL public.try_call('trap', 'SELECT 1 FROM (VALUES (''x''::text)) v (x) WHERE x = ''x''');
SELECT pg_catalog.setval('evil.calls', 1, false);
SET ROLE hostile_path_writer;
INSERT INTO learning.statements (statement) VALUES ('{"actor": {"mbox": "mailto:z@example.com", "name": "n"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided", "display": {"en": "x"}}, "object": {"objectType": "StatementRef", "id": "12345678-1234-4234-8234-123456789012"}}');
INSERT INTO learning.intake VALUES ('nonsense'), ('{"actor": {"mbox": "mailto:a@example.com", "name": "m"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": {"id": "https://example.com/d", "definition": {"name": {"en": "x"}}}, "context": {"contextActivities": {"other": [{"id": "http://p"}]}}}');
RESET ROLE;
INSERT INTO public.trapped SELECT 'writer', 'INSERT', is_called FROM evil.calls;
DO $$
DECLARE
    call text;
BEGIN
    CALL public.try_call('function', 'SELECT learning.adopt_people(''public.hr'', ''person'', email => ''email''), learning.adopt_org_units(''public.hr'', ''unit''), learning.adopt_history(''public.hr'', ''person'', ''unit'')');
    CALL public.try_call('function', 'SELECT ecosys.create_ecosystem(''other'')');
    FOREACH call IN ARRAY ARRAY[
        'walk(''lms:e'')', 'upstream(''goal:a'')', 'downstream(''lms:e'')', 'impact(''lms:e'')', 'path(''lms:e'', ''goal:a'')', 'attainments()', 'goal_ancestors()', 'priority_shares()',
        'obligations()', 'alignment_rows()', 'alignment()', 'alignment(''{goal,org_unit,person}'')', 'explain(''goal:a'')', 'explain(''goal:a'', ''p'')', 'obligation_totals()',
        'what_if(''{"lms:e": 0}'')', 'importance()', 'value_at_risk()', 'findings()', 'unreachable()', 'check_model(''{"elements": [{"key": "goal:a", "kind": "goal", "name": "A"}]}'')',
        'xapi_document(''PUT'', ''activities/state'', ''{"activityId": "http://a", "agent": "{\"mbox\": \"mailto:z@example.com\"}", "stateId": "s"}'', ''2.0.0'', ''{}'', ''x'')',
        'xapi_document(''GET'', ''activities/state'', ''{"activityId": "http://a", "agent": "{\"mbox\": \"mailto:z@example.com\"}"}'', ''2.0.0'', ''{}'', NULL)',
        'xapi_document(''DELETE'', ''activities/state'', ''{"activityId": "http://a", "agent": "{\"mbox\": \"mailto:z@example.com\"}"}'', ''2.0.0'', ''{}'', NULL)',
        'statements_of_request(''multipart/mixed; boundary=b'', pg_catalog.convert_to(E''--b\r\nContent-Type: application/json\r\n\r\n{"attachments": [{"sha2": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]}\r\n'
            '--b\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\r\n\r\na\r\n--b--'', ''UTF8''))',
        'multipart_response(''{"attachments": [{"sha2": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]}'')',
        'import_model(learning.export_model())', 'relate(''lms:e'', ''delivers'', ''course:d'')', 'record(''{"actor": {"mbox": "mailto:z@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'')',
        'add_credential(''hostile'', ''{all}'', secret => ''x'')', 'xapi(''GET'', ''/xapi/about'')',
        'xapi(''POST'', ''/xapi/statements'', '''', ''{"x-experience-api-version": "2.0.0", "content-type": "application/json", "authorization": "Basic aG9zdGlsZTp4"}'', ''{"actor": {"mbox": "mailto:z@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'')',
        'xapi(''GET'', ''/xapi/statements'', ''limit=1&attachments=true'', ''{"x-experience-api-version": "2.0.0", "authorization": "Basic aG9zdGlsZTp4"}'')',
        'xapi(''GET'', ''/xapi/activities'', ''activityId=http://o'', ''{"x-experience-api-version": "2.0.0", "authorization": "Basic aG9zdGlsZTp4"}'')',
        'xapi(''GET'', ''/xapi/statements'', ''limit=x'', ''{"x-experience-api-version": "2.0.0", "authorization": "Basic bm9ib2R5Ong="}'')',
        'revoke_credential(''hostile'')'] LOOP
        CALL public.try_call('function', pg_catalog.concat('SELECT pg_catalog.count(*) FROM learning.', call));
    END LOOP;
    FOR call IN SELECT v.relname FROM pg_catalog.pg_class v
                 WHERE v.relnamespace OPERATOR(pg_catalog.=) 'learning'::pg_catalog.regnamespace AND v.relkind OPERATOR(pg_catalog.=) 'v' LOOP
        CALL public.try_call('view', pg_catalog.concat('SELECT pg_catalog.count(pg_catalog.row_to_json(x)) FROM learning.', call, ' x'));
    END LOOP;
END
$$;
SET search_path = public;
SELECT ok(trapped, 'the trap works') FROM trapped WHERE part = 'trap';
SELECT ok(NOT trapped, 'a writer''s statements, rejects, voidings and dictionaries: nothing of the path ran') FROM trapped WHERE part = 'writer';
SELECT is((SELECT count(*) FROM learning.actors)::int, 3, 'dictionaries were written');
SELECT is((SELECT count(*) FROM learning.rejects)::int, 1, 'a reject was written');
SELECT is_empty($$ SELECT call FROM trapped WHERE part = 'function' AND trapped $$, 'functions: nothing of the path ran');
SELECT is_empty($$ SELECT call FROM trapped WHERE part = 'view' AND trapped $$, 'views: nothing of the path ran');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
                    WHERE p.pronamespace = 'learning'::regnamespace
                      AND p.prosqlbody IS NULL AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog, pg_temp%', false) $$,
                'each function of an ecosystem is parsed when it is made, or has a safe search path');
SELECT * FROM finish();
ROLLBACK;
