"""How many of the hits of a search there are of each kind, tag, office, session and so on."""

from collections.abc import Callable

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
    hit_orders,
    hits,
    of_document,
    with_records,
)

MOST_SHOWN = 50
"""Values of one facet: the most frequent."""

R, T, J = Recommendation, RecommendationTag, RecommendationOffice
Counted = dict[str, list[tuple[str, int]]]


def about(found: sa.CTE) -> sa.CTE:
    """Return what is *found* with what each is about, worked out once for all facets."""
    columns: tuple[Expression, ...] = (
        found.c.kind,
        found.c.record_id,
        R.id.label("recommendation_id"),
        sa.type_coerce(R.progress, sa.String).label("progress"),
        OF_SESSION.label("session_id"),
        of_document(found).label("document_id"),
        OF_OFFICE.label("office_id"),
    )
    return sa.select(*columns).select_from(with_records(found)).cte("about")


def by_name(name: Expression, rows: sa.FromClause) -> sa.Select:
    """Return the SELECT that counts *rows* by *name*, of those that have one."""
    number = sa.func.count().label("number")
    counting: sa.Select = sa.select(name.label("name"), number).select_from(rows)
    return counting.where(name.is_not(None)).group_by(name)


def by_kind(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by their kind."""
    return by_name(hit.c.kind, hit)


def by_tag(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by tag, what has a narrower one with it."""
    tags = hit.join(T, T.recommendation_id == hit.c.recommendation_id)
    return by_name(Tag.slug, tags.join(Tag, Tag.id == T.tag_id))


def by_office(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by office: who has a part in it, answered or reported."""
    one = (hit.c.kind, hit.c.record_id)
    asked = sa.and_(hit.c.kind == "recommendation", hit.c.record_id == R.id)
    beside = sa.and_(hit.c.kind == "recommendation", hit.c.record_id == J.recommendation_id)
    offices = sa.union(
        sa.select(*one, hit.c.office_id),
        sa.select(*one, R.lead_office_id).join(R, asked),
        sa.select(*one, J.office_id).join(J, beside).where(J.withdrawn_at.is_(None)),
    ).subquery()
    named = offices.join(Organization, Organization.id == offices.c.office_id)
    return by_name(Organization.slug, named)


def by_session(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by session."""
    return by_name(Sitting.slug, hit.join(Sitting, Sitting.id == hit.c.session_id))


def by_progress(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by the progress of recommendations."""
    return by_name(hit.c.progress, hit)


def by_document(hit: sa.CTE, actor: Actor) -> sa.Select:
    """Return the SELECT that counts hits by document, of those that *actor* may see."""
    columns = (Document.id.label("id"), Document.reference.label("reference"))
    seen = visible_texts(sa.select(*columns), actor).subquery()
    return by_name(seen.c.reference, hit.join(seen, seen.c.id == hit.c.document_id))


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
    order = hit_orders(search.frequent)["-written_at"]
    rows = hits(actor, search, (INDEX.c.kind, INDEX.c.record_id)).order_by(*sorted_by(order))
    found = rows.limit(COUNTED + 1).cte("found")
    number = sa.func.count().label("number")
    parts = [sa.select(sa.literal(TOTAL).label("facet"), sa.null().label("name"), number)]
    parts[0] = parts[0].select_from(found)
    wanted = {name: make for name, (own, make) in FACETS.items() if own not in search.filters}
    hit = about(found)
    for facet, make in wanted.items():
        counted = make(hit, actor).subquery()
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
