"""Compound files, as older office programs write: their directory, and single streams.

The format is published as [MS-CFB]. What is read is bounded by the size of the file: a chain of
sectors that leads outside, or back to itself, ends the reading.
"""

import struct
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import BinaryIO, NamedTuple

from app.register.files.rules.archives import OLE

HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIII")
SECTOR_SHIFTS = {3: 9, 4: 12}
"""Version of the format → how many bits the length of a sector has."""

ENTRY = struct.Struct("<64sHBBIII16xI16xIQ")
STORAGE, STREAM, TOP = 1, 2, 5
MOST_ENTRIES = 16_384
LONGEST = 0xFFFFFFFF
"""The largest size: what stands above it in the directory has no meaning in the older version."""

MINI = 64
"""The length of the sectors of small streams, in bytes."""

LAST, FREE = 0xFFFFFFFE, 0xFFFFFFFF
IN_HEADER = 109
"""How many sectors of the table the header names itself; lists of more follow each other."""


class BrokenCompound(ValueError):
    """A compound file is not as it should be."""


class CompoundEntry(NamedTuple):
    """One storage or stream of a compound file; its name as it stands there, its size in bytes."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """An open compound file; raises BrokenCompound for what is none."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.length = file.seek(0, 2)
        file.seek(0)
        head = file.read(512)
        if len(head) < 512 or not head.startswith(OLE):
            raise BrokenCompound("no header")
        (_, _, version, order, shift, mini_shift, _, _, first, _, cutoff, small, _, lists, _) = (
            HEADER.unpack_from(head)
        )
        if order != 0xFFFE or SECTOR_SHIFTS.get(version) != shift or mini_shift != 6:
            raise BrokenCompound("an unknown header")
        self.sector_size = 1 << shift
        self.first, self.cutoff, self.small = first, cutoff, small
        self.table = self.read_table(list(struct.unpack_from(f"<{IN_HEADER}I", head, 76)), lists)

    def sector(self, number: int) -> bytes:
        """Return the content of a sector; the last one of a file may be cut."""
        self.file.seek((number + 1) * self.sector_size)
        return self.file.read(self.sector_size)

    def numbers(self, sectors: Iterator[int] | list[int]) -> list[int]:
        """Return the numbers that stand in *sectors*."""
        content = b"".join(map(self.sector, sectors))
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))

    def read_table(self, places: list[int], following: int) -> list[int]:
        """Return the table of sectors: after which one each comes.

        Its own *places* stand in the header, and in lists that begin at the sector *following*.
        """
        most = self.length // self.sector_size // (self.sector_size // 4) + 1
        for _ in range(most):
            if following in (LAST, FREE):
                break
            *more, following = self.numbers([following]) or [LAST]
            places.extend(more)
        return self.numbers([place for place in places if place < LAST][:most])

    def chain(self, start: int, table: list[int]) -> Iterator[int]:
        """Yield the sectors of a chain that begins at *start*."""
        for _ in range(len(table) + 1):
            if start == LAST:
                return
            if start >= len(table):
                break
            yield start
            start = table[start]
        raise BrokenCompound("a chain of sectors has no end")

    @cached_property
    def entries(self) -> list[CompoundEntry]:
        """All entries of the directory, also those that no other leads to; the first is the top."""
        per_sector = self.sector_size // ENTRY.size
        sectors = islice(self.chain(self.first, self.table), MOST_ENTRIES // per_sector + 1)
        content = b"".join(map(self.sector, sectors))
        whole = content[: len(content) // ENTRY.size * ENTRY.size]
        found = [entry_of(*fields) for fields in ENTRY.iter_unpack(whole)]
        if not found or len(found) > MOST_ENTRIES or found[0].kind != TOP:
            raise BrokenCompound("no directory, or one that is too long")
        return found

    def children(self) -> list[CompoundEntry]:
        """Return the entries right below the top."""
        found: dict[int, CompoundEntry] = {}
        waiting = [self.entries[0].child]
        while waiting:
            number = waiting.pop()
            if number < len(self.entries) and number not in found:
                entry = found[number] = self.entries[number]
                waiting += [entry.left, entry.right]
        return list(found.values())

    def content(self, entry: CompoundEntry) -> bytes:
        """Return what the stream *entry* holds."""
        if entry.size > self.length:
            raise BrokenCompound("a stream is longer than the file")
        if entry.size >= self.cutoff or entry.kind == TOP:
            parts = map(self.sector, self.chain(entry.start, self.table))
            return b"".join(islice(parts, -(-entry.size // self.sector_size)))[: entry.size]
        small = islice(self.chain(entry.start, self.small_table), -(-entry.size // MINI))
        return b"".join(self.small_streams[n * MINI : n * MINI + MINI] for n in small)[: entry.size]

    @cached_property
    def small_table(self) -> list[int]:
        """After which small sector each comes."""
        return self.numbers(self.chain(self.small, self.table))

    @cached_property
    def small_streams(self) -> bytes:
        """The content of all small streams."""
        return self.content(self.entries[0])


def entry_of(
    name: bytes, length: int, kind: int, _: int, left: int, right: int, *rest: int
) -> CompoundEntry:
    """Return an entry of the fields that stand in the directory."""
    child, _state, start, size = rest
    written = name[: max(0, min(length, len(name)) - 2)].decode("utf-16-le", "replace")
    return CompoundEntry(written, kind, left, right, child, start, size & LONGEST)
