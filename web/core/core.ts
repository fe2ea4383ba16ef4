// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The protocol's core in a browser or under node: core.wasm (exports.c) with types. No dependencies, no randomness of
// its own, no state but the elections that were parsed.
//
// After each call all that it left in core.wasm's memory is overwritten. Of the strings and arrays that JavaScript
// holds the caller has to let go, and overwrite the arrays.

/** What the core says of its input: its value, or why it was refused. */
export type Result<T> = Success<T> | Failure;

export interface Success<T> {
    readonly ok: true;
    readonly value: T;
}

export interface Failure {
    readonly ok: false;
    /** Such as "ERR_BALLOT_SEED": names the reason, for programs. */
    readonly code: string;
    /** The reason in English, for people. */
    readonly sentence: string;
}

/** A question with answers of which `min` to `max` are chosen, or none of them but blank. */
export interface ChoicesQuestion {
    readonly kind: "choices";
    readonly text: string;
    readonly answers: readonly string[];
    readonly blank: boolean;
    readonly min: number;
    readonly max: number;
}

/** A question with lists of candidates: the name of each list stands before its candidates. */
export interface ListsQuestion {
    readonly kind: "lists";
    readonly text: string;
    readonly lists: readonly (readonly string[])[];
}

export type Question = ChoicesQuestion | ListsQuestion;

/**
 * What was chosen: for each question a 0 or 1 for each of its answers in their order, of lists one after the other with
 * their names. Where blank is allowed, it comes first.
 */
export type Choices = readonly (readonly number[])[];

/** A code from a letter with the public credential that follows from it. */
export interface Reading {
    /** As it is written on letters. */
    readonly code: string;
    readonly credential: string;
}

export interface Credential extends Reading {
    /** The check signs are right. If not, it may be another program's code, or mistyped. */
    readonly checked: boolean;
    /** If one sign makes the check wrong: the group (1 to 4) in which it is, else 0. */
    readonly wrongGroup: number;
    /** The same text may be a code of another program too. If the credential is not on the roll, this one may be. */
    readonly other?: Reading;
}

/** A ballot that nobody can cast yet. */
export interface Prepared {
    /** JSON without the signature. */
    readonly ballot: string;
    /** What the voter is shown before the choice to cast or to test. */
    readonly code: string;
}

export interface Ballot extends Prepared {
    /** The ballot's name on the board. */
    readonly tracker: string;
}

/** A ballot that is right. */
export interface Checked {
    readonly credential: string;
    readonly code: string;
    readonly tracker: string;
    /** A choice can be read without any key: such a ballot is valid, and a ballot box does not take it. */
    readonly showsChoice: boolean;
}

/** A ballot that was made of a seed. */
export interface Opened {
    readonly credential: string;
    readonly code: string;
    readonly choices: Choices;
}

export interface Signature {
    readonly challenge: string;
    readonly response: string;
}

interface Exports {
    readonly memory: WebAssembly.Memory;
    reply(): number;
    alloc(n: number): number;
    mark(): number;
    reset(mark: number): void;
    error_name(e: number): number;
    error_text(e: number): number;
    hash64(text: number, n: number): number;
    election_open(json: number, n: number): number;
    credential(e: number, typed: number, n: number): number;
    ballot_prepare(e: number, credential: number, n: number, choices: number, choicesN: number, seed: number): number;
    ballot_sign(e: number, code: number, codeN: number, prepared: number, n: number, random: number): number;
    ballot_check(e: number, json: number, n: number): number;
    ballot_open(e: number, json: number, n: number, seed: number): number;
    own_data_sign(
        e: number,
        code: number,
        codeN: number,
        credential: number,
        credentialN: number,
        server: number,
        serverN: number,
        hour: number,
        random: number,
    ): number;
    receipt_check(
        e: number,
        message: number,
        messageN: number,
        signature: number,
        signatureN: number,
        key: number,
        keyN: number,
    ): number;
}

const SECRET_BYTES = 32;
const REPLY_TEXTS = 4; // each an address and a length, before the numbers

class Full extends Error {}

/** A place in core.wasm's memory. */
interface Span {
    readonly at: number;
    readonly n: number;
}

/** One call into core.wasm: arguments in, reply out. Of no use after it. */
class Call {
    constructor(
        private readonly wasm: Exports,
        private readonly memory: Uint8Array,
    ) {}

    private alloc(n: number): number {
        const at = this.wasm.alloc(n);
        if (at === 0) throw new Full();
        return at;
    }

    text(s: string): Span {
        const room = 3 * s.length; // UTF-8 of a UTF-16 unit
        const at = this.alloc(room);
        return { at, n: new TextEncoder().encodeInto(s, this.memory.subarray(at, at + room)).written };
    }

    bytes(b: ArrayLike<number>): Span {
        const at = this.alloc(b.length);
        this.memory.set(b, at);
        return { at, n: b.length };
    }

