-- Documents and attachments by way of xapi(): what a client meets, errors and headers too.
BEGIN;
SELECT plan(50);
\ir xapi_client.psql
INSERT INTO public.client SELECT * FROM learning.add_credential('state', '{state}');
INSERT INTO public.client SELECT * FROM learning.add_credential('profile', '{profile}');
INSERT INTO public.client SELECT * FROM learning.add_credential('mine', '{statements/write,statements/read/mine}', '{"mbox": "mailto:mine@example.com"}');
INSERT INTO public.client SELECT * FROM learning.add_credential('thief', '{statements/write,statements/read/mine}', '{"mbox": "mailto:thief@example.com"}');

SELECT concat('activities/state?activityId=', e('http://example.com/course'), '&agent=', agent('ana@example.com')) AS states,
       concat('activities/profile?activityId=', e('http://example.com/course')) AS activity_profiles, concat('agents/profile?agent=', agent('ana@example.com')) AS agent_profiles \gset

-- documents
SELECT is(st(v, 'PUT', :'states' || '&stateId=' || v, '{"a": "é"}'), 204, 'PUT of a state, ' || v) FROM unnest('{1.0.3,2.0.0}'::text[]) v;
SELECT is((x(v, 'GET', :'states' || '&stateId=' || v)).body, '{"a": "é"}', 'GET, ' || v) FROM unnest('{1.0.3,2.0.0}'::text[]) v;
SELECT is(headers - 'Last-Modified', jsonb_build_object('Content-Type', 'application/json', 'ETag', concat('"', ecosys.sha1(convert_to('{"a": "é"}', 'UTF8')), '"'), 'X-Experience-API-Version', v), 'its headers, ' || v)
  FROM unnest('{1.0.3,2.0.0}'::text[]) v, x(v, 'GET', :'states' || '&stateId=' || v);
SELECT is(headers ->> 'X-Experience-API-Version' || coalesce(body, ' without a body'), '2.0.0 without a body', 'HEAD') FROM x('2.0.0', 'HEAD', :'states' || '&stateId=2.0.0');
SELECT is(js('1.0.3', 'GET', :'states'), '["1.0.3", "2.0.0"]', 'the list');
SELECT is(st('1.0.3', 'POST', :'states' || '&stateId=1.0.3', '{"b": 1}'), 204, 'POST merges');
SELECT is(js('1.0.3', 'GET', :'states' || '&stateId=1.0.3'), '{"a": "é", "b": 1}', 'merged');
SELECT is((x('1.0.3', 'POST', :'states' || '&stateId=1.0.3', '{"b": ')).status || (js('1.0.3', 'POST', :'states' || '&stateId=1.0.3', '{"b": ') ->> 'error'), '400the body is not JSON: the text ends too early', 'a body that is no JSON, and why');
SELECT is(st('1.0.3', 'PUT', :'activity_profiles' || '&profileId=p', '{}'), 400, 'PUT of a profile without a condition, 1.0.3');
SELECT is(st('2.0.0', 'PUT', :'activity_profiles' || '&profileId=p', '{}'), 204, 'the same, 2.0');
SELECT is(st(v, 'PUT', :'activity_profiles' || '&profileId=p', '{}'), 409, 'and again: a conflict, ' || v) FROM unnest('{1.0.3,2.0.0}'::text[]) v;
SELECT is(st('2.0.0', 'PUT', :'states' || '&stateId=2.0.0', '{}'), 409, 'PUT over a state, 2.0');
SELECT is(st('1.0.3', 'PUT', :'agent_profiles' || '&profileId=p', '{}', '{"if-none-match": "*"}'), 204, 'PUT of a new agent profile');
SELECT is(st('1.0.3', 'PUT', :'agent_profiles' || '&profileId=p', '{}', '{"if-none-match": "*"}'), 412, 'once');
SELECT is(st('1.0.3', 'DELETE', :'agent_profiles' || '&profileId=p', NULL, '{"if-match": "\"x\""}'), 412, 'DELETE of another version');
SELECT is(st('1.0.3', 'DELETE', :'agent_profiles' || '&profileId=p'), 204, 'DELETE');
SELECT is((x('1.0.3', 'GET', :'agent_profiles' || '&profileId=p')).status, 404, 'it is gone');
SELECT is(st('1.0.3', 'DELETE', :'states'), 204, 'removal of all states');
SELECT is(js('1.0.3', 'GET', :'states'), '[]', 'none is left');
SELECT is(st('1.0.3', 'GET', replace(:'states', 'activityId', 'activityid')), 400, 'a parameter in another case');
SELECT is(st('1.0.3', 'GET', concat('agents/profile?agent=', e('{"mbox":'), '&profileId=p')), 400, 'an agent that is no JSON');
SELECT is(st('1.0.3', 'POST', 'activities/state?method=PUT', concat('activityId=', e('http://example.com/course'), '&agent=', agent('ana@example.com'), '&stateId=form&content=', e('some text'), '&Content-Type=', e('text/plain'), '&X-Experience-API-Version=1.0.3'),
          '{"content-type": "application/x-www-form-urlencoded"}'), 204, 'by the alternate syntax of 1.0.3');
