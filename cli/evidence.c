// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/evidence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ballotbox/live.h"
#include "cli/files.h"
#include "cli/text.h"
#include "core/pki.h"

// ---- receipts ----

static enum p1_exit ignore(const char *path, const char *why) {
    fprintf(stderr, "plus1: %s is ignored: %s\n", path, why);
    return P1_EXIT_DONE;
}

// Is this event number HEIGHT of the box, as far as it goes?
static enum p1_exit same_event(const struct evidence_box *b, const struct receipt *said, int *same) {
    uint8_t text[P1_HASH64 + 1];
    struct buf tracker = buf_over(text, sizeof text);
    struct event_row e;
    int found;
    enum p1_err err = rows_event(b->rows, b->row->id, said->height, &e, &found);
    if (err != P1_OK || !found) return refuse(P1_EXIT_UNREADABLE, "%s", p1_err_text(P1_ERR_DB));
    buf_base64(&tracker, span_of(e.tracker, 32));
    *same = memcmp(e.hash, said->event, 32) == 0 && span_eq(buf_span(&tracker), said->tracker);
    return P1_EXIT_DONE;
}

// Were events from this height on given up when the box was opened again at an earlier time?
static int was_given_up(const struct evidence_box *b, uint64_t height) {
    struct platform_event e;
    int found = 1, was = 0;
    for (int64_t n = 0; rows_platform_event(b->rows, b->row->id, n, &e, &found) == P1_OK && found; n++)
        was |= e.type == PLATFORM_REOPENED && height > e.height;
    return was;
}

static enum p1_exit weigh(const char *path, const struct evidence_box *b, const struct receipt *said, int64_t *shown) {
    const struct box *box = b->file->box;
    int same = 0;
    if (said->height >= box->chain.height && box->stage == BOX_OPEN) {
        if ((int64_t)said->height > *shown) *shown = (int64_t)said->height;
        return P1_EXIT_DONE;
    }
    enum p1_exit e = said->height < box->chain.height ? same_event(b, said, &same) : P1_EXIT_DONE;
    if (e != P1_EXIT_DONE) return e;
    if (!same && was_given_up(b, said->height))
        return ignore(path, "its event was lost, and given up, at an earlier time");
    if (!same)
        return refuse(P1_EXIT_REFUSED,
                      "%s is signed for event %" PRIu64 " of box %s, and the backup has another one there or ends "
                      "before it: one of both is not of this vote's history. Keep both, and find out why",
                      path, said->height, b->row->uuid);
    if ((int64_t)said->height > *shown) *shown = (int64_t)said->height;
    return P1_EXIT_DONE;
}

static enum p1_exit read_receipt(const char *path, struct span text, const struct evidence_box *b, int *used,
                                 int64_t *shown) {
    const struct group *g = &b->file->box->election.group;
    struct work *w = b->file->runner->work;
    uint8_t room[4096];
    struct buf arena = buf_over(room, sizeof room);
    struct json j = json_of(text);
    struct span message;
    struct receipt said;
    struct proof p;
    struct elem key;
    if (signed_parse(&j, &g->q, &message, &p, &arena) != P1_OK || receipt_read(message, &said) != P1_OK)
        return P1_EXIT_DONE; // of a box in another group, or none
    if (!span_eq(said.election, span_str(b->row->uuid))) return P1_EXIT_DONE;
    *used = 1;
    if (b->file->beside->frozen != FROZEN_CHECKED || !b->file->beside->terms.receipt_key.n)
        return ignore(path, "no key of receipts is frozen with this vote");
    if (elem_decode(g, &key, b->file->beside->terms.receipt_key, w) != P1_OK ||
        signed_check(g, &key, message, &p, w) != P1_OK)
        return ignore(path, "its signature does not hold: this server never gave it");
    return weigh(path, b, &said, shown);
}

enum p1_exit evidence_receipts(const struct args *args, const struct evidence_box *b, int *used, int64_t *shown) {
    const char *path;
    for (size_t i = 0; (path = args_nth(args, "--receipt", i)); i++) {
        char *text;
        size_t n;
        enum p1_exit e = file_read(path, 1, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        e = read_receipt(path, span_of(text, n), b, &used[i], shown);
        free(text);
        if (e != P1_EXIT_DONE) return e;
    }
    return P1_EXIT_DONE;
}

// ---- mirrors ----

// Do both have the same events, as far as the shorter goes?
static enum p1_exit compare(const char *path, const struct evidence_box *b, const struct boxfile *mirror) {
    const struct chain *ours = &b->file->box->chain, *theirs = &mirror->box->chain;
    uint64_t height = (ours->height < theirs->height ? ours->height : theirs->height) - 1;
    uint8_t a[32], c[32];
    int found[2] = {0, 0};
    enum p1_err err = kept_event_of(b->file->archive.file, height, a, &found[0]);
    if (err == P1_OK) err = kept_event_of(mirror->archive.file, height, c, &found[1]);
    if (err == P1_OK && found[0] && found[1] && memcmp(a, c, 32) == 0) return P1_EXIT_DONE;
    return refuse(P1_EXIT_REFUSED,
                  "%s has other events than the backup of box %s: they are not of one history. Keep both, and find out "
                  "which of them others have too",
                  path, b->row->uuid);
}

enum p1_exit evidence_mirror(const char *path, const struct evidence_box *b, struct boxfile *out, char **name,
                             int *found) {
    struct stat st;
    int folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    *found = 0;
    *name = folder ? path_join(path, "%s.bel", b->row->uuid) : text_copy(span_str(path));
    if (folder && access(*name, F_OK)) return P1_EXIT_DONE;
    // Of which election is it? Then its proofs are worth the time.
    for (int proofs = folder; proofs < 2; proofs++) {
        enum p1_exit e = boxfile_open(out, *name, ARCHIVE_COPY, proofs, b->file->runner);
        if (e != P1_EXIT_DONE) return e;
        if (!span_eq(out->box->election.uuid, span_str(b->row->uuid))) {
            boxfile_close(out);
            return folder ? refuse(P1_EXIT_REFUSED, "%s is of another election than its name says", *name)
                          : P1_EXIT_DONE;
        }
        if (!proofs) boxfile_close(out);
    }
    enum p1_exit e = compare(*name, b, out);
    if (e != P1_EXIT_DONE) boxfile_close(out);
    *found = e == P1_EXIT_DONE;
    return e;
}
