// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// The resident's app: what its pages say to run it, and the files that they name.

#include "experiments/stem/app.h"

#include "experiments/stem/pages.h"
#include "platform/field.h"

// A page gets its script, its style and the API from here, and nothing from elsewhere.
#define PAGE_POLICY                                                                                  \
    "default-src 'none'; script-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; " \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// The worker that has the code: it may run core.wasm, and has no connection to anywhere.
#define VAULT_POLICY "default-src 'none'; script-src 'wasm-unsafe-eval'"

static void reply_asset(struct http_request *r, const struct app_asset *a) {
    struct span accepted;
    const struct app_bytes *form = &a->plain;
    if (http_header(r, "Accept-Encoding", &accepted)) {
        if (field_has_coding(accepted, "br"))
            form = &a->br;
        else if (field_has_coding(accepted, "gzip"))
            form = &a->gzip;
    }
    if (form != &a->plain) http_set(r, "Content-Encoding", form == &a->br ? "br" : "gzip");
    http_set(r, "Vary", "Accept-Encoding");
    http_set(r, "Cache-Control", a->lasts ? "public, max-age=31536000, immutable" : "no-cache");
    http_reply(r, 200, a->type, span_of(form->p, form->n));
}

static const struct app_asset *find(struct span name) {
    for (size_t i = 0; i < app_asset_count; i++)
        if (span_eq(name, span_str(app_assets[i].name))) return &app_assets[i];
    return NULL;
}

const struct page_program stem_app = {app_head, PAGE_POLICY};

void stem_app_asset(struct http_request *r, void *arg) {
    (void)arg;
    const struct app_asset *a = find(http_param(r, 0));
    if (!a) {
        http_problem(r, 404, "not-found", "Not found", "There is nothing at this address.");
        return;
    }
    http_set(r, "Content-Security-Policy", VAULT_POLICY);
    reply_asset(r, a);
}
