// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "tests/fuzz/edits.h"

#include "core/hash_scalar.h"

enum { VOTERS = 4, WAYS = 3, ARENA = 1 << 22, EDITS_MAX = 24 };

#define YES_NO "[{\"answers\":[\"Ja\",\"Nee\"],\"min\":0,\"max\":1,\"question\":\"Mag het?\"}]"

static const char *const ways[WAYS] = {"10", "01", "00"};
static const char *const weights[] = {",1", ",5", ",2", ""};
static const struct plan plans[BASES] = {
    {.uuid = "FuzzSingLesUuid", .questions = YES_NO, .voters = VOTERS},
    {.uuid = "FuzzThreshoLdUuid", .questions = YES_NO, .threshold = 2, .voters = VOTERS, .behind = weights},
    {.uuid = "FuzzNoticesUuid", .questions = YES_NO, .voters = VOTERS},
};

static struct basis bases[BASES];
static struct span votes[BASES][VOTERS][WAYS][2]; // two ballots for each way to vote
static size_t texts[BASES];                       // of each election's texts, what must stay
static uint8_t *memory;                           // for what edits make
static struct buf arena;

const struct basis *edits_basis(unsigned i) { return &bases[i]; }

// ---- the elections ----

static struct span kept(struct buf *out) {
    HOLDS(buf_done(out) == P1_OK);
    struct span s = span_of(exact_copy(buf_span(out)), out->n);
    out->n = 0;
    return s;
}

static void put_element(struct buf *out, struct made *m, const struct scalar *x) {
    struct elem e;
    struct elem_text t;
    mul_run_ct(&m->election.group, NULL, &(struct mul_job){.out = &e, .g = x}, 1, &m->work);
    elem_encode(&m->election.group, &t, &e, 1, &m->work);
    buf_put(out, elem_span(&t));
}

static struct span bundle(const struct made *m) {
    uint8_t hash[32];
    sha256(hash, m->setup.record[2]);
    buf_str(&arena, "{\"version\":1,\"uuid\":\"FuzzNoticesUuid\",\"boxes\":[\"FuzzNoticesUuid\"],\"opens\":1700000000,"
                    "\"closes\":1700086400,\"minimum\":1,\"credentials\":{\"count\":");
    buf_u64(&arena, VOTERS);
    buf_str(&arena, ",\"sha256\":\"");
    buf_hex(&arena, span_of(hash, 32));
    buf_str(&arena, "\"},\"receipt_key\":\"\",\"translations\":[],\"attachments\":[]}");
    return kept(&arena);
}

// The third election names its bundle and the keys of registrar and second person, who are the two trustees.
static void freeze(struct basis *b) {
    struct made *m = b->made;
    uint8_t hash[32];
    b->beside.n = BESIDE_FILES;
    b->beside.record[BESIDE_BUNDLE] = bundle(m);
    sha256(hash, b->beside.record[BESIDE_BUNDLE]);
    buf_str(&arena, "{\"version\":1,\"description\":\"\\nsha256:");
    buf_hex(&arena, span_of(hash, 32));
    struct span text = kept(&arena), old = m->setup.record[0], start = SPAN_LIT("{\"version\":1,\"description\":\"");
    buf_put(&arena, text);
    buf_put(&arena, span_of(old.p + start.n, old.n - start.n - 1));
    buf_str(&arena, ",\"credential_authority\":\"\\nregistrar:");
    put_element(&arena, m, &m->key[0]);
    buf_str(&arena, "\\nsecond:");
    put_element(&arena, m, &m->key[1]);
    buf_str(&arena, "\"}");
    span_free(text);
    text = kept(&arena);
    HOLDS(election_parse(&m->election, text, &m->work) == P1_OK);
    m->setup = made_setup(m, text, m->setup.record[1], m->setup.record[2]);
}

// The hash of an event of a script in which it is the last one.
static void last_event(const struct script *s, unsigned n, uint8_t hash[32]) {
    struct span file = script_write(s, n);
    struct chain c;
    struct event ev;
    int more = 1;
    HOLDS(chain_begin(&c, file) == P1_OK);
    while (more) HOLDS(chain_next(&c, file, &ev, &more) == P1_OK);
    memcpy(hash, c.tip, 32);
    span_free(file);
}

static const char *credential(const struct made *m, unsigned voter) {
    static char text[P1_ELEM_TEXT + 1];
    const struct elem_text *t = &m->credential[voter];
    memcpy(text, t->p, t->n);
    text[t->n] = 0;
    return text;
}

