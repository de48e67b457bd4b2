#!/usr/bin/env bash
# train_dictionary.sh [OUTPUT [SIZE]]: trains a compression dictionary on made-up
# statements (dictionary_corpus.py) and measures it on others of the same kinds.
# MEASURE="FILE..." names JSON lines files to measure it on besides.
#
# A released dictionary is never changed: stored statements need it. A better one
# gets the next number, see src/statement/statement_dictionary.h.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=${1:-/dev/stdout}
size=${2:-112640}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

lz4=()
[ ! -e /usr/include/lz4.h ] || lz4=(-DWITH_LZ4 -llz4)
# the plain C files: those that do not know the server
mapfile -t plain < <(grep -LE '^#include "(ecosys|postgres|compat)\.h"' src/base/*.c src/actor/*.c src/statement/*.c | grep -v _zdict)
cc -O2 -std=gnu99 -Isrc -o "$tmp/tool" test/harness/dictionary_tool.c "${plain[@]}" -lzstd -lm "${lz4[@]}"
python3 test/harness/dictionary_corpus.py 30000 1 | "$tmp/tool" train "$size" >"$tmp/dictionary"
for file in "" ${MEASURE:-}; do
	echo "== ${file:-other made-up statements}" >&2
	if [ -z "$file" ]; then
		python3 test/harness/dictionary_corpus.py 5000 2
	else
		head -n 5000 "$file"
	fi | "$tmp/tool" measure "$tmp/dictionary" >&2
done
cat "$tmp/dictionary" >"$output"
