"""What an office does with what was dispatched to it, and what dispatchers decide about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.errors import InvalidChange, TooLate
from app.models import Assignment, Organization, Task
from app.rules.handling import OPEN, find_step, steps_from
from app.rules.permissions import Actor
from app.rules.vocabularies import (
    AssignmentState,
    CountFrom,
    Desk,
    LimitKind,
    Need,
    TaskKind,
    TaskOutcome,
)
from app.rules.workflow import Step
from app.services.cases import Case, Work, case_of, wrong_day
from app.services.countersigning import follow_all
from app.services.following import follow_proposal
from app.services.permissions import require_part
from app.services.steps import NEEDED, NOT_TAKEN, no_such_step

S = AssignmentState
Values = dict[str, Any]


@dataclass(frozen=True)
class Grounds:
    """What an actor brings to a step of an assignment: the day it was, and why."""

    on: date
    reason: str | None = None
    suggested_office: Organization | None = None
    note: str | None = None


def move(
    actor: Actor, assignment: Assignment, target: AssignmentState, grounds: Grounds, work: Work
) -> None:
    """Take a step of *assignment*: receive, object, begin, decide on the objection, withdraw.

    Raises NotAllowedNow, PermissionDenied, InvalidChange naming the field, TooLate for an
    objection after its window.
    """
    step = find_step(assignment.state, target, assignment.received_on is not None)
    if step is None:
        possible = steps_from(assignment.state, assignment.received_on is not None)
        possible.sort(key=lambda step: step.target)
        raise no_such_step(("交办件", "the assignment"), S(assignment.state), target, possible)
    require_part(actor, assignment, step)
    check_grounds(assignment, step, grounds, work.today)
    case = case_of(work, assignment)
    take(actor, case, target, grounds)
    if target in (S.RETURNED, S.WITHDRAWN):
        withdraw_below(actor, case, grounds.on)
    follow_proposal(actor, case)


def take(actor: Actor, case: Case, target: AssignmentState, grounds: Grounds) -> None:
    """Carry out a step that was checked, and write its event."""
    values = CARRY_OUT[target](case, grounds)
    values |= {"state": str(target), "is_open": target in OPEN}
    note = "\n".join(filter(None, (grounds.reason, grounds.note))) or None
    case.tell(actor, f"assignment.{target}", {}, note, values)
    if target in (S.RETURNED, S.WITHDRAWN):
        follow_all(actor, case)


def withdraw_below(actor: Actor, case: Case, on: date) -> None:
    """Withdraw what was dispatched on under an assignment that ended."""
    below = select(Assignment).where(Assignment.parent_id == case.assignment.id, Assignment.is_open)
    for assignment in case.work.session.scalars(below.order_by(Assignment.number)).all():
        under = case_of(case.work, assignment)
        take(actor, under, S.WITHDRAWN, Grounds(on, f"{case.assignment.reference} 已终止"))
        withdraw_below(actor, under, on)


def check_grounds(assignment: Assignment, step: Step, grounds: Grounds, today: date) -> None:
    """Raise InvalidChange naming what *step* lacks, or what it does not take."""
    wrong = {}
    if step.needs and not grounds.reason:
        wrong["reason"] = NEEDED[Need.REASON]
    if grounds.suggested_office and step.target is not S.OBJECTION_PENDING:
        wrong["suggested_office"] = NOT_TAKEN
    wrong |= wrong_day(grounds.on, assignment.received_on or assignment.dispatched_on, today)
    if wrong:
        raise InvalidChange(fields=wrong)


def receive(case: Case, grounds: Grounds) -> Values:
    """Note the receipt, from which some limits are counted."""
    case.end(TaskKind.RECEIVE, on=grounds.on)
    case.start_clocks(CountFrom.RECEIPT, grounds.on)
    return {"received_on": grounds.on}


def proceed(case: Case, grounds: Grounds) -> Values:
    """Begin the work: whoever does so objects no more."""
    case.end(TaskKind.OBJECTION, on=grounds.on, outcome=TaskOutcome.VOID)
    return {}


def object_to(case: Case, grounds: Grounds) -> Values:
    """Object, within the window where there is one."""
    windows = select(Task).where(
        Task.assignment_id == case.assignment.id, Task.kind == TaskKind.OBJECTION.value
    )
    for task in case.work.session.scalars(windows).all():
        if task.due_on is not None and grounds.on > task.due_on:
            raise TooLate(what="object", what_zh="提出异议", day=task.due_on)
    case.end(TaskKind.OBJECTION, on=grounds.on)
    case.begin(TaskKind.DECIDE_OBJECTION, None, grounds.on, Desk.DISPATCHERS)
    office = grounds.suggested_office
    return {"objection": grounds.reason, "suggested_office_id": office.id if office else None}


def uphold(case: Case, grounds: Grounds) -> Values:
    """Let the office keep it; its clock never stopped."""
    case.end(TaskKind.DECIDE_OBJECTION, on=grounds.on)
    return {}


def give_back(case: Case, grounds: Grounds) -> Values:
    """Take it from the office, and look for another within the profile's limit."""
    case.end(TaskKind.DECIDE_OBJECTION, on=grounds.on)
    ended = stop(case, grounds)
    limit = case.limit(LimitKind.REDISPATCH)
    case.begin(TaskKind.REDISPATCH, limit, grounds.on, Desk.DISPATCHERS)
    return ended


def stop(case: Case, grounds: Grounds) -> Values:
    """End every clock of the assignment."""
    case.end(on=grounds.on, outcome=TaskOutcome.VOID)
    return {"ended_on": grounds.on}


CARRY_OUT = {
    S.RECEIVED: receive,
    S.IN_PROGRESS: proceed,
    S.OBJECTION_PENDING: object_to,
    S.UPHELD: uphold,
    S.RETURNED: give_back,
    S.WITHDRAWN: stop,
}
"""What each step does besides changing the state."""
