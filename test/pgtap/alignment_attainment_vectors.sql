-- The attainment vectors: evidence of one person about one content, from statements to values.
\set ON_ERROR_STOP 1
\set vectors `cat test/data/alignment-vectors.json`
SET search_path = public, ecosys;
SET timezone = 'UTC';

CREATE TEMP TABLE vector AS
SELECT c->>'id' AS id, c->>'name' AS name, c->'input' AS input, c->'expect' AS expect
  FROM jsonb_array_elements((:'vectors'::jsonb)->'cases') c
 WHERE c->>'section' = 'attainment';

CREATE TEMP TABLE verb_rule (verb text, success boolean, completion boolean);
INSERT INTO verb_rule VALUES
    ('passed', true, NULL), ('mastered', true, NULL), ('failed', false, NULL), ('completed', NULL, true),
    ('satisfied', NULL, true), ('waived', true, true), ('scored', NULL, NULL), ('answered', NULL, NULL), ('attempted', NULL, NULL);

CREATE FUNCTION pg_temp.state_of(input jsonb) RETURNS ecosys.attainment LANGUAGE sql AS $$
    WITH given AS (
        SELECT DISTINCT ON (s->>'id') s FROM jsonb_array_elements(input->'statements') s
    ), evidence AS (
        SELECT ecosys.outcome((s->'score'->>'scaled')::float8, (s->'score'->>'raw')::float8, (s->'score'->>'min')::float8,
                              (s->'score'->>'max')::float8, coalesce((s->>'success')::boolean, r.success)) AS outcome,
               coalesce((s->>'completion')::boolean, r.completion) AS completed,
               (s->>'timestamp')::timestamptz AS at
          FROM given JOIN pg_temp.verb_rule r ON r.verb = s->>'verb'
         WHERE NOT EXISTS (SELECT FROM given v WHERE v.s->>'verb' = 'voided' AND v.s->>'target' = given.s->>'id')
           AND (s->>'timestamp')::timestamptz <= (input->>'as_of')::timestamptz
    )
    SELECT CASE WHEN input->>'policy' = 'decayed'
           THEN attainment_agg(outcome, completed, at, (input->>'decay_half_life')::interval)
           ELSE attainment_agg(outcome, completed, at) END
      FROM evidence
$$;

CREATE FUNCTION pg_temp.computed(input jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object(
        'graded', evidence_count(state), 'completions', completion_count(state),
        'value', value, 'grade', grade(value, theta, grading), 'mastered', mastered(value, theta),
        'attainment', fade(grade(value, theta, grading), at, (input->>'as_of')::timestamptz, (input->>'fade_half_life')::interval),
        'attained_at_us', (extract(epoch FROM at - timestamptz '2000-01-01Z') * 1000000)::bigint,
        'effective_size', effective_size(state), 'confidence', confidence(state, k),
        'posterior_mean', posterior_mean(state, coalesce((input->>'prior_mean')::float8, 0.5), k),
        'posterior_sd', posterior_sd(state, coalesce((input->>'prior_mean')::float8, 0.5), k),
        'lower', (score_interval(state)).lower, 'upper', (score_interval(state)).upper)
      FROM (SELECT pg_temp.state_of(input) AS state) s,
           LATERAL (SELECT attained(state, input->>'policy', coalesce((input->>'completion_credit')::float8, 1)) AS value,
                           attained_at(state, input->>'policy') AS at,
                           (input->>'mastery_score')::float8 AS theta, coalesce(input->>'grading', 'linear') AS grading,
                           coalesce((input->>'prior_strength')::float8, 2) AS k) v
$$;

-- What differs by more than the tolerance; NULL equals only NULL.
CREATE FUNCTION pg_temp.differences(computed jsonb, expected jsonb) RETURNS TABLE (key text, computed jsonb, expected jsonb)
LANGUAGE sql AS $$
    SELECT k, $1->k, $2->k FROM jsonb_object_keys($2) k
     WHERE NOT CASE WHEN jsonb_typeof($1->k) = 'number' AND jsonb_typeof($2->k) = 'number'
                    THEN abs(($1->>k)::float8 - ($2->>k)::float8) <= 1e-9 * greatest(1, abs(($2->>k)::float8))
                    ELSE coalesce($1->k, 'null') = $2->k END
$$;

SELECT plan((SELECT count(*)::int + 1 FROM vector));
SELECT is((SELECT count(*) FROM vector), 18::bigint, 'there are 18 attainment vectors');

SELECT is_empty(format('SELECT d.* FROM pg_temp.differences(pg_temp.computed(%L), %L) d', input, expect), id || ': ' || name)
  FROM vector WHERE NOT expect ? 'error' ORDER BY id;
SELECT throws_ok(format('SELECT pg_temp.state_of(%L)', input), '22003', NULL, id || ': ' || name)
  FROM vector WHERE expect ? 'error' ORDER BY id;
SELECT * FROM finish();
