#!/bin/sh
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# core.wasm, built once more in another folder, has the same bytes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

CC=gcc meson setup "$dir/once/more" >"$dir/log" || { cat "$dir/log" && exit 1; }
ninja -C "$dir/once/more" core.wasm >"$dir/log" || { cat "$dir/log" && exit 1; }
cmp "$P1_BUILD/core.wasm" "$dir/once/more/core.wasm"
sha256sum "$P1_BUILD/core.wasm"
