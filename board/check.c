// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/check.h"

#include "board/check_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const category_names[CHECK_CATEGORIES] = {"completeness", "authenticity", "consistency", "integrity",
                                                             "evidence"};

const char *check_category_name(enum check_category c) { return category_names[c]; }

int check_unsupported(enum p1_err e) {
    return e == P1_ERR_ELECTION_KIND || e == P1_ERR_ELECTION_VERSION || e == P1_ERR_ELECTION_SIZE ||
           e == P1_ERR_GROUP_UNKNOWN;
}

void checked_write(const struct box *b, struct buf *out) {
    buf_str(out, "plus1-verify state 1 ");
    buf_put(out, b->election.uuid);
    buf_char(out, ' ');
    buf_u64(out, b->chain.height);
    buf_char(out, ' ');
    buf_hex(out, span_of(b->chain.tip, 32));
    buf_char(out, '\n');
}

// ---- credentials ----

enum { CHUNK = 64, BATCH = 512 };

struct credentials_job {
    const struct box *box;
    _Atomic int bad; // at least one is not right
};

static enum p1_err credential_decode(const struct box *b, size_t voter, struct work *w) {
    struct elem e;
    const struct voter *v = &b->voters[voter];
    return elem_decode_key(&b->election.group, &e, span_of(v->credential, v->credential_n), w);
}

static void credentials_part(void *arg, size_t i, struct work *w) {
    struct credentials_job *job = arg;
    const struct box *b = job->box;
    for (size_t v = CHUNK * i; v < b->voter_count && v < CHUNK * (i + 1); v++) {
        if (credential_decode(b, v, w) != P1_OK) job->bad = 1;
    }
}

static enum p1_err check_credentials(struct checker *c, const struct box *b) {
    struct credentials_job job = {.box = b};
    c->runner->run(c->runner, (b->voter_count + CHUNK - 1) / CHUNK, credentials_part, &job);
    for (size_t v = 0; job.bad && v < b->voter_count; v++) { // which is the first?
        enum p1_err err = credential_decode(b, v, c->runner->work);
        if (err != P1_OK) return check_fail(c, err, "public credential %zu", v + 1);
    }
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "credentials", "%zu public credentials, sorted, none twice",
              b->voter_count);
    check_say(c, CHECK_INTEGRITY, CHECK_OK, "credentials.group", "%zu public credentials are members of the group",
              b->voter_count);
    return P1_OK;
}

// ---- setup ----

static void describe_trustees(const struct trustees *t, char *out, size_t n) {
    size_t at = 0;
    for (unsigned i = 0; i < t->item_count && at < n; i++) {
        const struct trustee_item *item = &t->item[i];
        int written = item->threshold
                          ? snprintf(out + at, n - at, "%s%u of %u", at ? ", " : "", item->threshold, item->count)
                          : snprintf(out + at, n - at, "%sone single", at ? ", " : "");
        at += (size_t)written;
    }
}

static enum p1_err check_setup(struct checker *c, const struct box *b) {
    const struct trustees *t = &b->trustees;
    char shape[200];
    describe_trustees(t, shape, sizeof shape);
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "election", "%u question%s, %u choices, group %s",
              b->election.question_count, b->election.question_count == 1 ? "" : "s", b->election.choice_count,
              b->election.group.ops->name);
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "election.key",
              "the election's key is the product of its trustees' keys");
    check_say(c, CHECK_AUTHENTICITY, CHECK_OK, "trustees", "%u trustee%s (%s) proved to know their keys", t->count,
              t->count == 1 ? "" : "s", shape);
    if (t->lacks)
        check_say(c, CHECK_AUTHENTICITY, CHECK_WARNING, "trustees.old",
                  "warning: the key ceremony is of an old form and does not prove%s%s%s",
                  t->lacks & TRUSTEES_NO_CONTEXT ? " which ceremony a certificate is for;" : "",
                  t->lacks & TRUSTEES_NO_CERTS_SIGNATURE ? " that all trustees saw the same certificates;" : "",
                  t->lacks & TRUSTEES_NO_KEY_SIGNATURE ? " that each trustee signed its own key" : "");
    return check_credentials(c, b);
}

// ---- ballots ----

struct ballot_item {
    struct span json;
    uint64_t height;
    size_t at;
    enum p1_err err;
    unsigned seen;
};

struct ballots_job {
    const struct box *box;
    struct ballot_item item[BATCH];
    size_t n;
    uint64_t shown; // ballots that show a choice
};

