// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// One error type for everything below the command line. Each refusal has its own code and its own sentence
// (err.def), and a test that provokes it.
#ifndef P1_ERR_H
#define P1_ERR_H

enum p1_err {
#define P1_ERR(name, sentence) P1_##name,
#include "core/err.def"
#undef P1_ERR
    P1_ERR_COUNT
};

#define MUST_USE __attribute__((warn_unused_result))

// Return at once with the error of EXPR, if it has one.
#define TRY(expr)                               \
    do {                                        \
        enum p1_err try_err_ = (expr);          \
        if (try_err_ != P1_OK) return try_err_; \
    } while (0)

// An English sentence for a person. Static storage, never null.
const char *p1_err_text(enum p1_err e);
// The code's name, such as "ERR_SPACE", for machines. Static storage, never null.
const char *p1_err_name(enum p1_err e);

#endif
