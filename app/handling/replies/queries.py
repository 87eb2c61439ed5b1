"""Replies with what hangs on them, contacts, and who may read them before they are published."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.audit.queries.events import SHOWN_NAME
from app.audit.queries.record_state import columns_of
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import View, as_text, labelled
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import reply_reference
from app.core.types import Conditions, Given, Model, Row
from app.handling.assignments.queries.assignments import by_reference
from app.handling.assignments.queries.assignments import record as assignment_record
from app.models import (
    Assignment,
    Contact,
    Countersignature,
    Evaluation,
    Event,
    Proposal,
    Recommendation,
    Reply,
    ReplyPoint,
    SealedValue,
)
from app.register.proposals.queries import short_forms
from app.register.proposals.queries.handling_visibility import replies_seen, takes_part
from app.register.proposals.queries.proposers import proposers_by_id
from app.register.recommendations.queries.recommendation_offices import points_sent


def record(session: Session, actor: Actor, assignment_id: int, number: int) -> Assignment | None:
    """Return the assignment, for a change, when *actor* may see version *number* of its reply."""
    assignment = assignment_record(session, actor, assignment_id)
    if assignment is None or of_number(session, actor, assignment, number) is None:
        return None
    return assignment


def of_number(session: Session, actor: Actor, assignment: Assignment, number: int) -> Reply | None:
    """Return version *number* of the reply of *assignment* when *actor* may see it."""
    wanted = sa.literal(number, sa.BigInteger)  # as long as a number in a path can be
    own = sa.select(Reply).where(Reply.assignment_id == assignment.id, Reply.number == wanted)
    reply = session.scalar(own)
    if reply is None or reply.published_on is not None:
        return reply
    return reply if takes_part(session, actor, assignment.proposal_id) else None


def named_reply(session: Session, actor: Actor, name: str) -> Reply | None:
    """Return the version called *name*, such as D001-P02-A01-V2, when *actor* may see it."""
    reference, _, number = name.rpartition("-V")
    if not (number.isascii() and number.isdecimal()) or len(number) > 9:
        return None
    assignment = by_reference(session, actor, reference)
    return None if assignment is None else of_number(session, actor, assignment, int(number))


def replies_of(session: Session, ids: list[int]) -> dict[int, list[Reply]]:
    """Return the versions of the replies of assignments, by assignment."""
    rows = sa.select(Reply).where(Reply.assignment_id.in_(ids))
    found: dict[int, list[Reply]] = {number: [] for number in ids}
    for reply in session.scalars(rows.order_by(Reply.assignment_id, Reply.number)):
        found[reply.assignment_id].append(reply)
    return found


def contacts_of(session: Session, ids: list[int]) -> dict[int, list[View]]:
    """Return the contacts of assignments, by assignment."""
    found: dict[int, list[View]] = {number: [] for number in ids}
    for row in with_names(session, Contact, Contact.assignment_id.in_(ids)):
        found[row.assignment_id].append(row)
    return found


def with_names(session: Session, model: Any, condition: Any) -> list[View]:
    """Return rows of *model* with their proposers, and the names of those who entered them."""
    rows = session.execute(with_enterers(model).where(condition).order_by(model.id)).all()
    return with_proposers(session, rows)


def with_enterers(model: Model) -> sa.Select:
    """Return the SELECT of *model* with the names of those who entered its rows."""
    columns = [getattr(model, name).label(name) for name in columns_of(model)]
    return (
        sa.select(*columns, SHOWN_NAME.label("entered_by"))
        .join(Event, Event.sequence == model.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
    )


def with_proposers(session: Session, rows: Sequence[Row]) -> list[View]:
    """Return *rows* with the proposers that they name."""
    known = proposers_by_id(session, (row.proposer_id for row in rows))
    return [View.of(row, proposer=known.get(row.proposer_id)) for row in rows]


def latest_points(session: Session, recommendation_id: int) -> dict[int, ReplyPoint]:
    """Return what the reply that holds of each office says of a recommendation, by office."""
    rows = points_sent(recommendation_id, Assignment.office_id, ReplyPoint)
    rows = rows.where(Assignment.parent_id.is_(None))
    return {row.office_id: row.ReplyPoint for row in session.execute(rows)}


def points_of(session: Session, actor: Actor, reply: Reply) -> list[View]:
    """Return the points of *reply* on recommendations that *actor* may see, in their order."""
    columns = [getattr(ReplyPoint, name).label(name) for name in columns_of(ReplyPoint)]
    names = ("id", "reference", "summary_zh", "progress")
    about = [getattr(Recommendation, name).label(f"recommendation__{name}") for name in names]
    own = (
        sa.select(*columns, *about)
        .join(Recommendation, Recommendation.id == ReplyPoint.recommendation_id)
        .where(ReplyPoint.reply_id == reply.id)
        .order_by(Recommendation.id)
    )
    rows = session.execute(visible(own, actor, Recommendation))
    return [
        View.of_record(
            row,
            columns_of(ReplyPoint),
            recommendation=View(
                **{name: getattr(row, f"recommendation__{name}") for name in names}
            ),
        )
        for row in rows
    ]


def countersignatures_of(session: Session, reply: Reply) -> list[Any]:
    """Return what joint offices said of *reply*."""
    statement = (
        sa.select(
            sa.func.coalesce(Countersignature.office_id, Assignment.office_id).label("office_id"),
            Countersignature.agrees,
            Countersignature.signed_on,
            Countersignature.note,
        )
        .join(Assignment, Assignment.id == Countersignature.assignment_id)
        .where(Countersignature.reply_id == reply.id)
    )
    return list(session.execute(statement.order_by(Countersignature.id)))


def evaluations_of(session: Session, reply: Reply) -> list[View]:
    """Return how the proposers rate *reply*."""
    return with_names(session, Evaluation, Evaluation.reply_id == reply.id)


OFFICE = sa.func.coalesce(Reply.office_id, Assignment.office_id)
"""The office that answered: of what passed to another since, the one that sent it."""

LISTED = (
    Reply.id,
    Reply.assignment_id,
    Reply.number,
    Reply.round.label("round"),
    Reply.state,
    Reply.document_no,
    Reply.drafted_on,
    Reply.sent_on,
    Reply.published_on,
    Assignment.reference.label("assignment_reference"),
    OFFICE.label("office_id"),
    Assignment.role,
    *labelled(Proposal, "proposal", short_forms.CASE),
    VERSION,
)
ORDERS = by_number(Reply.id, "id")
CONDITIONS: Conditions = {
    "office_id": among(OFFICE),
    "role": among(Assignment.role),
    "proposal_id": among(Assignment.proposal_id),
    "case_no": among(Proposal.case_key),
    "session_id": among(Proposal.session_id),
    "state": among(Reply.state),
    "sent_before": lambda value: Reply.sent_on < value,
    "sent_after": lambda value: Reply.sent_on > value,
    "published_before": lambda value: Reply.published_on < value,
    "published_after": lambda value: Reply.published_on > value,
}
"""Filter → the condition on a version, given its value."""


def listed(actor: Actor, filters: Given, assignment_id: int | None) -> sa.Select:
    """Return the SELECT of the versions that *filters* name, perhaps of one assignment."""
    statement = replies_seen(actor, as_text(LISTED)).where(*asked(CONDITIONS, filters))
    return statement if assignment_id is None else statement.where(Assignment.id == assignment_id)


def with_references(rows: Sequence[Row]) -> list[View]:
    """Return rows of listed() with the references of the versions."""
    return [
        View.of(row, reference=reply_reference(row.assignment_reference, row.number))
        for row in rows
    ]
