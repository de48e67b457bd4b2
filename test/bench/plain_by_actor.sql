-- $1: who, as the index has it; $2: as jsonb. Actor or object, also as a member of a group; then what refers to these.
WITH RECURSIVE hit AS (
    (SELECT id, stored FROM plain.statements WHERE coalesce(doc #>> '{actor,account,name}', doc #>> '{actor,mbox}') = $1
     UNION
     SELECT id, stored FROM plain.statements
      WHERE doc @> jsonb_build_object('actor', jsonb_build_object('member', jsonb_build_array($2::jsonb)))
         OR doc @> jsonb_build_object('object', $2::jsonb)
         OR doc @> jsonb_build_object('object', jsonb_build_object('member', jsonb_build_array($2::jsonb))))
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
