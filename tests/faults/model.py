# SPDX-FileCopyrightText: 2026 Plus1 contributors
# SPDX-License-Identifier: EUPL-1.2
"""A file system that promises no more than POSIX does, and the states in which a power cut may leave it.

Fed with the calls that the shim wrote down. Of a file, what was not synced since is lost, there, or torn: each sector of
512 bytes is old or new for itself, the length is old or new, and where a file grew there are zeros for what is missing.
Of a folder, each name that was made, changed or removed since its last fsync is old or new for itself; a rename is one
change. A file that is synced may still have no name, and a folder that is synced neither. After an fsync that failed
with EIO what it should have written is lost for good, though programs still see it.
"""
import errno
import itertools
import os

SECTOR = 512


class File:
    def __init__(self, content=b""):
        self.durable = self.live = content
        self.pending = []  # functions from content to content

    def change(self, one):
        self.live = one(self.live)
        self.pending.append(one)

    def sync(self):
        for one in self.pending:
            self.durable = one(self.durable)
        self.pending = []

    def lose(self):
        self.pending = []

    def states(self, dice, few):
        """All that may be on the disk, the likeliest to be wrong first."""
        stages = [self.durable]
        for one in self.pending:
            stages.append(one(stages[-1]))
        yield stages[0]
        if len(stages) == 1:
            return
        yield stages[-1]
        pairs = list(itertools.combinations(range(len(stages)), 2))
        for a, b in dice.sample(pairs, few) if 0 < few < len(pairs) else pairs:
            yield from torn(stages[a], stages[b], dice, few)


