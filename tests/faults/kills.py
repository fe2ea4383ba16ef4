#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Processes that are killed while they add ballots: what one of them has acknowledged stays in the box, once.

KILLS=N: so many kills at random moments (default 40), spread over the time that a writer runs; several writers want the box
at the same time. Every other kill, the shim makes each call of the write path take longer, so that many hit there. Then a
writer is killed before, in and after each single call of its write path.
"""
import itertools
import os
import shutil
import signal
import time

import world
from world import DONE, REFUSED, dice, run, say, start

KILLS = int(os.environ.get("KILLS", "40"))
WRITERS, BATCH, BALLOTS = 3, 4, 60
SLOW = 3000  # microseconds for each call

work = world.work_folder()
vote = world.Election(work / "election", 10, BALLOTS)
here = work / "here"
log = work / "log"


class Box:
    """A fresh copy, the ballots that are not in it, and those that must be."""

    def __init__(self):
        vote.copy(here)
        self.todo, self.acknowledged = list(vote.files), ["first.json"]

    def check(self, when):
        """After a kill: the next append works, and all is there."""
        name = self.todo.pop(0)
        ended = run(here, ["plus1", "box", "add", vote.box, name])
        if ended.code != DONE and not (ended.code == REFUSED and "in the box already" in ended.err):
            world.fail(f"{when}: the next append ends with {ended.code}: {ended.err}")
        self.acknowledged.append(name)
        wrong = world.wrong_with(here, vote.box, self.acknowledged)
        if wrong:
            world.fail(f"{when}: {wrong}")


def lifetime(faults):
    """Seconds that a writer runs that nobody kills: the median of five."""
    times = []
    for _ in range(5):
        vote.copy(here)
        begin = time.monotonic()
        run(here, ["plus1", "box", "add", vote.box, *vote.files[:BATCH]], faults)
        times.append(time.monotonic() - begin)
    return sorted(times)[2]


def calls_of(pid):
    """The calls that came back, as (name, file descriptor)."""
    return [(line[1], line[4]) for line in world.logged(log) if line[0] == pid]


def was_writing(pid):
    """Had the process begun to change the archive, and not closed it?"""
    made = calls_of(pid)
    box = [fd for name, fd in made if name == "pwrite"]
    return bool(box) and ("close", box[0]) not in made


def kill_at_random(box, number, longest, faults):
    """One writer of several is killed. Returns what became of it: 'before', 'writing' or 'after'."""
    log.unlink(missing_ok=True)
    batches = [box.todo[i * BATCH : (i + 1) * BATCH] for i in range(WRITERS)]
    writers = [start(here, ["plus1", "box", "add", vote.box, *batch], faults) for batch in batches]
    time.sleep(dice.random() * longest)
    running = [writer for writer in writers if writer.poll() is None]
    victim = dice.choice([w for w in running if was_writing(w.pid)] or running or writers)
    victim.send_signal(signal.SIGKILL)
    hit = None
    for writer, batch in zip(writers, batches):
        out, err = writer.communicate()
        ended = world.Ended(writer, out, err)
        if writer is victim:
            hit = "after" if ended.code >= 0 else "writing" if was_writing(writer.pid) else "before"
        elif ended.code not in (DONE, REFUSED) or (ended.code == REFUSED and "in use by another program" not in err):
            world.fail(f"kill {number}: a writer that nobody killed ends with {ended.code}: {err}")
        box.acknowledged += ended.acknowledged
        if ended.code == DONE and ended.acknowledged != batch:
            world.fail(f"kill {number}: exit 0 without a line for each ballot")
    there = set(world.ballots(here / vote.box)) if run(here, ["plus1-verify", vote.box]).code == DONE else set()
    box.todo = [name for name in box.todo if name not in box.acknowledged and (here / name).read_bytes() not in there]
    return hit


def random_moments():
    faults = ({"LOG": log}, {"LOG": log, "SLOW": SLOW})
    longest = [1.2 * lifetime(one) for one in faults]
    hits = dict.fromkeys(("before", "writing", "after"), 0)
    box, boxes = Box(), 1
    for number in range(KILLS):
        if len(box.todo) < WRITERS * BATCH + 1:
            box, boxes = Box(), boxes + 1
        kind = number % 2
        hits[kill_at_random(box, number, longest[kind], faults[kind])] += 1
        box.check(f"kill {number}")
    if KILLS >= 40 and hits["writing"] < KILLS / 8:
        world.fail(f"only {hits['writing']} of {KILLS} kills hit a writer while it wrote: this machine is too slow or too fast")
    say(f"ok: {KILLS} kills at random moments, {WRITERS} writers at once, {boxes} boxes: {hits['writing']} while it wrote, "
        f"{hits['before']} before, {hits['after']} came too late; nothing acknowledged was lost")


def each_call():
    """Before, after and in each call of a writer of two ballots, and of one that finds what another has left torn."""
    most, write = len(numbers_of()), numbers_of("pwrite")[1]
    for left in (False, True):
        killed = 0
        for how, k in itertools.product(("kill", "killed", "torn"), range(1, most + 3)):
            box, when = Box(), f"{how} at call {k}"
            two = box.todo[:2]
            if left:
                run(here, ["plus1", "box", "add", vote.box, two[0]], {"": f"{write}:torn"})
            ended = run(here, ["plus1", "box", "add", vote.box, *two], {"": f"{k}:{how}"})
            killed += ended.code < 0
            box.acknowledged += ended.acknowledged
            box.check(when)
            box.check(when)
        say(f"ok: {killed} kills before, after and in each call{' that mends a torn write' if left else ''}; nothing was lost")
        if killed < 2 * most:
            world.fail(f"there should be at least {2 * most}")


def numbers_of(name=None):
    """The numbers of a writer's calls that are called NAME, or of all."""
    log.unlink(missing_ok=True)
    vote.copy(here)
    writer = start(here, ["plus1", "box", "add", vote.box, *vote.files[:2]], {"LOG": log})
    writer.communicate()
    numbered = [one for one, _ in calls_of(writer.pid) if one != "close"]
    return [i + 1 for i, one in enumerate(numbered) if name in (None, one)]


