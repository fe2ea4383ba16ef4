// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The page's side of the worker (vault.ts).
import type { Operations } from "./vault";

declare const VAULT: string;
declare const WASM: { url: string; integrity: string };

type Waiting = { resolve: (value: never) => void; reject: (why: Error) => void };

/** The worker's script or core.wasm did not come, or is not what it must be. */
export class NoSafe extends Error {}

export class Safe {
    private readonly worker = new Worker(VAULT);
    private readonly waiting = new Map<number, Waiting>();
    private count = 0;

    private constructor() {
        this.worker.onmessage = ({ data: { id, value, error } }) => {
            const w = this.waiting.get(id);
            this.waiting.delete(id);
            if (error === undefined) w?.resolve(value as never);
            else w?.reject(new Error(error));
        };
        this.worker.onerror = () => {
            for (const w of this.waiting.values()) w.reject(new NoSafe());
        };
    }

    /** The core's bytes must be those that this script was built with. */
    static async open(): Promise<Safe> {
        const answer = await fetch(WASM.url, { integrity: WASM.integrity }).catch(() => null);
        if (!answer?.ok) throw new NoSafe();
        const safe = new Safe();
        await safe.call("load", await answer.arrayBuffer());
        return safe;
    }

    call<K extends keyof Operations>(name: K, ...args: Parameters<Operations[K]>): ReturnType<Operations[K]> {
        const id = this.count++;
        const answer = new Promise<never>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
        this.worker.postMessage({ id, name, args });
        return answer as ReturnType<Operations[K]>;
    }

    /** With all that it has. */
    close(): void {
        this.worker.terminate();
    }
}
