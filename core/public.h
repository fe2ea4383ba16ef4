// SPDX-FileCopyrightText: 2026 Plus1 contributors
// SPDX-License-Identifier: EUPL-1.2

// now_public(p, n): these N bytes follow from secrets, and are public from here on. A comment beside each says why. To the
// program it means nothing; tests/secrets build the core with it, and watch every branch and every index until there.
#ifndef P1_PUBLIC_H
#define P1_PUBLIC_H

#ifndef now_public
#define now_public(p, n) ((void)(p), (void)(n))
#endif

#endif
