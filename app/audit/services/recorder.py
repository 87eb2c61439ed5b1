"""Recording what was done: the event, its place in the sequence and in the chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.audit.queries.record_state import RECORDS, children_hash, state_hash
from app.audit.rules.chain import SCHEME, event_hash
from app.audit.rules.sealed_texts import seal_texts
from app.core.base import Head
from app.core.canonical_json import as_json, canonical_json
from app.core.clock import utcnow
from app.core.codes import Outcome
from app.core.following import be_followed
from app.core.rules.permissions import Actor
from app.core.types import Given, Pair, Values
from app.models import Event

EVENTS = Event.metadata.tables["events"]

Changes = Mapping[str, Pair]
"""Field → (from, to), in JSON values."""


class Recorded(Protocol):
    """A record whose changes are recorded."""

    id: Any
    version: Any
    updated_at: Any

    @property
    def called(self) -> str:
        """How the history calls it."""


def record_event(
    session: Session,
    actor: Actor,
    record: Recorded,
    operation: str,
    changes: Changes,
    *,
    note: str | None = None,
    at: datetime | None = None,
) -> int:
    """Write the event of a change that was made to *record*, and return its sequence.

    The session is a writing one: the head row is locked, so sequences have no gaps. The record
    holds its new values, not flushed yet. Rows that are written with it name *at* as well.
    """
    at = not_before_last(session, at or utcnow())
    values = {
        "operation": operation,
        "record_type": operation.partition(".")[0],
        "record_id": record.id,
        "record_reference": record.called,
        "record_version": next_version(record, operation.endswith(".created"), at),
        "publication": getattr(record, "publication", None),
        "changes": canonical_json({name: list(pair) for name, pair in changes.items()}),
        "note": note,
        "outcome": Outcome.DONE,
    }
    own_hash = state_hash(session, type(record), record, version=values["record_version"])
    sequence = append_event(session, actor, at, values | {"record_hash": own_hash})
    be_followed(session, record, operation, changes, at)
    return sequence


def next_version(record: Recorded, created: bool, at: datetime) -> int:
    """Return the version that *record* has after the change of the moment *at*."""
    if created:
        return 1
    record.updated_at = at
    flag_modified(record, "updated_at")  # a version for each event, also in one microsecond
    return int(record.version) + 1


def append_event(session: Session, actor: Actor, at: datetime, values: Given) -> int:
    """Put an event with *values* at the end of the chain and return its sequence."""
    head: Head = session.info["head"]
    head.sequence += 1
    head.event_at = at = not_before_last(session, at)
    row = {
        **values,
        **actor_columns(actor),
        "sequence": head.sequence,
        "at": at.isoformat(),
        "scheme": SCHEME,
        "previous_hash": head.hash,
    }
    row |= seal_texts(row)
    head.hash = event_hash(row)
    with session.no_autoflush:  # the record is flushed once, with all its changes: one version
        session.execute(insert(EVENTS), [{**row, "at": at, "hash": head.hash}])
    return head.sequence


def not_before_last(session: Session, at: datetime) -> datetime:
    """Return *at*, or the moment of the last event where that is later.

    So that events never go back in time, whatever the clock did within the transaction.
    """
    head: Head = session.info["head"]
    return at if head.event_at is None else max(at, head.event_at)


def next_sequence(session: Session) -> int:
    """Return the sequence that the next event will have."""
    head: Head = session.info["head"]
    return head.sequence + 1


def record_attempt(
    session: Session,
    actor: Actor,
    operation: str,
    record: tuple[str, int, str],
    outcome: Outcome,
    changes: Given,
) -> int:
    """Write the event of an attempt that changed nothing, and return its sequence.

    *record* is the type, the number (0: none) and the reference of what it was about, *changes*
    what is known of it, such as the status it was answered with.
    """
    kind, number, reference = record
    values = {
        "operation": operation,
        "record_type": kind,
        "record_id": number,
        "record_reference": reference,
        "record_version": 0,
        "publication": None,
        "changes": canonical_json({name: [None, value] for name, value in changes.items()}),
        "note": None,
        "outcome": outcome,
        "record_hash": None,
    }
    return append_event(session, actor, utcnow(), values)


def change(
    session: Session,
    actor: Actor,
    record: Any,
    operation: str,
    values: Given,
    *,
    also: Given | None = None,
) -> set[str]:
    """Set *values* on *record*, write the event, and return the names that changed.

    A ``note`` among them says why and goes into the event. *also* are columns that follow from
    them and are not told. Where nothing differs nothing is written.
    """
    note = values.get("note")
    changes = {
        name: (as_json(getattr(record, name)), as_json(value))
        for name, value in values.items()
        if name != "note" and getattr(record, name) != value
    }
    for name in changes:
        setattr(record, name, values[name])
    if changes:
        for name, value in (also or {}).items():
            setattr(record, name, value)
        record_event(session, actor, record, operation, changes, note=note)
    return set(changes)


def record_change(
    session: Session,
    actor: Actor,
    record: Any,
    operation: str,
    changes: Changes,
    note: str | None = None,
    values: Given | None = None,
) -> int:
    """Set *values* on *record*, write the event, and return its sequence.

    What hangs on the record is written before: one change of it, with its event. *changes* are
    told besides the values that differ.
    """
    session.flush()
    recorded = dict(changes)
    for name, value in (values or {}).items():
        if getattr(record, name) != value:
            recorded[name] = (as_json(getattr(record, name)), as_json(value))
            setattr(record, name, value)
    sequence = record_event(session, actor, record, operation, recorded, note=note)
    session.flush()
    return sequence


def created(
    session: Session,
    actor: Actor,
    record: Any,
    changes: Changes,
    note: str | None = None,
) -> int:
    """Add a new *record*, write its event, and return the sequence.

    *changes* are told besides its *reference* and what hangs on it, which is there already.
    """
    session.add(record)
    session.flush()
    recorded = {"reference": (None, record.called), **changes}
    hung = children_hash(session, record)
    if hung is not None:
        recorded["children"] = (None, hung)
    operation = f"{NAMES[type(record)]}.created"
    sequence = record_event(session, actor, record, operation, recorded, note=note)
    session.flush()
    return sequence


NAMES = {model: name for name, model in RECORDS.items()}
"""Record → what events call it."""


def actor_columns(actor: Actor) -> Values:
    """Return who acted, as the event keeps it: a principal's name only as its seal."""
    return {
        "actor_kind": actor.kind,
        "actor_name": "" if actor.name_seal else actor.name,
        "actor_seal": actor.name_seal,
        "principal_id": actor.principal_id,
        "office_id": actor.office_id,
        "office_name": actor.office_name,
        "key_prefix": actor.key_prefix,
        "request_id": actor.request_id,
        "approval_id": actor.approval_id,
    }
