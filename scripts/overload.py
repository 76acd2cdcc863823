#!/usr/bin/env python3
"""Attacks a server of its own, one kind after the other, and measures what everybody else notices meanwhile.

    scripts/overload.py target/release/mahwar [--seconds 10] [--documents 4000] [--only NAME] [--json FILE]

Beside each attack three probes ask for a cached tile, for /healthz and for new raster tiles. Attackers, probes and the
server share the processors. Prints a table, and ends with 1 if a figure is missed:
a cached tile under 20 ms at the 99th percentile, /healthz under 50 ms, a new raster tile under 500 ms at the 95th.
At the end the log of the server is read, as of a hostile hour: its size, its lines, and lines that a client forged, of
which none may be there.
The number of clients and the time of each attack are bounded. Only 127.0.0.1 is asked.
"""

import argparse
import collections
import itertools
import json
import multiprocessing
import os
import random
import re
import socket
import sys
import threading
import time
from urllib.parse import quote

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import load
from load import Client, percentile, request

TILE_MS, HEALTH_MS, RASTER_MS = 20, 50, 500
TILE = "/xyz/districts,places/7/79/50.mvt"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
PLAIN = "Content-Type: text/plain\r\n"
JSON = "Content-Type: application/json\r\n"
NDJSON = "Content-Type: application/x-ndjson\r\n"
BEARER = f"Authorization: Bearer {load.TOKEN}\r\n"
BROTLI = "Accept-Encoding: br\r\n"


def box(number):
    """A box that no request before had."""
    return f"{43 + number % 9973 * 1e-5:.5f},{34 + number % 991 * 1e-5:.5f},46,37"


def maps(ending):
    return lambda n: request("GET", f"/maps/light.{ending}?width=4096&height=4096&bbox={box(n)}")


def expensive_filter(number):
    each = " OR ".join(f"ACCENTI(CASEI(name))='zz{number}x{nth}'" for nth in range(140))
    return request("GET", "/collections/places/items?limit=1&filter=" + quote(each))


def touching(number):
    ring = f"POLYGON((40 30,50 40,4{number % 10} 3{number % 7},40 30))"
    each = " OR ".join([f"S_TOUCHES(geometry,{ring})"] * 60)
    return request("GET", "/collections/places/items?limit=1&filter=" + quote(each))


def reconcile_batch(number):
    queries = {f"q{nth}": {"query": f"Makhmour {number} {nth}"} for nth in range(50)}
    return request("POST", "/reconcile", ("queries=" + quote(json.dumps(queries))).encode(), FORM)


def reconcile_values(count):
    query = {"q0": {"query": "Makhmour", "properties": [{"pid": "parent", "v": ["al"] * count}]}}
    body = ("queries=" + json.dumps(query, separators=(",", ":"))).encode()
    return lambda n: request("POST", "/reconcile", body, FORM)


def reconcile_scan(number):
    """Queries without a name: every place is compared with every value."""
    values = [f"zz{number}{nth}" for nth in range(10)]
    query = {"properties": [{"pid": "alt_name", "v": values}]}
    body = "queries=" + quote(json.dumps({f"q{nth}": query for nth in range(50)}))
    return request("POST", "/reconcile", body.encode(), FORM)


def geoparse(text):
    body = text.encode()
    return lambda n: request("POST", "/geoparse", body, PLAIN)


def hostile_pages():
    page = "<p>Kirkuk</p><svg>" + "<path>" * 20000 + "</x>" * 20000
    ordinary = "<p>" + "</p><p>".join([load.NEWS[1]] * 1200) + "</p>"
    lines = [json.dumps({"html": page})] * 4 + [json.dumps({"html": ordinary})] * 20
    return request("POST", "/documents", "\n".join(lines).encode(), NDJSON + BEARER)


FORGED = "2031-01-01T00:00:00.000000Z  INFO mahwar::audit: FORGED"
HOSTILE = f'x\r\n\x1b[2K{FORGED}\n{{"kind":"audit","action":"FORGED"}}\n\x9b31m\u202e\u2028NEXT'


def forging(number):
    """A request that tries to write lines, colours or another direction into the log."""
    kinds = [
        lambda: request("GET", f"/{quote(HOSTILE)}?a={quote(HOSTILE)}&n={number}"),
        lambda: request("GET", "/healthz", headers=f"User-Agent: a\x9b\u202e{number}\r\nX-Request-Id: {FORGED}\r\n"),
        lambda: request("POST", "/documents", json.dumps({"text": "Kirkuk", HOSTILE: number}).encode(), JSON + BEARER),
        lambda: request("POST", "/documents", json.dumps({"text": "Kirkuk", "title": HOSTILE}).encode(), JSON + BEARER),
        lambda: request("POST", "/documents", HOSTILE.encode(), f"Content-Type: text/{number}\r\n" + BEARER),
        lambda: request("PATCH", "/mentions/" + quote(HOSTILE), json.dumps({"ruling": HOSTILE}).encode(), JSON + BEARER),
        lambda: request("POST", "/documents", b"x", f"Content-Type: text/plain\r\nAuthorization: Bearer {FORGED}\r\n"),
    ]
    return kinds[number % len(kinds)]()


