#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Backup and restore: a copy made while ballots come in has all that was acknowledged before; a restored box takes no votes until
it is said how much was lost; and what is tampered with, forged, half or of another vote is refused.

KILLS=N kills each of backup and restore N times (default 6).
"""
import base64
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from lib import BUILD, Election, Folder, Server, ensure, run, same, step

KILLS = int(os.environ.get("KILLS", "6"))
DB = "plus1.db"
# The tables of two steps before.
OLDER = "DROP TABLE platform_event; DROP TABLE cpu; DELETE FROM migration WHERE owner = 'ballotbox' AND step >= 2;"


def plus1(folder, *command, code=0, words=""):
    return run("plus1", *command, cwd=folder, code=code, words=words)


def backup(folder, out, **wanted):
    return plus1(folder, "backup", "--data", "data", "--out", out, **wanted)


def restore(folder, *options, source="kept", out="new", seed="receipt.seed", **wanted):
    seeds = ("--seed", seed) if seed else ()
    return plus1(folder, "restore", "--from", source, "--data", out, *seeds, *options, **wanted)


def rows(path, sql):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def trackers(path):
    return {row[0] for row in rows(path, "SELECT tracker FROM event WHERE tracker IS NOT NULL")}


def change(folder, sql, sums=True):
    """Changes a backup's database; with SUMS so that sha256sum finds nothing."""
    db = sqlite3.connect(folder / DB)
    db.executescript(sql)
    db.commit()
    db.close()
    if sums:
        (folder / "SHA256SUMS").write_text("".join(f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
                                                   for name in (DB, "plus1.json")))


def code_of(answer):
    return answer["type"].rsplit("/", 1)[1]


def take_place(folder, new):
    """The restored folder becomes the server's."""
    shutil.rmtree(folder / "data")
    (folder / new).rename(folder / "data")


def under_load(folder, server, election, ballots):
    """Each ballot that was acknowledged before a backup began is in it."""
    acknowledged, todo, lock = set(), list(ballots), threading.Lock()

    def cast():
        while True:
            with lock:
                if not todo:
                    return
                ballot = todo.pop()
            status, _ = server.cast(election, ballot)
            ensure(status == 201, f"a ballot during a backup: {status}")
            acknowledged.add(hashlib.sha256(ballot).digest())

    threads = [threading.Thread(target=cast) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(3):
        before = set(acknowledged)
        backup(folder, f"load{i}")
        ensure(before <= trackers(folder / f"load{i}" / DB), "what was acknowledged before the backup is in it")
    for thread in threads:
        thread.join()
    backup(folder, "load3")
    same("a backup of the whole", acknowledged, trackers(folder / "load3" / DB))
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder / "load3", check=False)
    same("sha256sum of the backup", 0, done.returncode)
    same("what is in a backup", ["SHA256SUMS", DB, "plus1.json"], sorted(file.name for file in (folder / "load3").iterdir()))
    seed = (folder / "data/receipt.seed").read_bytes()
    ensure(all(seed not in file.read_bytes() for file in (folder / "load3").iterdir()), "the seed is in no backup")
    backup(folder, "load3", code=1, words="exists already")
    for i in range(4):
        shutil.rmtree(folder / f"load{i}")
    return acknowledged


def lose(folder, server, election, late):
    """A backup, three ballots more with their receipts, a mirror of all; then the data folder is gone."""
    backup(folder, "kept", words="checked")
    shutil.copy(folder / "data/receipt.seed", folder / "receipt.seed")
    heights = []
    for i, ballot in enumerate(late):
        status, said = server.cast(election, ballot)
        same("a late ballot", 201, status)
        (folder / f"r{i}.json").write_text(json.dumps(said["receipt"], separators=(",", ":")))
        heights.append(said["height"])
    plus1(folder, "export", "--data", "data", "--out", "mirror", election.uuid)
    server.kill()
    return heights


def restored(folder, election, last):
    """With two receipts of the lost ballots the loss is known, and only that number opens the box."""
    restore(folder, "--receipt", "r0.json", "--receipt", "r1.json", words=f"the highest event that was shown is {last + 2}: 2 events are lost")
    same("what a restored folder holds", [DB, "plus1.json", "receipt.seed"], sorted(file.name for file in (folder / "new").iterdir()))
    restore(folder, code=1, words="exists already")
    take_place(folder, "new")


