#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Power cuts: what a command has acknowledged is there afterwards, whatever moment the power fails.

Each story runs the real commands with the shim, which writes down all that they do to files. The model (model.py) then
says in what states a power cut could leave the disk after each of these calls, and in each state
- a file is what it was before the command or what it is after it, never a part (an archive: after its repair);
- what an earlier command acknowledged is there;
- the commands can be given again, and end where they would have ended;
- what must not be there without something else is not.
At last each fsync of the programs is left out, one by one: then a state must be found in which that does not hold. So
each of them is needed, and this test would notice if it were gone.

ALL=1: all states instead of a sample of them.
"""
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys

import model
import world
from world import DONE, REFUSED, dice, run, say

ALL = os.environ.get("ALL") == "1"
FEW, MOST = (0, 4000) if ALL else (10, 30)
NOT_AGAIN = re.compile("in the box already|not possible now|gave a share already|nothing to publish now|exists already|does not follow the one before it")

work = world.work_folder()
HERE = work / "here"


class Story:
    """STEPS are (command, faults); AGAIN are commands with which all can be done again after any power cut; BOX is the
    archive that they change, if any; NEEDS are pairs: the first file must not be seen without the second, as it is then;
    of the files OLDER an older state is as good."""

    def __init__(self, name, base, steps, again=(), box=None, needs=(), older=()):
        self.name, self.steps, self.again, self.box, self.needs, self.older = name, steps, again, box, needs, older
        self.base = base
        base.copy(HERE) if hasattr(base, "copy") else base(HERE)
        self.tree = tree_of(HERE)
        self.versions, self.kept, self.calls = [self.tree], [0], []
        for argv, faults in steps:
            self.record(argv, faults)
        self.check_model()
        for _, then in needs:
            if self.versions[-1].get(then) == self.tree.get(then):
                world.fail(f"{name}: {then} is as it was before")
        self.judged = {}

    def record(self, argv, faults):
        log = work / "log"
        log.unlink(missing_ok=True)
        ended = run(HERE, argv, {"LOG": log, **(faults or {})})
        acknowledged = ended.code == DONE or "in the box already" in ended.err
        if not faults and not acknowledged:
            world.fail(f"{self.name}: exit {ended.code}: {' '.join(argv)}\n{ended.err}")
        step = len(self.versions)
        self.calls += [(call, step) for call in world.logged(log)]
        self.versions.append(tree_of(HERE))
        self.kept.append(step if acknowledged else self.kept[-1])
        self.calls.append((None, step))

    def check_model(self):
        """What the shim saw is all that happened."""
        system = model.System(HERE, self.tree)
        for call, step in self.calls:
            if call:
                system.feed(call)
            elif system.live() != self.versions[step]:
                world.fail(f"{self.name}: step {step} changed files in a way that the shim did not see")

    def cuts(self, skip=None):
        """Each moment: the model, the step that runs, the last step that must be kept."""
        system = model.System(HERE, self.tree)
        yield system, 1, 0
        for number, (call, step) in enumerate(self.calls):
            if call:
                system.feed(call, skip=number == skip)
            if call is None or call[1] != "close":
                yield system, step, self.kept[step if call is None else step - 1]

    def first_wrong(self, skip=None):
        """Number of states judged, and what is wrong in the first bad one."""
        count = 0
        for number, (system, step, kept) in enumerate(self.cuts(skip)):
            live = system.live()
            for tree in system.after_power_cut(dice, FEW, MOST):
                count += 1
                wrong = self.judge(tree, live, step, kept)
                if wrong:
                    return count, f"{self.name}, cut {number} (step {step}): {wrong}"
        return count, None

    def judge(self, tree, live, step, kept):
        key = hashlib.sha256(repr((sorted(tree.items()), step, kept)).encode()).digest()
        if key not in self.judged:
            self.judged[key] = self.wrong_files(tree, step, kept) or self.wrong_box(tree, kept)
        return self.judged[key] or self.wrong_needs(tree, live)

    def wrong_files(self, tree, step, kept):
        for path in {*tree, *self.versions[step], *self.versions[kept]}:
            if path.endswith(".new") or path == self.box:
                continue
            allowed = [version.get(path, "absent") for version in self.versions[0 if path in self.older else kept : step + 1]]
            if tree.get(path, "absent") not in allowed:
                there = tree.get(path, "absent")
                return f"{path} is neither as before nor as after: {'absent' if there == 'absent' else repr(there)[:60]}"
        return None

    def wrong_needs(self, tree, live):
        for first, then in self.needs:
            for seen in (tree, live):
                if first in seen and tree.get(then, "absent") != self.versions[-1].get(then):
                    return f"{first} was seen, and {then} is not as it must be then"
        return None

    def wrong_box(self, tree, kept):
        if not self.box:
            return None
        # Before anything is done again, which could hide that it was lost. A repair only takes from the end.
        if not tree.get(self.box, b"").startswith(self.versions[kept].get(self.box, b"")):
            return "what was acknowledged is lost"
        put_tree(work / "state", tree)
        for argv in self.again:
            ended = run(work / "state", argv)
            if ended.code != DONE and not (ended.code == REFUSED and NOT_AGAIN.search(ended.err)):
                return f"exit {ended.code}: {' '.join(argv)}: {ended.err}"
        verified = run(work / "state", ["plus1-verify", self.box])
        if verified.code != DONE:
            return f"it does not verify: {verified.out}"
        if "second proof of" in verified.out or "has no second proof" in verified.out:
            return f"a second proof is lost: {verified.out}"
        archive = (work / "state" / self.box).read_bytes()
        if not archive.startswith(self.versions[kept].get(self.box, b"")):
            return "what was acknowledged is lost"
        there = [came for kind, came in world.events(archive)]
        asked = [came for kind, came in world.events(self.versions[-1][self.box])]
        if not all(came in there for came in asked):
            return "what was done again is not there"
        ballots = [came[0] for kind, came in world.events(archive) if kind == "Ballot"]
        return "a ballot is there twice" if len(ballots) != len(set(ballots)) else None


def tree_of(folder):
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def put_tree(folder, tree):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


# ---- stories ----


class At:
    """A base that is an election after some more commands."""

    def __init__(self, base, *commands):
        self.folder = work / f"at-{len(list(work.iterdir()))}"
        base.copy(self.folder)
        for argv in commands:
            world.must(self.folder, *argv)

    def copy(self, to):
        if to.exists():
            shutil.rmtree(to)
        shutil.copytree(self.folder, to)


def stories():
    vote = world.Election(work / "election", 3, 5, bundle=True)
    box, uuid = vote.box, vote.uuid
    bundle = f"{uuid}.bundle.json"

    def add(*files):
        return ["plus1", "box", "add", box, *files]

    each = [add(name) for name in ("1.json", "2.json", "3.json", "4.json")]
    yield Story("ballots are added", vote, [(add("1.json"), None), (add("2.json", "3.json"), None)], each, box)
    failing = calls_of(vote, add("1.json"), "fdatasync")[-1]
    yield Story("a writer is killed before it waits for the disk", vote,
                [(add("1.json"), {"": f"{failing}:kill"}), (add("1.json"), None)], each, box)
    yield Story("the disk fails while it is waited for", vote,
                [(add("1.json"), {"": f"{failing}:EIO"}), (add("1.json"), None)], each, box)
    yield Story("the disk fails, and what was written cannot be taken back", vote,
                [(add("1.json"), {"": f"{failing}:EIO,{failing + 1}:EROFS"}), (add("1.json"), None)], each, box)
    yield Story("a torn write is cut off", At(vote), [(add("1.json"), {"": f"{failing - 1}:torn"}), (add("2.json"), None)],
                each, box)

    key = ["plus1", "registrar", "withdraw", "--box", box, "--key", "registrar.key", "--code", vote.codes[2]]
    noticed, notice = At(vote, [*key, "--out", "n1"]), ["plus1", "box", "notice", box, "n1"]
    yield Story("a notice is taken", noticed, [(notice, None)], [notice, add("1.json")], box)
    yield Story("who takes a notice is killed before its name is on the disk", noticed,
                [(notice, {"": f"{calls_of(noticed, notice, 'fsync')[-1]}:kill"}), (add("1.json"), None)],
                [notice, add("1.json")], box)

    ended = At(vote, add("1.json"), ["plus1", "box", "close", box], ["plus1", "box", "tally", box])
    decrypts = [["plus1", "trustee", "decrypt", "--key", f"{n}.key", "--boxes", box, "--out", "shares/mine"] for n in "ts"]
    share = {n: f"shares/mine/{uuid}.{n}.share.json" for n in "ts"}
    yield Story("a trustee gives a share", ended, [(decrypts[0], None)], needs=[(share["t"], "t.key")])
    opening = At(ended, *decrypts)
    steps = [["plus1", "share", "add", box, share["t"]], ["plus1", "share", "add", box, share["s"]],
             ["plus1", "result", "publish", box]]
    yield Story("shares are added and the result is published", opening, [(argv, None) for argv in steps], steps, box)
    closing = [["plus1", "box", "close", box], ["plus1", "box", "tally", box]]
    yield Story("a box is closed and tallied", vote, [(argv, None) for argv in closing], closing, box)

    create = [*vote.create, "--out", "towns/emmen"]
    yield Story("an election is made", vote, [(create, None)], [create], f"towns/emmen/{box}",
                needs=[(f"towns/emmen/{box}", f"towns/emmen/{bundle}")])
    there = f"towns/emmen/{box}"
    yield Story("who makes an election is killed before its name is on the disk", vote,
                [(create, {"": f"{calls_of(vote, create, 'fsync')[-1]}:kill"}),
                 (["plus1", "box", "add", there, "1.json"], None)], [create, ["plus1", "box", "add", there, "1.json"]], there)
    codes = ["plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "registrar/x"]
    yield Story("codes are drawn", vote, [(codes, None)],
                needs=[("registrar/x/public_credentials.json", "registrar/x/codes.csv")])
    yield Story("who makes a folder is killed before its name is on the disk", vote,
                [(codes, {"": f"{calls_of(vote, codes, 'fsync')[0]}:kill"}), (codes, None)])
    yield Story("keys are made", vote,
                [(["plus1", "trustee", "key", "--election", uuid, "--out", "k"], None),
                 (["plus1", "registrar", "key", "--out", "r"], None),
                 (["plus1", "municipality", "create", "--name", "N", "m"], None)],
                needs=[("k.public.json", "k.key"), ("r.public", "r.key")])
    yield Story("a server's key for receipts is made", vote, [(["plus1", "server", "key", "--data", "d", "--out", "r.public"], None)],
                needs=[("r.public", "d/receipt.seed")])
    ballot = ["plus1", "vote", "--box", box, "--code", vote.codes[0], "--choose", "A", "--out", "b.json"]
    yield Story("a ballot and its seed are kept", vote, [(ballot, None), ([*ballot, "--seed-out", "seed"], None)])
    verify = ["plus1-verify", "--state", "state", box]
    yield Story("an auditor's check goes on where it stopped", vote,
                [(verify, None), (add("1.json"), None), (verify, None)], [*each, verify], box, older=["state"])
    yield from ceremony(vote)


def ceremony(vote):
    """The visit in which a trustee's key becomes complete."""
    made = At(vote, *[["plus1", "trustee", "certificate", "--index", str(i), "--of", "2", "--threshold", "2", "--election",
                       vote.uuid, "--out", f"c{i}"] for i in (1, 2)])
    join(made, "certs", "c1.cert", "c2.cert")
    for i in (1, 2):
        world.must(made.folder, "plus1", "trustee", "polynomial", "--key", f"c{i}.key", "--certificates", "certs", "--out",
                   f"c{i}.polynomial")
    join(made, "polynomials", "c1.polynomial", "c2.polynomial")
    world.must(made.folder, "plus1", "trustee", "route", "--certificates", "certs", "--polynomials", "polynomials",
               "--out", "routed")
    accept = ["plus1", "trustee", "accept", "--key", "c1.key", "--certificates", "certs", "--vinput", "routed/1.vinput",
              "--out", "c1.voutput"]
    yield Story("a trustee's key is completed", made, [(accept, None)], needs=[("c1.voutput", "c1.key")])


