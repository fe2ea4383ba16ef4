// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/boxfile.h"

#include <errno.h>
#include <jansson.h>
#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/files.h"
#include "cli/text.h"

struct runner *runner_new(void) {
    struct runner *r = pool_new(0);
    if (!r) exit((int)refuse(P1_EXIT_UNREADABLE, "%s", p1_err_text(P1_ERR_MEMORY)));
    return r;
}

const char *stage_words(enum box_stage stage) {
    static const char *const words[] = {"it is empty", "voting goes on", "voting has ended",
                                        "it waits for the trustees' shares", "its result is published"};
    return words[stage];
}

// ---- opening ----

struct quiet_checker {
    struct checker checker;
    const char *path;
};

// Of a check, only what is wrong or worth knowing is said.
static void say_line(struct checker *c, const struct check_line *line) {
    const struct quiet_checker *q = (const struct quiet_checker *)c;
    if (line->status == CHECK_FAILED) {
        (void)refuse(P1_EXIT_REFUSED, "%s does not verify: %s (%s, at %s)", q->path, line->text, p1_err_name(line->err),
                     line->place);
    } else if (line->status == CHECK_WARNING) {
        fprintf(stderr, "plus1: %s: %s\n", q->path, line->text);
    }
}

// The order of events, the roll and the notices, without any proof.
static enum p1_err read_plain(struct box *b, struct beside *x, struct span file, size_t *line, struct work *w) {
    struct event ev;
    notices_init(&x->noticed);
    TRY(chain_begin(&b->chain, file));
    for (int more;;) {
        TRY(chain_next(&b->chain, file, &ev, &more));
        if (!more) break;
        if (ev.type == EVENT_BALLOT) TRY(notices_ballot(&x->noticed, b, ev.record[0].content, w));
        TRY(box_apply(b, &ev, w));
        if (ev.type == EVENT_SETUP) {
            TRY(notices_keys(&x->noticed, &b->election, w));
            if (x->notices.p && x->noticed.keys) TRY(notices_read(&x->noticed, b, x->notices, line, w));
            *line = 0;
        }
        notices_event(&x->noticed, ev.hash);
    }
    return x->noticed.lines ? notices_end(&x->noticed, 0) : P1_OK;
}

static enum p1_exit say_plain(const struct boxfile *f, enum p1_err err, size_t line, const struct box *b) {
    if (err == P1_OK) return P1_EXIT_DONE;
    enum p1_exit as = check_unsupported(err) || err == P1_ERR_ARCHIVE_NOT ? P1_EXIT_UNREADABLE : P1_EXIT_REFUSED;
    if (line) return refuse(as, "%s, notice %zu: %s (%s)", f->path, line, p1_err_text(err), p1_err_name(err));
    return refuse(as, "%s: %s (%s, at byte %zu)", f->path, p1_err_text(err), p1_err_name(err), b->chain.at);
}

static enum p1_exit read_box(struct boxfile *f, int check) {
    size_t line = 0;
    if (!check) {
        enum p1_err err = read_plain(f->box, f->beside, f->archive.file, &line, f->runner->work);
        return say_plain(f, err, line, f->box);
    }
    struct quiet_checker q = {{.runner = f->runner, .line = say_line, .beside = f->beside}, f->path};
    uint64_t *counts = mem_alloc(P1_CHOICES_MAX * sizeof *counts);
    enum p1_err err = check_archive(&q.checker, f->box, f->archive.file, counts);
    free(counts);
    if (err == P1_OK) return P1_EXIT_DONE;
    return check_unsupported(err) || err == P1_ERR_ARCHIVE_NOT ? P1_EXIT_UNREADABLE : P1_EXIT_REFUSED;
}

enum p1_exit boxfile_try_notices(const struct boxfile *f, struct beside *beside) {
    struct box *b = mem_alloc(sizeof *b);
    size_t line = 0;
    box_init(b);
    enum p1_err err = read_plain(b, beside, f->archive.file, &line, f->runner->work);
    enum p1_exit e = say_plain(f, err, line, b);
    box_release(b);
    free(b);
    return e;
}

uint64_t boxfile_voted(const struct boxfile *f) { return f->box->counted - f->beside->noticed.neutral; }

char *boxfile_beside(const char *path, const char *ending) {
    size_t n = strlen(path);
    if (n > 4 && strcmp(path + n - 4, ".bel") == 0) n -= 4;
    size_t room = n + strlen(ending) + 1;
    char *out = mem_alloc(room);
    (void)snprintf(out, room, "%.*s%s", (int)n, path, ending);
    return out;
}

