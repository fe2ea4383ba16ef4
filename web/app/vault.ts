// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The worker that has the code, and makes ballots of it. Nothing that it keeps leaves it but what the page must send or show,
// and its policy gives it no connection. It is ended when the next voter begins.
import { type Choices, Core, type Election, type Prepared, type Reading, type Result, type Signature } from "../core/core";

export interface Taken {
    /** The code's public half; a second one where the same text may be another program's code. */
    readonly credentials: readonly string[];
    readonly checked: boolean;
    readonly wrongGroup: number;
}

let core: Core;
let election: Election;
let readings: readonly Reading[] = [];
let code = "";
let credential = "";
let ballot: { prepared: Prepared; choices: Choices; seed: Uint8Array } | undefined;

function value<T>(result: Result<T>): T {
    if (result.ok) return result.value;
    throw new Error(result.code);
}

function random(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(32));
}

function dropBallot(): void {
    ballot?.seed.fill(0);
    ballot = undefined;
}

function made() {
    if (!ballot) throw new Error("NO_BALLOT");
    return ballot;
}

const operations = {
    async load(wasm: ArrayBuffer) {
        core = await Core.load(wasm);
    },

    /** The paper, read, and its hash in the unpadded Base64 of the protocol. */
    async open(paper: string) {
        election = value(core.parseElection(paper));
        const { uuid, name, description, questions, hash } = election;
        return { uuid, name, description, questions, hash };
    },

    async hash(text: string) {
        return value(core.hash64(text));
    },

    /** Reads a code that was typed or scanned. */
    async take(typed: string): Promise<Taken> {
        const { checked, wrongGroup, other, ...first } = value(election.credential(typed));
        readings = other ? [first, other] : [first];
        return { credentials: readings.map((r) => r.credential), checked, wrongGroup };
    },

    /** This reading of it is the one to vote with. */
    async use(which: number) {
        ({ code, credential } = readings[which] as Reading);
        readings = [];
    },

    /** Makes a ballot that nobody can cast yet, of fresh randomness, and gives its code. */
    async prepare(choices: Choices): Promise<string> {
        dropBallot();
        const seed = random();
        const prepared = value(election.prepare(credential, choices, seed));
        ballot = { prepared, choices, seed };
        return prepared.code;
    },

    /** Signs it. Its randomness is of no more use. */
    async sign() {
        const nonce = random();
        const { ballot: json, tracker } = value(election.sign(made().prepared, code, nonce));
        nonce.fill(0);
        dropBallot();
        return { json, tracker };
    },

    /** Gives away the randomness of the ballot, which is never signed. */
    async reveal() {
        const { prepared, choices, seed } = made();
        const shown = { ballot: prepared.ballot, code: prepared.code, credential, choices, seed: Array.from(seed) };
        dropBallot();
        return shown;
    },

    async dropBallot() {
        dropBallot();
    },

    /** The code that a ballot made of these has: what a test compares. */
    async rebuild(of: string, choices: Choices, seed: number[]): Promise<string> {
        return value(election.prepare(of, choices, Uint8Array.from(seed))).code;
    },

    async checkReceipt(message: string, signature: Signature, key: string): Promise<boolean> {
        return election.checkReceipt(message, signature, key).ok;
    },
};

export type Operations = typeof operations;

onmessage = async ({ data: { id, name, args } }: MessageEvent) => {
    try {
        const run = operations[name as keyof Operations] as (...args: unknown[]) => Promise<unknown>;
        postMessage({ id, value: await run(...args) });
    } catch (e) {
        postMessage({ id, error: e instanceof Error ? e.message : String(e) });
    }
};
