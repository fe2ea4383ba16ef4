// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// core.wasm votes at a running `plus1 serve`, checks the receipt that it gets, and refuses every other one.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { SKIPPED, built } from "./native.mjs";

if (!existsSync(built("core.js"))) process.exit(SKIPPED);
const { Core } = await import(pathToFileURL(built("core.js")));
const core = await Core.load(readFileSync(built("core.wasm")));
const folder = mkdtempSync(join(tmpdir(), "plus1-receipt-"));
const plus1 = (...args) => execFileSync(built("plus1"), args, { cwd: folder, encoding: "utf8" });

/** A frozen election with twelve voters; returns its number and the codes. */
function prepare() {
    plus1("server", "key", "--data", "data", "--out", "receipts.public");
    plus1("election", "paper", "--name", "Plein", "--question", "Wat?", "--answer", "Bomen", "--answer", "Bankjes", "--max", "1", "--out", "paper.json");
    plus1("election", "draft", "--paper", "paper.json", "--out", "draft.json");
    const { uuid } = JSON.parse(readFileSync(join(folder, "draft.json"), "utf8"));
    writeFileSync(join(folder, "roll.csv"), `id\n${Array.from({ length: 12 }, (_, i) => `v${i}\n`).join("")}`);
    plus1("credentials", "make", "--draft", "draft.json", "--roll", "roll.csv", "--out", "codes");
    plus1("trustee", "key", "--election", uuid, "--out", "t");
    const credentials = ["--credentials", "codes/public_credentials.json"];
    plus1("election", "bundle", "--draft", "draft.json", ...credentials, "--box", uuid, "--opens", "2026-01-01T00:00:00Z",
        "--closes", "2099-12-31T00:00:00Z", "--receipt-key", "receipts.public", "--out", "bundle.json");
    plus1("election", "create", "--draft", "draft.json", "--trustee", "t.public.json", ...credentials, "--bundle", "bundle.json", "--out", "box");
    const rows = readFileSync(join(folder, "codes/codes.csv"), "utf8").trim().split("\n").slice(1);
    return { uuid, codes: rows.map((row) => row.split(";").at(-1)) };
}

const { uuid, codes } = prepare();
writeFileSync(join(folder, "data/plus1.json"), JSON.stringify({ municipalities: [{ name: "Emmen", path: "emmen" }] }));
const server = spawn(built("plus1"), ["serve", "--data", "data", "--port", "0", "--ops-port", "0"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
after(() => {
    server.kill();
    rmSync(folder, { recursive: true });
});
const base = await new Promise((found) => server.stdout.once("data", (line) => found(/serves on (\S+)\/ /.exec(line)[1])));
plus1("box", "load", "--data", "data", "--municipality", "Emmen", "--bundle", `box/${uuid}.bundle.json`, `box/${uuid}.bel`);

const at = (path) => `${base}/v1/elections/${uuid}/${path}`;
const text = async (path) => (await fetch(at(path))).text();
const post = (path, body) => fetch(at(path), { method: "POST", headers: { "Content-Type": "application/json" }, body });
const election = core.parseElection(await text("paper")).value;
const key = JSON.parse(await text("bundle")).receipt_key;

async function vote(code) {
    const { credential } = election.credential(code).value;
    const prepared = election.prepare(credential, [[1, 0]], randomBytes(32)).value;
    const ballot = election.sign(prepared, code, randomBytes(32)).value;
    const answer = await post("ballots", ballot.ballot);
    assert.equal(answer.status, 201);
    return { ballot, said: await answer.json() };
}

const { ballot, said } = await vote(codes[0]);
const { message, signature } = said.receipt;

test("the receipt of a ballot that core.wasm made is right by core.wasm", () => {
    assert.deepEqual(election.checkReceipt(message, signature, key), { ok: true, value: true });
    const { tracker, height, hour, ...rest } = JSON.parse(message);
    assert.deepEqual([tracker, height, hour], [ballot.tracker, said.height, said.hour]);
    assert.deepEqual([tracker, rest.election], [said.tracker, uuid]);
});

test("no change of a receipt is accepted", () => {
    for (let i = 0; i < message.length; i++)
        for (const other of [message.charCodeAt(i) ^ 1, message.charCodeAt(i) ^ 2]) {
            const changed = message.slice(0, i) + String.fromCharCode(other) + message.slice(i + 1);
            assert.equal(election.checkReceipt(changed, signature, key).code, "ERR_RECEIPT", changed);
        }
    for (const changed of [`${message} `, message.slice(1), message.replace(/"height":\d+/, '"height":2'), ""])
        assert.equal(election.checkReceipt(changed, signature, key).code, "ERR_RECEIPT");
    for (const part of ["challenge", "response"]) {
        const last = signature[part].at(-1);
        const other = { ...signature, [part]: signature[part].slice(0, -1) + (last === "9" ? "8" : Number(last) + 1) };
        assert.equal(election.checkReceipt(message, other, key).code, "ERR_RECEIPT");
    }
});

test("no other receipt is accepted in its place, nor with another key", async () => {
    const second = await vote(codes[1]);
    assert.equal(election.checkReceipt(message, second.said.receipt.signature, key).code, "ERR_RECEIPT");
    assert.equal(election.checkReceipt(message, signature, election.credential(codes[0]).value.credential).code, "ERR_RECEIPT");
    assert.equal(election.checkReceipt(second.said.receipt.message, second.said.receipt.signature, key).ok, true);
});

test("the server answers a request for own data that core.wasm signed", async () => {
    const hour = Math.floor(Date.now() / 3600000);
    const body = election.askOwnData(election.credential(codes[0]).value, key, hour, randomBytes(32)).value;
    const answer = await post("own-data", body);
    assert.equal(answer.status, 200);
    const own = await answer.json();
    assert.deepEqual(own.ballots.map((b) => [b.height, b.counts]), [[said.height, true]]);
    const other = election.askOwnData(election.credential(codes[0]).value, key.replace(/^./, (c) => (c === "1" ? "2" : "1")), hour, randomBytes(32)).value;
    assert.equal((await post("own-data", other)).status, 403);
});
