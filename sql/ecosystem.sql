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
-- and types, operators, operator classes, casts and triggers
SELECT t.oid::regtype FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE t.typnamespace IN ('learning'::regnamespace, 'ecosys'::regnamespace) AND t.typelem = 0 AND coalesce(c.relkind, 'c') = 'c'
   AND obj_description(t.oid, 'pg_type') IS NULL;
SELECT o.oid::regoperator FROM pg_operator o WHERE o.oprnamespace = 'ecosys'::regnamespace AND obj_description(o.oid, 'pg_operator') IS NULL;
SELECT c.opcname FROM pg_opclass c WHERE c.opcnamespace = 'ecosys'::regnamespace AND obj_description(c.oid, 'pg_opclass') IS NULL;
SELECT c.castsource::regtype, c.casttarget::regtype
  FROM pg_cast c JOIN pg_type t ON t.oid IN (c.castsource, c.casttarget) AND t.typnamespace = 'ecosys'::regnamespace
 WHERE obj_description(c.oid, 'pg_cast') IS NULL;
SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = 'learning'::regnamespace AND NOT t.tgisinternal AND obj_description(t.oid, 'pg_trigger') IS NULL;
-- views for BI tools have built-in scalar types
SELECT a.attrelid::regclass, a.attname, a.atttypid::regtype
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = 'learning'::regnamespace AND c.relname ~ '^(fact|dim)_' AND a.attnum > 0
   AND (t.typnamespace <> 'pg_catalog'::regnamespace OR t.typcategory = 'A' OR t.typname ~ '^json');
-- every operator class is valid
SELECT c.opcname FROM pg_opclass c WHERE c.opcnamespace = 'ecosys'::regnamespace AND NOT amvalidate(c.oid);
DROP SCHEMA learning CASCADE;
DROP SCHEMA "Second ""one""" CASCADE;
