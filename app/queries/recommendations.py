"""Recommendations: the list with its filters and orders, one record, and its parts."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import (
    JointOffice,
    Proposal,
    Proposer,
    Recommendation,
    RecommendationTag,
)
from app.models.recommendations import NO_DUE_DATE
from app.queries.paging import Order, by_id, ordered, read_moment, read_number
from app.queries.visibility import R as HANDLED
from app.queries.visibility import View, seen, visible
from app.queries.vocabulary import VERSION
from app.rules.permissions import Actor
from app.rules.workflow import UNDONE

R = Recommendation
T = RecommendationTag.metadata.tables["recommendation_tags"].c
C = R.metadata.tables["recommendations"].c
P = Proposal.metadata.tables["proposals"].c
"""The columns of the tables themselves: rows of a list need no entities."""

DUE = sa.func.coalesce(C.due_on, sa.literal_column("'9999-12-31'", sa.Date))
"""The order by due date; those without one come last. Equal to the expression of its index."""


def joined_ids(column: Any, *where: Any) -> Any:
    """Return a subquery that joins the numbers of *column* with commas."""
    text = sa.func.aggregate_strings(sa.cast(column, sa.String), ",")
    return sa.select(text).where(*where).correlate(R).scalar_subquery()


TAG_IDS = joined_ids(T.tag_id, T.recommendation_id == C.id, T.is_direct).label("tag_ids")
JOINT_OFFICE_IDS = joined_ids(
    JointOffice.office_id, JointOffice.recommendation_id == C.id, JointOffice.withdrawn_at.is_(None)
).label("joint_office_ids")

SHOWN = (
    C.id, C.reference, C.number, C.summary_zh, C.summary_en, C.stance, C.acceptance, C.progress,
    C.lead_office_id, C.lead_status, C.due_on, C.review_on, C.publication, C.version,
    C.created_at, C.updated_at, TAG_IDS, JOINT_OFFICE_IDS,
    P.id.label("proposal_id"), P.reference.label("proposal_reference"),
    P.title.label("proposal_title"), P.kind.label("proposal_kind"),
    P.document_id.label("proposal_document_id"), VERSION,
)  # fmt: skip
"""The columns of a recommendation as lists show it, in one statement."""

DETAIL = (C.targets, C.claimed_by_office_id, C.look_back_on, P.session_id, C.last_move)


def by_due_date(row: Any) -> list[Any]:
    """Return the key of *row* in the order by due date."""
    return [row.due_on or NO_DUE_DATE, row.id]


def by_change(row: Any) -> list[Any]:
    """Return the key of *row* in the order by its latest change."""
    return [row.updated_at, row.id]


ORDERS = {
    "id": by_id(C.id),
    "-id": by_id(C.id, descending=True),
    "due_on": Order((DUE, C.id), (date.fromisoformat, read_number), by_due_date),
    "updated_at": Order((C.updated_at, C.id), (read_moment, read_number), by_change),
    "-updated_at": Order((C.updated_at, C.id), (read_moment, read_number), by_change, True),
}

BY_TAG = ORDERS | {
    "id": by_id(T.recommendation_id),
    "-id": by_id(T.recommendation_id, descending=True),
}
"""The orders of a tag's list: by id in the narrow table of tags, whose index gives that order."""


def value(name: str, of: Any = None) -> Any:
    """Return the parameter *name*, of the type of a column where there is one."""
    return sa.bindparam(name, type_=of.type if of is not None else None)


def proposer_is() -> Any:
    """Return the condition that a person or an organization is among a proposal's proposers."""
    wanted = sa.or_(
        Proposer.person_id == value("person_id", P.id),
        Proposer.organization_id == value("organization_id", P.id),
    )
    return P.id.in_(sa.select(Proposer.proposal_id).where(wanted, Proposer.withdrawn_at.is_(None)))


def office_is() -> Any:
    """Return the condition that an office leads, is suggested to lead, or joins."""
    office = value("office_id", P.id)
    joint = sa.select(JointOffice.recommendation_id).where(
        JointOffice.office_id == office, JointOffice.withdrawn_at.is_(None)
    )
    return sa.or_(C.lead_office_id == office, C.id.in_(joint))


OVERDUE = sa.and_(
    C.due_on.is_not(None), C.due_on < value("today", C.due_on), C.progress.in_(sorted(UNDONE))
)

