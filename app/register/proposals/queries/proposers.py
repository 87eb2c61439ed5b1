"""Who proposed what."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Organization, Person, Proposer


def proposer_of(session: Session, proposal_ids: list[int], slug: str) -> Proposer | None:
    """Return the proposer of one of the proposals who is called *slug*."""
    wanted = (Proposer.proposal_id.in_(proposal_ids), Proposer.withdrawn_at.is_(None))
    called = sa.func.coalesce(Person.slug, Organization.slug)
    own = proposers_in_short().with_only_columns(Proposer).where(*wanted, called == slug)
    return session.scalars(own.order_by(Proposer.position)).first()


def proposers_in_short() -> sa.Select:
    """Return the SELECT of proposers in short."""
    kind = sa.case((Proposer.person_id.is_not(None), "person"), else_="organization")
    name = sa.func.coalesce(Person.name, Organization.name_zh)
    slug = sa.func.coalesce(Person.slug, Organization.slug).label("slug")
    columns = (Proposer.id, Proposer.position, Proposer.role, Proposer.as_printed)
    return (
        sa.select(*columns, kind.label("kind"), slug, name.label("name"))
        .outerjoin(Person, Person.id == Proposer.person_id)
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
    P, O = Proposer, Organization  # noqa: E741
    kind = sa.case((P.person_id.is_not(None), "person"), else_="organization").label("kind")
    statement = (
        sa.select(
            P.proposal_id,
            P.position,
            P.role,
            P.as_printed,
            kind,
            sa.func.coalesce(Person.slug, O.slug).label("slug"),
            sa.func.coalesce(Person.name, O.name_zh).label("name"),
        )
        .outerjoin(Person, Person.id == P.person_id)
        .outerjoin(O, O.id == P.organization_id)
        .where(P.proposal_id.in_(proposal_ids), P.withdrawn_at.is_(None))
        .order_by(P.proposal_id, P.position)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.proposal_id].append(row)
    return found
