#!/usr/bin/env bash
# Lets Schemathesis loose on a server of its own, with all its checks, a fixed seed and a bounded number of examples.
# Usage: scripts/schemathesis.sh BINARY [EXAMPLES]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:?usage: scripts/schemathesis.sh BINARY [EXAMPLES]}
examples=${2:-30}
venv=$PWD/target/venv-schemathesis
folder=$PWD/target/schemathesis
config=$PWD/scripts/schemathesis.toml
binary=$(realpath "$binary")

if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'schemathesis==4.32.5'
fi

# With a store and a token, so that writes are written.
log=$(mktemp)
store=$(mktemp -d)
export MAHWAR_TOKEN=schemathesis
"$binary" serve --bind 127.0.0.1:0 --store "sqlite:$store/documents.db" >"$log" &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$log" "$store"' EXIT
for _ in $(seq 300); do
    url=$(sed -n 's/^Mahwar is at //p' "$log")
    [ -n "$url" ] && break
    kill -0 "$server" || { echo "schemathesis: the server did not start" >&2; exit 1; }
    sleep 0.2
done
[ -n "$url" ] || { echo "schemathesis: the server did not start within a minute" >&2; exit 1; }

# It keeps what it found in the working folder.
mkdir -p "$folder" && cd "$folder"
export SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONPATH=${config%/*}
"$venv/bin/schemathesis" --config-file "$config" run "${url}api" \
    --header "Authorization: Bearer $MAHWAR_TOKEN" --checks all --max-examples "$examples" --workers 1 --request-timeout 30
