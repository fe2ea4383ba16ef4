// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What is around the app, and what its page says before the app is there, is the server's (experiments/stem/pages.c).
import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Status } from "./api";
import { prefer, preferred } from "./texts";

const main = document.getElementById("main") as HTMLElement;
const written = [...main.children];

/** What the vote is like, which came with the page; null if that is a page from before, to which the browser went back. */
export function statusOfPage(): Status | null {
    const [how] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const text = document.querySelector<HTMLTemplateElement>("#status")?.content.textContent;
    return text && how && how.type !== "back_forward" ? JSON.parse(text) : null;
}

/** Where the app is. */
export const root = document.createElement("div");
root.className = "app";
root.hidden = true;
main.append(root);

/** From when there is something to show, the app stands instead of what the server wrote. */
export function Instead({ when, children }: { when: boolean; children: ComponentChildren }) {
    useLayoutEffect(() => {
        if (!when) return;
        for (const part of written) part.remove();
        root.hidden = false;
    }, [when]);
    return when ? <>{children}</> : null;
}

/** The frame in another language; without a connection it stays as it is. */
async function frameIn(language: string): Promise<void> {
    const answer = await fetch(`${location.pathname}?lang=${language}`, { credentials: "omit" });
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".skip", ".banner", "footer"]) {
        const now = other.querySelector(part);
        if (now) document.querySelector(part)?.replaceWith(now);
    }
}

/** Links to this page in another language, and past the frame, keep what was chosen. */
export function around(speak: (language: string) => void): () => void {
    const say = (language: string, focus: boolean) => {
        document.documentElement.lang = language;
        speak(language);
        const framed = frameIn(language).catch(() => {});
        if (focus) void framed.then(() => document.querySelector<HTMLElement>(".languages a")?.focus());
    };
    const click = (e: MouseEvent) => {
        const link = (e.target as Element).closest<HTMLAnchorElement>(".skip, .languages a");
        if (!link) return;
        e.preventDefault();
        if (!link.hreflang) return main.focus();
        prefer(link.hreflang);
        say(link.hreflang, true);
    };
    document.addEventListener("click", click);
    if (preferred() !== document.documentElement.lang) say(preferred(), false);
    return () => document.removeEventListener("click", click);
}
