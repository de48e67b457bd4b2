-- Document resources: state, activity profile, agent profile; by both versions of xAPI.
BEGIN;
SELECT plan(254);
SET timezone = 'America/New_York';
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');

-- The answer to a request; a refusal is a status with the reason as body, as xapi() makes it.
CREATE FUNCTION pg_temp.answer(method text, resource text, parameters jsonb, version text DEFAULT '1.0.3', headers json DEFAULT '{}', body bytea DEFAULT NULL,
                               OUT status text, OUT headers_out json, OUT body_out bytea) LANGUAGE plpgsql AS $$
BEGIN
    SELECT d.status, d.headers, d.body INTO STRICT status, headers_out, body_out
      FROM learning.xapi_document(method, resource, parameters, version, headers, body) d;
EXCEPTION WHEN OTHERS THEN
    status := CASE WHEN SQLSTATE LIKE 'EC%' THEN right(SQLSTATE, 3) WHEN SQLSTATE LIKE '22%' THEN '400' ELSE SQLSTATE END;
    body_out := convert_to(SQLERRM, 'UTF8');
END
$$;
CREATE FUNCTION pg_temp.status(method text, resource text, parameters jsonb, version text DEFAULT '1.0.3', headers json DEFAULT '{}', body text DEFAULT NULL)
RETURNS text LANGUAGE sql AS 'SELECT status FROM pg_temp.answer(method, resource, parameters, version, headers, convert_to(body, ''UTF8''))';
CREATE FUNCTION pg_temp.body(resource text, parameters jsonb, version text DEFAULT '1.0.3')
RETURNS text LANGUAGE sql AS 'SELECT convert_from(body_out, ''UTF8'') FROM pg_temp.answer(''GET'', resource, parameters, version)';
CREATE FUNCTION pg_temp.header(name text, resource text, parameters jsonb, version text DEFAULT '1.0.3')
RETURNS text LANGUAGE sql AS 'SELECT headers_out ->> name FROM pg_temp.answer(''GET'', resource, parameters, version)';
CREATE FUNCTION pg_temp.etag(content text) RETURNS text LANGUAGE sql AS $$ SELECT concat('"', ecosys.sha1(convert_to(content, 'UTF8')), '"') $$;

-- The parameters of each resource for a document of some id; and what a change does to them.
CREATE FUNCTION pg_temp.p(resource text, id text DEFAULT 'one') RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE resource
           WHEN 'activities/state' THEN jsonb_build_object('activityId', 'http://example.com/course', 'agent', '{"objectType":"Agent","mbox":"mailto:ana@example.com","name":"Ana"}', 'stateId', id)
           WHEN 'activities/profile' THEN jsonb_build_object('activityId', 'http://example.com/course', 'profileId', id)
           ELSE jsonb_build_object('agent', '{"mbox":"mailto:ana@example.com"}', 'profileId', id) END
$$;
CREATE TEMP VIEW resources AS SELECT r AS resource, v AS version
  FROM unnest('{activities/state,activities/profile,agents/profile}'::text[]) r, unnest('{1.0.3,2.0.0}'::text[]) v;

