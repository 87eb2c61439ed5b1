"""Promises: their steps, and the clocks that follow them over the years."""

from app.core.codes import CommitmentState, CountFrom, Need, RemarkKind, Unit
from app.core.rules.permissions import Actor, Permission
from app.core.rules.workflow import Step, Workflow
from app.deadlines.rules.deadlines import Limit

S, N = CommitmentState, Need
HANDLE, SIGN, REOPEN = Permission.HANDLE, Permission.SIGN, Permission.REOPEN
REASON = frozenset({N.REASON})

REMARKS: dict[RemarkKind, Permission] = {
    RemarkKind.EXPLANATION: HANDLE,
    RemarkKind.CONFIRMATION: HANDLE,
    RemarkKind.RATING: Permission.RATE,
    RemarkKind.LOOK_BACK: Permission.VERIFY,
}
"""What can be said of a promise, and who may say it."""

YEARLY = Limit(12, Unit.MONTHS, CountFrom.START)
"""How often an office confirms what it still owes."""


def may_take(actor: Actor, step: Step, office_id: int) -> bool:
    """Return whether *actor* may take *step* of a promise of the office with *office_id*."""
    own = actor.office_id == office_id or step.permission is REOPEN
    return own and actor.may(step.permission)


COMMITMENT = Workflow(
    name="commitment",
    record="commitment",
    thing=("承诺", "the commitment"),
    operation="moveCommitment",
    initial=S.OPEN,
    steps=(
        Step(S.OPEN, S.KEPT, HANDLE, frozenset({N.EVIDENCE})),
        Step(S.MISSED, S.KEPT, HANDLE, frozenset({N.EVIDENCE})),
        Step(S.MISSED, S.OPEN, HANDLE, frozenset({N.REASON, N.PROMISED_ON})),
        Step(S.OPEN, S.WITHDRAWN, SIGN, REASON),
        Step(S.MISSED, S.WITHDRAWN, SIGN, REASON),
        Step(S.KEPT, S.OPEN, REOPEN, REASON),
    ),
    may=may_take,
)
