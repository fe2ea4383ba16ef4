#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""An experiment is removed with its folder and its line: the program builds without experiments/stem, starts, and has no table, route,
text or symbol of it."""
import re
import shutil
import sqlite3
import subprocess

import lib
from lib import ROOT, Folder, ensure, same

NAME = "stem"
TABLE = "cli/experiments.c"


def copy(to):
    """The sources, without the experiment and its line in the one table."""
    shutil.copytree(ROOT, to, symlinks=True, ignore=shutil.ignore_patterns("build*", ".git", "node_modules"))
    (to / "web/node_modules").symlink_to(ROOT / "web/node_modules")
    shutil.rmtree(to / "experiments" / NAME)
    lines = (to / TABLE).read_text().splitlines()
    kept = [line for line in lines if not re.search(rf"\b{NAME}\b", line)]
    same("lines that name it: one includes it, one adds it", 2, len(lines) - len(kept))
    (to / TABLE).write_text("\n".join(kept) + "\n")


def build(sources):
    def do(*command):
        done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)
        ensure(done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")

    do("meson", "setup", "build", "-Doptimization=0", "-Ddebug=false", "-Dwerror=false")
    do("ninja", "-j", "2", "-C", "build", "plus1")
    return sources / "build"


def texts(folder):
    """The string literals of 8 bytes and more in C sources and JSON, and the texts of catalogues."""
    found = set()
    for file in [*folder.rglob("*.[ch]"), *folder.rglob("*.def"), *folder.rglob("*.json")]:
        lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith(("#include", "//"))]
        found |= {m for m in re.findall(r'"((?:[^"\\\n]|\\.)*)"', "\n".join(lines)) if len(m) >= 8 and "\\" not in m}
    for file in folder.rglob("*.po"):
        found |= {m for m in re.findall(r'^msgstr "((?:[^"\\]|\\.)+)"', file.read_text(), re.M) if "\\" not in m}
    return found


def no_text_or_symbol(program):
    content = program.read_bytes()
    folders = [ROOT / f for f in ("core", "board", "store", "ballotbox", "platform", "cli", "po")]
    folders += [f for f in (ROOT / "experiments").iterdir() if f.name != NAME]
    others = "\n".join(file.read_text() for f in folders for file in f.rglob("*") if file.suffix in (".c", ".h", ".def", ".po", ".json", ".css"))
    own = {text for text in texts(ROOT / "experiments" / NAME) if text not in others}
    ensure(len(own) > 20, f"texts of the experiment to look for: {len(own)}")
    left = sorted(text for text in own if text.encode() in content)
    same("texts that are left", [], left)
    symbols = subprocess.run(["nm", str(program)], capture_output=True, text=True, check=True).stdout
    ensure(" main" in symbols, "symbols to look at")
    same("symbols that are left", [], re.findall(rf" ({NAME}(?:_\w+)?)$", symbols, re.M))


def no_table_or_route(folder, routes):
    server = lib.Server(folder)
    same("it lives", 200, server.ask("/healthz")[0])
    same("the platform's own", 200, server.ask("/v1/experiments")[0])
    for route in routes:
        same(route, 404, server.ask(re.sub(r"{\w+}", "a", route))[0])
    same("exit", 0, server.stop())
    db = sqlite3.connect(folder / "data/plus1.db")
    same("tables", {"experiment_event", "migration"}, {row[0] for row in db.execute("SELECT tbl_name FROM sqlite_master")})
    same("whose", [("platform",)], list(db.execute("SELECT DISTINCT owner FROM migration")))
    db.close()


def main():
    source = (ROOT / "experiments" / NAME / f"{NAME}.c").read_text()
    words = {"": "", **dict(re.findall(r'#define (\w+) "(/[^"]+)"', source))}
    routes = {words[word] + rest for word, rest in re.findall(r'\.path = ([A-Z_]*) ?(?:"([^"]+)")?', source)} - {""}
    ensure(len(routes) > 12, f"routes to ask for: {routes}")
    with Folder() as folder:
        copy(folder / "sources")
        lib.BUILD = build(folder / "sources")
        no_text_or_symbol(lib.BUILD / "plus1")
        no_table_or_route(folder, sorted(routes))
    print(f"ok: without experiments/{NAME} nothing of it is left")


main()
