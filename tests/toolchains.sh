#!/usr/bin/env bash
# Checks scripts/toolchains.sh with stub installers first in the path: what it prints, what it runs, and that it asks.
# Usage: tests/toolchains.sh
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin=$work/bin
mkdir -p "$bin" "$work/home"
# No Rust and no Node.js: only these programs of the system.
for tool in bash sh sort head cut cat mkdir chmod env; do ln -s "$(command -v $tool)" "$bin/$tool"; done

# The stub of curl prints an installer that leaves a program behind, as the real ones do.
cat >"$bin/curl" <<'STUB'
#!/usr/bin/env bash
echo "curl $*" >>"$HOME/log"
[ -z "${STUB_FAILS:-}" ] || exit 22
case "$*" in
*sh.rustup.rs*)
    cat <<'RUST'
echo "rustup-init $*" >>"$HOME/log"
mkdir -p "$HOME/.cargo/bin"
printf '#!/bin/sh\necho cargo 1.95.0\n' >"$HOME/.cargo/bin/cargo"
chmod +x "$HOME/.cargo/bin/cargo"
RUST
    ;;
*nvm*)
    cat <<'NODE'
echo "nvm installer" >>"$HOME/log"
mkdir -p "$HOME/.nvm"
cat >"$HOME/.nvm/nvm.sh" <<'NVM'
nvm() {
    echo "nvm $*" >>"$HOME/log"
    local bin="$HOME/.nvm/versions/node/v22.1.0/bin"
    mkdir -p "$bin"
    printf '#!/bin/sh\necho v22.1.0\n' >"$bin/node"
    printf '#!/bin/sh\necho 10\n' >"$bin/npm"
    chmod +x "$bin/node" "$bin/npm"
}
NVM
NODE
    ;;
esac
STUB
chmod +x "$bin/curl"

run() { # variables of the environment; the answer is in $out and $code
    code=0
    out=$(env -i HOME="$work/home" PATH="$bin" "$@" bash scripts/toolchains.sh 2>&1 </dev/null) || code=$?
}
check() { # what, condition…
    local what=$1
    shift
    "$@" || { printf 'toolchains: failed: %s\ncode %s, output:\n%s\n' "$what" "$code" "$out" >&2; exit 1; }
}
says() { [[ $out == *"$1"* ]]; }
logged() { grep -qF -- "$1" "$work/home/log"; }

run
check "ends with 1 without a terminal and without YES=1" [ "$code" = 1 ]
check "prints the command for Rust" says "https://sh.rustup.rs | sh -s -- -y"
check "prints the command for Node.js" says "nvm install 22"
check "runs nothing" [ ! -e "$work/home/log" ]

run YES=1 STUB_FAILS=1
check "a download that fails ends it" [ "$code" = 1 ]
check "names the command that failed" says "this command failed: curl"
rm -rf "$work/home" && mkdir "$work/home"

run YES=1
check "installs both" [ "$code" = 0 ]
check "runs rustup's installer without questions" logged "rustup-init -y --profile minimal"
check "installs Node.js by nvm" logged "nvm install 22"

run
check "finds what it has installed, in a new shell" [ "$code" = 0 ]
check "says nothing then" [ -z "$out" ]

printf '#!/bin/sh\necho cargo 1.70.0\n' >"$work/home/.cargo/bin/cargo"
run
check "asks for a newer Rust" [ "$code" = 1 ]
check "names the version" says "Rust 1.95 or newer"
check "does not ask for Node.js" eval '! says "Node.js"'

if command -v script >/dev/null; then
    answer() { # what is typed
        code=0
        out=$(env -i HOME="$work/home" PATH="$bin" "$(command -v script)" -qec 'bash scripts/toolchains.sh' /dev/null 2>&1 <<<"$1") || code=$?
    }
    rm -f "$work/home/log"
    answer n
    check "no is no" [ "$code" = 1 ]
    check "says that nothing was installed" says "nothing was installed"
    check "runs nothing after a no" [ ! -e "$work/home/log" ]
    answer y
    check "yes installs" [ "$code" = 0 ]
    check "the installer ran" logged "rustup-init"
fi
echo "toolchains: ok"