def join(at, name, *files):
    (at.folder / name).write_bytes(b"".join((at.folder / file).read_bytes() for file in files))


def calls_of(base, argv, name):
    """Which calls of this command, from 1, are NAME."""
    log = work / "log"
    log.unlink(missing_ok=True)
    base.copy(HERE)
    run(HERE, argv, {"LOG": log})
    numbered = [call for call in world.logged(log) if call[1] != "close"]
    return [i + 1 for i, call in enumerate(numbered) if call[1] == name]


# ---- each fsync is needed ----


@functools.cache
def place(program, stack):
    """The functions and lines that it is called from, outermost first. What opening a box does is the same for all commands."""
    out = subprocess.run(["addr2line", "-f", "-e", world.BUILD / program, *(hex(at - 1) for at in stack)], check=True,
                         capture_output=True, text=True).stdout.splitlines()
    frames = [(name, line.split(":")[-1].split()[0]) for name, line in zip(out[::2], out[1::2])]
    names = [name for name, _ in frames]
    end = names.index("boxfile_open") + 1 if "boxfile_open" in names else len(frames)
    return tuple(reversed(frames[:end]))


def syncs(story):
    for number, (call, step) in enumerate(story.calls):
        if call and call[1] in ("fsync", "fdatasync") and call[2] == 0:
            yield number, place(story.steps[step - 1][0][0], tuple(call[9]))


