// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The resident's app as web/build.mjs makes it: the files, each as it is and compressed.
#ifndef P1_STEM_APP_H
#define P1_STEM_APP_H

#include <stddef.h>
#include <stdint.h>

struct app_bytes {
    const uint8_t *p;
    size_t n;
};

struct app_asset {
    const char *name, *type;
    int lasts; // what is under this name never changes
    struct app_bytes plain, br, gzip;
};

extern const struct app_asset app_assets[];
extern const size_t app_asset_count;
extern const char app_head[]; // the markup that a page needs to run it
extern const char app_hash[]; // in hex

#endif
