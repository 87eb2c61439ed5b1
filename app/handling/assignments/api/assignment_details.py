"""Assignments in full, now or as of a past moment, and the steps that lead on from them."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from app.core.codes import TaskKind
from app.core.errors import NotFound
from app.core.rules.sizes import newest, open_and_newest
from app.core.rules.state_groups import reply_reference
from app.handling.assignments.queries import assignments as queries
from app.handling.assignments.queries import past_assignments, supervision
from app.handling.assignments.rules import (
    MOVING,
    Situation,
    assignment_in,
    is_insider,
    may_object,
)
from app.handling.assignments.services.context import Work
from app.handling.replies import queries as replies
from app.http.call import Answer, Call
from app.models import Assignment
from app.register.proposals.queries import handling_visibility, past_moments
from app.register.recommendations.api.recommendation_details import past_moment, vocabulary_at
from app.tasks.rules.tasks import INSIDE, PRESSING, explained, owed
from app.tasks.services.next_due import refresh


def work_of(call: Call) -> Work:
    """Return what handling is done with, in this call."""
    return Work(call.session, call.book, call.today())


def assignment_views(call: Call, rows: list[Assignment]) -> list[SimpleNamespace]:
    """Return assignments as the API shows them, every due date explained."""
    found = queries.with_clocks(call.session, rows)
    with_answers(call, found)
    with_delays(call, found)
    return dressed(call, found)


def dressed(call: Call, found: list[SimpleNamespace]) -> list[SimpleNamespace]:
    """Return assignments with their clocks explained, and only what the caller may know."""
    book, today = call.book, call.today()
    for row in found:
        inside = is_insider(call.actor, row.office_id, row.above_id)
        if not inside:
            row.objection = row.suggested_office_id = None
            row.extensions = [without_reasons(extension) for extension in row.extensions]
        workflow = assignment_in(situation_of(row, today))
        whose = row.office_id, row.above_id
        row.allowed_steps = workflow.next_steps(call.actor, row.state, *whose)
        tasks = [
            task
            for task in row.tasks
            if (row.is_inside or task.kind not in INSIDE) and (inside or task.kind not in PRESSING)
        ]
        row.awaited, row.tasks_total = owed(tasks), len(tasks)
        row.tasks = [
            task_shown(task, explained(task, book.calendar, inside))
            for task in open_and_newest(tasks)
        ]
        shorten(row)
        row.as_of = None
    return found


GROWING = ("extensions", "replies", "contacts", "explanations", "presses")
"""Lists of an assignment that grow for as long as it lives."""


def shorten(row: SimpleNamespace) -> None:
    """Leave the newest of each of the GROWING lists of an assignment, beside how many there are."""
    for name in GROWING:
        every = getattr(row, name)
        setattr(row, f"{name}_total", len(every))
        setattr(row, name, newest(every))


def situation_of(row: Any, today: date) -> Situation:
    """Return what decides on the steps of an assignment that is read on *today*."""
    until = max((t.due_on for t in row.tasks if t.kind == TaskKind.OBJECTION), default=None)
    seeks = any(t.kind == TaskKind.REDISPATCH and t.ended_on is None for t in row.tasks)
    return Situation(
        moves=row.proposal.handling_state in MOVING,
        received=row.received_on is not None,
        objects=may_object(row.role, until, today),
        seeks=seeks,
    )


def with_answers(call: Call, rows: list[SimpleNamespace]) -> None:
    """Give *rows* their replies in short, and their contacts, as the caller may see them."""
    session, ids = call.session, [row.id for row in rows]
    answers, contacts = replies.replies_of(session, ids), replies.contacts_of(session, ids)
    proposals = {row.proposal_id for row in rows}
    inside = {n for n in proposals if handling_visibility.takes_part(session, call.actor, n)}
    for row in rows:
        row.replies, row.contacts = answers[row.id], contacts[row.id]
        for reply in row.replies:
            reply.reference = reply_reference(row.reference, reply.number)
        row.is_inside = row.proposal_id in inside
        if not row.is_inside:
            row.next_due_on, row.next_clock = row.public_due_on, row.public_clock
            row.replies = [reply for reply in row.replies if reply.published_on is not None]
            for contact in row.contacts:
                without_words(contact)


def without_words(contact: SimpleNamespace) -> None:
    """Leave of a contact what everyone may know: how it was, and when."""
    contact.note = contact.proposer = contact.entered_by = None


def with_delays(call: Call, rows: list[SimpleNamespace]) -> None:
    """Give *rows* why they are late and who pressed for an answer, as the caller may see it."""
    ids = [row.id for row in rows if is_insider(call.actor, row.office_id, row.above_id)]
    explained = supervision.explanations_of(call.session, ids) if ids else {}
    pressed = supervision.presses_of(call.session, ids) if ids else {}
    for row in rows:
        row.explanations, row.presses = explained.get(row.id, []), pressed.get(row.id, [])


def without_reasons(extension: Any) -> SimpleNamespace:
    """Return a request for more time as everyone sees it."""
    names = ("state", "asked_on", "until", "decided_on")
    assignment_views = {name: getattr(extension, name) for name in names}
    return SimpleNamespace(**assignment_views, reason=None, decision=None)


def task_shown(task: Any, explanation: list[Any]) -> SimpleNamespace:
    """Return a task as the API shows it."""
    names = ("id", "kind", "desk", "began_on", "due_on", "original_due_on", "is_provisional")
    values = {name: getattr(task, name) for name in (*names, "ended_on", "outcome")}
    awaits = bool(task.awaits_receipt)
    return SimpleNamespace(**values, awaits_receipt=awaits, explanation=explanation)


def assignment_as_of(call: Call, assignment: Assignment, moment: datetime) -> Answer:
    """Return an assignment as it stood at *moment*, with the names of then.

    Raises Invalid for a moment that has not come, NotFound when it was not there or was hidden.
    """
    known, session = past_moment(call, moment), call.session
    past = past_assignments.past_of(session, "assignment", assignment.id, known)
    holders = {"proposal": assignment.proposal_id, "recommendation": assignment.recommendation_id}
    seen = (
        past_moments.was_seen(session, call.actor, k, n, known) for k, n in holders.items() if n
    )
    if past is None or not all(seen):
        raise NotFound
    [row] = found = queries.with_clocks(session, [assignment])
    with_answers(call, found)
    with_delays(call, found)
    for name, value in past.columns(Assignment).items():
        setattr(row, name, value)
    row.version, row.updated_at = past.last.record_version, past.last.at
    undo_later(call, row, past)
    dressed(call, found)
    row.as_of, row.allowed_steps = moment, []
    return Answer(row, vocabulary=vocabulary_at(call, known))


def undo_later(call: Call, row: SimpleNamespace, past: past_assignments.Past) -> None:
    """Leave on *row* of what hangs on an assignment what there was in the *past*, as it was."""
    row.tasks = list(past_assignments.tasks_at(row.tasks, past, call.book.calendar))
    row.extensions = past_assignments.extensions_at(row.extensions, past)
    row.replies = [
        reply
        for reply in past_assignments.replies_at(row.replies, past)
        if row.is_inside or reply.published_on is not None
    ]
    row.contacts = [one for one in row.contacts if one.sequence <= past.last.sequence]
    row.explanations = [one for one in row.explanations if one.sequence <= past.last.sequence]
    row.presses = past_assignments.presses_at(row.presses, row.explanations, past)


def assignment_answer(call: Call, assignment: Assignment) -> Answer:
    """Return one assignment as it is now."""
    refresh(call.session)
    return Answer(assignment_views(call, [assignment])[0], version=assignment.version)
