-- xapi(): routing, versions, methods, headers of every answer, about, the alternate request syntax.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql

-- Both versions, and what each answers with.
CREATE TABLE versions (v text);
INSERT INTO versions VALUES ('1.0.3'), ('2.0.0');

-- 7: the header decides
SELECT is((x(v, 'GET', 'statements')).headers ->> 'X-Experience-API-Version', v, 'the response carries the version of the request, ' || v) FROM versions;
SELECT is((x(r, 'GET', 'statements')).headers ->> 'X-Experience-API-Version', a, 'a request of ' || r || ' is answered as ' || a)
  FROM (VALUES ('1.0', '1.0.3'), ('1.0.0', '1.0.3'), ('1.0.2', '1.0.3'), ('1.0.32', '1.0.3'), ('2.0', '2.0.0'), ('2.0.7', '2.0.0')) t (r, a);
SELECT is(st(r, 'GET', 'statements'), 400, 'XAPI-00331: version ' || quote_literal(r) || ' is refused')
  FROM unnest('{0.9,0.95,0.9.9,1,1.1.0,1.1,2.1.0,2,3.0.0,1.0.,1.0.x,"1.0.3, 2.0.0",v1.0.3," 1.0.3",""}'::text[]) r;
SELECT is((x('1.1.0', 'GET', base || 'statements')).headers ->> 'X-Experience-API-Version', v, 'an unsupported version is answered with that of the base path ' || base)
  FROM (VALUES ('/xapi/', '2.0.0'), ('/xapi/1.0.3/', '1.0.3'), ('/xapi/2.0.0/', '2.0.0')) t (base, v);

-- 7: a request without the header is refused, its answer follows the base path
SELECT is(((x(NULL, method, base || resource, CASE WHEN method IN ('PUT', 'POST') THEN '{}' END))).status, 400,
          'XAPI-00331: ' || method || ' ' || base || resource || ' without X-Experience-API-Version')
  FROM unnest('{/xapi/,/xapi/1.0.3/,/xapi/2.0.0/}'::text[]) base, unnest('{GET,POST,PUT}'::text[]) method, unnest('{statements,activities/state,agents}'::text[]) resource;
SELECT is((x(NULL, method, base || 'statements', CASE WHEN method <> 'GET' THEN statement() END)).headers ->> 'X-Experience-API-Version', v,
          'XAPI-00331: ' || method || ' ' || base || 'statements without the header: the 400 carries ' || v)
  FROM (VALUES ('/xapi/', '2.0.0'), ('/xapi/1.0.3/', '1.0.3'), ('/xapi/2.0.0/', '2.0.0')) t (base, v), unnest('{GET,POST,PUT}'::text[]) method;
SELECT is((x(v, 'GET', base || 'statements')).headers ->> 'X-Experience-API-Version', v, 'the header counts, not the base path ' || base)
  FROM unnest('{/xapi/1.0.3/,/xapi/2.0.0/}'::text[]) base, versions;

-- 1: every answer, every error says so and why
SELECT is((x(v, method, target, content, more)).headers ->> 'X-Experience-API-Version', v, 'every response carries the version: ' || what || ', ' || v)
  FROM versions, (VALUES ('GET', 'statements?nothing=1', NULL, '{}'::jsonb, 'unknown parameter'), ('POST', 'statements', '[{}]', '{}', 'bad statement'),
                         ('GET', 'activities/state', NULL, '{}', 'parameters missing'), ('GET', 'statements', NULL, '{"authorization": null}', 'no credentials'),
                         ('GET', 'nothing', NULL, '{}', 'no such resource'), ('DELETE', 'statements', NULL, '{}', 'no such method'),
                         ('GET', 'about', NULL, '{}', 'about'), ('GET', 'activities?activityId=http://a', NULL, '{}', 'activities'),
                         ('GET', 'activities/state?activityId=http://a&stateId=x&agent=' || agent('a@example.com'), NULL, '{}', 'no such document'),
                         ('GET', 'activities/state?activityId=http://a&agent=' || agent('a@example.com'), NULL, '{}', 'list of documents')) t (method, target, content, more, what);
SELECT ok(length((js(v, method, target, content, more)) ->> 'error') > 10, 'every error has a body saying why: ' || what || ', ' || v)
  FROM versions, (VALUES ('GET', 'statements?nothing=1', NULL, '{}'::jsonb, 'unknown parameter'), ('POST', 'statements', '[{}]', '{}', 'bad statement'),
                         ('GET', 'statements', NULL, '{"authorization": null}', 'no credentials'), ('GET', 'nothing', NULL, '{}', 'no such resource'),
                         ('GET', 'statements?statementId=' || id(404), NULL, '{}', 'no such statement'), ('DELETE', 'statements', NULL, '{}', 'no such method'),
                         ('GET', 'activities/state?activityId=http://a&stateId=x&agent=' || agent('a@example.com'), NULL, '{}', 'no such document')) t (method, target, content, more, what);
