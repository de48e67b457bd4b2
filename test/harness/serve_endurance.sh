#!/usr/bin/env bash
# serve_endurance.sh [SECONDS [CLIENTS]] - `ecosys serve` under concurrent
# keep-alive clients (64 for 60 s): no error, no growth of memory, and what was
# acknowledged is in the table, statement for statement. Needs a server as
# with_server.sh or check.sh start it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-60}
clients=${2:-64}
work=$(mktemp -d)
database=serve_endurance
front=''
cleanup() {
	[ -z "$front" ] || { kill "$front" && wait "$front" || true; }
	psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database" || true
	rm -rf "$work"
}
trap cleanup EXIT
cc -std=gnu99 -O2 -o "$work/http_load" "$here/../bench/http_load.c"
perl -I "$here" -MServeFront -e 'ServeFront::write_batches($ARGV[0], 200, 10)' "$work/statements.jsonl"

createdb "$database"
export PGDATABASE=$database
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION ecosys' -c 'SET client_min_messages = warning' -c 'SELECT ecosys.create_ecosystem()' >/dev/null
secret=$(ecosys credentials add load --scope all 2>/dev/null | sed -n 's/^secret *//p')
ecosys serve -l 127.0.0.1:0 --access-log "$work/access.log" 2>"$work/front.log" &
front=$!
for _ in $(seq 100); do grep -q listening "$work/front.log" && break; sleep 0.1; done
port=$(sed -n 's/.*listening at .*:\([0-9]*\)\/xapi$/\1/p' "$work/front.log")
[ -n "$port" ] || { cat "$work/front.log" >&2; exit 1; }

resident() { sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$front/status"; }
processor() { awk '{ print ($14 + $15) * 10 }' "/proc/$front/stat"; }	# ms, at 100 ticks a second

# warm: every client and every backend at work once
"$work/http_load" -p "$port" -u "load:$secret" -c "$clients" -b 10 -t 5 -a "$work/warm" "$work/statements.jsonl" >"$work/warm.json"
before=$(resident)
used=$(processor)
"$work/http_load" -p "$port" -u "load:$secret" -c "$clients" -b 10 -t "$seconds" -a "$work/acknowledged" "$work/statements.jsonl" | tee "$work/run.json"
after=$(resident)
requests=$(sed -n 's/.*"requests": \([0-9]*\).*/\1/p' "$work/run.json")
echo "front: $(( ($(processor) - used) * 1000 / requests )) us of processor a request, resident $before kB before, $after kB after"
[ $((after - before)) -lt 4096 ] || { echo "memory grew"; exit 1; }

# ids, and the statements behind them: each was one of the file's
tr -d '[]" ' <"$work/warm" | tr ',' '\n' >"$work/ids"
tr -d '[]" ' <"$work/acknowledged" | tr ',' '\n' >>"$work/ids"
psql -qXAt -v ON_ERROR_STOP=1 >"$work/compared" <<SQL
CREATE TEMP TABLE acknowledged (id uuid);
\copy acknowledged FROM '$work/ids'
CREATE TEMP TABLE sent (line jsonb);
\copy sent FROM '$work/statements.jsonl' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
ANALYZE acknowledged, sent;
SELECT (SELECT count(*) FROM acknowledged), (SELECT count(*) FROM learning.statements),
       (SELECT count(*) FROM acknowledged a FULL JOIN learning.statements s ON s.id = a.id WHERE a.id IS NULL OR s.id IS NULL),
       (SELECT count(*) FROM (SELECT s.statement::jsonb - '{id,stored,timestamp,authority,version}'::text[] AS line FROM learning.statements s) s
          LEFT JOIN sent USING (line) WHERE sent.line IS NULL);
SQL
IFS='|' read -r acknowledged stored apart altered <"$work/compared"
echo "$acknowledged acknowledged, $stored stored, $apart not in both, $altered altered"
[ "$acknowledged" = "$stored" ] && [ "$apart" = 0 ] && [ "$altered" = 0 ] && [ "$stored" -gt 0 ]
