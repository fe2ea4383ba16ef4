// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The part of the check that looks beside the archive: frozen bundle, notices, second proofs of shares.

#include "board/check_line.h"

#include <inttypes.h>
#include <stdlib.h>

static enum p1_err check_bundle(struct checker *c, const struct box *b, struct beside *x) {
    enum p1_err err = bundle_check(b, x->bundle, &x->frozen, &x->terms);
    if (err != P1_OK) return check_fail(c, err, "the frozen bundle");
    if (x->frozen == FROZEN_CHECKED) {
        check_say(c, CHECK_CONSISTENCY, CHECK_OK, "bundle",
                  "the frozen bundle is the one that the question paper names: %u boxes, %" PRIu64 " credentials",
                  x->terms.box_count, x->terms.credential_count);
    } else if (x->frozen == FROZEN_NOT_CHECKED) {
        check_say(c, CHECK_CONSISTENCY, CHECK_WARNING, "bundle",
                  "warning: not checked: the frozen bundle is not beside the archive");
    } else {
        check_say(c, CHECK_CONSISTENCY, CHECK_OK, "bundle", "none: the question paper names no frozen bundle");
    }
    return P1_OK;
}

static enum p1_err check_notices(struct checker *c, struct box *b, struct beside *x) {
    size_t line = 0;
    notices_init(&x->noticed);
    enum p1_err err = notices_keys(&x->noticed, &b->election, c->runner->work);
    if (err != P1_OK) return check_fail(c, err, "the registrar's key");
    if (!x->notices.p) {
        check_say(c, CHECK_AUTHENTICITY, CHECK_OK, "notices", "none: there are no notices beside the archive");
    } else if (!x->noticed.keys) {
        check_say(c, CHECK_AUTHENTICITY, CHECK_WARNING, "notices",
                  "warning: not checked: there are notices, but the question paper names no registrar's key");
    } else {
        err = notices_read(&x->noticed, b, x->notices, &line, c->runner->work);
        if (err != P1_OK) return check_fail(c, err, "notice %zu", line);
    }
    return P1_OK;
}

enum p1_err check_beside(struct checker *c, struct box *b) {
    struct beside *x = c->beside;
    if (!x) return P1_OK;
    TRY(check_bundle(c, b, x));
    TRY(check_notices(c, b, x));
    if (x->noticed.closes && x->frozen == FROZEN_CHECKED && x->noticed.closes <= x->terms.closes)
        return check_fail(c, P1_ERR_NOTICE_EXTENSION, "the notices");
    return P1_OK;
}

enum p1_err check_notices_end(struct checker *c, const struct box *b) {
    if (!c->beside || !c->beside->noticed.lines) return P1_OK;
    struct notices *n = &c->beside->noticed;
    enum p1_err err = notices_end(n, b->stage >= BOX_ENDED);
    if (err != P1_OK) return check_fail(c, err, "the notices");
    check_say(c, CHECK_AUTHENTICITY, CHECK_OK, "notices",
              "%zu signed notices: %zu credentials withdrawn, of whom %" PRIu64
              " had voted; neutral ballots stand for these",
              n->lines, n->count, n->neutral);
    return P1_OK;
}

// Which trustees' shares have a second proof in the file beside the archive. Lines {"owner":n,"proofs":[[..],..]}.
static enum p1_err read_bindings(struct checker *c, const struct box *b, const struct ciphertext *tally,
                                 uint64_t *bound) {
    struct span file = c->beside->shares;
    struct elem *factors = calloc(b->election.choice_count, sizeof *factors);
    enum p1_err err = factors ? P1_OK : P1_ERR_MEMORY;
    uint64_t owner = 0;
    while (file.n && err == P1_OK) {
        const uint8_t *end = memchr(file.p, '\n', file.n);
        struct json j = json_of(span_of(file.p, end ? (size_t)(end - file.p) : file.n));
        struct span proofs;
        err = end && json_take(&j, "{\"owner\":") ? json_uint(&j, P1_TRUSTEES_MAX, &owner) : P1_ERR_SHARE_FORM;
        if (err == P1_OK) err = json_lit(&j, ",\"proofs\":");
        if (err == P1_OK) err = json_skip(&j, &proofs);
        if (err == P1_OK) err = json_lit(&j, "}");
        if (err == P1_OK) err = json_end(&j);
        if (err == P1_OK && (owner < 1 || owner > b->trustees.count)) err = P1_ERR_SHARE_OWNER;
        if (err != P1_OK) break;
        file = span_from(file, (size_t)(end - file.p) + 1);
        const struct trustee *t = &b->trustees.trustee[owner - 1];
        if (!b->share[owner - 1].p) continue; // a crash came before the share itself
        if (share_check(&b->election, t, tally, b->share[owner - 1], factors, c->runner->work) != P1_OK) continue;
        err = share_binding_check(&b->election, t, tally, factors, proofs, c->runner->work);
        if (err == P1_OK) *bound |= (uint64_t)1 << (owner - 1);
    }
    free(factors);
    return err == P1_OK ? P1_OK : check_fail(c, err, "second proof of trustee %" PRIu64, owner);
}

// Are the shares that open the box bound to what they opened (docs/decisions/0005)?
enum p1_err check_bindings(struct checker *c, const struct box *b, const struct ciphertext *tally, uint64_t used) {
    uint64_t bound = 0;
    if (!c->beside) return P1_OK;
    if (c->beside->shares.p) TRY(read_bindings(c, b, tally, &bound));
    if (!c->beside->shares.p && c->beside->frozen == FROZEN_NONE) {
        check_say(c, CHECK_EVIDENCE, CHECK_OK, "shares.bound",
                  "none: there are no second proofs of shares beside the archive");
    } else if (used & ~bound) {
        check_say(
            c, CHECK_EVIDENCE, CHECK_WARNING, "shares.bound",
            "warning: the share of trustee %d has no second proof; alone, the first one does not bind what was opened",
            __builtin_ctzll(used & ~bound) + 1);
    } else {
        check_say(c, CHECK_EVIDENCE, CHECK_OK, "shares.bound",
                  "%d shares have a second proof that binds what was opened", __builtin_popcountll(bound));
    }
    return P1_OK;
}

static int is_among(struct span uuid, const struct box *const *boxes, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        if (span_eq(uuid, boxes[i]->election.uuid)) return 1;
    }
    return 0;
}

enum p1_err check_joint_terms(struct checker *c, const struct box *const *boxes, const struct bundle *const *terms,
                              unsigned n) {
    unsigned checked = 0;
    for (unsigned i = 0; i < n; i++) {
        const struct bundle *t = terms[i];
        if (!t) continue;
        checked++;
        int same = t->box_count == n;
        for (unsigned k = 0; k < t->box_count; k++) same = same && is_among(t->box[k], boxes, n);
        if (!same) return check_fail(c, P1_ERR_JOINT_BOXES, "box %u", i + 1);
    }
    if (checked)
        check_say(c, CHECK_COMPLETENESS, CHECK_OK, "joint.boxes",
                  "these are all boxes that were frozen for the joint vote (%u of %u bundles)", checked, n);
    return P1_OK;
}
