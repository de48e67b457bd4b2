# shellcheck shell=bash
# serve_check_all.sh - the long runs of `ecosys serve` in `make check-all`,
# sourced by check_all.sh while check.sh's server is up.

# The front alone under sanitizers, leaks included, through the tests of its own.
serve_sanitized() {
	local front=$SOURCE/build/sanitized/ecosys tests
	tests=$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")/test
	# the program built anew, then its objects removed: none may be taken for an ordinary one
	as_server rm -rf "$SOURCE/build/client" "$SOURCE/build/bin"
	as_server make -s -C "$SOURCE" with_llvm=no PG_CONFIG="$PG_CONFIG" EXTRA_LDFLAGS="-fsanitize=address,undefined" \
		COPT="-fsanitize=address,undefined -fno-sanitize-recover=undefined -O1 -g -U_FORTIFY_SOURCE" build/bin/ecosys
	as_server mkdir -p "$(dirname "$front")"
	as_server mv "$SOURCE/build/bin/ecosys" "$front"
	as_server rm -rf "$SOURCE/build/client" "$SOURCE/build/bin"
	(cd "$SOURCE" &&
		as_server env ECOSYS_FRONT="$front" PG_REGRESS="$tests/regress/pg_regress" PERL5LIB="$tests/perl" \
			TESTDATADIR="$ECOSYS_TMP/tap" TESTLOGDIR="$ECOSYS_TMP/tap" PATH="$PATH" prove -I "$tests/perl" test/t/02*serve*.pl)
}

step "serve: 64 clients for a minute" "$SOURCE/test/harness/serve_endurance.sh"
step "serve: client libraries from npm" "$SOURCE/test/harness/serve_clients.sh"
grep '^skipped' "$ECOSYS_TMP/step.log" || true
step "serve: its tests under sanitizers" serve_sanitized
