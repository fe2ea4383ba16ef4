// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/unit/board_helpers.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/ceremony.h"
#include "core/credential.h"
#include "core/hash_scalar.h"

enum { TEXTS = 4 << 20, TEXT = 1 << 16 };

_Noreturn void ensure_failed(const char *file, int line, const char *condition) {
    fprintf(stderr, "%s:%d: a test is wrong: %s\n", file, line, condition);
    abort();
}

static void *new_memory(size_t n) {
    void *p = calloc(1, n ? n : 1);
    ENSURE(p);
    return p;
}

// ---- scripts ----

void script_add(struct script *s, const struct step *step) {
    ENSURE(s->n < STEPS_MAX);
    s->step[s->n++] = *step;
}

void script_remove(struct script *s, unsigned at) {
    ENSURE(at < s->n);
    s->n--;
    memmove(&s->step[at], &s->step[at + 1], (s->n - at) * sizeof s->step[0]);
}

void script_swap(struct script *s, unsigned a, unsigned b) {
    const struct step kept = s->step[a];
    s->step[a] = s->step[b];
    s->step[b] = kept;
}

unsigned script_find(const struct script *s, enum event_type type, unsigned nth) {
    unsigned i = 0;
    while (i < s->n && (s->step[i].type != type || nth-- > 0)) i++;
    ENSURE(i < s->n);
    return i;
}

struct span script_write(const struct script *s, unsigned n) {
    struct chain c;
    size_t size = tar_size(64);
    for (unsigned i = 0; i < n; i++) size += chain_write_size(s->step[i].record, s->step[i].n);
    struct buf out = buf_over(new_memory(size), size);
    ENSURE(chain_create(&c, TEST_TIME, &out) == P1_OK);
    for (unsigned i = 0; i < n; i++) {
        const struct step *step = &s->step[i];
        ENSURE(chain_write(&c, step->type, step->record, step->n, &out) == P1_OK);
    }
    return buf_span(&out);
}

struct span span_copy(struct span s, size_t extra) {
    uint8_t *p = new_memory(s.n + extra);
    memcpy(p, s.p, s.n);
    return span_of(p, s.n);
}

void span_free(struct span s) { free((void *)s.p); }

size_t span_find(struct span s, size_t at, const char *text) {
    size_t n = strlen(text);
    while (at + n <= s.n && memcmp(s.p + at, text, n) != 0) at++;
    ENSURE(at + n <= s.n);
    return at;
}

struct span span_replace(struct span s, const char *old, const char *new) {
    size_t at = span_find(s, 0, old), new_n = strlen(new);
    struct buf out = buf_over(new_memory(s.n + new_n), s.n + new_n);
    buf_put(&out, span_of(s.p, at));
    buf_str(&out, new);
    buf_put(&out, span_from(s, at + strlen(old)));
    return buf_span(&out);
}

// ---- texts ----

// Room for a text that is written in place; end_text() gives back what was not used.
static struct buf begin_text(struct made *m) {
    ENSURE(m->texts.cap - m->texts.n >= TEXT);
    return buf_over(m->texts.p + m->texts.n, TEXT);
}

static struct span end_text(struct made *m, const struct buf *b) {
    ENSURE(buf_done(b) == P1_OK);
    m->texts.n += b->n;
    return buf_span(b);
}

struct span made_keep(struct made *m, struct span text) {
    struct buf b = begin_text(m);
    buf_put(&b, text);
    return end_text(m, &b);
}

struct span made_keep_str(struct made *m, const char *text) {
    return made_keep(m, span_str(text));
}

// ---- trustees ----

// Scalars and seeds that follow from a label and two numbers.
static void test_seed(uint8_t out[32], const char *label, unsigned a, unsigned b) {
    char text[64];
    snprintf(text, sizeof text, "%s %u %u", label, a, b);
    sha256(out, span_str(text));
}

static void test_scalar(const struct modulus *q, struct scalar *out, const char *label, unsigned a) {
    uint8_t seed[32];
    test_seed(seed, label, a, 0);
    seed_scalar(q, seed, SPAN_LIT("test"), out);
}

