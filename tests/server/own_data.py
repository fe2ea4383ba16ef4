#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a resident sees of a code, who else does not, and that each use is kept."""
import json
import os
import random
import re
import time

from lib import BUILD, Election, Folder, Server, ensure, request_of, run, same, spoiled

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**9)))


def ask(server, election, body):
    status, headers, text = server.ask(f"/v1/elections/{election.uuid}/own-data", body)
    same("no cache keeps it", "no-store", headers["Cache-Control"])
    return status, json.loads(text)


def kind(answer):
    return answer[0], answer[1]["type"].rsplit("/", 1)[1]


def times(said, use):
    return sum(one["times"] for one in said["uses"] if one["use"] == use)


def for_people(server, election):
    """The command: the ballots of this code alone, and each use of it."""
    ballots = [election.ballot(voter, answer) for voter, answer in (("v1", "Bomen"), ("v2", "Bomen"), ("v1", "Bankjes"))]
    trackers = [server.cast(election, ballot)[1]["tracker"].replace("+", "-").replace("/", "_") for ballot in ballots]
    link = f"{server.url}/s/{election.uuid}"
    said = run("plus1", "own-data", "--url", f"{link}#{election.code['v1']}", cwd=election.folder)
    for words in ("event 1, tracker " + trackers[0] + ", replaced by a later one", "event 3, tracker " + trackers[2] + ", counts",
                  "a ballot was taken, 2 times", "this was asked, 1 time\n", "Weight: 1\n", "2 new ballots",
                  "No name, no address and no choice is here"):
        ensure(words in said, f"{words!r} is said: {said}")
    ensure(trackers[1] not in said, "nobody else's ballot is shown")
    said = run("plus1", "own-data", "--url", link, "--code", election.code["v1"].lower(), cwd=election.folder)
    ensure("this was asked, 2 times\n" in said, f"each time is counted: {said}")
    run("plus1", "own-data", "--url", link, cwd=election.folder, code=3, words="--code must be given")
    run("plus1", "own-data", "--url", link, "--code", "22222-222222-22222-222222", cwd=election.folder, code=1, words="not on the list")
    said = run("plus1", "own-data", "--url", f"{link}#{election.code['v9']}", cwd=election.folder)
    ensure("Ballots: none" in said and "Notices: none" in said, f"who has not voted sees that: {said}")
    return trackers


def for_programs(server, election, trackers):
    """The answer, of which nothing is finer than the hour; a request that is sent again is answered again, and counted."""
    body = request_of(server, election, "v1")
    status, said = ask(server, election, body)
    same("the answer", (200, election.uuid, 1, False), (status, said["election"], said["weight"], said["withdrawn"]))
    same("the ballots", [(1, trackers[0], False), (3, trackers[2], True)],
         [(b["height"], b["tracker"], b["counts"]) for b in said["ballots"]])
    same("uses", (2, 3), (times(said, "ballot"), times(said, "own-data")))
    same("a replay", 4, times(ask(server, election, body)[1], "own-data"))
    numbers = {int(n) for n in re.findall(r"\d{6,}", re.sub(r'"[^"]*"', "", json.dumps(said)))}
    hour = json.loads(body)["hour"]
    ensure(all(n in (hour - 1, hour, hour + 1) for n in numbers), f"no time but hours: {numbers}")
    return body


