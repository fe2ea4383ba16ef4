#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""plus1 follow: a second copy that grows with the server and is always right, whatever the server shows: a shorter archive, another
history, nonsense, half an answer, or less than before beside the archive."""
import hashlib
import http.server
import json
import re
import shutil
import signal
import subprocess
import threading
import time

from lib import BUILD, Election, Folder, Server, ensure, run, same, step, wait_until


class Liar:
    """A server that shows what a true one showed, or something else."""

    def __init__(self, folder, uuid):
        self.uuid, self.how = uuid, ""
        box = folder / "box" / uuid
        self.files = {"archive": b"", "bundle": box.with_suffix(".bundle.json").read_bytes(), "notices": b"", "share-proofs": b"",
                      "platform-events": b""}
        liar = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                liar.answer(self)

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # who lies is hung up on
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"

    def send(self, request, status, body, **headers):
        request.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            request.send_header(name.replace("_", "-"), str(value))
        request.end_headers()
        request.wfile.write(body)

    def answer(self, request):
        what = request.path.rsplit("/", 1)[1]
        if self.how == "500":
            self.send(request, 500, b"")
        elif what == "elections":
            names = {"no list": b"[]", "gone": b'{"elections":[]}', "bad name": b'{"elections":[{"uuid":"../../x"}]}'}
            self.send(request, 200, names.get(self.how, json.dumps({"elections": [{"uuid": self.uuid}]}).encode()))
        elif what != "archive":
            text = self.files[what]
            self.send(request, 200, text) if text else self.send(request, 404, b"")
        else:
            self.archive(request)

    def archive(self, request):
        whole = self.files["archive"]
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["Range"]).groups())
        if first >= len(whole):
            self.send(request, 416, b"", Content_Range=f"bytes */{len(whole)}")
            return
        part = whole[first : last + 1]
        place = {"Content_Range": f"bytes {first}-{first + len(part) - 1}/{len(whole)}"}
        if self.how == "half":
            request.send_response(206)
            request.send_header("Content-Range", place["Content_Range"])
            request.send_header("Content-Length", str(len(part)))
            request.end_headers()
            request.wfile.write(part[: len(part) * 2 // 3])
            request.close_connection = True
        elif self.how == "slow":
            request.send_response(206)
            request.send_header("Content-Range", place["Content_Range"])
            request.send_header("Content-Length", str(len(part)))
            request.end_headers()
            try:
                for byte in part:
                    request.wfile.write(bytes([byte]))
                    time.sleep(0.2)
            except OSError:
                pass
        elif self.how == "endless":
            request.send_response(206)
            request.send_header("Content-Range", place["Content_Range"])
            request.end_headers()
            request.close_connection = True
            try:
                while True:
                    request.wfile.write(b"x" * (1 << 20))
            except OSError:
                pass
        elif self.how == "whole":
            self.send(request, 200, whole)
        elif self.how == "elsewhere":
            self.send(request, 206, whole[: len(part)], Content_Range=f"bytes 0-{len(part) - 1}/{len(whole)}" if first else "bytes 1-9/9")
        else:
            self.send(request, 206, part, **place)


def look(folder, url, code=0, words="", out="mirror"):
    done = subprocess.run([BUILD / "plus1", "follow", "--once", "--out", out, url], cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)
    ensure(done.returncode == code and words in done.stderr, f"follow: {done.returncode}, {words!r} not in: {done.stderr[-2000:]}")
    return done.stderr


def copies(folder, out="mirror"):
    return {file.name: file.read_bytes() for file in (folder / out).iterdir() if file.name != "lock" and not file.name.endswith(".refused")}


def true_server(folder, election, ballots):
    """From the first ballot to the result, by --once and as a service; the states are plus1-verify's own."""
    server = Server(folder)
    election.load()
    bel = folder / f"mirror/{election.uuid}.bel"
    look(folder, server.url, words="event=followed")
    same("an empty box", (folder / election.box).read_bytes(), bel.read_bytes())
    service = subprocess.Popen([BUILD / "plus1", "follow", "--every", "1", "--out", "mirror", server.url], cwd=folder,
                               stderr=subprocess.PIPE, text=True)
    for ballot in ballots[:3]:
        same("a ballot", 201, server.cast(election, ballot)[0])
    here = lambda: server.ask(f"/v1/elections/{election.uuid}/archive")[2]
    wait_until(lambda: bel.read_bytes() == here(), "the copy to follow")
    look(folder, server.url, code=1, words="another plus1 follow writes in mirror")
    port = server.url.rsplit(":", 1)[1]
    same("exit", 0, server.stop())
    time.sleep(1.5)
    server = Server(folder, "--port", port)
    same("a ballot", 201, server.cast(election, ballots[3])[0])
    wait_until(lambda: bel.read_bytes() == here(), "the copy to follow after a restart")
    service.send_signal(signal.SIGTERM)
    same("the service ends well", 0, service.wait(20))
    log = service.stderr.read()
    ensure("event=no-answer" in log and log.count("event=followed") >= 2, log)
    run("plus1-verify", "--state", f"mirror/{election.uuid}.state", f"mirror/{election.uuid}.bel", cwd=folder, words="goes on from the earlier check")
    same("nothing new, no line", "", look(folder, server.url))
    run("plus1", "box", "close", "--data", "data", election.uuid, cwd=folder)
    look(folder, server.url, words="voting has ended")
    same("the closed box", here(), bel.read_bytes())
    same("exit", 0, server.stop())
    return bel.read_bytes()


