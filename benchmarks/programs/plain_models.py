"""The usual models of a small program, mapped on the same tables."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Models of its own: nothing is shared with ours but the tables."""

    type_annotation_map = {datetime: sa.DateTime(timezone=True)}


recommendation_tags = sa.Table(
    "recommendation_tags",
    Base.metadata,
    sa.Column("recommendation_id", sa.ForeignKey("recommendations.id"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
    sa.Column("is_direct", sa.Boolean),
    sa.Column("progress", sa.String),
)
joint_offices = sa.Table(
    "recommendation_offices",
    Base.metadata,
    sa.Column("recommendation_id", sa.ForeignKey("recommendations.id"), primary_key=True),
    sa.Column("office_id", sa.ForeignKey("organizations.id"), primary_key=True),
)


class Tag(Base):
    """A subject."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Office(Base):
    """An office."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]


class Proposal(Base):
    """A proposal."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    document_id: Mapped[int | None]


class Recommendation(Base):
    """A recommendation with its proposal, its offices and the tags given to itself."""

    __tablename__ = "recommendations"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    number: Mapped[int]
    reference: Mapped[str]
    summary_zh: Mapped[str]
    summary_en: Mapped[str | None]
    stance: Mapped[str]
    publication: Mapped[str]
    acceptance: Mapped[str]
    progress: Mapped[str]
    lead_office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    lead_status: Mapped[str | None]
    due_on: Mapped[date | None]
    review_on: Mapped[date | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    proposal: Mapped[Proposal] = relationship()
    lead_office: Mapped[Office | None] = relationship()
    joint_offices: Mapped[list[Office]] = relationship(
        secondary=joint_offices, order_by=Office.id, viewonly=True
    )
    tags: Mapped[list[Tag]] = relationship(
        secondary=recommendation_tags,
        secondaryjoin=sa.and_(
            recommendation_tags.c.tag_id == Tag.id, recommendation_tags.c.is_direct
        ),
        order_by=Tag.id,
        viewonly=True,
    )


def listed(tag: str, progress: str, limit: int) -> sa.Select:
    """Return the SELECT of the list, through the same narrow table as ours."""
    narrow = recommendation_tags.c
    tag_id = sa.select(Tag.id).where(Tag.slug == tag).scalar_subquery()
    return (
        sa.select(Recommendation)
        .join(recommendation_tags, narrow.recommendation_id == Recommendation.id)
        .where(narrow.tag_id == tag_id, narrow.progress == progress)
        .where(Recommendation.publication == "published")
        .order_by(narrow.recommendation_id)
        .limit(limit + 1)
    )
