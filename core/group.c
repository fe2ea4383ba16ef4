// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/group.h"

static const struct group_ops *const known[] = {
    &group_ed25519,
#ifndef P1_NO_GMP
    &group_belenios_2048,
    &group_rfc3526_2048,
#endif
};

enum p1_err group_init(struct group *g, struct span name, struct work *w) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!span_eq(name, span_str(known[i]->name))) continue;
        memset(g, 0, sizeof *g);
        g->ops = known[i];
        g->ops->init(g, w);
        return P1_OK;
    }
    return P1_ERR_GROUP_UNKNOWN;
}

enum p1_err elem_decode_key(const struct group *g, struct elem *out, struct span text, struct work *w) {
    struct elem identity;
    TRY(elem_decode(g, out, text, w));
    elem_identity(g, &identity);
    return elem_equal(g, out, &identity, w) ? P1_ERR_ELEM_IDENTITY : P1_OK;
}
