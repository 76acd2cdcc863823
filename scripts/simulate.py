#!/usr/bin/env python3
"""A store of very many documents in PostgreSQL, laid out in partitions by day of arrival: rows come by COPY, no text is read.

Disk and time are checked first. Prints sizes, rates, latencies of the map's questions, and how many partitions each plan touches.
Usage: scripts/simulate.py [--rows 10000000] [--days 100]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Bytes that a document takes with its claim, its id and its indexes, about.
BYTES = 900
BATCH = 500_000


class Postgres:
    """A server of its own, gone at the end."""

    def __init__(self):
        script = os.path.join(HERE, "..", "tests", "postgres.sh")
        self.script = subprocess.Popen([script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.folder = self.script.stdout.readline().strip()
        if not self.folder:
            sys.exit("PostgreSQL with PostGIS is missing")

    def run(self, sql):
        """The lines that a statement gives."""
        command = ["psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "mahwar", "-d", "postgres", "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        return done.stdout.strip().splitlines()

    def file(self, path):
        """Runs the statements of a file."""
        command = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "mahwar", "-d", "postgres", "-f", path]
        subprocess.run(command, check=True)

    def copy(self, table, select):
        """Rows out of a query into a table, both by COPY."""
        base = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "mahwar", "-d", "postgres", "-c"]
        source = subprocess.Popen(base + [f"COPY ({select}) TO STDOUT"], stdout=subprocess.PIPE)
        subprocess.run(base + [f"COPY {table} FROM STDIN"], stdin=source.stdout, check=True)
        if source.wait():
            sys.exit("the rows could not be made")

    def stop(self):
        self.script.stdin.close()
        self.script.wait()


def rows_of(first, last, days, rows):
    """Selects that make the rows of the documents from one number to another."""
    arrived = f"DATE '2024-01-01' + (n * {days} / {rows})::integer"
    published = "to_char(DATE '2015-01-01' + (n * 7919 % 3650)::integer, 'YYYY-MM-DD')"
    numbers = f"generate_series({first}::bigint, {last}::bigint) AS n"
    identity = "left(md5(n::text), 16)"
    text = "'Three attacks were reported in place ' || n % 500 || ', statement ' || n || repeat(' of the day', 8)"
    kinds = "(ARRAY['attack_count', 'casualties', 'security_vacuum', 'meeting'])[1 + n % 4]"
    return {
        "document_ids": f"SELECT {identity}, n, {arrived} FROM {numbers}",
        "documents": f"SELECT {arrived}, n, {identity}, 'Report ' || n, 'en', 'Agency ' || n % 40, {published}, {text} FROM {numbers}",
        "claims": f"SELECT {arrived}, n, 1, {kinds}, 'speaker ' || n % 200, {published}, 'P' || n % 500 FROM {numbers}",
    }


COUNTS = """
INSERT INTO counts
SELECT 'place', place, k, '', period, count(*), count(*), count(*), 0
FROM claims CROSS JOIN LATERAL (VALUES (published), (left(published, 7)), (left(published, 4)), ('*')) AS p (period)
CROSS JOIN LATERAL (VALUES (''), (kind)) AS kinds (k) GROUP BY place, k, period
"""

QUESTIONS = {
    "newest ten claims": "SELECT document, ordinal FROM claims ORDER BY published DESC, document, ordinal LIMIT 10",
    "a page of arrivals of one day": "SELECT number, title FROM documents WHERE arrived = DATE '2024-01-03' ORDER BY number LIMIT 10",
    "one document by its id": "SELECT title FROM documents d JOIN document_ids i ON (d.arrived, d.number) = (i.arrived, i.number)"
                              " WHERE i.id = left(md5('777'), 16)",
    "totals of all places": "SELECT value, documents FROM counts WHERE dimension = 'place' AND kind = '' AND speaker = '' AND period = '*'",
    "totals of a month and a type": "SELECT value, claims FROM counts WHERE dimension = 'place' AND kind = 'casualties'"
                                    " AND speaker = '' AND period = '2019-03'",
    "histogram of a place by month": "SELECT period, documents FROM counts WHERE dimension = 'place' AND value = 'P7' AND kind = ''"
                                     " AND speaker = '' AND length(period) = 7 ORDER BY period",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--days", type=int, default=100)
    options = parser.parse_args()
    need = options.rows * BYTES * 2 + (1 << 30)
    free = shutil.disk_usage("/tmp").free
    print(f"{options.rows:,} documents take about {options.rows * BYTES >> 20:,} MiB, and as much for the log; "
          f"{free >> 20:,} MiB are free")
    if free < need:
        sys.exit(f"/tmp needs {need >> 20:,} MiB free; take fewer --rows")
    server = Postgres()
    try:
        server.file(os.path.join(HERE, "scale-schema.sql"))
        for day in range(options.days + 1):
            for table in ("documents", "claims"):
                server.run(f"CREATE TABLE {table}_{day} PARTITION OF {table} FOR VALUES FROM (DATE '2024-01-01' + {day})"
                           f" TO (DATE '2024-01-01' + {day + 1})")
        for table in ("document_ids", "counts"):
            for part in range(16):
                server.run(f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS 16, REMAINDER {part})")
        begun = time.monotonic()
        for first in range(1, options.rows + 1, BATCH):
            last = min(options.rows, first + BATCH - 1)
            for table, select in rows_of(first, last, options.days, options.rows).items():
                server.copy(table, select)
            rate = last / (time.monotonic() - begun)
            left = (options.rows - last) / rate
            print(f"\r{last:,} documents, {rate:,.0f} a second, {left:,.0f} s left", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        print(f"COPY: {options.rows / (time.monotonic() - begun):,.0f} documents a second")
        begun = time.monotonic()
        server.run(COUNTS)
        print(f"counts: {time.monotonic() - begun:,.0f} s")
        server.run("ANALYZE")
        for table in ("document_ids", "documents", "claims", "counts"):
            size = server.run(f"SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('{table}') WHERE isleaf")[0]
            print(f"{table}: {int(size) / 1e6:,.0f} MB, {int(size) / options.rows:,.0f} bytes a document")
        print("| question | ms | parts touched |\n| --- | ---: | ---: |")
        for name, sql in QUESTIONS.items():
            plan = server.run(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {sql}")
            # The second time, as a server that is in use.
            plan = server.run(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {sql}")
            took = next(re.search(r"Execution Time: ([\d.]+)", line).group(1) for line in plan if "Execution Time" in line)
            touched = {match for line in plan if "never executed" not in line for match in re.findall(r" on (\w+_\d+)\b", line)}
            print(f"| {name} | {float(took):.2f} | {len(touched)} |")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
