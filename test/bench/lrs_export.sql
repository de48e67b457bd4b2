COPY lrs.xapi_statement (payload) TO :'answers' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
