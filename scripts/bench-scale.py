#!/usr/bin/env python3
"""What answers cost as a store grows: start, memory, and bytes and milliseconds of the map's questions.

For each size a store is filled with generated short reports, a server is started over it, and every question is asked some
times; the table has the median, and the least processor time that the server took for it, which other work on the machine
changes less. Usage:

    scripts/bench-scale.py BINARY [--sizes 1,10000,100000] [--postgres ADDRESS] [--folder DIR] [--check]
    scripts/bench-scale.py BINARY --store ADDRESS [--base OLDER=ADDRESS]

With --check the run fails where an answer of the largest size is above 50 ms or 500 KB, or more than twice its time at 10,000.
With --store a store that is there is measured; with --base an older binary over a copy of it in the same run, as ratios.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

PLACES = ["مخمور", "خانقين", "كركوك", "الحويجة", "سنجار", "جلولاء", "طوزخورماتو", "داقوق", "الدبس", "تلعفر", "بعقوبة", "المقدادية"]
SPEAKERS = ["وزارة الداخلية", "خلية الإعلام الأمني", "وزارة البيشمركة", "قيادة العمليات المشتركة"]
PUBLISHERS = ["Agency", "وكالة", "Daily", "Rûdaw", "شفق"]
ASKED = 5


def report(number, rng):
    """A report of about 150 bytes, different for each number."""
    place, other = rng.sample(PLACES, 2)
    day = time.strftime("%Y-%m-%d", time.gmtime(1420070400 + rng.randrange(0, 3650) * 86400))
    kind = number % 3
    if kind == 0:
        text = f"قالت {rng.choice(SPEAKERS)} إن {2 + number % 7} مدنيين قتلوا في هجوم رقم {number} في قضاء {place}."
    elif kind == 1:
        text = f"وقعت {3 + number % 20} هجمات في قضاء {place} وفي قضاء {other} بحسب البيان {number}."
    else:
        text = f"{rng.randrange(2, 30)} attacks were reported in Kirkuk and in Khanaqin district, report {number}, police said."
    return {"text": text, "title": f"Report {number}", "published": day, "publisher": rng.choice(PUBLISHERS)}


def write_lines(path, first, last):
    """Writes reports as lines of JSON."""
    rng = random.Random(first)
    with open(path, "w", encoding="utf-8") as out:
        for number in range(first, last):
            out.write(json.dumps(report(number, rng), ensure_ascii=False) + "\n")


def start(binary, store):
    """Starts a server; gives the process, its address and the seconds until it was ready."""
    begun = time.monotonic()
    server = subprocess.Popen([binary, "serve", "--bind", "127.0.0.1:0", "--store", store],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = server.stdout.readline()
    address = re.search(r"http://\S+", line).group(0).rstrip("/")
    while True:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return server, address, time.monotonic() - begun
        except (urllib.error.URLError, OSError):
            pass
        if server.poll() is not None or time.monotonic() - begun > 600:
            sys.exit("the server did not start")
        time.sleep(0.005)


def memory(pid):
    """Resident megabytes of a process."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def worked(pid):
    """Milliseconds that a process took of the processors."""
    spent = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="utf-8") as times:
                spent += int(times.read().split()[0])
        except OSError:
            pass
    return spent / 1e6


def ask(address, path):
    """Bytes and milliseconds of an answer."""
    request = urllib.request.Request(address + path, headers={"Accept-Encoding": "identity"})
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            body = answer.read()
            return len(body), (time.perf_counter() - begun) * 1000, answer.status
    except urllib.error.HTTPError as error:
        return len(error.read()), (time.perf_counter() - begun) * 1000, error.code


def questions(count):
    """What is asked, by name. Each address may have a number in it, so that no answer comes ready."""
    month = "datetime=2019-03-01/2019-03-31"
    last = max(0, count - 10)
    far = count * 9 // 10
    speaker = SPEAKERS[0]
    return {
        "tile z6": "/xyz/mention_places,mentions,claims/6/39/25.mvt?min_confidence=0.00{n}",
        "tile z8, a month": f"/xyz/mention_places/8/159/101.mvt?{month}&min_confidence=0.00{{n}}",
        "tile z6, units": f"/xyz/unit_counts/6/39/25.mvt?{month}&lang=en&min_confidence=0.00{{n}}",
        "items of places": "/collections/mention_places/items?limit=100&min_confidence=0.00{n}",
        "newest claims": "/collections/claims/items?sortby=-published&limit=10&offset={n}",
        "last page": f"/documents?after={last}&limit=10",
        "claims, month, box": f"/collections/claims/items?{month}&bbox=43,34,46,37&limit=10&offset={{n}}",
        "claims, box without any": "/collections/claims/items?bbox=45.9,31.0,45.95,31.05&limit=1{n}",
        "claims, far offset": f"/collections/claims/items?offset={far}&limit=1{{n}}",
        "mentions, far offset": f"/collections/mentions/items?offset={far}&limit=1{{n}}",
        "documents, far offset": f"/collections/documents/items?offset={far}&limit=1{{n}}",
        "claims, far, by date": f"/collections/claims/items?sortby=-published&offset={far}&limit=1{{n}}",
        "claims by speaker": "/collections/claims/items?sortby=speaker&limit=1{n}",
        "newest of a speaker": f"/collections/claims/items?sortby=-published&speaker={speaker}&limit=1{{n}}",
        "full text": "/documents?q=هجوم&limit=10&after={n}",
        "histogram": "/histogram?by=month&type=attack_count",
        "facets": f"/facets?{month}",
        "facets, ever": "/facets?facets=publisher,language,type,speaker,place,unit",
        "document list": "/documents?limit=10&after={n}",
        "documents of a unit": "/documents?unit=IQG11&order=newest&limit=1{n}",
        "documents of a type": "/documents?type=casualties&order=newest&limit=1{n}",
        "documents of a speaker": f"/documents?speaker={speaker}&order=newest&limit=1{{n}}",
        "documents, three filters": f"/documents?{month}&unit=IQG11&type=casualties&order=newest&limit=1{{n}}",
    }


