"""What is waited for on which desk: begun, moved and ended with the change that causes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import FOLLOWS, OF_PROPOSAL
from app.core.clock import utcnow
from app.core.codes import (
    AssignmentRole,
    Desk,
    Progress,
    Publication,
    TaskKind,
    TaskOutcome,
)
from app.core.rules.permissions import HELD
from app.core.rules.state_groups import UNDONE
from app.deadlines.rules.calendars import Calendar
from app.deadlines.rules.deadlines import Limit
from app.models import (
    Assignment,
    Commitment,
    Milestone,
    Notice,
    Proposal,
    Recommendation,
    RecommendationOffice,
    Reply,
    Task,
    TaskCount,
)
from app.tasks.queries.task_counts import BY_ASSIGNMENT, COUNT_KEY, ROLE_BESIDE, count_keys
from app.tasks.rules.reminders import next_day
from app.tasks.rules.tasks import as_rule, due_of
from app.tasks.services import next_due
from app.tasks.services.notices import outdate

Owner = Assignment | Commitment | Proposal
"""What a task belongs to, whose events cover it."""

Waited = tuple[TaskKind, str | None]
"""What is waited for: kind and role."""


def count_task(session: Session, task: Task, change: int) -> None:
    """Count *task* in or out; whoever writes holds the head, so none counts beside us."""
    next_due.mark(session, task.proposal_id)
    for key in count_keys(task):
        row = session.get(TaskCount, key)
        if row is None:
            row = TaskCount(**dict(zip(COUNT_KEY, key, strict=True)), number=0)
            session.add(row)
        row.number += change
    session.flush()


@dataclass(frozen=True, kw_only=True)
class TaskInput:
    """What is to be waited for, from *on*: on the desk of its owner's office, or on another *desk*.

    With *office_id* it is the desk of that office. Its due date is that of *limit* by *calendar*,
    or *due_on*. It may be *about* one version of a reply, or one milestone.
    """

    kind: TaskKind
    on: date
    publication: str
    limit: Limit | None = None
    calendar: Calendar | None = None
    desk: Desk = Desk.OFFICE
    office_id: int | None = None
    due_on: date | None = None
    about: Reply | Milestone | None = None
    awaits_receipt: bool = False


def begin(session: Session, owner: Owner, wanted: TaskInput) -> Task:
    """Put what is *wanted* of *owner* on its desk, counted."""
    task = task_of(owner, wanted)
    if wanted.calendar is not None and wanted.limit is not None:
        set_due(task, wanted.calendar)
    task.fires_on = fires_on(task)
    session.add(task)
    session.flush()
    count_task(session, task, 1)
    return task


def task_of(owner: Owner, wanted: TaskInput) -> Task:
    """Return the row of what is *wanted* of *owner*, without what its limit says."""
    own = office_of(owner) if wanted.office_id is None else wanted.office_id
    about = wanted.about
    return Task(
        kind=wanted.kind,
        desk=wanted.desk,
        office_id=own if wanted.desk is Desk.OFFICE else 0,
        role=owner.role if isinstance(owner, Assignment) else None,
        **owner_columns(owner),
        due_on=wanted.due_on,
        original_due_on=wanted.due_on,
        publication=wanted.publication,
        began_on=wanted.on,
        limit=as_rule(wanted.limit) if wanted.limit else None,
        pauses=[],
        extensions=[],
        is_provisional=False,
        reply_id=about.id if isinstance(about, Reply) else None,
        milestone_id=about.id if isinstance(about, Milestone) else None,
        awaits_receipt=wanted.awaits_receipt or None,
    )


def owner_columns(owner: Owner) -> dict[str, int | None]:
    """Return the columns by which a task names *owner*, and what that is about."""
    if isinstance(owner, Proposal):
        return {"proposal_id": owner.id}
    column = "assignment_id" if isinstance(owner, Assignment) else "commitment_id"
    about = {"proposal_id": owner.proposal_id, "recommendation_id": owner.recommendation_id}
    return {**about, column: owner.id}


def office_of(owner: Owner) -> int:
    """Return the number of the office of *owner*; 0: it is no office's."""
    return 0 if isinstance(owner, Proposal) else owner.office_id


def fires_on(task: Task) -> date | None:
    """Return the day of the next reminder of *task*, or None."""
    return next_day(task.kind, task.began_on, task.due_on, task.fired_until)


def set_due(task: Task, calendar: Calendar) -> None:
    """Work the due date of *task* out anew."""
    found = due_of(task, calendar)
    task.due_on, task.original_due_on = found.due_on, found.original_due_on
    task.is_provisional = found.provisional
    task.fires_on = fires_on(task)


@contextmanager
def recounted(session: Session, task: Task) -> Iterator[None]:
    """Count an open *task* out before the block changes it, and in again after."""
    count_task(session, task, -1)
    yield
    session.flush()
    count_task(session, task, 1)


def move_due(session: Session, task: Task, calendar: Calendar, today: date | None = None) -> None:
    """Work the due date of a task that is counted out anew; what notices told of it is over."""
    with recounted(session, task):
        set_due(task, calendar)
        outdate(session, task, today or utcnow().date())


