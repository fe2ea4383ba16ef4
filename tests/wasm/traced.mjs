// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Puts a witness into a WebAssembly module (core specification 2.0, "Binary Format"): each function folds into a number of
// its own every condition, every address and every length that it uses. Two runs between which these numbers do not
// differ have taken the same way and touched the same memory.

const [CUSTOM, TYPES, FUNCTIONS, GLOBALS, EXPORTS, CODE] = [0, 1, 3, 6, 7, 10];
const FUNCTION_NAMES = 1; // in the custom section "name"
const [I32, I64] = [0x7f, 0x7e];
const op = {
    end: 0x0b,
    if: 0x04,
    br_if: 0x0d,
    br_table: 0x0e,
    call_indirect: 0x11,
    select: 0x1b,
    local_get: 0x20,
    local_set: 0x21,
    global_get: 0x23,
    global_set: 0x24,
    i64_const: 0x42,
    i64_add: 0x7c,
    i64_mul: 0x7e,
    i64_extend_i32_u: 0xad,
};

class Reader {
    constructor(bytes, at = 0) {
        this.bytes = bytes;
        this.at = at;
    }

    byte() {
        return this.bytes[this.at++];
    }

    /** An unsigned number; of a signed one only where it ends matters here. */
    number() {
        let value = 0;
        for (let shift = 1; ; shift *= 128) {
            const byte = this.byte();
            value += (byte & 127) * shift;
            if (byte < 128) return value;
        }
    }

    take(n) {
        return this.bytes.subarray(this.at, (this.at += n));
    }
}

function number(value) {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
    return [...bytes, value];
}

const sized = (bytes) => [...number(bytes.length), ...bytes];

/** Skips what follows an instruction's first byte. */
function skipImmediates(r, code) {
    if (code >= 0x02 && code <= 0x04) r.number();
    else if (code === 0x0c || code === op.br_if || code === 0x10) r.number();
    else if (code === op.br_table) for (let n = r.number() + 1; n > 0; n--) r.number();
    else if (code === op.call_indirect) r.number(), r.number();
    else if (code >= 0x20 && code <= 0x24) r.number();
    else if (code >= 0x28 && code <= 0x3e) r.number(), r.number();
    else if (code === 0x3f || code === 0x41 || code === op.i64_const) r.number();
    else if (code === 0xfc) r.take({ 10: 2, 11: 1 }[r.number()]);
    else if (code === 0x1c || code === 0x40 || code === 0x43 || code === 0x44 || code > 0xc4)
        throw new Error(`instruction ${code} is not expected`);
}

/** The body of one function with the witness in global GLOBAL. FIRST is the number of its parameters. */
function witness(body, first, global) {
    const r = new Reader(body);
    const groups = r.number();
    let locals = first;
    const declared = r.at;
    for (let i = 0; i < groups; i++) {
        locals += r.number();
        r.byte();
    }
    const [a, b, c, wide] = [0, 1, 2, 3].map((i) => locals + i);
    const out = [...number(groups + 2), ...body.subarray(declared, r.at), 3, I32, 1, I64];
    const emit = (code, i) => out.push(code, ...number(i));
    const fold = (local) => {
        emit(op.global_get, global);
        out.push(op.i64_const, 0xcf, 0x8c, 0xa2, 0xd5, 0x0b, op.i64_mul); // any odd number
        emit(op.local_get, local);
        out.push(op.i64_extend_i32_u, op.i64_add);
        emit(op.global_set, global);
    };
    const foldTop = () => {
        emit(op.local_set, a);
        fold(a);
        emit(op.local_get, a);
    };

    while (r.at < body.length) {
        const from = r.at;
        const code = r.byte();
        skipImmediates(r, code);
        if ([op.if, op.br_if, op.br_table, op.call_indirect, op.select].includes(code)) foldTop();
        if (code >= 0x28 && code <= 0x35) foldTop(); // loads
        if (code >= 0x36 && code <= 0x3e) {
            const value = code === 0x37 || code >= 0x3c ? wide : b; // the address lies below the value
            emit(op.local_set, value);
            foldTop();
            emit(op.local_get, value);
        }
        if (code === 0xfc) {
            for (const local of [c, b, a]) emit(op.local_set, local);
            for (const local of [a, b, c]) fold(local);
            for (const local of [a, b, c]) emit(op.local_get, local);
        }
        out.push(...body.subarray(from, r.at));
    }
    return out;
}

function* vector(bytes, item) {
    const r = new Reader(bytes);
    for (let n = r.number(); n > 0; n--) yield item(r);
}

function sectionsOf(wasm) {
    const r = new Reader(wasm, 8);
    const sections = [];
    while (r.at < wasm.length) sections.push([r.byte(), r.take(r.number())]);
    return sections;
}

function namesOf(sections) {
    const text = (r) => new TextDecoder().decode(r.take(r.number()));
    for (const [id, bytes] of sections) {
        const r = new Reader(bytes);
        if (id !== CUSTOM || text(r) !== "name") continue;
        while (r.at < bytes.length) {
            const kind = r.byte();
            const part = r.take(r.number());
            if (kind === FUNCTION_NAMES) return new Map(vector(part, (n) => [n.number(), text(n)]));
        }
    }
    throw new Error("the module has no names");
}

/** The instructions of a module. */
export const codeOf = (wasm) => sectionsOf(wasm).find(([id]) => id === CODE)[1];

/** The module, in which the names of functions must be, with mutable globals "witness NUMBER NAME" exported. */
export function traced(wasm) {
    const sections = sectionsOf(wasm);
    const find = (wanted) => sections.find(([id]) => id === wanted);
    const names = namesOf(sections);

    const parameters = [
        ...vector(find(TYPES)[1], (t) => {
            t.byte();
            const n = t.number();
            t.take(n);
            t.take(t.number());
            return n;
        }),
    ];
    const types = [...vector(find(FUNCTIONS)[1], (f) => f.number())];
    const bodies = [...vector(find(CODE)[1], (c) => c.take(c.number()))];
    const append = (id, items) => {
        const section = find(id);
        const old = new Reader(section[1]);
        const count = old.number();
        section[1] = [...number(count + items.length), ...section[1].subarray(old.at), ...items.flat()];
        return count;
    };
    const globals = append(
        GLOBALS,
        bodies.map(() => [I64, 1, op.i64_const, 0, op.end]),
    );
    const name = (i) => sized(new TextEncoder().encode(`witness ${i} ${names.get(i)}`));
    append(
        EXPORTS,
        bodies.map((_, i) => [...name(i), 3, ...number(globals + i)]),
    );
    find(CODE)[1] = [
        ...number(bodies.length),
        ...bodies.flatMap((body, i) => sized(witness(body, parameters[types[i]], globals + i))),
    ];
    return Uint8Array.from([
        ...wasm.subarray(0, 8),
        ...sections.flatMap(([id, bytes]) => [id, ...sized([...bytes])]),
    ]);
}
