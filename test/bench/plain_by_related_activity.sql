-- jsonb containment in each place where an activity can stand.
WITH RECURSIVE place (path) AS (
    VALUES ('{"object": {"id": %s}}'), ('{"context": {"contextActivities": {"parent": [{"id": %s}]}}}'), ('{"context": {"contextActivities": {"grouping": [{"id": %s}]}}}'),
           ('{"context": {"contextActivities": {"category": [{"id": %s}]}}}'), ('{"context": {"contextActivities": {"other": [{"id": %s}]}}}'),
           ('{"object": {"objectType": "SubStatement", "object": {"id": %s}}}'),
           ('{"object": {"context": {"contextActivities": {"parent": [{"id": %s}]}}}}'), ('{"object": {"context": {"contextActivities": {"grouping": [{"id": %s}]}}}}'),
           ('{"object": {"context": {"contextActivities": {"category": [{"id": %s}]}}}}'), ('{"object": {"context": {"contextActivities": {"other": [{"id": %s}]}}}}')
),
hit AS (
    SELECT s.id, s.stored FROM place JOIN plain.statements s ON s.doc @> format(place.path, to_json($1::text))::jsonb
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
