"""What was said about assignments that are late: by their offices, and by those who press."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.events import SHOWN_NAME
from app.core.base import columns_of
from app.core.queries.rows import View
from app.models import DelayExplanation, Event, Press, SealedValue, Task

Notes = dict[int, list[View]]
"""Assignment → what was said about it, in order."""


def explanations_of(session: Session, ids: list[int]) -> Notes:
    """Return why offices are late, by assignment, with who said so."""
    return by_assignment(ids, session.execute(entered(DelayExplanation, ids)))


def presses_of(session: Session, ids: list[int]) -> Notes:
    """Return what offices were pressed for, by assignment, with who did and how it ended."""
    columns = (Task.ended_on, Task.outcome, DelayExplanation.number.label("answered_in"))
    rows = (
        entered(Press, ids)
        .add_columns(*columns)
        .join(Task, Task.id == Press.task_id)
        .outerjoin(DelayExplanation, DelayExplanation.id == Press.explanation_id)
    )
    return by_assignment(ids, session.execute(rows))


def entered(model: Any, ids: list[int]) -> sa.Select:
    """Return the SELECT of the rows of *model* about assignments, with who entered each."""
    columns = [getattr(model, name).label(name) for name in columns_of(model)]
    return (
        sa.select(*columns, SHOWN_NAME.label("entered_by"))
        .select_from(model)
        .join(Event, Event.sequence == model.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(model.assignment_id.in_(ids))
        .order_by(model.assignment_id, model.number)
    )


def by_assignment(ids: list[int], rows: Any) -> Notes:
    """Return *rows* by their assignment."""
    found: Notes = {number: [] for number in ids}
    for row in rows:
        found[row.assignment_id].append(View.of(row))
    return found
