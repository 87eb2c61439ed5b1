"""Supervision: supervisors press for an answer, offices say why they are late."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import next_sequence
from app.core.codes import AssignmentRole, TaskKind
from app.core.errors import InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import OBJECTING
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.assignments.services.context import Case, Work, case_of, check_moving, wrong_day
from app.handling.assignments.services.permissions import require_own
from app.models import Assignment, DelayExplanation, Press, Task
from app.register.recommendations.queries.recommendation_details import next_number
from app.tasks.services import tasks


@dataclass(frozen=True)
class DelayExplanationInput:
    """Why an office is late, by when it will be done, and on which day it said so."""

    text: str
    done_by: date
    on: date


@dataclass(frozen=True)
class PressInput:
    """What an office is pressed for, by when it is to answer, and on which day that was."""

    text: str
    answer_by: date
    on: date


def explain_delay(
    actor: Actor, assignment: Assignment, given: DelayExplanationInput, work: Work
) -> DelayExplanation:
    """Note why the office of *assignment* is late; whoever presses has the answer with it.

    No due date changes. Raises PermissionDenied, NotNow when the office owes nothing any more,
    InvalidChange naming the field.
    """
    require(actor, Permission.HANDLE)
    require_own(actor, assignment)
    case = case_of(work, assignment)
    check_owing(case, ("说明逾期原因", "explain a delay"))
    check_explanation(given, assignment, work.today)
    session, own = work.session, DelayExplanation.assignment_id == assignment.id
    made = DelayExplanation(
        assignment_id=assignment.id,
        number=next_number(session, DelayExplanation.number, own),
        sequence=next_sequence(session),
        on=given.on,
        text=given.text,
        done_by=given.done_by,
    )
    session.add(made)
    session.flush()
    changes: NewChanges = {"explanation": (None, made.number)}
    changes |= days_given(on=given.on, done_by=given.done_by)
    changes["answers"] = (None, answer_presses(case, made))
    case.tell(actor, "assignment.explained", changes, given.text)
    return made


def answer_presses(case: Case, explanation: DelayExplanation) -> list[int]:
    """Let *explanation* answer what still waits for an answer; return the numbers of that.

    What was pressed for after the day of the explanation, which may be entered later, goes on.
    """
    session, answered = case.work.session, []
    for press, task in open_presses(session, case.assignment):
        if press.on <= explanation.on:
            press.explanation_id = explanation.id
            tasks.end(session, task, explanation.on)
            answered.append(press.number)
    return answered


def open_presses(session: Session, assignment: Assignment) -> list[tuple[Press, Task]]:
    """Return the presses of *assignment* that wait for an answer, each with its task."""
    rows = (
        select(Press, Task)
        .join(Task, Task.id == Press.task_id)
        .where(Press.assignment_id == assignment.id, Task.ended_on.is_(None))
    )
    return [(press, task) for press, task in session.execute(rows.order_by(Press.number)).all()]


def check_explanation(given: DelayExplanationInput, assignment: Assignment, today: date) -> None:
    """Raise InvalidChange for days of an explanation that make no sense."""
    wrong = wrong_day(given.on, assignment.dispatched_on, today)
    if given.done_by <= today:
        wrong["done_by"] = ("必须晚于今天", "must be later than today")
    if wrong:
        raise InvalidChange(fields=wrong)


def days_given(**days: date) -> NewChanges:
    """Return *days* as an event keeps what is new."""
    return {name: (None, day.isoformat()) for name, day in days.items()}


def press(actor: Actor, assignment: Assignment, given: PressInput, work: Work) -> Press:
    """Press the office of *assignment* for an answer by a day; it lies on its desk.

    Raises PermissionDenied, NotNow when the office owes nothing any more, InvalidChange naming the
    field.
    """
    require(actor, Permission.PRESS)
    case = case_of(work, assignment)
    check_owing(case, ("催办", "press the office"))
    check_days(given, assignment.dispatched_on, work.today)
    session = work.session
    wanted = tasks.TaskInput(
        kind=TaskKind.ANSWER_PRESS,
        on=given.on,
        publication=case.proposal.publication,
        due_on=given.answer_by,
    )
    made = Press(
        assignment_id=assignment.id,
        number=next_number(session, Press.number, Press.assignment_id == assignment.id),
        sequence=next_sequence(session),
        on=given.on,
        text=given.text,
        answer_by=given.answer_by,
        task_id=tasks.begin(session, assignment, wanted).id,
    )
    session.add(made)
    session.flush()
    changes = {"press": (None, made.number)} | days_given(on=given.on, answer_by=given.answer_by)
    case.tell(actor, "assignment.pressed", changes, given.text)
    return made


def check_days(given: PressInput, earliest: date, today: date) -> None:
    """Raise InvalidChange where *given* stands before *earliest* or after *today*, or asks back."""
    wrong: dict[str, Sentence] = wrong_day(given.on, earliest, today)
    if given.answer_by <= given.on:
        wrong["answer_by"] = (f"必须晚于 {given.on}", f"must be later than {given.on}")
    if wrong:
        raise InvalidChange(fields=wrong)


def check_owing(case: Case, what: Sentence) -> None:
    """Raise NotNow when the office of *case* owes nothing: it ended, or is only informed."""
    check_moving(case)
    assignment = case.assignment
    state = assignment.state.labels
    if assignment.role not in OBJECTING:
        state = AssignmentRole.FOR_INFORMATION.labels
    elif assignment.is_open:
        return
    raise NotNow.of(("交办件", "the assignment"), state, what)
