-- An ecosystem: a schema that its creator owns.
SET client_min_messages = warning;
SELECT ecosys.create_ecosystem();
SELECT ecosys.create_ecosystem('Second "one"');
SELECT ecosys.create_ecosystem('learning');
SELECT ecosys.create_ecosystem('pg_mine');
-- every table, view and column of an ecosystem is commented
SELECT c.relname, a.attname
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'learning'::regnamespace AND c.relkind IN ('r', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
   AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid, 'pg_class') IS NULL);
-- every function too
SELECT p.oid::regprocedure FROM pg_proc p
 WHERE p.pronamespace IN ('learning'::regnamespace, 'ecosys'::regnamespace) AND obj_description(p.oid, 'pg_proc') IS NULL;
DROP SCHEMA learning CASCADE;
DROP SCHEMA "Second ""one""" CASCADE;
