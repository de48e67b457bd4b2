-- Attachments of requests and answers: multipart/mixed, hashes, what is given out to whom.
BEGIN;
SELECT plan(72);
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem('learning');

-- multipart: reading and writing (what a body may look like is tested in test/unit/multipart_test.c)
CREATE FUNCTION pg_temp.parts(body text, type text DEFAULT 'multipart/mixed; boundary=b') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT string_agg(concat_ws(' ', ordinality, headers, convert_from(content, 'UTF8')), '|' ORDER BY ordinality) FROM ecosys.multipart_parts(type, convert_to(body, 'UTF8')));
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' ', SQLSTATE, SQLERRM);
END
$$;
SELECT is(pg_temp.parts(E'\r\n--b\r\nContent-Type:application/json\r\n\r\n{}\r\n--b\r\nX: "\\" é\r\n\t y\r\n\r\n\r\n--b--'),
          '1 {"content-type":"application/json"} {}|2 {"x":"\"\\\" é y"} ', 'headers in lower case, folds and quotes');
SELECT is(pg_temp.parts(E'--b\r\nX: 1\r\nx: 2\r\n\r\n\r\n--b--'), '22023 malformed multipart body: a part has two headers of the same name', 'a header twice');
SELECT is(pg_temp.parts(E'--b\r\nX: \x01\r\n\r\n\r\n--b--'), '22023 malformed multipart body: a header of a part has a control character or is not UTF-8', 'a control character');
SELECT is(pg_temp.parts('x'), '22023 malformed multipart body: the body has no line of two hyphens and the boundary', 'no part');
SELECT is(pg_temp.parts(concat(E'--b\r\n', (SELECT string_agg(format(E'x%s: 1\r\n', i), '') FROM generate_series(1, 65) i), E'\r\n\r\n--b--')), '22023 malformed multipart body: a part has more than 64 headers', 'many headers');
SELECT is(convert_from(ecosys.multipart_body('b', '{"{\"A\": \"1\", \"B\": \"\\u00e9\"}","{}"}', '{x,""}'), 'UTF8'), E'--b\r\nA: 1\r\nB: é\r\n\r\nx\r\n--b\r\n\r\n\r\n--b--\r\n', 'a body is written');
SELECT throws_ok(format('SELECT ecosys.multipart_body(%L, %L::json[], %L)', b, h, c), '22023', NULL, 'not a body: ' || concat_ws(' ', b, h, c))
  FROM (VALUES ('', '{"{}"}', '{x}'), ('b@', '{"{}"}', '{x}'), ('b', '{}', '{}'), ('b', '{"{}"}', '{x,y}'), ('b', '{NULL}', '{x}'), ('b', '{"{}"}', '{NULL}'), ('b', '{"[]"}', '{x}'), ('b', '{"{\"A\": 1}"}', '{x}'),
               ('b', '{"{\"A\": \"x\\r\\ny: z\"}"}', '{x}'), ('b', '{"{\"A:\": \"x\"}"}', '{x}'), ('b', '{"{\"\": \"x\"}"}', '{x}'), ('b', '{"{}"}', '{a--b--}')) v (b, h, c);

-- a statement with attachments of some hashes; a file on the web where the hash is followed by a URL
CREATE FUNCTION pg_temp.st(attachments text[], id text DEFAULT '00000000-0000-4000-8000-000000000001') RETURNS text LANGUAGE sql AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('id', id, 'actor', '{"mbox": "mailto:ana@example.com"}'::jsonb, 'verb', '{"id": "http://v"}'::jsonb, 'object', '{"id": "http://o"}'::jsonb,
                              'attachments', (SELECT jsonb_agg(jsonb_build_object('usageType', 'http://example.com/usage', 'display', '{}'::jsonb, 'contentType', 'text/x-' || place, 'length', 1, 'sha2', split_part(a, ' ', 1))
                                                               || CASE WHEN a LIKE '% %' THEN jsonb_build_object('fileUrl', split_part(a, ' ', 2)) ELSE '{}' END ORDER BY place)
                                                FROM unnest(attachments) WITH ORDINALITY a (a, place))))::text
