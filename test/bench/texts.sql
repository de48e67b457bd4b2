-- Statements as plain text, for what is measured on texts alone.
DROP TABLE IF EXISTS company.texts;
CREATE UNLOGGED TABLE company.texts (line text NOT NULL);
COPY company.texts FROM :'statements' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
SELECT count(line) FROM company.texts \g /dev/null
