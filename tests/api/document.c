// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// Prints the document of the API, for those who check it without a server.

#include "tests/api/document.h"

#include <stdio.h>

int main(void) {
    struct openapi o;
    if (!document_compose(&o)) return 1;
    puts(o.text);
    openapi_free(&o);
    return 0;
}
