#!/usr/bin/env bash
# with_server.sh [-c setting=value]... COMMAND [ARG...]: builds, starts a private
# throw-away PostgreSQL with the extension in database postgres, runs COMMAND
# (psql without one) with PGHOST and so on set, and removes everything.
# COPT and EXTRA_LDFLAGS go to the build.
here=$PWD
cd "$(dirname "$0")/../.."
. test/harness/common.sh
settings=()
while [ "${1:-}" = -c ]; do settings+=(-c "$2"); shift 2; done
need_packages demo
prepare
build ${COPT:+COPT="$COPT"} ${EXTRA_LDFLAGS:+EXTRA_LDFLAGS="$EXTRA_LDFLAGS"}
start_server server "${settings[@]}"
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION ecosys'
if [ $# = 0 ]; then set -- psql; fi
status=0
(cd "$here" && SOURCE=$SOURCE ECOSYS_TMP=$ECOSYS_TMP "$@") || status=$?
if grep -qE 'terminated by signal|PANIC|TRAP' "$ECOSYS_TMP/server.log"; then
	grep -nE 'terminated by signal|PANIC|TRAP' "$ECOSYS_TMP/server.log" >&2
	status=99
fi
exit "$status"
