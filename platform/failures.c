// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "platform/failures.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

enum { SETS = 1024, WAYS = 8, HOUR_S = 3600 };

// Each failure weighs HOUR_S, and AN_HOUR of them fade in a second: so the count of whoever fails AN_HOUR times an hour stands still.
struct source {
    struct address network;
    int64_t weight, at; // as it was at this second
};

struct failures {
    pthread_mutex_t lock;
    int64_t an_hour;
    uint64_t key; // so that nobody outside knows which addresses share a set
    struct source source[SETS][WAYS];
};

struct failures *failures_new(unsigned an_hour) {
    struct failures *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    pthread_mutex_init(&f->lock, NULL);
    f->an_hour = an_hour;
    if (getrandom(&f->key, sizeof f->key, 0) != (ssize_t)sizeof f->key) f->key = (uint64_t)(uintptr_t)f;
    return f;
}

void failures_free(struct failures *f) {
    if (!f) return;
    pthread_mutex_destroy(&f->lock);
    free(f);
}

static struct address network_of(const struct address *from) {
    static const uint8_t v4[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct address n = *from;
    if (memcmp(n.b, v4, sizeof v4) != 0) memset(n.b + 8, 0, 8);
    return n;
}

// Mixed as splitmix64 does.
static size_t set_of(const struct failures *f, const struct address *network) {
    uint64_t half[2], v = f->key;
    memcpy(half, network->b, sizeof half);
    for (int i = 0; i < 2; i++) {
        v = (v ^ half[i]) + 0x9e3779b97f4a7c15u;
        v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9u;
        v = (v ^ v >> 27) * 0x94d049bb133111ebu;
        v ^= v >> 31;
    }
    return (size_t)(v % SETS);
}

static int64_t weight_at(const struct failures *f, const struct source *s, int64_t now_s) {
    int64_t left = s->weight - (now_s - s->at) * f->an_hour;
    return left > 0 ? left : 0;
}

// Its place; if there is none, that of the one with the least.
static struct source *find(struct failures *f, const struct address *network, int64_t now_s, int *known) {
    struct source *set = f->source[set_of(f, network)], *least = set;
    *known = 1;
    for (int i = 0; i < WAYS; i++) {
        if (memcmp(set[i].network.b, network->b, 16) == 0) return &set[i];
        if (weight_at(f, &set[i], now_s) < weight_at(f, least, now_s)) least = &set[i];
    }
    *known = 0;
    return least;
}

void failures_add(struct failures *f, const struct address *from, int64_t now_s) {
    struct address network = network_of(from);
    int known;
    if (!f->an_hour) return;
    pthread_mutex_lock(&f->lock);
    struct source *s = find(f, &network, now_s, &known);
    *s = (struct source){network, (known ? weight_at(f, s, now_s) : 0) + HOUR_S, now_s};
    pthread_mutex_unlock(&f->lock);
}

unsigned failures_wait(struct failures *f, const struct address *from, int64_t now_s) {
    struct address network = network_of(from);
    int64_t over = 0;
    int known;
    pthread_mutex_lock(&f->lock);
    struct source *s = find(f, &network, now_s, &known);
    if (known) over = weight_at(f, s, now_s) - (f->an_hour - 1) * HOUR_S; // may it fail once more?
    pthread_mutex_unlock(&f->lock);
    return over > 0 ? (unsigned)((over + f->an_hour - 1) / f->an_hour) : 0;
}
