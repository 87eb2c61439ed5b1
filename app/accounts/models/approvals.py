"""What one person asks and another approves, and the codes by which keys are handed over."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import ApprovalKind, ApprovalState
from app.core.types import Values


class Approval(Tracked, Base):
    """Something asked by one that only another can let happen, within 72 hours.

    *payload* is what will be carried out; *personal* holds the names of accounts that do not
    exist yet, for which seals stand there; *staged* what is too long for it, of which the digest
    stands there. The decision empties both. Who asked and who decided is a principal, or an
    operator by name.
    """

    __tablename__ = "approvals"
    __table_args__ = (sa.Index("ix_approvals_state", "state", "id"),)

    kind: Mapped[ApprovalKind] = mapped_column(CodeText(ApprovalKind, 32))
    state: Mapped[ApprovalState] = mapped_column(CodeText(ApprovalState, 16))
    record_type: Mapped[str] = mapped_column(sa.String(32))
    record_id: Mapped[int]
    record_reference: Mapped[str] = mapped_column(sa.String(64))
    payload: Mapped[Values] = mapped_column(JsonText)
    reason: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("principals.id"))
    asked_by: Mapped[str | None] = mapped_column(sa.String(100))
    expires_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("principals.id"))
    decided_by: Mapped[str | None] = mapped_column(sa.String(100))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    personal: Mapped[list[Values] | None] = mapped_column(JsonText)
    staged: Mapped[dict[str, str] | None] = mapped_column(JsonText, deferred=True)

    @property
    def called(self) -> str:
        """How the history calls it."""
        return f"approval {self.id}"


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
