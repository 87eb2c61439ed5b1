"""Tasks: the clock of each, and how near its day is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.rules.calendars import Calendar
from app.rules.deadlines import Deadline, Extension, Limit, Pause, deadline
from app.rules.explanations import Told, explain
from app.rules.vocabularies import Bucket, CountFrom, TaskKind, Unit

SOON = timedelta(days=7)

INSIDE = frozenset({TaskKind.CHECK_REPLY, TaskKind.COUNTERSIGN, TaskKind.REHANDLE, TaskKind.ASSESS})
"""What tells of a draft or of a rating, which only those who handle a proposal may see."""


def bucket_of(due_on: date | None, today: date) -> Bucket:
    """Return how near *due_on* is: what is due today is not overdue."""
    if due_on is None:
        return Bucket.UNDATED
    if due_on < today:
        return Bucket.OVERDUE
    return Bucket.SOON if due_on <= today + SOON else Bucket.LATER


def as_rule(limit: Limit) -> dict[str, Any]:
    """Return *limit* as a task keeps it."""
    rule = {"amount": limit.amount, "unit": str(limit.unit), "from": str(limit.count_from)}
    return {**rule, "roll": limit.roll, "month": limit.month, "day": limit.day}


def as_limit(rule: Mapping[str, Any]) -> Limit:
    """Return the limit that a task keeps as *rule*."""
    start = CountFrom(rule["from"])
    more = (rule["roll"], rule["month"], rule["day"])
    return Limit(rule["amount"], Unit(rule["unit"]), start, *more)


def clock_of(task: Any) -> tuple[Limit, date, list[Pause], list[Extension]]:
    """Return what the due date of *task*, which has a limit, is worked out from."""
    pauses = [
        Pause(date.fromisoformat(p["first"]), date.fromisoformat(p["last"]), p["reason"])
        for p in task.pauses
    ]
    granted = [Extension(date.fromisoformat(e["until"]), e["ground"]) for e in task.extensions]
    return as_limit(task.limit), task.began_on, pauses, granted


def due_of(task: Any, calendar: Calendar) -> Deadline:
    """Return the due date of *task*, which has a limit, by *calendar*."""
    limit, start, pauses, granted = clock_of(task)
    return deadline(limit, start, calendar, pauses, granted)


def explained(task: Any, calendar: Calendar, grounds: bool = True) -> list[Told]:
    """Return how the due date of *task* came about; nothing where no limit gave it.

    Without *grounds* nobody's words are in it: neither why it stood still nor why it was extended.
    """
    if task.limit is None:
        return []
    limit, start, pauses, granted = clock_of(task)
    if not grounds:
        pauses = [replace(pause, reason="") for pause in pauses]
        granted = [replace(extension, ground="") for extension in granted]
    return explain(limit, start, calendar, pauses, granted)
