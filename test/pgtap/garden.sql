-- Every function, aggregate, operator and cast with odd arguments: an answer or
-- a proper error, never a lost connection, an internal error or a long message.
BEGIN;
SELECT plan(7);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');
SELECT ecosys.create_ecosystem('Odd "one" é');
CREATE SCHEMA no_ecosystem;

INSERT INTO learning.elements (key, kind, name, activity) VALUES
    ('goal:a', 'goal', 'A', NULL), ('goal:b', 'goal', 'B', NULL), ('competency:c', 'competency', 'C', NULL),
    ('course:d', 'course', 'D', 'https://example.com/d'), ('lms:e', 'lms', 'E', NULL), ('role:r', 'role', 'R', NULL);
SELECT count(learning.relate(s, k, t)) FROM (VALUES ('goal:b', 'contributes_to', 'goal:a'), ('competency:c', 'supports', 'goal:b'),
    ('course:d', 'teaches', 'competency:c'), ('lms:e', 'delivers', 'course:d')) r (s, k, t);
INSERT INTO learning.requirements (role, item)
SELECT r.id, c.id FROM learning.elements r, learning.elements c WHERE r.key = 'role:r' AND c.key = 'competency:c';
CREATE TABLE people (person text, email text, role text, unit text);
INSERT INTO people VALUES ('p', 'a@example.com', 'r', 'u'), ('q', NULL, NULL, NULL);
SELECT learning.adopt_people('people', person => 'person', email => 'email', roles => 'role');
SELECT count(*) FROM learning.record('{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
    "object": {"id": "https://example.com/d"}, "result": {"score": {"scaled": 0.5}}}');

