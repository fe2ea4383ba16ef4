// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Question papers as people bring them (cli/paper.h, cli/eml.h). What is taken is written as a paper that is read again to the same,
// and that makes an election.

#include "cli/eml.h"
#include "core/election.h"
#include "tests/fuzz/fuzz.h"

enum how { PAPER, STEMAPP, EML, KINDS };

static enum p1_exit take(enum how how, struct span text, struct paper *out, struct issues *issues) {
    *out = (struct paper){0};
    if (how == PAPER) return paper_read(text, out, issues);
    return how == STEMAPP ? paper_import_stemapp(text, out, issues) : eml_import(text, out, issues);
}

static struct buf written(const struct paper *paper) {
    size_t room = paper_size_max(paper);
    struct buf out = buf_over(fuzz_alloc(room), room);
    paper_write(paper, &out);
    HOLDS(buf_done(&out) == P1_OK);
    return out;
}

// The election's own reader takes the questions.
static void makes_an_election(struct span paper) {
    static struct question questions[P1_QUESTIONS_MAX];
    unsigned count;
    struct json j = json_of(paper);
    struct span ignored;
    HOLDS(json_take(&j, "{\"description\":") && json_quoted(&j, &ignored) == P1_OK);
    HOLDS(json_take(&j, ",\"name\":") && json_quoted(&j, &ignored) == P1_OK);
    HOLDS(json_take(&j, ",\"questions\":") && questions_parse(&j, questions, &count) == P1_OK);
}

void fuzz_one(struct span in) {
    static FILE *nowhere;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    struct paper paper, again;
    struct issues issues = {0};
    enum how how = take_u8(&in) % KINDS;
    enum p1_exit e = take(how, in, &paper, &issues);
    HOLDS((e == P1_EXIT_DONE) == (issues.errors == 0));
    HOLDS(e != P1_EXIT_USAGE);
    issues_sort(&issues);
    if (nowhere) issues_print(&issues, nowhere);
    issues_release(&issues);
    if (e == P1_EXIT_DONE) {
        struct buf first = written(&paper), second;
        if (nowhere) paper_print(&paper, nowhere);
        makes_an_election(buf_span(&first));
        HOLDS(take(PAPER, buf_span(&first), &again, &issues) == P1_EXIT_DONE);
        second = written(&again);
        HOLDS(span_eq(buf_span(&first), buf_span(&second)));
        issues_release(&issues);
        paper_release(&again);
        free(first.p);
        free(second.p);
    }
    paper_release(&paper);
}
