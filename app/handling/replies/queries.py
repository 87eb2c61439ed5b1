"""Replies with what hangs on them, contacts, and who may read them before they are published."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.accounts.queries.withheld import hidden_from, marked, shown_to
from app.audit.queries.events import SHOWN_NAME
from app.core.base import columns_of
from app.core.codes import WithheldKind
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import View, as_text, labelled
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import reply_reference
from app.core.types import Condition, Conditions, Given, Model, Row
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
from app.register.proposals.queries.handling_visibility import SENT_BY, replies_seen, takes_part
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
    reply = session.scalar(own.where(shown_to(actor, WithheldKind.REPLY, Reply.id)))
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


def replies_of(session: Session, actor: Actor, ids: list[int]) -> dict[int, list[Reply]]:
    """Return the versions of the replies of assignments, by assignment.

    What is not published among them is for those who handle the proposal.
    """
    shown = shown_to(actor, WithheldKind.REPLY, Reply.id)
    rows = sa.select(Reply).where(Reply.assignment_id.in_(ids), shown)
    found: dict[int, list[Reply]] = {number: [] for number in ids}
    for reply in session.scalars(rows.order_by(Reply.assignment_id, Reply.number)):
        found[reply.assignment_id].append(reply)
    return found


def contacts_of(session: Session, actor: Actor, ids: list[int]) -> dict[int, list[View]]:
    """Return the contacts of assignments, by assignment."""
    found: dict[int, list[View]] = {number: [] for number in ids}
    shown = shown_to(actor, WithheldKind.CONTACT, Contact.id)
    rows = with_names(session, Contact, sa.and_(Contact.assignment_id.in_(ids), shown))
    for row in shown_contacts(session, actor, rows):
        found[row.assignment_id].append(row)
    return found


def contacts(actor: Actor, assignment_id: int) -> sa.Select:
    """Return the SELECT of the contacts of one assignment that *actor* may see."""
    own = with_enterers(Contact).where(Contact.assignment_id == assignment_id)
    return own.where(shown_to(actor, WithheldKind.CONTACT, Contact.id))


def shown_contacts(session: Session, actor: Actor, rows: Sequence[View]) -> list[View]:
    """Return contacts with their versions that *actor* may see, and how each is withheld."""
    return mended(session, actor, WithheldKind.CONTACT, Contact, rows)


def mended(
    session: Session, actor: Actor, kind: WithheldKind, model: Model, rows: Sequence[View]
) -> list[View]:
    """Return *rows* of *model* with what each `corrects`, is `corrected_by`, and how `withheld`.

    Other versions are named where *actor* may see them.
    """
    ids = {row.id for row in rows}
    named = {row.corrects_id for row in rows if row.corrects_id is not None}
    later: dict[int | None, int] = {}
    if ids:
        found = sa.select(model.corrects_id, model.id).where(model.corrects_id.in_(sorted(ids)))
        later = {row.corrects_id: row.id for row in session.execute(found)}
    hidden = hidden_from(session, actor, kind, named | set(later.values()))
    shown = [
        row.having(
            corrects=None if row.corrects_id in hidden else row.corrects_id,
            corrected_by=None if later.get(row.id) in hidden else later.get(row.id),
        )
        for row in rows
    ]
    return marked(session, actor, kind, shown)


def with_names(session: Session, model: Model, condition: Condition) -> list[View]:
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


KINDS = {Contact: WithheldKind.CONTACT, Evaluation: WithheldKind.EVALUATION}


def version_to_mend(
    session: Session, actor: Actor, model: Model, assignment_id: int, number: int
) -> Any:
    """Return the contact or rating with this number that a further version mends, or None."""
    own = sa.select(model).where(model.id == number, model.assignment_id == assignment_id)
    return session.scalar(own.where(shown_to(actor, KINDS[model], model.id)))


def evaluations_of(session: Session, actor: Actor, reply: Reply) -> list[View]:
    """Return how the proposers rate *reply*, as far as *actor* may see it."""
    shown = shown_to(actor, WithheldKind.EVALUATION, Evaluation.id)
    rows = with_names(session, Evaluation, sa.and_(Evaluation.reply_id == reply.id, shown))
    return mended(session, actor, WithheldKind.EVALUATION, Evaluation, rows)


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
    SENT_BY.label("office_id"),
    Assignment.role,
    *labelled(Proposal, "proposal", short_forms.CASE),
    VERSION,
)
ORDERS = by_number(Reply.id, "id")
CONDITIONS: Conditions = {
    "office_id": among(SENT_BY),
    "role": among(Assignment.role),
    "proposal_id": among(Assignment.proposal_id),
    "case_no": among(Proposal.case_key),
    "session_id": among(Proposal.session_id),
    "state": among(Reply.state),
    "sent_before": lambda value: Reply.sent_on < value,
    "sent_after": lambda value: Reply.sent_on > value,
    "published_before": lambda value: Reply.published_on < value,
    "published_after": lambda value: Reply.published_on > value,
    "counted": lambda conditions: sa.and_(*conditions),
}
"""Filter → the condition on a version, given its value."""


def listed(actor: Actor, filters: Given, assignment_id: int | None) -> sa.Select:
    """Return the SELECT of the versions that *filters* name, perhaps of one assignment."""
    statement = replies_seen(actor, as_text(LISTED)).where(*asked(CONDITIONS, filters))
    return statement if assignment_id is None else statement.where(Assignment.id == assignment_id)


def with_references(session: Session, actor: Actor, rows: Sequence[Row]) -> list[View]:
    """Return rows of listed() with the references of the versions, and how each is withheld."""
    named = [
        View.of(row, reference=reply_reference(row.assignment_reference, row.number))
        for row in rows
    ]
    return marked(session, actor, WithheldKind.REPLY, named)
