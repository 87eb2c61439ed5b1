"""Telling in an event what no record holds: what the database is made of, and what was loaded."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.audit.queries import covered, database_schema
from app.audit.services.recorder import append_event
from app.core.base import Head
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.codes import Outcome
from app.core.rules.permissions import Actor
from app.core.types import NewChanges, Pair

Changes = Mapping[str, Pair]


def record_register(
    session: Session, actor: Actor, operation: str, changes: Changes, note: str | None = None
) -> int:
    """Write an event about the register itself, and return its sequence."""
    values = {
        "operation": operation,
        "record_type": "register",
        "record_id": 0,
        "record_reference": "",
        "record_version": 0,
        "publication": None,
        "changes": canonical_json({name: list(pair) for name, pair in changes.items()}),
        "note": note,
        "outcome": Outcome.DONE,
        "record_hash": None,
    }
    return append_event(session, actor, utcnow(), values)


def cover(session: Session, actor: Actor) -> int:
    """Write the event that covers a register which had none; return how many were written.

    It holds the schema, what the loader remembers, the ids of reports, and the version of the
    vocabulary.
    """
    if covered.is_covered(session):
        return 0
    session.flush()
    head: Head = session.info["head"]
    changes = schema_changes(session) | {
        "seed_records": (None, covered.seeds_digest(session)),
        "report_ids": (None, covered.reports_digest(session)),
        "vocabulary_version": (None, head.vocabulary_version),
    }
    record_register(session, actor, covered.COVERED, changes)
    return 1


def cover_schema(session: Session, actor: Actor, note: str | None = None) -> int:
    """Write the event that says what the schema is now; return how many: none where it is told."""
    changes = schema_changes(session)
    before, after = changes["schema"]
    if before == after:
        return 0
    record_register(session, actor, covered.COVERED, changes, note)
    return 1


def schema_changes(session: Session) -> NewChanges:
    """Return what an event says of the schema: from which to which, and a mark of each object."""
    now = database_schema.objects(session)
    before = covered.last_told(session, "schema")[1]
    return {
        "schema": (before, database_schema.fingerprint(now)),
        "objects": (None, database_schema.marks(now)),
    }


def cover_load(session: Session, actor: Actor, before: str) -> int:
    """Write the event of a load of curated records, which found *before* what it remembers."""
    session.flush()
    changes = {"seed_records": (before, covered.seeds_digest(session))}
    return record_register(session, actor, covered.LOADED, changes)