static void ballot_part(void *arg, size_t i, struct work *w) {
    struct ballots_job *job = arg;
    struct ballot_item *item = &job->item[i];
    struct ballot ballot;
    item->err = ballot_parse(&ballot, &job->box->election.group.q, item->json);
    if (item->err == P1_OK) item->err = ballot_check(&job->box->election, &ballot, &item->seen, w);
}

static enum p1_err ballots_flush(struct checker *c, struct ballots_job *job) {
    c->runner->run(c->runner, job->n, ballot_part, job);
    for (size_t i = 0; i < job->n; i++) {
        const struct ballot_item *item = &job->item[i];
        char tracker[P1_HASH64];
        if (item->err != P1_OK) {
            hash64(tracker, item->json);
            return check_fail(c, item->err, "ballot %.*s, event %" PRIu64 ", byte %zu", P1_HASH64, tracker,
                              item->height, item->at);
        }
        if (item->seen & BALLOT_SHOWS_CHOICE) job->shown++;
    }
    job->n = 0;
    return P1_OK;
}

static void say_ballots(struct checker *c, const struct box *b, const struct ballots_job *job) {
    check_say(c, CHECK_AUTHENTICITY, CHECK_OK, "ballots.signatures",
              "%" PRIu64 " ballots are signed with credentials on the list", b->ballots);
    check_say(c, CHECK_EVIDENCE, CHECK_OK, "ballots.proofs",
              "%" PRIu64 " ballots prove that they hold only allowed choices", b->ballots);
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "ballots.once",
              "%" PRIu64 " ballots, none twice; %" PRIu64 " voters' last ballots count, %" PRIu64 " were replaced",
              b->ballots, b->counted, b->ballots - b->counted);
    if (job->shown)
        check_say(c, CHECK_EVIDENCE, CHECK_WARNING, "ballots.shown",
                  "warning: %" PRIu64 " ballots show a choice to everybody (alpha is the identity)", job->shown);
}

// ---- what was there before ----

// An archive only grows: an older copy is its beginning, byte for byte.
static enum p1_err check_previous(struct checker *c, struct span file) {
    struct span old = c->previous;
    struct chain chain;
    struct event ev;
    int more = 1;
    if (!old.p) return P1_OK;
    if (old.n > file.n) return check_fail(c, P1_ERR_PREVIOUS_GONE, "byte %zu", file.n);
    if (memcmp(old.p, file.p, old.n) == 0) {
        check_say(c, CHECK_COMPLETENESS, CHECK_OK, "previous",
                  "nothing of the older copy (%zu bytes) has vanished or changed", old.n);
        return P1_OK;
    }
    // In which event does the difference lie?
    enum p1_err err = chain_begin(&chain, old);
    while (err == P1_OK && more && memcmp(old.p, file.p, chain.at) == 0) err = chain_next(&chain, old, &ev, &more);
    return check_fail(c, P1_ERR_PREVIOUS_CHANGED, "event %" PRIu64, chain.height ? chain.height - 1 : 0);
}

// Event number HEIGHT must be the one that an earlier check stopped at.
static enum p1_err check_earlier(struct checker *c, const struct event *ev) {
    if (ev->height + 1 != c->earlier.events) return P1_OK;
    if (memcmp(ev->hash, c->earlier.tip, 32) != 0)
        return check_fail(c, P1_ERR_PREVIOUS_CHANGED, "event %" PRIu64, ev->height);
    check_say(c, CHECK_COMPLETENESS, CHECK_OK, "earlier",
              "goes on from the earlier check, after %" PRIu64 " events: their ballots' proofs are not checked again",
              c->earlier.events);
    return P1_OK;
}

// ---- all events ----

