"""Assignments with their clocks."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import columns_of
from app.core.queries.keyset import by_number
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.types import Row
from app.models import Assignment, Extension, Proposal, Recommendation, Task, TaskCount
from app.register.proposals.queries.handling_visibility import assignments_seen

T = Task.metadata.tables["tasks"].c
C = TaskCount.metadata.tables["task_counts"].c
A = Assignment.metadata.tables["assignments"].c
P = Proposal.metadata.tables["proposals"].c
R = Recommendation.metadata.tables["recommendations"].c


def record(session: Session, actor: Actor, assignment_id: int) -> Assignment | None:
    """Return the record itself, for a change, when *actor* may see its proposal."""
    return session.scalar(assignments_seen(actor).where(Assignment.id == assignment_id))


def by_reference(session: Session, actor: Actor, reference: str) -> Assignment | None:
    """Return the record with this reference when *actor* may see its proposal."""
    return session.scalar(assignments_seen(actor).where(Assignment.reference == reference))


ORDERS = by_number(Assignment.number, "number")
"""The orders of the assignments of one proposal."""


def of_proposal(actor: Actor, proposal_id: int) -> sa.Select:
    """Return the SELECT of the assignments of a proposal that *actor* may see: id and number."""
    columns = (Assignment.id, Assignment.number)
    return assignments_seen(actor, columns).where(Assignment.proposal_id == proposal_id)


def several(session: Session, ids: list[int]) -> list[Assignment]:
    """Return the assignments *ids*, in their order."""
    rows = session.scalars(sa.select(Assignment).where(Assignment.id.in_(ids)))
    found = {row.id: row for row in rows}
    return [found[number] for number in ids]


def with_clocks(session: Session, assignments: list[Assignment]) -> list[View]:
    """Return *assignments* with their tasks, extensions and what they are about."""
    ids = [row.id for row in assignments]
    tasks = session.scalars(sa.select(Task).where(Task.assignment_id.in_(ids)).order_by(Task.id))
    asked = sa.select(Extension).where(Extension.assignment_id.in_(ids)).order_by(Extension.id)
    by_owner: dict[int, tuple[list[Task], list[Extension]]] = {n: ([], []) for n in ids}
    for task in tasks:
        by_owner[task.assignment_id or 0][0].append(task)
    for extension in session.scalars(asked):
        by_owner[extension.assignment_id][1].append(extension)
    about = recommendations(session, {row.recommendation_id for row in assignments})
    proposals = references_of(session, {row.proposal_id for row in assignments})
    above = offices_of(session, {row.parent_id for row in assignments} - {None})
    return [
        View.of_record(
            row,
            columns_of(Assignment),
            proposal=proposals[row.proposal_id],
            profile=proposals[row.proposal_id].profile,
            recommendation=about.get(row.recommendation_id),
            above_id=above.get(row.parent_id),
            tasks=by_owner[row.id][0],
            extensions=by_owner[row.id][1],
        )
        for row in assignments
    ]


def offices_of(session: Session, ids: set[int | None]) -> dict[int | None, int]:
    """Return the offices of assignments, by the number of the assignment."""
    rows = sa.select(A.id, A.office_id).where(A.id.in_(ids))
    return {row.id: row.office_id for row in session.execute(rows)} if ids else {}


def recommendations(session: Session, ids: set[int | None]) -> dict[int | None, Row]:
    """Return recommendations in short, by id."""
    columns = (R.id, R.reference, R.summary_zh, R.progress)
    statement = sa.select(*columns).where(R.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def references_of(session: Session, ids: set[int]) -> dict[int, Row]:
    """Return proposals in short, by id, with the profile of their handling."""
    columns = (P.id, P.reference, P.title, P.kind, P.document_id, P.profile, P.handling_state)
    return {row.id: row for row in session.execute(sa.select(*columns).where(P.id.in_(ids)))}
