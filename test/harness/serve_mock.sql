-- serve_mock.sql - an ecosystem `mock` whose xapi() does what the tests of the
-- HTTP front need and the real one never would: it echoes, sleeps, fails at
-- will, at the commit too, and answers with what a front must not pass on.
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('mock');

CREATE TABLE mock.late (n integer, CONSTRAINT late_check UNIQUE (n) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO mock.late VALUES (1);
CREATE SEQUENCE mock.attempts;

DROP FUNCTION IF EXISTS mock.xapi(text, text, text, json, bytea);
CREATE FUNCTION mock.xapi(text, text, text, json, bytea)
    RETURNS TABLE (status integer, headers json, body bytea)
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    what text := regexp_replace($2, '^/xapi/', '');
    ids json;
BEGIN
    CASE what
        WHEN 'statements' THEN
            SELECT json_agg(r) INTO ids FROM mock.record(convert_from($5, 'UTF8')::json) r;
            RETURN QUERY SELECT 200, '{"Content-Type": "application/json", "X-Experience-API-Version": "2.0.0"}'::json, convert_to(ids::text, 'UTF8');
        WHEN 'echo' THEN
            RETURN QUERY SELECT 200, '{"Content-Type": "application/json"}'::json,
                convert_to(json_build_object('method', $1, 'path', $2, 'query', $3, 'headers', $4,
                                             'length', octet_length($5), 'md5', md5($5))::text, 'UTF8');
        WHEN 'body' THEN
            RETURN QUERY SELECT 200, '{"Content-Type": "application/octet-stream", "ETag": "\"e\""}'::json, $5;
        WHEN 'large' THEN
            RETURN QUERY SELECT 200, '{"Content-Type": "application/json; charset=utf-8"}'::json,
                convert_to('"' || repeat('0123456789', $3::integer) || '"', 'UTF8');
        WHEN 'large-etag' THEN
            RETURN QUERY SELECT 200, '{"Content-Type": "application/json", "ETag": "\"abc\""}'::json, convert_to('"' || repeat('x', 100000) || '"', 'UTF8');
        WHEN 'head' THEN
            RETURN QUERY SELECT 200, '{"Content-Type": "application/json", "Content-Length": "12345"}'::json, NULL::bytea;
        WHEN 'nothing' THEN
            RETURN QUERY SELECT 204, '{"ETag": "\"x\""}'::json, NULL::bytea;
        WHEN 'sleep' THEN
            PERFORM pg_sleep($3::float8);
            RETURN QUERY SELECT 200, '{"Content-Type": "text/plain"}'::json, 'slept'::bytea;
        WHEN 'raise' THEN
            RAISE EXCEPTION USING ERRCODE = $3, MESSAGE = 'relation "secret words" of the database';
        WHEN 'raise-once' THEN
            IF nextval('mock.attempts') % 2 = 1 THEN
                RAISE EXCEPTION USING ERRCODE = $3;
            END IF;
            RETURN QUERY SELECT 200, '{}'::json, 'second'::bytea;
        WHEN 'late' THEN
            INSERT INTO mock.late VALUES (1);
            RETURN QUERY SELECT 200, '{}'::json, 'stored'::bytea;
        WHEN 'kill' THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
            PERFORM pg_sleep(1);
        WHEN 'headers' THEN
            RETURN QUERY SELECT 200, json_build_object('Content-Type', 'text/plain', 'X-Good', 'fine', 'X-Split', E'a\r\nX-Injected: b',
                                                       'Content-Length', '99', 'Transfer-Encoding', 'chunked', 'X-Number', 1), 'ok'::bytea;
        WHEN 'status' THEN
            RETURN QUERY SELECT nullif($3, '')::integer, '{}'::json, 'x'::bytea;
        WHEN 'none' THEN
            RETURN;
        ELSE
            RETURN QUERY SELECT 404, '{"Content-Type": "text/plain"}'::json, 'no such resource'::bytea;
    END CASE;
END
$$;
COMMENT ON FUNCTION mock.xapi(text, text, text, json, bytea) IS 'For the tests of the front.';
