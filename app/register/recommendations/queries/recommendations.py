"""Recommendations: the list with its filters and orders, one record, and its parts."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import (
    VIEWER,
    ActorView,
    given_proposals,
    seen,
    view_of,
    visible,
)
from app.accounts.queries.visibility import R as HANDLED
from app.core.codes import Publication
from app.core.queries.filters import as_kept, either, one_of, spread, value
from app.core.queries.keyset import PAGE_ROWS, Order, by_change, by_number, counting, ordered
from app.core.queries.register_state import STATE
from app.core.rules.permissions import Actor
from app.core.types import Condition, Given, Row, Values
from app.models import (
    Proposal,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
)
from app.register.recommendations.models import SPECIFICITY
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries.recommendation_columns import (
    DETAIL,
    C,
    P,
    T,
    columns_then,
    shown_columns,
)
from app.register.recommendations.queries.recommendation_conditions import (
    THEN,
    by_part,
    number_of_tags,
    of_view,
    office_is,
    part_is,
    proposer_is,
    tagged_with,
    values_now,
    values_then,
    with_every_tag,
    without_tag,
)
from app.register.searching.queries.finding import (
    are_many,
    looked_through,
    looked_up,
    parameters,
    words_of,
)
from app.register.searching.rules.search_words import Searched

R = Recommendation


ORDERS = by_change(C)
BY_TAG = ORDERS | by_number(T.recommendation_id, "id")
"""The orders of a tag's list: by id in the narrow table of tags, whose index gives that order."""


@lru_cache(maxsize=100)
def orders(view: ActorView, by_tag: bool) -> dict[str, Order]:
    """Return the orders that a list of what *view* sees can have."""
    due = lateness.next_due(C, view, C.proposal_id)
    return (BY_TAG if by_tag else ORDERS) | {"due_on": lateness.by_next_due(due, C.id)}


COLUMNS: Values = {
    "progress": C.progress,
    "acceptance": C.acceptance,
    "stance": C.stance,
    "specificity": SPECIFICITY,
    "lead_status": C.lead_status,
    "document_id": P.document_id,
    "proposal_id": C.proposal_id,
    "session_id": P.session_id,
    "case_no": P.case_key,
    "reference": C.reference,
}
"""Filter → the column that has one of its values."""

SEVERAL = (*COLUMNS, "office_id", "tag_id")
DIRECT = RecommendationTag.is_direct
CONDITIONS: Values = {
    **either(COLUMNS),
    "office_id": office_is(lambda column: column == value("office_id", P.id)),
    "any_office_id": office_is(lambda column: one_of("any_office_id", column)),
    "lead_is": one_of("lead_is", C.lead_office_id),
    "has_lead": C.lead_office_id.is_not(None),
    "part_is": part_is(one_of("part_is", RecommendationOffice.office_id)),
    "has_part": part_is(),
    "organization_id": proposer_is(),
    "updated_since": C.updated_at >= value("updated_since", C.updated_at),
    "q": looked_up("recommendation", C.id, parameters("q")),
    "q_often": looked_through("recommendation", C.id, parameters("q_often")),
    "caught": looked_up("recommendation", C.id, parameters("caught")),
    "caught_often": looked_through("recommendation", C.id, parameters("caught_often")),
    "caught_by_id": without_tag(),
    "ended": C.ended_as.is_not(None),
    "standing": C.ended_as.is_(None),
    "tags_at_most": number_of_tags() <= value("tags_at_most", P.id),
    "tag_id": T.tag_id == value("tag_id", P.id),
    "is_direct": T.is_direct,
    "tag_progress": T.progress == value("progress", C.progress),
    "tag_any_progress": one_of("any_progress", T.progress),
    "tag_ended": T.is_ended,
    "tag_standing": sa.not_(T.is_ended),
    "any_tag": C.id.in_(tagged_with()),
    "all_tags": C.id.in_(with_every_tag()),
    "any_direct_tag": C.id.in_(tagged_with(DIRECT)),
    "all_direct_tags": C.id.in_(with_every_tag(DIRECT)),
    **THEN,
}
"""Filter → condition, whose values are parameters of that name; see also clocks.lateness().

One of several values is asked for by ``any_`` and the name of the filter.
"""

EVERYTHING = ActorView(frozenset(Publication), own=False)
OF_VIEW = frozenset(of_view(EVERYTHING, lateness.public(C)))
IN_TAGS = frozenset({"progress", "any_progress", "ended", "standing"})
"""Filters that the narrow table of tags answers in the place of the recommendations' own."""


def filter_values(filters: Given, today: date) -> Values:
    """Return the parameters of a list: *filters* with names resolved to ids."""
    values = lateness.lateness_values(filters, today)
    values = values_then(values) if "moment" in values else values_now(values)
    if "part" in values:
        values |= by_part(values["part"], values.pop("office_id", None))
    for name in ("reported", "promised"):
        if name in values and not values[name]:
            values[f"not_{name}"] = not values.pop(name)
    if "clock" in values:
        values["clock"] = as_kept(values["clock"])
    several = spread(values, SEVERAL)
    values = {name: v for name, v in values.items() if name not in SEVERAL} | several
    if "tag_id" in values:
        if not values["narrower"]:
            values["is_direct"] = True
        values |= {f"tag_{name}": True for name in IN_TAGS & values.keys()}
    if "any_tag_id" in values:
        direct = "" if values["narrower"] else "direct_"
        every = values["tag_match"] == "all"
        values[f"all_{direct}tags" if every else f"any_{direct}tag"] = True
        values["number_of_tags"] = len(values["any_tag_id"])
    return values


