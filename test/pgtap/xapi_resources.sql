-- xapi(): documents and attachments as requests, in both versions. What their functions do by themselves is tested beside them.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE versions (v text, other text);
INSERT INTO versions VALUES ('1.0.3', '2.0.0'), ('2.0.0', '1.0.3');

-- A document resource, with names of its own in each version.
CREATE TABLE resources (resource text, context text, name text);
INSERT INTO resources VALUES ('activities/state', 'activityId=http://a&agent=' || agent('a@example.com'), 'stateId'), ('activities/profile', 'activityId=http://a', 'profileId'), ('agents/profile', 'agent=' || agent('a@example.com'), 'profileId');
CREATE TABLE d AS SELECT v, resource, name, resource || '?' || context AS many, resource || '?' || context || '&' || name || '=' || replace(v, '.', '') AS one FROM versions, resources;

SELECT is(st(v, 'GET', one), 404, v || ' ' || resource || ': none yet') FROM d;
SELECT is(st(v, 'PUT', one, 'text', '{"content-type": "text/plain", "if-none-match": "*"}'), 204, v || ' ' || resource || ': PUT, 204') FROM d;
SELECT is((x(v, 'GET', one)).body, 'text', v || ' ' || resource || ': GET, the bytes') FROM d;
SELECT is((x(v, 'GET', one)).headers ->> 'Content-Type', 'text/plain', v || ' ' || resource || ': and the type') FROM d;
SELECT is((x(v, 'GET', one)).headers ->> 'ETag', '"372ea08cab33e71c02c651dbc83a474d32c676ea"', v || ' ' || resource || ': ETag is the quoted SHA-1') FROM d;
SELECT matches((x(v, 'GET', one)).headers ->> 'Last-Modified', '^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$', v || ' ' || resource || ': Last-Modified') FROM d;
SELECT is((x(v, m, one, 'x', h)).headers ->> 'X-Experience-API-Version', v, v || ' ' || resource || ': version on ' || m || ' ' || h::text)
  FROM d, (VALUES ('GET', '{}'::jsonb), ('HEAD', '{}'), ('PUT', '{"if-match": "\"no\""}'), ('POST', '{"if-match": "\"no\""}'), ('PUT', '{"if-none-match": "*"}')) t (m, h);
SELECT is(st(v, 'PUT', one, 'x', '{"if-none-match": "*"}'), 412, v || ' ' || resource || ': If-None-Match: * and it exists') FROM d;
SELECT is(st(v, 'PUT', one, 'x', '{"if-match": "\"no\""}'), 412, v || ' ' || resource || ': If-Match differs') FROM d;
SELECT is((x(v, 'GET', one)).body, 'text', v || ' ' || resource || ': nothing changed') FROM d;
SELECT is(st(v, 'PUT', one, 'x', '{"content-type": "text/plain"}'), CASE WHEN v = '1.0.3' AND resource = 'activities/state' THEN 204 ELSE 409 END, v || ' ' || resource || ': PUT with neither header, it exists') FROM d;
SELECT is(st(v, 'PUT', one || '-new', 'x'), CASE WHEN v = '1.0.3' AND resource <> 'activities/state' THEN 400 ELSE 204 END, v || ' ' || resource || ': XAPI-00273, 00287: PUT with neither header, nothing there') FROM d;
SELECT is(st(v, 'POST', one, '{"a":1}'), 400, v || ' ' || resource || ': POST onto what is no JSON') FROM d;
SELECT is(st(v, 'POST', one || '-json', '{"a":1,"b":{"x":1}}'), 204, v || ' ' || resource || ': POST onto nothing is PUT') FROM d;
SELECT is(st(v, 'POST', one || '-json', '{"b":{"y":2},"c":3}'), 204, v || ' ' || resource || ': POST merges') FROM d;
SELECT is(js(v, 'GET', one || '-json'), '{"a": 1, "b": {"y": 2}, "c": 3}', v || ' ' || resource || ': at the top, new keys win whole') FROM d;
SELECT is(st(v, 'POST', one || '-json', body), 400, v || ' ' || resource || ': POST of ' || body) FROM d, unnest(ARRAY['[1]', '1', '{"a":', '']) body;
SELECT is(st(v, 'POST', one || '-json', '{}', '{"if-match": "\"no\""}'), 412, v || ' ' || resource || ': If-Match on POST') FROM d;
SELECT is(st(v, 'DELETE', one || '-json', NULL, '{"if-match": "\"no\""}'), 412, v || ' ' || resource || ': If-Match on DELETE') FROM d;
SELECT is(st(v, 'DELETE', one || '-json', NULL, jsonb_build_object('if-match', (x(v, 'GET', one || '-json')).headers ->> 'ETag')), 204, v || ' ' || resource || ': DELETE with its ETag') FROM d;
SELECT is(st(v, 'GET', one || '-json'), 404, v || ' ' || resource || ': it is gone') FROM d;
SELECT ok(js(v, 'GET', many) @> jsonb_build_array(replace(v, '.', '')), v || ' ' || resource || ': ids') FROM d;
SELECT is((x(v, 'GET', many || '&since=2999-01-01T00:00:00Z')).body, '[]', v || ' ' || resource || ': ids since the future') FROM d;
SELECT is(st(v, 'GET', many || '&since=yesterday'), 400, v || ' ' || resource || ': since must be a timestamp') FROM d;
SELECT is(st(v, m, many, 'x'), 400, v || ' ' || resource || ': ' || m || ' without the id') FROM d, unnest('{PUT,POST}'::text[]) m;
SELECT is(st(v, 'DELETE', many), CASE WHEN resource = 'activities/state' THEN 204 ELSE 400 END, v || ' ' || resource || ': DELETE without the id') FROM d ORDER BY resource;
SELECT is(st(v, 'GET', resource), 400, v || ' ' || resource || ': nothing given') FROM d;
SELECT is(st(v, 'GET', replace(one, agent('a@example.com'), e(a))), CASE WHEN one LIKE '%agent=%' THEN 400 ELSE 404 END, v || ' ' || resource || ': XAPI-00235, 00284, 00314: agent: ' || a)
  FROM d, unnest(ARRAY['{"mbox":"mailto:a@example.com"', '{"name":"x"}', 'x', '']) a WHERE resource <> 'activities/profile';
