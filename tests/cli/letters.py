#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of letters look with, independent of the C code.

letters.py print ARCHIVE          the print of the election in it
letters.py window PDF PAGE        the words in the window of the envelope, line by line; fails where one is half in it
letters.py logo FILE              a small PNG
letters.py memory COMMAND...      runs it: the most anonymous memory in kB, how much of it came in its second half, seconds
"""
import hashlib
import html
import re
import struct
import subprocess
import sys
import time
import zlib

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MM = 72 / 25.4
# What may be seen of the letter through the window of an envelope, wherever the paper slides in it; and where the address stands.
SEEN = (20, 45, 110, 98)
WINDOW = (25, 54, 105, 80)


def print_of(archive):
    """The first record after the archive's own is the election."""
    blocks = open(archive, "rb").read()
    at = 512 + -(-int(blocks[124:135], 8) // 512) * 512
    size = int(blocks[at + 124 : at + 135], 8)
    election = blocks[at + 512 : at + 512 + size]
    assert election.startswith(b'{"version":1,"description":')
    number = int.from_bytes(hashlib.sha256(election).digest(), "big") % 58**22
    digits = ""
    for _ in range(22):
        number, rest = divmod(number, 58)
        digits = BASE58[rest] + digits
    return digits


def window(pdf, page):
    said = subprocess.run(["pdftotext", "-bbox", "-f", page, "-l", page, pdf, "-"], check=True, capture_output=True, text=True)
    lines = {}
    for match in re.finditer(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', said.stdout):
        left, top, right, bottom = (float(match[i]) / MM for i in range(1, 5))
        if right <= SEEN[0] or left >= SEEN[2] or bottom <= SEEN[1] or top >= SEEN[3]:
            continue
        if left < WINDOW[0] - 0.1 or right > WINDOW[2] + 0.1 or top < WINDOW[1] or bottom > WINDOW[3] + 0.1:
            sys.exit(f"{match[5]} stands at {left:.1f},{top:.1f} to {right:.1f},{bottom:.1f} mm: half in the window")
        lines.setdefault(round(bottom), []).append((left, html.unescape(match[5])))
    for _, words in sorted(lines.items()):
        if min(words)[0] > WINDOW[0] + 2:
            sys.exit(f"{words} does not begin on the left")
        print(" ".join(word for _, word in words))


def logo(path):
    width, height = 80, 40
    rows = b"".join(b"\0" + bytes((200, 40, 40)) * width for _ in range(height))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def memory(command):
    begun, seen = time.monotonic(), []
    process = subprocess.Popen(command)
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                seen += [int(line.split()[1]) for line in status if line.startswith("RssAnon")]
        except OSError:
            pass
        time.sleep(0.01)
    if process.returncode:
        sys.exit(process.returncode)
    print(max(seen), max(seen) - max(seen[: len(seen) // 2]), f"{time.monotonic() - begun:.1f}")


def main():
    what, *args = sys.argv[1:]
    if what == "print":
        print(print_of(*args))
    elif what == "window":
        window(*args)
    elif what == "logo":
        logo(*args)
    elif what == "memory":
        memory(args)


main()
