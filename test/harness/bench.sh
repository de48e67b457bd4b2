#!/usr/bin/env bash
# bench.sh - ecosys against plain jsonb and the shape of SQL LRS, in one run:
# the same statements, interleaved rounds, medians, processor seconds of the
# backend. docs/speed.md says how to read it.
#
#   BENCH_STATEMENTS       to load, round after round (200000)
#   BENCH_ROUNDS           (3)
#   BENCH_SIZE_STATEMENTS  for size, queries and reports (1000000; less where BENCH_STATEMENTS is less than 200000)
#   BENCH_ONLY             names of parts, with commas between: alignment, load, real, batch, single, validate,
#                          size, export, query, related, report, http
#   ECOSYS_REAL_STATEMENTS real statements to load as well, one a line, .gz or not (of the folder beside, if it is there)
#
# Each row says what is due (must), what is wanted (aim) and whether it was reached; exit code 1 if something
# due was missed or designs disagree. Ends with a line for each figure: figure NAME VALUE.
cd "$(dirname "$0")/../.."
. test/harness/common.sh

STATEMENTS=${BENCH_STATEMENTS:-200000}
ROUNDS=${BENCH_ROUNDS:-3}
if [ "$STATEMENTS" -ge 200000 ]; then SIZE=${BENCH_SIZE_STATEMENTS:-1000000}; else SIZE=${BENCH_SIZE_STATEMENTS:-$STATEMENTS}; fi
ONLY=,${BENCH_ONLY:-alignment,load,real,batch,single,validate,size,export,query,related,report,http},
REAL=${ECOSYS_REAL_STATEMENTS:-}
[ -n "$REAL" ] || [ ! -r ../shared/data/statements-mooc.jsonl.gz ] || REAL=../shared/data/statements-mooc.jsonl.gz
FIGURES=()
MISSED=()
NOTES=()

wanted() { [[ $ONLY == *",$1,"* ]]; }

[ -r /proc/self/schedstat ] || die "bench needs Linux with /proc/PID/schedstat"
[ -z "$REAL" ] || [ -r "$REAL" ] || die "cannot read $REAL"
need_packages demo
say "building"
prepare
build
DATA=$ECOSYS_TMP/data
mkdir "$DATA" "$DATA/demo" "$DATA/size" "$DATA/ask"
SQL=$SOURCE/test/bench
CLIENT_FLAGS=(-O2 -std=gnu99 "-I$("$PG_CONFIG" --includedir)" "-L$("$PG_CONFIG" --libdir)")
"${CC:-cc}" "${CLIENT_FLAGS[@]}" -o "$DATA/generate" "$SQL/generate.c"
"${CC:-cc}" "${CLIENT_FLAGS[@]}" -o "$DATA/libpq_load" "$SQL/libpq_load.c" -lpq
"${CC:-cc}" "${CLIENT_FLAGS[@]}" -o "$DATA/libpq_query" "$SQL/libpq_query.c" -lpq
"${CC:-cc}" "${CLIENT_FLAGS[@]}" -o "$DATA/http_load" "$SQL/http_load.c"
"$DATA/generate" "$STATEMENTS" "$DATA"
GENERATED=$DATA/statements.jsonl
case $REAL in
	'') ;;
	*.gz) gzip -dc "$REAL" >"$DATA/real.jsonl" ;;
	*) cp "$REAL" "$DATA/real.jsonl" ;;
esac
FRONT=''
trap 'status=$?; [ -z "$FRONT" ] || kill "$FRONT" 2>/dev/null || true; set +e; (exit "$status"); cleanup' EXIT
# the server writes files for the clients to read
[ "${ECOSYS_AS[0]}" != runuser ] || chown -R postgres "$DATA"
# one process does it all, so that its clock tells it all
start_server server -c autovacuum=off -c max_parallel_workers_per_gather=0 -c jit=off -c checkpoint_timeout=60min \
	-c max_wal_size=20GB -c shared_buffers="${BENCH_SHARED_BUFFERS:-1GB}" -c synchronous_commit=off
export PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning'
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION ecosys' -v data="$DATA" -f "$SQL/company.sql"

# ---- measuring ----

