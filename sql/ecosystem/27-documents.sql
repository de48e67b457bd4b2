-- The document resources of xAPI (state, activity profile, agent profile) and
-- the contents of attachments.
--
-- A document's key is SHA-256 of what names it: IRIs and ids may have thousands
-- of characters, which no btree takes, and a stronger hash than that of the
-- dictionaries leaves no collision to handle.

CREATE TABLE @ecosystem@.documents (
    key          bytea PRIMARY KEY,
    resource     text NOT NULL CHECK (resource IN ('activities/state', 'activities/profile', 'agents/profile')),
    activity     bigint,
    activity_iri text,
    agent        bigint,
    actor        ecosys.actor,
    registration uuid,
    id           text NOT NULL,
    content_type text NOT NULL,
    etag         text NOT NULL,
    updated      timestamptz NOT NULL,
    content      bytea NOT NULL,
    CONSTRAINT activity_unless_agents_profile CHECK ((activity IS NULL) = (resource = 'agents/profile') AND (activity_iri IS NULL) = (activity IS NULL)),
    CONSTRAINT agent_unless_activities_profile CHECK ((agent IS NULL) = (resource = 'activities/profile') AND (actor IS NULL) = (agent IS NULL)),
    CONSTRAINT registration_of_state_only CHECK (registration IS NULL OR resource = 'activities/state')
);
CREATE INDEX ON @ecosystem@.documents (agent, activity, registration) WHERE resource = 'activities/state';
CREATE INDEX ON @ecosystem@.documents (activity, updated) WHERE resource = 'activities/profile';
CREATE INDEX ON @ecosystem@.documents (agent, updated) WHERE resource = 'agents/profile';
ALTER TABLE @ecosystem@.documents ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE @ecosystem@.documents IS 'Documents that clients keep beside their statements: state of an activity, profiles of activities and agents. xapi_document() reads and writes them.';
COMMENT ON COLUMN @ecosystem@.documents.key IS 'SHA-256 of resource, activity, agent, registration and id: see document_key().';
COMMENT ON COLUMN @ecosystem@.documents.resource IS 'activities/state, activities/profile or agents/profile.';
COMMENT ON COLUMN @ecosystem@.documents.activity IS 'Key of the activity, as in activities.key (it need not be there); NULL for agents/profile.';
COMMENT ON COLUMN @ecosystem@.documents.activity_iri IS 'IRI of the activity, as sent.';
COMMENT ON COLUMN @ecosystem@.documents.agent IS 'Key of the agent, as in actors.key (it need not be there); NULL for activities/profile.';
COMMENT ON COLUMN @ecosystem@.documents.actor IS 'Identity of the agent.';
COMMENT ON COLUMN @ecosystem@.documents.registration IS 'Registration of a state, if it has one.';
COMMENT ON COLUMN @ecosystem@.documents.id IS 'stateId or profileId.';
COMMENT ON COLUMN @ecosystem@.documents.content_type IS 'Content type as sent.';
COMMENT ON COLUMN @ecosystem@.documents.etag IS 'SHA-1 of the content, 40 hexadecimal digits: its entity tag, without quotes.';
COMMENT ON COLUMN @ecosystem@.documents.updated IS 'When it was last written.';
COMMENT ON COLUMN @ecosystem@.documents.content IS 'The document, byte for byte.';

CREATE TABLE @ecosystem@.attachments (
    sha2         text PRIMARY KEY CHECK (sha2 ~ '^([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$'),
    content_type text NOT NULL,
    length       bigint NOT NULL,
    content      bytea NOT NULL
);
ALTER TABLE @ecosystem@.attachments ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE @ecosystem@.attachments IS 'Contents of attachments that came with statements, each once.';
COMMENT ON COLUMN @ecosystem@.attachments.sha2 IS 'SHA-256, SHA-384 or SHA-512 of the content in lower-case digits, as the statement names it.';
COMMENT ON COLUMN @ecosystem@.attachments.content_type IS 'Content type that the first statement to name it gave it.';
COMMENT ON COLUMN @ecosystem@.attachments.length IS 'Bytes of the content (a statement''s own length is not compared with it).';
COMMENT ON COLUMN @ecosystem@.attachments.content IS 'The content, byte for byte.';