def each_is_needed(told):
    needed, all_places = {}, {}
    for story in told:
        for number, where in syncs(story):
            all_places.setdefault(where, story.name)
            if where not in needed:
                _, wrong = story.first_wrong(skip=number)
                if wrong:
                    needed[where] = wrong
    for where in all_places:
        chain = " > ".join(name for name, _ in where if name not in ("_start", "main", "command_run"))
        say(f"  {chain}: without it: {needed[where].splitlines()[0][:110]}" if where in needed else f"  {chain}: NOT NEEDED")
    useless = set(all_places) - set(needed)
    if useless:
        world.fail(f"{len(useless)} fsync of {len(all_places)} are not needed, or this test does not see why")
    say(f"ok: each fsync is needed: {len(all_places)} places, and without any of them something acknowledged is lost")


def all_calls_are_seen():
    """The shim knows each function by which the programs change files, but rmdir(): it removes copies that nobody relies on."""
    unknown = ("creat openat openat2 writev pwritev pwritev2 truncate renameat renameat2 linkat unlinkat remove symlink "
               "mkdirat mknod fallocate posix_fallocate sendfile copy_file_range splice mkstemp mkostemp tmpfile msync sync "
               "syncfs sync_file_range freopen").split()
    for program in ("plus1", "plus1-verify"):
        out = subprocess.run(["nm", "-D", "--undefined-only", world.BUILD / program], check=True, capture_output=True,
                             text=True).stdout
        used = {re.sub("64$", "", name) for name in re.findall(r" U (\w+)", out)} & set(unknown)
        if used:
            world.fail(f"{program} uses {sorted(used)}, which shim.c does not know")
    for source in world.ROOT.glob("*/*.c"):
        if source.name == "cmd_restore.c":  # a copy that is judged and removed
            continue
        if source.parts[-2] in ("board", "cli", "core", "store", "verify") and re.search(r'fopen\([^"]*"[^r]', source.read_text()):
            world.fail(f"{source.name} writes with fopen(), which shim.c does not see")
    say("ok: the shim sees all calls that change files")


def main():
    all_calls_are_seen()
    say(f"SEED={world.SEED} {'all states' if ALL else 'a sample of states'}")
    told, total = [], 0
    for story in stories():
        count, wrong = story.first_wrong()
        total += count
        if wrong:
            world.fail(wrong)
        say(f"ok: {story.name}: {len(story.calls)} moments, {count} states after a power cut")
        told.append(story)
    each_is_needed(told)
    say(f"ok: power cuts: {len(told)} stories, {total} states")


if __name__ == "__main__":
    main()
