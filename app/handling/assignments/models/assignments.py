"""Handling: what was dispatched to whom, what is waited for on which desk, and until when."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, Key, Tracked
from app.core.codes import AssignmentRole, AssignmentState, Clock, ExtensionState

DAY, MONTH = "day", "month"


class Assignment(Tracked, Base):
    """That an office was given a proposal, or one recommendation of it, to handle.

    *parent_id* is the assignment of the office that dispatched it on. The office begins its own
    clock; an objection that is upheld for the office ends it, a refused one never stopped it. The
    limits are those of the profile's edition that the proposal began under. *next_due_on* and the
    three after it are an index of its tasks, as those of a recommendation are.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "number"),
        sa.Index("ix_assignments_office", "office_id", "proposal_id"),
        sa.Index("ix_assignments_cases", "office_id", "id"),
        sa.Index("ix_assignments_updated", "updated_at", "id"),
        sa.Index("ix_assignments_next", sa.text("coalesce(next_due_on, '9999-12-31')"), "id"),
        sa.Index("ix_assignments_public", sa.text("coalesce(public_due_on, '9999-12-31')"), "id"),
    )

    reference: Mapped[str] = mapped_column(sa.String(48), unique=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    recommendation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("recommendations.id"), index=True
    )
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    role: Mapped[AssignmentRole] = mapped_column(CodeText(AssignmentRole, 16))
    state: Mapped[AssignmentState] = mapped_column(CodeText(AssignmentState, 32))
    is_open: Mapped[bool]
    in_recess: Mapped[bool]
    dispatched_on: Mapped[date]
    received_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    objection: Mapped[str | None]
    suggested_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    next_due_on: Mapped[date | None]
    next_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))
    public_due_on: Mapped[date | None]
    public_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))


class Extension(Base):
    """A request of an office for more time, and what became of it."""

    __tablename__ = "extensions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    state: Mapped[ExtensionState] = mapped_column(CodeText(ExtensionState, 16))
    asked_on: Mapped[date]
    until: Mapped[date] = mapped_column("until_day")
    reason: Mapped[str]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None]
