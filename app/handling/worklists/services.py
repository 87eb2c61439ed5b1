"""Finding what fires, once: reminders and escalations, and what the passing of a day does."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import FOLLOWS
from app.audit.services.recorder import NAMES, record_change
from app.core.codes import (
    ActorKind,
    Desk,
    ReminderPoint,
    TaskKind,
    TaskOutcome,
    Urgency,
)
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import RUNNING
from app.handling.assignments.services.context import Case, Work, case_of
from app.handling.commitments.services import commitments
from app.handling.proposals.services.proposal_status import sync_proposal_status
from app.models import (
    Assignment,
    Commitment,
    Contact,
    Event,
    Notice,
    Proposal,
    Recommendation,
    Task,
)
from app.models import RecommendationTag as Tagged
from app.tasks.rules.reminders import IN_PERSON, ReminderRule, firing, next_day
from app.tasks.services import tasks

WORKER = Actor(ActorKind.SYSTEM, "reminders")
BATCH = 200


def due_tasks(session: Session, today: date) -> list[Task]:
    """Return the next tasks of which something fires until *today*; no other one is read."""
    rows = select(Task).where(Task.fires_on <= today, Task.fires_on.is_not(None))
    return list(session.scalars(rows.order_by(Task.fires_on, Task.id).limit(BATCH)))


def tick(work: Work) -> tuple[int, int]:
    """Fire what is due in one batch of tasks; return how many tasks and notices there were.

    Running it again on the same day fires nothing again.
    """
    found = due_tasks(work.session, work.today)
    return len(found), sum(fire(task, work) for task in found)


def fire(task: Task, work: Work) -> int:
    """Write the notices of *task* and their event, and do what the day brings.

    What follows from the state of a recommendation has no event, like the task itself: it would
    change the version that the office saw.
    """
    points = firing(task.kind, task.began_on, task.due_on, task.fired_until, work.today)
    points = [point for point in points if matters(task, point, work)]
    notices = [notice for point in points for notice in notices_of(task, point, work)]
    work.session.add_all(notices)
    task.fired_until = work.today
    task.fires_on = tasks.fires_on(task)
    work.session.flush()
    if not follows(task):
        if notices or not points:  # what is told to nobody does something, with its own event
            record_notices(task, points, work)
        bring_about(task, points, work)
    return len(notices)


def follows(task: Task) -> bool:
    """Return whether *task* follows from the state of a recommendation, so that no event covers it.

    The same as FOLLOWS says of rows.
    """
    owners = (task.assignment_id, task.commitment_id)
    return owners == (None, None) and task.recommendation_id is not None


def record_notices(task: Task, points: list[ReminderRule], work: Work) -> None:
    """Write the event of what *task* belongs to: that *points* of it fired."""
    changes = {
        "task": (None, task.kind),
        "due_on": (None, task.due_on.isoformat() if task.due_on else None),
        "points": (None, [point.point for point in points]),
    }
    owner = tasks.owner_of(work.session, task)
    record_change(work.session, WORKER, owner, f"{NAMES[type(owner)]}.reminded", changes)


def matters(task: Task, point: ReminderRule, work: Work) -> bool:
    """Return whether *point* is still worth telling: a meeting that took place is not missed."""
    if point.point is not ReminderPoint.NO_MEETING:
        return True
    in_person = list(IN_PERSON)
    met = select(Contact.id).where(
        Contact.assignment_id == task.assignment_id, Contact.channel.in_(in_person)
    )
    return work.session.scalar(met.limit(1)) is None


def notices_of(task: Task, point: ReminderRule, work: Work) -> list[Notice]:
    """Return the notices of *point*, one for each desk that is told."""
    return [
        Notice(
            task_id=task.id,
            assignment_id=task.assignment_id,
            commitment_id=task.commitment_id,
            desk=desk,
            office_id=office,
            point=point.point,
            urgency=point.urgency,
            fired_on=work.today,
            due_on=task.due_on,
        )
        for desk, office in desks_of(task, point, work)
    ]


def desks_of(task: Task, point: ReminderRule, work: Work) -> list[tuple[Desk, int]]:
    """Return the desks that *point* tells, each with its office (0: no office's).

    The office on whose desk the task lies is told whatever the table says. Of red ones of a key
    proposal supervisors are as well, and the office that was named to watch over it.
    """
    own = task.office_id
    if not follows(task):
        own = tasks.office_of(tasks.owner_of(work.session, task))
    places = [(desk, own if desk is Desk.OFFICE else 0) for desk in point.desks]
    if task.desk == Desk.OFFICE:
        places.append((Desk.OFFICE, task.office_id))
    proposal = work.session.get_one(Proposal, task.proposal_id)
    if proposal.is_key and point.urgency is Urgency.RED:
        places.append((Desk.SUPERVISORS, 0))
        if proposal.supervisor_id is not None:
            places.append((Desk.OFFICE, proposal.supervisor_id))
    return list(dict.fromkeys(places))


def raise_again(actor: Actor, proposal: Proposal, work: Work) -> None:
    """Tell whoever promised something that *proposal*, which was filed, asks for the like again.

    The like is what has a tag in common, given directly. Offices and supervisors are told.
    """
    session = work.session
    own = select(Recommendation.id).where(Recommendation.proposal_id == proposal.id)
    asked = select(Tagged.tag_id).where(Tagged.recommendation_id.in_(own), Tagged.is_direct)
    like = select(Tagged.recommendation_id).where(Tagged.tag_id.in_(asked), Tagged.is_direct)
    open_ones = select(Commitment).where(
        Commitment.recommendation_id.in_(like),
        Commitment.proposal_id != proposal.id,
        Commitment.state.in_(RUNNING),
    )
    for record_notices in session.scalars(open_ones.order_by(Commitment.id)).all():
        for task in tasks.open_tasks(session, record_notices, TaskKind.KEEP_PROMISE):
            notices = notices_of(task, RAISED_AGAIN, work)
            for notice in notices:
                notice.about_id = proposal.id
            session.add_all(notices)
            changes = {"raised_in": (None, proposal.reference)}
            record_change(session, actor, record_notices, "commitment.raised_again", changes)


RAISED_AGAIN = ReminderRule(
    TaskKind.KEEP_PROMISE,
    ReminderPoint.RAISED_AGAIN,
    0,
    Urgency.YELLOW,
    (Desk.OFFICE, Desk.SUPERVISORS),
)
"""What another proposal fires, and no day."""


def bring_about(task: Task, points: list[ReminderRule], work: Work) -> None:
    """Do what the passing of a day means: a promise is missed, a window is over."""
    fired = {point.point for point in points}
    if ReminderPoint.MISSED in fired:
        commitments.miss(WORKER, task, work)
    if ReminderPoint.WINDOW_CLOSED in fired:
        close_feedback(case_of(work, work.session.get_one(Assignment, task.assignment_id)))
    if ReminderPoint.OBJECTION_CLOSED in fired:
        close_objection(task, work)


def close_feedback(case: Case) -> None:
    """Wait no more for forms: silence counts for nothing."""
    case.end(TaskKind.FEEDBACK, on=case.work.today, outcome=TaskOutcome.VOID)
    case.tell(WORKER, "assignment.feedback_closed", {})
    sync_proposal_status(WORKER, case)


def close_objection(task: Task, work: Work) -> None:
    """Let the window to object be over: a right that was not used."""
    case = case_of(work, work.session.get_one(Assignment, task.assignment_id))
    tasks.end(work.session, task, work.today, TaskOutcome.VOID)
    case.tell(WORKER, "assignment.objection_closed", {})


def close_windows(work: Work) -> int:
    """Close the windows to object that a register of an earlier release left open.

    Return how many; nothing happens where none is over.
    """
    over = select(Task).where(
        Task.desk == Desk.NONE,
        Task.kind == TaskKind.OBJECTION,
        Task.due_on < work.today,
        Task.ended_on.is_(None),
    )
    rows = work.session.scalars(over.order_by(Task.id)).all()
    for task in rows:
        close_objection(task, work)
    return len(rows)


def plan_reminders(session: Session) -> int:
    """Note for what a register of an earlier release waits for when the next reminder fires.

    Return for how many; nothing happens where it is noted already.
    """
    begin_verifying(session)
    columns = (Task.id, Task.kind, Task.began_on, Task.due_on, Task.fired_until, Task.fires_on)
    rows = select(*columns).where(Task.ended_on.is_(None)).order_by(Task.id)
    other: dict[int, date | None] = {}  # rows and no records, as most of a million stay as they are
    for row in session.execute(rows.execution_options(yield_per=1000)):
        day = next_day(row.kind, row.began_on, row.due_on, row.fired_until)
        if row.fires_on != day:
            other[row.id] = day
    for number, day in other.items():
        session.get_one(Task, number).fires_on = day
    session.flush()
    return len(other)


def begin_verifying(session: Session) -> None:
    """Let what waits for verification have begun when it was claimed, where no day was kept."""
    rows = (
        select(Task, Event.at)
        .join(Recommendation, Recommendation.id == Task.recommendation_id)
        .join(Event, Event.sequence == Recommendation.last_move)
        .where(FOLLOWS, Task.kind == TaskKind.VERIFY)
        .where(Task.began_on.is_(None), Task.ended_on.is_(None))
    )
    for task, at in session.execute(rows).all():
        task.began_on = at.date()
    session.flush()
