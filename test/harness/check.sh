#!/usr/bin/env bash
# check.sh - all tests, in a private throw-away PostgreSQL. `--all` adds the long runs.
# Each step prints its time; the last line is "N passed, N failed" over all of them.
cd "$(dirname "$0")/../.."
. test/harness/common.sh

ALL=false
[ "${1:-}" != --all ] || ALL=true
PASSED=0
FAILED=0

# step NAME COMMAND...: run a check; on failure show the end of what it printed.
step() {
	local name=$1 start log status
	shift
	log=$ECOSYS_TMP/step.log
	start=$(date +%s)
	printf '%-44s ' "$name"
	# not behind || or in an if: bash would ignore errors within
	set +e
	( set -e; "$@" ) >"$log" 2>&1
	status=$?
	set -e
	if [ "$status" = 0 ]; then
		PASSED=$((PASSED + 1))
		echo "ok     $(($(date +%s) - start)) s"
	else
		FAILED=$((FAILED + 1))
		echo "FAILED $(($(date +%s) - start)) s"
		tail -n 60 "$log" | sed 's/^/    /'
	fi
}

# ECOSYS_ACCEPT=1 takes what was printed as what is expected: read the diff before you commit it.
regression() {
	local status=0
	as_server make -s -C "$SOURCE" with_llvm=no PG_CONFIG="$PG_CONFIG" installcheck || status=$?
	if [ -n "${ECOSYS_ACCEPT:-}" ]; then
		cp "$SOURCE"/results/*.out expected/
		# isolation tests do not run after a regression test that failed
		if has "$SOURCE/output_iso/results/*.out"; then cp "$SOURCE"/output_iso/results/*.out test/isolation/expected/; fi
	elif [ "$status" != 0 ]; then
		cat "$SOURCE"/regression.diffs "$SOURCE"/output_iso/regression.diffs 2>/dev/null | head -n 300
	fi
	return "$status"
}

# One database a file, so that files do not depend on each other.
pgtap() {
	local db
	db=pgtap_$(basename "$1" .sql)
	createdb "$db"
	psql -qX -d "$db" -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION ecosys'
	(cd "$SOURCE" && pg_prove -d "$db" "$1")
	dropdb "$db"
}

documentation() { "$SOURCE/test/harness/documentation.sh"; }
unit() { as_server make -s -C "$SOURCE/test/unit" check; }
fuzz_smoke() { as_server make -s -C "$SOURCE/test/fuzz" smoke; }

tap() {
	(cd "$SOURCE" && as_server env PG_REGRESS="$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")"/test/regress/pg_regress \
		PERL5LIB="$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")"/test/perl TESTDATADIR="$ECOSYS_TMP/tap" TESTLOGDIR="$ECOSYS_TMP/tap" \
		PATH="$PATH" prove -I "$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")"/test/perl test/t/*.pl)
}

has() { compgen -G "$1" >/dev/null; }

need_packages check
prepare
start=$(date +%s)
step "build, warnings are errors" build COPT=-Werror
[ "$FAILED" = 0 ] || { echo "$PASSED passed, $FAILED failed"; exit 1; }
if has "$SOURCE/test/unit/Makefile"; then step "unit tests of the plain C parts" unit; fi
if has "$SOURCE/test/fuzz/Makefile"; then step "fuzzers, smoke run" fuzz_smoke; fi
start_server server
if has "$SOURCE/sql/*.sql"; then step "regression and isolation tests" regression; fi
for file in "$SOURCE"/test/pgtap/*.sql; do
	[ -e "$file" ] || continue
	step "pgTAP: $(basename "$file" .sql)" pgtap "$file"
done
step "what README.md and docs say works" documentation
# a file of real statements, where there is one
REAL=${ECOSYS_REAL_STATEMENTS:-$PWD/../shared/data/statements-mooc.jsonl.gz}
real_statements() {
	createdb real
	psql -qX -d real -c 'CREATE EXTENSION ecosys'
	PGDATABASE=real "$SOURCE/test/harness/real_statements.sh" "$REAL"
	dropdb real
}
if [ -f "$REAL" ]; then step "real statements come out equal" real_statements; fi
if has "$SOURCE/test/t/*.pl"; then step "server tests (crash, dump, demo)" tap; fi
if $ALL && has "$SOURCE/test/harness/check_all.sh"; then . test/harness/check_all.sh; fi
echo "total $(($(date +%s) - start)) s"
echo "$PASSED passed, $FAILED failed"
[ "$FAILED" = 0 ]