    secret(b: Uint8Array): number {
        if (b.length !== SECRET_BYTES) throw new RangeError(`seed and randomness are ${SECRET_BYTES} bytes long`);
        return this.bytes(b).at;
    }

    private field(i: number): number {
        return new DataView(this.memory.buffer).getUint32(this.wasm.reply() + 4 * i, true);
    }

    number(i: number): number {
        return this.field(2 * REPLY_TEXTS + i);
    }

    answerBytes(i: number): Uint8Array {
        const at = this.field(2 * i);
        return this.memory.subarray(at, at + this.field(2 * i + 1));
    }

    answer(i: number): string {
        return new TextDecoder().decode(this.answerBytes(i));
    }
}

export class Core {
    private readonly wasm: Exports;
    private readonly memory: Uint8Array;
    private readonly errors: Failure[] = [];
    private age = 0;

    private constructor(wasm: Exports) {
        this.wasm = wasm;
        this.memory = new Uint8Array(wasm.memory.buffer); // it never grows
        for (let i = 0; this.cString(wasm.error_name(i)) !== "ERR_UNKNOWN"; i++) {
            const code = this.cString(wasm.error_name(i));
            this.errors.push({ ok: false, code, sentence: this.cString(wasm.error_text(i)) });
        }
    }

    /** From the bytes of core.wasm. */
    static async load(bytes: BufferSource): Promise<Core> {
        const { instance } = await WebAssembly.instantiate(bytes, {});
        return new Core(instance.exports as unknown as Exports);
    }

    private cString(at: number): string {
        return new TextDecoder().decode(this.memory.subarray(at, this.memory.indexOf(0, at)));
    }

    private failure(error: number): Failure {
        const found = this.errors[error];
        if (!found) throw new Error(`core.wasm gave an error that it does not know: ${error}`);
        return found;
    }

    /**
     * Runs one function of core.wasm, which answers with an error number, and reads its reply. Whatever happens, what
     * it left in memory is overwritten, but for what stands before KEEP.
     */
    private run<T>(enter: (wasm: Exports, call: Call) => number, read: (call: Call) => T, keep = false): Result<T> {
        const mark = this.wasm.mark();
        let end = mark;
        try {
            const call = new Call(this.wasm, this.memory);
            const error = enter(this.wasm, call);
            if (error !== 0) return this.failure(error);
            const value = read(call);
            if (keep) end = this.wasm.mark();
            return { ok: true, value };
        } catch (e) {
            if (e instanceof Full) return this.failure(this.errors.findIndex((f) => f.code === "ERR_MEMORY"));
            throw e;
        } finally {
            this.wasm.reset(end);
        }
    }

    /** The unpadded Base64 of SHA-256, by which elections and ballots are named. */
    hash64(text: string): Result<string> {
        return this.run(
            (wasm, call) => {
                const s = call.text(text);
                return wasm.hash64(s.at, s.n);
            },
            (call) => call.answer(0),
        );
    }

    /** The election takes its place in memory until wipe(). */
    parseElection(json: string): Result<Election> {
        const age = this.age;
        return this.run(
            (wasm, call) => {
                const s = call.text(json);
                return wasm.election_open(s.at, s.n);
            },
            (call) => {
                const handle = call.number(0);
                const election = new Election(json, call.answer(0), (enter, read) => {
                    if (age !== this.age) throw new Error("the election was used after Core.wipe()");
                    return this.run((wasm, c) => enter(wasm, c, handle), read);
                });
                if (election.questions.length !== call.number(1) || choiceCount(election.questions) !== call.number(2))
                    throw new Error("core.wasm and core.ts read the election differently");
                return election;
            },
            true,
        );
    }

    /** Overwrites and forgets everything, elections too. */
    wipe(): void {
        this.age++;
        this.wasm.reset(0);
    }
}

type Run = <T>(enter: (wasm: Exports, call: Call, handle: number) => number, read: (call: Call) => T) => Result<T>;

/** A question paper, parsed by Core.parseElection(). */
export class Election {
    readonly uuid: string;
    readonly name: string;
    readonly description: string;
    readonly questions: readonly Question[];

    /** JSON is known to be well formed. */
    constructor(
        json: string,
        /** Names the election in every ballot. */
        readonly hash: string,
        private readonly run: Run,
    ) {
        const paper = JSON.parse(json) as Paper;
        this.uuid = paper.uuid;
        this.name = paper.name;
        this.description = paper.description;
        this.questions = paper.questions.map(questionOf);
    }

    /** Reads what was typed or scanned from a letter. */
    credential(typed: string): Result<Credential> {
        return this.run(
            (wasm, call, e) => {
                const s = call.text(typed);
                return wasm.credential(e, s.at, s.n);
            },
            (call) => {
                const read = {
                    code: call.answer(0),
                    credential: call.answer(1),
                    checked: call.number(0) !== 0,
                    wrongGroup: call.number(1),
                };
                const other = { code: call.answer(2), credential: call.answer(3) };
                return other.code === "" ? read : { ...read, other };
            },
        );
    }

