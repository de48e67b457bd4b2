-- What every platform and vendor touches, by a recursive query over the same tables.
DROP TABLE IF EXISTS plain.impact;
CREATE TABLE plain.impact AS
WITH RECURSIVE walk AS (
    SELECT e.id AS start, e.id AS element, 1::float8 AS strength, ARRAY[e.id] AS path
      FROM learning.elements e JOIN learning.element_kinds k USING (kind)
     WHERE k.family = 'platform' OR e.kind = 'vendor'
    UNION ALL
    SELECT w.start, r.target, w.strength * r.weight * k.impact, w.path || r.target
      FROM walk w
      JOIN learning.relations r ON r.source = w.element
      JOIN learning.relation_kinds k ON k.kind = r.kind
      JOIN learning.elements t ON t.id = r.target
     WHERE (t.valid_to IS NULL OR t.valid_to > current_date) AND NOT r.target = ANY (w.path)
       AND k.impact > 0
)
SELECT s.key AS start, e.key AS element, max(strength) AS strength
  FROM walk JOIN learning.elements s ON s.id = start JOIN learning.elements e ON e.id = element
 WHERE element <> start
 GROUP BY s.key, e.key;
