-- Every case of test/data/statement_cases.jsonl, through the type's input and through
-- check_statement(). The unit tests run the same file through the parser alone.
\set ECHO none
\set QUIET 1
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;

CREATE TEMP TABLE lines (number integer GENERATED ALWAYS AS IDENTITY, line json);
\copy lines (line) FROM 'test/data/statement_cases.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')

CREATE TEMP VIEW cases AS
SELECT number, line ->> 'rule' AS rule, line ->> 'expect' AS expect, line ->> 'pointer' AS pointer,
       line ->> 'name' AS name, line ->> 'text' AS statement,
       CASE WHEN line ->> 'expect' = 'accepted' THEN 'accepted'
            WHEN line ->> 'rule' = 'json.syntax' THEN '22P02'
            ELSE '22023' END
       || CASE WHEN line ->> 'expect' = 'accepted' THEN ''
               ELSE ' at ' || coalesce(nullif(line ->> 'pointer', ''), 'the top') || ', rule ' || (line ->> 'rule') END
       AS outcome
FROM lines;

-- What input says to a text: 'accepted', or SQLSTATE and DETAIL.
CREATE FUNCTION pg_temp.input_outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
    detail text;
BEGIN
    PERFORM statement::ecosys.statement;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
    RETURN state || ' ' || regexp_replace(detail, ', byte \d+', '');
END
$$;

-- Everything that an error shows to anybody.
CREATE FUNCTION pg_temp.error_text(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    detail text;
    hint text;
BEGIN
    PERFORM statement::ecosys.statement;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN message || E'\n' || detail || E'\n' || hint;
END
$$;

SELECT plan((SELECT count(*)::integer FROM cases)
            + (SELECT count(*)::integer FROM cases WHERE rule <> 'json.syntax' OR expect = 'accepted') + 19);

SELECT cmp_ok((SELECT count(*) FROM cases), '>', 900::bigint, 'the cases are there');

SELECT is(pg_temp.input_outcome(statement), outcome, 'input: ' || name) FROM cases ORDER BY number;

SELECT is((SELECT '22023 at ' || coalesce(nullif(c.pointer, ''), 'the top') || ', rule ' || c.rule
           FROM ecosys.check_statement(cases.statement) WITH ORDINALITY AS c (pointer, rule, message, place)
           WHERE c.place = 1),
          nullif(outcome, 'accepted'), 'check_statement: ' || name)
FROM cases WHERE rule <> 'json.syntax' OR expect = 'accepted' ORDER BY number;

SELECT is_empty($$SELECT number, name FROM cases WHERE expect = 'accepted' AND statement::ecosys.statement::text <> btrim(statement, E' \t\r\n')$$,
                'text comes out as it went in');

-- All faults at once
SELECT results_eq(
    $$SELECT pointer, rule FROM ecosys.check_statement(
        '{"id": "x", "foo": 1, "actor": {"name": 1}, "verb": {}, "object": {"id": null}, "result": {"score": {"scaled": 2}}}')$$,
    $$VALUES ('/id', 'format.uuid'), ('/foo', 'property.unknown'), ('/actor', 'agent.ifi'), ('/actor/name', 'value.string'),
             ('/verb', 'property.required'), ('/object/id', 'value.null'), ('/result/score/scaled', 'score.scaled')$$,
    'every fault is told, in the order of the text');
SELECT is((SELECT count(*) FROM ecosys.check_statement(
              ('{' || (SELECT string_agg('"x' || i || '": 1', ',') FROM generate_series(1, 5000) AS i) || '}'))),
          1000::bigint, 'of very many faults a thousand are told');
SELECT is_empty($$SELECT number, name FROM cases
                  WHERE rule = 'json.syntax' AND expect <> 'accepted'
                    AND NOT EXISTS (SELECT FROM ecosys.check_statement(cases.statement) c WHERE c.rule = 'json.syntax')$$,
                'what is no JSON is told too');
SELECT is_empty('SELECT * FROM ecosys.check_statement(NULL)', 'nothing has no faults');

-- Depth
SELECT is(pg_temp.input_outcome(
              '{"actor": {"mbox": "mailto:a@b.io"}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}, "context": {"extensions": {"a:b": '
              || repeat('[', depth) || repeat(']', depth) || '}}}'),
          CASE WHEN depth <= 9997 THEN 'accepted' ELSE '54001' END, depth || ' arrays deep')
FROM (VALUES (1000), (9997)) AS d (depth);
SELECT matches(pg_temp.input_outcome(repeat(piece, depth)), '^54001 at .*, rule json\.depth$', depth || ' times ' || piece)
FROM (VALUES (10001), (1000000)) AS d (depth), (VALUES ('{"context":{"extensions":{"a:b":['), ('{"actor":')) AS p (piece);
SELECT matches(pg_temp.input_outcome(
                   '{"actor": {"mbox": "mailto:a@b.io"}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}, "context": {"extensions": {"a:b": '
                   || repeat('[', 9998) || repeat(']', 9998) || '}}}'),
               '^54001 at /context/extensions/a:b/0/0/.*\.\.\., rule json\.depth$', 'one array too deep; the pointer is cut');
SET max_stack_depth = '100kB';
SELECT is(pg_temp.input_outcome(
              '{"actor": {"mbox": "mailto:a@b.io"}, "verb": {"id": "a:b"}, "object": {"id": "a:b"}, "context": {"extensions": {"a:b": '
              || repeat('[', 9000) || repeat(']', 9000) || '}}}'),
          'accepted', 'depth costs no stack');
RESET max_stack_depth;

-- Errors are short and tell nothing of anybody
SELECT unalike(pg_temp.error_text(statement), '%Musterfrau%', 'no value in the error of ' || left(statement, 40))
FROM (VALUES
    ('{"actor": {"name": ["Musterfrau"], "mbox": "Musterfrau"}}'),
    ('{"actor": {"mbox": "mailto:Musterfrau@"}, "verb": {"id": "Musterfrau"}, "object": {"id": "Musterfrau"}}'),
    ('{"actor": {"name": "Musterfrau'),
    ('{"actor": {"account": {"name": "Musterfrau", "homePage": 1}}, "verb": "Musterfrau"}')) AS s (statement);
SELECT cmp_ok(length(pg_temp.error_text('{"' || repeat('x', 1000000) || '": "' || repeat('y', 1000000) || '"}')), '<', 1024,
              'an error is shorter than 1 kB, whatever the text');

SELECT * FROM finish();
