#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2

"""No limb of the field of Ed25519 overflows, and its formulas are right: shown on the source itself.

The functions of core/fe25519_51.c, fe25519_25.c, fe25519.h and ge25519.c are plain C: sums, products, shifts, calls. They are
translated to Python, statement by statement, and run twice:

1. On intervals. A limb is every number from LOW to HIGH at once. Each sum, product and shift must fit its C type for all of
   them; unsigned limbs may not go below zero. What core/fe25519.h says of tight and loose values is what goes in, and must
   hold for what comes out.
2. On numbers. Limbs are drawn from all that a loose value may have, and the result must be right modulo p. A wrong
   coefficient passes one round with a chance of less than 2^-20, and there are 200.

Together: for every loose value the C code computes the right number. group_ed25519.c is not looked at: it passes on what
ge25519.h gives, and negates and subtracts tight values only.

Usage: tests/unit/field_bounds.py, from the root of the sources. It says how much of each range is used.
"""

import random
import re
import sys

P = 2**255 - 19
RANGE = {'u64': (0, 2**64 - 1), 'u128': (0, 2**128 - 1), 'i64': (-(2**63), 2**63 - 1), 'i32': (-(2**31), 2**31 - 1)}
RANK = ['i32', 'i64', 'u64', 'u128']


PEAK = {}  # of each type, the largest part of its range that an interval reached


class Overflow(Exception):
    pass


class Interval:
    """All numbers from low to high, held in a C type. CUT: bits were lost, so it may only be masked or stored."""

    def __init__(self, low, high, ctype, cut=False):
        self.low, self.high, self.ctype, self.cut = low, high, ctype, cut

    def _with(self, other, corners, bits=False, note=True):
        other = other if isinstance(other, Interval) else Interval(other, other, 'i32')
        ctype = max(self.ctype, other.ctype, key=RANK.index)
        if (self.cut or other.cut) and not bits:
            raise Overflow('arithmetic with bits missing')
        values = corners(self, other)
        low, high = RANGE[ctype]
        if min(values) < low or max(values) > high:
            raise Overflow(f'{ctype}: from {min(values)} to {max(values)}')
        if note:
            PEAK[ctype] = max(PEAK.get(ctype, 0), max(values) / high)
        return Interval(min(values), max(values), ctype, self.cut or other.cut)

    def __add__(self, other):
        return self._with(other, lambda a, b: (a.low + b.low, a.high + b.high))

    def __sub__(self, other):
        return self._with(other, lambda a, b: (a.low - b.high, a.high - b.low))

    def __mul__(self, other):
        return self._with(other, lambda a, b: [x * y for x in (a.low, a.high) for y in (b.low, b.high)])

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return Interval(0, 0, self.ctype) - self

    def __rshift__(self, n):
        return self._with(n, lambda a, b: (a.low >> b.low, a.high >> b.low), note=False)

    def __lshift__(self, n):
        low, high = RANGE[self.ctype]
        if self.low < 0:
            raise Overflow('a negative number is shifted to the left')
        return Interval(low, high, self.ctype, cut=True) if self.high << n > high else Interval(
            self.low << n, self.high << n, self.ctype, self.cut)

    def __and__(self, mask):
        return self if 0 <= self.low and self.high <= mask and not self.cut else Interval(0, mask, self.ctype)

    def __or__(self, other):
        return self._with(other, lambda a, b: (0, 2**max(a.high.bit_length(), b.high.bit_length()) - 1), bits=True, note=False)

    def cast(self, ctype):
        low, high = RANGE[ctype]
        if low <= self.low and self.high <= high:
            return Interval(self.low, self.high, ctype, self.cut)
        return Interval(low, high, ctype, cut=True)


class Cast:
    """Stands for (type) in C: TYPE ** x binds as tightly."""

    def __init__(self, ctype):
        self.ctype = ctype

    def __pow__(self, x):
        if isinstance(x, Interval):
            return x.cast(self.ctype)
        low, high = RANGE[self.ctype]
        return (x - low) % (high - low + 1) + low


class Struct:
    """A struct fe (v), or one of ge25519.h whose fields are struct fe; fields appear when they are first used."""

    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __getattr__(self, name):
        value = [None] * 10 if name == 'v' else Struct()
        setattr(self, name, value)
        return value

    def set(self, other):
        for name, value in vars(other).items():
            if isinstance(value, Struct):
                getattr(self, name).set(value)
            else:
                setattr(self, name, list(value) if isinstance(value, list) else value)


class Array(list):
    """An array of a C type. Bytes are not looked at, so one address in them is as good as another."""

    def __init__(self, cast, n):
        super().__init__([0] * n)
        self.cast = cast

    def __setitem__(self, i, x):
        super().__setitem__(i, self.cast ** x)

    def __add__(self, _):
        return self


