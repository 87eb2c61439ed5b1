"""Replies and joint opinions: drafted, checked, sent, published, revised; every version stays."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.errors import InvalidChange, NotNow, PermissionDenied, Sentence
from app.models import Assignment, Recommendation, Reply, ReplyPoint
from app.rules.handling import ANSWERING
from app.rules.permissions import Actor, Permission
from app.rules.replies import (
    ACCEPTS,
    DRAFTABLE,
    OUT,
    UNSENT,
    find_step,
    matched,
    steps_from,
    steps_of,
    strength_of,
)
from app.rules.rulebook import Scheme
from app.rules.vocabularies import (
    Acceptance,
    AssignmentRole,
    AssignmentState,
    Desk,
    LimitKind,
    Need,
    PromiseStrength,
    ReplyOutcome,
    ReplyState,
    TaskKind,
    TaskOutcome,
)
from app.rules.workflow import Step
from app.services import commitments
from app.services.cases import Case, Work, case_of, check_moving, wrong_day
from app.services.countersigning import check_joint, follow_all
from app.services.extensions import drop_request
from app.services.files import Evidence, attach
from app.services.following import follow_proposal
from app.services.permissions import require, require_own, require_part
from app.services.recommendations import settle
from app.services.steps import NEEDED, NOT_TAKEN, no_such_step

S = ReplyState
Values = dict[str, Any]


@dataclass(frozen=True)
class Point:
    """What an office answers to one recommendation; *place* is where it stands in the request."""

    place: str
    recommendation: Recommendation
    text: str
    outcome: ReplyOutcome | None = None
    label: str | None = None
    acceptance: Acceptance | None = None
    promise: str | None = None
    promised_on: date | None = None
    strength: PromiseStrength | None = None


@dataclass(frozen=True)
class Relabelled:
    """What a check puts in the place of the outcome and letter of a point, and why."""

    place: str
    recommendation: Recommendation
    reason: str
    outcome: ReplyOutcome | None = None
    label: str | None = None


@dataclass(frozen=True)
class Grounds:
    """What comes with a step of a reply."""

    on: date
    reason: str | None = None
    document_no: str | None = None
    signed_by: str | None = None
    labels: Sequence[Relabelled] = field(default_factory=list)


# -- drafting ------------------------------------------------------------------------------------


def draft(
    actor: Actor,
    assignment: Assignment,
    text: str,
    points: Sequence[Point],
    work: Work,
    attachments: Evidence | None = None,
) -> Reply:
    """Write the next version of the reply of *assignment*, or of the opinion of a joint office.

    Versions that were not sent are replaced by it; one that was holds until this one is sent.
    Raises PermissionDenied, NotNow before the receipt or after the end, InvalidChange naming the
    field, such as a recommendation without a point or a letter outside the scheme.
    """
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    check_draftable(case)
    wrong = dict(mistakes(case, points))
    if wrong:
        raise InvalidChange(fields=wrong)
    made = new_version(case, text, points, attachments)
    if assignment.role in ANSWERING:
        case.begin(TaskKind.CHECK_REPLY, None, work.today, Desk.DISPATCHERS)
        follow_all(actor, case)
    outcomes = {p.recommendation.reference: str(p.outcome or p.label) for p in points}
    told: dict[str, Any] = {"reply": (None, made.number), "outcomes": (None, outcomes)}
    if attachments:
        told["attachments"] = ([], attachments)
    case.tell(actor, "assignment.reply_drafted", told)
    attach(work.session, actor, attachments, made)
    return made


def new_version(
    case: Case, text: str, points: Sequence[Point], attachments: Evidence | None
) -> Reply:
    """Return the next version, in the place of those that were not sent."""
    former, today = versions(case), case.work.today
    for reply in former:
        if reply.state in UNSENT:
            reply.state = str(S.REPLACED)
    case.end(TaskKind.CHECK_REPLY, on=today, outcome=TaskOutcome.VOID)
    made = Reply(
        assignment_id=case.assignment.id,
        number=len(former) + 1,
        round=round_of(former, bool(case.waited_for(TaskKind.REHANDLE))),
        state=str(S.DRAFT),
        text=text,
        drafted_on=today,
        attachments=attachments or None,
    )
    case.work.session.add(made)
    case.work.session.flush()
    scheme = scheme_of(case)
    case.work.session.add_all(row_of(made, point, scheme) for point in points)
    case.work.session.flush()
    return made


def check_whole(case: Case, reply: Reply) -> None:
    """Raise InvalidChange when *reply* leaves out what its office has to answer by now."""
    missing = unanswered(case, points_of(case, reply))
    if missing:
        zh, en = "、".join(missing), ", ".join(missing)
        told = (f"还有建议没有答复：{zh}，请另拟一稿", f"not answered: {en}; draft anew")
        raise InvalidChange(fields={"to": told})


def unanswered(case: Case, answered: Collection[int]) -> list[str]:
    """Return the first recommendations that the reply of *case* leaves out, by reference.

    A joint opinion, and an office that handles a part beside others, may leave out any.
    """
    partial = case.assignment.role == AssignmentRole.SEPARATE and answered
    if partial or case.assignment.role not in ANSWERING:
        return []
    missing = [reference for number, reference in case.scope.items() if number not in answered]
    return missing[:5]


def check_draftable(case: Case) -> None:
    """Raise when the office of *case* answers nothing, or cannot now."""
    assignment = case.assignment
    check_moving(case)
    if not steps_of(assignment.role):
        raise PermissionDenied(
            reason_zh="参阅单位不出具答复", reason_en="an office that is informed gives no reply"
        )
    state = AssignmentState(assignment.state)
    if state not in DRAFTABLE or assignment.received_on is None:
        raise NotNow(thing="the assignment", thing_zh="交办件", state=state.en, state_zh=state.zh,
                     what="draft a reply", what_zh="拟写答复")  # fmt: skip


def versions(case: Case) -> list[Reply]:
    """Return the versions of the reply, oldest first."""
    own = select(Reply).where(Reply.assignment_id == case.assignment.id)
    with case.work.session.no_autoflush:
        return list(case.work.session.scalars(own.order_by(Reply.number)))


def round_of(former: Sequence[Reply], again: bool) -> int:
    """Return which handling the next version belongs to; *again*: handling again is waited for."""
    last = max((reply.round for reply in former), default=1)
    sent = any(reply.round == last and reply.sent_on is not None for reply in former)
    return last + 1 if again and sent else last


def scheme_of(case: Case) -> Scheme | None:
    """Return the scheme of labels of the rules of the proposal."""
    return case.work.book.scheme_for(case.profile)


def row_of(reply: Reply, point: Point, scheme: Scheme | None) -> ReplyPoint:
    """Return the row of *point*, which has no mistakes."""
    found, label, _ = matched(scheme, point.outcome, point.label)
    outcome = ReplyOutcome(str(found))
    strength = strength_of(point.strength, point.promised_on is not None)
    return ReplyPoint(
        assignment_id=reply.assignment_id,
        reply_id=reply.id,
        recommendation_id=point.recommendation.id,
        text=point.text,
        acceptance=str(point.acceptance or ACCEPTS[outcome]),
        outcome=str(outcome),
        label=label,
        promise=point.promise,
        promised_on=point.promised_on,
        promise_strength=str(strength) if point.promise else None,
    )


def mistakes(case: Case, points: Sequence[Point]) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of *points* that is wrong, and why."""
    scheme, wanted = scheme_of(case), case.scope
    seen: set[int] = set()
    for point in points:
        number = point.recommendation.id
        if number not in wanted:
            told = ("不在这件交办的范围内", "is not among what this office was given")
            yield f"{point.place}.recommendation", told
        if number in seen:
            yield f"{point.place}.recommendation", ("重复", "is there twice")
        seen.add(number)
        yield from point_mistakes(case, point, scheme)
    missing = unanswered(case, seen)
    if missing:
        told = ("、".join(missing), ", ".join(missing))
        yield "points", (f"还有建议没有答复：{told[0]}", f"these are not answered: {told[1]}")


