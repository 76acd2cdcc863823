#!/usr/bin/env bash
# Installs what a target needs through the system's package manager, or names it in one line.
# Usage: scripts/setup.sh build|viewer|test|cite|schemathesis|bench-peers
set -euo pipefail

fail() {
    echo "setup: $*" >&2
    exit 1
}

need() { # command, what to say
    command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: $2"
}

# Installs Debian packages for the commands that are missing; each argument is command=package.
packages() {
    local missing=() pair
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair#*=}")
    done
    install "${missing[@]}"
}

# Installs Debian packages by name.
install() {
    local missing=("$@")
    [ ${#missing[@]} -eq 0 ] && return
    local run=()
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || fail "please install: ${missing[*]}"
        run=(sudo -n)
    fi
    command -v apt-get >/dev/null 2>&1 || fail "please install (Debian names): ${missing[*]}"
    echo "setup: installing ${missing[*]}" >&2
    "${run[@]}" apt-get -o DPkg::Lock::Timeout=120 update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        fail "could not install ${missing[*]}; please install them by hand"
}

viewer() {
    need node "install Node.js 20 or newer"
    need npm "install npm"
    local major
    major=$(node -p 'process.versions.node.split(".")[0]')
    [ "$major" -ge 20 ] || fail "Node.js 20 or newer is needed; this is $(node --version)"
}

build() {
    need cargo "install Rust 1.95 or newer"
    packages cc=build-essential
    # Everything but PDF is read without it.
    (packages pdftotext=poppler-utils) || echo "setup: without pdftotext (poppler-utils) PDFs are refused" >&2
}

# PostgreSQL's programs stand outside the path, and PostGIS is no program at all.
postgis() {
    compgen -G '/usr/share/postgresql/*/extension/postgis.control' >/dev/null ||
        packages postgis.control=postgresql-postgis psql=postgresql-client
}

# Another program has the same name.
gnu_parallel() {
    parallel --version 2>/dev/null | grep -q GNU || packages gnu-parallel=parallel
}

# Desktop and Python clients of map servers: QGIS without a screen from Debian, the others from PyPI in a folder of their own.
clients() {
    local missing=()
    tesseract --list-langs 2>/dev/null | grep -qx ara || install tesseract-ocr-ara
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    /usr/bin/python3 -c 'import qgis.core' 2>/dev/null || missing+=(python3-qgis)
    /usr/bin/python3 -c 'from osgeo import ogr' 2>/dev/null || missing+=(python3-gdal)
    ls /usr/lib/qgis/plugins/*wfs* /usr/lib/*/qgis/plugins/*wfs* >/dev/null 2>&1 || missing+=(qgis-providers)
    install "${missing[@]}"
    local folder=target/clients
    if ! "$folder/bin/python" -c 'import pyogrio, owslib, pmtiles, mapbox_vector_tile, pyarrow, mapproxy' 2>/dev/null; then
        /usr/bin/python3 -m venv "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check -r tests/clients/requirements.txt >&2 ||
            fail "could not install the clients of tests/clients/requirements.txt"
        # Only for OGC's schemas in it: none of what it runs on.
        "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps mapproxy==7.0.0 >&2 ||
            fail "could not install mapproxy"
    fi
}

case "${1-}" in
viewer) viewer ;;
build) build ;;
test)
    viewer
    build
    packages nginx=nginx-light chromium=chromium ogrinfo=gdal-bin hb-shape=libharfbuzz-bin pdftotext=poppler-utils tesseract=tesseract-ocr setpriv=util-linux systemd-analyze=systemd curl=curl mkfifo=coreutils python3=python3
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || install python3-venv
    postgis
    gnu_parallel
    clients
    ;;
cite) packages mvn=maven java=openjdk-17-jre-headless python3=python3 ;;
schemathesis) packages python3=python3 pip3=python3-venv ;;
bench-peers)
    packages wrk=wrk nginx=nginx-light python3=python3 curl=curl ogr2ogr=gdal-bin shapeindex=mapnik-utils
    /usr/bin/python3 -c 'import mapnik' 2>/dev/null || install python3-mapnik fonts-dejavu-core
    ;;
*) fail "usage: scripts/setup.sh build|viewer|test|cite|schemathesis|bench-peers" ;;
esac
