// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "verify/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "board/choose.h"

// ---- while it works ----

static void bar_clear(struct report *r) {
    if (r->bar) fputs("\r\033[K", stderr);
    r->bar = 0;
}

static void keep_line(struct checker *c, const struct check_line *line) {
    struct report *r = (struct report *)c;
    bar_clear(r);
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        struct check_line *lines = realloc(r->lines, room * sizeof *lines);
        if (lines) r->lines = lines;
        unsigned *boxes = realloc(r->line_box, room * sizeof *boxes);
        if (boxes) r->line_box = boxes;
        if (!lines || !boxes) {
            fputs("plus1-verify: there is not enough memory\n", stderr);
            exit(NOT_CHECKED);
        }
        r->room = room;
    }
    r->lines[r->count] = *line;
    r->line_box[r->count++] = r->box;
}

static struct report *on_screen; // the one report with a bar

static void show_progress(struct runner *runner, uint64_t done, uint64_t total) {
    enum { WIDTH = 40 };
    char cells[WIDTH + 1];
    (void)runner;
    int full = total ? (int)(done * WIDTH / total) : WIDTH;
    for (int i = 0; i < WIDTH; i++) cells[i] = i < full ? '#' : '.';
    cells[WIDTH] = 0;
    fprintf(stderr, "\rchecking [%s] %3d %%", cells, total ? (int)(done * 100 / total) : 100);
    fflush(stderr);
    on_screen->bar = 1;
}

void report_init(struct report *r, struct runner *runner, int json) {
    memset(r, 0, sizeof *r);
    r->checker.runner = runner;
    r->checker.line = keep_line;
    r->json = json;
    if (!json && isatty(STDERR_FILENO)) {
        on_screen = r;
        runner->progress = show_progress;
    }
}

void report_release(struct report *r) {
    free(r->lines);
    free(r->line_box);
}

// ---- for machines ----

static const char *const status_names[] = {"ok", "warning", "open", "failed"};
static const char *const stage_names[] = {"new", "open", "ended", "tallied", "published"};

static void json_text(struct span s) {
    uint8_t text[4096];
    struct buf b = buf_over(text, sizeof text - 1);
    buf_json_string(&b, s);
    if (b.full) b = buf_over(text, 0), buf_str(&b, "\"\"");
    fwrite(text, 1, b.n, stdout);
}

// As Belenios writes a result: large counts in quotes.
static void json_counts(const char *field, const struct election *e, const uint64_t *counts) {
    printf(",\"%s\":", field);
    FOR_CHOICES(e, at, q, c) {
        uint8_t text[32];
        struct buf b = buf_over(text, sizeof text);
        shape_before(e, q, c, &b);
        buf_count(&b, counts[at]);
        shape_after(e, q, c, &b);
        fwrite(text, 1, b.n, stdout);
    }
}

static void json_box(const struct report_box *b) {
    fputs("{\"file\":", stdout);
    json_text(span_str(b->file));
    if (b->box && b->box->stage != BOX_NEW) {
        const struct box *x = b->box;
        const int result = b->valid && x->stage == BOX_PUBLISHED;
        fputs(",\"uuid\":", stdout);
        json_text(x->election.uuid);
        fputs(",\"name\":\"", stdout); // as it stands in the election: escaped already
        fwrite(x->election.name.p, 1, x->election.name.n, stdout);
        printf("\",\"stage\":\"%s\",\"voters\":%zu,\"ballots\":%" PRIu64 ",\"counted\":%" PRIu64 ",\"weight\":%" PRIu64,
               stage_names[x->stage], x->voter_count, x->ballots, x->counted, x->counted_weight);
        if (result) json_counts("result", &x->election, b->counts);
        if (result && b->beside.noticed.neutral) {
            json_counts("corrected", &x->election, b->corrected);
            printf(",\"correctedVoters\":%" PRIu64, x->counted - b->beside.noticed.neutral);
        }
    }
    putchar('}');
}

static void print_json(const struct report *r, enum verdict v, int readable, const struct report_box *boxes, unsigned n,
                       const uint64_t *result) {
    const char *verdict = v == VALID ? "valid" : v == INVALID ? "invalid" : readable ? "unsupported" : "unreadable";
    printf("{\"verdict\":\"%s\",\"boxes\":[", verdict);
    for (unsigned i = 0; i < n; i++) {
        if (i) putchar(',');
        json_box(&boxes[i]);
    }
    putchar(']');
    if (result && boxes[0].box) json_counts("result", &boxes[0].box->election, result);
    printf(",\"warnings\":%u,\"checks\":[", r->checker.warnings);
    for (size_t i = 0; i < r->count; i++) {
        const struct check_line *l = &r->lines[i];
        printf("%s{\"box\":%u,\"category\":\"%s\",\"id\":\"%s\",\"status\":\"%s\",\"text\":", i ? "," : "",
               r->line_box[i], check_category_name(l->category), l->id, status_names[l->status]);
        json_text(span_str(l->text));
        if (l->status == CHECK_FAILED) {
            printf(",\"error\":\"%s\",\"place\":", p1_err_name(l->err));
            json_text(span_str(l->place));
        }
        putchar('}');
    }
    puts("]}");
}

