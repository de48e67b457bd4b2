-- Queries rule by rule: filters, StatementRefs, voids, times, paging, formats, rights.
SET client_min_messages = warning;
SELECT plan(73);
SELECT ecosys.create_ecosystem('learning');
SET timezone = 'UTC';

CREATE FUNCTION u(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid $$;
-- stores a statement of Ana's about /course, with these changes
CREATE FUNCTION st(n integer, changes jsonb DEFAULT '{}', authority json DEFAULT NULL) RETURNS SETOF uuid LANGUAGE sql AS $$
    SELECT learning.record((jsonb_build_object('id', u(n), 'actor', '{"mbox": "mailto:ana@example.com"}'::jsonb,
        'verb', '{"id": "http://example.com/did"}'::jsonb, 'object', '{"id": "http://example.com/course"}'::jsonb) || changes)::json, authority) $$;
CREATE FUNCTION ref(n integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$ SELECT jsonb_build_object('object', jsonb_build_object('objectType', 'StatementRef', 'id', u(n))) $$;
CREATE FUNCTION void(n integer, voided integer, mbox text DEFAULT 'mailto:admin@example.com') RETURNS SETOF uuid LANGUAGE sql AS $$
    SELECT st(n, ref(voided) || '{"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}' || jsonb_build_object('actor', jsonb_build_object('mbox', mbox))) $$;
-- the numbers of what is found, in order
CREATE FUNCTION found(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text;
BEGIN
    EXECUTE format('SELECT string_agg(right(id::text, 3)::integer::text, '' '' ORDER BY o) FROM learning.query_statements(%s) WITH ORDINALITY q (id, stored, statement, cursor, o)', call) INTO answer;
    RETURN coalesce(answer, '');
END $$;

-- agent: actor, object, members of these
SELECT st(1);
SELECT st(2, '{"actor": {"mbox": "mailto:bo@example.com"}, "object": {"objectType": "Agent", "mbox": "mailto:ana@example.com", "name": "Ana"}}');
SELECT st(3, '{"actor": {"objectType": "Group", "mbox": "mailto:team@example.com", "member": [{"mbox": "mailto:cy@example.com"}, {"mbox": "mailto:ana@example.com"}]}}');
SELECT st(4, '{"actor": {"objectType": "Group", "member": [{"mbox": "mailto:cy@example.com"}, {"mbox": "mailto:ana@example.com"}]}}');
SELECT st(5, '{"actor": {"mbox": "mailto:bo@example.com"}, "object": {"objectType": "Group", "member": [{"mbox": "mailto:ana@example.com"}]}}');
SELECT st(6, '{"actor": {"mbox": "mailto:bo@example.com"}, "context": {"instructor": {"mbox": "mailto:ana@example.com"}}}');
SELECT st(7, '{"actor": {"mbox": "mailto:bo@example.com"}, "context": {"team": {"objectType": "Group", "member": [{"mbox": "mailto:ana@example.com"}]}}}');
SELECT st(8, '{"actor": {"mbox": "mailto:bo@example.com"}, "object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:ana@example.com"}, "verb": {"id": "http://example.com/did"}, "object": {"id": "http://example.com/other"}}}');
SELECT st(9, '{"actor": {"mbox": "mailto:bo@example.com"}, "object": {"objectType": "SubStatement", "actor": {"mbox": "mailto:bo@example.com"}, "verb": {"id": "http://example.com/will"}, "object": {"id": "http://example.com/other"},
                 "context": {"team": {"objectType": "Group", "mbox": "mailto:team@example.com", "member": [{"mbox": "mailto:ana@example.com"}]}, "contextActivities": {"grouping": {"id": "http://example.com/program"}}}}}');
SELECT st(10, '{"actor": {"mbox": "mailto:bo@example.com"}}', '{"mbox": "mailto:ana@example.com"}');
SELECT st(11, '{"actor": {"mbox": "mailto:bo@example.com"}, "version": "2.0.0", "context": {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:ana@example.com"}, "relevantTypes": ["http://example.com/t"]}]}}');
SELECT st(12, '{"actor": {"mbox": "mailto:bo@example.com"}, "version": "2.0.0", "context": {"contextGroups": [{"objectType": "contextGroup", "group": {"objectType": "Group", "member": [{"mbox": "mailto:ana@example.com"}]}, "relevantTypes": ["http://example.com/t"]}]}}');
SELECT is(found($$'mailto:ana@example.com'$$), '5 4 3 2 1', 'agent: actor, object, and members of these, newest first');
SELECT is(found($$'{"mbox": "mailto:ana@EXAMPLE.com", "name": "somebody"}'$$), '5 4 3 2 1', 'by the identifier alone');
SELECT is(found($$'mailto:ana@example.com', related_agents => true$$), '12 11 10 9 8 7 6 5 4 3 2 1', 'related: authority, instructor, team, contextAgents, contextGroups, and all of these in a SubStatement');
SELECT is(found($$'mailto:team@example.com'$$), '3', 'an identified group is an agent');
SELECT is(found($$'mailto:team@example.com', related_agents => true$$), '9 3', 'also related');
SELECT is(found($$'mailto:nobody@example.com'$$), '', 'nobody did nothing');

-- verb, activity
SELECT st(20, '{"verb": {"id": "http://example.com/will"}, "object": {"id": "http://example.com/program"}}');
SELECT st(21, '{"object": {"id": "http://example.com/x"}, "context": {"contextActivities": {"parent": {"id": "http://example.com/program"}}}}');
SELECT st(22, '{"object": {"id": "http://example.com/x"}, "context": {"contextActivities": {"category": [{"id": "http://example.com/program"}]}}}');
SELECT st(23, '{"object": {"id": "http://example.com/x"}, "context": {"contextActivities": {"other": [{"id": "http://example.com/y"}, {"id": "http://example.com/program"}]}}}');
SELECT is(found($$verb => 'http://example.com/will'$$), '20', 'verb: not that of a SubStatement');
SELECT is(found($$activity => 'http://example.com/program'$$), '20', 'activity: the object');
SELECT is(found($$activity => 'http://example.com/program', related_activities => true$$), '23 22 21 20 9', 'related: the context of all kinds, the SubStatement''s too');
SELECT is(found($$activity => 'http://example.com/other'$$), '', 'the object of a SubStatement is not the object');
SELECT is(found($$activity => 'http://example.com/other', related_activities => true$$), '9 8', 'but related');
SELECT is(found($$agent => 'mailto:ana@example.com', activity => 'http://example.com/x', related_activities => true, verb => 'http://example.com/did'$$), '23 22 21', 'all filters hold at once');
SELECT is(found($$activity => 'http://example.com/PROGRAM'$$), '', 'IRIs are compared byte for byte');

-- registration
SELECT st(30, '{"context": {"registration": "EC531277-B57B-4C15-8D91-D292C5B2B8F7"}}');
SELECT is(found($$registration => 'ec531277-b57b-4c15-8d91-d292c5b2b8f7'$$), '30', 'registration, in any case of letters');

-- since is exclusive, until inclusive
CREATE FUNCTION at(n integer) RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT stored FROM learning.statements WHERE id = u(n) $$;
SELECT is(found($$since => at(21)$$), '30 23 22', 'since is exclusive');
SELECT is(found($$since => at(21) - interval '1 microsecond', until => at(22)$$), '22 21', 'until is inclusive');
SELECT is(found($$until => at(22) - interval '1 microsecond', since => at(12)$$), '21 20', 'to the microsecond');
SELECT is(found($$since => 'infinity'$$), '', 'since forever: nothing');
SELECT is(found($$until => '-infinity'$$), '', 'until never: nothing');
SELECT is(found($$since => '-infinity', until => 'infinity', max_rows => 2$$), '30 23', 'since ever, until ever: all');
SELECT is(found($$since => at(21), ascending => true$$), '22 23 30', 'ascending');

-- how many
SELECT is(found($$max_rows => 2$$), '30 23', 'max_rows');
SET ecosys.query_rows = 3;
SELECT is(found($$max_rows => 0$$), '30 23 22', '0: as many as the setting says');
SELECT is(found($$max_rows => NULL$$), '30 23 22', 'so does NULL');
RESET ecosys.query_rows;
SELECT throws_ok($$SELECT * FROM learning.query_statements(max_rows => -1)$$, '22023', NULL, 'not less than 0');
SELECT throws_ok($$SELECT * FROM learning.query_statements(max_rows => 1000001)$$, '22023', NULL, 'nor more than a million');
SELECT throws_ok($$SELECT * FROM learning.query_statements(cursor => 'x')$$, '22023', 'invalid cursor', 'a cursor is not any text');
SELECT throws_ok($$SELECT * FROM learning.query_statements(verb => 'passed')$$, '22023', 'the verb is not an IRI', 'a verb is named whole');
SELECT throws_ok($$SELECT * FROM learning.query_statements(activity => '')$$, '22023', 'the activity is not an IRI', 'and an activity');
SELECT throws_ok($$SELECT * FROM learning.query_statements(format => 'Exact')$$, '22023', NULL, 'nor a format');

-- references
SELECT st(40, ref(20) || '{"actor": {"mbox": "mailto:rob@example.com"}, "verb": {"id": "http://example.com/saw"}}');
SELECT st(41, ref(40) || '{"actor": {"mbox": "mailto:sue@example.com"}, "verb": {"id": "http://example.com/saw"}}');
SELECT st(42, ref(43) || '{"actor": {"mbox": "mailto:rob@example.com"}}');
SELECT st(43, ref(42) || '{"actor": {"mbox": "mailto:rob@example.com"}}');
SELECT st(44, '{"context": {"statement": {"objectType": "StatementRef", "id": "00000000-0000-4000-8000-000000000020"}}}');
SELECT is(found($$verb => 'http://example.com/will'$$), '41 40 20', 'what refers to a match is one, and what refers to that');
SELECT is(found($$activity => 'http://example.com/program', verb => 'http://example.com/will', agent => 'mailto:ana@example.com'$$), '41 40 20', 'the target matches the whole filter');
SELECT is(found($$verb => 'http://example.com/will', agent => 'mailto:sue@example.com'$$), '', 'not one part here and another there');
SELECT is(found($$verb => 'http://example.com/will', since => at(20)$$), '41 40', 'since is for what refers');
SELECT is(found($$verb => 'http://example.com/will', until => at(40)$$), '40 20', 'until too');
SELECT is(found($$verb => 'http://example.com/will', max_rows => 2$$), '41 40', 'and so is the number');
SELECT is(found($$agent => 'mailto:rob@example.com'$$), '43 42 41 40', 'circles end');
SELECT is(found($$agent => 'mailto:late@example.com'$$), '', 'before the target comes');
SELECT st(45, ref(46) || '{"actor": {"mbox": "mailto:rob@example.com"}}');
SELECT st(46, '{"actor": {"mbox": "mailto:late@example.com"}}');
SELECT is(found($$agent => 'mailto:late@example.com'$$), '46 45', 'and after');

-- voided
SELECT void(50, 20);
SELECT is(found($$verb => 'http://example.com/will'$$), '50 41 40', 'a void statement is not returned; what refers to it matches through it, and so does what voids it');
SELECT void(51, 50);
SELECT is(found($$verb => 'http://adlnet.gov/expapi/verbs/voided'$$), '51 50', 'a voiding statement is never void');
SELECT void(52, 53);
SELECT st(53, '{"actor": {"mbox": "mailto:dead@example.com"}}');
SELECT is(found($$agent => 'mailto:dead@example.com'$$), '52', 'void before it came');
SELECT void(54, 41);
SELECT is(found($$verb => 'http://example.com/will'$$), '54 51 50 40', 'through void references too');

-- authority: what a client may see that may only see its own
SELECT st(60, '{}', '{"account": {"homePage": "http://example.com", "name": "lms"}}');
SELECT st(61, ref(60), '{"account": {"homePage": "http://example.com", "name": "other"}}');
SELECT is(found($$authority => '{"account": {"homePage": "http://example.com", "name": "lms"}}'$$), '60', 'authority');
SELECT is(found($$authority => '{"account": {"homePage": "http://example.com", "name": "other"}}', agent => 'mailto:ana@example.com'$$), '61', 'of what is returned');

-- pages stay whole while others write
CREATE TABLE walk (n serial, id uuid);
CREATE FUNCTION walk_page(up boolean, at text) RETURNS text LANGUAGE sql AS $$
    WITH page AS (SELECT * FROM learning.query_statements(verb => 'http://example.com/did', max_rows => 4, ascending => up, cursor => at) WITH ORDINALITY q (id, stored, statement, cursor, o)),
         noted AS (INSERT INTO walk (id) SELECT id FROM page ORDER BY o)
    SELECT cursor FROM page ORDER BY o DESC LIMIT 1 $$;
CREATE PROCEDURE walk(up boolean, first integer) LANGUAGE plpgsql AS $$
DECLARE at text; i integer := first;
BEGIN
    LOOP
        at := walk_page(up, at);
        EXIT WHEN at IS NULL OR i > first + 40;
        -- newer ones come, old ones get void
        PERFORM st(i);
        COMMIT;
        i := i + 1;
    END LOOP;
END $$;
CREATE TABLE there AS SELECT id FROM learning.query_statements(verb => 'http://example.com/did', max_rows => 1000);
CALL walk(false, 200);
SELECT results_eq('SELECT id FROM walk ORDER BY n', 'SELECT id FROM there', 'newest first: each that was there, once, in order, and none that came later');
TRUNCATE walk;
DELETE FROM there;
INSERT INTO there SELECT id FROM learning.query_statements(verb => 'http://example.com/did', max_rows => 1000, ascending => true);
CALL walk(true, 300);
SELECT results_eq('SELECT id FROM walk ORDER BY n LIMIT (SELECT count(*) FROM there)', 'SELECT id FROM there', 'ascending: each that was there, once, in order, then those that came later');
SELECT is((SELECT count(*) - count(DISTINCT id) FROM walk), 0::bigint, 'none twice');
SELECT is((SELECT cursor FROM learning.query_statements(max_rows => 1)), (SELECT ecosys.cursor_text(stored, id) FROM learning.statements ORDER BY stored DESC, id DESC LIMIT 1), 'a cursor is a place in the order');

-- a statement by its id
SELECT is((learning.statement(u(1)) ->> 'id')::uuid, u(1), 'by id');
SELECT is(learning.statement(u(999))::text, NULL, 'there is none');
SELECT is(learning.statement(u(20))::text, NULL, 'it is void');
SELECT is((learning.statement(u(20), voided => true) ->> 'id')::uuid, u(20), 'void, and asked for as such');
SELECT is(learning.statement(u(1), voided => true)::text, NULL, 'not void');
SELECT is((learning.statement(u(50)) ->> 'id')::uuid, u(50), 'a voiding statement that was to be voided');
SELECT is(learning.statement(NULL)::text, NULL, 'no id');

-- formats; texts are compared in test/unit
SELECT st(70, '{"verb": {"id": "http://example.com/read", "display": {"en": "read"}}, "object": {"id": "http://example.com/book", "definition": {"name": {"en": "Book", "de": "Buch"}}},
                "timestamp": "2020-01-01T10:00:00+02:00", "context": {"contextActivities": {"parent": {"id": "http://example.com/shelf"}}}}');
SELECT st(71, '{"verb": {"id": "http://example.com/read", "display": {"de": "las"}}, "object": {"id": "http://example.com/book"}, "context": {"contextActivities": {"parent": {"id": "http://example.com/shelf", "definition": {"name": {"de": "Regal"}}}}}}');
SELECT is(learning.statement(u(70))::jsonb - 'stored',
    jsonb_build_object('id', u(70), 'actor', '{"mbox": "mailto:ana@example.com"}'::jsonb, 'verb', '{"id": "http://example.com/read", "display": {"en": "read"}}'::jsonb, 'object', '{"id": "http://example.com/book", "definition": {"name": {"en": "Book", "de": "Buch"}}}'::jsonb,
        'timestamp', '2020-01-01T08:00:00.000Z', 'context', '{"contextActivities": {"parent": [{"id": "http://example.com/shelf"}]}}'::jsonb, 'version', '1.0.0'), 'exact');
SELECT is(learning.statement(u(70), format => 'canonical', language => 'de')::jsonb - '{stored,id,actor,timestamp,version}'::text[],
    '{"verb": {"id": "http://example.com/read", "display": {"de": "las"}}, "object": {"id": "http://example.com/book", "definition": {"name": {"de": "Buch"}}}, "context": {"contextActivities": {"parent": [{"id": "http://example.com/shelf", "definition": {"name": {"de": "Regal"}}}]}}}'::jsonb,
    'canonical: what all statements say of an activity or verb, in the language asked for');
SELECT is((SELECT json_agg(statement #>> '{verb,display}' ORDER BY stored) FROM learning.query_statements(verb => 'http://example.com/read', format => 'canonical', language => 'en'))::text,
    '["{\"en\":\"read\"}", "{\"en\":\"read\"}"]', 'for all rows of a page');
SELECT is(learning.statement(u(70), format => 'ids', language => 'de')::jsonb -> 'object', '{"id": "http://example.com/book"}', 'ids');
SELECT is(learning.statement(u(11)) ->> 'version', '2.0.0', 'a 2.0 statement says so');
SELECT is(ecosys.format_canonical((SELECT statement FROM learning.statements WHERE id = u(70)), 'de', ARRAY[ecosys.activity_key('http://example.com/book')], ARRAY['{"name": {"de": "Anderes"}}'::json]) #>> '{object,definition,name,de}',
    'Anderes', 'canonical with descriptions of one''s own');
SELECT throws_ok($$SELECT ecosys.format_canonical(statement, NULL, ARRAY[1::bigint], '{}'::json[]) FROM learning.statements$$, '2202E', NULL, 'as many descriptions as keys');
SELECT is(ecosys.canonical_definition('{"name": {"en": "a", "fr": "b"}}', 'fr')::text, '{"name": {"fr": "b"}}', 'a definition alone');

SELECT is(ecosys.json_line(E'{\n"actor":\r\n{"mbox": "mailto:a@example.com"},"verb":{"id":"http://example.com/did"},\n"object":{"id":"http://example.com/o"},"result":{"response":"\\n\\u000a"}}'),
    '{ "actor":  {"mbox": "mailto:a@example.com"},"verb":{"id":"http://example.com/did"}, "object":{"id":"http://example.com/o"},"result":{"response":"\n\u000a"}}', 'on one line');

-- rights: as a SELECT in its place
CREATE ROLE query_reader;
GRANT USAGE ON SCHEMA learning TO query_reader;
SET ROLE query_reader;
SELECT throws_ok($$SELECT * FROM learning.query_statements()$$, '42501', NULL, 'who may not read may not query');
SELECT throws_ok($$SELECT learning.statement('00000000-0000-4000-8000-000000000001')$$, '42501', NULL, 'nor by id');
RESET ROLE;
GRANT SELECT ON learning.statements TO query_reader;
SET ROLE query_reader;
SELECT throws_ok($$SELECT * FROM learning.query_statements()$$, '42501', NULL, 'what is void must be read too');
RESET ROLE;
SELECT learning.grant_access('query_reader', 'read');
ALTER TABLE learning.statements ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON learning.statements FOR SELECT TO query_reader USING (actor = ecosys.actor_key('mailto:rob@example.com'));
SET ROLE query_reader;
SELECT is(found($$agent => 'mailto:ana@example.com'$$), '', 'row security hides');
SELECT is(found('max_rows => 100'), '45 43 42 40', 'what it does not hide is found');
SELECT is(found($$verb => 'http://example.com/will'$$), '', 'not through a target that is hidden');
SELECT is(learning.statement(u(1))::text, NULL, 'nor by id');
RESET ROLE;
SELECT is(found($$verb => 'http://example.com/will'$$), '54 51 50 40', 'the owner sees all');

SELECT * FROM finish();
DROP OWNED BY query_reader;
DROP ROLE query_reader;
