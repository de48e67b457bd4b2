-- The same rows give the same bytes on every road: any order, any partition, parallel, stored and merged,
-- text, binary, windows, grouping sets, and plain SQL over numeric.
\set ON_ERROR_STOP 1
SET search_path = public, ecosys;
SET timezone = 'UTC';
SET extra_float_digits = 1;
SELECT setseed(0.42);

CREATE TABLE obligation AS
SELECT i, i % 7 AS goal, i % 11 AS unit,
       CASE WHEN random() < 0.8 THEN round(random()::numeric, 2)::float8 END AS attainment,
       CASE WHEN random() < 0.05 THEN NULL ELSE random() END AS weight,
       timestamptz '2025-06-30Z' - random() * interval '500 days' AS at
  FROM generate_series(1, 30000) i;
CREATE TABLE evidence AS
SELECT i, i % 500 AS person,
       CASE WHEN random() < 0.6 THEN round(random()::numeric, 3)::float8 END AS outcome,
       random() < 0.5 AS completed,
       timestamptz '2025-06-30Z' - (random() * 500)::int * interval '1 day' AS at
  FROM generate_series(1, 30000) i;
ANALYZE obligation, evidence;

-- Two queries give the same rows, and some.
CREATE FUNCTION pg_temp.same(query text, expected text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    differences bigint;
    number bigint;
BEGIN
    EXECUTE format('SELECT (SELECT count(*) FROM ((%1$s) EXCEPT ALL (%2$s)) a) + (SELECT count(*) FROM ((%2$s) EXCEPT ALL (%1$s)) b), (SELECT count(*) FROM ((%1$s) INTERSECT ALL (%2$s)) c)',
                   query, expected) INTO differences, number;
    RETURN ok(differences = 0 AND number > 0, what || format(': %s rows, %s differences', number, differences));
END
$$;

SELECT plan(28);

-- serial, the yardstick
SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS
SELECT goal, alignment_agg(attainment, weight, at) AS plain, alignment_agg(attainment, weight, at, interval '5 days') AS aging FROM obligation GROUP BY goal;
CREATE TABLE serial_evidence AS
SELECT person, attainment_agg(outcome, completed, at) AS plain, attainment_agg(outcome, completed, at, interval '5 days') AS decayed FROM evidence GROUP BY person;
SELECT cmp_ok((SELECT count(*) FROM serial, LATERAL regexp_matches(aging::text, '\[[0-9]+,', 'g')), '>', 300::bigint, 'the states have many buckets');

-- shuffled
SELECT pg_temp.same($$SELECT goal, alignment_agg(attainment, weight, at ORDER BY md5(i::text)), alignment_agg(attainment, weight, at, interval '5 days' ORDER BY md5(i::text)) FROM obligation GROUP BY goal$$,
              'TABLE serial', 'alignment: shuffled');
SELECT pg_temp.same($$SELECT goal, alignment_agg(attainment, weight, at ORDER BY at DESC), alignment_agg(attainment, weight, at, interval '5 days' ORDER BY at DESC) FROM obligation GROUP BY goal$$,
              'TABLE serial', 'alignment: newest first');
SELECT pg_temp.same($$SELECT person, attainment_agg(outcome, completed, at ORDER BY md5(i::text)), attainment_agg(outcome, completed, at, interval '5 days' ORDER BY md5(i::text)) FROM evidence GROUP BY person$$,
              'TABLE serial_evidence', 'attainment: shuffled');

-- stored in parts and merged
CREATE TABLE part AS
SELECT goal, unit, alignment_agg(attainment, weight, at) AS plain, alignment_agg(attainment, weight, at, interval '5 days') AS aging FROM obligation GROUP BY goal, unit;
CREATE TABLE part_before AS TABLE part;
SELECT pg_temp.same('SELECT goal, rollup(plain), rollup(aging) FROM part GROUP BY goal', 'TABLE serial', 'alignment: stored and merged');
SELECT pg_temp.same('SELECT goal, rollup(plain ORDER BY unit DESC), rollup(aging ORDER BY unit DESC) FROM part GROUP BY goal', 'TABLE serial', 'alignment: merged in another order');
SELECT pg_temp.same('SELECT goal, rollup(plain), rollup(aging) FROM (SELECT goal, unit % 3, rollup(plain), rollup(aging) FROM part GROUP BY 1, 2) p(goal, third, plain, aging) GROUP BY goal',
              'TABLE serial', 'alignment: merged in two steps');
SELECT pg_temp.same('TABLE part', 'TABLE part_before', 'merging leaves stored states as they were');
SELECT pg_temp.same($$SELECT person, rollup(p), rollup(d) FROM (SELECT person, i % 5, attainment_agg(outcome, completed, at), attainment_agg(outcome, completed, at, interval '5 days') FROM evidence GROUP BY 1, 2) p(person, part, p, d) GROUP BY person$$,
              'TABLE serial_evidence', 'attainment: merged from parts');
SELECT is((a.aging + b.aging)::text, (b.aging + a.aging)::text, '+ commutes') FROM part a, part b WHERE a.goal = 1 AND a.unit = 1 AND b.goal = 2 AND b.unit = 2;
SELECT is(((a.aging + b.aging) + c.aging)::text, (a.aging + (b.aging + c.aging))::text, '+ associates')
  FROM part a, part b, part c WHERE a.goal = 1 AND a.unit = 1 AND b.goal = 2 AND b.unit = 2 AND c.goal = 3 AND c.unit = 3;

-- parallel
SELECT set_config(name, CASE vartype WHEN 'enum' THEN 'on' ELSE '0' END, false)
  FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query', 'parallel_setup_cost', 'parallel_tuple_cost', 'min_parallel_table_scan_size') \g /dev/null
SET max_parallel_workers_per_gather = 4;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) ' || query;
END
$$;
SELECT isnt_empty($$SELECT p FROM pg_temp.plan_of('SELECT goal, alignment_agg(attainment, weight, at) FROM obligation GROUP BY goal') p WHERE p ~ 'Partial .*Aggregate'$$,
                  'the plan has partial aggregates');
