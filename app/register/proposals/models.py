"""Proposals, who makes them, and the passages in which they stand."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import (
    Clock,
    HandlingState,
    MarkKind,
    NotFiledReason,
    ProposalKind,
    ProposerRole,
    Publication,
    SourceKind,
)
from app.core.rules.folding import folded


class Proposal(Tracked, Base):
    """What one or more proposers ask of a city; a statement is one without recommendations.

    The reference never changes; the case number comes late and may; *case_key* is what it is found
    and compared by. The profile is the edition
    of the rules under which its handling began. What a key proposal is about is watched over by
    its supervisor; the proposers of one that is merged are answered with the other. Joint
    proposers sign a draft until *cosign_until*, where they are asked to. It was last *submitted_on*
    a day and *filed_on* another, as the papers say; what is reviewed is not filed. *next_due_on*
    and the three after it are an index of the tasks about it and its recommendations. *categories*
    are names such as ``five_fields@1:economy``, one of each scheme, in order; None: it has none.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        sa.Index(
            "ix_proposals_supervisor",
            "supervisor_id",
            "id",
            sqlite_where=sa.text("supervisor_id IS NOT NULL"),
            postgresql_where=sa.text("supervisor_id IS NOT NULL"),
        ),
        sa.Index("ix_proposals_updated", "updated_at", "id"),
        sa.Index("ix_proposals_case_key", "case_key"),
        sa.Index("ix_proposals_next", sa.text("coalesce(next_due_on, '9999-12-31')"), "id"),
        sa.Index("ix_proposals_public", sa.text("coalesce(public_due_on, '9999-12-31')"), "id"),
    )

    reference: Mapped[str] = mapped_column(sa.String(40), unique=True)
    case_no: Mapped[str | None] = mapped_column(sa.String(40))
    case_key: Mapped[str | None] = mapped_column(sa.String(720))
    kind: Mapped[ProposalKind] = mapped_column(CodeText(ProposalKind, 32))
    source_kind: Mapped[SourceKind] = mapped_column(CodeText(SourceKind, 32))
    title: Mapped[str] = mapped_column(sa.String(300))
    title_is_printed: Mapped[bool]
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("documents.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sessions.id"), index=True)
    handling_state: Mapped[HandlingState] = mapped_column(CodeText(HandlingState, 32))
    profile: Mapped[str | None] = mapped_column(sa.String(80))
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16))
    note: Mapped[str | None]
    not_filed_reason: Mapped[NotFiledReason | None] = mapped_column(CodeText(NotFiledReason, 32))
    merged_into_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    is_key: Mapped[bool | None]
    supervisor_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    cosign_until: Mapped[date | None]
    submitted_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    next_due_on: Mapped[date | None]
    next_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))
    public_due_on: Mapped[date | None]
    public_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))
    categories: Mapped[list[str] | None] = mapped_column(JsonText)

    @validates("case_no")
    def fold_case_no(self, name: str, value: str | None) -> str | None:
        """Let the key by which case numbers are compared follow the number."""
        self.case_key = None if value is None else folded(value)
        return value


class Proposer(Base):
    """A person or an organization behind a proposal, in order, named as the source prints it."""

    __tablename__ = "proposers"
    __table_args__ = (
        sa.CheckConstraint("(person_id IS NULL) <> (organization_id IS NULL)", name="one_of_both"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    position: Mapped[int] = mapped_column(sa.Integer)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("persons.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organizations.id"), index=True
    )
    role: Mapped[ProposerRole] = mapped_column(CodeText(ProposerRole, 16))
    as_printed: Mapped[str] = mapped_column(sa.String(200))
    withdrawn_at: Mapped[datetime | None]


class Cosignature(Base):
    """That a joint proposer signs a draft or will not, by what paper.

    Who entered it stands in the event *sequence*.
    """

    __tablename__ = "cosignatures"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    proposer_id: Mapped[int] = mapped_column(sa.ForeignKey("proposers.id"), unique=True)
    sequence: Mapped[int]
    agrees: Mapped[bool]
    on: Mapped[date] = mapped_column("on_day")
    paper: Mapped[str]


class ProposalMark(Base):
    """That a body calls a proposal excellent, or otherwise marks it, by what paper.

    It stands until it is taken back on the day *ended_on*; of each kind one stands at a time. Who
    entered it is told by the event *sequence*, who took it back by *ended_in*.
    """

    __tablename__ = "proposal_marks"
    __table_args__ = (
        sa.Index(
            "ix_proposal_marks_standing",
            "proposal_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.Index("ix_proposal_marks_kind", "kind", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    kind: Mapped[MarkKind] = mapped_column(CodeText(MarkKind, 32))
    on: Mapped[date] = mapped_column("on_day")
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    paper: Mapped[str]
    note: Mapped[str | None]
    sequence: Mapped[int]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    ended_in: Mapped[int | None]


class Passage(Base):
    """A span of a document, one of those in which a proposal or a recommendation stands.

    Its text equals the document's characters from start to end, end exclusive.
    """

    __tablename__ = "passages"
    __table_args__ = (
        sa.CheckConstraint(
            "(proposal_id IS NULL) <> (recommendation_id IS NULL)", name="one_of_both"
        ),
        sa.CheckConstraint("start_at >= 0 AND start_at < end_at", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    recommendation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("recommendations.id"), index=True
    )
    position: Mapped[int] = mapped_column(sa.Integer)
    start: Mapped[int] = mapped_column("start_at", sa.Integer)
    end: Mapped[int] = mapped_column("end_at", sa.Integer)
    text: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
