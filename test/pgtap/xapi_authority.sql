-- xapi(): who one is and what one may: Basic credentials, scopes, authority; secrets.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE versions (v text);
INSERT INTO versions VALUES ('1.0.3'), ('2.0.0');
INSERT INTO client
SELECT c.* FROM unnest('{statements/write,statements/read,statements/read/mine,state,define,profile,all,all/read}'::text[]) s, learning.add_credential('only ' || s, ARRAY[s]) c;
INSERT INTO client SELECT * FROM learning.add_credential('nothing', '{}');
INSERT INTO client SELECT * FROM learning.add_credential();
INSERT INTO client SELECT * FROM learning.add_credential('late', '{all}', expires_at => clock_timestamp() - interval '1 second');
INSERT INTO client SELECT * FROM learning.add_credential('soon', '{all}', expires_at => clock_timestamp() + interval '1 hour');
INSERT INTO client SELECT * FROM learning.add_credential('gone', '{all}');
INSERT INTO client SELECT * FROM learning.add_credential('chosen', '{all}', secret => 'correct horse: battery staple é');
INSERT INTO client SELECT * FROM learning.add_credential('two', '{all}', '{"objectType": "Group", "member": [{"account": {"homePage": "http://h", "name": "app"}}, {"mbox": "mailto:user@example.com"}]}');

-- add_credential, revoke_credential
SELECT is((SELECT length(key) FROM client WHERE key NOT IN (SELECT c.key FROM learning.credentials c WHERE c.key ~ '[^0-9a-f]') LIMIT 1), 32, 'a key is made');
SELECT ok((SELECT bool_and(secret ~ '^[0-9a-f]{64}$') FROM client WHERE key <> 'chosen'), 'secrets are 32 random bytes');
SELECT is((SELECT count(DISTINCT secret) FROM client), (SELECT count(*) FROM client), 'no two alike');
SELECT is((SELECT scopes FROM learning.credentials WHERE key = (SELECT key FROM client WHERE length(key) = 32)), '{statements/write,statements/read/mine}', 'by default it may write, and read what is its own');
SELECT is((SELECT authority::jsonb FROM learning.credentials WHERE key = 'soon'), '{"objectType": "Agent", "account": {"homePage": "http://localhost", "name": "soon"}}', 'authority by default: an account with the key as name');
SELECT is((SELECT count(*) FROM client c, learning.credentials k WHERE strpos(k::text, c.secret) > 0), 0::bigint, 'no secret is in the table');
SELECT matches((SELECT verifier FROM learning.credentials WHERE key = 'soon'), '^sha256\$[0-9a-f]{32}\$[0-9a-f]{64}$', 'a generated secret: salted SHA-256');
SELECT matches((SELECT verifier FROM learning.credentials WHERE key = 'chosen'), '^pbkdf2-sha256\$600000\$[0-9a-f]{32}\$[0-9a-f]{64}$', 'a chosen one: PBKDF2-HMAC-SHA256, 600,000 rounds');
SELECT ok(learning.revoke_credential('gone'), 'a key is revoked');
SELECT ok(NOT learning.revoke_credential('gone'), 'once');
SELECT ok(NOT learning.revoke_credential('never there'), 'one that is not cannot be');
SELECT throws_ok($$ SELECT learning.add_credential('soon') $$, '23505', NULL, 'a key is not given twice');
SELECT throws_ok($$ SELECT learning.add_credential('a:b') $$, '23514', NULL, 'a key with a colon could not be sent');
SELECT throws_ok($$ SELECT learning.add_credential('') $$, '23514', NULL, 'nor could an empty one');
SELECT throws_ok($$ SELECT learning.add_credential('x', '{statements/everything}') $$, '23514', NULL, 'an unknown scope');
SELECT throws_ok($$ SELECT learning.add_credential('x', '{all}', '{"name": "x"}') $$, '23514', NULL, 'an authority that is none');
SELECT throws_ok($$ SELECT learning.add_credential('x', '{all}', '{"objectType": "Group", "member": [{"mbox": "mailto:a@example.com"}]}') $$, '23514', NULL, 'a Group of one');
SELECT throws_ok($$ SELECT learning.add_credential('x', '{statements/read/mine}', '{"objectType": "Group", "member": [{"mbox": "mailto:a@example.com"}, {"mbox": "mailto:b@example.com"}]}') $$, '23514', NULL, 'a Group cannot read what is its own');
SELECT throws_ok($$ SELECT learning.add_credential('x', secret => '') $$, '22023', 'a secret cannot be empty', 'an unset variable is no secret');
CREATE FUNCTION refusal(call text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE call;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;
SELECT is((refusal(format('SELECT learning.add_credential(%s)', a))).detail, '', 'no refusal shows the row, with its hash: ' || a)
  FROM unnest(ARRAY['''soon''', '''a:b''', '''x'', ''{no}''', '''x'', NULL', '''x'', ''{NULL}''', '''x'', ''{all}'', ''{"name": "x"}''']) a;
SELECT matches((refusal('SELECT learning.add_credential(''soon'')')).message, '^key "soon" exists already$', 'but says what is wrong: a key that is taken');
SELECT matches((refusal('SELECT learning.add_credential(''x'', ''{no}'')')).message, '^there is a scope that is not known$', 'a scope');
SELECT is((SELECT array_agg(s ORDER BY s) FROM regexp_split_to_table(substring((refusal('SELECT learning.add_credential(''x'', ''{no}'')')).hint FROM '^Scopes are (.*)\.$'), ', | and ') s),
          (SELECT array_agg(m[1] ORDER BY m[1]) FROM pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([a-z/]+)''', 'g') m WHERE conname = 'scopes_are_known'
              AND conrelid = 'learning.credentials'::regclass), 'with all that are');
