// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The result: published from the trustees' shares, shown per municipality and together.

#include <inttypes.h>
#include <stdlib.h>

#include "board/choose.h"
#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/served.h"
#include "cli/text.h"

// ---- publish ----

static enum p1_exit count_all(struct boxfile *f, uint64_t *counts, const struct ciphertext *tally,
                              const struct elem *factors) {
    const struct box *b = f->box;
    struct dlog d;
    void *table = mem_alloc(dlog_table_bytes(b->counted_weight));
    enum p1_err err = P1_OK;
    dlog_init(&d, &b->election.group, b->counted_weight, table, f->runner->work);
    for (unsigned i = 0; i < b->election.choice_count && err == P1_OK; i++)
        err = dlog_find(&d, &b->election.group, &tally[i], &factors[i], b->counted_weight, &counts[i], f->runner->work);
    free(table);
    return err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "%s: %s", f->shown, p1_err_text(err));
}

static enum p1_exit missing_shares(const struct boxfile *f, const struct quorum *q) {
    const struct trustee_item *item = &f->box->trustees.item[q->missing_item];
    int have = __builtin_popcountll(q->present >> item->first & (((uint64_t)1 << (item->count - 1) << 1) - 1));
    if (!item->threshold)
        return refuse(P1_EXIT_REFUSED, "%s cannot be opened yet: the share of trustee %u is missing", f->shown,
                      item->first + 1);
    return refuse(P1_EXIT_REFUSED, "%s cannot be opened yet: of trustees %u to %u, %u must give a share, and %d did",
                  f->shown, item->first + 1, item->first + item->count, item->threshold, have);
}

static enum p1_exit publish(struct boxfile *f) {
    const struct election *e = &f->box->election;
    struct quorum q = {0};
    uint64_t bad, *counts = mem_alloc(e->choice_count * sizeof *counts);
    struct ciphertext *tally = mem_alloc(e->choice_count * sizeof *tally);
    struct elem *factors = mem_alloc(e->choice_count * sizeof *factors);
    enum p1_err why, err = tally_parse(e, f->box->tally, tally, f->runner->work);
    enum p1_exit result = P1_EXIT_DONE;
    if (err == P1_OK) err = box_open(f->box, tally, factors, &q, &bad, &why, f->runner);
    if (err == P1_ERR_SHARES_MISSING) {
        result = missing_shares(f, &q);
    } else if (err != P1_OK) {
        result = refuse(P1_EXIT_REFUSED, "%s: %s", f->shown, p1_err_text(err));
    } else {
        result = count_all(f, counts, tally, factors);
    }
    if (result == P1_EXIT_DONE) {
        size_t room = 64 + (size_t)e->choice_count * 32;
        struct buf text = buf_over(mem_alloc(room), room);
        result_write(e, counts, &text);
        const struct span record = buf_span(&text);
        result = boxfile_append(f, EVENT_RESULT, &record, 1);
        free(text.p);
    }
    free(counts);
    free(tally);
    free(factors);
    if (result == P1_EXIT_DONE)
        printf("%s: the result is published. Check it: %splus1-verify %s\n", f->shown,
               f->shown == f->path ? "" : "plus1 export, then ", f->shown == f->path ? f->path : "UUID.bel");
    return result;
}

static enum p1_exit publish_now(struct boxfile *f, const struct args *args) {
    (void)args;
    if (f->box->stage == BOX_TALLIED) return publish(f);
    return refuse(P1_EXIT_REFUSED, "%s: there is nothing to publish now: %s", f->shown, stage_words(f->box->stage));
}

static enum p1_exit result_publish(const struct args *args) { return with_box(args, ARCHIVE_APPEND, 0, publish_now); }

const struct command command_result_publish = {"result",
                                               "publish",
                                               "--data=DIR BOX.bel",
                                               "Opens the box with the trustees' shares and adds the result.\n"
                                               "With --data DIR the box is one of the server that runs there, named by "
                                               "its UUID.",
                                               "plus1 result publish emmen/UUID.bel",
                                               result_publish};

// ---- show ----

enum { BAR = 24, NAME = 18 };

struct shown {
    struct boxfile *boxes;
    uint64_t (*counts)[P1_CHOICES_MAX];
    char **names;
    size_t n;
};

static void bar(uint64_t part, uint64_t whole) {
    int full = whole ? (int)((double)part * BAR / (double)whole + 0.5) : 0;
    for (int i = 0; i < BAR; i++) fputs(i < full ? "█" : "·", stdout);
}

static double percent(uint64_t part, uint64_t whole) { return whole ? 100.0 * (double)part / (double)whole : 0; }

// A text in so many columns: cut off, or filled with spaces. Counts characters, not bytes.
static void column(const char *text, int width) {
    for (; *text && width > 0; width--) {
        size_t n = utf8_length(span_str(text));
        if (n == 0) n = 1;
        fwrite(text, 1, n, stdout);
        text += n;
    }
    while (width-- > 0) putchar(' ');
}

