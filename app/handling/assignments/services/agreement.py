"""Bringing a register of an earlier release to one truth: who has what, and until when."""

from collections.abc import Iterable

from sqlalchemy import select

from app.core.canonical_json import as_json
from app.core.codes import ActorKind, TaskKind
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ENDS, OBJECTING
from app.handling.assignments.rules import LIMITS
from app.handling.assignments.services.context import Case, Work, case_of
from app.models import Assignment, Proposal, Recommendation, Task
from app.register.recommendations.services.holders import end_all, sync_holders
from app.tasks.queries.holders import office_differences
from app.tasks.services import next_due, tasks

ASKED = (TaskKind.RECEIVE, TaskKind.REPLY, TaskKind.CO_OPINION, TaskKind.REHANDLE)
"""What an office is asked for, so that it has a day from the first moment."""


UPGRADE = Actor(ActorKind.SYSTEM, "upgrade")
"""Who acts where a migration has more to do than the tables."""


def agree(work: Work) -> int:
    """Let every recommendation be had by whom its assignments name, with days for all that waits.

    What changes is told in events. Return how many assignments and recommendations that were;
    nothing happens where all agree.
    """
    session = work.session
    dated = sum(give_days(case_of(work, own)) for own in without_days(work))
    ended = end_with_proposals(work)
    cases = {row.proposal_id for row, _ in office_differences(session)}
    handed = sum(sync_holders(session, UPGRADE, number) for number in sorted(cases))
    next_due.refresh_all(session)
    return dated + ended + handed


def without_days(work: Work) -> Iterable[Assignment]:
    """Return the open assignments that something is asked of without a day, in their order."""
    kinds = list(ASKED)
    undated = select(Task.assignment_id).where(
        Task.ended_on.is_(None), Task.limit.is_(None), Task.kind.in_(kinds)
    )
    roles = Assignment.role.in_(OBJECTING)
    rows = select(Assignment).where(Assignment.id.in_(undated), roles, Assignment.is_open)
    return work.session.scalars(rows.order_by(Assignment.id)).all()


def give_days(case: Case) -> bool:
    """Give what is asked of an office its day, also what is counted from the receipt; tell it."""
    session, calendar = case.work.session, case.work.book.calendar
    days: dict[str, object] = {}
    for task in case.waited_for(*ASKED):
        limit = case.limit(LIMITS[TaskKind(task.kind)], task.began_on)
        if task.limit is None and limit is not None:
            tasks.give_limit(session, task, limit, calendar)
            days[task.kind] = as_json(task.due_on)
    if case.assignment.received_on is None:
        known = [task.kind for task in case.waited_for()]
        for receipt in case.waited_for(TaskKind.RECEIVE):
            days |= {task.kind: as_json(task.due_on) for task in case.await_receipt(receipt, known)}
    if days:
        case.tell(UPGRADE, "assignment.dated", {"days": (None, sorted(map(list, days.items())))})
    return bool(days)


def end_with_proposals(work: Work) -> int:
    """End the recommendations of proposals that ended; return how many there were."""
    session, number = work.session, 0
    states = list(ENDS)
    ended = select(Proposal).where(Proposal.handling_state.in_(states)).order_by(Proposal.id)
    for proposal in session.scalars(ended).all():
        stands = select(Recommendation.id).where(
            Recommendation.proposal_id == proposal.id, Recommendation.ended_as.is_(None)
        )
        left = len(session.scalars(stands).all())
        if left:
            end_all(session, UPGRADE, proposal.id, proposal.handling_state)
        number += left
    return number
