#!/usr/bin/env bash
# demo.sh - the whole of ecosys at work on an invented organisation, in a private
# throw-away PostgreSQL. SIZE=small|medium|large; KEEP=1 leaves the server
# running and says how to connect to it and how to remove it.
cd "$(dirname "$0")/../.."
. test/harness/common.sh

SIZE=${SIZE:-medium}
case $SIZE in
	small|medium|large) ;;
	*) die "SIZE is small, medium or large, not $SIZE" ;;
esac
BEGAN=$(date +%s)
POLLER=''

took() { echo $(($(date +%s) - BEGAN)); }

# How far the COPY into the intake is, read where PostgreSQL shows it. On a
# terminal one line that changes; else a line now and then.
show_progress() {
	local start=0 now said=0 bytes total lines every=5 line='' open=false
	[ ! -t 2 ] || every=1
	while sleep 1; do
		IFS='|' read -r bytes total lines < <(psql -XAtq -c "
			SELECT bytes_processed, bytes_total, tuples_processed FROM pg_stat_progress_copy
			 WHERE command = 'COPY FROM' AND relid = to_regclass('learning.intake')" 2>/dev/null) || true
		now=$(date +%s)
		if [ -z "${total:-}" ] || [ "${total:-0}" = 0 ]; then
			if $open; then printf '\n' >&2; open=false; fi
			start=0
			continue
		fi
		[ "$start" != 0 ] || start=$((now - 1))
		[ $((now - said)) -ge $every ] || continue
		said=$now
		line=$(printf '    loading %3d %%  %9d statements  %6d a second' $((100 * bytes / total)) "$lines" $((lines / (now - start))))
		if [ -t 2 ]; then printf '\r%s' "$line" >&2; open=true; else say "$line"; fi
	done
}

need_packages demo
say "building the extension and a private PostgreSQL in /tmp (nothing else is touched)"
prepare
build
DATA=$ECOSYS_TMP/data
mkdir "$DATA"
"${CC:-cc}" -O2 -std=c99 -o "$ECOSYS_TMP/generate" test/demo/*.c
"$ECOSYS_TMP/generate" --size "$SIZE" "$DATA"
[ "${ECOSYS_AS[0]}" != runuser ] || chown -R postgres "$DATA"
say "generated $(($(wc -c <"$DATA/statements.jsonl") / 1048576)) MB of statements, $(took) s since the start"
start_server server -c wal_compression=on -c checkpoint_timeout=30min
export PGCLIENTENCODING=UTF8

show_progress &
POLLER=$!
trap 'kill $POLLER 2>/dev/null; cleanup' EXIT
status=0
psql -X -q -v ON_ERROR_STOP=1 -v data="$DATA" -v PAGER=off -P pager=off -f test/demo/demo.sql || status=$?
kill $POLLER 2>/dev/null || true
wait $POLLER 2>/dev/null || true
trap cleanup EXIT
[ "$status" = 0 ] || { tail -n 20 "$ECOSYS_TMP/server.log" >&2; die "the demo stopped at an error"; }
echo
echo "The whole demo took $(took) s, size $SIZE."

if [ -n "${KEEP:-}" ] && [ "$KEEP" != 0 ]; then
	{
		echo '#!/bin/sh'
		echo "# stops the demo's server and removes all of it"
		printf '%s ' "${ECOSYS_AS[@]}"
		echo "'$PG_BIN/pg_ctl' -D '$ECOSYS_TMP/server' -m fast -w stop && rm -rf '$ECOSYS_TMP'"
	} >"$ECOSYS_TMP/stop"
	chmod 755 "$ECOSYS_TMP/stop"
	echo
	echo "The server goes on running."
	echo "    connect:          psql 'host=$ECOSYS_TMP user=postgres dbname=postgres'"
	echo "    stop and remove:  $ECOSYS_TMP/stop"
	ECOSYS_SERVERS=()
	ECOSYS_TMP=''
else
	echo "Nothing of it is left. make demo KEEP=1 leaves the server running, to try more; docs/demo.md explains the figures."
fi
