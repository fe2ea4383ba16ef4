// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Addresses of clients and proxies.
#ifndef P1_ADDRESS_H
#define P1_ADDRESS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/span.h"

// Always 16 bytes: IPv4 as ::ffff:a.b.c.d, so that an address has one form.
struct address {
    uint8_t b[16];
};

enum { ADDRESS_TEXT = INET6_ADDRSTRLEN };

struct network {
    struct address address;
    unsigned bits;
};

// Each is 1, or 0 if the text is none.
int address_parse(struct address *out, struct span text);
int network_parse(struct network *out, struct span text); // "10.0.0.0/8"; an address is a network of one

struct address address_of(const struct sockaddr *peer);
void address_text(const struct address *a, char out[ADDRESS_TEXT]);
int network_has(const struct network *n, size_t count, const struct address *a);

// Who sent a request that PEER brought. Where PEER is a listed proxy, it is the last address of X-Forwarded-For that is not
// one: those before it could have been written by anybody. FORWARDED is the field, its lines joined by commas.
struct address client_of(const struct address *peer, struct span forwarded, const struct network *proxies,
                         size_t count);

#endif
