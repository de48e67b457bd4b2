-- Two roads to one answer: the statement type against jsonb and plain SQL, on random statements.
SET client_min_messages = warning;
SET search_path = public, ecosys;
SET timezone = 'UTC';
BEGIN;
SELECT no_plan();
SELECT setseed(0.25);

CREATE FUNCTION pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;

-- A random JSON value from a small world, so that equal ones are common; several spellings of a few numbers and strings.
CREATE FUNCTION random_value(depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    kind text := CASE WHEN depth = 0 THEN 'scalar' ELSE pick('scalar', 'array', 'object') END;
BEGIN
    IF kind = 'scalar' THEN
        RETURN pick('1', '1.0', '10e-1', '0.1E1', '-0', '0', '0.0e7', '100', '1e2', '1.00e+02', 'null', 'true', 'false', '"a"', '"\u0061"', '"é"', '"\u00e9"', '"\/"', '"/"', '""', '"1"');
    ELSIF kind = 'array' THEN
        RETURN '[' || coalesce((SELECT string_agg(random_value(depth - 1), pick(',', ' , ')) FROM generate_series(1, (random() * 2)::int)), '') || ']';
    END IF;
    RETURN '{' || coalesce((SELECT string_agg(k || ':' || random_value(depth - 1), ',' ORDER BY random()) FROM unnest(ARRAY[pick('"a"', '"\u0061"'), '"bb"', '"c"']) k WHERE random() < 0.5), '') || '}';
END $$;

CREATE TEMP TABLE pairs AS
    SELECT ('{"actor":{"mbox":"mailto:a@b.cd"},"verb":{"id":"a:v"},"object":{"id":"a:o"},"context":{"extensions":{"a:x":' || random_value(2) || '}}}') AS t FROM generate_series(1, 300);
CREATE TEMP TABLE compared AS
    SELECT a.t::ecosys.statement AS a, b.t::ecosys.statement AS b, a.t::jsonb = b.t::jsonb AS same FROM pairs a, pairs b;
SELECT cmp_ok(count(*) FILTER (WHERE same), '>', 2000::bigint, 'there are equal pairs') FROM compared;
SELECT is(count(*) FILTER (WHERE (a = b) <> same), 0::bigint, 'equal just as jsonb is') FROM compared;
SELECT is(count(*) FILTER (WHERE equivalent(a, b) <> same), 0::bigint, 'equivalent too, within extensions') FROM compared;
SELECT is(count(*) FILTER (WHERE same AND (statement_hash(a) <> statement_hash(b) OR statement_hash_extended(a, 42) <> statement_hash_extended(b, 42))), 0::bigint, 'equal ones hash alike') FROM compared;
SELECT is(count(*) FILTER (WHERE statement_cmp(a, b) <> -statement_cmp(b, a)), 0::bigint, 'the order is the same from both sides') FROM compared;
SELECT is((SELECT count(DISTINCT t::ecosys.statement) FROM pairs), (SELECT count(DISTINCT t::jsonb) FROM pairs), 'as many distinct ones by sorting');
SELECT is((SELECT count(*) FROM (SELECT t::ecosys.statement FROM pairs GROUP BY 1) g), (SELECT count(DISTINCT t::jsonb) FROM pairs), 'and by hashing');

-- Random statements, and what jsonb says of them.
CREATE FUNCTION random_agent() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT pick('{"mbox":"mailto:a@example.com"}', '{"mbox":"mailto:b@example.com","name":"B"}', '{"openid":"http://example.com/c"}', '{"account":{"homePage":"http://h","name":"d"}}')::jsonb || '{"objectType":"Agent"}' $$;
CREATE FUNCTION random_activity() RETURNS jsonb LANGUAGE sql VOLATILE AS $$ SELECT jsonb_build_object('id', pick('a:1', 'a:2', 'a:3', 'http://example.com/ä')) $$;
CREATE FUNCTION random_statement() RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'id', CASE WHEN random() < 0.7 THEN gen_random_uuid() END,
        'timestamp', CASE WHEN random() < 0.7 THEN to_char(timestamp '2020-01-01' + random() * interval '2000 days', 'YYYY-MM-DD"T"HH24:MI:SS.US') || pick('Z', '+00:00', '+02:00', '-05:30', '+00:07') END,
        'stored', CASE WHEN random() < 0.3 THEN '2026-11-24T15:04:05' || pick('', '.1', '.1234567') || 'Z' END,
        'actor', CASE WHEN random() < 0.2 THEN jsonb_build_object('objectType', 'Group', 'member', jsonb_build_array(random_agent(), random_agent())) ELSE random_agent() END,
        'verb', jsonb_build_object('id', pick('a:v', 'http://example.com/verb')),
        'object', CASE WHEN random() < 0.7 THEN random_activity() WHEN random() < 0.5 THEN random_agent() ELSE jsonb_build_object('objectType', 'StatementRef', 'id', gen_random_uuid()) END,
        'authority', CASE WHEN random() < 0.5 THEN random_agent() END,
        'result', CASE WHEN random() < 0.6 THEN jsonb_build_object('score', jsonb_build_object('scaled', CASE WHEN random() < 0.5 THEN round(random()::numeric, 3) END, 'raw', CASE WHEN random() < 0.5 THEN (random() * 50)::int END),
            'success', CASE WHEN random() < 0.5 THEN random() < 0.5 END, 'completion', CASE WHEN random() < 0.5 THEN random() < 0.5 END, 'response', CASE WHEN random() < 0.5 THEN 'ä"\' || random() END,
            'duration', CASE WHEN random() < 0.5 THEN 'PT' || (random() * 5000)::int || pick('', '.25') || 'S' END) END,
        'context', CASE WHEN random() < 0.7 THEN jsonb_build_object('registration', CASE WHEN random() < 0.5 THEN gen_random_uuid() END, 'instructor', CASE WHEN random() < 0.3 THEN random_agent() END, 'language', CASE WHEN random() < 0.5 THEN 'de' END,
            'contextActivities', jsonb_build_object('parent', CASE WHEN random() < 0.5 THEN jsonb_build_array(random_activity()) END, 'category', CASE WHEN random() < 0.5 THEN jsonb_build_array(random_activity(), random_activity()) END)) END)) $$;
