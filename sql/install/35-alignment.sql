-- Alignment: how far obligations towards a goal are met, as a mergeable state.

CREATE TYPE ecosys.alignment;

CREATE FUNCTION ecosys.alignment_in(cstring) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_in';
COMMENT ON FUNCTION ecosys.alignment_in(cstring) IS 'I/O';

CREATE FUNCTION ecosys.alignment_out(ecosys.alignment) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_out';
COMMENT ON FUNCTION ecosys.alignment_out(ecosys.alignment) IS 'I/O';

CREATE FUNCTION ecosys.alignment_recv(internal) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_recv';
COMMENT ON FUNCTION ecosys.alignment_recv(internal) IS 'I/O';

CREATE FUNCTION ecosys.alignment_send(ecosys.alignment) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_send';
COMMENT ON FUNCTION ecosys.alignment_send(ecosys.alignment) IS 'I/O';

CREATE TYPE ecosys.alignment (
    INPUT = ecosys.alignment_in, OUTPUT = ecosys.alignment_out, RECEIVE = ecosys.alignment_recv, SEND = ecosys.alignment_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE ecosys.alignment IS 'Mergeable alignment with a goal: sums over obligations. Text form: exact JSON, sums in decimals.';

CREATE FUNCTION ecosys.alignment_add(ecosys.alignment, ecosys.alignment) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_add';
COMMENT ON FUNCTION ecosys.alignment_add(ecosys.alignment, ecosys.alignment) IS 'implementation of +';

CREATE OPERATOR ecosys.+ (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_add, COMMUTATOR = OPERATOR(ecosys.+)
);
COMMENT ON OPERATOR ecosys.+ (ecosys.alignment, ecosys.alignment) IS 'The state of the rows of both. Never add states that share rows. Different half-lives are an error.';

CREATE FUNCTION ecosys.alignment_eq(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_eq';
COMMENT ON FUNCTION ecosys.alignment_eq(ecosys.alignment, ecosys.alignment) IS 'implementation of =';

CREATE FUNCTION ecosys.alignment_ne(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_ne';
COMMENT ON FUNCTION ecosys.alignment_ne(ecosys.alignment, ecosys.alignment) IS 'implementation of <>';

CREATE FUNCTION ecosys.alignment_lt(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_lt';
COMMENT ON FUNCTION ecosys.alignment_lt(ecosys.alignment, ecosys.alignment) IS 'implementation of <';

CREATE FUNCTION ecosys.alignment_le(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_le';
COMMENT ON FUNCTION ecosys.alignment_le(ecosys.alignment, ecosys.alignment) IS 'implementation of <=';

CREATE FUNCTION ecosys.alignment_gt(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_gt';
COMMENT ON FUNCTION ecosys.alignment_gt(ecosys.alignment, ecosys.alignment) IS 'implementation of >';

CREATE FUNCTION ecosys.alignment_ge(ecosys.alignment, ecosys.alignment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_ge';
COMMENT ON FUNCTION ecosys.alignment_ge(ecosys.alignment, ecosys.alignment) IS 'implementation of >=';

CREATE FUNCTION ecosys.alignment_cmp(ecosys.alignment, ecosys.alignment) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_cmp';
COMMENT ON FUNCTION ecosys.alignment_cmp(ecosys.alignment, ecosys.alignment) IS 'btree comparison: by bytes, total but without meaning';

CREATE FUNCTION ecosys.alignment_hash(ecosys.alignment) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_hash';
COMMENT ON FUNCTION ecosys.alignment_hash(ecosys.alignment) IS 'hash';

CREATE FUNCTION ecosys.alignment_hash_extended(ecosys.alignment, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_hash_extended';
COMMENT ON FUNCTION ecosys.alignment_hash_extended(ecosys.alignment, bigint) IS 'hash with seed';

CREATE OPERATOR ecosys.= (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_eq,
    COMMUTATOR = OPERATOR(ecosys.=), NEGATOR = OPERATOR(ecosys.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR ecosys.<> (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_ne,
    COMMUTATOR = OPERATOR(ecosys.<>), NEGATOR = OPERATOR(ecosys.=), RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR ecosys.< (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_lt,
    COMMUTATOR = OPERATOR(ecosys.>), NEGATOR = OPERATOR(ecosys.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR ecosys.<= (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_le,
    COMMUTATOR = OPERATOR(ecosys.>=), NEGATOR = OPERATOR(ecosys.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR ecosys.> (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_gt,
    COMMUTATOR = OPERATOR(ecosys.<), NEGATOR = OPERATOR(ecosys.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR ecosys.>= (
    LEFTARG = ecosys.alignment, RIGHTARG = ecosys.alignment, FUNCTION = ecosys.alignment_ge,
    COMMUTATOR = OPERATOR(ecosys.<=), NEGATOR = OPERATOR(ecosys.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR CLASS ecosys.alignment_ops DEFAULT FOR TYPE ecosys.alignment USING btree AS
    OPERATOR 1 ecosys.<, OPERATOR 2 ecosys.<=, OPERATOR 3 ecosys.=, OPERATOR 4 ecosys.>=, OPERATOR 5 ecosys.>,
    FUNCTION 1 ecosys.alignment_cmp(ecosys.alignment, ecosys.alignment);
CREATE OPERATOR CLASS ecosys.alignment_ops DEFAULT FOR TYPE ecosys.alignment USING hash AS
    OPERATOR 1 ecosys.=,
    FUNCTION 1 ecosys.alignment_hash(ecosys.alignment), FUNCTION 2 ecosys.alignment_hash_extended(ecosys.alignment, bigint);
COMMENT ON OPERATOR ecosys.= (ecosys.alignment, ecosys.alignment) IS 'same bytes';
COMMENT ON OPERATOR ecosys.<> (ecosys.alignment, ecosys.alignment) IS 'not the same bytes';
COMMENT ON OPERATOR ecosys.< (ecosys.alignment, ecosys.alignment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.<= (ecosys.alignment, ecosys.alignment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.> (ecosys.alignment, ecosys.alignment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.>= (ecosys.alignment, ecosys.alignment) IS 'fixed order without meaning';
COMMENT ON OPERATOR CLASS ecosys.alignment_ops USING btree IS 'fixed order without meaning';
COMMENT ON OPERATOR CLASS ecosys.alignment_ops USING hash IS 'same bytes';

CREATE FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_accumulate';
COMMENT ON FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8) IS 'transition of alignment_agg';

CREATE AGGREGATE ecosys.alignment_agg(attainment float8, weight float8) (
    SFUNC = ecosys.alignment_accumulate, STYPE = ecosys.alignment, COMBINEFUNC = ecosys.alignment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.alignment_agg(float8, float8) IS 'Obligations as a state: attainment in [0, 1] or NULL (applies, no evidence), weight in [0, 1e6]; rows of weight 0 or NULL are ignored. Without times.';

CREATE FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8, timestamptz) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_accumulate';
COMMENT ON FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8, timestamptz) IS 'transition of alignment_agg';

CREATE AGGREGATE ecosys.alignment_agg(attainment float8, weight float8, at timestamptz) (
    SFUNC = ecosys.alignment_accumulate, STYPE = ecosys.alignment, COMBINEFUNC = ecosys.alignment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.alignment_agg(float8, float8, timestamptz) IS 'The same with the time of the evidence, without fading.';

CREATE FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8, timestamptz, interval) RETURNS ecosys.alignment
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_accumulate';
COMMENT ON FUNCTION ecosys.alignment_accumulate(ecosys.alignment, float8, float8, timestamptz, interval) IS 'transition of alignment_agg';

CREATE AGGREGATE ecosys.alignment_agg(attainment float8, weight float8, at timestamptz, half_life interval) (
    SFUNC = ecosys.alignment_accumulate, STYPE = ecosys.alignment, COMBINEFUNC = ecosys.alignment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.alignment_agg(float8, float8, timestamptz, interval) IS 'The same for evidence that fades: at is required where attainment is given; half_life of at least 1 s, no months; NULL: no fading.';

CREATE AGGREGATE ecosys.rollup(ecosys.alignment) (
    SFUNC = ecosys.alignment_add, STYPE = ecosys.alignment, COMBINEFUNC = ecosys.alignment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.rollup(ecosys.alignment) IS 'The state of the rows of all given states, exactly as if aggregated from the rows. States must not share rows.';

CREATE FUNCTION ecosys.score(state ecosys.alignment, as_of timestamptz DEFAULT NULL) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_score';
COMMENT ON FUNCTION ecosys.score(ecosys.alignment, timestamptz) IS 'Weighted mean of faded attainments over all obligations, in [0, 1] = coverage * proficiency * freshness. as_of NULL: time of the newest evidence; earlier is an error.';

CREATE FUNCTION ecosys.coverage(state ecosys.alignment) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_coverage';
COMMENT ON FUNCTION ecosys.coverage(ecosys.alignment) IS 'Share of the weight that has evidence, in [0, 1].';

CREATE FUNCTION ecosys.proficiency(state ecosys.alignment) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_proficiency';
COMMENT ON FUNCTION ecosys.proficiency(ecosys.alignment) IS 'Weighted mean of unfaded attainments where there is evidence, in [0, 1]; NULL without evidence.';

CREATE FUNCTION ecosys.freshness(state ecosys.alignment, as_of timestamptz DEFAULT NULL) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_freshness';
COMMENT ON FUNCTION ecosys.freshness(ecosys.alignment, timestamptz) IS 'Share of the attainment that has not faded, in [0, 1]; NULL without attainment.';

CREATE FUNCTION ecosys.dispersion(state ecosys.alignment, as_of timestamptz DEFAULT NULL) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_dispersion';
COMMENT ON FUNCTION ecosys.dispersion(ecosys.alignment, timestamptz) IS 'Weighted standard deviation of faded attainments around the score, in [0, 0.5].';

CREATE FUNCTION ecosys.effective_size(state ecosys.alignment) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_effective_size';
COMMENT ON FUNCTION ecosys.effective_size(ecosys.alignment) IS 'How many equal obligations the weights are worth: (sum w)^2 / sum w^2 (Kish).';

CREATE FUNCTION ecosys.confidence(state ecosys.alignment) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_confidence';
COMMENT ON FUNCTION ecosys.confidence(ecosys.alignment) IS 'ev / (ev + 2) in [0, 1), ev the obligations with evidence.';

CREATE FUNCTION ecosys.score_interval(state ecosys.alignment, level float8 DEFAULT 0.95, as_of timestamptz DEFAULT NULL, OUT lower float8, OUT upper float8) RETURNS record
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_score_interval';
COMMENT ON FUNCTION ecosys.score_interval(ecosys.alignment, float8, timestamptz) IS 'Wilson interval of the score at a confidence level in (0, 1), over effective_size obligations.';

CREATE FUNCTION ecosys.obligations(state ecosys.alignment) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_obligations';
COMMENT ON FUNCTION ecosys.obligations(ecosys.alignment) IS 'Number of obligations.';

CREATE FUNCTION ecosys.evidenced(state ecosys.alignment) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_evidenced';
COMMENT ON FUNCTION ecosys.evidenced(ecosys.alignment) IS 'Number of obligations with evidence.';

CREATE FUNCTION ecosys.weight(state ecosys.alignment) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_weight';
COMMENT ON FUNCTION ecosys.weight(ecosys.alignment) IS 'Sum of weights.';

CREATE FUNCTION ecosys.first_at(state ecosys.alignment) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_first_at';
COMMENT ON FUNCTION ecosys.first_at(ecosys.alignment) IS 'Time of the oldest evidence; NULL without dated evidence.';

CREATE FUNCTION ecosys.last_at(state ecosys.alignment) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_last_at';
COMMENT ON FUNCTION ecosys.last_at(ecosys.alignment) IS 'Time of the newest evidence; NULL without dated evidence.';

CREATE FUNCTION ecosys.contribution(part ecosys.alignment, whole ecosys.alignment, as_of timestamptz DEFAULT NULL) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_contribution';
COMMENT ON FUNCTION ecosys.contribution(ecosys.alignment, ecosys.alignment, timestamptz) IS 'What the part adds to the score of the whole; over a partition contributions sum to the score.';

CREATE FUNCTION ecosys.gap(part ecosys.alignment, whole ecosys.alignment, as_of timestamptz DEFAULT NULL) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_alignment_gap';
COMMENT ON FUNCTION ecosys.gap(ecosys.alignment, ecosys.alignment, timestamptz) IS 'What the part could still add to the score of the whole; over a partition contributions and gaps sum to 1.';
