"""Due dates: what is counted, from when, and what moves the end.

A clock is defined day by day. Each day after the start, which itself is never counted (Civil Code
art. 201), **stands still** when a pause covers it; else it **counts**, or **does not**: a rest day
does not, where the limit is in working days, and every other day counts. The count is full

- in days and in working days: on the day on which so many have counted;
- in months: when as many days have counted as there are from the start to the same day-number, or
  to the month's last day (art. 202); up to a fixed date: as many as there are from the start to it.
  So each day that stood still inside is counted afterwards;
- where more time was granted: on the granted day; or, when days until then stand still by pauses
  that were noted after the grant, on the day on which as many days after the granted one have
  counted as would have counted of those. The last grant holds: who gave it knew the earlier ones.

The due day is the first one, from the day on which the count is full, that neither stands still nor
is a rest day (art. 203); where the limit does not roll, the first one that does not stand still. A
granted day that no later pause touched is due as it was granted, whatever day it is.

``tests/clocks.py`` counts like that, a day at a time; the functions below come to the
same day in a few steps.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import starmap
from typing import NamedTuple

from app.core.codes import CountFrom, Unit
from app.deadlines.rules.calendars import DAY, Calendar


@dataclass(frozen=True)
class Limit:
    """How long something may take: *amount* of *unit*, counted from dispatch or receipt.

    With the unit ``fixed`` it ends on the next *month* and *day* after the start instead.
    *roll* says that a last day that is a rest day moves to the next working day. *is_default*: it
    is the register's own, where no paper names one; *is_common*: no paper of the place is known,
    and it is common practice.
    """

    amount: int
    unit: Unit
    count_from: CountFrom = CountFrom.DISPATCH
    roll: bool = True
    month: int = 0
    day: int = 0
    is_default: bool = False
    is_common: bool = False


@dataclass(frozen=True)
class Pause:
    """The days from *first* to *last*, both included, on which a clock stood still, and why."""

    first: date
    last: date
    reason: str = ""


def wrong_end(pause: Pause, longest: timedelta) -> tuple[str, str] | None:
    """Return what is wrong with the last day of *pause*, in zh and en; None: it is in order.

    *longest* is about ten years, which is what the sentence says.
    """
    if pause.last < pause.first:
        return "不能早于开始之日", "must not be before the first day"
    if pause.last - pause.first > longest:
        return "最长十年", "ten years at most"
    return None


@dataclass(frozen=True)
class GrantedExtension:
    """That the end was moved to *until*, and on whose word.

    So many *pauses* were known then; later ones move the end on. None: all were.
    """

    until: date
    ground: str = ""
    pauses: int | None = None


@dataclass(frozen=True)
class Deadline:
    """When something is due, and when it was before any extension.

    *provisional* says that the calendar was asked about a day of a year that is not loaded before
    it was clear that it is due then: it may still move.
    """

    due_on: date
    original_due_on: date
    provisional: bool


Stretch = tuple[date, date]
"""The days from the first to the last, both included."""


class RunningClock(NamedTuple):
    """A limit that runs from *start*; its *pauses* are in order and do not overlap."""

    limit: Limit
    start: date
    calendar: Calendar
    pauses: Sequence[Pause]


class End(NamedTuple):
    """The day on which a count was *full* and the *due* day that follows from it.

    *asked* are the days about which the calendar decided, *lost* is how many counted days a pause
    noted after the grant took, which were counted after it instead.
    """

    full: date
    due: date
    asked: Sequence[Stretch]
    lost: int = 0


def deadline(
    limit: Limit,
    start: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[GrantedExtension] = (),
) -> Deadline:
    """Return when *limit* ends that was begun on *start*.

    *pauses* stand in the order in which they were noted; where they overlap a day stands still
    once. *extensions* stand in the order in which they were given. Raises OverflowError beyond the
    last year that is worked out.
    """
    clock = RunningClock(limit, start, calendar, merged(pauses) if pauses else ())
    end = original = original_end(clock)
    if extensions:
        end = granted_end(clock, extensions[-1], pauses)
    return Deadline(end.due, original.due, is_provisional(calendar, end.asked))


def original_end(clock: RunningClock) -> End:
    """Return the end of *clock* before any extension."""
    full = carried(clock, clock.start, unpaused(clock))
    if clock.limit.unit is Unit.WORKING_DAYS:  # a day that counts neither stands still nor rests
        return End(full, full, running(clock.start + DAY, full, clock.pauses))
    return settled(clock, full)


def granted_end(clock: RunningClock, granted: GrantedExtension, noted: Sequence[Pause]) -> End:
    """Return the end that *granted* gives *clock*, moved on by the pauses noted after it.

    *noted* are all pauses of *clock* in the order in which they were noted.
    """
    until, limit = granted.until, clock.limit
    if granted.pauses is None or granted.pauses >= len(noted):
        return End(until, until, ())
    stood = list(stood_later(clock, until, merged(noted[: granted.pauses])))
    lost = sum(counted(clock, *stretch) for stretch in stood)
    asked = stood if limit.unit is Unit.WORKING_DAYS else []
    if not lost and not (stood and stood[-1][1] == until):
        return End(until, until, asked)
    end = settled(clock, carried(clock, until, ahead(clock, until, lost)) if lost else until)
    if lost and limit.unit is Unit.WORKING_DAYS:
        asked += running(until + DAY, end.due, clock.pauses)
    return End(end.full, end.due, [*asked, *end.asked], lost)


def stood_later(clock: RunningClock, until: date, known: Sequence[Pause]) -> Iterator[Stretch]:
    """Yield the days until *until* that stand still, but not by the pauses that were *known*."""
    for pause in clock.pauses:
        first, last = max(pause.first, clock.start + DAY), min(pause.last, until)
        yield from running(first, last, known)


def settled(clock: RunningClock, full: date) -> End:
    """Return the end that is due on the first day from *full* that may be a due day."""
    calendar, roll = clock.calendar, clock.limit.roll
    due = calendar.on_or_after(full) if roll else full
    for pause in clock.pauses:
        if pause.first <= due <= pause.last:
            due = pause.last + DAY
            due = calendar.on_or_after(due) if roll else due
    return End(full, due, running(full, due, clock.pauses) if roll else ())


def carried(clock: RunningClock, after: date, end: date) -> date:
    """Return *end*, to which days were counted from *after*, moved on by those that stood still."""
    for pause in clock.pauses:
        first = max(pause.first, after + DAY)
        if first > end:
            break
        end = ahead(clock, end, counted(clock, first, pause.last))
    return end


def ahead(clock: RunningClock, day: date, amount: int) -> date:
    """Return the *amount*-th day after *day* that counts, if none stands still; 0: *day* itself."""
    if amount and clock.limit.unit is Unit.WORKING_DAYS:
        return clock.calendar.after(day, amount)
    return day + timedelta(days=amount)


def counted(clock: RunningClock, first: date, last: date) -> int:
    """Return how many days from *first* to *last* count if none stands still."""
    if clock.limit.unit is Unit.WORKING_DAYS:
        return clock.calendar.worked(first, last)
    return max(0, (last - first).days + 1)


def unpaused(clock: RunningClock) -> date:
    """Return the day on which the count of *clock* is full if no day stands still."""
    limit, start = clock.limit, clock.start
    if limit.unit is Unit.MONTHS:
        return months_after(start, limit.amount)
    if limit.unit is not Unit.FIXED:
        return ahead(clock, start, limit.amount)
    this_year = fixed_date(start.year, limit)
    return this_year if this_year > start else fixed_date(start.year + 1, limit)


def months_after(start: date, months: int) -> date:
    """Return the same day-number *months* later, or that month's last day (art. 202)."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def fixed_date(year: int, limit: Limit) -> date:
    """Return the fixed date of *limit* in *year*; 29 February falls back to the 28th."""
    return date(year, limit.month, min(limit.day, monthrange(year, limit.month)[1]))


def has_passed(limit: Limit, on: date) -> bool:
    """Return whether *limit* is a fixed date which in the year of *on* is that day or before it."""
    return limit.unit is Unit.FIXED and fixed_date(on.year, limit) <= on


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return *pauses* in order, those that overlap as one."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: (p.first, p.last)):
        if found and pause.first <= found[-1].last:
            found[-1] = replace(found[-1], last=max(found[-1].last, pause.last))
        else:
            found.append(pause)
    return found


def running(first: date, last: date, pauses: Sequence[Pause]) -> list[Stretch]:
    """Return the days from *first* to *last* without those of *pauses*, which are in order."""
    rows: list[Stretch] = []
    for pause in pauses:
        if first < pause.first <= last:
            rows.append((first, pause.first - DAY))
        if pause.first <= last:
            first = max(first, pause.last + DAY)
    if first <= last:
        rows.append((first, last))
    return rows


def is_provisional(calendar: Calendar, asked: Iterable[Stretch]) -> bool:
    """Return whether any of the days *asked* about lies in a year that is not loaded."""
    return not all(starmap(calendar.knows, asked))
