// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Elections that Belenios made, and changed copies of them in which one thing is wrong: the verdict is that of their index. In
// $P1_FIXTURES/belenios or tests/vectors/belenios; where neither is, the tests are skipped. Run from the root of the repository.

#include "board/check.h"
#include "board/pool.h"
#include "tests/unit/board_helpers.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static char folder[1000];
static struct runner *runner;

// To be freed; empty (with a null) if there is no such file.
static struct span read_file(const char *name) {
    char path[2000];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) return span_of(NULL, 0);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long n = ftell(f);
    assert_true(n >= 0);
    rewind(f);
    uint8_t *p = malloc((size_t)n + 1);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, (size_t)n, f), (size_t)n);
    fclose(f);
    p[n] = 0;
    return span_of(p, (size_t)n);
}

static int setup(void **state) {
    (void)state;
    const char *fixtures = getenv("P1_FIXTURES");
    snprintf(folder, sizeof folder, "%s/belenios", fixtures ? fixtures : "tests/vectors");
    runner = pool_new(0);
    return runner ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    pool_free(runner);
    return 0;
}

// A line of an index: its first fields. Skips the heading. Returns 0 at the end.
struct row {
    char field[4][100];
};

static int next_row(char **text, struct row *row) {
    if (!**text) return 0;
    size_t n = strcspn(*text, "\n");
    char *at = *text, *end = at + n;
    memset(row, 0, sizeof *row);
    for (unsigned i = 0; i < 4 && at < end; i++) {
        size_t field_n = strcspn(at, "\t\n");
        snprintf(row->field[i], sizeof row->field[i], "%.*s", (int)field_n, at);
        at += field_n + 1;
    }
    *text = *end ? end + 1 : end;
    return 1;
}

// List and preferential questions are not supported.
static int is_unsupported(const char *name) {
    static const char *const endings[] = {"-nh", "-mj"};
    for (unsigned i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (strlen(name) >= n && strcmp(name + strlen(name) - n, endings[i]) == 0) return 1;
    }
    return 0;
}

// An index without its heading. To be freed.
static char *read_index(const char *name) {
    struct span text = read_file(name);
    if (!text.p) {
        print_message("no %s/%s\n", folder, name);
        skip();
    }
    ENSURE(text.p);
    char *rows = (char *)text.p;
    size_t heading = strcspn(rows, "\n") + 1;
    memmove(rows, rows + heading, text.n - heading + 1);
    return rows;
}

// The result in result.json, white space taken out, is the record of the archive.
static void assert_result(const char *name, struct span record) {
    char path[200];
    snprintf(path, sizeof path, "valid/%s/result.json", name);
    struct span text = read_file(path);
    ENSURE(text.p);
    char *p = (char *)text.p, *to = p;
    for (const char *from = p; *from; from++) {
        if (!isspace((unsigned char)*from)) *to++ = *from;
    }
    *to = 0;
    char expected[4096];
    snprintf(expected, sizeof expected, "%.*s", (int)record.n - 2, (const char *)record.p + 1); // without braces
    assert_non_null(strstr(p, expected));
    free(p);
}

static void judge_stage(const char *name, const char *stage, enum box_stage reached) {
    char path[200];
    snprintf(path, sizeof path, "valid/%s/%s.bel", name, stage);
    struct span file = read_file(path);
    assert_non_null(file.p);
    struct judged *j = judge(file, runner);
    if (is_unsupported(name)) {
        assert_true(check_unsupported(j->err));
    } else {
        if (j->err != P1_OK) print_error("%s: %s\n", path, p1_err_name(j->err));
        assert_int_equal(j->err, P1_OK);
        assert_int_equal(j->box->stage, reached);
        assert_int_equal(lines_with(j, CHECK_FAILED), 0);
        if (reached == BOX_PUBLISHED) assert_result(name, j->box->result);
    }
    free_judged(j);
    span_free(file);
}

