#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which secrets are in a file of memory (memory.c)?

Usage: found.py MEMORY UUID SECRET...; a SECRET is key:DECIMAL, seed:BASE58, hex:DIGITS or code:TEXT. Also looked for is what the
program makes of it: keys and numbers as text and as limbs, bytes as SHA-256 reads them. Any 16 bytes count. Group Ed25519.
Prints what was found; exit 1 if there was anything, 2 if the file is not complete.
"""
import hashlib
import mmap
import sys

Q = 2**252 + 27742317777372353535851937790883648493
WINDOW = 16


def digest(text):
    return hashlib.sha256(text.encode()).digest()


def scalar(number, name):
    yield name, str(number).encode()
    yield name + " as a number", number.to_bytes(32, "little")


def hashed(data, name):
    """As it is, and with the bytes of each word turned round, wherever words begin."""
    yield name, data
    for start in range(4):
        words = [data[i : i + 4][::-1] for i in range(start, len(data) - 3, 4)]
        if len(words) >= 4:
            yield name + " as it is hashed", b"".join(words)


def forms(uuid, secret):
    kind, value = secret.split(":", 1)
    if kind == "key":
        yield from scalar(int(value), "private key")
    elif kind == "seed":
        yield from hashed(value.encode(), "seed")
        for prefix in ("sk|", "dk|"):
            yield from scalar(int.from_bytes(digest(prefix + value), "big") % Q, prefix + "of the seed")
    elif kind == "hex":
        yield from hashed(bytes.fromhex(value), "bytes")
        yield "hex", value.encode()
    elif kind == "code":
        yield from hashed(value.encode(), "code")
        yield "code without hyphens", value.replace("-", "").encode()
        wide = digest(f"derive_credential|{uuid}|0|{value}") + digest(f"derive_credential|{uuid}|1|{value}")
        yield from scalar(int.from_bytes(wide, "big") % Q, "secret of the code")


def main():
    path, uuid, *secrets = sys.argv[1:]
    found = set()
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
        if memory.rfind(b"all of memory") < 0 or not secrets:
            sys.exit(2)
        for secret in secrets:
            for name, data in forms(uuid, secret):
                if any(memory.find(data[at : at + WINDOW]) >= 0 for at in range(len(data) - WINDOW + 1)):
                    found.add(name)
    for name in sorted(found):
        print("found:", name)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