SELECT is(js('2.0.0', 'POST', 'statements', '[' || statement() || ',' || statement(NULL, '{"verb": {"id": "no iri"}}') || ']') - 'error', '{"pointer": "/1/verb/id", "rule": "format.iri"}',
          'a bad statement is pointed at, with the rule');
SELECT is((x(v, 'GET', 'nothing')).status, 404, 'a resource that is not is 404') FROM versions;
SELECT is((x('2.0.0', 'GET', path)).status, 404, 'no resource: ' || path)
  FROM unnest('{/xapi,/xapi/,/xapi/statement,/xapi/Statements,/xapi/statements/,/xapi/1.0.2/statements,/statements,/xapi/activities/states,/xapi/%73tatements%00,/xapi/%zz}'::text[]) path;
SELECT is((x('2.0.0', 'GET', path)).status, 200, 'the same resource: ' || path) FROM unnest('{/xapi/%73tatements,/lrs/xapi/statements,/xapi/1.0.3/statements}'::text[]) path;
SELECT is((x(v, method, resource)).status, 405, '' || resource || ' has no ' || method)
  FROM versions, (VALUES ('statements', 'DELETE'), ('about', 'POST'), ('about', 'PUT'), ('agents', 'PUT'), ('agents', 'POST'), ('activities', 'DELETE'), ('statements', 'PATCH'),
                         ('statements', 'get'), ('activities/state', 'OPTIONS')) t (resource, method);
SELECT is((x('2.0.0', 'DELETE', 'statements')).headers ->> 'Allow', 'GET, HEAD, PUT, POST', '405 says what is allowed');

-- 4: Consistent-Through on every answer of /statements
SELECT matches((x(v, method, target, content, more)).headers ->> 'X-Experience-API-Consistent-Through', '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$',
               'X-Experience-API-Consistent-Through: ' || what || ', ' || v)
  FROM versions, (VALUES ('GET', 'statements', NULL, '{}'::jsonb, 'query'), ('GET', 'statements?nothing=1', NULL, '{}', 'misusing GET (status code 400)'),
                         ('POST', 'statements', statement(), '{}', 'POST'), ('POST', 'statements', '{}', '{}', 'POST refused'), ('PUT', 'statements?statementId=' || id(1), statement(), '{}', 'PUT'),
                         ('GET', 'statements?statementId=' || id(404), NULL, '{}', 'not found (404)'), ('HEAD', 'statements', NULL, '{}', 'HEAD'),
                         ('GET', 'statements', NULL, '{"authorization": null}', '401'), ('GET', 'statements', NULL, '{"x-experience-api-version": null}', 'no version'),
                         ('DELETE', 'statements', NULL, '{}', '405'), ('GET', 'statements?attachments=true', NULL, '{}', 'attachments')) t (method, target, content, more, what);

-- 1: about
SELECT is((x(v, 'GET', 'about', NULL, '{"authorization": null}')).status, 200, 'about needs no credentials') FROM versions;
SELECT is((x(NULL, 'GET', 'about', NULL, '{"authorization": null}')).status, 200, 'about needs no version header');
SELECT ok(js(NULL, 'GET', '/xapi/' || v || '/about', NULL, '{"authorization": null}') -> 'version' ? v, 'about lists ' || v) FROM versions;
SELECT is(jsonb_typeof(js(v, 'GET', 'about') -> 'extensions'), 'object', 'about has extensions') FROM versions;
SELECT is((x(v, 'GET', 'about?x=1')).status, 400, 'about has no parameters') FROM versions;
SELECT is((x(NULL, 'GET', base || 'about')).headers ->> 'X-Experience-API-Version', v, 'about without the header answers with the version of ' || base)
  FROM (VALUES ('/xapi/', '2.0.0'), ('/xapi/1.0.3/', '1.0.3'), ('/xapi/2.0.0/', '2.0.0')) t (base, v);
SELECT is((x(v, 'HEAD', 'about')).body, NULL, 'HEAD of about has no body') FROM versions;

-- 1: HEAD is GET without a body
SELECT is(st('1.0.3', 'PUT', 'statements?statementId=' || id(1), statement()), 204, 'a statement to ask for');
SELECT is(st('1.0.3', 'POST', 'activities/state?activityId=http://a&stateId=head&agent=' || agent('a@example.com'), '{"a":1}'), 204, 'and a document');
SELECT is((x(v, 'HEAD', target)).headers - 'X-Experience-API-Consistent-Through', (x(v, 'GET', target)).headers - 'X-Experience-API-Consistent-Through', 'HEAD has the headers of GET: ' || target)
  FROM versions, unnest(ARRAY['statements', 'statements?statementId=' || id(1), 'statements?limit=1', 'activities?activityId=http://a', 'agents?agent=' || agent('a@example.com'), 'about',
                              'activities/state?activityId=http://a&agent=' || agent('a@example.com'), 'activities/state?activityId=http://a&stateId=head&agent=' || agent('a@example.com')]) target;
