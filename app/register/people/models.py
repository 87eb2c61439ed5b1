"""Bodies, offices, people, and the sessions they sit in."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import Capacity, NameStatus, OrganizationKind, SessionKind


class Organization(Tracked, Base):
    """A deliberative body, party, district or office; an office can be assigned recommendations.

    All stand in one tree. The slug never changes. What it was called before a day stands in
    OrganizationName, whether it is still called so in *name_status* and *name_source*. A vertical
    one is led from above its city. One that *ended_on* a day is no office any more; what was open
    then, and its accounts, went to its *successor_id*.
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
    is_vertical: Mapped[bool | None]
    name_status: Mapped[NameStatus | None] = mapped_column(CodeText(NameStatus, 16))
    name_source: Mapped[str | None]
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

    What is personal stands in the sealed value that *contact_seal* names, as a JSON object: how
    they are reached, their unit and member number, their delegation or sector. *delegation*,
    *sector* and *member_key*, by which member numbers are compared, are an index of it. *terms* are
    those of the body in which they sit, where that is known. Whoever was entered twice stays, and
    names the one that stands in *merged_into_id*; that one was merged into nobody.
    """

    __tablename__ = "persons"
    __table_args__ = (sa.Index("ix_persons_member", "body_id", "member_key", unique=True),)

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    capacity: Mapped[Capacity] = mapped_column(CodeText(Capacity, 32))
    contact_seal: Mapped[str | None] = mapped_column(sa.String(64))
    erased_at: Mapped[datetime | None]
    delegation: Mapped[str | None] = mapped_column(sa.String(100))
    sector: Mapped[str | None] = mapped_column(sa.String(100))
    member_key: Mapped[str | None] = mapped_column(sa.String(720))
    terms: Mapped[list[int] | None] = mapped_column(JsonText)
    merged_into_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
