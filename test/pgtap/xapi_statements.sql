-- xapi(): storing statements: PUT, POST, ids, batches, conflicts, what comes back, versions of statements.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE versions (v text, base integer);
INSERT INTO versions VALUES ('1.0.3', 1000), ('2.0.0', 2000);
CREATE FUNCTION got(v text, n integer) RETURNS jsonb LANGUAGE sql AS $$ SELECT js(v, 'GET', 'statements?statementId=' || id(n)) $$;
CREATE FUNCTION stored() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM learning.statements $$;

-- PUT
SELECT is((x(v, 'PUT', 'statements?statementId=' || id(base + 1), statement(id(base + 1)))).status, 204, 'PUT stores a statement: 204, ' || v) FROM versions;
SELECT is((x(v, 'PUT', 'statements?statementId=' || id(base + 2), statement())).body, NULL, 'PUT answers without content; the id is that of the parameter') FROM versions;
SELECT is(got(v, base + 2) ->> 'id', id(base + 2), 'which the statement has then') FROM versions;
SELECT is(st(v, 'PUT', 'statements', statement(id(base + 3))), 400, 'PUT without statementId') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 3), statement(id(base + 4))), 400, 'PUT: the body''s id is another than statementId') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || upper(id(base + 5)), statement(id(base + 5))), 204, 'ids in either case are the same') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 3), '[' || statement(id(base + 3)) || ']'), 400, 'PUT takes one statement, no array') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 3), body), 400, 'PUT refuses ' || coalesce(body, 'no body')) FROM versions, unnest('{"",null,"[]","{","null","1","x"}'::text[]) body;
SELECT is(st(v, 'PUT', 'statements?statementId=' || i, statement()), 400, 'PUT: not a UUID: ' || i)
  FROM versions, unnest(ARRAY['1', '{00000000-0000-4000-8000-000000000001}', 'urn:uuid:00000000-0000-4000-8000-000000000001', '00000000000040008000000000000001', '%2000000000-0000-4000-8000-000000000001']) i;

-- POST
SELECT is((x(v, 'POST', 'statements', statement(id(base + 10)))).body, '["' || id(base + 10) || '"]', 'POST of one: 200 and an array of its id') FROM versions;
SELECT is((x(v, 'POST', 'statements', '[' || statement(id(base + 13)) || ',' || statement(id(base + 11)) || ',' || statement(id(base + 12)) || ']')).body::jsonb,
          jsonb_build_array(id(base + 13), id(base + 11), id(base + 12)), 'POST of a batch: ids in the order of the body') FROM versions;
SELECT matches((x(v, 'POST', 'statements', statement())).body, '^\["[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\]$', 'an id is made') FROM versions;
SELECT is((x(v, 'POST', 'statements', statement(upper('0000000a-0000-4000-8000-' || lpad(base::text, 12, '0'))))).body, '["0000000a-0000-4000-8000-' || lpad(base::text, 12, '0') || '"]', 'an id in upper case') FROM versions;
SELECT is((x(v, 'POST', 'statements', '[]')).body, '[]', 'an empty batch is accepted') FROM versions;
SELECT is(st(v, 'POST', 'statements', body), 400, 'POST refuses ' || coalesce(body, 'no body')) FROM versions, unnest('{"",null,"{}","[1]","[[]]","[null]","null","\"a\"","[",tru,"{}{}"}'::text[]) body;
SELECT is(st(v, 'POST', 'statements', statement() || ' x'), 400, 'something behind the statement') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement() || '] x'), 400, 'something behind the batch') FROM versions;
-- atomic
CREATE TABLE counted AS SELECT stored() AS n, (SELECT count(*) FROM learning.activities) AS activities;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 20), '{"object": {"id": "http://example.com/never"}}') || ',' || statement(id(base + 21), '{"verb": {}}') || ']'), 400, 'XAPI-00326: a batch with one bad statement is refused') FROM versions;
SELECT is(st(v, 'GET', 'statements?statementId=' || id(base + 20)), 404, 'XAPI-00326: and nothing of it is kept') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 22)) || ',' || statement(id(base + 22)) || ']'), 400, 'two statements of a batch with one id') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 22)) || ',' || statement(id(base + 22), '{"verb": {"id": "http://other"}}') || ']'), 400, 'two different statements with one id') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 23)) || ',' || statement(id(base + 1), '{"verb": {"id": "http://other"}}') || ']'), 409, 'a batch with a conflict') FROM versions;
SELECT is((SELECT stored()), n, 'none of these left a statement') FROM counted;
SELECT is((SELECT count(*) FROM learning.activities), activities, 'or an activity') FROM counted;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 20), '{"object": {"id": "http://example.com/never"}}') || ']'), 200, 'what was rolled back can be sent again') FROM versions;
SELECT ok(EXISTS (SELECT FROM learning.activities WHERE iri = 'http://example.com/never'), 'and its activity is known then');