# measure FILE [SETUP]: "seconds bytes-of-WAL" of one run in one backend. FILE may use :statements and :answers.
measure() {
	psql -qX -v file="$SQL/$1" ${2:+-v "setup=$SQL/$2"} -v statements="${FILE:-}" -v answers="$DATA/answers" -f "$SQL/measure.sql" | sed -n 's/^cost //p'
}
cost() { sed -n 's/^cost //p'; }
median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
column() { awk -v c="$1" '{print $c}'; }
middle() { local c=$1; shift; printf '%s\n' "$@" | column "$c" | median; }
ask() { psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }
create() { psql -qX -v ON_ERROR_STOP=1 -f "$SQL/$1_create.sql"; }
# what an owner does now and then: autovacuum is off
tidy() {
	[ "$(ask "SELECT to_regnamespace('load') IS NOT NULL")" = f ] || ask 'SELECT load.maintain()' >/dev/null
	psql -qX -c 'VACUUM ANALYZE'
}
figure() { FIGURES+=("figure $1 $2"); }
note() { NOTES+=("$1"); }
calc() { awk "BEGIN {print ($1)}"; }
# number NUMBER: as short as it may be
number() { awk -v x="$1" 'BEGIN {printf((x == int(x) ? "%d" : x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : x >= 0.1 ? "%.2f" : "%.3f"), x)}'; }

line() { printf '%-44s %9s %9s %8s %8s %8s  %s\n' "$@"; }
# row NAME TITLE OWN PEER RATIO JUDGED SIGN MUST AIM [JUDGED]: JUDGED SIGN (>= or <=) MUST is due, the last JUDGED
# SIGN AIM is wanted; - where there is none.
row() {
	local name=$1 title=$2 own=$3 peer=$4 ratio=$5 judged=$6 sign=$7 must=$8 aim=$9 wish=${10:-$6} verdict=''
	if [ "$must" != - ]; then
		if [ "$(calc "($judged $sign $must)")" = 0 ]; then
			verdict=FAIL
			MISSED+=("$title: $(number "$judged"), must be $sign $must")
		elif [ "$aim" != - ] && [ "$(calc "($wish $sign $aim)")" = 1 ]; then
			verdict='pass, aim reached'
		else
			verdict=pass
		fi
	fi
	[ "$own" = - ] || figure "$name" "$own"
	[ "$peer" = - ] || figure "${name}_peer" "$peer"
	[ "$ratio" = - ] || figure "${name}_ratio" "$(calc "sprintf(\"%.4f\", $ratio)")"
	line "$title" "$([ "$own" = - ] && echo - || number "$own")" "$([ "$peer" = - ] && echo - || number "$peer")" \
		"$([ "$ratio" = - ] && echo - || number "$ratio")" "$([ "$must" = - ] || echo "$sign $(number "$must")")" "$([ "$aim" = - ] || echo "$sign $(number "$aim")")" "$verdict"
}

# bytes SCHEMA: everything in it
bytes() { ask "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = '$1'::regnamespace AND relkind = 'r'"; }

# ---- loading ----

