-- Where the program `ecosys` stands: files that it loads, record stores that it forwards to.

CREATE TABLE @ecosystem@.loads (
    source       text PRIMARY KEY,
    fingerprint  text NOT NULL,
    position     bigint NOT NULL CHECK (position >= 0),
    line         bigint NOT NULL,
    within_array boolean NOT NULL,
    stored       bigint NOT NULL,
    known        bigint NOT NULL,
    rejected     bigint NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    updated_at   timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at  timestamptz
);
COMMENT ON TABLE @ecosystem@.loads IS 'How far `ecosys load` has got in each file. A position is written in the same transaction as the statements before it.';
COMMENT ON COLUMN @ecosystem@.loads.source IS 'Host and path of the file.';
COMMENT ON COLUMN @ecosystem@.loads.fingerprint IS 'SHA-256 of the first and the last 4 kB before the position: whether it is still the same file.';
COMMENT ON COLUMN @ecosystem@.loads.position IS 'Bytes of the file, uncompressed, that are done with.';
COMMENT ON COLUMN @ecosystem@.loads.line IS 'Line on which the position is, counted from 1: where the next load goes on.';
COMMENT ON COLUMN @ecosystem@.loads.within_array IS 'Whether the position is within a JSON array of statements.';
COMMENT ON COLUMN @ecosystem@.loads.stored IS 'Statements newly stored.';
COMMENT ON COLUMN @ecosystem@.loads.known IS 'Statements that had been stored before.';
COMMENT ON COLUMN @ecosystem@.loads.rejected IS 'Lines that became rejects.';
COMMENT ON COLUMN @ecosystem@.loads.started_at IS 'When its first batch began.';
COMMENT ON COLUMN @ecosystem@.loads.updated_at IS 'When its last batch was stored.';
COMMENT ON COLUMN @ecosystem@.loads.finished_at IS 'When its end was reached; NULL: not yet.';

CREATE TABLE @ecosystem@.outboxes (
    name       text PRIMARY KEY,
    target     text NOT NULL,
    position   text,
    forwarded  bigint NOT NULL DEFAULT 0,
    skipped    bigint NOT NULL DEFAULT 0,
    failures   bigint NOT NULL DEFAULT 0,
    last_error text,
    updated_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
COMMENT ON TABLE @ecosystem@.outboxes IS 'How far `ecosys forward` has got with each record store it sends statements to.';
COMMENT ON COLUMN @ecosystem@.outboxes.name IS 'Name of the outbox.';
COMMENT ON COLUMN @ecosystem@.outboxes.target IS 'URL of the record store.';
COMMENT ON COLUMN @ecosystem@.outboxes.position IS 'Position in the change feed up to which the target has answered; NULL: nothing yet.';
COMMENT ON COLUMN @ecosystem@.outboxes.forwarded IS 'Statements that the target has taken.';
COMMENT ON COLUMN @ecosystem@.outboxes.skipped IS 'Statements that the target refused and that were passed over.';
COMMENT ON COLUMN @ecosystem@.outboxes.failures IS 'Requests that failed and were tried again.';
COMMENT ON COLUMN @ecosystem@.outboxes.last_error IS 'What the last failed request, or skipped statement, was about.';
COMMENT ON COLUMN @ecosystem@.outboxes.updated_at IS 'When this row last changed.';

