"""Texts with marked words: found words of a search, and the passages of recommendations."""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.types import Given

PART = 30_000
"""How many characters of a long document one page shows, about."""

NEAR = 2_000
"""How far from there the end of a paragraph is looked for."""


class NamedSpan(NamedTuple):
    """Characters of a text, from *start* up to *end*, and what they belong to."""

    start: int
    end: int
    name: str


class MarkedWords(NamedTuple):
    """A stretch of a text over which nothing changes: to what it belongs, the innermost first.

    *last* are those that end here.
    """

    text: str
    names: tuple[str, ...]
    last: tuple[str, ...]


def marked(text: str, offset: int, spans: Iterable[NamedSpan]) -> list[MarkedWords]:
    """Return *text*, which begins at *offset* of a document, cut where one of *spans* does.

    Spans may overlap, lie within one another or reach beyond the text.
    """
    end = offset + len(text)
    within = [own for own in spans if own.start < end and own.end > offset and own.start < own.end]
    begins = {own: max(own.start, offset) for own in within}
    ends = {own: min(own.end, end) for own in within}
    edges = sorted({offset, end, *begins.values(), *ends.values()})
    waiting = sorted(begins, key=lambda own: begins[own], reverse=True)
    going: list[NamedSpan] = []
    found = []
    for start, stop in itertools.pairwise(edges):
        going = [own for own in going if ends[own] > start]
        while waiting and begins[waiting[-1]] <= start:
            going.append(waiting.pop())
        inner = sorted(going, key=lambda own: own.end - own.start)
        found.append(
            MarkedWords(
                text[start - offset : stop - offset],
                tuple(dict.fromkeys(own.name for own in inner)),
                tuple(own.name for own in inner if own.end == stop),
            )
        )
    return found


def highlighted(highlight: Given) -> list[MarkedWords]:
    """Return a stretch that a search found, with the found words marked."""
    spans = [NamedSpan(start, end, "found") for start, end in highlight["spans"]]
    return marked(highlight["text"], highlight["offset"], spans)


def part_starts(text: str) -> list[int]:
    """Return where the parts of a long text begin: at paragraphs, where one is near."""
    starts = [0]
    while len(text) - starts[-1] > PART + NEAR:
        cut = starts[-1] + PART
        near = text.find("\n", cut, cut + NEAR)
        starts.append(near + 1 if near >= 0 else cut)
    return starts


def part_at(starts: Sequence[int], position: int) -> int:
    """Return the number, from 1, of the part that holds the character at *position*."""
    return bisect_right(starts, position)


def passages_of(recommendations: Iterable[Given], document_id: int) -> list[NamedSpan]:
    """Return where the words of *recommendations* stand in the document, by their references."""
    return [
        NamedSpan(own["start"], own["end"], row["reference"])
        for row in recommendations
        for own in row["passages"]
        if own["document_id"] == document_id
    ]