SELECT is(ecosys.sha1('abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d', 'SHA-1 of abc');
SELECT is(ecosys.http_date('2026-11-24 12:05:09.9-05'), 'Tue, 24 Nov 2026 17:05:09 GMT', 'a date as HTTP has it, whatever the time zone');

-- bytes and type come back, with entity tag and date
SELECT is(pg_temp.status('POST', resource, pg_temp.p(resource, version), version, '{"content-type": "text/plain; charset=utf-8"}', 'Grüße'), '204', format('POST a new document to %s, %s', resource, version)) FROM resources;
SELECT is(pg_temp.body(resource, pg_temp.p(resource, version), version), 'Grüße', format('GET it from %s, %s', resource, version)) FROM resources;
SELECT is(pg_temp.header('Content-Type', resource, pg_temp.p(resource, version), version), 'text/plain; charset=utf-8', format('with its content type, %s, %s', resource, version)) FROM resources;
SELECT is(pg_temp.header('ETag', resource, pg_temp.p(resource, version), version), pg_temp.etag('Grüße'), format('and the SHA-1 of its bytes, %s, %s', resource, version)) FROM resources;
SELECT matches(pg_temp.header('Last-Modified', 'activities/state', pg_temp.p('activities/state', '2.0.0')), '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d GMT$', 'and a date');
SELECT results_eq($$ SELECT status, headers_out::text, body_out FROM pg_temp.answer('HEAD', 'activities/state', pg_temp.p('activities/state', '2.0.0')) $$,
                  $$ SELECT status, headers_out::text, NULL::bytea FROM pg_temp.answer('GET', 'activities/state', pg_temp.p('activities/state', '2.0.0')) $$, 'HEAD answers as GET, without a body');
SELECT is(pg_temp.status('HEAD', 'activities/state', pg_temp.p('activities/state', 'none')), '404', 'HEAD of what is not there');
SELECT is((SELECT status FROM pg_temp.answer('POST', 'activities/state', pg_temp.p('activities/state', 'bytes'), body => '\x00ff80')), '204', 'bytes that are no text, without a content type');
SELECT is((SELECT body_out FROM pg_temp.answer('GET', 'activities/state', pg_temp.p('activities/state', 'bytes'))), '\x00ff80'::bytea, 'come back');
SELECT is(pg_temp.header('Content-Type', 'activities/state', pg_temp.p('activities/state', 'bytes')), 'application/octet-stream', 'as what HTTP says they are then');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'empty')), '204', 'an empty document');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state', 'empty')), '', 'is one');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'x'), '1.0.3', '{"content-type": "json"}', '{}'), '400', 'a content type that is none');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'x'), '1.0.3', json_build_object('content-type', E'text/plain;\r\nSet-Cookie: x'), '{}'), '400', 'nor one that would begin another header');
SELECT is(pg_temp.status('DELETE', resource, pg_temp.p(resource, version), version), '204', format('DELETE from %s, %s', resource, version)) FROM resources;
SELECT is(pg_temp.status('GET', resource, pg_temp.p(resource, version), version), '404', format('it is gone from %s, %s', resource, version)) FROM resources;
SELECT is(pg_temp.status('DELETE', resource, pg_temp.p(resource, version), version), '204', format('DELETE of nothing, %s, %s', resource, version)) FROM resources;

-- PUT without a condition: the versions differ
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'put'), '1.0.3', body => 'a'), '204', 'state, 1.0.3: PUT of a new document');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'put'), '1.0.3', body => 'b'), '204', 'state, 1.0.3: PUT over it');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'put2'), '2.0.0', body => 'a'), '204', 'state, 2.0: PUT of a new document');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'put2'), '2.0.0', body => 'b'), '409', 'state, 2.0: PUT over it is a conflict');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state', 'put2')), 'a', 'and changes nothing');
SELECT is(pg_temp.status('PUT', r, pg_temp.p(r, 'put'), '1.0.3', body => 'a'), '400', r || ', 1.0.3: PUT of a new document needs a condition') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT is(pg_temp.status('GET', r, pg_temp.p(r, 'put')), '404', r || ': nothing was stored') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT is(pg_temp.status('PUT', r, pg_temp.p(r, 'put'), '2.0.0', body => 'a'), '204', r || ', 2.0: PUT of a new document') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT is(pg_temp.status('PUT', r, pg_temp.p(r, 'put'), v, body => 'b'), '409', format('%s, %s: PUT over it is a conflict', r, v)) FROM unnest('{activities/profile,agents/profile}'::text[]) r, unnest('{1.0.3,2.0.0}'::text[]) v;
SELECT is(pg_temp.body(r, pg_temp.p(r, 'put')), 'a', r || ': and changes nothing') FROM unnest('{activities/profile,agents/profile}'::text[]) r;

-- conditions, alike on all resources
CREATE FUNCTION pg_temp.conditions(resource text, version text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    p jsonb := pg_temp.p(resource, 'condition ' || version);
    what text := format('%s, %s: ', resource, version);
BEGIN
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, '{"if-match": "*"}', 'a'), '412', what || 'If-Match: * where nothing is');
    RETURN NEXT is(pg_temp.status('DELETE', resource, p, version, '{"if-match": "\"x\""}'), '412', what || 'DELETE with If-Match where nothing is');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, '{"if-none-match": "*"}', 'a'), '204', what || 'If-None-Match: * where nothing is');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, '{"if-none-match": "*"}', 'b'), '412', what || 'If-None-Match: * where something is');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, '{"if-match": "\"1111111111111111111111111111111111111111\""}', 'b'), '412', what || 'PUT with another tag');
    RETURN NEXT is(pg_temp.status('POST', resource, p, version, '{"if-match": "1234"}', 'b'), '412', what || 'POST with another tag');
    RETURN NEXT is(pg_temp.status('DELETE', resource, p, version, '{"if-match": "1234"}'), '412', what || 'DELETE with another tag');
    RETURN NEXT is(pg_temp.body(resource, p), 'a', what || 'none of these changed it');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, json_build_object('if-match', '"x", ' || pg_temp.etag('a')), 'b'), '204', what || 'PUT with its tag in a list');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, json_build_object('if-match', 'W/' || pg_temp.etag('b')), 'c'), '412', what || 'a weak tag does not match');
    RETURN NEXT is(pg_temp.status('PUT', resource, p, version, json_build_object('if-match', btrim(pg_temp.etag('b'), '"')), 'c'), '204', what || 'a tag without quotes, as some clients send it');
    RETURN NEXT is(pg_temp.status('DELETE', resource, p, version, json_build_object('if-match', pg_temp.etag('c'))), '204', what || 'DELETE with its tag');
