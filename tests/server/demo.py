#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""`plus1 serve --demo`: five municipalities with open votes, each castable with what is printed, until `plus1 demo finish`."""
import json
import re
import shutil
import signal
import subprocess
import urllib.request

from lib import BUILD, Folder, ensure, run, same

TOWNS = ("Almelo", "Emmen", "Hollands Kroon", "Lingewaard", "Molenwaard")


class Demo:
    """Started as a person would, and what it prints until it waits for votes."""

    def __init__(self, folder):
        self.log = open(folder / "log", "a", encoding="utf-8")
        command = [str(BUILD / "plus1"), "serve", "--demo", "--port", "0", "--ops-port", "0"]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.said = ""
        while "Stop the server" not in self.said:
            line = self.process.stdout.readline()
            ensure(line, f"the demonstration ended: {self.said}{(folder / 'log').read_text()}")
            self.said += line
        self.links = re.findall(r"http://\S+/s/\S+", self.said)
        self.url = self.said.split("serves on ")[1].split("/ (")[0]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.log.close()
        return code


def letter_codes(folder, town):
    """The links in the QR codes of a municipality's first letters, as a phone reads them."""
    subprocess.run(["pdftoppm", "-r", "100", "-l", "2", "-png", f"demo/{town}/letters/letters-001.pdf", "letter"], cwd=folder, check=True)
    images = sorted(file.name for file in folder.glob("letter-*.png"))
    return subprocess.run(["zbarimg", "--quiet", "--raw", *images], cwd=folder, capture_output=True, text=True, check=True).stdout.split()


def joint_page(demo, counts):
    """The page of each box shows the sum that plus1-verify found, and what it is the sum of."""
    for link in demo.links:
        uuid = re.search(r"/s/(\w+)#", link)[1]
        with urllib.request.urlopen(f"{demo.url}/votes/{uuid}", timeout=30) as answer:
            table = re.search(r'<table class="joint">.*?</table>', answer.read().decode(), re.S)[0]
        rows = [re.findall(r'<td class="number">([\d.,]+)', row) for row in re.findall(r"<tr>.*?</tr>", table, re.S)[1:]]
        same("the sum", sorted(counts), sorted(int(row[0]) for row in rows))
        for total, _, *boxes in rows:
            same("is of five", (5, int(total)), (len(boxes), sum(map(int, boxes))))


def main():
    with Folder() as folder:
        demo = Demo(folder)
        ensure("DEMONSTRATION: the keys are on this server" in demo.said, "the banner warns")
        for town in TOWNS:
            ensure(town in demo.said, f"{town} is there")
        same("a link for each municipality", 5, len(demo.links))
        for link in demo.links:
            uuid = re.search(r"/s/(\w+)#", link)[1]
            status = run("plus1", "box", "status", "--data", "demo/server", uuid, cwd=folder, words="open")
            same("votes cast by the program", ["12", "12"], re.findall(r"(?:voted|ballots) +(\d+)", status))
            run("plus1", "vote", "--url", link, "--choose", "Bomen", cwd=folder, words="event 13, ")
        for path in ("emmen", demo.links[0].split("/", 3)[3].split("#")[0]):
            page = urllib.request.urlopen(f"{demo.url}/{path}?lang=en").read().decode()
            ensure("This is a demonstration. Your vote does not count" in page, f"/{path} warns")
        letters = letter_codes(folder, "emmen")
        same("letters with a code to scan", 2, len(letters))
        ensure(letters[0].startswith(f"{demo.url}/s/"), f"a letter leads to this server: {letters[0]}")
        run("plus1", "vote", "--url", letters[0], "--choose", "Parkeren", cwd=folder, words="event 14, ")
        same("exit after Ctrl-C", 0, demo.stop())
        run("plus1", "demo", "finish", cwd=folder, code=2, words="is plus1 serve running?")

        demo = Demo(folder)
        same("it goes on where it was", 5, len(demo.links))
        run("plus1", "vote", "--url", demo.links[0], "--choose", "Speeltuin", cwd=folder, words="has voted 2 times")
        told = run("plus1", "demo", "finish", cwd=folder)
        ensure("Anybody checks everything" in told and "the sum of 5 boxes" in told, "the result is checked")
        ensure(not re.search(r"checkout-", told), "no temporary name is shown")
        for town in TOWNS:
            ensure(f"  {town} " in told, f"the turnout names {town}")
        boxes = [str(file) for file in sorted(folder.glob("demo/*/*.bel"))]
        run("plus1-verify", "joint", *boxes, cwd=folder, words="VALID: ")
        result = json.loads(run("plus1-verify", "--json", "joint", *boxes, cwd=folder))["result"]
        same("everybody is counted", 65, sum(result[0]))
        joint_page(demo, result[0])
        again = run("plus1", "demo", "finish", cwd=folder)
        same("said once more", told[told.index("Turnout"):], again[again.index("Turnout"):])
        same("exit", 0, demo.stop())

        demo = Demo(folder)
        same("nothing to vote in", 5, demo.said.count("the votes are counted"))
        same("exit", 0, demo.stop())
        shutil.rmtree(folder / "demo")
        (folder / "demo.making").mkdir()
        run("plus1", "serve", "--demo", cwd=folder, code=1, words="was not finished making: remove it")
    print("ok: a demonstration is voted in, goes on after a stop, and is counted")


main()