// Those whose private keys are there already, each on its own.
static struct span make_singles(struct made *m, const struct group *g) {
    struct draws d = {.n = 0};
    struct buf b = begin_text(m);
    for (unsigned i = 0; i < m->trustees; i++) {
        buf_str(&b, i ? ",[\"Single\"," : "[[\"Single\",");
        trustee_key_write(g, &m->key[i], NULL, &d, &b, &m->work);
        buf_char(&b, ']');
    }
    buf_char(&b, ']');
    return end_text(m, &b);
}

static struct span make_pair(struct made *m, const struct group *g) {
    for (m->trustees = 0; m->trustees < 2; m->trustees++)
        test_scalar(&g->q, &m->key[m->trustees], "trustee", m->trustees);
    return make_singles(m, g);
}

struct ceremony {
    struct pki_keys keys[3];
    struct certificates certs;
    struct polynomial polynomial[3];
    struct span certificate[3], public_key[3];
};

static void make_polynomials(struct made *m, const struct group *g, struct ceremony *c, unsigned threshold,
                             struct draws *d) {
    for (unsigned i = 0; i < 3; i++) {
        char seed[P1_PKI_SEED + 1];
        snprintf(seed, sizeof seed, "%022u", i + 1);
        pki_keys_init(g, &c->keys[i], span_str(seed), &m->work);
        struct buf b = begin_text(m);
        ENSURE(certificate_make(g, &c->keys[i], 3, threshold, i + 1, d, &b, &m->work) == P1_OK);
        c->certificate[i] = end_text(m, &b);
    }
    struct buf arena = begin_text(m);
    ENSURE(certificates_parse(&c->certs, g, c->certificate, 3, &arena, &m->work) == P1_OK);
    (void)end_text(m, &arena);
    for (unsigned i = 0; i < 3; i++) {
        struct buf b = begin_text(m);
        arena = buf_over(new_memory(TEXT), TEXT);
        ENSURE(polynomial_make(g, &c->certs, &c->keys[i], AES_GCM, d, &b, &arena, &m->work) == P1_OK);
        free(arena.p);
        struct span json = end_text(m, &b);
        arena = begin_text(m);
        ENSURE(polynomial_check(g, &c->certs, i + 1, json, &c->polynomial[i], &arena, &m->work) == P1_OK);
        (void)end_text(m, &arena);
    }
}

static void make_keys(struct made *m, const struct group *g, struct ceremony *c, struct draws *d) {
    for (unsigned i = 0; i < 3; i++) {
        unsigned bad;
        struct buf b = begin_text(m), arena = buf_over(new_memory(TEXT), TEXT);
        ENSURE(vinput_write(&c->certs, c->polynomial, i + 1, &b) == P1_OK);
        struct span vinput = end_text(m, &b);
        b = begin_text(m);
        ENSURE(voutput_make(g, &c->certs, &c->keys[i], vinput, AES_GCM, d, &m->key[i], &b, &bad, &arena, &m->work) ==
               P1_OK);
        struct span voutput = end_text(m, &b);
        ENSURE(voutput_check(g, &c->certs, c->polynomial, i + 1, voutput, &c->public_key[i], &m->work) == P1_OK);
        free(arena.p);
    }
}

static struct span make_set(struct made *m, const struct group *g, unsigned threshold) {
    struct ceremony *c = new_memory(sizeof *c);
    struct draws d = {.n = 0};
    m->trustees = 3;
    make_polynomials(m, g, c, threshold, &d);
    make_keys(m, g, c, &d);
    struct buf b = begin_text(m);
    buf_str(&b, "[[\"Pedersen\",");
    ENSURE(threshold_write(&c->certs, c->polynomial, c->public_key, &b) == P1_OK);
    buf_str(&b, "]]");
    free(c);
    return end_text(m, &b);
}

// ---- credentials ----

