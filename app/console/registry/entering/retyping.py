"""A text that comes back from a form: with the line ends that it had, and where it differs.

A browser ends every line of a form in one way, whichever way those of the text end; nobody who
mends one sign means to change them.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

LINE_END = re.compile(r"(\r\n|\n|\r)")
MOST_COMPARED = 40_000
"""So many pairs of lines are laid beside each other at most; where there are more, those between
the first and the last that differ are taken for one stretch."""

AROUND = 15
"""How many characters are shown before and after what differs."""


class LineBlock(NamedTuple):
    """Lines of one text, from *start* up to *end*, that stand where the other has *lines*."""

    start: int
    end: int
    other_start: int
    other_end: int
    is_same: bool


class ChangedPlace(NamedTuple):
    """Where a text differs: in which *line* of the new one, and what was there and is now."""

    line: int
    before: str
    removed: str
    added: str
    after: str


def with_former_ends(typed: str, former: str) -> str:
    """Return the text that was *typed*, each line ending as the same one of *former* does.

    A new line ends as the one before it.
    """
    lines, ends = taken_apart(former)
    now = LINE_END.split(typed)[::2]
    known = ends[0] if len(ends) > 1 else "\n"
    found = []
    for block in blocks_of(lines, now):
        for place in range(block.other_start, block.other_end):
            same = block.start + place - block.other_start
            if same < block.end and ends[same]:
                known = ends[same]
            found.append(now[place] + known)
    return "".join(found)[: -len(known)]


def taken_apart(text: str) -> tuple[list[str], list[str]]:
    """Return the lines of *text*, and with what each ends: the last with nothing."""
    parts = LINE_END.split(text)
    return parts[::2], [*parts[1::2], ""]


def blocks_of(lines: Sequence[str], others: Sequence[str]) -> Iterator[LineBlock]:
    """Yield the blocks of *lines* and what stands for each in *others*, in order."""
    first = same_length(lines, others)
    last = same_length(lines[first:][::-1], others[first:][::-1])
    middle, between = lines[first : len(lines) - last], others[first : len(others) - last]
    yield LineBlock(0, first, 0, first, True)
    if len(middle) * len(between) > MOST_COMPARED:
        yield LineBlock(first, first + len(middle), first, first + len(between), False)
    else:
        compared = SequenceMatcher(None, middle, between, autojunk=False)
        for name, start, end, other_start, other_end in compared.get_opcodes():
            here, there = (first + start, first + end), (first + other_start, first + other_end)
            yield LineBlock(*here, *there, name == "equal")
    yield LineBlock(len(lines) - last, len(lines), len(others) - last, len(others), True)


def same_length(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how long both begin in the same way."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def changed_places(former: str, text: str) -> Iterator[ChangedPlace]:
    """Yield where *text* differs from *former*, in order; line ends do not count."""
    lines, now = taken_apart(former)[0], taken_apart(text)[0]
    for start, end, other_start, other_end, is_same in blocks_of(lines, now):
        if is_same:
            continue
        if end - start == other_end - other_start:
            pairs = zip(lines[start:end], now[other_start:other_end], strict=True)
            for place, (one, other) in enumerate(pairs, other_start):
                if one != other:
                    yield changed_place(place + 1, one, other)
        else:
            old, new = lines[start:end], now[other_start:other_end]
            yield changed_place(other_start + 1, "\n".join(old), "\n".join(new))


def changed_place(line: int, old: str, new: str) -> ChangedPlace:
    """Return how *old* became *new*, which begins in this *line*, with a few signs around it."""
    first = same_length(old, new)
    last = same_length(old[first:][::-1], new[first:][::-1])
    return ChangedPlace(
        line,
        old[max(0, first - AROUND) : first],
        old[first : len(old) - last],
        new[first : len(new) - last],
        old[len(old) - last :][:AROUND],
    )
