"""Tags, and how far the recommendations of a tag have come."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import INTERNAL, view_of, visible
from app.core.codes import Progress, Specificity
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import later
from app.core.rules.permissions import Actor
from app.core.types import Conditions, Given, Row
from app.models import Proposal, Recommendation, RecommendationCount, RecommendationTag, Tag
from app.register.recommendations.models import SPECIFICITY
from app.register.searching.queries.finding import by_words

K = RecommendationCount

SHOWN = (
    Tag.id,
    Tag.slug,
    Tag.name_zh,
    Tag.name_en,
    Tag.definition,
    Tag.synonyms,
    Tag.broader_id,
    Tag.version,
    VERSION,
)
SHOWN = (*SHOWN, *later(Tag, *SHOWN, "search_text", "created_at"))
LATEST_SOURCES = 20
LATEST_MOVES = 10


ORDERS = by_change(Tag)
CONDITIONS: Conditions = {
    "broader_id": among(Tag.broader_id),
    "updated_since": lambda value: Tag.updated_at >= value,
    "ended": lambda value: Tag.ended_on.is_not(None) if value else Tag.ended_on.is_(None),
    "q": by_words("tag", Tag.id),
}
"""Filter → the condition on a tag, given its value."""


def listed(filters: Given) -> sa.Select:
    """Return the SELECT of the tags that *filters* name."""
    return sa.select(*SHOWN).where(*asked(CONDITIONS, filters))


def one(session: Session, slug: str) -> Row | None:
    """Return the tag *slug* as the API shows it, or None."""
    return session.execute(sa.select(*SHOWN).where(Tag.slug == slug)).one_or_none()


def standing(session: Session, slug: str) -> Row | None:
    """Return the tag *slug* as the API shows it, or what it was merged into in the end, or None."""
    found = one(session, slug)
    while found is not None and found.merged_into_id is not None:
        into = sa.select(*SHOWN).where(Tag.id == found.merged_into_id)
        found = session.execute(into).one_or_none()
    return found


def record(session: Session, slug: str) -> Tag | None:
    """Return the record itself, for a change."""
    return session.scalar(sa.select(Tag).where(Tag.slug == slug))


def stages(session: Session, actor: Actor, tag_id: int) -> dict[Specificity, Counter[Progress]]:
    """Return how many recommendations of the tag stand at each progress, from the counters.

    Concrete and directional ones are counted apart.
    """
    groups = (K.specificity, K.progress)
    rows = counters(actor, tag_id, "all").with_only_columns(*groups, sa.func.sum(K.number))
    found: dict[Specificity, Counter[Progress]] = {kind: Counter() for kind in Specificity}
    for kind, code, number in session.execute(rows.group_by(*groups)):
        found[kind][code] += int(number)
    for _, _, kind, code, number in handled_counts(session, actor, tag_id):
        found[kind][code] += number
    return found


def counters(actor: Actor, tag_id: int, scope: str) -> sa.Select:
    """Return the SELECT of the tag's counters in *scope* that *actor* may see."""
    statement = sa.select(K).where(K.tag_id == tag_id, K.scope == scope)
    return statement.where(K.publication.in_(sorted(view_of(actor).whole)))


def handled_counts(session: Session, actor: Actor, tag_id: int) -> list[Any]:
    """Return what the counters cannot tell: internal recommendations of the actor's office.

    Each row has a document, a session, a specificity, a progress and how many. They are few and
    counted live, and only where the counters say that the tag has internal ones at all.
    """
    if not view_of(actor).own:
        return []
    inside = sa.select(sa.func.coalesce(sa.func.sum(K.number), 0)).where(
        K.tag_id == tag_id, K.scope == "all", K.publication == INTERNAL
    )
    if not session.scalar(inside):
        return []
    R, T, P = Recommendation, RecommendationTag, Proposal
    groups = (P.document_id, P.session_id, SPECIFICITY.label("specificity"), R.progress)
    statement = (
        sa.select(*groups, sa.func.count().label("number"))
        .join_from(T, R, R.id == T.recommendation_id)
        .join(P, P.id == R.proposal_id)
        .where(T.tag_id == tag_id, T.publication == INTERNAL, ~T.is_ended)
    )
    return list(session.execute(visible(statement, actor, R).group_by(*groups)))


def sources(
    session: Session, actor: Actor, tag_id: int, scope: str, counted: Collection[Specificity]
) -> dict[int, dict[str, int]]:
    """Return for the latest documents or sessions of the tag how many stand at each progress.

    Of the recommendations those whose specificity is *counted*.
    """
    place = 0 if scope == "document" else 1
    handled = [
        row
        for row in handled_counts(session, actor, tag_id)
        if row[place] is not None and row.specificity in counted
    ]
    asked_for = K.specificity.in_(sorted(counted))
    latest = (
        counters(actor, tag_id, scope)
        .where(K.number > 0, K.scope_id > 0, asked_for)
        .with_only_columns(K.scope_id)
        .distinct()
        .order_by(K.scope_id.desc())
        .limit(LATEST_SOURCES)
    )
    known = set(session.scalars(latest)) | {row[place] for row in handled}
    ids = sorted(known, reverse=True)[:LATEST_SOURCES]
    rows = counters(actor, tag_id, scope).where(K.scope_id.in_(ids), asked_for)
    columns = (K.scope_id, K.progress, K.number)
    found: dict[int, Counter[str]] = {number: Counter() for number in ids}
    beside = [(row[place], row.progress, row.number) for row in handled if row[place] in found]
    for number, progress, times in [*session.execute(rows.with_only_columns(*columns)), *beside]:
        found[number][progress] += times
    return {number: dict(+found[number]) for number in ids}


def latest_moves(session: Session, actor: Actor, tag_id: int) -> list[Row]:
    """Return the recommendations of the tag that moved last, latest first."""
    R, T = Recommendation, RecommendationTag
    columns = (R.id, R.reference, R.summary_zh, R.progress, T.last_move)
    statement = (
        visible(sa.select(*columns).join(T, T.recommendation_id == R.id), actor, R)
        .where(T.tag_id == tag_id, T.last_move > 0, ~T.is_ended)
        .order_by(T.last_move.desc())
        .limit(LATEST_MOVES)
    )
    return list(session.execute(statement))
