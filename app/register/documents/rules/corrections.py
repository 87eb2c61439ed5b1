"""What a text means where it is misprinted, so that a search finds it by the right word as well."""

from collections.abc import Iterable
from typing import NamedTuple

from app.register.documents.rules.passages import Span


class Meant(NamedTuple):
    """That the characters of *span* are misprinted, and mean *as_meant*."""

    span: Span
    as_meant: str


def corrected(text: str, span: Span, corrections: Iterable[Meant]) -> str:
    """Return the characters of *span* in *text*, with all *corrections* inside it made."""
    inside = [c for c in corrections if span.start <= c.span.start and c.span.end <= span.end]
    parts, at = [], span.start
    for correction in sorted(inside):
        if correction.span.start >= at:
            parts += [text[at : correction.span.start], correction.as_meant]
            at = correction.span.end
    return "".join((*parts, text[at : span.end]))


def both_ways(printed: str, meant: str) -> str:
    """Return *printed* and, where it is another, what is *meant*."""
    return printed if printed == meant else f"{printed} {meant}"
