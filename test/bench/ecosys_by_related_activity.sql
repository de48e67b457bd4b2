SELECT id, statement FROM load.query_statements(activity => $1, related_activities => true, max_rows => 100)
