// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "board/box.h"

#include <stdlib.h>

#include "core/sha256.h"

void box_init(struct box *b) { memset(b, 0, sizeof *b); }

void box_release(struct box *b) {
    free(b->voters);
    seen_release(&b->seen);
    memset(b, 0, sizeof *b);
}

// ---- the roll ----

// "credential", "credential,weight", "credential,weight,name" or "credential,,name"
static enum p1_err voter_parse(struct span entry, struct voter *v, int *weighted) {
    const uint8_t *comma = memchr(entry.p, ',', entry.n);
    *v = (struct voter){.credential = entry.p, .weight = 1};
    size_t n = comma ? (size_t)(comma - entry.p) : entry.n;
    if (comma && n + 1 == entry.n) return P1_ERR_CREDENTIALS_WEIGHT;
    if (n == 0 || n > P1_ELEM_TEXT) return P1_ERR_ELEM_FORM;
    v->credential_n = (uint16_t)n;
    if (!comma) return P1_OK;
    struct json j = json_of(span_from(entry, n + 1));
    if (*j.p == ',') return P1_OK; // no weight, a name
    if (json_uint(&j, INT64_MAX, &v->weight) != P1_OK || v->weight == 0) return P1_ERR_CREDENTIALS_WEIGHT;
    *weighted = 1;
    return j.p == j.end || *j.p == ',' ? P1_OK : P1_ERR_CREDENTIALS_WEIGHT;
}

static struct span voter_credential(const struct voter *v) { return span_of(v->credential, v->credential_n); }

static enum p1_err voters_count(struct span json, size_t *n) {
    struct json j = json_of(json);
    struct span ignored;
    TRY(json_lit(&j, "["));
    for (int first = 1, more;; ++*n) {
        TRY(json_next(&j, &first, &more));
        if (!more) return json_end(&j);
        TRY(json_quoted(&j, &ignored));
    }
}

// The last voter read does not come after the one before: is it listed a second time, or in the wrong place?
static enum p1_err out_of_order(const struct box *b) {
    struct span last = voter_credential(&b->voters[b->voter_count]);
    for (size_t i = 0; i < b->voter_count; i++) {
        if (span_eq(last, voter_credential(&b->voters[i]))) return P1_ERR_CREDENTIALS_TWICE;
    }
    return P1_ERR_CREDENTIALS_ORDER;
}

static enum p1_err voters_parse(struct box *b, struct span json) {
    struct json j = json_of(json);
    size_t n = 0;
    TRY(voters_count(json, &n));
    if (n == 0) return P1_ERR_CREDENTIALS_COUNT;
    b->voters = calloc(n, sizeof *b->voters);
    if (!b->voters) return P1_ERR_MEMORY;
    TRY(json_lit(&j, "["));
    for (; b->voter_count < n; b->voter_count++) {
        struct voter *v = &b->voters[b->voter_count];
        struct span entry;
        if (b->voter_count) TRY(json_lit(&j, ","));
        TRY(json_quoted(&j, &entry));
        TRY(voter_parse(entry, v, &b->weighted));
        if (__builtin_add_overflow(b->weight, v->weight, &b->weight) || b->weight > INT64_MAX)
            return P1_ERR_CREDENTIALS_COUNT;
        if (b->voter_count == 0) continue;
        int order = elem_text_order(&b->election.group, voter_credential(v - 1), voter_credential(v));
        if (order >= 0) return out_of_order(b);
    }
    return json_lit(&j, "]");
}

struct voter *box_voter(const struct box *b, struct span credential) {
    size_t low = 0, high = b->voter_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        struct voter *v = &b->voters[mid];
        int order = elem_text_order(&b->election.group, credential, voter_credential(v));
        if (order == 0) return span_eq(credential, voter_credential(v)) ? v : NULL;
        if (order < 0) {
            high = mid;
        } else {
            low = mid + 1;
        }
    }
    return NULL;
}

// ---- events ----

