"""Source documents: their list, single ones, and their text."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible_texts
from app.core.codes import Publication
from app.core.queries.filters import among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import View, expanded, later
from app.core.rules.permissions import Actor
from app.core.types import Condition, Conditions, Given, Row
from app.models import (
    Correction,
    Document,
    Stretch,
)
from app.register.people.queries.sittings import sittings_by_id

DOCUMENT = (
    Document.id,
    Document.reference,
    Document.title,
    Document.subtitle,
    Document.kind,
    Document.level,
    Document.publisher,
    Document.session_id,
    Document.sha256,
    sa.func.length(Document.text).label("characters"),
    Document.date_as_printed,
    Document.earliest_on,
    Document.latest_on,
    Document.date_reason,
    Document.note,
    Document.version,
    sa.func.coalesce(Document.publication, Publication.PUBLISHED).label("publication"),
)
DOCUMENT = (*DOCUMENT, *later(Document, *DOCUMENT, "text", "created_at"))


ORDERS = by_change(Document)
CONDITIONS: Conditions = {
    "session_id": among(Document.session_id),
    "level": among(Document.level),
    "kind": among(Document.kind),
    "reference": among(Document.reference),
    "updated_since": lambda value: Document.updated_at >= value,
}
"""Filter → the condition on a document, given its value."""


def documents(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the documents that *filters* name."""
    return visible_texts(sa.select(*DOCUMENT), actor).where(*asked(CONDITIONS, filters))


def with_sessions(session: Session, rows: Sequence[Row]) -> list[View]:
    """Return document rows with their sessions."""
    by_id = sittings_by_id(session, {row.session_id for row in rows})
    return expanded(rows, session={row.id: by_id.get(row.session_id) for row in rows})


def document(session: Session, actor: Actor, document_id: int) -> View | None:
    """Return one document with its corrections and stretches, or None."""
    statement = sa.select(*DOCUMENT).where(Document.id == document_id)
    rows = list(session.execute(visible_texts(statement, actor)))
    if not rows:
        return None
    return with_sessions(session, rows)[0].having(
        corrections=current_rows(session, Correction, document_id),
        stretches=current_rows(session, Stretch, document_id),
        replaces=in_short(session, actor, Document.id == rows[0].replaces_id),
        replaced_by=in_short(session, actor, Document.replaces_id == document_id),
    )


def in_short(session: Session, actor: Actor, own: Condition) -> Row | None:
    """Return the document for which the condition *own* holds, in short, as *actor* may see it."""
    columns = (Document.id, Document.reference, Document.title, Document.sha256)
    return session.execute(visible_texts(sa.select(*columns).where(own), actor)).one_or_none()


def record(session: Session, actor: Actor, document_id: int) -> Document | None:
    """Return the record itself, for a change, when *actor* may see it."""
    statement = sa.select(Document).where(Document.id == document_id)
    return session.scalar(visible_texts(statement, actor))


def by_reference(session: Session, actor: Actor, reference: str) -> Row | None:
    """Return the id of the document with this reference when *actor* may see it."""
    statement = sa.select(Document.id).where(Document.reference == reference)
    return session.execute(visible_texts(statement, actor)).one_or_none()


def documents_by_id(session: Session, ids: set[int | None]) -> dict[int, Row]:
    """Return documents in short, by id."""
    columns = (Document.id, Document.reference, Document.title, Document.sha256)
    statement = sa.select(*columns).where(Document.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def current_rows(
    session: Session, model: type[Correction] | type[Stretch], owner: int
) -> list[Any]:
    """Return the rows of *model* that hang on a document and were not withdrawn."""
    statement = sa.select(model).where(model.document_id == owner, model.withdrawn_at.is_(None))
    return list(session.scalars(statement.order_by(model.start, model.end)))


def document_text(session: Session, actor: Actor, document_id: int) -> Row | None:
    """Return the text and the SHA-256 of a document that *actor* sees, or None."""
    statement = sa.select(Document.text, Document.sha256).where(Document.id == document_id)
    return session.execute(visible_texts(statement, actor)).one_or_none()
