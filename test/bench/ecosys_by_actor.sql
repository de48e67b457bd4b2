SELECT id, statement FROM load.query_statements(agent => $1::ecosys.actor, max_rows => 100)
