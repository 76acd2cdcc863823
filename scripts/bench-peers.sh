#!/usr/bin/env bash
# Mahwar beside other servers of the field: same machine, same data, same run, medians of paired rounds.
# The peers come from public registries; one that cannot be installed here is left out and named.
# Usage: scripts/bench-peers.sh BINARY [ROUNDS] [SECONDS]
# PEERS names the peers, by default "nginx tileserver-gl pygeoapi"; martin among them is built first (ten minutes).
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?usage: scripts/bench-peers.sh BINARY [ROUNDS] [SECONDS]}")
rounds=${2:-3}
seconds=${3:-4}
folder=$PWD/target/peers
tileserver=$folder/node_modules/.bin/tileserver-gl
mkdir -p "$folder/site"
PORT=18400
TILE=6/39/25

PEERS=${PEERS:-nginx tileserver-gl pygeoapi}

wants() { # peer
    [[ " $PEERS " == *" $1 "* ]]
}

say() { echo "bench-peers: $*" >&2; }

install() {
    ! wants tileserver-gl || [ -x "$tileserver" ] ||
        npm install --prefix "$folder" --no-audit --no-fund --loglevel=error tileserver-gl-light@5.6.0 ||
        say "tileserver-gl-light is left out: npm could not install it"
    ! wants pygeoapi || [ -x "$folder/venv/bin/pygeoapi" ] || {
        python3 -m venv "$folder/venv"
        "$folder/venv/bin/pip" install --quiet pygeoapi waitress || say "pygeoapi is left out: pip could not install it"
    }
    if wants martin && [ ! -x "$folder/bin/martin" ]; then
        cargo install martin --version 1.14.0 --locked --root "$folder" --no-default-features \
            --features fonts,mbtiles,metrics,passthrough,pmtiles,sprites,styles,geojson,mlt
    fi
}

servers=()
trap '[ ${#servers[@]} -eq 0 ] || kill "${servers[@]}" 2>/dev/null || true' EXIT

ready() { # name, URL
    local end=$((SECONDS + 60))
    while [ $SECONDS -lt $end ]; do
        curl -sf -o /dev/null --max-time 20 "$2" && return
        sleep 0.2
    done
    say "$1 did not answer at $2 within a minute; left out"
    return 1
}

names=()
addresses=()
headers=()
add() { # name, URL, header
    ready "$1" "$2" || return 0
    names+=("$1")
    addresses+=("$2")
    headers+=("$3")
}

GZIP="accept-encoding: gzip"

start_mahwar() {
    "$binary" serve --bind 127.0.0.1:$PORT >"$folder/mahwar.log" &
    servers+=($!)
    own=$!
    local base=http://127.0.0.1:$PORT
    ready mahwar $base/readyz || exit 1
    local tile=$base/xyz/districts,places/$TILE.mvt
    curl -sf -H "$GZIP" -D "$folder/head" -o "$folder/site/tile.mvt.gz" "$tile"
    etag=$(sed -n 's/^etag: //Ip' "$folder/head" | tr -d '\r')
    add "mahwar, cached tile" "$tile" "$GZIP"
    add "mahwar, 304" "$tile" "if-none-match: $etag"
    add "mahwar, items of a box" "$base/collections/places/items?bbox=44,35,45,36&limit=100" "accept: application/geo+json"
    "$binary" serve --bind 127.0.0.1:$((PORT + 1)) --tile-cache 0 >"$folder/mahwar-cold.log" &
    servers+=($!)
    add "mahwar, tile made anew" "http://127.0.0.1:$((PORT + 1))/xyz/districts,places/$TILE.mvt" "$GZIP"
}

start_nginx() {
    cat >"$folder/nginx.conf" <<CONF
daemon off; worker_processes 2; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 100000000; client_body_temp_path $folder/b; proxy_temp_path $folder/p;
  fastcgi_temp_path $folder/f; uwsgi_temp_path $folder/u; scgi_temp_path $folder/s;
  server {
    listen 127.0.0.1:$((PORT + 2)); root $folder/site;
    location = /tile.mvt.gz { types {} default_type application/vnd.mapbox-vector-tile; add_header content-encoding gzip; }
  }
}
CONF
    nginx -c "$folder/nginx.conf" &
    servers+=($!)
    add "nginx, the same tile from a file" "http://127.0.0.1:$((PORT + 2))/tile.mvt.gz" "$GZIP"
}

start_tileserver_gl() {
    [ -x "$tileserver" ] || return 0
    cat >"$folder/tileserver.json" <<CONF
{"options": {"paths": {"root": "$folder", "pmtiles": "$folder"}}, "data": {"land": {"pmtiles": "land.pmtiles"}}}
CONF
    (cd "$folder" && exec "$tileserver" --config tileserver.json --bind 127.0.0.1 \
        --port $((PORT + 3)) --silent >"$folder/tileserver.log" 2>&1) &
    servers+=($!)
    add "tileserver-gl-light, tile of a PMTiles" "http://127.0.0.1:$((PORT + 3))/data/land/$TILE.pbf" "$GZIP"
}

