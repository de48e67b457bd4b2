-- ecosys.actor: input, output and what its errors say.
SET client_min_messages = warning;
SET search_path = public, ecosys;

SELECT 'mailto:Ann@Example.COM'::ecosys.actor;
SELECT '{"objectType":"Group","name":"Class 1","account":{"name":"c1","homePage":"https://lms.example.com"}}'::ecosys.actor;
SELECT ifi(a), a FROM (VALUES ('mailto:b@example.com'::ecosys.actor), ('{"openid":"https://id.example.com/b"}'),
    ('{"mbox_sha1sum":"ebd31e95054c018b10727ccffd2ef2ec3a016ee9"}'), ('{"account":{"homePage":"https://lms.example.com","name":"b"}}')) v (a) ORDER BY a;

-- keys are the same everywhere and always
SELECT actor_key('mailto:ann@example.com'::ecosys.actor), actor_key_of_email('ann@example.com'), actor_key_of_account('https://lms.example.com', 'c1');

-- errors
SELECT ''::ecosys.actor;
SELECT 'ann@example.com'::ecosys.actor;
SELECT '{"name":"Ann"}'::ecosys.actor;
SELECT '{"mbox":"ann@example.com"}'::ecosys.actor;
SELECT '{"mbox":"mailto:ann@example.com","openid":"https://id.example.com/ann"}'::ecosys.actor;
SELECT '{"account":{"name":"ann"}}'::ecosys.actor;
SELECT '{"objectType":"Group","member":[]}'::ecosys.actor;
SELECT '{"mbox":"mailto:ann@example.com"'::ecosys.actor;

-- indexes and joins
CREATE TABLE people (who ecosys.actor PRIMARY KEY);
INSERT INTO people VALUES ('mailto:ann@example.com'), ('mailto:ben@example.com');
INSERT INTO people VALUES ('{"objectType":"Agent","name":"Ann","mbox":"mailto:ann@EXAMPLE.com"}');
CREATE INDEX people_hash ON people USING hash (who);
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM people WHERE who = 'mailto:ben@example.com' ORDER BY who;
SELECT * FROM people WHERE who = 'mailto:ben@example.com';
SELECT count(*) FROM people a JOIN people b USING (who);
DROP TABLE people;
