"""Spans of a document's text: finding a quotation, and what no quotation covers.

Offsets count Unicode code points of the text as it is in the file; the end is exclusive.
"""

from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """Characters *start* to *end* (exclusive) of one document."""

    start: int
    end: int


class QuoteNotFound(ValueError):
    """A quotation does not stand in the text as often as it says."""


def find_quote(text: str, quote: str, nth: int | None = None) -> Span:
    """Return the span of *quote* in *text*.

    Without *nth* the quotation must occur exactly once; *nth* counts from 1.
    Raises QuoteNotFound with a sentence that says how often it was found.
    """
    starts = find_all(text, quote, nth)
    if nth is None and len(starts) == 1:
        nth = 1
    if nth is None or not 1 <= nth <= len(starts):
        wanted = "exactly once" if nth is None else f"at least {nth} times"
        raise QuoteNotFound(f"expected {wanted}, found {len(starts)} times: {quote}")
    return Span(starts[nth - 1], starts[nth - 1] + len(quote))


def find_all(text: str, quote: str, most: int | None = None) -> list[int]:
    """Return every start of *quote* in *text*, overlapping ones included, or the first *most*."""
    starts: list[int] = []
    at = text.find(quote) if quote else -1
    while at >= 0 and len(starts) != most:
        starts.append(at)
        at = text.find(quote, at + 1)
    return starts


def uncovered(text: str, spans: list[Span]) -> list[Span]:
    """Return the stretches of *text* in none of *spans*, trimmed of white space and not empty."""
    gaps: list[Span] = []
    at = 0
    for span in [*sorted(spans), Span(len(text), len(text))]:
        if span.start > at:
            gaps.extend(trimmed_lines(text, Span(at, span.start)))
        at = max(at, span.end)
    return gaps


def trimmed_lines(text: str, gap: Span) -> list[Span]:
    """Split *gap* at line ends and drop the white space around each line."""
    lines: list[Span] = []
    start = gap.start
    for line in text[gap.start : gap.end].split("\n"):
        kept = line.strip()
        if kept:
            at = start + line.index(kept)
            lines.append(Span(at, at + len(kept)))
        start += len(line) + 1
    return lines


def overlapping(spans: list[Span]) -> list[tuple[Span, Span]]:
    """Return neighbouring pairs of *spans* that share a character."""
    ordered = sorted(spans)
    return [(left, right) for left, right in pairwise(ordered) if right.start < left.end]


def inside(span: Span, holders: list[Span]) -> bool:
    """Return whether one of *holders* contains *span* wholly."""
    return any(h.start <= span.start and span.end <= h.end for h in holders)
