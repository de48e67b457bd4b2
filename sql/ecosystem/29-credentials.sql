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

CREATE FUNCTION @ecosystem@.keep_credential(
    key text, secret text, is_chosen boolean, scopes text[], authority json, expires_at timestamptz, description text) RETURNS text
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    broken text;
BEGIN
    IF $2 = '' THEN
        RAISE EXCEPTION 'a secret cannot be empty'
            USING ERRCODE = '22023', HINT = 'Give none (NULL), and one is made.';
    END IF;
    INSERT INTO @ecosystem@.credentials (key, verifier, authority, scopes, expires_at, description)
    SELECT $1, ecosys.secret_verifier($2, $3), coalesce($5, concat('{"objectType":"Agent","account":{"homePage":', to_json(s.lrs_home_page), ',"name":', to_json($1), '}}')::json),
           $4, $6, $7
      FROM @ecosystem@.settings s;
    RETURN $1;
EXCEPTION
    -- PostgreSQL's DETAIL would show the row, with the hash of the secret
    WHEN unique_violation THEN
        RAISE EXCEPTION 'key "%" exists already', $1
            USING ERRCODE = '23505', HINT = 'A revoked key stays taken as well: choose another, or delete its row in the table credentials.';
    WHEN integrity_constraint_violation THEN
        GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
        RAISE EXCEPTION '%', CASE broken
                WHEN 'key_is_a_basic_user' THEN 'a key has 1 to 255 characters and no colon'
                WHEN 'authority_is_one' THEN 'an authority is an Agent or a Group of two Agents, as JSON'
                WHEN 'scopes_are_known' THEN 'there is a scope that is not known'
                WHEN 'reading_mine_needs_an_agent' THEN 'the scope statements/read/mine needs an Agent as authority, not a Group'
                ELSE SQLERRM END
            USING ERRCODE = SQLSTATE, HINT = CASE broken
                WHEN 'authority_is_one' THEN 'For example {"account": {"homePage": "https://lms.example.com", "name": "lms"}}'
                WHEN 'scopes_are_known' THEN 'Scopes are statements/write, statements/read, statements/read/mine, state, define, profile, all/read and all.'
                WHEN 'reading_mine_needs_an_agent' THEN 'Name the scopes: statements/write alone, or with statements/read.'
                ELSE 'See the comments on the table credentials.' END;
END
$$;
COMMENT ON FUNCTION @ecosystem@.keep_credential(text, text, boolean, text[], json, timestamptz, text) IS 'The part of add_credential that writes the row, and says what is wrong with it without showing it. Returns the key.';

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
    )
    SELECT @ecosystem@.keep_credential(m.key, m.secret, $4 IS NOT NULL, $2, $3, $5, $6), m.secret FROM made m;
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
