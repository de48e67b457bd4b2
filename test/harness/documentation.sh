#!/usr/bin/env bash
# documentation.sh [PAGE...]: runs what the documentation says.
#
# The ```sql blocks of README.md run in a new database, by its owner, who is no
# superuser; those of a page of docs/ in one where README.md and
# test/documentation/PAGE.sql (what the page takes for granted) have run before. An
# error fails the page. Checks the version and links between pages besides.
# PAGE is README.md or docs/….md; OUTPUT=1 prints what the blocks print. Needs
# PGHOST and so on, as with_server.sh sets them.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- README.md docs/*.md
top=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

sql_blocks() { awk '/^ *```sql$/ {on = 1; next} /^ *```/ {on = 0} on' "$1"; }

failed=0
psql -qX -c 'CREATE ROLE documentation_owner LOGIN'
for page in "$@"; do
	name=$(basename "$page" .md)
	db=documentation_$name
	{
		echo '\set ON_ERROR_STOP on'
		echo '\pset pager off'
		if [ "$page" != README.md ]; then
			echo '\o /dev/null'
			sql_blocks README.md
			[ ! -f "test/documentation/$name.sql" ] || cat "test/documentation/$name.sql"
			echo '\o'
		fi
		sql_blocks "$page"
	} >"$scratch/$name.sql"
	as=()
	if [ "$page" = README.md ]; then as=(-U documentation_owner); fi
	createdb ${as:+-O documentation_owner} "$db"
	if ! (cd "$scratch" && psql -qX "${as[@]}" -d "$db" -f "$name.sql") >"$scratch/$name.out" 2>&1; then
		echo "$page: failed"
		tail -n 20 "$scratch/$name.out"
		failed=1
	elif [ -n "${OUTPUT:-}" ]; then
		echo "== $page"
		cat "$scratch/$name.out"
	fi
	dropdb "$db"
done
psql -qX -c 'DROP ROLE documentation_owner'

# one version, wherever it is written
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" ecosys.control)
[ "$(grep -c "\"version\": \"$version\"" META.json)" = 2 ] || { echo "META.json: not version $version"; failed=1; }
grep -q "^## $version\( \|\$\)" CHANGELOG.md || { echo "CHANGELOG.md: nothing on version $version"; failed=1; }

# links between pages lead somewhere
while IFS=: read -r page link; do
	[ -e "$top/$(dirname "$page")/$link" ] || { echo "$page: no file $link"; failed=1; }
done < <(grep -oE '\]\([a-zA-Z0-9_./-]+\.md' README.md docs/*.md | sed 's/:](/:/')
exit $failed
