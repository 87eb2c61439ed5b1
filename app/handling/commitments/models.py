"""What offices promised, and whether they kept it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import Clock, CommitmentState, PromiseStrength, RemarkKind


class Commitment(Tracked, Base):
    """A promise that an office made in a reply, followed over sessions and terms until it ends.

    Its first day stays; *promised_on* is the day it is promised for now, null where none was
    named. *missed_on* is the day it was last found missed. *next_due_on* is the first day that is
    to be kept, its own or that of a milestone (*next_clock*): an index of the tasks.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        sa.UniqueConstraint("recommendation_id", "number"),
        sa.Index("ix_commitments_office", "office_id", "state", "id"),
        sa.Index("ix_commitments_state", "state", "id"),
        sa.Index("ix_commitments_updated", "updated_at", "id"),
        sa.Index("ix_commitments_next", sa.text("coalesce(next_due_on, '9999-12-31')"), "id"),
    )

    reference: Mapped[str] = mapped_column(sa.String(60), unique=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    point_id: Mapped[int] = mapped_column(sa.ForeignKey("reply_points.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    state: Mapped[CommitmentState] = mapped_column(CodeText(CommitmentState, 16))
    text: Mapped[str]
    strength: Mapped[PromiseStrength] = mapped_column(CodeText(PromiseStrength, 16))
    promised_on: Mapped[date | None]
    first_promised_on: Mapped[date | None]
    made_on: Mapped[date]
    missed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))


class Milestone(Base):
    """A step on the way to what was promised: until when, and when and by what it was done."""

    __tablename__ = "milestones"
    __table_args__ = (sa.UniqueConstraint("commitment_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitments.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    text: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    evidence: Mapped[list[dict[str, str]]] = mapped_column(JsonText)


class Remark(Base):
    """What was said of a commitment: explained, confirmed, rated, looked back at.

    *value* is the rating or the result; who said it stands in the event *sequence*.
    """

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitments.id"), index=True)
    sequence: Mapped[int]
    kind: Mapped[RemarkKind] = mapped_column(CodeText(RemarkKind, 16))
    on: Mapped[date] = mapped_column("on_day")
    proposer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposers.id"))
    value: Mapped[str | None] = mapped_column(sa.String(32))
    text: Mapped[str]
    evidence: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
