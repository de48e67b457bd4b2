-- $2: stored later than this. Direct ones by the index; references by way of what they refer to, any number of steps.
WITH RECURSIVE direct AS MATERIALIZED (
    SELECT s.id, s.stored
      FROM plain.statements s
     WHERE s.doc #>> '{verb,id}' = $1 AND s.stored > $2::timestamptz
       AND (SELECT v.id FROM plain.statements v
                        WHERE v.doc #>> '{object,id}' = s.id::text AND (v.doc #>> '{verb,id}') || '' = 'http://adlnet.gov/expapi/verbs/voided' LIMIT 1) IS NULL
     ORDER BY s.stored DESC
     LIMIT 100
),
reference AS (
    SELECT r.id, r.stored, (r.doc #>> '{object,id}')::uuid AS target
      FROM plain.statements r
     WHERE r.stored > $2::timestamptz AND r.doc @> '{"object": {"objectType": "StatementRef"}}'
    UNION
    SELECT c.id, c.stored, (t.doc #>> '{object,id}')::uuid
      FROM reference c JOIN plain.statements t ON t.id = c.target
     WHERE t.doc #>> '{object,objectType}' = 'StatementRef'
)
SELECT s.id, s.doc
  FROM (SELECT id, stored FROM direct
        UNION
        SELECT c.id, c.stored
          FROM reference c
          JOIN plain.statements t ON t.id = c.target AND t.doc #>> '{verb,id}' = $1
         WHERE (SELECT v.id FROM plain.statements v
                            WHERE v.doc #>> '{object,id}' = c.id::text AND (v.doc #>> '{verb,id}') || '' = 'http://adlnet.gov/expapi/verbs/voided' LIMIT 1) IS NULL
         ORDER BY stored DESC, id DESC
         LIMIT 100) h
  JOIN plain.statements s USING (id)
 ORDER BY h.stored DESC, h.id DESC