CREATE TABLE @ecosystem@.attachment_senders (
    sha2      text NOT NULL REFERENCES @ecosystem@.attachments ON DELETE CASCADE,
    authority bigint NOT NULL,
    PRIMARY KEY (sha2, authority)
);
COMMENT ON TABLE @ecosystem@.attachment_senders IS 'Under which authorities a content was sent. It is given out with their statements only: to know a hash is not to have the content.';
COMMENT ON COLUMN @ecosystem@.attachment_senders.sha2 IS 'The content, as in attachments.sha2.';
COMMENT ON COLUMN @ecosystem@.attachment_senders.authority IS 'Key of the authority, as in statements.authority; 0: none.';

CREATE FUNCTION @ecosystem@.document_key(resource text, activity_iri text, actor ecosys.actor, registration uuid, id text) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
-- lengths keep the parts apart, whatever is in them
BEGIN ATOMIC
    SELECT pg_catalog.sha256(pg_catalog.string_agg(
               pg_catalog.convert_to(pg_catalog.concat(pg_catalog.length(p.part), ':', p.part, ','), 'UTF8'), ''::bytea ORDER BY p.place))
      FROM (VALUES (1, resource), (2, activity_iri), (3, actor::text), (4, registration::text), (5, id)) p (place, part);
END;
COMMENT ON FUNCTION @ecosystem@.document_key(text, text, ecosys.actor, uuid, text) IS 'documents.key of the document with this name; NULL for what the resource does not have.';

CREATE FUNCTION @ecosystem@.xapi_document(method text, resource text, parameters jsonb, version text, request_headers json, request_body bytea)
    RETURNS TABLE (status integer, headers json, body bytea)
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 1
    SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    is_state       boolean := resource = 'activities/state';
    is_2           boolean := version LIKE '2.%';
    reads          boolean := coalesce(method IN ('GET', 'HEAD'), false);
    id_name        text := CASE WHEN resource = 'activities/state' THEN 'stateId' ELSE 'profileId' END;
    many           boolean;
    known          text[];
    the_iri        text;
    the_actor      ecosys.actor;
    the_activity   bigint;
    the_agent      bigint;
    the_registration uuid;
    the_id         text;
    the_key        bytea;
    since          timestamptz;
    if_match       text := request_headers ->> 'if-match';
    if_none_match  text := request_headers ->> 'if-none-match';
    new_type       text := coalesce(request_headers ->> 'content-type', 'application/octet-stream');
    new_content    bytea := coalesce(request_body, '');
    new_etag       text;
    new_time       timestamptz;
    present        boolean;
    found_document record;
