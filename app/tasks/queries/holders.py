"""Who has a recommendation: the offices that stand, and those that its assignments name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.codes import HandlingState, LeadStatus, OfficeRole
from app.core.rules.state_groups import ENDS
from app.core.types import Row
from app.models import Assignment, Proposal, Recommendation, RecommendationOffice
from app.tasks.rules.holders import PARTS, Holders, holders_now

A, R, O = Assignment, Recommendation, RecommendationOffice  # noqa: E741

GIVEN = (
    A.id,
    A.proposal_id,
    A.office_id,
    A.role,
    A.state,
    A.recommendation_id,
    A.parent_id,
    A.received_on,
)
"""What says of an assignment who has a recommendation by it."""

FREE = frozenset({None, LeadStatus.SUGGESTED, LeadStatus.TAKEN_ON})
"""How a lead can stand where nothing was dispatched."""


def survivor(session: Session, proposal_id: int) -> int:
    """Return the proposal into which *proposal_id* was merged in the end, or itself."""
    [number] = survivors(session, [proposal_id])
    return number


def survivors(session: Session, proposal_ids: Iterable[int]) -> set[int]:
    """Return the proposals into which *proposal_ids* were merged in the end, or themselves."""
    found: set[int] = set()
    left = set(proposal_ids)
    while left:
        rows = sa.select(Proposal.id, Proposal.merged_into_id).where(Proposal.id.in_(left))
        into = {row.id: row.merged_into_id for row in session.execute(rows)}
        found |= {number for number, above in into.items() if above is None}
        left = {above for above in into.values() if above is not None}
    return found


def given_in(session: Session, proposal_id: int) -> list[Any]:
    """Return the assignments of a case as rows, in their order."""
    rows = sa.select(*GIVEN).where(A.proposal_id == proposal_id).order_by(A.id)
    return list(session.execute(rows))


def parts_of(session: Session, recommendation_id: int) -> dict[int, OfficeRole]:
    """Return the offices that have a part in a recommendation beside its lead, each with it."""
    rows = sa.select(O.office_id, O.role).where(
        O.recommendation_id == recommendation_id, O.withdrawn_at.is_(None)
    )
    with session.no_autoflush:
        return {row.office_id: row.role for row in session.execute(rows)}


def by_role(parts: Mapping[int, OfficeRole]) -> dict[OfficeRole, list[int]]:
    """Return the offices of each part, in order."""
    return {role: sorted(n for n, part in parts.items() if part is role) for role in PARTS}


def office_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation that somebody else has than its assignments say.

    Also for one that ended otherwise than its proposal did.
    """
    for row, message in office_differences(session):
        yield f"recommendation {row.reference}: {message}"


def office_differences(session: Session) -> Iterator[tuple[Any, str]]:
    """Yield the recommendations that office_drift() speaks of, each with what is wrong."""
    cases, by_dispatch = all_cases(session), all_parts(session)
    shown = sa.select(
        R.id,
        R.reference,
        R.lead_office_id,
        R.lead_status,
        R.ended_as,
        R.ended_alone,
        R.proposal_id,
        Proposal.handling_state,
    )
    rows = shown.join(Proposal, Proposal.id == R.proposal_id).order_by(R.id)
    for row in session.execute(rows.execution_options(yield_per=1000)):
        holders = holders_now(row, cases.get(row.proposal_id, []))
        if not agrees(row, holders):
            yield row, "its assignments give it to somebody else"
        if by_dispatch.get(row.id, {}) != {n: (p, a) for n, (p, a) in holders.parts.items()}:
            yield row, "its offices are not those of its assignments"
        if not ended_rightly(row):
            yield row, "it did not end as its proposal did"


def ended_rightly(row: Row) -> bool:
    """Return whether a recommendation ended by itself, or just as its proposal did."""
    if row.ended_alone:
        return row.ended_as in (HandlingState.WITHDRAWN, HandlingState.MERGED)
    return bool(row.ended_as == (row.handling_state if row.handling_state in ENDS else None))


def all_cases(session: Session) -> dict[int, list[Any]]:
    """Return the assignments of the case of every proposal that was dispatched, or merged."""
    cases: dict[int, list[Any]] = defaultdict(list)
    for given in session.execute(sa.select(*GIVEN).order_by(A.id)):
        cases[given.proposal_id].append(given)
    merged = sa.select(Proposal.id).where(Proposal.merged_into_id.is_not(None))
    for number in session.scalars(merged).all():
        cases[number] = cases.get(survivor(session, number), [])
    return cases


def all_parts(session: Session) -> dict[int, dict[int, tuple[str, int | None]]]:
    """Return the parts that offices have by assignments, by recommendation and office."""
    found: dict[int, dict[int, tuple[str, int | None]]] = defaultdict(dict)
    columns = (O.recommendation_id, O.office_id, O.role, O.assignment_id)
    rows = sa.select(*columns).where(O.withdrawn_at.is_(None), O.assignment_id.is_not(None))
    for number, office, role, assignment in session.execute(rows):
        found[number][office] = (role, assignment)
    return found


def agrees(row: Row, holders: Holders) -> bool:
    """Return whether the lead of *row* is the one that its assignments give it, if they do."""
    if not holders.dispatched:
        return row.lead_status in FREE
    return (row.lead_office_id, row.lead_status) == (holders.lead_office_id, holders.lead_status)


def members(session: Session, proposal_id: int) -> list[int]:
    """Return *proposal_id* and every proposal that was merged into it, or into one of those."""
    found, last = [proposal_id], [proposal_id]
    while last:
        rows = select(Proposal.id).where(Proposal.merged_into_id.in_(last))
        last = sorted(set(session.scalars(rows)) - set(found))
        found += last
    return found
