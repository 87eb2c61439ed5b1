"""The plain count of a clock, a day at a time, and clocks to try it on."""

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace

from hypothesis import strategies as st

from app.core.codes import Unit
from app.core.config import ROOT
from app.deadlines.rules.calendars import Calendar, Year
from app.deadlines.rules.deadlines import (
    GrantedExtension,
    Limit,
    Pause,
    deadline,
    fixed_date,
    months_after,
)
from app.deadlines.rules.rulebook import year_of
from app.seeding.files import read_files
from app.seeding.papers import papers_in

DAY = timedelta(days=1)
YEARS = {
    content["year"]: year_of(SimpleNamespace(**content))
    for content in papers_in(read_files(ROOT / "seeds"))["calendars"]
}
"""The years as they were; the last edition of each stands last in its file."""

PLAIN = Year(0, 0, "")
"""A year without days off: what is taken where none is loaded."""


class PlainCount:
    """The definition of a clock, a day at a time; *asked* are the days looked up in a calendar."""

    def __init__(self, limit, start, calendar, pauses):
        self.limit, self.start, self.calendar, self.pauses = limit, start, calendar, pauses
        self.asked = []

    def stands_still(self, day, pauses):
        return any(pause.first <= day <= pause.last for pause in pauses)

    def is_rest_day(self, day):
        self.asked.append(day)
        year = self.calendar.years.get(day.year, PLAIN)
        return day not in year.work and (day in year.rest or day.weekday() >= 5)

    def may_count(self, day):
        return self.limit.unit is not Unit.WORKING_DAYS or not self.is_rest_day(day)

    def needed(self):
        """Return how many days have to count until the count is full."""
        if self.limit.unit in (Unit.DAYS, Unit.WORKING_DAYS):
            return self.limit.amount
        if self.limit.unit is Unit.MONTHS:
            return (months_after(self.start, self.limit.amount) - self.start).days
        ends = (fixed_date(self.start.year + more, self.limit) for more in (0, 1))
        return min((end - self.start).days for end in ends if end > self.start)

    def counted_on(self, day, number):
        """Return the day after *day* on which *number* more days have counted."""
        while number:
            day += DAY
            if not self.stands_still(day, self.pauses) and self.may_count(day):
                number -= 1
        return day

    def due_from(self, day):
        """Return the first day from *day* that neither stands still nor is a rest day."""
        while self.stands_still(day, self.pauses) or (self.limit.roll and self.is_rest_day(day)):
            day += DAY
        return day

    def original(self):
        return self.due_from(self.counted_on(self.start, self.needed()))

    def granted(self, extension):
        """Return the due day after a grant: what later pauses took until then counts after it."""
        until, known = extension.until, self.pauses[: extension.pauses]
        later = [
            day
            for day in days(self.start + DAY, until)
            if self.stands_still(day, self.pauses) and not self.stands_still(day, known)
        ]
        lost = sum(self.may_count(day) for day in later)
        if not lost and until not in later:
            return until
        return self.due_from(self.counted_on(until, lost))


def days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def plain(limit, start, calendar, pauses, extensions):
    """Return the due day, the one before any extension, and whether a missing year was asked."""
    count = PlainCount(limit, start, calendar, pauses)
    original = due = count.original()
    if extensions:
        count.asked = []
        due = count.granted(extensions[-1])
    return due, original, any(day.year not in calendar.years for day in count.asked)


# -- what may come together ----------------------------------------------------------------------


def made_up_year(number, dice):
    """Return a year as a paper may have it: as it was, plain, or with any days off and made up."""
    kind = dice.choice(["as it was", "plain", "odd", "odd"])
    if kind == "as it was" and number in YEARS:
        return YEARS[number]
    if kind != "odd":
        return Year(number, 1, "plain")
    every = days(date(number, 1, 1), date(number, 12, 31))
    firsts = dice.sample(range(len(every)), dice.randrange(12))
    rest = {day for at in firsts for day in every[at : at + dice.randint(1, 10)]}
    weekends = [day for day in every if day.weekday() >= 5 and day not in rest]
    work = dice.sample(weekends, dice.randrange(20))
    return Year(number, 1, "odd", dict.fromkeys(rest, "节"), dict.fromkeys(work, "节"))


def made_up_calendars(number):
    """Return calendars of the years around, in each of which some are missing."""
    dice = Random(number)
    return [
        Calendar({year: made_up_year(year, dice) for year in AROUND if dice.random() < 0.7})
        for _ in range(number)
    ]


AROUND = (2024, 2025, 2026, 2027)
CALENDARS = made_up_calendars(60)
ROLLS = (True, False)

anywhere = st.dates(date(2024, 10, 1), date(2027, 3, 1))
lengths = st.integers(0, 12) | st.integers(0, 40) | st.integers(0, 90)
places = st.tuples(st.integers(0, 9), st.integers(-8, 8), lengths)
"""At which of the days that matter a pause begins, how far from it, and how long it is."""

situations = st.fixed_dictionaries(
    {
        "start": anywhere
        | st.builds(date, st.integers(2024, 2026), st.just(12), st.integers(15, 31)),
        "amount": st.integers(1, 45),
        "months": st.integers(1, 5),
        "fixed": st.integers(0, 140),
        "unit": st.integers(0, 3),
        "calendar": st.sampled_from(CALENDARS),
        "more": st.integers(-5, 50),
        "pauses": st.lists(places, max_size=4),
        "known": st.none() | st.integers(0, 4),
        "earlier": st.booleans(),
    }
).map(lambda given: Situation(**given))


class Situation:
    """Limits of all units that begin together, pauses around what matters, and a granted day."""

    def __init__(self, start, amount, months, fixed, unit, calendar, more, pauses, known, earlier):
        fixed = start + timedelta(days=fixed)
        self.start, self.calendar = start, calendar
        self.limits = [
            limit
            for roll in ROLLS
            for limit in (
                Limit(amount, Unit.DAYS, roll=roll),
                Limit(amount, Unit.WORKING_DAYS, roll=roll),
                Limit(months, Unit.MONTHS, roll=roll),
                Limit(0, Unit.FIXED, roll=roll, month=fixed.month, day=fixed.day),
            )
        ]
        end = deadline(self.limits[unit], start, calendar).due_on
        until = max(end + timedelta(days=more), start + DAY)
        marks = [start, end, until, start + timedelta(days=9)]
        self.pauses = []
        for mark, offset, length in pauses:
            first = marks[mark % len(marks)] + timedelta(days=offset)
            self.pauses.append(Pause(first, first + timedelta(days=length)))
            marks += [first, first + timedelta(days=length + 1)]
        before = [GrantedExtension(until + DAY, "", 0)] if earlier else []
        self.granted = [*before, GrantedExtension(until, "", known)]

    def __repr__(self):
        days_off = {year.year: (sorted(year.rest), sorted(year.work))
                    for year in self.calendar.years.values()}  # fmt: skip
        return f"{self.start} {self.limits} {self.pauses} {self.granted} {days_off}"

    def clocks(self):
        """Yield the arguments of deadline: of each limit, with and without extensions."""
        for limit in self.limits:
            for granted in ([], self.granted):
                yield limit, self.start, self.calendar, self.pauses, granted
