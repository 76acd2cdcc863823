#!/usr/bin/env python3
"""Causes faults of the store under a server that works, and checks its answers: scripts/torture.py BINARY [ROUNDS] [--postgres]

kills         Three clients post documents, alone and as NDJSON, until the server is killed (SIGKILL), ROUNDS times. Every
              document that was answered 201 is there byte for byte, and `mahwar check` finds nothing.
together      Four clients post the same documents at once: one row each.
deletions     Documents are deleted while others read and post: 410, 409, and nothing of them is left.
Only with SQLite:
stops         As kills, with SIGTERM: one file is left, and the copy of that file has everything.
copied_over   A backup is copied over the file of a killed server: it is refused, nothing is changed, discard-log repairs it.
copied_under  A backup is copied over the file of a running server: writes stop, the backup stays whole, restore repairs it.
deleted       The file is deleted under the server: no document is answered 201 that is not there.
locked        Another program holds the lock: every writer is answered within one limit, reads go on.
damaged       Rows are damaged: each costs its document, reparse repairs it.
full          The file may not grow: 503 with Retry-After, reads go on.

docs/operations.md has the table of faults and answers.
"""

import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "a-token-of-the-torture"
PLACES = ["قضاء مخمور", "قضاء خانقين", "قضاء داقوق", "ناحية قره تبه", "محافظة ديالى"]


