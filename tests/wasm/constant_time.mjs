// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Choices, seed, code and randomness decide neither what core.wasm does when it makes a ballot, nor which memory it
// touches: what the compiler made of the core's constant-time functions still is.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { SKIPPED, built, cases } from "./native.mjs";
import { codeOf, traced } from "./traced.mjs";

// What is decided by what is secret, or may seem to be.
const known = [
    "buf_base64", // writes hashes, which are public
];

if (!existsSync(built("core.js"))) process.exit(SKIPPED);
const { Core } = await import(pathToFileURL(built("core.js")));

let exports;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
    const made = await instantiate(...args);
    ({ exports } = made.instance);
    return made;
};
const named = readFileSync(built("core.named.wasm"));
const core = await Core.load(traced(named));
const witnesses = Object.keys(exports).filter((name) => name.startsWith("witness"));

/** What F's run looked like from outside: a number for each function. */
function witnessOf(f) {
    for (const name of witnesses) exports[name].value = 0n;
    f();
    return witnesses.map((name) => exports[name].value);
}

let state = 1;

function random(n) {
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        bytes[i] = state >> 16;
    }
    return bytes;
}

function paper(questions) {
    const key = cases(1, 3)[0].readings[0].credential;
    return (
        `{"version":1,"description":"","name":"","group":"Ed25519","public_key":"${key}",` +
        `"questions":${JSON.stringify(questions)},"uuid":"ConstantTime123"}`
    );
}

const code = (i) => `${(11111 * (2 + (i % 8))).toString()}-${["ABCDEF", "GHJKMN", "PQRSTU"][i % 3]}-VWXYZ-222222`;

// The numbers in a ballot are public. Their decimal digits, which are not always as many, decide how it is written.
const LONGEST = 76;
const shape = (ballot) => [...ballot.matchAll(/"(\d+)"/g)].every(([, digits]) => digits.length === LONGEST);

function differing(questions, choices, wanted) {
    core.wipe();
    const election = core.parseElection(paper(questions)).value;
    const seen = [];
    for (let i = 0; seen.length < wanted; i++) {
        assert.ok(i < 20000, "no ballots with numbers of full length");
        const typed = code(i);
        const [seed, randomness] = [random(32), random(32)];
        let made;
        const witness = witnessOf(() => {
            const { credential } = election.credential(typed).value;
            const prepared = election.prepare(credential, [choices[i % choices.length]], seed);
            made = election.sign(prepared.value, typed, randomness).value;
        });
        if (shape(made.ballot)) seen.push(witness);
    }
    const differ = witnesses.filter((_, f) => new Set(seen.map((witness) => witness[f])).size > 1);
    return differ.map((name) => name.split(" ")[2]).sort();
}

const answers = ["a", "b"];

test("the module that is looked at is core.wasm, with names", () => {
    assert.deepEqual(codeOf(named), codeOf(readFileSync(built("core.wasm"))));
});

test("a vote of one answer, or blank", () => {
    const question = { answers, blank: true, min: 1, max: 1, question: "" };
    const choices = [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
    ];
    assert.deepEqual(differing([question], choices, 8), known);
});

test("a vote of none to two answers", () => {
    const question = { answers, min: 0, max: 2, question: "" };
    const choices = [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
    ];
    assert.deepEqual(differing([question], choices, 8), known);
});

test("a vote for a list", () => {
    const question = { type: "Lists", value: { answers: [["L", "a"], ["M", "b"]], question: "" } };
    const choices = [
        [1, 1, 0, 0],
        [0, 0, 1, 1],
    ];
    assert.deepEqual(differing([question], choices, 6), known);
});
