// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

#include "cli/draft.h"

#include <stdlib.h>

#include "cli/files.h"
#include "core/election.h"
#include "core/sha256.h"

void draft_write(const char *uuid, const char *group, const struct paper *paper, struct buf *out) {
    buf_str(out, "{\"uuid\":\"");
    buf_str(out, uuid);
    buf_str(out, "\",\"group\":\"");
    buf_str(out, group);
    buf_str(out, "\",\"paper\":");
    paper_write(paper, out);
    buf_str(out, "}\n");
}

static enum p1_err parse(struct draft *d) {
    struct json j = json_of(d->json);
    TRY(json_lit(&j, "{\"uuid\":"));
    TRY(json_plain(&j, &d->uuid));
    TRY(uuid_check(d->uuid));
    TRY(json_lit(&j, ",\"group\":"));
    TRY(json_plain(&j, &d->group));
    TRY(json_lit(&j, ",\"paper\":{\"description\":"));
    TRY(json_skip(&j, &d->description));
    TRY(json_lit(&j, ",\"name\":"));
    TRY(json_skip(&j, &d->name));
    TRY(json_lit(&j, ",\"questions\":"));
    TRY(json_skip(&j, &d->questions));
    if (j.end - j.p < 2 || j.end[-1] != '}' || j.end[-2] != '}') return P1_ERR_JSON;
    d->end = span_of(j.p, (size_t)(j.end - j.p) - 2);
    return P1_OK;
}

enum p1_exit draft_read(const char *path, struct draft *out) {
    size_t n;
    *out = (struct draft){0};
    enum p1_exit e = file_read(path, 1, &out->text, &n);
    if (e != P1_EXIT_DONE) return e;
    out->json = span_of(out->text, n);
    if (parse(out) == P1_OK) return P1_EXIT_DONE;
    return refuse(P1_EXIT_UNREADABLE, "%s is not a draft of an election: make one with plus1 election draft", path);
}

void draft_release(struct draft *d) { free(d->text); }

// A JSON string without its closing quote.
static struct span open_end(struct span quoted) { return span_of(quoted.p, quoted.n - 1); }

static void hidden(struct buf *out, const char *tag, struct span value) {
    if (!value.n) return;
    buf_str(out, "\\n");
    buf_str(out, tag);
    buf_char(out, ':');
    buf_put(out, value);
}

// administrator and credential_authority as they stand in the paper, the latter with the keys.
static void write_end(const struct draft *d, const struct frozen_lines *lines, struct buf *out) {
    struct json j = json_of(d->end);
    struct span value = SPAN_LIT("\"\"");
    if (json_take(&j, ",\"administrator\":") && json_skip(&j, &value) == P1_OK) {
        buf_str(out, ",\"administrator\":");
        buf_put(out, value);
        value = SPAN_LIT("\"\"");
    }
    int has = json_take(&j, ",\"credential_authority\":") && json_skip(&j, &value) == P1_OK;
    if (!has && !lines->registrar.n) return;
    buf_str(out, ",\"credential_authority\":");
    buf_put(out, open_end(value));
    hidden(out, "registrar", lines->registrar);
    hidden(out, "second", lines->second);
    buf_char(out, '"');
}

void draft_election(const struct draft *d, struct span key, const struct frozen_lines *lines, struct buf *out) {
    buf_str(out, "{\"version\":1,\"description\":");
    buf_put(out, open_end(d->description));
    hidden(out, "sha256", lines->bundle);
    buf_str(out, "\",\"name\":");
    buf_put(out, d->name);
    buf_str(out, ",\"group\":\"");
    buf_put(out, d->group);
    buf_str(out, "\",\"public_key\":\"");
    buf_put(out, key);
    buf_str(out, "\",\"questions\":");
    buf_put(out, d->questions);
    buf_str(out, ",\"uuid\":\"");
    buf_put(out, d->uuid);
    buf_char(out, '"');
    write_end(d, lines, out);
    buf_char(out, '}');
}

void setup_data(struct span election, struct span trustees, struct span credentials, struct buf *out) {
    static const char *const field[] = {"{\"election\":\"", "\",\"trustees\":\"", "\",\"credentials\":\""};
    const struct span part[] = {election, trustees, credentials};
    for (int i = 0; i < 3; i++) {
        uint8_t hash[SHA256_BYTES];
        sha256(hash, part[i]);
        buf_str(out, field[i]);
        buf_hex(out, span_of(hash, sizeof hash));
    }
    buf_str(out, "\"}");
}