start_martin() {
    [ -x "$folder/bin/martin" ] || return 0
    "$folder/bin/martin" --listen-addresses 127.0.0.1:$((PORT + 4)) "$folder/land.pmtiles" "$folder/districts.geojson" \
        >"$folder/martin.log" 2>&1 &
    servers+=($!)
    add "martin 1.14, tile of a PMTiles" "http://127.0.0.1:$((PORT + 4))/land/$TILE" "$GZIP"
    add "martin 1.14, tile of a GeoJSON" "http://127.0.0.1:$((PORT + 4))/districts/$TILE" "$GZIP"
}

start_pygeoapi() {
    [ -x "$folder/venv/bin/pygeoapi" ] || return 0
    cat >"$folder/pygeoapi.yml" <<CONF
server:
  bind: {host: 127.0.0.1, port: $((PORT + 5))}
  url: http://127.0.0.1:$((PORT + 5))
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {default_items: 100, max_items: 1000}
  map: {url: "http://127.0.0.1/{z}/{x}/{y}.png", attribution: none}
logging: {level: ERROR}
metadata:
  identification: {title: bench, description: bench, keywords: [bench], keywords_type: theme, terms_of_service: none, url: http://127.0.0.1}
  license: {name: none, url: http://127.0.0.1}
  provider: {name: bench, url: http://127.0.0.1}
  contact: {name: bench, position: bench, address: bench, city: bench, stateorprovince: bench, postalcode: "0", country: bench, phone: "0", fax: "0", email: a@example.org, url: http://127.0.0.1, hours: none, instructions: none, role: pointOfContact}
resources:
  places:
    type: collection
    title: places
    description: places
    keywords: [places]
    links: [{type: text/html, rel: canonical, title: places, href: http://127.0.0.1}]
    extents: {spatial: {bbox: [38, 28, 49, 38], crs: http://www.opengis.net/def/crs/OGC/1.3/CRS84}}
    providers:
      - {type: feature, name: GeoJSON, data: $folder/places.geojson, id_field: id}
CONF
    export PYGEOAPI_CONFIG=$folder/pygeoapi.yml PYGEOAPI_OPENAPI=$folder/pygeoapi-openapi.yml
    "$folder/venv/bin/pygeoapi" openapi generate "$PYGEOAPI_CONFIG" --output-file "$PYGEOAPI_OPENAPI" \
        >"$folder/pygeoapi.log" 2>&1 || { say "pygeoapi is left out: see $folder/pygeoapi.log"; return 0; }
    "$folder/venv/bin/waitress-serve" --listen=127.0.0.1:$((PORT + 5)) --threads=8 pygeoapi.flask_app:APP \
        >>"$folder/pygeoapi.log" 2>&1 &
    servers+=($!)
    add "pygeoapi, items of a box (GeoJSON)" \
        "http://127.0.0.1:$((PORT + 5))/collections/places/items?f=json&bbox=44,35,45,36&limit=100" "accept: application/geo+json"
}

install
"$binary" export districts places -o "$folder/land.pmtiles" 2>"$folder/export.log" || say "no PMTiles: $(tail -n 1 "$folder/export.log")"
"$binary" export places -o "$folder/places.geojson"
"$binary" export districts -o "$folder/districts.geojson"
start_mahwar
! wants nginx || start_nginx
! wants tileserver-gl || start_tileserver_gl
! wants martin || start_martin
! wants pygeoapi || start_pygeoapi

results=$folder/results.tsv
: >"$results"
for _ in $(seq "$rounds"); do
    for at in "${!names[@]}"; do
        rate=$(wrk -t2 -c32 -d"${seconds}s" -H "${headers[$at]}" "${addresses[$at]}" | awk '
            /^Requests\/sec/ { rate = $2 } /Non-2xx/ { wrong = 1 } END { print wrong ? "failed" : rate }')
        printf '%s\t%s\n' "${names[$at]}" "$rate" >>"$results"
    done
done
echo "load at the end: $(cut -d' ' -f1-3 /proc/loadavg); resident memory of mahwar: $(awk '/VmRSS/ {print $2 / 1024 " MiB"}' "/proc/$own/status")"
echo "size of the tile: $(stat -c %s "$folder/site/tile.mvt.gz") bytes gzip"
python3 - "$results" <<'PYTHON'
import statistics
import sys

rates = {}
for line in open(sys.argv[1], encoding="utf-8"):
    name, rate = line.rstrip("\n").split("\t")
    rates.setdefault(name, []).append(rate)
for name, values in rates.items():
    good = [float(value) for value in values if value not in ("failed", "")]
    print(f"{name:45}", f"{statistics.median(good):>10,.0f} requests/s" if good else "    answered with errors")
PYTHON
