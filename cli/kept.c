// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/server.h"
#include "cli/text.h"
#include "core/sha256.h"

// ---- sums ----

static const char *const kept_files[] = {"plus1.db", "plus1.json"};
enum { KEPT_FILES = 2, PIECE = 1 << 16 };

static enum p1_exit cannot_read(const char *path) {
    return refuse(P1_EXIT_UNREADABLE, "%s cannot be read: %s", path, strerror(errno));
}

static enum p1_exit sum_of(const char *path, uint8_t hash[32]) {
    struct sha256 s;
    FILE *f = fopen(path, "rb");
    if (!f) return cannot_read(path);
    uint8_t *piece = mem_alloc(PIECE);
    sha256_init(&s);
    for (size_t n; (n = fread(piece, 1, PIECE, f)) > 0;) sha256_put(&s, span_of(piece, n));
    enum p1_exit e = ferror(f) ? cannot_read(path) : P1_EXIT_DONE;
    fclose(f);
    free(piece);
    sha256_done(&s, hash);
    return e;
}

// The lines of SHA256SUMS, as the files are now.
static enum p1_exit sums(const char *folder, struct buf *out) {
    uint8_t hash[32];
    for (size_t i = 0; i < KEPT_FILES; i++) {
        char *path = path_join(folder, "%s", kept_files[i]);
        enum p1_exit e = P1_EXIT_DONE;
        if (i == 0 || access(path, F_OK) == 0) {
            e = sum_of(path, hash);
            buf_hex(out, span_of(hash, 32));
            buf_str(out, "  ");
            buf_str(out, kept_files[i]);
            buf_char(out, '\n');
        }
        free(path);
        if (e != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}

enum p1_exit kept_sums_write(const char *folder) {
    uint8_t text[256];
    struct buf b = buf_over(text, sizeof text);
    enum p1_exit e = sums(folder, &b);
    char *path = path_join(folder, "SHA256SUMS");
    if (e == P1_EXIT_DONE) e = file_write(path, FILE_PUBLIC, 1, buf_span(&b));
    free(path);
    return e;
}

enum p1_exit kept_sums_check(const char *folder) {
    uint8_t text[256];
    struct buf b = buf_over(text, sizeof text);
    char *path = path_join(folder, "SHA256SUMS"), *said = NULL;
    size_t n = 0;
    enum p1_exit e = access(path, F_OK)
                         ? refuse(P1_EXIT_UNREADABLE, "%s is not a whole backup: there is no SHA256SUMS in it", folder)
                         : file_read(path, 0, &said, &n);
    if (e == P1_EXIT_DONE) e = sums(folder, &b);
    if (e == P1_EXIT_DONE && !span_eq(buf_span(&b), span_of(said, n)))
        e = refuse(P1_EXIT_REFUSED,
                   "%s was changed or damaged after it was made (sha256sum -c SHA256SUMS there says which file): "
                   "use another backup",
                   folder);
    free(said);
    free(path);
    return e;
}

enum p1_exit kept_copy(const char *from, const char *to, const char *name, int may_lack) {
    char *source = path_join(from, "%s", name), *path = path_join(to, "%s", name);
    struct file_out *out = mem_alloc(sizeof *out);
    uint8_t *piece = mem_alloc(PIECE);
    enum p1_exit e = P1_EXIT_DONE;
    FILE *f = fopen(source, "rb");
    if (!f && !(may_lack && errno == ENOENT)) e = cannot_read(source);
    if (f) e = file_begin(out, path, FILE_SECRET);
    if (f && e == P1_EXIT_DONE) {
        for (size_t n; (n = fread(piece, 1, PIECE, f)) > 0;) file_put(out, span_of(piece, n));
        if (ferror(f)) {
            e = cannot_read(source);
            file_drop(out);
        } else {
            e = file_end(out, 1);
        }
    }
    if (f) fclose(f);
    free(piece);
    free(out);
    free(source);
    free(path);
    return e;
}

// ---- the database ----

enum p1_exit kept_refuse(const char *path, enum p1_err err, struct rows *r) {
    const char *why = r && rows_db(r) && (err == P1_ERR_DB || err == P1_ERR_DB_FULL) ? db_why(rows_db(r)) : "";
    return refuse(err == P1_ERR_BOX_ROWS ? P1_EXIT_REFUSED : P1_EXIT_UNREADABLE, "%s: %s%s%s", path, p1_err_text(err),
                  *why ? ": " : "", why);
}

static enum p1_exit check_database(const char *path, int migrate) {
    struct db *db;
    unsigned pending = 0;
    enum p1_err err = db_open(&db, path, 0);
    if (err == P1_OK) err = db_check(db, 1);
    if (err == P1_OK) err = server_migrate(db, migrate, &pending);
    enum p1_exit e = P1_EXIT_DONE;
    if (err != P1_OK)
        e = refuse(P1_EXIT_UNREADABLE, "%s: %s%s%s", path, p1_err_text(err), err == P1_ERR_DB ? ": " : "",
                   err == P1_ERR_DB && db ? db_why(db) : "");
    else if (pending)
        e = refuse(P1_EXIT_REFUSED,
                   "%s is of an older version: use the plus1 of that version, or start the server first", path);
    db_close(db);
    return e;
}

enum p1_exit kept_open(struct rows **out, const char *path, int migrate) {
    *out = NULL;
    enum p1_exit e = check_database(path, migrate);
    if (e != P1_EXIT_DONE) return e;
    enum p1_err err = rows_open(out, path);
    return err == P1_OK ? P1_EXIT_DONE : kept_refuse(path, err, *out);
}

enum p1_exit kept_each_box(struct rows *r, const char *path, enum p1_exit (*work)(void *arg, const struct box_row *row),
                           void *arg) {
    struct box_row row = {.id = 0};
    for (int found;;) {
        enum p1_err err = rows_next_box(r, row.id, &row, &found);
        if (err != P1_OK) return kept_refuse(path, err, r);
        if (!found) return P1_EXIT_DONE;
        char *bundle = row.bundle.n ? text_copy(row.bundle) : NULL; // the row's own is gone with the next call
        row.bundle = span_of(bundle, row.bundle.n);
        enum p1_exit e = work(arg, &row);
        free(bundle);
        if (e != P1_EXIT_DONE) return e;
    }
}

static void say_events(void *arg, uint64_t events) {
    const struct box_row *row = arg;
    if (!isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r%s: %" PRIu64 " events are checked", row->uuid, events);
}

enum p1_exit kept_follow_box(struct rows *r, const char *path, const struct box_row *row, FILE *archive,
                             struct chain *end) {
    const struct kept_progress progress = {say_events, (void *)(uintptr_t)row};
    enum p1_err err = kept_follow(r, row, archive, end, &progress);
    if (isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    if (err == P1_ERR_BOX_ROWS)
        return refuse(P1_EXIT_REFUSED, "%s, box %s, event %" PRIu64 ": %s (%s)", path, row->uuid, end->height,
                      p1_err_text(err), p1_err_name(err));
    return err == P1_OK ? P1_EXIT_DONE : kept_refuse(path, err, r);
}
