#!/usr/bin/env bash
# Runs the PySpark example of docs/scale-out.md on a small corpus, both ways, and compares with the filter alone.
# Usage: tests/spark.sh BINARY; installs PySpark into target/spark once (about 500 MB); needs Java 17 or newer.
set -euo pipefail
cd "$(dirname "$0")/.."
export MAHWAR=$(realpath "$1")
java -version 2>&1 | head -1 | grep -qE '"(1[7-9]|[2-9][0-9])' || { echo "spark: Java 17 or newer is needed" >&2; exit 1; }
venv=target/spark
if [ ! -x $venv/bin/spark-submit ]; then
    python3 -m venv $venv
    $venv/bin/pip install -q --disable-pip-version-check 'pyspark==4.0.*' pandas pyarrow
fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
scripts/corpus.py 200 >"$dir/corpus.ndjson"
"$MAHWAR" geoparse --ndjson --jobs 1 "$dir/corpus.ndjson" >"$dir/expected.ndjson"
export PYSPARK_PYTHON=$PWD/$venv/bin/python SPARK_LOCAL_IP=127.0.0.1
for how in pipe pandas; do
    $venv/bin/spark-submit --master 'local[2]' --conf spark.ui.enabled=false \
        deploy/spark_geoparse.py $how "$dir/corpus.ndjson" "$dir/$how" 2>"$dir/log" || { cat "$dir/log" >&2; exit 1; }
    # Ids come as they were given to `pipe`, and as text from `pandas`, whose column of ids is text.
    python3 - "$dir/expected.ndjson" "$dir/$how" <<'PY'
import json, pathlib, sys
def read(paths):
    found = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            found[str(answer.pop("id"))] = answer
    return found
expected = read([pathlib.Path(sys.argv[1])])
found = read(sorted(pathlib.Path(sys.argv[2]).glob("part-*")))
assert len(expected) == 200 and found == expected, f"{len(found)} of {len(expected)} answers, or others"
PY
    echo "spark: $how gives the answers of the filter alone"
done
