"""What makes the register trustworthy: sealed values, checkpoints, approvals, repeats, limits."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, JsonText, Key, Tracked


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


class Readiness(Base):
    """The one row that is written and read back to find out whether anything can be kept.

    It is no record: nothing follows from its number, and no event tells of it.
    """

    __tablename__ = "readiness"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    number: Mapped[int]


class Approval(Tracked, Base):
    """Something asked by one that only another can let happen, within 72 hours.

    *payload* is what will be carried out; *personal* holds the names of accounts that do not
    exist yet, for which seals stand there, and is emptied by the decision. Who asked and who
    decided is a principal, or an operator by name.
    """

    __tablename__ = "approvals"
    __table_args__ = (sa.Index("ix_approvals_state", "state", "id"),)

    kind: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[str] = mapped_column(sa.String(16))
    record_type: Mapped[str] = mapped_column(sa.String(32))
    record_id: Mapped[int]
    record_reference: Mapped[str] = mapped_column(sa.String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText)
    reason: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("principals.id"))
    asked_by: Mapped[str | None] = mapped_column(sa.String(100))
    expires_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("principals.id"))
    decided_by: Mapped[str | None] = mapped_column(sa.String(100))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    personal: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText)


class Exchange(Base):
    """What a new key's holder exchanges for it: the hashes of two halves of a code.

    One was shown to whoever asked for the key, the other to whoever approved it; *number* is the
    place of the account in the request, from 0.
    """

    __tablename__ = "exchanges"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    approval_id: Mapped[int] = mapped_column(sa.ForeignKey("approvals.id"), index=True)
    number: Mapped[int] = mapped_column(sa.Integer)
    asked_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    approved_sha256: Mapped[str | None] = mapped_column(sa.String(64))


class Replay(Base):
    """The answer to a POST that named an Idempotency-Key, given again for seven days."""

    __tablename__ = "replays"
    __table_args__ = (
        sa.UniqueConstraint("principal_id", "method", "path", "key"),
        sa.Index("ix_replays_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"))
    method: Mapped[str] = mapped_column(sa.String(8))
    path: Mapped[str] = mapped_column(sa.String(300))
    key: Mapped[str] = mapped_column(sa.String(255))
    body_sha256: Mapped[str] = mapped_column(sa.String(64))
    status: Mapped[int | None] = mapped_column(sa.Integer)
    headers: Mapped[dict[str, str] | None] = mapped_column(JsonText)
    body: Mapped[str | None]
    created_at: Mapped[datetime]


class Bucket(Base):
    """How many requests a caller may still send at once: a token bucket."""

    __tablename__ = "buckets"

    subject: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    tokens: Mapped[float] = mapped_column(sa.Float)
    filled_at: Mapped[datetime]


class FailedSignIns(Base):
    """How often someone from a network, or with the id of a key, brought no valid secret."""

    __tablename__ = "failed_sign_ins"

    subject: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer)
    since: Mapped[datetime]


class AttemptCount(Base):
    """How many attempts of an account were refused in the present hour, by their *kind*.

    More than are told one by one are told as a number, by the first event of a later hour.
    """

    __tablename__ = "attempt_counts"

    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    since: Mapped[datetime]
    number: Mapped[int] = mapped_column(sa.Integer)
