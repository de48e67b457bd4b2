\copy (SELECT statement::text FROM learning.statements) TO 'statements.jsonl' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
CREATE ROLE lms_importer;
CREATE ROLE analyst;
CREATE ROLE l_and_d;