$$;
CREATE FUNCTION pg_temp.hash(content text) RETURNS text LANGUAGE sql AS $$ SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex') $$;
-- A body: the statements, and contents; a content may be followed by @ and another hash than its own.
CREATE FUNCTION pg_temp.body(statements text, VARIADIC contents text[] DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
    SELECT ecosys.multipart_body('b', '{"Content-Type": "application/json"}'::json || array_agg(json_build_object('Content-Type', 'text/plain', 'Content-Transfer-Encoding', 'binary',
                                                   'X-Experience-API-Hash', CASE WHEN c LIKE '%@%' THEN split_part(c, '@', 2) ELSE pg_temp.hash(c) END)) FILTER (WHERE c IS NOT NULL),
                                 convert_to(statements, 'UTF8') || array_agg(convert_to(split_part(c, '@', 1), 'UTF8')) FILTER (WHERE c IS NOT NULL))
      FROM (SELECT unnest(contents) UNION ALL SELECT NULL) c (c)
$$;
CREATE FUNCTION pg_temp.take(body bytea, type text DEFAULT 'multipart/mixed; boundary=b', authority json DEFAULT '{"mbox": "mailto:lms@example.com"}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learning.record(learning.statements_of_request(type, body, authority), authority);
    RETURN 'taken';
EXCEPTION WHEN OTHERS THEN
    RETURN CASE WHEN SQLSTATE LIKE '22%' OR SQLSTATE = 'EC400' THEN SQLERRM ELSE concat_ws(' ', SQLSTATE, SQLERRM) END;
END
$$;
CREATE FUNCTION pg_temp.take(statements text, type text DEFAULT 'application/json') RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.take(convert_to(statements, 'UTF8'), type) $$;

-- application/json
SELECT is(pg_temp.take(pg_temp.st(NULL)), 'taken', 'a statement without attachments');
SELECT is(pg_temp.take(pg_temp.st(ARRAY[pg_temp.hash('a') || ' http://example.com/a'], '00000000-0000-4000-8000-000000000002')), 'taken', 'an attachment on the web');
SELECT is(pg_temp.take(pg_temp.st(ARRAY[pg_temp.hash('a') || ' http://example.com/a', pg_temp.hash('b')], '00000000-0000-4000-8000-000000000003')),
          'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'one without fileUrl');
SELECT is(pg_temp.take(replace(pg_temp.st(ARRAY[pg_temp.hash('b')], '00000000-0000-4000-8000-000000000003'), 'attachments', '\u0061ttachments')),
          'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'however the word is spelled');
SELECT is(pg_temp.take(jsonb_set(pg_temp.st(NULL, '00000000-0000-4000-8000-000000000003')::jsonb, '{object}', pg_temp.st(ARRAY[pg_temp.hash('b')])::jsonb - 'id' || '{"objectType": "SubStatement"}')::text),
          'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'in a SubStatement too');
SELECT is(pg_temp.take('{}', t), 'statements come as application/json or multipart/mixed', 'another type: ' || coalesce(t, 'none')) FROM unnest('{multipart/form-data; boundary=b,text/plain,json,NULL}'::text[]) t;
SELECT is(pg_temp.take('{', 'application/json; charset=utf-8'), 'the body is not JSON: the text ends too early', 'no JSON');
SELECT is(pg_temp.take('\x22ff22'::bytea, 'application/json'), 'the body is not JSON: the text is not valid UTF-8', 'no UTF-8');

-- multipart without attachments, which 2.0 allows
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(NULL))), 'taken', 'multipart without parts, no attachments');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('a') || ' http://example.com/a'], '00000000-0000-4000-8000-000000000002'))), 'taken', 'multipart without parts, attachments on the web');
SELECT is((SELECT count(*) FROM learning.attachments), 0::bigint, 'nothing is kept of these');

