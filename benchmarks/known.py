"""What a migrated and seeded database already holds, on which synthetic records build."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import Base, Head
from app.models import Organization, Person, Tag
from app.register.tags.rules import with_broader

NUMBERED = (
    "sessions", "documents", "proposals", "proposers", "recommendations", "passages", "tasks",
)  # fmt: skip
"""The tables whose ids go on after those of the seed records."""


@dataclass
class Known:
    """Tags, offices and people of a database, its next ids and its last event."""

    brought: dict[int, dict[int, bool]]
    """Tag → what it brings to the index: tag → whether it was given itself."""
    subject: list[int]
    """The tag artificial-intelligence and those below it."""
    offices: list[tuple[int, str]]
    people: list[tuple[int, str]]
    body_id: int
    next_id: dict[str, int]
    sequence: int
    last_hash: str


def read_known(session: Session) -> Known:
    """Read everything the generator needs."""
    head = session.get_one(Head, 1)
    offices = sa.select(Organization.id, Organization.name_zh).where(Organization.is_office)
    people = sa.select(Person.id, Person.name).order_by(Person.id)
    brought = closures(session)
    subject = session.scalar(sa.select(Tag.id).where(Tag.slug == "artificial-intelligence"))
    body = session.scalar(sa.select(Organization.id).where(Organization.slug == "zhengzhou-cppcc"))
    return Known(
        brought=brought,
        subject=[tag for tag, bringing in brought.items() if subject in bringing],
        offices=[tuple(row) for row in session.execute(offices.order_by(Organization.id))],
        people=[tuple(row) for row in session.execute(people)],
        body_id=body,
        next_id={name: next_id(session, name) for name in NUMBERED},
        sequence=head.sequence,
        last_hash=head.hash,
    )


def closures(session: Session) -> dict[int, dict[int, bool]]:
    """Return for each tag the index rows it brings."""
    broader = dict(session.execute(sa.select(Tag.id, Tag.broader_id)).tuples().all())
    return {tag: {t: t == tag for t in with_broader([tag], broader, {})} for tag in sorted(broader)}


def next_id(session: Session, table: str) -> int:
    """Return the number after the highest one in *table*."""
    column = Base.metadata.tables[table].c.id
    return (session.scalar(sa.select(sa.func.max(column))) or 0) + 1