SELECT is(headers ->> 'Content-Type' || ' ' || body, 'text/plain some text', 'is stored') FROM x('1.0.3', 'GET', :'states' || '&stateId=form');
SELECT is(st('1.0.3', 'POST', 'activities/state?method=PUT', concat('activityId=', e('http://example.com/course'), '&agent=', agent('ana@example.com'), '&stateId=form2&content=x&Content-Type=', e(E'text/plain\r\nSet-Cookie: x')),
          '{"content-type": "application/x-www-form-urlencoded"}'), 400, 'a content type with a line break is not');

-- scopes
SELECT is(st('1.0.3', m, :'states' || '&stateId=s', 'x', '{}', 'profile'), 403, m || ' of a state with scope profile') FROM unnest('{GET,PUT,POST,DELETE,HEAD}'::text[]) m;
SELECT is(st('1.0.3', 'GET', :'states', NULL, '{}', 'state'), 200, 'with scope state');
SELECT is(st('1.0.3', 'GET', :'agent_profiles', NULL, '{}', 'state'), 403, 'a profile with scope state');

-- attachments
CREATE FUNCTION pg_temp.send(who text, statement text, VARIADIC contents text[]) RETURNS public.answer LANGUAGE sql AS $$
    SELECT x('2.0.0', 'POST', 'statements', ecosys.multipart_body('b', '{"Content-Type": "application/json"}'::json || array_agg(json_build_object('Content-Type', 'text/plain', 'Content-Transfer-Encoding', 'binary',
                 'X-Experience-API-Hash', encode(sha256(convert_to(c, 'UTF8')), 'hex'))), convert_to(statement, 'UTF8') || array_agg(convert_to(c, 'UTF8'))), '{"content-type": "multipart/mixed; boundary=\"b\""}', who) FROM unnest(contents) c
