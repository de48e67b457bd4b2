-- The table to compare with: jsonb, unique by id, a GIN index for containment.
DROP TABLE IF EXISTS plain.statements;
CREATE TABLE plain.statements (doc jsonb NOT NULL);
CREATE UNIQUE INDEX ON plain.statements (((doc ->> 'id')::uuid));
CREATE INDEX ON plain.statements USING gin (doc jsonb_path_ops);
