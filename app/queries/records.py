"""Documents, sessions, persons and organizations: lists and single records."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import (
    Correction,
    Document,
    Organization,
    Person,
    Sitting,
    Stretch,
)
from app.queries.filters import VERSION
from app.queries.persons import seen_persons
from app.queries.visibility import visible_texts
from app.rules.permissions import Actor
from app.rules.vocabularies import Publication

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
    sa.func.coalesce(Document.publication, Publication.PUBLISHED.value).label("publication"),
)


def expanded(rows: Sequence[Any], **parts: Mapping[int, Any]) -> list[SimpleNamespace]:
    """Return *rows* with further attributes: name → value by the row's id."""
    return [
        SimpleNamespace(
            **row._mapping, **{name: found.get(row.id) for name, found in parts.items()}
        )
        for row in rows
    ]


def documents(actor: Actor, filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the documents that *filters* name: ``session_id``, ``level``."""
    statement = visible_texts(sa.select(*DOCUMENT), actor)
    if "session_id" in filters:
        statement = statement.where(Document.session_id == filters["session_id"])
    if "level" in filters:
        statement = statement.where(Document.level == str(filters["level"]))
    return statement


def with_sessions(session: Session, rows: Sequence[Any]) -> list[SimpleNamespace]:
    """Return document rows with their sessions."""
    by_id = sittings_by_id(session, {row.session_id for row in rows})
    return expanded(rows, session={row.id: by_id.get(row.session_id) for row in rows})


def sittings_by_id(session: Session, ids: set[int | None]) -> dict[int, sa.Row]:
    """Return sessions in short, by id."""
    columns = (Sitting.id, Sitting.slug, Sitting.name_zh, Sitting.name_en)
    statement = sa.select(*columns).where(Sitting.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def document(session: Session, actor: Actor, document_id: int) -> SimpleNamespace | None:
    """Return one document with its corrections and stretches, or None."""
    statement = sa.select(*DOCUMENT).where(Document.id == document_id)
    rows = list(session.execute(visible_texts(statement, actor)))
    if not rows:
        return None
    found = with_sessions(session, rows)[0]
    found.corrections = standing(session, Correction, document_id)
    found.stretches = standing(session, Stretch, document_id)
    return found


def documents_by_id(session: Session, ids: set[int | None]) -> dict[int, sa.Row]:
    """Return documents in short, by id."""
    columns = (Document.id, Document.reference, Document.title, Document.sha256)
    statement = sa.select(*columns).where(Document.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def standing(session: Session, model: type[Correction] | type[Stretch], owner: int) -> list[Any]:
    """Return the rows of *model* that hang on a document and were not withdrawn."""
    statement = sa.select(model).where(model.document_id == owner, model.withdrawn_at.is_(None))
    return list(session.scalars(statement.order_by(model.start, model.end)))


def document_text(session: Session, actor: Actor, document_id: int) -> sa.Row | None:
    """Return the text and the SHA-256 of a document that *actor* sees, or None."""
    statement = sa.select(Document.text, Document.sha256).where(Document.id == document_id)
    return session.execute(visible_texts(statement, actor)).one_or_none()


def sittings() -> sa.Select:
    """Return the SELECT of the sessions."""
    S = Sitting
    return sa.select(
        S.id,
        S.slug,
        S.kind,
        S.body_id,
        S.name_zh,
        S.name_en,
        S.term,
        S.meeting,
        S.starts_on,
        S.ends_on,
        S.note,
        VERSION,
    )


def session_id(session: Session, slug: str) -> int | None:
    """Return the id of the session *slug*, or None."""
    return session.scalar(sa.select(Sitting.id).where(Sitting.slug == slug))


def persons(actor: Actor, filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the persons that *filters* name and behind whom *actor* sees proposals.

    The filters are ``body_id`` and ``q``.
    """
    P = Person
    statement = sa.select(P.id, P.slug, P.name, P.capacity, P.body_id, VERSION)
    statement = seen_persons(statement, actor)
    if "body_id" in filters:
        statement = statement.where(P.body_id == filters["body_id"])
    if "q" in filters:
        statement = statement.where(
            sa.func.lower(P.name).contains(filters["q"].casefold(), autoescape=True)
        )
    return statement


def person_id(session: Session, actor: Actor, slug: str) -> int | None:
    """Return the id of the person *slug* when *actor* may see them, or None."""
    return session.scalar(seen_persons(sa.select(Person.id).where(Person.slug == slug), actor))


def organizations(filters: Mapping[str, Any]) -> sa.Select:
    """Return the SELECT of the organizations that *filters* name."""
    O = Organization  # noqa: E741
    statement = sa.select(
        O.id,
        O.slug,
        O.kind,
        O.name_zh,
        O.name_en,
        O.aliases,
        O.region_code,
        O.is_office,
        O.parent_id,
        VERSION,
    )
    if "kind" in filters:
        statement = statement.where(O.kind == str(filters["kind"]))
    if "parent_id" in filters:
        statement = statement.where(O.parent_id == filters["parent_id"])
    if "is_office" in filters:
        statement = statement.where(O.is_office == filters["is_office"])
    if "q" in filters:
        words = filters["q"].casefold()
        statement = statement.where(O.search_text.contains(words, autoescape=True))
    return statement


def organization(session: Session, slug: str) -> Organization | None:
    """Return the organization *slug*, or None."""
    return session.scalar(sa.select(Organization).where(Organization.slug == slug))


def person_named(session: Session, slug: str) -> Person | None:
    """Return the person *slug*, whether they proposed anything or not."""
    return session.scalar(sa.select(Person).where(Person.slug == slug))


def sitting(session: Session, slug: str) -> Sitting | None:
    """Return the session *slug*, or None."""
    return session.scalar(sa.select(Sitting).where(Sitting.slug == slug))