// The finite fields are slow, and a shorter stage is the beginning of the longer one.
static void compare_stage(const char *name, const char *stage) {
    char path[2][200];
    snprintf(path[0], sizeof path[0], "valid/%s/%s.bel", name, stage);
    snprintf(path[1], sizeof path[1], "valid/%s/election.bel", name);
    struct span part = read_file(path[0]), file = read_file(path[1]);
    assert_non_null(part.p);
    assert_non_null(file.p);
    assert_true(part.n < file.n);
    assert_memory_equal(part.p, file.p, part.n);
    span_free(part);
    span_free(file);
}

static void elections_of_belenios_are_valid_in_every_stage(void **state) {
    (void)state;
    char *rows = read_index("valid/INDEX.tsv"), *at = rows;
    struct row row;
    unsigned n = 0;
    while (next_row(&at, &row)) {
        judge_stage(row.field[0], "stage1-setup", BOX_OPEN);
        if (strcmp(row.field[1], "Ed25519") == 0) {
            judge_stage(row.field[0], "stage2-ballots", BOX_OPEN);
        } else {
            compare_stage(row.field[0], "stage2-ballots");
        }
        judge_stage(row.field[0], "election", BOX_PUBLISHED);
        n++;
    }
    assert_true(n > 0);
    free(rows);
}

// Why each changed archive is refused.
static const struct {
    const char *name;
    enum p1_err why;
} reasons[] = {
    {"indiv-proof-response", P1_ERR_BALLOT_INDIVIDUAL},
    {"overall-proof-response", P1_ERR_BALLOT_OVERALL},
    {"blank-proof-response", P1_ERR_BALLOT_BLANK},
    {"signature-response", P1_ERR_BALLOT_SIGNATURE},
    {"signature-hash-wrong", P1_ERR_BALLOT_HASH},
    {"signature-missing", P1_ERR_BALLOT_UNSIGNED},
    {"ballot-wrong-uuid", P1_ERR_BALLOT_ELECTION},
    {"ballot-wrong-election-hash", P1_ERR_BALLOT_ELECTION_HASH},
    {"answer-missing", P1_ERR_BALLOT_ANSWERS},
    {"overall-proof-extra-disjunct", P1_ERR_BALLOT_PROOF_LENGTH},
    {"choices-extra", P1_ERR_BALLOT_CHOICES},
    {"double-vote-2-minus1", P1_ERR_BALLOT_INDIVIDUAL},
    {"swap-credentials", P1_ERR_BALLOT_INDIVIDUAL},
    {"unknown-credential", P1_ERR_BALLOT_STRANGER},
    {"duplicate-ballot", P1_ERR_BALLOT_TWICE},
    {"scalar-ge-q", P1_ERR_SCALAR_RANGE},
    {"challenge-ge-q", P1_ERR_SCALAR_RANGE},
    {"scalar-ge-q-canonical-sig", P1_ERR_SCALAR_RANGE},
    {"scalar-leading-zero", P1_ERR_SCALAR_FORM},
    {"scalar-leading-zero-canonical-sig", P1_ERR_SCALAR_FORM},
    {"json-whitespace", P1_ERR_JSON},
    {"json-field-order", P1_ERR_JSON},
    {"point-uppercase-hex", P1_ERR_ELEM_FORM},
    {"alpha-order2-component-cancelling", P1_ERR_ELEM_SUBGROUP},
    {"alpha-order8-within-ballot", P1_ERR_ELEM_SUBGROUP},
    {"alpha-not-on-curve", P1_ERR_ELEM_FIELD},
    {"noncanonical-identity-y", P1_ERR_ELEM_FORM},
    {"tally-num-tallied", P1_ERR_TALLY_COUNT},
    {"ballot-dropped-rechained", P1_ERR_TALLY},
    {"tally-plus-one", P1_ERR_TALLY},
    {"weights-ignored", P1_ERR_TALLY},
    {"pd-proof-response", P1_ERR_SHARE},
    {"pd-factor", P1_ERR_SHARE},
    {"pd-missing", P1_ERR_SHARES_MISSING},
    {"result-wrong", P1_ERR_RESULT},
    {"result-swapped", P1_ERR_RESULT},
    {"threshold-pd-proof-response", P1_ERR_SHARE},
    {"trustee-pok", P1_ERR_TRUSTEE_POK},
    {"trustee-missing", P1_ERR_ELECTION_KEY},
    {"threshold-vk-pok", P1_ERR_TRUSTEE_POK},
    {"threshold-vk-signature", P1_ERR_TRUSTEE_KEY_SIGNATURE},
    {"threshold-certs-signature", P1_ERR_TRUSTEE_CERTS},
    {"threshold-coefexps", P1_ERR_TRUSTEE_SIGNATURE},
    {"credential-duplicate", P1_ERR_CREDENTIALS_TWICE},
    {"credentials-unsorted", P1_ERR_CREDENTIALS_ORDER},
    {"chain-event-dropped", P1_ERR_EVENT_PARENT},
    {"chain-data-dropped", P1_ERR_EVENT_PAYLOAD},
    {"chain-events-reordered", P1_ERR_EVENT_PARENT},
    {"chain-unreferenced-data", P1_ERR_EVENT_EXTRA},
    {"record-bitflip", P1_ERR_RECORD_HASH},
    {"tar-mtime", P1_ERR_ARCHIVE_HEADER},
    {"ballot-after-endballots", P1_ERR_EVENT_ORDER},
    {"endballots-hides-ballots", P1_ERR_EVENT_ORDER},
    {"result-twice", P1_ERR_EVENT_ORDER},
    {"pd-owner-out-of-range", P1_ERR_SHARE_OWNER},
    {"answers-field-order", P1_ERR_JSON},
    {"answers-extra-field", P1_ERR_JSON},
    {"answers-number-scalar", P1_ERR_JSON},
    {"pd-factor-order2-cancelling", P1_ERR_ELEM_SUBGROUP},
    {"result-before-decryptions", P1_ERR_EVENT_ORDER},
};