def read_log(path):
    """Bytes and lines of a log, and its lines that the server did not write."""
    size, lines, forged = 0, 0, []
    own = re.compile(rb'\{"|\d{4}-\d\d-\d\dT[0-9:.]+Z? +(ERROR|WARN|INFO|DEBUG) ')
    hostile = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
    with open(path, "rb") as log:
        for line in log:
            size, lines = size + len(line), lines + 1
            text = line.rstrip(b"\n").decode("utf-8", "replace")
            if not own.match(line) or line.startswith((b"2031", b'{"kind":"audit","action":"FORGED')) or hostile.search(text):
                forged.append(text)
    return size, lines, forged


def repeated(text, size):
    return text * (size // len(text.encode()) + 1)


def attacks(long_document):
    """Name, number of clients, and the bytes of the n-th request; or a function that attacks by itself."""
    words = "+".join(["Kirkuk", "Makhmour", "Sinjar", "Khanaqin", "Hawija"] * 4)
    return [
        ("maps of 4096 × 4096", 32, maps("png")),
        ("the same as PDF", 32, maps("pdf")),
        ("HTML pages of 10,000 places", 16, lambda n: request("GET", f"/collections/places/items?limit=10000&f=html&offset={n % 50}")),
        ("JSON pages of 10,000 places, br", 8, lambda n: request("GET", f"/collections/places/items?limit=10000&offset={n % 50}", headers=BROTLI)),
        ("tiles with a new filter", 16, lambda n: request("GET", "/xyz/places/7/79/50.mvt?filter=" + quote(f"name<>'zz{n}'"))),
        ("raster tiles with a new filter", 32, lambda n: request("GET", "/maps/light/7/79/50.png?filter=" + quote(f"name<>'zz{n}'"))),
        ("all.gpkg with a new bbox", 32, lambda n: request("GET", f"/downloads/all.gpkg?bbox={box(n)}")),
        ("map.pmtiles with a new bbox", 8, lambda n: request("GET", f"/downloads/map.pmtiles?maxzoom=9&bbox={box(n)}")),
        ("places.geojson, br", 8, lambda n: request("GET", "/downloads/places.geojson", headers=BROTLI)),
        ("search of 20 words", 16, lambda n: request("GET", f"/search?q={words}+{n}")),
        ("reconcile, 50 queries", 16, reconcile_batch),
        ("reconcile, 209,000 values", 4, reconcile_values(209_000)),
        ("reconcile, 4,000 values, clients leave", 16, Leaving(reconcile_values(4_000))),
        ("reconcile without names", 8, reconcile_scan),
        ("geoparse of 1 MB of names", 8, geoparse(repeated("Tar ", 1_000_000))),
        ("geoparse of 1 MiB of news", 20, geoparse(repeated(load.NEWS[0] + " ", 1 << 20))),
        ("filter of 140 × ACCENTI(CASEI(name))", 8, expensive_filter),
        ("filter of 60 × S_TOUCHES", 8, touching),
        ("sorted list of the store", 6, lambda n: request("GET", f"/collections/mentions/items?limit=10&sortby=-confidence&offset={n % 9}")),
        ("filter that nothing passes, clients leave", 50, Leaving(lambda n: request("GET", "/collections/mentions/items?limit=10&filter=" + quote(f"text='zz{n}'")))),
        ("offset of 1,000,000,000", 16, lambda n: request("GET", f"/collections/mentions/items?limit=1&offset={10**9 - n}&filter=" + quote("confidence>0"))),
        ("mentions.csv of the store", 12, lambda n: request("GET", f"/downloads/mentions.csv?limit={199999 - n}")),
        ("HEAD of mentions.gpkg", 12, lambda n: request("HEAD", f"/downloads/mentions.gpkg?limit={199999 - n}")),
        ("strip of the corridor", 8, lambda n: request("GET", f"/corridor/strip?half_width_km={0.001 + n % 999 * 1e-4:.4f}")),
        ("mentions of a long document, br", 8, lambda n: request("GET", f"/documents/{long_document}/mentions", headers=BROTLI)),
        ("annotations of a long document, br", 8, lambda n: request("GET", f"/documents/{long_document}/annotations", headers=BROTLI)),
        ("NDJSON with hostile pages", 2, lambda n: hostile_pages()),
        ("writes without a token, 2,000 bytes", 4, lambda n: request("POST", "/documents", b"x" * 2000, PLAIN)),
        ("bytes that are no request", 8, nonsense),
        ("forged lines of the log", 8, forging),
        ("bodies of 40 MB that do not end", 6, unfinished_bodies),
        ("slow bodies", 100, slow_bodies),
        ("slow readers of places.geojson", 200, slow_readers("/downloads/places.geojson")),
        ("slow readers of answers of 10,000 places", 100, slow_readers("/collections/places/items?limit=10000")),
    ]


class Leaving:
    """Clients that close the connection half a second after they asked."""

    def __init__(self, make):
        self.make = make

    def __call__(self, port, seconds, clients, counts):
        def client(number):
            end = time.monotonic() + seconds
            for nth in itertools.count():
                if time.monotonic() > end:
                    return
                with socket.create_connection(("127.0.0.1", port), 10) as connection:
                    connection.sendall(self.make(number * 100_000 + nth))
                    time.sleep(0.5)
                counts["left"] += 1

        run_clients(client, clients)


def nonsense(port, seconds, clients, counts):
    pieces = [
        b"GARBAGE\r\n\r\n", b"GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /geoparse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", bytes(range(256)),
    ]

    def client(number):
        end = time.monotonic() + seconds
        for nth in itertools.count(number):
            if time.monotonic() > end:
                return
            try:
                with socket.create_connection(("127.0.0.1", port), 5) as connection:
                    connection.sendall(pieces[nth % len(pieces)])
                    answer = connection.recv(4096)
                    counts[answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/1.1 ") else "closed"] += 1
            except OSError:
                counts["closed"] += 1

    run_clients(client, clients)


def unfinished_bodies(port, seconds, clients, counts):
    def client(_):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(f"POST /geoparse HTTP/1.1\r\nHost: a\r\n{JSON}Content-Length: 310000000\r\n\r\n".encode())
                connection.sendall(b'{"text":"')
                for _ in range(40):
                    connection.sendall(b"a" * 1_000_000)
                time.sleep(seconds)
            counts["held"] += 1
        except OSError:
            counts["refused"] += 1

    run_clients(client, clients)


def slow_bodies(port, seconds, clients, counts):
    def client(_):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(f"POST /geoparse HTTP/1.1\r\nHost: a\r\n{PLAIN}Content-Length: 1000\r\n\r\n".encode())
                for _ in range(int(seconds)):
                    connection.sendall(b"x")
                    time.sleep(1)
            counts["held"] += 1
        except OSError:
            counts["closed"] += 1

    run_clients(client, clients)


def slow_readers(path):
    def attack(port, seconds, clients, counts):
        def client(number):
            try:
                with socket.socket() as connection:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                    connection.settimeout(10)
                    connection.connect(("127.0.0.1", port))
                    connection.sendall(request("GET", f"{path}{'&' if '?' in path else '?'}lang={('en', 'ar', 'ckb')[number % 3]}"))
                    connection.recv(1024)
                    time.sleep(seconds)
                counts["held"] += 1
            except OSError:
                counts["closed"] += 1

        run_clients(client, clients)

    return attack


def run_clients(client, clients):
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ask_again_and_again(make):
    """An attack of clients that each ask for the next as soon as they are answered."""

    def attack(port, seconds, clients, counts):
        numbers = itertools.count(random.randrange(1000) * 100_000)

        def client(_):
            connection = Client(port, timeout=60)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                try:
                    counts[str(connection.request(make(next(numbers))))] += 1
                except OSError:
                    connection.close()
                    counts["failed"] += 1
            connection.close()

        run_clients(client, clients)

    return attack


def attack_process(name, port, seconds, clients, long_document, answers):
    """An attack in a process of its own, found again by its name; its counts go into the queue."""
    _, _, attack = next(one for one in attacks(long_document) if one[0] == name)
    alone = (nonsense, unfinished_bodies, slow_bodies)
    by_itself = isinstance(attack, Leaving) or attack in alone or name.startswith("slow readers")
    counts = collections.Counter()
    (attack if by_itself else ask_again_and_again(attack))(port, seconds, clients, counts)
    answers.put(dict(counts))


def probe(kind, port, stop, times):
    """Asks at a steady pace until it is told to stop; puts the milliseconds into the queue."""
    pause = {"tile": 0.02, "health": 0.05, "raster": 0.15}[kind]
    client = Client(port, timeout=30)
    taken, failures = [], 0
    dice = random.Random(time.time_ns())
    while not stop.is_set():
        zoom = dice.randrange(10, 15)
        side = 1 << (zoom - 7)
        raster = f"/maps/light/{zoom}/{79 * side + dice.randrange(side)}/{50 * side + dice.randrange(side)}.png"
        path = {"tile": TILE, "health": "/healthz", "raster": raster}[kind]
        begun = time.monotonic()
        try:
            status = client.request(request("GET", path))
            failures += status not in (200, 204)
        except OSError:
            client.close()
            failures += 1
        taken.append((time.monotonic() - begun) * 1000)
        time.sleep(max(0.0, pause - (time.monotonic() - begun)))
    times.put((kind, taken, failures))


def measure(server, attack, seconds, long_document):
    """One attack, with probes beside it."""
    name, clients = attack
    context = multiprocessing.get_context("fork")
    stop, times, answers = context.Event(), context.Queue(), context.Queue()
    before = server.memory()
    probes = [context.Process(target=probe, args=(kind, server.port, stop, times)) for kind in ("tile", "health", "raster")]
    attacker = None
    if name:
        attacker = context.Process(target=attack_process, args=(name, server.port, seconds, clients, long_document, answers))
        attacker.start()
        time.sleep(0.3)
    for one in probes:
        one.start()
    end = time.monotonic() + seconds
    peak = before
    while time.monotonic() < end and server.is_alive():
        peak = max(peak, server.memory())
        time.sleep(0.05)
    stop.set()
    measured = {}
    for _ in probes:
        kind, taken, failures = times.get(timeout=90)
        measured[kind] = (taken, failures)
    for one in probes:
        one.join()
    counts = {}
    if attacker:
        counts = answers.get(timeout=300)
        attacker.join()
    if not server.is_alive():
        raise SystemExit(f"the server ended during {name!r}: {server.process.returncode}")
    # What a burst took must come back within ten seconds.
    deadline = time.monotonic() + 10
    after = server.memory()
    while time.monotonic() < deadline and after > before + 20:
        time.sleep(0.5)
        after = min(after, server.memory())
    return {
        "attack": name or "none",
        "clients": clients,
        "answers": counts,
        "seconds": seconds,
        "tile_p50": percentile(measured["tile"][0], 0.5),
        "tile_p99": percentile(measured["tile"][0], 0.99),
        "health_max": percentile(measured["health"][0], 1.0),
        "health_p99": percentile(measured["health"][0], 0.99),
        "raster_p95": percentile(measured["raster"][0], 0.95),
        "failures": sum(failures for _, failures in measured.values()),
        "before": before,
        "peak": peak,
        "after": after,
    }


def misses(row):
    """Which figures a row misses."""
    found = []
    if not row["tile_p99"] < TILE_MS:
        found.append("cached tile")
    if not row["health_p99"] < HEALTH_MS:
        found.append("healthz")
    if not row["raster_p95"] < RASTER_MS:
        found.append("raster tile")
    if row["failures"]:
        found.append(f"{row['failures']} probes failed")
    return found


def show(row):
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(row["answers"].items()))
    missed = misses(row)
    print(
        f"| {row['attack']} | {row['clients']} | {answers} | {row['tile_p50']:.1f} / {row['tile_p99']:.1f} "
        f"| {row['health_p99']:.1f} / {row['health_max']:.1f} | {row['raster_p95']:.0f} "
        f"| {row['before']:.0f}, {row['peak']:.0f}, {row['after']:.0f} | {'; '.join(missed) or 'kept'} |",
        flush=True,
    )
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=float, default=10, help="time of each attack, at most 60")
    parser.add_argument("--documents", type=int, default=4000, help="documents in the store, at most 20000")
    parser.add_argument("--only", help="a part of the names of attacks")
    parser.add_argument("--json", help="a file for the figures")
    arguments = parser.parse_args()
    seconds = min(arguments.seconds, 60)
    server = load.Server(os.path.abspath(arguments.binary), min(arguments.documents, 20_000))
    rows, missed = [], []
    try:
        long_text = json.dumps({"text": repeated(" ".join(load.NEWS) + " ", 1 << 20)}).encode()
        status, body = load.post(server.port, "/documents", long_text, "application/json", load.TOKEN, 120)
        long_document = json.loads(body)["id"]
        load.get(server.port, TILE)
        print("| attack | clients | answers | cached tile p50 / p99 ms | healthz p99 / longest ms | new raster tile p95 ms | MB before, peak, after | |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for name, clients, _ in [("", 0, None), *attacks(long_document)]:
            if arguments.only and name and arguments.only not in name:
                continue
            row = measure(server, (name, clients), seconds, long_document)
            rows.append(row)
            missed += [f"{row['attack']}: {miss}" for miss in show(row)]
        size, lines, forged = read_log(server.log.name)
        print(f"\nThe log has {size} bytes in {lines} lines; {len(forged)} of them are forged.")
        missed += [f"forged line of the log: {line[:200]!r}" for line in forged[:5]]
    finally:
        ended = server.stop()
    print(f"The server ended {ended:.1f} s after SIGTERM.")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file, indent=1)
    if missed:
        print("Missed:\n  " + "\n  ".join(missed))
        sys.exit(1)


if __name__ == "__main__":
    main()
