-- Rules of the states, one by one: ranges, NULLs, errors, refused input, operator classes, properties of scores.
\set ON_ERROR_STOP 1
SET search_path = public, ecosys;
SET timezone = 'UTC';
SELECT no_plan();

-- outcome
SELECT is(outcome(0.4, 9, 0, 10, true), 0.4::float8, 'scaled comes first');
SELECT is(outcome(-0.4, 9, 0, 10, true), 0::float8, 'negative scaled is floored');
SELECT is(outcome(NULL, 9, 0, 10, false), 0.9::float8, 'raw between min and max');
SELECT is(outcome(NULL, 12, 0, 10, NULL), 1::float8, 'raw above max is clamped');
SELECT is(outcome(NULL, -1, 0, 10, NULL), 0::float8, 'raw below min is clamped');
SELECT is(outcome(NULL, 1e308, -1e308, 1.5e308, NULL), 0.8::float8, 'no overflow between raw, min and max');
SELECT is(outcome(NULL, 9, NULL, 10, true), 1::float8, 'raw without min says nothing');
SELECT is(outcome(NULL, 9, 10, 10, false), 0::float8, 'min not below max says nothing');
SELECT is(outcome(NULL, 9, NULL, NULL, NULL), NULL::float8, 'nothing says');
SELECT throws_ok($$SELECT outcome(1.01, NULL, NULL, NULL, NULL)$$, '22003', NULL, 'scaled above 1');
SELECT throws_ok($$SELECT outcome(-1.01, NULL, NULL, NULL, NULL)$$, '22003', NULL, 'scaled below -1');
SELECT throws_ok($$SELECT outcome('NaN', NULL, NULL, NULL, NULL)$$, '22003', NULL, 'scaled NaN');
SELECT throws_ok($$SELECT outcome(NULL, 'Infinity', 0, 1, NULL)$$, '22003', NULL, 'raw infinite');

-- fade, mastered, grade
SELECT is(fade(0.8, '2025-01-01Z', '2025-04-01Z', interval '90 days'), 0.4::float8, 'half after one half-life');
SELECT is(fade(0.8, '2025-01-01Z', '2025-04-01Z', NULL), 0.8::float8, 'no half-life: no fading');
SELECT is(fade(NULL, '2025-01-01Z', '2025-04-01Z', NULL), NULL::float8, 'nothing to fade');
SELECT throws_ok($$SELECT fade(0.8, '2025-04-02Z', '2025-04-01Z', NULL)$$, '22023', NULL, 'as_of before the evidence');
SELECT throws_ok($$SELECT fade(1.1, '2025-01-01Z', '2025-04-01Z', NULL)$$, '22003', NULL, 'fade of more than 1');
SELECT throws_ok($$SELECT fade(1, '2025-01-01Z', 'infinity', '1 day')$$, '22003', NULL, 'fade to infinity');
SELECT throws_ok(format('SELECT fade(1, ''2025-01-01Z'', ''2025-04-01Z'', %L)', h), '22023', NULL, 'half-life ' || h)
  FROM unnest('{1 month,1 year,0 s,0.999999 s,-1 day,200000000 days}'::text[]) h;
SELECT lives_ok($$SELECT fade(1, '2025-01-01Z', '2025-04-01Z', '1 s')$$, 'half-life 1 s');
SELECT is(mastered((0.1::float8 + 0.7::float8) / 2, 0.4), true, 'mastered to twelve digits');
SELECT is(mastered(0.39999999999, 0.4), false, 'not mastered');
SELECT is(mastered(NULL, 0.4), NULL::boolean, 'mastered of nothing');
SELECT throws_ok($$SELECT mastered(0.4, 0)$$, '22003', NULL, 'mastery score 0');
SELECT is(grade(0.4, NULL), 0.4::float8, 'linear');
SELECT is(grade(0.4, 0.8, 'ramp'), 0.5::float8, 'ramp');
SELECT is(grade(0.9, 0.8, 'ramp'), 1::float8, 'ramp ends at 1');
SELECT is(grade(0.8, 0.8, 'step'), 1::float8, 'step');
SELECT is(grade(0.79, 0.8, 'step'), 0::float8, 'below the step');
SELECT is(grade(NULL, 0.8, 'step'), NULL::float8, 'grade of nothing');
SELECT throws_ok($$SELECT grade(0.4, NULL, 'step')$$, '22023', NULL, 'step without a mastery score');
SELECT throws_ok($$SELECT grade(0.4, 0.8, 'curve')$$, '22023', NULL, 'unknown grading');
SELECT throws_ok($$SELECT grade(0.4, 1.1, 'ramp')$$, '22003', NULL, 'mastery score above 1');