static void make_voters(struct made *m, const struct group *g, unsigned n) {
    ENSURE(n <= VOTERS_MAX);
    for (m->voters = 0; m->voters < n; m->voters++) {
        struct scalar x;
        struct elem_text t;
        unsigned at = m->voters;
        test_scalar(&g->q, &x, "voter", at);
        credential_public(g, &x, &t, &m->work);
        for (; at && elem_text_order(g, elem_span(&t), elem_span(&m->credential[at - 1])) < 0; at--) {
            m->credential[at] = m->credential[at - 1];
            m->secret[at] = m->secret[at - 1];
        }
        m->credential[at] = t;
        m->secret[at] = x;
    }
}

struct span made_credentials(struct made *m, const char *const *behind) {
    struct buf b = begin_text(m);
    for (unsigned i = 0; i < m->voters; i++) {
        buf_str(&b, i ? ",\"" : "[\"");
        buf_put(&b, elem_span(&m->credential[i]));
        if (behind) buf_str(&b, behind[i]);
        buf_char(&b, '"');
    }
    buf_char(&b, ']');
    return end_text(m, &b);
}

// ---- elections ----

static void put_hash(struct buf *b, const char *opening, struct span of) {
    uint8_t digest[32];
    sha256(digest, of);
    buf_str(b, opening);
    buf_hex(b, span_of(digest, 32));
    buf_char(b, '"');
}

struct step made_setup(struct made *m, struct span election, struct span trustees, struct span credentials) {
    struct buf b = begin_text(m);
    put_hash(&b, "{\"election\":\"", election);
    put_hash(&b, ",\"trustees\":\"", trustees);
    put_hash(&b, ",\"credentials\":\"", credentials);
    buf_char(&b, '}');
    struct step step = {.type = EVENT_SETUP, .n = 4, .record = {election, trustees, credentials}};
    step.record[3] = end_text(m, &b);
    return step;
}

static struct span make_election(struct made *m, const struct plan *plan, const struct group *g,
                                 const struct elem *key) {
    struct elem_text t;
    struct buf b = begin_text(m);
    elem_encode(g, &t, key, 1, &m->work);
    buf_str(&b, "{\"version\":1,\"description\":\"\",\"name\":\"Proef\",\"group\":\"Ed25519\",\"public_key\":\"");
    buf_put(&b, elem_span(&t));
    buf_str(&b, "\",\"questions\":");
    buf_str(&b, plan->questions);
    buf_str(&b, ",\"uuid\":\"");
    buf_str(&b, plan->uuid);
    buf_str(&b, "\"}");
    return end_text(m, &b);
}

struct made *made_new(const struct plan *plan) {
    struct made *m = new_memory(sizeof *m);
    struct group *g = new_memory(sizeof *g);
    struct trustees *t = new_memory(sizeof *t);
    m->texts = buf_over(new_memory(TEXTS), TEXTS);
    ENSURE(group_init(g, SPAN_LIT("Ed25519"), &m->work) == P1_OK);
    struct span trustees = plan->threshold ? make_set(m, g, plan->threshold) : make_pair(m, g);
    if (plan->apart) trustees = make_singles(m, g);
    struct buf arena = begin_text(m);
    ENSURE(trustees_parse(t, g, trustees, &arena, &m->work) == P1_OK);
    struct span election = make_election(m, plan, g, &t->joint);
    ENSURE(election_parse(&m->election, election, &m->work) == P1_OK);
    ENSURE(m->election.choice_count <= TEST_CHOICES_MAX);
    make_voters(m, g, plan->voters);
    m->setup = made_setup(m, election, trustees, made_credentials(m, plan->behind));
    free(g);
    free(t);
    return m;
}

void made_free(struct made *m) {
    free(m->texts.p);
    free(m);
}

// ---- ballots ----

static void read_choices(const struct made *m, const char *digits, uint8_t *choices) {
    unsigned n = 0;
    for (; *digits; digits++) {
        if (*digits != ' ') choices[n++] = (uint8_t)(*digits - '0');
    }
    ENSURE(n == m->election.choice_count);
}

