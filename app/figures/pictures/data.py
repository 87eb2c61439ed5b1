"""What pictures are made of, and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True)
class FunnelStep:
    """How many came as far as a step."""

    label: str
    number: int


@dataclass(frozen=True)
class SeriesLine:
    """How many there were of something on each of some days, in their order."""

    label: str
    numbers: Sequence[int]


@dataclass(frozen=True)
class Timeliness:
    """How many an office kept in time, and how many late or not yet though late."""

    label: str
    in_time: int
    late: int


@dataclass(frozen=True)
class DayCount:
    """How many there are on a day."""

    on: date
    number: int


class Table(NamedTuple):
    """What a picture shows, in rows of texts below *headers*."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


WORDS = {
    "zh": {
        "step": "步骤",
        "number": "数量",
        "share": "占比",
        "day": "日期",
        "office": "单位",
        "in_time": "按时",
        "late": "逾期",
        "empty": "没有数据。",
        "more": "另有 {} 项未画出，见表。",
        "week": "一二三四五六日",
        "month": "{}年{}月",
    },
    "en": {
        "step": "Step",
        "number": "Number",
        "share": "Share",
        "day": "Day",
        "office": "Office",
        "in_time": "in time",
        "late": "late",
        "empty": "There is no data.",
        "more": "{} more are not drawn; the table has them.",
        "week": "MTWTFSS",
        "month": "{}-{:02}",
    },
}
"""What pictures say by themselves."""


def share(number: int, whole: int) -> str:
    """Return the share of *number* in *whole*, in per cent: 0% is none, 100% is all of it."""
    if not whole:
        return "–"
    if 0 < 200 * number < whole:
        return "<1%"
    if number < whole and 200 * (whole - number) < whole:
        return ">99%"
    return f"{(200 * number + whole) // (2 * whole)}%"


HEADS: dict[type[object], tuple[str, ...]] = {
    FunnelStep: ("step", "number", "share"),
    Timeliness: ("office", "in_time", "late", "share"),
}
"""What stands above the columns, by what is shown; of days, the day and the number."""


def table_of(
    shown: Sequence[FunnelStep] | Sequence[SeriesLine] | Sequence[Timeliness] | Sequence[DayCount],
    days: Sequence[date] = (),
    language: str = "zh",
) -> Table:
    """Return the table of what a picture shows, of lines on each of *days*; of nothing, no rows."""
    words, first = WORDS[language], (shown[0] if shown else None)
    if isinstance(first, SeriesLine):
        lines = [one for one in shown if isinstance(one, SeriesLine)]
        by_day = zip(days, *(line.numbers for line in lines), strict=False)
        rows = [(day.isoformat(), *(f"{n:,}" for n in numbers)) for day, *numbers in by_day]
        return Table((words["day"], *(line.label for line in lines)), tuple(rows))
    heads = {
        FunnelStep: ("step", "number", "share"),
        Timeliness: ("office", "in_time", "late", "share"),
    }
    names = heads.get(type(first), ("day", "number"))
    whole = first.number if isinstance(first, FunnelStep) else 0
    return Table(
        tuple(words[name] for name in names), tuple(table_row(one, whole) for one in shown)
    )


def table_row(one: FunnelStep | SeriesLine | Timeliness | DayCount, whole: int) -> tuple[str, ...]:
    """Return the row of one step, office or day; *whole* is the number of the first step."""
    match one:
        case FunnelStep():
            return one.label, f"{one.number:,}", share(one.number, whole)
        case Timeliness():
            part = share(one.in_time, one.in_time + one.late)
            return one.label, f"{one.in_time:,}", f"{one.late:,}", part
        case DayCount():
            return one.on.isoformat(), f"{one.number:,}"
        case _:
            return one.label, *(f"{number:,}" for number in one.numbers)
