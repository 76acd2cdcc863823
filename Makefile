# Mahwar: `make run` starts the map server, `make test` runs everything. Each does its own set-up.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := target/release/mahwar
TEST_BIN := target/debug/mahwar
REFERENCE ?= ../shared/data
# Where the official installers put Rust and Node.js: a shell that has not read their profile files finds them too.
export PATH := $(PATH):$(HOME)/.cargo/bin:$(lastword $(sort $(wildcard $(or $(NVM_DIR),$(HOME)/.nvm)/versions/node/*/bin)))

.PHONY: deny sbom notices help run build viewer test test-clients test-spark torture check eval gazetteer-sweep fuzz cite schemathesis bench bench-peers bench-store bench-scale simulate overload soak shots data clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 14

run: ## Build and start the server; the URL is printed. Installs Rust and Node.js after asking (or YES=1)
	@scripts/toolchains.sh
	@$(MAKE) --no-print-directory build
	$(BIN) serve

build: viewer ## Build target/release/mahwar with the viewer in it
	@scripts/setup.sh build
	cargo build --release --locked

viewer: static/dist/index.html ## Build the web map into static/dist

static/node_modules/.package-lock.json: static/package.json static/package-lock.json
	@scripts/setup.sh viewer
	cd static && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/dist/index.html: static/node_modules/.package-lock.json static/index.html $(shell find static/src static/public -type f 2>/dev/null)
	cd static && npm run build
	@touch static/dist/index.html

test: viewer ## Formatting, lints, unit, property and end-to-end tests, the viewer in a browser
	@scripts/setup.sh test
	tests/toolchains.sh
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	MAHWAR_REQUIRE_TOOLS=1 cargo test --locked
	scripts/torture.py $(TEST_BIN) 5
	scripts/torture.py $(TEST_BIN) 3 --postgres
	MAHWAR_REQUIRE_TOOLS=1 tests/deploy.sh $(TEST_BIN)
	cd static && npm run check && npm run lint && npm run unit && npm run format:check
	MAHWAR_BIN=$(abspath $(TEST_BIN)) tests/viewer/run.sh

torture: build ## Kill servers a hundred times while they keep documents, over each database; and other faults
	@scripts/setup.sh test
	scripts/torture.py $(BIN) 100
	scripts/torture.py $(BIN) 100 --postgres

test-clients: viewer ## Real clients beside the server: GDAL, QGIS, OWSLib, pyogrio, pyarrow, PMTiles; installs them
	@scripts/setup.sh test
	MAHWAR_REQUIRE_TOOLS=1 cargo test --locked --test suite -- clients:: ogc:: wms:: wmts:: nominatim:: reconcile:: formats::

test-spark: build ## The PySpark example of docs/scale-out.md; installs PySpark into target/spark
	tests/spark.sh $(BIN)

check: ## Fast: format, lint, prose of comments, unit tests, licences
	cargo fmt --check
	scripts/prose.py
	cargo clippy --all-targets -- -D warnings
	cargo test --lib
	scripts/notices.py --check
	@if command -v cargo-deny >/dev/null; then cargo deny --log-level error check licenses bans sources; \
	else echo "cargo-deny is not installed; see make deny"; fi

deny: ## Licences, bans, sources and advisories of all dependencies; installs cargo-deny (a long build)
	command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny check

notices: static/node_modules/.package-lock.json ## Write notices/ anew after a change of dependencies
	scripts/notices.py

sbom: ## Bill of materials in CycloneDX 1.5: target/mahwar.cdx.json
	@mkdir -p target
	scripts/sbom.py >target/mahwar.cdx.json
	@echo target/mahwar.cdx.json

gazetteer-sweep: ## Each name of the gazetteer in a plain sentence: found or not, by kind and language; rows that are not right in SWEEP_ROWS=file
	SWEEP_ROWS="$(abspath $(SWEEP_ROWS))" cargo test --locked --release -p mahwar-geoparse --test gazetteer_sweep -- --nocapture

eval: ## Precision, recall and F1 of the geoparser on its evaluation set, on EVAL_DIR=folder, and on the real texts in EVAL_TEXTS=folder
	EVAL_DIR="$(abspath $(EVAL_DIR))" cargo test --locked --release --test suite eval:: -- --nocapture
	cargo build --locked --release
	@test -z "$(EVAL_TEXTS)" || tests/eval/real/score.py $(BIN) --texts "$(EVAL_TEXTS)"

FUZZ_SECONDS ?= 60
fuzz: ## Fuzz folding, matching and the geoparser, FUZZ_SECONDS each
	scripts/fuzz.sh $(FUZZ_SECONDS)

cite: build ## OGC's executable test suites for Features and Tiles, from Maven Central (Java 17)
	@scripts/setup.sh cite
	scripts/cite.sh $(BIN)

schemathesis: ## Schemathesis with all checks over /api
	@scripts/setup.sh schemathesis
	cargo build --locked
	scripts/schemathesis.sh $(TEST_BIN) 30

bench: ## Benchmarks, each beside its ceiling
	cargo bench --locked

bench-peers: build ## Other servers of the field beside this one, same data, same run
	@scripts/setup.sh bench-peers
	scripts/bench-peers.sh $(BIN)
	scripts/bench-mapnik.py $(BIN)

bench-store: build ## Ingest of 100,000 documents into both stores, their size, latency before and after
	@scripts/setup.sh test
	scripts/bench-store.sh $(BIN)

SCALE_SIZES ?= 1,10000,100000,1000000
bench-scale: build ## Start, memory, bytes and milliseconds of the map's questions at SCALE_SIZES documents
	scripts/bench-scale.py $(BIN) --sizes $(SCALE_SIZES) --check

SIMULATE_ROWS ?= 10000000
simulate: ## Partitioned counts and rows of SIMULATE_ROWS generated documents in PostgreSQL: sizes, plans and latencies
	@scripts/setup.sh test
	scripts/simulate.py --rows $(SIMULATE_ROWS)

OVERLOAD_SECONDS ?= 10
overload: build ## Attacks beside probes, OVERLOAD_SECONDS each: latency and memory; fails where a figure is missed
	scripts/overload.py $(BIN) --seconds $(OVERLOAD_SECONDS)

SOAK_SECONDS ?= 1800
soak: build ## Mixed use at 200 requests a second for SOAK_SECONDS: memory, descriptors and threads over time
	scripts/soak.py $(BIN) --seconds $(SOAK_SECONDS)

shots: build ## Refresh the golden pictures and the README's screenshot
	@scripts/setup.sh test
	SHOTS=1 cargo test --locked --test suite render::
	SHOTS=1 MAHWAR_BIN=$(abspath $(BIN)) tests/viewer/run.sh

data: build ## Compile data/ from the reference files, where they are there
	@test -d $(REFERENCE) || { echo "no reference files at $(REFERENCE); set REFERENCE=DIR" >&2; exit 2; }
	$(BIN) build-data --from $(REFERENCE) -o data
	$(BIN) check --data data
