#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""All that a server does, at once: ballots, ballots again, a withdrawal with its neutral ballot, a closing, downloads, status, figures
and requests that two readers could read in two ways. Made for the thread and address sanitizers, which watch in `make soak`.

P1_BUILD is the folder with the programs.
"""
import concurrent.futures
import json
import re
import socket
import threading
import time

from lib import Election, Folder, Server, ensure, run, same

VOTERS = 12


def smuggled(server, election, ballot):
    """A ballot behind two lengths, or a length and a coding, is no ballot."""
    host, port = server.url.split("//")[1].split(":")
    head = f"POST /v1/elections/{election.uuid}/ballots HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    for lengths in (f"Content-Length: 0\r\nContent-Length: {len(ballot)}", f"Content-Length: {len(ballot)}\r\nTransfer-Encoding: chunked"):
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(f"{head}{lengths}\r\n\r\n".encode() + ballot)
            ensure(connection.recv(64).startswith(b"HTTP/1.1 400 "), "a request with two lengths is refused")


def until(stop, do):
    while not stop.is_set():
        do()


def main():
    with Folder() as folder:
        election = Election(folder, VOTERS, registrar=True)
        ballots = election.ballots([v for v in election.voters for _ in range(3)])
        about, served = f"/v1/elections/{election.uuid}", ("--data", "data", election.uuid)
        server = Server(folder)
        election.load()
        withdrawn = election.voters[0]
        same("a vote", 201, server.cast(election, ballots[0])[0])
        run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
        box, code = f"out/{election.uuid}.bel", election.code[withdrawn]
        keys = ("--box", box, "--key", "registrar.key", "--code", code)
        run("plus1", "registrar", "withdraw", *keys, "--second", "second.key", "--out", "n1", cwd=folder)
        run("plus1", "box", "notice", *served, "n1", cwd=folder)
        run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
        run("plus1", "registrar", "neutral", *keys, "--ballot-out", "neutral.json", "--out", "n2", cwd=folder)
        run("plus1", "box", "notice", *served, "n2", cwd=folder)
        neutral = (folder / "neutral.json").read_bytes()

        stop, answers = threading.Event(), []
        smuggled(server, election, ballots[3])
        work = [
            lambda: server.ask(f"{about}/archive", headers={"Range": "bytes=100-90000"}),
            lambda: server.ask(f"{about}/events?limit=20"),
            lambda: (server.ask("/metrics", base=server.ops), server.ask("/readyz", base=server.ops)),
            lambda: run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder),
            lambda: smuggled(server, election, ballots[4]),
        ]
        todo = [*ballots[1:], *[neutral] * 6, *ballots[3:]]
        with concurrent.futures.ThreadPoolExecutor(len(work) + 8) as pool:
            beside = [pool.submit(until, stop, one) for one in work]
            casts = [pool.submit(server.cast, election, ballot) for ballot in todo]
            for cast in casts[: len(todo) // 2]:
                answers.append(cast.result()[0])
            run("plus1", "box", "close", *served, cwd=folder, words="closed")
            answers += [cast.result()[0] for cast in casts[len(todo) // 2:]]
            time.sleep(0.3)
            stop.set()
            for one in beside:
                one.result()
        ensure(set(answers) <= {200, 201, 403, 409, 429}, f"each has an answer: {set(answers)}")
        state = json.loads(server.ask(about)[2])
        same("the end", "ended", state["stage"])
        same("ballots", answers.count(201) + 1, state["ballots"])
        run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
        run("plus1-verify", box, cwd=folder)
        same("exit", 0, server.stop())
        ensure(not re.search("Sanitizer|runtime error", server.log_text()), server.log_text()[-3000:])
    print(f"ok: {len(answers)} ballots with a closing, a withdrawal and {len(work)} kinds of readers at once")


main()
