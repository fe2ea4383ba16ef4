# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of the HTTP server share: the server as a process, and a client that sends just the bytes it is given.

P1_BUILD is the folder with echo_server (default: build).
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ECHO_SERVER = pathlib.Path(os.environ.get("P1_BUILD", ROOT / "build")) / "echo_server"

tests = []


def test(function):
    """A test, named by what it shows."""
    tests.append(function)
    return function


class Server:
    def __init__(self, *words, **numbers):
        args = [f"{k}={v}" for k, v in numbers.items()] + list(words)
        self.process = subprocess.Popen([ECHO_SERVER, *args], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline().split()
        assert len(line) == 2, "the server did not start"
        self.port, self.ops = map(int, line)

    def __enter__(self):
        return self

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.terminate()
        code = self.process.wait(60)
        self.process.stdout.close()
        assert code == 0, f"the server ended with {code}"

    def client(self, ops=False, window=None):
        return Client(self.ops if ops else self.port, window)

    def ask(self, data, method="GET", ops=False):
        """One request on a connection of its own."""
        with self.client(ops) as c:
            c.send(data)
            return c.answer(method)


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def __getitem__(self, name):
        """The value of a field that must be there once."""
        values = [v for n, v in self.fields if n == name.lower()]
        assert len(values) == 1, f"{name}: {values}"
        return values[0]

    def has(self, name):
        return any(n == name.lower() for n, _ in self.fields)


class Client:
    def __init__(self, port, window):
        self.socket = socket.socket()
        self.socket.settimeout(30)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def fill(self):
        """More bytes; False at the end."""
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def answer(self, method="GET"):
        """The next answer; None if the connection ends before it has begun."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.fill():
                assert not self.buffer, f"half an answer: {self.buffer!r}"
                return None
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        version, status = lines[0].split(" ")[:2]
        assert version == "HTTP/1.1", lines[0]
        fields = [(n.lower(), v) for n, v in (line.split(": ", 1) for line in lines[1:])]
        answer = Answer(int(status), fields, b"")
        if method == "HEAD" or answer.status in (100, 204, 304):
            return answer
        n = int(answer["content-length"])
        while len(self.buffer) < n:
            assert self.fill(), f"{len(self.buffer)} of {n} bytes"
        answer.body, self.buffer = self.buffer[:n], self.buffer[n:]
        return answer

    def ended(self):
        """Nothing more comes, and the server has closed."""
        assert self.buffer == b"", self.buffer
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def get(path, *fields, method="GET"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: test", *fields, "", ""]).encode()


def post(path, body, *fields, type="application/json"):
    return get(path, f"Content-Type: {type}", f"Content-Length: {len(body)}", *fields, method="POST") + body


def equal(got, wanted):
    assert got == wanted, f"{got!r} is not {wanted!r}"


def within(seconds, what):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def metric(server, name):
    """The value of a line of /metrics."""
    for line in server.ask(get("/metrics"), ops=True).body.decode().split("\n"):
        if line.rsplit(" ", 1)[0] == name:
            return float(line.rsplit(" ", 1)[1])
    raise AssertionError(f"no metric {name}")


def main():
    """Runs all tests; an argument selects those whose name contains it."""
    failed = 0
    for t in tests:
        if len(sys.argv) > 1 and sys.argv[1] not in t.__name__:
            continue
        start = time.monotonic()
        try:
            t()
            verdict = "ok"
        except Exception as e:  # pylint: disable=broad-except
            verdict, failed = f"FAILED: {type(e).__name__}: {e}", failed + 1
        print(f"{t.__name__}: {verdict} ({time.monotonic() - start:.2f} s)", flush=True)
    sys.exit(1 if failed else 0)