static struct span finish_ballot(struct made *m, unsigned voter, struct buf *b) {
    uint8_t random[32];
    char code[P1_HASH64];
    test_seed(random, "signature", voter, 0);
    ENSURE(ballot_sign_ct(&m->election, &m->secret[voter], random, code, b, &m->work) == P1_OK);
    return end_text(m, b);
}

void made_ballot_seed(uint8_t out[32], unsigned voter, unsigned seed) { test_seed(out, "ballot", voter, seed); }

struct span made_ballot(struct made *m, unsigned voter, const char *choices, unsigned seed) {
    uint8_t marks[TEST_CHOICES_MAX], bytes[32];
    struct buf b = begin_text(m);
    read_choices(m, choices, marks);
    made_ballot_seed(bytes, voter, seed);
    ENSURE(ballot_make_unsigned_ct(&m->election, elem_span(&m->credential[voter]), marks, bytes, &b, &m->work) ==
           P1_OK);
    return finish_ballot(m, voter, &b);
}

// A ballot whose ciphertexts all have r = 0: everybody can read them.
struct shown {
    struct made *m;
    unsigned voter;
    uint8_t mark[TEST_CHOICES_MAX];
    struct elem c[TEST_CHOICES_MAX][2], sum[2];
};

static void encrypt_shown(struct shown *s, struct buf *out) {
    const struct election *e = &s->m->election;
    elem_identity(&e->group, &s->sum[0]);
    s->sum[1] = s->sum[0];
    for (unsigned i = 0; i < e->choice_count; i++) {
        struct elem_text t[2];
        elem_identity(&e->group, &s->c[i][0]);
        s->c[i][1] = s->mark[i] ? e->group.g : s->c[i][0];
        elem_mul_ct(&e->group, &s->sum[1], &s->sum[1], &s->c[i][1], &s->m->work);
        elem_encode(&e->group, t, s->c[i], 2, &s->m->work);
        buf_str(out, i ? ",{\"alpha\":\"" : "[{\"alpha\":\"");
        buf_put(out, elem_span(&t[0]));
        buf_str(out, "\",\"beta\":\"");
        buf_put(out, elem_span(&t[1]));
        buf_str(out, "\"}");
    }
    buf_char(out, ']');
}

// What a proof is bound to, up to its own ciphertext: the first N of LIST.
static struct sha256 shown_text(const struct shown *s, const struct elem (*list)[2], unsigned n) {
    struct sha256 text;
    sha256_init(&text);
    sha256_str(&text, "prove|");
    sha256_put(&text, span_of(s->m->election.hash64, P1_HASH64));
    sha256_str(&text, "|");
    sha256_put(&text, elem_span(&s->m->credential[s->voter]));
    sha256_str(&text, "|");
    hash_elems(&s->m->election.group, &text, list[0], 2 * n, &s->m->work);
    sha256_str(&text, "|");
    return text;
}

// That a ciphertext with r = 0 which holds VALUE holds one of lo..hi.
static void prove_shown(const struct shown *s, unsigned number, unsigned value, unsigned lo, unsigned hi,
                        struct sha256 *text, struct buf *out) {
    struct opening o = {.r = {{0}}};
    uint8_t seed[32];
    const struct statement statement = {.lo = lo, .hi = hi};
    struct statement_secret secret = {.tail = &o, .real = value - lo, .seed = seed, .label = {(uint8_t)number}};
    sc_from_u64(&o.m, value);
    test_seed(seed, "shown", 0, 0);
    statement_prove_ct(&s->m->election, &statement, &secret, text, out, &s->m->work);
}

