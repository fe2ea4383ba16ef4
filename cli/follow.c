// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/boxfile.h"
#include "cli/files.h"
#include "cli/text.h"
#include "platform/log.h"

// A piece of an archive is verified before the next is asked for: so much nonsense a server can make us keep for a moment.
#define PIECE_MAX ((uint64_t)256 << 20)
enum { BESIDE_MAX = 64 << 20, TURNS = 4, TAIL = 4096 };

// What stands beside an archive: the bundle never changes, the others are only added to.
static const struct beside_file {
    const char *what, *ending, *changed;
    int fixed;
} beside_files[] = {
    {"bundle", ".bundle.json", "the server shows another frozen bundle than before", 1},
    {"notices", ".notices", "the server has taken back or changed a notice", 0},
    {"share-proofs", ".shares", "the server has taken back or changed a proof of a share", 0},
    {"platform-events", ".platform-events", "the server has taken back or changed a platform event", 0},
};
enum { BESIDE_FILES = 4 };

enum follow_end follow_alarm(struct follow *f, const char *uuid, const char *why) {
    char said[sizeof f->said];
    (void)snprintf(said, sizeof said, "%s %s", uuid, why);
    if (strcmp(said, f->said) == 0) return FOLLOW_ALARM;
    memcpy(f->said, said, sizeof said);
    log_line(LOG_ERROR, "alarm", "election", uuid, "why", why);
    (void)refuse(P1_EXIT_REFUSED, "ALARM: %s%s%s. Keep %s as it is, and tell the municipality and other auditors", uuid,
                 *uuid ? ": " : "", why, f->folder);
    return FOLLOW_ALARM;
}

void follow_keep_refused(const char *path, struct span bytes) {
    int err = access(path, F_OK) ? durable_write(path, FILE_PUBLIC, 1, bytes) : 0;
    if (err) log_line(LOG_ERROR, "not-written", "file", path, "why", strerror(err));
}

static enum follow_end unwritten(const char *path, int err) {
    log_line(LOG_ERROR, "not-written", "file", path, "why", strerror(err));
    return FOLLOW_LATER;
}

// ---- beside the archive ----

// What is at PATH; empty if it is not there.
static enum follow_end read_kept(const char *path, char **text, size_t *n) {
    *text = NULL;
    *n = 0;
    if (access(path, F_OK)) return FOLLOW_DONE;
    return file_read(path, 0, text, n) == P1_EXIT_DONE ? FOLLOW_DONE : FOLLOW_LATER;
}

// A small file. *CHANGED: it is another one than was kept.
static enum follow_end follow_beside(struct follow *f, const char *uuid, const struct beside_file *b, int *changed) {
    char *path = path_join(f->folder, "%s%s", uuid, b->ending), *kept;
    char *url = path_join(f->base, "v1/elections/%s/%s", uuid, b->what);
    struct buf now = {0};
    size_t n;
    enum follow_end end = follow_get(f, url, BESIDE_MAX, &now), had = read_kept(path, &kept, &n);
    if (end == FOLLOW_ABSENT) end = FOLLOW_DONE; // as if it were empty
    if (end == FOLLOW_DONE) end = had;
    if (end == FOLLOW_DONE && (now.n < n || (n && memcmp(now.p, kept, n) != 0) || (b->fixed && n && now.n != n)))
        end = follow_alarm(f, uuid, b->changed);
    if (end == FOLLOW_DONE && now.n > n) {
        int err = durable_write(path, FILE_PUBLIC, 0, buf_span(&now));
        *changed = 1;
        if (err) end = unwritten(path, err);
    }
    free(now.p);
    free(kept);
    free(url);
    free(path);
    return end;
}

static enum follow_end follow_all_beside(struct follow *f, const char *uuid, int *changed) {
    enum follow_end worst = FOLLOW_DONE;
    *changed = 0;
    for (size_t i = 0; i < BESIDE_FILES; i++) {
        enum follow_end end = follow_beside(f, uuid, &beside_files[i], changed);
        if (end > worst) worst = end;
    }
    return worst;
}

