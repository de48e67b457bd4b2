SELECT statement_id, payload FROM lrs.xapi_statement WHERE statement_id = $1::uuid AND NOT is_voided