static enum p1_err read_events(struct checker *c, struct box *b, struct span file, struct ballots_job *job,
                               uint64_t *records) {
    struct event ev;
    enum p1_err err = chain_begin(&b->chain, file);
    if (err != P1_OK) return check_fail(c, err, "the first record");
    for (int more;;) {
        size_t start = b->chain.at;
        err = chain_next(&b->chain, file, &ev, &more);
        if (err != P1_OK) return check_fail(c, err, "event %" PRIu64 ", byte %zu", b->chain.height, b->chain.at);
        if (!more || ev.type != EVENT_BALLOT || job->n == BATCH) TRY(ballots_flush(c, job));
        if (!more) return P1_OK;
        *records += ev.record_count + 1;
        if (ev.type == EVENT_BALLOT && c->beside)
            err = notices_ballot(&c->beside->noticed, b, ev.record[0].content, c->runner->work);
        if (err == P1_OK) err = box_apply(b, &ev, c->runner->work);
        if (err != P1_OK && b->trustees.at)
            return check_fail(c, err, "event %" PRIu64 " (%s), trustee %u", ev.height, event_name(ev.type),
                              b->trustees.at);
        if (err != P1_OK)
            return check_fail(c, err, "event %" PRIu64 " (%s), byte %zu", ev.height, event_name(ev.type), start);
        if (ev.type == EVENT_SETUP) TRY(check_setup(c, b));
        if (ev.type == EVENT_SETUP) TRY(check_beside(c, b));
        if (c->beside) notices_event(&c->beside->noticed, ev.hash);
        TRY(check_earlier(c, &ev));
        if (ev.type == EVENT_BALLOT && ev.height >= c->earlier.events)
            job->item[job->n++] = (struct ballot_item){.json = ev.record[0].content, .height = ev.height, .at = start};
        if (c->runner->progress && (ev.height % 64 == 0 || b->chain.at == file.n))
            c->runner->progress(c->runner, b->chain.at, file.n);
    }
}

// ---- tally, shares, result ----

static enum p1_err check_figures(struct checker *c, const struct box *b) {
    struct sized_tally s;
    TRY(sized_tally_parse(b->sized_tally, &s));
    if (s.ballots != b->counted)
        return check_fail(c, P1_ERR_TALLY_COUNT, "%" PRIu64 " instead of %" PRIu64, s.ballots, b->counted);
    if (s.weight != b->counted_weight)
        return check_fail(c, P1_ERR_TALLY_WEIGHT, "%" PRIu64 " instead of %" PRIu64, s.weight, b->counted_weight);
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "tally.figures", "%" PRIu64 " ballots count, of total weight %" PRIu64,
              s.ballots, s.weight);
    return P1_OK;
}

// The text of the tally that the ballots give must be the one in the archive.
static enum p1_err check_tally(struct checker *c, const struct box *b, struct ciphertext *tally) {
    enum p1_err err = box_tally(b, c->runner, tally);
    if (err != P1_OK) return check_fail(c, err, "the ballots that count");
    uint8_t *memory = malloc(tally_size_max(&b->election));
    if (!memory) return check_fail(c, P1_ERR_MEMORY, "the tally");
    struct buf text = buf_over(memory, tally_size_max(&b->election));
    tally_write(&b->election, tally, &text, c->runner->work);
    int same = buf_done(&text) == P1_OK && span_eq(buf_span(&text), b->tally);
    free(memory);
    if (!same) {
        // Is it another tally, or none at all?
        err = tally_parse(&b->election, b->tally, tally, c->runner->work);
        return check_fail(c, err == P1_OK ? P1_ERR_TALLY : err, "the encrypted tally");
    }
    check_say(c, CHECK_EVIDENCE, CHECK_OK, "tally",
              "the encrypted tally is the product of the %" PRIu64 " ballots that count", b->counted);
    return P1_OK;
}

static enum p1_err check_shares(struct checker *c, const struct box *b, const struct ciphertext *tally,
                                struct elem *factors, int *opened) {
    struct quorum q;
    uint64_t bad;
    enum p1_err why, err = box_open(b, tally, factors, &q, &bad, &why, c->runner);
    unsigned first = bad ? (unsigned)__builtin_ctzll(bad) + 1 : 0;
    *opened = err == P1_OK;
    if (err != P1_OK && err != P1_ERR_SHARES_MISSING) return check_fail(c, err, "the shares of the trustees");
    if (err != P1_OK && bad) return check_fail(c, why, "share of trustee %u", first);
    if (bad)
        check_say(c, CHECK_EVIDENCE, CHECK_WARNING, "shares.bad",
                  "warning: the share of trustee %u is not valid (%s); there are enough others", first,
                  p1_err_text(why));
    check_say(c, CHECK_EVIDENCE, CHECK_OK, "shares", "%d share%s of trustees prove%s right decryption",
              __builtin_popcountll(q.present), __builtin_popcountll(q.present) == 1 ? "" : "s",
              __builtin_popcountll(q.present) == 1 ? "s" : "");
    if (err == P1_OK) return check_bindings(c, b, tally, q.used);
    if (b->stage == BOX_PUBLISHED) return check_fail(c, err, "there is a result all the same");
    check_say(c, CHECK_COMPLETENESS, CHECK_OPEN, "shares.missing",
              "not yet: enough shares of trustees to open the box");
    return P1_OK;
}

