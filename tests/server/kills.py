#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The server is killed while many vote in several elections, one of which gets a notice and one of which is closed meanwhile:
whatever was acknowledged is there afterwards, once, in its place, and the archives verify.

KILLS is how often (default 5), SEED makes a run again. Voters who got no answer send the same ballot again, as an app does; so do
the registrar and the clerk. At the end Debian 13's belenios-tool verifies the archives too, where the folder build/trixie has it
(tests/interop/belenios3.sh makes it).
"""
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import subprocess
import threading
import time

from lib import BUILD, Election, Folder, Server, ensure, run, same

KILLS = int(os.environ.get("KILLS", "5"))
SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**9)))
TRIXIE = pathlib.Path(os.environ.get("P1_TRIXIE", BUILD / "trixie"))
VOTERS, AT_ONCE = 8, 8
chance = random.Random(SEED)


class Box:
    """An election, what waits to be done with it, and what the server said it did."""

    def __init__(self, folder, name):
        place = folder / name
        place.mkdir()
        (place / "data").symlink_to(folder / "data")  # one server for all
        self.election = Election(place, VOTERS + 1, registrar=True)
        self.ballots = self.election.ballots([v for v in self.election.voters[:VOTERS] for _ in range(3)], "Bankjes")
        run("plus1", "registrar", "withdraw", "--box", self.election.box, "--key", "registrar.key", "--code",
            self.election.code[self.election.voters[-1]], "--out", "notice", cwd=place)
        self.begin()

    def begin(self):
        self.answered, self.notice, self.closed = {}, False, False
        self.election.load()

    def ask(self, verb, *more):
        """Exit code of a command that may find the server killed, and what it says."""
        done = subprocess.run([BUILD / "plus1", "box", verb, "--data", "data", self.election.uuid, *more], cwd=self.election.folder,
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def give_notice(self):
        code, said = self.ask("notice", "notice")
        self.notice |= code == 0 or "withdrawn already" in said or "twice" in said.lower()

    def close(self):
        code, said = self.ask("close")
        self.closed |= code == 0 or "has ended" in said

    def check(self, server):
        """What the server has, against what it said it had. The number of ballots whose answer was lost."""
        about = f"/v1/elections/{self.election.uuid}"
        for ballot, (height, event) in self.answered.items():
            status, said = server.cast(self.election, ballot)
            receipt = json.loads(said["receipt"]["message"])
            same("a ballot that had an answer", (200, height, event), (status, said["height"], receipt["event"]))
        archive = server.ask(f"{about}/archive")[2]
        (self.election.folder / "got.bel").write_bytes(archive)
        run("plus1-verify", "got.bel", cwd=self.election.folder)
        times = {ballot: archive.count(ballot) for ballot in self.ballots}
        ensure(max(times.values()) <= 1, "no ballot is there twice")
        state = json.loads(server.ask(about)[2])
        same("ballots", sum(times.values()), state["ballots"])
        if self.closed:
            same("a vote that was closed", "ended", state["stage"])
        if self.notice:
            same("a notice that was taken", (self.election.folder / "notice").read_bytes().strip(),
                 server.ask(f"{about}/notices")[2].strip())
        return sum(ballot not in self.answered for ballot, n in times.items() if n)


def vote_until_killed(server, waiting, lock):
    """Takes ballots that wait and casts them; what has no answer waits again."""
    while True:
        with lock:
            if not waiting:
                return
            box, ballot = waiting.pop()
        status, said = server.cast(box.election, ballot)
        with lock:
            if status in (200, 201):
                box.answered[ballot] = said["height"], json.loads(said["receipt"]["message"])["event"]
            elif status not in (409, 429):  # closed, or this code voted often: the ballot is not in the box
                waiting.append((box, ballot))
                if status == 0:
                    return


def one_kill(server, boxes, number):
    """Whether it came while ballots were answered."""
    waiting, lock = [(box, ballot) for box in boxes for ballot in box.ballots], threading.Lock()
    chance.shuffle(waiting)
    before = sum(len(box.answered) for box in boxes)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE + 2) as pool:
        at_it = [pool.submit(vote_until_killed, server, waiting, lock) for _ in range(AT_ONCE)]
        if not boxes[1].notice:
            at_it.append(pool.submit(boxes[1].give_notice))
        if number % 3 == 2 and not boxes[2].closed:
            at_it.append(pool.submit(boxes[2].close))
        time.sleep(chance.uniform(0, 0.08))
        server.kill()
    for one in at_it:
        one.result()
    return sum(len(box.answered) for box in boxes) > before and len(waiting) > 0


def verified_by_another(boxes):
    """belenios-tool of Debian 13 on the last archives."""
    if os.geteuid() or not TRIXIE.is_dir():
        return 0
    for box in boxes:
        inside = pathlib.Path("/tmp/plus1-kills")
        there = TRIXIE / inside.relative_to("/")
        there.mkdir(parents=True)
        shutil.copy(box.election.folder / "got.bel", there / f"{box.election.uuid}.bel")
        done = subprocess.run(["chroot", TRIXIE, "env", "-C", inside, "belenios-tool", "election", "verify"], capture_output=True,
                              text=True, check=False)
        shutil.rmtree(there)
        ensure(done.returncode == 0 and "all checks passed" in done.stdout + done.stderr, f"belenios-tool: {done.stdout}{done.stderr}")
    return len(boxes)


def main():
    print(f"SEED={SEED} KILLS={KILLS}", flush=True)
    during = lost = notices = closed = 0
    with Folder() as folder:
        run("plus1", "server", "key", "--data", "data", "--out", "receipts.public", cwd=folder)
        server = Server(folder)
        boxes = [Box(folder, name) for name in "abc"]
        for number in range(KILLS):
            during += one_kill(server, boxes, number)
            server = Server(folder)
            lost += sum(box.check(server) for box in boxes)
            if all(len(box.answered) == len(box.ballots) or box.closed for box in boxes):  # all are in: begin again
                notices, closed = notices + boxes[1].notice, closed + boxes[2].closed
                same("exit", 0, server.stop())
                for file in (folder / "data").glob("plus1.db*"):
                    file.unlink()
                server = Server(folder)
                for box in boxes:
                    box.begin()
        same("exit", 0, server.stop())
        others = verified_by_another(boxes) if KILLS >= 40 else 0
    print(f"ok: {KILLS} kills, {during} of them while ballots were answered, with {notices} notices and {closed} closings; nothing "
          f"acknowledged was lost, and {lost} times a ballot was in the box whose answer was not sent; {others} archives verified by belenios-tool")


main()
