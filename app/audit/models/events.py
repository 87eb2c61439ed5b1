"""What was done: one row for each change, never changed itself."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Key


class Event(Base):
    """Who did what to which record when, in a sequence without gaps.

    The actor's name and office are kept as they were then: a principal's name as its seal (see
    SealedValue) with an empty actor_name. *publication* says who could see the record after it.
    *changes* is canonical JSON: field → [from, to]. *record_hash* covers the columns of the
    record after the change, *hash* the row and the hash before it. What people wrote (the *note*,
    fields of *changes*), and the record's hash, are covered through *seals* (JSON: text → SHA-256
    of its salt and itself); their *salts* go when it is erased. An attempt that was refused or
    failed has that outcome, and changed nothing.
    """

    __tablename__ = "events"
    __table_args__ = (
        sa.Index("ix_events_record", "record_type", "record_id", "sequence"),
        sa.Index("ix_events_principal", "principal_id", "sequence"),
        sa.Index("ix_events_at", "at", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    operation: Mapped[str] = mapped_column(sa.String(64))
    record_type: Mapped[str] = mapped_column(sa.String(32))
    record_id: Mapped[int]
    record_reference: Mapped[str] = mapped_column(sa.String(64))
    record_version: Mapped[int]
    publication: Mapped[str | None] = mapped_column(sa.String(16))
    changes: Mapped[str]
    note: Mapped[str | None]
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_name: Mapped[str] = mapped_column(sa.String(100))
    principal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("principals.id"))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    office_name: Mapped[str | None] = mapped_column(sa.String(100))
    key_prefix: Mapped[str | None] = mapped_column(sa.String(16))
    request_id: Mapped[str | None] = mapped_column(sa.String(64))
    outcome: Mapped[str] = mapped_column(sa.String(16))
    scheme: Mapped[int | None] = mapped_column(sa.Integer)
    actor_seal: Mapped[str | None] = mapped_column(sa.String(64))
    approval_id: Mapped[int | None]
    record_hash: Mapped[str | None] = mapped_column(sa.String(64))
    seals: Mapped[str | None]
    salts: Mapped[str | None]
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
