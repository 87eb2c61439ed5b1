"""The audit as auditors read it: events in full, and the checkpoints over them."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from app.audit.queries.events import events_with_actor
from app.core.queries.filters import among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import View
from app.core.types import Conditions, Given, Row
from app.models import Checkpoint, Event

ORDERS = by_number(Event.sequence, "sequence")
CHECKPOINT_ORDERS = by_number(Checkpoint.sequence, "sequence")

CONDITIONS: Conditions = {
    "record_type": among(Event.record_type),
    "record": among(Event.record_id),
    "reference": among(Event.record_reference),
    "principal": among(Event.principal_id),
    "operation": among(Event.operation),
    "outcome": among(Event.outcome),
    "since": lambda value: Event.at >= value,
    "until": lambda value: Event.at < value,
}
"""Filter → the condition on an event, given its value."""


def events(filters: Given) -> sa.Select:
    """Return the SELECT of the events that *filters* name."""
    return events_with_actor().where(*asked(CONDITIONS, filters))


def event_rows(rows: Sequence[Row]) -> list[View]:
    """Return rows of events() as the API shows them."""
    return [
        View.of(
            row,
            changes=json.loads(row.changes),
            seals=row.seals and json.loads(row.seals),
            salts=row.salts and json.loads(row.salts),
            actor_name=row.shown_name,
        )
        for row in rows
    ]


def checkpoints() -> sa.Select:
    """Return the SELECT of the checkpoints."""
    C = Checkpoint
    return sa.select(C.sequence, C.hash, C.at, C.key_id, C.signature, C.number, C.resumes_after)
