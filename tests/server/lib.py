# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the tests of `plus1 serve` share: an election with made-up voters, and a server to start, ask, kill and stop."""
import atexit
import concurrent.futures
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("P1_BUILD", ROOT / "build")).resolve()


def ensure(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def step(name):
    """An attack that docs/attacks.md names: a test that fails shows how far it came."""
    print(name, flush=True)


def same(what, expected, actual):
    ensure(expected == actual, f"{what}: expected {expected!r}, got {actual!r}")


def run(*command, cwd, code=0, words=""):
    """The output of a command of the build folder, which must end with this code and say these words."""
    done = subprocess.run([str(BUILD / command[0]), *map(str, command[1:])], cwd=cwd, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    ensure(done.returncode == code, f"exit {done.returncode}: {' '.join(map(str, command))}\n{said[-2000:]}")
    ensure(words in said, f"not said: {words!r}\n{said[-2000:]}")
    return done.stdout


class Election:
    """One question, VOTERS voters, one trustee, frozen with the receipt key of the server's data folder."""

    def __init__(self, folder, voters, opens="2026-01-01T00:00:00Z", closes="2099-12-31T00:00:00Z", create=(), questions=None,
                 registrar=False):
        self.folder = folder
        self.voters = [f"v{i}" for i in range(1, voters + 1)]
        run("plus1", "server", "key", "--data", "data", "--out", "receipts.public", cwd=folder)
        questions = questions or ("--question", "Wat?", "--answer", "Bomen", "--answer", "Bankjes", "--blank", "--min", 1, "--max", 1)
        run("plus1", "election", "paper", "--name", "Plein", "--description", "", *questions, "--out", "paper.json", cwd=folder)
        run("plus1", "election", "draft", "--paper", "paper.json", "--out", "draft.json", cwd=folder)
        self.uuid = json.loads((folder / "draft.json").read_text())["uuid"]
        (folder / "roll.csv").write_text("id\n" + "".join(f"{v}\n" for v in self.voters))
        run("plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "codes", cwd=folder)
        rows = [line.split(";") for line in (folder / "codes/codes.csv").read_text().splitlines()[1:]]
        self.code = {row[0]: row[-1] for row in rows}
        run("plus1", "trustee", "key", "--election", self.uuid, "--minimum", 1, "--test", "--out", "t1", cwd=folder)
        credentials = ("--credentials", "codes/public_credentials.json")
        run("plus1", "election", "bundle", "--draft", "draft.json", *credentials, "--box", self.uuid, "--opens", opens,
            "--closes", closes, "--minimum", 1, "--receipt-key", "receipts.public", "--out", "bundle.json", cwd=folder)
        if registrar:
            for name in ("registrar", "second"):
                run("plus1", "registrar", "key", "--out", name, cwd=folder)
        run("plus1", "election", "create", "--draft", "draft.json", "--trustee", "t1.public.json", *credentials,
            "--bundle", "bundle.json", *(("--registrar", "registrar.public", "--second", "second.public") if registrar else ()),
            *create, "--out", "box", cwd=folder)
        self.box = f"box/{self.uuid}.bel"

    def load(self):
        run("plus1", "box", "load", "--data", "data", "--municipality", "Emmen", "--bundle", f"box/{self.uuid}.bundle.json",
            self.box, cwd=self.folder)

    def ballot(self, voter, answer):
        name = f"ballot{threading.get_ident()}.json"
        run("plus1", "vote", "--box", self.box, "--code", self.code[voter], "--choose", answer, "--out", name, cwd=self.folder)
        ballot = (self.folder / name).read_bytes()
        (self.folder / name).unlink()
        return ballot

    def ballots(self, voters, answer="Bomen"):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda voter: self.ballot(voter, answer), voters))


MUNICIPALITIES = {"municipalities": [{"name": "Emmen", "path": "emmen"}]}


class Server:
    """`plus1 serve` on free ports, with its data in FOLDER/data."""

    def __init__(self, folder, *options, env=None, before=()):
        self.folder = folder
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        if not (folder / "data/plus1.json").exists():
            (folder / "data/plus1.json").write_text(json.dumps(MUNICIPALITIES))
        self.log = open(folder / "log", "a+", encoding="utf-8")
        command = [*before, str(BUILD / "plus1"), "serve", "--data", "data", "--ops-port", "0", *options]
        if "--port" not in options:
            command += ["--port", "0"]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, **(env or {})})
        atexit.register(self.process.kill)  # of a test that failed
        line = self.process.stdout.readline()
        ensure("serves on " in line, f"the server did not start: {line}{(folder / 'log').read_text()[-2000:]}")
        self.url = line.split("serves on ")[1].split("/ (")[0]
        self.ops = line.split("operator: ")[1].split("/readyz")[0]

    def ask(self, path, body=None, base=None, headers=None):
        """Status, headers and body of an answer."""
        request = urllib.request.Request((base or self.url) + path, data=body, headers=headers or {})
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.headers, refusal.read()

    def cast(self, election, ballot):
        """Status and JSON of the answer to a ballot; (0, None) if there is none."""
        try:
            status, _, text = self.ask(f"/v1/elections/{election.uuid}/ballots", ballot)
            return status, json.loads(text)
        except (OSError, ValueError):
            return 0, None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.end()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self):
        code = self.process.wait(60)
        self.process.stdout.close()
        self.log.close()
        return code

    def log_text(self):
        return (self.folder / "log").read_text(encoding="utf-8")


def spoiled(ballot):
    """A ballot with another digit in its signature."""
    return ballot[:-9] + (b"1" if ballot[-9:-8] == b"0" else b"0") + ballot[-8:]


class Recorder(http.server.BaseHTTPRequestHandler):
    """Stands between `plus1 own-data` and the server: what is posted stays here."""

    def do_GET(self):
        status, headers, text = self.server.behind.ask(self.path)
        self.send_response(status)
        self.send_header("Content-Type", headers["Content-Type"])
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        self.server.taken.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_error(503)

    def log_message(self, *_):
        pass


def request_of(server, election, voter, env=None):
    """A request as `plus1 own-data` signs it, which the server never got."""
    recorder = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    recorder.behind, recorder.taken = server, []
    threading.Thread(target=recorder.serve_forever, args=(0.02,)).start()
    link = f"http://127.0.0.1:{recorder.server_port}/s/{election.uuid}#{election.code[voter]}"
    for name, value in (env or {}).items():
        os.environ[name] = value
    run("plus1", "own-data", "--url", link, cwd=election.folder, code=2)
    for name in env or {}:
        del os.environ[name]
    recorder.shutdown()
    recorder.server_close()
    (path, body), = recorder.taken
    same("its address", f"/v1/elections/{election.uuid}/own-data", path)
    ensure(election.code[voter].encode() not in body and re.fullmatch(rb'\{"credential":"[0-9a-f]{64}","hour":\d+,"signature":.*\}', body),
           "the code itself is not in it")
    return body


class Folder:
    """A folder that is removed at the end."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="plus1-server."))
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path)


def wait_until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        ensure(time.monotonic() < end, f"waited too long for {what}")
        time.sleep(0.05)
