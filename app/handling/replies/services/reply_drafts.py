"""Replies and joint opinions as they are drafted: versions, their points, what is wrong with them.

Every version stays.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.core.codes import (
    Acceptance,
    AssignmentRole,
    Desk,
    PromiseStrength,
    ReplyOutcome,
    ReplyState,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, NotNow, PermissionDenied, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ANSWERING, UNSENT
from app.core.services.authorization import require
from app.core.types import Values
from app.deadlines.rules.rulebook import Scheme
from app.handling.assignments.services.context import Case, Work, case_of, check_moving
from app.handling.assignments.services.permissions import require_own
from app.handling.assignments.services.step_days import wrong_step_day
from app.handling.replies.rules import ACCEPTS, DRAFTABLE, matched, strength_of, workflow_of
from app.handling.replies.services.countersigning import sync_countersign_tasks
from app.models import Assignment, Recommendation, Reply, ReplyPoint, Task
from app.register.files.services import Evidence, attach

S = ReplyState


@dataclass(frozen=True)
class PointInput:
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


def draft(
    actor: Actor,
    assignment: Assignment,
    text: str,
    points: Sequence[PointInput],
    work: Work,
    attachments: Evidence | None = None,
) -> Reply:
    """Write the next version of the reply of *assignment*, or of the opinion of a joint office.

    Versions that were not sent are replaced by it; one that was holds until this one is sent. It
    was drafted on the day of *work*, neither before the receipt nor before the version before it.
    Raises PermissionDenied, NotNow before the receipt or after the end, InvalidChange.
    """
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    check_draftable(case)
    wrong = wrong_step_day(work, last_day(case)) | dict(validate_points(case, points))
    if wrong:
        raise InvalidChange(fields=wrong)
    made = new_version(case, text, points, attachments)
    if assignment.role in ANSWERING:
        case.begin(TaskKind.CHECK_REPLY, None, work.today, Desk.DISPATCHERS, made)
        sync_countersign_tasks(actor, case)
    outcomes = {p.recommendation.reference: str(p.outcome or p.label) for p in points}
    changes: Values = {"reply": (None, made.number), "outcomes": (None, outcomes)}
    changes |= {"attachments": ([], attachments)} if attachments else {}
    case.tell(actor, "assignment.reply_drafted", changes)
    attach(work.session, actor, attachments, made)
    return made


def last_day(case: Case) -> date | None:
    """Return the last day of what was done before a version that is drafted now."""
    days = [case.assignment.received_on]
    for reply in versions(case):
        days += [reply.drafted_on, reply.checked_on, reply.sent_on]
    checks = select(func.max(Task.ended_on)).where(
        Task.assignment_id == case.assignment.id, Task.kind == TaskKind.CHECK_REPLY
    )
    days.append(case.work.session.scalar(checks))  # on which a version was returned, perhaps
    return max(filter(None, days), default=None)


def new_version(
    case: Case, text: str, points: Sequence[PointInput], attachments: Evidence | None
) -> Reply:
    """Return the next version, in the place of those that were not sent."""
    former, today = versions(case), case.work.today
    for reply in former:
        if reply.state in UNSENT:
            reply.state = S.REPLACED
    case.end(TaskKind.CHECK_REPLY, on=today, outcome=TaskOutcome.VOID)
    made = Reply(
        assignment_id=case.assignment.id,
        number=len(former) + 1,
        round=round_of(former, bool(case.waited_for(TaskKind.REHANDLE))),
        state=S.DRAFT,
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


def unanswered(case: Case, answered: Collection[int]) -> list[str]:
    """Return the recommendations that the reply of *case* leaves out, by reference.

    A joint opinion, and an office that handles a part beside others, may leave out any.
    """
    partial = case.assignment.role == AssignmentRole.SEPARATE and answered
    if partial or case.assignment.role not in ANSWERING:
        return []
    return [reference for number, reference in case.scope.items() if number not in answered]


def check_draftable(case: Case) -> None:
    """Raise when the office of *case* answers nothing, or cannot now."""
    assignment = case.assignment
    check_moving(case)
    if not workflow_of(assignment.role).steps:
        raise PermissionDenied(
            reason_zh="参阅单位不出具答复", reason_en="an office that is informed gives no reply"
        )
    state = assignment.state
    if state not in DRAFTABLE or assignment.received_on is None:
        raise NotNow.of(("交办件", "the assignment"), state.labels, ("拟写答复", "draft a reply"))


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


def row_of(reply: Reply, point: PointInput, scheme: Scheme | None) -> ReplyPoint:
    """Return the row of *point*, which has no mistakes."""
    outcome, label, wrong = matched(scheme, point.outcome, point.label)
    if outcome is None:
        raise ValueError(wrong)
    strength = strength_of(point.strength, point.promised_on is not None)
    return ReplyPoint(
        assignment_id=reply.assignment_id,
        reply_id=reply.id,
        recommendation_id=point.recommendation.id,
        text=point.text,
        acceptance=point.acceptance or ACCEPTS[outcome],
        outcome=outcome,
        label=label,
        promise=point.promise,
        promised_on=point.promised_on,
        promise_strength=strength if point.promise else None,
    )


def validate_points(case: Case, points: Sequence[PointInput]) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of *points* that is wrong, and why."""
    scheme, wanted = scheme_of(case), case.scope
    seen: set[int] = set()
    for point in points:
        number = point.recommendation.id
        if number not in wanted:
            message = ("不在这件交办的范围内", "is not among what this office was given")
            yield f"{point.place}.recommendation", message
        if number in seen:
            yield f"{point.place}.recommendation", ("重复", "is there twice")
        seen.add(number)
        yield from point_mistakes(case, point, scheme)
    missing = unanswered(case, seen)
    if missing:
        zh, en = references_in_words(missing)
        yield "points", (f"还有建议没有答复：{zh}", f"these are not answered: {en}")


