-- Keys: what statements, actors, verbs and activities are joined by.

CREATE FUNCTION ecosys.activity_key(iri text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_activity_key';
COMMENT ON FUNCTION ecosys.activity_key(text) IS 'The 64-bit key of an activity IRI, as in statements.object and activities.key. The IRI is taken as it is, byte for byte.';

CREATE FUNCTION ecosys.verb_key(iri text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_verb_key';
COMMENT ON FUNCTION ecosys.verb_key(text) IS 'The 64-bit key of a verb IRI, as in statements.verb and verbs.key. The IRI is taken as it is, byte for byte.';
