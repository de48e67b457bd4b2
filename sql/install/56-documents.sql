-- Documents, attachments and signatures: what the functions of an ecosystem are made of.

CREATE FUNCTION ecosys.json_of_bytes(body bytea) RETURNS json
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_json_of_bytes';
COMMENT ON FUNCTION ecosys.json_of_bytes(bytea) IS 'Bytes as json: error 22P02 if they are not JSON, 22021 if they are not UTF-8. Nothing is copied.';

CREATE FUNCTION ecosys.merge_document(old bytea, new bytea) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_merge_document';
COMMENT ON FUNCTION ecosys.merge_document(bytea, bytea) IS 'A JSON object with the members of a newer one put over those of the same name, top level only. Spelling and order stay. Error 22P02 or 22023 if one of them is not a JSON object or has two members of one name.';

CREATE FUNCTION ecosys.sha1(content bytea) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_sha1';
COMMENT ON FUNCTION ecosys.sha1(bytea) IS 'SHA-1 in 40 hexadecimal digits, as xAPI makes entity tags. Good for telling versions apart, not for security.';

CREATE FUNCTION ecosys.entity_tag_listed(list text, tag text, weak boolean DEFAULT false) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_entity_tag_listed';
COMMENT ON FUNCTION ecosys.entity_tag_listed(text, text, boolean) IS 'Whether the list of an If-Match or If-None-Match header is * or names a tag (given without quotes); weak: also as W/"tag".';

CREATE FUNCTION ecosys.http_date(at timestamptz) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.to_char(at AT TIME ZONE 'UTC', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"');
COMMENT ON FUNCTION ecosys.http_date(timestamptz) IS 'A time as HTTP headers have it: Tue, 24 Nov 2026 17:05:09 GMT.';

CREATE FUNCTION ecosys.agent(object text) RETURNS ecosys.actor
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_agent';
COMMENT ON FUNCTION ecosys.agent(text) IS 'The identity of an Agent in the text of its JSON object, as a request''s parameter has it. Error 22P02 or 22023 for anything else, a Group too.';

CREATE FUNCTION ecosys.is_iri(iri text) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_is_iri';
COMMENT ON FUNCTION ecosys.is_iri(text) IS 'Whether a statement may have this as an IRI.';

CREATE FUNCTION ecosys.xapi_timestamp(spelled text) RETURNS timestamptz
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_xapi_timestamp';
COMMENT ON FUNCTION ecosys.xapi_timestamp(text) IS 'A timestamp spelled as a statement may have it; NULL for any other text, such as yesterday.';

CREATE FUNCTION ecosys.media_type(header text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_media_type';
COMMENT ON FUNCTION ecosys.media_type(text) IS 'The type/subtype of a Content-Type header in lower case, without parameters; NULL where it has none, or has a control character anywhere.';

CREATE FUNCTION ecosys.multipart_parts(content_type text, body bytea)
    RETURNS TABLE (ordinality integer, headers json, content bytea)
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 3 AS 'MODULE_PATHNAME', 'ecosys_multipart_parts';
COMMENT ON FUNCTION ecosys.multipart_parts(text, bytea) IS 'The parts of a body of multipart/mixed, in order, each with its headers as an object of lower-case names and strings. Error 22023 with the reason if the body is malformed.';

CREATE FUNCTION ecosys.multipart_body(boundary text, headers json[], contents bytea[]) RETURNS bytea
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'ecosys_multipart_body';
COMMENT ON FUNCTION ecosys.multipart_body(text, json[], bytea[]) IS 'A body of multipart/mixed: for each part an object of header names and strings, and the content. Error 22023 if a header is not one or the boundary occurs in a part.';

CREATE FUNCTION ecosys.attachments(statements json, authority json DEFAULT NULL)
    RETURNS TABLE (statement integer, sha2 text, content_type text, has_file_url boolean, is_signature boolean, authority_key bigint, signed json, spelled text)
    LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 3 AS 'MODULE_PATHNAME', 'ecosys_attachments';
COMMENT ON FUNCTION ecosys.attachments(json, json) IS 'The attachments that a statement, an array of them or a StatementResult names: number of the statement from 1, hash in lower case, content type, whether it has a fileUrl, whether it is a signature (then signed is the statement), the key of the authority, the one given or else the statement''s own, and the hash as it is spelled.';

CREATE FUNCTION ecosys.check_signature(statement json, signature bytea) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS 'MODULE_PATHNAME', 'ecosys_check_signature';
COMMENT ON FUNCTION ecosys.check_signature(json, bytea) IS 'Whether the content of a signature attachment (a JWS) proves the statement: true if it was made with the key of the first certificate in its x5c, false if it brings no certificate. Error 22023 with the reason if it is malformed, by another algorithm than RS256, RS384 or RS512, forged, or of another statement.';