SELECT isnt_empty($$SELECT p FROM pg_temp.plan_of('SELECT goal, alignment_agg(attainment, weight, at) FROM obligation GROUP BY goal') p WHERE p ~ 'Workers Launched: [1-9]'$$,
                  'workers ran');
SELECT pg_temp.same($$SELECT goal, alignment_agg(attainment, weight, at), alignment_agg(attainment, weight, at, interval '5 days') FROM obligation GROUP BY goal$$,
              'TABLE serial', 'alignment: parallel');
SELECT pg_temp.same($$SELECT person, attainment_agg(outcome, completed, at), attainment_agg(outcome, completed, at, interval '5 days') FROM evidence GROUP BY person$$,
              'TABLE serial_evidence', 'attainment: parallel');
SET max_parallel_workers_per_gather = 0;

-- grouping sets, windows, DISTINCT and hashing
SELECT pg_temp.same($$SELECT goal, unit, alignment_agg(attainment, weight, at, interval '5 days') FROM obligation GROUP BY ROLLUP (goal, unit)$$,
              $$SELECT goal, unit, aging FROM part UNION ALL SELECT goal, NULL, aging FROM serial UNION ALL SELECT NULL, NULL, rollup(aging) FROM serial$$,
              'grouping sets');
SELECT pg_temp.same($$SELECT i, alignment_agg(attainment, weight, at, interval '5 days') OVER (PARTITION BY goal ORDER BY i) FROM obligation WHERE i <= 300$$,
              $$SELECT o.i, (SELECT alignment_agg(p.attainment, p.weight, p.at, interval '5 days') FROM obligation p WHERE p.goal = o.goal AND p.i <= o.i) FROM obligation o WHERE i <= 300$$,
              'running window');
