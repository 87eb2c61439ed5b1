"""Loading the days off of a year, and what that does to the dates that wait."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from app.audit.services.recorder import NAMES, record_event
from app.audit.services.recorder import record_change as write_event
from app.core.canonical_json import as_json, canonical_json
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor
from app.core.types import Given, NewChanges, Values
from app.models import CalendarEdition, Task
from app.register.people.queries.reference_data import read_book
from app.register.tags.services.tags import renew_vocabulary
from app.tasks.rules.tasks import due_of
from app.tasks.services import tasks

BATCH = 10_000
CLOCK = (
    Task.id,
    Task.limit,
    Task.began_on,
    Task.pauses,
    Task.extensions,
    Task.due_on,
    Task.original_due_on,
    Task.is_provisional,
)
"""What a due date is worked out from, and what it is now."""

Days = tuple[date | None, date | None, bool]
"""Due, first due, and whether it may still move."""


class Moved(NamedTuple):
    """A due date that was worked out anew: another day, or the same one that is certain now."""

    reference: str
    kind: str
    before: date | None
    after: date | None

    @property
    def is_other_day(self) -> bool:
        """Return whether it is due on another day now."""
        return self.before != self.after


def load_calendar(
    session: Session, actor: Actor, editions: Sequence[Values], reason: str
) -> tuple[list[str], list[Moved]]:
    """Add those *editions* that are not there, and work out anew what waits in their years.

    The years of editions that are there are worked out as well, which mends dates that went
    wrong. Return the references of those added, and every due date that moved or became certain;
    each stands in the history of its assignment with the day it was before. Raises InvalidChange
    for an edition that is there with other content, or is not the next of its year.
    """
    added = []
    for content in editions:
        if is_new(session, content):
            add_edition(session, actor, content, reason)
            added.append(content["reference"])
    if added:
        renew_vocabulary(session)
    return added, recompute_years(session, actor, {content["year"] for content in editions})


def is_new(session: Session, content: Given) -> bool:
    """Return whether the edition *content* is not there yet; raise InvalidChange if it cannot be.

    What is there is never changed, so the same number with other days would be lost silently.
    """
    year, number = content["year"], content["edition"]
    own = select(CalendarEdition).where(CalendarEdition.year == year)
    there = {row.edition: row for row in session.scalars(own)}
    following = max(there, default=0) + 1
    if number not in there and number != following:
        message = (
            f"{year} 年下一个版次是 {following}，不是 {number}",
            f"the next edition of {year} is {following}, not {number}",
        )
        raise InvalidChange(fields={"edition": message})
    if number in there and differs(there[number], content):
        message = (
            f"{year} 年第 {number} 版已在库中，内容不同；调整请另立第 {following} 版",
            f"{year} edition {number} is there with other days; an amendment is"
            f" edition {following}",
        )
        raise InvalidChange(fields={"edition": message})
    return number not in there


def differs(row: CalendarEdition, content: Given) -> bool:
    """Return whether an edition says something else than *content*, in whatever order."""
    days = [
        [sorted(map(canonical_json, rows)) for rows in (rest, work)]
        for rest, work in ((row.rest, row.work), (content["rest"], content["work"]))
    ]
    return row.paper != content["paper"] or days[0] != days[1]


def add_edition(session: Session, actor: Actor, content: Given, reason: str) -> None:
    """Add the edition *content* and its event."""
    row = CalendarEdition(**content)
    session.add(row)
    session.flush()
    changes = {"reference": (None, row.reference), "paper": (None, row.paper)}
    record_event(session, actor, row, "calendar.created", changes, note=reason)
    session.flush()


def recompute_years(session: Session, actor: Actor, years: Collection[int]) -> list[Moved]:
    """Work out anew the open due dates that days of *years* can move; return those that did."""
    return [
        moved for year in sorted(years) for moved in recompute(session, actor, *depends_on(year))
    ]


def recompute_open(session: Session, actor: Actor) -> list[Moved]:
    """Work out anew every open due date that a limit gave; return those that moved.

    This is for a release that counts otherwise than the one before. What ended stays as it was,
    and where nothing moves nothing is written.
    """
    return recompute(session, actor)


def recompute(session: Session, actor: Actor, *where: ColumnElement[bool]) -> list[Moved]:
    """Work out anew the open due dates for which *where* holds; return those that moved."""
    calendar, found = read_book(session).calendar, []
    for row in clocks(session, *where):
        now = due_of(row, calendar)
        if days_of(row) != (now.due_on, now.original_due_on, now.provisional):
            task = session.get_one(Task, row.id)
            tasks.move_due(session, task, calendar)
            found.append(record_move(session, actor, task, days_of(row)))
    return found


def depends_on(year: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that hold for each clock that days of *year* can move.

    No calendar is asked about a day before the start or after the last of the days that came out:
    what was granted may lie beyond what was first due, and the other way round.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    reaches = or_(Task.due_on >= first, Task.original_due_on >= first, Task.is_provisional)
    return Task.began_on < last, reaches


def clocks(session: Session, *where: ColumnElement[bool]) -> Iterator[Row]:
    """Yield the clocks of open tasks for which *where* holds, a batch at a time.

    They are rows and no records, as most of a million stay as they are.
    """
    open_ones = (
        select(*CLOCK)
        .where(Task.ended_on.is_(None), Task.limit.is_not(None), *where)
        .order_by(Task.id)
        .limit(BATCH)
    )
    last = 0
    while rows := session.execute(open_ones.where(Task.id > last)).all():
        yield from rows
        last = rows[-1].id


def days_of(clock: Any) -> Days:
    """Return what was worked out for *clock*: due, first due, and whether it may still move."""
    return clock.due_on, clock.original_due_on, clock.is_provisional


def record_move(session: Session, actor: Actor, task: Task, before: Days) -> Moved:
    """Write into the history of what *task* belongs to that its day is another one now."""
    owner = tasks.owner_of(session, task)
    due, original, provisional = zip(before, days_of(task), strict=True)
    changes: NewChanges = {
        "task": (None, task.kind),
        "due_on": (as_json(due[0]), as_json(due[1])),
        "is_provisional": provisional,
    }
    if original[0] != original[1]:
        changes["original_due_on"] = (as_json(original[0]), as_json(original[1]))
    write_event(session, actor, owner, f"{NAMES[type(owner)]}.recomputed", changes)
    return Moved(owner.reference, task.kind, before[0], task.due_on)
