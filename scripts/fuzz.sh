#!/usr/bin/env bash
# Runs every fuzz target for a bounded time, from sentences of the evaluation set: scripts/fuzz.sh [SECONDS]
# Needs cargo-fuzz, which it installs; no nightly compiler: coverage works on the stable one, without a sanitizer, and
# the crate forbids unsafe code.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
for target in fold match geoparse; do
    corpus=fuzz/corpus/$target
    if [ ! -d "$corpus" ]; then
        mkdir -p "$corpus"
        cut -f4 tests/eval/*.tsv | sed 's/⟦\([^|]*\)|[^⟧]*⟧/\1/g' | split -l 20 - "$corpus/eval-"
        cp seeds/*.txt "$corpus/"
    fi
    echo "fuzz: $target for $seconds seconds" >&2
    cargo fuzz run --sanitizer none "$target" "$corpus" -- \
        -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=4096
done