static enum p1_err check_result(struct checker *c, const struct box *b, const struct ciphertext *tally,
                                const struct elem *factors, uint64_t *counts) {
    unsigned choice = 0;
    enum p1_err err = result_parse(&b->election, b->result, counts);
    if (err == P1_OK) err = result_check(&b->election, tally, factors, counts, &choice, c->runner->work);
    if (err != P1_OK) return check_fail(c, err, "choice %u", choice + 1);
    check_say(c, CHECK_EVIDENCE, CHECK_OK, "result", "the result is what the shares open the tally to");
    return P1_OK;
}

// ---- what a right result may still show ----

enum { SMALL = 10 }; // below this many, somebody may guess who voted what

static void warn_of_unanimity(struct checker *c, const struct box *b, const uint64_t *counts) {
    unsigned said = 0; // questions, so that each is named once
    FOR_CHOICES(&b->election, at, q, k) {
        if (!b->counted || counts[at] != b->counted_weight || said > q) continue;
        check_say(
            c, CHECK_EVIDENCE, CHECK_WARNING, "privacy.unanimous",
            "warning: in question %u everybody chose the same answer, so this result shows that part of each vote",
            q + 1);
        said = q + 1;
    }
}

// What opening this box would show, whatever the result.
static enum p1_err warn_of_exposure(struct checker *c, const struct box *b) {
    uint64_t rare = 0;
    struct elem identity;
    elem_identity(&b->election.group, &identity);
    if (elem_equal(&b->election.group, &b->election.key, &identity, c->runner->work))
        check_say(c, CHECK_EVIDENCE, CHECK_WARNING, "privacy.key",
                  "warning: the election's key is the identity, so everybody can read every ballot");
    if (b->counted && b->counted < SMALL)
        check_say(c, CHECK_EVIDENCE, CHECK_WARNING, "privacy.small", "warning: only %" PRIu64 " %s voted in this box",
                  b->counted, b->counted == 1 ? "person" : "people");
    enum p1_err err = b->weighted ? box_rare_weight(b, SMALL, &rare) : P1_OK;
    if (err != P1_OK) return check_fail(c, err, "the weights of those who voted");
    if (rare)
        check_say(c, CHECK_EVIDENCE, CHECK_WARNING, "privacy.weight",
                  "warning: fewer than %d people who voted have weight %" PRIu64 ", which may show their votes", SMALL,
                  rare);
    return P1_OK;
}

static enum p1_err check_end(struct checker *c, const struct box *b, uint64_t *counts) {
    struct ciphertext *tally = NULL;
    struct elem *factors = NULL;
    int opened = 0;
    if (b->stage < BOX_ENDED) check_say(c, CHECK_COMPLETENESS, CHECK_OPEN, "end", "not yet: the end of voting");
    if (b->stage == BOX_ENDED)
        check_say(c, CHECK_COMPLETENESS, CHECK_OPEN, "tally.missing", "not yet: the encrypted tally");
    if (b->stage < BOX_TALLIED) return P1_OK;

    tally = calloc(b->election.choice_count, sizeof *tally);
    factors = calloc(b->election.choice_count, sizeof *factors);
    enum p1_err err = tally && factors ? check_tally(c, b, tally) : check_fail(c, P1_ERR_MEMORY, "the tally");
    if (err == P1_OK) err = check_figures(c, b);
    if (err == P1_OK) err = check_shares(c, b, tally, factors, &opened);
    if (err == P1_OK && b->stage == BOX_PUBLISHED) err = check_result(c, b, tally, factors, counts);
    if (err == P1_OK && b->stage == BOX_PUBLISHED) warn_of_unanimity(c, b, counts);
    if (err == P1_OK) err = warn_of_exposure(c, b);
    free(tally);
    free(factors);
    TRY(err);
    if (b->stage == BOX_PUBLISHED) {
        check_say(c, CHECK_COMPLETENESS, CHECK_OK, "archive", "from setup to result, nothing is missing");
    } else if (opened) {
        check_say(c, CHECK_COMPLETENESS, CHECK_OPEN, "result.missing", "not yet: the result");
    }
    return P1_OK;
}

