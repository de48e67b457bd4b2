-- Attainment: text forms and error wording that a person should read.
SET search_path = public, ecosys;
SET timezone = 'UTC';
-- three results of one person: 0.6, 0.9, 0.7 at days 0, 30, 60
CREATE TEMP TABLE result (outcome float8, completed boolean, at timestamptz);
INSERT INTO result VALUES (0.6, NULL, '2025-01-01'), (0.9, NULL, '2025-01-31'), (0.7, NULL, '2025-03-02'), (NULL, true, '2025-03-03');
SELECT attainment_agg(outcome, completed, at) FROM result;
SELECT attainment_agg(outcome, completed, at, '30 days') FROM result;
SELECT policy, round(attained(state, policy)::numeric, 4) AS attained, attained_at(state, policy)
  FROM (SELECT attainment_agg(outcome, completed, at, '30 days') AS state FROM result) s, unnest('{best,last,mean,decayed}'::text[]) policy;
SELECT round(effective_size(state)::numeric, 4) AS effective_size, round(confidence(state)::numeric, 4) AS confidence,
       round(posterior_mean(state)::numeric, 4) AS posterior_mean, round(posterior_sd(state)::numeric, 4) AS posterior_sd,
       round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper
  FROM (SELECT attainment_agg(outcome, completed, at) AS state FROM result) s, score_interval(state);
-- what is refused, and how
SELECT attainment_agg(1.5, NULL, now());
SELECT attainment_agg(1, NULL, NULL);
SELECT attainment_agg(1, NULL, now(), '1 month');
SELECT attainment_agg(1, NULL, now(), '1 ms');
SELECT attainment_agg(1, NULL, now(), '1 day') + attainment_agg(1, NULL, now(), '2 days');
SELECT attained(attainment_agg(1, NULL, now()), 'worst');
SELECT outcome(1.5, NULL, NULL, NULL, NULL);
SELECT grade(0.5, NULL, 'step');
SELECT fade(1, '2025-02-01', '2025-01-01', '1 day');
SELECT '{"v":1}'::ecosys.attainment;
SELECT '{"v":1,"half_life_us":null,"n":1,"sum":0.5,"best":[0.6,0],"last":[0,0.6],"c":0,"completed_us":null,"b":[]}'::ecosys.attainment;
