"""Notices that end before their tasks do, because what they told of is over."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.codes import ReminderPoint
from app.models import Assignment, Notice, Task
from app.tasks.rules.reminders import is_outdated


def outdate(session: Session, task: Task, on: date) -> None:
    """End, *on* a day, what notices of *task* told of a due date that is another one now."""
    if task.fired_until is None:
        return
    for notice in session.scalars(waiting().where(Notice.task_id == task.id)).all():
        if is_outdated(task.kind, notice.point, notice.due_on, task.due_on):
            notice.ended_on = max(on, notice.fired_on)


def end_missing_meeting(session: Session, assignment: Assignment, on: date) -> None:
    """End the notices that there was no meeting about *assignment*: there was one *on* a day.

    The caller writes the event of the assignment, which covers them.
    """
    own = (Notice.assignment_id == assignment.id, Notice.point == ReminderPoint.NO_MEETING)
    for notice in session.scalars(waiting().where(*own)).all():
        notice.ended_on = max(on, notice.fired_on)


def waiting() -> Select[Notice]:
    """Return the SELECT of the notices whose cause did not end yet, but perhaps their tasks."""
    return select(Notice).where(Notice.ended_on.is_(None)).order_by(Notice.id)
