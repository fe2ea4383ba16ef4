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

    private parts(seconds: number): Record<string, string> {
        const form = new Intl.DateTimeFormat(this.locale, {
            timeZone: "Europe/Amsterdam",
            weekday: "long",
            day: "numeric",
            month: "long",
            year: "numeric",
            hour: "2-digit",
            minute: "2-digit",
            hourCycle: "h23",
        });
        return Object.fromEntries(form.formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
    }

    /** Day and time of Unix seconds, as the Netherlands have them and the server's pages write them. */
    readonly moment = (seconds: number): string => this.t("moment", this.parts(seconds));

    /** "25 november, tussen 14.00 en 15.00 uur" of an hour since 1970. */
    readonly hour = (hours: number): string => {
        const [from, to] = [this.parts(hours * 3600), this.parts((hours + 1) * 3600)];
        return this.t("hour", { ...from, from: this.t("clock", from), to: this.t("clock", to) });
    };
}

/** In groups of four, the first two of which people compare. */
export function groups(signs: string): string {
    return signs.replace(/.{4}(?=.)/g, "$& ");
}