SELECT is(st(v, 'GET', replace(one, 'http://a', 'no-iri')), 400, v || ' ' || resource || ': activityId must be an IRI') FROM d WHERE one LIKE '%activityId%';
-- documents are the same whichever version asks
SELECT is(st('1.0.3', 'PUT', 'activities/state?activityId=http://b&stateId=s&agent=' || agent('a@example.com'), 'one'), 204, 'a state, by 1.0.3');
SELECT is((x('2.0.0', 'GET', 'activities/state?activityId=http://b&stateId=s&agent=' || e('{"name":"Any","objectType":"Agent","mbox":"mailto:a@EXAMPLE.com"}'))).body, 'one', 'is found by 2.0, and by the identifier alone');
SELECT is(st('2.0.0', 'PUT', 'activities/state?activityId=http://b&stateId=s&registration=ec531277-b57b-4c15-8d91-d292c5b2b8f7&agent=' || agent('a@example.com'), 'two'), 204, 'the same with a registration');
SELECT is((x('2.0.0', 'GET', 'activities/state?activityId=http://b&stateId=s&agent=' || agent('a@example.com'))).body, 'one', 'is another document');
SELECT is(st('2.0.0', 'GET', 'activities/state?activityId=http://b&stateId=s&registration=x&agent=' || agent('a@example.com')), 400, 'registration must be a UUID');
-- bytes that are no text
SELECT is((x('2.0.0', 'PUT', 'agents/profile?profileId=bytes&agent=' || agent('a@example.com'), '\x00ff0d0a80'::bytea, '{"content-type": "image/png"}')).status, 204, 'a document of any bytes');
SELECT is((SELECT r.body FROM learning.xapi('GET', '/xapi/agents/profile', 'profileId=bytes&agent=' || agent('a@example.com'), json_build_object('x-experience-api-version', '2.0.0', 'authorization', basic('everything'))) r), '\x00ff0d0a80', 'comes back as it was');

