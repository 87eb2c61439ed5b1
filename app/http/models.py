"""What the service keeps of requests: answers for repetitions, rates, failed signing in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, JsonText, Key


class Readiness(Base):
    """The one row that is written and read back to find out whether anything can be kept.

    It is no record: nothing follows from its number, and no event tells of it.
    """

    __tablename__ = "readiness"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    number: Mapped[int]


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


class RateBucket(Base):
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