-- parts
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('a'), pg_temp.hash('b') || ' http://example.com/b'], '00000000-0000-4000-8000-000000000004'), 'b', 'a')), 'taken', 'two parts, in another order');
SELECT is((SELECT string_agg(concat_ws(' ', sha2, content_type, length, convert_from(content, 'UTF8')), ',' ORDER BY content) FROM learning.attachments), format('%s text/x-1 1 a,%s text/x-2 1 b', pg_temp.hash('a'), pg_temp.hash('b')), 'are kept');
SELECT is(pg_temp.take(pg_temp.body(format('[%s,%s]', pg_temp.st(ARRAY[pg_temp.hash('a')], '00000000-0000-4000-8000-000000000005'), pg_temp.st(ARRAY[pg_temp.hash('a')], '00000000-0000-4000-8000-000000000006')), 'a', 'a')), 'taken', 'one content of two statements, sent twice');
SELECT is((SELECT count(*) FROM learning.attachments), 2::bigint, 'is kept once');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('c')], '00000000-0000-4000-8000-000000000007'), 'c', 'd')), 'no attachment has the hash of one of the parts', 'a part that no attachment names');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('c')], '00000000-0000-4000-8000-000000000007'))), 'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'an attachment without a part');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('a')], '00000000-0000-4000-8000-000000000007'))), 'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part', 'not even if its content is known: to know a hash is not to have the content');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('c')], '00000000-0000-4000-8000-000000000007'), 'x@' || pg_temp.hash('c'))), 'X-Experience-API-Hash of part 2 is not the SHA-256, SHA-384 or SHA-512 of its content', 'a content of another hash');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[h], '00000000-0000-4000-8000-000000000007'), 'c@' || h)), 'X-Experience-API-Hash of part 2 is not the SHA-256, SHA-384 or SHA-512 of its content', 'no hash: ' || left(h, 8))
  FROM unnest(ARRAY['x', encode(sha224('c'), 'hex'), left(pg_temp.hash('c'), 63), pg_temp.hash('c') || '0']) h;
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[h], id), 'c@' || h)), 'taken', 'hash of ' || length(h) * 4 || ' bits')
  FROM (VALUES (encode(sha384('c'), 'hex'), '00000000-0000-4000-8000-000000000008'), (encode(sha512('c'), 'hex'), '00000000-0000-4000-8000-000000000009')) v (h, id);
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('d')], '00000000-0000-4000-8000-00000000000a'), 'd@' || upper(pg_temp.hash('d')))), 'taken', 'a hash in capitals');
SELECT is(pg_temp.take(convert_to(replace(convert_from(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('e')], '00000000-0000-4000-8000-00000000000b'), 'e'), 'UTF8'), f, t), 'UTF8')), w, 'headers: ' || btrim(t))
  FROM (VALUES ('X-Experience-API-Hash', 'X-Hash', 'part 2 has no X-Experience-API-Hash'), ('Content-Transfer-Encoding: binary', 'Content-Transfer-Encoding: base64', 'part 2 must have Content-Transfer-Encoding: binary'),
               ('Content-Transfer-Encoding: binary', 'X: y', 'part 2 must have Content-Transfer-Encoding: binary'), ('application/json', 'text/plain', 'the first part must be of application/json and hold the statements'),
               ('Content-Type: application/json', 'X: y', 'the first part must be of application/json and hold the statements'), ('--b--', '--c--', 'malformed multipart body: the body does not end in its closing delimiter'),
               ('Content-Transfer-Encoding: binary', 'content-transfer-encoding:BINARY', 'taken')) v (f, t, w);
SELECT is(pg_temp.take(convert_to(E'--b\r\nContent-Type: application/json\r\n\r\n' || pg_temp.st(NULL) || E'\r\n--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--', 'UTF8')), 'part 2 has no X-Experience-API-Hash', 'a second part of JSON');
SELECT is((SELECT count(*) FROM learning.attachments), 6::bigint, 'nothing is kept of what was refused');
-- as a client writes it that ends lines in LF and has a boundary of hyphens
SELECT is(pg_temp.take(convert_to(replace(replace(replace(convert_from(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('here is a simple attachment')], '00000000-0000-4000-8000-00000000000d'), 'here is a simple attachment'), 'UTF8'),
          E'\r', ''), '--b', '---------314159265358979323846'), E'--\n', '--'), 'UTF8'), 'multipart/mixed; boundary=-------314159265358979323846'), 'taken', 'lines that end in LF, a boundary of hyphens, nothing behind it');
