"""What is said of a promise, and the steps on the way to it.

Offices explain and confirm, registrars enter ratings, supervisors look back.
"""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.core.canonical_json import as_json
from app.core.codes import (
    CommitmentState,
    RemarkKind,
    Satisfaction,
    TaskKind,
)
from app.core.errors import AlreadyExists, InvalidChange, NotNow, PermissionDenied
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import RUNNING
from app.core.services.authorization import require, require_office
from app.handling.assignments.services.context import Work, wrong_day
from app.handling.commitments.queries import added_in
from app.handling.commitments.rules import REMARKS, YEARLY
from app.handling.commitments.services.commitments import Promise, remark
from app.handling.replies.services.evaluations import require_outside
from app.models import (
    Assignment,
    Commitment,
    Milestone,
    Proposer,
    Remark,
    ReplyPoint,
    Task,
)
from app.register.files.services import Evidence, attach
from app.register.recommendations.queries.recommendation_details import next_number
from app.tasks.services import tasks

S = CommitmentState


@dataclass(frozen=True)
class RemarkInput:
    """What is said of a promise: an explanation, a confirmation, a rating, a look back."""

    kind: RemarkKind
    on: date
    text: str
    proposer: Proposer | None = None
    rating: Satisfaction | None = None
    evidence: Evidence = field(default_factory=list)


def say(actor: Actor, record: Commitment, said: RemarkInput, work: Work) -> None:
    """Add a remark: offices explain and confirm, registrars enter ratings, supervisors look back.

    Raises PermissionDenied, NotNow where the promise is not in a state for it, InvalidChange,
    AlreadyExists for a second rating by the same proposer.
    """
    require(actor, REMARKS[said.kind])
    check_speaker(actor, record, said.kind, work)
    check_remark(record, said, work.today)
    check_rating(record, said, work)
    own = Promise(work, record)
    if said.kind is RemarkKind.CONFIRMATION:
        own.end(TaskKind.CONFIRM, on=said.on)
        own.begin(TaskKind.CONFIRM, said.on, limit=YEARLY)
    if said.kind is RemarkKind.LOOK_BACK:
        own.end(TaskKind.LOOK_BACK, on=said.on)
    remark(own, said.kind, said.on, said.text, said.evidence, said.proposer, said.rating)
    changes = {"remark": (None, said.kind), "rating": (None, as_json(said.rating))}
    told_in = own.tell(actor, f"commitment.{said.kind}", changes, said.text)
    internal = said.kind is RemarkKind.RATING
    evidence = said.evidence
    attach(work.session, actor, evidence, record, told_in=told_in, is_internal=internal)


def check_speaker(actor: Actor, record: Commitment, kind: RemarkKind, work: Work) -> None:
    """Raise PermissionDenied when the office of *actor* may not say this."""
    if REMARKS[kind] is Permission.HANDLE:
        require_office(actor, record.office_id)
    elif kind is RemarkKind.LOOK_BACK and actor.office_id == record.office_id:
        raise PermissionDenied(
            reason_zh="承诺单位不能核查自己的承诺", reason_en="an office cannot judge its promise"
        )
    elif kind is RemarkKind.RATING:
        point = work.session.get_one(ReplyPoint, record.point_id)
        require_outside(actor, work.session.get_one(Assignment, point.assignment_id), work)


SAID_OF = {
    RemarkKind.EXPLANATION: RUNNING,
    RemarkKind.CONFIRMATION: RUNNING,
    RemarkKind.RATING: RUNNING | {S.KEPT},
    RemarkKind.LOOK_BACK: frozenset({S.KEPT}),
}
"""Of promises in which states each can be said."""