-- the normal quantile, against values computed with 50 digits
SELECT ok(abs(normal_quantile(p) / q - 1) <= 1e-13, format('normal quantile of %s', p))
  FROM (VALUES (0.975::float8, 1.9599639845400538556::float8), (0.3, -0.52440051270804081597), (0.075, -1.4395314709384559349),
               (1e-3, -3.0902323061678136), (1e-10, -6.361340902404056), (1e-12, -7.034483825301132), (1e-100, -21.273453560965324294), (0.5 + 1e-6, 2.5066282747057051991e-6)) v(p, q);
SELECT is(normal_quantile(0.5), 0::float8, 'normal quantile of one half');
SELECT throws_ok(format('SELECT normal_quantile(%L)', p), '22003', NULL, 'normal quantile of ' || p) FROM unnest('{0,1,NaN}'::text[]) p;

-- attainment
SELECT is(attainment_agg(o, c, at)::text, '{"v":1,"half_life_us":null,"n":2,"sum":0.9,"best":[0.6,86400000000],"last":[172800000000,0.3],"c":1,"completed_us":259200000000,"b":[]}', 'text form')
  FROM (VALUES (0.6::float8, NULL::boolean, timestamptz '2000-01-02Z'), (0.3, true, '2000-01-03Z'), (NULL, true, '2000-01-04Z'), (NULL, false, '2000-01-05Z'), (NULL, NULL, NULL)) v(o, c, at);
SELECT is(attainment_agg(o, false, at, '1 day')::text, '{"v":1,"half_life_us":86400000000,"n":2,"sum":0.9,"best":[0.6,-86400000000],"last":[0,0.3],"c":0,"completed_us":null,"b":[[-1,1,0.6,1],[0,1,0.3,1]]}', 'text form with a half-life, before 2000')
  FROM (VALUES (0.6::float8, timestamptz '1999-12-31Z'), (0.3, '2000-01-01Z')) v(o, at);
SELECT is(attainment_agg(NULL, false, now()), NULL::ecosys.attainment, 'no evidence: no state');
SELECT is(attained(s, p) || ' at ' || attained_at(s, p), v || ' at ' || at, 'attained and attained_at: ' || p)
  FROM (SELECT attainment_agg(o, NULL, at) FROM (VALUES (0.9::float8, timestamptz '2025-01-01Z'), (0.9, '2025-01-03Z'), (0.2, '2025-01-05Z'), (0.4, '2025-01-05Z'), (0.6, '2025-01-04Z')) v(o, at)) x(s),
       (VALUES ('best', 0.9::float8, timestamptz '2025-01-03Z'), ('last', 0.4, '2025-01-05Z'), ('mean', 0.6, '2025-01-05Z'), ('decayed', 0.6, '2025-01-05Z')) v(p, v, at);
