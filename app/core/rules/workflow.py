"""The steps of a recommendation on its two axes: who may take each, and what it needs.

The source is the register's own domain paper: the office claims, someone else verifies.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.codes import (
    Acceptance,
    Axis,
    LabelledEnum,
    Need,
    OfficeRole,
    Progress,
)
from app.core.rules.permissions import BY_OFFICE, Actor, Permission

REPORT = Permission.REPORT
DECIDE = Permission.DECIDE
VERIFY = Permission.VERIFY
REOPEN = Permission.REOPEN


@dataclass(frozen=True)
class Step:
    """One allowed move: from *source* to *target*, by *permission*, with what it *needs*."""

    source: LabelledEnum
    target: LabelledEnum
    permission: Permission
    needs: frozenset[Need] = frozenset()


P, A, N = Progress, Acceptance, Need

FORWARD = (
    Step(P.NOT_STARTED, P.PLANNED, REPORT),
    Step(P.NOT_STARTED, P.IN_PROGRESS, REPORT),
    Step(P.PLANNED, P.IN_PROGRESS, REPORT),
    Step(P.IN_PROGRESS, P.IMPLEMENTED, DECIDE, frozenset({N.EVIDENCE})),
    Step(P.IMPLEMENTED, P.VERIFIED, VERIFY, frozenset({N.OTHER_OFFICE})),
    Step(P.IMPLEMENTED, P.IN_PROGRESS, VERIFY, frozenset({N.OTHER_OFFICE, N.REASON})),
)

ASIDE = tuple(
    Step(source, target, permission, frozenset(needs))
    for source in (P.NOT_STARTED, P.PLANNED, P.IN_PROGRESS, P.STALLED, P.DEFERRED)
    for target, permission, needs in (
        (P.STALLED, REPORT, {N.REASON}),
        (P.DEFERRED, DECIDE, {N.REASON, N.REVIEW_ON}),
        (P.NOT_PURSUED, DECIDE, {N.REASON}),
        (P.SUPERSEDED, DECIDE, {N.SUPERSEDED_BY}),
    )
    if target is not source
)

BACK = (
    Step(P.STALLED, P.PLANNED, REPORT),
    Step(P.STALLED, P.IN_PROGRESS, REPORT),
    Step(P.DEFERRED, P.PLANNED, REPORT),
    Step(P.DEFERRED, P.IN_PROGRESS, REPORT),
    Step(P.VERIFIED, P.IN_PROGRESS, REOPEN, frozenset({N.REASON})),
    Step(P.NOT_PURSUED, P.PLANNED, REOPEN, frozenset({N.REASON})),
    Step(P.SUPERSEDED, P.PLANNED, REOPEN, frozenset({N.REASON})),
)

DECISIONS = tuple(
    Step(source, target, DECIDE, frozenset(needs))
    for source in Acceptance
    for target, needs in (
        (A.ACCEPTED, set() if source is A.UNDECIDED else {N.REASON}),
        (A.PARTLY_ACCEPTED, {N.REASON}),
        (A.NOT_ACCEPTED, {N.REASON}),
        (A.REFERRED_UP, {N.REASON}),
    )
    if target is not source
)

STEPS: dict[Axis, tuple[Step, ...]] = {
    Axis.PROGRESS: FORWARD + ASIDE + BACK,
    Axis.ACCEPTANCE: DECISIONS,
}

OPEN = frozenset({P.NOT_STARTED, P.PLANNED, P.IN_PROGRESS, P.IMPLEMENTED, P.STALLED, P.DEFERRED})
"""States in which a recommendation still waits for something; reports may be added."""

UNDONE = OPEN - {P.IMPLEMENTED}
"""States in which a due date that has passed makes a recommendation overdue."""

LOOKING_BACK = Step(P.VERIFIED, P.VERIFIED, VERIFY, frozenset({N.OTHER_OFFICE}))
"""Finding that what was verified still stands: no step of a workflow, but allowed like one."""


def leading_from(steps: Iterable[Step], source: str) -> list[Step]:
    """Return those of *steps* that lead away from *source*."""
    return [step for step in steps if step.source == source]


def step_to(steps: Iterable[Step], source: str, target: str) -> Step | None:
    """Return the one of *steps* from *source* to *target*, or None where there is none."""
    return next((step for step in leading_from(steps, source) if step.target == target), None)


def judges_itself(actor: Actor, step: Step, claimed_by_office_id: int | None) -> bool:
    """Return whether *step* needs another office than the one that claimed, the actor's own."""
    return Need.OTHER_OFFICE in step.needs and actor.office_id == claimed_by_office_id


def may_take(
    actor: Actor, step: Step, part: OfficeRole | None, claimed_by_office_id: int | None
) -> bool:
    """Return whether *actor*, whose office has *part* in it, may take *step* of a recommendation.

    What the step needs is another matter. What several offices answer separately none of them
    decides on alone.
    """
    if part is OfficeRole.SEPARATE and isinstance(step.source, Acceptance):
        return False
    if not actor.may(step.permission) or judges_itself(actor, step, claimed_by_office_id):
        return False
    return step.permission not in BY_OFFICE or part in BY_OFFICE[step.permission]


def find_step(axis: Axis, source: str, target: str) -> Step | None:
    """Return the step of *axis* from *source* to *target*, or None where there is none."""
    return step_to(STEPS[axis], source, target)


def steps_from(axis: Axis, source: str) -> list[Step]:
    """Return the steps of *axis* that lead away from *source*."""
    return leading_from(STEPS[axis], source)
