// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// What the native core makes, for core.wasm to make again (cases.mjs).
//
//   native_cases make N SEED   N random cases in group Ed25519, a line of JSON for each, the same for the same SEED:
//                              {"election":"..","typed":"..","readings":[{"code":"..","credential":".."},..],"used":n,
//                               "checked":n,"wrongGroup":n,"choices":[[..],..],"seed":"..","random":"..",
//                               "prepared":"..","code":"..","ballot":"..","tracker":"..",
//                               "receipt":{"message":"..","signature":{..}},"receiptKey":"..",
//                               "hour":n,"ownData":".."}
//   native_cases check         reads an election, then ballots, a line for each; writes what election_parse() and
//                              ballot_check() say: {"error":"..","credential":"..","code":"..","tracker":".."}
#include "core/ballot.h"
#include "core/credential.h"
#include "core/hash_scalar.h"
#include "core/own_data.h"
#include "core/pki.h"

#include <stdio.h>
#include <stdlib.h>

static struct work work;
static struct election election;
static struct group group;

static void need(int ok) {
    if (ok) return;
    fprintf(stderr, "native_cases: this may not fail\n");
    exit(1);
}

// ---- randomness (splitmix64), the same for the same seed ----

static uint64_t state;

static uint64_t random_u64(void) {
    uint64_t v = state += 0x9e3779b97f4a7c15u;
    v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9u;
    v = (v ^ v >> 27) * 0x94d049bb133111ebu;
    return v ^ v >> 31;
}

static unsigned below(unsigned n) { return (unsigned)(random_u64() % n); }

static void random_bytes(void *out, size_t n) {
    uint8_t *p = out;
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)random_u64();
}

static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

static void random_signs(struct buf *b, size_t n) {
    for (size_t i = 0; i < n; i++) buf_char(b, base58[below(58)]);
}

static struct scalar random_secret(struct elem_text *public_text) {
    uint8_t seed[32];
    struct scalar x;
    random_bytes(seed, sizeof seed);
    seed_scalar(&group.q, seed, SPAN_LIT("case"), &x);
    credential_public(&group, &x, public_text, &work);
    return x;
}

// ---- elections ----

// As between the quotes of JSON.
static void put_text(struct buf *b) {
    static const char *const texts[] = {"Ja",
                                        "Nee",
                                        "Vraag 1?",
                                        "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x97\xb3",
                                        "twee\\nregels",
                                        "\\\"aanhaling\\\"",
                                        "\\u00e9\\ud83d\\uddf3",
                                        ""};
    buf_char(b, '"');
    buf_str(b, texts[below(sizeof texts / sizeof *texts)]);
    buf_char(b, '"');
}

static void put_texts(struct buf *b, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        buf_char(b, i ? ',' : '[');
        put_text(b);
    }
    buf_char(b, ']');
}

static void put_choices_question(struct buf *b) {
    unsigned n = 1 + below(4), min = below(n + 1), max = min + below(n - min + 1);
    buf_str(b, "{\"answers\":");
    put_texts(b, n);
    if (below(2)) buf_str(b, ",\"blank\":true");
    buf_str(b, ",\"min\":");
    buf_u64(b, min);
    buf_str(b, ",\"max\":");
    buf_u64(b, max);
    buf_str(b, ",\"question\":");
    put_text(b);
    buf_char(b, '}');
}

static void put_lists_question(struct buf *b) {
    unsigned n = 1 + below(2);
    buf_str(b, "{\"type\":\"Lists\",\"value\":{\"answers\":[");
    for (unsigned i = 0; i < n; i++) {
        if (i) buf_char(b, ',');
        put_texts(b, 2 + below(2));
    }
    buf_str(b, "],\"question\":");
    put_text(b);
    buf_str(b, "}}");
}

static void put_election(struct buf *b) {
    struct elem_text key;
    (void)random_secret(&key);
    buf_str(b, "{\"version\":1,\"description\":");
    put_text(b);
    buf_str(b, ",\"name\":");
    put_text(b);
    buf_str(b, ",\"group\":\"Ed25519\",\"public_key\":\"");
    buf_put(b, elem_span(&key));
    buf_str(b, "\",\"questions\":[");
    for (unsigned i = 0, n = 1 + below(2); i < n; i++) {
        if (i) buf_char(b, ',');
        if (below(4)) {
            put_choices_question(b);
        } else {
            put_lists_question(b);
        }
    }
    buf_str(b, "],\"uuid\":\"");
    random_signs(b, 14 + below(8));
    buf_str(b, "\"}");
}

// ---- voters ----

