-- The record store as a function: an xAPI request in, its response out.
--
-- All rules of the protocol live here and in what this calls, so that any HTTP
-- front can be thin: it passes on what the client sent. The request is taken
-- apart in C (ecosys.xapi_read); what follows knows the tables.

CREATE FUNCTION @ecosystem@.person(agent ecosys.actor, object json) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT pg_catalog.json_strip_nulls(pg_catalog.json_build_object(
               'objectType', 'Person',
               'name', (SELECT pg_catalog.json_agg(n.name ORDER BY n.name)
                          FROM (SELECT a.name FROM @ecosystem@.actors a WHERE a.key = ecosys.actor_key($1) AND a.name IS NOT NULL
                                UNION
                                SELECT $2 ->> 'name' AS name WHERE $2 ->> 'name' IS NOT NULL) n),
               'mbox', (SELECT pg_catalog.json_build_array(i.ifi -> 'mbox') WHERE i.ifi -> 'mbox' IS NOT NULL),
               'mbox_sha1sum', (SELECT pg_catalog.json_build_array(i.ifi -> 'mbox_sha1sum') WHERE i.ifi -> 'mbox_sha1sum' IS NOT NULL),
               'openid', (SELECT pg_catalog.json_build_array(i.ifi -> 'openid') WHERE i.ifi -> 'openid' IS NOT NULL),
               'account', (SELECT pg_catalog.json_build_array(i.ifi -> 'account') WHERE i.ifi -> 'account' IS NOT NULL)))
      FROM (SELECT ecosys.actor_to_json($1) AS ifi) i;
END;
COMMENT ON FUNCTION @ecosystem@.person(ecosys.actor, json) IS 'The Person of xAPI''s agents resource: what is known of an agent, and what its object says.';

CREATE FUNCTION @ecosystem@.activity(iri text) RETURNS json
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN a.definition IS NULL THEN pg_catalog.json_build_object('objectType', 'Activity', 'id', $1)
                ELSE pg_catalog.json_build_object('objectType', 'Activity', 'id', $1, 'definition', a.definition) END
      FROM (SELECT 1) one LEFT JOIN @ecosystem@.activities a ON a.key = ecosys.activity_key($1);
END;
COMMENT ON FUNCTION @ecosystem@.activity(text) IS 'An activity with its merged definition; one that was never seen has none.';

CREATE FUNCTION @ecosystem@.xapi(method text, path text, query text DEFAULT '', headers json DEFAULT '{}', body bytea DEFAULT NULL)
    RETURNS ecosys.xapi_response
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    request     ecosys.xapi_request := ecosys.xapi_read(method, path, query, headers, body);
    client      record;
    content     bytea;
    known       boolean := false;
    consistent  timestamptz;
    mine        ecosys.actor;   -- only statements of this authority may be read
    answer      text;
    modified    timestamptz;
    n           bigint;
    cursor_text text;
    response    ecosys.xapi_response;
    state       text;
    reason      text;
    detail      text;
