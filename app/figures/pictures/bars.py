"""How timely each office is."""

from collections.abc import Sequence

from app.figures.pictures.data import WORDS, Timeliness, share
from app.figures.pictures.svg import (
    COLOURS,
    GREY,
    PALE,
    UNIQUE,
    WIDTH,
    box,
    element,
    hatched,
    label,
    nothing,
    picture,
    room_for,
    rule,
    ticks,
    width_of,
)

BAR, APART, TOP = 20, 10, 66
MOST = 40
"""How many offices are drawn: the first ones."""


def bars(
    title: str,
    description: str,
    rows: Sequence[Timeliness],
    language: str = "zh",
    meanings: tuple[str, str] | None = None,
) -> str:
    """Return a picture of *rows*: a bar for each office, filled in time and striped late.

    Of something else than time, *meanings* says what is filled and what is striped.
    """
    if not rows:
        return nothing(title, description, language)
    drawn, words = rows[:MOST], WORDS[language]
    texts = [text_of(row) for row in drawn]
    left = room_for((row.label for row in drawn), 240) + 12
    room = WIDTH - left - room_for(texts, WIDTH) - 12
    scale = ticks(max(row.in_time + row.late for row in drawn))
    bottom = TOP + len(drawn) * (BAR + APART)
    parts = [
        element("defs", hatched("late", COLOURS[1])),
        *legend(*(meanings or (words["in_time"], words["late"]))),
    ]
    parts += rules(scale, left, room, bottom)
    for place, (row, text) in enumerate(zip(drawn, texts, strict=True)):
        parts += drawn_bar(row, text, (left, TOP + place * (BAR + APART)), room / scale[-1])
    if len(rows) > MOST:
        parts.append(label(0, bottom + 40, words["more"].format(len(rows) - MOST), fill=GREY))
    return picture(title, description, bottom + (50 if len(rows) > MOST else 26), parts)


def rules(scale: Sequence[int], left: float, room: float, bottom: float) -> list[str]:
    """Return a rule for each tick of *scale* down to *bottom*, with its number where it fits."""
    parts = []
    for tick in scale:
        x = left + room * tick / scale[-1]
        parts.append(rule(x, TOP - 4, x, bottom, stroke=PALE))
        if tick in (0, scale[-1]) or width_of(f"{tick:,}") < room / len(scale):
            parts.append(label(x, bottom + 16, f"{tick:,}", text_anchor="middle", fill=GREY))
    return parts


def drawn_bar(row: Timeliness, text: str, corner: tuple[float, float], unit: float) -> list[str]:
    """Return one bar with its *text*; *corner* is its left upper one, *unit* the width of 1."""
    left, y = corner
    kept, whole = row.in_time * unit, (row.in_time + row.late) * unit
    return [
        label(left - 12, y + 15, row.label, room=left - 12, text_anchor="end"),
        box(left, y, kept, BAR, fill=COLOURS[0]),
        box(left + kept, y, whole - kept, BAR, fill=f"url(#{UNIQUE}-late)", stroke=COLOURS[1]),
        label(left + whole + 6, y + 15, text),
    ]


def text_of(row: Timeliness) -> str:
    """Return what is written beside a bar: how many in time of how many."""
    whole = row.in_time + row.late
    return f"{row.in_time:,} / {whole:,} ({share(row.in_time, whole)})"


def legend(filled: str, striped: str) -> list[str]:
    """Return what *filled* and *striped* mean."""
    beside = 40 + width_of(filled)
    return [
        box(0, 32, 14, 14, fill=COLOURS[0]),
        label(20, 44, filled),
        box(beside, 32, 14, 14, fill=f"url(#{UNIQUE}-late)", stroke=COLOURS[1]),
        label(beside + 20, 44, striped),
    ]
