# shellcheck shell=bash
# common.sh - what demo, check and bench share: packages, a private copy of a
# PostgreSQL installation, a throw-away server. Sourced by bash scripts that
# stand in the repository's top folder.
#
# Nothing outside one temporary folder is written (packages aside), so several
# runs can go on at once. PostgreSQL refuses to run as root: as root, all that
# needs the server runs as the postgres user, in a user namespace where the
# kernel lets us (no copying, no chown), by runuser otherwise.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

ECOSYS_TMP=''            # the temporary folder
ECOSYS_AS=()             # prefix of commands that may start a server
ECOSYS_SERVERS=()        # data folders of running servers

cleanup() {
	local status=$? data
	trap - EXIT INT TERM HUP
	for data in "${ECOSYS_SERVERS[@]:-}"; do
		[ -z "$data" ] || as_server "$PG_BIN/pg_ctl" -D "$data" -m immediate -w -t 20 stop >/dev/null 2>&1 || true
	done
	[ -z "$ECOSYS_TMP" ] || rm -rf "$ECOSYS_TMP"
	exit "$status"
}

as_server() { "${ECOSYS_AS[@]}" "$@"; }

# The newest installed PostgreSQL that has a server and headers, or PG_CONFIG's.
find_pg_config() {
	local candidate
	if [ -n "${PG_CONFIG:-}" ]; then
		command -v "$PG_CONFIG" || true
		return
	fi
	for candidate in $(ls -d /usr/lib/postgresql/*/bin/pg_config 2>/dev/null | sort -t/ -k5,5nr) $(command -v pg_config || true); do
		if [ -x "$("$candidate" --bindir)/postgres" ] && [ -f "$("$candidate" --pgxs)" ]; then
			echo "$candidate"
			return
		fi
	done
}

# Packages by the file that shows they are there. Prints the missing ones.
missing_packages() {
	local version=$1 want=$2
	command -v gcc >/dev/null || echo gcc libc6-dev
	command -v make >/dev/null || echo make
	[ -f /usr/include/zstd.h ] || echo libzstd-dev
	[ -f /usr/include/xxhash.h ] || echo libxxhash-dev
	[ -f /usr/include/microhttpd.h ] || echo libmicrohttpd-dev
	[ -f /usr/include/zlib.h ] || echo zlib1g-dev
	[ -f /usr/include/openssl/evp.h ] || echo libssl-dev
	[ -f /usr/include/curl/curl.h ] || compgen -G "/usr/include/*/curl/curl.h" >/dev/null || echo libcurl4-openssl-dev
	[ -f /usr/include/postgresql/libpq-fe.h ] || [ -f /usr/include/libpq-fe.h ] || echo libpq-dev
	if [ -z "$(find_pg_config)" ]; then
		echo "postgresql-$version postgresql-server-dev-$version"
	fi
	if [ "$want" = check ]; then
		command -v curl >/dev/null || echo curl
		command -v openssl >/dev/null || echo openssl
		command -v pg_prove >/dev/null || echo libtap-parser-sourcehandler-pgtap-perl
		perl -MIPC::Run -e 1 2>/dev/null || echo libipc-run-perl
		ls "$(share_dir)"/extension/pgtap.control >/dev/null 2>&1 || echo "postgresql-$version-pgtap"
	fi
}

share_dir() {
	local config
	config=$(find_pg_config)
	[ -n "$config" ] && "$config" --sharedir || echo /nonexistent
}

need_packages() {
	local want=$1 version missing config apt=()
	config=$(find_pg_config)
	if [ -n "$config" ]; then
		version=$("$config" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	else
		version=$(apt-cache search --names-only '^postgresql-server-dev-[0-9]+$' 2>/dev/null | sed 's/^postgresql-server-dev-\([0-9]*\).*/\1/' | sort -n | tail -n 1 || true)
		version=${version:-15}
	fi
	missing=$(missing_packages "$version" "$want" | tr '\n' ' ')
	missing=${missing% }
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" = 0 ]; then
		apt=(env)
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		apt=(sudo -n env)
	elif command -v sudo >/dev/null && [ -t 0 ]; then
		apt=(sudo env)
	fi
	if [ ${#apt[@]} = 0 ] || ! command -v apt-get >/dev/null; then
		die "missing: $missing
install with: sudo apt-get install --no-install-recommends $missing"
	fi
	say "installing: $missing"
	# no stray system-wide cluster, unless somebody has decided otherwise
	if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
		"${apt[@]}" sh -c 'mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'
	fi
	"${apt[@]}" apt-get -o DPkg::Lock::Timeout=600 update -qq >/dev/null 2>&1 || true
	# shellcheck disable=SC2086
	"${apt[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
		install -y -qq --no-install-recommends $missing >/dev/null || die "could not install: $missing
try: sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
}

# Make the temporary folder, decide who runs the server, copy the tree and
# PostgreSQL into the folder. Sets PG_CONFIG, PG_BIN, SOURCE.
prepare() {
	local config real version
	umask 022
	ECOSYS_TMP=$(mktemp -d "/tmp/ecosys-$(id -u)-XXXXXX")
	trap cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	chmod 755 "$ECOSYS_TMP"
	config=$(find_pg_config)
	[ -n "$config" ] || die "no PostgreSQL with server and headers found; set PG_CONFIG"
	version=$("$config" --version | sed 's/^PostgreSQL \([0-9]*\).*/\1/')
	[ "$version" -ge 15 ] 2>/dev/null || die "ecosys needs PostgreSQL 15 or later, $config is $("$config" --version)"

	if [ "$(id -u)" = 0 ]; then
		id postgres >/dev/null 2>&1 || die "no user postgres on this machine: as root, the server is run as that user"
		if unshare --user --map-user="$(id -u postgres)" --map-group="$(id -g postgres)" true 2>/dev/null; then
			ECOSYS_AS=(unshare --user "--map-user=$(id -u postgres)" "--map-group=$(id -g postgres)")
		else
			ECOSYS_AS=(runuser -u postgres --)
		fi
	else
		ECOSYS_AS=(env)
	fi

	# the tree as git knows it, never build products
	SOURCE=$ECOSYS_TMP/source
	mkdir -p "$SOURCE"
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files -z -co --exclude-standard | while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done |
			tar --null -T - -cf - | tar -xf - -C "$SOURCE"
	else
		tar -cf - --exclude='*.o' --exclude='*.bc' --exclude='*.so' --exclude='*.d' --exclude=./build --exclude=./.git . | tar -xf - -C "$SOURCE"
	fi

	# A private installation: links to the real one, with bin/ copied, because
	# PostgreSQL finds its other folders relative to its own program.
	real=$ECOSYS_TMP/pg
	local d
	for d in bindir pkglibdir sharedir pkgincludedir includedir-server; do
		local from to
		from=$("$config" "--$d")
		to=$real$from
		[ -d "$from" ] || continue
		[ -d "$to" ] || { mkdir -p "$(dirname "$to")"; cp -rs "$from" "$(dirname "$to")/"; }
	done
	PG_BIN=$real$("$config" --bindir)
	local f
	for f in "$PG_BIN"/*; do
		if [ -L "$f" ]; then cp --remove-destination "$(readlink -f "$f")" "$f"; fi
	done
	PG_CONFIG=$PG_BIN/pg_config
	export PG_CONFIG
	export PATH=$PG_BIN:$PATH
	export LC_ALL=C
	[ "${ECOSYS_AS[0]}" != runuser ] || chown -R postgres "$ECOSYS_TMP"
}

# build [make arguments]: compile and install the copy into the private PostgreSQL.
build() {
	local log=$ECOSYS_TMP/build.log
	as_server make -s -C "$SOURCE" -j2 with_llvm=no PG_CONFIG="$PG_CONFIG" "$@" all >"$log" 2>&1 &&
		as_server make -s -C "$SOURCE" with_llvm=no PG_CONFIG="$PG_CONFIG" "$@" install >>"$log" 2>&1 ||
		{ cat "$log" >&2; die "the build failed"; }
}

# stop_servers: all that this run started.
stop_servers() {
	local data
	for data in "${ECOSYS_SERVERS[@]:-}"; do
		[ -z "$data" ] || as_server "$PG_BIN/pg_ctl" -D "$data" -m fast -w -t 60 stop >/dev/null 2>&1 || true
	done
	ECOSYS_SERVERS=()
}

# start_server NAME [-c setting=value ...]: a server on a socket in the
# temporary folder. Sets PGHOST, PGPORT, PGUSER, PGDATABASE.
start_server() {
	local name=$1 data=$ECOSYS_TMP/$1
	shift
	as_server "$PG_BIN/initdb" -D "$data" -U postgres -E UTF8 --no-locale -A trust --no-sync >"$ECOSYS_TMP/$name.initdb.log" 2>&1 ||
		{ cat "$ECOSYS_TMP/$name.initdb.log" >&2; die "initdb failed"; }
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$ECOSYS_TMP'"
		echo "max_connections = 50"
		echo "shared_buffers = 256MB"
		echo "max_wal_size = 4GB"
		echo "timezone = 'UTC'"
		echo "fsync = off"
	} >"$ECOSYS_TMP/$name.conf"
	while [ $# -gt 0 ]; do
		[ "$1" = -c ] || die "start_server: $1"
		echo "$2" | sed "s/\([^=]*\)=\(.*\)/\1 = '\2'/" >>"$ECOSYS_TMP/$name.conf"
		shift 2
	done
	as_server sh -c "cat '$ECOSYS_TMP/$name.conf' >> '$data/postgresql.conf'"
	ECOSYS_SERVERS+=("$data")
	# ECOSYS_SERVER_PROGRAM: a wrapper around postgres, for sanitizers and valgrind
	as_server "$PG_BIN/pg_ctl" -D "$data" -l "$ECOSYS_TMP/$name.log" -w -t "${ECOSYS_START_TIMEOUT:-60}" \
		${ECOSYS_SERVER_PROGRAM:+-p "$ECOSYS_SERVER_PROGRAM"} start >/dev/null 2>&1 ||
		{ tail -n 20 "$ECOSYS_TMP/$name.log" >&2; die "the server did not start"; }
	export PGHOST=$ECOSYS_TMP PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	unset PGSERVICE PGPASSWORD PGOPTIONS || true
}