CREATE TEMP TABLE stated AS SELECT j, j::ecosys.statement AS s FROM (SELECT random_statement() AS j FROM generate_series(1, 2000)) g;

-- the row that jsonb gives, and the row of accessors
CREATE TEMP TABLE differences AS
    SELECT column_name, count(*) AS n
      FROM stated,
           LATERAL (VALUES
            ('text', s::text, j::text), ('id', id(s)::text, j ->> 'id'), ('timestamp', "timestamp"(s)::text, (j ->> 'timestamp')::timestamptz::text),
            ('stored', stored(s)::text, (regexp_replace(j ->> 'stored', '(\.\d{6})\d+', '\1'))::timestamptz::text),
            ('verb', verb(s), j #>> '{verb,id}'), ('verb_key', verb_key(s)::text, verb_key(j #>> '{verb,id}')::text),
            ('object', object(s), CASE WHEN j -> 'object' ? 'objectType' THEN NULL ELSE j #>> '{object,id}' END),
            ('statement_ref', statement_ref(s)::text, CASE WHEN j #>> '{object,objectType}' = 'StatementRef' THEN j #>> '{object,id}' END),
            ('actor', actor(s)::text, CASE WHEN j #> '{actor,member}' IS NULL THEN (j -> 'actor')::ecosys.actor::text END),
            ('authority', authority(s)::text, (j -> 'authority')::ecosys.actor::text),
            ('score', score(s)::text, ((j #>> '{result,score,scaled}')::float8)::text), ('score_raw', score_raw(s)::text, ((j #>> '{result,score,raw}')::float8)::text),
            ('success', success(s)::text, j #>> '{result,success}'), ('completion', completion(s)::text, j #>> '{result,completion}'), ('response', response(s), j #>> '{result,response}'),
            ('duration', duration(s)::text, ((j #>> '{result,duration}')::interval)::text), ('registration', registration(s)::text, j #>> '{context,registration}'), ('language', language(s), j #>> '{context,language}'),
            ('related_activities', (SELECT string_agg(a, ' ' ORDER BY a) FROM unnest(related_activities(s)) a),
             (SELECT string_agg(DISTINCT a, ' ' ORDER BY a) FROM (SELECT p #>> '{}' AS a FROM jsonb_path_query(j, '$.context.contextActivities.*[*].id') p UNION ALL SELECT j #>> '{object,id}' WHERE NOT j -> 'object' ? 'objectType') x)),
            ('related_actors', (SELECT string_agg(ifi(a), ' ' ORDER BY ifi(a)) FROM unnest(related_actors(s)) a),
             (SELECT string_agg(DISTINCT ifi(p::ecosys.actor), ' ' ORDER BY ifi(p::ecosys.actor)) FROM jsonb_path_query(j, '$.** ? (exists(@.mbox) || exists(@.openid) || exists(@.account))') p))
           ) AS x (column_name, accessor, plain)
     WHERE accessor IS DISTINCT FROM plain
     GROUP BY column_name;
SELECT is_empty('SELECT * FROM differences', 'accessors say what plain SQL says of the text');
SELECT is((SELECT count(*) FROM stated WHERE related_actor_keys(s) <> (SELECT array_agg(actor_key(a)) FROM unnest(related_actors(s)) a)), 0::bigint, 'keys of related actors are in their order');
SELECT is((SELECT count(*) FROM stated a JOIN stated b ON a.s = b.s), (SELECT count(*) FROM stated a JOIN stated b ON a.j = b.j), 'joins find the same pairs');

SELECT * FROM finish();
ROLLBACK;
