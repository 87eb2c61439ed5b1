"""How far a proposal is, as its assignments tell."""

from sqlalchemy import select

from app.models import Assignment, Recommendation, Reply, ReplyPoint, Task
from app.rules.handling import GIVEN_BACK, MOVING
from app.rules.permissions import Actor
from app.rules.replies import OUT
from app.rules.vocabularies import AssignmentState, Desk, HandlingState, TaskKind
from app.services import tasks
from app.services.cases import Case, answers_proposers, members
from app.services.events import tell

S, A = HandlingState, AssignmentState
RATED = (TaskKind.FEEDBACK, TaskKind.ASSESS, TaskKind.REHANDLE)


def follow_proposal(actor: Actor, case: Case) -> None:
    """Let the proposal of *case* be as far as its assignments are, and write the event."""
    proposal, session = case.proposal, case.work.session
    if proposal.handling_state not in MOVING:
        return
    session.flush()
    states = answering_states(case)
    left = gap(case, states)
    found = state_of(case, states, left)
    follow_gap(actor, case, left)
    if found != proposal.handling_state:
        values = {"handling_state": str(found)}
        tell(session, actor, proposal, f"proposal.{found}", {}, values=values)


def state_of(case: Case, states: set[AssignmentState], left: list[str]) -> HandlingState:
    """Return how far the proposal of *case* is, by its *states* and what is *left* out.

    It is replied when every office that replies has, whether one round or another, and nothing is
    left out; evaluated when no form and no assessment is waited for any more. What is withdrawn or
    returned does not count; an office to which one was dispatched on answers to the one above it.
    """
    now = S(case.proposal.handling_state)
    if not waits(case, (TaskKind.REDISPATCH,)):
        if states == {A.ANSWERED} and not left:
            return S.REPLIED if waits(case, RATED) else S.EVALUATED
        if waits(case, (TaskKind.REHANDLE,)):
            return S.REPROCESSING
    begun = now is not S.DISPATCHED or states & {A.IN_PROGRESS, A.ANSWERED}
    return S.IN_PROGRESS if begun else S.DISPATCHED


def gap(case: Case, states: set[AssignmentState]) -> list[str]:
    """Return what no reply answers, by reference, once all offices have sent one; see *states*."""
    session = case.work.session
    if states != {A.ANSWERED}:
        return []
    answered = (
        select(ReplyPoint.recommendation_id)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .join(Assignment, Assignment.id == Reply.assignment_id)
        .where(*answers_proposers(case.proposal.id), Reply.state.in_([str(state) for state in OUT]))
    )
    rows = select(Recommendation.reference).where(
        Recommendation.proposal_id.in_(members(session, case.proposal.id)),
        Recommendation.id.not_in(answered),
    )
    return list(session.scalars(rows.order_by(Recommendation.id)))


def follow_gap(actor: Actor, case: Case, left: list[str]) -> None:
    """Let the dispatchers see that all offices have replied, and what is *left* out."""
    session, today = case.work.session, case.work.today
    waiting = tasks.open_tasks(session, case.proposal, TaskKind.DISPATCH)
    if left and not waiting:
        tasks.begin(
            session, case.proposal, TaskKind.DISPATCH, today,
            publication=case.proposal.publication, desk=Desk.DISPATCHERS,
        )  # fmt: skip
        told = {"unanswered": (None, left)}
        tell(session, actor, case.proposal, "proposal.left_out", told)
    for task in waiting if not left else ():
        tasks.end(session, task, today)
        tell(session, actor, case.proposal, "proposal.all_given", {})


def answering_states(case: Case) -> set[AssignmentState]:
    """Return the states of the assignments whose offices reply to the proposers."""
    rows = select(Assignment.state).where(
        *answers_proposers(case.proposal.id),
        Assignment.state.not_in([str(state) for state in GIVEN_BACK]),
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
