// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "core/err.h"

static const struct {
    const char *name, *text;
} errs[] = {
#define P1_ERR(name, sentence) {#name, sentence},
#include "core/err.def"
#undef P1_ERR
};

const char *p1_err_text(enum p1_err e) { return (unsigned)e < P1_ERR_COUNT ? errs[e].text : "unknown error"; }

const char *p1_err_name(enum p1_err e) { return (unsigned)e < P1_ERR_COUNT ? errs[e].name : "ERR_UNKNOWN"; }
