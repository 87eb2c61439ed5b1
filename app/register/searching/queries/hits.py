"""What is found by words among all that someone may see: which records, in which order."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.visibility import visible, visible_texts
from app.core.queries.filters import among
from app.core.queries.keyset import Order, read_moment, read_number
from app.core.rules.permissions import Actor
from app.core.types import Condition, Conditions, Expression, Given, Row
from app.models import (
    Assignment,
    Document,
    Event,
    ProgressReport,
    Proposal,
    Recommendation,
    RecommendationTag,
    Reply,
    ReplyPoint,
)
from app.register.proposals.queries.handling_visibility import replies_seen
from app.register.recommendations.queries.recommendation_conditions import office_is
from app.register.recommendations.queries.recommendation_details import seen_reports
from app.register.searching.models import INDEX
from app.register.searching.queries.finding import Holds, InIndex, wanted
from app.register.searching.rules.search_words import Searched

R, P, T = Recommendation, Proposal, RecommendationTag
Columns = Sequence[Expression]
Seen = Callable[[Actor, Columns], sa.Select]


def recommendations_seen(actor: Actor, columns: Columns) -> sa.Select:
    """Return the SELECT of *columns* of recommendations and their proposals, as *actor* sees."""
    return visible(sa.select(*columns).select_from(R).join(P, P.id == R.proposal_id), actor, R)


ABOUT = aliased(R, name="about")
"""The recommendation that a point of a reply is about."""


def points_seen(actor: Actor, columns: Columns) -> sa.Select:
    """Return the SELECT of what replies say of recommendations; *actor* sees both."""
    statement = replies_seen(actor, columns).join(ReplyPoint, ReplyPoint.reply_id == Reply.id)
    statement = statement.join(ABOUT, ABOUT.id == ReplyPoint.recommendation_id)
    return visible(statement, actor, ABOUT)


def reports_seen(actor: Actor, columns: Columns) -> sa.Select:
    """Return the SELECT of progress reports, of recommendations that *actor* sees."""
    statement = recommendations_seen(actor, columns)
    statement = statement.join(ProgressReport, ProgressReport.recommendation_id == R.id)
    statement = statement.join(Event, Event.sequence == ProgressReport.sequence)
    return seen_reports(statement, actor, R.id, None)


SEEN: dict[str, tuple[Expression, Seen]] = {
    "document": (
        Document.id,
        lambda actor, columns: visible_texts(sa.select(*columns).select_from(Document), actor),
    ),
    "proposal": (
        P.id,
        lambda actor, columns: visible(sa.select(*columns).select_from(P), actor, P),
    ),
    "recommendation": (R.id, recommendations_seen),
    "reply": (Reply.id, replies_seen),
    "reply_point": (ReplyPoint.id, points_seen),
    "report": (ProgressReport.id, reports_seen),
}
"""Kind of hit → the number of its records, and the SELECT of those that an actor may see: the one
of their lists."""

KINDS = tuple(SEEN)
OF_RECOMMENDATIONS = frozenset({"recommendation", "reply_point", "report"})
CARRIED_BY = {
    "tag_id": OF_RECOMMENDATIONS,
    "progress": OF_RECOMMENDATIONS,
    "office_id": OF_RECOMMENDATIONS | {"reply"},
}
"""Filter → the kinds of hits that have it; the others go with it."""


class Search(NamedTuple):
    """What is looked for: words that are *asked*, by *filters*; whether they are *frequent*."""

    asked: Searched
    filters: Given
    frequent: bool

    @property
    def kinds(self) -> list[str]:
        """The kinds that can be found."""
        carried = [kinds for name, kinds in CARRIED_BY.items() if name in self.filters]
        chosen = self.filters.get("kind", KINDS)
        return [kind for kind in chosen if all(kind in kinds for kinds in carried)]


def visible_to(actor: Actor, kinds: Sequence[str]) -> Condition:
    """Return the condition that a row of the index is of one of *kinds*, and *actor* may see it."""
    viewer = Actor(
        actor.kind, "", office_id=actor.office_id, roles=actor.roles, scopes=actor.scopes
    )
    return visible_kinds(viewer, tuple(kinds))


@lru_cache(maxsize=200)
def visible_kinds(viewer: Actor, kinds: tuple[str, ...]) -> Condition:
    """Return the same condition, built once for all who have the same office and roles."""
    yes: Expression = sa.literal_column("true")  # of no type: see InIndex
    cases = []
    for kind in kinds:
        number, seen = SEEN[kind]
        own = seen(viewer, (yes,)).where(number == INDEX.c.record_id).correlate(INDEX)
        cases.append((INDEX.c.kind == kind, own.limit(1).scalar_subquery()))
    return sa.case(*cases) if cases else sa.false()


OF_POINT, OF_REPORT = ReplyPoint.__table__, ProgressReport.__table__
OF_REPLY, OF_CASE = Reply.__table__, Assignment.__table__
I = INDEX.c  # noqa: E741


def is_a(kind: str) -> Condition:
    """Return the condition that a row of the index is of *kind*."""
    return I.kind == kind


def with_records(rows: sa.FromClause = INDEX) -> sa.FromClause:
    """Return *rows* of the index beside the records that it is, or is about."""
    i, r, p = rows.c, R.__table__, P.__table__
    number = sa.case(
        (i.kind == "recommendation", i.record_id),
        (i.kind == "reply_point", OF_POINT.c.recommendation_id),
        (i.kind == "report", OF_REPORT.c.recommendation_id),
    )
    reply = sa.case((i.kind == "reply", i.record_id), else_=OF_POINT.c.reply_id)
    case = sa.case(
        (i.kind == "proposal", i.record_id),
        else_=sa.func.coalesce(r.c.proposal_id, OF_CASE.c.proposal_id),
    )

    def same(kind: str, table: sa.FromClause) -> Condition:
        return sa.and_(i.kind == kind, table.c.id == i.record_id)

    return (
        rows.outerjoin(OF_POINT, same("reply_point", OF_POINT))
        .outerjoin(OF_REPORT, same("report", OF_REPORT))
        .outerjoin(OF_REPLY, OF_REPLY.c.id == reply)
        .outerjoin(OF_CASE, OF_CASE.c.id == OF_REPLY.c.assignment_id)
        .outerjoin(r, r.c.id == number)
        .outerjoin(p, p.c.id == case)
        .outerjoin(Document.__table__, same("document", Document.__table__))
    )


def of_document(rows: sa.FromClause = INDEX) -> Expression:
    """Return the document that one of *rows* is, or that its proposal stands in."""
    return sa.case((rows.c.kind == "document", rows.c.record_id), else_=P.document_id)


OF_SESSION = sa.func.coalesce(Document.session_id, P.session_id)
OF_OFFICE = sa.func.coalesce(Reply.office_id, Assignment.office_id, ProgressReport.office_id)
"""The office that answered, or that reported."""


def tagged(ids: Sequence[int]) -> Condition:
    """Return the condition that what a row is about has one of the tags *ids*, or a narrower."""
    return R.id.in_(sa.select(T.recommendation_id).where(T.tag_id.in_(ids)))


def of_offices(ids: Sequence[int]) -> Condition:
    """Return the condition that one of the offices *ids* has a part in it, answered or reported."""
    part = office_is(lambda column: column.in_(ids))
    return sa.or_(OF_OFFICE.in_(ids), sa.and_(is_a("recommendation"), part))


CONDITIONS: Conditions = {
    "tag_id": tagged,
    "office_id": of_offices,
    "session_id": among(OF_SESSION),
    "progress": among(R.progress),
    "document_id": among(of_document()),
}
"""Filter → the condition on a row beside its records, given its value."""


def hits(actor: Actor, search: Search, columns: Columns) -> sa.Select:
    """Return the SELECT of *columns* of the hits that *actor* may see.

    Frequent words are looked for in one row after another, rare ones looked up in the index.
    """
    words = wanted(search.asked)
    filters = [make(search.filters[n]) for n, make in CONDITIONS.items() if n in search.filters]
    source = with_records() if filters else INDEX
    kept = [Holds(words.groups, words.excluded), visible_to(actor, search.kinds), *filters]
    if not search.frequent:
        kept.insert(0, InIndex(words.grams))
    if "recommendation" not in search.kinds:  # the others are few, and an index has them together
        kept.insert(0, I.kind.in_(search.kinds))
    return sa.select(*columns).select_from(source).where(*kept)


def hit_orders(frequent: bool) -> dict[str, Order]:
    """Return the orders of hits: of *frequent* words by an index, of others by sorting them."""
    written = I.written_at if frequent else sa.func.coalesce(I.written_at, I.written_at)
    own = (written, I.id), (read_moment, read_number)

    def key(row: Row) -> list[object]:
        return [row.written_at, row.id]

    return {
        "written_at": Order(*own, key, stable=True),
        "-written_at": Order(*own, key, descending=True, stable=True),
    }