def torn(old, new, dice, few):
    """Sectors of OLD and of NEW, in the length of either and in those between."""
    longest = max(len(old), len(new))
    sectors = range((longest + SECTOR - 1) // SECTOR)
    changed = [s for s in sectors if cut(old, s) != cut(new, s)]
    if not changed:
        return
    picks = [set(changed), set()]
    for i in range(len(changed)):
        picks += [set(changed[:i]), set(changed[i:]), {changed[i]}, set(changed) - {changed[i]}]
    picks += [{s for s in changed if dice.random() < 0.5} for _ in range(8)]
    if few and len(picks) > few:
        picks = picks[:4] + dice.sample(picks[4:], few - 4)
    for pick in picks:
        whole = b"".join(cut(new if s in pick else old, s) for s in sectors)
        yield whole[: len(new)]
        if len(old) != len(new):
            yield whole[: len(old)]
    for s in changed[1:]:
        if s * SECTOR > min(len(old), len(new)):
            yield new[: s * SECTOR]


def cut(content, sector):
    return content[sector * SECTOR : (sector + 1) * SECTOR].ljust(SECTOR, b"\0")


class Folder:
    def __init__(self):
        self.durable, self.live = {}, {}
        self.pending = []  # each change: {name: file, folder, or None where it is removed}

    def change(self, names):
        apply(self.live, names)
        self.pending.append(names)

    def sync(self):
        for names in self.pending:
            apply(self.durable, names)
        self.pending = []

    def lose(self):
        """A folder's journal does not forget: what is not there yet comes with the next fsync, or never."""

    def states(self, dice, few):
        """All subsets of what was not synced; nothing and everything come first."""
        n = len(self.pending)
        picks = [0, 2**n - 1] + list(range(1, 2**n - 1)) if n <= 6 else [0, 2**n - 1, *(2**i - 1 for i in range(1, n))]
        if few and len(picks) > few:
            picks = picks[:2] + dice.sample(picks[2:], few - 2)
        for pick in picks:
            names = dict(self.durable)
            for i, change in enumerate(self.pending):
                if pick >> i & 1:
                    apply(names, change)
            yield names


def apply(names, change):
    for name, what in change.items():
        if what is None:
            names.pop(name, None)
        else:
            names[name] = what


class System:
    """What is below the folder TOP; all of it is on the disk at the beginning."""

    def __init__(self, top, tree):
        self.top, self.root, self.open = str(top), Folder(), {}
        for path, content in tree.items():
            folder = self.root
            *above, name = path.split("/")
            for part in above:
                folder = folder.durable.setdefault(part, Folder())
                folder.live = folder.durable
            folder.durable[name] = Folder() if content is None else File(content)
        settle(self.root)

    def find(self, path):
        """Folder and name of a path; the name is '' for TOP itself."""
        folder = self.root
        *above, name = os.path.relpath(path, self.top).replace(".", "", 1 if path == self.top else 0).split("/")
        for part in above:
            folder = folder.live[part]
        return folder, name

    def get(self, path):
        folder, name = self.find(path)
        return folder.live.get(name) if name else folder

    def feed(self, call, skip=False):
        """One line of the log. With SKIP, an fsync does nothing."""
        pid, name, result, error, fd, number, path, path2, data, _ = call
        key = (pid, fd)
        if name in ("fsync", "fdatasync") and not skip:
            self.open[key].sync() if result == 0 else error == errno.EIO and self.open[key].lose()
        if result < 0:
            return
        if name == "open":
            folder, last = self.find(path)
            if number & os.O_CREAT and last not in folder.live:
                folder.change({last: File()})
            self.open[pid, result] = self.get(path)
            self.open[pid, result, "at"] = 0
        elif name == "close":
            del self.open[key]
        elif name in ("write", "pwrite"):
            at = number if name == "pwrite" else self.open[pid, fd, "at"]
            self.open[key].change(put_at(at, bytes.fromhex(data)))
            self.open[pid, fd, "at"] = at + result
        elif name == "ftruncate":
            self.open[key].change(lambda content: content[:number].ljust(number, b"\0"))
        elif name == "mkdir":
            folder, last = self.find(path)
            folder.change({last: Folder()})
        elif name == "unlink":
            folder, last = self.find(path)
            folder.change({last: None})
        elif name in ("link", "rename"):
            (folder, last), (into, new) = self.find(path), self.find(path2)
            what = folder.live[last]
            if folder is into:
                folder.change({new: what, **({last: None} if name == "rename" else {})})
            else:
                into.change({new: what})
                if name == "rename":
                    folder.change({last: None})

    def unsynced(self):
        """All files and folders that a power cut could change, whether or not they have a name on the disk."""
        found, seen, todo = [], set(), [self.root]
        while todo:
            one = todo.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            if one.pending:
                found.append(one)
            if isinstance(one, Folder):
                todo += [*one.live.values(), *one.durable.values(), *(f for c in one.pending for f in c.values() if f)]
        return found

    def live(self):
        return flat(self.root, {}, lambda one: one.live)

    def after_power_cut(self, dice, few, most):
        """States, as {path: content, or None for a folder}: all combinations of what may have become of each, or MOST."""
        dirty = self.unsynced()
        states = [list(one.states(dice, few)) for one in dirty]
        size = 1
        for one in states:
            size *= len(one)
        picks = itertools.product(*states)
        if size > most:
            corners = itertools.product(*(one[:2] for one in states))
            picks = itertools.chain(itertools.islice(corners, most // 2),
                                    ([dice.choice(one) for one in states] for _ in range(most // 2)))
        for pick in picks:
            chosen = {id(one): what for one, what in zip(dirty, pick)}
            yield flat(self.root, {}, lambda one: chosen.get(id(one), one.durable))


def put_at(at, data):
    return lambda content: content[:at].ljust(at, b"\0") + data + content[at + len(data) :]


def settle(folder):
    folder.live = dict(folder.durable)
    for one in folder.durable.values():
        if isinstance(one, Folder):
            settle(one)


def flat(folder, out, content_of, above=""):
    for name, one in content_of(folder).items():
        out[above + name] = None if isinstance(one, Folder) else content_of(one)
        if isinstance(one, Folder):
            flat(one, out, content_of, f"{above}{name}/")
    return out