BEGIN
    parameters := coalesce(parameters, '{}');
    many := NOT parameters ? id_name;
    the_id := parameters ->> id_name;
    IF coalesce(resource, '') NOT IN ('activities/state', 'activities/profile', 'agents/profile') THEN
        RAISE EXCEPTION 'there is no such resource' USING ERRCODE = 'EC404';
    ELSIF NOT reads AND coalesce(method, '') NOT IN ('PUT', 'POST', 'DELETE') THEN
        RAISE EXCEPTION 'this resource has the methods GET, HEAD, PUT, POST and DELETE' USING ERRCODE = 'EC405';
    ELSIF many AND NOT reads AND NOT (is_state AND method = 'DELETE') THEN
        RAISE EXCEPTION 'parameter % is missing', id_name USING ERRCODE = 'EC400';
    END IF;

    -- parameters, as strictly as the same values in a statement; since means nothing beside an id, and does no harm
    known := CASE resource WHEN 'activities/state' THEN '{activityId,agent,registration}'::text[]
                           WHEN 'activities/profile' THEN '{activityId}' ELSE '{agent}' END
             || CASE WHEN many THEN '{}' ELSE ARRAY[id_name] END || CASE WHEN reads THEN '{since}'::text[] ELSE '{}' END;
    IF EXISTS (SELECT FROM jsonb_object_keys(parameters) k WHERE k <> ALL (known)) THEN
        RAISE EXCEPTION 'unknown parameter; this request has %', array_to_string(known, ', ') USING ERRCODE = 'EC400';
    END IF;
    IF resource <> 'agents/profile' THEN
        the_iri := parameters ->> 'activityId';
        IF the_iri IS NULL OR NOT ecosys.is_iri(the_iri) THEN
            RAISE EXCEPTION 'parameter activityId %', CASE WHEN the_iri IS NULL THEN 'is missing' ELSE 'is not an IRI' END USING ERRCODE = 'EC400';
        END IF;
        the_activity := ecosys.activity_key(the_iri);
    END IF;
    IF resource <> 'activities/profile' THEN
        IF NOT parameters ? 'agent' THEN
            RAISE EXCEPTION 'parameter agent is missing' USING ERRCODE = 'EC400';
        END IF;
        the_actor := ecosys.agent(parameters ->> 'agent');
        the_agent := ecosys.actor_key(the_actor);
    END IF;
    IF parameters ? 'registration' THEN
        IF (parameters ->> 'registration') !~ '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$' THEN
            RAISE EXCEPTION 'parameter registration is not a UUID' USING ERRCODE = 'EC400';
        END IF;
        the_registration := (parameters ->> 'registration')::uuid;
    END IF;
    IF parameters ? 'since' THEN
        since := ecosys.xapi_timestamp(parameters ->> 'since');
        IF since IS NULL THEN
            RAISE EXCEPTION 'parameter since is not a timestamp' USING ERRCODE = 'EC400';
        END IF;
    END IF;
    IF the_id = '' THEN
        -- not a list, and above all not a mass DELETE, when a variable was empty
        RAISE EXCEPTION 'parameter % is empty', id_name USING ERRCODE = 'EC400';
    END IF;

    -- many documents: their ids, or all of a context removed
    IF many AND NOT reads THEN
        IF if_match IS NOT NULL THEN
            RAISE EXCEPTION 'If-Match needs a document; this names many' USING ERRCODE = 'EC412';
        END IF;
        -- locked in the order of keys, so that two of these do not deadlock
        DELETE FROM @ecosystem@.documents gone
         WHERE gone.key IN (SELECT d.key FROM @ecosystem@.documents d
                             WHERE d.resource = 'activities/state' AND d.agent = the_agent AND d.activity = the_activity
                               AND (the_registration IS NULL OR d.registration = the_registration)
                               AND d.activity_iri = the_iri AND d.actor OPERATOR(ecosys.=) the_actor
                             ORDER BY d.key FOR UPDATE);
        RETURN QUERY SELECT 204, json_build_object(), NULL::bytea;
        RETURN;
    ELSIF many THEN
        -- a query for each resource: its condition is that of the index
        RETURN QUERY
        SELECT 200, json_build_object('Content-Type', 'application/json'),
               CASE method WHEN 'GET' THEN convert_to(coalesce(json_agg(l.id ORDER BY l.updated, l.id), '[]')::text, 'UTF8') END
          FROM (SELECT d.id, max(d.updated) AS updated
                  FROM @ecosystem@.documents d
                 WHERE is_state AND d.resource = 'activities/state' AND d.agent = the_agent AND d.activity = the_activity
                   AND (the_registration IS NULL OR d.registration = the_registration)
                   AND d.activity_iri = the_iri AND d.actor OPERATOR(ecosys.=) the_actor
                   AND (since IS NULL OR d.updated > since)
                 GROUP BY d.id
                UNION ALL
                SELECT d.id, d.updated AS updated
                  FROM @ecosystem@.documents d
                 WHERE the_actor IS NULL AND d.resource = 'activities/profile' AND d.activity = the_activity
                   AND d.activity_iri = the_iri AND (since IS NULL OR d.updated > since)
                UNION ALL
                SELECT d.id, d.updated AS updated
                  FROM @ecosystem@.documents d
                 WHERE the_iri IS NULL AND d.resource = 'agents/profile' AND d.agent = the_agent
                   AND d.actor OPERATOR(ecosys.=) the_actor AND (since IS NULL OR d.updated > since)) l;
        RETURN;
    END IF;

    the_key := @ecosystem@.document_key(resource, the_iri, the_actor, the_registration, the_id);
    IF reads THEN
        SELECT d.etag, d.content_type, d.updated, CASE method WHEN 'GET' THEN d.content END AS content INTO found_document
          FROM @ecosystem@.documents d WHERE d.key = the_key;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no such document' USING ERRCODE = 'EC404';
        ELSIF NOT ecosys.entity_tag_listed(if_match, found_document.etag) THEN
            RAISE EXCEPTION 'the document has changed: its ETag is not in If-Match' USING ERRCODE = 'EC412';
        END IF;
        RETURN QUERY
        SELECT CASE WHEN c.unchanged THEN 304 ELSE 200 END,
               json_build_object('Content-Type', found_document.content_type, 'ETag', concat('"', found_document.etag, '"'),
                                 'Last-Modified', ecosys.http_date(found_document.updated)),
               CASE WHEN NOT c.unchanged THEN found_document.content END
          FROM (SELECT coalesce(ecosys.entity_tag_listed(if_none_match, found_document.etag, true), false) AS unchanged) c;
        RETURN;
    END IF;

    IF method <> 'DELETE' AND (ecosys.media_type(new_type) IS NULL OR length(new_type) > 1000) THEN
        RAISE EXCEPTION 'Content-Type is not a media type' USING ERRCODE = 'EC400';
    ELSIF method = 'POST' AND ecosys.media_type(new_type) = 'application/json' THEN
        PERFORM ecosys.json_of_bytes(new_content);
    END IF;
    -- once more if another session inserts it after we have found nothing
    FOR attempt IN 1 .. 10 LOOP
        SELECT d.etag, d.content_type INTO found_document FROM @ecosystem@.documents d WHERE d.key = the_key FOR UPDATE;
        present := FOUND;
        IF if_match IS NOT NULL AND NOT (present AND ecosys.entity_tag_listed(if_match, found_document.etag)) THEN
            RAISE EXCEPTION '%', CASE WHEN present THEN 'the document has changed: its ETag is not in If-Match'
                                      ELSE 'If-Match needs a document, and there is none' END USING ERRCODE = 'EC412';
        ELSIF present AND ecosys.entity_tag_listed(if_none_match, found_document.etag, true) THEN
            RAISE EXCEPTION 'the document exists, and If-None-Match forbids it' USING ERRCODE = 'EC412';
        END IF;
        IF method = 'DELETE' THEN
            DELETE FROM @ecosystem@.documents d WHERE d.key = the_key;
            RETURN QUERY SELECT 204, json_build_object(), NULL::bytea;
            RETURN;
        END IF;
        -- xAPI 1.0.3 asks for a condition on every PUT of a profile; 2.0 only where it would overwrite, state too
        IF method = 'PUT' AND if_match IS NULL AND if_none_match IS NULL THEN
            IF present AND (is_2 OR NOT is_state) THEN
                RAISE EXCEPTION 'the document exists: say If-Match with its ETag to replace it, or POST to merge' USING ERRCODE = 'EC409';
            ELSIF NOT present AND NOT is_2 AND NOT is_state THEN
                RAISE EXCEPTION 'say If-None-Match: * to make a document, or If-Match with its ETag to replace it' USING ERRCODE = 'EC400';
            END IF;
        END IF;
        IF method = 'POST' AND present THEN
            IF ecosys.media_type(new_type) <> 'application/json' OR ecosys.media_type(found_document.content_type) <> 'application/json' THEN
                RAISE EXCEPTION 'only documents of application/json can be merged; PUT replaces one' USING ERRCODE = 'EC400';
            END IF;
            SELECT ecosys.merge_document(d.content, coalesce(request_body, '')) INTO new_content
              FROM @ecosystem@.documents d WHERE d.key = the_key;
        END IF;
        new_etag := ecosys.sha1(new_content);
        new_time := clock_timestamp();
        IF present THEN
            UPDATE @ecosystem@.documents d SET content = new_content, content_type = new_type, etag = new_etag, updated = new_time
             WHERE d.key = the_key;
        ELSE
            INSERT INTO @ecosystem@.documents (key, resource, activity, activity_iri, agent, actor, registration, id, content_type, etag, updated, content)
            SELECT the_key, $2, the_activity, the_iri, the_agent, the_actor, the_registration, the_id, new_type, new_etag, new_time, new_content
                ON CONFLICT DO NOTHING;
        END IF;
        IF FOUND THEN
            RETURN QUERY SELECT 204, json_build_object('ETag', concat('"', new_etag, '"'), 'Last-Modified', ecosys.http_date(new_time)), NULL::bytea;
            RETURN;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'the document is being written by others' USING ERRCODE = '40001', HINT = 'Try again.';
