// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The trustee: a single key, and the share that opens ballot boxes.

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#include "cli/boxfile.h"
#include "cli/commands.h"
#include "cli/files.h"
#include "cli/keyfile.h"
#include "cli/text.h"
#include "core/credential.h"

// ---- a single trustee's key ----

static enum p1_exit write_key(const struct args *args, struct keyfile *k) {
    const char *name = args_get(args, "--out");
    struct draws d;
    uint8_t text[4 * P1_SCALAR_TEXT];
    struct buf out = buf_over(text, sizeof text);
    draws_init(&d);
    draw_scalar(&k->group.q, &d, &k->private);
    k->has_private = 1;
    draws_init(&d); // the proof's nonce comes from another seed than the key
    trustee_key_write(&k->group, &k->private, NULL, &d, &out, &k->work);
    buf_char(&out, '\n');
    sodium_memzero(&d, sizeof d);

    char key[4096], public[4096];
    (void)snprintf(key, sizeof key, "%.4000s.key", name);
    (void)snprintf(public, sizeof public, "%.4000s.public.json", name);
    enum p1_exit e = files_absent(key, public, args_end);
    if (e == P1_EXIT_DONE) e = keyfile_write(key, k, 1);
    if (e == P1_EXIT_DONE) e = file_write(public, FILE_PUBLIC, 1, buf_span(&out));
    if (e != P1_EXIT_DONE) return e;
    printf("%s: SECRET, keep it and a copy: without it the box cannot be opened. %s: for the organiser.\n", key,
           public);
    keyfile_say(k);
    return P1_EXIT_DONE;
}

static enum p1_exit trustee_key(const struct args *args) {
    struct keyfile *k;
    enum p1_exit e = keyfile_new(args, &k);
    if (e != P1_EXIT_DONE) return e;
    e = write_key(args, k);
    keyfile_free(k);
    return e;
}

const struct command command_trustee_key = {
    "trustee",
    "key",
    "--group=GROUP --election+=UUID --minimum=10 --test --out!=NAME",
    "Makes the key of a single trustee: NAME.key (secret) and NAME.public.json, for the organiser.\n"
    "The key names the elections it is for, and below how many voters it opens no box.",
    "plus1 trustee key --election UUID --out T1",
    trustee_key};

// ---- shares ----

struct visit {
    struct keyfile *key;
    struct boxfile *boxes;
    size_t count;
    struct runner *runner;
};

static int is_box(const struct boxfile *f, const char *uuid) { return span_eq(f->box->election.uuid, span_str(uuid)); }

// Which of the key's elections is this? SIZE_MAX if none.
static size_t election_of(const struct visit *o, const struct boxfile *f) {
    for (size_t i = 0; i < o->key->election_count; i++) {
        if (is_box(f, o->key->elections[i])) return i;
    }
    return SIZE_MAX;
}

// Which trustee of this election holds the key? From 1; 0 if none. In a set of which one is enough all hold the same: there the
// place in the set tells.
static unsigned owner_of(const struct visit *o, const struct box *b) {
    struct elem_text key;
    credential_public(&o->key->group, &o->key->private, &key, o->runner->work);
    for (unsigned n = 0; n < b->trustees.item_count; n++) {
        const struct trustee_item *item = &b->trustees.item[n];
        for (unsigned i = 0; i < item->count; i++) {
            unsigned at = item->first + i;
            if (item->threshold && o->key->index != i + 1) continue;
            if (span_eq(b->trustees.trustee[at].key_text, elem_span(&key))) return at + 1;
        }
    }
    return 0;
}

static void say_joint(struct checker *c, const struct check_line *line) {
    (void)c;
    if (line->status == CHECK_FAILED)
        (void)refuse(P1_EXIT_REFUSED, "these are not the boxes of one joint vote: %s (%s)", line->text, line->place);
}

// One vote: the same questions and trustees, no box twice. A made-up box in the place of a real one must not open the others.
static enum p1_exit check_one_vote(const struct visit *o) {
    struct checker c = {.runner = o->runner, .line = say_joint};
    const struct box *boxes[KEY_ELECTIONS_MAX];
    const uint64_t *counts[KEY_ELECTIONS_MAX];
    uint64_t *zeros = mem_alloc(2 * P1_CHOICES_MAX * sizeof *zeros);
    int complete;
    memset(zeros, 0, 2 * P1_CHOICES_MAX * sizeof *zeros);
    for (size_t i = 0; i < o->count; i++) {
        boxes[i] = o->boxes[i].box;
        counts[i] = zeros;
    }
    enum p1_err err = check_joint(&c, boxes, counts, (unsigned)o->count, zeros + P1_CHOICES_MAX, &complete);
    free(zeros);
    return err == P1_OK ? P1_EXIT_DONE : P1_EXIT_REFUSED;
}

