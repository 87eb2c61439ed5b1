"""Source texts, what is misprinted in them, and what in them belongs to no proposal."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, Key, Tracked
from app.core.codes import Confidence, DocumentKind, Level, Publication, StretchReason


class Document(Tracked, Base):
    """A source text, kept character for character as it came, with its SHA-256.

    What the page does not say of its date is null; bounds never stand without their reason. One
    without a publication is published; that of a draft follows its proposal. An edition of a text
    that was entered here replaces the one before it, which stays.
    """

    __tablename__ = "documents"

    reference: Mapped[str] = mapped_column(sa.String(40), unique=True)
    text: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    subtitle: Mapped[str | None] = mapped_column(sa.String(300))
    kind: Mapped[DocumentKind] = mapped_column(CodeText(DocumentKind, 32))
    level: Mapped[Level] = mapped_column(CodeText(Level, 32))
    publisher: Mapped[str | None] = mapped_column(sa.String(100))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    date_as_printed: Mapped[str | None] = mapped_column(sa.String(100))
    earliest_on: Mapped[date | None]
    latest_on: Mapped[date | None]
    date_reason: Mapped[str | None]
    note: Mapped[str | None]
    publication: Mapped[Publication | None] = mapped_column(CodeText(Publication, 16))
    replaces_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)


class Correction(Base):
    """A misprint or misreading of a document: as printed, as meant, and how one can tell."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"), index=True)
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    as_printed: Mapped[str]
    as_meant: Mapped[str]
    reason: Mapped[str]
    confidence: Mapped[Confidence] = mapped_column(CodeText(Confidence, 16))
    withdrawn_at: Mapped[datetime | None]


class Stretch(Base):
    """Characters of a document that belong to no proposal, and why."""

    __tablename__ = "stretches"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"), index=True)
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    reason: Mapped[StretchReason] = mapped_column(CodeText(StretchReason, 32))
    note: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
