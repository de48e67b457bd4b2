COPY company.raw FROM :'statements' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
