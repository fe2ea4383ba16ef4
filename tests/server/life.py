#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of an election on a running server: from the frozen box to a result that plus1-verify accepts."""
import base64
import hashlib
import json
import shutil
import urllib.parse

from lib import Election, Folder, Server, ensure, run, same


def tracker(ballot):
    return base64.b64encode(hashlib.sha256(ballot).digest()).decode().rstrip("=")


def in_address(text):
    return text.replace("+", "-").replace("/", "_")


def problem(answer, status, code):
    same("the status", status, answer[0])
    found = json.loads(answer[2])
    same("the problem", code, found["type"].rsplit("/", 1)[1])
    same("its status", status, found["status"])
    same("its type", "application/problem+json", answer[1]["Content-Type"])
    ensure(found["title"] and found["detail"], "a problem has a title and a sentence")


def voting(server, election):
    """Four vote, one of them twice."""
    path = f"/v1/elections/{election.uuid}"
    ballots = {}
    for height, (voter, answer) in enumerate([("v1", "Bomen"), ("v2", "Bankjes"), ("v3", "Bomen"), ("v1", "Bankjes"), ("v4", "Bomen")], 1):
        ballots[height] = election.ballot(voter, answer)
        status, said = server.cast(election, ballots[height])
        same("the status", 201, status)
        same("the place", height, said["height"])
        same("the tracker", tracker(ballots[height]), said["tracker"])
        same("how often", 2 if height == 4 else 1, said["ballots"])
        receipt = json.loads(said["receipt"]["message"])
        same("the receipt", (election.uuid, height, said["tracker"]), (receipt["election"], receipt["height"], receipt["tracker"]))
    status, said = server.cast(election, ballots[1])
    same("a ballot that is there", (200, 1, False), (status, said["height"], said["counts"]))

    shown = json.loads(server.ask(f"{path}/ballots/{in_address(tracker(ballots[1]))}")[2])
    same("a replaced ballot", (1, False, 4), (shown["height"], shown["counts"], shown["replacedBy"]))
    shown = json.loads(server.ask(f"{path}/ballots/{in_address(tracker(ballots[4]))}")[2])
    same("a ballot that counts", (4, True), (shown["height"], shown["counts"]))
    same("its content", ballots[4], server.ask(f"{path}/ballots/{in_address(tracker(ballots[4]))}/content")[2])
    problem(server.ask(f"{path}/ballots/{in_address(tracker(b'nothing'))}"), 404, "unknown-ballot")
    problem(server.ask(f"{path}/ballots/short"), 404, "unknown-ballot")
    return ballots


def codes(server, election, ballots):
    """Whether a code may vote, and has: by its public half."""
    path = f"/v1/elections/{election.uuid}/codes"
    credential = json.loads(ballots[1])["credential"]
    every = json.loads((election.folder / "codes/public_credentials.json").read_text())
    voted = {json.loads(ballot)["credential"] for ballot in ballots.values()}
    unused = next(c for c in every if c not in voted)
    for asked, used in ((credential, True), (unused, False)):
        status, _, said = server.ask(path, json.dumps({"credential": asked}, separators=(",", ":")).encode())
        same("what is said of a code", (200, {"used": used, "withdrawn": False}), (status, json.loads(said)))
    problem(server.ask(path, b'{"credential":"%064d"}' % 0), 403, "unknown-code")
    problem(server.ask(path, b'{"credential":1}'), 400, "json")
    problem(server.ask(path, b'{"credential":""}x'), 400, "json-trailing")


def refusals(server, election, ballots):
    path = f"/v1/elections/{election.uuid}/ballots"
    problem(server.ask(path, b"{}"), 400, "json")
    changed = ballots[2].replace(b'"response":"', b'"response":"1', 1)
    ensure(server.ask(path, changed)[0] == 400, "a changed ballot is refused")
    problem(server.ask("/v1/elections/Unknown1234567/ballots", ballots[2]), 404, "unknown-election")
    other = ballots[2].replace(election.uuid.encode(), b"Another1234567")
    problem(server.ask(path, other), 409, "other-election")


def public(server, election, ballots):
    """What anybody can read, in pages and ranges, with tags."""
    path = f"/v1/elections/{election.uuid}"
    about = json.loads(server.ask(path)[2])
    same("figures", ("open", 30, 4, 5, 6), (about["stage"], about["voters"], about["voted"], about["ballots"], about["events"]))
    same("the list", [about], json.loads(server.ask("/v1/elections")[2])["elections"])
    bundle = server.ask(f"{path}/bundle")
    same("the bundle", (election.folder / "bundle.json").read_bytes(), bundle[2])
    ensure(json.loads(bundle[2])["receipt_key"] == about["receiptKey"], "the frozen key is the server's")
    same("not modified", 304, server.ask(f"{path}/bundle", headers={"If-None-Match": bundle[1]["ETag"]})[0])
    same("the credentials", (election.folder / "codes/public_credentials.json").read_bytes().rstrip(), server.ask(f"{path}/credentials")[2])

    heights, after = [], None
    while True:
        query = {"limit": 2} if after is None else {"limit": 2, "after": after}
        page = json.loads(server.ask(f"{path}/events?{urllib.parse.urlencode(query)}")[2])
        heights += [event["height"] for event in page["events"]]
        after = page["next"]
        if after is None:
            break
    same("events in pages", list(range(6)), heights)
    problem(server.ask(f"{path}/events?limit=x"), 400, "malformed-parameter")
    problem(server.ask(f"{path}/events?limit=1001"), 400, "malformed-parameter")

    status, headers, archive = server.ask(f"{path}/archive")
    same("the archive", (200, about["archiveBytes"]), (status, len(archive)))
    for begin, end in ((0, 0), (5, 700), (len(archive) - 1, len(archive) - 1), (1000, len(archive) - 10)):
        status, _, part = server.ask(f"{path}/archive", headers={"Range": f"bytes={begin}-{end}"})
        same("a range", (206, archive[begin : end + 1]), (status, part))
    (election.folder / "got.bel").write_bytes(archive)
    run("plus1-verify", "got.bel", cwd=election.folder, words="5 ballots in the box")
    for ballot in ballots.values():
        ensure(ballot in archive, "each ballot is in the archive")


