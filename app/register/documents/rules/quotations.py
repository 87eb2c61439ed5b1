"""Finding a quotation that was written down by hand: its words count, not how they are set.

Blanks and line ends do not count, for a quotation is broken into lines elsewhere than its text, or
not at all. Quotation marks are one sign whatever their shape, and so are dashes; letters, digits
and marks of full width are those of half width. Nothing else is the same: not large and small
letters, not the stops of Chinese and of Western sentences. What is found is told in the text's own
characters.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from app.core.errors import Sentence
from app.register.documents.rules.passages import Span

QUOTATION_MARKS = "“”„‟«»‘’‚‛「」『』｢｣〝〞〟＂＇'"
DASHES = "‐‑‒–—―−─－﹣"
POINTS = "•・‧･"
SAME = str.maketrans(
    {chr(number): chr(number - 0xFEE0) for number in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(QUOTATION_MARKS, '"')
    | dict.fromkeys(DASHES, "-")
    | dict.fromkeys(POINTS, "·")
    | {"｡": "。", "､": "、", "〜": "~"}
)
"""Sign → the one that stands for it where texts are compared: each for one."""

LINE_END = re.compile(r"\r\n|\r|\n")
MOST_COUNTED = 100
"""Up to this it is counted how often a quotation stands in a text."""

MOST_EXPLAINED = 20
"""Of how many quotations that a text does not hold it is told where they differ."""

LEAST_ALIKE = 2
SLACK = 20
"""By how many signs the place that is most like a quotation may be longer."""

SHOWN = 10


class Difference(NamedTuple):
    """Where a text is most like a quotation that it does not hold, and the first sign that differs.

    *line* counts from 1, and so does *number*: which sign of the quotation it is, without blanks.
    *own* is the sign of the text, nothing at its end, *other* that of the quotation.
    """

    line: int
    words: str
    number: int
    own: str
    other: str


class ComparedText:
    """A text as quotations are looked for in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.explained = 0

    @cached_property
    def signs(self) -> str:
        """The signs that count, each as the one that stands for it."""
        return "".join(self.text.split()).translate(SAME)

    @cached_property
    def places(self) -> list[int]:
        """Where in the text each of the signs stands."""
        return [at for at, sign in enumerate(self.text) if not sign.isspace()]

    def spans(self, quote: str, most: int = MOST_COUNTED) -> list[Span]:
        """Return where *quote* stands in the text, overlapping ones included, *most* at most."""
        wanted = ComparedText(quote).signs
        starts = islice(starts_of(self.signs, wanted), most)
        return [Span(self.places[at], self.places[at + len(wanted) - 1] + 1) for at in starts]

    def nearest(self, quote: str) -> Difference | None:
        """Return where the text, which does not hold *quote*, is most like it; None where nowhere.

        Only of the first few quotations that are asked about.
        """
        self.explained += 1
        other = ComparedText(quote)
        if self.explained > MOST_EXPLAINED:
            return None
        start, alike = nearest_place(self.signs, other.signs)
        if alike is None:
            return None
        at = start + alike
        places = [*self.places, len(self.text)]
        first, last = places[max(start, at - SHOWN)], places[min(at + SHOWN, len(self.places))]
        return Difference(
            line=1 + len(LINE_END.findall(self.text, 0, places[at])),
            words=" ".join(self.text[first:last].split()),
            number=alike + 1,
            own=self.text[places[at] : places[at] + 1],
            other=other.text[other.places[alike]],
        )


def starts_of(signs: str, wanted: str) -> Iterator[int]:
    """Yield each start of *wanted* among *signs*, overlapping ones included."""
    at = signs.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = signs.find(wanted, at + 1)


def nearest_place(signs: str, wanted: str) -> tuple[int, int | None]:
    """Return where *signs* are most like *wanted*, and how many of them are so at its beginning.

    That is the place of its longest beginning, or what stands before its longest end. None stands
    for no place that is like it.
    """
    ahead = longest(lambda length: wanted[:length] in signs, len(wanted))
    behind = longest(lambda length: wanted[len(wanted) - length :] in signs, len(wanted))
    alike = max(ahead, behind)
    if alike < LEAST_ALIKE or 3 * alike < len(wanted):
        return 0, None
    if ahead >= behind:
        return signs.find(wanted[:ahead]), ahead
    rest = len(wanted) - behind
    end = signs.find(wanted[rest:])
    begin = max(0, end - rest - SLACK)
    before = signs[begin:end]
    ahead = longest(lambda length: wanted[:length] in before, rest)
    start = begin + before.rfind(wanted[:ahead]) if ahead else max(0, end - rest)
    # It may go on where the end begins.
    return start, longest(lambda length: signs.startswith(wanted[:length], start), len(wanted))


def longest(holds: Callable[[int], bool], most: int) -> int:
    """Return the greatest length up to *most* of which *holds* is true, as of all shorter ones."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if holds(middle):
            least = middle
        else:
            most = middle - 1
    return least


def absent(difference: Difference | None) -> Sentence:
    """Return the sentence about a quotation that a text does not hold."""
    if difference is None:
        return "原文中没有这些字句", "does not stand in the text"
    line, words, number, own, other = difference
    zh = f"原文为“{own}”（{code(own)}）" if own else "原文到此为止"
    en = f"the text has “{own}” ({code(own)})" if own else "the text ends"
    return (
        f"原文中没有这些字句；最接近的是第 {line} 行的“{words}”：引文第 {number} 个字（不计空白）"
        f"为“{other}”（{code(other)}），{zh}",
        f"does not stand in the text; most like it is “{words}” in line {line}: where the quotation"
        f" has “{other}” ({code(other)}), its character {number} without blanks, {en}",
    )


def code(sign: str) -> str:
    """Return the number of a *sign*, by which those that look alike are told apart."""
    return f"U+{ord(sign):04X}"


def too_often(times: int) -> Sentence:
    """Return the sentence about a quotation that a text holds so many *times*."""
    more = times >= MOST_COUNTED
    return (
        f"原文中有 {times} 处{'以上' if more else ''}，请在 nth 写明是第几处",
        f"stands there {times} times{' or more' if more else ''}: say in nth which of them",
    )


def with_same_line_ends(text: str, end: str = "\n") -> str:
    """Return *text* with *end* for each line end, as texts are compared; it is kept as it came."""
    return LINE_END.sub(end, text)
