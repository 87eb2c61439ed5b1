"""Promises: made by a reply, kept or missed, given another day, withdrawn; see also remarks.py.

They outlive the session and the term in which they were made.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from app.database import as_json
from app.errors import InvalidChange, Sentence
from app.models import (
    Assignment,
    Commitment,
    Milestone,
    Proposal,
    Proposer,
    Recommendation,
    Remark,
    Reply,
    ReplyPoint,
    Task,
)
from app.queries.parts import next_number
from app.rules.commitments import RUNNING, YEARLY, find_step, steps_from
from app.rules.deadlines import Limit
from app.rules.permissions import Actor, Permission
from app.rules.replies import OUT, reply_reference
from app.rules.vocabularies import (
    AssignmentState,
    CommitmentState,
    Desk,
    LeadStatus,
    Need,
    PromiseStrength,
    RemarkKind,
    ReplyOutcome,
    Satisfaction,
    TaskKind,
    TaskOutcome,
)
from app.rules.workflow import LOOK_BACK, UNDONE, Step
from app.services import tasks
from app.services.cases import Work, answers_proposers, wrong_day
from app.services.events import next_sequence, tell
from app.services.files import Evidence, attach
from app.services.permissions import require, require_office
from app.services.steps import NEEDED, NOT_TAKEN, no_such_step

S = CommitmentState


@dataclass(frozen=True)
class Promise:
    """A commitment, with what is worked with."""

    work: Work
    record: Commitment

    def begin(
        self,
        kind: TaskKind,
        on: date,
        *,
        limit: Limit | None = None,
        due_on: date | None = None,
        desk: Desk = Desk.OFFICE,
        about: Milestone | None = None,
    ) -> None:
        """Put something about the promise, or one milestone of it, on a desk."""
        session = self.work.session
        proposal = session.get_one(Proposal, self.record.proposal_id)
        tasks.begin(
            session, self.record, kind, on, publication=proposal.publication, limit=limit,
            calendar=self.work.book.calendar, desk=desk, due_on=due_on, about=about,
        )  # fmt: skip

    def end(self, *kinds: TaskKind, on: date, outcome: TaskOutcome | None = None) -> None:
        """End what is waited for, of *kinds* or of any."""
        for task in tasks.open_tasks(self.work.session, self.record, *kinds):
            tasks.end(self.work.session, task, on, outcome)

    def tell(
        self,
        actor: Actor,
        operation: str,
        changes: Mapping[str, tuple[Any, Any]],
        note: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        """Set *values* on the record and write the event."""
        tell(self.work.session, actor, self.record, operation, changes, note, values)


O = ReplyOutcome  # noqa: E741
REFUSED = frozenset(str(o) for o in (O.FOR_REFERENCE, O.NOT_FEASIBLE, O.REFERRED_UP))
"""Outcomes with which nothing is promised, should a check have put one in the place of another."""


# -- made ----------------------------------------------------------------------------------------


def make(actor: Actor, assignment: Assignment, reply: Reply, work: Work) -> None:
    """Keep every promise of *reply*, which was sent, in the place of earlier ones still open.

    One that was missed stays: a new letter does not undo that. So does one that the new letter
    only passes over: whoever takes a promise back says so, with a reason.
    """
    points = select(ReplyPoint).where(ReplyPoint.reply_id == reply.id)
    for point in work.session.scalars(points.order_by(ReplyPoint.id)).all():
        if point.promise is not None and point.checked_outcome not in REFUSED:
            replace_former(actor, assignment, point, reply, work)
            add(actor, assignment, point, reply, work)


def replace_former(
    actor: Actor, assignment: Assignment, point: ReplyPoint, reply: Reply, work: Work
) -> None:
    """End what the office promised before about the recommendation of *point*."""
    former = select(Commitment).where(
        Commitment.office_id == assignment.office_id,
        Commitment.recommendation_id == point.recommendation_id,
        Commitment.state == S.OPEN.value,
    )
    for record in work.session.scalars(former.order_by(Commitment.id)).all():
        old, on = Promise(work, record), reply.sent_on or work.today
        old.end(on=on, outcome=TaskOutcome.VOID)
        told = {"reply": (None, reply_reference(assignment.reference, reply.number))}
        values = {"state": str(S.REPLACED), "ended_on": on}
        old.tell(actor, "commitment.replaced", told, values=values)


def add(
    actor: Actor, assignment: Assignment, point: ReplyPoint, reply: Reply, work: Work
) -> Commitment:
    """Keep the promise of *point*, or what it answers where it names none."""
    session, on = work.session, reply.sent_on or work.today
    about = session.get_one(Recommendation, point.recommendation_id)
    number = next_number(session, Commitment.number, Commitment.recommendation_id == about.id)
    record = Commitment(
        reference=f"{about.reference}-C{number:02d}",
        recommendation_id=about.id,
        number=number,
        proposal_id=about.proposal_id,
        point_id=point.id,
        office_id=assignment.office_id,
        state=str(S.OPEN),
        text=point.promise or point.text,
        strength=point.promise_strength or str(PromiseStrength.UNDATED),
        promised_on=point.promised_on,
        first_promised_on=point.promised_on,
        made_on=on,
    )
    session.add(record)
    session.flush()
    made = Promise(work, record)
    made.begin(TaskKind.KEEP_PROMISE, on, due_on=record.promised_on)
    made.begin(TaskKind.CONFIRM, on, limit=YEARLY)
    told = {"text": (None, record.text), "promised_on": (None, as_json(record.promised_on))}
    made.tell(actor, "commitment.created", told)
    return record


OWED = tuple(str(outcome) for outcome in (O.IN_PROGRESS, O.PLANNED))
"""Outcomes after which something is still to be done."""


def keep_unpromised(actor: Actor, proposal: Proposal, work: Work) -> None:
    """Follow what *proposal*, which is closed, leaves planned or in progress and nobody follows.

    It becomes an undated promise of the office that answered so, unless an office took the
    recommendation on or promised something about it.
    """
    promised = select(Commitment.id).where(
        Commitment.recommendation_id == ReplyPoint.recommendation_id
    )
    taken_on = Recommendation.lead_status.is_not_distinct_from(LeadStatus.TAKEN_ON.value)
    rows = (
        select(ReplyPoint, Reply, Assignment)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .join(Assignment, Assignment.id == ReplyPoint.assignment_id)
        .join(Recommendation, Recommendation.id == ReplyPoint.recommendation_id)
        .where(
            *answers_proposers(proposal.id),
            Assignment.state == AssignmentState.ANSWERED.value,
            Reply.state.in_([str(state) for state in OUT]),
            func.coalesce(ReplyPoint.checked_outcome, ReplyPoint.outcome).in_(OWED),
            Recommendation.progress.in_([str(state) for state in UNDONE]),
            ~taken_on,
            ~promised.exists(),
        )
    )
    for point, reply, assignment in work.session.execute(rows.order_by(ReplyPoint.id)).all():
        add(actor, assignment, point, reply, work)


# -- steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grounds:
    """What comes with a step of a promise."""

    on: date
    reason: str | None = None
    evidence: Evidence = field(default_factory=list)
    promised_on: date | None = None


def move(
    actor: Actor, record: Commitment, target: CommitmentState, grounds: Grounds, work: Work
) -> None:
    """Keep a promise, give it another day once it was missed, withdraw it, or open it again.

    Raises NotAllowedNow, PermissionDenied, InvalidChange naming the field.
    """
    step = find_step(record.state, target)
    if step is None:
        source = S(record.state)
        raise no_such_step(("承诺", "the commitment"), source, target, steps_from(source))
    require(actor, step.permission)
    if step.permission is not Permission.REOPEN:
        require_office(actor, record.office_id)
    wrong = dict(mistakes(record, step, grounds, work.today))
    if wrong:
        raise InvalidChange(fields=wrong)
    own = Promise(work, record)
    values = reopen(own, step, grounds) if target is S.OPEN else ended(own, target, grounds)
    values["state"] = str(target)
    told: dict[str, tuple[Any, Any]]
    told = {"evidence": ([], grounds.evidence)} if grounds.evidence else {}
    if grounds.evidence:
        remark(own, RemarkKind.EXPLANATION, grounds.on, grounds.reason or "", grounds.evidence)
    own.tell(actor, f"commitment.{target}", told, grounds.reason, values)
    attach(work.session, actor, grounds.evidence, record)


def ended(own: Promise, target: CommitmentState, grounds: Grounds) -> dict[str, Any]:
    """End what waits for a promise that is kept or withdrawn; return what changes."""
    record, values = own.record, {"ended_on": grounds.on}
    if target is S.KEPT:
        own.end(TaskKind.KEEP_PROMISE, on=grounds.on)
        due = record.promised_on
        if record.state == S.OPEN and due is not None and grounds.on > due:
            values["missed_on"] = due + timedelta(days=1)  # no pass of the reminders said so yet
    own.end(on=grounds.on, outcome=TaskOutcome.VOID)
    if target is S.KEPT:
        own.begin(TaskKind.LOOK_BACK, grounds.on, limit=LOOK_BACK, desk=Desk.SUPERVISORS)
    return values


def reopen(own: Promise, step: Step, grounds: Grounds) -> dict[str, Any]:
    """Begin anew what waits for a promise; return what changes."""
    own.end(
        TaskKind.KEEP_PROMISE, TaskKind.CONFIRM, TaskKind.LOOK_BACK,
        on=grounds.on, outcome=TaskOutcome.VOID,
    )  # fmt: skip
    if step.source is S.KEPT:
        undone = select(Milestone).where(
            Milestone.commitment_id == own.record.id, Milestone.done_on.is_(None)
        )
        for milestone in own.work.session.scalars(undone.order_by(Milestone.number)).all():
            own.begin(TaskKind.MILESTONE, grounds.on, due_on=milestone.due_on, about=milestone)
    promised_on = grounds.promised_on or own.record.promised_on
    own.begin(TaskKind.KEEP_PROMISE, grounds.on, due_on=promised_on)
    own.begin(TaskKind.CONFIRM, grounds.on, limit=YEARLY)
    return {"promised_on": promised_on, "ended_on": None}


def mistakes(
    record: Commitment, step: Step, grounds: Grounds, today: date
) -> Iterator[tuple[str, Sentence]]:
    """Yield what *step* lacks, or does not take."""
    for need in sorted(step.needs):
        if not getattr(grounds, need):
            yield str(need), NEEDED[need]
    if grounds.promised_on is not None and Need.PROMISED_ON not in step.needs:
        yield "promised_on", NOT_TAKEN
    elif grounds.promised_on is not None and grounds.promised_on <= today:
        yield "promised_on", ("必须晚于今天", "must be later than today")
    if grounds.evidence and Need.EVIDENCE not in step.needs:
        yield "evidence", NOT_TAKEN
    yield from wrong_day(grounds.on, record.ended_on or record.made_on, today).items()


def withdraw_all(actor: Actor, proposal: Proposal, reason: str, work: Work) -> None:
    """Owe no more what offices promised about *proposal*, which was withdrawn."""
    owed = select(Commitment).where(
        Commitment.proposal_id == proposal.id, Commitment.state.in_(sorted(map(str, RUNNING)))
    )
    for record in work.session.scalars(owed.order_by(Commitment.id)).all():
        own = Promise(work, record)
        own.end(on=work.today, outcome=TaskOutcome.VOID)
        values = {"state": str(S.WITHDRAWN), "ended_on": work.today}
        own.tell(actor, f"commitment.{S.WITHDRAWN}", {}, reason, values)


def remark(
    own: Promise,
    kind: RemarkKind,
    on: date,
    text: str,
    evidence: Evidence,
    proposer: Proposer | None = None,
    rating: Satisfaction | None = None,
) -> None:
    """Add the row of what was said."""
    own.work.session.add(
        Remark(
            commitment_id=own.record.id,
            sequence=next_sequence(own.work.session),
            kind=str(kind),
            on=on,
            proposer_id=proposer.id if proposer else None,
            value=str(rating) if rating else None,
            text=text,
            evidence=evidence,
        )
    )


def miss(actor: Actor, task: Task, work: Work) -> None:
    """Note that a promise was missed, as the day after it says; nothing when it is noted."""
    record = work.session.get_one(Commitment, task.commitment_id)
    if record.state == S.OPEN:
        values = {"state": str(S.MISSED), "missed_on": work.today}
        Promise(work, record).tell(actor, "commitment.missed", {}, values=values)
