"""Dispatch: giving offices what they have to handle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audit.services.recorder import record_change, record_event
from app.core.canonical_json import as_json
from app.core.codes import (
    AssignmentRole,
    AssignmentState,
    HandlingState,
    LimitKind,
    Publication,
    TaskKind,
)
from app.core.errors import AlreadyGiven, InvalidChange, NotDispatchable, PermissionDenied, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ALONE, ANSWERING, OBJECTING
from app.core.services.authorization import require
from app.deadlines.rules.rulebook import Profile
from app.handling.assignments.rules import DISPATCHABLE
from app.handling.assignments.services.context import Case, Work, case_of, chosen, wrong_day
from app.handling.assignments.services.step_days import dated
from app.handling.proposals.services.proposal_status import answering_states, gap, record_gap
from app.handling.replies.services import countersigning
from app.models import Assignment, Organization, Proposal, Recommendation, Task
from app.register.recommendations.queries.recommendation_details import next_number
from app.register.recommendations.services.holders import recommendations_of, sync_holders
from app.register.recommendations.services.state_tasks import sync_tasks
from app.tasks.queries.holders import members
from app.tasks.services import tasks


@dataclass(frozen=True)
class DispatchInput:
    """What is given to whom: *office* gets the proposal, or one *recommendation* of it.

    *parent* is the assignment under which an office dispatches on; *profile*, at the first
    dispatch, takes the place of the one that is chosen by body, kind and session. *paper* is
    the one by which it was done, where it was.
    """

    office: Organization
    role: AssignmentRole
    on: date
    recommendation: Recommendation | None = None
    parent: Assignment | None = None
    profile: Profile | None = None
    in_recess: bool = False
    note: str | None = None
    paper: str | None = None


def dispatch(actor: Actor, proposal: Proposal, given: DispatchInput, work: Work) -> Assignment:
    """Give an office what *given* says of *proposal*, and return the assignment.

    A dispatcher does so, or the head of an office that has it, under its own assignment. Raises
    PermissionDenied, NotDispatchable, AlreadyGiven, InvalidChange naming the field.
    """
    work = dated(work, given.on, given.paper)
    check_dispatch(actor, proposal, given, work)
    begin_handling(actor, proposal, given, work)
    session = work.session
    made = new_assignment(proposal, given, work)
    session.add(made)
    session.flush()
    end_redispatch(actor, looked_for(proposal.id, given, work), made, given.on, work)
    case = Case(work, made, proposal)
    case.dispatched(given.on)
    if given.role is AssignmentRole.JOINT:
        countersigning.sync_countersign_task(case)
    names = ("office_id", "role", "recommendation_id", "parent_id", "dispatched_on", "in_recess")
    record_gap(actor, case, gap(case, answering_states(case)), given.on)
    record_event(
        session,
        actor,
        made,
        "assignment.created",
        {name: (None, as_json(getattr(made, name))) for name in names} | work.grounds,
        note=given.note,
    )
    sync_holders(session, actor, proposal.id, given.on)
    return made


def check_dispatch(actor: Actor, proposal: Proposal, given: DispatchInput, work: Work) -> None:
    """Raise what forbids that *actor* gives an office what *given* says of *proposal*."""
    check_dispatcher(actor, given.parent)
    if proposal.handling_state not in DISPATCHABLE:
        state = proposal.handling_state
        raise NotDispatchable(state=state.en, state_zh=state.zh)
    if proposal.publication == Publication.RESTRICTED:
        message = "the proposal is restricted, so no office could see it; make it internal first"
        raise InvalidChange(fields={"office": ("提案受限，承办单位看不到，请先改为内部", message)})
    wrong = dict(validate_dispatch(proposal, given, work))
    if wrong:
        raise InvalidChange(fields=wrong)
    for other in standing_assignments(proposal, given, work):
        check_clash(other, given)


def new_assignment(proposal: Proposal, given: DispatchInput, work: Work) -> Assignment:
    """Return the row of what was *given*, under the next number of *proposal*."""
    number = next_number(work.session, Assignment.number, Assignment.proposal_id == proposal.id)
    return Assignment(
        reference=f"{proposal.reference}-A{number:02d}",
        proposal_id=proposal.id,
        number=number,
        recommendation_id=given.recommendation.id if given.recommendation else None,
        parent_id=given.parent.id if given.parent else None,
        office_id=given.office.id,
        role=given.role,
        state=AssignmentState.PENDING,
        is_open=True,
        in_recess=given.in_recess,
        dispatched_on=given.on,
    )


def check_dispatcher(actor: Actor, parent: Assignment | None) -> None:
    """Raise PermissionDenied when *actor* may dispatch neither anything nor under *parent*."""
    if actor.may(Permission.DISPATCH):
        return
    require(actor, Permission.FORWARD)
    if parent is None or parent.office_id != actor.office_id:
        raise PermissionDenied(
            reason_zh="只能在本单位的交办件之下转交，请填写 parent",
            reason_en="you can dispatch on under an assignment of your own office only; name it as"
            " parent",
        )


def validate_dispatch(
    proposal: Proposal, given: DispatchInput, work: Work
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field that makes a dispatch impossible, and why."""
    office, wanted = given.office, given.recommendation
    if not office.is_office:
        yield "office", (f"{office.name_zh}不是承办单位", f"{office.slug} is not an office")
    yield from day_mistakes(proposal, given, work)
    if wanted is not None and wanted.proposal_id not in members(work.session, proposal.id):
        yield "recommendation", ("不是这件提案的建议", "is no recommendation of this proposal")
    if given.profile is not None and proposal.profile is not None:
        known = proposal.profile
        yield "profile", (f"已按 {known} 办理", f"it is handled under {known} already")
    if given.parent is not None:
        yield from under_parent(proposal, given.parent, given)


