// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the tests of core.wasm compare with, gathered under node: cases of the native core, and elections that other
// programs made. P1_BUILD is the build's folder, P1_FIXTURES that of the archives beside the repository.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const build = process.env.P1_BUILD ?? `${root}build`;

/** Exit code of a test that cannot run here. */
export const SKIPPED = 77;

export const built = (name) => `${build}/${name}`;

/** A file of the sources. */
export const source = (name) => readFileSync(`${root}${name}`, "utf8");

/** The development dependencies of web/. */
export const packages = `${root}web/package.json`;

const lines = (text) => text.split("\n").filter((line) => line !== "");

function native(input, ...args) {
    return lines(execFileSync(built("native_cases"), args, { input, encoding: "utf8", maxBuffer: 1 << 28 }));
}

export function cases(n, seed) {
    return native("", "make", String(n), String(seed)).map((line) => JSON.parse(line));
}

/** The contents of an old-style tar archive, as far as it is whole. */
function entries(file) {
    const tar = readFileSync(file);
    const found = [];
    for (let at = 0; at + 512 <= tar.length; ) {
        const size = parseInt(tar.toString("latin1", at + 124, at + 135), 8);
        found.push(tar.toString("utf8", at + 512, at + 512 + size));
        at += 512 + 512 * Math.ceil(size / 512);
    }
    return found;
}

function archive(name, file) {
    const all = entries(file);
    const election = all.find((text) => text.startsWith('{"version":1,"description":'));
    return { name, election, ballots: all.filter((text) => text.startsWith('{"election_uuid":')) };
}

function vector(name, folder) {
    const read = (file) => readFileSync(`${folder}/${file}`, "utf8");
    return { name, election: read("election.json"), ballots: lines(read("ballots.jsons")) };
}

/** Elections in group Ed25519: {name, election, ballots, verdicts}. */
export function elections() {
    const vectors = `${root}tests/vectors/belenios`;
    const found = readdirSync(vectors)
        .filter((name) => name.startsWith("ed25519"))
        .map((name) => vector(name, `${vectors}/${name}`));
    const fixtures = `${process.env.P1_FIXTURES}/belenios`;
    if (existsSync(fixtures)) {
        for (const name of readdirSync(`${fixtures}/valid`).filter((n) => n.startsWith("ed25519")))
            found.push(archive(`valid/${name}`, `${fixtures}/valid/${name}/election.bel`));
        for (const name of readdirSync(`${fixtures}/invalid`).filter((n) => n.endsWith(".bel")))
            found.push(archive(`invalid/${name}`, `${fixtures}/invalid/${name}`));
    }
    const seen = new Set(); // most of the invalid archives share their ballots
    const isNew = (text) => !seen.has(text) && seen.add(text);
    return found
        .filter((e) => e.election?.includes('"group":"Ed25519"'))
        .map((e) => ({ ...e, ballots: e.ballots.filter((ballot) => isNew(e.election + ballot)) }))
        .map((e) => ({ ...e, verdicts: verdicts(e.election, e.ballots) }));
}

function verdicts(election, ballots) {
    const input = [election, ...ballots].map((text) => `${text}\n`).join("");
    return native(input, "check").map((line) => JSON.parse(line));
}
