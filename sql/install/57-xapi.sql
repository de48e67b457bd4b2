-- What xapi() of an ecosystem is made of: requests taken apart, headers of responses, secrets of clients.

CREATE TYPE ecosys.xapi_response AS (
    status  integer,
    headers json,
    body    bytea
);
COMMENT ON TYPE ecosys.xapi_response IS 'The answer to an HTTP request.';
COMMENT ON COLUMN ecosys.xapi_response.status IS 'HTTP status code.';
COMMENT ON COLUMN ecosys.xapi_response.headers IS 'Object of header names to strings.';
COMMENT ON COLUMN ecosys.xapi_response.body IS 'The content; NULL: none.';

CREATE TYPE ecosys.xapi_request AS (
    status             integer,
    reason             text,
    after_credentials  boolean,
    allow              text,
    method             text,
    resource           text,
    base               text,
    version            text,
    key                text,
    secret             text,
    content_type       text,
    multipart          boolean,
    language           text,
    headers            json,
    content            bytea,
    parameters         jsonb,
    statement_id       uuid,
    voided             boolean,
    agent              ecosys.actor,
    agent_object       json,
    verb               text,
    activity           text,
    registration       uuid,
    related_activities boolean,
    related_agents     boolean,
    since              timestamptz,
    until              timestamptz,
    max_rows           integer,
    ascending          boolean,
    format             text,
    attachments        boolean,
    cursor             text,
    filter             text
);
COMMENT ON TYPE ecosys.xapi_request IS 'An HTTP request to an xAPI record store, taken apart and judged as far as that needs no table.';
COMMENT ON COLUMN ecosys.xapi_request.status IS 'Status that the request ends with; NULL: it is good so far.';
COMMENT ON COLUMN ecosys.xapi_request.reason IS 'Why it ends with that.';
COMMENT ON COLUMN ecosys.xapi_request.after_credentials IS 'Whether only a client that has proved who it is may be told.';
COMMENT ON COLUMN ecosys.xapi_request.allow IS 'Status 405: the methods that the resource has.';
COMMENT ON COLUMN ecosys.xapi_request.method IS 'GET, HEAD, PUT, POST or DELETE; of the alternate syntax the one that is meant; NULL: another.';
COMMENT ON COLUMN ecosys.xapi_request.resource IS 'statements, activities/state, activities/profile, agents/profile, agents, activities or about.';
COMMENT ON COLUMN ecosys.xapi_request.base IS 'GET of statements: the path before /statements, as the client wrote it.';
COMMENT ON COLUMN ecosys.xapi_request.version IS '1.0.3 or 2.0.0: by the header, else by the base path.';
COMMENT ON COLUMN ecosys.xapi_request.key IS 'User of the Basic credentials; NULL: none, or malformed ones.';
COMMENT ON COLUMN ecosys.xapi_request.secret IS 'Their password.';
COMMENT ON COLUMN ecosys.xapi_request.content_type IS 'Type of the content.';
COMMENT ON COLUMN ecosys.xapi_request.multipart IS 'Whether statements come as multipart/mixed.';
COMMENT ON COLUMN ecosys.xapi_request.language IS 'The header Accept-Language.';
COMMENT ON COLUMN ecosys.xapi_request.headers IS 'Alternate syntax: the headers that count.';
COMMENT ON COLUMN ecosys.xapi_request.content IS 'Alternate syntax: the content.';
COMMENT ON COLUMN ecosys.xapi_request.parameters IS 'Document resources: the parameters, decoded.';
COMMENT ON COLUMN ecosys.xapi_request.statement_id IS 'statementId or voidedStatementId.';
COMMENT ON COLUMN ecosys.xapi_request.voided IS 'Whether it is voidedStatementId.';
COMMENT ON COLUMN ecosys.xapi_request.agent IS 'Parameter agent.';
COMMENT ON COLUMN ecosys.xapi_request.agent_object IS 'Parameter agent, as it was sent.';
COMMENT ON COLUMN ecosys.xapi_request.verb IS 'Parameter verb.';
COMMENT ON COLUMN ecosys.xapi_request.activity IS 'Parameter activity or activityId.';
COMMENT ON COLUMN ecosys.xapi_request.registration IS 'Parameter registration.';
COMMENT ON COLUMN ecosys.xapi_request.related_activities IS 'Parameter related_activities.';
COMMENT ON COLUMN ecosys.xapi_request.related_agents IS 'Parameter related_agents.';
COMMENT ON COLUMN ecosys.xapi_request.since IS 'Parameter since.';
COMMENT ON COLUMN ecosys.xapi_request.until IS 'Parameter until.';
COMMENT ON COLUMN ecosys.xapi_request.max_rows IS 'Parameter limit; 0: as many as the record store gives.';
COMMENT ON COLUMN ecosys.xapi_request.ascending IS 'Parameter ascending.';
COMMENT ON COLUMN ecosys.xapi_request.format IS 'Parameter format, by default exact.';
COMMENT ON COLUMN ecosys.xapi_request.attachments IS 'GET: parameter attachments. PUT and POST: whether the content may name any.';
COMMENT ON COLUMN ecosys.xapi_request.cursor IS 'Parameter cursor: where a page goes on.';
COMMENT ON COLUMN ecosys.xapi_request.filter IS 'GET of statements: the parameters but cursor, encoded, each with an & behind it.';

