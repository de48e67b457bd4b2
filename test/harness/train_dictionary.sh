#!/usr/bin/env bash
# train_dictionary.sh [OUTPUT [SIZE]]: makes a compression dictionary of the runs of text
# that made-up statements (dictionary_corpus.py, dictionary_runs.py) share, and measures it
# on others of the same kinds, first with the same names and titles, then with strange ones.
# Always the same for one version of libzstd. SIZE is that of the content, without tables.
# MEASURE="FILE..." names JSON lines files to measure it on besides.
#
# A released dictionary is never changed: stored statements need it. A better one
# gets the next number, see src/statement/statement_dictionary.h.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=${1:-/dev/stdout}
size=${2:-110000}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

lz4=()
[ ! -e /usr/include/lz4.h ] || lz4=(-DWITH_LZ4 -llz4)
# the plain C files: those that do not know the server
mapfile -t plain < <(grep -LE '^#include "(ecosys|postgres|compat)\.h"' src/base/*.c src/actor/*.c src/statement/*.c | grep -v _zdict)
cc -O2 -std=gnu99 -Isrc -o "$tmp/tool" test/harness/dictionary_tool.c "${plain[@]}" -lzstd -lm "${lz4[@]}"
corpus=test/harness/dictionary_corpus.py
python3 $corpus 60000 1 marked | "$tmp/tool" keep | python3 test/harness/dictionary_runs.py "$size" >"$tmp/content"
python3 $corpus 30000 3 strange | "$tmp/tool" finalize "$tmp/content" >"$tmp/dictionary"
{
	echo "== other made-up statements"
	python3 $corpus 5000 2 | "$tmp/tool" measure "$tmp/dictionary"
	echo "== with strange names and titles"
	python3 $corpus 5000 2 strange | "$tmp/tool" measure "$tmp/dictionary"
	for file in ${MEASURE:-}; do
		echo "== $file"
		head -n 5000 "$file" | "$tmp/tool" measure "$tmp/dictionary"
	done
} >&2
cat "$tmp/dictionary" >"$output"