// ---- how far it was verified ----

static struct checked state_read(const char *path, const char *uuid) {
    struct checked c = {0}, none = {0};
    char said[64], hex[65];
    FILE *file = fopen(path, "r");
    int right = file && fscanf(file, "plus1-verify state 1 %63s %" SCNu64 " %64s", said, &c.events, hex) == 3 &&
                strcmp(said, uuid) == 0 && hash_decode(c.tip, span_str(hex)) == P1_OK;
    if (file) fclose(file);
    return right ? c : none; // then all is checked again
}

static enum follow_end state_write(const char *path, const struct box *b) {
    uint8_t text[CHECKED_TEXT];
    struct buf out = buf_over(text, sizeof text);
    checked_write(b, &out);
    int err = durable_write(path, FILE_PUBLIC, 0, buf_span(&out));
    return err ? unwritten(path, err) : FOLLOW_DONE;
}

// ---- the archive ----

struct copy {
    struct follow *f;
    const char *uuid;
    char *path, *state, *refused;
    struct archive archive;
    struct checked checked; // UUID.state
    struct chain end;       // of what is verified
    char why[640];          // of a check that failed
};

struct line_taker {
    struct checker checker;
    struct copy *copy;
};

static void take_line(struct checker *c, const struct check_line *line) {
    struct copy *copy = ((struct line_taker *)c)->copy;
    if (line->status == CHECK_FAILED)
        (void)snprintf(copy->why, sizeof copy->why, "what the server shows does not verify: %s (%s, at %s)", line->text,
                       p1_err_name(line->err), line->place);
}

// Verifies what is there; the proofs of what was verified before are not checked again.
static enum p1_err verify(struct copy *c, struct box *b) {
    struct beside x = {0};
    struct line_taker t = {{.runner = c->f->runner, .line = take_line, .beside = &x, .earlier = c->checked}, c};
    struct span *into[] = {&x.bundle, &x.notices, &x.shares};
    char *text[3] = {NULL};
    enum p1_err err = P1_OK;
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        char *path = path_join(c->f->folder, "%s%s", c->uuid, beside_files[i].ending);
        if (read_kept(path, &text[i], &n) != FOLLOW_DONE) err = P1_ERR_DB;
        if (n) *into[i] = span_of(text[i], n);
        free(path);
    }
    uint64_t *counts = mem_alloc(P1_CHOICES_MAX * sizeof *counts);
    if (err == P1_OK) err = check_archive(&t.checker, b, c->archive.file, counts);
    notices_release(&x.noticed);
    free(counts);
    for (size_t i = 0; i < 3; i++) free(text[i]);
    return err;
}

// Away with what does not verify: the copy ends where it was right. It is kept as evidence.
static enum follow_end cut_back(struct copy *c) {
    struct chain chain = {0};
    struct event ev;
    int more = 1;
    enum p1_err err = c->checked.events ? chain_begin(&chain, c->archive.file) : P1_OK;
    while (err == P1_OK && more && chain.height < c->checked.events)
        err = chain_next(&chain, c->archive.file, &ev, &more);
    size_t keep = err == P1_OK && chain.height == c->checked.events ? chain.at : 0;
    struct span bad = span_from(c->archive.file, keep);
    if (bad.n > BESIDE_MAX) bad.n = BESIDE_MAX;
    follow_keep_refused(c->refused, bad);
    int failed = ftruncate(c->archive.fd, (off_t)keep) ? errno : durable_sync(c->archive.fd);
    return failed ? unwritten(c->path, failed) : FOLLOW_DONE;
}