SELECT is(attained(attainment_agg(NULL, true, '2025-01-01Z'), 'last', 0.25), 0.25::float8, 'completion credit');
SELECT is(attained_at(attainment_agg(NULL, true, '2025-01-01Z')), timestamptz '2025-01-01Z', 'time of completion');
SELECT is(attained(NULL), NULL::float8, 'attained of nothing');
SELECT is(ARRAY[evidence_count(NULL), completion_count(NULL)], '{0,0}', 'counts of nothing');
SELECT is(posterior_mean(NULL, 0.3), 0.3::float8, 'the prior mean of nothing');
SELECT throws_ok($$SELECT attainment_agg(1.1, NULL, now())$$, '22003', NULL, 'outcome above 1');
SELECT throws_ok($$SELECT attainment_agg('NaN', NULL, now())$$, '22003', NULL, 'outcome NaN');
SELECT throws_ok($$SELECT attainment_agg(1, NULL, NULL)$$, '22004', NULL, 'undated result');
SELECT throws_ok($$SELECT attainment_agg(NULL, true, NULL)$$, '22004', NULL, 'undated completion');
SELECT throws_ok($$SELECT attainment_agg(1, NULL, 'infinity')$$, '22003', NULL, 'result at infinity');
SELECT throws_ok($$SELECT attained(attainment_agg(1, NULL, now()), 'worst')$$, '22023', NULL, 'unknown policy');
SELECT throws_ok($$SELECT attained(attainment_agg(1, NULL, now()), 'best', 1.5)$$, '22003', NULL, 'completion credit above 1');
SELECT throws_ok($$SELECT confidence(NULL::ecosys.attainment, 0)$$, '22023', NULL, 'prior strength 0');
SELECT throws_ok($$SELECT posterior_mean(NULL, 2)$$, '22023', NULL, 'prior mean 2');
SELECT throws_ok($$SELECT attainment_agg(1, NULL, now(), '1 day') + attainment_agg(1, NULL, now())$$, '22023', NULL, 'half-lives differ');
SELECT throws_ok($$SELECT score_interval(attainment_agg(1, NULL, now()), 1)$$, '22023', NULL, 'level 1');

-- alignment
SELECT is(alignment_agg(a, w), NULL::ecosys.alignment, 'weights of 0, NULL and below a unit are ignored') FROM (VALUES (1::float8, 0::float8), (1, NULL), (NULL, 4e-16), (NULL, NULL)) v(a, w);
SELECT throws_ok($$SELECT alignment_agg(1.1, 1)$$, '22003', NULL, 'attainment above 1');
SELECT throws_ok($$SELECT alignment_agg(-0.1, 1)$$, '22003', NULL, 'attainment below 0');
SELECT throws_ok($$SELECT alignment_agg('NaN', 1)$$, '22003', NULL, 'attainment NaN');
SELECT throws_ok($$SELECT alignment_agg(1, -1)$$, '22003', NULL, 'weight below 0');
SELECT throws_ok($$SELECT alignment_agg(1, 1000001)$$, '22003', NULL, 'weight above a million');
SELECT throws_ok($$SELECT alignment_agg(1, 'NaN')$$, '22003', NULL, 'weight NaN');
SELECT throws_ok($$SELECT alignment_agg(1, 1, '-infinity', '1 day')$$, '22003', NULL, 'evidence at infinity');
SELECT throws_ok($$SELECT alignment_agg(1, 1, NULL, '1 day')$$, '22004', NULL, 'undated evidence cannot fade');
SELECT lives_ok($$SELECT alignment_agg(NULL, 1, NULL, '1 day')$$, 'an undated obligation without evidence');
SELECT throws_ok($$SELECT alignment_agg(1, 1, now(), '1 month')$$, '22023', NULL, 'half-life in months');
SELECT throws_ok($$SELECT alignment_agg(1, 1, now(), h) FROM (VALUES (interval '1 day'), ('2 days')) v(h)$$, '22023', NULL, 'two half-lives in one state');
SELECT throws_ok($$SELECT score(alignment_agg(1, 1, '2025-01-02Z'), '2025-01-01Z')$$, '22023', NULL, 'read before the evidence');
SELECT throws_ok($$SELECT score(alignment_agg(1, 1, '2025-01-02Z'), 'infinity')$$, '22003', NULL, 'read at infinity');
SELECT is(score(alignment_agg(1, 1, '2025-01-02Z', '1 day'), '2025-01-04Z'), 0.25::float8, 'a quarter after two half-lives');
SELECT is(score(NULL::ecosys.alignment), NULL::float8, 'score of nothing');
SELECT results_eq($$SELECT proficiency(s), freshness(s), score(s), coverage(s), confidence(s), first_at(s) FROM (SELECT alignment_agg(NULL, 2, NULL)) x(s)$$,
                  $$VALUES (NULL::float8, NULL::float8, 0::float8, 0::float8, 0::float8, NULL::timestamptz)$$, 'no evidence is a score of 0');
