#!/usr/bin/env python3
"""Kills a server at random moments while it keeps documents: scripts/torture.py BINARY [ROUNDS] [--postgres]

Three clients post documents, alone and as NDJSON, until the server is killed (SIGKILL); then it is started again. At the
end every document that was answered 201 must be there byte for byte, and `mahwar check` must find nothing. After that,
four clients post the same documents at once (one row each), and a server whose files may not grow must answer 503 with
Retry-After and go on reading.
"""

import http.client
import json
import os
import random
import shutil
import signal
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
            command = ["bash", "-c", f"trap '' XFSZ; ulimit -f {limit}; exec {quoted}"]
        quiet = {**os.environ, "MAHWAR_LOG": "off"}
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=quiet, text=True)
        line = self.process.stdout.readline()
        assert "http://" in line, f"the server does not start: {line!r}"
        self.url = line[line.index("http://"):].strip().rstrip("/")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, path, body=None, kind="application/json"):
        """Status, headers, body; None when no whole answer came."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind} if body else {}
        request = urllib.request.Request(self.url + path, body.encode() if body else None, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read().decode()
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


def kills(binary, store, rounds):
    kept, series = {}, Numbers()
    for _ in range(rounds):
        server = Server(binary, store)
        clients = [Client(server, series, many) for many in (False, False, True)]
        time.sleep(random.uniform(0.02, 0.9))
        server.kill()
        for client in clients:
            client.join()
            kept.update(client.kept)
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
    server.kill()
    print(f"full after {taken} documents: 503, Retry-After {headers['Retry-After']}, reads go on; {check(binary, store)}")


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
            script.stdin.close()
            script.wait()
        else:
            store = f"sqlite:{folder}/store.db"
            kills(binary, store, rounds)
            together(binary, store)
            full(binary, f"sqlite:{folder}/full.db")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
