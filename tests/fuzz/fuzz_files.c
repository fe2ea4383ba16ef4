// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What plus1 reads of its own: key files (cli/keyfile.h), drafts of elections (cli/draft.h), the command line (cli/args.h).

#define _GNU_SOURCE // memfd_create()

#include <jansson.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/draft.h"
#include "cli/files.h"
#include "cli/keyfile.h"
#include "cli/text.h"
#include "core/election.h"
#include "tests/fuzz/fuzz.h"

static char path[64], folder[] = "/dev/shm/plus1-fuzz-XXXXXX";

// The input as a file, at path.
static int file_of(struct span in) {
    int fd = memfd_create("input", MFD_CLOEXEC);
    HOLDS(fd >= 0 && write(fd, in.p, in.n) == (ssize_t)in.n);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return fd;
}

// ---- key files ----

static void remove_folder(void) {
    char name[80];
    (void)snprintf(name, sizeof name, "%s/key", folder);
    (void)unlink(name);
    (void)rmdir(folder);
}

static char *key_text(const struct keyfile *k) {
    char name[80], *text;
    size_t n;
    (void)snprintf(name, sizeof name, "%s/key", folder);
    HOLDS(keyfile_write(name, k, 0) == P1_EXIT_DONE);
    HOLDS(file_read(name, 0, &text, &n) == P1_EXIT_DONE);
    return text;
}

// A key that is read is written so that it is read to the same.
static void key_file(struct span in) {
    struct keyfile *k, *again;
    int fd = file_of(in);
    enum p1_exit e = keyfile_read(path, &k);
    close(fd);
    HOLDS(e == P1_EXIT_DONE ? k != NULL : k == NULL);
    if (e != P1_EXIT_DONE) return;
    HOLDS(k->election_count >= 1 && k->election_count <= KEY_ELECTIONS_MAX);
    char *text = key_text(k), *same;
    fd = file_of(span_str(text));
    HOLDS(keyfile_read(path, &again) == P1_EXIT_DONE);
    close(fd);
    same = key_text(again);
    HOLDS(strcmp(text, same) == 0);
    HOLDS(again->has_private == k->has_private && sc_is_equal(&again->private, &k->private));
    HOLDS(memcmp(again->seen, k->seen, sizeof k->seen) == 0);
    HOLDS(again->index == k->index && again->threshold == k->threshold && again->mode == k->mode);
    free(text);
    free(same);
    keyfile_free(k);
    keyfile_free(again);
}

// ---- drafts ----

// A draft that is read makes an election that is read, if its paper is one.
static void draft(struct span in) {
    struct draft d;
    static struct work work;
    int fd = file_of(in);
    enum p1_exit e = draft_read(path, &d);
    close(fd);
    if (e == P1_EXIT_DONE) {
        size_t room = 2 * d.json.n + 4096;
        struct buf out = buf_over(fuzz_alloc(room), room);
        struct frozen_lines lines = {.bundle = SPAN_LIT("00"), .registrar = SPAN_LIT("11"), .second = SPAN_LIT("22")};
        draft_election(&d, SPAN_LIT("6666666666666666666666666666666666666666666666666666666666666658"), &lines, &out);
        HOLDS(buf_done(&out) == P1_OK);
        struct election *election = fuzz_alloc(sizeof *election);
        if (election_parse(election, buf_span(&out), &work) == P1_OK) {
            struct span line, rest = election->description;
            HOLDS(span_eq(d.uuid, election->uuid));
            HOLDS(hidden_line(&rest, "sha256", &line) && span_eq(line, lines.bundle));
            rest = election->credential_authority;
            HOLDS(hidden_line(&rest, "second", &line) && span_eq(line, lines.second));
            HOLDS(hidden_line(&rest, "registrar", &line) && span_eq(line, lines.registrar));
        }
        free(election);
        free(out.p);
    }
    draft_release(&d);
}

// ---- the command line ----

static void arguments(struct span in) {
    static const struct command *const commands[] = {
        &command_roll_check,      &command_credentials_make, &command_trustee_key, &command_vote,
        &command_election_bundle, &command_box_add,          &command_result_show};
    const struct command *c = commands[take_u8(&in) % (sizeof commands / sizeof *commands)];
    char *text = text_copy(in), *given[32];
    int n = 0;
    for (char *at = strtok(text, "\n"); at && n < 32; at = strtok(NULL, "\n")) given[n++] = at;
    struct args a;
    unsigned long number = 5;
    if (args_parse(&a, c, n, given) == P1_EXIT_DONE) {
        HOLDS(a.option_count + a.file_count <= (size_t)n);
        for (size_t i = 0; i < a.option_count; i++) {
            HOLDS(args_get(&a, a.options[i].name) != NULL);
            if (args_number(&a, a.options[i].name, 3, 70, &number) == P1_EXIT_DONE) HOLDS(number >= 3 && number <= 70);
        }
    }
    args_release(&a);
    size_t lines;
    free(text_lines(in, &lines));
    free(text);
}

void fuzz_one(struct span in) {
    static int started;
    if (!started++) {
        HOLDS(mkdtemp(folder) != NULL);
        HOLDS(atexit(remove_folder) == 0);
    }
    switch (take_u8(&in) % 4) {
    case 0: draft(in); break;
    case 1: arguments(in); break;
    default: key_file(in);
    }
}
