// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The documented API, as far as residents need it.
import type { Signature } from "../core/core";

/** What a vote is like now. Times in Unix seconds. */
export interface Status {
    readonly uuid: string;
    readonly municipality: string;
    readonly name: string;
    readonly stage: "new" | "open" | "ended" | "tallied" | "published";
    readonly opens: number | null;
    readonly closes: number | null;
    readonly voters: number;
    readonly voted: number;
}

export interface Receipt {
    readonly message: string;
    readonly signature: Signature;
}

export interface Acknowledged {
    readonly tracker: string;
    readonly height: number;
    /** Hours since 1970. */
    readonly hour: number;
    /** How many this code has in the box. */
    readonly ballots: number;
    readonly counts: boolean;
    readonly receipt: Receipt;
}

export interface Event {
    readonly height: number;
    readonly type: string;
    readonly event: string;
    readonly hour: number;
    readonly tracker?: string;
}

export interface Found extends Event {
    readonly counts: boolean;
    readonly replacedBy?: number;
}

/** The server refused, and said why. */
export class Problem extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
        /** Seconds after which to try again, if it says so. */
        readonly wait: number,
    ) {
        super(code);
    }

    /** The same request may be answered differently later. */
    get passes(): boolean {
        return this.status >= 500 || this.status === 408 || this.status === 429;
    }
}

const PATIENCE_MS = 20_000;

let ahead = 0; // the server's clock before ours

/** Unix seconds by the server's clock. */
export function now(): number {
    return (Date.now() + ahead) / 1000;
}

/** Rejects with a TypeError where there is no connection. */
async function ask(path: string, body?: string): Promise<Response> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
        const answer = await fetch(path, {
            signal: stop.signal,
            credentials: "omit",
            ...(body === undefined ? {} : { method: "POST", body, headers: { "Content-Type": "application/json" } }),
        });
        const date = Date.parse(answer.headers.get("Date") ?? "");
        if (date) ahead = date - Date.now();
        if (answer.ok) return answer;
        const said = (await answer.json().catch(() => ({}))) as { type?: string };
        const code = said.type?.split("/").pop() ?? "";
        throw new Problem(answer.status, code, Number(answer.headers.get("Retry-After")) || 0);
    } catch (e) {
        if (e instanceof Problem) throw e;
        throw new TypeError("no connection");
    } finally {
        clearTimeout(timer);
    }
}

const of = (uuid: string, what = "") => `/v1/elections/${encodeURIComponent(uuid)}${what}`;

export async function elections(): Promise<Status[]> {
    return (await (await ask("/v1/elections")).json()).elections;
}

export async function status(uuid: string): Promise<Status> {
    return (await ask(of(uuid))).json();
}

/** As text: its bytes are what is signed and named. */
export async function paper(uuid: string): Promise<string> {
    return (await ask(of(uuid, "/paper"))).text();
}

/** Empty if the vote was made without one. */
export async function bundle(uuid: string): Promise<string> {
    try {
        return await (await ask(of(uuid, "/bundle"))).text();
    } catch (e) {
        if (e instanceof Problem && e.code === "no-bundle") return "";
        throw e;
    }
}

export async function cast(uuid: string, ballot: string): Promise<Acknowledged> {
    return (await ask(of(uuid, "/ballots"), ballot)).json();
}

/** May this code vote, and has it? CREDENTIAL: its public half. */
export async function code(uuid: string, credential: string): Promise<{ used: boolean; withdrawn: boolean }> {
    return (await ask(of(uuid, "/codes"), JSON.stringify({ credential }))).json();
}

const inAddress = (tracker: string) => tracker.replaceAll("+", "-").replaceAll("/", "_");

/** Null if no ballot has this tracker. */
export async function ballot(uuid: string, tracker: string): Promise<Found | null> {
    try {
        return await (await ask(of(uuid, `/ballots/${encodeURIComponent(inAddress(tracker))}`))).json();
    } catch (e) {
        if (e instanceof Problem && e.code === "unknown-ballot") return null;
        throw e;
    }
}

export async function events(uuid: string, to: number): Promise<Event[]> {
    const all: Event[] = [];
    let after = "";
    while (all.length <= to) {
        const page = await (await ask(of(uuid, `/events?limit=1000${after}`))).json();
        all.push(...page.events);
        if (page.next === null) break;
        after = `&after=${page.next}`;
    }
    return all;
}
