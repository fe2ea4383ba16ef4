#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""A proxy between `plus1 vote --url` and the server that drops, doubles, delays, cuts and exchanges requests and answers: the voter
ends with the truth, and the box holds the vote once.

ALL=1: voters who never get an answer, too. Each voter's attempts meet the faults of its row, one after the other, and then none. Only ballots meet them.
"""
import concurrent.futures
import json
import os
import socket
import subprocess
import threading
import time

from lib import BUILD, Election, Folder, Server, ensure, run, same, wait_until

# What the attempts meet; what the voter is told in the end; how often the vote is in the box.
ROWS = [
    ((), "is in the ballot box", 1),
    (("drop request",), "is in the ballot box", 1),
    (("drop answer",), "is in the ballot box", 1),
    (("drop request", "drop answer"), "is in the ballot box", 1),
    (("double",), "is in the ballot box", 1),
    (("delay",), "is in the ballot box", 1),
    (("cut request",), "is in the ballot box", 1),
    (("cut answer",), "is in the ballot box", 1),
    (("cut header",), "is in the ballot box", 1),
    (("late", "drop answer"), "is in the ballot box", 1),  # the first one arrives after the second
    (("bad gateway",), "is in the ballot box", 1),
    (("gateway timeout",), "is in the ballot box", 1),
    (("garbage",), "is in the ballot box", 1),
    (("other answer",), "receipt", 1),  # somebody else's: refused, and the ballot is there
    (("forged answer",), "receipt", 0),  # a proxy that says it took it
]
if os.environ.get("ALL") == "1":  # half a minute
    ROWS += [(("drop request",) * 6, "does not answer", 0), (("drop answer",) * 6, "does not answer", 1)]


def whole(connection):
    """A request or answer with its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            return got
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        part = connection.recv(65536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


class Proxy:
    def __init__(self, port, others):
        self.port, self.others, self.lock = port, others, threading.Lock()
        self.todo = {}  # of each credential: the faults that are left
        self.kept = None  # an answer that the server gave to somebody
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def forward(self, request, length=None):
        with socket.create_connection(("127.0.0.1", self.port)) as server:
            server.sendall(request[:length].replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            if length:
                server.shutdown(socket.SHUT_WR)
            return whole(server)

    def serve(self, connection):
        with connection:
            while request := whole(connection):
                fault = self.next_fault(request) if request.startswith(b"POST") else None
                answer = self.answer(request, fault)
                if answer:
                    connection.sendall(answer)
                if fault or not answer:
                    return

    def next_fault(self, request):
        credential = json.loads(request.partition(b"\r\n\r\n")[2])["credential"]
        with self.lock:
            left = self.todo.get(credential)
            if left is None:
                left = self.todo[credential] = list(self.others.pop(0))
            return left.pop(0) if left else None

    def answer(self, request, fault):
        if fault == "drop request":
            return b""
        if fault == "cut request":
            self.forward(request, len(request) - 500)
            return b""
        if fault == "late":
            threading.Timer(1.5, self.forward, (request,)).start()
            return b""
        if fault == "bad gateway":
            return b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops"
        if fault == "gateway timeout":
            self.forward(request)
            return b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        if fault == "forged answer":
            body = self.kept.partition(b"\r\n\r\n")[2]
            return self.kept if body else b""
        if fault == "delay":
            time.sleep(1)
        if fault == "double":
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                return list(pool.map(self.forward, (request, request)))[1]
        answer = self.forward(request)
        if fault is None:
            if request.startswith(b"POST"):
                self.kept = answer
            return answer
        if fault == "garbage":
            return b"\0\1\2 this is no answer\r\n\r\n"
        return {"drop answer": b"", "cut answer": answer[:-100], "cut header": answer[:20], "other answer": self.kept,
                "delay": answer}[fault]


def vote(folder, proxy, election, voter):
    link = f"{proxy.url}/s/{election.uuid}#{election.code[voter]}"
    command = [BUILD / "plus1", "vote", "--url", link, "--choose", "Bomen", "--receipt", f"{voter}.receipt"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(folder)})
    return done.returncode, done.stdout + done.stderr


def times_in(archive, credential):
    return archive.count(f'"credential":"{credential}"'.encode())


def main():
    with Folder() as folder:
        election = Election(folder, max(10, len(ROWS)))
        server = Server(folder)
        election.load()
        proxy = Proxy(int(server.url.rsplit(":", 1)[1]), [])
        jobs = []
        with concurrent.futures.ThreadPoolExecutor(len(ROWS)) as pool:
            for number, row in enumerate(ROWS):
                proxy.others.append(row[0])
                jobs.append(pool.submit(vote, folder, proxy, election, election.voters[number]))
                wait_until(lambda: not proxy.others, "a ballot")  # so that we know whose it is
                if number == 0:
                    wait_until(lambda: proxy.kept, "an answer")
        time.sleep(0.2)
        archive = server.ask(f"/v1/elections/{election.uuid}/archive")[2]
        credentials = list(proxy.todo)
        for number, ((faults, says, times), job) in enumerate(zip(ROWS, jobs)):
            what = " then ".join(faults) or "no fault"
            code, said = job.result()
            ensure(says in said, f"{what}: the voter is told: {said}")
            same(f"{what}: exit", says == "is in the ballot box", code == 0)
            same(f"{what}: left", [], proxy.todo[credentials[number]])
            same(f"{what}: in the box", times, times_in(archive, credentials[number]))
            receipt = folder / f"{election.voters[number]}.receipt"
            same(f"{what}: the receipt is kept", says != "does not answer", receipt.exists())
        (folder / "got.bel").write_bytes(archive)
        run("plus1-verify", "got.bel", cwd=folder, words=f"{sum(row[2] for row in ROWS)} ballots in the box")
        same("nothing is left behind", [], list(folder.glob("plus1-vote-*")))
        same("exit", 0, server.stop())
    print(f"ok: {len(ROWS)} voters behind a proxy that drops, doubles, delays, cuts and exchanges: each was told the truth")


main()
