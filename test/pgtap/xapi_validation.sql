-- xapi(): every case of test/data/statement_cases.jsonl as a request: what is valid is stored and comes back, what is not is 400 and leaves nothing.
\set ECHO none
\set QUIET 1
BEGIN;
SELECT no_plan();
\ir xapi_client.psql
CREATE TABLE lines (number integer GENERATED ALWAYS AS IDENTITY, line json);
\copy lines (line) FROM 'test/data/statement_cases.jsonl' WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')
CREATE TABLE cases AS
SELECT number, line ->> 'name' AS name, line ->> 'rule' AS rule, line ->> 'pointer' AS pointer, line ->> 'text' AS statement, line ->> 'expect' = 'accepted' AS valid,
       -- this file takes attachments for what they say, xapi() wants their contents too
       line ->> 'text' LIKE '%"attachments"%' AND line ->> 'text' NOT LIKE '%fileUrl%' AS lacks_content
  FROM lines
 -- no statement, but a batch
 WHERE line ->> 'name' NOT IN ('JSON: an array instead of an object', 'JSON: an array of statements instead of an object');
SELECT cmp_ok((SELECT count(*) FROM cases), '>', 900::bigint, 'there are cases');

CREATE TABLE outcomes AS
SELECT c.*, v.version, r.*
  FROM cases c, unnest('{1.0.3,2.0.0}'::text[]) v (version), LATERAL x(v.version, 'POST', 'statements', convert_to(c.statement, 'UTF8')) r;
SELECT is_empty($$ SELECT number, version, name, status, body FROM outcomes WHERE NOT valid AND status <> 400 $$, 'what is not valid is 400, in both versions');
SELECT is_empty($$ SELECT number, version, name, status, body FROM outcomes WHERE valid AND NOT lacks_content AND status NOT IN (200, 409) AND NOT (version = '1.0.3' AND body LIKE '%xAPI 2.0%') $$, 'what is valid is stored');
SELECT is((SELECT count(*) FROM outcomes WHERE valid AND version = '2.0.0' AND status = 400 AND body LIKE '%xAPI 2.0%'), 0::bigint, 'nothing is too new for 2.0');
SELECT cmp_ok((SELECT count(*) FROM outcomes WHERE valid AND version = '1.0.3' AND body LIKE '%xAPI 2.0%'), '>', 0::bigint, 'but some for 1.0.3');
SELECT is_empty($$ SELECT number, version, name, body FROM outcomes WHERE NOT valid AND NOT lacks_content AND rule <> 'json.syntax' AND body NOT LIKE '%rule":"batch.type%' AND body NOT LIKE '%has neither a fileUrl%' AND body::jsonb ->> 'rule' IS DISTINCT FROM rule AND body NOT LIKE '%xAPI 2.0%' $$, 'a refusal tells the rule');
SELECT is_empty($$ SELECT number, version, name, pointer, body FROM outcomes WHERE NOT valid AND NOT lacks_content AND rule <> 'json.syntax' AND body NOT LIKE '%rule":"batch.type%' AND body NOT LIKE '%has neither a fileUrl%' AND coalesce(body::jsonb ->> 'pointer', '') <> pointer AND body NOT LIKE '%xAPI 2.0%' AND pointer !~ '[ ,]' $$, 'and the place');
SELECT is((SELECT count(*) FROM learning.statements), (SELECT count(DISTINCT i) FROM outcomes, LATERAL jsonb_array_elements_text(body::jsonb) i WHERE status = 200), 'nothing else was stored');

-- what was stored comes back: the same keys and values, but for what the record store sets
CREATE TABLE returned AS
SELECT o.number, o.name, o.version, o.statement::jsonb AS sent, js(o.version, 'GET', 'statements?statementId=' || (o.body::jsonb ->> 0)) AS got
  FROM outcomes o
 WHERE o.status = 200 AND NOT EXISTS (SELECT FROM learning.voidings v WHERE v.voided = (o.body::jsonb ->> 0)::uuid) AND o.statement !~ '\\u0000|\\u[dD][89a-fA-F]|[0-9][eE]\+?[0-9]{3}';
SELECT cmp_ok((SELECT count(*) FROM returned), '>', 500::bigint, 'many were stored');
SELECT is_empty($$ SELECT number, version, name, got, sent FROM returned
                    WHERE (got - '{id,stored,timestamp,authority,version}'::text[]) #- '{context,contextActivities}' #- '{object,context,contextActivities}'
                       <> (sent - '{id,stored,timestamp,authority,version}'::text[]) #- '{context,contextActivities}' #- '{object,context,contextActivities}' $$, 'exact: the same keys and values');
SELECT is_empty($$ SELECT number, version, name FROM returned, unnest('{id,stored,timestamp,authority,version}'::text[]) key WHERE NOT got ? key $$, 'id, stored, timestamp, authority, version are always there');
SELECT is_empty($$ SELECT number, version, name FROM returned WHERE EXISTS (SELECT FROM jsonb_each(coalesce(got #> '{context,contextActivities}', '{}')) a WHERE jsonb_typeof(a.value) <> 'array') $$, 'context activities are arrays');
SELECT is_empty($$ SELECT number, version, name, got ->> 'timestamp', sent ->> 'timestamp' FROM returned
                    WHERE sent ? 'timestamp' AND sent ->> 'timestamp' !~ '[+-](1[6-9]|2\d):?\d\d$' AND (got ->> 'timestamp')::timestamptz <> (sent ->> 'timestamp')::timestamptz $$, 'timestamps are the same instants');
SELECT is_empty($$ SELECT number, version, name FROM returned, unnest('{stored,timestamp}'::text[]) key WHERE got ->> key !~ '\.\d{3,}(Z|[+-]\d\d:?\d\d)$' $$, 'with a fraction');
-- and a refusal says nothing of PostgreSQL
SELECT is_empty($$ SELECT number, version, name, body FROM outcomes WHERE status >= 400 AND body ~* 'postgres|sql|relation|column|function|ecosys|plpgsql|syntax for type|learning\.' $$, 'answers hold no database words');
SELECT * FROM finish();
ROLLBACK;
