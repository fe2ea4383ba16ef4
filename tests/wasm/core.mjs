// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// core.wasm and core.ts under node.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { judge, remake } from "./cases.mjs";
import { SKIPPED, built, cases, elections, source } from "./native.mjs";

if (!existsSync(built("core.js"))) process.exit(SKIPPED);
const { Core } = await import(pathToFileURL(built("core.js")));
const wasm = readFileSync(built("core.wasm"));
const core = await Core.load(wasm);

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const [example] = cases(1, 7);

/** An election that nothing is wrong with, and what to vote with in it. */
function fresh() {
    core.wipe();
    const election = core.parseElection(example.election).value;
    const { credential } = example.readings[example.used];
    return { election, credential, seed: bytes(example.seed), random: bytes(example.random) };
}

const sentences = new Map();
for (const [, code, text] of source("core/err.def").matchAll(/^P1_ERR\((\w+), "(.*)"\)$/gm)) sentences.set(code, text);

function refused(result, code) {
    assert.deepEqual(result, { ok: false, code, sentence: sentences.get(code) });
}

test("the module asks for nothing and has one memory of fixed size", async () => {
    const module = await WebAssembly.compile(wasm);
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const { exports } = await WebAssembly.instantiate(module, {});
    const size = exports.memory.buffer.byteLength;
    assert.ok(size < 18 << 20, `${size} bytes`);
});

test("a thousand random cases come out byte for byte as from the native core", () => {
    for (const c of cases(1000, 1)) remake(core, c);
});

test("other programs' ballots are judged as the native core judges them", () => {
    for (const election of elections()) {
        judge(core, election);
        if (election.name.startsWith("invalid/")) continue;
        const expected = election.name === "valid/ed25519-nh" ? "ERR_ELECTION_KIND" : "OK";
        assert.equal(election.verdicts[0].error, expected, election.name);
        for (const verdict of election.verdicts.slice(1))
            if (expected === "OK") assert.equal(verdict.error, "OK", election.name);
    }
});

test("the question paper is shown as it was written", () => {
    const { election } = fresh();
    const paper = JSON.parse(example.election);
    assert.equal(election.name, paper.name);
    assert.equal(election.description, paper.description);
    assert.equal(election.uuid, paper.uuid);
    assert.equal(election.hash, core.hash64(example.election).value);
    election.questions.forEach((q, i) => {
        const { question, answers, min, max, blank = false } = paper.questions[i].value ?? paper.questions[i];
        const expected = { choices: { answers, blank, min, max }, lists: { lists: answers } }[q.kind];
        assert.deepEqual(q, { kind: q.kind, text: question, ...expected });
    });
});

test("hashes are SHA-256 in Base64 without padding", () => {
    for (const text of ["", "a", "stem €", "x".repeat(100000)]) {
        const expected = createHash("sha256").update(text).digest("base64").replace("=", "");
        assert.deepEqual(core.hash64(text), { ok: true, value: expected });
    }
});

test("a mistyped code tells its group", () => {
    const { election } = fresh();
    const typed = "22222-222222-22223-222222";
    const { checked, wrongGroup } = election.credential(typed).value;
    assert.deepEqual([checked, wrongGroup], [false, 3]);
    refused(election.credential("22222-222222"), "ERR_CODE_FORM");
    refused(election.credential(""), "ERR_CODE_FORM");
});

test("choices that the question does not allow are refused", () => {
    const { election, credential, seed } = fresh();
    const { choices } = example;
    const wrong = [
        [],
        choices.slice(1),
        [...choices, []],
        choices.map((c) => [...c, 0]),
        choices.map((c) => c.map(() => 2)),
        choices.map((c) => c.map((v) => v + 256)),
        choices.map((c) => c.map((v) => v + 0.5)),
        choices.map((c) => c.map(() => NaN)),
    ];
    for (const c of wrong) refused(election.prepare(credential, c, seed), "ERR_BALLOT_CHOICE");
});

test("a ballot is signed with the code of its credential only", () => {
    const { election, random } = fresh();
    const prepared = { ballot: example.prepared, code: example.code };
    refused(election.sign(prepared, "22222-222222-22222-222222", random), "ERR_BALLOT_SIGNATURE");
    refused(election.sign(prepared, "2", random), "ERR_CODE_FORM");
    refused(election.sign({ ballot: "{}", code: "" }, example.typed, random), "ERR_JSON");
    refused(election.sign({ ballot: "", code: "" }, example.typed, random), "ERR_JSON");
});

