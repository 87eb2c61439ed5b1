"""Who proposed what."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.models import Organization, Person, Proposer

STANDING = aliased(Person)
"""The person that a proposer was merged into, having been entered twice."""

SLUG = sa.func.coalesce(STANDING.slug, Person.slug, Organization.slug).label("slug")
NAME = sa.func.coalesce(STANDING.name, Person.name, Organization.name_zh).label("name")
"""What a proposer is called in the register now; how the source prints them never changes."""

WHO = sa.select(sa.func.coalesce(Person.merged_into_id, Person.id)).where(
    Person.id == Proposer.person_id
)
"""The SELECT of the number of the person as who a proposer stands."""


def proposer_of(session: Session, proposal_ids: list[int], slug: str) -> Proposer | None:
    """Return the proposer of one of the proposals who is called *slug*, or was before a merger."""
    wanted = (Proposer.proposal_id.in_(proposal_ids), Proposer.withdrawn_at.is_(None))
    called = sa.or_(*(column == slug for column in (SLUG, Person.slug)))
    own = proposers_in_short().with_only_columns(Proposer).where(*wanted, called)
    return session.scalars(own.order_by(Proposer.position)).first()


def proposers_in_short() -> sa.Select:
    """Return the SELECT of proposers in short."""
    kind = sa.case((Proposer.person_id.is_not(None), "person"), else_="organization")
    columns = (Proposer.id, Proposer.position, Proposer.role, Proposer.as_printed)
    return with_names(sa.select(*columns, kind.label("kind"), SLUG, NAME))


def with_names(statement: sa.Select) -> sa.Select:
    """Return *statement* of proposers with who they are: persons, as they stand, organizations."""
    return (
        statement.outerjoin(Person, Person.id == Proposer.person_id)
        .outerjoin(STANDING, STANDING.id == Person.merged_into_id)
        .outerjoin(Organization, Organization.id == Proposer.organization_id)
    )


def proposers_by_id(session: Session, ids: Iterable[int | None]) -> dict[int | None, Any]:
    """Return proposers in short, by id."""
    wanted = {number for number in ids if number is not None}
    return {
        row.id: row for row in session.execute(proposers_in_short().where(Proposer.id.in_(wanted)))
    }


def proposers(session: Session, proposal_ids: list[int]) -> dict[int, list[Any]]:
    """Return the proposers of each proposal, in order."""
    P = Proposer
    wanted = proposers_in_short().add_columns(P.proposal_id).where(P.proposal_id.in_(proposal_ids))
    statement = wanted.where(P.withdrawn_at.is_(None)).order_by(P.proposal_id, P.position)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.proposal_id].append(row)
    return found
