#!/usr/bin/env bash
# train_model.sh [OUTPUT]: makes the model of statement texts (src/statement/statement_coder.h)
# from made-up statements (model_corpus.py, model_phrases.py), and measures it on others of
# the same kinds, first with the same words, then with strange ones. Always the same.
# MEASURE="FILE..." names JSON lines files to measure it on besides.
#
# A released model is never changed: stored statements need it. A better one
# gets the next number, see src/statement/statement.h.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=${1:-/dev/stdout}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# the plain C files: those that do not know the server
mapfile -t plain < <(grep -LE '^#include "(ecosys|postgres|compat)\.h"' src/base/*.c src/actor/*.c src/statement/*.c | grep -v _model_bytes)
cc -O2 -std=gnu99 -Isrc -o "$tmp/tool" test/harness/model_tool.c "${plain[@]}" -lm
corpus=test/harness/model_corpus.py
python3 $corpus 60000 1 marked | "$tmp/tool" keep | python3 test/harness/model_phrases.py >"$tmp/phrases"
{
	python3 $corpus 60000 4
	python3 $corpus 10000 5 strange
} | "$tmp/tool" train "$tmp/phrases" >"$tmp/model"
{
	echo "== other made-up statements"
	python3 $corpus 5000 3 | "$tmp/tool" measure "$tmp/model"
	echo "== with strange names and titles"
	python3 $corpus 5000 2 strange | "$tmp/tool" measure "$tmp/model"
	for file in ${MEASURE:-}; do
		echo "== $file"
		head -n 5000 "$file" | "$tmp/tool" measure "$tmp/model"
	done
} >&2
cat "$tmp/model" >"$output"
