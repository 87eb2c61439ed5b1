"""Tasks: the clock of each, and how near its day is."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.core.codes import Bucket, CountFrom, DeadlineStep, Desk, TaskKind, Unit
from app.core.types import Given, Values
from app.deadlines.rules.calendars import Calendar
from app.deadlines.rules.deadlines import Deadline, GrantedExtension, Limit, Pause, deadline
from app.deadlines.rules.explanations import ExplanationLine, explain, named_day

SOON = timedelta(days=7)

PRESSING = frozenset({TaskKind.ANSWER_PRESS})
"""What only the office, the one above it and the staff may see of an assignment."""

INSIDE = frozenset(
    {
        TaskKind.CHECK_REPLY,
        TaskKind.COUNTERSIGN,
        TaskKind.CO_OPINION,
        TaskKind.REHANDLE,
        TaskKind.ASSESS,
    }
)
"""What tells of a draft, an opinion or a rating, which only those who handle a proposal may see."""


NAMED_BY = {
    TaskKind.KEEP_PROMISE: ("承诺单位承诺的日期", "the day that the office promised"),
    TaskKind.MILESTONE: ("承诺单位为节点定的日期", "the day that the office set for the milestone"),
    TaskKind.ANSWER_PRESS: ("催办时要求答复的日期", "the day by which an answer was asked for"),
}
"""Kind of task → who named its day, where no limit gave it."""


def owed(tasks: Iterable[Any]) -> list[TaskKind]:
    """Return what *tasks* of an assignment still ask of its office; to object is only a right."""
    waiting = (t for t in tasks if t.ended_on is None and t.desk == Desk.OFFICE)
    kinds = dict.fromkeys(TaskKind(task.kind) for task in waiting)
    return [kind for kind in kinds if kind is not TaskKind.OBJECTION]


def bucket_of(due_on: date | None, today: date) -> Bucket:
    """Return how near *due_on* is: what is due today is not overdue."""
    if due_on is None:
        return Bucket.UNDATED
    if due_on < today:
        return Bucket.OVERDUE
    return Bucket.SOON if due_on <= today + SOON else Bucket.LATER


def as_rule(limit: Limit) -> Values:
    """Return *limit* as a task keeps it."""
    rule: Values = {
        "amount": limit.amount,
        "unit": limit.unit,
        "from": limit.count_from,
    }
    rule |= {"roll": limit.roll, "month": limit.month, "day": limit.day}
    marks = {"default": limit.is_default, "common": limit.is_common}
    return rule | {name: True for name, holds in marks.items() if holds}


def as_limit(rule: Given) -> Limit:
    """Return the limit that a task keeps as *rule*."""
    start = CountFrom(rule["from"])
    marks = (rule.get("default", False), rule.get("common", False))
    more = (rule["roll"], rule["month"], rule["day"], *marks)
    return Limit(rule["amount"], Unit(rule["unit"]), start, *more)


def clock_of(task: Any) -> tuple[Limit, date, list[Pause], list[GrantedExtension]]:
    """Return what the due date of *task*, which has a limit, is worked out from."""
    granted = [
        GrantedExtension(date.fromisoformat(e["until"]), e["ground"], e.get("pauses"))
        for e in task.extensions
    ]
    return as_limit(task.limit), task.began_on, pauses_of(task), granted


def pauses_of(task: Any) -> list[Pause]:
    """Return the days on which the clock of *task* stood still, in the order they were noted."""
    return [
        Pause(date.fromisoformat(p["first"]), date.fromisoformat(p["last"]), p["reason"])
        for p in task.pauses
    ]


def due_of(task: object, calendar: Calendar) -> Deadline:
    """Return the due date of *task*, which has a limit, by *calendar*."""
    limit, start, pauses, granted = clock_of(task)
    return deadline(limit, start, calendar, pauses, granted)


def explained(task: Any, calendar: Calendar, grounds: bool = True) -> list[ExplanationLine]:
    """Return how the due date of *task* came about; one line where a person named the day.

    Without *grounds* nobody's words are in it: neither why it stood still nor why it was extended.
    """
    if task.limit is None:
        return explain_named_day(task)
    limit, start, pauses, granted = clock_of(task)
    if not grounds:
        pauses = [replace(pause, reason="") for pause in pauses]
        granted = [replace(extension, ground="") for extension in granted]
    lines = explain(limit, start, calendar, pauses, granted)
    return [awaited_start(start), *lines] if task.awaits_receipt else lines


def awaited_start(start: date) -> ExplanationLine:
    """Return the line that says why a clock runs from a receipt that did not come."""
    zh, en = named_day(start)
    return ExplanationLine(
        DeadlineStep.AWAITED,
        start,
        f"尚未签收：暂自签收期限的最后一日 {zh} 起算",
        f"not received yet: counted from the last day to receive it, {en}, until it is",
    )


def explain_named_day(task: Any) -> list[ExplanationLine]:
    """Return the line about a day that no limit gave; none where there is no day."""
    if task.due_on is None or task.kind not in NAMED_BY:
        return []
    (day_zh, day_en), (zh, en) = named_day(task.due_on), NAMED_BY[TaskKind(task.kind)]
    return [
        ExplanationLine(
            DeadlineStep.DUE, task.due_on, f"到期 {day_zh}：{zh}", f"due on {day_en}: {en}"
        )
    ]