-- 3: immutability
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 1), statement(id(base + 1))), 204, 'the same statement again: 204') FROM versions;
SELECT is(st(v, 'POST', 'statements', statement(id(base + 1))), 200, 'the same by POST: 200') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement(id(base + 1)) || ',' || statement(id(base + 10)) || ']'), 200, 'the same in a batch: 200') FROM versions;
CREATE TABLE before AS SELECT v, base, got(v, base + 1) AS s FROM versions;
SELECT is(st(v, method, target, statement(id(base + 1), changes)), 409, 'another statement with the id: 409: ' || method || ' ' || changes::text)
  FROM versions, LATERAL (VALUES ('PUT', 'statements?statementId=' || id(base + 1)), ('POST', 'statements')) m (method, target),
       unnest('{"{\"verb\": {\"id\": \"http://other\"}}","{\"actor\": {\"mbox\": \"mailto:bo@example.com\"}}","{\"object\": {\"id\": \"http://example.com/course2\"}}","{\"result\": {\"success\": true}}","{\"context\": {\"platform\": \"x\"}}"}'::jsonb[]) changes;
SELECT is(got(v, base + 1), s, 'nothing changed') FROM before;
SELECT is(st(v, 'POST', 'statements', statement(id(base + 1), changes)), 200, 'the same by xAPI''s comparison: ' || what)
  FROM versions, (VALUES ('{"verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"de": "abgeschlossen"}}}'::jsonb, 'verb.display'),
                         ('{"object": {"objectType": "Activity", "id": "http://example.com/course", "definition": {"name": {"de": "Kurs"}}}}', 'activity definition'),
                         ('{"stored": "2020-01-01T00:00:00Z"}', 'stored'), ('{"authority": {"mbox": "mailto:someone@example.com"}}', 'authority'),
                         ('{"actor": {"mbox": "mailto:ana@EXAMPLE.com", "name": "Ana"}}', 'case of the mail domain')) t (changes, what);
SELECT is(got(v, base + 1), s, 'still nothing changed') FROM before;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 30), statement(id(base + 30), '{"result": {"duration": "PT1M0.128S"}, "context": {"contextActivities": {"parent": {"id": "http://p"}}}, "timestamp": "2020-01-01T10:00:00Z"}')), 204, 'a statement to compare with') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 30), statement(id(base + 30), '{"result": {"duration": "PT1M0.12S"}, "context": {"contextActivities": {"parent": [{"id": "http://p"}]}}, "timestamp": "2020-01-01T12:00:00+02:00"}')), 204,
          'durations compare to hundredths, a lone context activity is an array of one, time zones do not count') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 30), statement(id(base + 30), '{"result": {"duration": "PT1M0.13S"}, "context": {"contextActivities": {"parent": [{"id": "http://p"}]}}, "timestamp": "2020-01-01T12:00:00+02:00"}')), 409, 'a duration is cut, not rounded') FROM versions;

-- content types
SELECT is((x(v, 'POST', 'statements', statement(), jsonb_build_object('content-type', type))).status, 400, 'statements as ' || coalesce(type, 'nothing') || ' are refused')
  FROM versions, unnest('{multipart/form-data; boundary=x,text/plain,application/xml,application/jsonx,json,application/octet-stream,application/x-www-form-urlencoded,"",null}'::text[]) type;
