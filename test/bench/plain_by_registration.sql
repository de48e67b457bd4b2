WITH RECURSIVE hit AS (
    SELECT id, stored FROM plain.statements WHERE doc #>> '{context,registration}' = $1
    UNION
    SELECT r.id, r.stored FROM hit JOIN plain.statements r ON r.doc #>> '{object,id}' = hit.id::text
)
SELECT s.id, s.doc
  FROM (SELECT h.id, h.stored
          FROM hit h
         WHERE NOT EXISTS (SELECT FROM plain.statements v
                            WHERE v.doc #>> '{object,id}' = h.id::text AND v.doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided')
         ORDER BY h.stored DESC, h.id DESC
         LIMIT 100) h
  JOIN plain.statements s USING (id)
 ORDER BY h.stored DESC, h.id DESC
