"""The steps of an assignment: who may take each, and what it needs."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.core.codes import AssignmentState, HandlingState, LimitKind, Need, TaskKind
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import OBJECTING
from app.core.rules.workflow import Step, Workflow

S, N = AssignmentState, Need
HANDLE, DISPATCH = Permission.HANDLE, Permission.DISPATCH

BY_ASSIGNED = frozenset({Permission.HANDLE, Permission.SIGN})
"""Permissions that hold only for what was dispatched to the actor's office."""

BY_OFFICE_ABOVE = frozenset({Permission.DISPATCH})
"""Permissions that the head of an office also has over what that office dispatched on."""

OPEN = frozenset({S.PENDING, S.RECEIVED, S.IN_PROGRESS, S.OBJECTION_PENDING, S.UPHELD})
"""States in which an office still has the assignment."""


LIMITS = {
    TaskKind.RECEIVE: LimitKind.RECEIPT,
    TaskKind.OBJECTION: LimitKind.OBJECTION,
    TaskKind.CO_OPINION: LimitKind.CO_OPINION,
    TaskKind.REPLY: LimitKind.REPLY,
    TaskKind.REDISPATCH: LimitKind.REDISPATCH,
    TaskKind.REHANDLE: LimitKind.REHANDLING,
    TaskKind.FEEDBACK: LimitKind.FEEDBACK,
    TaskKind.PUBLISH: LimitKind.PUBLICATION,
}
"""What is waited for in an assignment → the limit of the profile that gives its day."""

OBJECTS = frozenset({N.REASON})

DISPATCHABLE = frozenset(
    {
        HandlingState.FILED,
        HandlingState.DISPATCHED,
        HandlingState.IN_PROGRESS,
        HandlingState.REPROCESSING,
    }
)
"""States of a proposal in which offices can be given it."""


MOVING = frozenset(
    {
        HandlingState.DISPATCHED,
        HandlingState.IN_PROGRESS,
        HandlingState.REPROCESSING,
        HandlingState.REPLIED,
        HandlingState.EVALUATED,
    }
)
"""States of a proposal that follow from its assignments; in the others offices do nothing."""


@dataclass(frozen=True)
class Situation:
    """What else decides on the steps of an assignment besides its state.

    It *moves* as long as its proposal is handled; the office may have *received* it already, and
    may object, unless it is only informed; after a return it *seeks* another office.
    """

    moves: bool = True
    received: bool = False
    objects: bool = True
    seeks: bool = False

    def forbids(self, step: Step) -> bool:
        """Return whether *step*, which the state allows, is none here."""
        return (
            not self.moves
            or (step.target is S.RECEIVED and self.received)
            or (step.source is S.UPHELD and step.target is S.IN_PROGRESS and not self.received)
            or (step.target is S.OBJECTION_PENDING and not self.objects)
            or (step.source is S.RETURNED and not self.seeks)
        )


def dispatched_on(actor: Actor, above_id: int | None) -> bool:
    """Return whether *actor* heads the office *above_id*, which dispatched an assignment on."""
    above = above_id is not None and actor.office_id == above_id
    return above and actor.may(Permission.FORWARD)


def may_take(actor: Actor, step: Step, office_id: int, above_id: int | None) -> bool:
    """Return whether *actor* may take *step* of an assignment, or of its reply.

    It is that of *office_id*, dispatched on by *above_id* (None: by the dispatchers).
    """
    if step.permission in BY_OFFICE_ABOVE and dispatched_on(actor, above_id):
        return True
    own = step.permission not in BY_ASSIGNED or actor.office_id == office_id
    return own and actor.may(step.permission)


def is_insider(actor: Actor, office_id: int, above_id: int | None) -> bool:
    """Return whether *actor* may read why an office objected or asked for more time.

    *above_id* is the office that dispatched the assignment on, where one did.
    """
    own = actor.office_id in (office_id, above_id) and actor.office_id is not None
    return (own and actor.may(Permission.SEE_HANDLED)) or actor.may(Permission.SEE_INTERNAL)


def may_object(role: str, until: date | None, today: date) -> bool:
    """Return whether an office in *role* may object, and still has time until *until*."""
    return role in OBJECTING and (until is None or today <= until)


ASSIGNMENT = Workflow(
    name="assignment",
    record="assignment",
    thing=("交办件", "the assignment"),
    operation="moveAssignment",
    initial=S.PENDING,
    steps=(
        Step(S.PENDING, S.RECEIVED, HANDLE),
        Step(S.PENDING, S.OBJECTION_PENDING, HANDLE, OBJECTS),
        Step(S.RECEIVED, S.IN_PROGRESS, HANDLE),
        Step(S.RECEIVED, S.OBJECTION_PENDING, HANDLE, OBJECTS),
        Step(S.UPHELD, S.RECEIVED, HANDLE),
        Step(S.UPHELD, S.IN_PROGRESS, HANDLE),
        Step(S.OBJECTION_PENDING, S.UPHELD, DISPATCH, OBJECTS),
        Step(S.OBJECTION_PENDING, S.RETURNED, DISPATCH),
        *(Step(state, S.WITHDRAWN, DISPATCH, OBJECTS) for state in S if state in OPEN),
        Step(S.RETURNED, S.WITHDRAWN, DISPATCH, OBJECTS),
    ),
    may=may_take,
)
"""What was returned is withdrawn where no other office is looked for after all."""


@cache
def assignment_in(situation: Situation) -> Workflow:
    """Return the steps that an assignment has in a *situation*; there are sixteen."""
    return ASSIGNMENT.within(lambda step: not situation.forbids(step))
