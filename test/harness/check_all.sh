# shellcheck shell=bash
# check_all.sh - the long runs of `make check-all`, sourced by check.sh.
#
# The suite again with the module under AddressSanitizer and UndefinedBehaviorSanitizer
# (which see malloc, not what palloc cuts from it), then the fuzzers for longer.

# The server hangs at start on Debian 12 unless ASan's first malloc comes before
# libgpg-error's constructor runs under glibc's gettext lock.
asan_first() {
	printf '#include <stdlib.h>\n__attribute__((constructor)) static void first(void) { free(malloc(1)); }\n' >"$ECOSYS_TMP/first.c"
	gcc -shared -fPIC -Wl,-z,initfirst -o "$ECOSYS_TMP/asan-first.so" "$ECOSYS_TMP/first.c"
	cat >"$ECOSYS_TMP/asan-postgres" <<EOF
#!/bin/sh
LD_PRELOAD=$(gcc -print-file-name=libasan.so):$(gcc -print-file-name=libubsan.so):$ECOSYS_TMP/asan-first.so
ASAN_OPTIONS=detect_leaks=0:abort_on_error=1:detect_stack_use_after_return=0
UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LD_PRELOAD ASAN_OPTIONS UBSAN_OPTIONS
exec $PG_BIN/postgres "\$@"
EOF
	chmod 755 "$ECOSYS_TMP/asan-postgres"
}

sanitizer_build() {
	as_server make -s -C "$SOURCE" with_llvm=no PG_CONFIG="$PG_CONFIG" clean
	build COPT="-fsanitize=address,undefined -fno-sanitize-recover=undefined -O1 -g -U_FORTIFY_SOURCE" EXTRA_LDFLAGS="-fsanitize=address,undefined"
}

no_reports() {
	! grep -nE 'runtime error:|ERROR: AddressSanitizer|terminated by signal' "$ECOSYS_TMP"/sanitizer.log
}

. test/harness/serve_check_all.sh
stop_servers
step "build with sanitizers" sanitizer_build
asan_first
ECOSYS_SERVER_PROGRAM=$ECOSYS_TMP/asan-postgres start_server sanitizer -c jit=off
step "regression and isolation, sanitizers" regression
for file in "$SOURCE"/test/pgtap/*.sql; do
	step "pgTAP, sanitizers: $(basename "$file" .sql)" pgtap "$file"
done
step "no sanitizer report in the server's log" no_reports
if has "$SOURCE/test/fuzz/Makefile"; then
	step "fuzzers, long run" as_server make -s -C "$SOURCE/test/fuzz" fuzz SECONDS="${ECOSYS_FUZZ_SECONDS:-300}"
fi