struct span made_shown_ballot(struct made *m, unsigned voter, const char *choices) {
    const struct election *e = &m->election;
    const struct question *q = &e->questions[0];
    struct shown s = {.m = m, .voter = voter};
    struct sha256 text;
    unsigned total = 0;
    ENSURE(e->question_count == 1 && !q->blank);
    read_choices(m, choices, s.mark);
    struct buf b = begin_text(m);
    buf_str(&b, "{\"election_uuid\":\"");
    buf_put(&b, e->uuid);
    buf_str(&b, "\",\"election_hash\":\"");
    buf_put(&b, span_of(e->hash64, P1_HASH64));
    buf_str(&b, "\",\"credential\":\"");
    buf_put(&b, elem_span(&m->credential[voter]));
    buf_str(&b, "\",\"answers\":[{\"choices\":");
    encrypt_shown(&s, &b);
    for (unsigned i = 0; i < e->choice_count; i++) {
        buf_str(&b, i ? "," : ",\"individual_proofs\":[");
        text = shown_text(&s, &s.c[i], 1);
        prove_shown(&s, i, s.mark[i], 0, 1, &text, &b);
        total += s.mark[i];
    }
    buf_str(&b, "],\"overall_proof\":");
    text = shown_text(&s, s.c, e->choice_count);
    hash_elems(&e->group, &text, s.sum, 2, &m->work);
    sha256_str(&text, "|");
    prove_shown(&s, TEST_CHOICES_MAX, total, q->min, q->max, &text, &b);
    buf_str(&b, "}]");
    return finish_ballot(m, voter, &b);
}

// ---- events ----

void add_setup(struct script *s, const struct made *m) { script_add(s, &m->setup); }

void add_ballot(struct script *s, struct span ballot) {
    script_add(s, &(struct step){.type = EVENT_BALLOT, .n = 1, .record = {ballot}});
}

void add_end(struct script *s) { script_add(s, &(struct step){.type = EVENT_END_BALLOTS}); }

void made_tally(struct made *m, const struct script *s, struct ciphertext *tally, struct sized_tally *figures) {
    struct span file = script_write(s, s->n);
    struct box *b = new_box();
    ENSURE(box_read(b, file, &m->work) == P1_OK);
    ENSURE(box_tally(b, plain_runner(), tally) == P1_OK);
    figures->ballots = b->counted;
    figures->weight = b->counted_weight;
    free_box(b);
    span_free(file);
}

void add_tally(struct script *s, struct made *m, const struct ciphertext *tally, const struct sized_tally *figures) {
    struct sized_tally sized = *figures;
    struct step step = {.type = EVENT_TALLY, .n = 2};
    struct buf b = begin_text(m);
    tally_write(&m->election, tally, &b, &m->work);
    step.record[0] = end_text(m, &b);
    sha256(sized.tally, step.record[0]);
    b = begin_text(m);
    sized_tally_write(&sized, &b);
    step.record[1] = end_text(m, &b);
    script_add(s, &step);
}

void add_right_tally(struct script *s, struct made *m) {
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct sized_tally figures;
    made_tally(m, s, tally, &figures);
    add_tally(s, m, tally, &figures);
}

struct span made_share(struct made *m, const struct script *s, unsigned trustee) {
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct span json = s->step[script_find(s, EVENT_TALLY, 0)].record[0];
    ENSURE(tally_parse(&m->election, json, tally, &m->work) == P1_OK);
    struct buf b = begin_text(m);
    ENSURE(share_make_ct(&m->election, &m->key[trustee], tally, &b, &m->work) == P1_OK);
    return end_text(m, &b);
}

void add_share(struct script *s, struct made *m, unsigned owner, struct span share) {
    uint8_t digest[32];
    struct step step = {.type = EVENT_SHARE, .n = 2, .record = {share}};
    struct buf b = begin_text(m);
    sha256(digest, share);
    owner_write(owner, digest, &b);
    step.record[1] = end_text(m, &b);
    script_add(s, &step);
}

void add_right_share(struct script *s, struct made *m, unsigned trustee) {
    add_share(s, m, trustee + 1, made_share(m, s, trustee));
}

void add_result(struct script *s, struct made *m, const char *json) {
    script_add(s, &(struct step){.type = EVENT_RESULT, .n = 1, .record = {made_keep_str(m, json)}});
}

// ---- a sample ----

const char colours[] =
    "[{\"answers\":[\"Rood\",\"Groen\",\"Blauw\"],\"blank\":true,\"min\":1,\"max\":2,\"question\":\"Kleuren?\"},"
    "{\"answers\":[\"Ja\",\"Nee\"],\"min\":1,\"max\":1,\"question\":\"Nu al?\"}]";