    /**
     * A ballot without its signature. SEED is 32 fresh random bytes for this one ballot; who learns it can open the
     * ballot, and cannot cast it.
     */
    prepare(credential: string, choices: Choices, seed: Uint8Array): Result<Prepared> {
        return this.run(
            (wasm, call, e) => {
                const c = call.text(credential);
                const flat = call.bytes(this.flatten(choices));
                return wasm.ballot_prepare(e, c.at, c.n, flat.at, flat.n, call.secret(seed));
            },
            (call) => ({ ballot: call.answer(0), code: call.answer(1) }),
        );
    }

    /** Signs a prepared ballot with the code of its credential. RANDOM is 32 fresh random bytes, never the seed. */
    sign(prepared: Prepared, code: string, random: Uint8Array): Result<Ballot> {
        return this.run(
            (wasm, call, e) => {
                const c = call.text(code);
                const b = call.text(prepared.ballot);
                return wasm.ballot_sign(e, c.at, c.n, b.at, b.n, call.secret(random));
            },
            (call) => ({ ballot: call.answer(0), code: call.answer(1), tracker: call.answer(2) }),
        );
    }

    /** Is the ballot right in all its parts? Whether its credential is on the roll is another question. */
    check(ballot: string): Result<Checked> {
        return this.run(
            (wasm, call, e) => {
                const s = call.text(ballot);
                return wasm.ballot_check(e, s.at, s.n);
            },
            (call) => ({
                credential: call.answer(0),
                code: call.answer(1),
                tracker: call.answer(2),
                showsChoice: call.number(0) !== 0,
            }),
        );
    }

    /** What is in a ballot, signed or not, by the seed of which it was made. */
    open(ballot: string, seed: Uint8Array): Result<Opened> {
        return this.run(
            (wasm, call, e) => {
                const s = call.text(ballot);
                return wasm.ballot_open(e, s.at, s.n, call.secret(seed));
            },
            (call) => ({
                credential: call.answer(0),
                code: call.answer(1),
                choices: this.unflatten(call.answerBytes(2)),
            }),
        );
    }

    /**
     * Asks a server what it holds about a code: the body of the request, signed with the code. SERVER is the public key of
     * its receipts as it is frozen with the election, HOUR the hours since 1970, RANDOM 32 fresh random bytes.
     */
    askOwnData(reading: Reading, server: string, hour: number, random: Uint8Array): Result<string> {
        return this.run(
            (wasm, call, e) => {
                const c = call.text(reading.code);
                const k = call.text(reading.credential);
                const s = call.text(server);
                return wasm.own_data_sign(e, c.at, c.n, k.at, k.n, s.at, s.n, hour, call.secret(random));
            },
            (call) => call.answer(0),
        );
    }

    /** Was this message signed with the key whose public half is given? */
    checkReceipt(message: string, signature: Signature, publicKey: string): Result<true> {
        const { challenge, response } = signature;
        return this.run(
            (wasm, call, e) => {
                const m = call.text(message);
                const s = call.text(JSON.stringify({ challenge, response }));
                const k = call.text(publicKey);
                return wasm.receipt_check(e, m.at, m.n, s.at, s.n, k.at, k.n);
            },
            () => true,
        );
    }

    // A byte for each number; what is no 0 or 1 must not become one.
    private flatten(choices: Choices): number[] {
        const sizes = this.questions.map((q) => choiceCount([q]));
        const fits = choices.length === sizes.length && choices.every((c, i) => c.length === sizes[i]);
        return fits ? choices.flat().map((c) => (Number.isInteger(c) && c >= 0 && c < 256 ? c : 255)) : [];
    }

    private unflatten(bytes: Uint8Array): Choices {
        let at = 0;
        return this.questions.map((q) => Array.from(bytes.subarray(at, (at += choiceCount([q])))));
    }
}

// The parts of the election's JSON that this file reads. The core has checked that they are there.

interface Paper {
    readonly uuid: string;
    readonly name: string;
    readonly description: string;
    readonly questions: readonly (PaperChoices | PaperLists)[];
}

interface PaperChoices {
    readonly type?: undefined;
    readonly answers: readonly string[];
    readonly blank?: boolean;
    readonly min: number;
    readonly max: number;
    readonly question: string;
}

interface PaperLists {
    readonly type: "Lists";
    readonly value: { readonly answers: readonly (readonly string[])[]; readonly question: string };
}

function questionOf(q: PaperChoices | PaperLists): Question {
    if (q.type === "Lists") return { kind: "lists", text: q.value.question, lists: q.value.answers };
    const { answers, min, max } = q;
    return { kind: "choices", text: q.question, answers, blank: q.blank ?? false, min, max };
}

function choiceCount(questions: readonly Question[]): number {
    const count = (q: Question) => (q.kind === "lists" ? q.lists.flat().length : q.answers.length + Number(q.blank));
    return questions.reduce((sum, q) => sum + count(q), 0);
}
