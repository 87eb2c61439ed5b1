"""The steps of a recommendation on its two axes: who may take each, and what it needs.

The source is the register's own domain paper: the office claims, someone else verifies.
"""

from app.core.codes import Acceptance, Axis, Need, OfficeRole, Progress
from app.core.rules.permissions import BY_OFFICE, Actor, Permission
from app.core.rules.workflow import Step, Workflow

P, A, N = Progress, Acceptance, Need
REPORT, DECIDE = Permission.REPORT, Permission.DECIDE
VERIFY, REOPEN = Permission.VERIFY, Permission.REOPEN

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

LOOKING_BACK = Step(P.VERIFIED, P.VERIFIED, VERIFY, frozenset({N.OTHER_OFFICE}))
"""Finding that what was verified still stands: no step of a workflow, but allowed like one."""


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


PROGRESS = Workflow(
    name="recommendation.progress",
    record="recommendation",
    thing=(Axis.PROGRESS.zh, Axis.PROGRESS.en),
    operation="moveRecommendation",
    axis=Axis.PROGRESS,
    initial=P.NOT_STARTED,
    steps=(*FORWARD, *ASIDE, *BACK),
    may=may_take,
)

ACCEPTANCE = Workflow(
    name="recommendation.acceptance",
    record="recommendation",
    thing=(Axis.ACCEPTANCE.zh, Axis.ACCEPTANCE.en),
    operation="moveRecommendation",
    axis=Axis.ACCEPTANCE,
    initial=A.UNDECIDED,
    steps=DECISIONS,
    may=may_take,
)

AXES = {Axis.PROGRESS: PROGRESS, Axis.ACCEPTANCE: ACCEPTANCE}
