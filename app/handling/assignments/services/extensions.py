"""More time for an office: asked, noted or decided on, as the profile says."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.core.canonical_json import as_json
from app.core.codes import (
    Desk,
    ExtensionMode,
    ExtensionState,
    LimitKind,
    Need,
    TaskKind,
    TaskOutcome,
)
from app.core.errors import InvalidChange, Sentence, TooLate
from app.core.rules.permissions import Actor, Permission
from app.core.rules.workflow import NEEDED
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.deadlines.rules.deadlines import deadline, months_after
from app.handling.assignments.services.context import Case, Work, case_of
from app.handling.assignments.services.permissions import require_dispatch, require_own
from app.handling.assignments.services.step_days import dated, wrong_step_day
from app.models import Assignment, Extension, Task
from app.tasks.rules.tasks import pauses_of
from app.tasks.services import tasks

State = ExtensionState


@dataclass(frozen=True)
class ExtensionInput:
    """Until when an office asks for time, why, on which day it did, and by what paper."""

    until: date
    reason: str
    on: date
    paper: str | None = None


def ask_extension(
    actor: Actor, assignment: Assignment, asked: ExtensionInput, work: Work
) -> Extension:
    """Ask for more time, or note it where the profile asks for no consent.

    What is entered after the limit, though it was asked before, is decided on in any case.
    Raises PermissionDenied, TooLate when the limit was over on the day of the request, and
    InvalidChange when nothing runs, when the day is not later than the present due day or later
    than the profile allows, or when another request waits.
    """
    until, reason = asked.until, asked.reason
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(dated(work, asked.on, asked.paper), assignment)
    task = running(case)
    check_asked_on(case, task, asked.on)
    check_extension(case, task, until)
    before, mode = task.due_on, case.profile.extension
    late = before is not None and work.entered_on > before
    waits = mode is ExtensionMode.CONSENT or late
    made = add_extension(case, asked, waits)
    if waits:
        case.begin(TaskKind.DECIDE_EXTENSION, None, asked.on, Desk.DISPATCHERS)
    else:
        extend(case, task, until, f"{mode.zh}：{reason}")
    changes = {"extension": (None, made.state), "until": (None, until.isoformat())}
    due = before, task.due_on
    record_extension(case, actor, "assignment.extension_asked", changes, due, reason)
    return made


def add_extension(case: Case, asked: ExtensionInput, waits: bool) -> Extension:
    """Keep what is *asked*: it *waits* for a decision, or is only noted."""
    made = Extension(
        assignment_id=case.assignment.id,
        state=State.ASKED if waits else State.NOTED,
        asked_on=asked.on,
        until=asked.until,
        reason=asked.reason,
        decided_on=None if waits else case.work.today,
    )
    case.work.session.add(made)
    return made


def check_asked_on(case: Case, task: Task, on: date) -> None:
    """Raise InvalidChange for a day on which nothing was asked, TooLate after the limit."""
    wrong = wrong_step_day(case.work, task.began_on or case.assignment.dispatched_on)
    if wrong:
        raise InvalidChange(fields=wrong)
    if task.due_on is not None and on > task.due_on:
        raise TooLate(what="ask for more time", what_zh="申请延期", day=task.due_on)


def record_extension(
    case: Case,
    actor: Actor,
    operation: str,
    changes: NewChanges,
    due: tuple[date | None, date | None],
    note: str | None,
) -> None:
    """Write the event of what was done about an extension."""
    if due[0] != due[1]:
        changes["due_on"] = (as_json(due[0]), as_json(due[1]))
    case.tell(actor, operation, changes, note)


def running(case: Case, field: str = "extended_to") -> Task:
    """Return the clock that runs; raise InvalidChange about *field* when there is none."""
    found = case.waited_for(TaskKind.REPLY, TaskKind.CO_OPINION)
    task = next((t for t in found if t.limit is not None and not t.awaits_receipt), None)
    if task is None:
        message = ("没有正在计时的办理期限", "no limit is running")
        raise InvalidChange(fields={field: message})
    return task


def latest(case: Case, task: Task) -> date | None:
    """Return the last day to which *task* can be extended, or None where the profile has none."""
    calendar = case.work.book.calendar
    if task.kind == TaskKind.CO_OPINION:
        return awaited_on(case)
    longest = case.profile.limit(LimitKind.LONGEST_REPLY)
    if longest is not None:
        start, stood = task.began_on or case.assignment.dispatched_on, pauses_of(task)
        return deadline(longest, start, calendar, stood).due_on
    more, original = case.profile.limit(LimitKind.LONGEST_EXTENSION), task.original_due_on
    if more is None or original is None:
        return None
    return calendar.on_or_after(months_after(original, more.amount))


def awaited_on(case: Case) -> date | None:
    """Return until when the office that waits for the opinion of *case* has to reply, or None."""
    own = case.assignment
    waiting = (
        select(func.min(Task.due_on))
        .join(Assignment, Assignment.id == Task.assignment_id)
        .where(
            Task.proposal_id == own.proposal_id,
            Task.kind == TaskKind.REPLY,
            Task.ended_on.is_(None),
            Assignment.parent_id.is_not_distinct_from(own.parent_id),
        )
    )
    if own.recommendation_id is not None:
        scope = Assignment.recommendation_id
        waiting = waiting.where(scope.is_(None) | (scope == own.recommendation_id))
    return case.work.session.scalar(waiting)


def check_extension(case: Case, task: Task, until: date) -> None:
    """Raise InvalidChange when *task* cannot be extended to *until*."""
    message: Sentence | None = None
    last, day = latest(case, task), task.due_on
    if until < case.work.today:
        message = ("不能早于申请之日", "must not be before the day on which it is asked")
    elif day is not None and until <= day:
        message = (f"必须晚于现在的到期日 {day}", f"must be later than {day}, when it is due now")
    elif last is None:
        message = ("规则没有规定可以延期", "the rules know no extension")
    elif until > last:
        message = (f"最迟只能延至 {last}", f"must not be later than {last}")
    elif waiting(case) is not None:
        message = ("已有待审批的延期", "another request is still to be decided")
    if message:
        raise InvalidChange(fields={"extended_to": message})


def waiting(case: Case) -> Extension | None:
    """Return the request for more time that is still to be decided, or None."""
    own = select(Extension).where(
        Extension.assignment_id == case.assignment.id, Extension.state == State.ASKED
    )
    return case.work.session.scalar(own)


def extend(case: Case, task: Task, until: date, ground: str) -> None:
    """Move the due date of *task*; the first one stays."""
    given = {"until": until.isoformat(), "ground": ground, "pauses": len(task.pauses)}
    task.extensions = [*task.extensions, given]
    tasks.move_due(case.work.session, task, case.work.book.calendar, case.work.today)


def decide_extension(
    actor: Actor,
    assignment: Assignment,
    decision: ExtensionState,
    work: Work,
    note: str | None = None,
) -> None:
    """Grant or refuse the request that waits, as who dispatched the assignment.

    Raises PermissionDenied, InvalidChange when none waits, a refusal has no reason, or the day of
    *work* is before the request.
    """
    require_dispatch(work.session, actor, assignment)
    case = case_of(work, assignment)
    asked = waiting(case)
    if asked is None:
        message = ("没有待审批的延期", "no request waits for a decision")
        raise InvalidChange(fields={"decision": message})
    wrong = wrong_step_day(work, asked.asked_on)
    if decision is State.REFUSED and not note:
        wrong["note"] = NEEDED[Need.REASON]
    if wrong:
        raise InvalidChange(fields=wrong)
    asked.state, asked.decided_on, asked.decision = decision, work.today, note
    case.end(TaskKind.DECIDE_EXTENSION, on=work.today)
    due = grant(case, asked, note) if decision is State.GRANTED else (None, None)
    changes = {
        "extension": (State.ASKED, decision),
        "until": (None, asked.until.isoformat()),
    }
    record_extension(case, actor, f"assignment.extension_{decision}", changes, due, note)


def grant(case: Case, asked: Extension, note: str | None) -> tuple[date | None, date | None]:
    """Give the time that was *asked* for; return the due date before and after.

    Raises InvalidChange where the due date is no earlier by now.
    """
    task = running(case, "decision")
    before = task.due_on
    if before is not None and asked.until <= before:
        message = (
            f"现到期日 {before} 已不早于所申请的日期，请不予批准",
            f"it is due on {before} by now, which is no earlier: refuse it",
        )
        raise InvalidChange(fields={"decision": message})
    extend(case, task, asked.until, note or "经同意")
    return before, task.due_on


def drop_request(case: Case, on: date) -> None:
    """End a request that still waits: the reply went out without it."""
    asked = waiting(case)
    if asked is not None:
        asked.state, asked.decided_on = State.DROPPED, on
        case.end(TaskKind.DECIDE_EXTENSION, on=on, outcome=TaskOutcome.VOID)