SELECT results_eq($$SELECT proficiency(s), freshness(s), score(s) FROM (SELECT alignment_agg(0, 2)) x(s)$$, $$VALUES (0::float8, NULL::float8, 0::float8)$$, 'attainment 0 has no freshness');
SELECT results_eq($$SELECT obligations(s), evidenced(s), weight(s), first_at(s), last_at(s), effective_size(s) FROM (SELECT alignment_agg(a, 0.5, at) FROM (VALUES (1::float8, timestamptz '2025-01-02Z'), (0.5, '2025-01-01Z'), (NULL, '2024-01-01Z')) v(a, at)) x(s)$$,
                  $$VALUES (3::bigint, 2::bigint, 1.5::float8, timestamptz '2025-01-01Z', timestamptz '2025-01-02Z', 3::float8)$$, 'counts, weight and times');
SELECT throws_ok($$SELECT score_interval(alignment_agg(1, 1), 0)$$, '22023', NULL, 'level 0');
SELECT throws_ok($$SELECT contribution(alignment_agg(1, 2), alignment_agg(1, 1))$$, '22023', NULL, 'the part weighs more than the whole');
SELECT throws_ok($$SELECT gap(alignment_agg(1, 1, now(), '1 day'), alignment_agg(1, 1, now()))$$, '22023', NULL, 'part and whole with two half-lives');
SELECT throws_ok($$SELECT s + s FROM (SELECT '{"v":1,"half_life_us":null,"n":100000000,"ev":0,"w":100000000000000,"we":0,"w2":100000000000000000000,"a0":0,"min_us":null,"max_us":null,"b":[]}'::ecosys.alignment) x(s)$$,
                 '22003', NULL, 'a full state');
SELECT throws_ok($$SELECT s + s FROM (SELECT '{"v":1,"half_life_us":null,"n":9000000000000000000,"sum":0,"best":[0,1],"last":[1,0],"c":0,"completed_us":null,"b":[]}'::ecosys.attainment) x(s)$$,
                 '22003', NULL, 'a full count');

-- refused text: every one differs from a good one in what its name says
CREATE TEMP TABLE good (type text, text text);
INSERT INTO good VALUES
    ('alignment', '{"v":1,"half_life_us":86400000000,"n":3,"ev":2,"w":3,"we":2,"w2":3,"a0":1.5,"min_us":0,"max_us":172800000000,"b":[[0,1,1],[2,0.5,0.25]]}'),
    ('attainment', '{"v":1,"half_life_us":86400000000,"n":2,"sum":0.9,"best":[0.6,0],"last":[86400000000,0.3],"c":1,"completed_us":5,"b":[[0,1,0.6,1],[1,1,0.3,1]]}');
