"""The vocabulary of what recommendations are about, and how many stand where."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Tracked
from app.core.codes import Progress, Publication, Specificity


class Tag(Tracked, Base):
    """A subject that offices follow; the slug never changes, a broader tag includes this one.

    One that *ended_on* a day is given to nothing any more; what it was merged into, or the parts
    it was split into, have its recommendations. *split_into_ids* are numbers joined by commas.
    """

    __tablename__ = "tags"

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name_zh: Mapped[str] = mapped_column(sa.String(50))
    name_en: Mapped[str] = mapped_column(sa.String(100))
    definition: Mapped[str]
    synonyms: Mapped[list[str]] = mapped_column(JsonText)
    search_text: Mapped[str]
    broader_id: Mapped[int | None] = mapped_column(sa.ForeignKey("tags.id"), index=True)
    ended_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    split_into_ids: Mapped[str | None] = mapped_column(sa.String(200))


class TagCount(Base):
    """How many recommendations of a tag stand at one progress, in all, in a document, in a session.

    The scope is ``all`` (scope_id 0), ``document`` or ``session``. Kept by the same transaction
    as the recommendations; `flask verify` counts them anew and compares.
    """

    __tablename__ = "tag_counts"

    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("tags.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True)
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16), primary_key=True)
    progress: Mapped[Progress] = mapped_column(CodeText(Progress, 32), primary_key=True)
    specificity: Mapped[Specificity] = mapped_column(CodeText(Specificity, 16), primary_key=True)
    number: Mapped[int]
