SELECT id, statement FROM load.query_statements(registration => $1::uuid, max_rows => 100)
