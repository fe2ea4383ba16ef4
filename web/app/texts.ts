// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The texts of web/po, in the language that was chosen.

declare const CATALOGUES: Record<string, Record<string, string>>;

export const languages: readonly string[] = Object.keys(CATALOGUES);

const KEY = "language";
const first = languages[0] as string;

/** By the address, which is cleaned later. */
const asked = new URLSearchParams(location.search).get("lang") ?? "";

export function preferred(): string {
    const wanted = [asked, stored(), document.documentElement.lang];
    return wanted.find((l) => languages.includes(l)) ?? first;
}

function stored(): string {
    try {
        return sessionStorage.getItem(KEY) ?? "";
    } catch {
        return "";
    }
}

export function prefer(language: string): void {
    try {
        sessionStorage.setItem(KEY, language);
    } catch {
        // Then it is for this page only.
    }
}

export class Texts {
    constructor(readonly language: string) {}

    /** The text of this name, its places filled. */
    readonly t = (name: string, given: Record<string, string | number> = {}): string => {
        const text = CATALOGUES[this.language]?.[name] ?? name;
        const places: typeof given = { help: this.help, ...given };
        return text.replace(/{(\w+)}/g, (_, place) => String(places[place] ?? "")).trim();
    };

    /** Whom to call, as the municipality says it. */
    private get help(): string {
        return document.querySelector<HTMLMetaElement>(`meta[name="help"][lang="${this.language}"]`)?.content ?? "";
    }

    /** As the Netherlands write it, in this language: 17:30, not 5:30 PM. */
    private get locale(): string {
        return `${this.language}-NL`;
    }

    readonly number = (n: number): string => n.toLocaleString(this.locale);

    /** Day and time of Unix seconds, as the Netherlands have them. */
    readonly moment = (seconds: number): string =>
        new Date(seconds * 1000).toLocaleString(this.locale, {
            timeZone: "Europe/Amsterdam",
            weekday: "long",
            day: "numeric",
            month: "long",
            hour: "2-digit",
            minute: "2-digit",
        });

    /** "25 november, tussen 14.00 en 15.00 uur" of an hour since 1970. */
    readonly hour = (hours: number): string => {
        const at = (h: number, form: Intl.DateTimeFormatOptions) =>
            new Date(h * 3_600_000).toLocaleString(this.locale, { timeZone: "Europe/Amsterdam", ...form });
        const clock = { hour: "2-digit", minute: "2-digit" } as const;
        return this.t("hour", {
            day: at(hours, { day: "numeric", month: "long" }),
            from: at(hours, clock),
            to: at(hours + 1, clock),
        });
    };
}

/** In groups of four, the first two of which people compare. */
export function groups(signs: string): string {
    return signs.replace(/.{4}(?=.)/g, "$& ");
}