static enum p1_exit read_beside(const char *path, const char *ending, char **text, struct span *out) {
    char *name = boxfile_beside(path, ending);
    enum p1_exit e = P1_EXIT_DONE;
    size_t n;
    if (access(name, F_OK) == 0) {
        e = file_read(name, 0, text, &n);
        if (e == P1_EXIT_DONE) *out = span_of(*text, n);
    }
    free(name);
    return e;
}

enum p1_exit boxfile_open(struct boxfile *f, const char *path, enum archive_mode mode, int check,
                          struct runner *runner) {
    enum p1_err why;
    *f = (struct boxfile){.path = path, .shown = path, .runner = runner};
    int err = archive_open(&f->archive, path, mode, &why);
    if (err == EWOULDBLOCK)
        return refuse(P1_EXIT_REFUSED, "%s is in use by another program; try again when it is done", path);
    if (why != P1_OK) return refuse(P1_EXIT_UNREADABLE, "%s: %s", path, p1_err_text(why));
    if (err)
        return refuse(P1_EXIT_UNREADABLE, "%s cannot be opened: %s%s", path,
                      err == ENOTSUP ? "it is not a plain file" : strerror(err), disk_advice(err));
    if (f->archive.cut)
        fprintf(stderr,
                "plus1: the last write to %s was torn by a crash; its %zu bytes, never acknowledged, were cut off\n",
                path, f->archive.cut);
    f->box = mem_alloc(sizeof *f->box);
    box_init(f->box);
    f->beside = mem_alloc(sizeof *f->beside);
    memset(f->beside, 0, sizeof *f->beside);
    enum p1_exit e = read_beside(path, ".bundle.json", &f->bundle_text, &f->beside->bundle);
    if (e == P1_EXIT_DONE) e = read_beside(path, ".notices", &f->notices_text, &f->beside->notices);
    if (e == P1_EXIT_DONE) e = read_beside(path, ".shares", &f->shares_text, &f->beside->shares);
    if (e == P1_EXIT_DONE) e = read_box(f, check);
    if (e == P1_EXIT_DONE && f->box->stage == BOX_NEW)
        e = refuse(P1_EXIT_UNREADABLE, "%s has no election in it: make it again with plus1 election create", path);
    if (e != P1_EXIT_DONE) boxfile_close(f);
    return e;
}

void boxfile_close(struct boxfile *f) {
    if (f->box) box_release(f->box);
    if (f->beside) notices_release(&f->beside->noticed);
    free(f->box);
    free(f->beside);
    free(f->bundle_text);
    free(f->notices_text);
    free(f->shares_text);
    archive_close(&f->archive);
    *f = (struct boxfile){.archive = {.fd = -1}};
}

// ---- appending ----

enum p1_exit boxfile_append(struct boxfile *f, enum event_type type, const struct span *records, unsigned n) {
    struct chain chain = f->box->chain;
    struct event ev;
    int more;
    size_t room = chain_write_size(records, n);
    uint8_t *memory = mem_alloc(room);
    struct buf out = buf_over(memory, room);
    enum p1_err err = chain_write(&chain, type, records, n, &out);
    int failed = err == P1_OK ? archive_append(&f->archive, buf_span(&out)) : 0;
    free(memory);
    if (failed && f->archive.unsure)
        return refuse(
            P1_EXIT_UNREADABLE,
            "%s cannot be written: %s. Whether something was added is not known before it can be written again: "
            "run the command again then, which adds it or says that it is there",
            f->shown, strerror(failed));
    if (failed)
        return refuse(P1_EXIT_UNREADABLE, "%s: nothing was added, since it cannot be written: %s%s", f->shown,
                      strerror(failed), disk_advice(failed));
    if (err == P1_OK) err = chain_next(&f->box->chain, f->archive.file, &ev, &more);
    if (err == P1_OK) err = box_apply(f->box, &ev, f->runner->work);
    if (err == P1_OK) notices_event(&f->beside->noticed, ev.hash);
    return err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "%s: %s", f->shown, p1_err_text(err));
}

// ---- names ----

static char *municipality_beside(const char *path) {
    char *copy = text_copy(span_str(path));
    char *file = path_join(dirname(copy), "municipality.json");
    json_t *j = json_load_file(file, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(j, "name"));
    char *out = name ? text_copy(span_str(name)) : NULL;
    json_decref(j);
    free(file);
    free(copy);
    return out;
}

char *boxfile_name(const struct boxfile *f) {
    char *name = municipality_beside(f->path);
    if (!name) {
        struct span raw = f->box->election.name;
        struct buf b = buf_over(mem_alloc(raw.n + 1), raw.n);
        json_unescape(&b, raw);
        b.p[b.n] = 0;
        name = (char *)b.p;
    }
    text_disarm(name);
    return name;
}
