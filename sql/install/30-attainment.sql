-- Attainment: what statements say about one person and one content.

CREATE FUNCTION ecosys.outcome(scaled float8, raw float8, min float8, max float8, success boolean) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_outcome';
COMMENT ON FUNCTION ecosys.outcome(float8, float8, float8, float8, boolean) IS 'Outcome in [0, 1] of a result: scaled, floored at 0; else (raw - min) / (max - min), clamped; else 1 or 0 for success; NULL if nothing says. scaled in [-1, 1].';

CREATE FUNCTION ecosys.fade(attainment float8, at timestamptz, as_of timestamptz, half_life interval) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_fade';
COMMENT ON FUNCTION ecosys.fade(float8, timestamptz, timestamptz, interval) IS 'attainment in [0, 1] halved for each half_life between at and as_of; half_life NULL: unchanged. An as_of before at is an error.';

CREATE FUNCTION ecosys.mastered(attainment float8, mastery_score float8) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_mastered';
COMMENT ON FUNCTION ecosys.mastered(float8, float8) IS 'Does attainment in [0, 1] reach mastery_score in (0, 1]? Compared to twelve digits.';

CREATE FUNCTION ecosys.grade(attainment float8, mastery_score float8, grading text DEFAULT 'linear') RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_grade';
COMMENT ON FUNCTION ecosys.grade(float8, float8, text) IS 'Grade in [0, 1]. linear: the attainment; ramp: attainment / mastery_score, at most 1; step: 1 if mastered, else 0.';

CREATE FUNCTION ecosys.normal_quantile(probability float8) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_normal_quantile_of';
COMMENT ON FUNCTION ecosys.normal_quantile(float8) IS 'Quantile of the standard normal distribution, probability in (0, 1), relative error below 1e-10.';

CREATE TYPE ecosys.attainment;

CREATE FUNCTION ecosys.attainment_in(cstring) RETURNS ecosys.attainment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_in';
COMMENT ON FUNCTION ecosys.attainment_in(cstring) IS 'I/O';

CREATE FUNCTION ecosys.attainment_out(ecosys.attainment) RETURNS cstring
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_out';
COMMENT ON FUNCTION ecosys.attainment_out(ecosys.attainment) IS 'I/O';

CREATE FUNCTION ecosys.attainment_recv(internal) RETURNS ecosys.attainment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_recv';
COMMENT ON FUNCTION ecosys.attainment_recv(internal) IS 'I/O';

CREATE FUNCTION ecosys.attainment_send(ecosys.attainment) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_send';
COMMENT ON FUNCTION ecosys.attainment_send(ecosys.attainment) IS 'I/O';

