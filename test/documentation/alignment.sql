-- obligations of your own: my_rows
CREATE TABLE my_rows AS
SELECT 'service' AS team, 0.9::float8 AS attainment, 1::float8 AS weight, timestamptz '2026-07-01Z' AS at;
