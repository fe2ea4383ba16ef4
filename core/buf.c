// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/buf.h"

#include "core/public.h"

static const char hex_digits[] = "0123456789abcdef";

void buf_u64(struct buf *b, uint64_t v) {
    uint8_t text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (uint8_t)('0' + v % 10);
        v /= 10;
    } while (v);
    buf_put(b, span_of(text + at, sizeof text - at));
}

void buf_hex(struct buf *b, struct span s) {
    for (size_t i = 0; i < s.n; i++) {
        buf_char(b, hex_digits[s.p[i] >> 4]);
        buf_char(b, hex_digits[s.p[i] & 15]);
    }
}

void buf_base64(struct buf *b, struct span s) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        size_t have = s.n - i < 3 ? s.n - i : 3;
        uint32_t v = (uint32_t)s.p[i] << 16;
        if (have > 1) v |= (uint32_t)s.p[i + 1] << 8;
        if (have > 2) v |= s.p[i + 2];
        for (size_t k = 0; k <= have; k++) buf_char(b, digits[v >> (18 - 6 * k) & 63]);
    }
}

static char short_escape(uint8_t c) {
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return 0;
    }
}

void buf_json_string(struct buf *b, struct span s) {
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        unsigned plain = (c >= 0x20) & (c != '"') & (c != '\\') & (c != 0x7f);
        now_public(&plain, sizeof plain); // the digits of a secret number are, and nothing more is looked at
        if (plain) {
            buf_char(b, (char)c);
            continue;
        }
        char esc = short_escape(c);
        if (esc) {
            buf_char(b, '\\');
            buf_char(b, esc);
        } else {
            buf_str(b, "\\u00");
            buf_hex(b, span_of(&c, 1));
        }
    }
    buf_char(b, '"');
}
