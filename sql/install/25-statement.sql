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

-- What a statement says. The first functions read only the first bytes of the value.

CREATE FUNCTION ecosys.id(ecosys.statement) RETURNS uuid
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_id';
COMMENT ON FUNCTION ecosys.id(ecosys.statement) IS 'The id.';
CREATE FUNCTION ecosys.actor_key(ecosys.statement) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_actor_key';
COMMENT ON FUNCTION ecosys.actor_key(ecosys.statement) IS 'Key of the actor; of an anonymous group, one made of its members.';
CREATE FUNCTION ecosys.verb_key(ecosys.statement) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_verb_key';
COMMENT ON FUNCTION ecosys.verb_key(ecosys.statement) IS 'Key of the verb.';
CREATE FUNCTION ecosys.object_key(ecosys.statement) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_object_key';
COMMENT ON FUNCTION ecosys.object_key(ecosys.statement) IS 'Key of the object: of an activity, an actor, a statement id, or the three parts of a SubStatement.';
CREATE FUNCTION ecosys.object_type(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_object_type';
COMMENT ON FUNCTION ecosys.object_type(ecosys.statement) IS 'Activity, Agent, Group, StatementRef or SubStatement.';
CREATE FUNCTION ecosys.statement_ref(ecosys.statement) RETURNS uuid
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_statement_ref';
COMMENT ON FUNCTION ecosys.statement_ref(ecosys.statement) IS 'The id that a StatementRef as object names; NULL for other objects.';
CREATE FUNCTION ecosys.score(ecosys.statement) RETURNS double precision
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_score';
COMMENT ON FUNCTION ecosys.score(ecosys.statement) IS 'The scaled score, from -1 to 1.';
CREATE FUNCTION ecosys.success(ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_success';
COMMENT ON FUNCTION ecosys.success(ecosys.statement) IS 'result.success.';
CREATE FUNCTION ecosys.completion(ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_completion';
COMMENT ON FUNCTION ecosys.completion(ecosys.statement) IS 'result.completion.';
CREATE FUNCTION ecosys.duration(ecosys.statement) RETURNS interval
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_duration';
COMMENT ON FUNCTION ecosys.duration(ecosys.statement) IS 'result.duration, cut to microseconds.';
CREATE FUNCTION ecosys.registration(ecosys.statement) RETURNS uuid
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_registration';
COMMENT ON FUNCTION ecosys.registration(ecosys.statement) IS 'context.registration.';
CREATE FUNCTION ecosys."timestamp"(ecosys.statement) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_timestamp';
COMMENT ON FUNCTION ecosys."timestamp"(ecosys.statement) IS 'When it happened, cut to microseconds.';
CREATE FUNCTION ecosys.stored(ecosys.statement) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_stored';
COMMENT ON FUNCTION ecosys.stored(ecosys.statement) IS 'When the record store took it.';
CREATE FUNCTION ecosys.authority_key(ecosys.statement) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_authority_key';
COMMENT ON FUNCTION ecosys.authority_key(ecosys.statement) IS 'Key of the authority.';
CREATE FUNCTION ecosys.is_voiding(ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_is_voiding';
COMMENT ON FUNCTION ecosys.is_voiding(ecosys.statement) IS 'Whether it voids another statement.';
-- These read the text.

CREATE FUNCTION ecosys.actor(ecosys.statement) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_actor';
COMMENT ON FUNCTION ecosys.actor(ecosys.statement) IS 'The actor; NULL for an anonymous group.';
CREATE FUNCTION ecosys.verb(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_verb';
COMMENT ON FUNCTION ecosys.verb(ecosys.statement) IS 'The IRI of the verb.';
CREATE FUNCTION ecosys.object(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_object';
COMMENT ON FUNCTION ecosys.object(ecosys.statement) IS 'The IRI of the activity that is the object; NULL for other objects.';
CREATE FUNCTION ecosys.authority(ecosys.statement) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_authority';
COMMENT ON FUNCTION ecosys.authority(ecosys.statement) IS 'The authority; NULL where there is none or it is a group of two.';
CREATE FUNCTION ecosys.score_raw(ecosys.statement) RETURNS double precision
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_score_raw';
COMMENT ON FUNCTION ecosys.score_raw(ecosys.statement) IS 'result.score.raw.';
CREATE FUNCTION ecosys.score_min(ecosys.statement) RETURNS double precision
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_score_min';
COMMENT ON FUNCTION ecosys.score_min(ecosys.statement) IS 'result.score.min.';
CREATE FUNCTION ecosys.score_max(ecosys.statement) RETURNS double precision
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_score_max';
COMMENT ON FUNCTION ecosys.score_max(ecosys.statement) IS 'result.score.max.';
CREATE FUNCTION ecosys.response(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_response';
COMMENT ON FUNCTION ecosys.response(ecosys.statement) IS 'result.response.';
CREATE FUNCTION ecosys.platform(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_platform';
COMMENT ON FUNCTION ecosys.platform(ecosys.statement) IS 'context.platform.';
CREATE FUNCTION ecosys.language(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_language';
COMMENT ON FUNCTION ecosys.language(ecosys.statement) IS 'context.language.';
CREATE FUNCTION ecosys.revision(ecosys.statement) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_revision';
COMMENT ON FUNCTION ecosys.revision(ecosys.statement) IS 'context.revision.';
CREATE FUNCTION ecosys.related_activities(ecosys.statement) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_related_activities';
COMMENT ON FUNCTION ecosys.related_activities(ecosys.statement) IS 'IRIs of the object and all context activities, those of a SubStatement too; each once, in the order of their keys.';
CREATE FUNCTION ecosys.related_activity_keys(ecosys.statement) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_related_activity_keys';
COMMENT ON FUNCTION ecosys.related_activity_keys(ecosys.statement) IS 'Keys of related_activities, in the same order.';
CREATE FUNCTION ecosys.related_actors(ecosys.statement) RETURNS ecosys.actor[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_related_actors';
COMMENT ON FUNCTION ecosys.related_actors(ecosys.statement) IS 'Every identified actor named: actor, object, authority, instructor, team, context agents and groups, members, those of a SubStatement too; each once, in the order of their keys.';
CREATE FUNCTION ecosys.related_actor_keys(ecosys.statement) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_related_actor_keys';
COMMENT ON FUNCTION ecosys.related_actor_keys(ecosys.statement) IS 'Keys of related_actors, in the same order.';

CREATE FUNCTION ecosys.result_extension(statement ecosys.statement, iri text) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_result_extension';
COMMENT ON FUNCTION ecosys.result_extension(ecosys.statement, text) IS 'The value of an extension of result.extensions, as received; NULL where there is none.';
CREATE FUNCTION ecosys.context_extension(statement ecosys.statement, iri text) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_context_extension';
COMMENT ON FUNCTION ecosys.context_extension(ecosys.statement, text) IS 'The value of an extension of context.extensions, as received; NULL where there is none.';
CREATE FUNCTION ecosys.activity_extension(statement ecosys.statement, iri text) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_activity_extension';
COMMENT ON FUNCTION ecosys.activity_extension(ecosys.statement, text) IS 'The value of an extension of the definition of the activity that is the object, as received; NULL where there is none.';

-- Casts. To text and from text there are PostgreSQL's own, by way of output and input.

CREATE FUNCTION ecosys.statement_to_json(ecosys.statement) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_to_json';
COMMENT ON FUNCTION ecosys.statement_to_json(ecosys.statement) IS 'The statement as json, spelled as received; values that were completed come first.';
CREATE FUNCTION ecosys.statement_to_jsonb(ecosys.statement) RETURNS jsonb
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_to_jsonb';
COMMENT ON FUNCTION ecosys.statement_to_jsonb(ecosys.statement) IS 'The statement as jsonb; error 22P05 where it has a character that jsonb cannot hold.';
CREATE CAST (ecosys.statement AS json) WITH FUNCTION ecosys.statement_to_json(ecosys.statement);
COMMENT ON CAST (ecosys.statement AS json) IS 'the statement as received and completed';
CREATE CAST (ecosys.statement AS jsonb) WITH FUNCTION ecosys.statement_to_jsonb(ecosys.statement);
COMMENT ON CAST (ecosys.statement AS jsonb) IS 'its value; 22P05 where jsonb cannot hold a character';
CREATE CAST (json AS ecosys.statement) WITH INOUT AS ASSIGNMENT;
COMMENT ON CAST (json AS ecosys.statement) IS 'validated, kept as received';
CREATE CAST (jsonb AS ecosys.statement) WITH INOUT;
COMMENT ON CAST (jsonb AS ecosys.statement) IS 'validated';


-- Comparison: equal are the same JSON values.

CREATE FUNCTION ecosys.statement_eq(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_eq';
COMMENT ON FUNCTION ecosys.statement_eq(ecosys.statement, ecosys.statement) IS 'Whether two statements are the same JSON value, completed values included.';
CREATE FUNCTION ecosys.statement_ne(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_ne';
COMMENT ON FUNCTION ecosys.statement_ne(ecosys.statement, ecosys.statement) IS 'Whether two statements are different JSON values.';
CREATE FUNCTION ecosys.statement_lt(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_lt';
COMMENT ON FUNCTION ecosys.statement_lt(ecosys.statement, ecosys.statement) IS 'Order of ecosys.statement: timestamp, id, then a fixed order of no meaning.';
CREATE FUNCTION ecosys.statement_le(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_le';
COMMENT ON FUNCTION ecosys.statement_le(ecosys.statement, ecosys.statement) IS 'Order of ecosys.statement: timestamp, id, then a fixed order of no meaning.';
CREATE FUNCTION ecosys.statement_gt(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_gt';
COMMENT ON FUNCTION ecosys.statement_gt(ecosys.statement, ecosys.statement) IS 'Order of ecosys.statement: timestamp, id, then a fixed order of no meaning.';
CREATE FUNCTION ecosys.statement_ge(ecosys.statement, ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_ge';
COMMENT ON FUNCTION ecosys.statement_ge(ecosys.statement, ecosys.statement) IS 'Order of ecosys.statement: timestamp, id, then a fixed order of no meaning.';
CREATE FUNCTION ecosys.statement_cmp(ecosys.statement, ecosys.statement) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_cmp';
COMMENT ON FUNCTION ecosys.statement_cmp(ecosys.statement, ecosys.statement) IS 'Three-way order of ecosys.statement: -1, 0 or 1.';
CREATE FUNCTION ecosys.statement_hash(ecosys.statement) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_hash';
COMMENT ON FUNCTION ecosys.statement_hash(ecosys.statement) IS 'Hash of ecosys.statement for hash indexes and joins.';
CREATE FUNCTION ecosys.statement_hash_extended(ecosys.statement, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_hash_extended';
COMMENT ON FUNCTION ecosys.statement_hash_extended(ecosys.statement, bigint) IS 'Seeded 64-bit hash of ecosys.statement.';

CREATE OPERATOR ecosys.= (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_eq,
    COMMUTATOR = OPERATOR(ecosys.=), NEGATOR = OPERATOR(ecosys.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR ecosys.<> (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_ne,
    COMMUTATOR = OPERATOR(ecosys.<>), NEGATOR = OPERATOR(ecosys.=), RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR ecosys.< (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_lt,
    COMMUTATOR = OPERATOR(ecosys.>), NEGATOR = OPERATOR(ecosys.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR ecosys.<= (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_le,
    COMMUTATOR = OPERATOR(ecosys.>=), NEGATOR = OPERATOR(ecosys.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR ecosys.> (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_gt,
    COMMUTATOR = OPERATOR(ecosys.<), NEGATOR = OPERATOR(ecosys.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR ecosys.>= (LEFTARG = ecosys.statement, RIGHTARG = ecosys.statement, FUNCTION = ecosys.statement_ge,
    COMMUTATOR = OPERATOR(ecosys.<=), NEGATOR = OPERATOR(ecosys.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);

CREATE OPERATOR CLASS ecosys.statement_ops DEFAULT FOR TYPE ecosys.statement USING btree AS
    OPERATOR 1 ecosys.<, OPERATOR 2 ecosys.<=, OPERATOR 3 ecosys.=, OPERATOR 4 ecosys.>=, OPERATOR 5 ecosys.>,
    FUNCTION 1 ecosys.statement_cmp(ecosys.statement, ecosys.statement);
CREATE OPERATOR CLASS ecosys.statement_ops DEFAULT FOR TYPE ecosys.statement USING hash AS
    OPERATOR 1 ecosys.=,
    FUNCTION 1 ecosys.statement_hash(ecosys.statement),
    FUNCTION 2 ecosys.statement_hash_extended(ecosys.statement, bigint);
COMMENT ON OPERATOR ecosys.= (ecosys.statement, ecosys.statement) IS 'same JSON value';
COMMENT ON OPERATOR ecosys.<> (ecosys.statement, ecosys.statement) IS 'not the same JSON value';
COMMENT ON OPERATOR ecosys.< (ecosys.statement, ecosys.statement) IS 'order by timestamp and id, then fixed but without meaning';
COMMENT ON OPERATOR ecosys.<= (ecosys.statement, ecosys.statement) IS 'order by timestamp and id, then fixed but without meaning';
COMMENT ON OPERATOR ecosys.> (ecosys.statement, ecosys.statement) IS 'order by timestamp and id, then fixed but without meaning';
COMMENT ON OPERATOR ecosys.>= (ecosys.statement, ecosys.statement) IS 'order by timestamp and id, then fixed but without meaning';
COMMENT ON OPERATOR CLASS ecosys.statement_ops USING btree IS 'order by timestamp and id, then fixed but without meaning';
COMMENT ON OPERATOR CLASS ecosys.statement_ops USING hash IS 'same JSON value';

CREATE FUNCTION ecosys.equivalent(a ecosys.statement, b ecosys.statement) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'ecosys_statement_equivalent';
COMMENT ON FUNCTION ecosys.equivalent(ecosys.statement, ecosys.statement) IS 'Whether two statements are the same to xAPI: what a record store sets, displays, definitions, order of members and some spellings are left aside.';

CREATE FUNCTION ecosys.check_statement(statement text) RETURNS TABLE (pointer text, rule text, message text)
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 5 AS 'MODULE_PATHNAME', 'ecosys_check_statement';
COMMENT ON FUNCTION ecosys.check_statement(text) IS 'Every fault of a statement: where (a JSON pointer), against which rule, and what is wrong. No rows: it is valid.';


-- What a record store does with what it is sent.

CREATE FUNCTION ecosys.statement_batch(statements json, authority json DEFAULT NULL)
    RETURNS TABLE (ordinality bigint, statement ecosys.statement)
    LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_statement_batch';
COMMENT ON FUNCTION ecosys.statement_batch(json, json) IS 'The statements of a JSON array, or one statement, as rows: with this authority if it is given, with an id each, and refused whole if one is invalid or two have the same id.';

CREATE FUNCTION ecosys.merge_definition(old json, new json) RETURNS json
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_merge_definition';
COMMENT ON FUNCTION ecosys.merge_definition(json, json) IS 'An activity definition after a newer one: languages of name, description and components are merged, other members of the newer win, members it lacks stay. Nothing new: the old one, byte for byte.';
CREATE FUNCTION ecosys.merge_language_map(old json, new json) RETURNS json
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_merge_language_map';
COMMENT ON FUNCTION ecosys.merge_language_map(json, json) IS 'A language map after a newer one: its languages win, others stay.';
