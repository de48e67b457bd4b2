-- "plain": what a competent user of PostgreSQL makes of statements. jsonb as it comes, the id pulled out for a
-- primary key, the time of arrival beside it, GIN for what lies deep, and an index for each usual question.
DROP SCHEMA IF EXISTS plain CASCADE;
CREATE SCHEMA plain;
CREATE TABLE plain.statements (
    id     uuid GENERATED ALWAYS AS ((doc ->> 'id')::uuid) STORED PRIMARY KEY,
    stored timestamptz NOT NULL DEFAULT clock_timestamp(),
    doc    jsonb NOT NULL
);
CREATE INDEX ON plain.statements USING gin (doc jsonb_path_ops);
CREATE INDEX ON plain.statements ((coalesce(doc #>> '{actor,account,name}', doc #>> '{actor,mbox}')));
CREATE INDEX ON plain.statements ((doc #>> '{verb,id}'), stored);
CREATE INDEX ON plain.statements ((doc #>> '{object,id}'));
CREATE INDEX ON plain.statements ((doc #>> '{context,registration}'));
CREATE INDEX ON plain.statements (stored);
-- as text: a cast to timestamptz depends on settings, so PostgreSQL does not index it
CREATE INDEX ON plain.statements ((doc ->> 'timestamp'));
CHECKPOINT;
