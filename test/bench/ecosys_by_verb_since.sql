SELECT id, statement FROM load.query_statements(verb => $1, since => $2::timestamptz, max_rows => 100)