SELECT pg_temp.same($$SELECT goal, unit, rollup(aging) OVER (PARTITION BY goal ORDER BY unit ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM part$$,
              $$SELECT goal, unit, (SELECT rollup(aging) FROM part q WHERE q.goal = p.goal AND q.unit BETWEEN p.unit - 2 AND p.unit) FROM part p$$,
              'moving window');
SET enable_hashagg = off;
SELECT pg_temp.same($$SELECT goal, alignment_agg(attainment, weight, at), alignment_agg(attainment, weight, at, interval '5 days') FROM obligation GROUP BY goal$$, 'TABLE serial', 'sorted groups');
RESET enable_hashagg;
SET work_mem = '64kB';
SELECT pg_temp.same($$SELECT person, attainment_agg(outcome, completed, at), attainment_agg(outcome, completed, at, interval '5 days') FROM evidence GROUP BY person$$,
              'TABLE serial_evidence', 'hash aggregation that spills');
RESET work_mem;
SELECT is((SELECT count(DISTINCT s) FROM (SELECT aging FROM part UNION ALL SELECT aging FROM part_before) x(s)), (SELECT count(*) FROM part), 'equal states are one by sorting');
SELECT is((SELECT count(*) FROM part JOIN part_before b USING (aging)), (SELECT count(*) FROM part), 'equal states join by hashing');

-- text and binary
SELECT is_empty('SELECT aging FROM part WHERE aging::text::ecosys.alignment IS DISTINCT FROM aging OR plain::text::ecosys.alignment IS DISTINCT FROM plain', 'alignment: text form');
SELECT is_empty('SELECT person FROM serial_evidence WHERE decayed::text::ecosys.attainment IS DISTINCT FROM decayed OR plain::text::ecosys.attainment IS DISTINCT FROM plain', 'attainment: text form');
\copy part TO 'alignment_state_roads.tmp' (FORMAT binary)
\copy serial_evidence TO 'alignment_evidence_roads.tmp' (FORMAT binary)
CREATE TABLE part_copied (LIKE part);
CREATE TABLE evidence_copied (LIKE serial_evidence);
\copy part_copied FROM 'alignment_state_roads.tmp' (FORMAT binary)
\copy evidence_copied FROM 'alignment_evidence_roads.tmp' (FORMAT binary)
\! rm alignment_state_roads.tmp alignment_evidence_roads.tmp
SELECT pg_temp.same('TABLE part_copied', 'TABLE part', 'alignment: binary form');
SELECT pg_temp.same('TABLE evidence_copied', 'TABLE serial_evidence', 'attainment: binary form');

-- Plain SQL: weights and attainments are at most 1, so that every rounded double fits bigint exactly.
SELECT pg_temp.same('SELECT goal, plain::text FROM serial', $$
    SELECT goal, format('{"v":1,"half_life_us":null,"n":%s,"ev":%s,"w":%s,"we":%s,"w2":%s,"a0":%s,"min_us":%s,"max_us":%s,"b":[[0,%s,%s]]}',
                        count(*), count(attainment), trim_scale(sum((weight * 1e15)::bigint) * 1e-15), trim_scale(sum((weight * 1e15)::bigint) FILTER (WHERE attainment IS NOT NULL) * 1e-15),
                        trim_scale(sum((weight * weight * 1e18)::bigint) * 1e-18), trim_scale(sum((weight * attainment * 1e15)::bigint) * 1e-15),
                        min(us) FILTER (WHERE attainment IS NOT NULL), max(us) FILTER (WHERE attainment IS NOT NULL),
                        trim_scale(sum((weight * attainment * 1e15)::bigint) * 1e-15), trim_scale(sum((weight * attainment * attainment * 1e15)::bigint) * 1e-15))
      FROM obligation, LATERAL (SELECT (extract(epoch FROM at - timestamptz '2000-01-01Z') * 1000000)::bigint) t(us)
     WHERE weight > 0 GROUP BY goal
  $$, 'the same digits from plain SQL');
SELECT is_empty($$
    SELECT goal FROM serial JOIN obligation USING (goal)
     GROUP BY goal, serial.aging
    HAVING abs(score(aging, '2025-06-30Z') - sum(weight * attainment * power(2, -extract(epoch FROM timestamptz '2025-06-30Z' - at)::float8 / (5 * 86400))) / sum(weight)) > 1e-12
  $$, 'the same score from plain SQL, faded');
SELECT * FROM finish();
