"""What the intake office decides about a proposal: review, filing, merging, ending."""

from datetime import date
from functools import partial

from sqlalchemy import select

from app.audit.services.recorder import record_change
from app.core.canonical_json import as_json
from app.core.codes import (
    AssignmentState,
    Desk,
    HandlingState,
    LabelledEnum,
    LimitKind,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ENDS
from app.core.rules.workflow import Step
from app.core.services.authorization import require
from app.core.types import Values
from app.deadlines.rules.deadlines import Limit, deadline
from app.deadlines.rules.rulebook import level_of
from app.handling.assignments.services import assignment_transitions
from app.handling.assignments.services.context import Work, case_of, place_of
from app.handling.assignments.services.step_days import dated
from app.handling.commitments.services import commitment_creation, commitments
from app.handling.proposals.rules import PROPOSAL, RELEASES
from app.handling.proposals.services.cosigning import settle
from app.handling.proposals.services.proposal_checks import ProposalTransition, validate_transition
from app.handling.proposals.services.proposals import check_case_no
from app.handling.worklists.services import raise_again
from app.models import Assignment, Proposal, Task
from app.register.recommendations.services import holders
from app.register.recommendations.services.holders import end_all, restore_all, sync_holders
from app.tasks.services import tasks

S = HandlingState


def move(
    actor: Actor, proposal: Proposal, target: HandlingState, grounds: ProposalTransition, work: Work
) -> None:
    """Submit, review, file, merge, transfer, withdraw, close or archive *proposal*.

    Withdrawing stops every clock; what is closed and still planned goes on as a promise. What it
    asks ends with a proposal that is withdrawn, transferred or not filed; a step back restores it.
    All of it is of the day on which the step was taken. Submitting leaves out who did not cosign.
    Raises Awaited while some may still, NotAllowedNow, PermissionDenied, InvalidChange,
    AlreadyExists for a case number that another proposal of the session has.
    """
    step = PROPOSAL.find(proposal.handling_state, target)
    if step is None:
        may = partial(PROPOSAL.may, actor)
        raise PROPOSAL.refusal(proposal.handling_state, target, may)
    require(actor, step.permission)
    work = dated(work, grounds.on or work.today, grounds.paper)
    wrong = dict(validate_transition(work, proposal, step, grounds))
    if wrong:
        raise InvalidChange(fields=wrong)
    back = proposal.case_no if proposal.handling_state == S.WITHDRAWN else None
    check_case_no(work.session, proposal, grounds.case_no or back)
    prepare(actor, proposal, target, grounds, work)
    changes = {"done_on": (None, work.today.isoformat()), **work.grounds}
    changes |= settle(actor, proposal, work) if target is S.SUBMITTED else {}
    await_next(proposal, step, work)
    values = values_of(step, grounds, work.today)
    record_change(
        work.session, actor, proposal, f"proposal.{target}", changes, grounds.reason, values
    )
    sync_after_step(actor, proposal, step, work)


def prepare(
    actor: Actor, proposal: Proposal, target: HandlingState, grounds: ProposalTransition, work: Work
) -> None:
    """End or hand over what hangs on *proposal* before it takes its step."""
    if target in ENDS:
        end_all(work.session, actor, proposal.id, target)
    if target is S.WITHDRAWN:
        withdraw_all(actor, proposal, grounds.reason or "", work)
    if target is S.CLOSED:
        drop(actor, proposal, work, but=(TaskKind.PUBLISH,))  # forms not returned do not count
        commitment_creation.keep_unpromised(actor, proposal, work)
    if grounds.into is not None:
        keep_earlier_clock(actor, proposal, grounds.into, work)


def sync_after_step(actor: Actor, proposal: Proposal, step: Step, work: Work) -> None:
    """Let what hangs on *proposal* follow the step that it took."""
    if step.source in ENDS:
        restore_all(work.session, actor, proposal.id)
    if step.target is S.MERGED:
        sync_holders(work.session, actor, proposal.id)
    if step.target is S.FILED:
        raise_again(actor, proposal, work)
    if step.target in RELEASES:
        release(actor, proposal, HandlingState(step.target), work)


def release(actor: Actor, proposal: Proposal, target: HandlingState, work: Work) -> None:
    """Review again what was merged into *proposal*: its proposers are still to be answered."""
    merged = select(Proposal).where(Proposal.merged_into_id == proposal.id).order_by(Proposal.id)
    values = {"handling_state": S.UNDER_REVIEW, "merged_into_id": None, "filed_on": None}
    why = f"{proposal.reference} {target.zh}"
    for one in work.session.scalars(merged).all():
        holders.release(work.session, actor, one.id)
        begin(one, TaskKind.REVIEW, work.today, work)
        record_change(work.session, actor, one, "proposal.under_review", {}, why, values)


def await_next(proposal: Proposal, step: Step, work: Work) -> None:
    """Let intake wait for what *step* brings: the review, then the dispatch.

    The limit of dispatch is counted from the submission (domain paper, §4, intake to dispatch).
    """
    target = step.target
    if target is S.UNDER_REVIEW:
        if step.source in ENDS:
            begin(proposal, TaskKind.REVIEW, work.today, work)
        return
    waiting = tasks.open_tasks(work.session, proposal)
    begun = min((task.began_on for task in waiting if task.began_on), default=work.today)
    for task in waiting:
        done = task.kind == TaskKind.REVIEW and target in DECIDED
        tasks.end(work.session, task, work.today, None if done else TaskOutcome.VOID)
    if target is S.SUBMITTED:
        begin(proposal, TaskKind.REVIEW, work.today, work)
    if target is S.FILED:
        begin(proposal, TaskKind.DISPATCH, begun, work, dispatch_limit(proposal, work))


def keep_earlier_clock(actor: Actor, proposal: Proposal, into: Proposal, work: Work) -> None:
    """Let *into* be dispatched as soon as *proposal*, merged into it, had to be.

    The earliest clock counts, unless a notice says otherwise (domain paper, §4; inferred there).
    """
    for one in tasks.open_tasks(work.session, proposal):
        limit, begun = dispatch_limit(proposal, work), one.began_on or work.today
        for task in tasks.open_tasks(work.session, into, TaskKind.DISPATCH):
            if limit is None or task.due_on is None:
                continue
            due = deadline(limit, begun, work.book.calendar).due_on
            if due < task.due_on:
                tasks.end(work.session, task, work.today, TaskOutcome.VOID)
                begin(into, TaskKind.DISPATCH, begun, work, limit)
                changes = {
                    "due_on": (as_json(task.due_on), as_json(due)),
                    "clock_of": (None, proposal.reference),
                }
                record_change(work.session, actor, into, "proposal.clock_taken_over", changes)


DECIDED = frozenset({S.FILED, S.NOT_FILED, S.RETURNED_FOR_EDIT, S.TRANSFERRED, S.MERGED})
"""What a review leads to."""


def begin(
    proposal: Proposal, kind: TaskKind, on: date, work: Work, limit: Limit | None = None
) -> None:
    """Put something about *proposal* on the dispatchers' desk."""
    tasks.begin(
        work.session,
        proposal,
        tasks.TaskInput(
            kind=kind,
            on=on,
            publication=proposal.publication,
            limit=limit,
            calendar=work.book.calendar,
            desk=Desk.DISPATCHERS,
        ),
    )


def dispatch_limit(proposal: Proposal, work: Work) -> Limit | None:
    """Return until when *proposal* is to be dispatched by the rules that hold now, or None."""
    region, sitting = place_of(work.session, proposal)
    profile = work.book.choose(region, proposal.kind, sitting)
    return profile.limit(LimitKind.DISPATCH, level_of(region)) if profile else None


def values_of(step: Step, grounds: ProposalTransition, on: date) -> Values:
    """Return the columns that *step*, taken *on* a day, sets."""
    values: Values = {"handling_state": step.target, **days_of(step.target, on)}
    if step.source is S.NOT_FILED:
        values["not_filed_reason"] = None
    if grounds.case_no is not None:
        values["case_no"] = grounds.case_no
    if grounds.reason_code is not None:
        values["not_filed_reason"] = grounds.reason_code
    if grounds.into is not None:
        values["merged_into_id"] = grounds.into.id
    return values


def days_of(target: LabelledEnum, on: date) -> Values:
    """Return the days that a step to *target*, taken *on* a day, sets or takes back.

    What is reviewed is not filed, and what was returned is not submitted; the history keeps both
    days. What was withdrawn, transferred or merged had been filed, so its day stays.
    """
    if target is S.SUBMITTED:
        return {"submitted_on": on, "filed_on": None}
    if target is S.UNDER_REVIEW:
        return {"filed_on": None}
    if target is S.RETURNED_FOR_EDIT:
        return {"submitted_on": None}
    return {"filed_on": on} if target is S.FILED else {}


def withdraw_all(actor: Actor, proposal: Proposal, reason: str, work: Work) -> None:
    """Withdraw every open assignment of *proposal*, and take what else waits off the desks.

    Nobody owes what was promised to who asks no more.
    """
    own = select(Assignment).where(Assignment.proposal_id == proposal.id, Assignment.is_open)
    for assignment in work.session.scalars(own.order_by(Assignment.number)).all():
        case = case_of(work, assignment)
        grounds = assignment_transitions.AssignmentTransition(
            work.today, reason, ends_proposal=True
        )
        assignment_transitions.apply_step(actor, case, AssignmentState.WITHDRAWN, grounds)
    drop(actor, proposal, work)
    commitments.withdraw_all(actor, proposal, reason, work)


def drop(actor: Actor, proposal: Proposal, work: Work, but: tuple[TaskKind, ...] = ()) -> None:
    """Wait for nothing more in any assignment of *proposal*, *but* for some kinds."""
    rows = select(Task.assignment_id).where(
        Task.proposal_id == proposal.id,
        Task.ended_on.is_(None),
        Task.kind.not_in(but),
        Task.assignment_id.is_not(None),
    )
    for number in sorted({number for number in work.session.scalars(rows) if number}):
        case = case_of(work, work.session.get_one(Assignment, number))
        kinds = {task.kind for task in case.waited_for()} - set(but)
        case.end(*kinds, on=work.today, outcome=TaskOutcome.VOID)
        changes = {"dropped": (None, sorted(kinds))}
        case.tell(actor, "assignment.no_longer_waited_for", changes)
