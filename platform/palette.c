// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// A colour that people can read, from any: WCAG 2.2, relative luminance and contrast ratio.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/config.h"

// The greyest surfaces that text stands on, in both schemes.
static const double light_page[] = {0.93, 0.93, 0.93}, dark_page[] = {0.17, 0.17, 0.17};
static const double white[] = {1, 1, 1}, black[] = {0, 0, 0};

static const double enough = 4.5;

static double linear(double v) { return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4); }

static double luminance(const double c[3]) {
    return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
}

static double contrast(const double a[3], const double b[3]) {
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static void write(char out[8], const double c[3]) {
    unsigned v[3];
    for (int i = 0; i < 3; i++) v[i] = (unsigned)lround(c[i] * 255) & 255;
    (void)snprintf(out, 8, "#%02x%02x%02x", v[0], v[1], v[2]);
}

// Towards white or black in steps of a fiftieth, until it can be read on the page. Rounding to bytes is part of each step.
static void fit(char out[8], const double own[3], const double towards[3], const double page[3]) {
    for (int step = 0;; step++) {
        double c[3];
        for (int i = 0; i < 3; i++) c[i] = (double)lround((own[i] + (towards[i] - own[i]) * step / 50) * 255) / 255;
        if (step < 50 && contrast(c, page) < enough) continue;
        write(out, c);
        return;
    }
}

int palette_make(struct palette *p, const char *colour) {
    if (colour[0] != '#' || strlen(colour) != 7 || strspn(colour + 1, "0123456789abcdefABCDEF") != 6) return -1;
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    double own[3];
    for (int i = 0; i < 3; i++) own[i] = (double)(rgb >> (16 - 8 * i) & 255) / 255;
    write(p->own, own);
    write(p->ink, contrast(own, white) >= contrast(own, black) ? white : black);
    fit(p->on_light, own, black, light_page);
    fit(p->on_dark, own, white, dark_page);
    return 0;
}