// P1_OK if there is none.
static enum p1_err reason(const char *name) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].name, name) == 0) return reasons[i].why;
    }
    return P1_OK;
}

static void judge_changed(const char *name, const char *base, const char *verdict) {
    char path[200];
    snprintf(path, sizeof path, "invalid/%s.bel", name);
    struct span file = read_file(path);
    assert_non_null(file.p);
    struct judged *j = judge(file, runner);
    if (is_unsupported(base)) {
        assert_true(check_unsupported(j->err));
    } else if (strncmp(verdict, "accept", 6) == 0) {
        assert_int_equal(j->err, P1_OK);
        assert_int_equal(lines_with(j, CHECK_WARNING), strstr(verdict, "warning") != NULL);
    } else {
        assert_string_equal(verdict, "reject");
        if (j->err != reason(name)) print_error("%s: %s\n", path, p1_err_name(j->err));
        assert_int_not_equal(reason(name), P1_OK);
        assert_int_equal(j->err, reason(name));
        assert_int_equal(j->line[j->n - 1].status, CHECK_FAILED);
        assert_int_equal(j->line[j->n - 1].err, j->err);
        assert_false(check_unsupported(j->err));
    }
    free_judged(j);
    span_free(file);
}

static void changed_archives_are_judged_as_their_index_says(void **state) {
    (void)state;
    char *rows = read_index("invalid/INDEX.tsv"), *at = rows;
    struct row row;
    unsigned n = 0;
    for (; next_row(&at, &row); n++) judge_changed(row.field[0], row.field[1], row.field[2]);
    assert_true(n > 0);
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elections_of_belenios_are_valid_in_every_stage),
        cmocka_unit_test(changed_archives_are_judged_as_their_index_says),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
