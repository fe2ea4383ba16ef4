#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""The stage for the walks in a browser: votes of made-up residents on a running `plus1 serve`.

Says in one line of JSON where the server is and, for each vote, its number, codes and print. Then it takes lines:
"close NAME", "count NAME" (tally, open and publish), "stop", "start" (at the same port). It ends when its input does.
"""
import json
import pathlib
import struct
import sys
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "server"))
from lib import Folder, Server, run  # noqa: E402

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VOTERS = 12

PLEIN = {
    "nl": {"name": "Een nieuw plein voor Angelslo", "description": "De gemeente maakt het plein opnieuw. De raad volgt wat de meeste mensen kiezen.",
           "questions": [["Wat moet er op het plein komen?", ["Bomen en gras", "Bankjes", "Een speelplek voor kinderen"], True, 1, 1],
                         ["Welke straten maken we daarna groener?", ["Dorpsstraat", "Kerkweg", "Schoolpad", "Molenlaan"], False, 1, 2]]},
    "en": {"name": "A new square for Angelslo", "description": "The municipality renews the square. The council follows what most people choose.",
           "questions": [["What should be on the square?", ["Trees and grass", "Benches", "A playground"], True, 1, 1],
                         ["Which streets should be greener next?", ["Dorpsstraat", "Kerkweg", "Schoolpad", "Molenlaan"], False, 1, 2]]},
}
BRUG = {"nl": {"name": "De brug bij de haven", "description": "",
               "questions": [["Moet de brug voor auto's open blijven?", ["Ja", "Nee"], True, 1, 1]]}}
LIJST = {"nl": {"name": "De dorpsraad van Roswinkel", "description": "", "lists": ["Wie komen er in de dorpsraad?", [
    ["Lijst Noord", "Kandidaat 1", "Kandidaat 2", "Kandidaat 3"], ["Lijst Zuid", "Kandidaat 4", "Kandidaat 5"]]]}}


# A municipality that says all it can: a light colour, which is hard to read, and a logo.
EMMEN = {"name": "Emmen", "path": "emmen", "colour": "#f2a900", "logo": "emmen.png",
         "help": {"nl": "Bel 14 0591, op werkdagen van 9 tot 17 uur.", "en": "Call 14 0591, on working days from 9 to 17."},
         "library": {"nl": "elke dag van 10 tot 17 uur.", "en": "every day from 10 to 17."},
         "counter": {"nl": "gemeentehuis, Raadhuisplein 1.", "en": "town hall, Raadhuisplein 1."}}


def picture(width, height):
    """A PNG, dark green with a light band."""
    rows = b"".join(b"\0" + (b"\xff\xff\xff" if 3 * y // height == 1 else b"\x0b\x4f\x3a") * width for y in range(height))
    chunks = [(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks)


def paper(text):
    def question(q):
        words, answers, blank, least, most = q
        return {"answers": answers, **({"blank": True} if blank else {}), "min": least, "max": most, "question": words}
    questions = [question(q) for q in text.get("questions", [])]
    if "lists" in text:
        questions.append({"type": "Lists", "value": {"answers": text["lists"][1], "question": text["lists"][0]}})
    return {"description": text["description"], "name": text["name"], "questions": questions}


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Vote:
    def __init__(self, folder, name, texts, opens, closes):
        self.folder, self.name = folder / name, name
        self.folder.mkdir()
        cwd = self.folder
        for language, text in texts.items():
            (cwd / f"{language}.json").write_text(json.dumps(paper(text), ensure_ascii=False, separators=(",", ":")))
        run("plus1", "election", "draft", "--paper", "nl.json", "--out", "draft.json", cwd=cwd)
        self.uuid = json.loads((cwd / "draft.json").read_text())["uuid"]
        (cwd / "roll.csv").write_text("id\n" + "".join(f"v{i}\n" for i in range(VOTERS)))
        run("plus1", "credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "codes", cwd=cwd)
        self.codes = [line.split(";")[-1] for line in (cwd / "codes/codes.csv").read_text().splitlines()[1:]]
        run("plus1", "trustee", "key", "--election", self.uuid, "--minimum", 1, "--test", "--out", "t1", cwd=cwd)
        credentials = ("--credentials", "codes/public_credentials.json")
        translations = [word for language in texts if language != "nl" for word in ("--translation", f"{language}={language}.json")]
        run("plus1", "election", "bundle", "--draft", "draft.json", *credentials, "--box", self.uuid, "--opens", moment(opens),
            "--closes", moment(closes), "--minimum", 1, "--receipt-key", folder / "receipts.public", *translations, "--out", "bundle.json", cwd=cwd)
        run("plus1", "election", "create", "--draft", "draft.json", "--trustee", "t1.public.json", *credentials,
            "--bundle", "bundle.json", "--out", "box", cwd=cwd)

    def load(self, server):
        box = f"{self.name}/box/{self.uuid}"
        run("plus1", "box", "load", "--data", "data", "--municipality", "Emmen", "--bundle", f"{box}.bundle.json", f"{box}.bel", cwd=server.folder)

    def close(self, server):
        run("plus1", "box", "close", "--data", "data", self.uuid, cwd=server.folder)

    def count(self, server):
        served, cwd = ("--data", "data", self.uuid), server.folder
        run("plus1", "box", "tally", *served, cwd=cwd)
        run("plus1", "export", "--data", "data", "--out", f"{self.name}/out", self.uuid, cwd=cwd)
        run("plus1", "trustee", "decrypt", "--key", f"{self.name}/t1.key", "--boxes", f"{self.name}/out/{self.uuid}.bel", "--out", f"{self.name}/shares", cwd=cwd)
        run("plus1", "box", "share", *served, f"{self.name}/shares/{self.uuid}.t1.share.json", cwd=cwd)
        run("plus1", "result", "publish", *served, cwd=cwd)

    def about(self, server):
        import hashlib  # of the paper as the server has it
        number = int.from_bytes(hashlib.sha256(server.ask(f"/v1/elections/{self.uuid}/paper")[2]).digest(), "big")
        print_ = ""
        for _ in range(22):
            number, rest = divmod(number, 58)
            print_ = BASE58[rest] + print_
        return {"uuid": self.uuid, "codes": self.codes, "print": print_}


def main():
    wanted = sys.argv[1:]
    with Folder() as folder:
        now = time.time()
        run("plus1", "server", "key", "--data", "data", "--out", "receipts.public", cwd=folder)
        kinds = {"plein": (PLEIN, now - 86400, now + 5 * 86400), "brug": (BRUG, now - 86400, now + 5 * 86400),
                 "lijst": (LIJST, now - 86400, now + 5 * 86400), "later": (BRUG, now + 86400, now + 5 * 86400),
                 "kort": (BRUG, now - 86400, now + 20)}
        votes = {name: Vote(folder, name, *kinds[name]) for name in wanted}
        (folder / "data/plus1.json").write_text(json.dumps({"municipalities": [EMMEN]}))
        (folder / "data/emmen.png").write_bytes(picture(60, 60))
        server = Server(folder)
        for vote in votes.values():
            vote.load(server)
        about = {name: vote.about(server) for name, vote in votes.items()}
        print(json.dumps({"url": server.url, "log": str(folder / "log"), "votes": about}), flush=True)
        for line in sys.stdin:
            verb, _, name = line.strip().partition(" ")
            if verb == "stop":
                server.stop()
            elif verb == "start":
                server = Server(folder, "--port", server.url.rsplit(":", 1)[1])
            else:
                getattr(votes[name], verb)(server)
            print("{}", flush=True)
        if server.process.poll() is None:
            server.stop()


main()
