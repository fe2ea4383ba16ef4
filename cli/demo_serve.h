// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// plus1 serve --demo.
#ifndef P1_CLI_DEMO_SERVE_H
#define P1_CLI_DEMO_SERVE_H

#include "cli/server.h"

#define DEMO_FOLDER "demo"

// Serves five municipalities with synthetic residents out of FOLDER, which is made if it is not there. Of GIVEN all
// but the data folder counts.
MUST_USE enum p1_exit demo_serve(const char *folder, const struct server_options *given);

#endif