def by_link(server, election):
    """`plus1 vote --url`: with the link of a letter; the receipt is checked and kept."""
    folder = election.folder
    link = f"{server.url}/s/{election.uuid}#{election.code['v5']}"
    said = run("plus1", "vote", "--url", link, "--choose", "Bankjes", "--receipt", "receipt.json", cwd=folder, words="has voted 1 time;")
    ensure("event 6, received in the hour from" in said, f"place and hour are said: {said}")
    ensure(json.loads((folder / "receipt.json").read_text())["signature"], "the receipt is kept")
    run("plus1", "vote", "--url", f"{link}.2222222222222222222222", "--choose", "Bomen", cwd=folder, code=1, words="another question paper")
    run("plus1", "vote", "--url", f"{server.url}/s/{election.uuid}", "--choose", "Bomen", cwd=folder, code=3, words="--code must be given")
    run("plus1", "vote", "--url", f"{server.url}/s/Unknown1234567#{election.code['v5']}", "--choose", "Bomen", cwd=folder, code=1,
        words="no vote with this number")
    ensure(not list(folder.glob("plus1-vote-*")), "nothing is left behind")


def counting(server, election):
    """The box is closed, tallied, opened and published while the server runs."""
    served = ("--data", "data", election.uuid)
    folder = election.folder
    late = election.ballot("v9", "Bomen")
    run("plus1", "box", "tally", *served, cwd=folder, code=1, words="voting goes on")
    run("plus1", "box", "close", *served, cwd=folder, words="closed")
    run("plus1", "box", "close", *served, cwd=folder, code=1, words="voting has ended")
    status, said = server.cast(election, late)
    same("too late", (409, "voting-ended"), (status, said["type"].rsplit("/", 1)[1]))
    run("plus1", "box", "tally", *served, cwd=folder, words="5 ballots count")
    run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
    run("plus1", "trustee", "decrypt", "--key", "t1.key", "--boxes", f"out/{election.uuid}.bel", "--out", "shares", cwd=folder)
    run("plus1", "result", "publish", *served, cwd=folder, code=1)
    run("plus1", "share", "add", *served, f"shares/{election.uuid}.t1.share.json", cwd=folder, words="there are enough")
    run("plus1", "result", "publish", *served, cwd=folder)
    shutil.rmtree(folder / "out")
    run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
    same("beside the archive", [f"{election.uuid}.bel", f"{election.uuid}.bundle.json", f"{election.uuid}.shares"],
         sorted(file.name for file in (folder / "out").iterdir()))
    run("plus1-verify", f"out/{election.uuid}.bel", cwd=folder, words="VALID: ")
    same("the result", [[0, 2, 3]], json.loads(run("plus1-verify", "--json", f"out/{election.uuid}.bel", cwd=folder))["boxes"][0]["result"])
    same("the archive", (folder / f"out/{election.uuid}.bel").read_bytes(), server.ask(f"/v1/elections/{election.uuid}/archive")[2])
    ensure(not list((folder / "data").glob("checkout-*")), "copies are removed")


def main():
    with Folder() as folder:
        election = Election(folder, 30)
        server = Server(folder)
        run("plus1", "serve", "--data", "data", cwd=folder, code=1, words="in use by another server")
        election.load()
        run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder, words="open")
        ballots = voting(server, election)
        codes(server, election, ballots)
        refusals(server, election, ballots)
        public(server, election, ballots)
        by_link(server, election)
        same("exit", 0, server.stop())
        run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder, code=2, words="is plus1 serve running?")

        server = Server(folder)
        status, said = server.cast(election, ballots[5])
        same("after a restart", (200, 5), (status, said["height"]))
        counting(server, election)
        same("ready", 200, server.ask("/readyz", base=server.ops)[0])
        ensure(b'plus1_ballots_total{outcome="repeated"} 1' in server.ask("/metrics", base=server.ops)[2], "metrics count")
        same("exit", 0, server.stop())
        log = server.log_text()
        for ballot in ballots.values():
            ensure(tracker(ballot) not in log, "no tracker is in the log")
        for code in election.code.values():
            ensure(code not in log, "no code is in the log")
    print("ok: an election on a server, from the frozen box to the result")


main()
