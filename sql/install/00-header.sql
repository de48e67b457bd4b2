\echo Use "CREATE EXTENSION ecosys" to load this file. \quit

-- A schema that somebody else prepared could hold functions of theirs that
-- would capture ours: refuse it.
DO $$
DECLARE
    schema_owner oid;
    installer oid;
BEGIN
    SELECT n.nspowner, e.extowner INTO schema_owner, installer
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
     WHERE e.extname OPERATOR(pg_catalog.=) 'ecosys';
    IF schema_owner OPERATOR(pg_catalog.<>) installer THEN
        RAISE EXCEPTION 'schema ecosys belongs to another role than the one that installs the extension'
            USING ERRCODE = '42501', HINT = 'Drop the schema, or make its owner the role that runs CREATE EXTENSION.';
    END IF;
END
$$;

REVOKE ALL ON SCHEMA ecosys FROM PUBLIC;
GRANT USAGE ON SCHEMA ecosys TO PUBLIC;
COMMENT ON SCHEMA ecosys IS 'The engine of ecosys: types, operators, aggregates and functions. Your data live in ecosystems: SELECT ecosys.create_ecosystem(''learning'').';
