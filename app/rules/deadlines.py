"""Due dates: what is counted, from when, and what moves the end.

Civil Code art. 200 to 203: the first day is not counted; a period of months ends on the same
day-number or on the month's last day; a last day that is a rest day moves to the next working day.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.rules.calendars import DAY, Calendar, days_between
from app.rules.vocabularies import CountFrom, Unit


@dataclass(frozen=True)
class Limit:
    """How long something may take: *amount* of *unit*, counted from dispatch or receipt.

    With the unit ``fixed`` it ends on the next *month* and *day* after the start instead.
    *roll* says that a last day that is a rest day moves to the next working day. *is_default*: it
    is the register's own, where no paper names one.
    """

    amount: int
    unit: Unit
    count_from: CountFrom = CountFrom.DISPATCH
    roll: bool = True
    month: int = 0
    day: int = 0
    is_default: bool = False


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
class Extension:
    """That the end was moved to *until*, and on whose word.

    So many *pauses* were known then; later ones move the end on. None: all were.
    """

    until: date
    ground: str = ""
    pauses: int | None = None


@dataclass(frozen=True)
class Deadline:
    """When something is due, and when it was before any extension.

    *provisional* says that a year on which it depends is not loaded: it may still move.
    """

    due_on: date
    original_due_on: date
    provisional: bool


def deadline(
    limit: Limit,
    start: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Return when *limit* ends that was begun on *start*.

    Pauses that do not overlap are added; extensions stand in the order in which they were given,
    and the last one counts, moved on by the pauses that were noted after it. Raises OverflowError
    beyond the last year that is worked out.
    """
    original = end_of(limit, start, calendar, pauses)
    due = extended(limit, start, calendar, pauses, extensions[-1]) if extensions else original
    open_end = not extensions and is_provisional(limit, start, original, calendar)
    return Deadline(due, original, open_end)


def end_of(limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause] = ()) -> date:
    """Return the last day of *limit*, before any extension."""
    if limit.unit is Unit.WORKING_DAYS:
        return paused_working_days(limit, start, calendar, pauses)
    end = paused(unpaused(limit, start), start, pauses)
    return calendar.on_or_after(end) if limit.roll else end


def extended(
    limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause], last: Extension
) -> date:
    """Return the end that the *last* extension gives, moved on by the *pauses* noted after it."""
    known = len(pauses) if last.pauses is None else last.pauses
    before, after = merged(pauses[:known]), merged(pauses)
    if limit.unit is Unit.WORKING_DAYS:
        lost = lost_days(last.until, start, calendar, after)
        lost -= lost_days(last.until, start, calendar, before)
        return calendar.after(last.until, lost) if lost else last.until
    moved = [paused(last.until, start, stood) for stood in (before, after)]
    return last.until + (moved[1] - moved[0])


def lost_days(end: date, start: date, calendar: Calendar, pauses: Sequence[Pause]) -> int:
    """Return how many working days after *start* and until *end* fall into *pauses*."""
    days = (d for p in pauses for d in days_between(max(p.first, start + DAY), min(p.last, end)))
    return sum(calendar.works(day) for day in days)


def unpaused(limit: Limit, start: date) -> date:
    """Return the last day of a limit in days, months or at a fixed date, as the weeks run."""
    if limit.unit is Unit.DAYS:
        return start + timedelta(days=limit.amount)
    if limit.unit is Unit.MONTHS:
        return months_after(start, limit.amount)
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


def paused(end: date, start: date, pauses: Sequence[Pause]) -> date:
    """Return *end* moved by as many days as *pauses* fall between *start* and it."""
    for pause in merged(pauses):
        first = max(pause.first, start + DAY)
        if first <= end and first <= pause.last:
            end += pause.last - first + DAY
    return end


def paused_working_days(
    limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause]
) -> date:
    """Return the last of so many working days that were not paused."""
    end = calendar.after(start, limit.amount)
    for pause in merged(pauses):
        first = max(pause.first, start + DAY)
        if first <= end:
            lost = sum(calendar.works(day) for day in days_between(first, pause.last))
            end = calendar.after(end, lost) if lost else end
    return end


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Return *pauses* in order, those that overlap as one."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: (p.first, p.last)):
        if found and pause.first <= found[-1].last:
            found[-1] = replace(found[-1], last=max(found[-1].last, pause.last))
        else:
            found.append(pause)
    return found


def is_provisional(limit: Limit, start: date, end: date, calendar: Calendar) -> bool:
    """Return whether *end* depends on a year that is not loaded."""
    if limit.unit is Unit.WORKING_DAYS:
        return not calendar.knows(start + DAY, end)
    return limit.roll and not calendar.knows(end, end)
