#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every endpoint at once, from many connections, while people vote, the box is looked at, closed, and the server stopped: each answer is
one that the document names. `make soak` runs it with the sanitizers of addresses and of threads.

LOAD_SECONDS is how long (default 1). A sanitizer that finds something ends the server with another code, and says so in its log.
"""
import http.client
import json
import os
import random
import threading
import time
import urllib.parse

from api_document import Document, compact, tracker
from lib import Election, Folder, Server, ensure, request_of, run, same

SECONDS, READERS = float(os.environ.get("LOAD_SECONDS", "1")), 12


class Answer:
    def __init__(self, answer):
        self.status, self.fields, self.body = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


class Load:
    def __init__(self, server, document, values, bodies):
        at = urllib.parse.urlsplit(server.url)
        self.host, self.port = at.hostname, at.port
        self.document, self.values, self.bodies = document, values, bodies
        self.ends, self.lock = threading.Event(), threading.Lock()
        self.answers, self.wrong = {}, []

    def one(self, connection, chance):
        o = chance.choice(self.document.operations)
        method, fields, body = o.method, {}, None
        if o.body:
            fields, body = {"Content-Type": "application/json"}, chance.choice(self.bodies[o.id])
        elif chance.random() < 0.1:
            method = "HEAD"
        if chance.random() < 0.3:
            fields[chance.choice(["Range", "If-None-Match", "Accept"])] = chance.choice(["bytes=0-99", "*", '"x"', "image/png", "*/*"])
        query = chance.choice(["", "?limit=2", "?after=1", "?limit=0"] if o.parameters_in("query") else [""] * 9 + ["?x=1"])
        connection.request(method, o.address(self.values, query), body, fields)
        answer = Answer(connection.getresponse())
        if method == o.method:
            self.document.judge(o, answer, f"{o.id}{query} {fields}")
        with self.lock:
            self.answers[answer.status] = self.answers.get(answer.status, 0) + 1

    def reader(self, seed):
        chance = random.Random(seed)
        while not self.ends.is_set():
            connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
            try:
                for _ in range(chance.randrange(1, 50)):
                    self.one(connection, chance)
            except (OSError, http.client.HTTPException) as why:  # the server may go; that is the last thing it does
                if not self.ends.is_set():
                    self.wrong.append(repr(why))
                    return
            except SystemExit as why:
                self.wrong.append(str(why))
                return
            finally:
                connection.close()


def main():
    with Folder() as folder:
        election = Election(folder, 12)
        ballots = [election.ballot(voter, answer) for voter in election.voters for answer in ("Bomen", "Bankjes")]
        server = Server(folder, "--set", "failures=0")  # all come from one address
        election.load()
        server.cast(election, ballots[0])
        document = Document(server.ask("/v1/openapi.json")[2])
        requests = [request_of(server, election, voter) for voter in election.voters[:3]]
        bodies = {"castBallot": ballots, "askOwnData": requests, "askCode": [compact({"credential": json.loads(b)["credential"]}) for b in ballots]}
        load = Load(server, document, {"uuid": election.uuid, "tracker": tracker(ballots[0])}, bodies)
        readers = [threading.Thread(target=load.reader, args=(i,), daemon=True) for i in range(READERS)]
        for reader in readers:
            reader.start()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder)
            same("it lives", 200, server.ask("/readyz", base=server.ops)[0])
            ensure(b"plus1_ballots_total" in server.ask("/metrics", base=server.ops)[2], "figures")
        run("plus1", "box", "close", "--data", "data", election.uuid, cwd=folder)
        run("plus1", "box", "tally", "--data", "data", election.uuid, cwd=folder)
        time.sleep(SECONDS / 10)
        ensure(not load.wrong, "\n".join(load.wrong[:3]))
        load.ends.set()
        same("exit", 0, server.stop())
        for reader in readers:
            reader.join()
        log = server.log_text()
        ensure("Sanitizer" not in log, log[-3000:])
        same("errors of ours", 0, load.answers.get(500, 0))
        ensure({200, 206, 304, 400, 406} <= set(load.answers), f"all kinds of answers: {load.answers}")
    print(f"ok: {sum(load.answers.values())} answers under load are as documented: {dict(sorted(load.answers.items()))}")


main()