def held(folder, server, election, first, late, last):
    step("votes-while-held")
    path = f"/v1/elections/{election.uuid}"
    served = ("--data", "data", election.uuid)
    answer = server.ask(f"{path}/ballots", late[0])
    same("a vote in a held box", (503, "closed-for-votes"), (answer[0], code_of(json.loads(answer[2]))))
    same("when to try again", "300", answer[1]["Retry-After"])
    same("a ballot that was kept", 200, server.cast(election, first)[0])
    same("the page says so", True, json.loads(server.ask(path)[2])["closedForVotes"])
    plus1(folder, "box", "status", *served, words="closed for votes: restored from a backup, whose last event is")
    plus1(folder, "box", "close", *served, code=1, words="ERR_BOX_HELD")
    events = [json.loads(line) for line in server.ask(f"{path}/platform-events")[2].splitlines()]
    same("what is public", [(0, "restored", last, last + 2, 2)],
         [(e["n"], e["type"], e["height"], e["shown"], e["lost"]) for e in events])
    step("smaller-loss")
    for wrong in (0, 1, 3):
        plus1(folder, "box", "reopen", "--accept-loss", wrong, *served, code=1, words="ERR_BOX_LOSS")
    same("still held", 503, server.cast(election, late[0])[0])
    plus1(folder, "box", "reopen", "--accept-loss", 2, *served, words="open for votes again")
    plus1(folder, "box", "reopen", "--accept-loss", 2, *served, code=1, words="ERR_BOX_NOT_HELD")
    events = [json.loads(line) for line in server.ask(f"{path}/platform-events")[2].splitlines()]
    same("what is public then", ["restored", "reopened"], [e["type"] for e in events])
    same("the loss that is public", (last, 2, events[0]["event"]), (events[1]["height"], events[1]["lost"], events[1]["event"]))
    same("a lost ballot, sent again", (201, last + 1), (lambda a: (a[0], a[1]["height"]))(server.cast(election, late[1])))


def from_mirror(folder, election, late, last):
    """What a mirror has more is taken in: nothing is lost."""
    restore(folder, "--mirror", "mirror", out="seen", words="with --take-from instead of --mirror they are taken in")
    ensure(f"the highest event that was shown is {last + 3}: 3 events are lost" in restore(folder, "--mirror", f"mirror/{election.uuid}.bel",
                                                                                        out="seen2"), "a mirror shows the loss")
    said = restore(folder, "--take-from", "mirror", "--receipt", "r2.json", words="nothing is known to be lost")
    ensure("3 events are taken from" in said, said)
    same("ballots of the mirror", {hashlib.sha256(ballot).digest() for ballot in late},
         trackers(folder / "new" / DB) - trackers(folder / "kept" / DB))
    take_place(folder, "new")
    server = Server(folder)
    same("the archive is the mirror's", (folder / f"mirror/{election.uuid}.bel").read_bytes(),
         server.ask(f"/v1/elections/{election.uuid}/archive")[2])
    plus1(folder, "box", "reopen", "--data", "data", "--accept-loss", 0, election.uuid)
    same("a ballot that was taken in", 200, server.cast(election, late[2])[0])
    again = server.cast(election, election.ballot("v1", "Bomen"))
    same("the next one", (201, last + 4), (again[0], again[1]["height"]))
    run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
    run("plus1-verify", f"out/{election.uuid}.bel", cwd=folder, words="VALID")
    same("exit", 0, server.stop())
    shutil.rmtree(folder / "out")


