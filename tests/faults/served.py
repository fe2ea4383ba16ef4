#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Power cuts under `plus1 serve`: whatever it answered is in the box afterwards, whatever moment the power fails.

The server runs with the shim below it, which writes down what it and SQLite do to the data folder. It is given an election, takes
ballots one by one and several at once, is killed between writing and waiting for the disk, meets a disk that fails, takes a
notice, ends the vote and is given the tally. Then the model (model.py) says what a power cut could have left after each of these
calls. In each such state the database opens and is whole, and what was answered before is there, in its place; of a sample a
server starts, gives the same places again, and its archive verifies.

ALL=1: more states; and each fsync is left out, place by place: then a state must be found in which that does not hold.
"""
import concurrent.futures
import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time

import model
import world
from power import place, put_tree, tree_of

sys.path.append(str(world.ROOT / "tests/server"))
import lib  # noqa: E402 the server's own helpers

ALL = os.environ.get("ALL") == "1"
FEW, MOST, STARTED = (8, 30, 30) if ALL else (4, 12, 8)

# What is waited for and could be left out, with the reason.
NOT_NEEDED = {
    ("time_disk", "sync-test"): "measures how long the disk takes",
    ("migrate", "plus1.db-wal"): "nothing is answered before open_database() has it in the database",
    ("migrate", "."): "nothing is answered before open_database() has it in the database",
    ("rows_close", "plus1.db-wal"): "each commit was waited for",
    ("db_settle", "."): "a journal that is there once more says the same",
    ("db_close", "."): "a journal that is there once more says the same",
}

work = world.work_folder()
NOW = work / "now"
LOG = work / "calls"


class Story:
    """ANSWERED: (how many calls had been made, what was answered)."""

    def __init__(self):
        self.folder = work / "story"
        self.folder.mkdir()
        self.vote = lib.Election(self.folder, 11, registrar=True)
        self.ballots = [self.vote.ballot(voter, "Bomen") for voter in self.vote.voters[:10]]
        self.data = self.folder / "data"
        self.tree = tree_of(self.data)
        self.answered, self.server = [], None

    def start(self, **faults):
        env = {f"P1_FAULT_{name}": str(value) for name, value in faults.items()}
        self.server = lib.Server(self.folder, env={**env, "LD_PRELOAD": str(world.SHIM), "P1_FAULT_ROOT": str(self.data),
                                                   "P1_FAULT_LOG": str(LOG), "P1_FAULT_NOW": str(NOW)})

    def was_answered(self, what):
        self.answered.append((len(world.logged(LOG)), what))

    def cast(self, ballot, may_fail=False):
        status, said = self.server.cast(self.vote, ballot)
        if status in (200, 201):
            event = json.loads(said["receipt"]["message"])["event"]
            self.was_answered(("ballot", hashlib.sha256(ballot).digest(), said["height"], bytes.fromhex(event)))
        elif not may_fail:
            world.fail(f"a ballot is refused: {status} {said}")
        return status

    def run(self, *command, what):
        lib.run("plus1", *command, cwd=self.folder)
        self.was_answered(what)

    def does_not_start_on_a_full_disk(self):
        """What a killed server wrote is not told to anybody before it is waited for; where that cannot be, none starts."""
        copy, log = work / "copy", work / "first"
        shutil.copytree(self.data, copy, ignore=shutil.ignore_patterns("*.sock"))
        serve = ["plus1", "serve", "--data", copy, "--port", "0", "--ops-port", "0"]
        first = world.start(work, serve, {"ROOT": copy, "LOG": log})
        first.stdout.readline()
        first.terminate()
        first.communicate()
        calls, names = [call for call in world.logged(log) if call[1] != "close"], {}
        for number, call in enumerate(calls, 1):
            if call[1] == "open":
                names[call[2]] = call[6]
            if call[1] == "pwrite" and names[call[4]].endswith("/plus1.db"):
                break
        shutil.rmtree(copy)
        shutil.copytree(self.data, copy, ignore=shutil.ignore_patterns("*.sock"))
        second = world.start(work, serve, {"ROOT": copy, "": f"{number}:ENOSPC"})
        line = second.stdout.readline()
        second.terminate()
        said = second.communicate()[1]
        if line or second.returncode != world.UNREADABLE or "disk is full" not in said:
            world.fail(f"a server started on a journal that nobody waited for: {line} {said}")

    def tell(self):
        served = ("--data", "data", self.vote.uuid)
        self.start()
        self.vote.load()
        self.was_answered(("event", 0, 0))
        for ballot in self.ballots[:3]:
            self.cast(ballot)
        lib.same("exit", 0, self.server.stop())
        self.start(SLOW=3000)
        with concurrent.futures.ThreadPoolExecutor(4) as at_once:
            list(at_once.map(self.cast, self.ballots[3:7]))
        NOW.write_text("sync:kill")
        lib.same("no answer", 0, self.cast(self.ballots[7], may_fail=True))
        NOW.unlink()
        self.server.end()
        self.does_not_start_on_a_full_disk()
        self.start()
        lib.same("it had been written", 200, self.cast(self.ballots[7]))
        for ballot in self.ballots[8:10]:  # the journal's header, and then a ballot's pages, are lost for good
            NOW.write_text("sync:EIO")
            lib.same("not acknowledged", 500, self.cast(ballot, may_fail=True))
            NOW.unlink()
            self.cast(ballot)
        lib.run("plus1", "registrar", "withdraw", "--box", self.vote.box, "--key", "registrar.key", "--code",
                self.vote.code["v11"], "--out", "notice", cwd=self.folder)
        self.run("box", "notice", *served, "notice", what=("notice", 0))
        self.run("box", "close", *served, what=("event", 11, 2))
        self.server.kill()
        self.start()
        self.run("box", "tally", *served, what=("event", 12, 3))
        lib.same("exit", 0, self.server.stop())
        self.calls = list(lasting(world.logged(LOG)))


def lasting(calls):
    """(Number, call) without what is done to copies that the command line asks for: nobody relies on them."""
    copies = set()
    for number, call in enumerate(calls, 1):
        pid, name, result, _, fd, _, path, path2, *_ = call
        if name == "open":
            (copies.add if "/checkout-" in path else copies.discard)((pid, result))
        if "/checkout-" not in path + path2 and (pid, fd) not in copies:
            yield number, call


def rows_of(folder):
    """What the database says after its own repair: events by height, notices; None if there is none."""
    if not (folder / "plus1.db").exists():
        return None
    with contextlib.closing(sqlite3.connect(folder / "plus1.db")) as db:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("not whole")
        if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'notice'").fetchone():
            return None
        events = {row[0] & (1 << 40) - 1: row[1:] for row in db.execute("SELECT id, type, hash, tracker FROM event ORDER BY id")}
        return events, [row[0] for row in db.execute("SELECT n FROM notice ORDER BY n")]


def missing(rows, answered):
    events, notices = rows or ({}, [])
    if list(events) != list(range(len(events))):
        return f"the events have a hole: {list(events)}"
    for what in answered:
        kind, *rest = what
        if kind == "ballot" and events.get(rest[1], (0, 0, 0))[1:] != (rest[2], rest[0]):
            return f"an acknowledged ballot is lost: event {rest[1]}"
        if kind == "event" and events.get(rest[0], (None,))[0] != rest[1]:
            return f"an acknowledged event is lost: {rest[0]}"
        if kind == "notice" and rest[0] not in notices:
            return "an acknowledged notice is lost"
    return None


class Judge:
    def __init__(self, story):
        self.story, self.known, self.started, self.states = story, {}, {}, 0

    def wrong(self, tree, answered):
        self.states += 1
        if tree.get("receipt.seed") != self.story.tree["receipt.seed"]:
            return "the key of the receipts is lost"
        key = hashlib.sha256(repr(sorted(tree.items())).encode()).digest()
        if key not in self.known:
            put_tree(work / "state", tree)
            try:
                self.known[key] = rows_of(work / "state"), None
            except sqlite3.Error as error:
                self.known[key] = None, f"the database is damaged: {error}"
        rows, damage = self.known[key]
        return damage or missing(rows, answered) or self.start(tree, rows, answered)

    def start(self, tree, rows, answered):
        """A server on this state, for each outcome once and some more."""
        outcome = len(rows[0]) if rows else -1
        if self.started.get(outcome, 0) and not (sum(self.started.values()) < STARTED and world.dice.random() < 0.02):
            return None
        self.started[outcome] = self.started.get(outcome, 0) + 1
        put_tree(self.story.folder / "data", tree)
        server = lib.Server(self.story.folder)
        wrong = self.ask(server, rows, answered)
        lib.same("exit", 0, server.stop())
        return wrong

    def ask(self, server, rows, answered):
        vote = self.story.vote
        for kind, *rest in answered:
            if kind == "ballot":
                ballot = next(b for b in self.story.ballots if hashlib.sha256(b).digest() == rest[0])
                status, said = server.cast(vote, ballot)
                if (status, said.get("height")) != (200, rest[1]):
                    return f"the same ballot again: {status} {said}"
        if rows and rows[0]:
            (work / "got.bel").write_bytes(server.ask(f"/v1/elections/{vote.uuid}/archive")[2])
            lib.run("plus1-verify", "got.bel", cwd=work)
        return None


def first_wrong(story, judge, skip=frozenset()):
    """What is wrong in the first bad state, with the calls SKIP left out."""
    system = model.System(story.data, story.tree)
    for number, call in story.calls:
        system.feed(call, skip=number in skip)
        if call[1] == "close" or number < min(skip, default=0):
            continue
        answered = [what for at, what in story.answered if at <= number]
        for tree in system.after_power_cut(world.dice, FEW, MOST):
            tree = {path: content for path, content in tree.items() if not path.endswith(("-shm", ".sock"))}
            wrong = judge.wrong(tree, answered)
            if wrong:
                return f"cut {number}: {wrong}"
    return None


def places(story):
    """Where each fsync is called from, with the file: {(function.., file): numbers of calls}."""
    names, found = {}, {}
    for number, (pid, name, result, _, fd, _, path, *_, stack) in story.calls:
        if name == "open":
            names[pid, result] = os.path.relpath(path, story.data)
        if name in ("fsync", "fdatasync") and result == 0:
            chain = [f for f, _ in place("plus1", tuple(stack)) if f not in ("_start", "main", "command_run", "??")]
            found.setdefault((*chain[-3:], names[pid, fd]), set()).add(number)
    return found


def each_is_needed(story):
    useless = []
    for where, numbers in places(story).items():
        known = next((why for (function, file), why in NOT_NEEDED.items() if function in where and file == where[-1]), None)
        wrong = None
        for _ in range(0 if known else 5):  # other samples of the states
            wrong = wrong or first_wrong(story, Judge(story), numbers)
        world.say(f"  {' > '.join(where)} ({len(numbers)}): {'without it: ' + wrong if wrong else known or 'NOT NEEDED'}")
        if not wrong and not known:
            useless.append(where)
    if useless:
        world.fail(f"{len(useless)} fsync are not needed, or this test does not see why")


def main():
    world.say(f"SEED={world.SEED}")
    began = time.monotonic()
    story = Story()
    story.tell()
    judge = Judge(story)
    wrong = first_wrong(story, judge)
    if wrong:
        world.fail(wrong)
    world.say(f"ok: a server's life: {len(story.calls)} calls, {judge.states} states after a power cut, {len(judge.known)} of them "
              f"different, {sum(judge.started.values())} servers started on them; {time.monotonic() - began:.0f} s")
    if ALL:
        each_is_needed(story)
        world.say("ok: each fsync of the server and of SQLite below it is needed")


main()
