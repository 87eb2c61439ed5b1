"""Days on which the clock of an office stood still, as dispatchers note them."""

from collections.abc import Iterator
from datetime import timedelta

from app.core.canonical_json import as_json
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.deadlines.rules.deadlines import Pause, wrong_end
from app.handling.assignments.services.context import Work, case_of, check_moving
from app.handling.assignments.services.extensions import running
from app.handling.assignments.services.step_days import wrong_step_day
from app.models import Assignment, Task
from app.tasks.services import tasks

LONGEST = timedelta(days=3653)


def pause(actor: Actor, assignment: Assignment, given: Pause, work: Work) -> None:
    """Let the running clock of *assignment* stand still for some days, which moves its due date.

    No rule that is loaded says when: dispatchers do, and why. One that began before today rests on
    a paper: *work* is as of its first day, or today. Raises PermissionDenied, NotNow when
    the proposal ended, InvalidChange when nothing runs or the days do not fit.
    """
    require(actor, Permission.DISPATCH)
    case = case_of(work, assignment)
    check_moving(case)
    task = running(case, "first")
    wrong = wrong_step_day(work) | dict(validate_pause(task, given))
    if wrong:
        raise InvalidChange(fields=wrong)
    before = task.due_on
    days = {"first": given.first.isoformat(), "last": given.last.isoformat()}
    task.pauses = [*task.pauses, {**days, "reason": given.reason}]
    tasks.move_due(work.session, task, work.book.calendar, work.today)
    changes = {name: (None, day) for name, day in days.items()}
    recorded = {**changes, "due_on": (as_json(before), as_json(task.due_on))}
    case.tell(actor, "assignment.paused", recorded, given.reason)


def validate_pause(task: Task, given: Pause) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with the days of a pause of *task*."""
    begun, ends = task.began_on, task.due_on
    wrong = wrong_end(given, LONGEST)
    if wrong:
        yield "last", wrong
    if begun is not None and given.first <= begun:
        yield "first", (f"必须晚于起算之日 {begun}", f"must be later than {begun}, when it began")
    elif ends is not None and given.first > ends:
        yield "first", (f"不能晚于到期日 {ends}", f"must not be later than {ends}, when it is due")