BYTES = Array(Cast('u64'), 32)


class Choices:
    """Branches are taken both ways: run() repeats a function until every path was gone."""

    def __init__(self):
        self.path, self.at = [], 0

    def __call__(self, _=None):
        if self.at == len(self.path):
            self.path.append(False)
        self.at += 1
        return self.path[self.at - 1]

    def run(self, function):
        self.path = []
        while True:
            self.at = 0
            function()
            while self.path and self.path[-1]:
                self.path.pop()
            if not self.path:
                return
            self.path[-1] = True


# ---- from C to Python ----

TYPES = {'uint64_t': 'U64', 'int64_t': 'I64', 'u128': 'U128', 'int32_t': 'I32', 'uint8_t': 'U64', 'int': 'I32'}
LOOP = re.compile(r'for \(int i = (\w+); i < (\w+); i(?:\+\+| \+= (\d+))\) ')


def split(text, separator):
    """At the separators that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c in '([{') - (c in ')]}')
        if c == separator and depth == 0:
            parts.append(text[start:i].strip())
            start = i + 1
    return parts + [text[start:].strip()]


def closing(text, pair):
    """What stands in the brackets at the start, and what follows them."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == pair[0]) - (c == pair[1])
        if depth == 0:
            return text[1:i], text[i + 1:].strip()
    raise ValueError(text)


def expression(text):
    text = re.sub(r'\((' + '|'.join(TYPES) + r')\)', lambda m: TYPES[m.group(1)] + ' ** ', text.replace('->', '.'))
    text = re.sub(r'\(struct fe\)\{\{(.*)\}\}', r'Struct(v=[\1])', text)
    text = re.sub(r'\(int64_t\[10\]\)\{(.*)\}', r'[\1]', text)
    text = re.sub(r'[*&](?=[a-z])', '', text)  # what is multiplied has a space behind its sign
    text = re.sub(r'U?INT64_C|load64\(.*?\)', lambda m: 'load64()' if m.group(0)[0] == 'l' else '', text)
    return text.replace('!fe', 'not fe').replace('!r', 'not r').replace('!s', 'not s')


def simple(statement):
    """Declarations and expressions, as lines of Python."""
    statement = re.sub(r'^(static )?(const )?', '', ' '.join(statement.split()))
    if statement.startswith('return'):
        return ['return ' + expression(statement[6:].strip())]
    struct = re.match(r'struct \w+ ', statement)
    number = re.match('(' + '|'.join(TYPES) + ') ', statement)
    cast = TYPES[number.group(1)] if number else ''
    lines = []
    for item in split(statement[(struct or number).end():] if struct or number else statement, ','):
        assigned = re.match(r'([^=(]*?) ([+&]?=) (.*)', item)
        target, operator, value = assigned.groups() if assigned else (item, '', '')
        if struct:
            lines.append(target + (' = new_zero()' if target == 'zero' else ' = Struct()'))
        elif number and not operator:
            lines.append(f'{target.partition("[")[0]} = Array({cast}, {target.partition("[")[2].rstrip("]")})')
        elif target.startswith('*') and not number or re.fullmatch(r'out->[xyzt]', target):
            lines.append(f'{expression(target)}.set({expression(value)})')
        elif number and not target.startswith('*'):
            lines.append(f'{target} = {cast} ** ({expression(value)})')
        elif operator:
            lines.append(f'{expression(target)} {operator} {expression(value)}')
        else:
            lines.append(expression(item))
    return lines


def statements(text, indent):
    out, text = [], text.strip()
    while text:
        loop = LOOP.match(text)
        if loop or text.startswith('if ('):
            if loop:
                out.append(f'{indent}for i in range({loop.group(1)}, {loop.group(2)}, {loop.group(3) or 1}):')
                text = text[loop.end():]
            else:
                condition, text = closing(text[3:], '()')
                out.append(f'{indent}if choose({expression(condition)}):')
            block, text = closing(text, '{}') if text.startswith('{') else text.split(';', 1)
            out += statements(block, indent + '    ')
        else:
            statement, _, text = text.partition(';')
            out += [indent + line for line in simple(statement)]
        text = text.strip()
    return out