static void show_turnout(const struct shown *s) {
    uint64_t voters = 0, voted = 0;
    puts("Turnout");
    for (size_t i = 0; i < s->n; i++) {
        const struct box *b = s->boxes[i].box;
        voters += b->voter_count;
        voted += b->counted;
        fputs("  ", stdout);
        column(s->names[i], NAME);
        fputs(" ", stdout);
        bar(b->counted, b->voter_count);
        printf(" %6" PRIu64 " of %6zu  %5.1f %%\n", b->counted, b->voter_count, percent(b->counted, b->voter_count));
    }
    if (s->n == 1) return;
    fputs("  ", stdout);
    column("together", NAME);
    fputs(" ", stdout);
    bar(voted, voters);
    printf(" %6" PRIu64 " of %6" PRIu64 "  %5.1f %%\n", voted, voters, percent(voted, voters));
}

// One answer: the total with its bar, then the boxes it is made of.
static void show_choice(const struct shown *s, const struct question *q, unsigned c, unsigned at, uint64_t weight) {
    char text[256];
    struct buf b = buf_over(text, sizeof text - 1);
    uint64_t sum = 0;
    choice_text(q, c, &b);
    utf8_disarm((uint8_t *)text, b.n);
    text[b.n] = 0;
    for (size_t i = 0; i < s->n; i++) sum += s->counts[i][at];
    fputs("  ", stdout);
    column(text, NAME);
    fputs(" ", stdout);
    bar(sum, weight);
    printf(" %6" PRIu64 "  %5.1f %%", sum, percent(sum, weight));
    for (size_t i = 0; i < s->n && s->n > 1; i++) printf("%s%" PRIu64, i ? " + " : "  = ", s->counts[i][at]);
    putchar('\n');
}

static void show_result(const struct shown *s) {
    const struct election *e = &s->boxes[0].box->election;
    uint64_t weight = 0;
    for (size_t i = 0; i < s->n; i++) weight += s->boxes[i].box->counted_weight;
    FOR_CHOICES(e, at, q, c) {
        if (c == 0) {
            uint8_t text[1024];
            struct buf b = buf_over(text, sizeof text);
            json_unescape(&b, e->questions[q].text);
            utf8_disarm(text, b.n);
            printf("\n%.*s\n", (int)b.n, (const char *)b.p);
        }
        show_choice(s, &e->questions[q], c, at, weight);
    }
}

static void keep_quiet(struct checker *c, const struct check_line *line) {
    (void)c;
    if (line->status == CHECK_FAILED) (void)refuse(P1_EXIT_REFUSED, "%s (%s)", line->text, line->place);
}

static enum p1_exit open_all(struct shown *s, const struct args *args, struct runner *r) {
    struct checker joint = {.runner = r, .line = keep_quiet};
    uint64_t *sum = mem_alloc(P1_CHOICES_MAX * sizeof *sum);
    const struct box **boxes = mem_alloc(args->file_count * sizeof *boxes);
    const uint64_t **counts = mem_alloc(args->file_count * sizeof *counts);
    enum p1_exit e = P1_EXIT_DONE;
    int complete = 0;
    while (e == P1_EXIT_DONE && s->n < args->file_count) {
        struct boxfile *f = &s->boxes[s->n];
        e = boxfile_open(f, args->files[s->n], ARCHIVE_READ, 0, r);
        if (e != P1_EXIT_DONE) break;
        s->names[s->n] = boxfile_name(f);
        if (f->box->stage == BOX_PUBLISHED && result_parse(&f->box->election, f->box->result, s->counts[s->n]) != P1_OK)
            e = refuse(P1_EXIT_REFUSED, "%s: %s", f->path, p1_err_text(P1_ERR_RESULT_FORM));
        boxes[s->n] = f->box;
        counts[s->n] = s->counts[s->n];
        s->n++;
    }
    if (e == P1_EXIT_DONE && check_joint(&joint, boxes, counts, (unsigned)s->n, sum, &complete) != P1_OK)
        e = P1_EXIT_REFUSED;
    if (e == P1_EXIT_DONE) show_turnout(s);
    if (e == P1_EXIT_DONE && complete) show_result(s);
    if (e == P1_EXIT_DONE && !complete) puts("\nThere is no result of all boxes yet.");
    free(sum);
    free(boxes);
    free(counts);
    return e;
}

static enum p1_exit result_show(const struct args *args) {
    struct runner *r = runner_new();
    struct shown s = {0};
    s.boxes = mem_alloc(args->file_count * sizeof *s.boxes);
    s.counts = mem_alloc(args->file_count * sizeof *s.counts);
    s.names = mem_alloc(args->file_count * sizeof *s.names);
    enum p1_exit e = open_all(&s, args, r);
    for (size_t i = 0; i < s.n; i++) {
        free(s.names[i]);
        boxfile_close(&s.boxes[i]);
    }
    free(s.boxes);
    free(s.counts);
    free(s.names);
    pool_free(r);
    return e;
}

const struct command command_result_show = {
    "result",
    "show",
    "BOX.bel..",
    "Shows turnout and result, of one box or of a joint vote. It does not check the proofs: plus1-verify does.",
    "plus1 result show almelo/A.bel emmen/B.bel",
    result_show};
