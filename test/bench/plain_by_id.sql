SELECT s.id, s.doc
  FROM plain.statements s
 WHERE s.id = $1::uuid
   AND (SELECT v.id FROM plain.statements v
                    WHERE v.doc #>> '{object,id}' = s.id::text AND (v.doc #>> '{verb,id}') || '' = 'http://adlnet.gov/expapi/verbs/voided' LIMIT 1) IS NULL
