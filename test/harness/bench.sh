#!/usr/bin/env bash
# bench.sh - ecosys against jsonb and plain SQL, in one run: interleaved rounds,
# medians, processor seconds of the backend. BENCH_STATEMENTS (200000) and
# BENCH_ROUNDS (3) set the size; ECOSYS_REAL_STATEMENTS names a file of
# statements, one a line, gzipped or not, to measure as well.
# Ends with a line for each figure: figure NAME VALUE.
cd "$(dirname "$0")/../.."
. test/harness/common.sh

STATEMENTS=${BENCH_STATEMENTS:-200000}
ROUNDS=${BENCH_ROUNDS:-3}
REAL=${ECOSYS_REAL_STATEMENTS:-}
FIGURES=()
FAILED=0

[ -r /proc/self/schedstat ] || die "bench needs Linux with /proc/PID/schedstat"
[ -z "$REAL" ] || [ -r "$REAL" ] || die "cannot read $REAL"
need_packages demo
say "building"
prepare
build
DATA=$ECOSYS_TMP/data
mkdir "$DATA"
"${CC:-cc}" -O2 -std=c99 -o "$ECOSYS_TMP/generate" test/demo/*.c
"$ECOSYS_TMP/generate" --clean --statements "$STATEMENTS" "$DATA"
case $REAL in
	'') ;;
	*.gz) gzip -dc "$REAL" >"$DATA/real.jsonl" ;;
	*) cp "$REAL" "$DATA/real.jsonl" ;;
esac
[ "${ECOSYS_AS[0]}" != runuser ] || chown -R postgres "$DATA"
# one process does it all, so that its clock tells it all
start_server server -c autovacuum=off -c max_parallel_workers_per_gather=0 -c jit=off -c checkpoint_timeout=30min
export PGCLIENTENCODING=UTF8
SQL=$SOURCE/test/bench
psql -qX -v data="$DATA" -f "$SQL/prepare.sql"

# measure FILE [SETUP]: "seconds bytes-of-WAL" of one run.
measure() {
	psql -qX -v file="$SQL/$1" ${2:+-v "setup=$SQL/$2"} -v statements="$FILE" -f "$SQL/measure.sql" | sed -n 's/^cost //p'
}
median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
column() { awk -v c="$1" '{print $c}'; }
ask() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
figure() { FIGURES+=("figure $1 $2"); }
calc() { awk "BEGIN {print $1}"; }
row() { printf '%-46s %14s %14s %9s  %s\n' "$@"; }

row "" ecosys "jsonb, SQL" ratio ""
row "" ------ ---------- ----- ""

# load NAME FILE: rate, WAL and size of one file of statements.
load() {
	local name=$1 round n plain=() lean=() own=() intake=() p o i w l lean_size
	FILE=$2
	n=$(wc -l <"$FILE")
	cat "$FILE" >/dev/null
	for round in $(seq "$ROUNDS"); do
		lean+=("$(measure plain_load.sql plain_table_path_ops.sql)")
		psql -qX -c 'VACUUM ANALYZE plain.statements'
		lean_size=$(ask "SELECT pg_total_relation_size('plain.statements')")
		plain+=("$(measure plain_load.sql plain_table.sql)")
		intake+=("$(measure ecosys_intake.sql ecosys_table.sql)")
		[ "$(ask 'SELECT count(*) FROM load.rejects')" = 0 ] || die "intake refused statements of $name"
		own+=("$(measure ecosys_load.sql ecosys_table.sql)")
		[ "$(ask 'SELECT count(*) FROM load.statements')" = "$n" ] || die "not all statements of $name were stored"
	done
	p=$(printf '%s\n' "${plain[@]}" | column 1 | median)
	o=$(printf '%s\n' "${own[@]}" | column 1 | median)
	i=$(printf '%s\n' "${intake[@]}" | column 1 | median)
	row "load $name: COPY, statements/CPU s" "$(calc "int($n/$o)")" "$(calc "int($n/$p)")" "$(calc "sprintf(\"%.2f\", $p/$o)")" "higher is better"
	row "load $name: through intake" "$(calc "int($n/$i)")" "$(calc "int($n/$p)")" "$(calc "sprintf(\"%.2f\", $p/$i)")" "higher is better"
	l=$(printf '%s\n' "${lean[@]}" | column 1 | median)
	row "load $name: against jsonb_path_ops" "$(calc "int($n/$o)")" "$(calc "int($n/$l)")" "$(calc "sprintf(\"%.2f\", $l/$o)")" "higher is better"
	figure "load_ratio_path_ops_$name" "$(calc "sprintf(\"%.4f\", $l/$o)")"
	figure "load_rate_$name" "$(calc "int($n/$o)")"
	figure "load_rate_jsonb_$name" "$(calc "int($n/$p)")"
	figure "load_ratio_$name" "$(calc "sprintf(\"%.4f\", $p/$o)")"
	figure "intake_ratio_$name" "$(calc "sprintf(\"%.4f\", $p/$i)")"
	p=$(printf '%s\n' "${plain[@]}" | column 2 | median)
	o=$(printf '%s\n' "${own[@]}" | column 2 | median)
	row "WAL bytes a statement, $name" "$(calc "int($o/$n)")" "$(calc "int($p/$n)")" "$(calc "sprintf(\"%.2f\", $o/$p)")" "lower is better"
	figure "wal_bytes_$name" "$(calc "int($o/$n)")"
	figure "wal_ratio_$name" "$(calc "sprintf(\"%.4f\", $o/$p)")"
	psql -qX -c 'VACUUM ANALYZE'
	p=$(ask "SELECT pg_total_relation_size('plain.statements')")
	o=$(ask "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
	          WHERE relnamespace = 'load'::regnamespace AND relkind = 'r'
	            AND (relname IN ('statements', 'names_in_flight', 'voidings') OR relname LIKE 'settled\\_%')")
	w=$(calc "sprintf(\"%.4f\", $o/$p)")
	row "bytes a statement, all in, $name" "$(calc "int($o/$n)")" "$(calc "int($p/$n)")" "$(calc "sprintf(\"%.3f\", $w)")" "lower is better$([ "$name" != generated ] || echo ', must: 0.3')"
	row "bytes a statement: against jsonb_path_ops" "$(calc "int($o/$n)")" "$(calc "int($lean_size/$n)")" "$(calc "sprintf(\"%.3f\", $o/$lean_size)")" "lower is better"
	figure "size_ratio_path_ops_$name" "$(calc "sprintf(\"%.4f\", $o/$lean_size)")"
	figure "size_bytes_$name" "$(calc "int($o/$n)")"
	figure "size_bytes_jsonb_$name" "$(calc "int($p/$n)")"
	figure "size_ratio_$name" "$w"
	if [ "$name" = generated ] && [ "$(calc "($w > 0.3)")" = 1 ]; then
		FAILED=1
	fi
}

# versus TITLE FIGURE OWN PLAIN: two files of SQL that answer the same question.
versus() {
	local title=$1 name=$2 round plain=() own=() p o
	FILE=''
	for round in $(seq "$ROUNDS"); do
		plain+=("$(measure "$4")")
		own+=("$(measure "$3")")
	done
	p=$(printf '%s\n' "${plain[@]}" | column 1 | median)
	o=$(printf '%s\n' "${own[@]}" | column 1 | median)
	row "$title, CPU ms" "$(calc "sprintf(\"%.0f\", 1000*$o)")" "$(calc "sprintf(\"%.0f\", 1000*$p)")" "$(calc "sprintf(\"%.2f\", $p/$o)")" "higher is better"
	figure "${name}_ms" "$(calc "sprintf(\"%.1f\", 1000*$o)")"
	figure "${name}_ms_plain" "$(calc "sprintf(\"%.1f\", 1000*$p)")"
	figure "${name}_ratio" "$(calc "sprintf(\"%.4f\", $p/$o)")"
}

[ -z "$REAL" ] || load real "$DATA/real.jsonl"
load generated "$DATA/statements.jsonl"

# what was loaded last is what both sides are asked about
ask "COPY learning.statements (statement) FROM '$DATA/statements.jsonl' WITH (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')"
psql -qX -c 'VACUUM ANALYZE'
versus "alignment, all departments and goals" alignment ecosys_alignment.sql plain_alignment.sql
differences=$(ask "SELECT count(*) FROM plain.alignment p FULL JOIN plain.ecosys_alignment e USING (goal, org_unit)
	WHERE (abs(p.score - e.score) <= 1e-9 AND abs(p.coverage - e.coverage) <= 1e-9 AND p.obligations = e.obligations) IS NOT TRUE")
scores=$(ask 'SELECT count(*) FROM plain.alignment')
versus "impact of every platform and vendor" impact ecosys_impact.sql plain_impact.sql
walks=$(ask "SELECT count(*) FROM plain.impact p FULL JOIN plain.ecosys_impact e USING (start, element)
	WHERE (abs(p.strength - e.strength) <= 1e-12) IS NOT TRUE")

echo
echo "$STATEMENTS generated statements${REAL:+, $(wc -l <"$DATA/real.jsonl") real ones}, $ROUNDS interleaved rounds, medians, processor time of one backend; $(psql -XAtc 'SHOW server_version')."
echo "jsonb: a table with a primary key and a GIN index (the default operator class; jsonb_path_ops where it says so)."
echo "ecosys: all its tables and indexes."
echo "$scores scores on both sides, $differences differ by more than 1e-9; $(ask 'SELECT count(*) FROM plain.impact') impacts, $walks differ."
if [ "$FAILED" != 0 ]; then
	echo "MISSED: a statement takes more than 0.3 of what it takes in jsonb"
fi
if [ "$differences" != 0 ] || [ "$walks" != 0 ]; then
	echo "THE TWO SIDES DISAGREE"
	FAILED=1
fi
printf '%s\n' "${FIGURES[@]}"
exit "$FAILED"
