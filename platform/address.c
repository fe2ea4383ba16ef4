// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/address.h"

#include <arpa/inet.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

int address_parse(struct address *out, struct span text) {
    char copy[ADDRESS_TEXT];
    if (text.n == 0 || text.n >= sizeof copy || memchr(text.p, 0, text.n)) return 0;
    memcpy(copy, text.p, text.n);
    copy[text.n] = 0;
    memcpy(out->b, mapped, sizeof mapped);
    if (inet_pton(AF_INET, copy, out->b + 12) == 1) return 1;
    return inet_pton(AF_INET6, copy, out->b) == 1;
}

int network_parse(struct network *out, struct span text) {
    const uint8_t *slash = text.n ? memchr(text.p, '/', text.n) : NULL;
    struct span address = slash ? span_of(text.p, (size_t)(slash - text.p)) : text;
    if (!address_parse(&out->address, address)) return 0;
    out->bits = 128;
    if (!slash) return 1;
    struct span digits = span_from(text, address.n + 1);
    unsigned bits = 0, max = memchr(address.p, ':', address.n) ? 128 : 32;
    if (digits.n == 0 || digits.n > 3) return 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9') return 0;
        bits = bits * 10 + digits.p[i] - '0';
    }
    out->bits = bits + 128 - max;
    return bits <= max;
}

struct address address_of(const struct sockaddr *peer) {
    struct address a = {{0}};
    if (peer->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, peer, sizeof in);
        memcpy(a.b, mapped, sizeof mapped);
        memcpy(a.b + 12, &in.sin_addr, 4);
    } else if (peer->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, peer, sizeof in);
        memcpy(a.b, &in.sin6_addr, 16);
    }
    return a;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT]) {
    int v4 = memcmp(a->b, mapped, sizeof mapped) == 0;
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a->b + 12 : a->b, out, ADDRESS_TEXT)) *out = 0;
}

static int in_network(const struct network *n, const struct address *a) {
    unsigned whole = n->bits / 8, rest = n->bits % 8;
    if (memcmp(n->address.b, a->b, whole) != 0) return 0;
    return rest == 0 || ((n->address.b[whole] ^ a->b[whole]) >> (8 - rest)) == 0;
}

int network_has(const struct network *n, size_t count, const struct address *a) {
    for (size_t i = 0; i < count; i++) {
        if (in_network(&n[i], a)) return 1;
    }
    return 0;
}

static struct span trimmed(struct span s) {
    while (s.n && (*s.p == ' ' || *s.p == '\t')) s = span_from(s, 1);
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t')) s.n--;
    return s;
}

// Some proxies write the port too: "a.b.c.d:port", "[v6]:port".
static int hop_parse(struct address *out, struct span hop) {
    if (hop.n && *hop.p == '[') {
        const uint8_t *end = memchr(hop.p, ']', hop.n);
        return end && address_parse(out, span_of(hop.p + 1, (size_t)(end - hop.p) - 1));
    }
    const uint8_t *colon = hop.n ? memchr(hop.p, ':', hop.n) : NULL;
    if (colon && memchr(hop.p, '.', (size_t)(colon - hop.p))) hop.n = (size_t)(colon - hop.p);
    return address_parse(out, hop);
}

struct address client_of(const struct address *peer, struct span forwarded, const struct network *proxies,
                         size_t count) {
    struct address client = *peer;
    while (forwarded.n && network_has(proxies, count, &client)) {
        size_t start = forwarded.n;
        while (start && forwarded.p[start - 1] != ',') start--;
        struct address before;
        if (!hop_parse(&before, trimmed(span_from(forwarded, start)))) break;
        client = before;
        forwarded.n = start ? start - 1 : 0;
    }
    return client;
}
