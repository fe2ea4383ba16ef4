// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Making a ballot (one question, three answers, one to be chosen) with core.wasm under node, all of it: encryptions,
// proofs, hashes, JSON and the signature; against @noble/curves 1.x doing only the multiplications that it takes, and of
// these only those that nobody can do without: multiples 0 and 1 of the generator are left out for it, and additions.
// Exit 1 if it is not FACTOR times as fast with the peer's tables of base and election key made beforehand.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { built, packages } from "../tests/wasm/native.mjs";

const FACTOR = 3;
const ROUNDS = 40;

const { ed25519 } = createRequire(packages)("@noble/curves/ed25519");
const { Core } = await import(pathToFileURL(built("core.js")));
const wasm = readFileSync(built("core.wasm"));

const random = () => webcrypto.getRandomValues(new Uint8Array(32));

// ---- the peer ----

const { Point } = ed25519;
const exponent = () => BigInt(`0x${Buffer.from(random()).toString("hex")}`) % (Point.Fn.ORDER - 1n) + 1n;

const base = Point.BASE.precompute(8, false);
const key = base.multiply(exponent()).precompute(8, false);
const bare = (point) => Point.fromAffine(point.toAffine());

//                   g^r  y^r
const CHOICES = [3, 3]; // g^r, y^r (times g or not)
const TRUE_BRANCHES = [4, 4]; // g^k, y^k: of each choice's proof, and of the overall proof
const FALSE_BRANCHES = [6, 3]; // g^k, y^k g^e: the other one of each choice's proof
const SUM = [1, 1]; // the sum's ciphertext, for the overall proof's text
const SIGNATURE = [1, 0];
const [OF_BASE, OF_KEY] = [CHOICES, TRUE_BRANCHES, FALSE_BRANCHES, SUM, SIGNATURE].reduce(
    ([g, y], [more_g, more_y]) => [g + more_g, y + more_y],
);

function multiply(g, y) {
    for (let i = 0; i < OF_BASE; i++) g.multiply(exponent());
    for (let i = 0; i < OF_KEY; i++) y.multiply(exponent());
}

// ---- ours ----

const bigEndian = Buffer.from(key.toBytes()).reverse().toString("hex");
const paper =
    `{"version":1,"description":"","name":"","group":"Ed25519","public_key":"${bigEndian}","questions":` +
    `[{"answers":["Ja","Nee","Anders"],"min":1,"max":1,"question":""}],"uuid":"BenchBenchBench"}`;

function need(result) {
    if (!result.ok) throw new Error(result.sentence);
    return result.value;
}

function make(election, { code, credential }) {
    return need(election.sign(need(election.prepare(credential, [[0, 1, 0]], random())), code, random()));
}

function milliseconds(f) {
    const start = performance.now();
    f();
    return performance.now() - start;
}

let election, reading, ballot;
const core = await Core.load(wasm);
const cold = milliseconds(() => {
    election = need(core.parseElection(paper));
    reading = need(election.credential("22222-222222-22222-222222"));
    ballot = make(election, reading).ballot;
});
need(election.check(ballot));

// The best of several rounds, in turn: what else the machine does only adds.
const contestants = {
    wasm: () => make(election, reading),
    check: () => need(election.check(ballot)),
    tables: () => multiply(base, key),
    bare: () => multiply(bare(base), bare(key)),
};
const best = Object.fromEntries(Object.keys(contestants).map((name) => [name, Infinity]));
for (let round = 0; round < ROUNDS; round++)
    for (const [name, f] of Object.entries(contestants)) {
        const times = name === "bare" ? 1 : 20;
        const all = milliseconds(() => {
            for (let i = 0; i < times; i++) f();
        });
        best[name] = Math.min(best[name], all / times);
    }

const row = (name, ms, more = "") => console.log(`${name.padEnd(52)} ${ms.toFixed(2).padStart(7)} ms${more}`);
const ratio = (name) => `   ${(best[name] / best.wasm).toFixed(1)} times as long`;
console.log(`core.wasm: ${wasm.length} bytes; node ${process.version}`);
row("a ballot in core.wasm", best.wasm);
row("the first one, with election and code", cold);
row("checking it", best.check);
const multiplications = `${OF_BASE} multiplications of g, ${OF_KEY} of y in @noble/curves`;
row(multiplications, best.tables, ratio("tables"));
row("the same without tables", best.bare, ratio("bare"));
if (best.tables < FACTOR * best.wasm) {
    console.error(`bench_wasm: less than ${FACTOR} times as fast`);
    process.exit(1);
}
