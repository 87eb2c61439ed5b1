"""Loading the days off of a year, and what that does to the dates that wait."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.database import as_json
from app.models import CalendarEdition, Task
from app.queries.vocabulary import read_book
from app.rules.calendars import Calendar
from app.rules.permissions import Actor
from app.rules.tasks import due_of
from app.services import tasks
from app.services.events import NAMES, record_event
from app.services.events import tell as write_event
from app.services.tags import renew_vocabulary

BATCH = 10_000
CLOCK = (
    Task.id, Task.limit, Task.began_on, Task.pauses, Task.extensions,
    Task.due_on, Task.original_due_on, Task.is_provisional,
)  # fmt: skip
"""What a due date is worked out from, and what it is now."""


class Moved(NamedTuple):
    """A due date that another calendar moved, or made certain."""

    reference: str
    kind: str
    before: date | None
    after: date | None


def load_calendar(
    session: Session, actor: Actor, editions: Sequence[dict[str, Any]], reason: str
) -> tuple[list[str], list[Moved]]:
    """Add those *editions* that are not there, and work out anew what waits and depends on them.

    Return the references of those added, and every due date that moved; each stands in the
    history of its assignment with the day it was before.
    """
    known = set(session.scalars(select(CalendarEdition.reference)))
    new = [content for content in editions if content["reference"] not in known]
    for content in new:
        row = CalendarEdition(**content)
        session.add(row)
        session.flush()
        changes = {"reference": (None, row.reference), "paper": (None, row.paper)}
        record_event(
            session, actor, row, "calendar.created", changes, reference=row.reference, note=reason
        )
        session.flush()
    if not new:
        return [], []
    renew_vocabulary(session)
    calendar = read_book(session).calendar
    years = {content["year"] for content in new}
    moved = [told for year in sorted(years) for told in recompute(session, actor, calendar, year)]
    return [content["reference"] for content in new], moved


def recompute(session: Session, actor: Actor, calendar: Calendar, year: int) -> list[Moved]:
    """Work out anew the open due dates that days of *year* can move; return those that did."""
    found = []
    for row in movable(session, year):
        now = due_of(row, calendar)
        before = (row.due_on, row.original_due_on, row.is_provisional)
        if before != (now.due_on, now.original_due_on, now.provisional):
            task = session.get_one(Task, row.id)
            tasks.move_due(session, task, calendar)
            found.append(tell(session, actor, task, row.due_on))
    return found


def movable(session: Session, year: int) -> Iterator[Row]:
    """Yield the clocks of open tasks that days of *year* can move, a batch at a time.

    They are rows and no records, as most of a million stay as they are.
    """
    open_ones = (
        select(*CLOCK)
        .where(
            Task.ended_on.is_(None),
            Task.limit.is_not(None),
            Task.began_on <= date(year, 12, 31),
            or_(Task.original_due_on >= date(year, 1, 1), Task.is_provisional),
        )
        .order_by(Task.id)
        .limit(BATCH)
    )
    last = 0
    while rows := session.execute(open_ones.where(Task.id > last)).all():
        yield from rows
        last = rows[-1].id


def tell(session: Session, actor: Actor, task: Task, before: date | None) -> Moved:
    """Write into the history of what *task* belongs to that its day is another one now."""
    owner = tasks.owner_of(session, task)
    changes = {
        "task": (None, task.kind),
        "due_on": (as_json(before), as_json(task.due_on)),
        "is_provisional": (None, task.is_provisional),
    }
    write_event(session, actor, owner, f"{NAMES[type(owner)]}.recomputed", changes)
    return Moved(owner.reference, task.kind, before, task.due_on)