// Voter 3, who has not voted, is withdrawn after the first ballot; then the vote goes on for longer.
static void write_notices(struct basis *b) {
    struct made *m = b->made;
    struct draws d = {.n = 0};
    struct notice n = {.type = NOTICE_WITHDRAW, .first = 1, .credential = credential(m, 3)};
    last_event(&b->script, 2, n.event);
    HOLDS(notice_write(&m->election.group, &n, &m->key[0], NULL, &d, &arena, &m->work) == P1_OK);
    struct notice later = {.type = NOTICE_EXTENSION, .closes = 1700090000};
    sha256(later.previous, span_of(arena.p, arena.n - 1));
    memcpy(later.event, n.event, 32);
    HOLDS(notice_write(&m->election.group, &later, &m->key[0], NULL, &d, &arena, &m->work) == P1_OK);
    b->beside.record[BESIDE_NOTICES] = kept(&arena);
}

static void write_second_proofs(struct basis *b) {
    struct made *m = b->made;
    struct ciphertext tally[TEST_CHOICES_MAX];
    struct span json = b->script.step[script_find(&b->script, EVENT_TALLY, 0)].record[0];
    HOLDS(tally_parse(&m->election, json, tally, &m->work) == P1_OK);
    for (unsigned i = 0; i < m->trustees; i++) {
        buf_str(&arena, "{\"owner\":");
        buf_u64(&arena, i + 1);
        buf_str(&arena, ",\"proofs\":");
        HOLDS(share_bind_ct(&m->election, &m->key[i], tally, &arena, &m->work) == P1_OK);
        buf_str(&arena, "}\n");
    }
    b->beside.record[BESIDE_SHARES] = kept(&arena);
}

static void make_votes(struct made *m, unsigned which) {
    for (unsigned v = 0; v < VOTERS; v++) {
        for (unsigned way = 0; way < WAYS; way++) {
            for (unsigned i = 0; i < 2; i++) votes[which][v][way][i] = made_ballot(m, v, ways[way], 2 * way + i);
        }
    }
}

// Voter 0 votes twice, voter 1 once.
static void make_basis(struct basis *b, unsigned which) {
    struct script *s = &b->script;
    b->made = made_new(&plans[which]);
    if (which == 2) freeze(b);
    make_votes(b->made, which);
    add_setup(s, b->made);
    add_ballot(s, votes[which][0][0][0]);
    add_ballot(s, votes[which][1][1][0]);
    add_ballot(s, votes[which][0][1][0]);
    if (which == 2) write_notices(b);
    add_end(s);
    add_right_tally(s, b->made);
    add_right_share(s, b->made, 0);
    add_right_share(s, b->made, 1);
    if (which == 1) add_right_share(s, b->made, 2);
    add_result(s, b->made, which == 1 ? "{\"result\":[[0,6]]}" : "{\"result\":[[0,2]]}");
    if (which == 2) write_second_proofs(b);
    texts[which] = b->made->texts.n;
    b->file = script_write(s, s->n);
}

void edits_start(void) {
    if (memory) return;
    memory = fuzz_alloc(ARENA);
    arena = buf_over(memory, ARENA);
    for (unsigned i = 0; i < BASES; i++) make_basis(&bases[i], i);
}

// ---- what voters said ----

// A ballot that a voter made.
struct vote {
    unsigned basis, voter;
    const char *choices; // a digit for each
};

// 0 if it is none.
static int find_vote(struct span ballot, struct vote *out) {
    for (unsigned i = 0; i < BASES * VOTERS * WAYS * 2; i++) {
        unsigned basis = i / (2 * WAYS * VOTERS), voter = i / (2 * WAYS) % VOTERS, way = i / 2 % WAYS;
        if (!span_eq(ballot, votes[basis][voter][way][i % 2])) continue;
        *out = (struct vote){basis, voter, ways[way]};
        return 1;
    }
    return 0;
}

int edits_is_vote(struct span ballot) {
    struct vote ignored;
    return find_vote(ballot, &ignored);
}

// Without any cryptography: of each voter the last ballot, with its weight.
static void plain_count(const struct script *s, uint64_t counts[2]) {
    static const uint64_t weight[BASES][VOTERS] = {{1, 1, 1, 1}, {1, 5, 2, 1}, {1, 1, 1, 1}};
    const char *said[VOTERS] = {NULL};
    unsigned basis = BASES; // they vote in one election
    counts[0] = counts[1] = 0;
    for (unsigned i = 0; i < s->n; i++) {
        struct vote v;
        if (s->step[i].type != EVENT_BALLOT) continue;
        HOLDS(find_vote(s->step[i].record[0], &v));
        HOLDS(basis == BASES || basis == v.basis);
        basis = v.basis;
        said[v.voter] = v.choices;
    }
    for (unsigned v = 0; v < VOTERS; v++) {
        for (unsigned k = 0; said[v] && k < 2; k++) counts[k] += said[v][k] == '1' ? weight[basis][v] : 0;
    }
}