// ---- for people ----

static const char *mark(enum check_status s) {
    static const char *const marks[] = {"  ok   ", "  note ", "  open ", "  FAIL "};
    return marks[s];
}

static void print_lines(const struct report *r, unsigned box) {
    for (int category = 0; category < CHECK_CATEGORIES; category++) {
        int titled = 0;
        for (size_t i = 0; i < r->count; i++) {
            const struct check_line *l = &r->lines[i];
            if ((int)l->category != category || r->line_box[i] != box) continue;
            if (!titled) printf("%s\n", check_category_name(l->category));
            titled = 1;
            printf("%s%s\n", mark(l->status), l->text);
            if (l->place[0]) printf("       at %s (%s)\n", l->place, p1_err_name(l->err));
        }
    }
}

static void print_text(struct span raw) {
    uint8_t text[4096];
    struct buf b = buf_over(text, sizeof text);
    json_unescape(&b, raw);
    utf8_disarm(text, b.n);
    fwrite(text, 1, b.n, stdout);
}

static void print_counts(const struct election *e, const uint64_t *counts) {
    enum { WIDTH = 30 };
    uint64_t most = 1;
    for (unsigned i = 0; i < e->choice_count; i++) {
        if (counts[i] > most) most = counts[i];
    }
    FOR_CHOICES(e, at, q, c) {
        uint8_t text[256];
        struct buf name = buf_over(text, sizeof text);
        if (c == 0) {
            fputs("  ", stdout);
            print_text(e->questions[q].text);
            putchar('\n');
        }
        choice_text(&e->questions[q], c, &name);
        utf8_disarm(text, name.n);
        printf("    %10" PRIu64 " ", counts[at]);
        int cells = (int)((double)counts[at] * WIDTH / (double)most);
        for (int i = 0; i < WIDTH; i++) fputs(i < cells ? "█" : " ", stdout);
        printf(" %.*s\n", (int)name.n, (const char *)text);
    }
}

// Figures are shown of a box that is right only: a false count, once read, is remembered.
static void print_box(const struct report *r, const struct report_box *b, unsigned number, unsigned n) {
    if (n > 1) printf("\n== %s ==\n", b->file);
    print_lines(r, number);
    const struct box *x = b->box;
    if (!b->valid || !x) return;
    fputs("\n", stdout);
    print_text(x->election.name);
    printf(": %zu voter%s, %" PRIu64 " voted (%.1f %%), %" PRIu64 " ballot%s in the box.\n", x->voter_count,
           x->voter_count == 1 ? "" : "s", x->counted, 100.0 * (double)x->counted / (double)x->voter_count, x->ballots,
           x->ballots == 1 ? "" : "s");
    if (x->stage != BOX_PUBLISHED) return;
    print_counts(&x->election, b->counts);
    if (!b->beside.noticed.neutral) return;
    printf("\nCorrected for %" PRIu64 " withdrawn votes (%" PRIu64 " voted); Belenios shows the figures above:\n",
           b->beside.noticed.neutral, x->counted - b->beside.noticed.neutral);
    print_counts(&x->election, b->corrected);
}

static void print_summary(const struct report *r, enum verdict v, int readable) {
    unsigned ok = 0, open = 0;
    for (size_t i = 0; i < r->count; i++) {
        ok += r->lines[i].status == CHECK_OK;
        open += r->lines[i].status == CHECK_OPEN;
    }
    if (v == VALID && open) {
        printf("\nVALID as far as it goes: %u checks passed, %u parts are still to come, %u warnings.\n", ok, open,
               r->checker.warnings);
    } else if (v == VALID) {
        printf("\nVALID: %u checks passed, %u warnings. Whoever counts these ballots finds this result.\n", ok,
               r->checker.warnings);
    } else if (v == INVALID) {
        puts("\nINVALID: see the line marked FAIL. Do not trust this count; ask the municipality, and show them this "
             "report.");
    } else {
        printf("\nNOT CHECKED: %s.\n",
               readable ? "this needs something that is not yet supported" : "this could not be read as an archive");
    }
}

void report_print(const struct report *r, enum verdict v, const struct report_box *boxes, unsigned n,
                  const uint64_t *sum) {
    int readable = 1;
    for (unsigned i = 0; i < n; i++) readable = readable && boxes[i].box;
    for (size_t i = 0; i < r->count; i++) readable = readable && r->lines[i].err != P1_ERR_ARCHIVE_NOT;
    const int published = boxes[0].box && boxes[0].box->stage == BOX_PUBLISHED;
    const uint64_t *result = n == 1 && v == VALID && published ? boxes[0].counts : sum;
    if (r->json) {
        print_json(r, v, readable, boxes, n, result);
        return;
    }
    for (unsigned i = 0; i < n; i++) print_box(r, &boxes[i], i + 1, n);
    if (n > 1) {
        puts("\n== together ==");
        print_lines(r, 0);
        if (sum) print_counts(&boxes[0].box->election, sum);
    }
    print_summary(r, v, readable);
}