END
$$;
COMMENT ON FUNCTION @ecosystem@.xapi_document(text, text, jsonb, text, json, bytea) IS 'One request to a document resource of xAPI (activities/state, activities/profile, agents/profile): parameters decoded, headers with lower-case names, version 1.0.x or 2.0.x. A refusal is an error of SQLSTATE EC and the HTTP status, or of class 22 (status 400).';

-- work_mem: contents pass through memory, as the body did, not through a temporary file.
-- enable_nestloop: nobody can tell the planner how many parts a body has, and thousands compared with thousands take seconds.
CREATE FUNCTION @ecosystem@.statements_of_request(content_type text, body bytea, authority json DEFAULT NULL) RETURNS json
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    SET work_mem = '64MB'
    SET enable_nestloop = off
AS $$
#variable_conflict use_column
DECLARE
    statements json;
    hashes     text[] := '{}';
    contents   bytea[] := '{}';
    hash       text;
    part       record;
    named      record;
BEGIN
    CASE ecosys.media_type($1)
        WHEN 'application/json' THEN
            statements := ecosys.json_of_bytes($2);
        WHEN 'multipart/mixed' THEN
            FOR part IN SELECT p.ordinality, p.headers, p.content FROM ecosys.multipart_parts($1, $2) p LOOP
                IF part.ordinality = 1 THEN
                    IF ecosys.media_type(part.headers ->> 'content-type') IS DISTINCT FROM 'application/json' THEN
                        RAISE EXCEPTION 'the first part must be of application/json and hold the statements' USING ERRCODE = 'EC400';
                    END IF;
                    statements := ecosys.json_of_bytes(part.content);
                    CONTINUE;
                END IF;
                hash := lower(part.headers ->> 'x-experience-api-hash');
                IF hash IS NULL THEN
                    RAISE EXCEPTION 'part % has no X-Experience-API-Hash', part.ordinality USING ERRCODE = 'EC400';
                ELSIF lower(part.headers ->> 'content-transfer-encoding') IS DISTINCT FROM 'binary' THEN
                    RAISE EXCEPTION 'part % must have Content-Transfer-Encoding: binary', part.ordinality USING ERRCODE = 'EC400';
                ELSIF hash IS DISTINCT FROM encode(CASE length(hash) WHEN 64 THEN sha256(part.content) WHEN 96 THEN sha384(part.content)
                                                                     WHEN 128 THEN sha512(part.content) END, 'hex') THEN
                    RAISE EXCEPTION 'X-Experience-API-Hash of part % is not the SHA-256, SHA-384 or SHA-512 of its content', part.ordinality
                        USING ERRCODE = 'EC400';
                END IF;
                hashes := array_append(hashes, hash);
                contents := array_append(contents, part.content);
            END LOOP;
        ELSE
            RAISE EXCEPTION 'statements come as application/json or multipart/mixed' USING ERRCODE = 'EC400';
    END CASE;

    IF EXISTS (SELECT FROM ecosys.attachments(statements, $3) a
                WHERE (NOT a.has_file_url OR a.is_signature) AND NOT EXISTS (SELECT FROM unnest(hashes) h WHERE h = a.sha2)) THEN
        RAISE EXCEPTION 'an attachment has neither a fileUrl nor a part with its hash, or a signature has no part' USING ERRCODE = 'EC400';
    END IF;
    IF hashes = '{}' THEN
        RETURN statements;
    END IF;
    IF EXISTS (SELECT FROM unnest(hashes) h WHERE NOT EXISTS (SELECT FROM ecosys.attachments(statements, $3) a WHERE a.sha2 = h)) THEN
        RAISE EXCEPTION 'no attachment has the hash of one of the parts' USING ERRCODE = 'EC400';
    END IF;
    IF EXISTS (SELECT FROM ecosys.attachments(statements, $3) a WHERE a.is_signature GROUP BY a.statement HAVING count(*) > 1) THEN
        RAISE EXCEPTION 'a statement has two signatures' USING ERRCODE = 'EC400';
    END IF;
    FOR named IN
        SELECT a.signed, a.content_type, h.place
          FROM ecosys.attachments(statements, $3) a JOIN unnest(hashes) WITH ORDINALITY h (sha2, place) ON h.sha2 = a.sha2
         WHERE a.is_signature
    LOOP
        IF ecosys.media_type(named.content_type) IS DISTINCT FROM 'application/octet-stream' THEN
            RAISE EXCEPTION 'the contentType of a signature must be application/octet-stream' USING ERRCODE = 'EC400';
        END IF;
        PERFORM ecosys.check_signature(named.signed, contents[named.place]);
    END LOOP;
    -- in the order of hashes, so that requests with the same contents wait for one another and do not deadlock
    FOR named IN
        SELECT DISTINCT ON (h.sha2) h.sha2, h.place, a.content_type
          FROM unnest(hashes) WITH ORDINALITY h (sha2, place) JOIN ecosys.attachments(statements, $3) a ON a.sha2 = h.sha2
         ORDER BY h.sha2, a.statement
    LOOP
        INSERT INTO @ecosystem@.attachments (sha2, content_type, length, content)
        SELECT named.sha2, coalesce(named.content_type, 'application/octet-stream'), length(contents[named.place]), contents[named.place]
            ON CONFLICT DO NOTHING;
    END LOOP;
    INSERT INTO @ecosystem@.attachment_senders (sha2, authority)
    SELECT DISTINCT a.sha2, coalesce(a.authority_key, 0)
      FROM ecosys.attachments(statements, $3) a JOIN unnest(hashes) h ON h = a.sha2
     ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
    RETURN statements;