SELECT matches((refusal('SELECT learning.add_credential(''x'', ''{all}'', ''{"name": "x"}'')')).message, '^an authority is ', 'an authority');
SELECT matches((refusal('SELECT learning.add_credential(''a:b'')')).message, '^a key has ', 'a key');

-- secrets
SELECT ok(ecosys.secret_matches(s, ecosys.secret_verifier(s, chosen)), 'a verifier is of its secret: ' || length(s) || ' bytes')
  FROM (SELECT repeat('a', n) AS s, false AS chosen FROM unnest('{0,1,55,56,63,64,65,1000,100000}'::integer[]) n UNION ALL SELECT 'é𝄞', false) t;
SELECT ok(NOT ecosys.secret_matches(s, v), 'and of no other: ' || quote_literal(left(s, 20))) FROM ecosys.secret_verifier('secret', false) v, unnest('{"",secre,secrett,Secret,"secret ",ecret,terces}'::text[]) s;
SELECT isnt(ecosys.secret_verifier('a', false), ecosys.secret_verifier('a', false), 'verifiers are salted');
-- RFC 7914, 11 has PBKDF2-HMAC-SHA256 of 64 bytes; these are of 32 bytes and 16 of salt, computed with Python's hashlib
SELECT ok(ecosys.secret_matches('password', 'pbkdf2-sha256$1$00000000000000000000000000000000$' || h), 'PBKDF2, 1 round')
  FROM (VALUES ('1fefe125ab13dd2c06db86711ec448e9490e6c73024d7d8d659126c6f9fadd68')) t (h);
SELECT ok(ecosys.secret_matches('passwordPASSWORDpasswordPASSWORDpasswordPASSWORDpasswordPASSWORDpassword', 'pbkdf2-sha256$4096$000102030405060708090a0b0c0d0e0f$' || h), 'PBKDF2, 4,096 rounds, a secret longer than a block')
  FROM (VALUES ('b713a292bd0a16e2fd489b84af8c47c101fab400f52c8c9fbeff0f7bced2a5fe')) t (h);
SELECT throws_ok(format('SELECT ecosys.secret_matches(''x'', %L)', v), '22023', NULL, 'no verifier: ' || v)
  FROM unnest(ARRAY['', 'x', 'sha256$', 'md5$00$00', 'sha256$00$00', 'pbkdf2-sha256$0$00000000000000000000000000000000$' || repeat('0', 64), 'pbkdf2-sha256$99999999999$00000000000000000000000000000000$' || repeat('0', 64),
                    'sha256$0000000000000000000000000000000g$' || repeat('0', 64), 'sha256$00000000000000000000000000000000$' || repeat('0', 63), 'sha256$00000000000000000000000000000000$' || repeat('0', 66),
                    'pbkdf2-sha256$$00000000000000000000000000000000$' || repeat('0', 64), 'pbkdf2-sha256$1', 'pbkdf2-sha256$1$']) v;

