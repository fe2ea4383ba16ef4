#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notices on a running server: codes are withdrawn, the closing moves, and all of it is there after a restart."""
import json
import shutil
import time

from lib import Election, Folder, Server, ensure, run, same, wait_until

KEYS = ("--registrar", "reg.public", "--second", "sec.public")


def kind(answer):
    status, said = answer
    return status, said["type"].rsplit("/", 1)[1]


def registrar(election, verb, *options, key="reg.key"):
    """A notice, signed over the box as the server has it now."""
    folder = election.folder
    shutil.rmtree(folder / "now", ignore_errors=True)
    run("plus1", "export", "--data", "data", "--out", "now", election.uuid, cwd=folder)
    (folder / "notice").unlink(missing_ok=True)
    run("plus1", "registrar", verb, "--box", f"now/{election.uuid}.bel", "--key", key, *options, "--out", "notice", cwd=folder)


def give(election, code=0, words="the notice is taken", name="notice"):
    run("plus1", "box", "notice", "--data", "data", election.uuid, name, cwd=election.folder, code=code, words=words)


def kept(server, election):
    return server.ask(f"/v1/elections/{election.uuid}/notices")[2]


def withdrawals(server, election):
    """Two codes are withdrawn, one of them after it voted as often as it can at once; others vote meanwhile."""
    folder, code = election.folder, election.code
    for voter in ("v1", "v1", "v1", "v2", "v4"):
        same("a vote", 201, server.cast(election, election.ballot(voter, "Bomen"))[0])
    same("too often", (429, "wait-a-minute"), kind(server.cast(election, election.ballot("v1", "Bomen"))))

    run("plus1", "registrar", "key", "--out", "other", cwd=folder)
    registrar(election, "withdraw", "--code", code["v3"], key="other.key")
    give(election, 1, "ERR_NOTICE_SIGNATURE")
    registrar(election, "withdraw", "--code", code["v1"], "--second", "other.key")
    give(election, 1, "ERR_NOTICE_SIGNATURE")
    same("none of them is kept", b"", kept(server, election))

    registrar(election, "withdraw", "--code", code["v3"])
    give(election)
    shutil.copy(folder / "notice", folder / "first")
    give(election, 1, "ERR_NOTICE_CHAIN", "first")
    late = election.ballot("v3", "Bomen")
    same("a code that is withdrawn", (403, "code-withdrawn"), kind(server.cast(election, late)))
    asked = json.dumps({"credential": json.loads(late)["credential"]}, separators=(",", ":")).encode()
    said = json.loads(server.ask(f"/v1/elections/{election.uuid}/codes", asked)[2])
    same("what is said of it", {"used": False, "withdrawn": True}, said)

    registrar(election, "withdraw", "--code", code["v1"], "--second", "sec.key")
    same("a vote meanwhile", 201, server.cast(election, election.ballot("v5", "Bankjes"))[0])
    give(election)
    same("before the neutral ballot", (403, "code-withdrawn"), kind(server.cast(election, election.ballot("v1", "Bankjes"))))
    registrar(election, "neutral", "--code", code["v1"], "--ballot-out", "neutral.json")
    give(election)
    give(election, 1, "ERR_NOTICE_CHAIN")
    neutral = (folder / "neutral.json").read_bytes()
    same("another ballot", (403, "code-withdrawn"), kind(server.cast(election, election.ballot("v1", "Bankjes"))))
    status, said = server.cast(election, neutral)
    same("the neutral ballot is taken, whatever the limit", (201, 4), (status, said["ballots"]))
    same("the neutral ballot again", 200, server.cast(election, neutral)[0])
    said = run("plus1", "own-data", "--url", f"{server.url}/s/{election.uuid}#{code['v1']}", cwd=folder, words="This code was withdrawn.")
    ensure(said.count('"type":"withdraw"') == 1 and said.count('"type":"neutral"') == 1, f"who had the code sees the notices: {said}")
    same("a ballot after it", (403, "code-withdrawn"), kind(server.cast(election, election.ballot("v1", "Bankjes"))))
    same("others vote on", 201, server.cast(election, election.ballot("v2", "Bankjes"))[0])

    registrar(election, "withdraw", "--code", code["v4"], "--second", "sec.key")
    same("a vote meanwhile", 201, server.cast(election, election.ballot("v4", "Bankjes"))[0])
    give(election, 1, "ERR_NOTICE_AFTER")  # v4 voted after the event that the notice names
    return neutral


