"""How many of the hits of a search there are of each kind, tag, office, session and so on."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible_texts
from app.core.queries.keyset import sorted_by
from app.core.rules.permissions import Actor
from app.core.rules.sizes import COUNTED
from app.core.types import Expression
from app.models import (
    Document,
    Organization,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
    Sitting,
    Tag,
)
from app.register.searching.models import INDEX
from app.register.searching.queries.hits import (
    OF_OFFICE,
    OF_SESSION,
    Search,
    hits,
    of_document,
    orders,
    with_records,
)

MOST_SHOWN = 50
"""Values of one facet: the most frequent."""

R, T, J = Recommendation, RecommendationTag, RecommendationOffice
Counted = dict[str, list[tuple[str, int]]]


def among_hits(found: sa.CTE, name: Expression, *joined: tuple[Any, Any]) -> sa.Select:
    """Return the SELECT that counts what is *found* by the *name* that its records have."""
    source = with_records(found)
    for table, own in joined:
        source = source.join(table, own)
    counted = sa.func.count().label("number")
    text = sa.type_coerce(name, sa.String).label("name")
    return sa.select(text, counted).select_from(source).where(name.is_not(None)).group_by(name)


def by_kind(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts what is *found* by its kind."""
    return among_hits(found, found.c.kind)


def by_tag(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts by tag, what has a narrower one with it."""
    return among_hits(found, Tag.slug, (T, T.recommendation_id == R.id), (Tag, Tag.id == T.tag_id))


def by_office(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts by office: who has a part in it, answered or reported."""
    leads = sa.select(R.id.label("part_of"), R.lead_office_id.label("office_id"))
    joins = sa.select(J.recommendation_id, J.office_id).where(J.withdrawn_at.is_(None))
    parts = sa.union(leads.where(R.lead_office_id.is_not(None)), joins).subquery()
    of_parts = sa.and_(found.c.kind == "recommendation", parts.c.part_of == found.c.record_id)
    office = sa.func.coalesce(parts.c.office_id, OF_OFFICE)
    source = with_records(found).outerjoin(parts, of_parts)
    source = source.join(Organization, Organization.id == office)
    text, counted = Organization.slug.label("name"), sa.func.count().label("number")
    return sa.select(text, counted).select_from(source).group_by(Organization.slug)


def by_session(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts by session."""
    return among_hits(found, Sitting.slug, (Sitting, Sitting.id == OF_SESSION))


def by_progress(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts by the progress of recommendations."""
    return among_hits(found, R.progress)


def by_document(found: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts by document, of those that *actor* may see."""
    columns = (Document.id.label("id"), Document.reference.label("reference"))
    seen = visible_texts(sa.select(*columns), actor).subquery()
    return among_hits(found, seen.c.reference, (seen, seen.c.id == of_document(found)))


FACETS: dict[str, tuple[str, Callable[[sa.CTE, Actor], sa.Select]]] = {
    "kind": ("kind", by_kind),
    "tag": ("tag_id", by_tag),
    "office": ("office_id", by_office),
    "session": ("session_id", by_session),
    "progress": ("progress", by_progress),
    "document": ("document_id", by_document),
}
"""Facet → the filter that it is a choice of, and how it is counted."""

TOTAL = "total"


def facets(session: Session, actor: Actor, search: Search) -> tuple[int, Counted]:
    """Return how many hits *actor* may see, one more than are counted at most, and of what.

    What the search is filtered by already is no facet of it. Of more hits than are counted, the
    facets are those of the newest.
    """
    order = orders(search.frequent)["-written_at"]
    rows = hits(actor, search, (INDEX.c.kind, INDEX.c.record_id)).order_by(*sorted_by(order))
    found = rows.limit(COUNTED + 1).cte("found")
    number = sa.func.count().label("number")
    parts = [sa.select(sa.literal(TOTAL).label("facet"), sa.null().label("name"), number)]
    parts[0] = parts[0].select_from(found)
    wanted = {name: make for name, (own, make) in FACETS.items() if own not in search.filters}
    for facet, make in wanted.items():
        counted = make(found, actor).subquery()
        parts.append(sa.select(sa.literal(facet), counted.c.name, counted.c.number))
    total, chosen = 0, Counted({name: [] for name in wanted})
    for row in session.execute(sa.union_all(*parts)):
        if row.facet == TOTAL:
            total = row.number
        else:
            chosen[row.facet].append((row.name, row.number))
    return total, {
        name: sorted(known, key=lambda pair: (-pair[1], pair[0]))[:MOST_SHOWN]
        for name, known in chosen.items()
    }