static const char *const twofold[12] = {",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2", ",2"};

const struct plan plan_colours = {.uuid = COLOURS_UUID, .questions = colours, .voters = 12};
const struct plan plan_colours_set = {
    .uuid = "TestBoxCoLoursSet", .questions = colours, .threshold = 2, .voters = 12, .behind = twofold};

void add_votes(struct script *s, struct made *m) {
    static const struct {
        unsigned voter;
        const char *choices;
    } votes[] = {{0, "0100 10"}, {1, "0010 10"}, {2, "0100 10"}, {3, "0001 01"}, {4, "0101 10"},
                 {5, "1000 10"}, {6, "0010 01"}, {0, "1000 01"}, {7, "0011 10"}, {8, "0100 01"},
                 {9, "0010 10"}, {1, "0110 10"}, {10, "1000 01"}};
    add_setup(s, m);
    for (unsigned i = 0; i < sizeof votes / sizeof *votes; i++)
        add_ballot(s, made_ballot(m, votes[i].voter, votes[i].choices, i));
}

void add_count(struct script *s, struct made *m, unsigned trustees, const char *result) {
    add_end(s);
    add_right_tally(s, m);
    for (unsigned i = 0; i < m->trustees; i++) {
        if (trustees >> i & 1) add_right_share(s, m, i);
    }
    if (result) add_result(s, m, result);
}

// ---- boxes ----

static void run_plainly(struct runner *r, size_t n, runner_task *task, void *arg) {
    for (size_t i = 0; i < n; i++) task(arg, i, r->work);
}

struct runner *plain_runner(void) {
    static struct work work;
    static struct runner runner = {.run = run_plainly, .work = &work};
    return &runner;
}

struct box *new_box(void) {
    struct box *b = new_memory(sizeof *b);
    box_init(b);
    return b;
}

void free_box(struct box *b) {
    box_release(b);
    free(b);
}

struct event step_event(const struct step *step, uint64_t height) {
    struct event ev = {.type = step->type, .height = height, .record_count = step->n};
    for (unsigned i = 0; i < step->n; i++) {
        ev.record[i].content = step->record[i];
        sha256(ev.record[i].hash, step->record[i]);
    }
    return ev;
}

enum p1_err apply_step(struct box *b, const struct step *step) {
    const struct event ev = step_event(step, b->chain.height);
    return box_apply(b, &ev, plain_runner()->work);
}

struct box *box_of(const struct script *s, unsigned n) {
    struct box *b = new_box();
    for (unsigned i = 0; i < n; i++) ENSURE(apply_step(b, &s->step[i]) == P1_OK);
    return b;
}

// ---- checks ----

static void keep_line(struct checker *c, const struct check_line *line) {
    struct judged *j = (struct judged *)c; // its first field
    ENSURE(j->n < sizeof j->line / sizeof *j->line);
    j->line[j->n++] = *line;
}

struct judged *judge(struct span file, struct runner *runner) {
    return judge_beside(file, runner, NULL);
}

struct judged *judge_beside(struct span file, struct runner *runner, struct beside *beside) {
    struct judged *j = new_memory(sizeof *j);
    j->checker.beside = beside;
    j->checker.runner = runner ? runner : plain_runner();
    j->checker.line = keep_line;
    j->box = new_box();
    j->err = check_archive(&j->checker, j->box, file, j->counts);
    return j;
}

void free_judged(struct judged *j) {
    free_box(j->box);
    free(j);
}

const struct check_line *line_of(const struct judged *j, const char *id) {
    for (unsigned i = 0; i < j->n; i++) {
        if (strcmp(j->line[i].id, id) == 0) return &j->line[i];
    }
    return NULL;
}

unsigned lines_with(const struct judged *j, enum check_status status) {
    unsigned n = 0;
    for (unsigned i = 0; i < j->n; i++) n += j->line[i].status == status;
    return n;
}