END
$$;
COMMENT ON FUNCTION @ecosystem@.statements_of_request(text, bytea, json) IS 'The statements in the body of a request (application/json or multipart/mixed), their attachments checked and stored under an authority; record() them next. A refusal is an error of SQLSTATE EC400 or of class 22.';

CREATE FUNCTION @ecosystem@.attachments_of(statements json) RETURNS TABLE (headers json, content bytea)
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
    SELECT pg_catalog.json_build_object('Content-Type', coalesce(n.content_type, t.content_type), 'Content-Transfer-Encoding', 'binary', 'X-Experience-API-Hash', n.spelled), t.content
      FROM (SELECT DISTINCT ON (a.sha2) a.sha2, a.spelled, a.content_type
              FROM ecosys.attachments($1) a
             WHERE EXISTS (SELECT FROM @ecosystem@.attachment_senders s WHERE s.sha2 = a.sha2 AND s.authority = coalesce(a.authority_key, 0))
             ORDER BY a.sha2, a.statement) n
      JOIN @ecosystem@.attachments t ON t.sha2 = n.sha2
     ORDER BY n.sha2;
END;
COMMENT ON FUNCTION @ecosystem@.attachments_of(json) IS 'Contents of the attachments of a statement, an array of them or a StatementResult that were sent under the authority of their statements, each once, with the headers of its part.';

CREATE FUNCTION @ecosystem@.multipart_response(result json) RETURNS TABLE (content_type text, body bytea)
    LANGUAGE sql VOLATILE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT concat('multipart/mixed; boundary=', b.boundary),
           ecosys.multipart_body(b.boundary, array_prepend('{"Content-Type":"application/json"}'::json, p.headers),
                                 array_prepend(pg_catalog.convert_to($1::text, 'UTF8'), p.contents))
      FROM (SELECT concat('ecosys-', gen_random_uuid()) AS boundary) b,
           (SELECT array_agg(a.headers) AS headers, array_agg(a.content) AS contents FROM @ecosystem@.attachments_of($1) a) p;
END;
COMMENT ON FUNCTION @ecosystem@.multipart_response(json) IS 'The answer to a request with attachments=true: content type and body, a statement or StatementResult and then its attachments.';
