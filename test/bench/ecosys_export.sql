COPY load.statements (statement) TO :'answers' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
