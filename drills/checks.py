"""What must hold after a kill: all that was acknowledged, and no half of anything."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import Head
from app.models import Event, ProgressReport, Recommendation
from drills.writers import OPERATIONS, Ledger, Write

DONE = sa.and_(Event.record_type == "recommendation", Event.outcome == "done")
CHAINED = (Event.sequence, Event.hash, Event.previous_hash)
NO_HASH = "0" * 64
Verify = Callable[[Session], list[str]]
FIELDS = {OPERATIONS["transitions"]: "progress", OPERATIONS["tags"]: "tags"}


@dataclass
class Findings:
    """Sentences about what should not be, by kind."""

    lost: list[str] = field(default_factory=list)
    without_change: list[str] = field(default_factory=list)
    without_event: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)
    false_answers: list[str] = field(default_factory=list)
    verification: list[str] = field(default_factory=list)

    def add(self, other: "Findings") -> None:
        """Take the *other* findings in, each once."""
        for name in (kind.name for kind in fields(self)):
            mine = getattr(self, name)
            mine.extend(told for told in getattr(other, name) if told not in mine)

    def sentences(self) -> list[str]:
        """Return all of them, each with its kind."""
        kinds = [kind.name for kind in fields(self)]
        return [f"{k.replace('_', ' ')}: {told}" for k in kinds for told in getattr(self, k)]


@dataclass
class Place:
    """How far was checked: the last event, and how many entries of the ledger."""

    sequence: int = 0
    hash: str = NO_HASH
    acknowledged: int = 0
    refused: int = 0


def findings(
    session: Session, ledger: Ledger, since: Place, verify: Verify | None = None
) -> Findings:
    """Return what is wrong with all that came *since*; *verify* looks at the whole database.

    The *session* reads one snapshot, while nobody writes; *since* moves on to what was checked.
    """
    acknowledged, refused = ledger.acknowledged, ledger.refused
    rows = list(events_after(session, since.sequence))
    found = Findings(
        lost=list(lost(session, acknowledged[since.acknowledged :], rows)),
        without_change=list(without_change(session, rows)),
        without_event=list(without_event(session, rows, since.sequence)),
        chain=list(broken(session, rows, since)),
        false_answers=list(false_answers(refused[since.refused :], rows)),
        verification=verify(session) if verify else [],
    )
    head = session.get_one(Head, 1)
    since.sequence, since.hash = head.sequence, head.hash
    since.acknowledged, since.refused = len(acknowledged), len(refused)
    return found


def events_after(session: Session, sequence: int) -> Sequence[Any]:
    """Return the events after *sequence*, of whatever outcome and record."""
    statement = sa.select(Event).where(Event.sequence > sequence).order_by(Event.sequence)
    return session.scalars(statement).all()


def is_done(event: Any) -> bool:
    """Return whether *event* is a change of a recommendation."""
    return event.record_type == "recommendation" and event.outcome == "done"


def lost(session: Session, acknowledged: Iterable[Write], rows: Sequence[Any]) -> Iterator[str]:
    """Yield a sentence for each acknowledged write that is not there as it was told."""
    by_request = {event.request_id: event for event in rows if is_done(event)}
    texts = texts_of(session, rows)
    for write in acknowledged:
        event = by_request.get(write.request)
        if event is None:
            yield f"{write.request} on {write.record} was acknowledged and has no event"
        elif not matches(write, event, texts.get(event.sequence, [])):
            yield f"{write.request} on {write.record} is there, but not as it was acknowledged"


def matches(write: Write, event: Any, texts: list[str]) -> bool:
    """Return whether *event*, and the *texts* of its reports, are what *write* was told."""
    sequence, mark, *_ = f"{write.receipt};;".split(";")
    if (sequence, mark) != (str(event.sequence), event.hash):
        return False
    if (event.record_id, event.operation) != (write.record, write.operation):
        return False
    if write.version is None:
        return texts == [write.told]
    told = json.loads(event.changes)[FIELDS[write.operation]][1]
    same = tuple(told) == write.told if isinstance(told, list) else told == write.told
    return same and event.record_version == write.version


def texts_of(session: Session, rows: Sequence[Any]) -> dict[int, list[str]]:
    """Return the texts of reports by the sequence of the event they came with."""
    first = rows[0].sequence if rows else 0
    statement = sa.select(ProgressReport.sequence, ProgressReport.text)
    found: dict[int, list[str]] = {}
    for sequence, text in session.execute(statement.where(ProgressReport.sequence >= first)):
        found.setdefault(sequence, []).append(text)
    return found


def without_change(session: Session, rows: Sequence[Any]) -> Iterator[str]:
    """Yield a sentence for each event whose change is not there."""
    texts = texts_of(session, rows)
    for event in rows:
        if event.operation == OPERATIONS["reports"] and texts.get(event.sequence) != [event.note]:
            yield f"event {event.sequence} tells of a report that is not there"
    for row in touched(session, rows):
        if row.events > row.version or row.last > row.version:
            yield f"recommendation {row.id} has events beyond its version {row.version}"


def without_event(session: Session, rows: Sequence[Any], since: int) -> Iterator[str]:
    """Yield a sentence for each change that no event tells of."""
    for row in touched(session, rows):
        if row.events < row.version or row.last < row.version:
            yield f"recommendation {row.id} has version {row.version} of {row.events} events"
    progress = FIELDS[OPERATIONS["transitions"]]
    last = {e.record_id: e for e in rows if e.operation == OPERATIONS["transitions"]}
    for row in touched(session, rows):
        if row.id in last and json.loads(last[row.id].changes)[progress][1] != row.progress:
            yield f"recommendation {row.id} is {row.progress}; its last event tells otherwise"
    told = {event.sequence for event in rows if event.operation == OPERATIONS["reports"]}
    for sequence in sorted(set(reported(session, since)) - told):
        yield f"a report names event {sequence}, which tells of none"


def reported(session: Session, since: int) -> Sequence[int]:
    """Return the events that reports after the event *since* name."""
    own = ProgressReport.sequence > since
    return session.scalars(sa.select(ProgressReport.sequence).where(own)).all()


def touched(session: Session, rows: Sequence[Any]) -> Sequence[Any]:
    """Return the recommendations that events tell of: version, number of events, last version."""
    record, numbers = Recommendation, sorted({e.record_id for e in rows if is_done(e)})
    statement = (
        sa.select(
            record.id,
            record.version,
            record.progress,
            sa.func.count(sa.distinct(Event.record_version)).label("events"),
            sa.func.max(Event.record_version).label("last"),
        )
        .join(Event, sa.and_(Event.record_id == record.id, DONE))
        .where(record.id.in_(numbers))
        .group_by(record.id)
    )
    return session.execute(statement).all()


def broken(session: Session, rows: Sequence[Any], since: Place) -> Iterator[str]:
    """Yield a sentence for each place where the chain is not whole after *since*."""
    hashes = sa.select(Event.hash).where(Event.sequence == since.sequence)
    if since.sequence and session.scalar(hashes) != since.hash:
        yield f"event {since.sequence} is not what it was"
    last, mark = since.sequence, since.hash
    for event in rows:
        if event.sequence != last + 1:
            yield f"event {last + 1} is missing"
        elif event.previous_hash != mark:
            yield f"event {event.sequence} does not follow the one before it"
        last, mark = event.sequence, event.hash
    head = session.get_one(Head, 1)
    if (head.sequence, head.hash) != (last, mark):
        yield f"the head stands at {head.sequence}, the last event is {last}"


def number_done(session: Session, requests: Sequence[str]) -> int:
    """Return how many of *requests* were done."""
    own = sa.and_(DONE, Event.request_id.in_(requests))
    return session.scalar(sa.select(sa.func.count()).select_from(Event).where(own)) or 0


def false_answers(refused: Iterable[str], rows: Sequence[Any]) -> Iterator[str]:
    """Yield a sentence for each request that was refused and yet done, or done twice."""
    done = Counter(event.request_id for event in rows if is_done(event) and event.request_id)
    for request in refused:
        if request in done:
            yield f"{request} was refused, and done"
    for request, times in done.items():
        if times > 1:
            yield f"{request} was done {times} times"
