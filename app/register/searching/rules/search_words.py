"""What someone searches for: words, phrases, alternatives and what must not stand there."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.register.searching.rules.search_folding import STOP, search_folded

PAIRS = {'"': '"＂', "＂": '"＂', "“": "”", "”": "”“", "„": "”“", "「": "」", "『": "』", "｢": "｣"}
"""What opens a phrase, and what may close it."""

CLOSING = frozenset("”」』｣")
MINUS = frozenset("-－−")
OR = frozenset({"OR", "或", "|", "｜"})
CLAUSES = re.compile(r"[，、；。！？]+|(?<![0-9])[,;!?]+|[,;!?]+(?![0-9])")
"""What parts words that stand in no quotation marks, as a blank does."""

MOST_WORDS = 20

Group = tuple[str, ...]
"""Folded words of which one is enough."""

Widen = Callable[[str], Iterable[str]]
"""A folded word → further ones that mean the same."""


class Searched(NamedTuple):
    """Folded words: of each group one stands in what is found, and none of the others."""

    needed: tuple[Group, ...]
    excluded: Group = ()


class Misread(ValueError):
    """What is asked cannot be understood; its one argument says why, by a name of `REASONS`."""


REASONS = {
    "unbalanced": (
        '引号不成对：短语前后都要有引号，如 "算力中心"',
        'a quotation mark is not closed: write a phrase between two, as in "computing power"',
    ),
    "lonely": (
        "“或”“OR”的前后、“-”的后面都要有词，如：算力 OR 智算 -培训",
        "OR needs a word on both sides and - one behind it, as in: power OR energy -training",
    ),
    "empty": (
        "只有标点或符号：至少写一个字、字母或数字",
        "there is nothing but punctuation: write at least one character, letter or digit",
    ),
    "excluding": (
        "只有要排除的词：至少写一个要查找的词",
        "there are only words to leave out: write at least one to find",
    ),
    "many": (f"最多 {MOST_WORDS} 个词", f"at most {MOST_WORDS} words"),
}
"""Why it cannot be understood, and what would be right, in Chinese and in English."""


@dataclass(frozen=True)
class Piece:
    """A word as it was written, whether it stood in quotation marks, and after a minus."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False

    @property
    def folded(self) -> str:
        """What is looked for: stops around it do not matter."""
        return search_folded(self.text).strip(STOP)


def read_words(text: str, widen: Widen | None = None) -> Searched:
    """Return what *text* asks for.

    Words between blanks or commas are all needed, a phrase in quotation marks as it stands; ``-``
    leaves out, ``OR`` or ``或`` makes one of two enough. *widen* adds to words without quotation
    marks what else they are called. Raises Misread.
    """
    pieces = list(pieces_of(text))
    if len(pieces) > MOST_WORDS:
        raise Misread("many")
    excluded = [piece.folded for piece in pieces if piece.is_excluded]
    groups = list(groups_of(pieces))
    needed = [group for group in (group_of(group, widen) for group in groups) if group]
    if not needed:
        raise Misread("excluding" if any(excluded) and not groups else "empty")
    return Searched(tuple(needed), tuple(word for word in excluded if word))


def group_of(pieces: Sequence[Piece], widen: Widen | None) -> Group:
    """Return the words of which one is enough, each once."""
    words: dict[str, None] = {}
    for piece in pieces:
        more = widen(piece.folded) if widen and not piece.is_phrase else ()
        words |= dict.fromkeys(word for word in (piece.folded, *more) if word)
    return tuple(words)


def groups_of(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces that are needed, alternatives together."""
    group: list[Piece] = []
    joins = False
    for piece in pieces:
        if is_or(piece):
            if joins or not group:
                raise Misread("lonely")
            joins = True
        elif piece.is_excluded:
            refuse(joins)
            yield from filter(None, [group])
            group = []
        elif joins:
            group, joins = [*group, piece], False
        else:
            yield from filter(None, [group])
            group = [piece]
    refuse(joins)
    yield from filter(None, [group])


def refuse(joins: bool) -> None:
    """Raise Misread where an OR has nothing behind it."""
    if joins:
        raise Misread("lonely")


def is_or(piece: Piece) -> bool:
    """Return whether *piece* joins the two beside it."""
    return piece.text in OR and not (piece.is_phrase or piece.is_excluded)


def pieces_of(text: str) -> Iterator[Piece]:
    """Yield the words and phrases of *text* in order."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        minus = text[at] in MINUS
        piece, at = piece_at(text, at + minus)
        parts = [piece.text] if piece.is_phrase else CLAUSES.split(piece.text)
        for part in filter(None, parts) if any(parts) else [piece.text]:
            yield Piece(part, piece.is_phrase, minus)


def piece_at(text: str, at: int) -> tuple[Piece, int]:
    """Return the piece of *text* that begins at *at*, and where it ends."""
    if at >= len(text) or text[at].isspace():
        raise Misread("lonely")
    if text[at] in PAIRS:
        ends = [n for n in range(at + 1, len(text)) if text[n] in PAIRS[text[at]]]
        if not ends:
            raise Misread("unbalanced")
        return Piece(text[at + 1 : ends[0]], is_phrase=True), ends[0] + 1
    end = at
    while end < len(text) and not (text[end].isspace() or text[end] in PAIRS):
        if text[end] in CLOSING:
            raise Misread("unbalanced")
        end += 1
    return Piece(text[at:end]), end
