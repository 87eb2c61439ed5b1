"""What comes due on which day: a sheet for each month."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date

from app.figures.pictures.data import WORDS, DayCount
from app.figures.pictures.svg import GREY, INK, PALE, box, label, nothing, picture

CELL, BESIDE, TOP = 32, 12, 34
MOST = 12
"""How many months are drawn: the first ones from the first day on that has something."""

ABREAST = 3
SHEET = CELL * 7 + BESIDE
HIGH = CELL * 6 + 56
SHADES = ("#ffffff", "#d6e6f4", "#9cc8e4", "#4a98c9", "#10559a")
"""From none to most; the number stands in each day as well."""


def calendar_of_days(
    title: str, description: str, days: Sequence[DayCount], language: str = "zh"
) -> str:
    """Return a picture of *days*: sheets of months, in each day how many there are."""
    numbers: Counter[date] = Counter()
    for day in days:
        numbers[day.on] += day.number
    having = sorted(day for day, number in numbers.items() if number)
    if not having:
        return nothing(title, description, language)
    months = list(dict.fromkeys((day.year, day.month) for day in having))
    drawn, words = months[:MOST], WORDS[language]
    parts = []
    for place, month in enumerate(drawn):
        corner = place % ABREAST * SHEET, TOP + place // ABREAST * HIGH
        parts += sheet(corner, month, numbers, words)
    bottom = TOP + -(-len(drawn) // ABREAST) * HIGH
    if left := sum(number for day, number in numbers.items() if (day.year, day.month) not in drawn):
        parts.append(label(0, bottom + 8, words["more"].format(f"{left:,}"), fill=GREY))
        bottom += 18
    return picture(title, description, bottom, parts)


def sheet(
    corner: tuple[float, float],
    month: tuple[int, int],
    numbers: Counter[date],
    words: dict[str, str],
) -> list[str]:
    """Return the sheet of a *month*, with its upper left *corner*; weeks begin on Monday."""
    x, y = corner
    most = max(numbers.values())
    first, length = monthrange(*month)
    parts = [label(x, y + 16, words["month"].format(*month), font_weight="bold", room=CELL * 7)]
    for column, name in enumerate(words["week"]):
        middle = x + column * CELL + CELL / 2
        parts.append(label(middle, y + 34, name, text_anchor="middle", font_size=11, fill=GREY))
    for number in range(1, length + 1):
        week, weekday = divmod(first + number - 1, 7)
        place = x + weekday * CELL, y + 40 + week * CELL
        parts += cell(place, number, numbers[date(*month, number)], most)
    return parts


def cell(place: tuple[float, float], day: int, number: int, most: int) -> list[str]:
    """Return one *day* of a month at its *place*, the darker the more there are."""
    x, y = place
    shade = -(-number * (len(SHADES) - 1) // most) if number else 0
    ink = "#ffffff" if shade > 2 else INK
    parts = [
        box(x, y, CELL, CELL, fill=SHADES[shade], stroke=PALE),
        label(x + 3, y + 11, str(day), font_size=9, fill=ink if number else GREY),
    ]
    if number:
        parts.append(
            label(
                x + CELL / 2,
                y + 26,
                short(number),
                text_anchor="middle",
                fill=ink,
                font_size=13,
                font_weight="bold",
                room=CELL - 2,
            )
        )
    return parts


def short(number: int) -> str:
    """Return a number as it fits into a day: thousands and millions are rounded down."""
    for size, sign in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if number >= size:
            return f"{number // size}{sign}"
    return str(number)
