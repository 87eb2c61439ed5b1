"""The steps of an assignment: who may take each, and what it needs."""

from datetime import date

from app.rules.permissions import Permission
from app.rules.vocabularies import AssignmentRole, AssignmentState, HandlingState, Need, Vocabulary
from app.rules.workflow import Step, leading_from, step_to

S, N = AssignmentState, Need
HANDLE, DISPATCH = Permission.HANDLE, Permission.DISPATCH

BY_ASSIGNED = frozenset({Permission.HANDLE, Permission.SIGN})
"""Permissions that hold only for what was dispatched to the actor's office."""

OPEN = frozenset({S.PENDING, S.RECEIVED, S.IN_PROGRESS, S.OBJECTION_PENDING, S.UPHELD})
"""States in which an office still has the assignment."""

OBJECTS = frozenset({N.REASON})

STEPS = (
    Step(S.PENDING, S.RECEIVED, HANDLE),
    Step(S.PENDING, S.OBJECTION_PENDING, HANDLE, OBJECTS),
    Step(S.RECEIVED, S.IN_PROGRESS, HANDLE),
    Step(S.RECEIVED, S.OBJECTION_PENDING, HANDLE, OBJECTS),
    Step(S.UPHELD, S.RECEIVED, HANDLE),
    Step(S.UPHELD, S.IN_PROGRESS, HANDLE),
    Step(S.OBJECTION_PENDING, S.UPHELD, DISPATCH, OBJECTS),
    Step(S.OBJECTION_PENDING, S.RETURNED, DISPATCH),
    *(Step(state, S.WITHDRAWN, DISPATCH, OBJECTS) for state in S if state in OPEN),
)

ANSWERING = frozenset({AssignmentRole.LEAD, AssignmentRole.SEPARATE, AssignmentRole.SOLE})
"""Roles whose office replies to the proposers."""

ALONE = frozenset({AssignmentRole.LEAD, AssignmentRole.SOLE})
"""Roles of which a proposal, or a recommendation, has one at a time."""

DISPATCHABLE = frozenset({HandlingState.FILED, HandlingState.DISPATCHED, HandlingState.IN_PROGRESS})
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


def steps_from(state: str, received: bool, objects: bool = True) -> list[Step]:
    """Return the steps that lead away from *state*.

    What was *received* is not received again; *objects* says that there is still time to object.
    """
    no_more = {S.RECEIVED} if received else {S.IN_PROGRESS} if state == S.UPHELD else set()
    no_more |= set() if objects else {S.OBJECTION_PENDING}
    return [step for step in leading_from(STEPS, state) if step.target not in no_more]


def may_object(until: date | None, today: date) -> bool:
    """Return whether there is still time to object, where the window ends on *until*."""
    return until is None or today <= until


def find_step(state: str, target: Vocabulary, received: bool) -> Step | None:
    """Return the step from *state* to *target*, or None where there is none."""
    return step_to(steps_from(state, received), state, target)
