"""What an office does with what was dispatched to it, and what dispatchers decide about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.codes import (
    AssignmentState,
    Desk,
    LimitKind,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, TooLate
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING, GIVEN_BACK, OBJECTING
from app.core.rules.workflow import NOT_TAKEN, Step, lacking
from app.handling.assignments.rules import OPEN, Situation, assignment_in
from app.handling.assignments.services.context import (
    Case,
    Work,
    answers_proposers,
    case_of,
    check_moving,
)
from app.handling.assignments.services.extensions import drop_request
from app.handling.assignments.services.permissions import refusal_of, require_part
from app.handling.assignments.services.step_days import dated, wrong_step_day
from app.handling.proposals.services.proposal_status import sync_proposal_status
from app.handling.replies.services.countersigning import sync_countersign_tasks
from app.models import Assignment, Organization, Task
from app.register.recommendations.services.holders import sync_holders

S = AssignmentState
Values = dict[str, Any]


@dataclass(frozen=True)
class AssignmentTransition:
    """What an actor brings to a step of an assignment: the day it was, by what paper, and why.

    A withdrawal *ends_proposal* where nobody is to answer it any more.
    """

    on: date
    reason: str | None = None
    suggested_office: Organization | None = None
    note: str | None = None
    ends_proposal: bool = False
    paper: str | None = None


def move(
    actor: Actor,
    assignment: Assignment,
    target: AssignmentState,
    grounds: AssignmentTransition,
    work: Work,
) -> None:
    """Take a step of *assignment*: receive, object, begin, decide on the objection, withdraw.

    Raises NotAllowedNow, PermissionDenied, InvalidChange naming the field, TooLate for an
    objection after its window.
    """
    case = case_of(dated(work, grounds.on, grounds.paper), assignment)
    check_moving(case)
    situation = situation_of(case)
    workflow = assignment_in(situation)
    step = workflow.find(assignment.state, target)
    if step is None:
        raise refusal_of(work.session, actor, assignment, workflow, (assignment.state, target))
    require_part(work.session, actor, assignment, step)
    check_grounds(case, step, grounds)
    apply_step(actor, case, target, grounds)
    if target in GIVEN_BACK:
        withdraw_below(actor, case, grounds.on)
    sync_proposal_status(actor, case)


def situation_of(case: Case) -> Situation:
    """Return what decides on the steps of an assignment, whenever it objected."""
    return Situation(
        received=case.assignment.received_on is not None,
        objects=case.assignment.role in OBJECTING,
        seeks=bool(case.waited_for(TaskKind.REDISPATCH)),
    )


def covered(case: Case) -> bool:
    """Return whether another office answers the proposers what that of *case* would have.

    One to which something was dispatched on answers to the office above it, which still has it.
    """
    own = case.assignment
    if own.role not in ANSWERING or own.parent_id is not None:
        return True
    others = select(Assignment.id).where(
        *answers_proposers(own.proposal_id),
        Assignment.id != own.id,
        Assignment.is_open | (Assignment.state == S.ANSWERED),
    )
    if own.recommendation_id is not None:
        scope = Assignment.recommendation_id
        others = others.where(scope.is_(None) | (scope == own.recommendation_id))
    return case.work.session.scalar(others.limit(1)) is not None


def apply_step(
    actor: Actor, case: Case, target: AssignmentState, grounds: AssignmentTransition
) -> None:
    """Carry out a step that was checked, and write its event."""
    values = CARRY_OUT[target](case, grounds)
    values |= {"state": target, "is_open": target in OPEN}
    note = "\n".join(filter(None, (grounds.reason, grounds.note))) or None
    case.tell(actor, f"assignment.{target}", {}, note, values)
    if target in GIVEN_BACK:
        sync_countersign_tasks(actor, case)
    if target in GIVEN_BACK or target is S.RECEIVED:
        sync_holders(case.work.session, actor, case.proposal.id, grounds.on)


def withdraw_below(actor: Actor, case: Case, on: date) -> None:
    """Withdraw what was dispatched on under an assignment that ended."""
    below = select(Assignment).where(Assignment.parent_id == case.assignment.id, Assignment.is_open)
    for assignment in case.work.session.scalars(below.order_by(Assignment.number)).all():
        under = case_of(case.work, assignment)
        apply_step(
            actor,
            under,
            S.WITHDRAWN,
            AssignmentTransition(on, f"{case.assignment.reference} 已终止"),
        )
        withdraw_below(actor, under, on)


def check_grounds(case: Case, step: Step, grounds: AssignmentTransition) -> None:
    """Raise InvalidChange naming what *step* lacks, or what it does not take."""
    wrong = lacking(step, grounds)
    if grounds.suggested_office and step.target is not S.OBJECTION_PENDING:
        wrong["suggested_office"] = NOT_TAKEN
    if step.source is S.RETURNED and not covered(case):
        message = "nobody else answers it: dispatch it to another office, or withdraw the proposal"
        wrong["to"] = ("没有其他单位答复，须改办，或者撤回提案", message)
    wrong |= wrong_step_day(case.work, last_day(case))
    if wrong:
        raise InvalidChange(fields=wrong)


def last_day(case: Case) -> date:
    """Return the day before which nothing more can have been done with the assignment of *case*."""
    decided = case.waited_for(TaskKind.DECIDE_OBJECTION, TaskKind.REDISPATCH)
    own = case.assignment
    days = [own.dispatched_on, own.received_on, *(task.began_on for task in decided)]
    return max(filter(None, days))


def receive(case: Case, grounds: AssignmentTransition) -> Values:
    """Note the receipt, from which some limits are counted."""
    case.received(grounds.on)
    return {"received_on": grounds.on}


def proceed(case: Case, grounds: AssignmentTransition) -> Values:
    """Begin the work: whoever does so objects no more."""
    case.end(TaskKind.OBJECTION, on=grounds.on, outcome=TaskOutcome.VOID)
    return {}


def object_to(case: Case, grounds: AssignmentTransition) -> Values:
    """Object, within the window where there is one."""
    windows = select(Task).where(
        Task.assignment_id == case.assignment.id, Task.kind == TaskKind.OBJECTION
    )
    for task in case.work.session.scalars(windows).all():
        if task.due_on is not None and grounds.on > task.due_on:
            raise TooLate(what="object", what_zh="提出异议", day=task.due_on)
    case.end(TaskKind.OBJECTION, on=grounds.on)
    case.begin(TaskKind.DECIDE_OBJECTION, None, grounds.on, Desk.DISPATCHERS)
    office = grounds.suggested_office
    return {"objection": grounds.reason, "suggested_office_id": office.id if office else None}


def uphold(case: Case, grounds: AssignmentTransition) -> Values:
    """Let the office keep it; its clock never stopped."""
    case.end(TaskKind.DECIDE_OBJECTION, on=grounds.on)
    return {}


def give_back(case: Case, grounds: AssignmentTransition) -> Values:
    """Take it from the office, and look for another within the profile's limit."""
    case.end(TaskKind.DECIDE_OBJECTION, on=grounds.on)
    ended = stop(case, grounds)
    limit = case.limit(LimitKind.REDISPATCH)
    case.begin(TaskKind.REDISPATCH, limit, grounds.on, Desk.DISPATCHERS)
    return ended


def stop(case: Case, grounds: AssignmentTransition) -> Values:
    """End every clock of the assignment, and what its office asked for."""
    drop_request(case, grounds.on)
    case.end(on=grounds.on, outcome=TaskOutcome.VOID)
    return {"ended_on": case.assignment.ended_on or grounds.on}


def withdraw(case: Case, grounds: AssignmentTransition) -> Values:
    """Take it from the office; where nobody else answers it another office is looked for.

    So it is where it is to be handled again: that others have replied does not settle that.
    """
    again = bool(case.waited_for(TaskKind.REHANDLE))
    ended = stop(case, grounds)
    if not grounds.ends_proposal and (again or not covered(case)):
        case.begin(TaskKind.REDISPATCH, None, grounds.on, Desk.DISPATCHERS)
    return ended


CARRY_OUT = {
    S.RECEIVED: receive,
    S.IN_PROGRESS: proceed,
    S.OBJECTION_PENDING: object_to,
    S.UPHELD: uphold,
    S.RETURNED: give_back,
    S.WITHDRAWN: withdraw,
}
"""What each step does besides changing the state."""