END
$$;
SELECT pg_temp.conditions(resource, version) FROM resources;
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'read'), body => 'a'), '204', 'a document to read');
SELECT is(pg_temp.status('GET', 'activities/state', pg_temp.p('activities/state', 'read'), headers => json_build_object('if-none-match', 'W/' || pg_temp.etag('a'))), '304', 'GET with If-None-Match of what the client has');
SELECT is(pg_temp.status('GET', 'activities/state', pg_temp.p('activities/state', 'read'), headers => '{"if-none-match": "\"x\""}'), '200', 'or of something older');
SELECT is(pg_temp.status('GET', 'activities/state', pg_temp.p('activities/state', 'read'), headers => '{"if-match": "\"x\""}'), '412', 'GET with If-Match of another');

-- POST merges objects, and nothing else
CREATE FUNCTION pg_temp.post(id text, body text, type text DEFAULT 'application/json') RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.status('POST', 'agents/profile', pg_temp.p('agents/profile', id), '1.0.3', json_build_object('content-type', type), body)
$$;
SELECT is(pg_temp.post('merge', '{"a": 1.50, "b": {"x": 1}}'), '204', 'POST an object');
SELECT is(pg_temp.post('merge', '{"b":{"y":2},"\u0063":"\u0000"}', 'Application/JSON; charset=utf-8'), '204', 'POST another onto it; the type has a parameter and capitals');
SELECT is(pg_temp.body('agents/profile', pg_temp.p('agents/profile', 'merge')), '{"a": 1.50, "b": {"y":2},"\u0063":"\u0000"}', 'top-level members of the newer win, spelled as they came');
SELECT is(pg_temp.header('ETag', 'agents/profile', pg_temp.p('agents/profile', 'merge')), pg_temp.etag('{"a": 1.50, "b": {"y":2},"\u0063":"\u0000"}'), 'the tag is that of the merged');
SELECT is(pg_temp.post('merge', '[1]'), '400', 'an array cannot be merged');
SELECT is(pg_temp.post('merge', '{"a": '), '400', 'nor what is no JSON');
SELECT is(pg_temp.post('merge', '{"a": 1}', 'text/plain'), '400', 'nor another type');
SELECT is(pg_temp.post('merge', '{"a": 1, "a": 2}'), '400', 'nor an object with a name twice');
SELECT is(pg_temp.body('agents/profile', pg_temp.p('agents/profile', 'merge')), '{"a": 1.50, "b": {"y":2},"\u0063":"\u0000"}', 'none of these changed it');
SELECT is(pg_temp.post('broken', '{"a": '), '400', 'JSON that is none is refused where nothing is, too');
SELECT is(pg_temp.post('broken', '"\ud800 \u0000"'), '204', 'escapes that jsonb cannot hold are JSON');
SELECT is(pg_temp.post('broken', '{"a": 1}'), '400', 'onto a string nothing can be merged');
SELECT is(pg_temp.post('text', 'x', 'text/plain'), '204', 'a text');
SELECT is(pg_temp.post('text', '{"a": 1}'), '400', 'an object cannot be merged onto a text');
SELECT is((SELECT convert_from(body_out, 'UTF8') FROM pg_temp.answer('POST', 'agents/profile', pg_temp.p('agents/profile', 'text'), headers => '{"content-type": "application/json"}', body => '{}')),
          'only documents of application/json can be merged; PUT replaces one', 'with the reason');