SELECT lives_ok(format('SELECT %L::ecosys.%I', text, type), 'a good ' || type) FROM good;
SELECT lives_ok(format('SELECT %L::ecosys.%I', E' \n' || replace(replace(replace(text, ':', ' : '), ',', E' ,\t'), '0.5', '0.50'), type), 'spaces in a good ' || type) FROM good;
CREATE TEMP TABLE bad (type text, find text, replace text, what text);
INSERT INTO bad VALUES
    ('alignment', '"v":1', '"v":2', 'unknown version'), ('alignment', '"n":3', '"n":0', 'no rows'), ('alignment', '"n":3', '"n":1', 'ev > n'),
    ('alignment', '"n":3', '"n":3.0', 'a count with a fraction'), ('alignment', '"n":3', '"n":03', 'a leading zero'), ('alignment', '"n":3', '"n":9223372036854775808', 'a count beyond 64 bits'),
    ('alignment', '"ev":2', '"ev":-1', 'negative ev'), ('alignment', '"ev":2', '"ev":3', 'ev = n, but we < w'), ('alignment', '"w":3', '"w":1.9', 'we > w'),
    ('alignment', '"w":3', '"w":4000000', 'more than a million a row'), ('alignment', '"w":3', '"w":3.0000000000000001', 'below a unit'), ('alignment', '"w":3', '"w":1e1', 'an exponent'),
    ('alignment', '"w":3', '"w":-3', 'negative w'), ('alignment', '"w":3', '"w":170141183460469231731688', 'beyond 128 bits'), ('alignment', '"w2":3', '"w2":10', 'w2 above the square of w'), ('alignment', '"w2":3', '"w2":2.9', 'w2 below w * w / n'),
    ('alignment', '"a0":1.5', '"a0":2.1', 'a0 > we'), ('alignment', '"a0":1.5', '"a0":0.7', 'b above twice a0'), ('alignment', '"a0":1.5', '"a0":1.6', 'b below a0'),
    ('alignment', '"min_us":0', '"min_us":null', 'only max'), ('alignment', '"max_us":172800000000', '"max_us":-1', 'max < min'), ('alignment', '"max_us":172800000000', '"max_us":9223371331200000000', 'max at the end of time'),
    ('alignment', '"half_life_us":86400000000', '"half_life_us":0', 'half-life 0'), ('alignment', '"half_life_us":86400000000', '"half_life_us":999999', 'half-life below 1 s'), ('alignment', '"half_life_us":86400000000', '"half_life_us":null', 'two buckets without half-life'),
    ('alignment', '[0,1,1],[2,0.5,0.25]', '[2,0.5,0.25],[0,1,1]', 'buckets not in order'), ('alignment', '[0,1,1],[2,0.5,0.25]', '[2,0.5,0.25],[2,1,1]', 'a bucket twice'), ('alignment', '[2,0.5,0.25]', '[3,0.5,0.25]', 'a bucket after max'),
    ('alignment', '[0,1,1]', '[-1,1,1]', 'a bucket before min'), ('alignment', '[0,1,1]', '[0,0,0]', 'an empty bucket'), ('alignment', '[0,1,1]', '[0,1,2.1]', 'squares above twice the sum'), ('alignment', '[0,1,1],', '[0,0.4,0.4],[1,0.6,0.6],', 'more buckets than evidence'),
    ('alignment', '}', '', 'no end'), ('alignment', '}', '}x', 'text after the end'), ('alignment', '"ev":2,', '', 'a key missing'), ('alignment', '[0,1,1]', '[0,1]', 'half a bucket'), ('alignment', '{', '', 'no beginning'), ('alignment', '"b":[', '"b":[,', 'a stray comma'),
    ('attainment', '"v":1', '"v":0', 'unknown version'), ('attainment', '"n":2', '"n":0', 'best without graded'), ('attainment', '"n":2', '"n":-2', 'negative n'), ('attainment', '"sum":0.9', '"sum":1.3', 'sum > n * best'), ('attainment', '"sum":0.9', '"sum":0.8', 'sum < best + last'),
    ('attainment', '[0.6,0]', '[1.6,0]', 'best above 1'), ('attainment', '[0.6,0]', '[0.6,86400000001]', 'best after last'), ('attainment', '[0.6,0]', '[0.6,86400000000]', 'best at last, another value'), ('attainment', '[0.6,0]', 'null', 'last without best'), ('attainment', '[86400000000,0.3]', '[86400000000,0.6]', 'last is as good as best, but later'),
    ('attainment', '"c":1', '"c":0', 'completed, but no completion'), ('attainment', '"completed_us":5', '"completed_us":null', 'a completion without time'), ('attainment', '[0,1,0.6,1]', '[0,0.9,0.6,1]', 'growth below 1'), ('attainment', '[0,1,0.6,1]', '[0,1,1.1,1]', 'grown above growth'),
    ('attainment', '[0,1,0.6,1]', '[0,1,0.6,0.9]', 'squares below growth'), ('attainment', '[0,1,0.6,1]', '[0,4,0.6,4]', 'growth above twice n'), ('attainment', ',[1,1,0.3,1]', '', 'b does not reach last'), ('attainment', '[[0,1,0.6,1],[1,1,0.3,1]]', '[]', 'no buckets'), ('attainment', '"half_life_us":86400000000', '"half_life_us":null', 'buckets without half-life');
