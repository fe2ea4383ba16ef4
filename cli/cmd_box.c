// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The ballot box: take ballots, close, tally, take shares.

#include "cli/cmd_box.h"

#include <inttypes.h>
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/files.h"
#include "cli/served.h"
#include "cli/text.h"
#include "core/sha256.h"

enum p1_exit box_add(struct boxfile *f, struct span json, char tracker[P1_HASH64]) {
    struct ballot ballot;
    enum p1_err err = box_admits(f->box, json, &ballot, f->runner->work);
    if (err == P1_ERR_BOX_STAGE)
        return refuse(P1_EXIT_REFUSED, "the ballot box takes no more ballots: %s", stage_words(f->box->stage));
    if (err == P1_OK) err = notices_ballot(&f->beside->noticed, f->box, json, f->runner->work);
    if (err != P1_OK)
        return refuse(P1_EXIT_REFUSED, "the ballot is refused: %s (%s)", p1_err_text(err), p1_err_name(err));
    memcpy(tracker, ballot.tracker, P1_HASH64);
    return boxfile_append(f, EVENT_BALLOT, &json, 1);
}

static enum p1_exit add_files(struct boxfile *f, const struct args *args) {
    for (size_t i = 1; i < args->file_count; i++) {
        char *text, tracker[P1_HASH64];
        size_t n;
        enum p1_exit e = file_read(args->files[i], 1, &text, &n);
        if (e != P1_EXIT_DONE) return e;
        e = box_add(f, span_of(text, n), tracker);
        free(text);
        if (e != P1_EXIT_DONE) return refuse(e, "%s was not added", args->files[i]);
        printf("%s is in the box: event %" PRIu64 ", tracker %.*s\n", args->files[i], f->box->chain.height - 1,
               P1_HASH64, tracker);
    }
    return P1_EXIT_DONE;
}

// ---- closing ----

static enum p1_exit not_now(const struct boxfile *f, const char *what) {
    return refuse(P1_EXIT_REFUSED, "%s: %s is not possible now: %s", f->shown, what, stage_words(f->box->stage));
}

static enum p1_exit close_box(struct boxfile *f, const struct args *args) {
    (void)args;
    if (f->box->stage != BOX_OPEN) return not_now(f, "closing");
    enum p1_exit e = boxfile_append(f, EVENT_END_BALLOTS, NULL, 0);
    if (e == P1_EXIT_DONE)
        printf("%s is closed: %" PRIu64 " ballot%s of %" PRIu64 " voter%s\n", f->shown, f->box->ballots,
               f->box->ballots == 1 ? "" : "s", f->box->counted, f->box->counted == 1 ? "" : "s");
    return e;
}

// ---- tally ----

static enum p1_exit tally_box(struct boxfile *f, const struct args *args) {
    (void)args;
    const struct election *e = &f->box->election;
    if (f->box->stage != BOX_ENDED) return not_now(f, "the tally");
    struct ciphertext *tally = mem_alloc(e->choice_count * sizeof *tally);
    size_t room = tally_size_max(e);
    struct buf text = buf_over(mem_alloc(room), room);
    uint8_t sized_text[256];
    struct buf sized = buf_over(sized_text, sizeof sized_text);
    enum p1_exit result = P1_EXIT_DONE;

    enum p1_err err = box_tally(f->box, f->runner, tally);
    if (err == P1_OK) {
        struct sized_tally s = {.ballots = f->box->counted, .weight = f->box->counted_weight};
        tally_write(e, tally, &text, f->runner->work);
        sha256(s.tally, buf_span(&text));
        sized_tally_write(&s, &sized);
        const struct span records[] = {buf_span(&text), buf_span(&sized)};
        result = boxfile_append(f, EVENT_TALLY, records, 2);
    } else {
        result = refuse(P1_EXIT_REFUSED, "%s: %s", f->shown, p1_err_text(err));
    }
    if (result == P1_EXIT_DONE)
        printf("%s is tallied: %" PRIu64 " ballots count. Now the trustees open it: plus1 trustee decrypt\n", f->shown,
               f->box->counted);
    free(text.p);
    free(tally);
    return result;
}

