DROP TABLE IF EXISTS plain.ecosys_impact;
CREATE TABLE plain.ecosys_impact AS
SELECT s.key AS start, i.key AS element, i.strength
  FROM learning.elements s
  JOIN learning.element_kinds k ON k.kind = s.kind
 CROSS JOIN LATERAL learning.impact(s.key) i
 WHERE k.family = 'platform' OR s.kind = 'vendor';