-- merging says what jsonb's concatenation says, and keeps to the rules it cannot: every member of the older is where it was
CREATE FUNCTION pg_temp.object(n int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT concat(b, '{', string_agg(concat(b, to_json(k)::text, b, ':', b, v), ',' ORDER BY random()), b, '}', b)
      FROM (SELECT (ARRAY['', ' ', E'\n\t'])[1 + floor(random() * 3)::int] AS b) b,
           (SELECT DISTINCT ON (k) k, v FROM (SELECT (ARRAY['a', 'b', 'é', '"', '', '\', 'a b', 'c'])[1 + floor(random() * 8)::int] AS k,
                                                     (ARRAY['1', '"x"', 'null', '{"a": 1}', '[1, 2]', '{}', '1.50', '"é\n"'])[1 + floor(random() * 8)::int] AS v FROM generate_series(1, n)) m) m
     GROUP BY b
$$;
CREATE TEMP TABLE merged AS
SELECT o, n, convert_from(ecosys.merge_document(convert_to(o, 'UTF8'), convert_to(n, 'UTF8')), 'UTF8') AS m
  FROM (SELECT pg_temp.object(1 + i % 6) AS o, pg_temp.object(1 + i % 5) AS n FROM generate_series(1, 2000) i) r;
SELECT is((SELECT count(*) FROM merged), 2000::bigint, '2,000 random pairs are merged');
SELECT is_empty($$ SELECT o, n, m FROM merged WHERE m::jsonb IS DISTINCT FROM o::jsonb || n::jsonb LIMIT 5 $$, 'to what jsonb makes of them');
SELECT is_empty($$ SELECT o, n, m FROM merged WHERE (SELECT array_agg(k ORDER BY place) FROM json_object_keys(o::json) WITH ORDINALITY k (k, place))
                    <> (SELECT (array_agg(k ORDER BY place))[1:(SELECT count(*)::int FROM json_object_keys(o::json))] FROM json_object_keys(m::json) WITH ORDINALITY k (k, place)) LIMIT 5 $$, 'with the members of the older first, in their order');

-- Last-Modified and since follow the clock, not the transaction
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'clock'), body => 'a'), '204', 'stored');
CREATE TEMP TABLE seen AS SELECT pg_temp.header('Last-Modified', 'activities/state', pg_temp.p('activities/state', 'clock')) AS modified, clock_timestamp() AS at;
SELECT pg_sleep(1.1);
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state') - 'stateId' || jsonb_build_object('since', (SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM seen))), '[]', 'nothing since');
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'clock'), body => 'a'), '204', 'stored again');
SELECT isnt(pg_temp.header('Last-Modified', 'activities/state', pg_temp.p('activities/state', 'clock')), (SELECT modified FROM seen), 'Last-Modified has changed');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state') - 'stateId' || jsonb_build_object('since', (SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM seen))), '["clock"]', 'one since');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state') - 'stateId' || jsonb_build_object('since', (SELECT to_char(updated AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM learning.documents WHERE id = 'clock'))), '[]', 'since is exclusive');

