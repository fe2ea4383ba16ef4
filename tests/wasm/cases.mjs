// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Whether core.wasm says what the native core said (native_cases.c). Runs under node and in a browser alike.

function bytes(hex) {
    return Uint8Array.from(hex.match(/../g), (digits) => parseInt(digits, 16));
}

/** Throws an Error that names what differs. */
function same(what, got, expected) {
    const [a, b] = [got, expected].map((v) => JSON.stringify(v));
    if (a !== b) throw new Error(`${what}: ${a}, the native core says ${b}`);
}

const right = (value) => ({ ok: true, value });

/** A line of "native_cases make": everything is made again. */
export function remake(core, c) {
    const parsed = core.parseElection(c.election);
    same("election", parsed.ok, true);
    const election = parsed.value;
    const seed = bytes(c.seed);

    const { credential, code, other, checked, wrongGroup } = election.credential(c.typed).value;
    same("readings", [{ code, credential }].concat(other ?? []), c.readings);
    same("checked, wrongGroup", [Number(checked), wrongGroup], [c.checked, c.wrongGroup]);

    const used = c.readings[c.used].credential;
    const prepared = election.prepare(used, c.choices, seed);
    same("prepared", prepared, right({ ballot: c.prepared, code: c.code }));
    const ballot = { ballot: c.ballot, code: c.code, tracker: c.tracker };
    same("ballot", election.sign(prepared.value, c.typed, bytes(c.random)), right(ballot));

    const names = { credential: used, code: c.code };
    same("check", election.check(c.ballot), right({ ...names, tracker: c.tracker, showsChoice: false }));
    const either = seed[0] % 2 ? c.ballot : c.prepared; // signed or not, it opens
    same("open", election.open(either, seed), right({ ...names, choices: c.choices }));

    const { message, signature } = c.receipt;
    same("receipt", election.checkReceipt(message, signature, c.receiptKey), right(true));
    if (seed[0] % 4 === 0) {
        const asked = election.askOwnData(c.readings[c.used], c.receiptKey, c.hour, bytes(c.random));
        same("own data", asked, right(c.ownData));
    }
    same("false receipt", election.checkReceipt(message + " ", signature, c.receiptKey).ok, false);
    core.wipe();
}

/** An election with ballots of somebody else, and the lines of "native_cases check" about them. */
export function judge(core, { election: json, ballots, verdicts }) {
    const parsed = core.parseElection(json);
    same("election", parsed.ok ? "OK" : parsed.code, verdicts[0].error);
    ballots.forEach((ballot, i) => {
        if (!parsed.ok) return;
        const got = parsed.value.check(ballot);
        const names = got.ok && { credential: got.value.credential, code: got.value.code, tracker: got.value.tracker };
        same(`ballot ${i}`, { error: got.ok ? "OK" : got.code, ...names }, verdicts[i + 1]);
    });
    core.wipe();
}
