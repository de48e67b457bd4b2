-- lrs_script.sql - what SQL LRS works out of statements outside the database, prepared for libpq_load: :statements
-- in, :script out. A letter, a tab, parameters; for each statement S and what follows it.
\set ON_ERROR_STOP 1
\set QUIET on
SET client_min_messages = warning;
TRUNCATE lrs.chunk;
CREATE TEMP TABLE sent (n bigint GENERATED ALWAYS AS IDENTITY, line text);
COPY sent (line) FROM :'statements' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02');
INSERT INTO lrs.chunk SELECT n, (doc ->> 'id')::uuid, doc, line FROM (SELECT n, line, line::jsonb AS doc FROM sent OFFSET 0) s;
CREATE TEMP TABLE script AS
SELECT n, 1 AS step, concat_ws(e'\t', 'S', statement_id, coalesce(doc #>> '{context,registration}', '\N'), doc #>> '{verb,id}', line, doc ->> 'timestamp') AS line
  FROM lrs.chunk
UNION ALL
SELECT n, 2, concat_ws(e'\t', 'O', doc #>> '{object,id}') FROM lrs.chunk WHERE doc #>> '{verb,id}' = 'http://adlnet.gov/expapi/verbs/voided'
UNION ALL
SELECT n, 3, concat_ws(e'\t', 'A', ifi, type, agent) FROM lrs.found_actors
UNION ALL
SELECT n, 4, concat_ws(e'\t', 'V', iri, activity) FROM lrs.found_activities
UNION ALL
SELECT n, 5, concat_ws(e'\t', 'a', statement_id, usage, ifi, type) FROM lrs.found_actors
UNION ALL
SELECT n, 6, concat_ws(e'\t', 'v', statement_id, usage, iri) FROM lrs.found_activities
UNION ALL
SELECT n, 7, concat_ws(e'\t', 'r', statement_id, doc #>> '{object,id}') FROM lrs.chunk WHERE doc #>> '{object,objectType}' = 'StatementRef';
TRUNCATE lrs.chunk;
SELECT set_config('bench.script', :'script', false) \g /dev/null
DO $$ BEGIN EXECUTE format('COPY (SELECT line FROM script ORDER BY n, step) TO %L WITH (FORMAT csv, QUOTE e''\x01'', DELIMITER e''\x02'')', current_setting('bench.script')); END $$;
