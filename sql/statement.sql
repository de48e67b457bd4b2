-- ecosys.statement: input, output and what its errors say.
SET client_min_messages = warning;
SET search_path = public, ecosys;

-- What comes in goes out, byte for byte.
SELECT '{ "verb":{"id":"http://example.com/v"},  "actor":{"mbox":"mailto:ann@example.com"},
 "object":{"id":"http://example.com/o"}, "timestamp":"2026-11-24T16:04:05.100+01:00" }'::ecosys.statement;

-- Errors name the place and the rule, never the value.
\set good '"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/o"}'
SELECT ''::ecosys.statement;
SELECT 'null'::ecosys.statement;
SELECT '{"actor":{"mbox":"mailto:ann@example.com"}'::ecosys.statement;
SELECT ('{' || :'good' || ',"result":{"score":{"scaled":1.01}}}')::ecosys.statement;
SELECT ('{' || :'good' || ',"timestamp":"yesterday"}')::ecosys.statement;
SELECT ('{' || :'good' || ',"result":{"duration":"P4W1D"}}')::ecosys.statement;
SELECT ('{' || :'good' || ',"context":{"registration":"{1f96b0af-de20-48ab-b32c-861c31684896}"}}')::ecosys.statement;
SELECT ('{' || :'good' || ',"actor":{}}')::ecosys.statement;
SELECT ('{' || :'good' || ',"context":{"extensions":{"http://example.com/e":' || repeat('[', 20000) || repeat(']', 20000) || '}}}')::ecosys.statement;
SELECT ('{' || :'good' || ',"result":{"response":"\u0000"}}')::ecosys.statement::jsonb;
SELECT response(('{' || :'good' || ',"result":{"response":"\u0000"}}')::ecosys.statement);

-- All faults of one text
SELECT * FROM ecosys.check_statement('{"id":"1","actor":{"objectType":"Group"},"verb":{"id":"passed"},"object":{"objectType":"Person"},"result":{"score":{"min":5,"max":1}},"Context":{}}');

-- A batch: ids are made, the authority is the sender's
SELECT ordinality, id(statement) IS NOT NULL AS has_id, ifi(authority(statement)), score(statement)
  FROM ecosys.statement_batch(('[{' || :'good' || '},{' || :'good' || ',"result":{"score":{"scaled":0.5}},"authority":{"mbox":"mailto:evil@example.com"}}]')::json,
                              '{"account":{"homePage":"https://lms.example.com","name":"lms"}}');
SELECT * FROM ecosys.statement_batch(('[{' || :'good' || '},{"actor":{"name":"Ann"},"verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/o"}}]')::json);
SELECT * FROM ecosys.statement_batch(('[{"id":"1f96b0af-de20-48ab-b32c-861c31684896",' || :'good' || '},{"id":"1f96b0af-de20-48ab-b32c-861c31684896",' || :'good' || '}]')::json);

-- In a table
CREATE TABLE kept (s ecosys.statement);
INSERT INTO kept SELECT ('{' || :'good' || ',"result":{"score":{"scaled":' || i / 10.0 || '}}}')::ecosys.statement FROM generate_series(1, 5) i;
\copy kept from stdin
{"actor":{"mbox":"mailto:ann@example.com"},"verb":{"id":"http://example.com/v"},"object":{"id":"http://example.com/o"},"result":{"response":"a \\"b\\" \\u00e9"}}
\.
SELECT score(s), response(s), verb(s), object(s), actor(s) FROM kept;
SELECT count(*), count(DISTINCT s) FROM kept;
DROP TABLE kept;
