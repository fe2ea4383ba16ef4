#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Disks that are full, fail, can only be read, or do half of what they are asked: what was acknowledged stays, nothing that
failed is acknowledged, and the command says what is wrong and what to do.

KILLS=N: N/2 runs with calls that are short or interrupted at random (default 20). The disk that is really full needs leave
to mount one in memory; where that is not given, this part is skipped (in CI it fails). ALL=1: each error of each call, not
a sample.
"""
import itertools
import os
import re
import shutil
import subprocess

import world
from world import dice, DONE, REFUSED, UNREADABLE, run, say

ALL = os.environ.get("ALL") == "1"
RANDOM = int(os.environ.get("KILLS", "40")) // 2

work = world.work_folder()
vote = world.Election(work / "election", 4, 6, bundle=True)
here = work / "here"
log = work / "log"
box, uuid = vote.box, vote.uuid

WORDS = {"EIO": "Input/output error; the disk fails: move what is on it to another one",
         "ENOSPC": "No space left on device; make room for it, then run the command again",
         "EROFS": "Read-only file system; the disk may have failed, or is mounted to be read only",
         "EINTR": "Interrupted system call; run the command again"}
UNSURE = "Whether something was added is not known before it can be written again: run the command again then"
THERE = re.compile("in the box already|exists already|gave a share already|does not follow the one before it|not possible now")
NOT_NEEDED = ("unlink",)  # of a rest that is not there, or that the next command removes


def bases():
    """Commands that write, with the folder that they begin in and the archive that must stay right."""
    add = ["plus1", "box", "add", box, "1.json", "2.json"]
    yield "ballots", vote.folder, add, box
    yield "the election", vote.folder, [*vote.create, "--out", "x/y"], f"x/y/{box}"
    yield "the codes", vote.folder, ["plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out",
                                    "x"], box
    yield "a key", vote.folder, ["plus1", "trustee", "key", "--election", uuid, "--out", "k"], box

    noticed = vote.copy(work / "noticed")
    world.must(noticed, "plus1", "registrar", "withdraw", "--box", box, "--key", "registrar.key", "--code", vote.codes[3],
               "--out", "n1")
    yield "a notice", noticed, ["plus1", "box", "notice", box, "n1"], box

    tallied = vote.copy(work / "tallied")
    world.must(tallied, *add)
    world.must(tallied, "plus1", "box", "close", box)
    world.must(tallied, "plus1", "box", "tally", box)
    decrypt = ["plus1", "trustee", "decrypt", "--key", "t.key", "--boxes", box, "--out", "shares"]
    yield "a share", tallied, decrypt, box
    shared = work / "shared"
    shutil.copytree(tallied, shared)
    world.must(shared, *decrypt)
    yield "a share in the box", shared, ["plus1", "share", "add", box, f"shares/{uuid}.t.share.json"], box


def calls_of(base, argv):
    shutil.rmtree(here, ignore_errors=True)
    shutil.copytree(base, here)
    log.unlink(missing_ok=True)
    run(here, argv, {"LOG": log})
    return [call[1] for call in world.logged(log) if call[1] != "close"]


def after(when, folder, argv, archive, ended):
    """What must hold, whatever happened; then the command is given again, on a disk that works."""
    before = ["first.json"] if archive == box else []
    if archive == box or (folder / archive).exists():
        wrong = world.wrong_with(folder, archive, [*before, *ended.acknowledged])
        if wrong and ended.code != DONE and UNSURE not in ended.err:
            world.fail(f"{when}: {wrong}")
    for one in [[*argv[:4], name] for name in argv[4:]] if argv[1:3] == ["box", "add"] else [argv]:
        again = run(folder, one)
        if again.code != DONE and not (again.code == REFUSED and THERE.search(again.err)):
            world.fail(f"{when}: given again, it ends with {again.code}: {again.err}")
    names = argv[4:] if argv[1:3] == ["box", "add"] else []
    wrong = world.wrong_with(folder, archive, [*before, *names]) if (folder / archive).exists() else f"no {archive}"
    if wrong:
        world.fail(f"{when}: given again: {wrong}")


def each_call():
    count = 0
    for what_for, base, argv, archive in all_bases:
        names = calls_of(base, argv)
        for how, (k, name) in itertools.product(("EIO", "ENOSPC", "EROFS", "EINTR", "short"), enumerate(names, 1)):
            if how == "short" and not name.endswith("write"):
                continue
            if ALL or how in ("EIO", "short") or dice.random() < 0.4:
                when = f"{what_for}: {how} of call {k}, {name}"
                shutil.rmtree(here)
                shutil.copytree(base, here)
                ended = run(here, argv, {"": f"{k}:{how}"})
                count += 1
                may_pass = how == "short" or name in NOT_NEEDED or (how == "EINTR" and re.search("write|sync", name))
                if may_pass and ended.code != DONE and how == "EINTR":
                    world.fail(f"{when}: it should go on: {ended.code} {ended.err}")
                if not may_pass and (ended.code != UNREADABLE or WORDS[how] not in ended.err):
                    # A folder that is there already need not be ours
                    if not (ended.code == DONE and name in ("open", "fsync") and how != "EIO" and " make" in f" {argv}"):
                        world.fail(f"{when}: exit {ended.code}: {ended.err}")
                after(when, here, argv, archive, ended)
    say(f"ok: {count} calls failed, were interrupted or did a half; nothing was lost, nothing acknowledged that failed")


def cannot_be_taken_back():
    """The disk fails, and becomes read-only with it: the command says that it does not know, and the next one does."""
    argv = ["plus1", "box", "add", box, "1.json"]
    waits = len(calls_of(vote.folder, argv))
    shutil.rmtree(here)
    shutil.copytree(vote.folder, here)
    ended = run(here, argv, {"": f"{waits}:EIO,{waits + 1}:EROFS"})
    if ended.code != UNREADABLE or UNSURE not in ended.err or ended.acknowledged:
        world.fail(f"a write that could not be taken back: exit {ended.code}: {ended.err}")
    after("a write that could not be taken back", here, argv, box, ended)
    say("ok: what could not be written nor taken back is not acknowledged, and the next command knows")


def at_random():
    done = 0
    for seed in range(1, RANDOM + 1):
        shutil.rmtree(here)
        shutil.copytree(vote.folder, here)
        argv = ["plus1", "box", "add", box, *vote.files]
        ended = run(here, argv, {"RANDOM": world.SEED + seed})
        if ended.code not in (DONE, UNREADABLE) or (ended.code == UNREADABLE and WORDS["EINTR"] not in ended.err):
            world.fail(f"calls short or interrupted at random ({seed}): exit {ended.code}: {ended.err}")
        done += ended.code == DONE
        after(f"calls short or interrupted at random ({seed})", here, argv, box, ended)
    say(f"ok: {RANDOM} runs with calls that are short or interrupted at random, of which {done} went through")


# ---- a disk that is really full, in memory ----


def mounted(*options):
    return subprocess.run(["mount", *options], capture_output=True, check=False).returncode == 0


def fill(disk, left):
    """Leaves so many pages."""
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass
        filler.truncate(max(0, filler.tell() // 4096 - left) * 4096)


def full_disk():
    count = refused = 0
    for what_for, base, argv, archive in all_bases:
        for left in range(0, 5):
            when = f"{what_for}, on a disk with {left} pages left"
            disk = work / "disk"
            disk.mkdir(exist_ok=True)
            if not mounted("-t", "tmpfs", "-o", "size=2m", "none", str(disk)):
                world.skip("no leave to mount a disk in memory")
            try:
                shutil.copytree(base, disk / "all")
                fill(disk, left)
                ended = run(disk / "all", argv)
                count += 1
                refused += ended.code != DONE
                if ended.code not in (DONE, UNREADABLE) or (ended.code != DONE and WORDS["ENOSPC"] not in ended.err):
                    world.fail(f"{when}: exit {ended.code}: {ended.err}")
                rests = [path.name for path in disk.rglob("*.new")]
                if rests:
                    world.fail(f"{when}: it left {rests}")
                (disk / "filler").unlink()
                if not mounted("-o", "remount,ro", str(disk)):
                    world.fail("the disk could not be made read-only")
                read_only = run(disk / "all", argv)
                if read_only.code != UNREADABLE or WORDS["EROFS"] not in read_only.err:
                    if not THERE.search(read_only.err):
                        world.fail(f"{when}, then read-only: exit {read_only.code}: {read_only.err}")
                if not mounted("-o", "remount,rw", str(disk)):
                    world.fail("the disk could not be made writable again")
                after(when, disk / "all", argv, archive, ended)
            finally:
                subprocess.run(["umount", str(disk)], check=True)
    if not refused:
        world.fail("no disk was full")
    say(f"ok: {count} commands on a disk that is full or has little room, {refused} refused; then read-only; then mended")


say(f"SEED={world.SEED}")
all_bases = list(bases())
each_call()
cannot_be_taken_back()
at_random()
full_disk()
