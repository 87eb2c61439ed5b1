"""The audit as auditors read it: events in full, and the checkpoints over them."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from app.audit.queries.events import events_with_actor
from app.core.queries.keyset import Order, read_number
from app.core.queries.rows import View
from app.core.types import Given, Row
from app.models import Checkpoint, Event

ORDERS = {
    "sequence": Order((Event.sequence,), (read_number,), lambda row: [row.sequence]),
    "-sequence": Order((Event.sequence,), (read_number,), lambda row: [row.sequence], True),
}
NEWEST_CHECKPOINT = Order((Checkpoint.sequence,), (read_number,), lambda row: [row.sequence], True)

EQUAL = {
    "record_type": Event.record_type,
    "record": Event.record_id,
    "principal": Event.principal_id,
    "operation": Event.operation,
    "outcome": Event.outcome,
}


def events(filters: Given) -> sa.Select:
    """Return the SELECT of the events that *filters* name."""
    statement = events_with_actor()
    for name in EQUAL.keys() & filters.keys():
        value = filters[name]
        statement = statement.where(EQUAL[name] == (str(value) if name == "outcome" else value))
    if "since" in filters:
        statement = statement.where(Event.at >= filters["since"])
    if "until" in filters:
        statement = statement.where(Event.at < filters["until"])
    return statement


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
