"""What was withheld from the public, by whom and why, and whether it was released again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, Tracked
from app.core.codes import WithheldKind


class Withholding(Tracked, Base):
    """That what an office wrote is kept from everyone but that office and the staff.

    It holds from the moment it is written until it is *released_at*. *target_id* is the number of
    the row that is withheld, of a note the sequence of its event; *office_id* the office whose
    words they are (None: the staff's). *told_in* is the event whose words go with it, *sequence*
    the event that began it, which says by whom. Proposal and recommendation are those that it is
    about.
    """

    __tablename__ = "withholdings"
    __table_args__ = (
        sa.Index("ix_withholdings_target", "kind", "target_id"),
        sa.Index("ix_withholdings_told", "told_in"),
        sa.Index("ix_withholdings_proposal", "proposal_id", "id"),
        sa.Index("ix_withholdings_updated", "updated_at", "id"),
    )

    kind: Mapped[WithheldKind] = mapped_column(CodeText(WithheldKind, 16))
    target_id: Mapped[int]
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    recommendation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendations.id"))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    told_in: Mapped[int | None]
    sequence: Mapped[int]
    reason: Mapped[str]
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]

    @property
    def called(self) -> str:
        """How the history calls it: by its number."""
        return f"W{self.id}"