def lies(folder, election, archive, fork):
    liar = Liar(folder, election.uuid)
    liar.files["archive"] = archive[:-512]
    half = 0
    shutil.rmtree(folder / "mirror")

    # The network fails: nothing half is kept, and the next look goes on.
    liar.how = "500"
    look(folder, liar.url, code=2, words="event=no-answer")
    liar.files["archive"], liar.how = archive, "half"
    for _ in range(12):
        look(folder, liar.url, code=2, words="event=no-answer")
        half = (folder / f"mirror/{election.uuid}.bel").stat().st_size
        ensure(archive[:half] == (folder / f"mirror/{election.uuid}.bel").read_bytes(), "what came is whole events")
    ensure(0 < half < len(archive), f"half an answer is not lost: {half}")
    liar.how = ""
    look(folder, liar.url, words="event=followed")
    right = copies(folder)
    same("the copy", archive, right[f"{election.uuid}.bel"])

    def alarm(name, words, how="", **changed):
        step(name)
        kept = dict(liar.files)
        liar.how = how
        liar.files.update({name.replace("_", "-"): text for name, text in changed.items()})
        look(folder, liar.url, code=1, words=words)
        same(f"the copy after: {words}", right, copies(folder))
        liar.files, liar.how = kept, ""
        refused = folder / f"mirror/{election.uuid}.refused"
        found = refused.exists()
        refused.unlink(missing_ok=True)
        look(folder, liar.url)
        return found

    alarm("shorter", "shorter than it was", archive=archive[:-1024])
    alarm("much-shorter", "shorter than it was", archive=b"x")
    ensure(alarm("fork", "another history", archive=fork), "a fork is kept as evidence")
    ensure(alarm("longer-fork", "another history", archive=fork + fork[-2048:]), "a longer fork too")
    ensure(alarm("nonsense", "what came is no archive", archive=archive + b"nonsense " * 5000), "nonsense is kept as evidence")
    alarm("wrong-order", "ERR_EVENT_ORDER", archive=archive + end_again(archive))
    alarm("other-bundle", "another frozen bundle", bundle=liar.files["bundle"].replace(b'"minimum":1', b'"minimum":2'))
    alarm("bundle-gone", "another frozen bundle", bundle=b"")
    alarm("election-gone", "no longer", how="gone")
    alarm("no-list", "not the list of elections", how="no list")
    alarm("bad-name", "cannot be one", how="bad name")
    liar.files["platform-events"] = b'{"n":0,"type":"restored"}\n'
    look(folder, liar.url)
    right = copies(folder)
    same("a platform event is kept", liar.files["platform-events"], right[f"{election.uuid}.platform-events"])
    alarm("platform-event-gone", "taken back or changed a platform event", platform_events=b"")
    alarm("platform-event-changed", "taken back or changed a platform event", platform_events=b'{"n":0,"type":"reopened"}\n')
    ensure(alarm("endless", "another history", how="endless"), "of what does not end, a piece is kept")
    for how in ("half", "whole", "elsewhere", "500"):
        liar.how = how
        look(folder, liar.url, code=2, words="event=no-answer")
        same(f"the copy after {how}", right, copies(folder))
    liar.how = "slow"
    service = subprocess.Popen([BUILD / "plus1", "follow", "--out", "mirror", liar.url], cwd=folder, stderr=subprocess.DEVNULL)
    time.sleep(1)
    service.send_signal(signal.SIGTERM)
    start = time.monotonic()
    service.wait(20)
    ensure(time.monotonic() - start < 5, "a slow server does not hold up the end")
    same("the copy after slow", right, copies(folder))

    # Whoever wrote into the copy itself: it is found, and mended from the server.
    liar.how = ""
    bel = folder / f"mirror/{election.uuid}.bel"
    bel.write_bytes(archive + b"y" * 700)
    look(folder, liar.url)
    same("a torn end is cut off", archive, bel.read_bytes())

    # A first copy of a server that lies from the start.
    shutil.rmtree(folder / "mirror")
    changed = bytearray(archive)
    changed[len(archive) // 2] ^= 1
    liar.files["archive"] = bytes(changed)
    look(folder, liar.url, code=1, words="ALARM")
    ensure(archive.startswith(bel.read_bytes()), "what does not verify is not kept")
    liar.http.shutdown()


def end_again(archive):
    """A second end of the vote, chained rightly: an event that must not come."""
    event = archive[-512:].rstrip(b"\0")
    old = json.loads(event)
    text = json.dumps({"parent": hashlib.sha256(event).hexdigest(), "height": old["height"] + 1, "type": "EndBallots"},
                      separators=(",", ":")).encode()
    header = bytearray(archive[-1024:-512])
    name = hashlib.sha256(text).hexdigest().encode() + b".event.json"
    header[: len(name)] = name
    header[124:135] = b"%011o" % len(text)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + text.ljust(512, b"\0")


def killed(folder, election, archive):
    """Killed at any moment, the copy goes on."""
    liar = Liar(folder, election.uuid)
    shutil.rmtree(folder / "mirror", ignore_errors=True)
    for i in range(8):
        liar.files["archive"] = archive
        process = subprocess.Popen([BUILD / "plus1", "follow", "--once", "--out", "mirror", liar.url], cwd=folder, stderr=subprocess.DEVNULL)
        time.sleep(0.01 * i)
        process.kill()
        process.wait()
    look(folder, liar.url)
    same("after kills", archive, (folder / f"mirror/{election.uuid}.bel").read_bytes())
    liar.http.shutdown()


def main():
    with Folder() as folder:
        election = Election(folder, 6)
        ballots = [election.ballot(f"v{i}", "Bomen") for i in range(1, 5)]
        for i, ballot in enumerate(reversed(ballots)):
            (folder / f"b{i}.json").write_bytes(ballot)
        shutil.copytree(folder / "box", folder / "other")
        run("plus1", "box", "add", f"other/{election.uuid}.bel", *(f"b{i}.json" for i in range(4)), cwd=folder)
        run("plus1", "box", "close", f"other/{election.uuid}.bel", cwd=folder)
        archive = true_server(folder, election, ballots)
        lies(folder, election, archive, (folder / f"other/{election.uuid}.bel").read_bytes())
        killed(folder, election, archive)
    print("ok: a copy that follows, and is right whatever the server shows")


main()
