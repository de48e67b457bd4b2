-- The floor: lines of text, no key, no index, nothing checked.
DROP TABLE IF EXISTS company.raw;
CREATE TABLE company.raw (line text NOT NULL);
CHECKPOINT;
