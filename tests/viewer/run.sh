#!/usr/bin/env bash
# Starts the built server on a free port with the seed and two dated texts more (seeds/), runs the viewer's tests against it, and stops it by its pid.
#   MAHWAR_BIN    the binary (default target/release/mahwar, else target/debug/mahwar)
#   MAHWAR_URL    a server that already runs; then none is started
#   SHOTS=1       writes the golden pictures and docs/screenshot.png instead of comparing
# Arguments are test files (default: all).
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
[[ -d $root/static/node_modules ]] || (cd "$root/static" && npm ci)

files=("$@")
[[ ${#files[@]} -gt 0 ]] || files=(./*.test.mjs)

if [[ -z ${MAHWAR_URL:-} ]]; then
  bin=${MAHWAR_BIN:-$root/target/release/mahwar}
  [[ -x $bin ]] || bin=$root/target/debug/mahwar
  [[ -x $bin ]] || { echo "no server: build it, or set MAHWAR_BIN or MAHWAR_URL" >&2; exit 1; }
  export MAHWAR_BIN=$bin
  work=$(mktemp -d)
  port=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  mkdir "$work/seeds"
  cp "$root"/seeds/* seeds/* "$work/seeds/"
  "$bin" serve --bind "127.0.0.1:$port" --seeds "$work/seeds" >"$work/log" 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
  export MAHWAR_URL="http://127.0.0.1:$port" MAHWAR_LOG="$work/log"
  for _ in $(seq 600); do
    node -e "fetch('$MAHWAR_URL/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))" && break
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.2
  done
fi

# A test that fails may leave a server of its own open, which would keep its process.
force=()
node --help | grep -q -- --test-force-exit && force=(--test-force-exit)

failed=()
for file in "${files[@]}"; do
  node --test "${force[@]}" --test-concurrency=1 --test-timeout=1800000 "$file" || failed+=("$file")
done
[[ ${#failed[@]} -eq 0 ]] || { echo "failed: ${failed[*]}" >&2; exit 1; }
