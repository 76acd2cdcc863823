#!/usr/bin/env bash
# Installs Rust and Node.js into the user's account by their official installers, if they are missing or too old.
# Asks once; YES=1 answers yes. Without a terminal and without YES=1 it prints the commands and ends with 1.
# Usage: scripts/toolchains.sh
set -euo pipefail

RUST=1.95
NODE=20
NODE_INSTALLED=22
NVM=v0.40.3

# Looks where the installers put programs, since the shell that runs make has not read their profile files.
PATH="$PATH:$HOME/.cargo/bin"
for bin in "${NVM_DIR:-$HOME/.nvm}"/versions/node/*/bin; do
    [ -d "$bin" ] && PATH="$PATH:$bin"
done

at_least() { # version, least version
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

has_rust() {
    local version
    version=$(cargo --version 2>/dev/null | cut -d ' ' -f 2) && [ -n "$version" ] && at_least "$version" "$RUST"
}

has_node() {
    local version
    version=$(node --version 2>/dev/null) && command -v npm >/dev/null && at_least "${version#v}" "$NODE"
}

rust_command() {
    if command -v rustup >/dev/null; then
        echo "rustup update stable && rustup default stable"
    else
        echo "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"
    fi
}

node_command() {
    echo "curl -fsSL https://raw.githubusercontent.com/nvm-sh/nvm/$NVM/install.sh | PROFILE=/dev/null bash && . \"\${NVM_DIR:-\$HOME/.nvm}/nvm.sh\" && nvm install $NODE_INSTALLED"
}

names=()
commands=()
if ! has_rust; then
    names+=("Rust $RUST or newer")
    commands+=("$(rust_command)")
fi
if ! has_node; then
    names+=("Node.js $NODE or newer")
    commands+=("$(node_command)")
fi
[ ${#names[@]} -eq 0 ] && exit 0

{
    echo "setup: missing or too old:"
    printf '  %s\n' "${names[@]}"
    echo "setup: these commands install it into your account ($HOME), by the official installers:"
    printf '  %s\n' "${commands[@]}"
} >&2

if [ "${YES:-}" != 1 ]; then
    if [ ! -t 0 ]; then
        echo "setup: run them yourself, or run make again with YES=1" >&2
        exit 1
    fi
    read -r -p "setup: run them now? [y/N] " answer
    case "$answer" in
    [yY] | [yY][eE][sS]) ;;
    *)
        echo "setup: nothing was installed" >&2
        exit 1
        ;;
    esac
fi

for command in "${commands[@]}"; do
    # nvm.sh reads variables that are not set.
    bash -o pipefail -c "$command" >&2 || {
        echo "setup: this command failed: $command" >&2
        exit 1
    }
done
