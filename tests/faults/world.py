# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of faults share: an election with prepared ballots, the programs, and what an archive holds.

Environment: P1_BUILD is the folder with plus1, plus1-verify and the shim (default: build in the repository), SEED what
is random (default: drawn, and printed).
"""
import atexit
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("P1_BUILD", ROOT / "build")).resolve()
SHIM = BUILD / "libfaults.so"
SKIPPED = 77

SEED = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
dice = random.Random(SEED)

# The exit codes that `plus1 --help` names.
DONE, REFUSED, UNREADABLE, USAGE = range(4)


def say(text):
    print(text, flush=True)


def fail(text):
    sys.exit(f"FAILED (SEED={SEED}): {text}")


def skip(text):
    say(f"skipped: {text}")
    sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)


def work_folder():
    """In memory, since what is durable is modelled, and not what this machine's disk does."""
    for name in ("plus1", "plus1-verify", "libfaults.so"):
        if not (BUILD / name).exists():
            fail(f"not built: ninja -C {BUILD} {name}")
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = pathlib.Path(tempfile.mkdtemp(prefix="plus1-faults.", dir=parent))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Ended:
    def __init__(self, process, out, err):
        self.code, self.out, self.err = process.returncode, out, err

    @property
    def acknowledged(self):
        """Files of ballots of which the command said that they are in the box: added now, or there before."""
        return re.findall(r"^(\S+) is in the box", self.out, re.M)


def start(folder, argv, faults=None):
    """FAULTS are the shim's variables without P1_FAULT_, ROOT is the folder unless given; None: without the shim."""
    env = dict(os.environ)
    if faults is not None:
        env.update({f"P1_FAULT_{name}" if name else "P1_FAULT": str(value) for name, value in faults.items()})
        env.setdefault("P1_FAULT_ROOT", str(folder))
        env["LD_PRELOAD"] = str(SHIM)
    return subprocess.Popen([str(BUILD / argv[0]), *argv[1:]], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder, argv, faults=None):
    process = start(folder, argv, faults)
    out, err = process.communicate()
    return Ended(process, out, err)


def must(folder, *argv, code=DONE):
    ended = run(folder, argv)
    if ended.code != code:
        fail(f"exit {ended.code} instead of {code}: {' '.join(argv)}\n{ended.out}{ended.err}")
    return ended


# ---- archives ----


def records(archive):
    """Ending of the name (data, event, none) and content of each record."""
    at = 0
    while at + 512 <= len(archive):
        name = archive[at : at + 100].rstrip(b"\0").decode()
        size = int(archive[at + 124 : at + 135], 8)
        yield name.split(".")[1] if "." in name else "", archive[at + 512 : at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def events(archive):
    """Type of each event, and the records it came with."""
    before = []
    for kind, content in records(archive):
        if kind == "event":
            yield json.loads(content)["type"], before
            before = []
        elif kind == "data":
            before.append(content)


def ballots(path):
    return [came[0] for kind, came in events(path.read_bytes()) if kind == "Ballot"]


def tracker(ballot):
    return base64.b64encode(hashlib.sha256(ballot).digest()).decode().rstrip("=")


def wrong_with(folder, box, acknowledged):
    """What is wrong with a box in which these ballots (files) must be, or None."""
    verified = run(folder, ["plus1-verify", box])
    if verified.code != DONE:
        return f"{box} does not verify: {verified.out}{verified.err}"
    there = ballots(folder / box)
    if len(there) != len(set(there)):
        return "a ballot is there twice"
    for name in acknowledged:
        if (folder / name).read_bytes() not in there:
            return f"{name} was acknowledged, and is lost"
    return None


def logged(log):
    """The calls in a log of the shim. Of a process that was killed, or that is at it, half a line may be there; it is left out."""
    calls = []
    for line in log.read_text().splitlines() if log.exists() else []:
        with contextlib.suppress(json.JSONDecodeError):
            calls += [json.loads(line)] if line else []
    return calls


# ---- an election ----


class Election:
    """A small one, in its folder: BOX.bel with one ballot in it, and more ballots 1.json, 2.json, .. that are not."""

    def __init__(self, folder, voters, count, bundle=False):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        must(folder, "plus1", "election", "paper", "--name", "N", "--question", "Q", "--answer", "A", "--answer", "B",
             "--blank", "--out", "paper.json")
        must(folder, "plus1", "election", "draft", "--paper", "paper.json", "--out", "draft.json")
        self.uuid = json.loads((folder / "draft.json").read_text())["uuid"]
        (folder / "roll.csv").write_text("id\n" + "".join(f"r{i}\n" for i in range(voters)))
        must(folder, "plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "c")
        self.codes = [line.split(";")[-1] for line in (folder / "c/codes.csv").read_text().split()[1:]]
        for name in ("t", "s"):
            must(folder, "plus1", "trustee", "key", "--election", self.uuid, "--minimum", "1", "--test", "--out", name)
        must(folder, "plus1", "registrar", "key", "--out", "registrar")
        self.create = ["plus1", "election", "create", "--draft", "draft.json", "--trustee", "t.public.json", "--trustee",
                       "s.public.json", "--credentials", "c/public_credentials.json", "--registrar", "registrar.public"]
        if bundle:
            must(folder, "plus1", "election", "bundle", "--draft", "draft.json", "--credentials",
                 "c/public_credentials.json", "--box", self.uuid, "--opens", "2027-03-01T08:00:00+01:00", "--closes",
                 "2027-03-10T20:00:00+01:00", "--out", "bundle.json")
            self.create += ["--bundle", "bundle.json"]
        must(folder, *self.create, "--out", ".")
        self.box = f"{self.uuid}.bel"
        self.files = [self.ballot(i) for i in range(count)]
        must(folder, "plus1", "box", "add", self.box, self.ballot(0, "first.json"))

    def ballot(self, number, name=None):
        name = name or f"{number + 1}.json"
        must(self.folder, "plus1", "vote", "--box", self.box, "--code", self.codes[number % len(self.codes)], "--choose",
             "AB"[number % 2], "--out", name)
        return name

    def copy(self, to):
        if to.exists():
            shutil.rmtree(to)
        shutil.copytree(self.folder, to)
        return to
