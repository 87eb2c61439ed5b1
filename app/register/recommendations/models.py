"""Recommendations: what is followed, with its tags, offices, reports and relations."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import (
    Acceptance,
    Clock,
    HandlingState,
    LeadStatus,
    LineageKind,
    OfficeRole,
    Progress,
    Publication,
    Specificity,
    Stance,
)

NO_DUE_DATE = date(9999, 12, 31)
"""Where a recommendation without a due date stands in an order by due date: last."""


class Recommendation(Tracked, Base):
    """One action asked for in a proposal, followed until it is carried out or refused.

    Its progress and acceptance move only through services.recommendations, so each move has an
    event; last_move is that event's sequence (0: never moved). The number is unique within its
    proposal, the reference never changes, and the publication is its proposal's. What was verified
    is looked back at on *look_back_on*, until someone has (None). *lead_status* says how the lead
    office came by it; where it was dispatched, both follow the assignments. It *ended_as* its
    proposal did, when that was withdrawn, transferred or not filed, or *ended_alone*: taken back
    (withdrawn) or joined to another (merged), while its proposal goes on. *next_due_on* and
    *next_clock* are the first day that an office has to keep about it, *public_due_on* and
    *public_clock* the same without what is internal: an index of the tasks. Where nobody judged
    its *specificity* (None), it counts as concrete. The *note* says what was settled when it was
    split off; *suggested_joint_ids* are numbers of offices, joined by commas, that its words call
    for beside the lead: a suggestion, by which they have no part in it. *answered_for* tells who
    sees an answer that holds, *promised_for* who sees a promise that is still owed: everyone
    (published), the staff (internal), those who see restricted records; None: nobody. They are an
    index of the replies and promises.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "number"),
        sa.UniqueConstraint("id", "progress", "last_move", "publication"),
        sa.Index("ix_recommendations_lead", "lead_office_id", "id"),
        sa.Index("ix_recommendations_updated", "updated_at", "id"),
        sa.Index("ix_recommendations_next", sa.text("coalesce(next_due_on, '9999-12-31')"), "id"),
        sa.Index(
            "ix_recommendations_public", sa.text("coalesce(public_due_on, '9999-12-31')"), "id"
        ),
    )

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    reference: Mapped[str] = mapped_column(sa.String(48), unique=True)
    summary_zh: Mapped[str] = mapped_column(sa.String(500))
    summary_en: Mapped[str | None] = mapped_column(sa.String(1000))
    stance: Mapped[Stance] = mapped_column(CodeText(Stance, 16))
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16))
    acceptance: Mapped[Acceptance] = mapped_column(CodeText(Acceptance, 32))
    progress: Mapped[Progress] = mapped_column(CodeText(Progress, 32))
    last_move: Mapped[int]
    claimed_by_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    lead_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    lead_status: Mapped[LeadStatus | None] = mapped_column(CodeText(LeadStatus, 16))
    due_on: Mapped[date | None]
    review_on: Mapped[date | None]
    look_back_on: Mapped[date | None]
    ended_as: Mapped[HandlingState | None] = mapped_column(CodeText(HandlingState, 32))
    next_due_on: Mapped[date | None]
    next_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))
    public_due_on: Mapped[date | None]
    public_clock: Mapped[Clock | None] = mapped_column(CodeText(Clock, 16))
    targets: Mapped[list[str]] = mapped_column(JsonText)
    search_text: Mapped[str]
    specificity: Mapped[Specificity | None] = mapped_column(CodeText(Specificity, 16))
    note: Mapped[str | None]
    ended_alone: Mapped[bool | None]
    suggested_joint_ids: Mapped[str | None] = mapped_column(sa.String(200))
    answered_for: Mapped[Publication | None] = mapped_column(CodeText(Publication, 16))
    promised_for: Mapped[Publication | None] = mapped_column(CodeText(Publication, 16))


SPECIFICITY = sa.func.coalesce(
    Recommendation.specificity, sa.literal(str(Specificity.CONCRETE), sa.String)
)
"""Whether a recommendation counts as concrete or as directional."""


class RecommendationTag(Base):
    """That a recommendation has a tag, or (not direct) a narrower one of it.

    An index kept by the same transaction: progress, last_move and publication follow the
    recommendation through the foreign key, so a page by tag and progress is found here alone,
    in the order of an index, whatever the number of recommendations. *is_ended* follows as well,
    from the service that ends a recommendation. The record of who tagged what when is the events.
    """

    __tablename__ = "recommendation_tags"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["recommendation_id", "progress", "last_move", "publication"],
            [f"recommendations.{name}" for name in ("id", "progress", "last_move", "publication")],
            onupdate="CASCADE",
            name="fk_recommendation_tags_recommendation",
        ),
        sa.Index("ix_recommendation_tags_progress", "tag_id", "progress", "recommendation_id"),
        sa.Index("ix_recommendation_tags_order", "tag_id", "recommendation_id"),
        sa.Index("ix_recommendation_tags_moves", "tag_id", "last_move"),
        sa.Index(
            "ix_recommendation_tags_direct",
            "tag_id",
            "progress",
            "recommendation_id",
            sqlite_where=sa.text("is_direct"),
            postgresql_where=sa.text("is_direct"),
        ),
    )

    recommendation_id: Mapped[int] = mapped_column(Key, primary_key=True)
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("tags.id"), primary_key=True)
    is_direct: Mapped[bool]
    progress: Mapped[Progress] = mapped_column(CodeText(Progress, 32))
    last_move: Mapped[int]
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16))
    is_ended: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class RecommendationOffice(Base):
    """An office that has a part in a recommendation beside its lead: joint, separate or below.

    It has it by the assignment *assignment_id*, or because the lead office or a dispatcher named
    it (None).
    """

    __tablename__ = "recommendation_offices"

    recommendation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recommendations.id"), primary_key=True
    )
    office_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organizations.id"), primary_key=True, index=True
    )
    withdrawn_at: Mapped[datetime | None]
    role: Mapped[OfficeRole] = mapped_column(
        CodeText(OfficeRole, 16), default=OfficeRole.JOINT, server_default=OfficeRole.JOINT
    )
    assignment_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class Lineage(Base):
    """How one recommendation relates to another: it repeats, continues, joins or supersedes it.

    The relation stands from the event *sequence* until the event *withdrawn_sequence*.
    """

    __tablename__ = "lineage"

    recommendation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recommendations.id"), primary_key=True
    )
    kind: Mapped[LineageKind] = mapped_column(CodeText(LineageKind, 16), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        sa.ForeignKey("recommendations.id"), primary_key=True, index=True
    )
    sequence: Mapped[int]
    withdrawn_sequence: Mapped[int | None]


class ProgressReport(Base):
    """What an office reports of a recommendation: text, percent (0 to 100), links that prove it.

    A further version has in *corrects_id* the report that it mends.
    """

    __tablename__ = "progress_reports"
    __table_args__ = (
        sa.Index("ix_progress_reports_order", "recommendation_id", "sequence", "id"),
        sa.Index("ix_progress_reports_corrects", "corrects_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(sa.ForeignKey("recommendations.id"))
    sequence: Mapped[int] = mapped_column(sa.ForeignKey("events.sequence"))
    text: Mapped[str | None]
    percent: Mapped[int | None] = mapped_column(sa.Integer)
    evidence: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    reported_by: Mapped[str] = mapped_column(sa.String(100))
    reported_at: Mapped[datetime]
    corrects_id: Mapped[int | None]
