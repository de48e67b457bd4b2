-- xapi(): what is too large, too deep, not UTF-8, hostile.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE versions (v text);
INSERT INTO versions VALUES ('1.0.3'), ('2.0.0');

-- sizes
UPDATE learning.settings SET lrs_max_body = 2000, lrs_max_batch = 3;
SELECT is(st(v, 'POST', 'statements', '[' || statement(NULL, jsonb_build_object('result', jsonb_build_object('response', repeat('x', 2000)))) || ']'), 413, 'a content beyond lrs_max_body: 413') FROM versions;
SELECT is(st(v, 'POST', 'activities/state?activityId=http://a&stateId=s&agent=' || agent('a@example.com'), repeat('x', 2001), '{"content-type": "text/plain"}'), 413, 'a document beyond it: 413') FROM versions;
SELECT is(st(v, 'POST', 'statements', statement(NULL, jsonb_build_object('result', jsonb_build_object('response', repeat('x', 2000)))), '{"authorization": null}'), 401, 'who is not known learns no limits') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || concat_ws(',', statement(), statement(), statement(), statement()) || ']'), 413, 'a batch beyond lrs_max_batch: 413') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || concat_ws(',', statement(), statement(), statement()) || ']'), 200, 'a batch at it') FROM versions;
UPDATE learning.settings SET lrs_max_body = DEFAULT, lrs_max_batch = DEFAULT;
SELECT is(st('2.0.0', 'POST', 'statements', '[' || (SELECT string_agg(statement(id(n)), ',') FROM generate_series(1, 10000) n) || ']'), 200, '10,000 statements at once');

-- depth
SELECT is(st(v, 'POST', 'statements', left(statement(), -1) || ',"result":{"extensions":{"http://e":' || repeat('[', n) || repeat(']', n) || '}}}'), wanted, 'extensions ' || n || ' deep')
  FROM versions, (VALUES (500, 200), (5000, 200), (20000, 400), (1000000, 400)) t (n, wanted);
SELECT is(st(v, 'POST', 'statements', repeat('[', n)), 400, 'a content of ' || n || ' brackets') FROM versions, unnest('{100,100000,1000000}'::integer[]) n;
SELECT is(st(v, 'POST', 'statements', repeat('{"a":', n)), 400, 'a content of ' || n || ' nested objects') FROM versions, unnest('{100,100000,1000000}'::integer[]) n;
SELECT is(st(v, 'GET', 'agents?agent=' || repeat('%5B', 100000)), 400, 'an agent of 100,000 brackets') FROM versions;
SELECT is(st(v, 'POST', 'activities/profile?activityId=http://a&profileId=deep', repeat('[', 100000) || repeat(']', 100000)), 400, 'a document 100,000 deep, to be merged') FROM versions;

-- not text
SELECT is((x(v, 'POST', 'statements', content)).status, 400, 'not UTF-8: ' || encode(right_end, 'hex'))
  FROM versions, (SELECT convert_to(replace(statement(), 'Ana', 'A') , 'UTF8') AS good) g, unnest('{"\\xff","\\xc0af","\\xeda080","\\xc3","\\xf8888080","\\x00","\\xf4908080"}'::bytea[]) right_end,
       LATERAL (SELECT overlay(good PLACING right_end FROM position('completed'::bytea IN good) FOR 1) AS content) c;
SELECT is((x(v, 'POST', 'statements', '\xefbbbf'::bytea || convert_to(statement(), 'UTF8'))).status, 400, 'a byte order mark is no JSON') FROM versions;
SELECT is((x(v, 'POST', 'statements', '\x'::bytea)).status, 400, 'nothing at all') FROM versions;

-- headers that are none
SELECT is((SELECT status FROM learning.xapi('GET', '/xapi/statements', '', h::json)), 400, 'headers: ' || h) FROM unnest(ARRAY['[]', '"x"', '1', 'null', '{"x-experience-api-version": 1}', '{"x-experience-api-version": null}', '{"x-experience-api-version": "1.0.3\u0000"}', '{"x-experience-api-version": "\ud800"}', '{}']) h;
SELECT is((SELECT status FROM learning.xapi('GET', '/xapi/statements', '', '{"x-experience-api-version": "1.0.3", "authorization": "Basic \u0000"}')), 400, 'a header with a zero byte');
SELECT is((SELECT status FROM learning.xapi('GET', '/xapi/about', NULL, NULL, NULL)), 200, 'NULL is nothing');
SELECT is((SELECT status FROM learning.xapi(NULL, NULL, NULL, NULL, NULL)), 404, 'nothing at all is nothing here');
SELECT is((SELECT status FROM learning.xapi('GET', '/xapi/about')), 200, 'query, headers and body may be left away');

