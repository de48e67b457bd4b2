-- Who may call xapi(): keys of HTTP clients, what they may do, and in whose name.

CREATE TABLE @ecosystem@.credentials (
    key         text PRIMARY KEY
                CONSTRAINT key_is_a_basic_user CHECK (key <> '' AND pg_catalog.strpos(key, ':') = 0 AND pg_catalog.length(key) <= 255),
    verifier    text NOT NULL,
    authority   json NOT NULL CONSTRAINT authority_is_one CHECK (ecosys.is_authority(authority)),
    scopes      text[] NOT NULL CONSTRAINT scopes_are_known CHECK (scopes <@ ARRAY[
                    'statements/write', 'statements/read', 'statements/read/mine', 'state', 'define', 'profile', 'all', 'all/read']),
    created_at  timestamptz NOT NULL DEFAULT pg_catalog.now(),
    expires_at  timestamptz,
    revoked_at  timestamptz,
    description text,
    CONSTRAINT reading_mine_needs_an_agent CHECK (NOT (scopes @> ARRAY['statements/read/mine'] AND authority ->> 'objectType' IS NOT DISTINCT FROM 'Group'))
);
CREATE INDEX credentials_chosen ON @ecosystem@.credentials ((true)) WHERE verifier LIKE 'pbkdf2-%';
COMMENT ON TABLE @ecosystem@.credentials IS 'Keys of HTTP clients, for xapi(). Secrets are not in here: add_credential tells a secret once.';
COMMENT ON COLUMN @ecosystem@.credentials.key IS 'User name of the Basic credentials.';
COMMENT ON COLUMN @ecosystem@.credentials.verifier IS 'Salted hash of the secret, as ecosys.secret_verifier makes it.';
COMMENT ON COLUMN @ecosystem@.credentials.authority IS 'Authority of the statements that it stores: an Agent, or a Group of two.';
COMMENT ON COLUMN @ecosystem@.credentials.scopes IS 'What it may do: statements/write, statements/read, statements/read/mine (those of its authority), state, define (activities, by what its statements say of them), profile, all/read, all.';
COMMENT ON COLUMN @ecosystem@.credentials.created_at IS 'When it was added.';
COMMENT ON COLUMN @ecosystem@.credentials.expires_at IS 'From when on it is refused; NULL: never.';
COMMENT ON COLUMN @ecosystem@.credentials.revoked_at IS 'When it was revoked; NULL: it was not.';
COMMENT ON COLUMN @ecosystem@.credentials.description IS 'What it is for.';

CREATE FUNCTION @ecosystem@.add_credential(
    key         text DEFAULT NULL,
    scopes      text[] DEFAULT '{statements/write,statements/read/mine}',
    authority   json DEFAULT NULL,
    secret      text DEFAULT NULL,
    expires_at  timestamptz DEFAULT NULL,
    description text DEFAULT NULL)
    RETURNS TABLE (key text, secret text)
    LANGUAGE sql VOLATILE PARALLEL UNSAFE ROWS 1
BEGIN ATOMIC
    WITH made AS MATERIALIZED (
        SELECT coalesce($1, pg_catalog.replace(pg_catalog.gen_random_uuid()::text, '-', '')) AS key, coalesce($4, ecosys.make_secret()) AS secret
    ), kept AS (
        INSERT INTO @ecosystem@.credentials (key, verifier, authority, scopes, expires_at, description)
        SELECT m.key, ecosys.secret_verifier(m.secret, $4 IS NOT NULL),
               coalesce($3, pg_catalog.concat('{"objectType":"Agent","account":{"homePage":', pg_catalog.to_json(s.lrs_home_page),
                                              ',"name":', pg_catalog.to_json(m.key), '}}')::json),
               $2 AS scopes, $5 AS expires_at, $6 AS description
          FROM made m, @ecosystem@.settings s
    )
    SELECT m.key, m.secret FROM made m;
END;
COMMENT ON FUNCTION @ecosystem@.add_credential(text, text[], json, text, timestamptz, text) IS 'Adds a key for an HTTP client and tells its secret, this once. Without a key or a secret they are made. The authority of its statements is by default an account with the key as name and settings.lrs_home_page as homePage.';

CREATE FUNCTION @ecosystem@.revoke_credential(key text) RETURNS boolean
    LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
    WITH revoked AS (
        UPDATE @ecosystem@.credentials c SET revoked_at = pg_catalog.clock_timestamp()
         WHERE c.key = $1 AND c.revoked_at IS NULL
        RETURNING c.key
    )
    SELECT EXISTS (SELECT FROM revoked);
END;
COMMENT ON FUNCTION @ecosystem@.revoke_credential(text) IS 'From now on the key is refused. False: there is none, or it was revoked before.';
