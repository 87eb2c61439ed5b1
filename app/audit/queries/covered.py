"""What no record holds, and an event covers all the same: the schema, and some numbers."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries import database_schema
from app.audit.queries.verify_chain import findings_of
from app.core.base import Head
from app.core.canonical_json import canonical_json
from app.core.codes import Outcome
from app.models import Event, ProgressReport, SeedRecord

COVERED = "register.covered"
"""The event by which `flask migrate`, or an operator, says what stands there."""

LOADED = "register.seeds_loaded"
"""The event of a load of curated records that wrote some."""

NAMING = (
    "calendar.created",
    "organization.created",
    "organization.edited",
    "organization.ended",
    "organization.moved",
    "organization.renamed",
    "tag.created",
    "tag.edited",
    "tag.ended",
    "tag.split",
    LOADED,
)
"""Events with which the names and days that processes remember are read anew."""

DONE = Outcome.DONE


def everything(session: Session) -> list[str]:
    """Return a sentence for each thing that is not as its event says."""
    return [*findings_of(lambda: false_schema(session), "the schema"), *numbers(session)]


def numbers(session: Session) -> list[str]:
    """Return a sentence for each number or remembered row that is not as its event says."""
    return [
        *findings_of(lambda: false_seeds(session), "the seed records"),
        *findings_of(lambda: false_report_ids(session), "the ids of reports"),
        *findings_of(lambda: false_version(session), "the version of the vocabulary"),
    ]


def last_told(session: Session, name: str) -> tuple[int, Any]:
    """Return the last event of the register that says *name*, and what it says; (0, None)."""
    E = Event
    rows = sa.select(E.sequence, E.changes).where(
        E.operation.in_((COVERED, LOADED)), E.outcome == DONE, E.changes.contains(f'"{name}":[')
    )
    for sequence, changes in session.execute(rows.order_by(E.sequence.desc())):
        recorded = json.loads(changes)
        if name in recorded:
            return sequence, recorded[name][1]
    return 0, None


# -- the schema ----------------------------------------------------------------------------------


def false_schema(session: Session) -> Iterator[str]:
    """Yield a sentence for each object that is not as the last event about the schema says."""
    _, known = last_told(session, "schema")
    if known is None:
        yield "the schema: no event says what it is; `flask migrate` writes one"
        return
    now = database_schema.objects(session)
    if database_schema.fingerprint(now) == known:
        return
    named = list(database_schema.differences(last_told(session, "objects")[1] or {}, now))
    yield from named or ["the schema: it is another one now"]


def is_covered(session: Session) -> bool:
    """Return whether an event says what the schema is."""
    return last_told(session, "schema")[1] is not None


# -- what the loader wrote -----------------------------------------------------------------------


def seeds_digest(session: Session) -> str:
    """Return the SHA-256, in hex, of what the loader remembers of each curated record."""
    S = SeedRecord
    rows = sa.select(S.kind, S.reference, S.digest, S.version)
    return digest_of(sorted(map(list, session.execute(rows))))


def digest_of(rows: list[Any]) -> str:
    """Return the SHA-256 of *rows*, in hex."""
    return hashlib.sha256(canonical_json(rows).encode()).hexdigest()


NOTHING = digest_of([])


def false_seeds(session: Session) -> Iterator[str]:
    """Yield a sentence where the seed records are not those of the last load."""
    if seeds_digest(session) != (last_told(session, "seed_records")[1] or NOTHING):
        yield "the seed records are not those that the last load left"


# -- the ids of reports --------------------------------------------------------------------------


def reports_digest(session: Session) -> str:
    """Return the SHA-256, in hex, of the ids of reports that are not the number of their event."""
    M = ProgressReport
    rows = sa.select(M.sequence, M.id).where(M.id != M.sequence).order_by(M.sequence, M.id)
    return digest_of(list(map(list, session.execute(rows))))


def false_report_ids(session: Session) -> Iterator[str]:
    """Yield a sentence where a report has another id than it was given."""
    if reports_digest(session) != (last_told(session, "report_ids")[1] or NOTHING):
        yield "a report has another id than the number of its event"


# -- the version of the vocabulary ---------------------------------------------------------------


def false_version(session: Session) -> Iterator[str]:
    """Yield a sentence where the version is not that of the last event that changed a name."""
    since, known = last_told(session, "vocabulary_version")
    E = Event
    newest = sa.select(sa.func.max(E.sequence)).where(
        E.operation.in_(NAMING), E.outcome == DONE, E.sequence > since
    )
    wanted = session.scalar(newest) or known or 0
    found = session.get_one(Head, 1).vocabulary_version
    if found != wanted:
        yield f"the version of the vocabulary is {found}, and by the events {wanted}"