SELECT is((x(v, 'POST', 'statements', statement(), jsonb_build_object('content-type', type))).status, 200, 'statements as ' || type)
  FROM versions, unnest('{application/json,application/json; charset=utf-8,application/json;charset=UTF-8,Application/JSON}'::text[]) type;

-- 7: versions of statements
SELECT is(st('1.0.3', 'POST', 'statements', statement(NULL, changes)), 400, '1.0.3: refused: ' || changes::text)
  FROM unnest(ARRAY['{"version": "2.0.0"}', '{"version": "2.0.1"}', '{"version": "0.9.9"}', '{"version": "1.1.0"}', '{"version": "1"}', '{"context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@example.com"}, "relevantTypes": ["http://t"]}]}}',
      '{"context": {"contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "mbox": "mailto:a@example.com"}, "relevantTypes": ["http://t"]}]}}',
      '{"object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:a@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://o"}, "context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@example.com"}, "relevantTypes": ["http://t"]}]}}}']::jsonb[]) changes;
SELECT is(st('2.0.0', 'POST', 'statements', statement(NULL, changes)), 200, '2.0: accepted: ' || changes::text)
  FROM unnest(ARRAY['{"version": "2.0.0"}', '{"version": "2.0.1"}', '{"version": "1.0.0"}', '{"version": "1.0"}', '{"version": "1.0.9"}', '{"context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@example.com"}, "relevantTypes": ["http://t"]}]}}',
      '{"context": {"contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "mbox": "mailto:a@example.com"}, "relevantTypes": ["http://t"]}]}}']::jsonb[]) changes;
SELECT is(st('1.0.3', 'POST', 'statements', statement(NULL, changes)), 200, '1.0.3: accepted: ' || changes::text) FROM unnest(ARRAY['{"version": "1.0"}', '{"version": "1.0.0"}', '{"version": "1.0.9"}']::jsonb[]) changes;
SELECT is(js('1.0.3', 'POST', 'statements', '[' || statement() || ',' || statement(NULL, '{"version": "2.0.0"}') || ']') - 'error', '{"pointer": "/1", "rule": "request.version"}', 'the statement of another version is pointed at');
SELECT is((got('1.0.3', 1001)) ->> 'version', '1.0.0', 'a statement without a version that came as 1.0.3 has 1.0.0');
SELECT is((got('2.0.0', 2001)) ->> 'version', '2.0.0', 'one that came as 2.0 has 2.0.0');
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 40), statement(NULL, '{"version": "1.0.9"}')), 204, 'a statement with a version') FROM versions;
SELECT is(got(v, base + 40) ->> 'version', '1.0.9', 'is kept as sent') FROM versions;
SELECT is(st('1.0.3', 'POST', 'statements', statement(id(2001))), 200, 'the version that the LRS set does not count in comparing');