def measure(binary, store):
    """The rows of a store."""
    server, address, ready = start(binary, store)
    rows = {"ready s": (0, ready, None), "memory MB": (0, 0, None)}
    try:
        with urllib.request.urlopen(f"{address}/documents?limit=1", timeout=60) as answer:
            count = json.load(answer)["total"]
        for name, path in questions(count).items():
            found = []
            for nth in range(ASKED):
                path_now = urllib.request.quote(path.replace("{n}", str(nth + 1)), safe="/?&=,.:%-_")
                before = worked(server.pid)
                size_of, took, status = ask(address, path_now)
                found.append((took, size_of, worked(server.pid) - before))
                if status >= 400:
                    print(f"  {name}: {status} for {path_now}", file=sys.stderr)
                    break
            found.sort()
            took, size_of, _ = found[len(found) // 2]
            rows[name] = (size_of, took, min(busy for _, _, busy in found))
        rows["memory MB"] = (0, memory(server.pid), None)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
    return rows


def cell(row):
    """A row as the table has it."""
    size_of, took, busy = row
    if busy is None:
        return f"{took:.2f}"
    return f"{took:.1f} ms ({busy:.1f}), {size_of / 1000:.1f} KB"


def compare(binary, store, base):
    """Measures a store that is there, and an older binary over a copy of it."""
    now = measure(binary, store)
    if not base:
        print("| question | |\n| --- | ---: |")
        for name, row in now.items():
            print(f"| {name} | {cell(row)} |")
        return
    older, _, copy = base.partition("=")
    before = measure(older, copy)
    print("| question | before | now | ratio of processor time |\n| --- | ---: | ---: | ---: |")
    for name, row in now.items():
        was = before[name]
        ratio = "" if row[2] is None else f"{row[2] / max(was[2], 0.01):.2f}"
        print(f"| {name} | {cell(was)} | {cell(row)} | {ratio} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--sizes", default="1,10000,100000")
    parser.add_argument("--postgres", help="address of an empty database; SQLite when absent")
    parser.add_argument("--folder", default="target/bench-scale")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--store", help="address of a store that is there")
    parser.add_argument("--base", help="an older binary and the address of a copy of the store: BINARY=ADDRESS")
    options = parser.parse_args()
    if options.store:
        compare(options.binary, options.store, options.base)
        return
    sizes = sorted(int(size) for size in options.sizes.split(","))
    need = sizes[-1] * 6000 + (1 << 30)
    os.makedirs(options.folder, exist_ok=True)
    if shutil.disk_usage(options.folder).free < need:
        sys.exit(f"{options.folder} needs {need >> 20} MiB free")
    store = options.postgres or f"sqlite:{options.folder}/store.db"
    if not options.postgres:
        for end in ("", "-wal", "-shm"):
            if os.path.exists(f"{options.folder}/store.db{end}"):
                os.remove(f"{options.folder}/store.db{end}")
    table, there, lines = {}, 0, f"{options.folder}/reports.ndjson"
    for size in sizes:
        write_lines(lines, there, size)
        begun = time.monotonic()
        subprocess.run([options.binary, "ingest", lines, "--store", store], check=True, stdout=subprocess.DEVNULL)
        rate = (size - there) / (time.monotonic() - begun)
        there = size
        table[size] = measure(options.binary, store)
        table[size]["ingest docs/s"] = (0, rate, None)
        if not options.postgres:
            table[size]["store MB"] = (0, os.path.getsize(f"{options.folder}/store.db") / 1e6, None)
    os.remove(lines)
    names = list(table[sizes[0]])
    print("| question |" + "".join(f" {size:,} |" for size in sizes))
    print("| --- |" + " ---: |" * len(sizes))
    for name in names:
        print(f"| {name} |" + "".join(f" {cell(table[size].get(name, (0, float('nan'), None)))} |" for size in sizes))
    if options.check:
        largest, wrong = table[sizes[-1]], []
        before = table.get(10000, largest)
        for name in questions(1):
            size_of, took, _ = largest[name]
            if took > 50 or size_of > 500_000 or took > max(5.0, 2 * before[name][1]):
                wrong.append(name)
        if wrong:
            sys.exit("missed: " + ", ".join(wrong))


if __name__ == "__main__":
    main()