SELECT throws_ok(format('SELECT %L::ecosys.%I', replace(text, find, replace), type), '22P02', NULL, type || ' refuses: ' || what) FROM bad JOIN good USING (type);
SELECT throws_ok(format('SELECT %L::ecosys.alignment', t), '22P02', NULL, 'alignment refuses: ' || left(t, 20)) FROM (VALUES (''), ('null'), ('{}'), (repeat('[', 10000)), (repeat('9', 10000))) v(t);
SELECT is_empty($$SELECT what FROM bad JOIN good USING (type) WHERE strpos(text, find) = 0$$, 'every bad text differs from the good one');

-- refused binary: the good one with one piece replaced
CREATE FUNCTION pg_temp.receive(type text, hex text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    received text;
BEGIN
    EXECUTE format('CREATE TEMP TABLE received (state ecosys.%I) ON COMMIT DROP', type);
    EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)',
                   format('perl -e ''binmode STDOUT; print pack("H*", "%s")''',
                          '5047434f50590aff0d0a00' || '0000000000000000' || '0001' || lpad(to_hex(length(hex) / 2), 8, '0') || hex || 'ffff'));
    SELECT state::text INTO received FROM received;
    DROP TABLE received;
    RETURN received;
END
$$;
CREATE TEMP TABLE good_binary AS
SELECT 'alignment' AS type, encode(alignment_send(text::ecosys.alignment), 'hex') AS hex, text FROM good WHERE type = 'alignment'
UNION ALL SELECT 'attainment', encode(attainment_send(text::ecosys.attainment), 'hex'), text FROM good WHERE type = 'attainment';
SELECT is(pg_temp.receive(type, hex), text, 'a good binary ' || type) FROM good_binary;
SELECT throws_ok(format('SELECT pg_temp.receive(%L, %L)', type, overlay(hex PLACING piece FROM byte * 2 + 1 FOR length(piece))), '22P03', NULL, format('binary %s refuses: %s', type, what))
  FROM good_binary JOIN (VALUES
    ('alignment', '02', 0, 'unknown version'), ('alignment', '03', 1, 'unknown flags'), ('alignment', '00', 1, 'no dates'), ('alignment', '0040', 2, '64 buckets'), ('alignment', '0003', 2, 'a bucket missing'), ('alignment', 'ffffffffffffffff', 4, 'negative half-life'),
    ('alignment', '0000000000000000', 12, 'n = 0'), ('alignment', 'ff', 20, 'negative ev'), ('alignment', 'ff', 44, 'negative w'), ('alignment', '01', 60, 'we > w'), ('alignment', 'ff', 76, 'negative w2'), ('alignment', 'ff', 92, 'negative a0'), ('alignment', '80', 108, 'a bucket far away'), ('alignment', 'ff', 116, 'a negative sum'),
    ('attainment', '02', 0, 'unknown version'), ('attainment', '01', 1, 'unknown flags'), ('attainment', 'ffff', 2, '65535 buckets'), ('attainment', '0003', 2, 'a bucket missing'), ('attainment', '80', 12, 'negative n'), ('attainment', '80', 20, 'negative c'), ('attainment', '10', 28, 'best above 1'), ('attainment', '80', 60, 'completed long ago'), ('attainment', 'ff', 68, 'negative sum')
  ) v(type, piece, byte, what) USING (type);
