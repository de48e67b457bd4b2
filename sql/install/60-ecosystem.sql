-- Ecosystems: schemas of ordinary tables, views and functions that their creator owns.

CREATE FUNCTION ecosys.ecosystem_script() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $ecosys_function$ SELECT $ecosys_script$
-- @ecosystem-script@
$ecosys_script$::text $ecosys_function$;
COMMENT ON FUNCTION ecosys.ecosystem_script() IS 'The SQL that create_ecosystem runs, with @ecosystem@ where the schema''s name goes, and @ecosystem_literal@ for it as a string.';

CREATE FUNCTION ecosys.create_ecosystem(name text DEFAULT 'learning') RETURNS regnamespace
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    SET client_min_messages = warning
AS $$
DECLARE
    quoted text := quote_ident(name);
BEGIN
    IF name IS NULL OR name = '' OR length(name) > 63 OR name IN ('ecosys', 'public', 'information_schema') OR name LIKE 'pg\_%' OR name LIKE '%$%' THEN
        RAISE EXCEPTION 'not a name for an ecosystem: "%"', left(name, 100)
            USING ERRCODE = '42602', HINT = 'Choose a schema name that is not in use, for example learning.';
    END IF;
    IF getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION 'xAPI statements and actors need a database with encoding UTF8'
            USING ERRCODE = '0A000', DETAIL = format('The encoding of this database is %s.', getdatabaseencoding()),
                  HINT = 'Make one: CREATE DATABASE name ENCODING ''UTF8'' TEMPLATE template0.';
    END IF;
    IF EXISTS (SELECT FROM pg_namespace WHERE nspname = name) THEN
        RAISE EXCEPTION 'schema "%" exists already', name
            USING ERRCODE = '42P06', HINT = 'An ecosystem makes its own schema: choose another name, or drop that schema first.';
    END IF;
    EXECUTE 'CREATE SCHEMA ' || quoted;
    EXECUTE replace(replace(ecosys.ecosystem_script(), '@ecosystem_literal@', quote_literal(quoted)), '@ecosystem@', quoted);
    EXECUTE format('COMMENT ON SCHEMA %s IS %L', quoted,
                   'A learning ecosystem, made by ecosys.create_ecosystem(): statements, model, scores and walks.');
    RETURN quoted::regnamespace;
END
$$;
COMMENT ON FUNCTION ecosys.create_ecosystem(text) IS 'Makes an ecosystem: a schema of tables, views and functions that you own, by default named learning. Several may live in one database.';
