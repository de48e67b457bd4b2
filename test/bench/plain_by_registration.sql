-- Void is asked of each row by the index on the object's id: left to itself the planner, who cannot know how few rows there are, reads all voids.
WITH RECURSIVE hit AS (
    SELECT id, stored FROM plain.statements WHERE doc #>> '{context,registration}' = $1
    UNION
    SELECT r.id, r.stored FROM hit JOIN plain.statements r ON r.doc #>> '{object,id}' = hit.id::text
)
SELECT s.id, s.doc
  FROM (SELECT h.id, h.stored
          FROM hit h
         WHERE (SELECT v.id FROM plain.statements v
                            WHERE v.doc #>> '{object,id}' = h.id::text AND (v.doc #>> '{verb,id}') || '' = 'http://adlnet.gov/expapi/verbs/voided' LIMIT 1) IS NULL
         ORDER BY h.stored DESC, h.id DESC
         LIMIT 100) h
  JOIN plain.statements s USING (id)
 ORDER BY h.stored DESC, h.id DESC
