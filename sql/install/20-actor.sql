-- ecosys.actor: the identity of an Agent or identified Group.

CREATE TYPE ecosys.actor;

CREATE FUNCTION ecosys.actor_in(cstring) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_in';
COMMENT ON FUNCTION ecosys.actor_in(cstring) IS 'Text input of ecosys.actor.';
CREATE FUNCTION ecosys.actor_out(ecosys.actor) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_out';
COMMENT ON FUNCTION ecosys.actor_out(ecosys.actor) IS 'Text output of ecosys.actor.';
CREATE FUNCTION ecosys.actor_recv(internal) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_recv';
COMMENT ON FUNCTION ecosys.actor_recv(internal) IS 'Binary input of ecosys.actor.';
CREATE FUNCTION ecosys.actor_send(ecosys.actor) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_send';
COMMENT ON FUNCTION ecosys.actor_send(ecosys.actor) IS 'Binary output of ecosys.actor.';

CREATE TYPE ecosys.actor (
    INPUT = ecosys.actor_in,
    OUTPUT = ecosys.actor_out,
    RECEIVE = ecosys.actor_recv,
    SEND = ecosys.actor_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE ecosys.actor IS 'Identity of an xAPI Agent or identified Group: one inverse functional identifier. Written as the JSON object, or as a bare mailto: IRI.';

CREATE FUNCTION ecosys.actor_eq(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_eq';
COMMENT ON FUNCTION ecosys.actor_eq(ecosys.actor, ecosys.actor) IS 'Whether two actors have the same identifier.';
CREATE FUNCTION ecosys.actor_ne(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_ne';
COMMENT ON FUNCTION ecosys.actor_ne(ecosys.actor, ecosys.actor) IS 'Whether two actors have different identifiers.';
CREATE FUNCTION ecosys.actor_lt(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_lt';
COMMENT ON FUNCTION ecosys.actor_lt(ecosys.actor, ecosys.actor) IS 'Order of ecosys.actor, by the bytes of the identifier.';
CREATE FUNCTION ecosys.actor_le(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_le';
COMMENT ON FUNCTION ecosys.actor_le(ecosys.actor, ecosys.actor) IS 'Order of ecosys.actor, by the bytes of the identifier.';
CREATE FUNCTION ecosys.actor_gt(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_gt';
COMMENT ON FUNCTION ecosys.actor_gt(ecosys.actor, ecosys.actor) IS 'Order of ecosys.actor, by the bytes of the identifier.';
CREATE FUNCTION ecosys.actor_ge(ecosys.actor, ecosys.actor) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_ge';
COMMENT ON FUNCTION ecosys.actor_ge(ecosys.actor, ecosys.actor) IS 'Order of ecosys.actor, by the bytes of the identifier.';
CREATE FUNCTION ecosys.actor_cmp(ecosys.actor, ecosys.actor) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_cmp';
COMMENT ON FUNCTION ecosys.actor_cmp(ecosys.actor, ecosys.actor) IS 'Three-way order of ecosys.actor: -1, 0 or 1.';
CREATE FUNCTION ecosys.actor_hash(ecosys.actor) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_hash';
COMMENT ON FUNCTION ecosys.actor_hash(ecosys.actor) IS 'Hash of ecosys.actor for hash indexes and joins.';
CREATE FUNCTION ecosys.actor_hash_extended(ecosys.actor, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_hash_extended';
COMMENT ON FUNCTION ecosys.actor_hash_extended(ecosys.actor, bigint) IS 'Seeded 64-bit hash of ecosys.actor.';

CREATE OPERATOR ecosys.= (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_eq,
    COMMUTATOR = OPERATOR(ecosys.=), NEGATOR = OPERATOR(ecosys.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR ecosys.<> (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_ne,
    COMMUTATOR = OPERATOR(ecosys.<>), NEGATOR = OPERATOR(ecosys.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR ecosys.< (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_lt,
    COMMUTATOR = OPERATOR(ecosys.>), NEGATOR = OPERATOR(ecosys.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR ecosys.<= (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_le,
    COMMUTATOR = OPERATOR(ecosys.>=), NEGATOR = OPERATOR(ecosys.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR ecosys.> (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_gt,
    COMMUTATOR = OPERATOR(ecosys.<), NEGATOR = OPERATOR(ecosys.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR ecosys.>= (LEFTARG = ecosys.actor, RIGHTARG = ecosys.actor, FUNCTION = ecosys.actor_ge,
    COMMUTATOR = OPERATOR(ecosys.<=), NEGATOR = OPERATOR(ecosys.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);

CREATE OPERATOR CLASS ecosys.actor_ops DEFAULT FOR TYPE ecosys.actor USING btree AS
    OPERATOR 1 ecosys.<, OPERATOR 2 ecosys.<=, OPERATOR 3 ecosys.=, OPERATOR 4 ecosys.>=, OPERATOR 5 ecosys.>,
    FUNCTION 1 ecosys.actor_cmp(ecosys.actor, ecosys.actor);
CREATE OPERATOR CLASS ecosys.actor_ops DEFAULT FOR TYPE ecosys.actor USING hash AS
    OPERATOR 1 ecosys.=,
    FUNCTION 1 ecosys.actor_hash(ecosys.actor),
    FUNCTION 2 ecosys.actor_hash_extended(ecosys.actor, bigint);
COMMENT ON OPERATOR ecosys.= (ecosys.actor, ecosys.actor) IS 'same identifier';
COMMENT ON OPERATOR ecosys.<> (ecosys.actor, ecosys.actor) IS 'not the same identifier';
COMMENT ON OPERATOR ecosys.< (ecosys.actor, ecosys.actor) IS 'order by identifier';
COMMENT ON OPERATOR ecosys.<= (ecosys.actor, ecosys.actor) IS 'order by identifier';
COMMENT ON OPERATOR ecosys.> (ecosys.actor, ecosys.actor) IS 'order by identifier';
COMMENT ON OPERATOR ecosys.>= (ecosys.actor, ecosys.actor) IS 'order by identifier';
COMMENT ON OPERATOR CLASS ecosys.actor_ops USING btree IS 'order by identifier';
COMMENT ON OPERATOR CLASS ecosys.actor_ops USING hash IS 'same identifier';

CREATE FUNCTION ecosys.actor_from_json(json) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_from_json';
COMMENT ON FUNCTION ecosys.actor_from_json(json) IS 'The actor of an Agent or identified Group object; other properties than the identifier are checked and left out.';
CREATE FUNCTION ecosys.actor_to_json(ecosys.actor) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_to_json';
COMMENT ON FUNCTION ecosys.actor_to_json(ecosys.actor) IS 'The actor as a JSON object of its identifier.';
CREATE CAST (json AS ecosys.actor) WITH FUNCTION ecosys.actor_from_json(json);
COMMENT ON CAST (json AS ecosys.actor) IS 'the JSON object of an Agent or identified Group';
CREATE CAST (jsonb AS ecosys.actor) WITH INOUT;
COMMENT ON CAST (jsonb AS ecosys.actor) IS 'the JSON object of an Agent or identified Group';
CREATE CAST (ecosys.actor AS json) WITH FUNCTION ecosys.actor_to_json(ecosys.actor);
COMMENT ON CAST (ecosys.actor AS json) IS 'the identifier as a JSON object';
CREATE CAST (ecosys.actor AS jsonb) WITH INOUT;
COMMENT ON CAST (ecosys.actor AS jsonb) IS 'the identifier as a JSON object';

CREATE FUNCTION ecosys.ifi(ecosys.actor) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_ifi';
COMMENT ON FUNCTION ecosys.ifi(ecosys.actor) IS 'The identifier in one line: mailto:..., mbox_sha1sum:..., openid:... or homePage|name. Different actors have different ones.';
CREATE FUNCTION ecosys.actor_key(ecosys.actor) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_key';
COMMENT ON FUNCTION ecosys.actor_key(ecosys.actor) IS 'The 64-bit key of an actor, as in statements.actor and actors.key.';
-- What a quoted literal means, where there is a function of the same name for statements.
CREATE FUNCTION ecosys.actor_key(identity text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN ecosys.actor_key(identity::ecosys.actor);
COMMENT ON FUNCTION ecosys.actor_key(text) IS 'The key of an actor given as text: a JSON Agent or identified Group, or mailto:…';
CREATE FUNCTION ecosys.actor_key_of_email(email text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_key_of_email';
COMMENT ON FUNCTION ecosys.actor_key_of_email(text) IS 'The key of the actor with this mail address, with or without mailto:. Nothing is checked.';
CREATE FUNCTION ecosys.actor_key_of_account(home_page text, name text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_actor_key_of_account';
COMMENT ON FUNCTION ecosys.actor_key_of_account(text, text) IS 'The key of the actor with this account. Nothing is checked.';
