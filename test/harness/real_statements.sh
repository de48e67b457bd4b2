#!/usr/bin/env bash
# real_statements.sh FILE.jsonl[.gz]: every statement of a file of real ones is
# stored by COPY and comes out equal as JSON, but for the members that storing
# adds. Needs PGHOST and so on, and the extension in the database.
set -euo pipefail
case $1 in
	*.gz) lines="zcat '$1'" ;;
	*) lines="cat '$1'" ;;
esac
csv="WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
result=$(psql -qAtX -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = warning;
DO \$\$ BEGIN PERFORM ecosys.create_ecosystem('real'); END \$\$;
CREATE TEMP TABLE received (line text NOT NULL);
\\copy received from program '$(printf '%s' "$lines" | sed "s/'/''/g")' $csv
\\copy real.statements (statement) from program '$(printf '%s' "$lines" | sed "s/'/''/g")' $csv
SELECT count(*), count(s.id), count(*) FILTER (WHERE s.statement::jsonb - added.keys = r.line::jsonb)
  FROM received r
  JOIN real.statements s ON s.id = (r.line::jsonb ->> 'id')::uuid,
  LATERAL (SELECT array_agg(k) AS keys FROM unnest(ARRAY['stored', 'timestamp']) k WHERE NOT r.line::jsonb ? k) added;
SELECT count(*) FROM received;
DROP SCHEMA real CASCADE;
SQL
)
echo "$result"
{ IFS='|' read -r joined stored equal && read -r received; } <<<"$result"
[ "$received" -gt 0 ] && [ "$joined" = "$received" ] && [ "$stored" = "$received" ] && [ "$equal" = "$received" ]