def rivals():
    """Two programs that write the same file at the same time: one of them succeeds, and the file is what that one wrote."""
    vote.copy(here)
    for round_ in range(6):
        shutil.rmtree(here / "same", ignore_errors=True)
        log.unlink(missing_ok=True)
        argv = ["plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "same"]
        both = []
        for _ in range(2):
            both.append(start(here, argv, {"LOG": log, "SLOW": SLOW}))
            time.sleep(SLOW * (round_ + 2) / 1e6)
        codes = {one.pid: (one.communicate(), one.returncode)[1] for one in both}
        winners = [pid for pid, code in codes.items() if code == DONE]
        if len(winners) != 1:
            world.fail(f"two programs that draw codes end with {sorted(codes.values())}")
        written = [bytes.fromhex(line[8]) for line in world.logged(log)
                   if line[0] == winners[0] and line[1] in ("write", "pwrite")]
        there = [(here / "same" / name).read_bytes() for name in ("codes.csv", "public_credentials.json")]
        if written != there:
            world.fail("the codes are not those of the program that said so")
    say("ok: of two programs that write the same files one succeeds, and they are its files")


def rival_trustees():
    """While a trustee's key is in use, to be replaced with what it has seen, no other program takes it."""
    vote.copy(here)
    for argv in (["plus1", "box", "close", vote.box], ["plus1", "box", "tally", vote.box]):
        world.must(here, *argv)
    argv = ["plus1", "trustee", "decrypt", "--key", "t.key", "--boxes", vote.box, "--out", "shares"]
    log.unlink(missing_ok=True)
    first = start(here, argv, {"LOG": log, "SLOW": 20 * SLOW})
    while first.poll() is None and "unlink" not in dict(calls_of(first.pid)):
        time.sleep(0.001)
    second = run(here, argv)
    if second.code != REFUSED or "t.key is in use by another program; try again" not in second.err:
        world.fail(f"a key that is in use was used: {second.code} {second.err}")
    first.communicate()
    if first.returncode != DONE or run(here, argv).code != DONE:
        world.fail("the visit did not end well")
    say("ok: of two visits with the same key at the same time, one is refused")


say(f"SEED={world.SEED} KILLS={KILLS}")
random_moments()
each_call()
rivals()
rival_trustees()