def refused_evidence(folder, election, other):
    receipt = json.loads((folder / "r0.json").read_text())
    message = json.loads(receipt["message"])

    def write(name, changed, signature=None):
        text = json.dumps({"message": json.dumps(changed, separators=(",", ":")), "signature": signature or receipt["signature"]},
                          separators=(",", ":"))
        (folder / name).write_text(text)

    step("forged-receipt")
    write("forged.json", {**message, "height": message["height"] + 1000})
    said = subprocess.run([BUILD / "plus1", "restore", "--from", "kept", "--data", "n1", "--receipt", "forged.json"], cwd=folder,
                          capture_output=True, text=True, check=True)
    ensure("forged.json is ignored: its signature does not hold" in said.stderr, said.stderr)
    ensure("whether something is lost is not known" in said.stdout, said.stdout)
    (folder / "no.json").write_text('{"receipt":1}')
    restore(folder, "--receipt", "no.json", out="n2", words="no.json is ignored: it is not a receipt of a box in this backup")
    restore(folder, "--mirror", f"box/{other.uuid}.bel", out="n3", code=1, words="holds no box that is in this backup")
    restore(folder, "--take-from", f"box/{other.uuid}.bel", out="n3", code=1, words="holds no box that is in this backup")
    (folder / "short.seed").write_bytes(b"x" * 31)
    restore(folder, out="n3", seed="short.seed", code=2, words="is not a receipt.seed")
    (folder / "wrong.seed").write_bytes(b"x" * 32)
    restore(folder, out="n3", seed="wrong.seed", code=1, words="is not the seed of the receipts that are frozen")
    damaged = bytearray((folder / f"mirror/{election.uuid}.bel").read_bytes())
    damaged[-700] ^= 1
    (folder / "damaged.bel").write_bytes(damaged)
    restore(folder, "--take-from", "damaged.bel", out="n3", code=1)
    ensure(not (folder / "n3").exists() and not (folder / "n3.new").exists(), "a refused restore leaves nothing")


def another_history(folder, election, late):
    """The server went on from a restored box: receipts and mirrors of the other history are told apart."""
    shutil.copytree(folder / "data", folder / "data.before")
    restore(folder, out="fork")
    take_place(folder, "fork")
    server = Server(folder)
    plus1(folder, "box", "reopen", "--data", "data", "--accept-loss", 0, election.uuid)
    for ballot in (late[2], late[1], late[0]):
        same("a ballot of the other history", 201, server.cast(election, ballot)[0])
    backup(folder, "forked")
    same("exit", 0, server.stop())
    step("mirror-of-another-history")
    restore(folder, "--mirror", "mirror", source="forked", out="n4", code=1, words="they are not of one history")
    restore(folder, "--receipt", "r0.json", source="forked", out="n4", words="was lost, and given up, at an earlier time")
    change(folder / "forked", "DELETE FROM platform_event")
    restore(folder, "--receipt", "r0.json", source="forked", out="n5", code=1, words="not of this vote's history")
    shutil.rmtree(folder / "data")
    (folder / "data.before").rename(folder / "data")


TAMPERING = [
    ("UPDATE event SET content = CAST(replace(CAST(content AS TEXT), 'credential', 'Credential') AS BLOB) WHERE id % 1048576 = 2",
     "ERR_BOX_ROWS"),
    ("DELETE FROM event WHERE id % 1048576 = 2", "ERR_BOX_ROWS"),
    ("UPDATE event SET hash = zeroblob(32) WHERE id % 1048576 = 24", "ERR_BOX_ROWS"),  # the last one: no event names it
    ("UPDATE event SET voter = voter + 1 WHERE id % 1048576 = 2", "is not what follows from the event"),
    ("UPDATE event SET at = at + 512 WHERE id % 1048576 = 3", "ERR_BOX_ROWS"),
    ("UPDATE event SET tracker = zeroblob(32) WHERE id % 1048576 = 3", "ERR_BOX_ROWS"),
    ("UPDATE box SET closes = closes + 1", "at another time than was frozen"),
    ("UPDATE box SET bundle = CAST(replace(CAST(bundle AS TEXT), '\"minimum\":1', '\"minimum\":2') AS BLOB)", "ERR_BUNDLE_HASH"),
    ("INSERT INTO migration VALUES('ballotbox', 99)", "written by a newer version"),
]


def tampered(folder):
    for i, (sql, words) in enumerate(TAMPERING):
        shutil.copytree(folder / "kept", folder / "bad")
        step("damaged-backup")
        change(folder / "bad", sql, sums=False)
        restore(folder, source="bad", out="n6", code=1, words="changed or damaged after it was made")
        step("changed-backup")
        change(folder / "bad", "")
        restore(folder, source="bad", out="n6", code=2 if "newer" in words else 1, words=words)
        ensure(not (folder / "n6").exists(), f"tampering {i} leaves no folder")
        shutil.rmtree(folder / "bad")
    shutil.copytree(folder / "kept", folder / "bad")
    (folder / "bad/SHA256SUMS").unlink()
    restore(folder, source="bad", out="n6", code=2, words="not a whole backup")
    shutil.rmtree(folder / "bad")


