#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the server finds out about itself at the start, and says: disk, database, clock, keys; and papers that it cannot take."""
import json
import re

from lib import BUILD, Election, Folder, Server, ensure, request_of, run, same

CLOCK = "Nothing keeps the clock of this machine right. Votes close by it."


def ready(server):
    status, _, text = server.ask("/readyz", base=server.ops)
    return status, json.loads(text)["checks"]


def status_of(election):
    return run("plus1", "box", "status", "--data", "data", election.uuid, cwd=election.folder)


def clock(election):
    """In log, /readyz and `box status`, where nothing keeps the clock right; nowhere else."""
    for synchronised in "01":
        log_before = len((election.folder / "log").read_text())
        server = Server(election.folder, env={"LD_PRELOAD": str(BUILD / "libclock.so"), "P1_CLOCK_SYNC": synchronised})
        status, checks = ready(server)
        same("ready", 200, status)
        right = synchronised == "1"
        counted = server.ask("/metrics", base=server.ops)[2].decode()
        ensure(f"plus1_clock_synchronised {synchronised}\nplus1_clock_shift_seconds 0\n" in re.sub("# .*\n", "", counted), "/metrics has the clock")
        same("/readyz", "ok" if right else "warning", checks["clock"]["status"])
        if not right:
            same("its sentence", CLOCK, checks["clock"]["detail"])
        for said in (server.log_text()[log_before:], status_of(election)):
            same(f"the warning in {said}", right, CLOCK not in said)
        same("exit", 0, server.stop())


def disk(server):
    found = re.search(r"event=disk sync_us=(\d+) worst_us=(\d+)\n", server.log_text())
    ensure(found and 0 < int(found[1]) <= int(found[2]), "the log has the time of an fsync")
    ensure("event=database checked_us=" in server.log_text(), "the database was checked")


def failures(server):
    return re.search(rb"^plus1_failures_total (\d+)$", server.ask("/metrics", base=server.ops)[2], re.M)[1]


def keys(server, election):
    """With another receipt.seed no ballot is taken and no own data shown, and all is well when it is put back."""
    folder = election.folder
    first, second = election.ballot("v1", "Bomen"), election.ballot("v2", "Bomen")
    same("a ballot", 201, server.cast(election, first)[0])
    same("keys", "ok", ready(server)[1]["receipt-keys"]["status"])
    own_data, request = f"/v1/elections/{election.uuid}/own-data", request_of(server, election, "v1")
    same("exit", 0, server.stop())
    seed = (folder / "data/receipt.seed").read_bytes()
    (folder / "data/receipt.seed").unlink()  # another one is made
    server = Server(folder)
    for ballot in (first, second):
        status, headers, text = server.ask(f"/v1/elections/{election.uuid}/ballots", ballot)
        said = json.loads(text)
        same("no ballot", (503, "key-missing"), (status, said["type"].rsplit("/", 1)[1]))
        ensure("put receipt.seed back from a copy" in said["detail"] and headers["Retry-After"], f"it says what to do: {said}")
    status, headers, text = server.ask(own_data, request)
    same("own data", (503, "key-missing"), (status, json.loads(text)["type"].rsplit("/", 1)[1]))
    same("when to ask again", "300", headers["Retry-After"])
    same("whose fault it is", b"0", failures(server))
    status, checks = ready(server)
    same("/readyz", (200, "warning"), (status, checks["receipt-keys"]["status"]))
    ensure("1 of the votes" in checks["receipt-keys"]["detail"], f"it says how many: {checks}")
    ensure("NOT OPEN the server's key for receipts" in status_of(election), "box status says so")
    ensure(f'event="not opened" election={election.uuid}' in server.log_text(), "the log says so")
    (folder / "third").mkdir()
    (folder / "third/data").symlink_to(folder / "data")
    third = Election(folder / "third", 12)  # of the key that there is now
    third.load()
    same("exit", 0, server.stop())
    (folder / "data/receipt.seed").write_bytes(seed)
    server = Server(folder)
    same("the ballot is there", 200, server.cast(election, first)[0])
    same("and another", 201, server.cast(election, second)[0])
    same("own data too", 200, server.ask(own_data, request)[0])
    same("the other vote waits now", 503, server.cast(third, third.ballot("v1", "Bomen"))[0])
    same("exit", 0, server.stop())


def not_taken(folder):
    """Votes frozen with another server's key, and papers whose ballots are too large, are refused when they are loaded."""
    (folder / "a").mkdir()
    (folder / "a/data").mkdir()
    election = Election(folder / "a", 12)
    (folder / "a/data/receipt.seed").unlink()
    server = Server(folder / "a")
    load = ("plus1", "box", "load", "--data", "data", "--municipality", "Emmen", "--bundle")
    run(*load, f"box/{election.uuid}.bundle.json", election.box, cwd=folder / "a", code=1, words="ERR_RECEIPT_KEY")
    (folder / "b").mkdir()
    (folder / "b/data").symlink_to(folder / "a/data")
    questions = []
    for q in "123456":
        questions += ["--question", q, *(word for i in range(230) for word in ("--answer", f"A{i}")), "--max", 1]
    large = Election(folder / "b", 12, questions=questions)
    run(*load, f"box/{large.uuid}.bundle.json", large.box, cwd=folder / "b", code=1, words="ERR_BALLOT_LARGE")
    same("none is there", [], json.loads(server.ask("/v1/elections")[2])["elections"])
    same("exit", 0, server.stop())


def main():
    with Folder() as folder:
        election = Election(folder, 12)
        server = Server(folder)
        disk(server)
        election.load()
        same("exit", 0, server.stop())
        clock(election)
        keys(Server(folder), election)
        not_taken(folder)
        database = folder / "data/plus1.db"
        damaged = bytearray(database.read_bytes())
        damaged[4096 * 2 : 4096 * 4] = bytes(8192)
        database.write_bytes(damaged)
        run("plus1", "serve", "--data", "data", "--port", "0", "--ops-port", "0", cwd=folder, code=2, words="data/plus1.db: ")
    print("ok: the server's test of itself")


main()
