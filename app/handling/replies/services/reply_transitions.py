"""Versions of a reply as they go out: checked, returned, sent, published."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.core.codes import (
    Acceptance,
    AssignmentState,
    Desk,
    LeadStatus,
    LimitKind,
    Need,
    OfficeRole,
    Publication,
    ReplyOutcome,
    ReplyState,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING, OUT, reply_reference
from app.core.rules.workflow import NOT_TAKEN, Step, lacking
from app.handling.assignments.services.context import Case, Work, case_of
from app.handling.assignments.services.extensions import drop_request
from app.handling.assignments.services.permissions import refusal_of, require_part
from app.handling.assignments.services.step_days import dated, wrong_step_day
from app.handling.commitments.services import commitment_creation
from app.handling.proposals.services.proposal_status import sync_proposal_status
from app.handling.replies.queries import latest_points
from app.handling.replies.rules import ACCEPTS, matched, workflow_of
from app.handling.replies.services.countersigning import (
    check_below,
    check_joint,
    sync_countersign_tasks,
)
from app.handling.replies.services.reply_drafts import (
    check_draftable,
    references_in_words,
    scheme_of,
    unanswered,
    versions,
)
from app.handling.replies.services.reply_labels import ReplyTransition, label_mistakes, points_of
from app.models import Assignment, Recommendation, Reply, ReplyPoint
from app.register.recommendations.services.recommendations import settle
from app.tasks.queries.holders import parts_of

S = ReplyState
Values = dict[str, Any]


AFTERWARDS = frozenset({S.PUBLISHED, S.WITHHELD})
"""What is decided about a version that was sent, also once the proposal ended."""


def check_whole(case: Case, reply: Reply) -> None:
    """Raise InvalidChange when *reply* leaves out what its office has to answer by now."""
    missing = unanswered(case, points_of(case, reply))
    if missing:
        zh, en = references_in_words(missing)
        message = (f"还有建议没有答复：{zh}，请另拟一稿", f"not answered: {en}; draft anew")
        raise InvalidChange(fields={"to": message})


def move(
    actor: Actor,
    assignment: Assignment,
    reply: Reply,
    target: ReplyState,
    grounds: ReplyTransition,
    work: Work,
) -> None:
    """Check, return, send or publish a version.

    A check may change letters, with reasons; sending ends the office's clock, begins those of
    feedback and publication, and moves the acceptance of what is answered, never its progress.
    Raises NotAllowedNow, PermissionDenied, InvalidChange, Awaited while joint offices owe
    something.
    """
    workflow = workflow_of(assignment.role)
    step = workflow.find(reply.state, target)
    if step is None:
        raise refusal_of(work.session, actor, assignment, workflow, (reply.state, target))
    require_part(work.session, actor, assignment, step)
    case = case_of(dated(work, grounds.on, grounds.paper), assignment)
    check_step(case, reply, step, grounds)
    changes = {"reply": (reply.number, reply.number), "reply_state": (reply.state, target)}
    values = CARRY_OUT[target](actor, case, reply, grounds)
    reply.state = target
    case.tell(actor, f"assignment.reply_{target}", changes, grounds.reason, values)
    sync_countersign_tasks(actor, case)
    sync_proposal_status(actor, case)


def check_step(case: Case, reply: Reply, step: Step, grounds: ReplyTransition) -> None:
    """Raise NotNow or InvalidChange for a step that cannot be taken as it is given."""
    if step.target not in AFTERWARDS:
        check_draftable(case)
    if step.target is S.SENT:
        check_whole(case, reply)
    wrong = dict(grounds_mistakes(case, reply, step, grounds))
    if wrong:
        raise InvalidChange(fields=wrong)


def grounds_mistakes(
    case: Case, reply: Reply, step: Step, grounds: ReplyTransition
) -> Iterator[tuple[str, Sentence]]:
    """Yield what *step* lacks, or does not take."""
    yield from lacking(step, grounds).items()
    for only in (Need.DOCUMENT_NO, Need.SIGNED_BY):
        if getattr(grounds, only) and step.target is not S.SENT:
            yield only, NOT_TAKEN
    yield from wrong_step_day(case.work, begun(case, reply, step)).items()
    if step.target is S.PUBLISHED and case.proposal.publication != Publication.PUBLISHED:
        message = "the proposal is not public, so its reply cannot be; withhold it, with a reason"
        yield "to", ("提案未公开，答复不能公开，请选择“不予公开”并说明理由", message)
    if grounds.labels and step.target is not S.CHECKED:
        yield "labels", ("只有核对时可以更改", "only a check changes them")
    yield from label_mistakes(case, reply, grounds)


def begun(case: Case, reply: Reply, step: Step) -> date:
    """Return the day before which *step* of *reply* cannot have been taken.

    A letter that went out on paper may be entered later: dispatchers check it as of the day that
    they saw it, and it was sent since.
    """
    if step.target is S.CHECKED:
        return case.assignment.received_on or case.assignment.dispatched_on
    if step.source is S.CHECKED and reply.checked_on is not None:
        return reply.checked_on
    return max(filter(None, (reply.drafted_on, reply.checked_on, reply.sent_on)))


def check(actor: Actor, case: Case, reply: Reply, grounds: ReplyTransition) -> Values:
    """Note that the reply is as it should be, with the letters that a check put in it."""
    points, scheme = points_of(case, reply), scheme_of(case)
    for change in grounds.labels:
        point = points[change.recommendation.id]
        outcome, label, _ = matched(scheme, change.outcome, change.label)
        point.checked_outcome, point.checked_label = outcome, label
        point.check_reason = change.reason
    reply.checked_on = grounds.on
    case.end(TaskKind.CHECK_REPLY, on=max(grounds.on, reply.drafted_on))
    return {}


def give_back(actor: Actor, case: Case, reply: Reply, grounds: ReplyTransition) -> Values:
    """Give a version back to its office, which writes another."""
    reply.remark = grounds.reason
    case.end(TaskKind.CHECK_REPLY, on=max(grounds.on, reply.drafted_on))
    if case.assignment.role in ANSWERING:
        return {}
    limit = case.limit(LimitKind.CO_OPINION_AGAIN)
    case.begin(TaskKind.CO_OPINION, limit, grounds.on)
    return {"state": AssignmentState.IN_PROGRESS, "is_open": True, "ended_on": None}


def send(actor: Actor, case: Case, reply: Reply, grounds: ReplyTransition) -> Values:
    """Send a version: it takes the place of the one before, and ends what the office owes.

    What an office answers to the one that dispatched it on is that one's matter.
    """
    replies = case.assignment.role in ANSWERING
    check_below(case)
    if replies:
        check_joint(case, reply)
    for former in versions(case):
        if former.state in OUT:
            former.state = S.REPLACED
    reply.sent_on, reply.document_no = grounds.on, grounds.document_no
    reply.signed_by = grounds.signed_by
    for kind in (TaskKind.FEEDBACK, TaskKind.PUBLISH):
        case.end(kind, on=grounds.on, outcome=TaskOutcome.VOID)
    case.end(TaskKind.OBJECTION, on=grounds.on, outcome=TaskOutcome.VOID)
    drop_request(case, grounds.on)
    owed = (TaskKind.REPLY, TaskKind.REHANDLE, TaskKind.CO_OPINION, TaskKind.ANSWER_PRESS)
    case.end(*owed, on=grounds.on)
    if replies and case.assignment.parent_id is None:
        feedback, publication = case.limit(LimitKind.FEEDBACK), case.limit(LimitKind.PUBLICATION)
        case.begin(TaskKind.FEEDBACK, feedback, grounds.on, Desk.DISPATCHERS, reply)
        case.begin(TaskKind.PUBLISH, publication, grounds.on, about=reply)
        accept(actor, case, reply)
        commitment_creation.make(actor, case.assignment, reply, case.work)
    answered = AssignmentState.ANSWERED
    return {"state": answered, "is_open": False, "ended_on": grounds.on}


def accept(actor: Actor, case: Case, reply: Reply) -> None:
    """Let the recommendations be accepted, or not, and due, as *reply* says.

    What several offices answer separately moves when all their points agree; its day stays.
    """
    session = case.work.session
    session.flush()
    for number, point in points_of(case, reply).items():
        record = session.get_one(Recommendation, number)
        named = reply_reference(case.assignment.reference, reply.number)  # the text may be hidden
        leads = record.lead_office_id == case.assignment.office_id
        promised = point.promised_on if leads and point.promise is not None else None
        settle(session, actor, record, common(case, record, point), named, promised)


def common(case: Case, record: Recommendation, point: ReplyPoint) -> Acceptance | None:
    """Return what *point* says of acceptance; None where other offices have not said the same."""
    own = accepted(point)
    if record.lead_status != LeadStatus.SEPARATE:
        return own
    parts = parts_of(case.work.session, record.id)
    others = {n for n, part in parts.items() if part is OfficeRole.SEPARATE}
    sent = latest_points(case.work.session, record.id)
    same = all(n in sent and accepted(sent[n]) is own for n in others - {case.assignment.office_id})
    return own if same else None


def accepted(point: ReplyPoint) -> Acceptance:
    """Return what *point* says of acceptance: where a check changed its outcome, what that says."""
    if point.checked_outcome in (None, point.outcome):
        return point.acceptance
    return ACCEPTS.get(ReplyOutcome(point.checked_outcome), point.acceptance)


def publish(actor: Actor, case: Case, reply: Reply, grounds: ReplyTransition) -> Values:
    """Let everyone read the version."""
    reply.published_on = grounds.on
    case.end(TaskKind.PUBLISH, on=grounds.on)
    return {}


def withhold(actor: Actor, case: Case, reply: Reply, grounds: ReplyTransition) -> Values:
    """Note that the version is not to be published, and why."""
    reply.remark = grounds.reason
    case.end(TaskKind.PUBLISH, on=grounds.on, outcome=TaskOutcome.VOID)
    return {}


CARRY_OUT = {
    S.CHECKED: check,
    S.RETURNED: give_back,
    S.SENT: send,
    S.PUBLISHED: publish,
    S.WITHHELD: withhold,
}
"""What each step does besides changing the state of the version."""
