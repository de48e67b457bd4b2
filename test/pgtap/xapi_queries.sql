-- xapi(): GET /statements: every parameter, paging, formats, StatementRefs, voiding.
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE versions (v text);
INSERT INTO versions VALUES ('1.0.3'), ('2.0.0');
CREATE FUNCTION put(n integer, changes jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF st('2.0.0', 'PUT', 'statements?statementId=' || id(n), statement(NULL, changes)) <> 204 THEN RAISE 'statement % was refused', n; END IF;
    RETURN id(n);
END
$$;
-- The numbers of the statements that a query finds.
CREATE FUNCTION found(v text, query text, more jsonb DEFAULT '{}', who text DEFAULT 'everything') RETURNS integer[] LANGUAGE sql AS $$
    SELECT coalesce(array_agg(right(i, 6)::integer ORDER BY n), '{}') FROM unnest(ids(v, 'statements?' || query, more, who)) WITH ORDINALITY u (i, n)
$$;

SELECT is(js(v, 'GET', 'statements'), '{"statements": []}', 'nothing found is 200 with an empty array, and no more') FROM versions;
SELECT is((x(v, 'GET', 'statements')).status, 200, 'nothing found is 200') FROM versions;

DO $$ BEGIN
    PERFORM put(1);
    PERFORM put(2, '{"actor": {"mbox": "mailto:bo@example.com"}, "verb": {"id": "http://v/2"}, "object": {"id": "http://a/2"}}');
    PERFORM put(3, '{"object": {"objectType": "Agent", "mbox": "mailto:bo@example.com"}}');
    PERFORM put(4, '{"actor": {"objectType": "Group", "mbox": "mailto:team@example.com", "member": [{"mbox": "mailto:bo@example.com"}]}}');
    PERFORM put(5, '{"actor": {"objectType": "Group", "member": [{"mbox": "mailto:bo@example.com"}, {"mbox": "mailto:cy@example.com"}]}}');
    PERFORM put(6, '{"object": {"objectType": "Group", "member": [{"mbox": "mailto:bo@example.com"}]}}');
    PERFORM put(7, '{"context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7", "instructor": {"mbox": "mailto:dee@example.com"}, "team": {"objectType": "Group", "mbox": "mailto:t@example.com", "member": [{"mbox": "mailto:eve@example.com"}]}, "contextActivities": {"parent": [{"id": "http://p"}], "grouping": [{"id": "http://g"}], "category": [{"id": "http://c"}], "other": [{"id": "http://o"}]}}}');
    PERFORM put(8, '{"object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:fay@example.com"}, "verb": {"id": "http://v/sub"}, "object": {"id": "http://a/sub"}, "context": {"registration": "00000000-0000-4000-8000-0000000000aa", "instructor": {"mbox": "mailto:gus@example.com"}, "team": {"objectType": "Group", "member": [{"mbox": "mailto:hal@example.com"}]}, "contextActivities": {"parent": [{"id": "http://p/sub"}]}}}}');
    PERFORM put(9, '{"context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:ida@example.com"}, "relevantTypes": ["http://t"]}], "contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "mbox": "mailto:cg@example.com", "member": [{"mbox": "mailto:jo@example.com"}]}, "relevantTypes": ["http://t"]}]}}');
    PERFORM put(10, '{"actor": {"account": {"homePage": "http://h", "name": "n"}}, "verb": {"id": "http://v/2"}}');
END $$;

-- filters
SELECT is(found(v, q), wanted, 'query: ' || what) FROM versions, (VALUES
    ('', '{10,9,8,7,6,5,4,3,2,1}'::integer[], 'newest first'),
    ('ascending=true', '{1,2,3,4,5,6,7,8,9,10}', 'ascending'),
    ('ascending=false', '{10,9,8,7,6,5,4,3,2,1}', 'ascending=false'),
    ('agent=' || agent('bo@example.com'), '{6,5,4,3,2}', 'agent: actor, object, members of groups'),
    ('agent=' || agent('bo@EXAMPLE.com'), '{6,5,4,3,2}', 'agent: case of the mail domain'),
    ('agent=' || e('{"objectType":"Agent","name":"Whatever","mbox":"mailto:bo@example.com"}'), '{6,5,4,3,2}', 'agent: a name does not count'),
    ('agent=' || e('{"objectType":"Group","mbox":"mailto:team@example.com"}'), '{4}', 'agent: an identified group'),
    ('agent=' || e('{"account":{"homePage":"http://h","name":"n"}}'), '{10}', 'agent: an account'),
    ('agent=' || agent('dee@example.com'), '{}', 'agent: not the instructor'),
    ('agent=' || agent('fay@example.com'), '{}', 'agent: not the SubStatement''s actor'),
    ('agent=' || agent('dee@example.com') || '&related_agents=true', '{7}', 'related_agents: instructor'),
    ('agent=' || agent('t@example.com') || '&related_agents=true', '{7}', 'related_agents: team'),
    ('agent=' || agent('eve@example.com') || '&related_agents=true', '{7}', 'related_agents: a team''s member'),
    ('agent=' || agent('fay@example.com') || '&related_agents=true', '{8}', 'related_agents: the SubStatement''s actor'),
    ('agent=' || agent('gus@example.com') || '&related_agents=true', '{8}', 'related_agents: the SubStatement''s instructor'),
    ('agent=' || agent('hal@example.com') || '&related_agents=true', '{8}', 'related_agents: a member of the SubStatement''s team'),
    ('agent=' || agent('ida@example.com') || '&related_agents=true', '{9}', 'related_agents: contextAgents'),
    ('agent=' || agent('jo@example.com') || '&related_agents=true', '{9}', 'related_agents: members of contextGroups'),
    ('agent=' || agent('bo@example.com') || '&related_agents=true', '{6,5,4,3,2}', 'related_agents finds what agent finds'),
    ('agent=' || e('{"account":{"homePage":"http://localhost","name":"everything"}}') || '&related_agents=true', '{10,9,8,7,6,5,4,3,2,1}', 'related_agents: authority'),
    ('agent=' || e('{"account":{"homePage":"http://localhost","name":"everything"}}'), '{}', 'agent: not the authority'),
    ('verb=http://v/2', '{10,2}', 'verb'),
    ('verb=http://v/sub', '{}', 'verb: not the SubStatement''s'),
    ('activity=http://a/2', '{2}', 'activity'),
    ('activity=http://p', '{}', 'activity: not the context''s'),
    ('activity=http://p&related_activities=true', '{7}', 'related_activities: parent'),
    ('activity=http://g&related_activities=true', '{7}', 'related_activities: grouping'),
    ('activity=http://c&related_activities=true', '{7}', 'related_activities: category'),
    ('activity=http://o&related_activities=true', '{7}', 'related_activities: other'),
    ('activity=http://a/sub&related_activities=true', '{8}', 'related_activities: the SubStatement''s object'),
    ('activity=http://p/sub&related_activities=true', '{8}', 'related_activities: the SubStatement''s context'),
    ('activity=http://a/2&related_activities=true', '{2}', 'related_activities finds what activity finds'),
    ('registration=ec531277-b57b-4c15-8d91-d292c5b2b8f7', '{7}', 'registration'),
    ('registration=EC531277-B57B-4C15-8D91-D292C5B2B8F7', '{7}', 'registration in upper case'),
    ('registration=00000000-0000-4000-8000-0000000000aa', '{}', 'registration: not the SubStatement''s'),
    ('agent=' || agent('bo@example.com') || '&verb=http://v/2', '{2}', 'all filters must hold'),
    ('agent=' || agent('bo@example.com') || '&verb=http://v/nothing', '{}', 'nothing holds')) t (q, wanted, what);

-- parameters that are none
SELECT is(st(v, 'GET', 'statements?' || q), 400, 'refused: ' || q) FROM versions, unnest(ARRAY[
    'agent=x', 'agent=', 'agent=%7B%7D', 'agent=' || e('{"mbox":"x"}'), 'agent=' || e('{"name":"n"}'), 'agent=' || e('{"objectType":"Group","member":[{"mbox":"mailto:a@example.com"}]}'),
    'agent=' || e('{"mbox":"mailto:a@example.com","mbox_sha1sum":"cd9b00a5611f94eaa7b1661edab976068e364975"}'), 'agent=' || agent('a@example.com') || '&agent=' || agent('a@example.com'),
    'verb=x', 'verb=', 'activity=x', 'activity=', 'registration=x', 'registration=%7Bec531277-b57b-4c15-8d91-d292c5b2b8f7%7D', 'registration=ec531277b57b4c158d91d292c5b2b8f7',
    'related_agents=1', 'related_agents=TRUE', 'related_agents=yes', 'related_agents=', 'related_activities=on', 'related_activities=True', 'since=yesterday', 'since=now', 'since=infinity', 'since=epoch', 'since=2020-01-01', 'since=',
    'since=2020-13-01T00:00:00Z', 'since=2020-01-01T25:00:00Z', 'since=2020-01-01T00:00:00-00:00', 'until=x', 'until=Jan 8 2027', 'limit=-1', 'limit=x', 'limit=1.5', 'limit=1e2', 'limit=', 'limit=%201', 'limit=0x10',
    'format=x', 'format=', 'format=EXACT', 'attachments=1', 'attachments=', 'ascending=1', 'ascending=', 'cursor=x', 'cursor=']) q;
-- one statement
SELECT is(st(v, 'GET', 'statements?' || q), 400, 'refused: ' || q) FROM versions, unnest(ARRAY[
    'statementId=' || id(1) || '&voidedStatementId=' || id(1), 'statementId=x', 'voidedStatementId=x', 'statementId=', 'statementId=%7B' || id(1) || '%7D', 'statementId=' || replace(id(1), '-', '')]
    || (SELECT array_agg(w || '=' || id(1) || '&' || p) FROM unnest(ARRAY['statementId', 'voidedStatementId']) w,
        unnest(ARRAY['agent=' || agent('a@example.com'), 'verb=http://v', 'activity=http://a', 'registration=ec531277-b57b-4c15-8d91-d292c5b2b8f7', 'related_agents=true', 'related_activities=false',
                     'since=2020-01-01T00:00:00Z', 'until=2020-01-01T00:00:00Z', 'limit=1', 'ascending=true', 'cursor=x']) p)) q;
SELECT is(js(v, 'GET', 'statements?statementId=' || id(1) || '&' || p) ->> 'id', id(1), 'beside statementId: ' || p) FROM versions, unnest('{format=exact,format=ids,format=canonical,attachments=false}'::text[]) p;
SELECT is(st(v, 'GET', 'statements?statementId=' || id(999)), 404, 'no such statement') FROM versions;
SELECT is(st(v, 'GET', 'statements?voidedStatementId=' || id(1)), 404, 'voidedStatementId of one that is not voided') FROM versions;

-- since, until: exclusive, inclusive, exactly
CREATE TABLE times AS SELECT n, js('2.0.0', 'GET', 'statements?statementId=' || id(n)) ->> 'stored' AS stored FROM unnest('{3,5}'::integer[]) n;
SELECT is(found(v, q), wanted, 'bounds: ' || what)
  FROM versions, (SELECT max(stored) FILTER (WHERE n = 3), max(stored) FILTER (WHERE n = 5) FROM times) s (three, five),
       LATERAL (VALUES ('since=' || three || '&ascending=true', '{4,5,6,7,8,9,10}'::integer[], 'since is exclusive'),
                       ('until=' || three, '{3,2,1}', 'until is inclusive'), ('since=' || three || '&until=' || five, '{5,4}', 'both'),
                       ('since=' || e(to_char(three::timestamptz AT TIME ZONE 'Asia/Kolkata', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+05:30') || '&until=' || five, '{5,4}', 'an offset'),
                       ('since=' || five || '&until=' || three, '{}', 'nothing between'), ('since=2999-01-01T00:00:00Z', '{}', 'the future'),
                       ('until=0001-01-01T00:00:00Z', '{}', 'the distant past'), ('until=9999-12-31T23:59:59Z', '{10,9,8,7,6,5,4,3,2,1}', 'the distant future')) t (q, wanted, what);

-- limit and more
SELECT is(found(v, q), wanted, 'limit: ' || q) FROM versions, (VALUES ('limit=3', '{10,9,8}'::integer[]), ('limit=1', '{10}'), ('limit=0', '{10,9,8,7,6,5,4,3,2,1}'), ('limit=10', '{10,9,8,7,6,5,4,3,2,1}'),
    ('limit=99999999999999999999', '{10,9,8,7,6,5,4,3,2,1}'), ('limit=2&ascending=true', '{1,2}'), ('limit=003', '{10,9,8}')) t (q, wanted);
SELECT ok(NOT js(v, 'GET', 'statements?limit=' || n) ? 'more', 'no more: limit=' || n) FROM versions, unnest('{0,10,11}'::integer[]) n;
SELECT matches(js(v, 'GET', '/xapi/' || base || 'statements?limit=3') ->> 'more', '^/xapi/' || base || 'statements\?limit=3&cursor=[^&]+$', 'XAPI-00108: more is the whole path and query, under the client''s base path')
  FROM versions, unnest('{"",1.0.3/,2.0.0/}'::text[]) base;
-- Follow `more` to the end; the numbers found, page by page.
CREATE FUNCTION pages(v text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    target text := 'statements?' || query;
    page   jsonb;
    result text := '';
BEGIN
    FOR i IN 1 .. 20 LOOP
        page := js(v, 'GET', target);
        result := result || coalesce((SELECT string_agg(right(s ->> 'id', 6)::integer::text, ',' ORDER BY n) FROM jsonb_array_elements(page -> 'statements') WITH ORDINALITY e (s, n)), '') || '|';
        target := page ->> 'more';
        EXIT WHEN coalesce(target, '') = '';
    END LOOP;
    RETURN result;
END
$$;
SELECT is(pages(v, q), wanted, 'XAPI-00111: more leads through all pages: ' || q) FROM versions, (VALUES ('limit=4', '10,9,8,7|6,5,4,3|2,1|'), ('limit=5', '10,9,8,7,6|5,4,3,2,1|'), ('limit=4&ascending=true', '1,2,3,4|5,6,7,8|9,10|'),
    ('limit=2&agent=' || agent('bo@example.com'), '6,5|4,3|2|'), ('limit=1&verb=http://v/2', '10|2|'), ('limit=1&activity=http://p&related_activities=true', '7|')) t (q, wanted);
-- a page keeps its place while others write
CREATE TABLE next_page AS SELECT js('2.0.0', 'GET', 'statements?limit=8') ->> 'more' AS more;
SELECT ok(put(11) IS NOT NULL, 'one is stored between two pages');
SELECT is((SELECT array_agg(right(s ->> 'id', 6)::integer ORDER BY n) FROM next_page, jsonb_array_elements(js('2.0.0', 'GET', more) -> 'statements') WITH ORDINALITY e (s, n)), '{2,1}', 'the second page is what it was');
SELECT ok(st('2.0.0', 'GET', (SELECT more FROM next_page), NULL, '{"authorization": null}') = 401, 'more needs credentials as any request');
-- a batch keeps its order
SELECT is(st('2.0.0', 'POST', 'statements', '[' || (SELECT string_agg(statement(id(n)), ',' ORDER BY n DESC) FROM generate_series(20, 49) n) || ']'), 200, 'a batch of 30, ids descending');
SELECT is(found('2.0.0', 'limit=30&ascending=true&since=' || (js('2.0.0', 'GET', 'statements?statementId=' || id(11)) ->> 'stored')), (SELECT array_agg(n ORDER BY n DESC) FROM generate_series(20, 49) n)::integer[], 'is found in the order of the batch');
SELECT is(pages('2.0.0', 'limit=7&since=' || (js('2.0.0', 'GET', 'statements?statementId=' || id(11)) ->> 'stored')), '20,21,22,23,24,25,26|27,28,29,30,31,32,33|34,35,36,37,38,39,40|41,42,43,44,45,46,47|48,49|', 'and paging does not tear it');
UPDATE learning.settings SET lrs_page_size = 10;
SELECT is(cardinality(found(v, q)), 10, 'no more than lrs_page_size at once: ' || q) FROM versions, unnest('{"",limit=0,limit=50}'::text[]) q;
SELECT is(pages('2.0.0', 'limit=0&since=' || (js('2.0.0', 'GET', 'statements?statementId=' || id(11)) ->> 'stored')), '20,21,22,23,24,25,26,27,28,29|30,31,32,33,34,35,36,37,38,39|40,41,42,43,44,45,46,47,48,49|', 'limit 0 is the server''s maximum, and more goes on');
UPDATE learning.settings SET lrs_page_size = 500;

-- formats
DO $$ BEGIN
    PERFORM put(60, '{"actor": {"mbox": "mailto:fmt@example.com", "name": "Fmt", "objectType": "Agent"}, "verb": {"id": "http://v/fmt", "display": {"en-US": "did", "de": "tat"}},
        "object": {"objectType": "Activity", "id": "http://a/fmt", "definition": {"name": {"en-US": "Thing", "de": "Ding", "fr": "Chose"}, "description": {"fr": "une chose"}, "extensions": {"http://e": {"en": "x", "de": "y"}}}},
        "context": {"contextActivities": {"parent": [{"id": "http://a/p", "objectType": "Activity", "definition": {"name": {"en": "P", "de": "E"}}}]}, "team": {"objectType": "Group", "member": [{"mbox": "mailto:m@example.com", "name": "M"}]}}}');
    PERFORM put(61, '{"actor": {"objectType": "Group", "name": "G", "member": [{"mbox": "mailto:m@example.com", "name": "M"}]}, "object": {"objectType": "SubStatement", "actor": {"objectType": "Group", "name": "GG", "mbox": "mailto:gg@example.com", "member": [{"mbox": "mailto:m@example.com", "name": "M"}]}, "verb": {"id": "http://v/s", "display": {"en": "s"}}, "object": {"id": "http://a/fmt", "objectType": "Activity"}}}');
END $$;
CREATE FUNCTION one(v text, n integer, format text, language text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT js(v, 'GET', 'statements?format=' || format || '&statementId=' || id(n), NULL, jsonb_build_object('accept-language', language))
$$;
SELECT is(one(v, 60, 'exact'), js(v, 'GET', 'statements?statementId=' || id(60)), 'exact is the default') FROM versions;
SELECT is(one(v, 60, 'exact', 'de') #> '{object,definition,name}', '{"en-US": "Thing", "de": "Ding", "fr": "Chose"}', 'Accept-Language has no effect on exact') FROM versions;
SELECT is(one(v, 60, 'ids') -> 'object', '{"id": "http://a/fmt"}', 'XAPI-00171: ids: an Activity has exactly its id') FROM versions;
SELECT is(one(v, 60, 'ids') -> 'verb', '{"id": "http://v/fmt"}', 'ids: a verb has only its id') FROM versions;
SELECT is((one(v, 60, 'ids') -> 'actor') - 'objectType', '{"mbox": "mailto:fmt@example.com"}', 'ids: an actor has its identifier, and at most objectType') FROM versions;
SELECT is(one(v, 60, 'ids') #> '{context,contextActivities,parent}', '[{"id": "http://a/p"}]', 'ids: context activities') FROM versions;
SELECT is(one(v, 60, 'ids') #> '{context,team}', '{"objectType": "Group", "member": [{"mbox": "mailto:m@example.com"}]}', 'ids: an anonymous group: its members reduced') FROM versions;
SELECT is(one(v, 61, 'ids') -> 'actor', '{"objectType": "Group", "member": [{"mbox": "mailto:m@example.com"}]}', 'ids: an anonymous group as actor') FROM versions;
SELECT is(one(v, 61, 'ids') #> '{object,actor}', '{"objectType": "Group", "mbox": "mailto:gg@example.com"}', 'ids: a group as actor of a SubStatement has exactly two keys') FROM versions;
SELECT is(one(v, 61, 'ids') #> '{object,object}', '{"id": "http://a/fmt"}', 'ids: the SubStatement''s object') FROM versions;
SELECT is(one(v, 60, 'canonical', language) #> '{object,definition,name}', wanted, 'XAPI-00169: canonical: ' || coalesce(language, 'no Accept-Language'))
  FROM versions, (VALUES ('de', '{"de": "Ding"}'::jsonb), ('fr, de;q=0.5', '{"fr": "Chose"}'), ('fr;q=0.2, de;q=0.5', '{"de": "Ding"}'), ('en', '{"en-US": "Thing"}'), ('en-US', '{"en-US": "Thing"}'), ('de-AT', '{"de": "Ding"}'),
                         ('xx, de;q=0.1', '{"de": "Ding"}'), ('de;q=0, fr', '{"fr": "Chose"}')) t (language, wanted);
SELECT is(one(v, 60, 'canonical', 'de') #> '{object,definition,description}', '{"fr": "une chose"}', 'canonical: language map by language map') FROM versions;
SELECT is((SELECT count(*) FROM jsonb_object_keys(one(v, 60, 'canonical', l) #> '{object,definition,name}')), 1::bigint, 'canonical: always one language') FROM versions, unnest('{xx,*,"",nonsense;;;q=x}'::text[]) l;
SELECT is(one(v, 60, 'canonical', 'de') -> 'verb', '{"id": "http://v/fmt", "display": {"de": "tat"}}', 'canonical: verb.display too') FROM versions;
SELECT is(one(v, 60, 'canonical', 'de') #> '{context,contextActivities,parent,0,definition,name}', '{"de": "E"}', 'canonical: context activities too') FROM versions;
SELECT is(one(v, 60, 'canonical', 'de') #> '{object,definition,extensions}', '{"http://e": {"en": "x", "de": "y"}}', 'canonical: extensions are no language maps') FROM versions;
SELECT is(one(v, 60, 'canonical', 'de') -> 'actor', one(v, 60, 'exact') -> 'actor', 'canonical: agents as in exact') FROM versions;
SELECT is(one(v, 61, 'canonical', 'de') #> '{object,object,definition,name}', '{"de": "Ding"}', 'canonical: definitions come from the merged store, in a SubStatement too') FROM versions;
SELECT is(js(v, 'GET', 'statements?limit=1&format=ids') #> '{statements,0,object,object}', '{"id": "http://a/fmt"}', 'formats hold for queries') FROM versions;
SELECT is(js(v, 'GET', 'statements?verb=http://v/fmt&format=canonical', NULL, '{"accept-language": "fr"}') #> '{statements,0,object,definition,name}', '{"fr": "Chose"}', 'languages too') FROM versions;
SELECT matches(js(v, 'GET', 'statements?limit=1&format=ids') ->> 'more', '\?limit=1&format=ids&cursor=', 'and more keeps the format') FROM versions;

-- StatementRefs and voiding
DO $$ BEGIN
    PERFORM put(70, '{"actor": {"mbox": "mailto:ref@example.com"}, "verb": {"id": "http://v/ref"}, "object": {"id": "http://a/ref"}, "context": {"registration": "ec531277-b57b-4c15-8d91-0000000000ff"}}');
    PERFORM put(71, jsonb_build_object('object', jsonb_build_object('objectType', 'StatementRef', 'id', id(70))));
    PERFORM put(72, jsonb_build_object('object', jsonb_build_object('objectType', 'StatementRef', 'id', id(71))));
    PERFORM put(73, jsonb_build_object('object', jsonb_build_object('objectType', 'StatementRef', 'id', id(72))));
    PERFORM put(74, jsonb_build_object('context', jsonb_build_object('statement', jsonb_build_object('objectType', 'StatementRef', 'id', id(70)))));
    PERFORM put(76, jsonb_build_object('object', jsonb_build_object('objectType', 'StatementRef', 'id', id(75))));   -- before its target
    PERFORM put(75, '{"verb": {"id": "http://v/late"}}');
END $$;
SELECT is(found(v, q), wanted, 'StatementRef: ' || what) FROM versions, (VALUES
    ('verb=http://v/ref', '{73,72,71,70}'::integer[], 'verb, to any depth; context.statement does not count'), ('agent=' || agent('ref@example.com'), '{73,72,71,70}', 'agent'),
    ('activity=http://a/ref', '{73,72,71,70}', 'activity'), ('registration=ec531277-b57b-4c15-8d91-0000000000ff', '{73,72,71,70}', 'registration'),
    ('activity=http://a/ref&related_activities=true', '{73,72,71,70}', 'related_activities'), ('agent=' || agent('ref@example.com') || '&related_agents=true', '{73,72,71,70}', 'related_agents'),
    ('verb=http://v/late', '{75,76}', 'a target that came later'), ('verb=http://v/ref&limit=2', '{73,72}', 'limit is that of the referring ones'),
    ('verb=http://v/ref&activity=http://a/ref', '{73,72,71,70}', 'two filters hold for one target')) t (q, wanted, what);
SELECT is(found(v, 'verb=http://v/ref&since=' || (js(v, 'GET', 'statements?statementId=' || id(71)) ->> 'stored')), '{73,72}', 'StatementRef: since is of the referring statement') FROM versions;
SELECT is(pages(v, 'limit=3&verb=http://v/ref'), '73,72,71|70|', 'paging through references') FROM versions;
SELECT ok(put(80, jsonb_build_object('verb', jsonb_build_object('id', 'http://adlnet.gov/expapi/verbs/voided'), 'object', jsonb_build_object('objectType', 'StatementRef', 'id', id(70)))) IS NOT NULL, 'the target is voided');
SELECT is(st(v, 'GET', 'statements?statementId=' || id(70)), 404, 'statementId of a voided one: 404') FROM versions;
SELECT is(js(v, 'GET', 'statements?voidedStatementId=' || id(70)) #>> '{verb,id}', 'http://v/ref', 'voidedStatementId gives it') FROM versions;
SELECT is(found(v, 'verb=http://v/ref'), '{80,73,72,71}', 'XAPI-00162: voided: not itself, but what targets it, and the voiding one, newest first') FROM versions;
SELECT ok(NOT found(v, 'limit=0') @> '{70}', 'a query never has a voided one') FROM versions;
SELECT is(js(v, 'GET', 'statements?statementId=' || id(80)) ->> 'id', id(80), 'the voiding statement is there') FROM versions;
SELECT ok(put(81, jsonb_build_object('verb', jsonb_build_object('id', 'http://adlnet.gov/expapi/verbs/voided'), 'object', jsonb_build_object('objectType', 'StatementRef', 'id', id(80)))) IS NOT NULL, 'voiding a voiding statement is stored');
SELECT is(st(v, 'GET', 'statements?statementId=' || id(80)), 200, 'without effect') FROM versions;
SELECT is(st(v, 'GET', 'statements?voidedStatementId=' || id(80)), 404, 'it is not voided') FROM versions;
SELECT ok(put(82, jsonb_build_object('verb', jsonb_build_object('id', 'http://adlnet.gov/expapi/verbs/voided'), 'object', jsonb_build_object('objectType', 'StatementRef', 'id', id(70)))) IS NOT NULL, 'voiding twice is accepted');
SELECT ok(put(83, jsonb_build_object('verb', jsonb_build_object('id', 'http://adlnet.gov/expapi/verbs/voided'), 'object', jsonb_build_object('objectType', 'StatementRef', 'id', id(84)))) IS NOT NULL, 'voiding something unknown is accepted');
SELECT ok(put(84) IS NOT NULL, 'the target comes later');
SELECT is(st(v, 'GET', 'statements?statementId=' || id(84)), 404, 'and is voided at once') FROM versions;
SELECT is(st(v, 'GET', 'statements?voidedStatementId=' || id(84)), 200, 'voidedStatementId gives it') FROM versions;
SELECT is(st(v, 'POST', 'statements', statement(NULL, '{"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}')), 400, 'voiding needs a StatementRef') FROM versions;
SELECT is((x('2.0.0', 'GET', 'statements?voidedStatementId=' || id(84) || '&format=ids')).body::jsonb -> 'verb', '{"id": "http://adlnet.gov/expapi/verbs/completed"}', 'voidedStatementId in a format');

-- what a StatementResult is
SELECT is((x(v, 'GET', 'statements?limit=1')).headers ->> 'Content-Type', 'application/json', 'a StatementResult is application/json') FROM versions;
SELECT ok(NOT (x(v, 'GET', 'statements?limit=1')).headers ? 'Last-Modified', 'and has no Last-Modified') FROM versions;
SELECT is(st(v, 'POST', 'statements', '{"objectType": "x"}'), 400, 'nothing was broken on the way') FROM versions;
SELECT ok((x(v, 'GET', 'statements?limit=1')).headers ->> 'X-Experience-API-Consistent-Through' <= to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'consistent through the past, not the future') FROM versions;
SELECT * FROM finish();
ROLLBACK;
