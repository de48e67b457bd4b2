#!/usr/bin/env bash
# serve_clients.sh - `ecosys serve` under client libraries of others, from npm,
# which are installed into a temporary folder. Needs a server as with_server.sh
# or check.sh start it: PGHOST and so on, ecosys on PATH.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null && command -v npm >/dev/null || { echo "skipped: node and npm are not here (Debian: apt-get install nodejs npm)"; exit 0; }
work=$(mktemp -d)
database=serve_clients
front=''
cleanup() {
	[ -z "$front" ] || { kill "$front" && wait "$front" || true; }
	psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database" || true
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent @xapi/xapi@3.0.3 tincanjs@0.50.0 >install.log 2>&1 || { echo "skipped: npm cannot install the libraries: $(tail -n 1 install.log)"; exit 0; }

createdb "$database"
export PGDATABASE=$database
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION ecosys' -c 'SET client_min_messages = warning' -c 'SELECT ecosys.create_ecosystem()' >/dev/null
secret=$(ecosys credentials add client --scope all 2>/dev/null | sed -n 's/^secret *//p')
ecosys serve -l 127.0.0.1:0 2>front.log &
front=$!
for _ in $(seq 100); do grep -q listening front.log && break; sleep 0.1; done
port=$(sed -n 's/.*listening at .*:\([0-9]*\)\/xapi$/\1/p' front.log)
[ -n "$port" ] || { cat front.log >&2; exit 1; }
cp "$here/serve_clients.js" .
node serve_clients.js "http://127.0.0.1:$port/xapi" client "$secret"