// A code of ours, as it is written or as somebody types it; one with a wrong sign; one of Belenios 3.x; one of 2.x.
static void put_code(struct buf *b) {
    uint8_t random[P1_CODE_RANDOM], text[P1_CODE_TEXT];
    struct code c;
    random_bytes(random, sizeof random);
    code_make(text, random);
    unsigned kind = below(5);
    if (kind == 1) { // in small letters here and there
        for (size_t i = 0; i < P1_CODE_TEXT; i++)
            if (text[i] >= 'A' && below(3) == 0) text[i] = (uint8_t)(text[i] | 0x20);
    }
    if (kind == 2) text[below(5)] = '7';
    if (kind < 3) buf_put(b, span_of(text, sizeof text));
    if (kind == 0 && below(2)) buf_char(b, ' ');
    for (unsigned g = 0; kind == 3 && g < 4; g++) {
        if (g) buf_char(b, '-');
        random_signs(b, 5 + g % 2);
    }
    while (kind == 4) { // one in 53 has the right check sign
        b->n = 0;
        for (unsigned g = 0; g < 5; g++) {
            if (g) buf_char(b, '-');
            random_signs(b, 3);
        }
        if (code_read(&c, buf_span(b)) == P1_OK) return;
    }
}

static void choose(const struct question *q, uint8_t *choice) {
    unsigned n = question_choices(q);
    memset(choice, 0, n);
    if (q->kind == QUESTION_LISTS) {
        unsigned head = below(n);
        while (!question_is_head(q, head)) head--;
        choice[head] = choice[head + 1] = 1;
        for (unsigned i = head + 2; i < n && !question_is_head(q, i); i++) choice[i] = (uint8_t)below(2);
        return;
    }
    unsigned first = q->blank != 0, left = q->min + below(q->max - q->min + 1);
    if (first && below(3) == 0) {
        choice[0] = 1;
        return;
    }
    for (unsigned i = first; i < n; i++) {
        choice[i] = (uint8_t)(below(n - i) < left);
        left -= choice[i];
    }
}

// ---- a case ----

static void put_string(struct buf *out, const char *name, struct span text) {
    buf_char(out, ',');
    buf_json_string(out, span_str(name));
    buf_char(out, ':');
    buf_json_string(out, text);
}

static void put_hex(struct buf *out, const char *name, const uint8_t bytes[32]) {
    uint8_t hex[64];
    struct buf b = buf_over(hex, sizeof hex);
    buf_hex(&b, span_of(bytes, 32));
    put_string(out, name, buf_span(&b));
}

// Returns the secret of one of the readings, and its credential.
static struct scalar put_readings(struct buf *out, struct span typed, struct elem_text *credential) {
    struct code c;
    struct scalar x[2];
    struct elem_text t[2];
    unsigned n = 0;
    need(code_read(&c, typed) == P1_OK);
    unsigned checked = (unsigned)c.checked, wrong_group = c.wrong_group;
    buf_str(out, ",\"readings\":[");
    do {
        code_secret(&group.q, election.uuid, &c, &x[n]);
        credential_public(&group, &x[n], &t[n], &work);
        buf_str(out, n ? ",{\"code\":" : "{\"code\":");
        buf_json_string(out, span_of(c.text, c.n));
        put_string(out, "credential", elem_span(&t[n++]));
        buf_char(out, '}');
    } while (n < 2 && code_other(&c));
    unsigned used = below(n);
    buf_str(out, "],\"used\":");
    buf_u64(out, used);
    buf_str(out, ",\"checked\":");
    buf_u64(out, checked);
    buf_str(out, ",\"wrongGroup\":");
    buf_u64(out, wrong_group);
    *credential = t[used];
    return x[used];
}

static void put_choices(struct buf *out, const uint8_t *choices) {
    for (unsigned i = 0; i < election.question_count; i++) {
        buf_str(out, i ? ",[" : ",\"choices\":[[");
        for (unsigned k = 0; k < question_choices(&election.questions[i]); k++) {
            if (k) buf_char(out, ',');
            buf_u64(out, *choices++);
        }
        buf_char(out, ']');
    }
    buf_char(out, ']');
}

static void put_ballot(struct buf *out, const struct scalar *x, const struct elem_text *credential,
                       uint8_t random[32]) {
    static uint8_t text[1 << 18];
    uint8_t choices[P1_CHOICES_MAX], seed[32], *choice = choices;
    char code[P1_HASH64], tracker[P1_HASH64];
    struct buf b = buf_over(text, sizeof text);
    random_bytes(seed, sizeof seed);
    random_bytes(random, 32);
    for (unsigned i = 0; i < election.question_count; i++) {
        choose(&election.questions[i], choice);
        choice += question_choices(&election.questions[i]);
    }
    put_choices(out, choices);
    put_hex(out, "seed", seed);
    put_hex(out, "random", random);
    need(ballot_make_unsigned_ct(&election, elem_span(credential), choices, seed, &b, &work) == P1_OK);
    buf_char(&b, '}');
    put_string(out, "prepared", buf_span(&b));
    b.n--;
    need(ballot_sign_ct(&election, x, random, code, &b, &work) == P1_OK);
    hash64(tracker, buf_span(&b));
    put_string(out, "code", span_of(code, sizeof code));
    put_string(out, "ballot", buf_span(&b));
    put_string(out, "tracker", span_of(tracker, sizeof tracker));
}

