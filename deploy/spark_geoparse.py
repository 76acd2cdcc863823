"""Reads a corpus with mahwar under PySpark: one process a partition, lines in, lines out.

    spark-submit deploy/spark_geoparse.py pipe   corpus.ndjson found/
    spark-submit deploy/spark_geoparse.py pandas corpus.ndjson found/

The corpus has lines of {"id": …, "text": …}; the result has one line each, {"id": …, "mentions": …, "claims": …}.
The binary must be on every worker: set MAHWAR to its path, or ship it with `spark-submit --files target/release/mahwar`.
"""

import json
import os
import subprocess
import sys
import threading

from pyspark.sql import SparkSession

MAHWAR = os.environ.get("MAHWAR", "mahwar")
FILTER = [MAHWAR, "geoparse", "--ndjson", "--jobs", "1"]


def through_mahwar(lines):
    """Feeds lines to one process while its answers are read: neither side waits for the whole of the other."""
    process = subprocess.Popen(FILTER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def feed():
        with process.stdin as to:
            for line in lines:
                to.write(line + "\n")

    feeder = threading.Thread(target=feed)
    feeder.start()
    with process.stdout as answers:
        yield from (line.rstrip("\n") for line in answers)
    feeder.join()
    # 2: some lines could not be read; their answers hold the error.
    if process.wait() not in (0, 2):
        raise RuntimeError(f"mahwar ended with {process.returncode}")


def batches(frames):
    """mapInPandas: frames of id and text in; frames of id and what was found (JSON) out."""
    import pandas

    def lines():
        for frame in frames:
            for id, text in zip(frame["id"], frame["text"]):
                yield json.dumps({"id": id, "text": text}, ensure_ascii=False)

    rows = []
    for line in through_mahwar(lines()):
        rows.append((str(json.loads(line)["id"]), line))
        if len(rows) == 500:
            yield pandas.DataFrame(rows, columns=["id", "found"])
            rows = []
    yield pandas.DataFrame(rows, columns=["id", "found"])


def main(how, corpus, found):
    spark = SparkSession.builder.appName("mahwar geoparse").getOrCreate()
    if how == "pipe":
        # The simplest way: every partition is a pipe. A line that cannot be read must not fail the partition.
        command = " ".join(FILTER)
        piped = spark.sparkContext.textFile(corpus).pipe(f"sh -c '{command} || [ $? -eq 2 ]'", checkCode=True)
        piped.saveAsTextFile(found)
    elif how == "pandas":
        texts = spark.read.schema("id string, text string").json(corpus)
        texts.mapInPandas(batches, "id string, found string").select("found").write.text(found)
    else:
        sys.exit(f"pipe or pandas, not {how}")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