# load NAME FILE: COPY in rounds, then WAL and size of what is there.
load() {
	local name=$1 round n raw=() plain=() lrs=() own=() intake=() p o l i due=(2 5 8 17 0.25 0.12 -)
	FILE=$2
	# of real statements only the size is due
	[ "$name" != real ] || due=(- - - - - - 0.25)
	n=$(wc -l <"$FILE")
	cat "$FILE" >/dev/null
	for round in $(seq "$ROUNDS"); do
		say "load $name, round $round"
		intake+=("$(measure ecosys_intake.sql ecosys_create.sql)")
		[ "$(ask 'SELECT count(*) FROM load.rejects')" = 0 ] || die "intake refused statements of $name"
		raw+=("$(measure raw_copy.sql raw_create.sql)")
		plain+=("$(measure plain_copy.sql plain_create.sql)")
		own+=("$(measure ecosys_copy.sql ecosys_create.sql)")
		lrs+=("$(measure lrs_copy.sql lrs_create.sql)")
		[ "$(ask 'SELECT count(*) FROM load.statements')" = "$n" ] || die "not all statements of $name were stored"
	done
	ask 'DROP TABLE company.raw'
	o=$(middle 1 "${own[@]}") p=$(middle 1 "${plain[@]}") l=$(middle 1 "${lrs[@]}") i=$(middle 1 "${intake[@]}")
	row "copy_$name" "COPY, $name, a CPU s; plain" "$(calc "int($n/$o)")" "$(calc "int($n/$p)")" "$(calc "$p/$o")" "$(calc "$p/$o")" '>=' "${due[@]:0:2}"
	row "copy_lrs_$name" "COPY, $name, a CPU s; SQL LRS" "$(calc "int($n/$o)")" "$(calc "int($n/$l)")" "$(calc "$l/$o")" "$(calc "$l/$o")" '>=' "${due[@]:2:2}"
	row "intake_$name" "through intake, $name, a CPU s; plain" "$(calc "int($n/$i)")" "$(calc "int($n/$p)")" "$(calc "$p/$i")" - '>=' - -
	row "raw_$name" "  bare text, no key, no check" - "$(calc "int($n/$(middle 1 "${raw[@]}"))")" "$(calc "$(middle 1 "${raw[@]}")/$o")" - '>=' - -
	o=$(middle 2 "${own[@]}") p=$(middle 2 "${plain[@]}") l=$(middle 2 "${lrs[@]}")
	row "wal_$name" "WAL bytes a statement, $name; plain" "$(calc "int($o/$n)")" "$(calc "int($p/$n)")" "$(calc "$o/$p")" "$(calc "$o/$p")" '<=' "${due[@]:4:2}"
	row "wal_lrs_$name" "WAL bytes a statement, $name; SQL LRS" "$(calc "int($o/$n)")" "$(calc "int($l/$n)")" "$(calc "$o/$l")" - '<=' - -
	tidy
	sizes "$name" "$n" "${due[6]}" -
}

# sizes NAME N MUST AIM: of the three that are loaded.
sizes() {
	local name=$1 n=$2 o p l
	o=$(bytes load) p=$(bytes plain) l=$(bytes lrs)
	row "size_$name" "bytes a statement, $name; plain" "$(calc "int($o/$n)")" "$(calc "int($p/$n)")" "$(calc "$o/$p")" "$(calc "$o/$p")" '<=' "$3" "$4" "$(calc "$o/$n")"
	row "size_lrs_$name" "bytes a statement, $name; SQL LRS" "$(calc "int($o/$n)")" "$(calc "int($l/$n)")" "$(calc "$o/$l")" - '<=' - -
}

# sent BATCH: over libpq. Statements a processor second of each road; the last round's rows stay.
sent() {
	local batch=$1 round plain=() lrs=() insert=() own=() n p l i o must aim title
	if [ "$batch" = 1 ]; then title='single statements' must=7500 aim=15000; else title="batches of $batch" must=15000 aim=40000; fi
	n=$((STATEMENTS < 20000 ? STATEMENTS : 20000))
	head -n "$n" "$GENERATED" >"$DATA/sent.jsonl"
	create lrs
	rm -f "$ECOSYS_TMP/lrs.script"
	psql -qX -v statements="$DATA/sent.jsonl" -v script="$ECOSYS_TMP/lrs.script" -f "$SQL/lrs_script.sql"
	for round in $(seq "$ROUNDS"); do
		say "$title, round $round"
		create plain; create lrs; create ecosys
		plain+=("$("$DATA/libpq_load" each "$batch" 'INSERT INTO plain.statements (doc) VALUES ($1)' "$DATA/sent.jsonl" | cost)")
		lrs+=("$("$DATA/libpq_load" lrs "$batch" "$ECOSYS_TMP/lrs.script" | cost)")
		insert+=("$("$DATA/libpq_load" each "$batch" 'INSERT INTO load.statements (statement) VALUES ($1)' "$DATA/sent.jsonl" | cost)")
		create ecosys
		if [ "$batch" = 1 ]; then
			own+=("$("$DATA/libpq_load" each 1 'SELECT count(*) FROM load.record($1)' "$DATA/sent.jsonl" | cost)")
		else
			own+=("$("$DATA/libpq_load" array "$batch" 'SELECT count(*) FROM load.record($1)' "$DATA/sent.jsonl" | cost)")
		fi
		[ "$(ask 'SELECT count(*) FROM load.statements')" = "$n" ] || die "record() did not store all"
	done
	p=$(calc "int($n/$(middle 1 "${plain[@]}"))") l=$(calc "int($n/$(middle 1 "${lrs[@]}"))")
	i=$(calc "int($n/$(middle 1 "${insert[@]}"))") o=$(calc "int($n/$(middle 1 "${own[@]}"))")
	# the better road counts: an application may take either
	row "libpq_$batch" "$title, libpq, a CPU s; plain" "$([ "$i" -gt "$o" ] && echo "$i" || echo "$o")" "$p" "$(calc "($i > $o ? $i : $o)/$p")" "$(calc "($i > $o ? $i : $o)")" '>=' "$must" "$aim"
	row "libpq_record_$batch" "  by record(); SQL LRS's sequence" "$o" "$l" "$(calc "$o/$l")" - '>=' - -
	row "libpq_insert_$batch" "  by INSERT; SQL LRS's sequence" "$i" "$l" "$(calc "$i/$l")" - '>=' - -
}

