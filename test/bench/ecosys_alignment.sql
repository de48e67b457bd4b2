DROP TABLE IF EXISTS plain.ecosys_alignment;
CREATE TABLE plain.ecosys_alignment AS
SELECT goal, org_unit, score, coverage, obligations
  FROM learning.alignment('{goal,org_unit}', as_of => timestamptz '2026-07-01 00:00:00+00');