def give_limit(session: Session, task: Task, limit: Limit, calendar: Calendar) -> None:
    """Give *task*, which waits without a day, the *limit* that its day comes from."""
    with recounted(session, task):
        task.limit = as_rule(limit)
        set_due(task, calendar)


def change_rule(
    session: Session,
    task: Task,
    limit: Limit,
    begun: tuple[date | None, bool | None],
    calendar: Calendar,
) -> None:
    """Let *task* be counted by another *limit*; what notices told of its day is over.

    *begun* is the day that it counts from, and whether that is awaited.
    """
    with recounted(session, task):
        task.limit = as_rule(limit)
        task.began_on, task.awaits_receipt = begun
        set_due(task, calendar)
        outdate(session, task, utcnow().date())


def restart(session: Session, task: Task, on: date, calendar: Calendar) -> None:
    """Count the limit of *task* from the receipt *on* that day, which it awaited."""
    with recounted(session, task):
        task.began_on, task.awaits_receipt = on, None
        set_due(task, calendar)


def pass_on(session: Session, task: Task, office_id: int) -> None:
    """Let *task*, with what its office was told of it, lie on another desk; its days stay."""
    with recounted(session, task):
        pass_notices(session, task, task.office_id, office_id)
        task.office_id = office_id


def pass_notices(session: Session, task: Task, former: int, office_id: int) -> None:
    """Let what the office *former* was told of *task* lie in the inbox of another."""
    notices = update(Notice).where(
        Notice.task_id == task.id, Notice.desk == Desk.OFFICE, Notice.office_id == former
    )
    session.execute(notices.values(office_id=office_id))


def end(session: Session, task: Task, on: date, outcome: TaskOutcome | None = None) -> None:
    """Take *task* off its desk: done in time or late, unless *outcome* says otherwise.

    A window that nobody used ended when it was over, whenever that is noticed.
    """
    if outcome is TaskOutcome.VOID and task.kind in WINDOWS and task.due_on is not None:
        on = min(on, task.due_on + timedelta(days=1))
    late = task.due_on is not None and on > task.due_on
    count_task(session, task, -1)
    task.ended_on, task.fires_on = on, None
    task.outcome = outcome or (TaskOutcome.LATE if late else TaskOutcome.DONE)
    session.flush()


WINDOWS = frozenset({TaskKind.OBJECTION, TaskKind.FEEDBACK})
"""What somebody may do until a day: a right, which is over the day after."""


def open_tasks(session: Session, owner: Owner, *kinds: TaskKind) -> list[Task]:
    """Return what is still waited for of *owner*, of *kinds* or of any."""
    if isinstance(owner, Proposal):
        own = select(Task).where(Task.proposal_id == owner.id, OF_PROPOSAL)
    else:
        column = Task.assignment_id if isinstance(owner, Assignment) else Task.commitment_id
        own = select(Task).where(column == owner.id)
    own = own.where(Task.ended_on.is_(None))
    if kinds:
        own = own.where(Task.kind.in_(kinds))
    with session.no_autoflush:
        return list(session.scalars(own.order_by(Task.id)))


def owner_of(session: Session, task: Task) -> Owner:
    """Return what *task* belongs to, where its events cover it."""
    if task.commitment_id is not None:
        return session.get_one(Commitment, task.commitment_id)
    if task.assignment_id is not None:
        return session.get_one(Assignment, task.assignment_id)
    return session.get_one(Proposal, task.proposal_id)


def wanted_of(session: Session, recommendation: Recommendation) -> dict[tuple[str, int], Waited]:
    """Return what is waited for of *recommendation*: desk and office → kind and role."""
    if recommendation.ended_as is not None:
        return {}
    if recommendation.progress == Progress.IMPLEMENTED:
        return {(Desk.SUPERVISORS, 0): (TaskKind.VERIFY, None)}
    if recommendation.look_back_on is not None:
        return {(Desk.SUPERVISORS, 0): (TaskKind.LOOK_BACK, None)}
    if recommendation.progress not in UNDONE:
        return {}
    own = select(RecommendationOffice.office_id, ROLE_BESIDE).where(
        RecommendationOffice.recommendation_id == recommendation.id,
        RecommendationOffice.withdrawn_at.is_(None),
    )
    found: dict[tuple[str, int], Waited] = {
        (Desk.OFFICE, office): (TaskKind.IMPLEMENT, role)
        for office, role in session.execute(own.outerjoin(*BY_ASSIGNMENT))
    }
    lead = recommendation.lead_office_id
    if recommendation.lead_status in HELD and lead is not None:
        found[Desk.OFFICE, lead] = (TaskKind.IMPLEMENT, AssignmentRole.LEAD)
    return found


def publish(session: Session, proposal_id: int, publication: Publication) -> None:
    """Let what waits of a proposal, its assignments and promises be seen as the proposal is."""
    follow_by_themselves = and_(FOLLOWS, Task.ended_on.is_(None))
    own = select(Task).where(Task.proposal_id == proposal_id, ~follow_by_themselves)
    for task in session.scalars(own.order_by(Task.id)).all():
        if task.ended_on is None:
            count_task(session, task, -1)
        task.publication = publication
        if task.ended_on is None:
            count_task(session, task, 1)
    session.flush()
