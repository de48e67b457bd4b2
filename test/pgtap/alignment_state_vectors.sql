-- The state vectors: rows in parts, merged; exact sums, score and dispersion.
\set ON_ERROR_STOP 1
\set vectors `cat test/data/alignment-vectors.json`
SET search_path = public, ecosys;
SET timezone = 'UTC';

CREATE TEMP TABLE vector AS
SELECT c->>'id' AS id, c->>'name' AS name, c->'input' AS input, c->'expect' AS expect
  FROM jsonb_array_elements((:'vectors'::jsonb)->'cases') c
 WHERE c->>'section' = 'state';

CREATE FUNCTION pg_temp.state_of(rows jsonb, half_life interval) RETURNS ecosys.alignment LANGUAGE sql AS $$
    SELECT alignment_agg((r->>'attainment')::float8, (r->>'weight')::float8, (r->>'at')::timestamptz, half_life)
      FROM jsonb_array_elements(rows) r
$$;

-- By parts merged, and at one go: one function, so that both must be the same.
CREATE FUNCTION pg_temp.state_of(input jsonb) RETURNS ecosys.alignment LANGUAGE plpgsql AS $$
DECLARE
    merged ecosys.alignment;
    whole ecosys.alignment;
BEGIN
    SELECT rollup(pg_temp.state_of(part, (input->>'half_life')::interval)) INTO merged FROM jsonb_array_elements(input->'parts') part;
    SELECT alignment_agg((r->>'attainment')::float8, (r->>'weight')::float8, (r->>'at')::timestamptz, (input->>'half_life')::interval)
      INTO whole FROM jsonb_array_elements(input->'parts') part, jsonb_array_elements(part) r;
    IF merged::text IS DISTINCT FROM whole::text THEN
        RAISE EXCEPTION 'merged % but whole %', merged, whole;
    END IF;
    RETURN merged;
END
$$;

-- The vectors quote the decimals.
CREATE FUNCTION pg_temp.as_vector(state ecosys.alignment) RETURNS jsonb LANGUAGE sql AS $$
    SELECT regexp_replace(regexp_replace(state::text, '"(w|we|w2|a0)":([0-9.]+)', '"\1":"\2"', 'g'),
                          '\[(-?[0-9]+),([0-9.]+),([0-9.]+)\]', '[\1,"\2","\3"]', 'g')::jsonb - 'v'
$$;

SELECT plan((SELECT count(*)::int + count(*) FILTER (WHERE NOT expect ? 'error')::int * 2 + 1 FROM vector));
SELECT is((SELECT count(*) FROM vector), 9::bigint, 'there are 9 state vectors');

SELECT is(pg_temp.as_vector(pg_temp.state_of(input)), nullif(expect->'state', 'null'), id || ': ' || name)
  FROM vector WHERE NOT expect ? 'error' ORDER BY id;
SELECT ok(score(s, a) IS NULL AND e IS NULL OR abs(score(s, a) - e) <= 1e-9,
          format('%s: score %s is %s', id, score(s, a), e))
  FROM vector, pg_temp.state_of(input) s, LATERAL (SELECT (input->>'as_of')::timestamptz, (expect->>'score')::float8) x(a, e)
 WHERE NOT expect ? 'error' ORDER BY id;
SELECT ok(dispersion(s, a) IS NULL AND e IS NULL OR abs(dispersion(s, a) - e) <= 1e-9,
          format('%s: dispersion %s is %s', id, dispersion(s, a), e))
  FROM vector, pg_temp.state_of(input) s, LATERAL (SELECT (input->>'as_of')::timestamptz, (expect->>'stddev')::float8) x(a, e)
 WHERE NOT expect ? 'error' ORDER BY id;
SELECT throws_ok(format('SELECT score(pg_temp.state_of(%L), %L)', input, input->>'as_of'),
                 CASE WHEN expect->>'error' = 'undated evidence' THEN '22004' ELSE '22023' END, NULL, id || ': ' || name)
  FROM vector WHERE expect ? 'error' ORDER BY id;
SELECT * FROM finish();