SELECT ok((x(v, 'HEAD', target)).body IS NULL AND (x(v, 'HEAD', target)).status = 200, 'HEAD has no body: ' || target)
  FROM versions, unnest(ARRAY['statements', 'statements?statementId=' || id(1), 'statements?attachments=true', 'activities?activityId=http://a', 'agents?agent=' || agent('a@example.com'), 'about',
                              'activities/state?activityId=http://a&agent=' || agent('a@example.com'), 'activities/state?activityId=http://a&stateId=head&agent=' || agent('a@example.com')]) target;

-- 7: the alternate request syntax of 1.0.3
CREATE FUNCTION form(fields jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT string_agg(e(key) || '=' || e(value), '&') FROM jsonb_each_text($1) $$;
CREATE FUNCTION alternate(method text, resource text, fields jsonb, headers jsonb DEFAULT '{}', http_method text DEFAULT 'POST', version text DEFAULT NULL, who text DEFAULT 'nobody')
    RETURNS answer LANGUAGE sql VOLATILE AS $$
    SELECT x($6, $5, $2 || '?method=' || $1, form($3), '{"content-type": "application/x-www-form-urlencoded", "authorization": null}'::jsonb || $4, $7)
$$;
CREATE FUNCTION ours(more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('Authorization', basic('everything'), 'X-Experience-API-Version', '1.0.3', 'Content-Type', 'application/json') || $1
$$;
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(10), 'content', statement(id(10)))))).status, 204,
          'alternate syntax: PUT of a statement, all of it in the form');
SELECT is(js('1.0.3', 'GET', 'statements?statementId=' || id(10)) ->> 'id', id(10), 'it is stored');
SELECT is((alternate('POST', 'statements', ours(jsonb_build_object('content', '[' || statement(id(11)) || ']')))).body, '["' || id(11) || '"]', 'alternate syntax: POST');
SELECT is((alternate('GET', 'statements', ours('{"limit": "1"}') - 'Content-Type')).status, 200, 'XAPI-00148: a POST that contains a GET; credentials and version only in the form');
SELECT is((alternate('GET', 'statements', ours(jsonb_build_object('statementId', id(11))))).body::jsonb ->> 'id', id(11), 'parameters come from the form');
SELECT is((alternate('PUT', 'activities/state', ours(jsonb_build_object('activityId', 'http://a', 'stateId', 'alt', 'agent', '{"mbox":"mailto:a@example.com"}', 'content', '{"x":1}')))).status, 204,
          'alternate syntax: PUT of a document');
SELECT is((alternate('GET', 'activities/state', ours(jsonb_build_object('activityId', 'http://a', 'stateId', 'alt', 'agent', '{"mbox":"mailto:a@example.com"}')))).body, '{"x":1}', 'and GET of it');
SELECT is((alternate('DELETE', 'activities/state', ours(jsonb_build_object('activityId', 'http://a', 'stateId', 'alt', 'agent', '{"mbox":"mailto:a@example.com"}')))).status, 204, 'and DELETE of it');
SELECT is((alternate('PUT', 'activities/profile', ours(jsonb_build_object('activityId', 'http://a', 'profileId', 'alt', 'content', 'text', 'Content-Type', 'text/plain', 'If-None-Match', '*')))).status, 204,
          'alternate syntax: If-None-Match from the form');
SELECT is((alternate('PUT', 'activities/profile', ours(jsonb_build_object('activityId', 'http://a', 'profileId', 'alt', 'content', 'text', 'Content-Type', 'text/plain', 'If-None-Match', '*')))).status, 412,
          'and obeyed');
SELECT is((alternate('GET', 'activities/profile', ours('{"activityId": "http://a", "profileId": "alt"}'))).headers ->> 'Content-Type', 'text/plain', 'the content''s type is that of the form');
SELECT is((x('1.0.3', 'POST', 'statements?method=GET&limit=1', form(ours()), '{"content-type": "application/x-www-form-urlencoded", "authorization": null}')).status, 400,
          'alternate syntax with another query parameter');
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(12), 'content', statement())), '{}', m)).status, 400, 'alternate syntax not sent by POST but ' || m) FROM unnest('{PUT}'::text[]) m;
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(12))))).status, 400, 'alternate syntax without content');
SELECT is((x('1.0.3', 'POST', 'statements?method=PUT&statementId=' || id(12), statement())).status, 400, 'alternate syntax with parameters in the query');
SELECT is((x('1.0.3', 'POST', 'statements?method=PUT', statement())).status, 400, 'alternate syntax with a body that is not form-encoded');
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(13), 'content', statement(id(13)))), jsonb_build_object('x-experience-api-version', '0.9', 'authorization', 'Basic nonsense'))).status, 204,
          'a form field outranks the header of its name');