-- 401
CREATE FUNCTION auth(v text, header text, target text DEFAULT 'statements') RETURNS answer LANGUAGE sql AS $$ SELECT x(v, 'GET', target, NULL::text, jsonb_build_object('authorization', header)) $$;
SELECT is((auth(v, h)).status, 401, '401: ' || coalesce(h, 'no Authorization'))
  FROM versions, unnest(ARRAY[NULL, '', 'Basic', 'Basic ', 'Basic:' || substr(basic('everything'), 7), 'Basic: ' || substr(basic('everything'), 7), substr(basic('everything'), 7), 'Bearer ' || substr(basic('everything'), 7), 'Basic not-base64!', 'Basic bm9jb2xvbg==',
      'Basic ' || encode(':secret', 'base64'), 'Basic ' || encode('\xff3aff', 'base64'), 'Basic ' || encode('everything:\000'::bytea, 'base64'), basic('everything', 'wrong'), basic('everything', ''), basic('nobody', 'x'), basic('EVERYTHING', (SELECT secret FROM client WHERE key = 'everything')),
      basic('late'), basic('gone'), basic('everything', (SELECT secret FROM client WHERE key = 'soon')), basic('everything', (SELECT left(secret, -1) FROM client WHERE key = 'everything')),
      basic('everything', (SELECT secret || ' ' FROM client WHERE key = 'everything')), basic('chosen', 'wrong'), 'Digest username="everything"', basic('everything') || ', ' || basic('everything'), basic(''' OR 1=1 --', 'x')]) h;
SELECT is((auth(v, basic(who))).status, 200, 'accepted: ' || who) FROM versions, unnest('{everything,soon,chosen,two}'::text[]) who;
SELECT is((auth(v, h)).status, 200, 'accepted: ' || left(h, 8)) FROM versions, unnest(ARRAY['basic ' || substr(basic('everything'), 7), 'BASIC ' || substr(basic('everything'), 7), 'Basic  ' || substr(basic('everything'), 7), rtrim(basic('everything'), '=')]) h;
SELECT is((auth(v, NULL)).headers ->> 'WWW-Authenticate', 'Basic realm="xAPI", charset="UTF-8"', '401 says how') FROM versions;
SELECT is((auth(v, basic('everything', 'wrong'))).body, (auth(v, basic('nobody', 'x'))).body, 'a wrong secret and an unknown key are told alike') FROM versions;
SELECT is((auth(v, basic('everything', 'wrong'))).body, (auth(v, basic('gone'))).body, 'and a revoked one') FROM versions;
SELECT is((x(v, method, resource, '{}'::text, '{"authorization": null}')).status, 401, 'without credentials: ' || method || ' ' || resource)
  FROM versions, (VALUES ('GET', 'statements'), ('POST', 'statements'), ('PUT', 'statements?statementId=' || id(1)), ('HEAD', 'statements'), ('GET', 'activities/state'), ('DELETE', 'activities/state'), ('PUT', 'activities/profile'),
                         ('POST', 'agents/profile'), ('GET', 'agents'), ('GET', 'activities'), ('GET', 'statements?unknown=1')) t (method, resource);
SELECT ok(st(v, 'GET', 'statements', NULL, '{"x-experience-api-version": "0.9", "authorization": "Basic x"}') IN (400, 401), 'a bad version and bad credentials') FROM versions;
SELECT ok((auth(v, basic('everything', 'wrong'), 'statements?unknown=1')).body !~ 'parameter', 'who is not known learns nothing of the parameters') FROM versions;
-- a change counts at once, whatever is remembered
SELECT is((auth('2.0.0', basic('chosen'))).status, 200, 'a chosen secret, remembered');
UPDATE learning.credentials SET verifier = ecosys.secret_verifier('another', true) WHERE key = 'chosen';
SELECT is((auth('2.0.0', basic('chosen'))).status, 401, 'the verifier was changed: the old secret is refused');
SELECT is((auth('2.0.0', basic('chosen', 'another'))).status, 200, 'and the new one taken');
SELECT ok(learning.revoke_credential('chosen'), 'revoked');
SELECT is((auth('2.0.0', basic('chosen', 'another'))).status, 401, 'a revoked key is refused, though its secret is remembered');
-- what a refusal costs: the same whoever is asked for, where one secret is chosen
CREATE FUNCTION ms(who text, secret text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    took float8[] := '{}';
    start timestamptz;
BEGIN
    FOR i IN 1 .. 3 LOOP
        start := clock_timestamp();
        PERFORM auth('2.0.0', basic(who, secret || i));
        took := took || extract(epoch FROM clock_timestamp() - start)::float8 * 1000;
    END LOOP;
    RETURN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(took) t);
END
$$;
CREATE TABLE costs AS SELECT who, ms(who, 'x') AS ms FROM unnest('{nobody,soon,chosen}'::text[]) who;
SELECT cmp_ok((SELECT max(ms) FROM costs), '<', (SELECT 3 * min(ms) FROM costs), 'unknown key, wrong generated secret and wrong chosen one cost the same');
SELECT cmp_ok((SELECT min(ms) FROM costs), '>', 20::float8, 'which is a slow hash');
-- and a success is fast the second time
SELECT is((auth('2.0.0', basic(c.key, 'pass'))).status, 200, 'another chosen secret') FROM learning.add_credential('chosen 2', '{all}', secret => 'pass') c;
SELECT cmp_ok(t.ms, '<', (SELECT min(ms) / 5 FROM costs), 'a check that succeeded is remembered')
  FROM (SELECT clock_timestamp() AS start, (auth('2.0.0', basic('chosen 2', 'pass'))).status, clock_timestamp() AS stop) c, LATERAL (SELECT extract(epoch FROM stop - start)::float8 * 1000 AS ms) t;

-- 403: what each scope allows, and nothing else
CREATE TABLE deeds (deed text, method text, target text, content text);
INSERT INTO deeds VALUES ('write', 'POST', 'statements', statement()), ('write', 'PUT', 'statements?statementId=' || id(7), statement()), ('read', 'GET', 'statements', NULL), ('read', 'HEAD', 'statements', NULL),
    ('state read', 'GET', 'activities/state?activityId=http://a&agent=' || agent('a@example.com'), NULL), ('state write', 'POST', 'activities/state?activityId=http://a&stateId=s&agent=' || agent('a@example.com'), '{}'),
    ('state write', 'DELETE', 'activities/state?activityId=http://a&stateId=s&agent=' || agent('a@example.com'), NULL),
    ('profile read', 'GET', 'activities/profile?activityId=http://a', NULL), ('profile read', 'GET', 'agents/profile?agent=' || agent('a@example.com'), NULL),
    ('profile write', 'POST', 'activities/profile?activityId=http://a&profileId=p', '{}'), ('profile write', 'POST', 'agents/profile?profileId=p&agent=' || agent('a@example.com'), '{}'),
    ('profile write', 'DELETE', 'activities/profile?activityId=http://a&profileId=p', NULL), ('agents', 'GET', 'agents?agent=' || agent('a@example.com'), NULL), ('activities', 'GET', 'activities?activityId=http://a', NULL);
CREATE TABLE allowed (who text, deeds text[]);
INSERT INTO allowed VALUES ('only statements/write', '{write}'), ('only statements/read', '{read,agents,activities}'), ('only statements/read/mine', '{read,activities}'), ('only state', '{state read,state write,activities}'),
    ('only define', '{activities}'), ('only profile', '{profile read,profile write,agents,activities}'), ('only all/read', '{read,state read,profile read,agents,activities}'),
    ('only all', '{write,read,state read,state write,profile read,profile write,agents,activities}'), ('nothing', '{}');
SELECT is(st(v, d.method, d.target, d.content, CASE WHEN d.content IS NULL THEN '{}' ELSE '{}'::jsonb END, a.who) = 403, NOT d.deed = ANY (a.deeds), a.who || CASE WHEN d.deed = ANY (a.deeds) THEN ' may ' ELSE ' may not ' END || d.method || ' ' || left(d.target, 25))
  FROM versions, allowed a, deeds d;
SELECT is(st(v, 'POST', 'statements', '{"nonsense": 1}', '{}', 'nothing'), 403, '403 before the content is looked at') FROM versions;
SELECT is(st(v, 'GET', 'statements', NULL, '{}', 'nothing'), 403, 'valid credentials, but not allowed: 403') FROM versions;
SELECT is(st(v, 'GET', 'about', NULL, '{}', 'nothing'), 200, 'about is for everybody') FROM versions;

-- authority, statements/read/mine
SELECT is(st('2.0.0', 'PUT', 'statements?statementId=' || id(100), statement(), '{}', 'only statements/write'), 204, 'a statement of the writer');
SELECT is(st('2.0.0', 'PUT', 'statements?statementId=' || id(101), statement(NULL, '{"verb": {"id": "http://v/soon"}}'), '{}', 'soon'), 204, 'one of another client');
SELECT is(st('2.0.0', 'PUT', 'statements?statementId=' || id(102), statement(), '{}', 'two'), 204, 'one of a Group of two');
SELECT is(js(v, 'GET', 'statements?statementId=' || id(100)) #>> '{authority,account,name}', 'only statements/write', 'authority is who stored it') FROM versions;
SELECT is(st(v, 'GET', 'statements?statementId=' || id(100), NULL, '{}', 'two'), 200, 'a client whose authority is a Group reads, too') FROM versions;
SELECT is(js(v, 'GET', 'statements?statementId=' || id(102)) -> 'authority', '{"objectType": "Group", "member": [{"account": {"homePage": "http://h", "name": "app"}}, {"mbox": "mailto:user@example.com"}]}', 'authority of two') FROM versions;
UPDATE learning.credentials SET scopes = '{statements/write,statements/read/mine}' WHERE key = 'soon';
SELECT is(ids(v, 'statements', '{}', 'soon'), ARRAY[id(101)], 'read/mine: only what is its own') FROM versions;
SELECT is(ids(v, 'statements?' || q, '{}', 'soon'), wanted, 'read/mine: with filters: ' || q) FROM versions, (VALUES ('agent=' || agent('ana@example.com'), ARRAY[id(101)]), ('verb=http://v/soon', ARRAY[id(101)]), ('verb=http://v/none', '{}'), ('limit=1&ascending=true', ARRAY[id(101)])) t (q, wanted);
SELECT is(st(v, 'GET', 'statements?statementId=' || id(101), NULL, '{}', 'soon'), 200, 'read/mine: its own by id') FROM versions;
SELECT is(st(v, 'GET', 'statements?statementId=' || id(100), NULL, '{}', 'soon'), 404, 'read/mine: another''s by id is not there') FROM versions;
SELECT is(st('2.0.0', 'PUT', 'statements?statementId=' || id(103), statement(NULL, jsonb_build_object('verb', '{"id": "http://adlnet.gov/expapi/verbs/voided"}'::jsonb, 'object', jsonb_build_object('objectType', 'StatementRef', 'id', id(100))))), 204, 'a statement is voided');
SELECT is(st(v, 'GET', 'statements?voidedStatementId=' || id(100), NULL, '{}', 'soon'), 404, 'read/mine: nor a voided one of another') FROM versions;
SELECT is(st(v, 'GET', 'statements?voidedStatementId=' || id(100), NULL, '{}', 'only statements/read'), 200, 'who may read all sees it') FROM versions;
UPDATE learning.credentials SET authority = '{"mbox": "mailto:new@example.com"}' WHERE key = 'soon';
SELECT is(ids('2.0.0', 'statements', '{}', 'soon'), '{}', 'mine is by authority');
UPDATE learning.settings SET lrs_home_page = 'https://lms.example.com';
SELECT is((SELECT authority #>> '{account,homePage}' FROM learning.credentials WHERE key = (SELECT c.key FROM learning.add_credential('home') c)), NULL, 'a credential is not there before its function has ended');
SELECT is((SELECT authority #>> '{account,homePage}' FROM learning.credentials WHERE key = 'home'), 'https://lms.example.com', 'homePage is the setting');

-- define
INSERT INTO client SELECT * FROM learning.add_credential('definer', '{statements/write,define}');
SELECT is(st('2.0.0', 'POST', 'statements', '[' || statement(NULL, '{"actor": {"mbox": "mailto:def@example.com", "name": "By writer"}, "object": {"id": "http://example.com/defined", "definition": {"name": {"en": "By writer"}}}}') || ',' || statement() || ']', '{}', 'only statements/write'), 200, 'without define, a definition is sent');
SELECT is(js(v, 'GET', 'activities?activityId=http://example.com/defined'), '{"objectType": "Activity", "id": "http://example.com/defined"}', 'the activity is not defined by it') FROM versions;
SELECT is(js(v, 'GET', 'agents?agent=' || agent('def@example.com')) -> 'name', NULL, 'nor the agent''s name') FROM versions;
SELECT is((SELECT count(*) FROM learning.activities WHERE iri = 'http://example.com/defined'), 1::bigint, 'but it is known');
SELECT is(js(v, 'GET', 'statements?agent=' || agent('def@example.com')) #> '{statements,0,object,definition}', '{"name": {"en": "By writer"}}', 'and the statement is as it was sent') FROM versions;
SELECT is(st('2.0.0', 'POST', 'statements', statement(NULL, '{"actor": {"mbox": "mailto:def@example.com", "name": "By definer"}, "object": {"id": "http://example.com/defined", "definition": {"name": {"de": "Von definer"}}}}'), '{}', 'definer'), 200, 'with define');
SELECT is(js(v, 'GET', 'activities?activityId=http://example.com/defined') #> '{definition,name}', '{"de": "Von definer"}', 'the activity is defined') FROM versions;
SELECT is(js(v, 'GET', 'agents?agent=' || agent('def@example.com')) -> 'name', '["By definer"]', 'and the agent named') FROM versions;
SELECT is(st('2.0.0', 'POST', 'statements', statement(NULL, '{"object": {"id": "http://example.com/defined", "definition": {"name": {"de": "Anders", "en": "x"}}}}'), '{}', 'only statements/write'), 200, 'again without');
SELECT is(js('2.0.0', 'GET', 'activities?activityId=http://example.com/defined') #> '{definition,name}', '{"de": "Von definer"}', 'nothing changes');
SELECT is((SELECT count(*) FROM learning.record('{"actor": {"mbox": "mailto:def@example.com"}, "verb": {"id": "http://v"}, "object": {"id": "http://example.com/defined", "definition": {"name": {"fr": "par record"}}}}')), 1::bigint, 'record() in the same transaction');
SELECT is(js('2.0.0', 'GET', 'activities?activityId=http://example.com/defined') #> '{definition,name}', '{"de": "Von definer", "fr": "par record"}', 'defines, as it always does');

-- grant_access: a role that serves, and nothing else
CREATE ROLE xapi_server;
CREATE ROLE xapi_reader;
SELECT learning.grant_access('xapi_server', 'serve');
SELECT learning.grant_access('xapi_reader', 'read');
SELECT ok(NOT has_table_privilege('xapi_reader', 'learning.credentials', 'SELECT'), 'who reads everything does not read credentials');
SELECT ok(has_table_privilege('xapi_reader', 'learning.statements', 'SELECT') AND has_table_privilege('xapi_reader', 'learning.live_statements', 'SELECT'), 'but tables and views');
GRANT SELECT ON client, versions, deeds TO xapi_server;
GRANT CREATE ON SCHEMA public TO xapi_server;
SET ROLE xapi_server;
SELECT ok(st(v, d.method, d.target, d.content) < 300, 'the serving role can serve ' || d.method || ' ' || left(d.target, 25)) FROM versions, deeds d WHERE d.target NOT LIKE 'statements?statementId%';
SELECT is(st(v, 'GET', 'statements?statementId=' || id(101)), 200, 'the serving role: a statement by id') FROM versions;
SELECT is(st(v, 'GET', 'statements?attachments=true&format=canonical&activity=http://example.com/course&related_activities=true&agent=' || agent('ana@example.com') || '&related_agents=true'), 200, 'the serving role: a query') FROM versions;
SELECT throws_ok($$ UPDATE learning.credentials SET scopes = '{all}' $$, '42501', NULL, 'it cannot change credentials');
SELECT throws_ok($$ DELETE FROM learning.statements $$, '42501', NULL, 'or remove statements');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
