"""Promises: made by a reply, kept or missed, given another day, withdrawn; see also remarks.py.

They outlive the session and the term in which they were made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select

from app.audit.services.recorder import next_sequence, record_change
from app.core.codes import (
    CommitmentState,
    Desk,
    Need,
    RemarkKind,
    Satisfaction,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import RUNNING
from app.core.rules.workflow import Step, lacking, surplus
from app.core.services.authorization import require, require_office
from app.core.types import Changes, Given, NewChanges, Values
from app.deadlines.rules.deadlines import Limit
from app.deadlines.rules.own_limits import LOOK_BACK
from app.handling.assignments.services.context import Work, wrong_day
from app.handling.commitments.rules import COMMITMENT, YEARLY
from app.models import (
    Commitment,
    Milestone,
    Proposal,
    Proposer,
    Recommendation,
    Remark,
    Task,
)
from app.register.files.services import Evidence, attach
from app.register.recommendations.services.recommendations import set_day
from app.tasks.services import tasks

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
            session,
            self.record,
            tasks.TaskInput(
                kind=kind,
                on=on,
                publication=proposal.publication,
                limit=limit,
                calendar=self.work.book.calendar,
                desk=desk,
                due_on=due_on,
                about=about,
            ),
        )

    def end(self, *kinds: TaskKind, on: date, outcome: TaskOutcome | None = None) -> None:
        """End what is waited for, of *kinds* or of any."""
        for task in tasks.open_tasks(self.work.session, self.record, *kinds):
            tasks.end(self.work.session, task, on, outcome)

    def tell(
        self,
        actor: Actor,
        operation: str,
        changes: Changes,
        note: str | None = None,
        values: Given | None = None,
    ) -> int:
        """Set *values* on the record, write the event, and return its sequence."""
        session = self.work.session
        return record_change(session, actor, self.record, operation, changes, note, values)


# -- steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CommitmentTransition:
    """What comes with a step of a promise."""

    on: date
    reason: str | None = None
    evidence: Evidence = field(default_factory=list)
    promised_on: date | None = None


def move(
    actor: Actor,
    record: Commitment,
    target: CommitmentState,
    grounds: CommitmentTransition,
    work: Work,
) -> None:
    """Keep a promise, give it another day once it was missed, withdraw it, or open it again.

    Raises NotAllowedNow, PermissionDenied, InvalidChange naming the field.
    """
    step = COMMITMENT.find(record.state, target)
    if step is None:
        may = partial(COMMITMENT.may, actor, office_id=record.office_id)
        raise COMMITMENT.refusal(record.state, target, may)
    require(actor, step.permission)
    if step.permission is not Permission.REOPEN:
        require_office(actor, record.office_id)
    if wrong := dict(validate_step(record, step, grounds, work.today)):
        raise InvalidChange(fields=wrong)
    own = Promise(work, record)
    values = reopen(own, step, grounds) if target is S.OPEN else ended(own, target, grounds)
    values["state"] = target
    changes: NewChanges = {}
    if grounds.evidence:
        changes["evidence"] = ([], grounds.evidence)
        remark(own, RemarkKind.EXPLANATION, grounds.on, grounds.reason or "", grounds.evidence)
    before = record.promised_on
    told_in = own.tell(actor, f"commitment.{target}", changes, grounds.reason, values)
    sync_promised_day(actor, own, before)
    attach(work.session, actor, grounds.evidence, record, told_in=told_in)


def sync_promised_day(actor: Actor, own: Promise, before: date | None) -> None:
    """Let the recommendation be due on the new day of a promise, where it was on the one *before*.

    A promise that is withdrawn leaves no day.
    """
    session, record = own.work.session, own.record
    about = session.get_one(Recommendation, record.recommendation_id)
    day = None if record.state == S.WITHDRAWN else record.promised_on
    if before is not None and about.due_on == before and day != before:
        set_day(session, actor, about, day, record.reference)


def ended(own: Promise, target: CommitmentState, grounds: CommitmentTransition) -> Values:
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


def reopen(own: Promise, step: Step, grounds: CommitmentTransition) -> Values:
    """Begin anew what waits for a promise; return what changes."""
    own.end(
        TaskKind.KEEP_PROMISE,
        TaskKind.CONFIRM,
        TaskKind.LOOK_BACK,
        on=grounds.on,
        outcome=TaskOutcome.VOID,
    )
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


def validate_step(
    record: Commitment, step: Step, grounds: CommitmentTransition, today: date
) -> Iterator[tuple[str, Sentence]]:
    """Yield what *step* lacks, or does not take."""
    yield from lacking(step, grounds).items()
    promised_on = grounds.promised_on
    if promised_on is not None and promised_on <= today and Need.PROMISED_ON in step.needs:
        yield "promised_on", ("必须晚于今天", "must be later than today")
    yield from surplus(step, grounds, Need.PROMISED_ON, Need.EVIDENCE).items()
    yield from wrong_day(grounds.on, record.ended_on or record.made_on, today).items()


def withdraw_all(actor: Actor, proposal: Proposal, reason: str, work: Work) -> None:
    """Owe no more what offices promised about *proposal*, which was withdrawn."""
    owed = select(Commitment).where(
        Commitment.proposal_id == proposal.id, Commitment.state.in_(RUNNING)
    )
    for record in work.session.scalars(owed.order_by(Commitment.id)).all():
        own = Promise(work, record)
        own.end(on=work.today, outcome=TaskOutcome.VOID)
        values = {"state": S.WITHDRAWN, "ended_on": work.today}
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
            kind=kind,
            on=on,
            proposer_id=proposer.id if proposer else None,
            value=rating if rating else None,
            text=text,
            evidence=evidence,
        )
    )


def miss(actor: Actor, task: Task, work: Work) -> None:
    """Note that a promise was missed, as the day after it says; nothing when it is noted."""
    record = work.session.get_one(Commitment, task.commitment_id)
    if record.state == S.OPEN:
        after = (task.due_on or work.today) + timedelta(days=1)
        values = {"state": S.MISSED, "missed_on": min(after, work.today)}
        Promise(work, record).tell(actor, "commitment.missed", {}, values=values)
