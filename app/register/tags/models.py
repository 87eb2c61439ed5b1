"""The vocabulary of what recommendations are about."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, JsonText, Tracked


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