def after_a_restart(server, election, neutral):
    lines = kept(server, election)
    same("exit", 0, server.stop())
    server = Server(election.folder)
    same("the notices", (lines, 3), (kept(server, election), lines.count(b"\n")))
    give(election, 1, "ERR_NOTICE_CHAIN", "first")
    for voter in ("v1", "v3"):
        same("a withdrawn code", (403, "code-withdrawn"), kind(server.cast(election, election.ballot(voter, "Bomen"))))
    same("the neutral ballot", (200, True), (lambda s, j: (s, j["counts"]))(*server.cast(election, neutral)))
    return server


def figures(election):
    """The count: four voters of whom one was withdrawn after the vote."""
    folder, served = election.folder, ("--data", "data", election.uuid)
    run("plus1", "box", "close", *served, cwd=folder)
    run("plus1", "box", "tally", *served, cwd=folder)
    shutil.rmtree(folder / "now")
    run("plus1", "export", "--data", "data", "--out", "now", election.uuid, cwd=folder)
    run("plus1", "trustee", "decrypt", "--key", "t1.key", "--boxes", f"now/{election.uuid}.bel", "--out", "shares", cwd=folder)
    run("plus1", "share", "add", *served, f"shares/{election.uuid}.t1.share.json", cwd=folder)
    run("plus1", "result", "publish", *served, cwd=folder)
    shutil.rmtree(folder / "now")
    run("plus1", "export", "--data", "data", "--out", "now", election.uuid, cwd=folder)
    box = json.loads(run("plus1-verify", "--json", f"now/{election.uuid}.bel", cwd=folder))["boxes"][0]
    same("the figures", ([[1, 0, 3]], [[0, 0, 3]], 3), (box["result"], box["corrected"], box["correctedVoters"]))


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def sleep_until(seconds):
    time.sleep(max(0, seconds + 0.02 - time.time()))  # the clock of the kernel that time(2) reads lags by a tick


def beside(folder, name):
    """A folder of its own for another election of the same server and registrar."""
    (folder / name).mkdir()
    for shared in ("data", "reg.key", "reg.public", "sec.public"):
        (folder / name / shared).symlink_to(folder / shared)
    return folder / name


def extension(folder, server):
    """The closing moves once, later only, also over a restart; what comes after the end comes too late."""
    closes = int(time.time()) + 3
    election = Election(beside(folder, "extended"), 11, closes=moment(closes), create=KEYS)
    election.load()
    registrar(election, "extend", "--closes", moment(closes - 1))
    give(election, 1, "ERR_NOTICE_EXTENSION")
    registrar(election, "extend", "--closes", moment(closes + 2))
    ensure(time.time() < closes, "the notice comes in time")
    give(election)
    about = json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])
    same("the closing", closes + 2, about["closes"])
    registrar(election, "extend", "--closes", moment(closes + 60))
    give(election, 1, "ERR_NOTICE_EXTENSION")
    early, late = election.ballot("v1", "Bomen"), election.ballot("v2", "Bomen")
    same("exit", 0, server.stop())
    server = Server(folder)
    sleep_until(closes + 1)
    same("after the first end", 201, server.cast(election, early)[0])
    sleep_until(closes + 2)
    same("after the second end", (409, "voting-ended"), kind(server.cast(election, late)))
    wait_until(lambda: json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["stage"] == "ended", "the end")
    return server


def too_late(folder, server):
    """An extension that comes after the end does not open the box again."""
    closes = int(time.time()) + 3
    election = Election(beside(folder, "late"), 11, closes=moment(closes), create=KEYS)
    election.load()
    registrar(election, "extend", "--closes", moment(closes + 60))
    sleep_until(closes)
    give(election, 1, "ERR_BOX_CLOSED")
    wait_until(lambda: json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["stage"] == "ended", "the end")
    give(election, 1, "ERR_BOX_CLOSED")
    same("a ballot", (409, "voting-ended"), kind(server.cast(election, election.ballot("v1", "Bomen"))))


def main():
    with Folder() as folder:
        run("plus1", "registrar", "key", "--out", "reg", cwd=folder)
        run("plus1", "registrar", "key", "--out", "sec", cwd=folder)
        election = Election(folder, 11, create=KEYS)
        server = Server(folder)
        election.load()
        neutral = withdrawals(server, election)
        server = after_a_restart(server, election, neutral)
        figures(election)
        server = extension(folder, server)
        too_late(folder, server)
        same("exit", 0, server.stop())
    print("ok: notices on a running server")


main()