-- every parameter of every resource with hostile values: never an error of the server, never its words
CREATE TABLE places (method text, target text, parameter text);
INSERT INTO places
SELECT 'GET', 'statements?', p FROM unnest('{statementId,voidedStatementId,agent,verb,activity,registration,related_activities,related_agents,since,until,limit,format,attachments,ascending,cursor}'::text[]) p
UNION ALL SELECT m, 'activities/state?activityId=http://a&agent=' || agent('a@example.com') || '&', p FROM unnest('{stateId,registration,since}'::text[]) p, unnest('{GET,POST,DELETE}'::text[]) m
UNION ALL SELECT m, 'activities/profile?activityId=http://a&', p FROM unnest('{profileId,since}'::text[]) p, unnest('{GET,POST,DELETE}'::text[]) m
UNION ALL SELECT m, 'agents/profile?', p FROM unnest('{agent,profileId}'::text[]) p, unnest('{GET,POST,DELETE}'::text[]) m
UNION ALL VALUES ('GET', 'agents?', 'agent'), ('GET', 'activities?', 'activityId'), ('PUT', 'statements?', 'statementId'), ('POST', 'statements?', 'method');
CREATE TABLE attacks (attack text);
INSERT INTO attacks SELECT a FROM unnest(ARRAY['''', '"', '\', ''' OR ''1''=''1', '''; DROP TABLE learning.statements; --', '$$', '$1', '%s', '%n%n%n', '%00', '{}', '[]', 'null', 'NaN', 'Infinity', '-1', '1e999', '0x0', '9223372036854775808',
    '../../etc/passwd', '<script>', '{{7*7}}', repeat('a', 10000), repeat('%', 100), U&'\0085', U&'\FFFE', U&'\202E', '{"mbox":"mailto:a@example.com","mbox":"mailto:b@example.com"}', '{"mbox":{"$gt":""}}', '{"account":{"homePage":"http://h","name":"' || repeat('n', 5000) || '"}}',
    '{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}', 'true', 'false', '2026-02-30T00:00:00Z', '99999-01-01T00:00:00Z', '0000-00-00T00:00:00Z', '2026-11-24T10:00:00.' || repeat('9', 400) || 'Z', 'http://' || repeat('a', 9000), 'http://a b', 'exact'' ', '00000000-0000-0000-0000-000000000000', ' ', '{"name":"a\u0000b","mbox":"mailto:a@example.com"}']) a;
CREATE TABLE answers AS
SELECT p.*, a.attack, r.* FROM places p, attacks a, versions, LATERAL x(v, p.method, p.target || p.parameter || '=' || e(a.attack), CASE WHEN p.method IN ('POST', 'PUT') THEN '{}' END) r;
SELECT cmp_ok((SELECT count(*) FROM answers), '>', 2000::bigint, 'requests were made');
SELECT is_empty($$ SELECT method, target, parameter, left(attack, 40), status FROM answers WHERE status NOT IN (200, 204, 400, 404, 405, 412) $$, 'each is answered');
SELECT is_empty($$ SELECT DISTINCT body FROM answers WHERE status >= 400 AND body ~* 'postgres|sql|relation|column|function|ecosys|plpgsql|syntax for type|learning\.|invalid input' $$, 'without words of the database');
SELECT is_empty($$ SELECT DISTINCT body FROM answers WHERE status >= 400 AND length(body) > 1000 $$, 'and bounded');
SELECT is_empty($$ SELECT DISTINCT body FROM answers WHERE status >= 400 AND body ~ 'example.com|passwd|script' $$, 'no value is repeated');
SELECT is((SELECT count(*) FROM learning.statements WHERE true)::text, (SELECT count(*) FROM learning.statements)::text, 'the table is still there');

-- errors of the server are not hidden: they go to the front
CREATE FUNCTION raise_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'x' USING ERRCODE = TG_ARGV[0]; END $$;
CREATE FUNCTION fails_with(state text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER z_fail BEFORE INSERT ON learning.statements FOR EACH ROW EXECUTE FUNCTION public.raise_it(%L)', state);
    PERFORM st('2.0.0', 'POST', 'statements', statement());
END
$$;
SELECT throws_ok(format('SELECT fails_with(%L)', state), state, NULL, 'raised through: ' || state) FROM unnest('{40001,40P01,53200,53100,57P03,58030,XX000,42501,55P03}'::text[]) state;
CREATE FUNCTION ends_with(state text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    result integer;
BEGIN
    EXECUTE format('CREATE TRIGGER z_fail BEFORE INSERT ON learning.statements FOR EACH ROW EXECUTE FUNCTION public.raise_it(%L)', state);
    result := st('2.0.0', 'POST', 'statements', statement());
    DROP TRIGGER z_fail ON learning.statements;
    RETURN result;
END
$$;
SELECT is(ends_with(state), status, state || ' becomes ' || status) FROM (VALUES ('EC400', 400), ('EC404', 404), ('EC412', 412), ('EC413', 413), ('EC429', 429), ('22023', 400), ('22P05', 400), ('23505', 409), ('54000', 413), ('54001', 400)) t (state, status);
SELECT * FROM finish();
ROLLBACK;
