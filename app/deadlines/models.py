"""The papers that procedure follows: calendars, rules, labels, categories; one row an edition.

An edition is never changed: an amendment is a further one, and a case keeps the one it began under.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Tracked
from app.core.codes import Assessment, ExtensionMode
from app.core.types import Values


class CalendarEdition(Tracked, Base):
    """Which days of a year are off or worked, after one paper; the highest edition holds.

    *rest* are spans ``{"from", "to", "holiday"}``, both ends included, *work* Saturdays and Sundays
    that are worked, ``{"on", "holiday"}``.
    """

    __tablename__ = "calendar_editions"
    __table_args__ = (sa.UniqueConstraint("year", "edition"),)

    reference: Mapped[str] = mapped_column(sa.String(16), unique=True)
    year: Mapped[int] = mapped_column(sa.Integer)
    edition: Mapped[int] = mapped_column(sa.Integer)
    paper: Mapped[str] = mapped_column(sa.String(200))
    rest: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    work: Mapped[list[dict[str, str]]] = mapped_column(JsonText)


class RuleProfile(Tracked, Base):
    """Which limits hold for the proposals of some places, kinds and sessions.

    *regions* are beginnings of region codes, *kinds* of proposals and *sessions* slugs; an empty
    list means any. *limits* holds a limit by its kind: see deadlines/rules/rulebook.py.
    """

    __tablename__ = "rule_profiles"
    __table_args__ = (sa.UniqueConstraint("slug", "edition"),)

    reference: Mapped[str] = mapped_column(sa.String(80), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(64))
    edition: Mapped[int] = mapped_column(sa.Integer)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(300))
    regions: Mapped[list[str]] = mapped_column(JsonText)
    kinds: Mapped[list[str]] = mapped_column(JsonText)
    sessions: Mapped[list[str]] = mapped_column(JsonText)
    is_default: Mapped[bool]
    extension: Mapped[ExtensionMode] = mapped_column(CodeText(ExtensionMode, 16))
    assessment: Mapped[Assessment | None] = mapped_column(CodeText(Assessment, 32))
    label_scheme: Mapped[str | None] = mapped_column(sa.String(64))
    limits: Mapped[Values] = mapped_column(JsonText)
    note_zh: Mapped[str | None] = mapped_column(sa.String(300))
    note_en: Mapped[str | None] = mapped_column(sa.String(300))


class LabelScheme(Tracked, Base):
    """What the letters of a place mean: each label with the outcomes it stands for."""

    __tablename__ = "label_schemes"
    __table_args__ = (sa.UniqueConstraint("slug", "edition"),)

    reference: Mapped[str] = mapped_column(sa.String(80), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(64))
    edition: Mapped[int] = mapped_column(sa.Integer)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(300))
    is_default: Mapped[bool]
    labels: Mapped[list[Values]] = mapped_column(JsonText)


class CategoryScheme(Tracked, Base):
    """The categories that proposals of some bodies, kinds and sessions are sorted into.

    *bodies* and *sessions* are slugs; an empty list means any. An edition that *holds_from* a day
    is for sessions that begin on that day or later. One that holds by default gives way where
    another names the body or the session. See deadlines/rules/categories.py.
    """

    __tablename__ = "category_schemes"
    __table_args__ = (sa.UniqueConstraint("slug", "edition"),)

    reference: Mapped[str] = mapped_column(sa.String(80), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(64))
    edition: Mapped[int] = mapped_column(sa.Integer)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str] = mapped_column(sa.String(200))
    source: Mapped[str] = mapped_column(sa.String(300))
    bodies: Mapped[list[str]] = mapped_column(JsonText)
    kinds: Mapped[list[str]] = mapped_column(JsonText)
    sessions: Mapped[list[str]] = mapped_column(JsonText)
    holds_from: Mapped[date | None]
    is_default: Mapped[bool]
    categories: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
