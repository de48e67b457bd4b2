-- measure.sql - runs the SQL file :file in one backend and prints what it cost:
-- seconds of processor, bytes of WAL. :setup, if not empty, runs before in the
-- same backend and is not counted. Linux only: /proc/PID/schedstat.
\set ON_ERROR_STOP 1
\set QUIET on
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
SELECT pg_backend_pid() AS pid \gset
\if :{?setup}
\i :setup
\endif
SELECT pg_current_wal_insert_lsn() AS wal \gset
\set before `cut -d' ' -f1 /proc/:pid/schedstat`
\i :file
\set after `cut -d' ' -f1 /proc/:pid/schedstat`
SELECT 'cost ' || (:after - :before) / 1e9 || ' ' || (pg_current_wal_insert_lsn() - :'wal'::pg_lsn);
