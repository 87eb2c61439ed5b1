"""Whether the records are what their events made of them."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries import former_state
from app.audit.queries.hanging_rows import Hung, hanging_on_each
from app.audit.queries.record_state import CHILDREN, RECORDS, children_hashes, is_state
from app.audit.queries.verify_chain import BATCH, DONE
from app.audit.rules import chain
from app.core.base import columns_of
from app.core.types import Model, Row
from app.models import Event

BY_NAME = 3
"""The scheme that came between: its record hashes are those of today."""


IS_STATE = {former_state.SCHEME: former_state.is_state, BY_NAME: is_state, chain.SCHEME: is_state}
"""Whether a hash is that of a record, by the scheme of the event that holds it."""


ChildrenHashes = Callable[[Session, Model, list[int]], dict[int, str]]


CHILDREN_HASHES: dict[int | None, ChildrenHashes] = {
    former_state.SCHEME: former_state.children_hashes,
    BY_NAME: children_hashes,
    chain.SCHEME: children_hashes,
}
"""The hashes of what hangs on curated records, by the scheme of the event that holds them."""


def unexplained(session: Session) -> Iterator[str]:
    """Yield a sentence for each record that is not what its last event says, or is missing."""
    for kind, model in RECORDS.items():
        last = 0
        while records := batch_after(session, model, last):
            first, last = records[0].id, records[-1].id
            events = last_events(session, kind, first, last)
            numbers = [record.id for record in records]
            torn = false_children(session, kind, model, numbers)
            hung = hanging_on_each(session, model, numbers)
            for record in records:
                event = events.get(record.id)
                if message := difference(session, model, record, event, hung[record.id]):
                    yield f"{kind} {record.id}: {message}"
                if record.id in torn:
                    yield f"{kind} {record.id}: what hangs on it is not what its events say"
        known = sa.exists().where(model.id == Event.record_id)
        gone = sa.select(Event.record_id).where(
            Event.record_type == kind, Event.outcome == DONE, ~known
        )
        for number in session.scalars(gone.distinct()):
            yield f"{kind} {number}: its events are there, the record is missing"


def batch_after(session: Session, model: Model, last: int) -> list[Any]:
    """Return the next records of *model* after the id *last*."""
    columns = [getattr(model, name) for name in columns_of(model)]
    statement = sa.select(*columns).where(model.id > last).order_by(model.id).limit(BATCH)
    return list(session.execute(statement))


def difference(
    session: Session, model: Model, record: Any, event: Row | None, hung: Hung
) -> str | None:
    """Return how *record*, with what *hung* on it, differs from what its last *event* says."""
    if event is None:
        return "no event explains it"
    if event.record_version != record.version:
        return "no event explains its version"
    if event.record_hash is None and event.scheme is None:
        return None
    same, known = IS_STATE.get(event.scheme), event.record_hash
    if same is None or known is None or not same(session, model, record, known, hung):
        return "no event explains its state"
    return None


def last_events(session: Session, kind: str, first: int, last: int) -> dict[int, Row]:
    """Return the last event of each record of *kind* from the id *first* to *last*."""
    newest = (
        sa.select(sa.func.max(Event.sequence))
        .where(
            Event.record_type == kind,
            Event.record_id.between(first, last),
            Event.outcome == DONE,
        )
        .group_by(Event.record_id)
    )
    columns = (Event.record_id, Event.record_version, Event.record_hash, Event.scheme)
    rows = session.execute(sa.select(*columns).where(Event.sequence.in_(newest)))
    return {row.record_id: row for row in rows}


def false_children(session: Session, kind: str, model: Model, ids: Sequence[int]) -> set[int]:
    """Return those of the records *ids* on which something else hangs than their events say."""
    if model not in CHILDREN:
        return set()
    false: set[int] = set()
    for scheme, known in last_children(session, kind, ids[0], ids[-1]).items():
        hashes_of = CHILDREN_HASHES.get(scheme)
        hashes = hashes_of(session, model, list(known)) if hashes_of else {}
        false |= {number for number in known if known[number] != hashes.get(number)}
    return false.intersection(ids)


def last_children(
    session: Session, kind: str, first: int, last: int
) -> dict[int | None, dict[int, str | None]]:
    """Return the hash of what hangs on each record, as its events say last, by their scheme."""
    statement = sa.select(Event.record_id, Event.changes, Event.scheme).where(
        Event.record_type == kind,
        Event.record_id.between(first, last),
        Event.outcome == DONE,
        Event.changes.like('%"children":%'),
    )
    found: dict[int, tuple[int | None, str | None]] = {}
    for number, changes, scheme in session.execute(statement.order_by(Event.sequence)):
        recorded = json.loads(changes)
        if "children" in recorded:
            found[number] = scheme, recorded["children"][1]
    by_scheme: dict[int | None, dict[int, str | None]] = {}
    for number, (scheme, known) in found.items():
        by_scheme.setdefault(scheme, {})[number] = known
    return by_scheme
