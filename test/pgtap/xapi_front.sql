-- The function for PostgREST that docs/lrs.md shows, called with the settings that PostgREST makes.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE ROLE xapi_front;
SELECT learning.grant_access('xapi_front', 'serve');
\set code `awk '/^### PostgREST/ {section = 1} section && /^\140\140\140sql/ {on = 1; next} on && /^\140\140\140/ {exit} on' docs/lrs.md`
:code

-- What nginx sends on for a request, and what PostgREST answers with.
CREATE FUNCTION through(method text, path text, query text, sent jsonb, content text DEFAULT '') RETURNS TABLE (status integer, headers jsonb, body text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('request.headers', (jsonb_build_object('x-original-method', $1, 'x-original-path', $2, 'content-type', 'application/octet-stream', 'accept', '*/*')
        || CASE WHEN $3 <> '' THEN jsonb_build_object('x-original-query', $3) ELSE '{}' END || $4)::text, true);
    body := convert_from(api.lrs(convert_to($5, 'UTF8')), 'UTF8');
    status := current_setting('response.status')::integer;
    headers := (SELECT jsonb_object_agg(h.key, h.value) FROM jsonb_array_elements(current_setting('response.headers')::jsonb) e, jsonb_each(e) h);
    RETURN NEXT;
END
$$;
GRANT SELECT ON client TO xapi_front;
SET ROLE xapi_front;
SELECT is(t.body::jsonb, jsonb_build_array(id(1)), 'POST of a statement')
  FROM through('POST', '/xapi/statements', '', jsonb_build_object('x-original-authorization', basic('everything'), 'x-original-type', 'application/json', 'x-experience-api-version', '2.0.0'), statement(id(1))) t;
SELECT is(t.status, 200, 'status') FROM through('GET', '/xapi/statements', 'limit=1', jsonb_build_object('x-original-authorization', basic('everything'), 'x-experience-api-version', '1.0.3')) t;
SELECT is(t.headers ->> 'X-Experience-API-Version', '1.0.3', 'headers') FROM through('GET', '/xapi/statements', 'limit=1', jsonb_build_object('x-original-authorization', basic('everything'), 'x-experience-api-version', '1.0.3')) t;
SELECT is(t.body::jsonb #>> '{statements,0,id}', id(1), 'body') FROM through('GET', '/xapi/statements', 'limit=1', jsonb_build_object('x-original-authorization', basic('everything'), 'x-experience-api-version', '1.0.3')) t;
SELECT is(t.status, 400, 'the type is the client''s, not the front''s') FROM through('POST', '/xapi/statements', '', jsonb_build_object('x-original-authorization', basic('everything'), 'x-experience-api-version', '2.0.0'), statement()) t;
SELECT is(t.status, 401, 'without credentials') FROM through('GET', '/xapi/statements', '', '{"x-experience-api-version": "2.0.0"}') t;
SELECT is(t.headers ->> 'Content-Type', 'text/plain', 'a document''s type') FROM (SELECT count(*) FROM through('PUT', '/xapi/agents/profile', 'profileId=p&agent=' || agent('a@example.com'), jsonb_build_object('x-original-authorization', basic('everything'), 'x-original-type', 'text/plain', 'x-experience-api-version', '2.0.0'), 'text')) p,
    through('GET', '/xapi/agents/profile', 'profileId=p&agent=' || agent('a@example.com'), jsonb_build_object('x-original-authorization', basic('everything'), 'x-experience-api-version', '2.0.0')) t WHERE p.count = 1;
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
