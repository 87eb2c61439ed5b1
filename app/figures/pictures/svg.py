"""The parts of an SVG: elements with escaped text, labels that are cut, scales in whole numbers.

Nothing in it runs, refers to anything outside, or needs a style: it may be put into a page under
the strictest policy, or stand by itself.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from html import escape
from math import ceil, log10
from unicodedata import combining, east_asian_width

from app.figures.pictures.data import WORDS

WIDTH = 720
SIZE = 14
"""Of text, in the units of a picture."""

INK, GREY, PALE = "#1a1a1a", "#595959", "#d9d9d9"
COLOURS = ("#0072b2", "#d55e00", "#007a5e", "#a0507d", "#8a6d00", "#1a1a1a")
"""Told apart also by those who do not see all colours; each has white text legible on it."""

FORBIDDEN = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\u202a-\u202e\u2066-\u2069]"
)
"""What may not stand in XML, and what turns the direction of all that follows it."""

UNIQUE = "@id@"
"""Stands in the parts of a picture for what tells its ids from those of others on a page."""


def clean(text: str) -> str:
    """Return *text* without what XML forbids, on one line."""
    return re.sub(r"\s+", " ", FORBIDDEN.sub("", text)).strip()


def escaped(text: str) -> str:
    """Return *text* as it stands in an element or an attribute."""
    return escape(clean(text).replace(UNIQUE, "@id"))


def element(name: str, content: Iterable[str] | str = (), /, **attributes: object) -> str:
    """Return an element with *content* that is SVG already; a ``_`` in a name stands for ``-``."""
    said = "".join(
        f' {key.strip("_").replace("_", "-")}="{value}"' for key, value in attributes.items()
    )
    inside = content if isinstance(content, str) else "".join(content)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def width_of(text: str, size: float = SIZE) -> float:
    """Return how wide *text* gets, near enough: a Chinese character is as wide as it is high."""
    wide = sum(
        0 if combining(sign) else 1.0 if east_asian_width(sign) in "WF" else 0.58 for sign in text
    )
    return wide * size


def cut(text: str, room: float, size: float = SIZE) -> str:
    """Return as much of *text* as there is *room* for, with an ellipsis where that is not all."""
    if width_of(text, size) <= room:
        return text
    kept = ""
    for sign in text:
        if width_of(kept + sign + "…", size) > room:
            break
        kept += sign
    return kept.rstrip() + "…"


def label(x: float, y: float, text: str, *, room: float = WIDTH, **attributes: object) -> str:
    """Return *text* at a place, cut to its *room*; the whole stands in a title where it is cut."""
    size = attributes.get("font_size", SIZE)
    whole = clean(text)
    shown = cut(whole, room, float(str(size)))
    titled = element("title", escaped(whole)) if shown != whole else ""
    usual: dict[str, object] = {"x": f"{x:.1f}", "y": f"{y:.1f}"}
    return element("text", titled + escaped(shown), **usual | attributes)


def box(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """Return a rectangle."""
    size = {"width": f"{max(width, 0):.1f}", "height": f"{height:.1f}"}
    return element("rect", x=f"{x:.1f}", y=f"{y:.1f}", **size, **attributes)


def rule(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """Return a straight line."""
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", **{name: f"{value:.1f}" for name, value in ends.items()}, **attributes)


def picture(title: str, description: str, height: float, parts: Iterable[str]) -> str:
    """Return the whole picture of *parts*, which says its *title* and *description* to all."""
    named = element("title", escaped(title), id=f"{UNIQUE}-title")
    described = element("desc", escaped(description), id=f"{UNIQUE}-desc")
    ground = box(0, 0, WIDTH, height, fill="#ffffff")
    heading = label(0, 18, title, font_size=16, font_weight="bold")
    whole = element(
        "svg",
        (named, described, ground, heading, *parts),
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=f"{UNIQUE}-title {UNIQUE}-desc",
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        width=WIDTH,
        height=f"{height:.0f}",
        font_family="sans-serif",
        font_size=SIZE,
        fill=INK,
    )
    return whole.replace(UNIQUE, f"p{blake2b(whole.encode(), digest_size=6).hexdigest()}")


def nothing(title: str, description: str, language: str) -> str:
    """Return the picture of no data: a sentence."""
    return picture(title, description, 60, [label(0, 46, WORDS[language]["empty"], fill=GREY)])


def ticks(most: int, wanted: int = 5) -> list[int]:
    """Return whole numbers from 0 to *most* or somewhat more, at equal distances."""
    rough = max(most, 1) / wanted
    power = 10 ** int(log10(rough)) if rough >= 1 else 1
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [n * step for n in range(ceil(max(most, 1) / step) + 1)]


def room_for(texts: Iterable[str], most: float, size: float = SIZE) -> float:
    """Return how wide the widest of *texts* gets, at most *most*."""
    return min(max((width_of(clean(text), size) for text in texts), default=0) + 1, most)


def hatched(name: str, colour: str) -> str:
    """Return the pattern *name*: stripes of *colour* on white."""
    stripe = element("path", d="M0 8L8 0M-2 2L2 -2M6 10L10 6", stroke=colour, stroke_width=2.5)
    ground = box(0, 0, 8, 8, fill="#ffffff")
    size = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
    return element("pattern", ground + stripe, id=f"{UNIQUE}-{name}", **size)
