"""How far a proposal is, as its assignments tell."""

from sqlalchemy import select

from app.models import Assignment, Task
from app.rules.handling import ANSWERING, MOVING
from app.rules.permissions import Actor
from app.rules.vocabularies import AssignmentState, HandlingState, TaskKind
from app.services.cases import Case
from app.services.events import tell

S, A = HandlingState, AssignmentState
RATED = (TaskKind.FEEDBACK, TaskKind.ASSESS, TaskKind.REHANDLE)


def follow_proposal(actor: Actor, case: Case) -> None:
    """Let the proposal of *case* be as far as its assignments are, and write the event."""
    proposal, session = case.proposal, case.work.session
    if proposal.handling_state not in MOVING:
        return
    session.flush()
    found = state_of(case)
    if found != proposal.handling_state:
        values = {"handling_state": str(found)}
        tell(session, actor, proposal, f"proposal.{found}", {}, values=values)


def state_of(case: Case) -> HandlingState:
    """Return how far the proposal of *case* is.

    It is replied when every office that replies has, whether one round or another, and evaluated
    when no form and no assessment is waited for any more. What is withdrawn or returned does not
    count; an office to which one was dispatched on answers to the one above it.
    """
    now, states = S(case.proposal.handling_state), answering_states(case)
    if waits(case, (TaskKind.REDISPATCH,)):
        return S.IN_PROGRESS if now is not S.DISPATCHED else S.DISPATCHED
    if states == {A.ANSWERED}:
        return S.REPLIED if waits(case, RATED) else S.EVALUATED
    if waits(case, (TaskKind.REHANDLE,)):
        return S.REPROCESSING
    begun = now is not S.DISPATCHED or states & {A.IN_PROGRESS, A.ANSWERED}
    return S.IN_PROGRESS if begun else S.DISPATCHED


def answering_states(case: Case) -> set[AssignmentState]:
    """Return the states of the assignments whose offices reply to the proposers."""
    rows = select(Assignment.state).where(
        Assignment.proposal_id == case.proposal.id,
        Assignment.parent_id.is_(None),
        Assignment.role.in_([str(role) for role in ANSWERING]),
        Assignment.state.not_in([A.RETURNED.value, A.WITHDRAWN.value]),
    )
    return {A(state) for state in case.work.session.scalars(rows.distinct())}


def waits(case: Case, kinds: tuple[TaskKind, ...]) -> bool:
    """Return whether one of *kinds* is waited for in the proposal of *case*."""
    rows = select(Task.id).where(
        Task.proposal_id == case.proposal.id,
        Task.ended_on.is_(None),
        Task.kind.in_([str(kind) for kind in kinds]),
    )
    return case.work.session.scalar(rows.limit(1)) is not None
