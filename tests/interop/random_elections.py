#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Elections of every shape, made at random and held with plus1; the result must be what counting in the clear gives.

random_elections.py [ELECTIONS [SEED]]: how many (default 6), and the number that they follow from (default: drawn, and
printed). Each is checked by plus1-verify. With P1_RANDOM_PEER=1 also by Debian 13's belenios-tool 3.0, ballot by ballot, which
computes the result too; P1_TRIXIE is the folder with Debian 13 (default: trixie in the build folder, where belenios3.sh makes it).
P1_BUILD is the folder with plus1 and plus1-verify (default: build).
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import bel

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("P1_BUILD", ROOT / "build")).resolve()
PEER = os.environ.get("P1_RANDOM_PEER") == "1"
TRIXIE = pathlib.Path(os.environ.get("P1_TRIXIE", BUILD / "trixie")).resolve()

WORDS = ["Glijbaan", "Schommel", "Zandbak", 'De "Brink"', "Café «'t Hoekje»", "2018", "a=b", "Súdwest > Fryslân", "\\", "Blanco?"]


def run(*command, cwd, peer=False):
    """The output of a command that must succeed."""
    if peer:
        inside = "/" + str(pathlib.Path(cwd).relative_to(TRIXIE))
        command = ("chroot", TRIXIE, "env", "-C", inside, "belenios-tool", *command)
    else:
        command = (BUILD / command[0], *command[1:])
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"FAILED ({done.returncode}): {' '.join(str(part) for part in command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


# ---- shapes ----


def names(r, n):
    return [f"{word} {i}" if r.random() < 0.5 else word for i, word in enumerate(r.sample(WORDS, n))]


def random_question(r, number):
    if r.random() < 0.25:
        heads = names(r, r.randint(1, 3))
        return {"type": "Lists", "value": {"answers": [[head, *names(r, r.randint(1, 3))] for head in heads], "question": f"Wie? {number}"}}
    answers = names(r, r.randint(2, 6))
    most = r.randint(1, len(answers))
    question = {"answers": answers, "min": r.randint(0, most), "max": most, "question": f"Wat? {number}"}
    if r.random() < 0.4:
        question["blank"] = True
    return question


def random_vote(r, question):
    """What the voter marks, in the shape of the result, and the options of `plus1 vote` for it."""
    if "value" in question:
        lists = question["value"]["answers"]
        at = r.randrange(len(lists))
        chosen = sorted(r.sample(range(1, len(lists[at])), r.randint(1, len(lists[at]) - 1)))
        marks = [[int(i == at and (k == 0 or k in chosen)) for k in range(len(names))] for i, names in enumerate(lists)]
        return marks, [("--choose", f"{lists[at][0]} > {lists[at][k]}") for k in chosen]
    answers, blank = question["answers"], question.get("blank", False)
    if blank and r.random() < 0.3:
        return [1] + [0] * len(answers), [("--blank", "")]
    chosen = r.sample(range(len(answers)), r.randint(question["min"], question["max"]))
    marks = [int(i in chosen) for i in range(len(answers))]
    return [0] * blank + marks, [("--choose", answers[i] if r.random() < 0.5 else str(i + 1)) for i in chosen]


def add(total, marks, weight):
    """TOTAL, or nothing yet, plus WEIGHT times the marks."""
    if isinstance(marks, list):
        return [add(total[i] if total else 0, mark, weight) for i, mark in enumerate(marks)]
    return total + weight * marks


def as_numbers(counts):
    """Above 2^30 - 1 a number in an archive is a string."""
    return [as_numbers(part) for part in counts] if isinstance(counts, list) else int(counts)


# ---- trustees ----


def make_single(folder, name, common):
    run("plus1", "trustee", "key", *common, "--out", name, cwd=folder)
    return f"{name}.public.json", [name]


def make_set(r, folder, number, common):
    """A threshold set: the key ceremony of docs/joint-vote.md."""
    n = r.randint(2, 4)
    needed = r.randint(1, n - 1)
    who = [f"t{number}-{i}" for i in range(1, n + 1)]

    def step(verb, out, *options):
        for i, name in enumerate(who, 1):
            run("plus1", "trustee", verb, *(option.format(i=i, name=name) for option in options), cwd=folder)
        if out:
            lines = "".join((folder / f"{name}.{out}").read_text().rstrip("\n") + "\n" for name in who)
            (folder / f"{number}.{out}s").write_text(lines)

    shape = ("--of", str(n), "--threshold", str(needed))
    step("certificate", "cert", *common, "--index", "{i}", *shape, "--out", "{name}")
    certs = ("--certificates", f"{number}.certs")
    step("polynomial", "polynomial", "--key", "{name}.key", *certs, "--out", "{name}.polynomial")
    polynomials = ("--polynomials", f"{number}.polynomials")
    run("plus1", "trustee", "route", *certs, *polynomials, "--out", f"routed{number}", cwd=folder)
    step("accept", "voutput", "--key", "{name}.key", *certs, "--vinput", f"routed{number}/{{i}}.vinput", "--out", "{name}.voutput")
    public = f"threshold{number}.json"
    run("plus1", "trustee", "assemble", *certs, *polynomials, "--voutputs", f"{number}.voutputs", "--out", public, cwd=folder)
    return public, r.sample(who, r.randint(needed, n))


# ---- an election ----


