"""What the page of a recommendation shows of each office that has it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.withheld import shown_to
from app.audit.queries.events import done_to
from app.audit.queries.hanging_rows import FOLLOWS
from app.core.codes import TaskKind, WithheldKind
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import GIVEN_BACK, OUT
from app.core.types import Row
from app.models import Assignment, Commitment, Event, Recommendation, Reply, ReplyPoint, Task
from app.register.proposals.queries import handling_visibility

SHOWN = (
    "id",
    "reference",
    "office_id",
    "role",
    "state",
    "parent_id",
    "dispatched_on",
    "received_on",
    "ended_on",
)
"""What is shown of an assignment."""

PROMISED = (
    "id",
    "reference",
    "office_id",
    "state",
    "text",
    "strength",
    "promised_on",
    "missed_on",
    "ended_on",
)
"""What is shown of a promise."""


def assignments_seen(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, View]:
    """Return those of the assignments *ids* that *actor* may see, by id, in their order."""
    if not ids:
        return {}
    rows = (
        handling_visibility.assignments_seen(actor)
        .where(Assignment.id.in_(ids))
        .order_by(Assignment.id)
    )
    return {
        row.id: View.of_record(
            row,
            SHOWN,
            is_whole=row.recommendation_id is None,
        )
        for row in session.scalars(rows)
    }


def promises_seen(session: Session, actor: Actor, reference: str) -> list[Row]:
    """Return the promises about the recommendation *reference* that *actor* may see, in order."""
    columns = [getattr(Commitment, name) for name in PROMISED]
    rows = handling_visibility.commitments_seen(columns, actor)
    about = rows.where(Recommendation.reference == reference)
    return list(session.execute(about.order_by(Commitment.id)))


def open_tasks(
    session: Session,
    case: int,
    recommendation_id: int,
    assignments: Collection[int],
    promises: Collection[int],
) -> list[Task]:
    """Return what is waited for about a recommendation, what is latest first.

    That is of its *assignments* and *promises*, what follows from its own state, and another
    office that is looked for in its *case*.
    """
    sought = sa.and_(
        Task.proposal_id == case,
        Task.kind == TaskKind.REDISPATCH,
        sa.or_(Task.recommendation_id.is_(None), Task.recommendation_id == recommendation_id),
    )
    wanted = sa.or_(
        Task.assignment_id.in_(assignments),
        Task.commitment_id.in_(promises),
        sa.and_(Task.recommendation_id == recommendation_id, FOLLOWS),
        sought,
    )
    rows = sa.select(Task).where(wanted, Task.ended_on.is_(None))
    return list(session.scalars(rows.order_by(Task.due_on.is_(None), Task.due_on, Task.id)))


def answers_seen(
    session: Session, actor: Actor, recommendation_id: int, inside: bool
) -> dict[int, Row]:
    """Return what the reply that holds of each office says of a recommendation, by office.

    Those that are not published only where the reader is *inside* the handling.
    """
    rows = points_sent(
        recommendation_id,
        ReplyPoint,
        Assignment.office_id,
        Assignment.reference,
        Reply.number,
        Reply.sent_on,
        Reply.published_on,
    )
    rows = rows.where(shown_to(actor, WithheldKind.REPLY, Reply.id))
    if not inside:
        rows = rows.where(Reply.published_on.is_not(None))
    return {row.office_id: row for row in session.execute(rows)}


def last_change(session: Session, recommendation_id: int, field: str) -> datetime | None:
    """Return when the column *field* of a recommendation last changed, by its events."""
    named: Any = Event.changes.contains(f'"{field}":', autoescape=True)
    rows = sa.select(sa.func.max(Event.at)).where(
        *done_to("recommendation", recommendation_id), named
    )
    return session.scalar(rows)


def points_sent(recommendation_id: int, *columns: Any) -> sa.Select:
    """Return the SELECT of *columns* of what offices answered about a recommendation, in order.

    What was given back does not count; of an office the last one holds.
    """
    return (
        sa.select(*columns)
        .select_from(ReplyPoint)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .join(Assignment, Assignment.id == Reply.assignment_id)
        .where(
            ReplyPoint.recommendation_id == recommendation_id,
            Reply.state.in_(OUT),
            Assignment.state.not_in(GIVEN_BACK),
        )
        .order_by(ReplyPoint.id)
    )