static enum p1_err setup_records_check(const struct event *ev) {
    struct json j = json_of(ev->record[ev->record_count - 1].content);
    static const char *const field[] = {"{\"election\":", ",\"trustees\":", ",\"credentials\":"};
    for (unsigned i = 0; i < 3; i++) {
        uint8_t hash[32];
        TRY(json_lit(&j, field[i]));
        TRY(json_hash(&j, hash));
        if (memcmp(hash, ev->record[i].hash, 32) != 0) return P1_ERR_SETUP_RECORDS;
    }
    int certificate = json_take(&j, ",\"credentials_certificate\":");
    if (certificate) {
        uint8_t hash[32];
        TRY(json_hash(&j, hash));
        if (memcmp(hash, ev->record[3].hash, 32) != 0) return P1_ERR_SETUP_RECORDS;
    }
    if (ev->record_count != (certificate ? 5u : 4u)) return certificate ? P1_ERR_SETUP_RECORDS : P1_ERR_EVENT_EXTRA;
    TRY(json_lit(&j, "}"));
    return json_end(&j);
}

static enum p1_err apply_setup(struct box *b, const struct event *ev, struct work *w) {
    struct span trustees = ev->record[1].content;
    TRY(election_parse(&b->election, ev->record[0].content,
                       w)); // first: what is not yet supported is said before all else
    TRY(setup_records_check(ev));
    uint8_t *memory = malloc(trustees.n + 1);
    if (!memory) return P1_ERR_MEMORY;
    struct buf arena = buf_over(memory, trustees.n + 1);
    enum p1_err err = trustees_parse(&b->trustees, &b->election.group, trustees, &arena, w);
    free(memory);
    TRY(err);
    if (!elem_equal(&b->election.group, &b->trustees.joint, &b->election.key, w)) return P1_ERR_ELECTION_KEY;
    TRY(voters_parse(b, ev->record[2].content));
    memcpy(b->credentials_hash, ev->record[2].hash, 32);
    b->stage = BOX_OPEN;
    return P1_OK;
}

// A credential that is not on the list: because it is none at all?
static enum p1_err stranger(const struct box *b, struct span credential, struct work *w) {
    struct elem e;
    TRY(elem_decode(&b->election.group, &e, credential, w));
    return P1_ERR_BALLOT_STRANGER;
}

static enum p1_err apply_ballot(struct box *b, const struct event *ev, struct work *w) {
    const struct record *r = &ev->record[0];
    struct span credential;
    if (seen_has(&b->seen, r->hash, r->content)) return P1_ERR_BALLOT_TWICE;
    TRY(ballot_credential(r->content, &credential));
    struct voter *v = box_voter(b, credential);
    if (!v) return stranger(b, credential, w);
    if (r->content.n > UINT32_MAX) return P1_ERR_SPACE;

    TRY(seen_add(&b->seen, r->hash, r->content));
    if (!v->ballot) {
        b->counted++;
        b->counted_weight += v->weight;
    }
    v->ballot = r->content.p;
    v->ballot_n = (uint32_t)r->content.n;
    if (v->ballots < UINT16_MAX) v->ballots++;
    b->ballots++;
    return P1_OK;
}

static enum p1_err apply_tally(struct box *b, const struct event *ev) {
    struct sized_tally s;
    b->tally = ev->record[0].content;
    b->sized_tally = ev->record[1].content;
    TRY(sized_tally_parse(b->sized_tally, &s));
    if (memcmp(s.tally, ev->record[0].hash, 32) != 0) return P1_ERR_EVENT_PAYLOAD;
    memcpy(b->tally_event, ev->hash, 32);
    b->stage = BOX_TALLIED;
    return P1_OK;
}

static enum p1_err apply_share(struct box *b, const struct event *ev) {
    struct json j = json_of(ev->record[1].content);
    uint64_t owner;
    uint8_t payload[32];
    TRY(json_lit(&j, "{\"owner\":"));
    TRY(json_uint(&j, UINT32_MAX, &owner));
    TRY(json_lit(&j, ",\"payload\":"));
    TRY(json_hash(&j, payload));
    TRY(json_lit(&j, "}"));
    TRY(json_end(&j));
    if (memcmp(payload, ev->record[0].hash, 32) != 0) return P1_ERR_EVENT_PAYLOAD;
    if (owner < 1 || owner > b->trustees.count) return P1_ERR_SHARE_OWNER;
    if (b->share[owner - 1].p) return P1_ERR_SHARE_TWICE;
    b->share[owner - 1] = ev->record[0].content;
    return P1_OK;
}

