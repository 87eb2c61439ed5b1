"""Whether the counters, and what they count answers and promises by, are what the records say."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.codes import ProposalKind
from app.core.types import Condition, Expression
from app.models import (
    Document,
    Proposal,
    Recommendation,
    RecommendationCount,
    RecommendationTag,
)
from app.register.counting.models import NO_TAG, NOBODY, WHATEVER_TAG
from app.register.counting.queries.answers import false_answers
from app.register.counting.queries.dimensions import LED_BY
from app.register.recommendations.models import SPECIFICITY

K = RecommendationCount.metadata.tables["recommendation_counts"].c
KEY = [column for column in K if column.name != "number"]
R, T = Recommendation, RecommendationTag
NONE, WHATEVER = sa.literal(0), sa.literal(WHATEVER_TAG)
STATES = (
    R.publication,
    SPECIFICITY,
    R.progress,
    R.acceptance,
    sa.func.coalesce(sa.cast(R.answered_for, sa.String), NOBODY),
    sa.func.coalesce(sa.cast(R.promised_for, sa.String), NOBODY),
)
OF_ANY_TAG = K.tag_id == WHATEVER_TAG
KINDS = list(map(str, ProposalKind))
SCOPES = (
    "all",
    "document",
    "session",
    "office",
    "month",
    "due",
    "due_month",
    "public",
    "public_month",
)


class Kept(NamedTuple):
    """Some counters, and what they count: by tag, scope and its number, of which records."""

    counters: Condition
    tag: Expression
    scope: Expression
    scope_id: Expression
    counted: Condition = sa.true()


def month(day: Expression) -> Expression:
    """Return the number of the month of *day*: 202603."""
    return sa.cast(sa.extract("year", day) * 100 + sa.extract("month", day), sa.BigInteger)


def number_of(day: Expression) -> Expression:
    """Return the number of *day*: 20260301."""
    return month(day) * 100 + sa.cast(sa.extract("day", day), sa.BigInteger)


def parts() -> Iterator[Kept]:
    """Yield all the counters, one kind after the other."""
    places = {"all": NONE, "document": Proposal.document_id, "session": Proposal.session_id}
    tag = sa.func.coalesce(T.tag_id, NO_TAG)
    for scope, column in places.items():
        own = K.scope == scope
        yield Kept(sa.and_(OF_ANY_TAG, own), WHATEVER, sa.literal(scope), column)
        yield Kept(sa.and_(~OF_ANY_TAG, own), tag, sa.literal(scope), column)
    yield Kept(K.scope.in_(KINDS), WHATEVER, sa.cast(Proposal.kind, sa.String), NONE)
    scopes = {"office": LED_BY, "month": month(Document.latest_on)}
    for scope, column in scopes.items():
        yield Kept(K.scope == scope, WHATEVER, sa.literal(scope), column)
    for scope, due in {"due": R.next_due_on, "public": R.public_due_on}.items():
        for name, column in ((scope, number_of(due)), (f"{scope}_month", month(due))):
            own, there = K.scope == name, due.is_not(None)
            yield Kept(sa.and_(OF_ANY_TAG, own), WHATEVER, sa.literal(name), column, there)
            yield Kept(sa.and_(~OF_ANY_TAG, own), tag, sa.literal(name), column, there)


def rows_of(part: Kept) -> sa.Select:
    """Return the rows that the counters of *part* should be, read from the records themselves."""
    source = sa.join(R, Proposal, Proposal.id == R.proposal_id)
    source = source.outerjoin(Document, Document.id == Proposal.document_id)
    if part.tag is not WHATEVER:
        source = source.outerjoin(T, T.recommendation_id == R.id)
    key = [part.tag, part.scope, sa.func.coalesce(part.scope_id, 0), *STATES]
    named: list[Expression] = [column.label(f"key_{number}") for number, column in enumerate(key)]
    kept = sa.select(*named).select_from(source).where(R.ended_as.is_(None), part.counted)
    rows = kept.subquery()
    return sa.select(*rows.c, sa.func.count()).group_by(*rows.c)


def counter_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each counter that differs from what the records say."""
    for part in parts():
        live: Counter[tuple[object, ...]] = Counter()
        for *key, number in session.execute(rows_of(part)):
            live[tuple(map(plain, key))] = number
        for *key, number in session.execute(sa.select(*KEY, K.number).where(part.counters)):
            live[tuple(map(plain, key))] -= number
        for counter, off in live.items():
            if off:
                yield f"recommendation_counts {counter} is off by {-off}"
    other = K.scope.not_in([*SCOPES, *KINDS])
    for scope in session.scalars(sa.select(K.scope).where(other, K.number != 0).distinct()):
        yield f"recommendation_counts has a scope that nothing counts by: {scope}"
    for row in session.execute(false_answers()):
        yield f"recommendation {row.reference}: who sees its answer or promise is kept otherwise"


def plain(value: object) -> object:
    """Return a code as text, and a number as it is."""
    return value if isinstance(value, int) else str(value)