static enum follow_end judge(struct copy *c) {
    struct box *b = mem_alloc(sizeof *b);
    c->why[0] = 0;
    box_init(b);
    enum p1_err err = verify(c, b);
    enum follow_end end = FOLLOW_DONE;
    if (err == P1_OK && !span_eq(b->election.uuid, span_str(c->uuid))) {
        err = P1_ERR_BOX_OTHER;
        (void)snprintf(c->why, sizeof c->why, "the server shows the archive of another election under this number");
    }
    if (err == P1_OK) {
        c->end = b->chain;
        if (b->chain.height > c->checked.events) {
            end = state_write(c->state, b);
            // No height: a line has a time, finer than the hour that is public of an event.
            log_line(LOG_INFO, "followed", "election", c->uuid, "stage", stage_words(b->stage));
        }
        c->checked.events = b->chain.height;
        memcpy(c->checked.tip, b->chain.tip, 32);
    } else if (err == P1_ERR_MEMORY || err == P1_ERR_DB || check_unsupported(err)) {
        end = FOLLOW_LATER;
        log_line(LOG_ERROR, "not-verified", "election", c->uuid, "why", p1_err_text(err));
    } else {
        end = FOLLOW_ALARM; // said by the caller, who may look again first
    }
    box_release(b);
    free(b);
    return end;
}

