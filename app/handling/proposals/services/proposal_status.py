"""How far a proposal is, as its assignments tell."""

from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_change
from app.core.codes import AssignmentState, Desk, HandlingState, TaskKind
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING, GIVEN_BACK, OUT
from app.handling.assignments.rules import MOVING
from app.handling.assignments.services.context import Case, answers_proposers
from app.models import Assignment, Recommendation, Reply, ReplyPoint, Task
from app.tasks.queries.holders import members
from app.tasks.services import tasks

S, A = HandlingState, AssignmentState
RATED = (TaskKind.FEEDBACK, TaskKind.ASSESS, TaskKind.REHANDLE)


def sync_proposal_status(actor: Actor, case: Case) -> None:
    """Let the proposal of *case* be as far as its assignments are, and write the event."""
    proposal, session = case.proposal, case.work.session
    if proposal.handling_state not in MOVING:
        return
    session.flush()
    states = answering_states(case)
    left = gap(case, states)
    found = state_of(case, states, left)
    record_gap(actor, case, left)
    if found != proposal.handling_state:
        values = {"handling_state": found}
        record_change(session, actor, proposal, f"proposal.{found}", {}, values=values)


def state_of(case: Case, states: set[AssignmentState], left: list[str]) -> HandlingState:
    """Return how far the proposal of *case* is, by its *states* and what is *left* out.

    It is replied when every office that replies has, whether one round or another, and nothing is
    left out; evaluated when no form and no assessment is waited for any more. What is withdrawn or
    returned does not count; an office to which one was dispatched on answers to the one above it.
    """
    now, where = S(case.proposal.handling_state), (case.work.session, case.proposal.id)
    if not waits(*where, (TaskKind.REDISPATCH,)):
        if states == {A.ANSWERED} and not left:
            return S.REPLIED if waits(*where, RATED) else S.EVALUATED
        if waits(*where, (TaskKind.REHANDLE,)):
            return S.REPROCESSING
    begun = now is not S.DISPATCHED or states & {A.IN_PROGRESS, A.ANSWERED}
    return S.IN_PROGRESS if begun else S.DISPATCHED


def gap(case: Case, states: set[AssignmentState]) -> list[str]:
    """Return the recommendations that are left out, by reference: given to nobody who answers.

    Once all offices have replied (see *states*) it is those that no reply answers. What was
    returned or withdrawn answers nothing; what another office is looked for is no gap.
    """
    session, number = case.work.session, case.proposal.id
    replied = states == {A.ANSWERED}
    if not replied and is_whole(case):
        return []
    covered = answered_in(number) if replied else given_in(number)
    rows = select(Recommendation.reference).where(
        Recommendation.proposal_id.in_(members(session, number)),
        Recommendation.id.not_in(covered),
    )
    return list(session.scalars(rows.order_by(Recommendation.id)))


def standing_answers(proposal_id: int) -> list[Any]:
    """Return the conditions on assignments that answer the proposers, and were not given back."""
    gone = list(GIVEN_BACK)
    return [*answers_proposers(proposal_id), Assignment.state.not_in(gone)]


def answered_in(proposal_id: int) -> Select:
    """Return the SELECT of the recommendations that a reply answers."""
    return (
        select(ReplyPoint.recommendation_id)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .join(Assignment, Assignment.id == Reply.assignment_id)
        .where(*standing_answers(proposal_id), Reply.state.in_(OUT))
    )


def given_in(proposal_id: int) -> CompoundSelect:
    """Return the SELECT of the recommendations that were given, or are given again, one by one."""
    given = select(Assignment.recommendation_id).where(
        *standing_answers(proposal_id), Assignment.recommendation_id.is_not(None)
    )
    sought = select(Task.recommendation_id).where(
        *looked_for(proposal_id), Task.recommendation_id.is_not(None)
    )
    return given.union_all(sought)


def looked_for(proposal_id: int) -> list[Any]:
    """Return the conditions on tasks to find another office that answers the proposers."""
    return [
        Task.proposal_id == proposal_id,
        Task.kind == TaskKind.REDISPATCH,
        Task.ended_on.is_(None),
        Task.role.in_(ANSWERING),
    ]


def is_whole(case: Case) -> bool:
    """Return whether the proposal of *case* was given as a whole, or an office is looked for."""
    session, number = case.work.session, case.proposal.id
    given = select(Assignment.id).where(
        *standing_answers(number), Assignment.recommendation_id.is_(None)
    )
    sought = select(Task.id).where(*looked_for(number), Task.recommendation_id.is_(None))
    return any(session.scalar(rows.limit(1)) is not None for rows in (given, sought))


def record_gap(actor: Actor, case: Case, left: list[str], on: date | None = None) -> None:
    """Let the dispatchers see what is *left* out; what is not any more was given *on* a day."""
    session, today = case.work.session, case.work.today
    waiting = tasks.open_tasks(session, case.proposal, TaskKind.DISPATCH)
    if left and not waiting:
        tasks.begin(
            session,
            case.proposal,
            tasks.TaskInput(
                kind=TaskKind.DISPATCH,
                on=today,
                publication=case.proposal.publication,
                desk=Desk.DISPATCHERS,
            ),
        )
        changes = {"unanswered": (None, left)}
        record_change(session, actor, case.proposal, "proposal.left_out", changes)
    for task in waiting if not left else ():
        tasks.end(session, task, max(on or today, task.began_on or today))
        record_change(session, actor, case.proposal, "proposal.all_given", {})


def answering_states(case: Case) -> set[AssignmentState]:
    """Return the states of the assignments whose offices reply to the proposers."""
    rows = select(Assignment.state).where(*standing_answers(case.proposal.id))
    return {A(state) for state in case.work.session.scalars(rows.distinct())}


def waits(session: Session, proposal_id: int, kinds: tuple[TaskKind, ...]) -> bool:
    """Return whether one of *kinds* is waited for in a proposal."""
    rows = select(Task.id).where(
        Task.proposal_id == proposal_id,
        Task.ended_on.is_(None),
        Task.kind.in_(kinds),
    )
    return session.scalar(rows.limit(1)) is not None