def point_mistakes(
    case: Case, point: Point, scheme: Scheme | None
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong within one point."""
    outcome, label, wrong = matched(scheme, point.outcome, point.label)
    for name, told in wrong.items():
        yield f"{point.place}.{name}", told
    if outcome is ReplyOutcome.DEFERRED and point.acceptance is None:
        told = ("暂缓的建议须写明是否采纳", "say whether what is deferred is accepted")
        yield f"{point.place}.acceptance", told
    if point.acceptance is Acceptance.UNDECIDED:
        told = ("答复必须表明是否采纳", "a reply says whether it is accepted")
        yield f"{point.place}.acceptance", told
    if label and scheme and scheme.needs_date(label) and point.promised_on is None:
        told = (f"标签 {label} 须写明承诺期限", f"{label} needs the day that is promised")
        yield f"{point.place}.promise.on", told
    if point.promise is not None:
        yield from promise_mistakes(case, point)


def promise_mistakes(case: Case, point: Point) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what *point* promises."""
    given = {PromiseStrength.DATED: True, PromiseStrength.UNDATED: False}
    dated = point.promised_on is not None
    if point.strength in given and given[point.strength] != dated:
        told = ("与 on 是否填写不一致", "does not go with whether `on` is given")
        yield f"{point.place}.promise.strength", told
    if point.promised_on is not None and point.promised_on < case.work.today:
        told = ("承诺的日期已经过去", "must not be in the past")
        yield f"{point.place}.promise.on", told


# -- steps ---------------------------------------------------------------------------------------


def move(
    actor: Actor,
    assignment: Assignment,
    reply: Reply,
    target: ReplyState,
    grounds: Grounds,
    work: Work,
) -> None:
    """Check, return, send or publish a version.

    A check may change letters, with reasons; sending ends the office's clock, begins those of
    feedback and publication, and moves the acceptance of what is answered, never its progress.
    Raises NotAllowedNow, PermissionDenied, InvalidChange, Awaited while joint offices owe
    something.
    """
    step = find_step(assignment.role, reply.state, target)
    if step is None:
        possible = steps_from(assignment.role, reply.state)
        raise no_such_step(("答复", "the reply"), ReplyState(reply.state), target, possible)
    require_part(actor, assignment, step)
    case = case_of(work, assignment)
    if target is not S.PUBLISHED:
        check_draftable(case)
    if target is S.SENT:
        check_whole(case, reply)
    wrong = dict(grounds_mistakes(case, reply, step, grounds))
    if wrong:
        raise InvalidChange(fields=wrong)
    told = {"reply": (reply.number, reply.number), "reply_state": (reply.state, str(target))}
    values = CARRY_OUT[target](actor, case, reply, grounds)
    reply.state = str(target)
    case.tell(actor, f"assignment.reply_{target}", told, grounds.reason, values)
    follow_all(actor, case)
    follow_proposal(actor, case)


def grounds_mistakes(
    case: Case, reply: Reply, step: Step, grounds: Grounds
) -> Iterator[tuple[str, Sentence]]:
    """Yield what *step* lacks, or does not take."""
    for need in sorted(step.needs):
        if not getattr(grounds, need):
            yield str(need), NEEDED[need]
    for only in (Need.DOCUMENT_NO, Need.SIGNED_BY):
        if getattr(grounds, only) and step.target is not S.SENT:
            yield str(only), NOT_TAKEN
    begun = max(filter(None, (reply.drafted_on, reply.checked_on, reply.sent_on)))
    yield from wrong_day(grounds.on, begun, case.work.today).items()
    if grounds.labels and step.target is not S.CHECKED:
        yield "labels", ("只有核对时可以更改", "only a check changes them")
    yield from label_mistakes(case, reply, grounds)


def label_mistakes(case: Case, reply: Reply, grounds: Grounds) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what a check would change."""
    points, scheme = points_of(case, reply), scheme_of(case)
    seen: set[int] = set()
    for change in grounds.labels:
        number = change.recommendation.id
        if number not in points:
            told = ("这件答复没有涉及这条建议", "the reply has no point on it")
            yield f"{change.place}.recommendation", told
        elif number in seen:
            yield f"{change.place}.recommendation", ("重复", "is there twice")
        seen.add(number)
        _, label, wrong = matched(scheme, change.outcome, change.label)
        if label and scheme and scheme.needs_date(label) and undated(points, number):
            told = (f"标签 {label} 须有承诺期限", f"{label} needs a day that was promised")
            yield f"{change.place}.label", told
        for name, sentence in wrong.items():
            yield f"{change.place}.{name}", sentence


def undated(points: Mapping[int, ReplyPoint], number: int) -> bool:
    """Return whether the point on a recommendation, if there is one, promises no day."""
    return number in points and points[number].promised_on is None


def points_of(case: Case, reply: Reply) -> dict[int, ReplyPoint]:
    """Return the points of *reply* by recommendation."""
    own = select(ReplyPoint).where(ReplyPoint.reply_id == reply.id).order_by(ReplyPoint.id)
    with case.work.session.no_autoflush:
        return {point.recommendation_id: point for point in case.work.session.scalars(own)}


def check(actor: Actor, case: Case, reply: Reply, grounds: Grounds) -> Values:
    """Note that the reply is as it should be, with the letters that a check put in it."""
    points, scheme = points_of(case, reply), scheme_of(case)
    for change in grounds.labels:
        point = points[change.recommendation.id]
        outcome, label, _ = matched(scheme, change.outcome, change.label)
        point.checked_outcome, point.checked_label = str(outcome), label
        point.check_reason = change.reason
    reply.checked_on = grounds.on
    case.end(TaskKind.CHECK_REPLY, on=grounds.on)
    return {}


def give_back(actor: Actor, case: Case, reply: Reply, grounds: Grounds) -> Values:
    """Give a version back to its office, which writes another."""
    reply.remark = grounds.reason
    case.end(TaskKind.CHECK_REPLY, on=grounds.on)
    if case.assignment.role in ANSWERING:
        return {}
    limit = case.limit(LimitKind.CO_OPINION_AGAIN)
    case.begin(TaskKind.CO_OPINION, limit, grounds.on)
    return {"state": str(AssignmentState.IN_PROGRESS), "is_open": True, "ended_on": None}


def send(actor: Actor, case: Case, reply: Reply, grounds: Grounds) -> Values:
    """Send a version: it takes the place of the one before, and ends what the office owes.

    What an office answers to the one that dispatched it on is that one's matter.
    """
    replies = case.assignment.role in ANSWERING
    if replies:
        check_joint(case, reply)
    for former in versions(case):
        if former.state in OUT:
            former.state = str(S.REPLACED)
    reply.sent_on, reply.document_no = grounds.on, grounds.document_no
    reply.signed_by = grounds.signed_by
    for kind in (TaskKind.FEEDBACK, TaskKind.PUBLISH):
        case.end(kind, on=grounds.on, outcome=TaskOutcome.VOID)
    case.end(TaskKind.OBJECTION, on=grounds.on, outcome=TaskOutcome.VOID)
    drop_request(case, grounds.on)
    case.end(TaskKind.REPLY, TaskKind.REHANDLE, TaskKind.CO_OPINION, on=grounds.on)
    if replies and case.assignment.parent_id is None:
        feedback, publication = case.limit(LimitKind.FEEDBACK), case.limit(LimitKind.PUBLICATION)
        case.begin(TaskKind.FEEDBACK, feedback, grounds.on, Desk.DISPATCHERS)
        case.begin(TaskKind.PUBLISH, publication, grounds.on)
        accept(actor, case, reply)
        commitments.make(actor, case.assignment, reply, case.work)
    answered = str(AssignmentState.ANSWERED)
    return {"state": answered, "is_open": False, "ended_on": grounds.on}


def accept(actor: Actor, case: Case, reply: Reply) -> None:
    """Let the recommendations be accepted, or not, as *reply* says."""
    session = case.work.session
    for number, point in points_of(case, reply).items():
        recommendation = session.get_one(Recommendation, number)
        told = f"{case.assignment.reference}-V{reply.number}"  # the text may not be public
        settle(session, actor, recommendation, accepted(point), told)


def accepted(point: ReplyPoint) -> Acceptance:
    """Return what *point* says of acceptance: where a check changed its outcome, what that says."""
    if point.checked_outcome in (None, point.outcome):
        return Acceptance(point.acceptance)
    return ACCEPTS.get(ReplyOutcome(str(point.checked_outcome)), Acceptance(point.acceptance))


def publish(actor: Actor, case: Case, reply: Reply, grounds: Grounds) -> Values:
    """Let everyone read the version."""
    reply.published_on = grounds.on
    case.end(TaskKind.PUBLISH, on=grounds.on)
    return {}


CARRY_OUT = {S.CHECKED: check, S.RETURNED: give_back, S.SENT: send, S.PUBLISHED: publish}
"""What each step does besides changing the state of the version."""
