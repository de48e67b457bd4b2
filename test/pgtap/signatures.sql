-- Signed statements. Keys, certificates and signatures are made here, by the
-- program openssl; how a forged one is told is tested at length in
-- test/unit/signature_test.c.
BEGIN;
SELECT plan(36);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');

\set folder `mktemp -d`
\set made `openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=signer -keyout :'folder'/key -outform DER -out :'folder'/certificate 2>/dev/null && echo yes`
\set certificate `openssl base64 -A -in :'folder'/certificate`
SELECT is(:'made'::text, 'yes', 'there is a key');

CREATE FUNCTION pg_temp.base64url(bytes bytea) RETURNS text LANGUAGE sql AS $$ SELECT translate(encode(bytes, 'base64'), E'+/=\n', '-_') $$;
CREATE FUNCTION pg_temp.base64url(text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.base64url(convert_to($1, 'UTF8')) $$;
CREATE FUNCTION pg_temp.st(changes jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
    SELECT ('{"id": "33cff416-e331-4c9d-969e-5373a1756120", "actor": {"mbox": "mailto:example@example.com", "name": "Example Learner"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced", "display": {"en-US": "experienced"}},
              "object": {"id": "https://example.com/video", "definition": {"name": {"en-US": "Taxes"}}}, "timestamp": "2013-04-01T12:00:00Z", "result": {"duration": "P1DT12H36M0.12S"}}'::jsonb || changes)::text
$$;

-- what is signed: a name, the header, the payload
CREATE TEMP TABLE signed (name text, header text, payload text, place int GENERATED ALWAYS AS IDENTITY, jws text);
INSERT INTO signed (name, header, payload)
SELECT v.name, v.header, v.payload
  FROM (SELECT format('{"alg": "RS256", "x5c": ["%s"]}', :'certificate') AS chain) c,
       LATERAL (VALUES ('good', c.chain, pg_temp.st()),
                       ('no certificate', '{"alg": "RS256"}', (pg_temp.st()::jsonb - 'id')::text),
                       ('HS256', '{"alg": "HS256"}', pg_temp.st()),
                       ('none', '{"alg": "none"}', pg_temp.st()),
                       ('RS512 by SHA-256', replace(c.chain, 'RS256', 'RS512'), pg_temp.st()),
                       ('no JSON', c.chain, left(pg_temp.st(), -1)),
                       ('no statement', c.chain, '{"a": 1}'),
                       ('as stored', c.chain, pg_temp.st('{"stored": "2013-04-01T12:00:00.123Z", "version": "1.0.0", "authority": {"mbox": "mailto:lms@example.com"}}')),
                       ('no id, no time', c.chain, (pg_temp.st()::jsonb - 'id' - 'timestamp')::text),
                       ('empty attachments', c.chain, pg_temp.st('{"attachments": []}')),
                       ('other display', c.chain, pg_temp.st('{"verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"}}')),
                       ('other verb', c.chain, pg_temp.st('{"verb": {"id": "http://example.com/verb"}}')),
                       ('other actor', c.chain, pg_temp.st('{"actor": {"mbox": "mailto:other@example.com"}}')),
                       ('other id', c.chain, pg_temp.st('{"id": "33cff416-e331-4c9d-969e-5373a1756121"}')),
                       ('other file', c.chain, pg_temp.st('{"attachments": [{"usageType": "http://u", "display": {}, "contentType": "text/plain", "length": 1, "sha2": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "fileUrl": "http://f"}]}'))) v (name, header, payload);
\pset format unaligned
\pset tuples_only on
\o :folder/inputs
SELECT concat(pg_temp.base64url(header), '.', pg_temp.base64url(payload)) FROM signed ORDER BY place;
\o
\set signatures `while read -r input; do printf %s "$input" | openssl dgst -sha256 -sign :'folder'/key -binary | openssl base64 -A; echo; done < :'folder'/inputs`
UPDATE signed SET jws = concat(pg_temp.base64url(header), '.', pg_temp.base64url(payload), '.', pg_temp.base64url(decode(split_part(:'signatures', E'\n', place), 'base64')));
\set removed `rm -r :'folder'`

CREATE FUNCTION pg_temp.check(statement text, jws text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN ecosys.check_signature(statement::json, convert_to(jws, 'UTF8')) THEN 'proved' ELSE 'not proved' END;
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
SELECT is(pg_temp.check(pg_temp.st(), jws), CASE name
          WHEN 'good' THEN 'proved' WHEN 'as stored' THEN 'proved' WHEN 'no id, no time' THEN 'proved' WHEN 'empty attachments' THEN 'proved' WHEN 'other display' THEN 'proved'
          WHEN 'no certificate' THEN 'not proved'
          WHEN 'HS256' THEN '22023 invalid signature: the algorithm is not one of RS256, RS384, RS512'
          WHEN 'none' THEN '22023 invalid signature: the algorithm is not one of RS256, RS384, RS512'
          WHEN 'RS512 by SHA-256' THEN '22023 invalid signature: the signature was not made over this with the key of its certificate'
          WHEN 'no JSON' THEN '22023 invalid signature: what it signs is not a valid statement'
          WHEN 'no statement' THEN '22023 invalid signature: what it signs is not a valid statement'
          ELSE '22023 invalid signature: what it signs is another statement' END, name) FROM signed ORDER BY place;
SELECT is(pg_temp.check(pg_temp.st(jsonb_build_object('attachments', payload::jsonb -> 'attachments' || '[{"usageType": "http://adlnet.gov/expapi/attachments/signature", "display": {}, "contentType": "application/octet-stream", "length": 1, "sha2": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]')), jws),
          'proved', 'a statement with a file, signed before the signature was attached') FROM signed WHERE name = 'other file';
SELECT is(pg_temp.check(pg_temp.st('{"result": {"duration": "P1DT12H36M0.1237S"}}'), jws), 'proved', 'durations are compared to hundredths') FROM signed WHERE name = 'good';
SELECT is(pg_temp.check(pg_temp.st('{"result": {"duration": "P1DT12H36M0.13S"}}'), jws), '22023 invalid signature: what it signs is another statement', 'of seconds') FROM signed WHERE name = 'good';
SELECT is(pg_temp.check(pg_temp.st(), concat(jws, s)), '22023 invalid signature: it is not three words of base64url with dots between them', 'with more behind it: ' || s) FROM signed, unnest(ARRAY['=', '.', ' ', '.AAAA']) s WHERE name = 'good';
SELECT is(pg_temp.check('{"actor": 1}', jws), '22023 invalid xAPI statement: the required property "verb" is missing', 'of what is no statement') FROM signed WHERE name = 'good';
SELECT is((SELECT count(*) FROM signed, generate_series(1, 200) i WHERE name = 'good' AND pg_temp.check(pg_temp.st(), overlay(jws PLACING CASE substr(jws, length(jws) - i, 1) WHEN 'A' THEN 'B' ELSE 'A' END FROM length(jws) - i FOR 1)) NOT LIKE '22023%'), 0::bigint, '200 changed signatures are refused');

-- in a request
CREATE FUNCTION pg_temp.take(statement text, jws text, type text DEFAULT 'application/octet-stream', n int DEFAULT 1, parts boolean DEFAULT true, file_url text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hash text := encode(sha256(convert_to(jws, 'UTF8')), 'hex');
    attachment jsonb := jsonb_strip_nulls(jsonb_build_object('usageType', 'http://adlnet.gov/expapi/attachments/signature', 'display', '{}'::jsonb, 'contentType', type, 'length', length(jws), 'sha2', hash, 'fileUrl', file_url));
BEGIN
    PERFORM learning.record(learning.statements_of_request('multipart/mixed; boundary=b', ecosys.multipart_body('b',
        '{"Content-Type": "application/json"}'::json || CASE WHEN parts THEN ARRAY[json_build_object('Content-Transfer-Encoding', 'binary', 'X-Experience-API-Hash', hash)] ELSE '{}' END,
        convert_to((statement::jsonb || jsonb_build_object('attachments', array_fill(attachment, ARRAY[n])))::text, 'UTF8') || CASE WHEN parts THEN ARRAY[convert_to(jws, 'UTF8')] ELSE '{}' END)));
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
SELECT is(pg_temp.take(pg_temp.st(), jws), 'taken', 'a signed statement') FROM signed WHERE name = 'good';
SELECT is((SELECT count(*) FROM learning.statements), 1::bigint, 'is stored');
SELECT is((SELECT convert_from(content, 'UTF8') FROM learning.statements s, learning.attachments_of(s.statement::json)), (SELECT jws FROM signed WHERE name = 'good'), 'and given out with its signature');
SELECT is(pg_temp.take(pg_temp.st('{"id": "33cff416-e331-4c9d-969e-5373a1756123"}'), jws), 'taken', 'one without a certificate, and without an id in what it signs') FROM signed WHERE name = 'no certificate';
SELECT is(pg_temp.take(pg_temp.st('{"id": "33cff416-e331-4c9d-969e-5373a1756122"}'), jws), '22023 invalid signature: what it signs is another statement', 'another statement') FROM signed WHERE name = 'good';
SELECT is(pg_temp.take(pg_temp.st(), jws, 'text/plain'), 'EC400 the contentType of a signature must be application/octet-stream', 'another content type') FROM signed WHERE name = 'good';
SELECT is(pg_temp.take(pg_temp.st(), jws, n => 2), 'EC400 a statement has two signatures', 'two signatures') FROM signed WHERE name = 'good';
SELECT is(pg_temp.take(pg_temp.st(), jws, parts => false), 'EC400 an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'no part') FROM signed WHERE name = 'good';
SELECT is(pg_temp.take(pg_temp.st(), jws, parts => false, file_url => 'http://example.com/signature'), 'EC400 an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'a signature elsewhere cannot be checked') FROM signed WHERE name = 'good';
SELECT is(pg_temp.take(pg_temp.st(), 'signature'), '22023 invalid signature: it is not three words of base64url with dots between them', 'no signature at all');

-- Time, well below 5 ms a signature.
DO $$
DECLARE
    jws bytea := (SELECT convert_to(s.jws, 'UTF8') FROM signed s WHERE name = 'good');
    statement json := pg_temp.st()::json;
    started timestamptz := clock_timestamp();
BEGIN
    FOR i IN 1 .. 200 LOOP
        PERFORM ecosys.check_signature(statement, jws);
    END LOOP;
    CREATE TEMP TABLE timed AS SELECT extract(epoch FROM clock_timestamp() - started) * 1000 / 200 AS milliseconds;
END
$$;
SELECT cmp_ok((SELECT milliseconds FROM timed), '<', 5::numeric, format('a check takes %s ms', (SELECT round(milliseconds, 3) FROM timed)));
SELECT * FROM finish();
ROLLBACK;
