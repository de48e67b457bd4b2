-- Alignment states: text forms and error wording that a person should read.
SET search_path = public, ecosys;
SET timezone = 'UTC';
CREATE TEMP TABLE obligation (goal text, attainment float8, weight float8, at timestamptz);
INSERT INTO obligation VALUES ('retain', 0.9, 0.5, '2025-04-01'), ('retain', 0.45, 0.25, '2025-06-30'), ('cost', NULL, 0.25, NULL), ('cost', 1, 0, NULL);
SELECT alignment_agg(attainment, weight) FROM obligation;
SELECT alignment_agg(attainment, weight, at) FROM obligation;
SELECT goal, alignment_agg(attainment, weight, at, '90 days') AS state FROM obligation GROUP BY ROLLUP (goal) ORDER BY goal;
-- read at one time
SELECT goal, round(score(state, t)::numeric, 4) AS score, coverage(state), proficiency(state), round(freshness(state, t)::numeric, 4) AS freshness,
       round(confidence(state)::numeric, 4) AS confidence, obligations(state), evidenced(state), weight(state), last_at(state)
  FROM (SELECT goal, alignment_agg(attainment, weight, at, '90 days') AS state FROM obligation GROUP BY ROLLUP (goal)) s,
       (VALUES (timestamptz '2025-06-30')) v(t) ORDER BY goal;
SELECT goal, round(contribution(part, whole, t)::numeric, 4) AS contribution, round(gap(part, whole, t)::numeric, 4) AS gap
  FROM (SELECT goal, alignment_agg(attainment, weight, at, '90 days') AS part FROM obligation GROUP BY goal) p,
       (SELECT alignment_agg(attainment, weight, at, '90 days') AS whole FROM obligation) w,
       (VALUES (timestamptz '2025-06-30')) v(t) ORDER BY goal;
-- what is refused, and how
SELECT alignment_agg(1.5, 1);
SELECT alignment_agg(1, 2000000);
SELECT alignment_agg(1, 1, NULL, '1 day');
SELECT alignment_agg(1, 1, now(), '1 year');
SELECT alignment_agg(1, 1, '2025-01-01', '1 day') + alignment_agg(1, 1, '2025-01-01');
SELECT score(alignment_agg(1, 1, '2025-02-01'), '2025-01-01');
SELECT score_interval(alignment_agg(1, 1), 95);
SELECT contribution(alignment_agg(1, 2), alignment_agg(1, 1));
SELECT '{"v":1,"n":1}'::ecosys.alignment;
SELECT '{"v":1,"half_life_us":null,"n":1,"ev":2,"w":1,"we":1,"w2":1,"a0":1,"min_us":null,"max_us":null,"b":[[0,1,1]]}'::ecosys.alignment;
