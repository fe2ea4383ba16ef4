// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Choices as a person names them: "ANSWER" or "N=ANSWER", N the number of the question, ANSWER its text, its number, or for a
// blank vote "blanco" or "blank". Where a question has lists: a candidate's name, "LIST > CANDIDATE", or a list's name alone;
// a candidate brings its list along.
#ifndef P1_CHOOSE_H
#define P1_CHOOSE_H

#include "core/election.h"

// Marks one choice in CHOICES (e->choice_count of 0 or 1). ERR_CHOOSE_QUESTION, ERR_CHOOSE_ANSWER,
// ERR_CHOOSE_AMBIGUOUS (a name that stands in several lists), ERR_MEMORY.
MUST_USE enum p1_err choose(const struct election *e, struct span named, uint8_t *choices);

// Marks the blank vote of the question with this number. ERR_CHOOSE_QUESTION, ERR_CHOOSE_ANSWER (it has none).
MUST_USE enum p1_err choose_blank(const struct election *e, struct span number, uint8_t *choices);

// The text of choice CHOICE of a question as people read it, "blanco" for a blank vote. OUT is cut off where it is full.
void choice_text(const struct question *q, unsigned choice, struct buf *out);

#endif