def without_seed(folder, election, first):
    """A server that lost its seed gives no receipt that the frozen key does not hold for."""
    step("without-seed")
    restore(folder, out="n7", seed=None, words="without it no votes are taken")
    shutil.rmtree(folder / "data")
    (folder / "n7").rename(folder / "data")
    server = Server(folder)
    plus1(folder, "box", "reopen", "--data", "data", "--accept-loss", 0, election.uuid)
    plus1(folder, "box", "status", "--data", "data", election.uuid, words="put receipt.seed back")
    for ballot in (first, election.ballot("v2", "Bomen")):
        status, said = server.cast(election, ballot)
        same("a vote without the seed", (503, "key-missing"), (status, code_of(said)))
    same("exit", 0, server.stop())
    shutil.copy(folder / "receipt.seed", folder / "data/receipt.seed")
    server = Server(folder)
    same("with it", 200, server.cast(election, first)[0])
    same("exit", 0, server.stop())


def killed(folder):
    """Killed at any moment, backup and restore leave all or nothing, and the next one does not mind."""
    dice = random.Random(4)
    for name, command, whole in (("backup", ["backup", "--data", "data", "--out", "k"], {"SHA256SUMS", DB, "plus1.json"}),
                                 ("restore", ["restore", "--from", "kept", "--data", "k", "--seed", "receipt.seed"],
                                  {"receipt.seed", DB, "plus1.json"})):
        shutil.rmtree(folder / "k", ignore_errors=True)
        start = time.monotonic()
        subprocess.run([BUILD / "plus1", *command], cwd=folder, check=True, capture_output=True)
        took = time.monotonic() - start
        half = 0
        for _ in range(KILLS):
            shutil.rmtree(folder / "k")
            process = subprocess.Popen([BUILD / "plus1", *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0, took))
            process.send_signal(signal.SIGKILL)
            process.wait()
            if (folder / "k").exists():
                same(f"a {name} that has its name", whole, {file.name for file in (folder / "k").iterdir()})
                shutil.rmtree(folder / "k")
            half += (folder / "k.new").exists()
            plus1(folder, *command)
            ensure(not (folder / "k.new").exists(), "nothing is left")
        ensure(KILLS < 50 or half, f"some {name}s were killed half-way")
    shutil.rmtree(folder / "k")


def end_of_vote(folder):
    """A held box does not end by itself: first comes what was lost."""
    with Folder() as other:
        election = Election(other, 2, closes=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4)))
        server = Server(other)
        election.load()
        same("a ballot", 201, server.cast(election, election.ballot("v1", "Bomen"))[0])
        backup(other, "kept")
        shutil.copy(other / "data/receipt.seed", other / "receipt.seed")
        server.kill()
        restore(other)
        take_place(other, "new")
        server = Server(other)
        ends = json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["closes"]
        time.sleep(max(0, ends - time.time()) + 0.5)
        same("after the end", "open", json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["stage"])
        plus1(other, "box", "reopen", "--data", "data", "--accept-loss", 0, election.uuid)
        time.sleep(0.5)
        same("then it ends", "ended", json.loads(server.ask(f"/v1/elections/{election.uuid}")[2])["stage"])
        same("exit", 0, server.stop())


def full_migration(folder, small):
    """No room for the copy that comes before new tables: the old ones stay, and nothing half is left."""
    subprocess.run(["mount", "-o", "remount,size=8m", small], check=True)
    shutil.copytree(folder / "data", small / "data", ignore=shutil.ignore_patterns("*.sock"))
    change(small / "data", OLDER, sums=False)
    events = rows(small / "data" / DB, "SELECT * FROM event")
    room = 120_000  # for a write-ahead log and what a start tries, not for a copy
    ensure((small / "data" / DB).stat().st_size > room, "the database is larger than what is left")
    with open(small / "rest", "wb") as rest:
        rest.write(bytes(shutil.disk_usage(small).free - room))
    done = subprocess.run([BUILD / "plus1", "serve", "--data", small / "data", "--port", "0", "--ops-port", "0"], capture_output=True,
                          text=True, timeout=60, check=False)
    ensure(done.returncode == 2 and "the disk is full" in done.stderr, f"a migration without room: {done.returncode} {done.stderr}")
    same("steps after it", [(0,), (1,)], rows(small / "data" / DB, "SELECT step FROM migration WHERE owner = 'ballotbox'"))
    same("events after it", events, rows(small / "data" / DB, "SELECT * FROM event"))
    ensure(not list((small / "data").glob("before-*")), "no half copy is left")