-- 5: what is returned
SELECT is(got(v, base + 1) - '{id,stored,timestamp,authority,version}'::text[], statement()::jsonb, 'exact: as it was sent') FROM versions;
SELECT is(got(v, base + 1) -> 'authority', '{"objectType": "Agent", "account": {"homePage": "http://localhost", "name": "everything"}}', 'authority is the client''s') FROM versions;
SELECT matches(got(v, base + 1) ->> key, '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}Z$', 'XAPI-00122, 00023: ' || key || ' is UTC, with a fraction') FROM versions, unnest('{stored,timestamp}'::text[]) key;
SELECT is(got(v, base + 1) ->> 'timestamp', got(v, base + 1) ->> 'stored', 'a timestamp that is absent is stored') FROM versions;
SELECT is(st(v, 'POST', 'statements', left(statement(), -1) || ',"timestamp":null}'), 400, '"timestamp": null is refused') FROM versions;
SELECT is(st(v, 'POST', 'statements', statement(id(base + 41), '{"timestamp": "2031-01-01T00:00:00.1234560+01:00", "stored": "2001-01-01T00:00:00Z", "authority": {"mbox": "mailto:x@example.com"}}')), 200, 'the future, a stored and an authority of the client''s') FROM versions;
SELECT is((got(v, base + 41) ->> 'timestamp')::timestamptz, '2030-12-31 23:00:00.123456+00', 'timestamp is the same instant') FROM versions;
SELECT ok((got(v, base + 41) ->> 'stored')::timestamptz > now() - interval '1 hour', 'stored is overwritten') FROM versions;
SELECT is(got(v, base + 41) #>> '{authority,account,name}', 'everything', 'authority is overwritten') FROM versions;
SELECT is(st(v, 'POST', 'statements', left(statement(), -1) || ',"authority":' || authority || '}'), 400, 'an authority that is none, though it would be overwritten: ' || authority)
  FROM versions, unnest(ARRAY['{"objectType":"Group","mbox":"mailto:g@example.com","member":[{"mbox":"mailto:a@example.com"},{"mbox":"mailto:b@example.com"}]}',
      '{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}', '{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"},{"mbox":"mailto:b@example.com"},{"mbox":"mailto:c@example.com"}]}',
      '{}', 'null', '{"name":"x"}', '"x"', '{"mbox":"x"}']) authority;
SELECT is(st(v, 'POST', 'statements', '[' || statement() || ',' || left(statement(), -1) || ',"\u0061uthority":{}}]'), 400, 'a bad authority behind an escape') FROM versions;
SELECT is(st(v, 'POST', 'statements', left(statement(), -1) || ',"authority":{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"},{"mbox":"mailto:b@example.com"}]}}'), 200, 'an authority of two') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 42), statement(NULL, '{"context": {"contextActivities": {"parent": {"id": "http://p"}, "other": [{"id": "http://q"}, {"id": "http://r"}]}}}')), 204, 'context activities') FROM versions;
SELECT is(got(v, base + 42) #> '{context,contextActivities}', '{"parent": [{"id": "http://p"}], "other": [{"id": "http://q"}, {"id": "http://r"}]}', 'context activities are returned as arrays') FROM versions;
-- 6: what JSON allows and PostgreSQL does not
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 43), left(statement(), -1) || ',"result":{"extensions":{"http://e":{"a":"\u0000","b":1.50e+1,"c":-0.0,"d":1e999999,"e":"\ud800","f":' || repeat('[', 500) || repeat(']', 500) || ',"g":null,"h":""}}}}'), 204,
          'extensions take any JSON') FROM versions;
