"""Countersignatures: joint offices agree to what the office that leads would send."""

from sqlalchemy import or_, select

from app.core.codes import (
    AssignmentRole,
    AssignmentState,
    ReplyState,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import AlreadyExists, Awaited, InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ANSWERING, OBJECTING, reply_reference
from app.core.services.authorization import require
from app.handling.assignments.services.context import Case, Work, case_of, check_moving
from app.handling.assignments.services.permissions import require_own
from app.handling.assignments.services.step_days import wrong_step_day
from app.models import Assignment, Countersignature, Organization, Reply
from app.tasks.services import tasks

WAITING = frozenset({ReplyState.DRAFT, ReplyState.CHECKED})
"""States of a version that joint offices can countersign."""

GONE = (AssignmentState.RETURNED, AssignmentState.WITHDRAWN)


def joint_cases(case: Case) -> list[Case]:
    """Return the cases of the joint offices that work with that of *case*, in their order.

    They have the same proposal, or one of the recommendations it answers, below the same parent.
    An office does not countersign its own letter.
    """
    own = case.assignment
    rows = select(Assignment).where(
        Assignment.proposal_id == own.proposal_id,
        Assignment.role == AssignmentRole.JOINT,
        Assignment.office_id != own.office_id,
        Assignment.parent_id.is_not_distinct_from(own.parent_id),
        Assignment.state.not_in(GONE),
        or_(
            Assignment.recommendation_id.is_(None),
            Assignment.recommendation_id.in_(case.scope),
        ),
    )
    with case.work.session.no_autoflush:
        found = case.work.session.scalars(rows.order_by(Assignment.number)).all()
    return [Case(case.work, assignment, case.proposal) for assignment in found]


def waiting_for(joint: Case) -> list[Reply]:
    """Return the versions that wait for the countersignature of the office of *joint*."""
    own, session = joint.assignment, joint.work.session
    rows = (
        select(Reply, Assignment)
        .join(Assignment, Assignment.id == Reply.assignment_id)
        .where(
            Assignment.proposal_id == own.proposal_id,
            Assignment.role.in_(ANSWERING),
            Assignment.office_id != own.office_id,
            Assignment.parent_id.is_not_distinct_from(own.parent_id),
            Assignment.state.not_in(GONE),
            Reply.state.in_(WAITING),
        )
    )
    found = []
    for reply, assignment in session.execute(rows.order_by(Reply.id)).all():
        leading = Case(joint.work, assignment, joint.proposal)
        has_part = own.recommendation_id is None or own.recommendation_id in leading.scope
        if has_part and signature_of(joint, reply) is None:
            found.append(reply)
    return found


def sync_countersign_task(joint: Case, outcome: TaskOutcome | None = None) -> bool:
    """Let the desk of a joint office show what it is to countersign; return whether that changed.

    What waits no more ends with *outcome*.
    """
    joint.work.session.flush()
    wanted = {reply.id: reply for reply in waiting_for(joint)}
    shown = joint.waited_for(TaskKind.COUNTERSIGN)
    ended = [task for task in shown if wanted.pop(task.reply_id or 0, None) is None]
    for task in ended:
        tasks.end(joint.work.session, task, joint.work.today, outcome)
    for reply in wanted.values():
        joint.begin(TaskKind.COUNTERSIGN, None, joint.work.today, about=reply)
    return bool(ended or wanted)


def sync_countersign_tasks(actor: Actor, case: Case) -> None:
    """Do so for the joint offices that work with that of *case*, whose reply changed."""
    for joint in joint_cases(case):
        if sync_countersign_task(joint, TaskOutcome.VOID):
            about = {"countersign": (None, case.assignment.reference)}
            joint.tell(actor, "assignment.countersignature_asked", about)


def countersign(
    actor: Actor, assignment: Assignment, reply: Reply, agrees: bool, note: str | None, work: Work
) -> None:
    """Agree, or not, to a version of the reply as the joint office of *assignment*.

    It did so on the day of *work*. Raises PermissionDenied, NotNow, AlreadyExists, InvalidChange
    for a reply that it has no part in, or a refusal without a reason.
    """
    require(actor, Permission.SIGN)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    answering = case_of(work, work.session.get_one(Assignment, reply.assignment_id))
    check_signing(case, answering, reply)
    wrong = wrong_step_day(work, reply.drafted_on)
    if not agrees and not note:
        wrong["note"] = ("不同意须说明理由", "a reason is needed")
    if wrong:
        raise InvalidChange(fields=wrong)
    if signature_of(case, reply) is not None:
        raise AlreadyExists(what="countersignature", what_zh="会签意见", value=assignment.reference)
    signed = {"agrees": agrees, "signed_on": work.today, "note": note}
    work.session.add(Countersignature(assignment_id=assignment.id, reply_id=reply.id, **signed))
    sync_countersign_task(case)
    name = reply_reference(answering.assignment.reference, reply.number)
    changes = {"reply": (None, name), "agrees": (None, agrees)}
    case.tell(actor, "assignment.countersigned", changes, note)


def check_signing(case: Case, answering: Case, reply: Reply) -> None:
    """Raise when *reply*, by the office of *answering*, waits for no word of that of *case*."""
    if case.assignment.id not in [joint.assignment.id for joint in joint_cases(answering)]:
        message = ("本单位不是这件答复的会办单位", "your office has no part in this reply")
        raise InvalidChange(fields={"reply": message})
    if reply.state not in WAITING:
        state = reply.state
        raise NotNow.of(("答复", "the reply"), state.labels, ("会签", "countersign it"))
    check_moving(case)


def signature_of(case: Case, reply: Reply) -> Countersignature | None:
    """Return what the office of *case* said of *reply*, or None."""
    own = select(Countersignature).where(
        Countersignature.assignment_id == case.assignment.id,
        Countersignature.reply_id == reply.id,
    )
    with case.work.session.no_autoflush:
        return case.work.session.scalar(own)


def check_below(case: Case) -> None:
    """Raise Awaited while an office to which that of *case* dispatched on owes its answer."""
    rows = select(Assignment).where(
        Assignment.parent_id == case.assignment.id,
        Assignment.is_open,
        Assignment.role.in_(OBJECTING),
    )
    found = case.work.session.scalars(rows.order_by(Assignment.number)).all()
    owing = [Case(case.work, assignment, case.proposal) for assignment in found]
    if owing:
        zh, en = names(case, owing)
        raise Awaited(what="the answer", what_zh="所转交事项的答复", whose=en, whose_zh=zh)


def check_joint(case: Case, reply: Reply) -> None:
    """Raise Awaited while a joint office owes its opinion, or does not agree to *reply*."""
    joint = joint_cases(case)
    owing = [j for j in joint if j.assignment.state != AssignmentState.ANSWERED]
    if owing:
        zh, en = names(case, owing)
        raise Awaited(what="the joint opinion", what_zh="会办意见", whose=en, whose_zh=zh)
    signed = [(j, signature_of(j, reply)) for j in joint]
    silent = [j for j, signature in signed if signature is None or not signature.agrees]
    if silent:
        zh, en = names(case, silent)
        raise Awaited(what="the countersignature", what_zh="会签", whose=en, whose_zh=zh)


def names(case: Case, joint: list[Case]) -> Sentence:
    """Return the offices of *joint*, in both languages."""
    offices = [case.work.session.get_one(Organization, j.assignment.office_id) for j in joint]
    zh = "、".join(office.name_zh for office in offices)
    return zh, ", ".join(office.name_en or office.slug for office in offices)
