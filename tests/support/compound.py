"""Compound files as older office programs write them: storages, streams, and tables of sectors."""

import struct
from itertools import pairwise

FREE, LAST, TABLE, LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
CUTOFF, MINI = 4096, 64


class Sectors:
    """Sectors of a *size*, and after which each comes."""

    def __init__(self, size):
        self.size, self.content, self.following = size, [], []

    def add(self, content):
        """Put *content* into a new chain and return where it begins."""
        pieces = [content[at : at + self.size] for at in range(0, len(content), self.size)]
        if not pieces:
            return LAST
        start = len(self.content)
        self.content += [piece.ljust(self.size, b"\0") for piece in pieces]
        self.following += [*range(start + 1, start + len(pieces)), LAST]
        return start

    def numbers(self, numbers, pad=FREE):
        """Return *numbers* as whole sectors hold them."""
        whole = [*numbers, *[pad] * (-len(numbers) % (self.size // 4))]
        return struct.pack(f"<{len(whole)}I", *whole)


def entry(name, kind, right, child, start, size):
    """Return an entry of the directory; the tree of names leans to one side."""
    written = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        written, len(written) + 2, kind, 1, FREE, right, child, 0, start, size,
    )  # fmt: skip


def compound(tree, size=512):
    """Return a compound file of *tree*: name → content of a stream, or the tree of a storage."""
    large, small, rows = Sectors(size), Sectors(MINI), [None]

    def put(branch):
        numbers = []
        for name, content in branch.items():
            numbers.append(len(rows))
            rows.append(None)
            is_stream = isinstance(content, bytes)
            child = FREE if is_stream else put(content)
            where = large if is_stream and len(content) >= CUTOFF else small
            start = where.add(content) if is_stream else 0
            rows[numbers[-1]] = [name, 2 if is_stream else 1, FREE, child, start,
                                 len(content) if is_stream else 0]  # fmt: skip
        for number, following in pairwise(numbers):
            rows[number][2] = following
        return numbers[0] if numbers else FREE

    first = put(tree)
    streams = b"".join(small.content)
    rows[0] = ["Root Entry", 5, FREE, first, large.add(streams), len(streams)]
    directory = large.add(b"".join(entry(*row) for row in rows).ljust(size, b"\0"))
    small_table = large.add(large.numbers(small.following)) if small.following else LAST
    return written(large, directory, small_table, len(small.following), size)


def written(large, directory, small_table, smalls, size):
    """Return the file of sectors *large*, with the tables that say where they are."""
    per = size // 4
    count = 0
    while (len(large.content) + count + lists_of(count, per)) > count * per:
        count += 1
    places = [large.add(bytes(size)) for _ in range(count)]
    lists = [large.add(bytes(size)) for _ in range(lists_of(count, per))]
    for number in places:
        large.following[number] = TABLE
    for number in lists:
        large.following[number] = LIST
    table = large.numbers(large.following)
    for at, number in enumerate(places):
        large.content[number] = table[at * size : (at + 1) * size].ljust(size, b"\xff")
    further = places[109:]
    for at, number in enumerate(lists):
        own = further[at * (per - 1) : (at + 1) * (per - 1)]
        following = lists[at + 1] if at + 1 < len(lists) else LAST
        own += [FREE] * (per - 1 - len(own)) + [following]
        large.content[number] = struct.pack(f"<{per}I", *own)
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3 if size == 512 else 4, 0xFFFE,
        9 if size == 512 else 12, 6, 0, count, directory, 0, CUTOFF, small_table,
        -(-smalls // per), lists[0] if lists else LAST, len(lists),
    )  # fmt: skip
    head += struct.pack("<109I", *(places[:109] + [FREE] * (109 - len(places[:109]))))
    return head.ljust(size, b"\0") + b"".join(large.content)


def lists_of(count, per):
    """Return how many lists of *count* places are needed beside the header."""
    return -(-max(0, count - 109) // (per - 1))


def words(flags=0):
    """Return the stream of a text as Word writes it, as far as it says what it is."""
    return struct.pack("<HHHHHH", 0xA5EC, 0x00C1, 0, 0x0804, 0, flags).ljust(5000, b"\0")


def record(number, body):
    """Return a record of a table."""
    return struct.pack("<HH", number, len(body)) + body


def sheet(name, kind=0):
    """Return the record of a sheet in a table."""
    return record(0x85, struct.pack("<IBBBB", 0, 0, kind, len(name), 1) + name.encode("utf-16-le"))


def table(*records):
    """Return the stream of a table as Excel writes it, as far as it says which sheets there are."""
    begun = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1CB0, 0x7CD, 0, 6))
    return begun + b"".join(records or (sheet("台账"),)) + record(0xA, b"")
