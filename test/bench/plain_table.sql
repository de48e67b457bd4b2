-- The table to compare with: jsonb, a primary key by id, a GIN index as CREATE INDEX … USING gin (doc) makes it.
DROP TABLE IF EXISTS plain.statements;
CREATE TABLE plain.statements (
    doc jsonb NOT NULL,
    id  uuid GENERATED ALWAYS AS ((doc ->> 'id')::uuid) STORED PRIMARY KEY
);
CREATE INDEX ON plain.statements USING gin (doc);