// ---- shares ----

// {"owner":n,"share":{..},"bound":[..]}, or the bare share with --owner, as Belenios makes it
static enum p1_exit share_parse(const struct args *args, struct span text, unsigned long *owner, struct span *share,
                                struct span *bound) {
    struct json j = json_of(text);
    uint64_t n;
    *share = text;
    if (json_take(&j, "{\"owner\":")) {
        if (json_uint(&j, P1_TRUSTEES_MAX, &n) != P1_OK || !json_take(&j, ",\"share\":") ||
            json_skip(&j, share) != P1_OK || (json_take(&j, ",\"bound\":") && json_skip(&j, bound) != P1_OK) ||
            !json_take(&j, "}") || json_end(&j) != P1_OK)
            return refuse(P1_EXIT_UNREADABLE, "%s is not a trustee's share", args->files[1]);
        *owner = (unsigned long)n;
    }
    enum p1_exit e = args_number(args, "--owner", 1, P1_TRUSTEES_MAX, owner);
    if (e == P1_EXIT_DONE && *owner == 0)
        return refuse(P1_EXIT_USAGE, "%s does not say whose share it is: give --owner N", args->files[1]);
    return e;
}

static enum p1_exit keep_binding(struct boxfile *f, unsigned long owner, struct span bound) {
    char *path = boxfile_beside(f->path, ".shares");
    size_t room = f->beside->shares.n + bound.n + 64;
    struct buf all = buf_over(mem_alloc(room), room);
    buf_put(&all, f->beside->shares);
    buf_str(&all, "{\"owner\":");
    buf_u64(&all, owner);
    buf_str(&all, ",\"proofs\":");
    buf_put(&all, bound);
    buf_str(&all, "}\n");
    enum p1_exit e = file_write(path, FILE_PUBLIC, 0, buf_span(&all));
    free(all.p);
    free(path);
    return e;
}

static enum p1_exit add_share(struct boxfile *f, unsigned long owner, struct span share, struct span bound) {
    const struct box *b = f->box;
    const struct election *e = &b->election;
    uint8_t hash[32], text[128];
    struct buf record = buf_over(text, sizeof text);
    if (owner < 1 || owner > b->trustees.count)
        return refuse(P1_EXIT_REFUSED, "there is no trustee %lu: this election has %u", owner, b->trustees.count);
    if (b->share[owner - 1].p) return refuse(P1_EXIT_REFUSED, "trustee %lu gave a share already", owner);

    struct ciphertext *tally = mem_alloc(e->choice_count * sizeof *tally);
    struct elem *factors = mem_alloc(e->choice_count * sizeof *factors);
    enum p1_err err = tally_parse(e, b->tally, tally, f->runner->work);
    if (err == P1_OK) err = share_check(e, &b->trustees.trustee[owner - 1], tally, share, factors, f->runner->work);
    if (err == P1_OK && bound.p)
        err = share_binding_check(e, &b->trustees.trustee[owner - 1], tally, factors, bound, f->runner->work);
    free(tally);
    free(factors);
    if (err != P1_OK)
        return refuse(P1_EXIT_REFUSED, "the share of trustee %lu is not valid and is not added: %s (%s)", owner,
                      p1_err_text(err), p1_err_name(err));
    if (bound.p) {
        enum p1_exit kept = keep_binding(f, owner, bound); // before the share: a proof too many does no harm
        if (kept != P1_EXIT_DONE) return kept;
    } else {
        fprintf(stderr, "plus1: this share has no second proof, as Belenios makes it: ask all trustees for theirs\n");
    }
    sha256(hash, share);
    owner_write((unsigned)owner, hash, &record);
    const struct span records[] = {share, buf_span(&record)};
    return boxfile_append(f, EVENT_SHARE, records, 2);
}

