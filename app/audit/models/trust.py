"""What makes the register trustworthy: sealed values, checkpoints, approvals, repeats, limits."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Key


class SealedValue(Base):
    """A personal value of which only the seal stands in the chain of events.

    The seal is the SHA-256 of salt and value. Erasing takes both away and leaves the seal, so
    that the chain stays whole and tells nothing.
    """

    __tablename__ = "sealed_values"
    __table_args__ = (sa.Index("ix_sealed_values_subject", "subject_type", "subject_id"),)

    seal: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    salt: Mapped[str | None] = mapped_column(sa.String(64))
    value: Mapped[str | None]
    subject_type: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int]
    erased_at: Mapped[datetime | None]


class Checkpoint(Base):
    """A signature over the chain as it was: up to which event, with which hash, and when.

    Their numbers have no gaps; those of earlier releases have none. One that accepts a restored
    backup names the checkpoint after which the history goes on: those between are given up.
    """

    __tablename__ = "checkpoints"
    __table_args__ = (sa.Index("ix_checkpoints_number", "number", unique=True),)

    sequence: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(sa.String(16))
    signature: Mapped[str] = mapped_column(sa.String(128))
    number: Mapped[int | None]
    resumes_after: Mapped[int | None]


class AttemptCount(Base):
    """How many attempts of an account were refused in the present hour, by their *kind*.

    More than are told one by one are told as a number, by the first event of a later hour.
    """

    __tablename__ = "attempt_counts"

    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    since: Mapped[datetime]
    number: Mapped[int] = mapped_column(sa.Integer)