SELECT is((SELECT sha2 FROM learning.attachments WHERE length = 27), '495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a', 'the line break before a delimiter is not of the content');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('f')], 'x'), 'f')) LIKE 'invalid xAPI statement%', true, 'what record() refuses');
SELECT is((SELECT count(*) FROM learning.attachments), 7::bigint, 'takes its contents with it');

-- answers
CREATE FUNCTION pg_temp.given(authority text, VARIADIC attachments text[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', headers ->> 'Content-Type', headers ->> 'Content-Transfer-Encoding', headers ->> 'X-Experience-API-Hash' = encode(sha256(content), 'hex'), convert_from(content, 'UTF8')), ', ' ORDER BY content), 'nothing')
      FROM learning.attachments_of(json_build_object('statements', json_build_array((pg_temp.st(attachments)::jsonb || jsonb_build_object('authority', authority::jsonb)))))
$$;
SELECT is(pg_temp.given('{"mbox": "mailto:lms@example.com"}', pg_temp.hash('a'), pg_temp.hash('b') || ' http://example.com/b', pg_temp.hash('a'), pg_temp.hash('z') || ' http://example.com/z'), 'text/x-1 binary t a, text/x-2 binary t b', 'each content once, with the type that the statement gives it');
SELECT is(pg_temp.given('{"mbox": "mailto:thief@example.com"}', pg_temp.hash('a') || ' http://example.com/a'), 'nothing', 'a content is not given out under another authority than it came with');
SELECT is(pg_temp.take(pg_temp.body(pg_temp.st(ARRAY[pg_temp.hash('a')], '00000000-0000-4000-8000-00000000000c'), 'a'), authority => '{"mbox": "mailto:second@example.com"}'), 'taken', 'until it has come with that one too');
SELECT is(pg_temp.given('{"name": "Second", "mbox": "mailto:second@EXAMPLE.com"}', pg_temp.hash('a')), 'text/x-1 binary t a', 'then it is');
SELECT is((SELECT headers ->> 'X-Experience-API-Hash' FROM learning.attachments_of((pg_temp.st(ARRAY[upper(pg_temp.hash('a'))])::jsonb || '{"authority": {"mbox": "mailto:lms@example.com"}}')::json)), upper(pg_temp.hash('a')), 'a part has the hash as the statement spells it');
SELECT is((SELECT count(*) FROM learning.attachments WHERE convert_from(content, 'UTF8') = 'a'), 1::bigint, 'and is still kept once');
CREATE TEMP TABLE response AS SELECT * FROM learning.multipart_response((SELECT json_build_object('statements', json_agg(statement::json), 'more', '') FROM learning.statements WHERE id = '00000000-0000-4000-8000-000000000004'));
SELECT ok((SELECT content_type LIKE 'multipart/mixed; boundary=ecosys-%' FROM response), 'a response is multipart/mixed');
SELECT is((SELECT count(*) FROM response, ecosys.multipart_parts(content_type, body)), 3::bigint, 'of the statements and two contents');
SELECT is((SELECT count(*) FROM response, regexp_matches(convert_from(body, 'UTF8'), pg_temp.hash(c), 'g')), 2::bigint, 'each hash stands in it twice: ' || c) FROM unnest('{a,b}'::text[]) c;
SELECT is((SELECT count(*) FROM ecosys.multipart_parts(NULL, NULL)), 0::bigint, 'NULL has no parts');
SELECT is((SELECT string_agg(headers::text || convert_from(content, 'UTF8'), ',') FROM learning.multipart_response('{"statements":[],"more":""}') r, ecosys.multipart_parts(r.content_type, r.body)), '{"content-type":"application/json"}{"statements":[],"more":""}', 'also without attachments');
SELECT * FROM finish();
ROLLBACK;
