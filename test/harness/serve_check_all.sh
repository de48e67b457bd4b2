# shellcheck shell=bash
# serve_check_all.sh - the long runs of `ecosys serve` in `make check-all`,
# sourced by check_all.sh while check.sh's server is up.

# The front alone under sanitizers, leaks included, through the tests of its own.
serve_sanitized() {
	local front=$SOURCE/build/sanitized/ecosys tests
	tests=$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")/test
	as_server mkdir -p "$(dirname "$front")"
	(cd "$SOURCE" && as_server gcc -std=gnu99 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -Isrc \
		-I"$("$PG_CONFIG" --includedir)" -I"$("$PG_CONFIG" --pkgincludedir)" -DECOSYS_VERSION='"sanitized"' -o "$front" \
		src/client/*.c src/base/*.c -L"$("$PG_CONFIG" --libdir)" -lpq -lmicrohttpd -lcrypto -lz -lpthread -lm &&
		as_server env ECOSYS_FRONT="$front" PG_REGRESS="$tests/regress/pg_regress" PERL5LIB="$tests/perl" \
			TESTDATADIR="$ECOSYS_TMP/tap" TESTLOGDIR="$ECOSYS_TMP/tap" PATH="$PATH" prove -I "$tests/perl" test/t/02*serve*.pl)
}

step "serve: 64 clients for a minute" "$SOURCE/test/harness/serve_endurance.sh"
step "serve: client libraries from npm" "$SOURCE/test/harness/serve_clients.sh"
grep '^skipped' "$ECOSYS_TMP/step.log" || true
step "serve: its tests under sanitizers" serve_sanitized
