COPY lrs.lines (line) FROM :'statements' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
CREATE INDEX ON lrs.lines (n);
SELECT format('CALL lrs.load(%s, %s)', n, n + 9999) FROM generate_series(1, (SELECT max(n) FROM lrs.lines), 10000) n \gexec
DROP TABLE lrs.lines;
TRUNCATE lrs.chunk;
