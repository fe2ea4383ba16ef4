// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The stem-app: residents vote in secret on local questions, and anybody can check the count.
#ifndef P1_STEM_H
#define P1_STEM_H

#include "platform/experiment.h"

extern const struct experiment stem;

#endif
