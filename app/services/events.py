"""Recording what was done: the event, its place in the sequence and in the chain."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.database import Head, canonical_json, utcnow
from app.models import Event
from app.rules.events import event_hash
from app.rules.permissions import Actor

EVENTS = Event.metadata.tables["events"]

Changes = Mapping[str, tuple[Any, Any]]
"""Field → (from, to), in JSON values."""


class Recorded(Protocol):
    """A record whose changes are recorded."""

    id: Any
    version: Any
    updated_at: Any


def record_event(
    session: Session,
    actor: Actor,
    record: Recorded,
    operation: str,
    changes: Changes,
    *,
    reference: str,
    note: str | None = None,
) -> int:
    """Write the event of a change to *record* and return its sequence.

    The session must be a writing one: it holds the head row locked, so sequences have no gaps.
    A record's version after the change is one more than before, or 1 when it is new.
    """
    head: Head = session.info["head"]
    created = operation.endswith(".created")
    head.sequence += 1
    at = utcnow()
    row = {
        "sequence": head.sequence,
        "at": at.isoformat(),
        "operation": operation,
        "record_type": operation.partition(".")[0],
        "record_id": record.id,
        "record_reference": reference,
        "record_version": 1 if created else record.version + 1,
        "publication": changes.get("publication", (None, getattr(record, "publication", None)))[1],
        "changes": canonical_json({name: list(pair) for name, pair in changes.items()}),
        "note": note,
        **actor_columns(actor),
        "outcome": "done",
        "previous_hash": head.hash,
    }
    head.hash = event_hash(row)
    if not created:
        record.updated_at = at
    with session.no_autoflush:  # the record is flushed once, with all its changes: one version
        session.execute(insert(EVENTS), [{**row, "at": at, "hash": head.hash}])
    return head.sequence


def change(
    session: Session,
    actor: Actor,
    record: Any,
    operation: str,
    values: Mapping[str, Any],
    *,
    reference: str,
) -> set[str]:
    """Set *values* on *record*, write the event, and return the names that changed.

    A ``note`` among them says why and goes into the event. Where nothing differs nothing is
    written.
    """
    note = values.get("note")
    changes = {
        name: (as_json(getattr(record, name)), as_json(value))
        for name, value in values.items()
        if name != "note" and getattr(record, name) != value
    }
    if changes:
        record_event(session, actor, record, operation, changes, reference=reference, note=note)
    for name in changes:
        setattr(record, name, values[name])
    return set(changes)


def actor_columns(actor: Actor) -> dict[str, Any]:
    """Return who acted, as the event keeps it."""
    return {
        "actor_kind": str(actor.kind),
        "actor_name": actor.name,
        "principal_id": actor.principal_id,
        "office_id": actor.office_id,
        "office_name": actor.office_name,
        "key_prefix": actor.key_prefix,
        "request_id": actor.request_id,
    }


def as_json(value: Any) -> Any:
    """Return a date as text, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value