SELECT is((alternate('PUT', 'statements', (ours(jsonb_build_object('statementId', id(14), 'content', statement(id(14)))) - 'Authorization') - 'X-Experience-API-Version',
                     jsonb_build_object('x-experience-api-version', '1.0.3', 'authorization', basic('everything')))).status, 204, 'headers count where the form has none of that name');
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(15), 'content', statement(), 'unknown', 'x')))).status, 400, 'an unknown form field is an unknown parameter');
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(15), 'content', '{"nonsense"')))).status, 400, 'content that is no statement');
SELECT is((alternate('GET', 'statements', ours() - 'Authorization')).status, 401, 'credentials are needed in the form, too');
SELECT is((alternate('PATCH', 'statements', ours())).status, 405, 'a method that is none');
SELECT is((alternate('PUT', 'statements', ours('{"X-Experience-API-Version": "2.0.0"}') || jsonb_build_object('statementId', id(16), 'content', statement()))).status / 100, 4, 'XAPI 2.0: alternate syntax is refused');
SELECT is((alternate('GET', 'statements', (ours() - 'X-Experience-API-Version'), '{}', 'POST', '2.0.0')).status / 100, 4, 'XAPI 2.0: refused, version by the header');
SELECT is(st('2.0.0', 'GET', 'statements?statementId=' || id(16)), 404, 'nothing was stored');
SELECT is((alternate('PUT', 'statements', ours(jsonb_build_object('statementId', id(17), 'content', statement(NULL, '{"actor": {"mbox": "mailto:a+b@example.com", "name": "é & = % +"}}'))))).status, 204, 'a form with characters that need encoding');
SELECT is(js('1.0.3', 'GET', 'statements?statementId=' || id(17)) #>> '{actor,name}', 'é & = % +', 'they arrive');

-- 1: parameters of every resource: unknown ones, wrongly cased, doubly given
SELECT is((x(v, 'GET', target)).status, 400, 'refused: ' || target)
  FROM versions, unnest(ARRAY['statements?StatementId=' || id(1), 'statements?LIMIT=1', 'statements?Limit=1', 'statements?foo=bar', 'statements?limit=1&limit=2', 'statements?limit=1&limit=1',
      'statements?=1', 'statements?limit', 'statements?limit=', 'agents?agent=' || agent('a@example.com') || '&x=1', 'agents?Agent=' || agent('a@example.com'), 'activities?activityid=http://a',
      'activities?activityId=http://a&foo=bar', 'activities/state?activityId=http://a&agent=' || agent('a@example.com') || '&StateId=1', 'activities/profile?activityId=http://a&agent=' || agent('a@example.com'),
      'agents/profile?agent=' || agent('a@example.com') || '&activityId=http://a', 'statements?method=GET', 'statements?activityId=http://a', 'statements?stateId=a', 'about?version=1']) target;
SELECT is((x(v, method, target, statement())).status, 400, 'refused: ' || method || ' ' || target)
  FROM versions, (VALUES ('POST', 'statements?statementId=' || id(1)), ('POST', 'statements?foo=1'), ('PUT', 'statements'), ('PUT', 'statements?statementId=' || id(1) || '&foo=1'),
                         ('PUT', 'statements?statementid=' || id(1)), ('PUT', 'statements?statementId=nonsense'), ('PUT', 'statements?voidedStatementId=' || id(1))) t (method, target);
-- decoding
SELECT is((x('2.0.0', 'GET', target)).status, 400, 'broken encoding is refused: ' || target)
  FROM unnest('{statements?verb=http://a%2,statements?verb=http://a%zz,statements?verb=http://a%ff,statements?verb=http://a%c3,statements?verb=http://a%00,statements?%ff=1,statements?verb=http://%ed%a0%80}'::text[]) target;
SELECT is((x('2.0.0', 'GET', target)).status, 200, 'accepted: ' || target)
  FROM unnest(ARRAY['statements?', 'statements?&&', 'statements?%6cimit=1', 'statements?limit=%31&', 'statements?verb=http%3A%2F%2Fexample.com%2F%C3%A9', 'statements?agent=' || replace(agent('a@example.com'), '%3A', ':')]) target;
SELECT is(js('2.0.0', 'GET', 'agents?agent=%7B%22mbox%22:%22mailto:a@example.com%22,%22name%22:%22A+B%22%7D') -> 'name', '["A B"]', '+ is a space');
SELECT * FROM finish();
ROLLBACK;
