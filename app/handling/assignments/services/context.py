"""One assignment under its proposal's rules: its limits, and the clocks that they start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_change
from app.core.codes import (
    AssignmentRole,
    AssignmentState,
    CountFrom,
    Desk,
    LimitKind,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import ANSWERING
from app.core.types import Changes, Given, NewChanges
from app.deadlines.rules.deadlines import Limit, has_passed
from app.deadlines.rules.own_limits import DEFAULTS
from app.deadlines.rules.rulebook import Profile, RuleBook, level_of
from app.handling.assignments.rules import MOVING
from app.handling.assignments.services.permissions import office_above
from app.models import (
    Assignment,
    Organization,
    Proposal,
    Recommendation,
    Reply,
    Sitting,
    Task,
)
from app.tasks.queries.holders import members
from app.tasks.services import tasks


@dataclass(frozen=True)
class Work:
    """What handling is done with: the session, the papers, and the day it is.

    What is entered afterwards is done on the day on which it happened, by a *paper*: see dated().
    Then *today* is that day, and *entered* the one on which it is entered.
    """

    session: Session
    book: RuleBook
    today: date
    paper: str | None = None
    entered: date | None = None

    @property
    def entered_on(self) -> date:
        """Return the day on which it is entered, whenever it happened."""
        return self.entered or self.today

    @property
    def grounds(self) -> NewChanges:
        """Return what events tell of it: on which earlier day it was done, and by what paper."""
        changes: NewChanges = {}
        if self.today != self.entered_on:
            changes["done_on"] = (None, self.today.isoformat())
        if self.paper is not None:
            changes["paper"] = (None, self.paper)
        return changes


@dataclass(frozen=True)
class Case:
    """An assignment with its proposal, and what it is handled with."""

    work: Work
    assignment: Assignment
    proposal: Proposal

    @property
    def profile(self) -> Profile:
        """Return the profile's edition that the proposal began under."""
        return self.work.book.profiles[self.proposal.profile or ""]

    @cached_property
    def level(self) -> str:
        """Return the level of the body that the proposal was made to."""
        return level_of(place_of(self.work.session, self.proposal)[0])

    def limit(self, kind: LimitKind, on: date | None = None) -> Limit | None:
        """Return the limit of *kind* that holds here for what begins *on* a day, or None.

        Where the profile names none it is the register's own, if it has one. A fixed day is that
        of the notice of a year: what begins after it is handled as in recess.
        """
        own = self.profile.limit(kind, self.level) or DEFAULTS.get(kind)
        if kind is not LimitKind.REPLY:
            return own
        recess = self.profile.limit(LimitKind.REPLY_IN_RECESS, self.level)
        missed = own is not None and on is not None and has_passed(own, on)
        return recess or own if self.assignment.in_recess or missed else own

    def begin(
        self,
        kind: TaskKind,
        limit: Limit | None,
        on: date,
        desk: Desk = Desk.OFFICE,
        about: Reply | None = None,
        awaits_receipt: bool = False,
    ) -> Task:
        """Begin a task of the assignment on *desk*, perhaps *about* one version of a reply.

        What dispatchers would decide lies with the office that dispatched it on, where one did.
        """
        decided = desk is Desk.DISPATCHERS
        above = office_above(self.work.session, self.assignment) if decided else None
        return tasks.begin(
            self.work.session,
            self.assignment,
            tasks.TaskInput(
                kind=kind,
                on=on,
                publication=self.proposal.publication,
                limit=limit,
                calendar=self.work.book.calendar,
                desk=desk if above is None else Desk.OFFICE,
                office_id=above,
                about=about,
                awaits_receipt=awaits_receipt,
            ),
        )

    def waited_for(self, *kinds: TaskKind) -> list[Task]:
        """Return what is still waited for, of *kinds* or of any."""
        return tasks.open_tasks(self.work.session, self.assignment, *kinds)

    def end(self, *kinds: TaskKind, on: date, outcome: TaskOutcome | None = None) -> None:
        """End what is waited for, of *kinds* or of any."""
        for task in self.waited_for(*kinds):
            tasks.end(self.work.session, task, on, outcome)

    @cached_property
    def scope(self) -> dict[int, str]:
        """Return the recommendations that the office answers: id → reference.

        Those of proposals that were merged into it are among them, and none that ended alone;
        those that were dispatched beside it to be answered one by one are left to whom they were
        given.
        """
        own, session = self.assignment, self.work.session
        rows = select(Recommendation.id, Recommendation.reference).where(
            Recommendation.proposal_id.in_(members(session, own.proposal_id)),
            Recommendation.ended_alone.is_not(true()),
        )
        if own.recommendation_id is not None:
            rows = rows.where(Recommendation.id == own.recommendation_id)
        elif own.role in ANSWERING:
            given = select(Assignment.recommendation_id).where(
                Assignment.proposal_id == own.proposal_id,
                Assignment.parent_id.is_not_distinct_from(own.parent_id),
                Assignment.recommendation_id.is_not(None),
                Assignment.role.in_(ANSWERING),
                Assignment.is_open | (Assignment.state == AssignmentState.ANSWERED),
            )
            rows = rows.where(Recommendation.id.not_in(given))
        with session.no_autoflush:
            found = session.execute(rows.order_by(Recommendation.id))
            return {row.id: row.reference for row in found}

    def tell(
        self,
        actor: Actor,
        operation: str,
        changes: Changes,
        note: str | None = None,
        values: Given | None = None,
    ) -> int:
        """Set *values* on the assignment, write the event, and return its sequence."""
        recorded = {**changes, **self.work.grounds}
        session, record = self.work.session, self.assignment
        return record_change(session, actor, record, operation, recorded, note, values)

    def dispatched(self, on: date) -> None:
        """Start what is counted from the dispatch on that day, the receipt first.

        What is counted from the receipt is counted from the last day of it, until it comes: so
        whoever is asked for something has a day from the first moment.
        """
        limit = self.limit(LimitKind.RECEIPT) if self.clocks() else None
        receipt = self.begin(TaskKind.RECEIVE, limit, on)
        self.start_clocks(CountFrom.DISPATCH, on)
        self.await_receipt(receipt)

    def await_receipt(self, receipt: Task, but: Collection[str] = ()) -> list[Task]:
        """Begin what is counted from a *receipt* that has not come, *but* what waits already.

        A window to object begins with the receipt itself. Return what began.
        """
        on = self.assignment.dispatched_on
        begun = []
        for kind, named in self.clocks():
            limit = self.limit(named, on)
            from_receipt = limit is not None and limit.count_from is CountFrom.RECEIPT
            if from_receipt and kind is not TaskKind.OBJECTION and str(kind) not in but:
                begun.append(self.begin(kind, limit, receipt.due_on or on, awaits_receipt=True))
        return begun

    def received(self, on: date) -> None:
        """Start what is counted from the receipt on that day, or count it from there now."""
        self.end(TaskKind.RECEIVE, on=on)
        self.start_clocks(CountFrom.RECEIPT, on)
        for task in self.waited_for(TaskKind.REPLY, TaskKind.CO_OPINION):
            if task.awaits_receipt:
                tasks.restart(self.work.session, task, on, self.work.book.calendar)

    def start_clocks(self, counted_from: CountFrom, on: date) -> None:
        """Start what is counted from dispatch, or the window to object that is from receipt.

        A window to object is a right, not a duty: it lies on no desk.
        """
        for kind, named in self.clocks():
            limit = self.limit(named, on)
            objects = kind is TaskKind.OBJECTION
            begins = limit is not None and limit.count_from is counted_from
            if begins and (objects or counted_from is CountFrom.DISPATCH):
                self.begin(kind, limit, on, Desk.NONE if objects else Desk.OFFICE)

    def clocks(self) -> list[tuple[TaskKind, LimitKind]]:
        """Return what an office in this role is waited for, with the kind of its limit."""
        objection = (TaskKind.OBJECTION, LimitKind.OBJECTION)
        if self.assignment.role in ANSWERING:
            return [objection, (TaskKind.REPLY, LimitKind.REPLY)]
        if self.assignment.role == AssignmentRole.JOINT:
            return [objection, (TaskKind.CO_OPINION, LimitKind.CO_OPINION)]
        return []