def day_mistakes(
    proposal: Proposal, given: DispatchInput, work: Work
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with the day of a dispatch."""
    yield from wrong_day(work.today, work.today, work.entered_on).items()
    for task in tasks.open_tasks(work.session, proposal, TaskKind.DISPATCH):
        if task.began_on is not None and given.on < task.began_on:
            day = task.began_on
            yield "on", (f"不能早于 {day}", f"must not be before {day}, when it was submitted")
    sought = looked_for(proposal.id, given, work)
    if sought is not None and sought.began_on is not None and given.on < sought.began_on:
        day = sought.began_on
        yield "on", (f"不能早于退回之日 {day}", f"must not be before {day}, when it was given back")


def under_parent(
    proposal: Proposal, parent: Assignment, given: DispatchInput
) -> Iterator[tuple[str, Sentence]]:
    """Yield what forbids dispatching on what *parent* gave to an office."""
    wanted = given.recommendation.id if given.recommendation else None
    if parent.proposal_id != proposal.id or not parent.is_open:
        yield "parent", ("不是这件提案在办的交办件", "is no open assignment of this proposal")
        return
    if parent.role not in OBJECTING:
        yield "parent", ("参阅件不能转交", "an office that is only informed has nothing to hand on")
    if parent.office_id == given.office.id:
        yield "office", ("不能转交给本单位", "an office hands nothing on to itself")
    if parent.recommendation_id not in (None, wanted):
        message = "only the recommendation that the office above was given"
        yield "recommendation", ("只能转交上级交办的那条建议", message)
    if given.on < parent.dispatched_on:
        day = parent.dispatched_on
        yield (
            "on",
            (
                f"不能早于上级交办之日 {day}",
                f"must not be before {day}, when the office above got it",
            ),
        )


def standing_assignments(proposal: Proposal, given: DispatchInput, work: Work) -> list[Assignment]:
    """Return the open assignments of the same scope, below the same parent."""
    own = Assignment
    scope = given.recommendation.id if given.recommendation else None
    parent = given.parent.id if given.parent else None
    rows = select(own).where(
        own.proposal_id == proposal.id,
        own.is_open,
        own.recommendation_id.is_not_distinct_from(scope),
        own.parent_id.is_not_distinct_from(parent),
    )
    return list(work.session.scalars(rows.order_by(own.id)))


def check_clash(other: Assignment, given: DispatchInput) -> None:
    """Raise AlreadyGiven when *other*, which stands, forbids what is *given*."""
    sole = AssignmentRole.SOLE in (given.role, other.role)
    message: Sentence | None = None
    if other.office_id == given.office.id:
        message = ("该单位已有在办的交办件", "this office has it already")
    elif given.role in ALONE and other.role in ALONE:
        message = ("已有主办或独办单位", "another office leads or is the only one")
    elif sole and {given.role, other.role} <= OBJECTING:
        message = ("独办的事项没有其他承办单位", "what one office does alone has no other")
    if message:
        raise AlreadyGiven(reference=other.reference, why_zh=message[0], why=message[1])


def begin_handling(actor: Actor, proposal: Proposal, given: DispatchInput, work: Work) -> None:
    """Let *proposal* be dispatched, under the profile *given* or the one chosen for it now."""
    if proposal.handling_state != HandlingState.FILED:
        return
    whole = given.role in ANSWERING and given.recommendation is None
    for task in tasks.open_tasks(work.session, proposal) if whole else ():
        tasks.end(work.session, task, max(given.on, task.began_on or given.on))
    profile = given.profile or chosen(work, proposal)
    values = {"handling_state": HandlingState.DISPATCHED, "profile": profile.reference}
    record_change(work.session, actor, proposal, "proposal.dispatched", work.grounds, values=values)
    if LimitKind.REPORT in profile.limits:  # whoever carries something out owes reports from now
        for recommendation in recommendations_of(work.session, proposal.id):
            sync_tasks(work.session, recommendation, given.on)


def looked_for(proposal_id: int, given: DispatchInput, work: Work) -> Task | None:
    """Return the task to find another office for just what is *given*, or None."""
    like = ANSWERING if given.role in ANSWERING else {given.role}
    scope = given.recommendation.id if given.recommendation else None
    rows = (
        select(Task)
        .join(Assignment, Assignment.id == Task.assignment_id)
        .where(
            Task.proposal_id == proposal_id,
            Task.kind == TaskKind.REDISPATCH,
            Task.role.in_(like),
            Task.ended_on.is_(None),
            Task.recommendation_id.is_not_distinct_from(scope),
            Assignment.parent_id.is_not_distinct_from(given.parent.id if given.parent else None),
        )
    )
    return work.session.scalar(rows.order_by(Task.id).limit(1))


def end_redispatch(actor: Actor, task: Task | None, made: Assignment, on: date, work: Work) -> None:
    """Take *task* off the dispatchers' desk: *made* is what it looked for."""
    if task is not None:
        tasks.end(work.session, task, on)
        before = case_of(work, work.session.get_one(Assignment, task.assignment_id))
        changes = {"redispatched": (None, made.reference)}
        before.tell(actor, "assignment.redispatched", changes)
