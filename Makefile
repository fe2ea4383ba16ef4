# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
#
# The two commands of the README are `make demo` and `make check`. Meson does the building (meson.build).

# Archives that other programs made, with their verdicts: beside the repository, not in it. Tests that need them are
# skipped where they are not.
export P1_FIXTURES ?= $(abspath ../shared/fixtures)

# The development dependencies of web/, of which the build needs TypeScript.
NODE_MODULES = web/node_modules/.package-lock.json

.PHONY: all packages demo check soak test asan build-clang test-clang asan-all tsan fuzz kills secrets random-elections \
	long scale format lint bench coverage clean

all: build/build.ninja $(NODE_MODULES)
	ninja -C build plus1 plus1-verify

# What is missing of scripts/packages.txt; as root, or with sudo.
packages:
	scripts/install

# Five municipalities vote together, on synthetic residents. On a terminal a server to vote at, until Ctrl-C; without one the whole vote
# at once. Anybody may look into build/demo afterwards.
demo: packages
	$(MAKE) all
	rm -rf build/demo
	if [ -t 0 ] && [ -t 1 ]; then build/plus1 serve --demo --data build/demo; \
	else build/plus1 demo --headless --voters 200 --group Ed25519 --out build/demo; fi

# Everything that must hold before a change lands: both compilers, format, lint, all tests.
check: packages
	scripts/check

# What takes longer, at most 40 minutes: the other compiler, sanitizers on whole programs, threads, coverage, fuzzers, KILLS kills,
# and elections at random with Debian 13's belenios-tool.
soak: packages
	scripts/soak

test: build/build.ninja
	meson test -C build --no-suite long --no-suite deep --print-errorlogs

# The unit tests and those of the HTTP server once more, with clang's address and undefined-behaviour sanitizers.
asan: build-asan/build.ninja
	meson test -C build-asan --suite unit --suite platform --print-errorlogs

# The other compiler: all of it, tests and benchmarks too, without running any.
build-clang: build-clang/build.ninja
	ninja -C build-clang all meson-test-prereq meson-benchmark-prereq

test-clang: build-clang/build.ninja
	meson test -C build-clang --suite unit --suite cli --print-errorlogs

# The commands too. The tests that hold a second program's elections have its speed, not ours: they run without.
asan-all: build-asan/build.ninja
	meson test -C build-asan --suite unit --suite cli --suite platform --print-errorlogs
	meson test -C build-asan 'server api.py' 'server life.py' 'server load.py' 'server together.py' --logbase testlog-server --print-errorlogs

tsan: build-tsan/build.ninja
	meson test -C build-tsan --suite unit --suite platform --print-errorlogs
	meson test -C build-tsan box.sh verify.sh 'server together.py' --logbase testlog-commands --print-errorlogs
	LOAD_SECONDS=6 meson test -C build-tsan 'server load.py' --logbase testlog-load --print-errorlogs

KILLS = 40
kills: all
	ninja -C build libfaults.so
	for t in kills disk power; do P1_BUILD=build ALL=1 KILLS=$(KILLS) tests/faults/$$t.py || exit 1; done
	for t in clock disks kills proxy; do P1_BUILD=build ALL=1 KILLS=$(KILLS) tests/server/$$t.py || exit 1; done
	P1_BUILD=build KILLS=100 tests/server/keep.py

# Whether anything depends on a secret, in all groups and in full, with what both compilers make.
secrets: build/build.ninja build-clang/build.ninja
	P1_SLOW=1 meson test -C build --suite secrets --logbase testlog-secrets --print-errorlogs
	P1_SLOW=1 meson test -C build-clang --suite secrets --logbase testlog-secrets --print-errorlogs

# Debian 13 with its belenios-tool is made by belenios3.sh, which `make check` runs.
random-elections: all
	P1_BUILD=build P1_RANDOM_PEER=1 tests/interop/random_elections.py 50

# The tests that take long, and the walk through the resident's app at other widths, in another language and scheme.
long: all
	meson test -C build --suite long --logbase testlog-long --print-errorlogs
	for as in 'en dark 320' 'nl dark 768' 'en light 1280'; do \
		P1_BUILD=build node tests/e2e/vote.mjs $$as || exit 1; done

scale: build/build.ninja
	ninja -C build bench_scale plus1 plus1-verify
	P1_BUILD=build build/bench_scale 10000 50000

# Fuzzers of all that is read from outside, SECONDS in all.
SECONDS = 600
fuzz: $(NODE_MODULES)
	scripts/fuzz $(SECONDS)

format:
	find core board store ballotbox platform experiments verify cli web/core tests bench -name '*.[ch]' | xargs clang-format-14 -i

lint: build-clang/build.ninja
	ninja -C build-clang po/texts.h
	scripts/lint build-clang

bench: build/build.ninja
	meson test -C build --benchmark --verbose

# Thresholds for core and board: 95 % of lines, 90 % of branches. What is not covered is named. Threads count together, so
# counters are atomic.
GCOVR = gcovr --root . --filter core/ --filter board/ --exclude-unreachable-branches
coverage: build-coverage/build.ninja
	meson test -C build-coverage --suite unit --suite cli --print-errorlogs
	$(GCOVR) --branches --txt build-coverage/branches.txt build-coverage
	cat build-coverage/branches.txt
	$(GCOVR) --fail-under-line 95 --fail-under-branch 90 --txt build-coverage/lines.txt \
		--html-details build-coverage/coverage.html --print-summary build-coverage
	cat build-coverage/lines.txt

# web/ for the build, tests/api/ for lint
%/node_modules/.package-lock.json: %/package-lock.json
	npm ci --prefix $* --no-audit --no-fund
	touch $@

build/build.ninja: | $(NODE_MODULES)
	CC=gcc meson setup build

build-clang/build.ninja: | $(NODE_MODULES)
	CC=clang-14 meson setup build-clang

build-asan/build.ninja: | $(NODE_MODULES)
	CC=clang-14 meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false

build-tsan/build.ninja: | $(NODE_MODULES)
	CC=clang-14 meson setup build-tsan -Db_sanitize=thread -Db_lundef=false

build-coverage/build.ninja: | $(NODE_MODULES)
	CC=gcc meson setup build-coverage -Db_coverage=true -Doptimization=0 -Dc_args=-fprofile-update=atomic

clean:
	rm -rf build build-clang build-asan build-tsan build-coverage build-fuzz
