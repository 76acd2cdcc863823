#!/usr/bin/env bash
# A PostgreSQL server with PostGIS for a test: in a folder of its own, on a socket only, gone when standard input ends.
# Prints the folder of the socket once the server answers; takes the lines "stop" and "start", and "standby" (a copy that
# follows, its socket in the folder "standby"), "cut" (it follows no more), "promote"; answers each with "done".
set -euo pipefail

bin=$(dirname "$(find /usr/lib/postgresql /usr/pgsql-* /usr/local/pgsql -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -1)")
[ -x "$bin/initdb" ] || { echo "postgres.sh: PostgreSQL is missing" >&2; exit 3; }
dir=$(mktemp -d /tmp/mahwar-postgres.XXXXXX)

as=()
if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
    chown nobody "$dir"
    as=(setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups)
fi
cd "$dir"

start() {
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -t 120 -l "$dir/log" start >/dev/null </dev/null \
        -o "-k $dir -c listen_addresses= -c max_connections=200 ${MAHWAR_POSTGRES-"-c fsync=off"}" || { cat "$dir/log" >&2; exit 1; }
}

stop() { # at once, as when the machine stops
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -w -t 120 -m immediate stop >/dev/null 2>&1 </dev/null || true
}

control() { # pg_ctl of the standby
    "${as[@]}" "$bin/pg_ctl" -D "$dir/copy" -w -t 120 -l "$dir/copy.log" "$@" >/dev/null 2>&1 </dev/null
}

standby() {
    "${as[@]}" mkdir "$dir/standby"
    "${as[@]}" "$bin/pg_basebackup" -D "$dir/copy" -h "$dir" -U mahwar -R -X stream -c fast --no-sync </dev/null >&2
    control start -o "-k $dir/standby -c listen_addresses= -c max_connections=200 -c fsync=off" || { cat "$dir/copy.log" >&2; exit 1; }
}

cut() {
    "${as[@]}" sed -i '/primary_conninfo/d' "$dir/copy/postgresql.auto.conf"
    control reload
    until [ -z "$("$bin/psql" -qAt -h "$dir" -U mahwar -d postgres -c 'SELECT pid FROM pg_stat_replication' </dev/null)" ]; do
        sleep 0.1
    done
}

promote() { control promote; }

trap 'control stop -m immediate || true; stop; rm -rf "$dir"' EXIT
"${as[@]}" "$bin/initdb" -D "$dir/data" -U mahwar --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 </dev/null ||
    { cat "$dir/initdb.log" >&2; exit 1; }
start
"$bin/psql" -q -h "$dir" -U mahwar -d template1 -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION postgis' >&2 </dev/null
echo "$dir"
while read -r word; do
    case $word in
    start | stop | standby | cut | promote) "$word" && echo "done" ;;
    *) echo "postgres.sh: start, stop, standby, cut or promote, not $word" >&2 && exit 2 ;;
    esac
done