CREATE FUNCTION ecosys.xapi_read(method text, path text, query text, headers json, body bytea) RETURNS ecosys.xapi_request
    LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_xapi_read';
COMMENT ON FUNCTION ecosys.xapi_read(text, text, text, json, bytea) IS 'Takes an HTTP request apart: resource, version, credentials, parameters, alternate syntax of xAPI 1.0.3.';

CREATE FUNCTION ecosys.xapi_headers(status integer, version text, content_type text, consistent_through timestamptz, last_modified timestamptz, allow text) RETURNS json
    LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_xapi_headers';
COMMENT ON FUNCTION ecosys.xapi_headers(integer, text, text, timestamptz, timestamptz, text) IS 'Headers of a response: version of xAPI, what else is not NULL, and with status 401 how to prove who one is.';

CREATE FUNCTION ecosys.xapi_encode(value text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_xapi_encode_text';
COMMENT ON FUNCTION ecosys.xapi_encode(text) IS 'The text percent-encoded, as the value of a query parameter.';

CREATE FUNCTION ecosys.record_request(ecosystem regnamespace, body bytea, authority json, version text, id uuid, define boolean, max_batch integer) RETURNS bytea
    LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'ecosys_record_request';
COMMENT ON FUNCTION ecosys.record_request(regnamespace, bytea, json, text, uuid, boolean, integer) IS 'Stores the statements in the content of a request as record does, and returns their ids as a JSON array. Those that only xAPI 2.0 has are refused under version 1.0.3; with an id it must be one statement, of that id or none; without define, what they say of activities and actors is not kept; more than max_batch are refused (EC413).';

CREATE FUNCTION ecosys.make_secret() RETURNS text
    LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_make_secret';
COMMENT ON FUNCTION ecosys.make_secret() IS 'A new secret: 32 random bytes, in hexadecimal.';

CREATE FUNCTION ecosys.secret_verifier(secret text, chosen boolean) RETURNS text
    LANGUAGE c VOLATILE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_secret_verifier_of';
COMMENT ON FUNCTION ecosys.secret_verifier(text, boolean) IS 'What is kept of a secret: a salted SHA-256, or, of one that a person chose, PBKDF2-HMAC-SHA256 of 600,000 rounds.';

CREATE FUNCTION ecosys.secret_matches(secret text, verifier text) RETURNS boolean
    LANGUAGE c VOLATILE STRICT PARALLEL SAFE COST 100 AS 'MODULE_PATHNAME', 'ecosys_secret_matches';
COMMENT ON FUNCTION ecosys.secret_matches(text, text) IS 'Whether a verifier is of this secret, in a time that does not tell how near it is. A slow check that succeeded is remembered by the session.';

CREATE FUNCTION ecosys.is_authority(authority json) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN NOT EXISTS (SELECT FROM ecosys.check_statement(
        '{"actor":{"mbox":"mailto:a@example.com"},"verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/o"},"authority":' || authority::text || '}'));
COMMENT ON FUNCTION ecosys.is_authority(json) IS 'Whether it may be the authority of a statement: an Agent, or a Group of exactly two members without an identifier.';

CREATE FUNCTION ecosys.xapi_fault(status integer, version text, reason text, detail text, consistent_through timestamptz, allow text DEFAULT NULL)
    RETURNS ecosys.xapi_response
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ROW(status, ecosys.xapi_headers(status, version, 'application/json', consistent_through, NULL, allow),
               convert_to(json_strip_nulls(json_build_object(
                   'error', reason,
                   'pointer', substring(detail FROM '^at (/[^,]*),'),
                   'rule', substring(detail FROM 'rule ([a-zA-Z0-9_.]+)$')))::text, 'UTF8'))::ecosys.xapi_response;
COMMENT ON FUNCTION ecosys.xapi_fault(integer, text, text, text, timestamptz, text) IS 'The answer to a request that cannot be served: the reason, and where our errors say so in their DETAIL, the JSON pointer and the rule.';
