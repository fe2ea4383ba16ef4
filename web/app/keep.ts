// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What this device keeps, never a code and nothing that opens a ballot:
//   - in sessionStorage the choices, until the ballot is made to be cast; they survive a reload;
//   - in IndexedDB the ballot that is to be cast, until the server has acknowledged it, and then its receipt.
// "Next voter" removes all of it. Where the browser keeps nothing, the vote goes on without.
import type { Choices } from "../core/core";
import type { Receipt } from "./api";

export interface Kept {
    readonly uuid: string;
    readonly tracker: string;
    /** While it waits. */
    readonly ballot?: string;
    /** How often this code had voted from this page, this ballot included. */
    readonly times: number;
    readonly receipt?: Receipt;
}

const choicesKey = (uuid: string) => `choices ${uuid}`;

function tolerant<T>(run: () => T, otherwise: T): T {
    try {
        return run();
    } catch {
        return otherwise;
    }
}

export function keepChoices(uuid: string, choices: Choices): void {
    tolerant(() => sessionStorage.setItem(choicesKey(uuid), JSON.stringify(choices)), undefined);
}

export function keptChoices(uuid: string): Choices | null {
    return tolerant(() => JSON.parse(sessionStorage.getItem(choicesKey(uuid)) ?? "null"), null);
}

export function dropChoices(uuid: string): void {
    tolerant(() => sessionStorage.removeItem(choicesKey(uuid)), undefined);
}

function wait<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

async function within<T>(run: (ballots: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
    try {
        const opening = indexedDB.open("plus1", 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("ballots", { keyPath: "uuid" });
        const database = await wait(opening);
        try {
            const transaction = database.transaction("ballots", "readwrite");
            const ended = new Promise<void>((resolve, reject) => {
                transaction.oncomplete = () => resolve();
                transaction.onabort = () => reject(transaction.error);
            });
            const [value] = await Promise.all([wait(run(transaction.objectStore("ballots"))), ended]);
            return value;
        } finally {
            database.close();
        }
    } catch {
        return undefined;
    }
}

export async function keepBallot(kept: Kept): Promise<void> {
    await within((ballots) => ballots.put(kept));
}

export async function keptBallot(uuid: string): Promise<Kept | undefined> {
    return within<Kept>((ballots) => ballots.get(uuid));
}

export async function dropBallot(uuid: string): Promise<void> {
    await within((ballots) => ballots.delete(uuid));
}

/** All of it. */
export async function dropAll(): Promise<void> {
    tolerant(() => sessionStorage.clear(), undefined);
    await within((ballots) => ballots.clear());
}