-- What grows in the garden: a type's odd values as SQL expressions.
CREATE TABLE garden (type text, value text);
INSERT INTO garden
SELECT t.type, v.value
  FROM (VALUES
    ('text', ARRAY['NULL', '''''', ''' ''', '''A''', '''goal:a''', '''course:d, lms:e''', ''',,''', '''both''', '''decayed''', '''person''', '''read''', '''mailto:a@example.com''',
                   '''http://x''', '''%s%n$1\''''"''', 'chr(1)', 'repeat(''é'', 3000)', 'repeat(''a,'', 2000)', '''{"mbox": "mailto:a@example.com"}''', '''[0, 1]''']),
    ('uuid', ARRAY['NULL', '''00000000-0000-0000-0000-000000000000''', '''12345678-1234-4234-8234-123456789012''', '''ffffffff-ffff-ffff-ffff-ffffffffffff''']),
    ('bytea', ARRAY['NULL', '''''', '''{}''', '''\x00''', '''\xff''', '''{"a": 1}''', '''[{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}]''',
                    'convert_to(repeat(''['', 20000), ''UTF8'')', 'convert_to(E''--x\r\nA: b\r\n\r\nc\r\n--x--'', ''UTF8'')', '''eyJhbGciOiJSUzI1NiJ9.e30.AAAA''']),
    ('bytea[]', ARRAY['NULL', '''{}''', '''{NULL}''', '''{a,b}''', '''{{a},{b}}''']),
    ('json[]', ARRAY['NULL', '''{}''', '''{NULL}''', 'ARRAY[''{}'', ''{"a": "b"}'']::json[]', 'ARRAY[''[]'']::json[]', 'ARRAY[''{"a": "b\r\nc"}'']::json[]']),
    ('name', ARRAY['NULL', '''public''', '''no such role''', 'current_user']),
    ('cstring', ARRAY['NULL', '''''', '''{''', '''{}''', '''null''', '''{"v": 1e999}''', 'repeat(''['', 20000)::cstring', 'chr(7)::cstring']),
    ('boolean', ARRAY['NULL', 'true', 'false']),
    ('integer', ARRAY['NULL', '0', '1', '-1', '2147483647', '-2147483648', '268435456', '1073741824']),
    ('bigint', ARRAY['NULL', '0', '-1', '9223372036854775807', '-9223372036854775808', '(SELECT id FROM learning.elements WHERE key = ''goal:a'')']),
    ('double precision', ARRAY['NULL', '0', '-0.0', '0.5', '1', '-1', '2', '''NaN''', '''Infinity''', '''-Infinity''', '1.7976931348623157e308', '5e-324', '-5e-324']),
    ('date', ARRAY['NULL', '''2024-02-29''', '''infinity''', '''-infinity''', '''4713-01-01 BC''', '''5874897-12-31''']),
    ('timestamp with time zone', ARRAY['NULL', '''2024-02-29 12:00Z''', '''infinity''', '''-infinity''', '''4713-01-01 00:00 BC''', '''294276-12-31 23:59:59.999999Z''']),
    ('interval', ARRAY['NULL', '''0''', '''1 day''', '''-1 day''', '''1 month''', '''-178000000 years''', '''2147483647 days''', '''1 microsecond''',
                       '''1 day -24 hours''', '''2562047788 hours''']),
    ('regnamespace', ARRAY['NULL', '0', '4294967295', '''learning''', '''pg_catalog''', '''no_ecosystem''', '''"Odd \"one\" é"''', '''ecosys''']),
    ('regclass', ARRAY['NULL', '0', '4294967295', '''people''', '''pg_class''', '''learning.people''', '''learning.elements_pkey''', '''learning.elements_id_seq''']),
    ('text[]', ARRAY['NULL', '''{}''', '''{NULL}''', '''{NULL,a}''', '''{goal}''', '''{person,org_unit,goal}''', '''{{goal,b},{c,d}}''', '''{goal:a,goal:a}''', '''{teaches}''',
                     '''[-5:-4]={goal,person}''', 'array_fill(''x''::text, ARRAY[20000])', 'ARRAY[repeat(''x'', 100000)]']),
    ('bigint[]', ARRAY['NULL', '''{}''', '''{NULL}''', '''{0}''', '''{{1,2},{3,4}}''', '''{9223372036854775807,-9223372036854775808}''', '''[2147483646:2147483646]={1}''',
                       'ARRAY(SELECT id FROM learning.elements)', 'ARRAY(SELECT id FROM learning.elements) || NULL::bigint', 'array_fill(1::bigint, ARRAY[100000])']),
    ('double precision[]', ARRAY['NULL', '''{}''', '''{NULL}''', '''{NaN}''', '''{{1,2},{3,4}}''', '''{-1}''', '''{Infinity,1,1,1,1,1}''', '''{1e308,1e308,1e308,1e308,1e308,1e308}''',
                                 '''{0,0,0,0,0,0}''', '''{1,1,1,1,1,1}''', '''{-1,1,1,1,1,1}''', '''{NaN,1,1,1,1,1}''', 'array_fill(5e-324::float8, ARRAY[100000])']),
    ('json', ARRAY['NULL', '''null''', '''{}''', '''[]''', '''0''', '''"\u0000"''', '''{"a":1,"a":2}''', '''[null]''', '''[[],{}]''', 'repeat(''['', 5000) || repeat('']'', 5000)',
                   '''{"elements": [{"key": "", "kind": null}]}''', '''{"elements": {"a": 1}, "relations": [1]}''', '''{"elements": [{"key": "\u0000", "kind": "goal", "name": "x"}]}''',
                   '''{"elements": [{"key": "x", "kind": "goal", "name": "x", "priority": 1e400}]}''', '''{"en": "x", "\u0000": "y"}''',
                   '''{"mbox": "mailto:a@example.com", "name": "\ud800"}''', '''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}''']),
    ('jsonb', ARRAY['NULL', '''null''', '''{}''', '''[]''', '''"a"''', '''1e300''', '''{"goal:a": 0}''', '''{"goal:a": 1e500}''', '''{"goal:a": -1}''', '''{"goal:a": null, "": 1}''',
                    '''{"lms:e": "0"}''', '''{"lms:e": 0.5, "no such": 1}''', '''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}''']),
    ('ecosys.actor', ARRAY['NULL', '''{"mbox": "mailto:a@example.com"}''', '''{"objectType": "Group", "account": {"homePage": "http://x", "name": "\u0000"}}''',
                           '''{"openid": "http://x"}''', '''{"mbox_sha1sum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}''']),
    ('ecosys.statement', ARRAY['NULL',
        '''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}''',
        '''{"id": "12345678-1234-4234-8234-123456789012", "actor": {"objectType": "Group", "member": [{"mbox": "mailto:a@example.com"}]}, "verb": {"id": "http://v"}, "object": {"objectType": "StatementRef", "id": "12345678-1234-4234-8234-123456789012"}, "timestamp": "2024-02-29T12:00:00Z", "stored": "2024-02-29T12:00:00Z"}''',
        '''{"actor": {"mbox": "mailto:a@example.com", "name": "\u0000\ud800"}, "verb": {"id": "http://v"}, "object": {"id": "http://o", "definition": {"extensions": {"http://x": "\u0000"}}}, "result": {"response": "\u0000", "score": {"raw": 1e300, "min": -1e308, "max": 1e308}, "duration": "P999999999Y", "extensions": {"http://x": [1e5]}}, "context": {"platform": "\udc00", "revision": "", "contextActivities": {"other": [{"id": "http://o"}, {"id": "http://o"}]}}}''',
        '(''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}, "result": {"response": "'' || repeat(''x'', 200000) || ''"}}'')',
        '''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": "12345678-1234-4234-8234-123456789012"}}''']),
    ('ecosys.alignment', ARRAY['NULL', '(SELECT ecosys.alignment_agg(a, 1) FROM (VALUES (0.5), (NULL), (1)) v (a))', '(SELECT ecosys.alignment_agg(NULL, 0))',
        '(SELECT ecosys.alignment_agg(1, 1e300, ''2024-01-01Z''))', '(SELECT ecosys.alignment_agg(0.1, 5e-324, ''-infinity'', ''1 day''))',
        '(SELECT ecosys.alignment_agg(1, 1, ''294276-12-31Z'', ''1 microsecond''))', '(SELECT ecosys.alignment_agg(1, 1, ''4713-01-01 BC'', ''1 microsecond''))']),
    ('ecosys.attainment', ARRAY['NULL', '(SELECT ecosys.attainment_agg(0.5, true, ''2024-01-01Z'', NULL))', '(SELECT ecosys.attainment_agg(NULL, true, ''2024-01-01Z'', ''1 day''))',
        '(SELECT ecosys.attainment_agg(1, false, ''4713-01-01 BC'', ''1 microsecond''))', '(SELECT ecosys.attainment_agg(1, NULL, ''294276-12-31Z'', ''1 microsecond''))'])
    ) t (type, vals), unnest(t.vals) v (value);

SELECT is_empty($$
    SELECT DISTINCT t.type::regtype
      FROM pg_proc p, unnest(p.proargtypes) t (type)
     WHERE p.pronamespace IN ('ecosys'::regnamespace, 'learning'::regnamespace)
       AND format_type(t.type, NULL) NOT IN (SELECT g.type FROM garden g)
       AND t.type <> 'internal'::regtype $$, 'the garden has values of every type of argument');

CREATE TABLE answers (call text, sqlstate text, message text, length int);

-- The call's effects are undone. "fine": it answered.
CREATE PROCEDURE try_call(call text) LANGUAGE plpgsql AS $$
DECLARE
    detail text;
BEGIN
    EXECUTE call;
    RAISE EXCEPTION 'fine' USING ERRCODE = 'EG000';
EXCEPTION WHEN OTHERS OR query_canceled THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    INSERT INTO answers VALUES (left(call, 300), SQLSTATE, left(SQLERRM, 300), length(SQLERRM) + length(detail));
END
$$;

CREATE FUNCTION error_of(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

-- All combinations of a few arguments; of many, each value with random others.
CREATE FUNCTION combinations(types oid[], enough int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    n int := coalesce(cardinality(types), 0);
BEGIN
    IF n = 0 THEN
        RETURN NEXT '';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT string_agg(v.value, ', ' ORDER BY v.place)
      FROM generate_series(1, enough) c (number),
           LATERAL (SELECT t.place, format('(%s)::%s', g.vals[1 + CASE WHEN t.place = 1 + c.number % n THEN (c.number / n) % cardinality(g.vals)
                                                                  ELSE floor(random() * cardinality(g.vals))::int % cardinality(g.vals) END], g.type) AS value
                      FROM unnest(types) WITH ORDINALITY t (type, place)
                      JOIN (SELECT garden.type, array_agg(value) AS vals FROM garden GROUP BY garden.type) g ON g.type = format_type(t.type, NULL)) v
     GROUP BY c.number;
END
$$;
SELECT setseed(0.25);
SET statement_timeout = '10min';	-- of all calls together

DO $$
DECLARE
    f record;
    arguments text;
BEGIN
    -- with and without the arguments that have defaults
    FOR f IN SELECT n.nspname, p.proname, p.prokind, (p.proargtypes::oid[])[0:k.n - 1] AS types
               FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
                    LATERAL generate_series((p.pronargs - p.pronargdefaults)::int, p.pronargs::int) k (n)
              WHERE p.prorettype <> 'trigger'::regtype AND n.nspname IN ('ecosys', 'learning') AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
              ORDER BY n.nspname, p.proname, p.oid, k.n LOOP
        FOR arguments IN SELECT DISTINCT c FROM combinations(f.types, CASE WHEN f.proname = 'create_ecosystem' THEN 20 WHEN f.nspname = 'learning' THEN 30 ELSE 60 END) c LOOP
            IF f.prokind = 'a' THEN
                CALL try_call(format('SELECT %1$I.%2$I(%3$s)::text, (%1$I.%2$I(%3$s) FILTER (WHERE n > 1))::text FROM generate_series(1, 3) n', f.nspname, f.proname, arguments));
                CALL try_call(format('SELECT (%1$I.%2$I(%3$s) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING))::text FROM generate_series(1, 4) n', f.nspname, f.proname, arguments));
                CALL try_call(format('SELECT %1$I.%2$I(DISTINCT %3$s)::text FROM generate_series(1, 4) n', f.nspname, f.proname, arguments));
                CALL try_call(format('SELECT %1$I.%2$I(%3$s)::text FROM generate_series(1, 0) n', f.nspname, f.proname, arguments));
            ELSE
                CALL try_call(format('SELECT count(q::text) FROM %I.%I(%s) q', f.nspname, f.proname, arguments));
            END IF;
        END LOOP;
    END LOOP;
    FOR f IN SELECT o.oprname, o.oprleft, o.oprright FROM pg_operator o WHERE o.oprnamespace = 'ecosys'::regnamespace LOOP
        FOR arguments IN SELECT format('(%s)::%s OPERATOR(ecosys.%s) (%s)::%s', l.value, l.type, f.oprname, r.value, r.type)
                           FROM garden l, garden r WHERE l.type = format_type(f.oprleft, NULL) AND r.type = format_type(f.oprright, NULL) LOOP
            CALL try_call('SELECT (' || arguments || ')::text');
        END LOOP;
    END LOOP;
    FOR f IN SELECT c.castsource, c.casttarget FROM pg_cast c
              WHERE 'ecosys'::regnamespace IN (SELECT t.typnamespace FROM pg_type t WHERE t.oid IN (c.castsource, c.casttarget)) LOOP
        FOR arguments IN SELECT format('((%s)::%s)::%s', g.value, g.type, format_type(f.casttarget, NULL)) FROM garden g WHERE g.type = format_type(f.castsource, NULL) LOOP
            CALL try_call('SELECT (' || arguments || ')::text');
        END LOOP;
    END LOOP;
END
$$;
SET statement_timeout = 0;
-- what seldom gets arguments that it can answer
DO $$
DECLARE
    call text;
BEGIN
    FOREACH call IN ARRAY ARRAY[
        'learning.relate(''lms:e'', ''delivers'', ''course:d'')', 'learning.path(''lms:e'', ''goal:a'')', 'learning.grant_access(current_user, ''read'')',
        'learning.adopt_people(''people'', ''person'', manager => ''role'')', 'learning.adopt_history(''people'', ''person'', ''unit'')',
        'learning.adopt_org_units(''people'', ''unit'')',
        'ecosys.multipart_parts(''multipart/mixed; boundary=x'', convert_to(E''--x\r\nA: b\r\n\r\nc\r\n--x--'', ''UTF8''))',
        'ecosys.multipart_body(''x'', ARRAY[''{"A": "b"}'']::json[], ''{c}'')', 'ecosys.json_of_bytes(''{}'')', 'ecosys.sha1(''a'')', 'ecosys.merge_document(''{}'', ''{"a": 1}'')',
        'ecosys.statement_key(gen_random_uuid())', 'ecosys.cursor_text(now(), gen_random_uuid())', 'ecosys.stored_statement(''learning.statements'', gen_random_uuid(), false, ''exact'', NULL)',
        'ecosys.request_statements(''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'', NULL, ''1.0.3'', NULL, true)', 'ecosys.xapi_read(''GET'', ''/xapi/about'', '''', ''{}'', NULL)',
        'ecosys.secret_matches(''x'', ecosys.secret_verifier(''x'', false))',
        'learning.keep_credential(''x'', ''x'', false, ''{all}'', NULL, NULL, NULL)',
        'learning.document_key(''agents/profile'', NULL, ''{"mbox": "mailto:a@example.com"}'', NULL, ''x'')',
        'ecosys.check_signature(''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'', convert_to(''eyJhbGciOiJSUzI1NiJ9.'' || rtrim(translate(encode(''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'', ''base64''), E''+/\n'', ''-_''), ''='') || ''.AAAA'', ''UTF8''))',
        'learning.matching_statements(NULL, NULL, NULL, NULL, false, false, NULL, NULL, NULL, NULL, 1, false, NULL)',
        'learning.statements_of_request(''application/json'', ''{"actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}}'')',
        'learning.xapi_document(''GET'', ''agents/profile'', ''{"agent": "{\"mbox\": \"mailto:a@example.com\"}"}'', ''1.0.3'', ''{}'', NULL)',
        'ecosys.graph_importance(''learning'', ARRAY(SELECT id FROM learning.elements), array_fill(1::float8, ARRAY[6]))'] LOOP
        CALL try_call('SELECT count(q::text) FROM ' || call || ' q');
    END LOOP;
END
$$;

SELECT cmp_ok((SELECT count(*) FROM answers), '>', 5000::bigint, 'many calls were made');
SELECT is_empty($$ SELECT a.sqlstate, a.message, min(a.call) FROM answers a
                    WHERE a.sqlstate ~ '^(XX|58|57|P0)' OR a.sqlstate IN ('53200', '53000') GROUP BY 1, 2 $$, 'no internal error, no lack of memory, none cancelled');
SELECT is_empty($$ SELECT a.sqlstate, a.length, a.call FROM answers a WHERE a.length > 1024 ORDER BY 2 DESC LIMIT 5 $$, 'messages are short');
SELECT is_empty($$ SELECT p.proname FROM pg_proc p
                    WHERE p.pronamespace IN ('ecosys'::regnamespace, 'learning'::regnamespace) AND 'internal'::regtype <> ALL (p.proargtypes::oid[])
                      AND p.prorettype <> 'trigger'::regtype
                      AND NOT EXISTS (SELECT FROM answers a WHERE a.sqlstate = 'EG000' AND strpos(a.call, quote_ident(p.proname) || '(') > 0) $$,
                'every function answered at least once');
SELECT is_empty($$ SELECT p.proname, e FROM pg_proc p, error_of(format('SELECT ecosys.%I()', p.proname)) e
                    WHERE p.pronamespace = 'ecosys'::regnamespace AND p.prorettype = 'trigger'::regtype AND e IS DISTINCT FROM '39P01' $$,
                'trigger functions refuse to be called');

-- Triggers on tables and events that they are not for.
CREATE FUNCTION misused(function_name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text[] := '{}';
    t record;
BEGIN
    FOR t IN SELECT w.w, e.e, l.l, d.d
               FROM unnest(ARRAY['BEFORE', 'AFTER']) w, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) e, unnest(ARRAY['ROW', 'STATEMENT']) l,
                    unnest(ARRAY['a int', 'statement int, id uuid', 'statement ecosys.statement, id int', 'id uuid, statement ecosys.statement', 'line text']) d LOOP
        BEGIN
            EXECUTE format('CREATE TABLE misused (%s)', t.d);
            EXECUTE 'INSERT INTO misused DEFAULT VALUES';
            EXECUTE format('CREATE TRIGGER t %s %s ON misused FOR EACH %s EXECUTE FUNCTION ecosys.%I()', t.w, t.e, t.l, function_name);
            EXECUTE CASE t.e WHEN 'INSERT' THEN 'INSERT INTO misused DEFAULT VALUES' WHEN 'DELETE' THEN 'DELETE FROM misused'
                             WHEN 'TRUNCATE' THEN 'TRUNCATE misused' ELSE format('UPDATE misused SET %1$I = %1$I', split_part(t.d, ' ', 1)) END;
            RAISE EXCEPTION 'fine' USING ERRCODE = 'EG000';
        EXCEPTION WHEN OTHERS THEN
            IF SQLSTATE ~ '^XX' THEN
                found := found || format('%s %s %s %s: %s %s', t.w, t.e, t.l, t.d, SQLSTATE, SQLERRM);
            END IF;
        END;
    END LOOP;
    RETURN nullif(array_to_string(found[:5], E'\n'), '');
END
$$;
SELECT is_empty($$ SELECT p.proname, m FROM pg_proc p, misused(p.proname) m
                    WHERE p.pronamespace = 'ecosys'::regnamespace AND p.prorettype = 'trigger'::regtype AND m IS NOT NULL $$, 'misused triggers do no harm');
SELECT diag(format('%s calls, %s answered', count(*), count(*) FILTER (WHERE sqlstate = 'EG000'))) FROM answers;
SELECT * FROM finish();
ROLLBACK;