SELECT ok(strpos((x(v, 'GET', 'statements?statementId=' || id(base + 43))).body, '{"a":"\u0000","b":1.50e+1,"c":-0.0,"d":1e999999,"e":"\ud800","f":' || repeat('[', 500) || repeat(']', 500) || ',"g":null,"h":""}') > 0, 'and come back byte for byte') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 44), statement(NULL, jsonb_build_object('object', jsonb_build_object('id', 'http://example.com/' || repeat('a', 6000))))), 204, 'IRIs of 6,000 characters') FROM versions;
SELECT is(length(got(v, base + 44) #>> '{object,id}'), 6019, 'come back whole') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 45), statement(NULL, '{"object": {"id": "http://example.com/a/../b/./c"}}')), 204, 'an IRI with dots') FROM versions;
SELECT is(got(v, base + 45) #>> '{object,id}', 'http://example.com/a/../b/./c', 'is not normalised') FROM versions;
SELECT is(st(v, 'PUT', 'statements?statementId=' || id(base + 46), statement(NULL, '{"actor": {"mbox": "mailto:a@example.com", "name": "日本語 🎓 é"}}')), 204, 'Unicode') FROM versions;
SELECT is(got(v, base + 46) #>> '{actor,name}', '日本語 🎓 é', 'comes back') FROM versions;
-- 4: Last-Modified
SELECT is((x(v, 'GET', 'statements?statementId=' || id(base + 1))).headers ->> 'Last-Modified', to_char((got(v, base + 1) ->> 'stored')::timestamptz, 'Dy, DD Mon YYYY HH24:MI:SS "GMT"'), 'Last-Modified of one statement is stored, to the second') FROM versions;
SELECT is((x(v, 'GET', 'statements?statementId=' || id(base + 1))).headers ->> 'Content-Type', 'application/json', 'one statement is application/json') FROM versions;

-- activities
SELECT is(js(v, 'GET', 'activities?activityId=http://example.com/unheard-of'), '{"objectType": "Activity", "id": "http://example.com/unheard-of"}', 'an activity never seen is an Activity') FROM versions;
SELECT is(st(v, 'POST', 'statements', statement(NULL, jsonb_build_object('object', jsonb_build_object('objectType', 'Activity', 'id', 'http://example.com/one' || base, 'definition', '{"name": {"en": "One"}, "description": {"en": "D"}, "type": "http://t", "moreInfo": "http://m", "extensions": {"http://e": {"a": [1, null]}}}'::jsonb)))), 200, 'an activity with a definition') FROM versions;
SELECT is(js(v, 'GET', 'activities?activityId=http://example.com/one' || base),
          jsonb_build_object('objectType', 'Activity', 'id', 'http://example.com/one' || base, 'definition', '{"name": {"en": "One"}, "description": {"en": "D"}, "type": "http://t", "moreInfo": "http://m", "extensions": {"http://e": {"a": [1, null]}}}'::jsonb),
          'the complete Activity Object, deeply equal') FROM versions;
SELECT is(st(v, 'POST', 'statements', '[' || statement(NULL, jsonb_build_object('object', jsonb_build_object('id', 'http://example.com/two' || base, 'definition', '{"name": {"en": "Two"}}'::jsonb))) || ','
              || statement(NULL, jsonb_build_object('object', jsonb_build_object('id', 'http://example.com/two' || base, 'definition', '{"name": {"de": "Zwei"}}'::jsonb))) || ']'), 200, 'two languages in one batch') FROM versions;
SELECT is(js(v, 'GET', 'activities?activityId=http://example.com/two' || base) #> '{definition,name}', '{"en": "Two", "de": "Zwei"}', 'XAPI-00254: definitions are merged across a batch') FROM versions;
SELECT is(st(v, 'GET', 'activities'), 400, 'activityId is required') FROM versions;
SELECT is(st(v, 'GET', 'activities?activityId=no-iri'), 400, 'activityId must be an IRI') FROM versions;
SELECT is(st(v, 'GET', 'activities?activityId='), 400, 'activityId must not be empty') FROM versions;

-- agents
SELECT is(js(v, 'GET', 'agents?agent=' || e(a)), p, 'Person: ' || a)
  FROM versions, (VALUES ('{"mbox":"mailto:ana@example.com"}', '{"objectType": "Person", "name": ["Ana"], "mbox": ["mailto:ana@example.com"]}'::jsonb),
                         ('{"mbox":"mailto:nobody@example.com"}', '{"objectType": "Person", "mbox": ["mailto:nobody@example.com"]}'),
                         ('{"objectType":"Agent","name":"N","mbox":"mailto:nobody@example.com"}', '{"objectType": "Person", "name": ["N"], "mbox": ["mailto:nobody@example.com"]}'),
                         ('{"mbox_sha1sum":"cd9b00a5611f94eaa7b1661edab976068e364975"}', '{"objectType": "Person", "mbox_sha1sum": ["cd9b00a5611f94eaa7b1661edab976068e364975"]}'),
                         ('{"openid":"http://openid.example.com/x"}', '{"objectType": "Person", "openid": ["http://openid.example.com/x"]}'),
                         ('{"account":{"homePage":"http://h","name":"n"}}', '{"objectType": "Person", "account": [{"homePage": "http://h", "name": "n"}]}')) t (a, p);
SELECT is(st(v, 'GET', 'agents?agent=' || e(a)), 400, 'XAPI-00235: refused as agent: ' || a)
  FROM versions, unnest('{"","{","{\"name\":\"x\"}","{\"mbox\":\"x\"}","[]","null","1","x","{\"mbox\":\"mailto:a@example.com\",}","{\"mbox\":\"mailto:a@example.com\",\"openid\":\"http://o\"}","{\"mbox\":\"mailto:a@example.com\",\"x\":1}","mailto:a@example.com","{\"objectType\":\"Group\",\"member\":[]}","{\"mbox\":null}"}'::text[]) a;
SELECT is(st(v, 'GET', 'agents'), 400, 'agent is required') FROM versions;
SELECT * FROM finish();
ROLLBACK;