// A box that ended once has ended for good: its end must be the one that the key saw before.
static enum p1_exit check_end(struct visit *o, const struct boxfile *f, size_t election) {
    struct seen_state *s = &o->key->seen[election];
    if (f->box->stage < BOX_ENDED)
        return refuse(P1_EXIT_REFUSED, "%s: %s; no box is opened before all have ended", f->path,
                      stage_words(f->box->stage));
    if (s->has_end && memcmp(s->end, f->box->end_event, 32) != 0)
        return refuse(
            P1_EXIT_REFUSED,
            "%s had ended otherwise when this key gave its first share. Somebody changed the box: compare it with "
            "the copies of others",
            f->path);
    s->has_end = 1;
    memcpy(s->end, f->box->end_event, 32);
    return P1_EXIT_DONE;
}

// Every box that the key is for must be here, be one of this trustee's, and have ended.
static enum p1_exit check_all_ended(struct visit *o) {
    for (size_t k = 0; k < o->count; k++) {
        const struct boxfile *f = &o->boxes[k];
        if (election_of(o, f) == SIZE_MAX)
            return refuse(P1_EXIT_REFUSED, "%s: this key was not made for this election", f->path);
        if (!owner_of(o, f->box))
            return refuse(P1_EXIT_REFUSED, "%s: this key is of no trustee of this election", f->path);
    }
    for (size_t i = 0; i < o->key->election_count; i++) {
        const struct boxfile *found = NULL;
        for (size_t k = 0; k < o->count; k++) {
            if (is_box(&o->boxes[k], o->key->elections[i])) found = &o->boxes[k];
        }
        if (!found)
            return refuse(P1_EXIT_REFUSED,
                          "the box of election %s is missing: this key is for %zu boxes, and none is opened before all "
                          "have ended",
                          o->key->elections[i], o->key->election_count);
        enum p1_exit e = check_end(o, found, i);
        if (e != P1_EXIT_DONE) return e;
    }
    return check_one_vote(o);
}

static int key_is_identity(const struct visit *o, const struct box *b) {
    struct elem identity;
    elem_identity(&b->election.group, &identity);
    return elem_equal(&b->election.group, &b->election.key, &identity, o->runner->work);
}

// Would opening this box show what single people voted?
static enum p1_exit check_secrecy(const struct visit *o, const struct boxfile *f) {
    uint64_t rare;
    const unsigned minimum = o->key->minimum;
    if (boxfile_voted(f) < minimum)
        return refuse(P1_EXIT_REFUSED,
                      "%s is not opened: %" PRIu64 " %s voted, and this key asks for at least %u, so that nobody's "
                      "vote can be guessed",
                      f->path, boxfile_voted(f), boxfile_voted(f) == 1 ? "person" : "people", minimum);
    if (key_is_identity(o, f->box))
        return refuse(P1_EXIT_REFUSED, "%s is not opened: its key is no key, so that everybody can read its ballots",
                      f->path);
    if (!f->box->weighted) return P1_EXIT_DONE;
    if (box_rare_weight(f->box, minimum, &rare) != P1_OK)
        return refuse(P1_EXIT_UNREADABLE, "there is not enough memory");
    if (!rare) return P1_EXIT_DONE;
    if (o->key->test) {
        printf("%s: fewer than %u people who voted have weight %" PRIu64 "; opened all the same by a test key\n",
               f->path, minimum, rare);
        return P1_EXIT_DONE;
    }
    return refuse(P1_EXIT_REFUSED,
                  "%s is not opened: fewer than %u people who voted have weight %" PRIu64
                  ", and the result could show their "
                  "votes",
                  f->path, minimum, rare);
}

// May this box be opened with this key? Says why not.
static enum p1_exit check_box(const struct visit *o, const struct boxfile *f) {
    const struct seen_state *s = &o->key->seen[election_of(o, f)];
    if (f->box->stage < BOX_TALLIED) return refuse(P1_EXIT_REFUSED, "%s has no tally yet: plus1 box tally", f->path);
    if (s->has_opened && memcmp(s->opened, f->box->tally_event, 32) != 0)
        return refuse(
            P1_EXIT_REFUSED,
            "%s is not opened: this key gave a share for another state of this box. Somebody changed the box: "
            "compare it with the copies of others",
            f->path);
    return check_secrecy(o, f);
}

static void remember(struct visit *o, const struct boxfile *f) {
    struct seen_state *s = &o->key->seen[election_of(o, f)];
    s->has_opened = 1;
    memcpy(s->opened, f->box->tally_event, 32);
}