enum p1_err box_apply(struct box *b, const struct event *ev, struct work *w) {
    static const enum box_stage needs[EVENT_TYPES] = {
        [EVENT_SETUP] = BOX_NEW,   [EVENT_BALLOT] = BOX_OPEN,   [EVENT_END_BALLOTS] = BOX_OPEN,
        [EVENT_TALLY] = BOX_ENDED, [EVENT_SHARE] = BOX_TALLIED, [EVENT_RESULT] = BOX_TALLIED,
    };
    if (b->stage != needs[ev->type]) return P1_ERR_EVENT_ORDER;
    switch (ev->type) {
    case EVENT_SETUP: return apply_setup(b, ev, w);
    case EVENT_BALLOT: return apply_ballot(b, ev, w);
    case EVENT_END_BALLOTS:
        memcpy(b->end_event, ev->hash, 32);
        b->stage = BOX_ENDED;
        return P1_OK;
    case EVENT_TALLY: return apply_tally(b, ev);
    case EVENT_SHARE: return apply_share(b, ev);
    default:
        b->result = ev->record[0].content;
        b->stage = BOX_PUBLISHED;
        return P1_OK;
    }
}

enum p1_err box_read(struct box *b, struct span file, struct work *w) {
    struct event ev;
    TRY(chain_begin(&b->chain, file));
    for (int more;;) {
        size_t start = b->chain.at;
        TRY(chain_next(&b->chain, file, &ev, &more));
        if (!more) return P1_OK;
        enum p1_err err = box_apply(b, &ev, w);
        if (err != P1_OK) {
            b->chain.at = start;
            return err;
        }
    }
}

// ---- taking ballots ----

enum p1_err box_admits(const struct box *b, struct span ballot, struct ballot *parsed, struct work *w) {
    uint8_t hash[32];
    unsigned shown;
    if (b->stage != BOX_OPEN) return P1_ERR_BOX_STAGE;
    TRY(ballot_parse(parsed, &b->election.group.q, ballot));
    if (!span_eq(parsed->uuid, b->election.uuid)) return P1_ERR_BALLOT_ELECTION; // before it is a stranger's
    if (!box_voter(b, parsed->credential)) return stranger(b, parsed->credential, w);
    sha256(hash, ballot);
    if (seen_has(&b->seen, hash, ballot)) return P1_ERR_BALLOT_TWICE;
    TRY(ballot_check_signature(&b->election, parsed, w)); // cheap: before all proofs
    TRY(ballot_check_answers(&b->election, parsed, &shown, w));
    return shown & BALLOT_SHOWS_CHOICE ? P1_ERR_BALLOT_SHOWS : P1_OK;
}

// ---- tally ----

// Parts of the roll, each with a product of its own: fewer of a large question paper, so that they stay within 16 MiB.
enum { PARTS_MAX = 16, PARTS_CHOICES = 16384 };

struct tally_job {
    const struct box *box;
    size_t parts;
    struct ciphertext *part; // tallies, and as many ballots' choices
    enum p1_err err[PARTS_MAX];
};

static void tally_part(void *arg, size_t i, struct work *w) {
    struct tally_job *job = arg;
    const struct box *b = job->box;
    const struct election *e = &b->election;
    struct ciphertext *sum = job->part + i * e->choice_count, *choices = sum + job->parts * e->choice_count;
    tally_init(e, sum);
    for (size_t v = b->voter_count * i / job->parts; v < b->voter_count * (i + 1) / job->parts; v++) {
        struct ballot ballot;
        const struct voter *voter = &b->voters[v];
        if (!voter->ballot) continue;
        enum p1_err err = ballot_parse(&ballot, &e->group.q, span_of(voter->ballot, voter->ballot_n));
        if (err == P1_OK) err = ballot_choices(e, &ballot, choices, w);
        if (err != P1_OK) job->err[i] = err;
        if (err != P1_OK) return;
        tally_add(e, sum, choices, voter->weight, w);
    }
}

