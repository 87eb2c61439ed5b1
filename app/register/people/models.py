"""Bodies, offices, people, and the sessions they sit in."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import Capacity, OrganizationKind, SessionKind


class Organization(Tracked, Base):
    """A deliberative body, party, district or office; an office can be assigned recommendations.

    All stand in one tree. The slug never changes. What it was called before a day stands in
    OrganizationName. One that *ended_on* a day is no office any more; what was open then, and its
    accounts, went to its *successor_id*.
    """

    __tablename__ = "organizations"

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    kind: Mapped[OrganizationKind] = mapped_column(CodeText(OrganizationKind, 32))
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    aliases: Mapped[list[str]] = mapped_column(JsonText)
    search_text: Mapped[str]
    region_code: Mapped[str] = mapped_column(sa.String(12))
    is_office: Mapped[bool]
    ended_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.BigInteger)


class OrganizationName(Base):
    """What an organization was called before the day *until*, which began at the moment *until_at*.

    Its present name stands in the organization itself.
    """

    __tablename__ = "organization_names"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    until: Mapped[date] = mapped_column("until_day")
    until_at: Mapped[datetime]


class Sitting(Tracked, Base):
    """A session or meeting of a deliberative body, at which proposals are made."""

    __tablename__ = "sessions"

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"))
    kind: Mapped[SessionKind] = mapped_column(CodeText(SessionKind, 32))
    name_zh: Mapped[str] = mapped_column(sa.String(100))
    name_en: Mapped[str | None] = mapped_column(sa.String(200))
    term: Mapped[int | None] = mapped_column(sa.Integer)
    meeting: Mapped[int | None] = mapped_column(sa.Integer)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    note: Mapped[str | None]


class Person(Tracked, Base):
    """Someone who proposes, with the body and the capacity in which they sit there.

    How they are reached is for the staff alone: it stands in the sealed value that *contact_seal*
    names, as a JSON object of phone, email and address.
    """

    __tablename__ = "persons"

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    capacity: Mapped[Capacity] = mapped_column(CodeText(Capacity, 32))
    contact_seal: Mapped[str | None] = mapped_column(sa.String(64))
    erased_at: Mapped[datetime | None]