static enum p1_exit write_share(const struct visit *o, const struct boxfile *f, unsigned owner, const char *folder,
                                struct span name) {
    const struct election *e = &f->box->election;
    struct ciphertext *tally = mem_alloc(e->choice_count * sizeof *tally);
    size_t room = 2 * share_size_max(e) + 64;
    struct buf out = buf_over(mem_alloc(room), room);
    buf_str(&out, "{\"owner\":");
    buf_u64(&out, owner);
    buf_str(&out, ",\"share\":");
    enum p1_err err = tally_parse(e, f->box->tally, tally, o->runner->work);
    if (err == P1_OK) err = share_make_ct(e, &o->key->private, tally, &out, o->runner->work);
    buf_str(&out, ",\"bound\":");
    if (err == P1_OK) err = share_bind_ct(e, &o->key->private, tally, &out, o->runner->work);
    buf_str(&out, "}\n");
    enum p1_exit result = err == P1_OK ? P1_EXIT_DONE : refuse(P1_EXIT_REFUSED, "%s: %s", f->path, p1_err_text(err));
    char *path = path_join(folder, "%.*s.%.*s.share.json", (int)e->uuid.n, (const char *)e->uuid.p, (int)name.n,
                           (const char *)name.p);
    if (result == P1_EXIT_DONE) result = file_write(path, FILE_PUBLIC, 0, buf_span(&out));
    if (result == P1_EXIT_DONE)
        printf("%s: share of trustee %u, for a box in which %" PRIu64 " %s voted (%" PRIu64 " ballot%s)\n", path, owner,
               f->box->counted, f->box->counted == 1 ? "person" : "people", f->box->ballots,
               f->box->ballots == 1 ? "" : "s");
    free(path);
    free(out.p);
    free(tally);
    return result;
}

// "T1" of "folder/T1.key"
static struct span key_name(const char *path) {
    const char *slash = strrchr(path, '/');
    struct span name = span_str(slash ? slash + 1 : path);
    if (name.n > 4 && memcmp(name.p + name.n - 4, ".key", 4) == 0) name.n -= 4;
    return name;
}

// A box that may not be opened does not keep the others closed; the exit status tells.
static enum p1_exit open_boxes(struct visit *o, const struct args *args) {
    const char *key_path = args_get(args, "--key"), *folder = args_get(args, "--out");
    enum p1_exit worst = check_all_ended(o), e;
    if (worst == P1_EXIT_DONE) worst = folder_make(folder);
    if (worst != P1_EXIT_DONE) return worst;
    if (o->key->test) puts("TEST KEY: it was made with --test.");
    unsigned owner[KEY_ELECTIONS_MAX];
    for (size_t i = 0; i < o->count; i++) {
        owner[i] = owner_of(o, o->boxes[i].box);
        e = check_box(o, &o->boxes[i]);
        if (e != P1_EXIT_DONE) {
            owner[i] = 0;
            worst = e;
        } else {
            remember(o, &o->boxes[i]);
        }
    }
    // On the disk before any share leaves: after a crash the key still knows which states it opened.
    e = keyfile_write(key_path, o->key, 0);
    if (e != P1_EXIT_DONE) return e;
    for (size_t i = 0; i < o->count; i++) {
        if (!owner[i]) continue;
        e = write_share(o, &o->boxes[i], owner[i], folder, key_name(key_path));
        if (e != P1_EXIT_DONE) worst = e;
    }
    return worst;
}

static enum p1_exit trustee_decrypt(const struct args *args) {
    struct visit o = {.runner = runner_new()};
    enum p1_exit e = keyfile_read(args_get(args, "--key"), &o.key);
    if (e == P1_EXIT_DONE && !o.key->has_private)
        e = refuse(P1_EXIT_REFUSED, "this key is not complete: its ceremony was not finished (plus1 trustee accept)");
    if (e == P1_EXIT_DONE && args->file_count > KEY_ELECTIONS_MAX)
        e = refuse(P1_EXIT_USAGE, "these are too many boxes");
    o.boxes = mem_alloc(args->file_count * sizeof *o.boxes);
    // The program of the trustee checks every box itself, with all proofs.
    while (e == P1_EXIT_DONE && o.count < args->file_count) {
        e = boxfile_open(&o.boxes[o.count], args->files[o.count], ARCHIVE_COPY, 1, o.runner);
        o.count += e == P1_EXIT_DONE;
    }
    if (e == P1_EXIT_DONE) e = open_boxes(&o, args);
    for (size_t i = 0; i < o.count; i++) boxfile_close(&o.boxes[i]);
    free(o.boxes);
    keyfile_free(o.key);
    pool_free(o.runner);
    return e;
}

const struct command command_trustee_decrypt = {
    "trustee",
    "decrypt",
    "--key!=NAME.key --boxes --out!=FOLDER BOX.bel..",
    "Checks the ballot boxes, and makes your share for each of them: FOLDER/UUID.NAME.share.json.\n"
    "All boxes that the key is for must be given and have ended. Of a box that was opened before, only the same state "
    "is\n"
    "opened again (and gives the same share).",
    "plus1 trustee decrypt --key T1.key --boxes almelo/A.bel emmen/B.bel --out shares",
    trustee_decrypt};
