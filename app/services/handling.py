"""What an office does with what was dispatched to it, and what dispatchers decide about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import as_json
from app.errors import InvalidChange, NotAllowedNow, PermissionDenied, TooLate
from app.models import Assignment, Organization, Task
from app.rules.handling import OPEN, find_step, steps_from
from app.rules.permissions import Actor, Permission
from app.rules.vocabularies import (
    AssignmentState,
    CountFrom,
    Desk,
    LimitKind,
    TaskKind,
    TaskOutcome,
)
from app.rules.workflow import Step
from app.services.cases import Case, Work, case_of
from app.services.events import record_event
from app.services.permissions import require

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
        raise not_allowed(assignment, target)
    require_part(actor, assignment, step)
    check_grounds(assignment, step, grounds, work.today)
    values = CARRY_OUT[target](case_of(work, assignment), grounds)
    values |= {"state": str(target), "is_open": target in OPEN}
    changes = {
        name: (as_json(getattr(assignment, name)), as_json(value))
        for name, value in values.items()
        if getattr(assignment, name) != value
    }
    for name, value in values.items():  # at the end: one change of the record, with its event
        setattr(assignment, name, value)
    record_event(
        work.session,
        actor,
        assignment,
        f"assignment.{target}",
        changes,
        reference=assignment.reference,
        note="\n".join(filter(None, (grounds.reason, grounds.note))) or None,
    )
    work.session.flush()


def not_allowed(assignment: Assignment, target: AssignmentState) -> NotAllowedNow:
    """Return the refusal of a step that there is not."""
    source = S(assignment.state)
    choices = {step.target for step in steps_from(source, assignment.received_on is not None)}
    return NotAllowedNow(
        axis="the assignment",
        axis_zh="交办件",
        source=source,
        source_zh=source.zh,
        target=target,
        target_zh=target.zh,
        choices=", ".join(sorted(choices)) or "nothing",
        choices_zh="、".join(sorted(choice.zh for choice in choices)) or "无",
    )


def require_own(actor: Actor, assignment: Assignment) -> None:
    """Raise PermissionDenied when *assignment* is not one of the actor's office."""
    if actor.office_id != assignment.office_id:
        raise PermissionDenied(
            reason_zh="这是交办给其他单位的", reason_en="this was dispatched to another office"
        )


def require_part(actor: Actor, assignment: Assignment, step: Step) -> None:
    """Raise PermissionDenied when *actor* may not take *step* of this assignment."""
    require(actor, step.permission)
    if step.permission is Permission.HANDLE:
        require_own(actor, assignment)


def check_grounds(assignment: Assignment, step: Step, grounds: Grounds, today: date) -> None:
    """Raise InvalidChange naming what *step* lacks, or what it does not take."""
    wrong = {}
    if step.needs and not grounds.reason:
        wrong["reason"] = ("必须说明理由", "a reason is needed")
    if grounds.suggested_office and step.target is not S.OBJECTION_PENDING:
        wrong["suggested_office"] = ("这一步不需要填写", "this step does not take it")
    begun = assignment.received_on or assignment.dispatched_on
    if grounds.on > today:
        wrong["on"] = ("不能晚于今天", "must not be later than today")
    elif grounds.on < begun:
        wrong["on"] = (f"不能早于 {begun}", f"must not be before {begun}")
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