def search_values(session: Session, asked: Searched, name: str = "q") -> Values:
    """Return the parameters of a list for what is *asked*, by the way that is faster."""
    return words_of(f"{name}_often" if are_many(session, asked) else name, asked)


def shape_of(values: Given) -> frozenset[str]:
    """Return which conditions a list with these parameters has: the shape of its statement."""
    names = frozenset(values) & (frozenset(CONDITIONS) | OF_VIEW)
    return names - IN_TAGS if "tag_id" in names else names


NARROW = frozenset({"tag_id", "is_direct", *(f"tag_{name}" for name in IN_TAGS)})
"""Filters that the narrow table of tags can answer alone."""


@lru_cache(maxsize=1000)
def listed(view: ActorView, names: frozenset[str], sort: str, goes_on: bool) -> sa.Select:
    """Return the SELECT of one page of recommendations; built once for each view and shape.

    Where an index can give the page alone, it is cut there first.
    """
    order = orders(view, "tag_id" in names)[sort]
    shown = shown_columns(view) if names.isdisjoint(THEN) else columns_then(view)
    if view.own and sort == "due_on":
        page = due_in_parts(view, names, goes_on)
    elif names <= NARROW and order.columns == (T.recommendation_id,):
        narrow = tagged(view, names, (T.recommendation_id.label("id"),))
        page = ordered(narrow, order, goes_on).subquery()
    else:
        return ordered(found(view, names, (*shown, STATE)), order, goes_on)
    source = page.join(C.id.table, C.id == page.c.id).join(P.id.table, P.id == C.proposal_id)
    first, *rest = page.c
    sorts = [first.desc() if order.descending else first, *rest]
    return sa.select(*shown, STATE).select_from(source).order_by(*sorts)


@lru_cache(maxsize=1000)
def counted(view: ActorView, names: frozenset[str]) -> sa.Select:
    """Return the SELECT that counts a list of recommendations, as far as totals are counted."""
    return counted_among(view, names, ())


def counted_among(view: ActorView, names: frozenset[str], among: Sequence[Condition]) -> sa.Select:
    """Return the same SELECT for those *among* which all these conditions hold as well."""
    return counting(found(view, names, (C.id,)).where(*among))


def page_of(
    view: ActorView, names: frozenset[str], order: Order, goes_on: bool, among: Sequence[Condition]
) -> sa.Select:
    """Return the SELECT of one page of those *among* which all these conditions hold as well."""
    shown = found(view, names, (*shown_columns(view), STATE)).where(*among)
    return ordered(shown, order, goes_on)


def due_in_parts(view: ActorView, names: frozenset[str], goes_on: bool) -> sa.Subquery:
    """Return one page, day and id, of what an office sees by its two clocks.

    What it was given has one, the rest the other; each part is cut by the index of its own.
    """
    given = C.proposal_id.in_(given_proposals(VIEWER))
    parts = []
    for part, due in ((given, lateness.whole(C)), (sa.not_(given), lateness.public(C))):
        rows = found(view, names, (due.day.label("day"), C.id), due).where(part)
        parts.append(ordered(rows, lateness.by_next_due(due, C.id), goes_on).subquery())
    both = sa.union_all(*(sa.select(part) for part in parts)).subquery()
    return sa.select(both).order_by(both.c.day, both.c.id).limit(PAGE_ROWS).subquery()


def tagged(view: ActorView, names: frozenset[str], columns: tuple[Any, ...]) -> sa.Select:
    """Return the SELECT of *columns* of the narrow table of tags."""
    wanted = [CONDITIONS[name] for name in sorted(names)]
    wanted += seen(view, T.publication, HANDLED.c.id == T.recommendation_id)
    return sa.select(*columns).where(*wanted)


def found(
    view: ActorView,
    names: frozenset[str],
    columns: tuple[Any, ...],
    due: lateness.NextDue | None = None,
) -> sa.Select:
    """Return the SELECT of *columns* of the recommendations that the filters *names* leave.

    They are late by *due*: what *view* sees of what is next due, unless it is given.
    """
    source = C.id.table.join(P.id.table, P.id == C.proposal_id)
    if "tag_id" in names:
        source = T.tag_id.table.join(source, T.recommendation_id == C.id)
    known = CONDITIONS | of_view(view, due or lateness.next_due(C, view, C.proposal_id))
    wanted = [known[name] for name in sorted(names)]
    wanted += seen(view, C.publication, HANDLED.c.id == C.id)
    return sa.select(*columns).select_from(source).where(*wanted)


def one(session: Session, actor: Actor, recommendation_id: int) -> Row | None:
    """Return one recommendation with the columns of its detail, or None."""
    statement = sa.select(*shown_columns(view_of(actor)), *DETAIL).join(
        Proposal, P.id == C.proposal_id
    )
    statement = visible(statement.where(R.id == recommendation_id), actor, R)
    return session.execute(statement, {"viewer_office": actor.office_id}).one_or_none()


def several(session: Session, actor: Actor, ids: list[int]) -> list[Row]:
    """Return the recommendations *ids* that *actor* may see, as lists show them, in order."""
    statement = sa.select(*shown_columns(view_of(actor))).join(Proposal, P.id == C.proposal_id)
    statement = visible(statement.where(R.id.in_(ids)).order_by(R.id), actor, R)
    return list(session.execute(statement, {"viewer_office": actor.office_id}))


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
