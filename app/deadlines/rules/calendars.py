"""Which days are worked: weekends, holidays and made-up days of the years that are loaded."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
DAY = timedelta(days=1)
LAST_YEAR = 2400
"""Beyond this no due date is worked out."""


@dataclass(frozen=True)
class Year:
    """What a paper says of one year: each day off, each Saturday or Sunday that is worked.

    Both name the holiday. *paper* is the State Council's notice they came from, *edition* counts
    its amendments from 1.
    """

    year: int
    edition: int
    paper: str
    rest: Mapping[date, str] = field(default_factory=dict)
    work: Mapping[date, str] = field(default_factory=dict)


class Calendar:
    """The days of all loaded years; in any other year Monday to Friday are taken as worked."""

    def __init__(self, years: Mapping[int, Year] | None = None) -> None:
        self.years = dict(years or {})
        self.working_days = lru_cache(maxsize=None)(self.count_working_days)

    def knows(self, first: date, last: date) -> bool:
        """Return whether every year from *first* to *last* is loaded."""
        year, end = first.year, last.year
        while year < end and year in self.years:
            year += 1
        return year in self.years

    def works(self, day: date) -> bool:
        """Return whether *day* is a working day."""
        position = bisect_left(days := self.working_days(day.year), day.toordinal())
        return position < len(days) and days[position] == day.toordinal()

    def holiday(self, day: date) -> str | None:
        """Return the holiday for which *day* is off, or for which it is worked instead."""
        year = self.years.get(day.year)
        return (year.rest.get(day) or year.work.get(day)) if year else None

    def made_up(self, day: date) -> bool:
        """Return whether *day* is a Saturday or Sunday that is worked."""
        return day.weekday() >= SATURDAY and self.works(day)

    def after(self, day: date, amount: int) -> date:
        """Return the working day that is the *amount*-th (from 1) after *day*."""
        year, left = day.year, amount
        days = self.working_days(year)
        position = bisect_right(days, day.toordinal())
        while position + left > len(days):
            left -= len(days) - position
            year, position = year + 1, 0
            days = self.working_days(year)
        return date.fromordinal(days[position + left - 1])

    def worked(self, first: date, last: date) -> int:
        """Return how many working days there are from *first* to *last*, both included."""
        number = 0
        for year in range(first.year, last.year + 1):
            days = self.working_days(year)
            number += bisect_right(days, last.toordinal()) - bisect_left(days, first.toordinal())
        return max(0, number)

    def on_or_after(self, day: date) -> date:
        """Return *day* when it is worked, otherwise the next working day."""
        days = self.working_days(day.year)
        position = bisect_left(days, day.toordinal())
        return date.fromordinal(days[position]) if position < len(days) else self.after(day, 1)

    def count_working_days(self, year: int) -> tuple[int, ...]:
        """Return the ordinals of the working days of *year*, in order."""
        if year > LAST_YEAR:
            raise OverflowError(year)
        known = self.years.get(year, Year(year, 0, ""))
        return tuple(
            day.toordinal()
            for day in days_between(date(year, 1, 1), date(year, 12, 31))
            if (day.weekday() < SATURDAY and day not in known.rest) or day in known.work
        )


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield each day from *first* to *last*, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
