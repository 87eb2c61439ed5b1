"""How the proposers rate a reply, and what their dissatisfaction leads to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select

from app.audit.services.recorder import next_sequence
from app.core.codes import (
    Assessment,
    AssessmentDecision,
    AssignmentState,
    Desk,
    LimitKind,
    Satisfaction,
    TaskKind,
)
from app.core.errors import (
    AlreadyExists,
    InvalidChange,
    NotNow,
    PermissionDenied,
    TooLate,
)
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ANSWERING, OUT
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.assignments.services.context import Case, Work, case_of, check_moving
from app.handling.assignments.services.step_days import dated, wrong_step_day
from app.handling.proposals.services.proposal_status import sync_proposal_status
from app.handling.replies.services.contacts import mending_mistakes
from app.models import (
    Assignment,
    Evaluation,
    Organization,
    Proposer,
    Recommendation,
    RecommendationOffice,
    Reply,
    Task,
)
from app.register.proposals.queries.proposers import WHO
from app.tasks.queries.holders import members


@dataclass(frozen=True)
class RatingInput:
    """A form of a proposer: its two ratings, when, by what paper, and which form it mends."""

    proposer: Proposer
    attitude: Satisfaction
    result: Satisfaction
    on: date
    paper: str
    comment: str | None = None
    corrects: Evaluation | None = None


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
            corrects_id=form.corrects.id if form.corrects else None,
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
    case = case_of(dated(work, form.on, form.paper), assignment)
    check_form(case, reply, form)
    add_evaluation(case, reply, form)
    changes: NewChanges = {
        "reply": (None, reply.number),
        "attitude": (None, form.attitude),
        "result": (None, form.result),
        "paper": (None, form.paper),
    }
    if form.corrects is not None:
        changes["corrects"] = (None, form.corrects.sequence)
    name = "assignment.rating_corrected" if form.corrects else "assignment.rated"
    case.tell(actor, name, changes, form.comment, led_to(case, reply, form))
    sync_proposal_status(actor, case)


def led_to(case: Case, reply: Reply, form: RatingInput) -> dict[str, object]:
    """End what waited for the rating on *form*, and return what the assignment becomes by it.

    A further version with the same result leads to nothing more, and none takes back what the one
    before led to.
    """
    if form.corrects is not None and form.corrects.result == form.result:
        return {}
    if form.result is not Satisfaction.DISSATISFIED:
        if not awaited(case, reply):
            case.end(TaskKind.FEEDBACK, on=form.on)
        return {}
    if case.assignment.state != AssignmentState.ANSWERED or case.waited_for(TaskKind.ASSESS):
        return {}
    case.end(TaskKind.FEEDBACK, on=form.on)
    return dissatisfied(case, reply, form.on)


def require_outside(actor: Actor, assignment: Assignment, work: Work) -> None:
    """Raise PermissionDenied when the office of *actor*, or one it came from, handles it or did."""
    if actor.office_id is None:
        return
    own = with_former(actor.office_id)
    family = members(work.session, assignment.proposal_id)
    given = select(Assignment.id).where(
        Assignment.proposal_id.in_(family), Assignment.office_id.in_(own)
    )
    joins = select(RecommendationOffice.office_id).where(
        RecommendationOffice.recommendation_id == Recommendation.id,
        RecommendationOffice.office_id.in_(own),
    )
    taken = select(Recommendation.id).where(
        Recommendation.proposal_id.in_(family),
        or_(Recommendation.lead_office_id.in_(own), joins.exists()),
    )
    if any(work.session.scalar(rows.limit(1)) for rows in (given, taken)):
        raise PermissionDenied(
            reason_zh="承办单位不能登记对自身办理的评价",
            reason_en="an office that handles a proposal cannot enter how it is rated",
        )


def with_former(office_id: int) -> Select[tuple[int]]:
    """Return a query of the numbers of an office and of all whose work came to it by reforms."""
    known = select(Organization.id).where(Organization.id == office_id).cte(recursive=True)
    former = select(Organization.id).join(known, Organization.successor_id == known.c.id)
    return select(known.union(former).c.id)


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
    wrong = wrong_step_day(case.work, reply.sent_on)
    if wrong:
        raise InvalidChange(fields=wrong)
    check_first(case, reply, form)


def check_first(case: Case, reply: Reply, form: RatingInput) -> None:
    """Raise where the proposer of *form* has rated *reply* already, or the window is over.

    A further version of a rating comes whenever a mistake in it is found.
    """
    if form.corrects is not None:
        check_mending(case, reply, form, form.corrects)
        return
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


def check_mending(case: Case, reply: Reply, form: RatingInput, former: Evaluation) -> None:
    """Raise InvalidChange where *form* is no further version of the rating *former*."""
    wrong = mending_mistakes(case.work.session, Evaluation, former)
    if (former.reply_id, former.proposer_id) != (reply.id, form.proposer.id):
        message = (
            "是另一位代表委员或另一稿的评价",
            "is by another proposer, or of another version",
        )
        wrong["corrects"] = message
    if wrong:
        raise InvalidChange(fields=wrong)


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
    work: Work,
) -> None:
    """Note what an assessment led to: handling again, or the reply stays as it is.

    It was on the day of *work*. Raises PermissionDenied, NotNow when none is waited for,
    InvalidChange for the day.
    """
    require(actor, Permission.DISPATCH)
    case = case_of(work, assignment)
    check_moving(case)
    waiting = case.waited_for(TaskKind.ASSESS)
    if not waiting:
        state = assignment.state
        raise NotNow.of(("交办件", "the assignment"), state.labels, ("评估", "assess it"))
    wrong = wrong_step_day(work, waiting[0].began_on)
    if wrong:
        raise InvalidChange(fields=wrong)
    case.end(TaskKind.ASSESS, on=work.today)
    again = decision is AssessmentDecision.HANDLE_AGAIN
    values = handle_again(case, work.today) if again else {}
    case.tell(actor, "assignment.assessed", {"decision": (None, decision)}, note, values)
    sync_proposal_status(actor, case)