def case_of(work: Work, assignment: Assignment) -> Case:
    """Return the case of *assignment*."""
    return Case(work, assignment, work.session.get_one(Proposal, assignment.proposal_id))


def check_moving(case: Case) -> None:
    """Raise NotNow when the proposal of *case* was withdrawn, closed or archived."""
    state = case.proposal.handling_state
    if state not in MOVING:
        raise NotNow.of(("提案", "the proposal"), state.labels, ("办理", "handle it"))


def answers_proposers(proposal_id: int) -> list[Any]:
    """Return the conditions on the assignments whose offices reply to the proposers themselves."""
    return [
        Assignment.proposal_id == proposal_id,
        Assignment.parent_id.is_(None),
        Assignment.role.in_(ANSWERING),
    ]


def place_of(session: Session, proposal: Proposal) -> tuple[str, str | None]:
    """Return the region of the body a proposal was made to, and the slug of its session."""
    row = session.execute(
        select(Organization.region_code, Sitting.slug)
        .join(Sitting, Sitting.body_id == Organization.id)
        .where(Sitting.id == proposal.session_id)
    ).one_or_none()
    return ("", None) if row is None else (row[0], row[1])


def chosen(work: Work, proposal: Proposal) -> Profile:
    """Return the profile for *proposal*; raise InvalidChange when none is loaded."""
    region, sitting = place_of(work.session, proposal)
    profile = work.book.choose(region, proposal.kind, sitting)
    if profile is None:
        message = ("尚未录入办理规则", "no rule profile is loaded")
        raise InvalidChange(fields={"proposal": message})
    return profile


def wrong_day(on: date, begun: date, today: date) -> dict[str, Sentence]:
    """Return what is wrong with the day *on* of something that began on *begun*, as field `on`."""
    if on > today:
        return {"on": ("不能晚于今天", "must not be later than today")}
    if on < begun:
        return {"on": (f"不能早于 {begun}", f"must not be before {begun}")}
    return {}