BEGIN
    IF request.status IS NOT NULL AND NOT request.after_credentials THEN
        RETURN ecosys.xapi_fault(request.status, request.version, request.reason, NULL,
                                 CASE WHEN request.resource = 'statements' THEN ecosys.consistent_through(@ecosystem_literal@::regnamespace) END, request.allow);
    END IF;

    IF request.resource = 'about' THEN
        IF request.status IS NOT NULL THEN
            RETURN ecosys.xapi_fault(request.status, request.version, request.reason, NULL, NULL);
        END IF;
        RETURN ROW(200, ecosys.xapi_headers(200, request.version, 'application/json', NULL, NULL, NULL),
                   CASE WHEN request.method <> 'HEAD' THEN
                       convert_to('{"version":["2.0.0","1.0.3","1.0.2","1.0.1","1.0.0"],"extensions":{}}', 'UTF8') END)::ecosys.xapi_response;
    END IF;

    -- who is it?
    SELECT c.verifier, c.authority, c.scopes, c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp()) AS valid,
           s.lrs_page_size, s.lrs_max_body, s.lrs_max_batch
      INTO client
      FROM @ecosystem@.settings s LEFT JOIN @ecosystem@.credentials c ON c.key = request.key;
    IF request.key IS NOT NULL THEN
        known := ecosys.secret_matches(request.secret, coalesce(client.verifier, 'sha256$00000000000000000000000000000000$' || repeat('0', 64)));
        -- whatever is wrong costs the same: where there are slow hashes, one
        IF NOT known AND coalesce(client.verifier, '') NOT LIKE 'pbkdf2-%' AND
           EXISTS (SELECT FROM @ecosystem@.credentials c WHERE c.verifier LIKE 'pbkdf2-%') THEN
            PERFORM ecosys.secret_matches(request.secret, 'pbkdf2-sha256$600000$00000000000000000000000000000000$' || repeat('0', 64));
        END IF;
    END IF;
    IF NOT known OR client.valid IS NOT TRUE THEN
        RETURN ecosys.xapi_fault(401, request.version,
                                 CASE WHEN request.key IS NULL THEN 'this resource needs Basic credentials' ELSE 'the credentials are not valid' END, NULL,
                                 CASE WHEN request.resource = 'statements' THEN ecosys.consistent_through(@ecosystem_literal@::regnamespace) END);
    END IF;

    -- may it?
    IF NOT (client.scopes && CASE
           WHEN request.resource = 'statements' AND request.method IN ('PUT', 'POST') THEN ARRAY['all', 'statements/write']
           WHEN request.resource = 'statements' THEN ARRAY['all', 'all/read', 'statements/read', 'statements/read/mine']
           WHEN request.resource = 'activities/state' AND request.method IN ('GET', 'HEAD') THEN ARRAY['all', 'all/read', 'state']
           WHEN request.resource = 'activities/state' THEN ARRAY['all', 'state']
           WHEN request.resource IN ('activities/profile', 'agents/profile') AND request.method IN ('GET', 'HEAD') THEN ARRAY['all', 'all/read', 'profile']
           WHEN request.resource IN ('activities/profile', 'agents/profile') THEN ARRAY['all', 'profile']
           WHEN request.resource = 'activities' THEN ARRAY['all', 'all/read', 'statements/read', 'statements/read/mine', 'define', 'profile', 'state']
           WHEN request.resource = 'agents' THEN ARRAY['all', 'all/read', 'statements/read', 'profile']
       END) THEN
        RETURN ecosys.xapi_fault(403, request.version, 'the scopes of these credentials do not allow this', NULL,
                                 CASE WHEN request.resource = 'statements' THEN ecosys.consistent_through(@ecosystem_literal@::regnamespace) END);
    END IF;
    IF request.status IS NULL AND octet_length(body) > client.lrs_max_body THEN
        request.status := 413;
        request.reason := format('the content is longer than %s bytes', client.lrs_max_body);
    END IF;
    IF request.status IS NOT NULL THEN
        RETURN ecosys.xapi_fault(request.status, request.version, request.reason, NULL,
                                 CASE WHEN request.resource = 'statements' THEN ecosys.consistent_through(@ecosystem_literal@::regnamespace) END);
    END IF;

    BEGIN
        IF request.resource = 'statements' AND request.method IN ('PUT', 'POST') THEN
            content := coalesce(request.content, body);
            IF request.multipart OR request.attachments THEN
                content := convert_to(@ecosystem@.statements_of_request(request.content_type, content, client.authority)::text, 'UTF8');
            END IF;
            content := ecosys.record_request(@ecosystem_literal@::regnamespace, content, client.authority, request.version, request.statement_id,
                                             client.scopes && ARRAY['all', 'define'], client.lrs_max_batch);
            consistent := ecosys.consistent_through(@ecosystem_literal@::regnamespace);
            IF request.method = 'PUT' THEN
                RETURN ROW(204, ecosys.xapi_headers(204, request.version, NULL, consistent, NULL, NULL), NULL)::ecosys.xapi_response;
            END IF;
            RETURN ROW(200, ecosys.xapi_headers(200, request.version, 'application/json', consistent, NULL, NULL), content)::ecosys.xapi_response;

        ELSIF request.resource = 'statements' THEN
            -- before anything is read: what it promises holds for snapshots that are taken later
            consistent := ecosys.consistent_through(@ecosystem_literal@::regnamespace);
            IF NOT client.scopes && ARRAY['all', 'all/read', 'statements/read'] THEN
                mine := client.authority::ecosys.actor;
            END IF;
            IF request.statement_id IS NOT NULL THEN
                answer := @ecosystem@.statement(request.statement_id, request.voided, request.format, request.language);
                IF answer IS NOT NULL THEN
                    SELECT s.stored INTO modified
                      FROM @ecosystem@.statements s
                     WHERE s.id = request.statement_id
                       AND (mine IS NULL OR s.authority = ecosys.actor_key(mine));
                END IF;
                IF modified IS NULL THEN
                    RETURN ecosys.xapi_fault(404, request.version,
                                             CASE WHEN request.voided THEN 'there is no voided statement with this id'
                                                  ELSE 'there is no statement with this id, or it is voided' END, NULL, consistent);
                END IF;
            ELSE
                -- one row more tells whether there are more
                n := CASE WHEN request.max_rows = 0 THEN client.lrs_page_size ELSE least(request.max_rows, client.lrs_page_size) END;
                SELECT string_agg(q.statement::text, ',' ORDER BY q.ordinality) FILTER (WHERE q.ordinality <= n),
                       CASE WHEN count(*) > n THEN max(q.cursor) FILTER (WHERE q.ordinality = n) END
                  INTO answer, cursor_text
                  FROM @ecosystem@.query_statements(request.agent, request.verb, request.activity, request.registration,
                           request.related_agents, request.related_activities, request.since, request.until, n::integer + 1, request.ascending,
                           request.format, request.language, request.cursor, mine)
                       WITH ORDINALITY q;
                answer := concat('{"statements":[', answer, ']',
                                 CASE WHEN cursor_text IS NOT NULL THEN
                                     ',"more":' || to_json(concat(request.base, '/statements?', request.filter, 'cursor=', ecosys.xapi_encode(cursor_text)))::text END,
                                 '}');
            END IF;
            IF request.attachments THEN
                SELECT r.content_type, r.body INTO state, content FROM @ecosystem@.multipart_response(answer::json) r;
                RETURN ROW(200, ecosys.xapi_headers(200, request.version, state, consistent, modified, NULL),
                           CASE WHEN request.method <> 'HEAD' THEN content END)::ecosys.xapi_response;
            END IF;

        ELSIF request.resource = 'agents' THEN
            answer := @ecosystem@.person(request.agent, request.agent_object);

        ELSIF request.resource = 'activities' THEN
            answer := @ecosystem@.activity(request.activity);

        ELSE
            SELECT d.status, d.headers::jsonb || jsonb_build_object('X-Experience-API-Version', request.version),
                   CASE WHEN request.method <> 'HEAD' THEN d.body END
              INTO response
              FROM @ecosystem@.xapi_document(request.method, request.resource, request.parameters, request.version,
                                             coalesce(request.headers, headers), coalesce(request.content, body)) d;
            RETURN response;
        END IF;
        RETURN ROW(200, ecosys.xapi_headers(200, request.version, 'application/json', consistent, modified, NULL),
                   CASE WHEN request.method <> 'HEAD' THEN convert_to(answer, 'UTF8') END)::ecosys.xapi_response;
    EXCEPTION
        -- faults of the request; others (class 40, 53, 57, 58, XX) are the front's to answer with 503 or 500
        WHEN SQLSTATE 'EC000' OR SQLSTATE '22000' OR SQLSTATE '54000' OR unique_violation THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
    END;
    RETURN ecosys.xapi_fault(
        CASE WHEN state LIKE 'EC%' THEN right(state, 3)::integer WHEN state = '23505' THEN 409 WHEN state = '54000' THEN 413 ELSE 400 END,
        request.version,
        -- our own words, never the server's
        CASE WHEN state LIKE 'EC%' OR state = '22023' OR detail ~ 'rule [a-z0-9_.]+$' THEN reason
             WHEN state = '23505' THEN 'another statement with this id is stored already'
             WHEN state = '54000' THEN 'the request is too large'
             WHEN state = '54001' THEN 'the request nests too deep'
             WHEN state = '22021' THEN 'the request is not UTF-8'
             ELSE 'a value in the request cannot be read' END,
        detail,
        CASE WHEN request.resource = 'statements' THEN ecosys.consistent_through(@ecosystem_literal@::regnamespace) END);
END
$$;
COMMENT ON FUNCTION @ecosystem@.xapi(text, text, text, json, bytea) IS 'Serves one xAPI request. path and query: as the client sent them, percent-encoded. headers: object of lower-case names and strings. body: the content. Any error that it raises is the server''s; a front answers 503 to those that may pass (class 40, 53, 57), else 500.';