CONDITIONS: dict[str, Any] = {
    "progress": C.progress == value("progress", C.progress),
    "acceptance": C.acceptance == value("acceptance", C.acceptance),
    "stance": C.stance == value("stance", C.stance),
    "lead_status": C.lead_status == value("lead_status", C.lead_status),
    "office_id": office_is(),
    "document": P.document_id == value("document", P.id),
    "proposal": C.proposal_id == value("proposal", P.id),
    "organization_id": proposer_is(),
    "session_id": P.session_id == value("session_id", P.id),
    "reference": C.reference == value("reference", C.reference),
    "due_before": C.due_on < value("due_before", C.due_on),
    "due_after": C.due_on > value("due_after", C.due_on),
    "updated_since": C.updated_at >= value("updated_since", C.updated_at),
    "q": C.search_text.like(value("q", C.search_text), escape="/"),
    "is_overdue": OVERDUE,
    "is_not_overdue": sa.not_(OVERDUE),
    "tag_id": T.tag_id == value("tag_id", P.id),
    "is_direct": T.is_direct,
    "tag_progress": T.progress == value("progress", C.progress),
}
"""Filter → condition, whose values are parameters of that name."""


def filter_values(filters: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the parameters of a list: *filters* with slugs resolved to ids."""
    values = {name: str(v) if isinstance(v, StrEnum) else v for name, v in filters.items()}
    if "q" in values:
        values["q"] = f"%{escaped(values['q'].casefold())}%"
    if "overdue" in values:
        values["is_overdue" if values.pop("overdue") else "is_not_overdue"] = True
        values["today"] = today
    if "tag_id" in values:
        if not values.pop("narrower"):
            values["is_direct"] = True
        if "progress" in values:
            values["tag_progress"] = True
    return values


def shape_of(values: Mapping[str, Any]) -> frozenset[str]:
    """Return which conditions a list with these parameters has: the shape of its statement."""
    return frozenset(values) & frozenset(CONDITIONS)


def escaped(words: str) -> str:
    """Return *words* so that LIKE takes each character for itself."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


def orders_of(values: Mapping[str, Any]) -> dict[str, Order]:
    """Return the orders that a list with these parameters can have."""
    return BY_TAG if "tag_id" in values else ORDERS


NARROW = frozenset({"tag_id", "is_direct", "progress", "tag_progress"})
"""Filters that the narrow table of tags can answer alone."""


@lru_cache(maxsize=1000)
def listed(view: View, names: frozenset[str], sort: str, goes_on: bool) -> sa.Select:
    """Return the SELECT of one page of recommendations; built once for each view and shape.

    Where the narrow table of tags can answer alone, the page is cut there first.
    """
    order = (BY_TAG if "tag_id" in names else ORDERS)[sort]
    if not (names <= NARROW and order.columns == (T.recommendation_id,)):
        return ordered(found(view, names, SHOWN), order, goes_on)
    page = ordered(tagged(view, names, (T.recommendation_id,)), order, goes_on).subquery()
    number = page.c.recommendation_id
    source = page.join(C.id.table, C.id == number).join(P.id.table, P.id == C.proposal_id)
    sorts = number.desc() if order.descending else number
    return sa.select(*SHOWN).select_from(source).order_by(sorts)


@lru_cache(maxsize=1000)
def counted(view: View, names: frozenset[str]) -> sa.Select:
    """Return the SELECT that counts a list of recommendations."""
    return found(view, names, (sa.func.count(),))


def tagged(view: View, names: frozenset[str], columns: tuple[Any, ...]) -> sa.Select:
    """Return the SELECT of *columns* of the narrow table of tags."""
    wanted = [CONDITIONS[name] for name in sorted(names - {"progress"})]
    wanted += seen(view, T.publication, HANDLED.c.id == T.recommendation_id)
    return sa.select(*columns).where(*wanted)


def found(view: View, names: frozenset[str], columns: tuple[Any, ...]) -> sa.Select:
    """Return the SELECT of *columns* of the recommendations that the filters *names* leave."""
    source = C.id.table.join(P.id.table, P.id == C.proposal_id)
    if "tag_id" in names:
        source = T.tag_id.table.join(source, T.recommendation_id == C.id)
    known = names - {"progress"} if "tag_progress" in names else names
    wanted = [CONDITIONS[name] for name in sorted(known)]
    wanted += seen(view, C.publication, HANDLED.c.id == C.id)
    return sa.select(*columns).select_from(source).where(*wanted)


def one(session: Session, actor: Actor, recommendation_id: int) -> sa.Row | None:
    """Return one recommendation with the columns of its detail, or None."""
    statement = sa.select(*SHOWN, *DETAIL).join(Proposal, P.id == C.proposal_id)
    statement = visible(statement.where(R.id == recommendation_id), actor, R)
    return session.execute(statement).one_or_none()


def several(session: Session, actor: Actor, ids: list[int]) -> list[sa.Row]:
    """Return the recommendations *ids* that *actor* may see, as lists show them, in order."""
    statement = sa.select(*SHOWN).join(Proposal, P.id == C.proposal_id)
    statement = visible(statement.where(R.id.in_(ids)).order_by(R.id), actor, R)
    return list(session.execute(statement))


def visible_id(session: Session, actor: Actor, recommendation_id: int) -> int | None:
    """Return the id back where there is such a recommendation that *actor* may see, or None."""
    statement = sa.select(R.id).where(R.id == recommendation_id)
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
