"""Recommendations: the list with its filters and orders, one record, and its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.models import (
    Document,
    JointOffice,
    Lineage,
    Passage,
    ProgressReport,
    Proposal,
    Proposer,
    Recommendation,
    RecommendationTag,
    Sitting,
)
from app.queries.visibility import visible
from app.queries.vocabulary import VERSION
from app.rules.permissions import Actor
from app.rules.workflow import UNDONE

R = Recommendation
DUE = sa.func.coalesce(R.due_on, sa.literal_column("'9999-12-31'", sa.Date))
"""The order by due date; those without one come last. Equal to the expression of its index."""


def joined_ids(column: Any, *where: Any) -> Any:
    """Return a subquery that joins the numbers of *column* with commas."""
    text = sa.func.aggregate_strings(sa.cast(column, sa.String), ",")
    return sa.select(text).where(*where).correlate(R).scalar_subquery()


TAG_IDS = joined_ids(
    RecommendationTag.tag_id, RecommendationTag.recommendation_id == R.id,
    RecommendationTag.is_direct,
).label("tag_ids")  # fmt: skip
JOINT_OFFICE_IDS = joined_ids(JointOffice.office_id, JointOffice.recommendation_id == R.id).label(
    "joint_office_ids"
)

SHOWN = (
    R.id, R.reference, R.number, R.summary_zh, R.summary_en, R.stance, R.acceptance, R.progress,
    R.lead_office_id, R.lead_status, R.due_on, R.review_on, R.publication, R.version,
    R.created_at, R.updated_at, TAG_IDS, JOINT_OFFICE_IDS,
    Proposal.id.label("proposal_id"), Proposal.reference.label("proposal_reference"),
    Proposal.title.label("proposal_title"), Proposal.kind.label("proposal_kind"),
    Proposal.document_id.label("proposal_document_id"), VERSION,
)  # fmt: skip
"""The columns of a recommendation as lists show it, in one statement."""

DETAIL = (R.targets, R.claimed_by_office_id, Proposal.session_id, R.last_move)


@dataclass(frozen=True)
class Order:
    """One order of the list: what it sorts by, ending in the id, and which way round."""

    columns: tuple[Any, ...]
    read: tuple[Callable[[str], Any], ...]
    descending: bool = False


ORDERS = {
    "id": Order((R.id,), (int,)),
    "-id": Order((R.id,), (int,), descending=True),
    "due_on": Order((DUE, R.id), (date.fromisoformat, int)),
    "updated_at": Order((R.updated_at, R.id), (datetime.fromisoformat, int)),
    "-updated_at": Order((R.updated_at, R.id), (datetime.fromisoformat, int), descending=True),
}

BY_TAG = {
    "id": Order((RecommendationTag.recommendation_id,), (int,)),
    "-id": Order((RecommendationTag.recommendation_id,), (int,), descending=True),
}
"""The orders whose column stands in the narrow table of tags, so that its index gives them."""


def proposer_is(slug_ids: Mapping[str, int | None]) -> Any:
    """Return the condition that a proposal has this person or organization among its proposers."""
    wanted = sa.or_(
        *(getattr(Proposer, name) == number for name, number in slug_ids.items() if number)
    )
    return Proposal.id.in_(
        sa.select(Proposer.proposal_id).where(wanted, Proposer.withdrawn_at.is_(None))
    )


def office_is(office_id: int) -> Any:
    """Return the condition that an office leads, is suggested to lead, or joins."""
    joint = sa.select(JointOffice.recommendation_id).where(JointOffice.office_id == office_id)
    return sa.or_(R.lead_office_id == office_id, R.id.in_(joint))


def overdue(today: date, wanted: bool) -> Any:
    """Return the condition that something is due before *today* and still to be done, or not."""
    late = sa.and_(R.due_on.is_not(None), R.due_on < today, R.progress.in_(sorted(UNDONE)))
    return late if wanted else sa.not_(late)


CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "acceptance": lambda value: R.acceptance == str(value),
    "stance": lambda value: R.stance == str(value),
    "lead_status": lambda value: R.lead_status == str(value),
    "office_id": office_is,
    "document": lambda value: Proposal.document_id == value,
    "proposal": lambda value: R.proposal_id == value,
    "proposer_ids": proposer_is,
    "session_id": lambda value: Proposal.session_id == value,
    "reference": lambda value: R.reference == value,
    "due_before": lambda value: R.due_on < value,
    "due_after": lambda value: R.due_on > value,
    "updated_since": lambda value: R.updated_at >= value,
    "q": lambda value: R.search_text.contains(value.casefold(), autoescape=True),
}
"""Filter → condition; ``tag``, ``progress`` and ``overdue`` stand in search()."""


def search(
    actor: Actor, filters: Mapping[str, Any], today: date
) -> tuple[sa.Select, dict[str, Order]]:
    """Return the SELECT of the recommendations that *filters* name, and the orders it can have.

    *filters* are those of the API with slugs resolved to ids: ``tag_id``, ``office_id``,
    ``session_id``, ``proposer_ids``.
    """
    statement = visible(sa.select(*SHOWN).join(Proposal, Proposal.id == R.proposal_id), actor, R)
    orders = ORDERS
    progress = filters.get("progress")
    if "tag_id" in filters:
        statement = tagged(statement, filters["tag_id"], filters["narrower"], progress)
        orders = ORDERS | BY_TAG
    elif progress is not None:
        statement = statement.where(R.progress == str(progress))
    if "overdue" in filters:
        statement = statement.where(overdue(today, filters["overdue"]))
    conditions = [CONDITIONS[name](filters[name]) for name in CONDITIONS if name in filters]
    return statement.where(*conditions), orders


def tagged(statement: sa.Select, tag_id: int, narrower: bool, progress: Any) -> sa.Select:
    """Keep those with a tag, through the narrow table whose index gives their order."""
    T = RecommendationTag
    statement = statement.join(T, T.recommendation_id == R.id).where(T.tag_id == tag_id)
    if not narrower:
        statement = statement.where(T.is_direct)
    return statement if progress is None else statement.where(T.progress == str(progress))


def total(session: Session, statement: sa.Select) -> int:
    """Return how many rows *statement* has."""
    counted = statement.with_only_columns(sa.func.count(), maintain_column_froms=True)
    return session.scalar(counted.order_by(None)) or 0


def one(session: Session, actor: Actor, recommendation_id: int) -> sa.Row | None:
    """Return one recommendation with the columns of its detail, or None."""
    statement = sa.select(*SHOWN, *DETAIL).join(Proposal, Proposal.id == R.proposal_id)
    statement = visible(statement.where(R.id == recommendation_id), actor, R)
    return session.execute(statement).one_or_none()


def several(session: Session, actor: Actor, ids: list[int]) -> list[sa.Row]:
    """Return the recommendations *ids* that *actor* may see, as lists show them, in order."""
    statement = sa.select(*SHOWN).join(Proposal, Proposal.id == R.proposal_id)
    statement = visible(statement.where(R.id.in_(ids)).order_by(R.id), actor, R)
    return list(session.execute(statement))


def version_of(session: Session, actor: Actor, recommendation_id: int) -> int | None:
    """Return the version of a recommendation that *actor* may see, or None."""
    statement = sa.select(R.version).where(R.id == recommendation_id)
    return session.scalar(visible(statement, actor, R))


def record(session: Session, actor: Actor, recommendation_id: int) -> Recommendation | None:
    """Return the record itself, for a change, when *actor* may see it."""
    statement = visible(sa.select(R).where(R.id == recommendation_id), actor, R)
    return session.scalar(statement)


def records(session: Session, actor: Actor, ids: list[int]) -> list[Recommendation]:
    """Return the records *ids* that *actor* may see, in order, for a change."""
    statement = visible(sa.select(R).where(R.id.in_(ids)).order_by(R.id), actor, R)
    return list(session.scalars(statement))


def by_reference(session: Session, actor: Actor, reference: str) -> Recommendation | None:
    """Return the record with this reference when *actor* may see it."""
    return session.scalar(visible(sa.select(R).where(R.reference == reference), actor, R))


def passages(session: Session, **owner: int) -> list[sa.Row]:
    """Return the passages of a proposal or a recommendation, in reading order."""
    P = Passage
    columns = (P.document_id, P.position, P.start, P.end, P.text)
    statement = sa.select(*columns).filter_by(**owner).where(P.withdrawn_at.is_(None))
    return list(session.execute(statement.order_by(P.position)))


def reports(session: Session, recommendation_id: int, until: int | None) -> list[sa.Row]:
    """Return the progress reports up to the event *until*, oldest first."""
    P = ProgressReport
    columns = (
        P.id, P.sequence, P.text, P.percent, P.evidence, P.office_id, P.reported_by, P.reported_at,
    )  # fmt: skip
    statement = sa.select(*columns).where(P.recommendation_id == recommendation_id)
    if until is not None:
        statement = statement.where(P.sequence <= until)
    return list(session.execute(statement.order_by(P.sequence)))


def relations(session: Session, actor: Actor, recommendation_id: int) -> list[sa.Row]:
    """Return the recommendations related to this one, those it points at first."""
    other = aliased(R)
    shown = (other.id, other.reference, other.summary_zh, other.progress)

    def side(own: Any, far: Any, outgoing: bool) -> sa.Select:
        statement = (
            sa.select(Lineage.kind, sa.literal(outgoing).label("outgoing"), *shown)
            .join(other, other.id == far)
            .where(own == recommendation_id, Lineage.withdrawn_at.is_(None))
        )
        return visible(statement, actor, other)

    both = sa.union_all(
        side(Lineage.recommendation_id, Lineage.other_id, True),
        side(Lineage.other_id, Lineage.recommendation_id, False),
    ).subquery()
    order = (sa.desc(both.c.outgoing), both.c.id, both.c.kind)
    return list(session.execute(sa.select(both).order_by(*order)))


def document_of(session: Session, document_id: int | None) -> sa.Row | None:
    """Return a document in short."""
    columns = (Document.id, Document.reference, Document.title, Document.sha256)
    statement = sa.select(*columns).where(Document.id == document_id)
    return session.execute(statement).one_or_none()


def session_of(session: Session, session_id: int | None) -> sa.Row | None:
    """Return a session in short."""
    columns = (Sitting.slug, Sitting.name_zh, Sitting.name_en)
    return session.execute(sa.select(*columns).where(Sitting.id == session_id)).one_or_none()
