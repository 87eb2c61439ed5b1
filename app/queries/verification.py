"""Whether what is kept for speed, and what is kept for proof, still agrees with the records."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import Head
from app.models import Document, Event, Passage, Recommendation, RecommendationTag, Tag
from app.queries.tags import drift
from app.rules.events import CHAINED, FIRST_HASH, event_hash
from app.rules.tags import with_broader

BATCH = 1000


def revision(session: Session) -> str | None:
    """Return the revision the database is at, or None."""
    return session.scalar(sa.text("SELECT version_num FROM alembic_version"))


def everything(session: Session) -> list[str]:
    """Return a sentence for each difference."""
    return [
        *drift(session),
        *index_drift(session),
        *altered_texts(session),
        *passages(session)[0],
        *broken_chain(session),
        *unexplained(session),
    ]


def altered_texts(session: Session) -> Iterator[str]:
    """Yield a sentence for each document whose text is not the one its SHA-256 was taken of."""
    columns = (Document.reference, Document.text, Document.sha256)
    for reference, text, digest in session.execute(sa.select(*columns)):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"document {reference}: its text has another SHA-256"


def passages(session: Session) -> tuple[list[str], int]:
    """Return a sentence for each passage that differs from its document, and how many there are."""
    texts = {row.id: row.text for row in session.execute(sa.select(Document.id, Document.text))}
    columns = (Passage.id, Passage.document_id, Passage.start, Passage.end, Passage.text)
    rows = list(session.execute(sa.select(*columns).where(Passage.withdrawn_at.is_(None))))
    wrong = [
        f"passage {row.id} differs from document {row.document_id} [{row.start}, {row.end})"
        for row in rows
        if texts[row.document_id][row.start : row.end] != row.text
    ]
    return wrong, len(rows)


def index_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation whose index rows are not what its tags bring."""
    T, R = RecommendationTag, Recommendation
    broader = {row.id: row.broader_id for row in session.execute(sa.select(Tag.id, Tag.broader_id))}
    stale = sa.select(T.recommendation_id).join(R, R.id == T.recommendation_id)
    kept = ("progress", "last_move", "publication")
    differs = sa.or_(*(getattr(T, name) != getattr(R, name) for name in kept))
    for number in session.scalars(stale.where(differs)):
        yield f"recommendation {number}: its tag index is out of date"
    rows: dict[int, dict[int, bool]] = {}
    columns = (T.recommendation_id, T.tag_id, T.is_direct)
    for number, tag_id, direct in session.execute(sa.select(*columns)):
        rows.setdefault(number, {})[tag_id] = direct
    for number, tags in rows.items():
        wanted = with_broader([tag for tag, direct in tags.items() if direct], broader)
        if wanted != set(tags):
            yield f"recommendation {number}: its tag index lacks or exceeds a broader tag"


def broken_chain(session: Session) -> Iterator[str]:
    """Yield a sentence for each event that is missing, altered or out of its place."""
    previous, expected = FIRST_HASH, 1
    statement = sa.select(Event).order_by(Event.sequence).execution_options(yield_per=BATCH)
    for event in session.scalars(statement):
        row: dict[str, Any] = {name: getattr(event, name) for name in CHAINED}
        row["at"] = event.at.isoformat()
        if event.sequence != expected:
            yield f"event {expected} is missing"
        if event.previous_hash != previous or event_hash(row) != event.hash:
            yield f"event {event.sequence} does not fit the chain"
        previous, expected = event.hash, event.sequence + 1
        session.expunge(event)
    head = session.get_one(Head, 1)
    if (head.sequence, head.hash) != (expected - 1, previous):
        yield "the head does not agree with the last event"


FOLDED = (
    "progress", "acceptance", "lead_office_id", "lead_status", "claimed_by_office_id", "due_on",
    "review_on",
)  # fmt: skip
"""The columns of a recommendation that its events explain."""


def unexplained(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation that is not what its events made of it."""
    last = 0
    while rows := batch_after(session, last):
        last = rows[-1].id
        states = folded(session, rows[0].id, last)
        for row in rows:
            state = states.get(row.id, {"version": 0})
            for name in ("version", "tags", *FOLDED):
                if shown(row, name) != state.get(name):
                    yield f"recommendation {row.reference}: no event explains its {name}"


def batch_after(session: Session, last: int) -> list[sa.Row]:
    """Return the next recommendations after the id *last*, with their tags' slugs."""
    R, T = Recommendation, RecommendationTag
    slugs = (
        sa.select(sa.func.aggregate_strings(Tag.slug, ","))
        .join(T, T.tag_id == Tag.id)
        .where(T.recommendation_id == R.id, T.is_direct)
        .correlate(R)
        .scalar_subquery()
        .label("tags")
    )
    columns = [getattr(R, name) for name in FOLDED]
    statement = sa.select(R.id, R.reference, R.version, *columns, slugs).where(R.id > last)
    return list(session.execute(statement.order_by(R.id).limit(BATCH)))


def folded(session: Session, first: int, last: int) -> dict[int, dict[str, Any]]:
    """Return what the events of the recommendations *first* to *last* make of each."""
    columns = (Event.record_id, Event.changes, Event.record_version)
    statement = sa.select(*columns).where(
        Event.record_type == "recommendation", Event.record_id.between(first, last)
    )
    states: dict[int, dict[str, Any]] = {}
    for number, changes, version in session.execute(statement.order_by(Event.sequence)):
        state = states.setdefault(number, {})
        state |= {name: pair[1] for name, pair in json.loads(changes).items()}
        state["version"] = version
    return states


def shown(row: sa.Row, name: str) -> Any:
    """Return a value of *row* as events hold it."""
    value = getattr(row, name)
    if name == "tags":
        return sorted(value.split(",")) if value else []
    return value.isoformat() if isinstance(value, date) else value
