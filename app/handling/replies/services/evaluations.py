"""Contacts with the proposers, how they rate a reply, and what their dissatisfaction leads to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from app.audit.services.recorder import next_sequence
from app.core.codes import (
    Assessment,
    AssessmentDecision,
    AssignmentState,
    Channel,
    Desk,
    LimitKind,
    Satisfaction,
    TaskKind,
)
from app.core.errors import AlreadyExists, InvalidChange, NotNow, PermissionDenied, TooLate
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ANSWERING, GIVEN_BACK, OUT
from app.core.services.authorization import require
from app.handling.assignments.services.context import Case, Work, case_of, check_moving, wrong_day
from app.handling.assignments.services.permissions import require_own
from app.handling.proposals.services.proposal_status import sync_proposal_status
from app.models import (
    Assignment,
    Contact,
    Evaluation,
    Proposer,
    Recommendation,
    RecommendationOffice,
    Reply,
    Task,
)
from app.register.proposals.queries.proposers import WHO
from app.tasks.queries.holders import members
from app.tasks.rules.reminders import IN_PERSON
from app.tasks.services.notices import end_missing_meeting


@dataclass(frozen=True)
class ContactInput:
    """A contact of an office with the proposers: how, when, with whom, and what was said."""

    channel: Channel
    on: date
    note: str
    proposer: Proposer | None = None


def log_contact(actor: Actor, assignment: Assignment, spoken: ContactInput, work: Work) -> None:
    """Note a contact of the office of *assignment*, which got it before.

    After a meeting or a visit nobody is reminded any more that there was none.
    Raises PermissionDenied, InvalidChange naming the field.
    """
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    wrong = wrong_day(spoken.on, assignment.dispatched_on, work.today)
    gone = assignment.ended_on if assignment.state in GIVEN_BACK else None
    if gone is not None and spoken.on > gone:
        wrong["on"] = (f"{gone} 起已不由本单位承办", f"the office has not had it since {gone}")
    if wrong:
        raise InvalidChange(fields=wrong)
    work.session.add(
        Contact(
            assignment_id=assignment.id,
            sequence=next_sequence(work.session),
            channel=spoken.channel,
            on=spoken.on,
            proposer_id=spoken.proposer.id if spoken.proposer else None,
            note=spoken.note,
        )
    )
    if spoken.channel in IN_PERSON:
        end_missing_meeting(work.session, assignment, spoken.on)
    changes = {"channel": (None, spoken.channel), "on": (None, spoken.on.isoformat())}
    case.tell(actor, "assignment.contacted", changes)


@dataclass(frozen=True)
class RatingInput:
    """A form of a proposer: how attitude and result are rated, when, and by what paper."""

    proposer: Proposer
    attitude: Satisfaction
    result: Satisfaction
    on: date
    paper: str
    comment: str | None = None


def add_evaluation(case: Case, reply: Reply, form: RatingInput) -> None:
    """Keep what a proposer's *form* says of *reply*."""
    session = case.work.session
    session.add(
        Evaluation(
            assignment_id=case.assignment.id,
            reply_id=reply.id,
            sequence=next_sequence(session),
            proposer_id=form.proposer.id,
            attitude=form.attitude,
            result=form.result,
            rated_on=form.on,
            paper=form.paper,
            comment=form.comment,
        )
    )
    session.flush()


def rate(actor: Actor, assignment: Assignment, reply: Reply, form: RatingInput, work: Work) -> None:
    """Enter how a proposer rates a reply; an office that handles the proposal never does.

    Dissatisfaction with the result starts handling again, with its own limit; a second time, or
    where the rules say so the first, an assessment. Raises PermissionDenied, NotNow when the
    version does not hold, AlreadyExists, TooLate after the window, InvalidChange.
    """
    require(actor, Permission.RATE)
    require_outside(actor, assignment, work)
    case = case_of(work, assignment)
    check_form(case, reply, form)
    add_evaluation(case, reply, form)
    changes = {
        "reply": (None, reply.number),
        "attitude": (None, form.attitude),
        "result": (None, form.result),
        "paper": (None, form.paper),
    }
    case.tell(actor, "assignment.rated", changes, form.comment, led_to(case, reply, form))
    sync_proposal_status(actor, case)


def led_to(case: Case, reply: Reply, form: RatingInput) -> dict[str, object]:
    """End what waited for the rating on *form*, and return what the assignment becomes by it."""
    if form.result is not Satisfaction.DISSATISFIED:
        if not awaited(case, reply):
            case.end(TaskKind.FEEDBACK, on=form.on)
        return {}
    if case.assignment.state != AssignmentState.ANSWERED or case.waited_for(TaskKind.ASSESS):
        return {}
    case.end(TaskKind.FEEDBACK, on=form.on)
    return dissatisfied(case, reply, form.on)


