#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""How often a code votes, and that a ballot enters once: over HTTP, at once from many, and over restarts."""
import concurrent.futures
import json

from lib import Election, Folder, Server, ensure, same


def kind(answer):
    return answer[0], answer[2]["type"].rsplit("/", 1)[1]


def cast(server, election, ballot):
    status, headers, text = server.ask(f"/v1/elections/{election.uuid}/ballots", ballot)
    return status, headers, json.loads(text)


def as_usual(server, election):
    """Without any --set: three at once, then one a minute; replays and others do not count."""
    ballots = [election.ballot("v1", "Bomen") for _ in range(4)]
    for ballot in ballots[:3]:
        same("at once", 201, cast(server, election, ballot)[0])
    for _ in range(3):
        same("a replay", 200, cast(server, election, ballots[0])[0])
    answer = cast(server, election, ballots[3])
    same("the fourth", (429, "wait-a-minute"), kind(answer))
    ensure(50 <= int(answer[1]["Retry-After"]) <= 60, f"it says when: {answer[1]['Retry-After']}")
    same("a replay still", 200, cast(server, election, ballots[2])[0])
    same("another code", 201, cast(server, election, election.ballot("v2", "Bomen"))[0])


def as_set(election):
    """Five in all, without a pause; then the answer names the counter, also after a restart."""
    options = ("--set", "votes-most=5", "--set", "votes-wait=0")
    server = Server(election.folder, *options)
    for _ in range(5):
        same("one of five", 201, cast(server, election, election.ballot("v3", "Bomen"))[0])
    ballot = election.ballot("v3", "Bomen")
    for _ in range(2):
        answer = cast(server, election, ballot)
        same("the sixth", (403, "no-more-votes"), kind(answer))
        ensure("counter" in answer[2]["detail"], f"the counter is named: {answer[2]['detail']}")
        same("exit", 0, server.stop())
        server = Server(election.folder, *options)
    # What is not right is no try of its code.
    right = election.ballot("v4", "Bomen")
    last = right[right.rindex(b'"response":"') :]
    for digit in b"123456789":
        wrong = right[: -len(last)] + last[:32] + bytes([digit]) + last[33:]  # a digit in the middle: the number stays below the order
        if wrong != right:
            same("a wrong signature", (400, "ballot-signature"), kind(cast(server, election, wrong)))
    for _ in range(5):
        same("one of five", 201, cast(server, election, election.ballot("v4", "Bomen"))[0])
    return server


def once(server, election):
    """The same two ballots from sixteen at once, again and again."""
    first, second = election.ballot("v5", "Bomen"), election.ballot("v5", "Bankjes")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for ballot in (first, second):
            answers = list(pool.map(lambda _, b=ballot: cast(server, election, b), range(48)))
            same("one is new", 1, [a[0] for a in answers].count(201))
            same("the others find it", 47, [a[0] for a in answers].count(200))
            same("all name one place", 1, len({a[2]["height"] for a in answers}))
            same("each receipt names it", 1, len({a[2]["receipt"]["message"] for a in answers}))
            same("and that it counts", {True}, {a[2]["counts"] for a in answers})
    places = [cast(server, election, ballot)[2]["height"] for ballot in (first, second)]
    same("their order", 1, places[1] - places[0])
    for _ in range(2):
        for ballot, place, counts in ((first, places[0], False), (second, places[1], True)):
            status, _, said = cast(server, election, ballot)
            same("its place, and whether it counts", (200, place, counts, 2), (status, said["height"], said["counts"], said["ballots"]))
        server.kill()
        server = Server(election.folder)
    about = json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])
    same("figures", (5, 16), (about["voted"], about["ballots"]))
    return server


def main():
    with Folder() as folder:
        election = Election(folder, 12)
        server = Server(folder)
        election.load()
        as_usual(server, election)
        same("exit", 0, server.stop())
        server = once(as_set(election), election)
        same("exit", 0, server.stop())
    print("ok: the limits of a code, and one place for each ballot")


main()
