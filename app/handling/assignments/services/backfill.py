"""Taking records of the first release into the audit, whose events did not cover them wholly."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.queries.record_state import RECORDS, children_hashes, state_hash
from app.audit.queries.verify_records import batch_after, last_events
from app.audit.services.recorder import append_event
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.codes import ActorKind, Outcome
from app.core.rules.permissions import Actor
from app.core.types import Model, Row, Values
from app.models import Event, Recommendation
from app.register.recommendations.queries.recommendation_details import curated_relations

UPGRADE = Actor(ActorKind.SYSTEM, "upgrade")


def adopt(session: Session) -> int:
    """Write an event for each record that none covers wholly; return how many there were.

    The records themselves are not changed: their versions stay. A register that began after the
    first release has none.
    """
    first = session.scalar(select(Event.scheme).order_by(Event.sequence).limit(1))
    begun = session.scalar(select(Event.sequence).limit(1)) is not None
    if not begun or first is not None:
        return 0
    return sum(adopt_kind(session, kind, model) for kind, model in RECORDS.items())


def adopt_kind(session: Session, kind: str, model: Model) -> int:
    """Write the events of the records of one kind."""
    last = number = 0
    while records := batch_after(session, model, last):
        first, last = records[0].id, records[-1].id
        events = last_events(session, kind, first, last)
        bare = [r for r in records if (e := events.get(r.id)) is None or is_bare(e)]
        hung = children_hashes(session, model, [record.id for record in bare])
        for record in bare:
            write(session, kind, model, record, hung.get(record.id))
        number += len(bare)
    return number


def is_bare(event: Row) -> bool:
    """Return whether *event* is one of the first release, which covers no record."""
    return event.scheme is None and event.record_hash is None


def write(session: Session, kind: str, model: Model, record: Any, hung: str | None) -> None:
    """Write the event that covers *record* as it is."""
    changes: Values = {} if hung is None else {"children": [None, hung]}
    if model is Recommendation:
        changes["lineage"] = [[], curated_relations(session, record.id)]
    name = next(n for n in ("reference", "slug", "public_id", "id") if hasattr(record, n))
    values = {
        "operation": f"{kind}.adopted",
        "record_type": kind,
        "record_id": record.id,
        "record_reference": str(getattr(record, name)),
        "record_version": record.version,
        "publication": getattr(record, "publication", None),
        "changes": canonical_json(changes),
        "note": None,
        "outcome": str(Outcome.DONE),
        "record_hash": state_hash(session, model, record),
    }
    append_event(session, UPGRADE, utcnow(), values)
