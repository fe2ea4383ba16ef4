// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Each refusal of the HTTP layer has a status, a code, a sentence (refusals.def), and a test that provokes it.
#ifndef P1_REFUSAL_H
#define P1_REFUSAL_H

enum refusal {
    REFUSED_NOT,
#define REFUSAL(name, status, code, title, detail) REFUSED_##name,
#include "platform/refusals.def"
#undef REFUSAL
    REFUSAL_COUNT
};

#endif