# spent PID: processor seconds of a process with all its threads.
spent() { cat /proc/"$1"/task/*/schedstat | awk '{s += $1} END {printf "%.9f", s / 1e9}'; }

# http: batches of 50 through `ecosys serve`, front and backend together, against COPY of the same statements.
http() {
	local round n port front backend before answer copy=() own=() fronts=() o c f key secret
	n=$((STATEMENTS < 20000 ? STATEMENTS : 20000))
	head -n "$n" "$GENERATED" >"$DATA/sent.jsonl"
	FILE=$DATA/sent.jsonl
	for round in $(seq "$ROUNDS"); do
		say "batches of 50 over HTTP, round $round"
		copy+=("$(measure ecosys_copy.sql ecosys_create.sql)")
		create ecosys
		IFS='|' read -r key secret <<<"$(ask "SELECT key, secret FROM load.add_credential(scopes => '{all}')")"
		port=$((20000 + RANDOM % 20000))
		ecosys serve --listen="127.0.0.1:$port" --connections=1 --ecosystem=load --quiet &
		front=$!
		FRONT=$front
		for _ in $(seq 100); do
			curl -sf "http://127.0.0.1:$port/healthz" >/dev/null && break
			sleep 0.1
		done
		backend=$(ask "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
		[[ $backend =~ ^[0-9]+$ ]] || die "ecosys serve has not one connection: $backend"
		before="$(spent "$front") $(spent "$backend")"
		answer=$("$DATA/http_load" -p "$port" -c 1 -b 50 -u "$key:$secret" "$FILE") || die "http_load: $answer"
		fronts+=("$(calc "$(spent "$front") - ${before% *}")")
		own+=("$(calc "$(spent "$front") + $(spent "$backend") - ${before% *} - ${before#* }")")
		kill "$front"
		wait "$front" || true
		FRONT=''
		[ "$(ask 'SELECT count(*) FROM load.statements')" = "$n" ] || die "not all statements came through HTTP: $answer"
	done
	o=$(calc "1e6*$(middle 1 "${own[@]}")/$n") c=$(calc "1e6*$(middle 1 "${copy[@]}")/$n") f=$(calc "1e6*$(middle 1 "${fronts[@]}")/$n")
	row http_50 'batches of 50 over HTTP, CPU µs each; COPY' "$o" "$c" "$(calc "$o/$c")" "$(calc "$o/$c")" '<=' 1.6 1.3
	figure http_front_microseconds "$f"
}

# ---- asking ----

# differences A B: lines of one file of answers that the other has not.
differences() { diff <(sort "$1") <(sort "$2") | grep -c '^[<>]' || true; }

# asked NAME TITLE: a query with voids, members and references; processor milliseconds, mean.
asked() {
	local name=$1 title=$2 round plain=() lrs=() own=() o p l best d
	for round in $(seq "$ROUNDS"); do
		say "$title, round $round"
		for d in plain lrs ecosys; do
			"$DATA/libpq_query" "$SQL/${d}_$name.sql" "$DATA/ask/${d}_$name" "$DATA/ask/${d}.answers" | cost >"$DATA/ask/$d.cost"
		done
		plain+=("$(cat "$DATA/ask/plain.cost")") lrs+=("$(cat "$DATA/ask/lrs.cost")") own+=("$(cat "$DATA/ask/ecosys.cost")")
	done
	o=$(middle 1 "${own[@]}") p=$(middle 1 "${plain[@]}") l=$(middle 1 "${lrs[@]}")
	best=$(calc "($p < $l ? $p : $l)")
	row "query_$name" "$title, CPU ms; better peer" "$o" "$best" "$(calc "$o/$best")" "$(calc "$o/$best")" '<=' 1.2 0.5 "$o"
	figure "query_${name}_plain" "$p"
	figure "query_${name}_lrs" "$l"
	figure "query_${name}_p95" "$(middle 3 "${own[@]}")"
	agree "query_$name" "$title" plain lrs
}

# agree NAME TITLE DESIGN...: with what ecosys answered, in the files of answers.
agree() {
	local name=$1 title=$2 n d
	shift 2
	for d in "$@"; do
		n=$(differences "$DATA/ask/$d.answers" "$DATA/ask/ecosys.answers")
		note "$title: $(wc -l <"$DATA/ask/ecosys.answers") rows, $n differ from $d's"
		figure "${name}_differ_$d" "$n"
		# what a peer answers by its own rules may differ; plain is asked by ours
		[ "$d" != plain ] || [ "$n" = 0 ] || MISSED+=("$title: $n rows differ from plain's")
	done
}

# related: latest 100 of an activity in any role. Peers take seconds for one: they get some of the activities.
related() {
	local round own=() n d
	local title='latest 100 of an activity, related'
	for round in $(seq "$ROUNDS"); do
		say "$title, round $round"
		own+=("$("$DATA/libpq_query" "$SQL/ecosys_by_related_activity.sql" "$DATA/ask/ecosys_by_related_activity" "$DATA/ask/ecosys.answers" | cost)")
	done
	row related_p95 "$title, p95 CPU ms" "$(middle 3 "${own[@]}")" - - "$(middle 3 "${own[@]}")" '<=' 20 5
	figure related_p50 "$(middle 2 "${own[@]}")"
	figure related_most "$(middle 4 "${own[@]}")"
	figure related_waited_p95 "$(middle 6 "${own[@]}")"
	head -n 20 "$DATA/ask/ecosys_by_related_activity" >"$DATA/ask/some"
	"$DATA/libpq_query" "$SQL/ecosys_by_related_activity.sql" "$DATA/ask/some" "$DATA/ask/ecosys.answers" | cost >"$DATA/ask/ecosys.cost"
	for d in plain lrs; do
		say "$title, $d"
		"$DATA/libpq_query" "$SQL/${d}_by_related_activity.sql" "$DATA/ask/some" "$DATA/ask/$d.answers" | cost >"$DATA/ask/$d.cost"
		row "related_20_$d" "  20 of them, p95 CPU ms; $d" "$(column 3 <"$DATA/ask/ecosys.cost")" "$(column 3 <"$DATA/ask/$d.cost")" \
			"$(calc "$(column 3 <"$DATA/ask/ecosys.cost")/$(column 3 <"$DATA/ask/$d.cost")")" - '<=' - -
	done
	agree related "$title" plain lrs
}

# report: rate and score by department and quarter; who has not passed.
report() {
	local round plain=() lrs=() own=() o p l d n
	FILE=''
	for round in $(seq "$ROUNDS"); do
		say "report, round $round"
		plain+=("$(measure plain_report.sql)") own+=("$(measure ecosys_report.sql)") lrs+=("$(measure lrs_report.sql)")
	done
	o=$(middle 1 "${own[@]}") p=$(middle 1 "${plain[@]}") l=$(middle 1 "${lrs[@]}")
	row report 'rate and score, department × quarter, CPU ms' "$(calc "1000*$o")" "$(calc "1000*$p")" "$(calc "$p/$o")" "$(calc "$p/$o")" '>=' 10 60
	row report_lrs '  SQL LRS' "$(calc "1000*$o")" "$(calc "1000*$l")" "$(calc "$l/$o")" - '>=' - -
	for d in plain lrs; do
		n=$(ask "SELECT count(*) FROM company.ecosys_report e FULL JOIN company.${d}_report o USING (department, quarter)
			WHERE (e.statements = o.statements AND abs(e.completion - o.completion) < 1e-9 AND (abs(e.score - o.score) < 1e-9 OR e.score IS NULL AND o.score IS NULL)) IS NOT TRUE")
		note "rate and score: $(ask "SELECT count(*) FROM company.ecosys_report") rows, $n differ from $d's"
		[ "$n" = 0 ] || MISSED+=("rate and score: $n rows differ from $d's")
	done
	plain=() lrs=() own=()
	for round in $(seq "$ROUNDS"); do
		for d in plain lrs ecosys; do
			"$DATA/libpq_query" "$SQL/${d}_not_passed.sql" "$DATA/ask/not_passed" "$DATA/ask/$d.answers" | cost >"$DATA/ask/$d.cost"
		done
		plain+=("$(cat "$DATA/ask/plain.cost")") lrs+=("$(cat "$DATA/ask/lrs.cost")") own+=("$(cat "$DATA/ask/ecosys.cost")")
	done
	o=$(middle 1 "${own[@]}") p=$(middle 1 "${plain[@]}") l=$(middle 1 "${lrs[@]}")
	row not_passed 'department X, not passed course Y, CPU ms' "$o" "$p" "$(calc "$p/$o")" "$(calc "$p/$o")" '>=' 1 7
	row not_passed_lrs '  SQL LRS' "$o" "$l" "$(calc "$l/$o")" - '>=' - -
	agree not_passed 'not passed' plain lrs
}

# validate: the same texts through four readers.
validate() {
	local round json=() jsonb=() own=() input=() megabytes o j b i
	head -n 20000 "$GENERATED" >"$DATA/texts.jsonl"
	megabytes=$(calc "$(wc -c <"$DATA/texts.jsonl")/1e6")
	FILE=$DATA/texts.jsonl
	psql -qX -v ON_ERROR_STOP=1 -v statements="$FILE" -f "$SQL/texts.sql"
	for round in $(seq $((2 * ROUNDS + 1))); do
		json+=("$(measure json_input.sql)") jsonb+=("$(measure jsonb_input.sql)") own+=("$(measure ecosys_check.sql)") input+=("$(measure ecosys_input.sql)")
	done
	o=$(calc "$megabytes/$(middle 1 "${own[@]}")") j=$(calc "$megabytes/$(middle 1 "${json[@]}")")
	b=$(calc "$megabytes/$(middle 1 "${jsonb[@]}")") i=$(calc "$megabytes/$(middle 1 "${input[@]}")")
	row validate 'validation alone, MB a CPU s; jsonb input' "$o" "$b" "$(calc "$o/$b")" "$o" '>=' "$b" "$j"
	row validate_json '  json input' "$o" "$j" "$(calc "$o/$j")" - '>=' - -
	row validate_input '  with packing: ecosys.statement input; jsonb' "$i" "$b" "$(calc "$i/$b")" - '>=' - -
}

# export: everything as JSON lines.
export_all() {
	local round plain=() lrs=() own=() o p l po oo lo
	FILE=''
	for round in $(seq "$ROUNDS"); do
		say "export, round $round"
		plain+=("$(measure plain_export.sql)"); po=$(stat -c %s "$DATA/answers"); rm -f "$DATA/answers"
		lrs+=("$(measure lrs_export.sql)"); lo=$(stat -c %s "$DATA/answers"); rm -f "$DATA/answers"
		own+=("$(measure ecosys_export.sql)"); oo=$(stat -c %s "$DATA/answers"); rm -f "$DATA/answers"
	done
	o=$(calc "$oo/1e6/$(middle 1 "${own[@]}")") p=$(calc "$po/1e6/$(middle 1 "${plain[@]}")") l=$(calc "$lo/1e6/$(middle 1 "${lrs[@]}")")
	row export 'export as JSON lines, MB a CPU s; plain' "$o" "$p" "$(calc "$o/$p")" "$o" '>=' 150 300
	row export_lrs '  SQL LRS' "$o" "$l" "$(calc "$o/$l")" - '>=' - -
}

# alignment and impact: the organisation of `make demo`, against the same scores in SQL over jsonb.
versus() {
	local title=$1 name=$2 round plain=() own=() p o
	FILE=''
	for round in $(seq "$ROUNDS"); do
		plain+=("$(measure "$4")")
		own+=("$(measure "$3")")
	done
	p=$(middle 1 "${plain[@]}") o=$(middle 1 "${own[@]}")
	row "$name" "$title, CPU ms; plain SQL" "$(calc "1000*$o")" "$(calc "1000*$p")" "$(calc "$p/$o")" - '>=' - -
}
alignment() {
	local n
	"${CC:-cc}" -O2 -std=c99 -o "$DATA/demo/generate" "$SOURCE"/test/demo/*.c
	"$DATA/demo/generate" --clean --statements "$STATEMENTS" "$DATA/demo"
	[ "${ECOSYS_AS[0]}" != runuser ] || chown -R postgres "$DATA"
	psql -qX -v data="$DATA/demo" -f "$SQL/prepare.sql"
	create plain
	FILE=$DATA/demo/statements.jsonl
	measure plain_copy.sql >/dev/null
	ask "COPY learning.statements (statement) FROM '$FILE' WITH (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')"
	tidy
	versus "alignment, all departments and goals" alignment ecosys_alignment.sql plain_alignment.sql
	n=$(ask "SELECT count(*) FROM plain.alignment p FULL JOIN plain.ecosys_alignment e USING (goal, org_unit)
		WHERE (abs(p.score - e.score) <= 1e-9 AND abs(p.coverage - e.coverage) <= 1e-9 AND p.obligations = e.obligations) IS NOT TRUE")
	note "alignment: $(ask 'SELECT count(*) FROM plain.alignment') scores on both sides, $n differ by more than 1e-9"
	[ "$n" = 0 ] || MISSED+=("alignment: $n scores differ")
	versus "impact of every platform and vendor" impact ecosys_impact.sql plain_impact.sql
	n=$(ask "SELECT count(*) FROM plain.impact p FULL JOIN plain.ecosys_impact e USING (start, element)
		WHERE (abs(p.strength - e.strength) <= 1e-12) IS NOT TRUE")
	note "impact: $(ask 'SELECT count(*) FROM plain.impact') on both sides, $n differ"
	[ "$n" = 0 ] || MISSED+=("impact: $n differ")
	ask 'DROP SCHEMA learning CASCADE'
}

# ---- the run ----

line '' ecosys peer ratio must aim ''
line ---- ------ ---- ----- ---- --- ''
if wanted alignment; then alignment; fi
if wanted real && [ -n "$REAL" ]; then load real "$DATA/real.jsonl"; fi
if wanted validate; then validate; fi
if wanted load; then load generated "$GENERATED"; fi
if wanted single; then sent 1; fi
if wanted batch; then sent 50; fi
if wanted http; then http; fi
if wanted size || wanted export || wanted query || wanted related || wanted report; then
	say "loading $SIZE statements"
	"$DATA/generate" "$SIZE" "$DATA/size"
	FILE=$DATA/size/statements.jsonl
	for design in plain lrs ecosys; do measure "${design}_copy.sql" "${design}_create.sql" >/dev/null; done
	tidy
	if wanted size; then sizes "$SIZE" "$SIZE" 0.2 240; fi
	if wanted export; then export_all; fi
	psql -qX -v folder="$DATA/ask" -f "$SQL/parameters.sql"
	if wanted query; then
		asked by_id 'statement by id'
		asked by_actor 'latest 100 of an actor'
		asked by_verb_since 'latest 100 of a verb since'
		asked by_registration 'latest 100 of a registration'
	fi
	if wanted related; then related; fi
	if wanted report; then report; fi
fi

echo
if wanted load || wanted size; then cat "$DATA/mix.txt"; fi
echo "$STATEMENTS statements loaded${REAL:+, real ones too}, $SIZE for size, queries and reports; $ROUNDS interleaved rounds, medians, processor time of one backend; $(psql -XAtc 'SHOW server_version')."
printf '%s\n' "${NOTES[@]}"
[ ${#MISSED[@]} = 0 ] || printf 'MISSED: %s\n' "${MISSED[@]}"
printf '%s\n' "${FIGURES[@]}"
[ ${#MISSED[@]} = 0 ]