def references_in_words(references: list[str]) -> Sentence:
    """Return the first of *references* in both languages, and how many more there are."""
    first, more = references[:20], len(references) - 20
    zh, en = "、".join(first), ", ".join(first)
    return (f"{zh}，等 {len(references)} 条", f"{en}, and {more} more") if more > 0 else (zh, en)


def point_mistakes(
    case: Case, point: PointInput, scheme: Scheme | None
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong within one point."""
    outcome, label, wrong = matched(scheme, point.outcome, point.label)
    for name, message in wrong.items():
        yield f"{point.place}.{name}", message
    if outcome is ReplyOutcome.DEFERRED and point.acceptance is None:
        message = ("暂缓的建议须写明是否采纳", "say whether what is deferred is accepted")
        yield f"{point.place}.acceptance", message
    if point.acceptance is Acceptance.UNDECIDED:
        message = ("答复必须表明是否采纳", "a reply says whether it is accepted")
        yield f"{point.place}.acceptance", message
    if label and scheme and scheme.needs_date(label) and point.promised_on is None:
        message = (f"标签 {label} 须写明承诺期限", f"{label} needs the day that is promised")
        yield f"{point.place}.promise.on", message
    if point.promise is not None and case.assignment.role not in ANSWERING:
        message = (
            "会办意见不作承诺，由主办单位写入答复",
            "a joint opinion promises nothing: the reply does",
        )
        yield f"{point.place}.promise", message
    elif point.promise is not None:
        yield from promise_mistakes(case, point)


def promise_mistakes(case: Case, point: PointInput) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what *point* promises."""
    given = {PromiseStrength.DATED: True, PromiseStrength.UNDATED: False}
    dated = point.promised_on is not None
    if point.strength in given and given[point.strength] != dated:
        message = ("与 on 是否填写不一致", "does not go with whether `on` is given")
        yield f"{point.place}.promise.strength", message
    if point.promised_on is not None and point.promised_on < case.work.today:
        message = ("承诺的日期已经过去", "must not be in the past")
        yield f"{point.place}.promise.on", message