CREATE TYPE ecosys.attainment (
    INPUT = ecosys.attainment_in, OUTPUT = ecosys.attainment_out, RECEIVE = ecosys.attainment_recv, SEND = ecosys.attainment_send,
    INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE ecosys.attainment IS 'Mergeable evidence of one person about one content. Text form: exact JSON, sums in decimals.';

CREATE FUNCTION ecosys.attainment_add(ecosys.attainment, ecosys.attainment) RETURNS ecosys.attainment
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_add';
COMMENT ON FUNCTION ecosys.attainment_add(ecosys.attainment, ecosys.attainment) IS 'implementation of +';

CREATE OPERATOR ecosys.+ (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_add, COMMUTATOR = OPERATOR(ecosys.+)
);
COMMENT ON OPERATOR ecosys.+ (ecosys.attainment, ecosys.attainment) IS 'The state of the rows of both. Never add states that share rows. Different half-lives are an error.';

CREATE FUNCTION ecosys.attainment_eq(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_eq';
COMMENT ON FUNCTION ecosys.attainment_eq(ecosys.attainment, ecosys.attainment) IS 'implementation of =';

CREATE FUNCTION ecosys.attainment_ne(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_ne';
COMMENT ON FUNCTION ecosys.attainment_ne(ecosys.attainment, ecosys.attainment) IS 'implementation of <>';

CREATE FUNCTION ecosys.attainment_lt(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_lt';
COMMENT ON FUNCTION ecosys.attainment_lt(ecosys.attainment, ecosys.attainment) IS 'implementation of <';

CREATE FUNCTION ecosys.attainment_le(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_le';
COMMENT ON FUNCTION ecosys.attainment_le(ecosys.attainment, ecosys.attainment) IS 'implementation of <=';

CREATE FUNCTION ecosys.attainment_gt(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_gt';
COMMENT ON FUNCTION ecosys.attainment_gt(ecosys.attainment, ecosys.attainment) IS 'implementation of >';

CREATE FUNCTION ecosys.attainment_ge(ecosys.attainment, ecosys.attainment) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_ge';
COMMENT ON FUNCTION ecosys.attainment_ge(ecosys.attainment, ecosys.attainment) IS 'implementation of >=';

CREATE FUNCTION ecosys.attainment_cmp(ecosys.attainment, ecosys.attainment) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_cmp';
COMMENT ON FUNCTION ecosys.attainment_cmp(ecosys.attainment, ecosys.attainment) IS 'btree comparison: by bytes, total but without meaning';

CREATE FUNCTION ecosys.attainment_hash(ecosys.attainment) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_hash';
COMMENT ON FUNCTION ecosys.attainment_hash(ecosys.attainment) IS 'hash';

CREATE FUNCTION ecosys.attainment_hash_extended(ecosys.attainment, bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_state_hash_extended';
COMMENT ON FUNCTION ecosys.attainment_hash_extended(ecosys.attainment, bigint) IS 'hash with seed';

CREATE OPERATOR ecosys.= (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_eq,
    COMMUTATOR = OPERATOR(ecosys.=), NEGATOR = OPERATOR(ecosys.<>), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR ecosys.<> (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_ne,
    COMMUTATOR = OPERATOR(ecosys.<>), NEGATOR = OPERATOR(ecosys.=), RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR ecosys.< (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_lt,
    COMMUTATOR = OPERATOR(ecosys.>), NEGATOR = OPERATOR(ecosys.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR ecosys.<= (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_le,
    COMMUTATOR = OPERATOR(ecosys.>=), NEGATOR = OPERATOR(ecosys.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR ecosys.> (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_gt,
    COMMUTATOR = OPERATOR(ecosys.<), NEGATOR = OPERATOR(ecosys.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR ecosys.>= (
    LEFTARG = ecosys.attainment, RIGHTARG = ecosys.attainment, FUNCTION = ecosys.attainment_ge,
    COMMUTATOR = OPERATOR(ecosys.<=), NEGATOR = OPERATOR(ecosys.<), RESTRICT = scalargesel, JOIN = scalargejoinsel
);

CREATE OPERATOR CLASS ecosys.attainment_ops DEFAULT FOR TYPE ecosys.attainment USING btree AS
    OPERATOR 1 ecosys.<, OPERATOR 2 ecosys.<=, OPERATOR 3 ecosys.=, OPERATOR 4 ecosys.>=, OPERATOR 5 ecosys.>,
    FUNCTION 1 ecosys.attainment_cmp(ecosys.attainment, ecosys.attainment);
CREATE OPERATOR CLASS ecosys.attainment_ops DEFAULT FOR TYPE ecosys.attainment USING hash AS
    OPERATOR 1 ecosys.=,
    FUNCTION 1 ecosys.attainment_hash(ecosys.attainment), FUNCTION 2 ecosys.attainment_hash_extended(ecosys.attainment, bigint);
COMMENT ON OPERATOR ecosys.= (ecosys.attainment, ecosys.attainment) IS 'same bytes';
COMMENT ON OPERATOR ecosys.<> (ecosys.attainment, ecosys.attainment) IS 'not the same bytes';
COMMENT ON OPERATOR ecosys.< (ecosys.attainment, ecosys.attainment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.<= (ecosys.attainment, ecosys.attainment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.> (ecosys.attainment, ecosys.attainment) IS 'fixed order without meaning';
COMMENT ON OPERATOR ecosys.>= (ecosys.attainment, ecosys.attainment) IS 'fixed order without meaning';
COMMENT ON OPERATOR CLASS ecosys.attainment_ops USING btree IS 'fixed order without meaning';
COMMENT ON OPERATOR CLASS ecosys.attainment_ops USING hash IS 'same bytes';

CREATE FUNCTION ecosys.attainment_accumulate(ecosys.attainment, float8, boolean, timestamptz) RETURNS ecosys.attainment
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_accumulate';
COMMENT ON FUNCTION ecosys.attainment_accumulate(ecosys.attainment, float8, boolean, timestamptz) IS 'transition of attainment_agg';

CREATE AGGREGATE ecosys.attainment_agg(outcome float8, completed boolean, at timestamptz) (
    SFUNC = ecosys.attainment_accumulate, STYPE = ecosys.attainment, COMBINEFUNC = ecosys.attainment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.attainment_agg(float8, boolean, timestamptz) IS 'Evidence as a state, for policies best, last and mean: outcome in [0, 1] (graded) or, where it is NULL, completed; other rows are ignored. at is required.';

CREATE FUNCTION ecosys.attainment_accumulate(ecosys.attainment, float8, boolean, timestamptz, interval) RETURNS ecosys.attainment
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_accumulate';
COMMENT ON FUNCTION ecosys.attainment_accumulate(ecosys.attainment, float8, boolean, timestamptz, interval) IS 'transition of attainment_agg';

CREATE AGGREGATE ecosys.attainment_agg(outcome float8, completed boolean, at timestamptz, half_life interval) (
    SFUNC = ecosys.attainment_accumulate, STYPE = ecosys.attainment, COMBINEFUNC = ecosys.attainment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.attainment_agg(float8, boolean, timestamptz, interval) IS 'The same for policy decayed: a result weighs half as much as one half_life later. half_life of at least 1 s, no months; NULL: none.';

CREATE AGGREGATE ecosys.rollup(ecosys.attainment) (
    SFUNC = ecosys.attainment_add, STYPE = ecosys.attainment, COMBINEFUNC = ecosys.attainment_add, PARALLEL = SAFE
);
COMMENT ON AGGREGATE ecosys.rollup(ecosys.attainment) IS 'The state of the rows of all given states, exactly as if aggregated from the rows. States must not share rows.';

CREATE FUNCTION ecosys.attained(state ecosys.attainment, policy text DEFAULT 'best', completion_credit float8 DEFAULT 1) RETURNS float8
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attained';
COMMENT ON FUNCTION ecosys.attained(ecosys.attainment, text, float8) IS 'Attainment in [0, 1] by policy (best, last, mean, decayed); without graded evidence the completion_credit.';

CREATE FUNCTION ecosys.attained_at(state ecosys.attainment, policy text DEFAULT 'best') RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attained_at';
COMMENT ON FUNCTION ecosys.attained_at(ecosys.attainment, text) IS 'Time from which the attainment fades: the latest that reached the best value; for other policies the latest evidence.';

CREATE FUNCTION ecosys.evidence_count(state ecosys.attainment) RETURNS bigint
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_evidence_count';
COMMENT ON FUNCTION ecosys.evidence_count(ecosys.attainment) IS 'Number of graded results; 0 for NULL.';

CREATE FUNCTION ecosys.completion_count(state ecosys.attainment) RETURNS bigint
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_completion_count';
COMMENT ON FUNCTION ecosys.completion_count(ecosys.attainment) IS 'Number of completions without a grade; 0 for NULL.';

CREATE FUNCTION ecosys.effective_size(state ecosys.attainment) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_effective_size';
COMMENT ON FUNCTION ecosys.effective_size(ecosys.attainment) IS 'How many equal results the graded evidence is worth: their number, or with a half-life (sum f)^2 / sum f^2 (Kish); 0 for NULL.';

CREATE FUNCTION ecosys.confidence(state ecosys.attainment, prior_strength float8 DEFAULT 2) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_confidence';
COMMENT ON FUNCTION ecosys.confidence(ecosys.attainment, float8) IS 'm / (m + prior_strength) in [0, 1), m the effective_size; 0 for NULL.';

CREATE FUNCTION ecosys.posterior_mean(state ecosys.attainment, prior_mean float8 DEFAULT 0.5, prior_strength float8 DEFAULT 2) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_posterior_mean';
COMMENT ON FUNCTION ecosys.posterior_mean(ecosys.attainment, float8, float8) IS 'Mean in [0, 1] of the Beta posterior of the (decayed) mean; the priors for NULL.';

CREATE FUNCTION ecosys.posterior_sd(state ecosys.attainment, prior_mean float8 DEFAULT 0.5, prior_strength float8 DEFAULT 2) RETURNS float8
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_posterior_sd';
COMMENT ON FUNCTION ecosys.posterior_sd(ecosys.attainment, float8, float8) IS 'Standard deviation of the Beta posterior of the (decayed) mean; the priors for NULL.';

CREATE FUNCTION ecosys.score_interval(state ecosys.attainment, level float8 DEFAULT 0.95, OUT lower float8, OUT upper float8) RETURNS record
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_attainment_score_interval';
COMMENT ON FUNCTION ecosys.score_interval(ecosys.attainment, float8) IS 'Wilson interval of the (decayed) mean at a confidence level in (0, 1); NULLs without graded evidence.';