$$;
CREATE FUNCTION pg_temp.with_file(id text, content text, more jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT statement(id, jsonb_build_object('attachments', jsonb_build_array(jsonb_build_object('usageType', 'http://example.com/file', 'display', jsonb_build_object('en', 'A file'), 'contentType', 'text/plain; charset=ascii',
                     'length', 27, 'sha2', encode(sha256(convert_to(content, 'UTF8')), 'hex')) || more)))
$$;
SELECT is((pg_temp.send('mine', pg_temp.with_file(id(1), 'here is a simple attachment'), 'here is a simple attachment')).status, 200, 'POST with an attachment');
SELECT is((pg_temp.send('mine', pg_temp.with_file(id(2), 'other length'), 'other length')).status, 200, 'length is not compared with the bytes');
SELECT is((js('2.0.0', 'POST', 'statements', pg_temp.with_file(id(3), 'here is a simple attachment')) ->> 'error'), 'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'application/json without fileUrl');
SELECT is((pg_temp.send('mine', pg_temp.with_file(id(3), 'x'), 'y')).status, 400, 'a part that no attachment names');
SELECT is((SELECT count(*) FROM learning.attachments), 2::bigint, 'nothing is kept of what is refused');
SELECT is((pg_temp.send('mine', pg_temp.with_file(id(1), 'z'), 'z')).status, 409, 'nor of a statement in conflict with another');
SELECT is((SELECT count(*) FROM learning.attachments), 2::bigint, 'with its contents');

SELECT is((x('2.0.0', 'GET', 'statements?statementId=' || id(1))).headers ->> 'Content-Type', 'application/json', 'GET without attachments');
CREATE TEMP TABLE response AS SELECT * FROM x('2.0.0', 'GET', 'statements?attachments=true&statementId=' || id(1), NULL::text, '{}', 'mine');
SELECT ok((SELECT headers ->> 'Content-Type' LIKE 'multipart/mixed; boundary=%' FROM response), 'GET with attachments');
SELECT is((SELECT count(*) FROM response, regexp_matches(body, encode(sha256('here is a simple attachment'), 'hex'), 'g')), 2::bigint, 'the hash stands in it twice');
SELECT is((SELECT convert_from(content, 'UTF8') FROM response, ecosys.multipart_parts(headers ->> 'Content-Type', convert_to(body, 'UTF8')) p (ordinality, part_headers, content) WHERE ordinality = 2), 'here is a simple attachment', 'and the content is there');
SELECT ok((x('2.0.0', 'GET', 'statements?attachments=true&verb=' || e('http://example.com/none'))).headers ->> 'Content-Type' LIKE 'multipart/mixed; boundary=%', 'multipart also where nothing is found');
SELECT is(st('2.0.0', 'POST', 'statements', pg_temp.with_file(id(4), 'here is a simple attachment', '{"fileUrl": "http://example.com/file"}'), '{}', 'thief'), 200, 'who knows a hash can name it');
SELECT is((SELECT count(*) FROM x('2.0.0', 'GET', 'statements?attachments=true&statementId=' || id(4), NULL::text, '{}', 'thief') r, ecosys.multipart_parts(r.headers ->> 'Content-Type', convert_to(r.body, 'UTF8'))), 1::bigint, 'but is not given the content');

-- a front that has been granted access to serve, and nothing else
CREATE ROLE documents_front;
SELECT learning.grant_access('documents_front', 'serve');
SET LOCAL ROLE documents_front;
CREATE TEMP TABLE served (what text, status int);
INSERT INTO served SELECT m, (learning.xapi_document(m, 'agents/profile', '{"agent": "{\"mbox\": \"mailto:front@example.com\"}", "profileId": "p"}', '2.0.0', '{"content-type": "application/json"}', '{}')).status
  FROM unnest('{PUT,POST,GET,DELETE}'::text[]) WITH ORDINALITY m (m, place) ORDER BY place;
INSERT INTO served SELECT 'removal', (learning.xapi_document('DELETE', 'activities/state', '{"agent": "{\"mbox\": \"mailto:front@example.com\"}", "activityId": "http://a"}', '2.0.0', '{}', NULL)).status;
INSERT INTO served SELECT 'attachments', json_array_length(json_build_array(learning.statements_of_request('multipart/mixed; boundary=b', ecosys.multipart_body('b',
       ARRAY['{"Content-Type": "application/json"}', '{"Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}']::json[],
       ARRAY['{"attachments": [{"sha2": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]}', 'a']::bytea[]))));
INSERT INTO served SELECT 'response', count(*) FROM learning.multipart_response('[]');
SELECT results_eq('SELECT what, status FROM served', $$ VALUES ('PUT', 204), ('POST', 204), ('GET', 200), ('DELETE', 204), ('removal', 204), ('attachments', 1), ('response', 1) $$, 'serves documents and attachments');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
