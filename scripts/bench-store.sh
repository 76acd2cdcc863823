#!/usr/bin/env bash
# Measures the store: ingest of a corpus into SQLite and PostgreSQL, its size, and the latency of tiles and items before
# and after. Usage: scripts/bench-store.sh BINARY [COUNT]
set -euo pipefail
cd "$(dirname "$0")/.."
mahwar=$(realpath "$1")
count=${2-100000}
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT

scripts/corpus.py "$count" >"$dir/corpus.ndjson"
echo "corpus: $count documents, $(($(stat -c %s "$dir/corpus.ndjson") / count)) bytes a line"

seconds() { date +%s.%N; }
rate() { python3 -c "print(f'{$count / ($2 - $1):.0f} documents/s')"; }

latency() { # address of a store, what it holds
    "$mahwar" serve --bind 127.0.0.1:0 --store "$1" >"$dir/url" 2>"$dir/serve.log" &
    server=$!
    until grep -q http "$dir/url"; do sleep 0.2; done
    python3 - "$(grep -o 'http://[^ ]*' "$dir/url")" "$2" <<'PY'
import sys, time, urllib.request
base, what = sys.argv[1].rstrip("/"), sys.argv[2]
def ask(path, count=300):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        urllib.request.urlopen(base + path).read()
        times.append(time.perf_counter() - start)
    return sorted(times)[count // 2] * 1000
paths = {
    "tile districts": "/xyz/districts/7/79/51.mvt",
    "tile mention_places": "/xyz/mention_places/7/79/51.mvt",
    "items districts": "/collections/districts/items?f=json&limit=10",
    "items places, box": "/collections/places/items?f=json&bbox=43,34,45,36&limit=100",
}
ask("/healthz", 20)
print(f"{what}: " + ", ".join(f"{name} {ask(path):.2f} ms" for name, path in paths.items()))
PY
    kill "$server"; wait "$server" || true; server=
}

sqlite=sqlite:$dir/store.db
echo >"$dir/empty.txt" "وقعت هجمات في قضاء خانقين."
"$mahwar" ingest "$dir/empty.txt" --store "$sqlite" >/dev/null
latency "$sqlite" "median before, SQLite"
start=$(seconds)
"$mahwar" ingest "$dir/corpus.ndjson" --store "$sqlite" >/dev/null
end=$(seconds)
echo "SQLite: $(rate "$start" "$end") with geoparsing, $(($(cat "$dir"/store.db* | wc -c) / count)) bytes a document"
latency "$sqlite" "median after, SQLite"

mkfifo "$dir/words"
MAHWAR_POSTGRES='' tests/postgres.sh <"$dir/words" >"$dir/folder" &
exec 8>"$dir/words"
until grep -q / "$dir/folder"; do sleep 0.2; done
folder=$(cat "$dir/folder")
postgres="postgres:///template1?host=$folder&user=mahwar"
start=$(seconds)
"$mahwar" ingest "$dir/corpus.ndjson" --store "$postgres" >/dev/null
end=$(seconds)
size=$(python3 -c "import subprocess; print(subprocess.run(['psql', '-h', '$folder', '-U', 'mahwar', '-d', 'template1', '-Atc', 'SELECT pg_database_size(current_database())'], capture_output=True, text=True, check=True).stdout)")
echo "PostgreSQL: $(rate "$start" "$end") with geoparsing, $((size / count)) bytes a document"
start=$(seconds)
"$mahwar" store copy "$sqlite" "sqlite:$dir/copy.db" 2>/dev/null
end=$(seconds)
echo "copy from SQLite to SQLite, without geoparsing: $(rate "$start" "$end")"
start=$(seconds)
"$mahwar" check --store "$sqlite"
end=$(seconds)
echo "check: $(rate "$start" "$end")"
exec 8>&-
wait