def load(world, path, names):
    """Defines the functions and constants of a C file in WORLD."""
    with open(path, encoding='utf-8') as f:
        source = re.sub(r'//.*', '', f.read())
    source = re.sub(r'^#ifdef P1_FE_25\n(.*?)^#else\n(.*?)^#endif\n', rf'\{1 if world["limbs"] == 10 else 2}', source,
                    flags=re.S | re.M)
    for name, body in re.findall(r'^#define (CARRY\d\d)\(i\) \((.*)\)$', source, re.M):
        source = re.sub(name + r'\(([^()]*)\)(?=[,;])', lambda use, b=body: re.sub(r'\bi\b', use.group(1), b), source)
    for name, value in re.findall(r'^#define (MASK\d\d) (.*)$', source, re.M):
        world[name] = eval(expression(value))
    for name, value in re.findall(r'^const struct fe (\w+) =\s*\{\s*\{(.*?)\}\};', source, re.S | re.M):
        limbs = [int(x, 0) for x in value.split(',')]
        world[name] = Struct(v=[world['constant'](x) for x in limbs + [0] * (world['limbs'] - len(limbs))])
    for name in names:
        head = re.search(rf'^[\w ]*\b{name}\(([^)]*)\) \{{', source, re.M)
        body, _ = closing(source[head.end() - 1:], '{}')
        arguments = ', '.join(re.sub(r'\[\w+\]$', '', a).split()[-1].lstrip('*') for a in head.group(1).split(','))
        exec('\n'.join([f'def {name}({arguments}):'] + statements(body, '    ')), world)


FIELD = {5: ['carry', 'carry_wide', 'fe_neg', 'fe_mul', 'square', 'fe_sq', 'fe_from_bytes', 'fe_to_bytes'],
         10: ['carry', 'fe_neg', 'fe_mul', 'fe_sq', 'fe_from_bytes', 'fe_to_bytes']}
