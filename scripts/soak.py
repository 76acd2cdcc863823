#!/usr/bin/env python3
"""Mixed use at a steady rate for a long time; memory, descriptors and threads over time.

    scripts/soak.py target/release/mahwar [--seconds 1800] [--rate 200] [--clients 16]

Tiles, raster tiles, items, filters, search, geoparsing, pages, and writes of the same 500 documents. Ends with 1 when
memory at the end is more than 10 % above that after a sixth of the time (five minutes of thirty), when descriptors or
threads grew, or when an answer was neither 2xx nor 304. Only 127.0.0.1 is asked.
"""

import argparse
import collections
import json
import multiprocessing
import os
import random
import sys
import time
from urllib.parse import quote

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import load
from load import Client, percentile, request

ENCODED = "Accept-Encoding: gzip\r\n"
DOCUMENTS = 500


def tile(dice, low, high):
    zoom = dice.randrange(low, high)
    side = 1 << max(0, zoom - 7)
    return f"{zoom}/{79 * side + dice.randrange(side)}/{50 * side + dice.randrange(side)}"


def choose(dice):
    """A request of ordinary use."""
    part = dice.random()
    if part < 0.42:
        layers = dice.choice(["districts", "places", "governorates,districts", "mention_places", "disputed_areas"])
        return request("GET", f"/xyz/{layers}/{tile(dice, 7, 12)}.mvt", headers=ENCODED)
    if part < 0.52:
        return request("GET", f"/maps/light/{tile(dice, 7, 11)}.png")
    if part < 0.70:
        layer = dice.choice(["places", "districts", "mentions", "claims"])
        west, south = 42 + dice.random() * 3, 33 + dice.random() * 3
        return request("GET", f"/collections/{layer}/items?limit=20&bbox={west:.2f},{south:.2f},{west + 1:.2f},{south + 1:.2f}", headers=ENCODED)
    if part < 0.76:
        return request("GET", "/collections/places/items?limit=10&filter=" + quote(f"level='settlement' AND name LIKE '{dice.choice('ABKMST')}%'"))
    if part < 0.86:
        return request("GET", "/search?q=" + quote(dice.choice(["Kirkuk", "Makhmour", "Sinjr", "خانقين", "مخمور", "کەرکووک"])))
    if part < 0.91:
        return request("POST", "/geoparse", load.document(dice.randrange(10**6)).encode(), "Content-Type: text/plain\r\n")
    if part < 0.95:
        return request("GET", dice.choice(["/", "/collections?f=html", "/collections/districts/items?f=html"]), headers=ENCODED)
    if part < 0.97:
        return request("GET", f"/downloads/districts.{dice.choice(['geojson', 'csv', 'fgb'])}")
    body = json.dumps({"text": load.document(dice.randrange(DOCUMENTS))}).encode()
    return request("POST", "/documents", body, f"Content-Type: application/json\r\nAuthorization: Bearer {load.TOKEN}\r\n")


def user(port, rate, seconds, seed, answers):
    """One client: asks at its rate, and counts how often it was late because an answer took long."""
    dice, client = random.Random(seed), Client(port, timeout=60)
    counts, times, late = collections.Counter(), [], 0
    begun = time.monotonic()
    due = begun + dice.random() / rate
    while due < begun + seconds:
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        else:
            late += 1
        asked = time.monotonic()
        try:
            counts[client.request(choose(dice))] += 1
        except OSError:
            client.close()
            counts["failed"] += 1
        if len(times) < 200_000:
            times.append((time.monotonic() - asked) * 1000)
        due = max(due + 1 / rate, time.monotonic() - 1)
    answers.put((dict(counts), times, late))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=int(os.environ.get("SOAK_SECONDS", "1800")))
    parser.add_argument("--rate", type=float, default=200, help="requests a second, at most 1000")
    parser.add_argument("--clients", type=int, default=16, help="connections, at most 64")
    arguments = parser.parse_args()
    clients, seconds = min(arguments.clients, 64), arguments.seconds
    rate = min(arguments.rate, 1000) / clients
    server = load.Server(os.path.abspath(arguments.binary), DOCUMENTS)
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    users = [context.Process(target=user, args=(server.port, rate, seconds, seed, answers)) for seed in range(clients)]
    begun = time.monotonic()
    for one in users:
        one.start()
    samples = []
    step = max(1.0, min(60.0, seconds / 30))
    print("| seconds | resident MB | descriptors | threads |\n| --- | --- | --- | --- |")
    while time.monotonic() - begun < seconds and server.is_alive():
        time.sleep(step)
        sample = (time.monotonic() - begun, server.memory(), server.descriptors(), server.threads())
        samples.append(sample)
        print(f"| {sample[0]:.0f} | {sample[1]:.0f} | {sample[2]} | {sample[3]} |", flush=True)
    alive = server.is_alive()
    counts, times, late = collections.Counter(), [], 0
    for _ in users:
        some, taken, behind = answers.get(timeout=120)
        counts.update(some)
        times += taken
        late += behind
    for one in users:
        one.join()
    ended = server.stop()
    total = sum(counts.values())
    print(f"\n{total} answers, {total / seconds:.0f} a second, {late} asked late: {dict(counts)}")
    print(f"milliseconds: p50 {percentile(times, 0.5):.1f}, p95 {percentile(times, 0.95):.1f}, p99 {percentile(times, 0.99):.1f}")
    print(f"The server ended {ended:.1f} s after SIGTERM.")
    wrong = {status: count for status, count in counts.items() if not (status == 304 or str(status).startswith("2"))}
    first = next(sample for sample in samples if sample[0] >= seconds / 6)
    last = samples[-1]
    missed = []
    if not alive:
        missed.append("the server ended by itself")
    if wrong:
        missed.append(f"answers other than 2xx and 304: {wrong}")
    if last[1] > first[1] * 1.1:
        missed.append(f"memory grew from {first[1]:.0f} to {last[1]:.0f} MB")
    # Threads come and go with the load; a leak shows in the highest of the last third.
    third = len(samples) // 3 or 1
    for column, name in ((2, "descriptors"), (3, "threads")):
        early, late_ones = max(sample[column] for sample in samples[:-third] or samples), max(sample[column] for sample in samples[-third:])
        if late_ones > early * 1.1 + 2:
            missed.append(f"{name} grew from {early} to {late_ones}")
    if missed:
        print("Missed:\n  " + "\n  ".join(missed))
        sys.exit(1)


if __name__ == "__main__":
    main()
