"""What is shown of a text that was found: where the words stand in it, as it was written."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.register.searching.rules.search_folding import Placed, folded_in_place, search_folded

Span = tuple[int, int]
"""Where something begins and ends, in characters."""

BEFORE, AFTER = 30, 60
"""Characters that are shown around what was found."""

MOST_EXCERPTS = 3
"""Of one text; a hit shows twice as many at most."""


class TextPart(NamedTuple):
    """A stored *text* of a *field*, or a stretch of one that begins at *offset*.

    It is of the text of a document where *document_id* says of which.
    """

    field: str
    text: str
    offset: int = 0
    document_id: int | None = None


class Excerpt(NamedTuple):
    """A stretch of a stored text from *offset* on, and the *spans* of that text that were found."""

    field: str
    text: str
    offset: int
    spans: list[list[int]]
    document_id: int | None


def excerpts_of(lines: Iterable[Sequence[TextPart]], words: Sequence[str]) -> list[Excerpt]:
    """Return what is shown of *lines* that hold folded *words*.

    The parts of one line are searched as one text: a phrase may go on from one to the next.
    """
    found: list[Excerpt] = []
    for parts in lines:
        text = "".join(part.text for part in parts)
        folded = search_folded(text)  # which is quicker than in place
        held = [word for word in words if word in folded]
        spans = marked(folded_in_place(text), held) if held else []
        begin = 0
        for part in parts:
            own = within(spans, begin, begin + len(part.text))
            found += excerpts(part, own)
            begin += len(part.text)
    return found[: 2 * MOST_EXCERPTS]


def marked(line: Placed, words: Sequence[str]) -> list[Span]:
    """Return where *words* stand in *line*, in order and none over another: the longest first."""
    spans = {span for word in words for span in line.places(word)}
    chosen: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
    return chosen


def within(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """Return what of *spans* lies between *start* and *end*, counted from there."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]


def excerpts(part: TextPart, spans: Sequence[Span]) -> list[Excerpt]:
    """Return stretches of *part* around its *spans*; those near each other stand in one."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span[1] <= groups[-1][0][1] + AFTER:
            groups[-1].append(span)
        elif len(groups) == MOST_EXCERPTS:
            break
        else:
            groups.append([span])
    return [excerpt(part, group) for group in groups]


def excerpt(part: TextPart, spans: Sequence[Span]) -> Excerpt:
    """Return one stretch of *part* around *spans*."""
    start, end = max(0, spans[0][0] - BEFORE), spans[0][1] + AFTER
    return Excerpt(
        part.field,
        part.text[start:end],
        part.offset + start,
        [[part.offset + a, part.offset + b] for a, b in spans],
        part.document_id,
    )


LOOKED_AT = 20_000
"""How many folded characters of a text count for its score."""

SHORT = 100
"""How many of its first line say what it is about, unless that ends before."""

IN_SHORT, FURTHER, MOST = 4, 4, 12
"""What a word counts for in these, all words of a group at most in the rest, and a group in all."""


def score(folded: str, needed: Iterable[Sequence[str]]) -> int:
    """Return how well a *folded* text meets groups of words: the more and earlier they stand there.

    Only its beginning counts, LOOKED_AT characters: a long text is not better for being long.
    """
    short = folded[:SHORT].partition("\n")[0]
    rest = folded[len(short) : LOOKED_AT]

    def of(words: Sequence[str]) -> int:
        further = min(FURTHER, sum(map(rest.count, words)))
        return min(MOST, IN_SHORT * sum(map(short.count, words)) + further)

    return sum(map(of, needed))
