COPY plain.statements (doc) TO :'answers' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