def require_outside(actor: Actor, assignment: Assignment, work: Work) -> None:
    """Raise PermissionDenied when the office of *actor* handles the proposal, or did."""
    if actor.office_id is None:
        return
    family = members(work.session, assignment.proposal_id)
    given = select(Assignment.id).where(
        Assignment.proposal_id.in_(family), Assignment.office_id == actor.office_id
    )
    joins = select(RecommendationOffice.office_id).where(
        RecommendationOffice.recommendation_id == Recommendation.id,
        RecommendationOffice.office_id == actor.office_id,
    )
    taken = select(Recommendation.id).where(
        Recommendation.proposal_id.in_(family),
        or_(Recommendation.lead_office_id == actor.office_id, joins.exists()),
    )
    if any(work.session.scalar(rows.limit(1)) for rows in (given, taken)):
        raise PermissionDenied(
            reason_zh="承办单位不能登记对自身办理的评价",
            reason_en="an office that handles a proposal cannot enter how it is rated",
        )


def check_form(case: Case, reply: Reply, form: RatingInput) -> None:
    """Raise when *form* cannot be entered for *reply*."""
    check_moving(case)
    if case.assignment.role not in ANSWERING or case.assignment.parent_id is not None:
        raise NotNow.of(
            ("答复", "the reply"),
            ("给其他单位的意见", "an opinion for another office"),
            ("评价", "rate it"),
        )
    if reply.state not in OUT:
        state = reply.state
        raise NotNow.of(("答复", "the reply"), state.labels, ("评价", "rate it"))
    wrong = wrong_day(form.on, reply.sent_on or form.on, case.work.today)
    if wrong:
        raise InvalidChange(fields=wrong)
    check_first(case, reply, form)


def check_first(case: Case, reply: Reply, form: RatingInput) -> None:
    """Raise where the proposer of *form* has rated *reply* already, or the window is over."""
    known = select(Evaluation.id).where(
        Evaluation.reply_id == reply.id, Evaluation.proposer_id == form.proposer.id
    )
    session = case.work.session
    if session.scalar(known) is not None:
        name = form.proposer.as_printed
        raise AlreadyExists(what="rating by", what_zh="评价", value=name)
    window = select(func.max(Task.due_on)).where(
        Task.assignment_id == case.assignment.id, Task.kind == TaskKind.FEEDBACK
    )
    last = session.scalar(window)
    if last is not None and form.on > last:
        raise TooLate(what="rate it", what_zh="反馈意见", day=last)


def awaited(case: Case, reply: Reply) -> bool:
    """Return whether a proposer has not rated *reply* yet; who proposed twice rates once."""
    session, columns = case.work.session, (WHO.scalar_subquery(), Proposer.organization_id)
    rated = select(*columns).join(Evaluation, Evaluation.proposer_id == Proposer.id)
    rows = select(*columns).where(
        Proposer.proposal_id.in_(members(session, case.proposal.id)),
        Proposer.withdrawn_at.is_(None),
    )
    known = session.execute(rated.where(Evaluation.reply_id == reply.id))
    return bool(set(map(tuple, session.execute(rows))) - set(map(tuple, known)))


def dissatisfied(case: Case, reply: Reply, on: date) -> dict[str, object]:
    """Start what dissatisfaction with the result leads to; return what changes."""
    first = case.profile.assessment is Assessment.BEFORE_REHANDLING
    if reply.round > 1 or first:
        case.begin(TaskKind.ASSESS, None, on, Desk.DISPATCHERS)
        return {}
    return handle_again(case, on)


def handle_again(case: Case, on: date) -> dict[str, object]:
    """Let the office handle it again, within the limit for that; return what changes."""
    case.begin(TaskKind.REHANDLE, case.limit(LimitKind.REHANDLING), on)
    return {"state": AssignmentState.IN_PROGRESS, "is_open": True, "ended_on": None}


def assess(
    actor: Actor,
    assignment: Assignment,
    decision: AssessmentDecision,
    note: str,
    on: date,
    work: Work,
) -> None:
    """Note what an assessment led to: handling again, or the reply stays as it is.

    Raises PermissionDenied, NotNow when none is waited for, InvalidChange for the day.
    """
    require(actor, Permission.DISPATCH)
    case = case_of(work, assignment)
    check_moving(case)
    waiting = case.waited_for(TaskKind.ASSESS)
    if not waiting:
        state = assignment.state
        raise NotNow.of(("交办件", "the assignment"), state.labels, ("评估", "assess it"))
    wrong = wrong_day(on, waiting[0].began_on or on, work.today)
    if wrong:
        raise InvalidChange(fields=wrong)
    case.end(TaskKind.ASSESS, on=on)
    again = decision is AssessmentDecision.HANDLE_AGAIN
    values = handle_again(case, on) if again else {}
    case.tell(actor, "assignment.assessed", {"decision": (None, decision)}, note, values)
    sync_proposal_status(actor, case)