SELECT throws_ok(format('SELECT pg_temp.receive(%L, %L)', type, left(hex, length * 2)), '22P03', NULL, format('binary %s refuses: %s bytes', type, length)) FROM good_binary, unnest('{0,1,50,150}'::int[]) length;
SELECT throws_ok(format('SELECT pg_temp.receive(%L, %L)', type, hex || '00'), '22P03', NULL, format('binary %s refuses: a byte more', type)) FROM good_binary;

-- operator classes
SELECT is_empty($$SELECT opcname FROM pg_opclass WHERE opcintype IN ('ecosys.alignment'::regtype, 'ecosys.attainment'::regtype) AND NOT amvalidate(oid)$$, 'operator classes are valid');
SELECT is((SELECT count(*) FROM pg_opclass WHERE opcintype IN ('ecosys.alignment'::regtype, 'ecosys.attainment'::regtype)), 4::bigint, 'btree and hash for both types');

-- properties, on random rows
SELECT setseed(0.7);
CREATE TEMP TABLE obligation AS
SELECT i, i % 5 AS part, CASE WHEN random() < 0.8 THEN random() END AS attainment, random() * 10 + 0.001 AS weight, timestamptz '2025-06-30Z' - random() * interval '300 days' AS at FROM generate_series(1, 2000) i;
CREATE TEMP VIEW part AS SELECT part, alignment_agg(attainment, weight, at, '90 days') AS state FROM obligation GROUP BY part;
CREATE TEMP VIEW whole AS SELECT rollup(state) AS state FROM part;
SELECT ok(abs(score(state, t) - coverage(state) * proficiency(state) * freshness(state, t)) < 1e-12, 'score = coverage * proficiency * freshness') FROM whole, (VALUES (timestamptz '2025-06-30Z'), ('2026-01-01Z')) v(t);
SELECT ok(abs(sum(contribution(p.state, w.state, '2025-08-01Z')) - min(score(w.state, '2025-08-01Z'))) < 1e-12, 'contributions sum to the score') FROM part p, whole w;
SELECT ok(abs(sum(contribution(p.state, w.state, '2025-08-01Z') + gap(p.state, w.state, '2025-08-01Z')) - 1) < 1e-12, 'contributions and gaps sum to 1') FROM part p, whole w;
SELECT ok(abs(score(alignment_agg(attainment, weight * 7.3, at, '90 days')) - score(min(w.state::text)::ecosys.alignment)) < 1e-12, 'scale-free in weights') FROM obligation, whole w;
SELECT cmp_ok(score(alignment_agg(coalesce(attainment + (1 - attainment) / 2, 0.1), weight, at, '90 days'), '2025-06-30Z'), '>', score(min(w.state::text)::ecosys.alignment, '2025-06-30Z'), 'more attainment, a higher score') FROM obligation, whole w;
SELECT ok(bool_and(a >= b), 'an ageing score never rises') FROM (SELECT score(state, '2025-06-30Z'::timestamptz + d * interval '1 day'), score(state, '2025-06-30Z'::timestamptz + (d + 1) * interval '1 day') FROM whole, generate_series(0, 1000) d) x(a, b);
SELECT ok(abs(dispersion(alignment_agg(attainment, weight)) - sqrt(sum(weight * coalesce(attainment, 0) ^ 2) / sum(weight) - (sum(weight * coalesce(attainment, 0)) / sum(weight)) ^ 2)) < 1e-12, 'dispersion') FROM obligation;
SELECT ok(abs(effective_size(alignment_agg(attainment, weight)) - sum(weight) ^ 2 / sum(weight ^ 2)) < 1e-6, 'effective size') FROM obligation;
SELECT ok(lower > 0 AND lower < score(state) AND upper > score(state) AND upper < 1, 'the score is in its interval') FROM whole, score_interval(state);
SELECT ok((a).lower > (b).lower AND (a).upper < (b).upper, 'a higher level, a wider interval') FROM (SELECT score_interval(state, 0.8), score_interval(state, 0.99) FROM whole) x(a, b);
SELECT * FROM finish();
