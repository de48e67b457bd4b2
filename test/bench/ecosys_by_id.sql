SELECT $1::uuid AS id, s.statement FROM load.statement($1::uuid) AS s (statement) WHERE s.statement IS NOT NULL