test("a ballot opens with its own seed only, and not at all when it was changed", () => {
    const { election, seed } = fresh();
    seed[31] ^= 1;
    refused(election.open(example.ballot, seed), "ERR_BALLOT_SEED");
    seed[31] ^= 1;
    assert.equal(election.open(example.ballot, seed).ok, true);
    const changed = example.prepared.replace(/"response":"(\d)/, (_, d) => `"response":"${(Number(d) % 9) + 1}`);
    assert.notEqual(changed, example.prepared);
    refused(election.open(changed, seed), "ERR_BALLOT_SEED");
    refused(election.check(example.prepared), "ERR_BALLOT_UNSIGNED");
});

test("a receipt with another message, signature or key is refused", () => {
    const { election } = fresh();
    const { message, signature } = example.receipt;
    const key = example.receiptKey;
    const { challenge, response } = signature;
    assert.equal(election.checkReceipt(message, signature, key).ok, true);
    refused(election.checkReceipt("", signature, key), "ERR_RECEIPT");
    refused(election.checkReceipt(message, { challenge: response, response: challenge }, key), "ERR_RECEIPT");
    refused(election.checkReceipt(message, signature, example.readings[0].credential), "ERR_RECEIPT");
    refused(election.checkReceipt(message, { challenge, response: `0${response}` }, key), "ERR_SCALAR_FORM");
    refused(election.checkReceipt(message, { challenge, response: `${response}","x":"` }, key), "ERR_JSON_STRING");
    refused(election.checkReceipt(message, signature, key.toUpperCase()), "ERR_ELEM_FORM");
    refused(election.checkReceipt(message, signature, ""), "ERR_ELEM_FORM");
});

test("own data are asked with the code of the credential only", () => {
    const { election, random } = fresh();
    const reading = example.readings[example.used];
    const ask = (code, credential) => election.askOwnData({ code, credential }, example.receiptKey, example.hour, random);
    assert.deepEqual(ask(reading.code, reading.credential), { ok: true, value: example.ownData });
    assert.ok(!example.ownData.includes(reading.code) && example.ownData.includes(reading.credential));
    refused(ask("22222-222222-22222-222222", reading.credential), "ERR_OWN_SIGNATURE");
    refused(ask("2", reading.credential), "ERR_CODE_FORM");
    const other = election.askOwnData(reading, example.receiptKey, example.hour + 1, random).value;
    assert.notEqual(JSON.parse(other).signature.challenge, JSON.parse(example.ownData).signature.challenge);
});

test("what does not fit the memory is refused, and the next call works", () => {
    const { election, seed } = fresh();
    refused(election.check(" ".repeat(20 << 20)), "ERR_MEMORY");
    refused(core.parseElection(" ".repeat(20 << 20)), "ERR_MEMORY");
    refused(core.parseElection("{}"), "ERR_JSON");
    assert.equal(election.open(example.ballot, seed).ok, true);
    const before = core.parseElection(example.election);
    let parsed = before;
    for (let i = 0; parsed.ok; i++) {
        assert.ok(i < 1000);
        parsed = core.parseElection(example.election);
    }
    refused(parsed, "ERR_MEMORY");
    core.wipe();
    assert.equal(core.parseElection(example.election).ok, true);
});

test("a mistake of the caller throws", () => {
    const { election, credential, seed, random } = fresh();
    assert.throws(() => election.prepare(credential, example.choices, seed.subarray(1)), RangeError);
    assert.throws(() => election.open(example.ballot, new Uint8Array(33)), RangeError);
    core.wipe();
    assert.throws(() => election.sign({ ballot: example.prepared }, example.typed, random), /after Core.wipe/);
});

// The secret exponent and the randomness of each ciphertext, as the core holds them: little-endian numbers.
const q = 2n ** 252n + 27742317777372353535851937790883648493n;

function scalar(...digests) {
    const number = BigInt(`0x${digests.map((d) => d.toString("hex")).join("")}`) % q;
    return Buffer.from(number.toString(16).padStart(64, "0"), "hex").reverse();
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

function secretsOf(c) {
    const { uuid } = JSON.parse(c.election);
    const { code } = c.readings[c.used];
    const secrets = [c.typed, code, bytes(c.seed), bytes(c.random)];
    if (code.length === 25) secrets.push(scalar(...["0", "1"].map((i) => sha256(`derive_credential|${uuid}|${i}|${code}`))));
    c.choices.forEach((choices, question) => {
        choices.forEach((_, choice) => {
            const label = Buffer.from(["b".charCodeAt(0), "1".charCodeAt(0), "e".charCodeAt(0), question, 0, choice, 0, 0]);
            const stream = [0, 1].map((block) => sha256("plus1 seed|", bytes(c.seed), Buffer.from([block]), label));
            secrets.push(scalar(Buffer.concat(stream).subarray(0, 48)));
        });
    });
    return secrets.map((s) => Buffer.from(s));
}

/** A core and its memory, which the wrapper hides as it should: it is looked at where it is made. */
async function opened(replace = {}) {
    const { instantiate } = WebAssembly;
    let memory;
    WebAssembly.instantiate = async (...args) => {
        const { instance } = await instantiate(...args);
        memory = Buffer.from(instance.exports.memory.buffer);
        return { instance: { exports: { ...instance.exports, ...replace } } };
    };
    try {
        return { own: await Core.load(wasm), memory };
    } finally {
        WebAssembly.instantiate = instantiate;
    }
}

/** Calls FOUND with the number of secrets that are in memory after each function that takes one. */
function vote(own, memory, c, found) {
    const secrets = secretsOf(c);
    const look = (after) => found(secrets.filter((secret) => memory.includes(secret)).length, after);
    const election = own.parseElection(c.election).value;
    const { credential } = c.readings[c.used];
    election.credential(c.typed);
    look("credential");
    const prepared = election.prepare(credential, c.choices, bytes(c.seed)).value;
    look("prepare");
    election.sign(prepared, c.typed, bytes(c.random));
    look("sign");
    election.open(c.ballot, bytes(c.seed));
    look("open");
    election.askOwnData(c.readings[c.used], c.receiptKey, c.hour, bytes(c.random));
    look("own data");
}

test("no secret is left in memory after a call, nor anything at all after wipe()", async () => {
    const { own, memory } = await opened();
    const untouched = sha256(memory);
    for (const c of cases(8, 2)) {
        vote(own, memory, c, (n, after) => assert.equal(n, 0, after));
        own.wipe();
        assert.deepEqual(sha256(memory), untouched);
    }
});

test("without the reset after a call they would be there", async () => {
    const { own, memory } = await opened({ reset() {} });
    for (const c of cases(5, 2)) vote(own, memory, c, (n, after) => assert.ok(n > 0, after));
});
