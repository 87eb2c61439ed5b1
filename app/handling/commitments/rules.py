"""Promises: their steps, and the clocks that follow them over the years."""

from app.core.codes import CommitmentState, CountFrom, Need, RemarkKind, Unit
from app.core.rules.permissions import Actor, Permission
from app.core.rules.workflow import Step, leading_from, step_to
from app.deadlines.rules.deadlines import Limit

S, N = CommitmentState, Need
HANDLE, SIGN, REOPEN = Permission.HANDLE, Permission.SIGN, Permission.REOPEN
REASON = frozenset({N.REASON})

STEPS = (
    Step(S.OPEN, S.KEPT, HANDLE, frozenset({N.EVIDENCE})),
    Step(S.MISSED, S.KEPT, HANDLE, frozenset({N.EVIDENCE})),
    Step(S.MISSED, S.OPEN, HANDLE, frozenset({N.REASON, N.PROMISED_ON})),
    Step(S.OPEN, S.WITHDRAWN, SIGN, REASON),
    Step(S.MISSED, S.WITHDRAWN, SIGN, REASON),
    Step(S.KEPT, S.OPEN, REOPEN, REASON),
)


REMARKS: dict[RemarkKind, Permission] = {
    RemarkKind.EXPLANATION: HANDLE,
    RemarkKind.CONFIRMATION: HANDLE,
    RemarkKind.RATING: Permission.RATE,
    RemarkKind.LOOK_BACK: Permission.VERIFY,
}
"""What can be said of a promise, and who may say it."""

YEARLY = Limit(12, Unit.MONTHS, CountFrom.START)
"""How often an office confirms what it still owes."""


def steps_from(state: str) -> list[Step]:
    """Return the steps that lead away from *state*."""
    return leading_from(STEPS, state)


def find_step(state: str, target: CommitmentState) -> Step | None:
    """Return the step from *state* to *target*, or None where there is none."""
    return step_to(STEPS, state, target)


def may_take(actor: Actor, step: Step, office_id: int) -> bool:
    """Return whether *actor* may take *step* of a promise of the office with *office_id*."""
    own = actor.office_id == office_id or step.permission is REOPEN
    return own and actor.may(step.permission)