def check_remark(record: Commitment, said: RemarkInput, today: date) -> None:
    """Raise when *said* does not suit the promise, or lacks something."""
    if record.state not in SAID_OF[said.kind]:
        state = S(record.state)
        raise NotNow.of(
            ("承诺", "the commitment"), state.labels, (f"登记{said.kind.zh}", f"add {said.kind.en}")
        )
    wrong = wrong_day(said.on, record.made_on, today)
    for name in ("proposer", "rating"):
        given, wanted = getattr(said, name) is not None, said.kind is RemarkKind.RATING
        if wanted and not given:
            wrong[name] = ("必须填写", "is needed for a rating")
        if given and not wanted:
            wrong[name] = ("只有评价时填写", "only a rating takes it")
    if wrong:
        raise InvalidChange(fields=wrong)


def check_rating(record: Commitment, said: RemarkInput, work: Work) -> None:
    """Raise AlreadyExists when the proposer has rated the promise already."""
    if said.proposer is None:
        return
    known = select(Remark.id).where(
        Remark.commitment_id == record.id, Remark.proposer_id == said.proposer.id
    )
    if work.session.scalar(known.limit(1)) is not None:
        name = said.proposer.as_printed
        raise AlreadyExists(what="rating by", what_zh="评价", value=name)


def add_milestone(
    actor: Actor, record: Commitment, text: str, due_on: date | None, work: Work
) -> None:
    """Add a step on the way.

    Raises PermissionDenied, NotNow when the promise ended, InvalidChange for a day before it.
    """
    require_running(actor, record)
    if due_on is not None and due_on < record.made_on:
        day = record.made_on
        en = f"must not be before {day}, when it was promised"
        raise InvalidChange(fields={"due_on": (f"不能早于承诺之日 {day}", en)})
    session, own = work.session, Promise(work, record)
    number = next_number(session, Milestone.number, Milestone.commitment_id == record.id)
    made = Milestone(commitment_id=record.id, number=number, text=text, due_on=due_on, evidence=[])
    session.add(made)
    session.flush()
    changes = {"milestone": (None, number), "due_on": (None, as_json(due_on))}
    own.begin(TaskKind.MILESTONE, work.today, due_on=due_on, about=made)
    own.tell(actor, "commitment.milestone_added", changes, text)


def reach_milestone(
    actor: Actor,
    record: Commitment,
    milestone: Milestone,
    on: date,
    evidence: Evidence,
    work: Work,
) -> None:
    """Note that a milestone was reached, once. Raises PermissionDenied, NotNow, InvalidChange."""
    require_running(actor, record)
    if milestone.done_on is not None:
        raise NotNow.of(
            ("节点", "the milestone"), ("已完成", "reached"), ("再次完成", "reach it again")
        )
    wrong = wrong_day(on, record.made_on, work.today)
    if wrong:
        raise InvalidChange(fields=wrong)
    milestone.done_on, milestone.evidence = on, evidence
    for task in waiting_for(record, milestone, work):
        tasks.end(work.session, task, on)
    changes = {"milestone": (milestone.number, milestone.number), "done_on": (None, as_json(on))}
    Promise(work, record).tell(actor, "commitment.milestone_reached", changes)
    told_in = added_in(work.session, milestone)
    attach(work.session, actor, evidence, record, told_in=told_in)


def waiting_for(record: Commitment, milestone: Milestone, work: Work) -> list[Task]:
    """Return the task of *milestone*; of an earlier register one with the same day will do."""
    waiting = tasks.open_tasks(work.session, record, TaskKind.MILESTONE)
    own = [task for task in waiting if task.milestone_id == milestone.id]
    like = [t for t in waiting if t.milestone_id is None and t.due_on == milestone.due_on]
    return (own or like)[:1]


def require_running(actor: Actor, record: Commitment) -> None:
    """Raise when *actor* may not work on the promise, or it is over."""
    require(actor, Permission.HANDLE)
    require_office(actor, record.office_id)
    if record.state not in RUNNING:
        state = S(record.state)
        raise NotNow.of(("承诺", "the commitment"), state.labels, ("办理", "work on it"))
