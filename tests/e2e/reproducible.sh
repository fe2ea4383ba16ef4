#!/bin/sh
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The resident's app, built once more in another folder, has the same bytes, and its hash is what the README says it is.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkdir -p "$dir/elsewhere/web" "$dir/elsewhere/platform"
cp platform/page.css "$dir/elsewhere/platform"
cp -R web/build.mjs web/app web/core web/package.json "$dir/elsewhere/web"
ln -s "$PWD/web/node_modules" "$dir/elsewhere/web/node_modules"
scripts/texts web/po "$dir/texts.json" "$dir/texts.d"
node "$dir/elsewhere/web/build.mjs" "$P1_BUILD/core.wasm" "$dir/texts.json" "$dir/app_assets.c" "$dir/app.d"
cmp "$P1_BUILD/app_assets.c" "$dir/app_assets.c"
"$P1_BUILD/plus1" --version | grep -E 'app stem, sha256 [0-9a-f]{64}$'
