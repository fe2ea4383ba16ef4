#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# plus1 and Debian 12's belenios-tool (2.0), both ways, in the two groups that it knows. It accepts finished threshold
# archives in the form of 3.x, which is ours; its own ceremonies have another one, so those are not mixed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
need_tool2
start "${TMPDIR:-/tmp}"
tool=tool2

for group in BELENIOS-2048 RFC-3526-2048; do
    our_elections
    their_election
    mixed_trustees
done
