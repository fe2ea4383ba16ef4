// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The voting letter: one page of A4, for a window envelope.
//
// The address stands 25 to 105 mm from the left and 59 to 80 mm from the top. Folded in three at 99 and 198 mm, this lies in
// the left window of DL and C5/6 envelopes (20 mm from the left, 35 or 40 mm high, in the lower half) wherever the paper slides
// in them; but for the return address nothing else is there, down to 98 mm. The code lies inside.
#ifndef P1_CLI_LETTER_H
#define P1_CLI_LETTER_H

#include <cairo.h>
#include <pango/pangocairo.h>

#include "cli/codes.h"
#include "cli/letterhead.h"
#include "platform/catalogue.h"

#define LETTER_WIDTH (210 * 72 / 25.4) // A4, in points
#define LETTER_HEIGHT (297 * 72 / 25.4)
#define LETTER_LANGUAGES 2 // in one letter

// What the paper asks, in one language.
struct letter_paper {
    char *name, *question; // the question is null where there are several
    size_t questions;
};

// What all letters have in common. Those who fill it in own what it points to.
struct letter_form {
    const struct letterhead *municipality;
    struct span uuid;
    char print[P1_PRINT];
    uint64_t opens, closes;
    unsigned language[LETTER_LANGUAGES], languages; // of the catalogue, the first one first
    struct letter_paper paper[LETTER_LANGUAGES];

    // By letter_form_init():
    PangoContext *context;
    cairo_surface_t *logo;   // or null
    cairo_surface_t *common; // drawn once, shown on each page
    double scale;            // of its type, where much is to be said
    double qr_x, qr_y;       // in mm, as all places here
    double code_x, code_y, code_width;
};

// Lays out what letters have in common, in smaller type if need be. REFUSED, with the reason, if it does not fit on a page.
MUST_USE enum p1_exit letter_form_init(struct letter_form *f);
void letter_form_release(struct letter_form *f);

// Null, or why this person cannot get a letter, as the rest of a sentence.
const char *letter_misfit(const struct letter_form *f, const struct addressee *a);

// https://HOST/s/ELECTION#CODE.PRINT, what the QR code holds. Wipe it.
#define LETTER_LINK_MAX 512
void letter_link(const struct letter_form *f, const struct addressee *a, char out[LETTER_LINK_MAX]);

// One page. Nonzero if there is not enough memory.
int letter_draw(const struct letter_form *f, cairo_t *cr, const struct addressee *a);

// A page that goes with a batch of letters: what is in it, without names and codes.
struct packing {
    size_t batch, batches, first, last, count, total;
    const char *file;
};
void packing_draw(const struct letter_form *f, cairo_t *cr, const struct packing *p);

#endif