// Opens what is there and verifies it: after a crash there may be more than was.
static enum follow_end open_copy(struct copy *c) {
    enum p1_err why;
    struct stat st;
    int made = open(c->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (made < 0) return unwritten(c->path, errno);
    int empty = fstat(made, &st) == 0 && st.st_size == 0;
    close(made);
    c->end = (struct chain){0};
    if (empty) {
        c->archive = (struct archive){.fd = open(c->path, O_RDWR | O_CLOEXEC)};
        return c->archive.fd < 0 ? unwritten(c->path, errno) : FOLLOW_DONE;
    }
    int err = archive_open(&c->archive, c->path, ARCHIVE_APPEND, &why); // cuts off a torn end
    if (err == EBADMSG) {
        // No crash of ours does this. It is cut back, so it is opened for that.
        (void)snprintf(c->why, sizeof c->why, "what came is no archive: %s", p1_err_text(why));
        err = archive_open(&c->archive, c->path, ARCHIVE_READ, &why);
        if (err) return unwritten(c->path, err);
        close(c->archive.fd);
        c->archive.fd = open(c->path, O_RDWR | O_CLOEXEC);
        if (c->archive.fd < 0) return unwritten(c->path, errno);
        return FOLLOW_ALARM;
    }
    if (err) return unwritten(c->path, err);
    if (c->archive.file.n == 0) return FOLLOW_DONE;
    return judge(c);
}

// The end of the copy, which must come again as it is here: the hash of the last event stands in it, and in that all before.
static struct span tail_of(struct span archive) { return span_from(archive, archive.n > TAIL ? archive.n - TAIL : 0); }

// The next piece, with the end of the copy before it.
static enum follow_end ask_piece(struct copy *c, int *more) {
    char *url = path_join(c->f->base, "v1/elections/%s/archive", c->uuid);
    size_t have = c->archive.file.n;
    struct follow_piece p = {.url = url,
                             .most = PIECE_MAX,
                             .compared = tail_of(c->archive.file),
                             .fd = c->archive.fd,
                             .refused = c->refused};
    p.first = have - p.compared.n;
    enum follow_end end = follow_piece(c->f, &p);
    *more = 0;
    if (p.total && p.total < have) {
        end = follow_alarm(c->f, c->uuid, "the server's archive is shorter than it was: it shows events no longer");
    } else if (!p.same) {
        end = follow_alarm(c->f, c->uuid, "the server shows another history than before");
    } else if (end == FOLLOW_ABSENT) {
        end = follow_alarm(c->f, c->uuid, "the server shows the archive of this election no longer");
    } else {
        *more = p.got > p.compared.n; // also if the rest is yet to come
    }
    free(url);
    return end;
}

static struct follow_known *known(struct follow *f, const char *uuid) {
    for (size_t i = 0; i < f->known_n; i++) {
        if (strcmp(f->known[i].uuid, uuid) == 0) return &f->known[i];
    }
    if (f->known_n == FOLLOW_KNOWN || strlen(uuid) >= sizeof f->known->uuid) return NULL;
    memcpy(f->known[f->known_n].uuid, uuid, strlen(uuid) + 1);
    return &f->known[f->known_n++];
}

static void forget(struct copy *c) {
    struct follow_known *k = known(c->f, c->uuid);
    if (k) k->size = 0;
}

// Of a copy that this process has verified: is its end the server's, too? Then nothing needs to be read again.
static int nothing_new(struct copy *c) {
    const struct follow_known *k = known(c->f, c->uuid);
    uint8_t tail[TAIL];
    char *url = path_join(c->f->base, "v1/elections/%s/archive", c->uuid);
    struct stat st;
    int fd = k && k->size ? open(c->path, O_RDONLY | O_CLOEXEC) : -1, same = 0;
    if (fd >= 0 && fstat(fd, &st) == 0 && (uint64_t)st.st_size == k->size) {
        size_t n = k->size < TAIL ? (size_t)k->size : TAIL;
        struct follow_piece p = {
            .url = url, .first = k->size - n, .most = n, .compared = {tail, n}, .fd = -1, .refused = c->refused};
        same = pread(fd, tail, n, (off_t)p.first) == (ssize_t)n && follow_piece(c->f, &p) == FOLLOW_DONE && p.same &&
               p.total == k->size;
    }
    if (fd >= 0) close(fd);
    free(url);
    return same;
}

// Pieces until there is no more. A piece that does not verify is ALARM with c->why, and is cut off.
static enum follow_end follow_archive(struct copy *c) {
    if (nothing_new(c)) return FOLLOW_DONE;
    for (int more = 1, first = 1; more && !c->f->stop; first = 0) {
        enum follow_end end = open_copy(c);
        if (end == FOLLOW_ALARM) {
            enum follow_end cut = cut_back(c);
            archive_close(&c->archive);
            if (!first || cut != FOLLOW_DONE) return cut == FOLLOW_DONE ? end : cut;
            continue; // left by a crash: asked for again
        }
        if (end == FOLLOW_DONE) end = ask_piece(c, &more);
        struct follow_known *k = end == FOLLOW_DONE && !more ? known(c->f, c->uuid) : NULL;
        if (k) k->size = c->archive.file.n;
        archive_close(&c->archive);
        if (end != FOLLOW_DONE && !(end == FOLLOW_LATER && more)) return end; // what came of it is looked at
        if (end == FOLLOW_LATER) {
            end = open_copy(c);
            if (end == FOLLOW_ALARM) (void)cut_back(c);
            archive_close(&c->archive);
            return end == FOLLOW_DONE ? FOLLOW_LATER : end;
        }
    }
    return FOLLOW_DONE;
}

// Notices come beside the archive, so both are read until neither changes: an archive is judged with the notices of its time.
static enum follow_end follow_copy(struct copy *c) {
    enum follow_end beside, end = FOLLOW_DONE;
    int changed = 1;
    beside = follow_all_beside(c->f, c->uuid, &changed);
    if (changed) forget(c); // what is beside it is judged with it
    for (int turn = 0; turn < TURNS && !c->f->stop; turn++) {
        end = follow_archive(c);
        if (end != FOLLOW_DONE && !c->why[0]) break;
        enum follow_end again = follow_all_beside(c->f, c->uuid, &changed);
        if (again > beside) beside = again;
        if (!changed) break;
        forget(c);
    }
    if (end == FOLLOW_ALARM && c->why[0]) (void)follow_alarm(c->f, c->uuid, c->why);
    return end > beside ? end : beside;
}

enum follow_end follow_election(struct follow *f, const char *uuid) {
    struct copy c = {.f = f, .uuid = uuid, .archive = {.fd = -1}};
    c.path = path_join(f->folder, "%s.bel", uuid);
    c.state = path_join(f->folder, "%s.state", uuid);
    c.refused = path_join(f->folder, "%s.refused", uuid);
    c.checked = state_read(c.state, uuid);
    enum follow_end end = follow_copy(&c);
    free(c.path);
    free(c.state);
    free(c.refused);
    return end;
}