FILE = {5: 'core/fe25519_51.c', 10: 'core/fe25519_25.c'}
PLACE = {5: [51 * i for i in range(5)], 10: [-(-51 * i // 2) for i in range(10)]}


def new_world(limbs, constant, load64, store64):
    """The field with this many limbs, as Python."""
    world = {'limbs': limbs, 'P1_FE_LIMBS': limbs, 'constant': constant, 'load64': load64, 'store64': store64}
    world |= {'Struct': Struct, 'Array': Array, 'choose': Choices(), 'new_zero': lambda: Struct(v=[constant(0)] * limbs)}
    world |= {name.upper(): Cast(name) for name in RANGE}
    load(world, FILE[limbs], FIELD[limbs])
    load(world, 'core/fe25519.h', ['fe_add', 'fe_sub'])
    return world


# ---- 1. on intervals ----

def bounds(limbs):
    """The largest tight and loose limbs that core/fe25519.h allows."""
    if limbs == 5:
        return [2**51 + 2**18 - 1] * 5, [2**54 - 1] * 5
    tight = [2**(26 - i % 2) + 2**17 - 1 for i in range(10)]
    return tight, [4 * x for x in tight]


def on_intervals(limbs):
    ctype = 'u64' if limbs == 5 else 'i32'
    tight, loose = bounds(limbs)
    largest = {}

    def value(most):
        return Struct(v=[Interval(-x if limbs == 10 else 0, x, ctype) for x in most])

    def within(name, fe, most):
        for i in range(limbs):
            if fe.v[i].cut or fe.v[i].high > most[i] or fe.v[i].low < -most[i]:
                raise Overflow(f'{name}: limb {i} is from {fe.v[i].low} to {fe.v[i].high}, at most {most[i]}')
            largest[name] = max(largest.get(name, 0), fe.v[i].high / most[i], -fe.v[i].low / most[i])

    world = new_world(limbs, lambda x: Interval(x, x, ctype), lambda: Interval(0, 2**64 - 1, 'u64'), lambda *_: None)
    for name in ('fe_mul', 'fe_sq', 'fe_neg', 'fe_from_bytes'):
        out = Struct()
        arguments = {'fe_mul': (value(loose), value(loose)), 'fe_sq': (value(loose),), 'fe_neg': (value(tight),)}
        world[name](out, *arguments.get(name, (None,)))
        within(name, out, tight)
    for name in ('fe_one', 'fe_two', 'fe_sqrt_m1', 'fe_d', 'fe_2d'):
        within('constants', world[name], tight)
    world['fe_to_bytes'](BYTES, value(loose))

    # What compares writes both; what is multiplied often is squared often enough to be the same from then on.
    def is_equal(a, b=None):
        for x in (a, b or a):
            world['fe_to_bytes'](BYTES, x)
        return 0

    def square_times(out, a, _):
        world['fe_sq'](out, a)
        for _ in range(3):
            world['fe_sq'](out, out)

    world |= {'fe_is_equal': is_equal, 'fe_is_zero': is_equal, 'fe_is_odd': is_equal, 'square_times': square_times,
              'root_bytes': BYTES, 'memcmp': lambda *_: 0, 'P1_OK': 0, 'P1_ERR_ELEM_FORM': 1, 'P1_ERR_ELEM_FIELD': 1}
    load(world, 'core/fe25519_common.h', ['power_of_ones', 'fe_inv', 'fe_pow22523'])

    point = {'x': tight, 'y': tight, 'z': tight, 't': tight}
    total = {'x': loose, 'y': loose, 'z': loose, 't': loose}
    affine = {'ypx': loose, 'ymx': loose, 't2d': tight}
    cached = affine | {'z2': loose}
    functions = {  # result, and arguments
        'ge_double': (total, point), 'ge_add': (total, point, cached), 'ge_sub': (total, point, cached),
        'ge_add_affine': (total, point, affine), 'ge_sub_affine': (total, point, affine), 'ge_finish': (point, total),
        'ge_finish_without_t': ({k: tight for k in 'xyz'}, total), 'ge_cache': (cached, point), 'ge_neg': (point, point),
        'ge_double_times': (point, point, 3), 'ge_from_bytes_vartime': (point, BYTES),
        'ge_to_bytes': (None, point, tight), 'ge_in_subgroup_vartime': (None, point), 'ge_is_equal': (None, point, point)}
    load(world, 'core/ge25519.c', ['square_root_vartime', 'ratio_root_vartime', 'add', *functions])

    def make(shape):
        if isinstance(shape, dict):
            return Struct(**{k: value(v) for k, v in shape.items()})
        return value(shape) if shape in (tight, loose) else shape

    for name, (result, *arguments) in functions.items():
        def call(name=name, result=result, arguments=arguments):
            made = [make(a) for a in arguments]
            out = [BYTES] if name == 'ge_to_bytes' else [] if result is None else [Struct()]
            refused = world[name](*out, *made)
            if result and not refused:
                for field, most in result.items():
                    within(name, getattr(out[0], field), most)
        world['choose'].run(call)
    return largest


# ---- 2. on numbers ----

def on_numbers(limbs):
    words = []
    world = new_world(limbs, lambda x: x, lambda: words.pop(0), lambda _, x: words.append(x % 2**64))
    _, loose = bounds(limbs)

    def number(fe):
        return sum(x << place for x, place in zip(fe.v, PLACE[limbs]))

    def draw(most):
        low = [0] * limbs if limbs == 5 else [-x for x in most]
        kind = random.randrange(4)
        return Struct(v=[random.choice((a, b)) if kind == 0 else random.randint(a, b) for a, b in zip(low, most)])

    def written(fe):
        words.clear()
        world['fe_to_bytes'](BYTES, fe)
        return sum(x << 64 * i for i, x in enumerate(words))

    def must(what, got, expected):
        if (got - expected) % P:
            raise Overflow(f'{what} is wrong')

    for _ in range(200):
        a, b, t, out = draw(loose), draw(loose), draw(bounds(limbs)[0]), Struct()
        for name, arguments, expected in (('fe_mul', (a, b), number(a) * number(b)), ('fe_sq', (a,), number(a)**2),
                                          ('fe_neg', (t,), -number(t)), ('fe_add', (a, b), number(a) + number(b)),
                                          ('fe_sub', (a, t), number(a) - number(t))):
            world[name](out, *arguments)
            must(name, number(out), expected)
        if written(a) != number(a) % P:
            raise Overflow('fe_to_bytes is wrong')
    # Numbers around the multiples of p, and the ends of the range.
    top = 7 if limbs == 5 else 4
    for multiple in range(0 if limbs == 5 else -top, top + 1):
        for near in range(-40, 41):
            x = multiple * P + near
            if x < 0 and limbs == 5:
                continue
            fe = Struct(v=[(x >> place) % (1 << after - place) for place, after in zip(PLACE[limbs], PLACE[limbs][1:])] +
                        [x >> PLACE[limbs][-1]])
            if abs(fe.v[-1]) <= loose[-1] and written(fe) != x % P:
                raise Overflow(f'fe_to_bytes of {multiple} p {near:+} is wrong')
    for x in [*range(40), *range(P - 40, 2**255)] + [random.randrange(2**255) for _ in range(100)]:
        words[:] = [x >> 64 * i & 2**64 - 1 for i in range(4)]
        out = Struct()
        world['fe_from_bytes'](out, None)
        must('fe_from_bytes', number(out), x)


def main():
    for limbs in (5, 10):
        PEAK.clear()
        try:
            largest = on_intervals(limbs)
            on_numbers(limbs)
        except Overflow as why:
            sys.exit(f'{FILE[limbs]}: {why}')
        print(f'{FILE[limbs]}: of what the header allows, the largest limb is')
        for name, share in largest.items():
            print(f'  {name:24}{100 * share:6.2f} %')
        print('and of its type, the largest sum or product')
        for name, share in PEAK.items():
            print(f'  {name:24}{100 * share:6.2f} %')


main()
