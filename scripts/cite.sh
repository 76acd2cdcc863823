#!/usr/bin/env bash
# Runs OGC's executable test suites for OGC API – Features 1.0 and OGC API – Tiles 1.0 against a server of its own.
# The suites come from Maven Central and run on Java 17 or newer. Usage: scripts/cite.sh BINARY
# Exit code: 0 no failure, 1 a failure, 75 the suites are not to be had here.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?usage: scripts/cite.sh BINARY}
folder=target/cite
FEATURES=1.9
TILES=1.2
# Every layer of the land is tested.
COLLECTIONS=-1

fetch() { # artifact, version
    local jar="$folder/$1-$2-aio.jar"
    [ -s "$jar" ] && return
    mvn -q -B dependency:copy -Dartifact="org.opengis.cite:$1:$2:jar:aio" -DoutputDirectory="$folder" \
        >"$folder/$1.fetch.log" 2>&1 || return 1
    [ -s "$jar" ]
}

mkdir -p "$folder"
if ! { fetch ets-ogcapi-features10 $FEATURES && fetch ets-ogcapi-tiles10 $TILES; }; then
    echo "cite: NOT RUN: org.opengis.cite:ets-ogcapi-features10:$FEATURES:aio and ets-ogcapi-tiles10:$TILES:aio are not" \
        "to be had from this Maven repository (see $folder/*.fetch.log)." >&2
    echo "cite: the project's own reading of the abstract tests runs with: cargo test --test suite ogc::" >&2
    exit 75
fi

"$binary" serve --bind 127.0.0.1:0 >"$folder/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
for _ in $(seq 300); do
    url=$(sed -n 's/^Mahwar is at //p' "$folder/server.log")
    [ -n "$url" ] && break
    sleep 0.2
done
[ -n "$url" ] || { echo "cite: the server did not start" >&2; exit 1; }

# Writes a property file for TestNG; each argument is key=value.
properties() {
    echo '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">'
    echo '<properties version="1.0">'
    local pair
    for pair in "$@"; do echo "<entry key=\"${pair%%=*}\">${pair#*=}</entry>"; done
    echo '</properties>'
}

failed=0
run() { # artifact, version, property...
    local name=$1 version=$2
    shift 2
    rm -rf "$folder/$name" && mkdir -p "$folder/$name"
    properties "$@" >"$folder/$name/run.xml"
    java -jar "$folder/$name-$version-aio.jar" -o "$folder/$name" "$folder/$name/run.xml" \
        >"$folder/$name/log.txt" 2>&1 || true
    local results
    results=$(find "$folder/$name" -name testng-results.xml | head -n 1)
    if [ -z "$results" ]; then
        echo "cite: $name $version left no results; see $folder/$name/log.txt" >&2
        failed=1
        return
    fi
    python3 - "$name $version" "$results" <<'PYTHON' || failed=1
import sys
import xml.etree.ElementTree as tree

name, path = sys.argv[1:]
root = tree.parse(path).getroot()
count = {word: int(root.get(word, 0)) for word in ("passed", "failed", "skipped")}
print(f"cite: {name}: " + ", ".join(f"{number} {word}" for word, number in count.items()))
for method in root.iter("test-method"):
    if method.get("status") == "FAIL":
        message = method.find(".//message")
        print(f"  failed: {method.get('name')}: {(message.text or '').strip()[:300] if message is not None else ''}")
sys.exit(0 if count["failed"] == 0 and count["passed"] > 0 else 1)
PYTHON
}

run ets-ogcapi-features10 $FEATURES "iut=$url" "noofcollections=$COLLECTIONS"
run ets-ogcapi-tiles10 $TILES "iut=$url" \
    "tilematrixsetdefinitionuri=http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad" \
    "urltemplatefortiles=${url}tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}" \
    "tilematrix=6" "mintilerow=24" "maxtilerow=26" "mintilecol=38" "maxtilecol=39"
exit "$failed"
