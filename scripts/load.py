"""What overload.py and soak.py share: a server over a store of its own, small HTTP clients, percentiles.

Only 127.0.0.1 is asked, on a port that the system picks. Python's standard library only.
"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

TOKEN = "overload"

NEWS = [
    "قال محافظ كركوك إن 120 مقاتلا انسحبوا من قضاء خانقين شمال شرق ديالى.",
    "Clashes near Makhmour and Sinjar killed five people, police said.",
    "An attack south of Kirkuk displaced 40 families towards Tuz Khurmatu.",
    "وقعت هجمات في قضاء مخمور خلال عشرة أشهر، وفي جلولاء والسعدية.",
    "Peshmerga and the army met in Khanaqin, Mandali, Jalawla, Hawija and Daquq.",
    "لە مەخموور و شنگال شەڕ ڕوویدا.",
]


def document(number, sentences=8):
    """A text of some hundred bytes that names about twenty places; another one for each number."""
    chosen = [NEWS[(number * 7 + nth * 5) % len(NEWS)] for nth in range(sentences)]
    return f"Report {number}. " + " ".join(chosen)


class Server:
    """A release binary over an SQLite store in a temporary folder."""

    def __init__(self, binary, documents=0):
        self.folder = tempfile.mkdtemp(prefix="mahwar-load-")
        self.log = open(os.path.join(self.folder, "server.log"), "wb")
        store = "sqlite:" + os.path.join(self.folder, "store.db")
        environment = {**os.environ, "MAHWAR_TOKEN": TOKEN}
        command = [binary, "serve", "--bind", "127.0.0.1:0", "--store", store]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True, cwd=self.folder
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            self.stop()
            raise SystemExit(f"the server did not start: {line!r}; see its log above")
        self.port = int(found.group(1))
        if documents:
            self.fill(documents)

    def fill(self, documents):
        """Stores documents, 500 in a request."""
        for first in range(0, documents, 500):
            numbers = range(first, min(first + 500, documents))
            lines = "\n".join(json.dumps({"text": document(number)}) for number in numbers)
            status, body = post(self.port, "/documents", lines.encode(), "application/x-ndjson", TOKEN, 600)
            if status != 200 or body.count(b'"id"') != len(numbers):
                raise SystemExit(f"the store was not filled: {status} {body[-300:]!r}")

    def memory(self):
        """Resident megabytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def is_alive(self):
        return self.process.poll() is None

    def stop(self):
        """Ends the server; seconds until it was gone."""
        begun = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        seconds = time.monotonic() - begun
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        return seconds


def get(port, path, headers=None, timeout=60, method="GET"):
    """One request on a connection of its own: status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def post(port, path, body, kind, token=None, timeout=60):
    headers = {"Content-Type": kind}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Client:
    """A kept connection that throws bodies away. `request` takes whole bytes and gives the status."""

    def __init__(self, port, timeout=60):
        self.port, self.timeout, self.socket = port, timeout, None

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def request(self, data):
        for fresh in (False, True):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(data)
                return self.answer(data.startswith(b"HEAD"))
            except (ConnectionError, BrokenPipeError):
                # A kept connection may have been closed since; once more on a new one.
                self.close()
                if fresh:
                    raise
        return 0

    def answer(self, without_body):
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.read()
        head, _, rest = received.partition(b"\r\n\r\n")
        status = int(head[9:12])
        lower = head.lower()
        if without_body or status in (204, 304):
            pass
        elif (length := re.search(rb"\r\ncontent-length: *(\d+)", lower)) is not None:
            left = int(length.group(1)) - len(rest)
            while left > 0:
                left -= len(self.read())
        elif b"transfer-encoding: chunked" in lower:
            tail = rest
            while not tail.endswith(b"0\r\n\r\n"):
                tail = (tail + self.read())[-5:]
        if b"\r\nconnection: close" in lower:
            self.close()
        return status

    def read(self):
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionResetError("the connection was closed")
        return piece


def request(method, path, body=b"", headers=""):
    """The bytes of a request."""
    length = f"Content-Length: {len(body)}\r\n" if body or method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}{length}\r\n".encode() + body


def percentile(values, part):
    """The value below which this part of the values lies; NaN of none."""
    if not values:
        return float("nan")
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]