enum p1_err box_tally(const struct box *b, struct runner *r, struct ciphertext *out) {
    struct tally_job job = {.box = b, .parts = PARTS_CHOICES / b->election.choice_count};
    enum p1_err err = P1_OK;
    if (job.parts > PARTS_MAX) job.parts = PARTS_MAX;
    job.part = calloc(2 * job.parts * b->election.choice_count, sizeof *job.part);
    if (!job.part) return P1_ERR_MEMORY;
    r->run(r, job.parts, tally_part, &job);
    tally_init(&b->election, out);
    for (size_t i = 0; i < job.parts && err == P1_OK; i++) {
        err = job.err[i];
        tally_add(&b->election, out, job.part + i * b->election.choice_count, 1, r->work);
    }
    free(job.part);
    return err;
}

// ---- opening ----

struct open_job {
    const struct box *box;
    const struct ciphertext *tally;
    struct elem *factors; // a list for each trustee
    enum p1_err err[P1_TRUSTEES_MAX];
};

static void open_part(void *arg, size_t i, struct work *w) {
    struct open_job *job = arg;
    const struct box *b = job->box;
    if (!b->share[i].p) return;
    job->err[i] = share_check(&b->election, &b->trustees.trustee[i], job->tally, b->share[i],
                              job->factors + i * b->election.choice_count, w);
}

enum p1_err box_open(const struct box *b, const struct ciphertext *tally, struct elem *factors, struct quorum *q,
                     uint64_t *bad, enum p1_err *why, struct runner *r) {
    const struct election *e = &b->election;
    struct open_job job = {.box = b, .tally = tally};
    job.factors = calloc((size_t)b->trustees.count * e->choice_count, sizeof *job.factors);
    if (!job.factors) return P1_ERR_MEMORY;
    r->run(r, b->trustees.count, open_part, &job);
    *q = (struct quorum){0};
    *bad = 0;
    *why = P1_OK;
    for (unsigned i = 0; i < b->trustees.count; i++) {
        if (!b->share[i].p) continue;
        *(job.err[i] ? bad : &q->present) |= (uint64_t)1 << i;
        if (job.err[i] && *why == P1_OK) *why = job.err[i];
    }
    enum p1_err err = quorum_choose(&b->trustees, q);
    for (unsigned i = 0; i < e->choice_count; i++) elem_identity(&e->group, &factors[i]);
    for (unsigned i = 0; i < b->trustees.count && err == P1_OK; i++) {
        if (q->used >> i & 1)
            factors_add_vartime(e, &b->trustees, q, i, job.factors + i * e->choice_count, factors, r->work);
    }
    for (unsigned i = 0; i < b->trustees.count && err == P1_OK; i++) {
        if ((q->present & ~q->used) >> i & 1) err = factors_agree_vartime(e, &b->trustees, q, i, job.factors, r->work);
    }
    free(job.factors);
    return err;
}

static int by_value(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

enum p1_err box_rare_weight(const struct box *b, uint64_t minimum, uint64_t *rare) {
    uint64_t *weights = calloc(b->counted + 1, sizeof *weights);
    size_t n = 0, run = 1;
    *rare = 0;
    if (!weights) return P1_ERR_MEMORY;
    for (size_t i = 0; i < b->voter_count; i++) {
        if (b->voters[i].ballot) weights[n++] = b->voters[i].weight;
    }
    qsort(weights, n, sizeof *weights, by_value);
    for (size_t i = 1; i <= n; i++, run++) {
        if (i < n && weights[i] == weights[i - 1]) continue;
        if (run < minimum && !*rare) *rare = weights[i - 1];
        run = 0;
    }
    free(weights);
    return P1_OK;
}

void owner_write(unsigned owner, const uint8_t payload[32], struct buf *out) {
    buf_str(out, "{\"owner\":");
    buf_u64(out, owner);
    buf_str(out, ",\"payload\":\"");
    buf_hex(out, span_of(payload, 32));
    buf_str(out, "\"}");
}
