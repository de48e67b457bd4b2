-- ecosys.statement: one xAPI statement.

CREATE TYPE ecosys.statement;

CREATE FUNCTION ecosys.statement_in(cstring) RETURNS ecosys.statement
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_in';
COMMENT ON FUNCTION ecosys.statement_in(cstring) IS 'Text input of ecosys.statement.';
CREATE FUNCTION ecosys.statement_out(ecosys.statement) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_out';
COMMENT ON FUNCTION ecosys.statement_out(ecosys.statement) IS 'Text output of ecosys.statement.';
CREATE FUNCTION ecosys.statement_recv(internal) RETURNS ecosys.statement
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_recv';
COMMENT ON FUNCTION ecosys.statement_recv(internal) IS 'Binary input of ecosys.statement.';
CREATE FUNCTION ecosys.statement_send(ecosys.statement) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_send';
COMMENT ON FUNCTION ecosys.statement_send(ecosys.statement) IS 'Binary output of ecosys.statement.';

-- external: the type compresses itself, and its header can be read without reading all of it
CREATE TYPE ecosys.statement (
    INPUT = ecosys.statement_in,
    OUTPUT = ecosys.statement_out,
    RECEIVE = ecosys.statement_recv,
    SEND = ecosys.statement_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external
);
COMMENT ON TYPE ecosys.statement IS 'One xAPI statement (1.0.3 or 2.0), checked by every rule, kept exactly as received, compressed.';

