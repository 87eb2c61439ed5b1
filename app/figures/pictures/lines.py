"""How many there were, over time."""

from collections.abc import Sequence
from datetime import date

from app.figures.pictures.data import WORDS, SeriesLine
from app.figures.pictures.svg import (
    COLOURS,
    GREY,
    PALE,
    WIDTH,
    box,
    element,
    label,
    nothing,
    picture,
    room_for,
    rule,
    ticks,
    width_of,
)

TOP, HIGH = 44, 240
MOST = 6
"""How many lines are drawn: the first ones."""

DASHES = ("none", "8 4", "2 3", "12 4 2 4", "5 2", "1 5")


def series(
    title: str,
    description: str,
    days: Sequence[date],
    lines: Sequence[SeriesLine],
    language: str = "zh",
) -> str:
    """Return a picture of *lines* over *days*, each named at its end and told by its strokes."""
    if not days or not lines:
        return nothing(title, description, language)
    drawn = lines[:MOST]
    scale = ticks(max(0, *(n for line in drawn for n in line.numbers[: len(days)]), 0))
    names = [end_name(line, len(days)) for line in drawn]
    left = room_for((f"{tick:,}" for tick in scale), 200) + 10
    right = room_for(names, 230) + 18
    area = Area(left, WIDTH - left - right, scale[-1], days)
    parts = [*area.grid(scale)]
    ends = apart([area.y(line.numbers[: len(days)][-1] if line.numbers else 0) for line in drawn])
    for place, (line, name, end) in enumerate(zip(drawn, names, ends, strict=True)):
        parts += area.drawn(line, place)
        parts.append(label(WIDTH - right + 14, end + 5, name, room=right - 14, fill=COLOURS[place]))
    bottom = TOP + HIGH + 34
    if len(lines) > MOST:
        parts.append(
            label(0, bottom + 12, WORDS[language]["more"].format(len(lines) - MOST), fill=GREY)
        )
    return picture(title, description, bottom + (22 if len(lines) > MOST else 0), parts)


def end_name(line: SeriesLine, days: int) -> str:
    """Return what stands at the end of a line: its last number, and what it is of."""
    known = line.numbers[:days]
    return f"{known[-1]:,} {line.label}" if known else line.label


def apart(places: list[float]) -> list[float]:
    """Return *places* of labels moved so that none covers another, each as near as that allows."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved, before = list(places), TOP - 20.0
    for one in order:
        moved[one] = before = max(places[one], before + 18)
    floor = TOP + HIGH + 18.0
    for one in reversed(order):
        moved[one] = floor = min(moved[one], floor - 18)
    return moved


class Area:
    """Where lines are drawn: from *left* on, so wide, up to *most*, over *days*."""

    def __init__(self, left: float, width: float, most: int, days: Sequence[date]) -> None:
        self.left, self.width, self.most, self.days = left, width, most, days

    def x(self, place: int) -> float:
        """Return where a day stands; a single one in the middle."""
        last = len(self.days) - 1
        return self.left + self.width * (place / last if last else 0.5)

    def y(self, number: int) -> float:
        """Return how high a number stands."""
        return TOP + HIGH * (1 - number / self.most)

    def grid(self, scale: Sequence[int]) -> list[str]:
        """Return the lines of the *scale* with its numbers, and as many days as there is room."""
        parts = []
        for tick in scale:
            y = self.y(tick)
            parts.append(rule(self.left, y, self.left + self.width, y, stroke=PALE))
            parts.append(label(self.left - 8, y + 5, f"{tick:,}", text_anchor="end", fill=GREY))
        fitting = max(1, int(self.width // (width_of("2026-12-31", 12) + 14)))
        every = -(-len(self.days) // fitting)
        for place in range(len(self.days) - 1, -1, -every):
            text, x = self.days[place].isoformat(), self.x(place)
            parts.append(
                label(x, TOP + HIGH + 20, text, text_anchor="middle", font_size=12, fill=GREY)
            )
        return parts

    def drawn(self, line: SeriesLine, place: int) -> list[str]:
        """Return a line with a mark at each of its days."""
        colour = COLOURS[place]
        points = [(self.x(n), self.y(v)) for n, v in enumerate(line.numbers[: len(self.days)])]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        stroke = {"stroke": colour, "stroke_width": 2.5, "stroke_dasharray": DASHES[place]}
        marks = [mark(place, x, y) for x, y in points] if len(points) <= 40 else []
        return [element("polyline", points=path, fill="none", **stroke), *marks]


def mark(place: int, x: float, y: float) -> str:
    """Return the mark of the line in this *place*: round or square, full or hollow."""
    colour = COLOURS[place]
    fill = colour if place % 4 < 2 else "#ffffff"
    if place % 2:
        return box(x - 3.5, y - 3.5, 7, 7, fill=fill, stroke=colour)
    return element("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4, fill=fill, stroke=colour)
