// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// One ballot: is it in the box, does it count, what is in it.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "board/choose.h"
#include "verify/map.h"
#include "verify/report.h"
#include "verify/verify.h"

struct query {
    const char *file, *ballot;
    uint8_t seed[32];
    int has_seed;
    char *choices[P1_QUESTIONS_MAX * 4];
    unsigned choice_count;

    struct span json; // the ballot's text, once found
    uint64_t height;  // of its event
    int in_box, counts;
    uint64_t later; // ballots of the same credential after it
};

static int parse_args(struct query *q, char **args, int n) {
    memset(q, 0, sizeof *q);
    if (n < 2) return 0;
    q->file = args[0];
    q->ballot = args[1];
    for (int i = 2; i < n; i += 2) {
        if (i + 1 == n) return 0;
        if (strcmp(args[i], "--seed") == 0) {
            if (hash_decode(q->seed, span_str(args[i + 1])) != P1_OK) return 0;
            q->has_seed = 1;
        } else if (strcmp(args[i], "--choose") == 0 && q->choice_count < sizeof q->choices / sizeof *q->choices) {
            q->choices[q->choice_count++] = args[i + 1];
        } else {
            return 0;
        }
    }
    return q->choice_count == 0 || q->has_seed;
}

// Reads all events, keeping an eye on the ballot that is asked for.
static enum p1_err find_ballot(struct query *q, struct box *b, struct span file, struct work *w) {
    struct event ev;
    struct span credential = {0};
    TRY(chain_begin(&b->chain, file));
    for (int more;;) {
        TRY(chain_next(&b->chain, file, &ev, &more));
        if (!more) return P1_OK;
        TRY(box_apply(b, &ev, w));
        if (ev.type != EVENT_BALLOT) continue;
        char tracker[P1_HASH64];
        struct span json = ev.record[0].content, other;
        hash64(tracker, json);
        TRY(ballot_credential(json, &other));
        if (span_eq(span_str(q->ballot), span_of(tracker, P1_HASH64)) || (q->json.n && span_eq(q->json, json))) {
            q->json = json;
            q->height = ev.height;
            q->in_box = 1;
            credential = other;
        } else if (q->in_box && span_eq(other, credential)) {
            q->later++;
        }
    }
}

static int say_place(const struct query *q, const struct box *b) {
    if (!q->in_box) {
        printf("NO: this ballot is not in the box (%" PRIu64 " ballots, %s).\n", b->ballots,
               b->stage == BOX_OPEN ? "voting still goes on" : "voting has ended");
        return 0;
    }
    printf("In the box: event %" PRIu64 ". ", q->height);
    if (q->later == 0) {
        puts(b->stage == BOX_OPEN ? "It is the last one of this voter: it counts, unless the voter votes again."
                                  : "It is the last one of this voter: it counts.");
    } else {
        printf("It does not count: the voter voted %" PRIu64 " more time%s after it.\n", q->later,
               q->later == 1 ? "" : "s");
    }
    return q->later == 0;
}

static void say_choices(const struct election *e, const uint8_t *choices) {
    FOR_CHOICES(e, at, q, c) {
        uint8_t text[4096];
        struct buf b = buf_over(text, sizeof text);
        if (c == 0) {
            json_unescape(&b, e->questions[q].text);
            utf8_disarm(text, b.n);
            printf("  %.*s\n", (int)b.n, (const char *)text);
            b = buf_over(text, sizeof text);
        }
        if (!choices[at]) continue;
        choice_text(&e->questions[q], c, &b);
        utf8_disarm(text, b.n);
        printf("    %.*s\n", (int)b.n, (const char *)text);
    }
}

// 1 yes, 0 no, -1 the choices that were named are not on the paper
static int say_content(const struct query *q, const struct election *e, struct work *w) {
    static uint8_t found[P1_CHOICES_MAX], named[P1_CHOICES_MAX];
    size_t room = ballot_size_max(e);
    uint8_t *memory = malloc(room);
    if (!memory) return 0;
    struct buf space = buf_over(memory, room);
    enum p1_err err = ballot_open_vartime(e, q->json, q->seed, found, &space, w);
    free(memory);
    if (err != P1_OK) {
        printf("NO: %s.\n", p1_err_text(err));
        return 0;
    }
    puts("With this seed it is made again, byte for byte. It holds:");
    say_choices(e, found);
    for (unsigned i = 0; i < q->choice_count; i++) {
        err = choose(e, span_str(q->choices[i]), named);
        if (err == P1_OK) continue;
        fprintf(stderr, "plus1-verify: \"%s\": %s\n", q->choices[i], p1_err_text(err));
        return -1;
    }
    if (q->choice_count == 0) return 1;
    int same = memcmp(found, named, e->choice_count) == 0;
    puts(same ? "YES: these are the choices that you named." : "NO: these are not the choices that you named.");
    return same;
}

// The ballot's own signature and proofs; those of the others are for the check of the whole archive.
static int is_right(const struct query *q, const struct box *b, struct work *w) {
    struct ballot ballot;
    enum p1_err err = ballot_parse(&ballot, &b->election.group.q, q->json);
    if (err == P1_OK) err = ballot_check(&b->election, &ballot, NULL, w);
    if (err != P1_OK) printf("NO: this ballot is in the box, but it is not right: %s.\n", p1_err_text(err));
    return err == P1_OK;
}

static int answer(struct query *q, struct runner *runner, struct box *b, struct span file) {
    struct map ballot_file = {0};
    int from_file = map_open(&ballot_file, q->ballot) == 0 && ballot_file.file.n;
    if (from_file) {
        q->json = ballot_file.file;
        if (q->json.p[q->json.n - 1] == '\n') q->json.n--;
    }
    enum p1_err err = find_ballot(q, b, file, runner->work);
    if (err != P1_OK) {
        fprintf(stderr, "plus1-verify: %s: %s\n", q->file, p1_err_text(err));
        return check_unsupported(err) || err == P1_ERR_ARCHIVE_NOT ? NOT_CHECKED : INVALID;
    }
    if (q->in_box && !is_right(q, b, runner->work)) return INVALID;
    int counts = say_place(q, b);
    if (!q->has_seed) return counts ? VALID : INVALID;
    if (!q->json.n) return INVALID;
    int right = say_content(q, &b->election, runner->work);
    return right < 0 ? -1 : right ? VALID : INVALID;
}

int verify_ballot(struct runner *runner, char **args, int n) {
    struct query q;
    struct map map;
    if (!parse_args(&q, args, n)) return -1;
    int err = map_open(&map, q.file);
    if (err) {
        fprintf(stderr, "plus1-verify: %s cannot be opened: %s\n", q.file, strerror(err));
        return NOT_CHECKED;
    }
    struct box *b = malloc(sizeof *b);
    if (!b) return NOT_CHECKED;
    box_init(b);
    int status = answer(&q, runner, b, map.file);
    box_release(b);
    free(b);
    return status;
}