static enum p1_exit share_box(struct boxfile *f, const struct args *args) {
    char *text;
    size_t n;
    unsigned long owner = 0;
    struct span share, bound = {0};
    if (f->box->stage != BOX_TALLIED) return not_now(f, "adding a share");
    enum p1_exit e = file_read(args->files[1], 1, &text, &n);
    if (e != P1_EXIT_DONE) return e;
    e = share_parse(args, span_of(text, n), &owner, &share, &bound);
    if (e == P1_EXIT_DONE) e = add_share(f, owner, share, bound);
    free(text);
    if (e != P1_EXIT_DONE) return e;

    struct quorum q = {0};
    for (unsigned i = 0; i < f->box->trustees.count; i++) q.present |= (uint64_t)(f->box->share[i].p != NULL) << i;
    printf("%s: the share of trustee %lu is added; %s\n", f->shown, owner,
           quorum_choose(&f->box->trustees, &q) == P1_OK ? "there are enough to open the box: plus1 result publish"
                                                         : "more are needed");
    return P1_EXIT_DONE;
}

// ---- status ----

static enum p1_exit status_box(struct boxfile *f, const struct args *args) {
    (void)args;
    const struct box *b = f->box;
    char *name = boxfile_name(f);
    unsigned shares = 0;
    for (unsigned i = 0; i < b->trustees.count; i++) shares += b->share[i].p != NULL;
    printf("%s (%.*s): %s\n", name, (int)b->election.uuid.n, (const char *)b->election.uuid.p, stage_words(b->stage));
    printf("  voters   %10zu\n  voted    %10" PRIu64 "  (%.1f %%)\n  ballots  %10" PRIu64
           "\n  shares   %10u of %u trustees\n",
           b->voter_count, b->counted, 100.0 * (double)b->counted / (double)b->voter_count, b->ballots, shares,
           b->trustees.count);
    free(name);
    return P1_EXIT_DONE;
}

// ---- commands ----

#define SERVED "With --data DIR the box is one of the server that runs there, named by its UUID."

static enum p1_exit run_add(const struct args *args) { return with_box(args, ARCHIVE_APPEND, 0, add_files); }
static enum p1_exit run_close(const struct args *args) {
    const char *const argv[] = {"box", "end", args->files[0]};
    return args_get(args, "--data") ? served_ask(args, 3, argv) : with_box(args, ARCHIVE_APPEND, 0, close_box);
}

// The tally is what the trustees will open: all proofs are checked once more before it.
static enum p1_exit run_tally(const struct args *args) { return with_box(args, ARCHIVE_APPEND, 1, tally_box); }
static enum p1_exit run_share(const struct args *args) { return with_box(args, ARCHIVE_APPEND, 0, share_box); }
static enum p1_exit run_status(const struct args *args) {
    const char *const argv[] = {"box", "status", args->files[0]};
    return args_get(args, "--data") ? served_ask(args, 3, argv) : with_box(args, ARCHIVE_READ, 0, status_box);
}

const struct command command_box_add = {
    "box",
    "add",
    "BOX.bel BALLOT.json..",
    "Puts ballots into the box, after all their checks. When it says that a ballot is in the box, it is on the disk.",
    "plus1 box add emmen/UUID.bel ballot.json",
    run_add};

const struct command command_box_close = {"box",
                                          "close",
                                          "--data=DIR BOX.bel",
                                          "Ends the voting: no ballot is taken after this.\n" SERVED,
                                          "plus1 box close emmen/UUID.bel",
                                          run_close};

const struct command command_box_tally = {"box",
                                          "tally",
                                          "--data=DIR BOX.bel",
                                          "Checks all ballots and adds up, still encrypted, those that count.\n" SERVED,
                                          "plus1 box tally emmen/UUID.bel",
                                          run_tally};

const struct command command_share_add = {
    "share",
    "add",
    "--data=DIR --owner=N BOX.bel SHARE.json",
    "Adds a trustee's share. One that is not valid is refused.\n"
    "--owner says whose it is (from 1, in the order of the trustees) if the file does not.\n" SERVED,
    "plus1 share add emmen/UUID.bel UUID.T1.share.json",
    run_share};

const struct command command_box_status = {
    "box",
    "status",
    "--data=DIR BOX.bel",
    "Says how far a vote is and how many took part; never what was chosen.\n" SERVED,
    "plus1 box status emmen/UUID.bel",
    run_status};
