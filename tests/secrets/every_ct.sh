#!/bin/sh
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# No function of the core that calls itself constant-time is left out of the test that watches them.
cd "$(dirname "$0")/../.." || exit 1
status=0
names=$(cat core/*.[ch] | grep -oE '\b[a-z0-9_]+_ct\b' | sort -u)
for name in $names; do
    grep -qw "$name" tests/secrets/constant_time.c && continue
    echo "$name: not in tests/secrets/constant_time.c" >&2
    status=1
done
[ -n "$names" ] || status=1
exit $status
