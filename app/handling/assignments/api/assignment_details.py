"""Assignments in full, now or as of a past moment, and the steps that lead on from them."""

from datetime import date, datetime
from typing import Any

from app.core.codes import TaskKind
from app.core.errors import NotFound
from app.core.queries.rows import View
from app.core.rules.sizes import newest, open_and_newest
from app.core.rules.state_groups import reply_reference
from app.core.types import Values
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
from app.handling.assignments.services.step_days import dated
from app.handling.replies import queries as replies
from app.http.call import Answer, Call
from app.models import Assignment, Reply
from app.register.proposals.queries import handling_visibility, past_moments
from app.register.recommendations.api.recommendation_details import past_moment, vocabulary_at
from app.tasks.rules.tasks import INSIDE, PRESSING, explained, owed
from app.tasks.services.next_due import refresh


def work_of(call: Call) -> Work:
    """Return what handling is done with, in this call."""
    return Work(call.session, call.book, call.today())


def work_on(call: Call, values: Values) -> Work:
    """Return the same as of the day that a body names, by the paper that it rests on."""
    work = work_of(call)
    return dated(work, values.get("on", work.today), values.get("paper"))


def assignment_views(call: Call, rows: list[Assignment]) -> list[View]:
    """Return assignments as the API shows them, every due date explained."""
    return [dressed(call, row) for row in with_all(call, rows)]


def with_all(call: Call, rows: list[Assignment]) -> list[View]:
    """Return assignments with everything that hangs on them, as the caller may see it."""
    return with_delays(call, with_answers(call, queries.with_clocks(call.session, rows)))


def dressed(call: Call, row: View) -> View:
    """Return an assignment with its clocks explained, and only what the caller may know."""
    inside = is_insider(call.actor, row.office_id, row.above_id)
    if not inside:
        extensions = [without_reasons(extension) for extension in row.extensions]
        row = row.having(objection=None, suggested_office_id=None, extensions=extensions)
    workflow = assignment_in(situation_of(row, call.today()))
    tasks = [
        task
        for task in row.tasks
        if (row.is_inside or task.kind not in INSIDE) and (inside or task.kind not in PRESSING)
    ]
    calendar = call.book.calendar
    return row.having(
        as_of=None,
        allowed_steps=workflow.next_steps(call.actor, row.state, row.office_id, row.above_id),
        awaited=owed(tasks),
        tasks_total=len(tasks),
        tasks=[
            task_shown(task, explained(task, calendar, inside)) for task in open_and_newest(tasks)
        ],
        **shortened(row),
    )


GROWING = ("extensions", "replies", "contacts", "explanations", "presses")
"""Lists of an assignment that grow for as long as it lives."""


def shortened(row: View) -> Values:
    """Return the newest of each of the GROWING lists of an assignment, and how many there are."""
    lists = {name: getattr(row, name) for name in GROWING}
    newest_ones = {name: newest(every) for name, every in lists.items()}
    return newest_ones | {f"{name}_total": len(every) for name, every in lists.items()}


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


def with_answers(call: Call, rows: list[View]) -> list[View]:
    """Return *rows* with their replies in short, and their contacts, as the caller may see them."""
    session, ids = call.session, [row.id for row in rows]
    answers = replies.replies_of(session, call.actor, ids)
    contacts = replies.contacts_of(session, call.actor, ids)
    proposals = {row.proposal_id for row in rows}
    inside = {n for n in proposals if handling_visibility.takes_part(session, call.actor, n)}
    return [
        with_own(row, answers[row.id], contacts[row.id], row.proposal_id in inside) for row in rows
    ]


REPLY = ("number", "round", "state", "drafted_on", "document_no", "sent_on", "published_on")
"""What an assignment shows of each version of its reply."""


def with_own(row: View, answers: list[Reply], contacts: list[View], inside: bool) -> View:
    """Return an assignment with its replies and contacts, for whoever is *inside* or not."""
    shown = [
        View.of_record(reply, REPLY, reference=reply_reference(row.reference, reply.number))
        for reply in answers
        if inside or reply.published_on is not None
    ]
    if inside:
        return row.having(replies=shown, contacts=contacts, is_inside=True)
    return row.having(
        replies=shown,
        contacts=[without_words(contact) for contact in contacts],
        is_inside=False,
        next_due_on=row.public_due_on,
        next_clock=row.public_clock,
    )


def without_words(contact: View) -> View:
    """Return of a contact what everyone may know: how it was, and when."""
    return contact.having(note=None, proposer=None, entered_by=None)


def with_delays(call: Call, rows: list[View]) -> list[View]:
    """Return *rows* with why they are late and who pressed for an answer, as the caller may see."""
    ids = [row.id for row in rows if is_insider(call.actor, row.office_id, row.above_id)]
    explained = supervision.explanations_of(call.session, ids) if ids else {}
    pressed = supervision.presses_of(call.session, ids) if ids else {}
    return [
        row.having(explanations=explained.get(row.id, []), presses=pressed.get(row.id, []))
        for row in rows
    ]


def without_reasons(extension: object) -> View:
    """Return a request for more time as everyone sees it."""
    names = ("state", "asked_on", "until", "decided_on")
    return View.of_record(extension, names, reason=None, decision=None)


def task_shown(task: Any, explanation: list[Any]) -> View:
    """Return a task as the API shows it."""
    awaits = bool(task.awaits_receipt)
    return View.of_record(task, TASK, awaits_receipt=awaits, explanation=explanation)


TASK = (
    "id",
    "kind",
    "desk",
    "began_on",
    "due_on",
    "original_due_on",
    "is_provisional",
    "ended_on",
    "outcome",
)
"""What an answer shows of a task."""


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
    [row] = with_all(call, [assignment])
    row = row.having(**{**past.columns(Assignment), **past.version})
    row = dressed(call, undo_later(call, row, past)).having(as_of=moment, allowed_steps=[])
    return Answer(row, vocabulary=vocabulary_at(call, known))


def undo_later(call: Call, row: View, past: past_assignments.Past) -> View:
    """Return *row* with what hung on the assignment in the *past*, as it was."""
    last = past.last.sequence
    explanations = [one for one in row.explanations if one.sequence <= last]
    return row.having(
        tasks=list(past_assignments.tasks_at(row.tasks, past, call.book.calendar)),
        extensions=past_assignments.extensions_at(row.extensions, past),
        replies=[
            reply
            for reply in past_assignments.replies_at(row.replies, past)
            if row.is_inside or reply.published_on is not None
        ],
        contacts=[one for one in row.contacts if one.sequence <= last],
        explanations=explanations,
        presses=past_assignments.presses_at(row.presses, explanations, past),
    )


def assignment_answer(call: Call, assignment: Assignment) -> Answer:
    """Return one assignment as it is now."""
    refresh(call.session)
    return Answer(assignment_views(call, [assignment])[0], version=assignment.version)
