"""What is open at an office that ends passes to its successor, with its clocks and its history."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services.passing import pass_accounts
from app.audit.queries.hanging_rows import FOLLOWS
from app.audit.services.recorder import record_change
from app.core.codes import AssignmentState, Desk
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING, GIVEN_BACK, OBJECTING
from app.handling.assignments.services.assignment_transitions import (
    AssignmentTransition,
    apply_step,
)
from app.handling.assignments.services.context import Work, case_of
from app.handling.reforms.open_work import (
    assignments_of,
    claimed_by,
    held_by,
    promises_of,
    watched,
)
from app.models import (
    Assignment,
    Commitment,
    Countersignature,
    Notice,
    Organization,
    Proposal,
    Reply,
    Task,
)
from app.register.recommendations.services.holders import pass_on
from app.tasks.queries.holders import members
from app.tasks.services import tasks


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

    def tell(
        self, record: Assignment | Commitment | Proposal, operation: str, **values: int
    ) -> None:
        """Set *values* on *record*, with the event *operation*, which says what passed."""
        desks = {"desk": (self.former.slug, self.office.slug)} if not values else {}
        record_change(self.session, self.actor, record, operation, desks, self.paper, values)


def pass_work(handover: Handover) -> None:
    """Let the successor have all that is open: assignments, promises, desks, accounts.

    Keys end. What is finished stays with the office that did it.
    """
    session, former, office = handover.session, handover.former, handover.office
    cases = pass_assignments(handover)
    for promise in promises_of(session, former.id):
        for task in tasks.open_tasks(session, promise):
            pass_task(handover, task)
        handover.tell(promise, "commitment.passed", office_id=office.id)
    pass_desk(handover)
    for record in held_by(session, former.id, cases):
        pass_on(session, handover.actor, record, (former.id, office.id), handover.paper)
    for record in claimed_by(session, former.id):
        values = {"claimed_by_office_id": office.id}
        operation = "recommendation.given"
        record_change(session, handover.actor, record, operation, {}, handover.paper, values)
    for proposal in watched(session, former.id):
        handover.tell(proposal, "proposal.passed", supervisor_id=office.id)
    pass_accounts(session, handover.actor, former, office, handover.paper)


def pass_assignments(handover: Handover) -> set[int]:
    """Let the successor have the assignments; return the proposals they are about.

    Those that end, since the successor has one of the same scope, do so before any passes.
    """
    passing = assignments_of(handover.session, handover.former.id)
    for assignment in passing:
        end_doubles(handover, assignment)
    cases: set[int] = set()
    for assignment in passing:
        if assignment.state not in GIVEN_BACK:
            pass_assignment(handover, assignment)
            cases.update(members(handover.session, assignment.proposal_id))
    return cases


def end_doubles(handover: Handover, assignment: Assignment) -> None:
    """Where the successor has an open assignment of the same scope, end the one that owes less.

    What was dispatched on below it stands below the other from then on.
    """
    other = twin(handover, assignment)
    if other is None:
        return
    weaker = assignment if weight(assignment) <= weight(other) else other
    stays = other if weaker is assignment else assignment
    for child in below(handover.session, weaker):
        handover.tell(child, "assignment.passed", parent_id=stays.id)
    withdraw(handover, weaker, stays)


def twin(handover: Handover, assignment: Assignment) -> Assignment | None:
    """Return the open assignment of the successor in the scope of *assignment*, or None.

    Also the one above or below it, for an office hands nothing on to itself. Two that both answer
    stand side by side.
    """
    if not assignment.is_open:
        return None
    same = sa.and_(
        Assignment.recommendation_id.is_not_distinct_from(assignment.recommendation_id),
        Assignment.parent_id.is_not_distinct_from(assignment.parent_id),
    )
    line = (Assignment.id == assignment.parent_id) | (Assignment.parent_id == assignment.id)
    own = sa.select(Assignment).where(
        Assignment.proposal_id == assignment.proposal_id,
        Assignment.office_id == handover.office.id,
        Assignment.is_open,
        same | line,
    )
    other = handover.session.scalar(own.order_by(Assignment.id).limit(1))
    if other is None or assignment.id == other.parent_id or other.id == assignment.parent_id:
        return other
    return None if {other.role, assignment.role} <= ANSWERING else other


def weight(assignment: Assignment) -> tuple[bool, int]:
    """Return how much the office of *assignment* owes: what stands above beats what is below."""
    owes = 2 if assignment.role in ANSWERING else int(assignment.role in OBJECTING)
    return assignment.parent_id is None, owes


def below(session: Session, assignment: Assignment) -> Sequence[Assignment]:
    """Return the open assignments under *assignment*, in order."""
    own = sa.select(Assignment).where(Assignment.parent_id == assignment.id, Assignment.is_open)
    return session.scalars(own.order_by(Assignment.id)).all()


def withdraw(handover: Handover, weaker: Assignment, other: Assignment) -> None:
    """End *weaker*, since its office has the *other* one now."""
    reason = f"{handover.paper}；并入 {other.reference}"
    case = case_of(handover.work, weaker)
    grounds = AssignmentTransition(handover.work.today, reason)
    apply_step(handover.actor, case, AssignmentState.WITHDRAWN, grounds)


def pass_assignment(handover: Handover, assignment: Assignment) -> None:
    """Let the successor have *assignment*, with what waits for it."""
    keep_hands(handover, assignment)
    for task in tasks.open_tasks(handover.session, assignment):
        pass_task(handover, task)
    handover.tell(assignment, "assignment.passed", office_id=handover.office.id)


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
    """Let the successor have what else lies on the desk, and what was brought to mind there.

    So what the office above others decides, and what it watches over. What follows from a
    recommendation goes with it.
    """
    session, former = handover.session, handover.former.id
    notices = sa.exists().where(
        Notice.task_id == Task.id, Notice.desk == Desk.OFFICE, Notice.office_id == former
    )
    there = (Task.desk == Desk.OFFICE) & (Task.office_id == former)
    own = sa.select(Task).where(there | notices, Task.ended_on.is_(None))
    for task in session.scalars(own.where(~FOLLOWS).order_by(Task.id)).all():
        owner = tasks.owner_of(session, task)
        pass_task(handover, task)
        tasks.pass_notices(session, task, former, handover.office.id)
        handover.tell(owner, PASSED[type(owner)])
    for task in session.scalars(own.where(FOLLOWS, notices).order_by(Task.id)).all():
        tasks.pass_notices(session, task, former, handover.office.id)


PASSED = {
    Assignment: "assignment.passed",
    Commitment: "commitment.passed",
    Proposal: "proposal.passed",
}
"""Owner of tasks → the event that says that something of it passed."""