-- lists and mass removal are for a context
DELETE FROM learning.documents;
CREATE FUNCTION pg_temp.put(id text, changes jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS
    $$ SELECT pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', id) || changes, body => id) $$;
CREATE FUNCTION pg_temp.list(changes jsonb DEFAULT '{}') RETURNS json LANGUAGE sql AS
    $$ SELECT pg_temp.body('activities/state', (pg_temp.p('activities/state') - 'stateId') || changes)::json $$;
\set registration '{"registration": "EC531277-b57b-4c15-8d91-d292c5b2b8f7"}'
SELECT is(pg_temp.list()::text, '[]', 'an empty list');
SELECT is(pg_temp.status('HEAD', 'activities/state', pg_temp.p('activities/state') - 'stateId'), '200', 'HEAD of a list');
SELECT ok('204' = ALL (ARRAY[pg_temp.put('b'), pg_temp.put('a'), pg_temp.put('a', :'registration'), pg_temp.put('c', :'registration'),
    pg_temp.put('other course', '{"activityId": "http://example.com/other"}'), pg_temp.put('other person', '{"agent": "{\"mbox\": \"mailto:ben@example.com\"}"}')]), 'documents of several contexts');
SELECT is(pg_temp.list()::text, '["b", "a", "c"]', 'without a registration: all of the activity and agent, each id once');
SELECT is(pg_temp.list(:'registration')::text, '["a", "c"]', 'with one: its own');
SELECT is(pg_temp.list('{"registration": "00000000-0000-4000-8000-000000000000"}')::text, '[]', 'of another: none');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state', 'c')), 'there is no such document', 'a document with a registration is not found without');
SELECT is(pg_temp.list('{"agent": "{\"mbox\": \"mailto:ana@EXAMPLE.com\", \"name\": \"Somebody\"}"}')::text, '["b", "a", "c"]', 'an agent is its identifier, whatever the name; domains have no case');
SELECT is(pg_temp.status('DELETE', 'activities/state', (pg_temp.p('activities/state') - 'stateId') || :'registration'), '204', 'removal for a registration');
SELECT is(pg_temp.list()::text, '["b", "a"]', 'leaves those without');
SELECT is(pg_temp.status('DELETE', 'activities/state', pg_temp.p('activities/state') - 'stateId', headers => '{"if-match": "*"}'), '412', 'a condition on many cannot hold');
SELECT ok(pg_temp.put('d', :'registration') = '204' AND pg_temp.status('DELETE', 'activities/state', pg_temp.p('activities/state') - 'stateId') = '204', 'removal without');
SELECT is(pg_temp.list()::text, '[]', 'takes all of the context');
SELECT is((SELECT count(*) FROM learning.documents), 2::bigint, 'and no other');
SELECT is(pg_temp.status('DELETE', r, pg_temp.p(r) - 'profileId'), '400', r || ': no mass removal') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT ok(pg_temp.status('POST', r, pg_temp.p(r, 'x y'), body => 'a') = '204' AND pg_temp.status('POST', r, pg_temp.p(r, '"\'), body => 'a') = '204', r || ': two documents') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT is(pg_temp.body(r, pg_temp.p(r) - 'profileId')::jsonb, '["x y", "\"\\"]', r || ': their ids') FROM unnest('{activities/profile,agents/profile}'::text[]) r;
SELECT is(pg_temp.body(r, pg_temp.p(r) - 'profileId' || '{"since": "2100-01-01T00:00:00Z"}'), '[]', r || ': since') FROM unnest('{activities/profile,agents/profile}'::text[]) r;

-- parameters
CREATE FUNCTION pg_temp.with(changes jsonb, method text DEFAULT 'GET', resource text DEFAULT 'activities/state', less text DEFAULT '') RETURNS text LANGUAGE sql AS
    $$ SELECT pg_temp.status(method, resource, (pg_temp.p(resource) - less) || changes, body => 'x') $$;
SELECT is(pg_temp.with('{}', m, r, p), '400', format('%s %s without %s', m, r, p))
  FROM (VALUES ('activities/state', 'activityId'), ('activities/state', 'agent'), ('activities/profile', 'activityId'), ('agents/profile', 'agent')) v (r, p), unnest('{GET,PUT,DELETE}'::text[]) m;
SELECT is(pg_temp.with('{}', m, r, p), '400', format('%s %s without %s', m, r, p)) FROM (VALUES ('activities/state', 'stateId'), ('activities/profile', 'profileId'), ('agents/profile', 'profileId')) v (r, p), unnest('{PUT,POST}'::text[]) m;
SELECT is(pg_temp.with(c), '400', 'refused: ' || c::text) FROM unnest(ARRAY['{"x": "1"}', '{"StateId": "a"}', '{"activityid": "http://example.com/course"}', '{"profileId": "a"}', '{"since": "x"}',
    '{"stateId": ""}', '{"activityId": "course"}', '{"activityId": ""}', '{"registration": ""}', '{"registration": "ec531277b57b4c158d91d292c5b2b8f7"}', '{"registration": "{ec531277-b57b-4c15-8d91-d292c5b2b8f7}"}']::jsonb[]) c;
SELECT is(pg_temp.with(jsonb_build_object('agent', a)), '400', 'no agent: ' || a) FROM unnest(ARRAY['', 'mailto:ana@example.com', '"ana"', '{', '[]', '{}', '{"name": "Ana"}', '{"mbox": "ana@example.com"}',
    '{"mbox": "mailto:ana@example.com", "openid": "http://example.com/ana"}', '{"objectType": "Group", "mbox": "mailto:ana@example.com"}', '{"objectType": "Group", "member": []}', '{"mbox": "mailto:ana@example.com", "x": 1}',
    '{"mbox": "mailto:ana@example.com", "mbox": "mailto:ana@example.com"}']) a;
SELECT is(pg_temp.with(jsonb_build_object('since', s), less => 'stateId'), '400', 'no time: ' || s) FROM unnest(ARRAY['', 'yesterday', 'now', '2026-02-30T00:00:00Z', '2026-01-01', '2026-01-01T00:00:00-00:00']) s;
SELECT is(pg_temp.status('PUT', 'activities/state', pg_temp.p('activities/state', 'since'), '1.0.3', body => 'a'), '204', 'a document');
SELECT is(pg_temp.status('GET', 'activities/state', pg_temp.p('activities/state', 'since') || '{"since": "2100-01-01T00:00:00Z"}'), '200', 'since beside an id means nothing');
SELECT is(pg_temp.with('{"since": "2026-01-01T00:00:00Z"}', 'DELETE'), '400', 'and belongs to GET only');
SELECT is(pg_temp.with('{}', 'PATCH'), '405', 'another method');
SELECT is(pg_temp.status('GET', 'activities', '{}'), '404', 'another resource');
SELECT is(pg_temp.status('GET', 'activities/state', NULL), '400', 'no parameters at all');

-- long names, and names made to look like others
SELECT ok('204' = ALL (ARRAY[pg_temp.put(repeat('é', 6000) || 'a'), pg_temp.put(repeat('é', 6000) || 'b'), pg_temp.put('x', jsonb_build_object('activityId', 'http://example.com/' || repeat('a', 6000)))]), 'names of 6,000 characters');
SELECT is(pg_temp.body('activities/state', pg_temp.p('activities/state', repeat('é', 6000) || 'b')), repeat('é', 6000) || 'b', 'are told apart to the end');
SELECT isnt(learning.document_key('activities/profile', 'http://a', NULL, NULL, 'b'), learning.document_key('activities/profile', 'http://a1:b,', NULL, NULL, ''), 'parts of a name do not run together');
SELECT isnt(learning.document_key('agents/profile', NULL, NULL, NULL, 'b'), learning.document_key('agents/profile', '', NULL, NULL, 'b'), 'absent is not empty');

-- what is there is a table to join with
SELECT pg_temp.put('joined');
INSERT INTO learning.statements (statement) VALUES ('{"actor": {"mbox": "mailto:ana@example.com", "name": "Ana"}, "verb": {"id": "http://v"}, "object": {"id": "http://example.com/course"}}');
SELECT results_eq($$ SELECT p.name, a.iri, d.id FROM learning.documents d JOIN learning.actors p ON p.key = d.agent JOIN learning.activities a ON a.key = d.activity WHERE d.id = 'joined' $$,
                  $$ VALUES ('Ana', 'http://example.com/course', 'joined') $$, 'documents join to actors and activities by key');

-- reading uses an index, whichever way it is asked for
INSERT INTO learning.documents (key, resource, activity, activity_iri, agent, actor, id, content_type, etag, updated, content)
SELECT learning.document_key(r, 'http://a/' || i, a, NULL, 'x'), r, CASE WHEN r <> 'agents/profile' THEN i END, CASE WHEN r <> 'agents/profile' THEN 'http://a/' || i END,
       CASE WHEN r <> 'activities/profile' THEN ecosys.actor_key(a) END, CASE WHEN r <> 'activities/profile' THEN a END, 'x', 'text/plain', ecosys.sha1('x'), now(), 'x'
  FROM generate_series(1, 1000) i, unnest('{activities/state,activities/profile,agents/profile}'::text[]) r, LATERAL (SELECT format('mailto:p%s@example.com', i)::ecosys.actor AS a) x;
ANALYZE learning.documents;
CREATE FUNCTION pg_temp.read_rows() RETURNS bigint LANGUAGE sql AS $$ SELECT pg_stat_get_xact_tuples_returned('learning.documents'::regclass) $$;
CREATE TEMP TABLE before AS SELECT pg_temp.read_rows() AS n;
SELECT ok(pg_temp.list() IS NOT NULL AND pg_temp.body('activities/profile', pg_temp.p('activities/profile') - 'profileId') IS NOT NULL AND pg_temp.body('agents/profile', pg_temp.p('agents/profile') - 'profileId') IS NOT NULL
          AND pg_temp.body('activities/state', pg_temp.p('activities/state', 'joined')) IS NOT NULL
          AND pg_temp.put('joined') = '204' AND pg_temp.status('DELETE', 'activities/state', pg_temp.p('activities/state') - 'stateId') = '204', 'lists, a document, a write, a removal');
SELECT is(pg_temp.read_rows(), (SELECT n FROM before), 'read no row by a scan of the whole table');
SELECT * FROM finish();
ROLLBACK;