def full_disk(folder):
    """A backup onto a full disk says so and leaves nothing. Mounting one needs leave."""
    small = folder / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], capture_output=True, check=False).returncode:
        return "; the full disk was skipped"
    try:
        backup(folder, "small/full", code=2, words="the disk is full")
        same("what is left", [], list(small.iterdir()))
        restore(folder, out="small/full", code=2, words="No space left on device")
        same("what is left", [], list(small.iterdir()))
        full_migration(folder, small)
    finally:
        subprocess.run(["umount", small], check=True)
    return ""


def migrations(folder):
    """Forward, after a copy; a newer folder is refused and not touched; a step that fails leaves the old tables and the copy."""
    data = folder / "data"

    def start_refused(words):
        done = subprocess.run([BUILD / "plus1", "serve", "--data", "data", "--port", "0", "--ops-port", "0"], cwd=folder,
                              capture_output=True, text=True, timeout=60, check=False)
        ensure(done.returncode == 2 and words in done.stderr, f"a start that must be refused: {done.returncode} {done.stderr}")

    def tables(path):
        return {row[0] for row in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")}

    change(data, OLDER, sums=False)
    events = rows(data / DB, "SELECT * FROM event")
    backup(folder, "older", code=1, words="is of an older version")
    server = Server(folder)
    same("exit", 0, server.stop())
    (copy,) = data.glob("before-*.db")
    ensure("platform_event" not in tables(copy) and "platform_event" in tables(data / DB), "the copy has the old tables, the database the new")
    same("events of the copy and after", [events, events], [rows(copy, "SELECT * FROM event"), rows(data / DB, "SELECT * FROM event")])
    copy.unlink()

    change(data, OLDER + "CREATE TABLE platform_event(somebody TEXT);", sums=False)
    start_refused("already exists")
    same("steps after one that failed", [(0,), (1,)], rows(data / DB, "SELECT step FROM migration WHERE owner = 'ballotbox'"))
    same("events after it", events, rows(data / DB, "SELECT * FROM event"))
    (copy,) = data.glob("before-*.db")
    same("events of its copy", events, rows(copy, "SELECT * FROM event"))
    copy.unlink()
    change(data, "DROP TABLE platform_event;", sums=False)
    Server(folder).stop()
    for copy in data.glob("before-*.db"):
        copy.unlink()

    change(data, "INSERT INTO migration VALUES('ballotbox', 99);", sums=False)
    before = rows(data / DB, "SELECT * FROM sqlite_schema") + rows(data / DB, "SELECT * FROM event")
    start_refused("written by a newer version of this program; use that one")
    same("a newer folder", before, rows(data / DB, "SELECT * FROM sqlite_schema") + rows(data / DB, "SELECT * FROM event"))
    backup(folder, "newer", code=2, words="written by a newer version")
    ensure(not list(data.glob("before-*.db")) and not (folder / "newer.new").exists(), "nothing was copied")
    change(data, "DELETE FROM migration WHERE step = 99;", sums=False)


def main():
    with Folder() as folder:
        other = Election(folder, 2)
        (folder / "codes").rename(folder / "codes.other")
        for name in ("paper.json", "draft.json", "roll.csv", "bundle.json", "receipts.public", "t1.key", "t1.public.json"):
            (folder / name).rename(folder / f"other-{name}")
        election = Election(folder, 30)
        server = Server(folder)
        election.load()
        many = [election.ballot(f"v{i}", "Bomen") for i in range(1, 25)]
        late = [election.ballot(f"v{i}", "Bankjes") for i in range(25, 28)]
        under_load(folder, server, election, many)
        last = len(many)
        lose(folder, server, election, late)
        refused_evidence(folder, election, other)
        tampered(folder)
        restored(folder, election, last)
        server = Server(folder)
        held(folder, server, election, many[0], late, last)
        server.kill()
        server = Server(folder)
        same("open after a restart", 201, server.cast(election, late[0])[0])
        same("exit", 0, server.stop())
        from_mirror(folder, election, late, last)
        another_history(folder, election, late)
        killed(folder)
        without_seed(folder, election, many[0])
        migrations(folder)
        skipped = full_disk(folder)
        end_of_vote(folder)
    print(f"ok: backups under load, restored with receipts and mirrors, {2 * KILLS} kills{skipped}")


main()
