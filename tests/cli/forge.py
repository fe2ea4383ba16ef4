#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Makes bad archives and files for the tests of the commands.

forge.py events ARCHIVE                     the offset at which each event ends, one a line
forge.py flip AT FILE OUT                   one bit of the byte at offset AT is another
forge.py zeros AT FILE OUT                  zeros from offset AT to the end
forge.py digit FIELD FILE OUT               the last digit of the first number that is called FIELD is another

In these, all hashes that follow from what is changed are made right again:
forge.py text OLD NEW ARCHIVE OUT           OLD is NEW wherever it stands in a record
forge.py number START N FIELD ARCHIVE OUT   like digit, in the Nth record (from 1) whose content begins with START
"""
import hashlib
import re
import sys

BLOCK = 512


def padded(content):
    return content + bytes(-len(content) % BLOCK)


def records(archive):
    """Header and content of each record."""
    at = 0
    while at < len(archive):
        size = int(archive[at + 124 : at + 135], 8)
        yield archive[at : at + BLOCK], archive[at + BLOCK : at + BLOCK + size]
        at += BLOCK + len(padded(bytes(size)))


def event_ends(archive):
    at = 0
    for head, content in records(archive):
        at += BLOCK + len(padded(content))
        if b".event.json" in head[:100]:
            yield at


def header(like, name, size):
    """A header as the one of LIKE, for another name and size."""
    fresh = bytearray(name.ljust(100, b"\0") + like[100:])
    fresh[124:135] = b"%011o" % size
    fresh[148:156] = b" " * 8
    fresh[148:156] = b"%06o\0 " % sum(fresh)
    return bytes(fresh)


def rebuilt(archive, change):
    """Each content is what CHANGE makes of it; names, and hashes of records in later ones, follow."""
    out, renamed = [], {}
    for head, content in records(archive):
        content = re.sub(rb"[0-9a-f]{64}", lambda found: renamed.get(found[0], found[0]), change(content))
        old, dot, ending = head[:100].rstrip(b"\0").partition(b".")
        name = old
        if dot:
            renamed[old] = hashlib.sha256(content).hexdigest().encode()
            name = renamed[old] + dot + ending
        out.append(header(head, name, len(content)) + padded(content))
    return b"".join(out)


def other_digit(field, text):
    """No digit but the last is changed, so the number is as canonical as it was."""
    found = re.search(rb'"%s":"\d+(\d)"' % field.encode(), text)
    if not found:
        sys.exit(f"there is no {field}")
    at = found.start(1)
    return text[:at] + b"%d" % ((int(text[at : at + 1]) + 1) % 10) + text[at + 1 :]


def in_record(start, number, change):
    seen = 0

    def one(content):
        nonlocal seen
        seen += content.startswith(start)
        return change(content) if content.startswith(start) and seen == number else content

    return one


def forged(whole, verb, args):
    if verb == "flip":
        changed = bytearray(whole)
        changed[int(args[0])] ^= 1
        return changed
    if verb == "zeros":
        return whole[: int(args[0])].ljust(len(whole), b"\0")
    if verb == "digit":
        return other_digit(args[0], whole)
    if verb == "text":
        return rebuilt(whole, lambda content: content.replace(args[0].encode(), args[1].encode()))
    if verb == "number":
        change = in_record(args[0].encode(), int(args[1]), lambda content: other_digit(args[2], content))
        return rebuilt(whole, change)
    return sys.exit(__doc__)


def main(verb, *args):
    with open(args[0] if verb == "events" else args[-2], "rb") as file:
        whole = file.read()
    if verb == "events":
        print("\n".join(str(end) for end in event_ends(whole)))
        return
    changed = forged(whole, verb, args[:-2])
    if changed == whole:
        sys.exit("nothing was changed")
    with open(args[-1], "wb") as out:
        out.write(changed)


if __name__ == "__main__":
    main(*sys.argv[1:])