def hold(r, folder):
    """Holds one election; its archive, its result as it must be, and what it was like."""
    group = r.choice(["Ed25519"] * 6 + ["BELENIOS-2048", "RFC-3526-2048"])
    questions = [random_question(r, i) for i in range(1, r.randint(1, 3) + 1)]
    (folder / "paper.json").write_text(json.dumps({"description": "", "name": "Proef", "questions": questions}))
    run("plus1", "election", "draft", "--paper", "paper.json", "--group", group, "--out", "draft.json", cwd=folder)
    uuid = json.loads((folder / "draft.json").read_text())["uuid"]

    voters = [f"v{i}" for i in range(r.randint(1, 6))]
    weights = {v: r.choice([1, 2, 3, 1_000_000_000]) if r.random() < 0.7 else 1 for v in voters} if r.random() < 0.3 else None
    (folder / "roll.csv").write_text("".join(f"{v};{weights[v]}\n" if weights else f"{v}\n" for v in voters))
    header = "id;gewicht\n" if weights else "id\n"
    (folder / "roll.csv").write_text(header + (folder / "roll.csv").read_text())
    run("plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "codes", cwd=folder)
    rows = [line.split(";") for line in (folder / "codes/codes.csv").read_text().splitlines()[1:]]
    codes = {row[0]: row[-1] for row in rows}

    common = ("--group", group, "--election", uuid, "--minimum", "1", "--test")
    trustees, opening, shape = [], [], []
    for i in range(r.randint(1, 3)):
        single = r.random() < 0.6
        public, who = make_single(folder, f"s{i}", common) if single else make_set(r, folder, i, common)
        trustees += ["--trustee", public]
        opening += who
        shape.append("single" if single else f"set, {len(who)} open")
    credentials = ("--credentials", "codes/public_credentials.json")
    run("plus1", "election", "create", "--draft", "draft.json", *trustees, *credentials, "--out", "box", cwd=folder)
    box = f"box/{uuid}.bel"

    casts = [v for v in voters for _ in range(r.choice([0, 1, 1, 1, 2, 3]))]
    casts = casts or voters[:1]  # a box in which nobody voted is not opened
    r.shuffle(casts)
    last = {}
    for voter in casts:
        options, marks = [], []
        for number, question in enumerate(questions, 1):
            mark, chosen = random_vote(r, question)
            marks.append(mark)
            for option, value in chosen:
                options += [option, str(number) if option == "--blank" else f"{number}={value}"]
        run("plus1", "vote", "--box", box, "--code", codes[voter], *options, "--out", "ballot.json", cwd=folder)
        run("plus1", "box", "add", box, "ballot.json", cwd=folder)
        (folder / "ballot.json").unlink()
        last[voter] = marks

    run("plus1", "box", "close", box, cwd=folder)
    run("plus1", "box", "tally", box, cwd=folder)
    r.shuffle(opening)
    for name in opening:
        run("plus1", "trustee", "decrypt", "--key", f"{name}.key", "--boxes", box, "--out", "shares", cwd=folder)
        run("plus1", "share", "add", box, f"shares/{uuid}.{name}.share.json", cwd=folder)
    run("plus1", "result", "publish", box, cwd=folder)

    # random_vote() also says what shape a vote has.
    total = add([], [random_vote(r, question)[0] for question in questions], 0)
    for voter, marks in last.items():
        total = add(total, marks, weights[voter] if weights else 1)
    kinds = ", ".join("lists" if "value" in q else "blank" if q.get("blank") else "answers" for q in questions)
    about = f"{group}; {kinds}; {'; '.join(shape)}; {len(casts)} ballots of {len(voters)} voters{', weighted' if weights else ''}"
    return folder / box, total, about


def check(folder, box, expected):
    run("plus1-verify", box, cwd=folder)
    got = as_numbers(bel.result(box.read_bytes()))
    if got != expected:
        sys.exit(f"FAILED: the result is {got}, counting in the clear gives {expected}")
    if not PEER:
        return
    archive = box.read_bytes()
    ends = [(end, event["type"], payload) for end, event, payload in bel.events(archive)]
    run("election", "verify", "--dir", "box", cwd=folder, peer=True)
    # verify-ballot takes a ballot that the archive has for a second one.
    for name, end in (("setup", ends[0][0]), ("without", ends[-2][0])):
        (folder / name).mkdir()
        (folder / name / box.name).write_bytes(archive[:end])
    for _, kind, payload in ends:
        if kind == "Ballot":
            (folder / "one.json").write_bytes(payload)
            run("election", "verify-ballot", "--dir", "setup", "--ballot", "one.json", cwd=folder, peer=True)
    theirs = json.loads(run("election", "compute-result", "--dir", "without", cwd=folder, peer=True))
    if as_numbers(theirs["result"]) != expected:
        sys.exit(f"FAILED: belenios-tool computes {theirs['result']}, counting in the clear gives {expected}")


def main(elections="6", seed=None):
    if PEER and not (TRIXIE / "usr/bin/belenios-tool").exists():
        sys.exit(f"FAILED: no belenios-tool in {TRIXIE}")
    seed = int(seed) if seed else random.SystemRandom().randrange(10**9)
    print(f"seed {seed}", flush=True)
    for number in range(int(elections)):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="plus1-random.", dir=TRIXIE / "tmp" if PEER else None))
        try:
            box, expected, about = hold(random.Random(seed + number), folder)
            print(f"{number + 1}: {about}", flush=True)
            check(folder, box, expected)
        finally:
            shutil.rmtree(folder)
    print(f"ok: {elections} elections of random shapes, counted as in the clear" + (" and by belenios-tool 3.0" if PEER else ""))


if __name__ == "__main__":
    main(*sys.argv[1:])
