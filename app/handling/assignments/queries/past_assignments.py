"""How proposals and assignments stood at a past moment, as far as events and dated columns tell."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.events import events_of
from app.audit.queries.record_state import from_events
from app.audit.rules.sentences import new
from app.core.base import columns_of
from app.core.codes import ExtensionState, Outcome, ReplyState
from app.core.queries.rows import View
from app.core.rules.state_groups import OUT, UNSENT
from app.core.types import Model, Row, Values
from app.deadlines.rules.calendars import Calendar
from app.models import Event, Extension, Task
from app.register.proposals.queries.past_moments import PastMoment
from app.tasks.rules.tasks import due_of

ASKED = ExtensionState.ASKED


@dataclass(frozen=True)
class Past:
    """What was done to a record until a moment, and what only later."""

    moment: PastMoment
    before: Sequence[Row]
    later: Sequence[Row]

    @property
    def last(self) -> Any:
        """Return the last event until then."""
        return self.before[-1]

    @property
    def version(self) -> Values:
        """Return which version the record had, and since when."""
        return {"version": self.last.record_version, "updated_at": self.last.at}

    def columns(self, model: Model) -> Values:
        """Return the columns of *model* that differed from now, as a row holds them."""
        values: Values = {}
        for event in reversed(self.later):
            values |= {name: pair[0] for name, pair in json.loads(event.changes).items()}
        held = from_events(model, values)
        return {name: value for name, value in held.items() if name in columns_of(model)}


def past_of(session: Session, kind: str, number: int, moment: PastMoment) -> Past | None:
    """Return what was done to a record until *moment* and later; None: it was not there yet."""
    events = events_of(session, kind, number)
    before = [event for event in events if event.at <= moment.at]
    return Past(moment, before, events[len(before) :]) if before else None


# -- proposals -----------------------------------------------------------------------------------


def merged_by(session: Session, ids: Iterable[int], moment: PastMoment) -> set[int]:
    """Return those of the proposals *ids* that had been merged by then."""
    rows = sa.select(Event.record_id).where(
        Event.record_type == "proposal",
        Event.record_id.in_(sorted(ids)),
        Event.operation == "proposal.merged",
        Event.outcome == Outcome.DONE,
        Event.at <= moment.at,
    )
    return set(session.scalars(rows))


def recommendations_at(session: Session, rows: Sequence[Row], moment: PastMoment) -> list[View]:
    """Return recommendations in short as they were; those that came later are left out."""
    columns = (Event.record_id, Event.operation, Event.changes)
    later = sa.select(*columns).where(
        Event.record_type == "recommendation",
        Event.record_id.in_([row.id for row in rows]),
        Event.outcome == Outcome.DONE,
        Event.at > moment.at,
    )
    found = {row.id: View.of(row) for row in rows}
    for event in session.execute(later.order_by(Event.sequence.desc())):
        if event.operation == "recommendation.created":
            del found[event.record_id]
            continue
        changes = json.loads(event.changes)
        for name in changes.keys() & {"progress", "summary_zh"}:
            before = {name: changes[name][0]}
            found[event.record_id] = found[event.record_id].having(**before)
    return list(found.values())


# -- assignments ---------------------------------------------------------------------------------


def tasks_at(tasks: Iterable[Task], past: Past, calendar: Calendar) -> Iterator[View]:
    """Yield the tasks that had begun by that day; one that ended later was still waited for.

    Pauses and extensions that came later are left out of the due day, which is worked out by
    *calendar*.
    """
    on = past.moment.on
    for task in tasks:
        if task.began_on is not None and task.began_on > on:
            continue
        shown = View.of_record(task, columns_of(Task))
        if task.ended_on is not None and task.ended_on > on:
            shown = shown.having(ended_on=None, outcome=None)
        yield undone(shown, past.later, calendar)


def undone(task: View, later: Iterable[Row], calendar: Calendar) -> View:
    """Return *task* with what *later* events did to its clock taken back."""
    paused, extended = set(), set()
    for event in later:
        changes = json.loads(event.changes)
        if event.operation == "assignment.paused":
            paused.add((new(changes, "first"), new(changes, "last")))
        elif ".extension_" in event.operation and "due_on" in changes:
            extended.add(new(changes, "until"))
    pauses = [p for p in task.pauses if (p["first"], p["last"]) not in paused]
    extensions = [e for e in task.extensions if e["until"] not in extended]
    if len(pauses) == len(task.pauses) and len(extensions) == len(task.extensions):
        return task
    before = task.having(pauses=pauses, extensions=extensions)
    found = due_of(before, calendar)
    return before.having(
        due_on=found.due_on,
        original_due_on=found.original_due_on,
        is_provisional=found.provisional,
    )


def extensions_at(rows: Iterable[Extension], past: Past) -> list[View]:
    """Return the requests for more time that had been made, as far as each was."""
    states: list[str] = []
    for event in past.before:
        state = new(json.loads(event.changes), "extension")
        if event.operation == "assignment.extension_asked":
            states.append(state)
        elif state is not None and states:
            states[-1] = state
    return [extension_at(row, state, past) for row, state in zip(rows, states, strict=False)]


def extension_at(row: Extension, state: str, past: Past) -> View:
    """Return one request as it was; of one that was dropped only the day is known."""
    shown = View.of_record(row, columns_of(Extension))
    dropped = row.state == ExtensionState.DROPPED and (row.decided_on or date.max) <= past.moment.on
    if state == ASKED and not dropped:
        return shown.having(state=ASKED, decided_on=None, decision=None)
    return shown


def presses_at(presses: Iterable[View], explanations: Iterable[View], past: Past) -> list[View]:
    """Return what had been pressed for, each as far as it was answered or ended by then."""
    known = {explanation.number for explanation in explanations}
    shown = []
    for press in presses:
        if press.sequence > past.last.sequence:
            continue
        answered_later = press.answered_in is not None and press.answered_in not in known
        if answered_later or (press.ended_on or date.min) > past.moment.on:
            press = press.having(answered_in=None, ended_on=None, outcome=None)
        shown.append(press)
    return shown


def replies_at(rows: Iterable[View], past: Past) -> list[View]:
    """Return the versions of a reply that had been drafted, as far as each was."""
    states = version_states(past.before)
    steps = {(e.operation, new(json.loads(e.changes), "reply")) for e in past.before}
    return [
        View(
            reference=row.reference,
            number=row.number,
            round=row.round,
            state=states[row.number],
            drafted_on=row.drafted_on,
            document_no=row.document_no if (SENT, row.number) in steps else None,
            sent_on=row.sent_on if (SENT, row.number) in steps else None,
            published_on=row.published_on if (PUBLISHED, row.number) in steps else None,
        )
        for row in rows
        if row.number in states
    ]


DRAFTED, SENT, PUBLISHED = (
    f"assignment.reply_{step}" for step in ("drafted", ReplyState.SENT, ReplyState.PUBLISHED)
)


def version_states(events: Iterable[Row]) -> Mapping[int, str]:
    """Return the state of each version after *events*: another takes the place of former ones."""
    states: dict[int, str] = {}
    for event in events:
        if not event.operation.startswith("assignment.reply_"):
            continue
        changes = json.loads(event.changes)
        gone = UNSENT if event.operation == DRAFTED else OUT if event.operation == SENT else ()
        states |= {n: ReplyState.REPLACED for n, state in states.items() if state in gone}
        states[new(changes, "reply")] = new(changes, "reply_state") or ReplyState.DRAFT
    return states
