"""The cases of a session, counted by category, state and mark: each number has its list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.core.codes import HandlingState, MarkKind
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import FILED_CASES
from app.deadlines.rules.categories import Origin
from app.models import Organization, Proposal, Sitting
from app.register.proposals.queries.marks import marked
from app.register.proposals.queries.proposals import IS_KEY

IS_EXCELLENT = Proposal.id.in_(marked([MarkKind.EXCELLENT]))


@dataclass(frozen=True)
class CountedCases:
    """How many cases of a session stand in one state, in the same categories, marked alike."""

    state: HandlingState
    categories: Sequence[str]
    is_key: bool
    is_excellent: bool
    number: int


def counted_cases(session: Session, actor: Actor, session_id: int) -> list[CountedCases]:
    """Return the filed cases of a session that *actor* may see, counted in one statement."""
    columns = (Proposal.handling_state, Proposal.categories, IS_KEY)
    own = sa.select(*columns, IS_EXCELLENT.label("is_excellent")).where(
        Proposal.session_id == session_id, Proposal.handling_state.in_(sorted(FILED_CASES))
    )
    cases = visible(own, actor, Proposal).subquery()
    groups = (cases.c.handling_state, cases.c.categories, cases.c.is_key, cases.c.is_excellent)
    rows = session.execute(sa.select(*groups, sa.func.count().label("number")).group_by(*groups))
    return [
        CountedCases(
            row.handling_state, row.categories or (), row.is_key, row.is_excellent, row.number
        )
        for row in rows
    ]


def total(cases: Iterable[CountedCases]) -> int:
    """Return how many proposals *cases* are."""
    return sum(one.number for one in cases)


def made_at(session: Session, kind: str, sitting: Sitting | None) -> Origin:
    """Return where and as what a proposal of *kind* was made, which says how it is sorted."""
    if sitting is None:
        return Origin(kind)
    body = session.get_one(Organization, sitting.body_id).slug
    return Origin(kind, body, sitting.slug, sitting.starts_on)
