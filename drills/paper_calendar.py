"""A plain count of days, a day at a time, for drills: it shares nothing with the product's.

The days off are those of the papers in seeds/calendars; the limits are those of the register's
domain paper, §4, written out here once more.
"""

import tomllib
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from app.core.config import ROOT

DAY = timedelta(days=1)
Stretch = tuple[date, date]


@dataclass(frozen=True)
class Rules:
    """The limits of one place, as (amount, unit): wd working days, d days, m months.

    *reply_from*, *objection_from* and *opinion_from* say from what each counts; *longest* months a
    reply may take at most with more time, *consent* that somebody decides on that.
    """

    slug: str
    objection: tuple[int, str]
    objection_from: str
    reply_from: str
    opinion: tuple[int, str]
    opinion_from: str
    redispatch: tuple[int, str] | None = None
    feedback: tuple[int, str] | None = None
    rehandling: tuple[int, str] = (1, "m")
    longest: int | None = 6
    consent: bool = True
    assesses_first: bool = False
    fixed: tuple[int, int] | None = None


HENAN = Rules(
    "henan-npc-2017", (10, "wd"), "dispatch", "receipt", (2, "m"), "receipt",
    redispatch=(10, "wd"), feedback=(10, "wd"), consent=False,
)  # fmt: skip
SHANDONG = Rules(
    "shandong-npc-2017", (5, "d"), "receipt", "dispatch", (1, "m"), "receipt"
)  # fmt: skip
QINGDAO = Rules(
    "qingdao-npc-2021", (5, "wd"), "receipt", "dispatch", (1, "m"), "receipt", assesses_first=True
)  # fmt: skip
CHONGQING = Rules(
    "chongqing-npc-2017", (10, "wd"), "dispatch", "dispatch", (30, "wd"), "dispatch",
    redispatch=(10, "wd"), feedback=(20, "wd"), rehandling=(2, "m"), consent=False,
)  # fmt: skip
CITY = Rules(
    "city-fixed-dates", (3, "wd"), "dispatch", "dispatch", (1, "m"), "receipt",
    longest=None, fixed=(5, 10),
)  # fmt: skip
RULES = (HENAN, HENAN, SHANDONG, QINGDAO, CHONGQING, CITY)
"""The rules that cases of the made-up year are handled under; the first of them most often."""

RECEIPT, PUBLICATION, INTAKE = (3, "wd"), (20, "wd"), (5, "wd")


@cache
def days_off(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off of a year and its make-up working days, by the newest paper."""
    text = (ROOT / "seeds" / "calendars" / f"{year}.toml").read_text(encoding="utf-8")
    newest = tomllib.loads(text)["editions"][-1]
    rest = [
        span["from"] + n * DAY
        for span in newest["rest"]
        for n in range((span["to"] - span["from"]).days + 1)
    ]
    return frozenset(rest), frozenset(row["on"] for row in newest["work"])


@cache
def is_rest(day: date) -> bool:
    """Return whether nobody works on *day*; of a year without a paper the weekends are off."""
    if not (ROOT / "seeds" / "calendars" / f"{day.year}.toml").exists():
        return day.weekday() >= 5
    rest, work = days_off(day.year)
    return day not in work and (day in rest or day.weekday() >= 5)


def same_day(start: date, months: int) -> date:
    """Return the same day-number so many *months* later, or the last day of that month."""
    year, month = start.year, start.month + months
    while month > 12:
        year, month = year + 1, month - 12
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def due(limit: tuple[int, str], start: date, pauses: Sequence[Stretch] = ()) -> date:
    """Return the day on which *limit* is over that began on *start*, counting every single day."""
    amount, unit = limit
    needed = amount if unit != "m" else (same_day(start, amount) - start).days
    day = start
    while needed:
        day += DAY
        if not stands(day, pauses) and not (unit == "wd" and is_rest(day)):
            needed -= 1
    return settled(day, pauses)


def settled(day: date, pauses: Sequence[Stretch] = ()) -> date:
    """Return the first day from *day* that is no rest day and does not stand still."""
    while stands(day, pauses) or is_rest(day):
        day += DAY
    return day


def stands(day: date, pauses: Sequence[Stretch]) -> bool:
    """Return whether the clock stands still on *day*."""
    return any(first <= day <= last for first, last in pauses)


def reply_due(rules: Rules, start: date, pauses: Sequence[Stretch] = ()) -> date:
    """Return when a reply is due that counts from *start*: three months, or the day of a notice."""
    if rules.fixed is None:
        return due((3, "m"), start, pauses)
    named = date(start.year, *rules.fixed)
    if named <= start:
        return due((3, "m"), start, pauses)
    return due(((named - start).days, "d"), start, pauses)
