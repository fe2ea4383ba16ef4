#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""A reader of .bel archives for the interoperability tests, independent of the C code that they test.

bel.py events ARCHIVE        the types of the events, one a line
bel.py head N ARCHIVE OUT    the first N events with their data; N below zero: all but the last -N
bel.py ballots ARCHIVE DIR   DIR/1.json, DIR/2.json ...: the ballots in the order in which they came
bel.py result ARCHIVE        the result, as compact JSON
"""
import json
import sys

BLOCK = 512


def events(archive):
    """For each event: where it ends in the bytes of the archive, the event, and its payload (None without one)."""
    data = {}
    at = 0
    while at < len(archive):
        header = archive[at : at + BLOCK]
        name = header[:100].rstrip(b"\0").decode()
        size = int(header[124:135], 8)
        content = archive[at + BLOCK : at + BLOCK + size]
        at += BLOCK + -(-size // BLOCK) * BLOCK
        digest, _, kind = name.partition(".")
        if kind == "data.json":
            data[digest] = content
        elif kind == "event.json":
            event = json.loads(content)
            yield at, event, data.get(event.get("payload"))


def result(archive):
    """The published result, or None."""
    for _, event, payload in events(archive):
        if event["type"] == "Result":
            return json.loads(payload)["result"]
    return None


def main(verb, *args):
    with open(args[1] if verb == "head" else args[0], "rb") as file:
        archive = file.read()
    if verb == "events":
        print("\n".join(event["type"] for _, event, _ in events(archive)))
    elif verb == "head":
        ends = [end for end, _, _ in events(archive)][: int(args[0])]
        with open(args[2], "wb") as out:
            out.write(archive[: ends[-1]])
    elif verb == "ballots":
        ballots = [payload for _, event, payload in events(archive) if event["type"] == "Ballot"]
        for number, ballot in enumerate(ballots, 1):
            with open(f"{args[1]}/{number}.json", "wb") as out:
                out.write(ballot)
    elif verb == "result":
        print(json.dumps(result(archive), separators=(",", ":")))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
