#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whose server it is: a user without rights, with a data folder that nobody else reads; folders that it must not use; what a
killed server leaves behind.

To become another user this needs to be root; where it is not, that part is skipped.
"""
import os
import shutil
import stat
import subprocess

from lib import BUILD, Election, Folder, Server, ensure, run, same

NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


def nobody_else_reads(data, owner):
    for path in (data, *data.rglob("*")):
        if path.name == "plus1.json":  # written by whoever runs the server, and public
            continue
        about = path.lstat()
        same(f"the owner of {path.name}", owner, about.st_uid)
        same(f"what others may do with {path.name}", 0, stat.S_IMODE(about.st_mode) & 0o077)


def serve(folder, *before, code, words):
    done = subprocess.run([*before, BUILD / "plus1", "serve", "--data", "data", "--port", "0", "--ops-port", "0"], cwd=folder,
                          capture_output=True, text=True, timeout=20, check=False)
    same("exit", code, done.returncode)
    ensure(words in done.stderr, f"not said: {words!r}: {done.stderr}")


def own_files(folder):
    """Whatever others may by default."""
    os.umask(0)
    election = Election(folder, 10)
    server = Server(folder)
    election.load()
    same("taken", 201, server.cast(election, election.ballot("v1", "Bomen"))[0])
    nobody_else_reads(folder / "data", os.geteuid())
    ensure("others can read" not in server.log_text(), "no warning")
    server.kill()
    ensure((folder / "data/control.sock").exists(), "a killed server leaves its socket")
    run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder, code=2, words="is plus1 serve running?")
    (folder / "data").chmod(0o750)
    server = Server(folder)
    ensure("others can read" in server.log_text(), "a warning")
    run("plus1", "box", "status", "--data", "data", election.uuid, cwd=folder, words="open")
    serve(folder, code=1, words="in use by another server")
    same("the first one goes on", 200, server.ask("/readyz", base=server.ops)[0])
    same("exit", 0, server.stop())
    (folder / "data").chmod(0o770)
    serve(folder, code=1, words="others can write in data")
    os.umask(0o022)


def a_user_without_rights(folder):
    folder.chmod(0o755)
    election = Election(folder, 10)
    serve(folder, *NOBODY, code=1, words="belongs to another user")
    for path in (folder / "data", folder / "data/receipt.seed"):
        shutil.chown(path, 65534, 65534)
    serve(folder, code=1, words="belongs to another user")  # root would leave files that it cannot read
    run("plus1", "server", "key", "--data", "data", "--out", "r", cwd=folder, code=1, words="belongs to another user")
    server = Server(folder, before=NOBODY)
    election.load()
    same("taken", 201, server.cast(election, election.ballot("v1", "Bomen"))[0])
    run("plus1", "box", "close", "--data", "data", election.uuid, cwd=folder, words="closed")
    run("plus1", "export", "--data", "data", "--out", "out", election.uuid, cwd=folder)
    run("plus1-verify", f"out/{election.uuid}.bel", cwd=folder)
    nobody_else_reads(folder / "data", 65534)
    same("exit", 0, server.stop())
    (folder / "data").chmod(0o500)
    serve(folder, *NOBODY, code=2, words="cannot be used: Permission denied" if not (folder / "data/lock").exists() else
          "nothing can be written in data: Permission denied")
    shutil.rmtree(folder / "data")
    serve(folder, *NOBODY, code=2, words="data cannot be")


def main():
    with Folder() as folder:
        own_files(folder)
    if os.geteuid() == 0:
        with Folder() as folder:
            a_user_without_rights(folder)
    else:
        print("skipped: only root becomes another user")
    print("ok: a server's files are its own, and it uses no folder of others")


main()
