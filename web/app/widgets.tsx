// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the screens are made of.
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { encode } from "uqr";
import { Texts, groups } from "./texts";

export const Speech = createContext(new Texts("nl"));
export const useTexts = () => useContext(Speech);

type Children = { readonly children?: ComponentChildren };

/** The heading of a screen, which gets the focus when the screen appears. */
export function Title({ children, lang }: Children & { lang?: string }) {
    const heading = useRef<HTMLHeadingElement>(null);
    const text = useTexts().t("title");
    useEffect(() => {
        heading.current?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }, []);
    useEffect(() => {
        document.title = `${heading.current?.textContent ?? ""} – ${text}`;
    });
    return (
        <h1 ref={heading} tabIndex={-1} class="utrecht-heading-1" lang={lang}>
            {children}
        </h1>
    );
}

export function P({ children, small, lang }: Children & { small?: boolean; lang?: string }) {
    return (
        <p class={`utrecht-paragraph${small ? " utrecht-paragraph--small" : ""}`} lang={lang}>
            {children}
        </p>
    );
}

type Kind = "primary-action" | "secondary-action" | "subtle";

export function Button({ kind = "primary-action", submit, busy, click, label, children }: Children & {
    kind?: Kind;
    submit?: boolean;
    busy?: boolean;
    click?: () => void;
    label?: string;
}) {
    return (
        <button
            class={`utrecht-button utrecht-button--${kind}`}
            type={submit ? "submit" : "button"}
            aria-busy={busy ? true : undefined}
            aria-disabled={busy ? true : undefined}
            aria-label={label}
            onClick={busy ? undefined : click}
        >
            {children}
        </button>
    );
}

export function Alert({ kind, title, children }: Children & { kind: "info" | "ok" | "warning" | "error"; title?: string }) {
    return (
        <section class={`utrecht-alert utrecht-alert--${kind}`} role={kind === "error" ? "alert" : undefined}>
            <div class="utrecht-alert__content">
                {title && <h2 class="utrecht-heading-2">{title}</h2>}
                {children}
            </div>
        </section>
    );
}

/** Long signs: the first eight, which people compare, and the rest on tap. */
export function Signs({ signs }: { signs: string }) {
    const { t } = useTexts();
    const [whole, setWhole] = useState(false);
    return (
        <p class="signs">
            <span class="signs__first">{groups(signs.slice(0, 8))}</span>{" "}
            {whole ? (
                <span class="signs__rest">{groups(signs.slice(8))}</span>
            ) : (
                <button type="button" class="utrecht-link-button" onClick={() => setWhole(true)}>
                    {t("whole")}
                </button>
            )}
        </p>
    );
}

export function Qr({ text }: { text: string }) {
    const { t } = useTexts();
    const { data, size } = encode(text, { ecc: "L", border: 4 });
    const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ""))).join("");
    return (
        <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("qr")} shape-rendering="crispEdges">
            <rect width={size} height={size} fill="#fff" />
            <path d={path} fill="#000" />
        </svg>
    );
}