static struct elem_text put_receipt(struct buf *out) {
    uint8_t text[64];
    struct buf message = buf_over(text, sizeof text);
    struct draws d = {.n = 0};
    struct elem_text key;
    struct scalar sk = random_secret(&key);
    random_bytes(d.seed, sizeof d.seed);
    buf_str(&message, "{\"ontvangen\":\"\xe2\x9c\x93\",\"tracker\":\"");
    random_signs(&message, below(30));
    buf_str(&message, "\"}");
    buf_str(out, ",\"receipt\":");
    signed_write(&group, &sk, buf_span(&message), &d, out, &work);
    put_string(out, "receiptKey", elem_span(&key));
    return key;
}

// What is asked of the server with the last receipt, in the randomness of the ballot.
static void put_own_data(struct buf *out, const struct scalar *x, const struct elem_text *credential,
                         const uint8_t random[32], const struct elem_text *server) {
    uint8_t text[P1_OWN_DATA_TEXT];
    struct buf b = buf_over(text, sizeof text);
    uint64_t hour = 400000 + below(100000);
    need(own_data_write_ct(&election, x, elem_span(credential), elem_span(server), hour, random, &b, &work) == P1_OK);
    buf_str(out, ",\"hour\":");
    buf_u64(out, hour);
    put_string(out, "ownData", buf_span(&b));
}

static void make(unsigned n) {
    static uint8_t line[1 << 20], paper[1 << 16], typed[64];
    for (unsigned i = 0; i < n; i++) {
        struct buf out = buf_over(line, sizeof line), text = buf_over(paper, sizeof paper);
        struct buf code = buf_over(typed, sizeof typed);
        struct elem_text credential;
        uint8_t random[32];
        put_election(&text);
        need(election_parse(&election, buf_span(&text), &work) == P1_OK);
        buf_str(&out, "{\"election\":");
        buf_json_string(&out, buf_span(&text));
        put_code(&code);
        put_string(&out, "typed", buf_span(&code));
        struct scalar x = put_readings(&out, buf_span(&code), &credential);
        put_ballot(&out, &x, &credential, random);
        const struct elem_text server = put_receipt(&out);
        put_own_data(&out, &x, &credential, random, &server);
        buf_str(&out, "}\n");
        need(buf_done(&out) == P1_OK && fwrite(line, 1, out.n, stdout) == out.n);
    }
}

static void put_verdict(enum p1_err err, const struct ballot *b) {
    uint8_t line[1024];
    struct buf out = buf_over(line, sizeof line);
    buf_str(&out, "{\"error\":");
    buf_json_string(&out, span_str(p1_err_name(err)));
    if (b && err == P1_OK) {
        put_string(&out, "credential", b->credential);
        put_string(&out, "code", span_of(b->code, P1_HASH64));
        put_string(&out, "tracker", span_of(b->tracker, P1_HASH64));
    }
    buf_str(&out, "}\n");
    need(buf_done(&out) == P1_OK && fwrite(line, 1, out.n, stdout) == out.n);
}

static void check(void) {
    char *line = NULL;
    size_t size = 0;
    struct span paper = {0};
    for (ssize_t n; (n = getline(&line, &size, stdin)) > 0;) {
        struct span text = span_of(line, (size_t)n - 1);
        struct ballot b;
        if (!paper.p) {
            uint8_t *copy = malloc(text.n);
            need(copy != NULL);
            memcpy(copy, text.p, text.n);
            paper = span_of(copy, text.n);
            put_verdict(election_parse(&election, paper, &work), NULL);
        } else {
            enum p1_err err = ballot_parse(&b, &election.group.q, text);
            put_verdict(err ? err : ballot_check(&election, &b, NULL, &work), &b);
        }
    }
    free((void *)(uintptr_t)paper.p);
    free(line);
}

int main(int argc, char **argv) {
    need(group_init(&group, SPAN_LIT("Ed25519"), &work) == P1_OK);
    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        state = strtoull(argv[3], NULL, 10);
        make((unsigned)strtoul(argv[2], NULL, 10));
    } else {
        need(argc == 2 && strcmp(argv[1], "check") == 0);
        check();
    }
    return 0;
}