-- attachments
CREATE FUNCTION attachment(content text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('usageType', 'http://example.com/attachment', 'display', '{"en": "A"}'::jsonb, 'contentType', 'text/plain', 'length', 27, 'sha2', encode(sha256(convert_to($1, 'UTF8')), 'hex')) || $2
$$;
CREATE FUNCTION part(content text, headers text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce($2, E'Content-Type:text/plain\r\nContent-Transfer-Encoding:binary\r\nX-Experience-API-Hash:' || encode(sha256(convert_to($1, 'UTF8')), 'hex')) || E'\r\n\r\n' || $1
$$;
CREATE FUNCTION mixed(VARIADIC parts text[]) RETURNS text LANGUAGE sql AS $$
    SELECT E'\r\n' || string_agg(E'--here\r\n' || p || E'\r\n', '' ORDER BY n) || '--here--' FROM unnest(parts) WITH ORDINALITY u (p, n)
$$;
CREATE FUNCTION json_part(statements text) RETURNS text LANGUAGE sql AS $$ SELECT E'Content-Type: application/json\r\n\r\n' || $1 $$;
CREATE FUNCTION with_attachments(id text, VARIADIC attachments jsonb[]) RETURNS text LANGUAGE sql AS $$ SELECT statement(id, jsonb_build_object('attachments', to_jsonb($2))) $$;
CREATE FUNCTION send(v text, body text, type text DEFAULT 'multipart/mixed; boundary=here') RETURNS integer LANGUAGE sql AS $$ SELECT st(v, 'POST', 'statements', body, jsonb_build_object('content-type', type)) $$;
CREATE TABLE numbers AS SELECT v, CASE v WHEN '1.0.3' THEN 1000 ELSE 2000 END AS n FROM versions;

SELECT is(send(v, mixed(json_part(with_attachments(id(n + 1), attachment('hello'))), part('hello'))), 200, 'an attachment with its part; its length is not compared') FROM numbers;
SELECT is((x(v, 'PUT', 'statements?statementId=' || id(n + 2), mixed(json_part(with_attachments(NULL, attachment('hello 2'))), part('hello 2')), '{"content-type": "multipart/mixed; boundary=\"here\""}')).status, 204, 'by PUT; the boundary quoted') FROM numbers;
SELECT is(send(v, with_attachments(id(n + 3), attachment('elsewhere', '{"fileUrl": "http://example.com/file"}')), 'application/json'), 200, 'a fileUrl needs no part') FROM numbers;
SELECT is(send(v, mixed(json_part(with_attachments(id(n + 4), attachment('elsewhere', '{"fileUrl": "http://example.com/file"}'))))), 200, 'multipart without attachment parts') FROM numbers;
SELECT is(send(v, mixed(json_part(statement(id(n + 5))))), 200, 'multipart without attachments at all') FROM numbers;
SELECT is(send(v, mixed(json_part('[' || with_attachments(id(n + 6), attachment('b1')) || ',' || with_attachments(id(n + 7), attachment('b1'), attachment('b2')) || ']'), part('b2'), part('b1'))), 200, 'a batch; one part for two statements') FROM numbers;
SELECT is(send(v, with_attachments(NULL, attachment('nowhere')), 'application/json'), 400, 'neither fileUrl nor part') FROM numbers;
SELECT is(send(v, replace(with_attachments(NULL, attachment('nowhere')), '"attachments"', '"\u0061ttachments"'), 'application/json'), 400, 'nor behind an escape') FROM numbers;
SELECT is(send(v, body), 400, 'refused: ' || what) FROM numbers, LATERAL (VALUES
    (mixed(json_part(with_attachments(NULL, attachment('nowhere')))), 'no part'), (mixed(json_part(statement()), part('unasked')), 'a part no attachment names'),
    (mixed(json_part(with_attachments(NULL, attachment('hello'))), part('hullo')), 'a part with another hash'),
    (mixed(json_part(with_attachments(NULL, attachment('hello'))), part('hello', E'Content-Type:text/plain\r\nX-Experience-API-Hash:' || encode(sha256('hello'), 'hex'))), 'no Content-Transfer-Encoding'),
    (mixed(json_part(with_attachments(NULL, attachment('hello'))), part('hello', E'Content-Type:text/plain\r\nContent-Transfer-Encoding:base64\r\nX-Experience-API-Hash:' || encode(sha256('hello'), 'hex'))), 'another encoding'),
    (mixed(json_part(with_attachments(NULL, attachment('hello'))), part('hello', E'Content-Type:text/plain\r\nContent-Transfer-Encoding:binary')), 'no hash'),
    (mixed(json_part(with_attachments(NULL, attachment('hello'))), json_part('[]')), 'a second JSON part'), (mixed(part('hello'), json_part(with_attachments(NULL, attachment('hello')))), 'JSON is not the first'),
    ('nonsense', 'no parts'), ('', 'nothing'), (replace(mixed(json_part(statement())), '--here', '--there'), 'another boundary'), (rtrim(mixed(json_part(statement())), '-'), 'no end')) t (body, what);
SELECT is(send(v, mixed(json_part(statement())), type), 400, 'refused: ' || type) FROM numbers, unnest(ARRAY['multipart/mixed', 'multipart/mixed; boundary=', 'multipart/form-data; boundary=here']) type;
SELECT is(send(v, mixed(json_part('[' || with_attachments(id(n + 8), attachment('rolled back')) || ',{}]'), part('rolled back'))), 400, 'a bad statement in a multipart batch') FROM numbers;
SELECT is((SELECT count(*) FROM learning.attachments WHERE sha2 = encode(sha256('rolled back'), 'hex')), 0::bigint, 'keeps no attachment');
-- attachments=true
CREATE TABLE given AS SELECT v, (x(v, 'GET', 'statements?attachments=true&statementId=' || id(n + 7))) AS a FROM numbers;
SELECT matches((a).headers ->> 'Content-Type', '^multipart/mixed; ?boundary=', 'attachments=true: multipart/mixed') FROM given;
SELECT is(array_length(string_to_array((a).body, encode(sha256(convert_to(c, 'UTF8')), 'hex')), 1) - 1, 2, 'XAPI-00167: each hash stands exactly twice: ' || c) FROM given, unnest('{b1,b2}'::text[]) c;
SELECT is((SELECT array_agg(ecosys.media_type(p.headers ->> 'content-type') ORDER BY p.ordinality) FROM ecosys.multipart_parts((a).headers ->> 'Content-Type', convert_to((a).body, 'UTF8')) p), '{application/json,text/plain,text/plain}', 'the statement first, then one part a hash') FROM given;
SELECT is((SELECT (convert_from(p.content, 'UTF8')::jsonb) ->> 'id' FROM ecosys.multipart_parts((a).headers ->> 'Content-Type', convert_to((a).body, 'UTF8')) p WHERE p.ordinality = 1), id(n + 7), 'which is the one asked for') FROM given JOIN numbers USING (v);
SELECT is((SELECT array_agg(convert_from(p.content, 'UTF8') ORDER BY convert_from(p.content, 'UTF8')) FROM ecosys.multipart_parts((a).headers ->> 'Content-Type', convert_to((a).body, 'UTF8')) p WHERE p.ordinality > 1), '{b1,b2}', 'with their bytes') FROM given;
SELECT is((a).headers ->> 'Last-Modified', (x(v, 'GET', 'statements?statementId=' || id(n + 7))).headers ->> 'Last-Modified', 'and Last-Modified') FROM given JOIN numbers USING (v);
SELECT matches((x(v, 'GET', 'statements?attachments=true&limit=1&verb=http://none')).headers ->> 'Content-Type', '^multipart/mixed', 'multipart even without attachments') FROM versions;
SELECT matches((x(v, 'GET', 'statements?attachments=true&limit=1')).headers ->> 'Content-Type', '^multipart/mixed', 'of a query') FROM versions;
SELECT is((x(v, 'GET', 'statements?attachments=false&statementId=' || id(n + 7))).headers ->> 'Content-Type', 'application/json', 'attachments=false: application/json') FROM numbers;
SELECT is((x(v, 'GET', 'statements?statementId=' || id(n + 7))).headers ->> 'Content-Type', 'application/json', 'absent: application/json') FROM numbers;
SELECT ok((x(v, 'HEAD', 'statements?attachments=true&statementId=' || id(n + 7))).body IS NULL, 'HEAD of it has no body') FROM numbers;
-- signatures: the content type, through a request
SELECT is(send(v, mixed(json_part(with_attachments(NULL, attachment('x.y.z', '{"usageType": "http://adlnet.gov/expapi/attachments/signature"}'))), part('x.y.z'))), 400, 'a signature must be application/octet-stream') FROM versions;
SELECT is(send(v, mixed(json_part(with_attachments(NULL, attachment('x.y.z', '{"usageType": "http://adlnet.gov/expapi/attachments/signature", "contentType": "application/octet-stream"}'))),
    replace(part('x.y.z'), 'text/plain', 'application/octet-stream'))), 400, 'and a JWS') FROM versions;
SELECT * FROM finish();
ROLLBACK;