void edits_accepted(const struct edited *e, const uint64_t *counts) {
    uint64_t said[2];
    if (e->torn) return;
    plain_count(&e->script, said);
    if (counts) HOLDS(counts[0] == said[0] && counts[1] == said[1]);
}

// ---- edits ----

static struct step *take_step(struct edited *e, struct span *in) {
    unsigned at = take_u8(in);
    return at == 255 || e->script.n == 0 ? &e->beside : &e->script.step[at % e->script.n];
}

static struct span *take_record(struct edited *e, struct span *in) {
    struct step *s = take_step(e, in);
    unsigned i = take_u8(in);
    return s->n ? &s->record[i % s->n] : NULL;
}

// N bytes from AT on become BY.
static void splice(struct span *record, size_t at, size_t n, struct span by) {
    at = record->n ? at % (record->n + 1) : 0;
    n = n < record->n - at ? n : record->n - at;
    struct buf out = buf_carve(&arena, record->n - n + by.n);
    buf_put(&out, span_of(record->p, at));
    buf_put(&out, by);
    buf_put(&out, span_from(*record, at + n));
    if (buf_done(&out) == P1_OK) *record = buf_span(&out);
}

static void edit_bytes(struct edited *e, struct span *in) {
    struct span *record = take_record(e, in);
    size_t at = take_u16(in), n = take_u8(in);
    struct span by = take_bytes(in, take_u8(in));
    if (record) splice(record, at, n, by);
}

// Bytes of one record over those of another, such as a whole proof.
static void edit_transplant(struct edited *e, struct span *in) {
    struct span *record = take_record(e, in), *from = take_record(e, in);
    size_t at = take_u16(in), from_at = take_u16(in), n = take_u16(in);
    if (!record || !from || from_at >= from->n) return;
    n = n < from->n - from_at ? n : from->n - from_at;
    splice(record, at, n, span_of(from->p + from_at, n));
}

static void edit_record(struct edited *e, struct span *in, int other) {
    struct span *record = take_record(e, in);
    const struct basis *b = &bases[take_u8(in) % BASES];
    const struct step *s = &b->script.step[take_u8(in) % b->script.n];
    unsigned i = take_u8(in);
    if (!record) return;
    if (!other) *record = take_bytes(in, take_u16(in));
    if (other && s->n) *record = s->record[i % s->n];
}

static void edit_records(struct edited *e, struct span *in) {
    struct step *s = take_step(e, in);
    unsigned n = take_u8(in) % (EVENT_RECORDS_MAX + 1);
    for (unsigned i = s->n; i < n; i++) s->record[i] = SPAN_LIT("{}");
    if (s != &e->beside) s->n = n;
}

static void insert(struct script *s, unsigned at, const struct step *step) {
    if (s->n == STEPS_MAX) return;
    script_add(s, step);
    for (unsigned i = s->n - 1; i > at; i--) script_swap(s, i, i - 1);
}

static void edit_step(struct edited *e, struct span *in, unsigned how) {
    struct script *s = &e->script;
    const struct basis *b = &bases[take_u8(in) % BASES];
    unsigned at = take_u8(in) % (s->n + 1), other = take_u8(in);
    if (how == 0) insert(s, at, &b->script.step[other % b->script.n]);
    if (s->n == 0) return;
    at %= s->n;
    if (how == 1) script_remove(s, at);
    if (how == 2) script_swap(s, at, other % s->n);
    if (how == 3) s->step[at].type = (enum event_type)(other % EVENT_TYPES);
    if (how == 4) s->n = at;
}

static void edit_vote(struct edited *e, struct span *in) {
    unsigned which = (unsigned)(e->of - bases), at = take_u8(in) % (e->script.n + 1), vote = take_u8(in);
    struct span ballot = votes[which][vote / 8 % VOTERS][vote / 2 % 4 % WAYS][vote & 1];
    insert(&e->script, at, &(struct step){.type = EVENT_BALLOT, .n = 1, .record = {ballot}});
}

