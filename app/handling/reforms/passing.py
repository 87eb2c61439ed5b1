"""What is open at an office that ends passes to its successor, with its clocks and its history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services.passing import accounts_of, keys_of, pass_accounts
from app.audit.queries.record_state import FOLLOWS
from app.audit.services.recorder import record_change
from app.core.codes import AssignmentState, Desk, HandlingState
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING, OPEN, RUNNING
from app.handling.assignments.services.assignment_transitions import (
    AssignmentTransition,
    apply_step,
)
from app.handling.assignments.services.context import Work, case_of
from app.models import (
    Assignment,
    Commitment,
    Countersignature,
    Organization,
    Proposal,
    Recommendation,
    RecommendationOffice,
    Reply,
    Task,
)
from app.register.recommendations.services.holders import pass_on
from app.tasks.queries.holders import members
from app.tasks.services import tasks

DONE = frozenset({HandlingState.CLOSED, HandlingState.ARCHIVED})
"""States of a proposal that nobody watches over any more."""


@dataclass(frozen=True)
class Handover:
    """That what is open passes from the office *former* to *office*, and by which paper."""

    actor: Actor
    former: Organization
    office: Organization
    paper: str
    work: Work

    @property
    def session(self) -> Session:
        """Return the session it is done in."""
        return self.work.session

    def tell(self, record: Assignment | Commitment | Proposal, kind: str, **values: int) -> None:
        """Set *values* on *record*, with the event that says what passed."""
        desks = {"desk": (self.former.slug, self.office.slug)} if not values else {}
        operation = f"{kind}.passed"
        record_change(self.session, self.actor, record, operation, desks, self.paper, values)


def pass_work(handover: Handover) -> None:
    """Let the successor have all that is open: assignments, promises, desks, accounts.

    Keys end. What is finished stays with the office that did it.
    """
    session, former = handover.session, handover.former
    touched: set[int] = set()
    for assignment in assignments_of(session, former.id):
        if pass_assignment(handover, assignment):
            touched.update(members(session, assignment.proposal_id))
    for promise in promises_of(session, former.id):
        for task in tasks.open_tasks(session, promise):
            pass_task(handover, task)
        handover.tell(promise, "commitment", office_id=handover.office.id)
    pass_desk(handover)
    for record in held_by(session, former.id, touched):
        pass_on(session, handover.actor, record, (former.id, handover.office.id), handover.paper)
    for proposal in watched(session, former.id):
        handover.tell(proposal, "proposal", supervisor_id=handover.office.id)
    pass_accounts(session, handover.actor, former, handover.office, handover.paper)


def numbers(session: Session, office_id: int) -> dict[str, int]:
    """Return how much is open at an office, by kind."""
    assignments = assignments_of(session, office_id)
    cases = {n for one in assignments for n in members(session, one.proposal_id)}
    accounts = accounts_of(session, office_id)
    return {
        "assignments": len(assignments),
        "commitments": len(promises_of(session, office_id)),
        "recommendations": len(held_by(session, office_id, cases)),
        "accounts": len(accounts),
        "keys": len(keys_of(session, accounts)),
    }


def assignments_of(session: Session, office_id: int) -> Sequence[Assignment]:
    """Return what an office has to handle, or answered and still carries out, in order."""
    unfinished = sa.select(Recommendation.proposal_id).where(
        Recommendation.progress.in_(OPEN), Recommendation.ended_as.is_(None)
    )
    answered = sa.and_(
        Assignment.state == AssignmentState.ANSWERED, Assignment.proposal_id.in_(unfinished)
    )
    own = sa.select(Assignment).where(
        Assignment.office_id == office_id, Assignment.is_open | answered
    )
    return session.scalars(own.order_by(Assignment.id)).all()


def promises_of(session: Session, office_id: int) -> Sequence[Commitment]:
    """Return what an office still owes, in order."""
    own = sa.select(Commitment).where(
        Commitment.office_id == office_id, Commitment.state.in_(RUNNING)
    )
    return session.scalars(own.order_by(Commitment.id)).all()


def held_by(session: Session, office_id: int, cases: Iterable[int]) -> Sequence[Recommendation]:
    """Return what an office has and has not finished, and all of *cases* that it has; in order."""
    part = sa.select(RecommendationOffice.recommendation_id).where(
        RecommendationOffice.office_id == office_id, RecommendationOffice.withdrawn_at.is_(None)
    )
    unfinished = Recommendation.progress.in_(OPEN) & Recommendation.ended_as.is_(None)
    own = sa.select(Recommendation).where(
        (Recommendation.lead_office_id == office_id) | Recommendation.id.in_(part),
        unfinished | Recommendation.proposal_id.in_(sorted(cases)),
    )
    return session.scalars(own.order_by(Recommendation.id)).all()


def watched(session: Session, office_id: int) -> Sequence[Proposal]:
    """Return the proposals that an office watches over, and that are not closed; in order."""
    own = sa.select(Proposal).where(
        Proposal.supervisor_id == office_id, Proposal.handling_state.not_in(DONE)
    )
    return session.scalars(own.order_by(Proposal.id)).all()


def pass_assignment(handover: Handover, assignment: Assignment) -> bool:
    """Let the successor have *assignment*; return whether it passed.

    Where the successor has one of the same scope, the one that answers stays, and the other ends.
    """
    other = twin(handover, assignment)
    if other is not None:
        weaker = assignment if other.role in ANSWERING else other
        withdraw(handover, weaker, assignment if weaker is other else other)
        if weaker is assignment:
            return False
    keep_hands(handover, assignment)
    for task in tasks.open_tasks(handover.session, assignment):
        pass_task(handover, task)
    handover.tell(assignment, "assignment", office_id=handover.office.id)
    return True


def twin(handover: Handover, assignment: Assignment) -> Assignment | None:
    """Return the open assignment of the successor in the scope of *assignment*, or None.

    Two that both answer stand side by side.
    """
    own = sa.select(Assignment).where(
        Assignment.proposal_id == assignment.proposal_id,
        Assignment.office_id == handover.office.id,
        Assignment.is_open,
        Assignment.recommendation_id.is_not_distinct_from(assignment.recommendation_id),
        Assignment.parent_id.is_not_distinct_from(assignment.parent_id),
    )
    other = handover.session.scalar(own.order_by(Assignment.id).limit(1))
    both = other is not None and {other.role, assignment.role} <= ANSWERING
    return None if both or not assignment.is_open else other


def withdraw(handover: Handover, weaker: Assignment, other: Assignment) -> None:
    """End *weaker*, since its office has the *other* one of the same scope now."""
    reason = f"{handover.paper}；并入 {other.reference}"
    case = case_of(handover.work, weaker)
    grounds = AssignmentTransition(handover.work.today, reason)
    apply_step(handover.actor, case, AssignmentState.WITHDRAWN, grounds)


def keep_hands(handover: Handover, assignment: Assignment) -> None:
    """Let what the former office sent or signed under *assignment* stay in its name."""
    former = handover.former.id
    sent = sa.update(Reply).where(Reply.assignment_id == assignment.id, Reply.sent_on.is_not(None))
    handover.session.execute(sent.where(Reply.office_id.is_(None)).values(office_id=former))
    signed = sa.update(Countersignature).where(Countersignature.assignment_id == assignment.id)
    own = signed.where(Countersignature.office_id.is_(None))
    handover.session.execute(own.values(office_id=former))


def pass_task(handover: Handover, task: Task) -> None:
    """Let *task* lie on the successor's desk where it lies on that of the former office."""
    if task.desk == Desk.OFFICE and task.office_id == handover.former.id:
        tasks.pass_on(handover.session, task, handover.office.id)


def pass_desk(handover: Handover) -> None:
    """Let the successor have what else lies on the desk: what the office above others decides.

    What follows from a recommendation goes with it.
    """
    own = sa.select(Task).where(
        Task.desk == Desk.OFFICE,
        Task.office_id == handover.former.id,
        Task.ended_on.is_(None),
        ~FOLLOWS,
    )
    for task in handover.session.scalars(own.order_by(Task.id)).all():
        owner = tasks.owner_of(handover.session, task)
        pass_task(handover, task)
        handover.tell(owner, KINDS[type(owner)])


KINDS = {Assignment: "assignment", Commitment: "commitment", Proposal: "proposal"}
"""What events call an owner of tasks."""
