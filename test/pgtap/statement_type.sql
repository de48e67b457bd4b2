-- The types ecosys.statement and ecosys.actor: round trips, accessors, comparison, binary form, batches.
SET client_min_messages = warning;
SET search_path = public, ecosys;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();

-- A statement from its members, as text.
CREATE FUNCTION st(members text DEFAULT '') RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT '{"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/o"}'
        || CASE WHEN members = '' THEN '' ELSE ',' || members END || '}' $$;
CREATE FUNCTION extension(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT st('"context":{"extensions":{"http://example.com/e":' || value || '}}') $$;

-- One field of a binary COPY, through a file: the only way to a receive function.
CREATE TEMP TABLE received (v ecosys.statement);
CREATE TEMP TABLE received_actor (v ecosys.actor);
CREATE FUNCTION receive_into(target regclass, image bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    file text := current_setting('data_directory') || '/received.bin';
    stream bytea := '\x5047434f50590aff0d0a00'::bytea || int4send(0) || int4send(0) || int2send(1::int2) || int4send(length(image)) || image || int2send((-1)::int2);
    object oid := lo_from_bytea(0, stream);
BEGIN
    PERFORM lo_export(object, file);
    PERFORM lo_unlink(object);
    EXECUTE format('TRUNCATE %s', target);
    EXECUTE format('COPY %s FROM %L (FORMAT binary)', target, file);
END $$;
CREATE FUNCTION receive(image bytea) RETURNS ecosys.statement LANGUAGE plpgsql AS $$
BEGIN
    PERFORM receive_into('received', image);
    RETURN (SELECT v FROM received);
END $$;
CREATE FUNCTION receive_actor(image bytea) RETURNS ecosys.actor LANGUAGE plpgsql AS $$
BEGIN
    PERFORM receive_into('received_actor', image);
    RETURN (SELECT v FROM received_actor);
END $$;

-- ---- text out is text in ----
SELECT is(t::ecosys.statement::text, t, 'text out is text in: ' || left(regexp_replace(t, '\s', ' ', 'g'), 120))
  FROM (VALUES (st()), (E' \t{ "actor" : {"mbox":"mailto:a@b.cd"} ,\n"verb":{"id":"a:b"},"object":{"id":"a:c"} } '),
               (st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"')), (st('"id":"1F96B0AF-de20-48ab-b32c-861c31684896"')),
               (st('"timestamp":"2026-11-24T15:04:05.123+02:00","stored":"2026-11-24T15:04:05Z"')),
               (st('"timestamp":"2026-11-24T15:04:05.12345678901Z","stored":"2026-11-24T15:04:05.1234567+05:17"')),
               (extension('"\u0000"')), (extension('"\ud800"')), (extension('"\ude00\ud83d"')), (extension('1.50e+1')), (extension('1e999999')), (extension('-0.0')),
               (extension('{"a":1,"a":2}')), (extension(repeat('[', 500) || repeat(']', 500))), (extension(repeat('[', 9000) || repeat(']', 9000))),
               (extension(repeat('{"a":', 4500) || '1' || repeat('}', 4500))), (extension('"' || repeat('x', 100000) || '"')),
               (extension('"' || repeat('1f96b0af-de20-48ab-b32c-861c31684896', 50) || '"')),
               (extension('"größer 😀"'))) v (t);
SELECT is(t::ecosys.statement::json::text, t, 'json out is text in') FROM (VALUES (extension('"\u0000"')), (extension('1.50e+1'))) v (t);
SELECT is(receive(statement_send(t::ecosys.statement))::text, t, 'binary out and in: ' || left(t, 60))
  FROM (VALUES (st()), (extension('"\u0000"')), (extension('1e999999')), (st('"stored":"2026-11-24T15:04:05.1234567Z"'))) v (t);
SELECT is(st()::json::ecosys.statement::text, st(), 'from json');
SELECT ok(st('"version":"1.0.3"')::jsonb::ecosys.statement = st('"version":"1.0.3"')::ecosys.statement, 'from jsonb');

-- ---- what is refused, with SQLSTATEs ----
SELECT throws_ok(format('SELECT %L::ecosys.statement', t), state, NULL, what)
  FROM (VALUES ('', '22P02', 'nothing'), ('{', '22P02', 'half an object'), ('[]', '22023', 'an array'), ('{}', '22023', 'an empty object'),
               (st('"id":null'), '22023', 'null'), (extension('tru'), '22P02', 'not JSON within an extension'),
               (extension(repeat('[', 20000) || repeat(']', 20000)), '54001', 'nesting of 20,000')) v (t, state, what);
SELECT throws_ok($$SELECT (extension('"\u0000"')::ecosys.statement)::jsonb$$, '22P05', NULL, 'jsonb cannot hold \u0000');
SELECT throws_ok($$SELECT (extension('"\ud800"')::ecosys.statement)::jsonb$$, '22P05', NULL, 'jsonb cannot hold half a surrogate pair');
SELECT throws_ok($$SELECT (extension('"\ude00\ud83d"')::ecosys.statement)::jsonb$$, '22P05', NULL, 'nor a reversed pair');
SELECT is((extension('"\ud83d\ude00 \\u0000 \\\\ud800"')::ecosys.statement)::jsonb #>> '{context,extensions,http://example.com/e}', '😀 \u0000 \\ud800', 'what looks like such an escape is none');

-- From PostgreSQL 16 on, input can be asked without an error.
CREATE FUNCTION soft_errors() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    r record;
BEGIN
    IF current_setting('server_version_num')::int < 160000 THEN
        RETURN NEXT pass('no soft errors before PostgreSQL 16');
        RETURN;
    END IF;
    FOR r IN SELECT * FROM (VALUES (st(), 'ecosys.statement', true), ('{}', 'ecosys.statement', false), ('{', 'ecosys.statement', false), (extension(repeat('[', 20000)), 'ecosys.statement', false),
                                   ('mailto:a@b.cd', 'ecosys.actor', true), ('x', 'ecosys.actor', false), ('{"objectType":"Group","member":[{"mbox":"mailto:a@b.cd"}]}', 'ecosys.actor', false)) v (t, type, valid) LOOP
        RETURN QUERY EXECUTE 'SELECT is(pg_input_is_valid($1, $2), $3, $2 || '' soft input'')' USING r.t, r.type, r.valid;
    END LOOP;
END $$;
SELECT soft_errors();

-- What is refused leaves no memory behind, and no parser that a later text would trip over.
CREATE FUNCTION refuse(times int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint := (SELECT sum(total_bytes) FROM pg_backend_memory_contexts);
BEGIN
    FOR i IN 1 .. times LOOP
        BEGIN
            PERFORM (CASE i % 3 WHEN 0 THEN st('"foo' || i || '":1') WHEN 1 THEN extension(repeat('[', 30000)) ELSE left(extension(repeat('[1,', i)), 100) END)::ecosys.statement;
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END LOOP;
    RETURN (SELECT sum(total_bytes) FROM pg_backend_memory_contexts) - before;
END $$;
SELECT refuse(10) IS NOT NULL AS warmed_up;
SELECT cmp_ok(refuse(3000), '<', 131072::bigint, 'memory after 3,000 refusals');
SELECT is(st()::ecosys.statement::text, st(), 'and the next one is taken');

-- ---- accessors ----
CREATE TEMP TABLE whole AS SELECT ('{"id":"1F96B0AF-de20-48ab-b32c-861c31684896","timestamp":"2026-11-24T16:04:05.123456789+01:00","stored":"2026-11-24T15:05:00Z",
 "actor":{"objectType":"Group","name":"All","member":[{"mbox":"mailto:a@Example.com"},{"account":{"homePage":"http://h","name":"n"}}]},
 "verb":{"id":"http://example.com/pass\u0065d","display":{"en":"passed"}},
 "object":{"id":"http://example.com/o","definition":{"extensions":{"http://example.com/ä":[1, 2]}}},
 "result":{"score":{"scaled":0.85,"raw":85,"min":0,"max":100},"success":true,"completion":false,"response":"a\"\u00e4","duration":"P1Y2M3DT4H5M6.789S","extensions":{"a:b":{"c":null}}},
 "context":{"registration":"aa2754aa-89d4-410f-aa3a-dd7954445bd8","platform":"p","language":"de","revision":"r","instructor":{"mbox":"mailto:i@example.com"},
  "contextActivities":{"parent":{"id":"a:p"},"category":[{"id":"a:c"},{"id":"a:p"}]},"extensions":{"a:x":"y"}},
 "authority":{"openid":"http://example.com/auth"},"version":"1.0.3"}')::ecosys.statement AS s;
SELECT collect_tap(is(id(s), '1f96b0af-de20-48ab-b32c-861c31684896'::uuid, 'id'),
       is("timestamp"(s), '2026-11-24 15:04:05.123456+00'::timestamptz, 'timestamp, cut'),
       is(stored(s), '2026-11-24 15:05:00+00'::timestamptz, 'stored'),
       is(actor(s)::text, NULL, 'actor of an anonymous group'),
       is(verb(s), 'http://example.com/passed', 'verb'), is(verb_key(s), verb_key('http://example.com/passed'), 'verb_key'),
       is(object(s), 'http://example.com/o', 'object'), is(object_key(s), activity_key('http://example.com/o'), 'object_key'),
       is(object_type(s), 'Activity', 'object_type'), is(statement_ref(s), NULL, 'statement_ref of another object'),
       is(score(s), 0.85::float8, 'score'), is(score_raw(s), 85::float8, 'score_raw'), is(score_min(s), 0::float8, 'score_min'), is(score_max(s), 100::float8, 'score_max'),
       is(success(s), true, 'success'), is(completion(s), false, 'completion'), is(response(s), 'a"ä', 'response'),
       is(duration(s), '1 year 2 mons 3 days 04:05:06.789'::interval, 'duration'),
       is(registration(s), 'aa2754aa-89d4-410f-aa3a-dd7954445bd8'::uuid, 'registration'),
       is(platform(s), 'p', 'platform'), is(language(s), 'de', 'language'), is(revision(s), 'r', 'revision'),
       is(ifi(authority(s)), 'openid:http://example.com/auth', 'authority'), is(authority_key(s), actor_key(authority(s)), 'authority_key'),
       is(is_voiding(s), false, 'is_voiding'),
       is((SELECT array_agg(a ORDER BY a) FROM unnest(related_activities(s)) a), '{a:c,a:p,http://example.com/o}', 'related_activities'),
       is((SELECT array_agg(activity_key(a)) FROM unnest(related_activities(s)) a), related_activity_keys(s), 'related_activity_keys, in the same order'),
       is((SELECT array_agg(ifi(a) ORDER BY ifi(a)) FROM unnest(related_actors(s)) a), '{http://h|n,mailto:a@example.com,mailto:i@example.com,openid:http://example.com/auth}', 'related_actors'),
       is((SELECT array_agg(actor_key(a)) FROM unnest(related_actors(s)) a), related_actor_keys(s), 'related_actor_keys, in the same order'),
       is(result_extension(s, 'a:b')::text, '{"c":null}', 'result_extension'), is(context_extension(s, 'a:x')::text, '"y"', 'context_extension'),
       is(activity_extension(s, 'http://example.com/ä')::text, '[1, 2]', 'activity_extension'), is(result_extension(s, 'a:x')::text, NULL, 'an extension that is not there'))
  FROM whole;
SELECT collect_tap(is(id(s), NULL, 'no id'), is("timestamp"(s), NULL, 'no timestamp'), is(stored(s), NULL, 'no stored'), is(score(s), NULL, 'no score'), is(success(s), NULL, 'no success'),
       is(completion(s), NULL, 'no completion'), is(duration(s), NULL, 'no duration'), is(response(s), NULL, 'no response'), is(registration(s), NULL, 'no registration'),
       is(platform(s), NULL, 'no platform'), is(authority(s)::text, NULL, 'no authority'), is(authority_key(s), NULL, 'no authority key'), is(context_extension(s, 'a:b')::text, NULL, 'no extensions'),
       is(ifi(actor(s)), 'mailto:ann@example.com', 'actor'), is(actor_key(s), actor_key_of_email('ann@example.com'), 'actor_key'),
       is(related_activities(s), '{http://example.com/o}', 'only the object'), is(cardinality(related_actors(s)), 1, 'only the actor'))
  FROM (SELECT st()::ecosys.statement) v (s);
SELECT collect_tap(is(object_type(s), 'StatementRef', 'StatementRef'), is(statement_ref(s), '1f96b0af-de20-48ab-b32c-861c31684896'::uuid, 'its id'), is(is_voiding(s), true, 'voiding'),
       is(object(s), NULL, 'no IRI'), is(related_activities(s), '{}', 'no activity'))
  FROM (SELECT '{"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},"object":{"objectType":"StatementRef","id":"1f96b0af-de20-48ab-b32c-861c31684896"}}'::ecosys.statement) v (s);
SELECT collect_tap(is(object_type(s), 'SubStatement', 'SubStatement'), is(related_activities(s), '{http://example.com/o}', 'its object'), is(verb(s), 'a:v', 'the outer verb'), is(ifi(actor(s)), 'mailto:x@example.com', 'the outer actor'))
  FROM (SELECT ('{"object":' || replace(st(), '{"actor"', '{"objectType":"SubStatement","actor"') || ',"actor":{"mbox":"mailto:x@example.com"},"verb":{"id":"a:v"}}')::ecosys.statement) v (s);
SELECT throws_ok($$SELECT response(st('"result":{"response":"a\u0000"}')::ecosys.statement)$$, '22P05', NULL, 'text cannot hold \u0000');
SELECT throws_ok($$SELECT platform(st('"context":{"platform":"\udc00"}')::ecosys.statement)$$, '22P05', NULL, 'text cannot hold half a surrogate pair');
SELECT is(response(st('"result":{"response":"\ud83d\ude00\n"}')::ecosys.statement), E'😀\n', 'escapes are decoded');
-- a value stored out of line is read in part
CREATE TEMP TABLE large AS SELECT extension((SELECT '[' || string_agg((i * 7919.123 % 1000)::text, ',') || ']' FROM generate_series(1, 20000) i))::ecosys.statement AS s;
SELECT collect_tap(cmp_ok(pg_column_size(s), '>', 8000, 'a large statement'), is(verb_key(s), verb_key('http://example.com/v'), 'its header'), is(verb(s), 'http://example.com/v', 'its text')) FROM large;

-- ---- comparison ----
SELECT is(a::ecosys.statement = b::ecosys.statement, equal, what) FROM (VALUES
    (st('"version":"1.0.3","result":{"success":true,"completion":true}'), '{"result":{"completion":true,"success":true},"version":"1.0.3",' || substr(st(), 2), true, 'order of members'),
    (extension('1.50e+1'), extension('15'), true, 'numbers by value'), (extension('1e999999'), extension('10e999998'), true, 'also huge ones'), (extension('1e999999'), extension('1e999998'), false, 'which differ'),
    (extension('0.1'), extension('0.1000000000000000000000000001'), false, 'beyond double precision'),
    (extension('"\u00e4"'), extension('"ä"'), true, 'strings by code points'), (extension('"\u0000"'), extension('""'), false, '\u0000 is a character'),
    (st('"id":"1F96B0AF-de20-48ab-b32c-861c31684896"'), st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"'), false, 'strings by case'),
    (st('"result":{"score":{"scaled":-0.0}}'), st('"result":{"score":{"scaled":0}}'), true, 'zero has no sign'),
    (st('"timestamp":"2026-11-24T15:04:05Z"'), st('"timestamp":"2026-11-24T15:04:05.0Z"'), false, 'times are strings')) v (a, b, equal, what);
SELECT is(statement_hash(a::ecosys.statement), statement_hash(b::ecosys.statement), 'equal statements hash alike') FROM (VALUES
    (extension('1.50e+1'), extension('15')), (st('"result":{"score":{"scaled":-0.0}}'), st('"result":{"score":{"scaled":0}}'))) v (a, b);
SELECT collect_tap(is((statement_hash_extended(s, 0) & 4294967295), (statement_hash(s)::bigint & 4294967295), 'with seed 0 the low half of the extended hash is the hash'),
       isnt(statement_hash_extended(s, 1), statement_hash_extended(s, 2), 'the seed matters')) FROM whole;
SELECT ok(NOT equivalent(st()::ecosys.statement, replace(st(), 'example.com/v', 'example.com/w')::ecosys.statement), 'another verb is another statement');
SELECT ok(equivalent(st('"id":"1f96b0af-de20-48ab-b32c-861c31684896","stored":"2026-11-24T15:04:05Z"')::ecosys.statement, st()::ecosys.statement), 'equivalent but for what the server set');
SELECT ok(amvalidate(oid), 'amvalidate ' || opcname) FROM pg_opclass WHERE opcnamespace = 'ecosys'::regnamespace AND opcintype IN ('ecosys.statement'::regtype, 'ecosys.actor'::regtype);

-- a total order: sorted by it, each is below or equal to the next, both ways
CREATE TEMP TABLE many AS SELECT extension(v)::ecosys.statement AS s FROM (SELECT (ARRAY['1', '1.0', '"a"', '"\u0061"', 'null', 'true', '[]', '{}', '[1]', '{"a":1}', '{"b":1,"a":2}', '{"a":2,"b":1.0}', '-1e3', '-1000'])[1 + i % 14] AS v FROM generate_series(0, 55) i) x;
SELECT collect_tap(is((SELECT count(*) FROM many a, many b WHERE (a.s < b.s) <> (b.s > a.s) OR (a.s <= b.s) <> NOT (a.s > b.s) OR (a.s = b.s) <> (statement_cmp(a.s, b.s) = 0) OR (a.s <> b.s) <> NOT (a.s = b.s)), 0::bigint, 'operators agree'),
       is((SELECT count(*) FROM many a, many b, many c WHERE a.s <= b.s AND b.s <= c.s AND NOT a.s <= c.s), 0::bigint, 'order is transitive'),
       is((SELECT count(DISTINCT s) FROM many), 10::bigint, 'distinct values'),
       is((SELECT count(*) FROM (SELECT s FROM many GROUP BY s) g), 10::bigint, 'groups'));

-- ---- binary form ----
CREATE TEMP TABLE completed AS
    SELECT receive('\x0107'::bytea || uuid_send('1f96b0af-de20-48ab-b32c-861c31684896') || int8send(0) || int8send(1500000) || convert_to(st(), 'UTF8')) AS s;
SELECT collect_tap(is(s::text, '{"id":"1f96b0af-de20-48ab-b32c-861c31684896","timestamp":"2000-01-01T00:00:00.000000Z","stored":"2000-01-01T00:00:01.500000Z",' || substr(st(), 2), 'completed values are printed first'),
       is(id(s), '1f96b0af-de20-48ab-b32c-861c31684896'::uuid, 'and are there'), is(stored(s), '2000-01-01 00:00:01.5+00'::timestamptz, 'all of them'),
       ok(s = s::text::ecosys.statement, 'and equal when sent in the text'),
       is(statement_hash(s), statement_hash(s::text::ecosys.statement), 'with the same hash'),
       is(statement_send(receive(statement_send(s))), statement_send(s), 'and pass through the binary form'),
       is(actor(s)::text, '{"mbox":"mailto:ann@example.com"}', 'and the text can be read')) FROM completed;
SELECT throws_ok(format('SELECT receive(%L)', image), '22P03', NULL, what) FROM (VALUES
    ('\x00'::bytea || '\x00'::bytea || convert_to(st(), 'UTF8'), 'version 0'), ('\x0108'::bytea || convert_to(st(), 'UTF8'), 'unknown flag'),
    ('\x0100'::bytea, 'no text'), ('\x0100'::bytea || convert_to('{}', 'UTF8'), 'no statement'),
    ('\x0101'::bytea || uuid_send('1f96b0af-de20-48ab-b32c-861c31684896') || convert_to(st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"'), 'UTF8'), 'id twice'),
    ('\x0104'::bytea || int8send(9223372036854775807) || convert_to(st(), 'UTF8'), 'time out of range')) v (image, what);
SELECT throws_ok($$SELECT receive('\x01')$$, '08P01', NULL, 'an image of one byte');

-- Hostile images: random edits of good ones end in a value or in a right error, never in an internal one.
CREATE FUNCTION hostile(rounds int) RETURNS TABLE (outcome text, n bigint) LANGUAGE plpgsql AS $$
DECLARE
    image bytea;
    taken ecosys.statement;
BEGIN
    CREATE TEMP TABLE outcomes (outcome text) ON COMMIT DROP;
    FOR i IN 1 .. rounds LOOP
        SELECT statement_send(s) INTO image FROM (SELECT s FROM whole UNION ALL SELECT s FROM completed) x ORDER BY random() LIMIT 1;
        FOR j IN 0 .. (random() * 2)::int LOOP
            image := set_byte(image, (random() * (CASE WHEN random() < 0.3 THEN 33 ELSE length(image) - 1 END))::int, (random() * 255)::int);
        END LOOP;
        IF random() < 0.2 THEN
            image := substr(image, 1, (random() * length(image))::int);
        END IF;
        BEGIN
            taken := receive(image);
            INSERT INTO outcomes VALUES (CASE WHEN statement_send(taken) = image AND taken::text::ecosys.statement = taken THEN 'taken' ELSE 'taken for another' END);
        EXCEPTION WHEN OTHERS THEN
            INSERT INTO outcomes VALUES (SQLSTATE);
        END;
    END LOOP;
    RETURN QUERY SELECT o.outcome, count(*) FROM outcomes o GROUP BY 1;
END $$;
SELECT setseed(0.5);
SELECT is((SELECT string_agg(outcome, ' ' ORDER BY outcome) FROM hostile(1500)), '08P01 22021 22P03 taken', 'hostile images');

-- ---- all faults ----
SELECT is((SELECT array_agg(pointer || ' ' || rule ORDER BY pointer) FROM check_statement('{"actor":{"mbox":"x"},"verb":{"id":"v"},"object":{"id":"a:b"},"foo":1}')),
          '{"/actor/mbox format.mbox","/foo property.unknown","/verb/id format.iri"}', 'every fault at once');
SELECT is_empty($$SELECT * FROM check_statement(st()::text)$$, 'a valid statement has none');

-- ---- batches ----
SELECT collect_tap(is((SELECT count(DISTINCT id(statement)) FROM statement_batch(('[' || st() || ',' || st() || ']')::json)), 2::bigint, 'ids are made'),
       is((SELECT substr(id(statement)::text, 15, 1) FROM statement_batch(st()::json)), '4', 'of version 4'),
       is((SELECT array_agg(ordinality) FROM statement_batch(('[' || st() || ',' || st() || ']')::json)), '{1,2}', 'in order'),
       is((SELECT count(*) FROM statement_batch('[]')), 0::bigint, 'an empty batch'),
       is((SELECT statement::text FROM statement_batch(st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"')::json)), st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"'), 'a given id stays'));
SELECT is((SELECT statement::json -> 'authority' ->> 'mbox' FROM statement_batch(t::json, '{"mbox":"mailto:lms@example.com"}')), 'mailto:lms@example.com', 'authority: ' || what)
  FROM (VALUES (st(), 'set'), (st('"authority":{"mbox":"mailto:evil@example.com"}'), 'replaced'), (st('"\u0061uthority" : {"mbox":"mailto:evil@example.com"} ,"version":"1.0.3"'), 'replaced under an escaped key')) v (t, what);
SELECT throws_ok(format('SELECT * FROM statement_batch(%L)', t), '22023', NULL, what) FROM (VALUES
    ('1', 'a number'), ('[1]', 'an array of numbers'), ('[' || st() || ',{}]', 'a bad one among good ones'),
    ('[' || st('"id":"1f96b0af-de20-48ab-b32c-861c31684896"') || ',' || st('"id":"1F96B0AF-DE20-48AB-B32C-861C31684896"') || ']', 'the same id twice')) v (t, what);
SELECT throws_ok($$SELECT * FROM statement_batch(st()::json, '{"name":"nobody"}')$$, '22023', NULL, 'the authority is checked too');

-- ---- merging ----
SELECT is(merge_definition(a::json, b::json)::text, c, what) FROM (VALUES
    ('{"name":{"en":"A","de":"B"},"type":"a:b"}', '{"name":{"en":"C","fr":"D"},"moreInfo":"a:c"}', '{"name":{"en":"C","de":"B","fr":"D"},"type":"a:b","moreInfo":"a:c"}', 'languages are merged, members added'),
    ('{"type":"a:b","extensions":{"a:x":1}}', '{"type":"a:c","extensions":{"a:y":2}}', '{"type":"a:c","extensions":{"a:y":2}}', 'other members of the new one win whole'),
    ('{"choices":[{"id":"1","description":{"en":"one"}},{"id":"2"}]}', '{"choices":[{"id":"2"},{"id":"1","description":{"de":"eins"}}]}', '{"choices":[{"id":"2"},{"id":"1","description":{"en":"one","de":"eins"}}]}', 'components by their id'),
    ('{"name" : {"en" : "A"}}', '{"name":{"en":"A"}}', '{"name" : {"en" : "A"}}', 'nothing new: the same bytes'),
    ('{}', '{}', '{}', 'empty ones'), (NULL, '{"type":"a:b"}', '{"type":"a:b"}', 'no old one'), ('{"type":"a:b"}', NULL, '{"type":"a:b"}', 'no new one'), (NULL, NULL, NULL, 'neither')) v (a, b, c, what);
SELECT is(merge_language_map('{"en":"A","de":"B"}', '{"en":"C","fr":"D"}')::text, '{"en":"C","de":"B","fr":"D"}', 'language maps');
SELECT throws_ok($$SELECT merge_definition('[]', '{}')$$, '22023', NULL, 'only objects');

-- ---- actors ----
SELECT is(a::ecosys.actor::text, b, 'actor ' || a) FROM (VALUES
    ('mailto:Ann@Example.COM', '{"mbox":"mailto:Ann@example.com"}'), ('{"name":"x","mbox":"mailto:Ann@example.com"}', '{"mbox":"mailto:Ann@example.com"}'),
    ('{"objectType":"Group","mbox":"mailto:Ann@example.com"}', '{"mbox":"mailto:Ann@example.com"}'), ('{"mbox_sha1sum":"EBD31E95054C018B10727CCFFD2EF2EC3A016EE9"}', '{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}'),
    ('{"openid":"http://example.com/A"}', '{"openid":"http://example.com/A"}'), ('{"account":{"name":"a\u0000\"\ud800ä","homePage":"http://h"}}', '{"account":{"homePage":"http://h","name":"a\u0000\"\ud800ä"}}')) v (a, b);
SELECT collect_tap(is(a::ecosys.actor::text::ecosys.actor, a::ecosys.actor, 'text round trip'), is(receive_actor(actor_send(a::ecosys.actor)), a::ecosys.actor, 'binary round trip')) FROM (VALUES ('mailto:a@b.cd'), ('{"account":{"name":"\u0000","homePage":"http://h"}}')) v (a);
SELECT collect_tap(ok('mailto:a@B.cd'::ecosys.actor = '{"objectType":"Group","mbox":"mailto:a@b.cd","name":"G"}'::ecosys.actor, 'equal by identifier and nothing else'),
       ok('mailto:a@b.cd'::ecosys.actor <> 'mailto:A@b.cd'::ecosys.actor, 'the local part has its case'),
       is(actor_hash('mailto:a@B.cd'), actor_hash('{"mbox":"mailto:a@b.cd"}'), 'and hash alike'),
       is((actor_hash_extended('mailto:a@b.cd', 0) & 4294967295), (actor_hash('mailto:a@b.cd')::bigint & 4294967295), 'extended hash'),
       is(actor_key('mailto:a@B.cd'::ecosys.actor), actor_key_of_email('a@b.CD'), 'key of a mail address'),
       is(actor_key('{"account":{"homePage":"http://h","name":"n"}}'::ecosys.actor), actor_key_of_account('http://h', 'n'), 'key of an account'),
       is(ifi('{"account":{"homePage":"http://h","name":"n"}}'), 'http://h|n', 'ifi of an account'), is(ifi('mailto:a@b.cd'), 'mailto:a@b.cd', 'ifi of a mail address'),
       is('mailto:a@b.cd'::ecosys.actor::json::text, '{"mbox":"mailto:a@b.cd"}', 'to json'), is('mailto:a@b.cd'::ecosys.actor::jsonb, '{"mbox":"mailto:a@b.cd"}', 'to jsonb'),
       is('{"mbox":"mailto:a@b.cd","name":"x"}'::json::ecosys.actor, 'mailto:a@b.cd'::ecosys.actor, 'from json'), is('{"mbox":"mailto:a@b.cd"}'::jsonb::ecosys.actor, 'mailto:a@b.cd'::ecosys.actor, 'from jsonb'));
SELECT throws_ok(format('SELECT %L::ecosys.actor', t), state, NULL, what) FROM (VALUES
    ('', '22P02', 'nothing'), ('a@b.cd', '22P02', 'a mail address without mailto:'), ('{"name":"x"}', '22023', 'no identifier'), ('{"mbox":"mailto:a@b.cd","openid":"http://a"}', '22023', 'two identifiers'),
    ('{"objectType":"Group","member":[{"mbox":"mailto:a@b.cd"}]}', '22023', 'an anonymous group')) v (t, state, what);
SELECT throws_ok($$SELECT ifi('{"account":{"name":"\u0000","homePage":"http://h"}}')$$, '22P05', NULL, 'ifi cannot show \u0000');
SELECT throws_ok(format('SELECT receive_actor(%L)', image), '22P03', NULL, what) FROM (VALUES ('\x00'::bytea, 'version'), ('\x01'::bytea, 'nothing'), ('\x01'::bytea || convert_to('mailto:a@b.cd', 'UTF8'), 'a bare IRI'), ('\x01'::bytea || convert_to('{}', 'UTF8'), 'no identifier')) v (image, what);

SELECT * FROM finish();
ROLLBACK;
