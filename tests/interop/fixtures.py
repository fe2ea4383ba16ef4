#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""plus1-verify on archives that Belenios made, and on changed copies of them in which one thing is wrong.

fixtures.py [BUILD]: BUILD or P1_BUILD is the folder with plus1-verify (default: build), P1_FIXTURES the folder with
belenios/valid and belenios/invalid (default: ../shared/fixtures beside the repository). Without fixtures the test is
skipped (exit 77), in CI it fails.
"""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERIFY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("P1_BUILD", ROOT / "build")) / "plus1-verify"
FIXTURES = pathlib.Path(os.environ.get("P1_FIXTURES", ROOT.parent / "shared/fixtures")) / "belenios"

VALID, INVALID, UNSUPPORTED = 0, 1, 2

# Elections with list or preferential questions.
NOT_YET = "not yet supported"
NOT_YET_NAMES = ("-nh", "-mj")

# The code that must be among the reasons of a refusal (core/err.def), and the files that must be refused for it.
REASONS = {
    "ERR_JSON": "json-whitespace json-field-order answers-field-order answers-extra-field answers-number-scalar",
    "ERR_SCALAR_FORM": "scalar-leading-zero scalar-leading-zero-canonical-sig",
    "ERR_SCALAR_RANGE": "scalar-ge-q challenge-ge-q scalar-ge-q-canonical-sig",
    "ERR_ELEM_FORM": "point-uppercase-hex noncanonical-identity-y",
    "ERR_ELEM_FIELD": "alpha-not-on-curve",
    "ERR_ELEM_SUBGROUP": "alpha-order2-component-cancelling alpha-order8-within-ballot pd-factor-order2-cancelling",
    "ERR_ELECTION_KEY": "trustee-missing",
    "ERR_BALLOT_ELECTION": "ballot-wrong-uuid",
    "ERR_BALLOT_ELECTION_HASH": "ballot-wrong-election-hash",
    "ERR_BALLOT_ANSWERS": "answer-missing",
    "ERR_BALLOT_CHOICES": "choices-extra",
    "ERR_BALLOT_PROOF_LENGTH": "overall-proof-extra-disjunct",
    # The proofs of a ballot under another's credential fail in the first of them.
    "ERR_BALLOT_INDIVIDUAL": "indiv-proof-response double-vote-2-minus1 swap-credentials",
    "ERR_BALLOT_OVERALL": "overall-proof-response",
    "ERR_BALLOT_BLANK": "blank-proof-response",
    "ERR_BALLOT_UNSIGNED": "signature-missing",
    "ERR_BALLOT_HASH": "signature-hash-wrong",
    "ERR_BALLOT_SIGNATURE": "signature-response",
    "ERR_BALLOT_STRANGER": "unknown-credential",
    "ERR_BALLOT_TWICE": "duplicate-ballot",
    "ERR_CREDENTIALS_TWICE": "credential-duplicate",
    "ERR_CREDENTIALS_ORDER": "credentials-unsorted",
    "ERR_TRUSTEE_POK": "trustee-pok threshold-vk-pok",
    "ERR_TRUSTEE_KEY_SIGNATURE": "threshold-vk-signature",
    "ERR_TRUSTEE_CERTS": "threshold-certs-signature",
    "ERR_TRUSTEE_SIGNATURE": "threshold-coefexps",
    "ERR_TALLY_COUNT": "tally-num-tallied",
    "ERR_TALLY": "ballot-dropped-rechained tally-plus-one weights-ignored",
    "ERR_SHARE": "pd-proof-response pd-factor threshold-pd-proof-response",
    "ERR_SHARE_OWNER": "pd-owner-out-of-range",
    "ERR_SHARES_MISSING": "pd-missing",
    "ERR_RESULT": "result-wrong result-swapped",
    "ERR_EVENT_PARENT": "chain-event-dropped chain-events-reordered",
    "ERR_EVENT_PAYLOAD": "chain-data-dropped",
    "ERR_EVENT_ORDER": "ballot-after-endballots endballots-hides-ballots result-twice result-before-decryptions",
    "ERR_EVENT_EXTRA": "chain-unreferenced-data",
    "ERR_RECORD_HASH": "record-bitflip",
    "ERR_ARCHIVE_HEADER": "tar-mtime",
}
REASON = {name: code for code, names in REASONS.items() for name in names.split()}


def run(path, *options):
    """Exit code and all that was printed."""
    done = subprocess.run([VERIFY, *options, path], capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def expect(path, code, words):
    """What is wrong with the answer about this archive; nothing if it is as it must be. WORDS: a regular expression."""
    found, said = run(path, "--json")
    if found != code:
        return [f"exit {found} instead of {code}\n{said}"]
    if not re.search(words, said, re.IGNORECASE):
        return [f"does not say '{words}'\n{said}"]
    return []


def valid(folder):
    """The three stages of an election, and its result."""
    if folder.name.endswith(NOT_YET_NAMES):
        code, words = UNSUPPORTED, NOT_YET
    else:
        code, words = VALID, ""
    for stage in ("stage1-setup", "stage2-ballots", "election"):
        path = folder / f"{stage}.bel"
        yield f"{folder.name}/{stage}", expect(path, code, words)
    if code == VALID:
        wanted = json.loads((folder / "result.json").read_text())["result"]
        found = json.loads(run(folder / "election.bel", "--json")[1])["result"]
        yield f"{folder.name}: result", [] if found == wanted else [f"{found} instead of {wanted}"]


def invalid(index, folder):
    """Each file of the index."""
    for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE):
        name = row["name"]
        if row["base"].endswith(NOT_YET_NAMES):
            code, words = UNSUPPORTED, NOT_YET
        elif row["verdict"] == "reject":
            code, words = INVALID, rf"\b{REASON.get(name, 'no reason in REASONS')}\b"
        else:
            code, words = VALID, "warning" if "warning" in row["verdict"] else ""
        yield f"invalid/{name} ({row['check']})", expect(folder / f"{name}.bel", code, words)


def report(what, checks):
    """Prints what failed, or one line. Returns how many failed."""
    checks = list(checks)
    bad = [(name, problems) for name, problems in checks if problems]
    for name, problems in bad:
        print(f"FAILED: {name}: {' '.join(problems).rstrip()}")
    if not bad:
        print(f"ok: {len(checks)} {what}")
    return len(bad) or (0 if checks else 1)


def main():
    if not FIXTURES.is_dir():
        print(f"skipped: no fixtures in {FIXTURES} (P1_FIXTURES)")
        return 1 if os.environ.get("CI") == "true" else 77
    bad = 0
    for folder in sorted((FIXTURES / "valid").iterdir()):
        if folder.is_dir():
            bad += report(f"checks of {folder.name}", valid(folder))
    with open(FIXTURES / "invalid/INDEX.tsv", encoding="utf-8") as index:
        bad += report("changed archives", invalid(index, FIXTURES / "invalid"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