class Server:
    def __init__(self, binary, store, limit=None):
        command = [binary, "serve", "--bind", "127.0.0.1:0", "--store", store, "--token", TOKEN]
        if limit:  # writing beyond it fails, as on a full disk, instead of ending the process
            quoted = " ".join(f"'{word}'" for word in command)
            command = ["bash", "-c", f"ulimit -f {limit}; exec {quoted}"]
        quiet = {**os.environ, "MAHWAR_LOG": "off"}
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=quiet, text=True)
        line = self.process.stdout.readline()
        assert "http://" in line, f"the server does not start: {line!r}"
        self.url = line[line.index("http://"):].strip().rstrip("/")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait() == 0, "the server does not end as it should"

    def ask(self, path, body=None, kind="application/json", method=None):
        """Status, headers, body; None when no whole answer came."""
        headers = {"Authorization": f"Bearer {TOKEN}"} if body or method else {}
        if body:
            headers["Content-Type"] = kind
        request = urllib.request.Request(self.url + path, body.encode() if body else None, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read().decode(errors="replace")
        except (OSError, ValueError, http.client.HTTPException):
            return None


def text(number):
    return f"التقرير {number}: وقعت هجمات في {PLACES[number % 5]} وفي {PLACES[number * 7 % 5]} 🗺 أمس."


def line(number):
    return json.dumps({"text": text(number), "published": f"2021-12-{1 + number % 28:02}"}, ensure_ascii=False)


class Client(threading.Thread):
    """Posts until the server is gone; remembers what was answered."""

    def __init__(self, server, numbers, many):
        super().__init__()
        self.server, self.numbers, self.many, self.kept = server, numbers, many, {}
        self.start()

    def run(self):
        while True:
            batch = [next(self.numbers) for _ in range(random.randint(1, 40) if self.many else 1)]
            kind = "application/x-ndjson" if self.many else "application/json"
            answer = self.server.ask("/documents", "\n".join(map(line, batch)), kind)
            if answer is None:
                return
            status, _, body = answer
            answers = [json.loads(each) for each in body.splitlines()] if self.many else [json.loads(body)]
            for number, each in zip(batch, answers):
                if (each["status"] if self.many else status) == 201:
                    self.kept[each["id"]] = text(number)


class Numbers:
    """One number for each who asks, over threads."""

    def __init__(self):
        self.lock, self.last = threading.Lock(), 0

    def __iter__(self):
        return self

    def __next__(self):
        with self.lock:
            self.last += 1
            return self.last


def check(binary, store):
    checked = subprocess.run([binary, "check", "--store", store], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    return checked.stdout.strip()


def run(binary, *words):
    return subprocess.run([binary, *words], cwd=ROOT, capture_output=True, text=True)


def worked(server, end, series, kept, seconds):
    """Three clients post for a while, then the server is ended; adds what was answered 201."""
    clients = [Client(server, series, many) for many in (False, False, True)]
    time.sleep(seconds)
    end()
    for client in clients:
        client.join()
        kept.update(client.kept)


def wait_for(server, path, status):
    for _ in range(600):
        answer = server.ask(path)
        if answer and answer[0] == status:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{path} is {answer and answer[0]}, not {status}")


def kills(binary, store, rounds):
    kept, series = {}, Numbers()
    for _ in range(rounds):
        server = Server(binary, store)
        worked(server, server.kill, series, kept, random.uniform(0.02, 0.9))
    print(f"killed {rounds} times; {check(binary, store)}")
    server = Server(binary, store)
    for id, expected in kept.items():
        status, _, body = server.ask(f"/documents/{id}/text")
        assert (status, body) == (200, expected), f"{id} was answered and is not there: {status}"
    server.kill()
    assert kept
    print(f"{len(kept)} documents were answered 201, all are there")


def together(binary, store):
    server = Server(binary, store)
    statuses = []
    post = lambda: statuses.extend(server.ask("/documents", line(10**6 + at))[0] for at in range(20))
    clients = [threading.Thread(target=post) for _ in range(4)]
    [client.start() for client in clients]
    [client.join() for client in clients]
    server.kill()
    assert (statuses.count(201), statuses.count(200)) == (20, 60), statuses
    print(f"four clients with the same 20 documents: 20 rows; {check(binary, store)}")


def full(binary, store):
    server = Server(binary, store, limit=2048)
    first, taken = None, 0
    for number in range(2000):
        body = text(2 * 10**6 + number) + " كتب المراسل عن المنطقة." * 300
        status, headers, answer = server.ask("/documents", body, "text/plain")
        if status != 201:
            break
        first, taken = first or json.loads(answer)["id"], taken + 1
    assert status == 503 and headers["Retry-After"], (status, answer)
    for path in ("/collections/districts/items?limit=1", f"/documents/{first}/text", "/healthz"):
        assert server.ask(path)[0] == 200, path
    wait_for(server, "/readyz", 503)
    server.kill()
    print(f"full after {taken} documents: 503, Retry-After {headers['Retry-After']}, reads go on; {check(binary, store)}")


def deletions(binary, store):
    server = Server(binary, store)
    ids = [json.loads(server.ask("/documents", line(3 * 10**6 + at))[2])["id"] for at in range(30)]
    stop, failed = threading.Event(), []

    def read():
        while not stop.is_set():
            answer = server.ask("/collections/mentions/items?limit=200")
            if answer is None or answer[0] != 200:
                failed.append(answer)

    def post():
        at = 0
        while not stop.is_set():
            at += 1
            if server.ask("/documents", line(4 * 10**6 + at))[0] != 201:
                failed.append(at)

    others = [threading.Thread(target=read), threading.Thread(target=post)]
    [other.start() for other in others]
    for id in ids:
        status, _, body = server.ask(f"/documents/{id}?reason=torture", method="DELETE")
        assert status == 200, body
        assert server.ask(f"/documents/{id}/text")[0] == 410
    stop.set()
    [other.join() for other in others]
    assert not failed, failed[0]
    assert server.ask("/documents", line(3 * 10**6))[0] == 409
    mentions = server.ask("/downloads/mentions.csv")[2]
    assert not [id for id in ids if id in mentions]
    server.kill()
    print(f"{len(ids)} documents deleted while others read and post: 410, 409, none is shown; {check(binary, store)}")


def stops(binary, folder, rounds):
    path, kept, series = f"{folder}/stops.db", {}, Numbers()
    for at in range(rounds):
        server = Server(binary, f"sqlite:{path}")
        worked(server, server.stop, series, kept, random.uniform(0.02, 0.9))
        assert not os.path.exists(path + "-wal"), "the log is left"
        shutil.copy(path, f"{folder}/copy.db")
        with sqlite3.connect(f"file:{folder}/copy.db?immutable=1", uri=True) as copy:
            there = {id for (id,) in copy.execute("SELECT id FROM documents")}
        assert kept.keys() <= there, "the copy lacks documents"
    print(f"stopped {rounds} times: one file with {len(kept)} documents; {check(binary, f'sqlite:{path}')}")


def copied_over(binary, folder, rounds):
    path, backup, series = f"{folder}/over.db", f"{folder}/over-backup.db", Numbers()
    server = Server(binary, f"sqlite:{path}")
    worked(server, server.stop, series, {}, 0.5)
    refused = 0
    for _ in range(rounds):
        if os.path.exists(backup):
            os.remove(backup)
        # Sometimes by copying the file after a clean stop, which is a backup too.
        if random.random() < 0.5:
            shutil.copy(path, backup)
        else:
            assert run(binary, "store", "backup", f"sqlite:{path}", backup).returncode == 0
        server = Server(binary, f"sqlite:{path}")
        worked(server, server.kill, series, {}, random.uniform(0.02, 0.5))
        shutil.copy(backup, path)
        checked = run(binary, "check", "--store", f"sqlite:{path}")
        if checked.returncode == 0:
            # Killed before the first write.
            continue
        refused += 1
        assert "does not belong" in checked.stderr, checked.stderr
        assert Path(path).read_bytes() == Path(backup).read_bytes(), "the copy was changed"
        discarded = run(binary, "store", "discard-log", f"sqlite:{path}")
        assert discarded.returncode == 0, discarded.stderr
        check(binary, f"sqlite:{path}")
    assert refused
    print(f"a backup copied over the file of a killed server {refused} times: refused, unchanged, and used after discard-log")


def copied_under(binary, folder, rounds):
    path, backup, series = f"{folder}/under.db", f"{folder}/under-backup.db", Numbers()
    server = Server(binary, f"sqlite:{path}")
    worked(server, server.stop, series, {}, 0.3)
    assert run(binary, "store", "backup", f"sqlite:{path}", backup).returncode == 0
    for _ in range(rounds):
        server = Server(binary, f"sqlite:{path}")
        clients = [Client(server, series, many) for many in (False, True)]
        time.sleep(random.uniform(0.1, 0.6))
        shutil.copy(backup, path)
        wait_for(server, "/readyz", 503)
        assert server.ask("/documents", line(9 * 10**6))[0] == 503
        assert server.ask("/healthz")[0] == 200
        server.kill()
        [client.join() for client in clients]
        restored = run(binary, "store", "restore", backup, f"sqlite:{path}")
        assert restored.returncode == 0, restored.stderr
        check(binary, f"sqlite:{path}")
    print(f"a backup copied over the file of a running server {rounds} times: noticed, restored")


def deleted(binary, folder):
    path, series = f"{folder}/deleted.db", Numbers()
    server = Server(binary, f"sqlite:{path}")
    clients = [Client(server, series, many) for many in (False, False, True)]
    time.sleep(0.3)
    os.rename(path, path + ".gone")
    time.sleep(0.2)
    seen = {id for client in clients for id in client.kept}
    wait_for(server, "/readyz", 503)
    server.kill()
    kept = {}
    for client in clients:
        client.join()
        kept.update(client.kept)
    for suffix in ("-wal", "-shm"):
        os.rename(path + suffix, path + ".gone" + suffix)
    with sqlite3.connect(path + ".gone") as left:
        there = {id for (id,) in left.execute("SELECT id FROM documents")}
    assert kept.keys() <= there
    print(f"file moved away: 503, /readyz 503, {len(kept)} documents were answered 201 ({len(seen)} until then), all are in it")


def beside(binary, folder, rounds):
    """The files beside a store, and a link in its place: whatever was answered 201 is there after a kill."""
    def shared_memory(path):
        os.remove(path + "-shm")

    def cut_off(path):
        os.truncate(path + "-shm", 0)

    def linked(path):
        os.rename(path, path + ".real")
        os.symlink(path + ".real", path)

    for cause in (shared_memory, cut_off, linked):
        total = 0
        for turn in range(rounds):
            path = f"{folder}/{cause.__name__}-{turn}.db"
            server, kept = Server(binary, f"sqlite:{path}"), []
            for number in range(4):
                kept.append(json.loads(server.ask("/documents", text(4 * 10**6 + turn * 10 + number), "text/plain")[2])["id"])
            cause(path)
            # An idle server notices a cut before it uses the memory; work at that moment may end it.
            time.sleep(0.5 if cause is cut_off else random.random() / 4)
            for number in range(4, 7):
                status, _, answer = server.ask("/documents", text(4 * 10**6 + turn * 10 + number), "text/plain")
                assert status in (201, 503), (status, answer)
                if status == 201:
                    kept.append(json.loads(answer)["id"])
                if cause is not linked:
                    run(binary, "check", "--store", f"sqlite:{path}")
            wait_for(server, "/readyz", 503)
            server.kill()
            if os.path.islink(path) and os.path.exists(path + "-wal") and os.path.getsize(path + "-wal"):
                os.rename(path + "-wal", path + ".real-wal")
            server = Server(binary, f"sqlite:{path}")
            lost = [id for id in kept if server.ask(f"/documents/{id}")[0] != 200]
            server.kill()
            assert not lost, (cause.__name__, lost)
            total += len(kept)
        print(f"{cause.__name__}, {rounds} times: 503, /readyz 503, all of {total} documents are there after a kill")


def overwritten(binary, folder):
    path = f"{folder}/overwritten.db"
    server = Server(binary, f"sqlite:{path}")
    for number in range(4):
        assert server.ask("/documents", text(5 * 10**6 + number), "text/plain")[0] == 201
    with open(path + "-wal", "r+b") as log:
        log.write(bytes(64))
    assert server.ask("/documents", text(5 * 10**6 + 9), "text/plain")[0] == 503
    wait_for(server, "/readyz", 503)
    server.kill()
    assert run(binary, "check", "--store", f"sqlite:{path}").returncode != 0
    print("beginning of the log overwritten: 503 at the first write, /readyz 503, the next start says it")


def locked(binary, folder):
    path = f"{folder}/locked.db"
    server = Server(binary, f"sqlite:{path}")
    first = json.loads(server.ask("/documents", line(1))[2])["id"]
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    answers = []
    post = lambda at: answers.append(server.ask("/documents", line(100 + at)))
    writers = [threading.Thread(target=post, args=(at,)) for at in range(60)]
    begun = time.monotonic()
    [writer.start() for writer in writers]
    while any(writer.is_alive() for writer in writers):
        assert server.ask(f"/documents/{first}/text")[0] == 200
        assert server.ask("/healthz")[0] == 200
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    holder.execute("ROLLBACK")
    holder.close()
    others = [answer for answer in answers if not answer or answer[0] != 503]
    assert not others, others
    assert server.ask("/documents", line(999))[0] == 201
    server.stop()
    # One after the other, sixty writers would wait ten minutes.
    assert seconds < 60, seconds
    print(f"locked by another program: 60 writers were answered 503 after {seconds:.1f} s together, reads went on")


DAMAGES = [
    "UPDATE parses SET parse = x'28b52ffd' WHERE document = {}",
    "UPDATE parses SET parse = x'00' WHERE document = {}",
    "DELETE FROM parses WHERE document = {}",
    "UPDATE documents SET language = 'xx' WHERE number = {}",
    "UPDATE mentions SET reading = 'xx' WHERE document = {}",
    "DELETE FROM mentions WHERE document = {}",
    "UPDATE places SET same_as = '{{' WHERE key = (SELECT place FROM mentions WHERE document = {} AND place IS NOT NULL)",
    "UPDATE place_days SET mentions = mentions + {}",
]


def damaged(binary, folder):
    path = f"{folder}/damaged.db"
    server = Server(binary, f"sqlite:{path}")
    server.ask("/documents", "\n".join(line(at) for at in range(40)), "application/x-ndjson")
    server.stop()
    for damage in DAMAGES:
        number = random.randint(2, 41)
        with sqlite3.connect(path) as hand:
            assert hand.execute(damage.format(number)).rowcount > 0, damage
        assert run(binary, "check", "--store", f"sqlite:{path}").returncode == 1, damage
        server = Server(binary, f"sqlite:{path}")
        assert server.ask("/readyz")[0] == 200, damage
        page = json.loads(server.ask("/documents?limit=1000")[2])
        assert len(page["documents"]) >= 40, damage
        for path_ in ("/collections/mentions/items?limit=1000", "/downloads/mentions.csv", "/xyz/mention_places/6/39/25.mvt"):
            assert server.ask(path_)[0] in (200, 204), (damage, path_)
        assert server.ask("/documents", line(10**5 + number))[0] in (200, 201), damage
        server.stop()
        repaired = run(binary, "reparse", "--store", f"sqlite:{path}")
        assert repaired.returncode == 0, (damage, repaired.stderr)
        run(binary, "store", "rebuild", f"sqlite:{path}")
        check(binary, f"sqlite:{path}")
    print(f"{len(DAMAGES)} kinds of damaged rows: each cost its document at most, and was repaired; {check(binary, f'sqlite:{path}')}")


def main():
    words = [word for word in sys.argv[1:] if word != "--postgres"]
    if not 1 <= len(words) <= 2:
        sys.exit(__doc__)
    binary, rounds = os.path.realpath(words[0]), int(words[1]) if len(words) == 2 else 100
    folder = tempfile.mkdtemp()
    try:
        if "--postgres" in sys.argv:
            script = subprocess.Popen([ROOT / "tests/postgres.sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            store = f"postgres:///template1?host={script.stdout.readline().strip()}&user=mahwar"
            kills(binary, store, rounds)
            together(binary, store)
            deletions(binary, store)
            script.stdin.close()
            script.wait()
        else:
            store = f"sqlite:{folder}/store.db"
            kills(binary, store, rounds)
            together(binary, store)
            deletions(binary, store)
            stops(binary, folder, rounds)
            copied_over(binary, folder, max(3, rounds))
            copied_under(binary, folder, max(1, rounds // 5))
            deleted(binary, folder)
            beside(binary, folder, max(2, rounds // 10))
            overwritten(binary, folder)
            locked(binary, folder)
            damaged(binary, folder)
            full(binary, f"sqlite:{folder}/full.db")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
