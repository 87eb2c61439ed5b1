"""Tasks that follow from the state of a recommendation: an index of what waits, without events."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import FOLLOWS
from app.core.clock import utcnow
from app.core.codes import Desk, Progress, ReminderPoint, TaskKind, TaskOutcome, Urgency
from app.core.rules.permissions import HELD
from app.core.rules.state_groups import CARRIED_OUT, UNDONE
from app.core.types import Values
from app.deadlines.rules.deadlines import Limit
from app.models import Notice, Recommendation, Task
from app.register.people.queries.reference_data import read_book
from app.register.recommendations.queries.report_intervals import report_limit
from app.tasks.rules.tasks import as_rule
from app.tasks.services import tasks
from app.tasks.services.notices import outdate
from app.tasks.services.tasks import (
    Waited,
    count_task,
    end,
    fires_on,
    recounted,
    set_due,
    wanted_of,
)


def sync_tasks(session: Session, recommendation: Recommendation, today: date | None = None) -> None:
    """Let the desks show what is waited for of *recommendation* as it is now.

    What follows no longer ends *today*, and what begins begins then.
    """
    session.flush()
    day = today or utcnow().date()
    wanted, limit = wanted_by_kind(session, recommendation)
    for task in followers(session, recommendation):
        what = wanted.pop((task.desk, task.office_id, task.kind), None)
        if what is None:
            leave(session, task, day, outcome_of(task, recommendation))
        elif not shows(task, what, recommendation):
            with recounted(session, task):
                fill(task, what, recommendation)
                outdate(session, task, day)
    for (desk, office, _), what in sorted(wanted.items()):
        put(session, recommendation, (desk, office), what, day, limit)
    session.flush()


def wanted_by_kind(
    session: Session, recommendation: Recommendation
) -> tuple[dict[tuple[str, int, TaskKind], Waited], Limit | None]:
    """Return what is waited for of *recommendation*, by desk, office and kind.

    Whoever carries it out also reports on it, within the limit that comes second, where the rules
    of its proposal name one.
    """
    found = wanted_of(session, recommendation)
    wanted = {(*place, what[0]): what for place, what in found.items()}
    doing = {place: role for place, (kind, role) in found.items() if kind is TaskKind.IMPLEMENT}
    limit = report_limit(session, recommendation.proposal_id) if doing else None
    if limit is not None:
        report = TaskKind.REPORT
        wanted |= {(*place, report): (report, role) for place, role in doing.items()}
    return wanted, limit


def put(
    session: Session,
    recommendation: Recommendation,
    place: tuple[str, int],
    what: Waited,
    on: date,
    limit: Limit | None,
) -> None:
    """Put *what* follows from *recommendation* on the desk at *place*, from *on*.

    Of a report that is owed, *limit* gives the day.
    """
    task = Task(
        desk=place[0],
        office_id=place[1],
        proposal_id=recommendation.proposal_id,
        recommendation_id=recommendation.id,
        began_on=on,
        pauses=[],
        extensions=[],
        is_provisional=False,
    )
    fill(task, what, recommendation)
    if what[0] is TaskKind.REPORT and limit is not None:
        task.limit = as_rule(limit)
        set_due(task, read_book(session).calendar)
    session.add(task)
    session.flush()
    count_task(session, task, 1)


def leave(session: Session, task: Task, on: date, outcome: TaskOutcome | None = None) -> None:
    """Take *task*, which does not follow any more, off its desk.

    It stays, ended *on* a day with its *outcome*, where notices point to it.
    """
    if task.fired_until is not None:
        end(session, task, on, outcome)
        return
    count_task(session, task, -1)
    session.delete(task)
    session.flush()


def outcome_of(task: Task, recommendation: Recommendation) -> TaskOutcome | None:
    """Return how *task* ended, as *recommendation* is now; None: by its day."""
    if recommendation.ended_as is not None:
        return TaskOutcome.VOID
    if task.kind in (TaskKind.VERIFY, TaskKind.LOOK_BACK):
        return None
    carried_out = recommendation.progress in CARRIED_OUT
    return None if carried_out and task.kind == TaskKind.IMPLEMENT else TaskOutcome.VOID


def report_again(
    session: Session, recommendation: Recommendation, office_id: int | None, on: date
) -> None:
    """Wait for the next report of an office, which reported on *recommendation* *on* a day.

    Nothing happens where the rules of its proposal do not say how often it is to report.
    """
    for task in followers(session, recommendation):
        if task.kind == TaskKind.REPORT and task.office_id == office_id:
            place, what = (task.desk, task.office_id), (TaskKind.REPORT, task.role)
            leave(session, task, on)
            limit = report_limit(session, recommendation.proposal_id)
            put(session, recommendation, place, what, on, limit)


def followers(session: Session, recommendation: Recommendation) -> Sequence[Task]:
    """Return the tasks that follow from the state of *recommendation*, and wait."""
    own = select(Task).where(
        Task.recommendation_id == recommendation.id, FOLLOWS, Task.ended_on.is_(None)
    )
    return session.scalars(own.order_by(Task.id)).all()


def due_for(kind: TaskKind, recommendation: Recommendation) -> date | None:
    """Return until when something is to be done: of what was deferred, to look again."""
    if kind is TaskKind.LOOK_BACK:
        return recommendation.look_back_on
    if kind is not TaskKind.IMPLEMENT:
        return None
    deferred = recommendation.progress == Progress.DEFERRED
    return recommendation.review_on if deferred else recommendation.due_on


def shown_of(what: Waited, recommendation: Recommendation) -> Values:
    """Return the columns of a task that follows from *recommendation*."""
    shown = {"kind": what[0], "role": what[1], "publication": recommendation.publication}
    if what[0] is TaskKind.REPORT:  # its day follows from the last report
        return shown
    return {**shown, "due_on": due_for(what[0], recommendation)}


def shows(task: Task, what: Waited, recommendation: Recommendation) -> bool:
    """Return whether *task* shows what it should of *recommendation*."""
    wanted = shown_of(what, recommendation)
    return all(getattr(task, name) == value for name, value in wanted.items())


def fill(task: Task, what: Waited, recommendation: Recommendation) -> None:
    """Set on a task that follows from *recommendation* what it shows of it."""
    for name, value in shown_of(what, recommendation).items():
        setattr(task, name, value)
    task.fires_on = fires_on(task)


def sync_all_tasks(session: Session) -> int:
    """Put on the desks what a register of an earlier release waits for; return how much it was.

    Nothing happens when it is there already.
    """
    own = select(Task.id).where(
        Task.recommendation_id == Recommendation.id,
        FOLLOWS,
        Task.ended_on.is_(None),
        Task.kind != TaskKind.REPORT,
    )
    other_day = own.where(Task.due_on.is_distinct_from(Recommendation.review_on)).exists()
    deferred = Recommendation.progress == Progress.DEFERRED
    taken = select(Recommendation).where(
        Recommendation.lead_status.in_(HELD),
        Recommendation.progress.in_({*UNDONE, Progress.IMPLEMENTED}),
        ~own.exists() | (deferred & other_day),
    )
    rows = session.scalars(taken.order_by(Recommendation.id)).all()
    for recommendation in rows:
        sync_tasks(session, recommendation)
    return len(rows)


def notify_loss(
    session: Session, recommendation: Recommendation, office_id: int, today: date
) -> None:
    """Tell the office that carried *recommendation* out that it was given to another.

    Its task ends, and the notice points to it. It is called before the desks follow the change;
    nothing happens where the office had nothing on its desk.
    """
    for task in followers(session, recommendation):
        if task.kind == TaskKind.IMPLEMENT and task.office_id == office_id:
            session.add(
                Notice(
                    task_id=task.id,
                    desk=Desk.OFFICE,
                    office_id=office_id,
                    point=ReminderPoint.PASSED_ON,
                    urgency=Urgency.YELLOW,
                    fired_on=today,
                    due_on=task.due_on,
                )
            )
            tasks.end(session, task, today, TaskOutcome.VOID)
