"""Who has a recommendation, as the assignments of its case say.

A single dispatch beats the whole one. Carrying out begins after the answer, so what was answered
counts; what was returned or withdrawn does not. An office above keeps what it dispatched on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.core.codes import AssignmentRole, AssignmentState, HandlingState, LeadStatus, OfficeRole
from app.core.rules.state_groups import ALONE, ANSWERING, GIVEN_BACK, OBJECTING

PARTS = (OfficeRole.SEPARATE, OfficeRole.JOINT, OfficeRole.BELOW)
"""The parts beside a lead; an office that could have two has the one that stands first."""


class Given(Protocol):
    """An assignment of a case, as far as it says who has its recommendations."""

    id: int
    office_id: int
    role: AssignmentRole
    state: AssignmentState
    recommendation_id: int | None
    parent_id: int | None
    received_on: object


@dataclass(frozen=True)
class Holders:
    """Who has a recommendation by dispatch.

    Nothing that was not *dispatched* to an office that answers is anybody's by dispatch; what was
    and ended is nobody's. *parts* are office → its part and the assignment it has it by;
    *assignments* all those it is handled under.
    """

    dispatched: bool = False
    lead_office_id: int | None = None
    lead_status: LeadStatus | None = None
    parts: dict[int, tuple[OfficeRole, int]] = field(default_factory=dict)
    assignments: frozenset[int] = frozenset()


def holders_of(recommendation_id: int, assignments: Sequence[Given]) -> Holders:
    """Return who has the recommendation by the *assignments* of its case, in their order."""
    about = [a for a in assignments if a.recommendation_id in (None, recommendation_id)]
    about = [a for a in about if a.role in OBJECTING]
    roots = [a for a in about if a.parent_id is None and a.state not in GIVEN_BACK]
    answering = nearest([a for a in roots if a.role in ANSWERING])
    joint = [a for a in roots if a.role == AssignmentRole.JOINT]
    below = under([*answering, *joint], about)
    lead = next((a for a in answering if a.role in ALONE), None)
    beside = (
        *((OfficeRole.SEPARATE, a) for a in answering if a is not lead),
        *((OfficeRole.JOINT, a) for a in joint),
        *((OfficeRole.BELOW, a) for a in below),
    )
    parts: dict[int, tuple[OfficeRole, int]] = {}
    for part, assignment in beside:
        if lead is None or assignment.office_id != lead.office_id:
            parts.setdefault(assignment.office_id, (part, assignment.id))
    status = status_of(lead, answering, about)
    return Holders(
        dispatched=status is not None,
        lead_office_id=lead.office_id if lead else None,
        lead_status=status,
        parts=parts,
        assignments=frozenset(a.id for a in (*answering, *joint, *below)),
    )


NOBODY = Holders(dispatched=True)
"""Who has what was dispatched once and ended."""


class Holding(Protocol):
    """A recommendation, as far as it says that it ended with its proposal."""

    id: int
    ended_as: HandlingState | None


def holders_now(record: Holding, assignments: Sequence[Given]) -> Holders:
    """Return who has *record* by the *assignments* of its case; nobody has what ended."""
    holders = holders_of(record.id, assignments)
    return NOBODY if holders.dispatched and record.ended_as is not None else holders


def nearest(answering: Sequence[Given]) -> list[Given]:
    """Return those given the recommendation by itself, or where there are none, the whole case."""
    single = [a for a in answering if a.recommendation_id is not None]
    return single or list(answering)


def under(above: Iterable[Given], about: Sequence[Given]) -> list[Given]:
    """Return what was dispatched on, at any depth, below the assignments *above*."""
    reached = {a.id for a in above}
    rows: list[Given] = []
    for assignment in about:  # what was dispatched on stands after what it is under
        if assignment.parent_id in reached and assignment.state not in GIVEN_BACK:
            reached.add(assignment.id)
            rows.append(assignment)
    return rows


def status_of(
    lead: Given | None, answering: Sequence[Given], about: Sequence[Given]
) -> LeadStatus | None:
    """Return how the lead stands, or why there is none."""
    if lead is not None:
        return LeadStatus.GIVEN if lead.received_on is None else LeadStatus.TAKEN_ON
    if answering:
        return LeadStatus.SEPARATE
    given = any(a.role in ANSWERING and a.parent_id is None for a in about)
    return LeadStatus.SOUGHT if given else None


OFFICE_FIELDS = {
    "lead_office_id": "lead_office",
    "claimed_by_office_id": "claimed_by_office",
    "office_id": "office",
    "suggested_office_id": "suggested_office",
    "supervisor_id": "supervisor",
    "giver_id": "given_by",
}
"""Columns that hold the id of an organization → what the API calls them."""


OFFICE_LISTS = {
    "joint_office_ids": "joint_offices",
    "separate_office_ids": "separate_offices",
    "below_office_ids": "below_offices",
}
"""Fields that hold the ids of several."""


def joined(numbers: list[int] | None) -> str | None:
    """Return *numbers* joined by commas."""
    return ",".join(map(str, numbers)) if numbers else None
