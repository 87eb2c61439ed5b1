"""What offices answer, whom they spoke to, and how the proposers rate it."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key
from app.core.codes import (
    Acceptance,
    Channel,
    PromiseStrength,
    ReplyOutcome,
    ReplyState,
    Satisfaction,
)


class Reply(Base):
    """One version of the reply of an assignment; of a joint office, of its opinion.

    Its text never changes: what is mended is the next version. The *round* is 1, and one more
    each time the proposer's dissatisfaction led to handling again. Where the work of another
    office passed to the present one after it was sent, it keeps the *office_id* that sent it.
    """

    __tablename__ = "replies"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    round: Mapped[int] = mapped_column("handling_round", sa.Integer)
    state: Mapped[ReplyState] = mapped_column(CodeText(ReplyState, 16))
    text: Mapped[str]
    drafted_on: Mapped[date]
    checked_on: Mapped[date | None]
    remark: Mapped[str | None]
    document_no: Mapped[str | None] = mapped_column(sa.String(80))
    signed_by: Mapped[str | None] = mapped_column(sa.String(100))
    sent_on: Mapped[date | None]
    published_on: Mapped[date | None]
    attachments: Mapped[list[dict[str, str]] | None] = mapped_column(JsonText)
    office_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class ReplyPoint(Base):
    """What a version of a reply says of one recommendation, and what it promises.

    *checked_outcome* and *checked_label* are those that a check put in the place of the office's
    own, which stay.
    """

    __tablename__ = "reply_points"
    __table_args__ = (sa.UniqueConstraint("reply_id", "recommendation_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("replies.id"))
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"), index=True)
    text: Mapped[str]
    acceptance: Mapped[Acceptance] = mapped_column(CodeText(Acceptance, 32))
    outcome: Mapped[ReplyOutcome] = mapped_column(CodeText(ReplyOutcome, 32))
    label: Mapped[str | None] = mapped_column(sa.String(8))
    checked_outcome: Mapped[ReplyOutcome | None] = mapped_column(CodeText(ReplyOutcome, 32))
    checked_label: Mapped[str | None] = mapped_column(sa.String(8))
    check_reason: Mapped[str | None]
    promise: Mapped[str | None]
    promised_on: Mapped[date | None]
    promise_strength: Mapped[PromiseStrength | None] = mapped_column(CodeText(PromiseStrength, 16))


class Countersignature(Base):
    """That a joint office agrees, or not, to a version of the reply it has a part in.

    The assignment is the joint office's own; where it passed to another one since, *office_id* is
    the office that signed.
    """

    __tablename__ = "countersignatures"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "reply_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("replies.id"), index=True)
    agrees: Mapped[bool]
    signed_on: Mapped[date]
    note: Mapped[str | None]
    office_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class Contact(Base):
    """That an office was in contact with the proposers about what it handles.

    Who noted it stands in the event *sequence*. A further version has in *corrects_id* the contact
    that it mends.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    sequence: Mapped[int]
    channel: Mapped[Channel] = mapped_column(CodeText(Channel, 16))
    on: Mapped[date] = mapped_column("on_day")
    proposer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposers.id"))
    note: Mapped[str]
    corrects_id: Mapped[int | None]


class Evaluation(Base):
    """How a proposer rates the attitude of the office and the result, by what paper.

    Who entered it stands in the event *sequence*. A further version has in *corrects_id* the one
    that it mends, so that of a reply each proposer has one that is mended by none.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        sa.Index(
            "ix_evaluations_version",
            "reply_id",
            "proposer_id",
            sa.text("coalesce(corrects_id, 0)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"), index=True)
    reply_id: Mapped[int] = mapped_column(sa.ForeignKey("replies.id"))
    sequence: Mapped[int]
    proposer_id: Mapped[int] = mapped_column(sa.ForeignKey("proposers.id"))
    attitude: Mapped[Satisfaction] = mapped_column(CodeText(Satisfaction, 32))
    result: Mapped[Satisfaction] = mapped_column(CodeText(Satisfaction, 32))
    rated_on: Mapped[date]
    paper: Mapped[str]
    comment: Mapped[str | None]
    corrects_id: Mapped[int | None]