def refusals(server, election, other, body):
    """Nobody else is answered, and none of it is a use."""
    chance = random.Random(SEED)
    print(f"SEED={SEED}", flush=True)
    for _ in range(100):
        at, changed = chance.randrange(len(body)), bytearray(body)
        changed[at] ^= 1 << chance.randrange(8)
        status, said = ask(server, election, bytes(changed))
        ensure(status in (400, 403) and "ballots" not in said, f"byte {at}: {status}")
    same("of another election", (403, "not-signed"), kind(ask(server, other, body)))
    same("of somebody of another election", (403, "not-signed"), kind(ask(server, election, request_of(server, other, "v1"))))

    credential, hour = json.loads(body)["credential"], json.loads(body)["hour"]
    ballot = election.ballot("v1", "Bomen")
    receipt = server.cast(election, ballot)[1]["receipt"]
    for proof in (json.loads(ballot)["signature"]["proof"], receipt["signature"]):
        forged = json.dumps({"credential": credential, "hour": hour, "signature": proof}, separators=(",", ":")).encode()
        same("a ballot's or receipt's signature", (403, "not-signed"), kind(ask(server, election, forged)))
    signature = json.loads(body)["signature"]
    as_ballot = json.loads(election.ballot("v1", "Bankjes"))
    as_ballot["signature"]["proof"] = signature
    status, said = server.cast(election, json.dumps(as_ballot, separators=(",", ":")).encode())
    same("a request's signature on a ballot", (400, "ballot-signature"), kind((status, said)))

    for hours, expected in ((-1, 200), (-2, "wrong-hour"), (2, "wrong-hour")):
        shifted = request_of(server, election, "v1", {"LD_PRELOAD": str(BUILD / "libclock.so"), "P1_CLOCK_SHIFT": str(3600 * hours)})
        answer = ask(server, election, shifted)
        same(f"{hours} hours away", expected, answer[0] if expected == 200 else kind(answer)[1])
    for wrong in (b"", b"{}", b" " + body, body + b"\n", body.replace(b'"hour":', b'"Hour":'), body.replace(b"}", b',"x":1}', 1), b"[" * 500):
        status, said = ask(server, election, wrong)
        same("another form", 400, status)
    same("too long", 413, server.ask(f"/v1/elections/{election.uuid}/own-data", body * 10)[0])
    same("a GET", 405, server.ask(f"/v1/elections/{election.uuid}/own-data")[0])


def failing(election):
    """Wrong ballots and requests of an address, and no others, make it wait; other addresses go on."""
    server = Server(election.folder, "--set", "failures=20", "--proxy", "127.0.0.1")
    ballot = election.ballot("v5", "Bomen")
    for _ in range(30):  # the first one, and replays
        ensure(server.cast(election, ballot)[0] in (200, 201), "what is right is no failure")
    path, here = f"/v1/elections/{election.uuid}/ballots", {"X-Forwarded-For": "192.0.2.7"}
    for i in range(20):
        wrong = spoiled(ballot) if i % 2 else b"{}"
        ensure(server.ask(path, wrong, headers=here)[0] == 400, "a wrong ballot is refused")
    status, headers, text = server.ask(path, ballot, headers=here)
    same("who failed often", (429, "too-many-failures"), kind((status, json.loads(text))))
    ensure(0 < int(headers["Retry-After"]) <= 180, f"and is told when to come back: {headers['Retry-After']}")
    own = f"/v1/elections/{election.uuid}/own-data"
    same("own data too", 429, server.ask(own, b"{}", headers=here)[0])
    same("reading goes on", 200, server.ask(f"/v1/elections/{election.uuid}", headers=here)[0])
    same("another address", 200, server.cast(election, ballot)[0])
    ensure("192.0.2.7" not in server.log_text(), "no address is in the log")
    same("exit", 0, server.stop())


def main():
    left = 3600 - time.time() % 3600
    if left < 20:  # of this hour: what is signed in it must still be good at the end
        time.sleep(left)
    with Folder() as folder:
        server, election, other = None, Election(folder, 12), None
        (folder / "other").mkdir()
        (folder / "other/data").symlink_to(folder / "data")
        other = Election(folder / "other", 12)
        run("plus1", "serve", "--data", "data", "--set", "votes-free=0", cwd=folder, code=3, words="give a number from 1 to")
        run("plus1", "serve", "--data", "data", "--set", "votes=1", cwd=folder, code=3, words="votes-most=20")
        server = Server(folder, "--set", "votes-free=5")
        election.load()
        other.load()
        trackers = for_people(server, election)
        body = for_programs(server, election, trackers)
        refusals(server, election, other, body)
        said = ask(server, election, body)[1]
        same("what was refused is no use", 6, times(said, "own-data"))
        server.kill()
        log = server.log_text()
        for secret in (json.loads(body)["credential"], election.code["v1"], "192.0.2", *trackers):
            ensure(secret not in log, "neither code, credential nor tracker is in the log")
        server = Server(folder)
        same("after a kill", 7, times(ask(server, election, body)[1], "own-data"))
        same("exit", 0, server.stop())
        failing(election)
    print("ok: own data, for who has the code")


main()