// Where only votes were cast, the boxes are closed and counted as they should be.
static void edit_count(struct edited *e, struct span *in) {
    struct script *s = &e->script;
    struct made *m = e->of->made;
    unsigned n = 1, trustees = take_u8(in), result = trustees >> 3 & 1;
    char text[64];
    uint64_t counts[2];
    if (!s->n || memcmp(&s->step[0], &m->setup, sizeof m->setup) != 0) return;
    struct vote v;
    while (n < s->n && s->step[n].type == EVENT_BALLOT && find_vote(s->step[n].record[0], &v) &&
           e->of == &bases[v.basis])
        n++;
    s->n = n;
    if (n + 6 >= STEPS_MAX) return;
    struct span file = script_write(s, n);
    struct box *b = new_box();
    if (box_read(b, file, &m->work) == P1_OK) {
        plain_count(s, counts);
        (void)snprintf(text, sizeof text, "{\"result\":[[%u,%u]]}", (unsigned)counts[0], (unsigned)counts[1]);
        add_count(s, m, trustees & 7, result ? text : NULL);
        // Two trustees open each of the boxes, whoever they are where there are three.
        e->right = !result || __builtin_popcount(trustees & ((1u << m->trustees) - 1)) >= 2;
    }
    free_box(b);
    span_free(file);
}

static void edit(struct edited *e, struct span *in) {
    e->right = 0;
    switch (take_u8(in) % 16) {
    case 0: edit_step(e, in, 0); break;
    case 1: edit_step(e, in, 1); break;
    case 2: edit_step(e, in, 2); break;
    case 3: edit_step(e, in, 3); break;
    case 4: edit_step(e, in, 4); break;
    case 5: edit_records(e, in); break;
    case 6: edit_record(e, in, 0); break;
    case 7: edit_record(e, in, 1); break;
    case 8: edit_vote(e, in); break;
    case 9: edit_count(e, in); break;
    case 10:
    case 11: edit_transplant(e, in); break;
    default: edit_bytes(e, in);
    }
}

// ---- hashes within records ----

static void put_hash(struct span *record, const char *before, struct span of) {
    uint8_t hash[32], hex[64];
    struct buf b = buf_over(hex, sizeof hex);
    sha256(hash, of);
    buf_hex(&b, span_of(hash, 32));
    size_t n = strlen(before);
    for (size_t at = 0; at + n <= record->n; at++) {
        if (memcmp(record->p + at, before, n) != 0) continue;
        splice(record, at + n, sizeof hex, span_of(hex, sizeof hex));
        return;
    }
}

static void mend(struct step *s) {
    if (s->type == EVENT_SETUP && s->n >= 4) {
        put_hash(&s->record[s->n - 1], "{\"election\":\"", s->record[0]);
        put_hash(&s->record[s->n - 1], "\"trustees\":\"", s->record[1]);
        put_hash(&s->record[s->n - 1], "\"credentials\":\"", s->record[2]);
    }
    if (s->type == EVENT_TALLY && s->n == 2) put_hash(&s->record[1], "\"encrypted_tally\":\"", s->record[0]);
    if (s->type == EVENT_SHARE && s->n == 2) put_hash(&s->record[1], "\"payload\":\"", s->record[0]);
}

// ---- files ----

// What a crash, or somebody, does to the bytes. Most inputs leave them alone.
static void tear(struct edited *e, unsigned how, size_t at) {
    uint8_t *p = (uint8_t *)e->file.p;
    if (!e->file.n) return;
    at = e->file.n - 1 - at % e->file.n; // from the end
    e->torn = how >= 1 && how <= 3;
    if (e->torn) e->right = 0;
    if (how == 1) e->file.n = at;
    if (how == 2) p[at] ^= 1;
    if (how == 3) memset(p + at / TAR_BLOCK * TAR_BLOCK, 0, TAR_BLOCK);
}

void edits_take(struct edited *e, struct span in) {
    unsigned head = take_u8(&in), at;
    e->options = take_u8(&in);
    at = take_u16(&in);
    e->of = &bases[head % BASES];
    e->has_beside = e->of->beside.n != 0;
    e->script = e->of->script;
    e->beside = e->of->beside;
    e->right = 1;
    e->torn = 0;
    arena.n = 0;
    arena.full = 0;
    for (unsigned i = 0; i < BASES; i++) bases[i].made->texts.n = texts[i];
    for (unsigned i = 0; in.n && i < EDITS_MAX; i++) edit(e, &in);
    if (head / BASES % 8) {
        for (unsigned i = 0; i < e->script.n; i++) mend(&e->script.step[i]);
    }
    e->file = script_write(&e->script, e->script.n);
    tear(e, head / (BASES * 8) % 10, at);
}

void edits_release(struct edited *e) { span_free(e->file); }
