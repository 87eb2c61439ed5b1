"""What an actor may do to an assignment, and who takes the steps that they may not."""

from dataclasses import replace
from functools import partial

from sqlalchemy.orm import Session

from app.core.errors import NotAllowedNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.workflow import WHO, Step, Workflow
from app.core.services.authorization import require, require_office
from app.handling.assignments.rules import dispatched_on, may_take
from app.models import Assignment


def require_own(actor: Actor, assignment: Assignment) -> None:
    """Raise PermissionDenied when *assignment* is not one of the actor's office."""
    require_office(actor, assignment.office_id)


def require_part(session: Session, actor: Actor, assignment: Assignment, step: Step) -> None:
    """Raise PermissionDenied when *actor* may not take *step* of this assignment or its reply."""
    if may_take(actor, step, assignment.office_id, office_above(session, assignment)):
        return
    require(actor, step.permission)
    require_own(actor, assignment)


def require_dispatch(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Raise PermissionDenied when *actor* dispatched this neither as dispatcher nor on."""
    if not dispatched_on(actor, office_above(session, assignment)):
        require(actor, Permission.DISPATCH)


def office_above(session: Session, assignment: Assignment) -> int | None:
    """Return the id of the office that dispatched *assignment* on; None: dispatchers gave it."""
    if assignment.parent_id is None:
        return None
    return session.get_one(Assignment, assignment.parent_id).office_id


WHO_ABOVE: Sentence = (
    "转交它的单位的负责人或交办人员",
    "the head of the office that dispatched it on, or dispatchers",
)
"""Who takes the steps of dispatchers where an office dispatched an assignment on."""


def refusal_of(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    workflow: Workflow,
    states: tuple[str, str],
) -> NotAllowedNow:
    """Return the refusal of a step of *assignment* or of its reply, between these *states*."""
    above = office_above(session, assignment)
    who = WHO if above is None else WHO | {Permission.DISPATCH: WHO_ABOVE}
    may = partial(workflow.may, actor, office_id=assignment.office_id, above_id=above)
    steps = sorted(workflow.steps, key=lambda step: step.target)
    return replace(workflow, steps=tuple(steps)).refusal(*states, may, who)