enum p1_err check_archive(struct checker *c, struct box *b, struct span file, uint64_t *counts) {
    uint64_t records = 1;
    struct ballots_job *job = calloc(1, sizeof *job);
    if (!job) return check_fail(c, P1_ERR_MEMORY, "the check");
    job->box = b;
    enum p1_err err = check_previous(c, file);
    if (err == P1_OK) err = read_events(c, b, file, job, &records);
    if (err == P1_OK && b->chain.height < c->earlier.events)
        err = check_fail(c, P1_ERR_PREVIOUS_GONE, "event %" PRIu64, b->chain.height);
    if (err == P1_OK && b->stage == BOX_NEW) err = check_fail(c, P1_ERR_ARCHIVE_TORN, "there is no setup");
    if (err == P1_OK) {
        check_say(c, CHECK_INTEGRITY, CHECK_OK, "records", "%" PRIu64 " records have the hash that is their name",
                  records);
        check_say(c, CHECK_CONSISTENCY, CHECK_OK, "events", "%" PRIu64 " events, each following the one before it",
                  b->chain.height);
        say_ballots(c, b, job);
    }
    free(job);
    if (err == P1_OK) err = check_notices_end(c, b);
    return err == P1_OK ? check_end(c, b, counts) : err;
}

// ---- a joint vote ----

static int same_questions(const struct election *a, const struct election *b) {
    if (a->question_count != b->question_count) return 0;
    for (unsigned i = 0; i < a->question_count; i++) {
        const struct question *p = &a->questions[i], *q = &b->questions[i];
        if (!span_eq(p->text, q->text) || !span_eq(p->answers, q->answers)) return 0;
        if (p->min != q->min || p->max != q->max || p->blank != q->blank) return 0;
    }
    return 1;
}

static int same_trustees(const struct box *a, const struct box *b) {
    if (!span_eq(span_str(a->election.group.ops->name), span_str(b->election.group.ops->name))) return 0;
    if (a->trustees.count != b->trustees.count) return 0;
    if (a->trustees.item_count != b->trustees.item_count) return 0;
    for (unsigned i = 0; i < a->trustees.item_count; i++) {
        const struct trustee_item *x = &a->trustees.item[i], *y = &b->trustees.item[i];
        if (x->threshold != y->threshold || x->count != y->count) return 0;
    }
    for (unsigned i = 0; i < a->trustees.count; i++) {
        if (!span_eq(a->trustees.trustee[i].key_text, b->trustees.trustee[i].key_text)) return 0;
    }
    return 1;
}

enum p1_err check_joint(struct checker *c, const struct box *const *boxes, const uint64_t *const *counts, unsigned n,
                        uint64_t *sum, int *complete) {
    const struct election *first = &boxes[0]->election;
    uint64_t voted = 0;
    *complete = 1;
    memset(sum, 0, first->choice_count * sizeof *sum);
    for (unsigned i = 0; i < n; i++) {
        const struct election *e = &boxes[i]->election;
        if (!same_questions(first, e)) return check_fail(c, P1_ERR_JOINT_QUESTIONS, "box %u", i + 1);
        if (!same_trustees(boxes[0], boxes[i])) return check_fail(c, P1_ERR_JOINT_KEY, "box %u", i + 1);
        for (unsigned k = 0; k < i; k++) {
            if (span_eq(e->uuid, boxes[k]->election.uuid))
                return check_fail(c, P1_ERR_JOINT_TWICE, "boxes %u and %u", k + 1, i + 1);
        }
        voted += boxes[i]->counted;
        if (boxes[i]->stage != BOX_PUBLISHED) *complete = 0;
        for (unsigned k = 0; k < first->choice_count && boxes[i]->stage == BOX_PUBLISHED; k++) {
            if (__builtin_add_overflow(sum[k], counts[i][k], &sum[k]))
                return check_fail(c, P1_ERR_SPACE, "box %u", i + 1);
        }
    }
    check_say(c, CHECK_CONSISTENCY, CHECK_OK, "joint", "%u boxes with the same questions and trustees", n);
    check_say(c, CHECK_COMPLETENESS, *complete ? CHECK_OK : CHECK_OPEN, "joint.result",
              *complete ? "the joint result is the sum of %u boxes, in which %" PRIu64 " people voted"
                        : "not yet: a result of all %u boxes (%" PRIu64 " people voted so far)",
              n, voted);
    return P1_OK;
}
