-- The same with the smaller operator class, which serves @> and JSON paths but not ? and its kin.
DROP TABLE IF EXISTS plain.statements;
CREATE TABLE plain.statements (
    doc jsonb NOT NULL,
    id  uuid GENERATED ALWAYS AS ((doc ->> 'id')::uuid) STORED PRIMARY KEY
);
CREATE INDEX ON plain.statements USING gin (doc jsonb_path_ops);
