// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Whatever comes in on a connection: the input is sent as it is, to the server with all its routes. What is answered is whole, and
// never an error of ours; and the next one to ask is served.

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/served.h"

static int served;

// A HEAD is answered without a body; which of several requests this is cannot be known, so that they are then only read.
static int may_be_head(struct span in) {
    for (size_t i = 0; i + 4 <= in.n; i++) {
        if (memcmp(in.p + i, "HEAD", 4) == 0) return 1;
    }
    return 0;
}

// Is there an answer, or an end? libmicrohttpd does not see the end of a connection that came together with bytes, and goes on waiting
// for more: that may not be waited for.
static int has_said(int fd) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 3) > 0;
}

static void drain(int fd) {
    uint8_t waste[4096];
    while (has_said(fd) && recv(fd, waste, sizeof waste, 0) > 0) continue;
}

void fuzz_one(struct span in) {
    struct answer a;
    if (!served) served = served_start() != NULL;
    int fd = served_connect(), ends = 0;
    size_t sent = 0;
    // The server may have closed already; that is for it to decide.
    while (sent < in.n) {
        ssize_t n = send(fd, in.p + sent, in.n - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += (size_t)n;
    }
    (void)shutdown(fd, SHUT_WR);
    if (may_be_head(in)) {
        drain(fd);
        ends = 1;
    }
    while (!ends && has_said(fd) && served_answer(fd, 0, &a)) {
        HOLDS(a.status >= 100 && a.status != 500 && a.status != 507);
        ends = a.closes;
        served_release(&a);
    }
    close(fd);
}
