"""Sessions and meetings: their list, and single ones."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import KEPT_BACK, later
from app.core.types import Conditions, Given, Row
from app.models import Proposal, Sitting
from app.register.people.queries.reference_data import names_of

SHORT = (Sitting.id, Sitting.slug, Sitting.name_zh, Sitting.name_en)


def sittings_by_id(session: Session, ids: set[int | None]) -> dict[int, Row]:
    """Return sessions in short, by id."""
    statement = sa.select(*SHORT).where(Sitting.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def sittings_of_proposals(session: Session, proposals: Collection[int]) -> dict[int, Row]:
    """Return the session of each of *proposals* in short, by the number of the proposal."""
    statement = sa.select(Proposal.id.label("proposal_id"), *SHORT).join(
        Sitting, Sitting.id == Proposal.session_id
    )
    rows = session.execute(statement.where(Proposal.id.in_(proposals)))
    return {row.proposal_id: row for row in rows}


ORDERS = by_change(Sitting)
CONDITIONS: Conditions = {
    "body_id": among(Sitting.body_id),
    "kind": among(Sitting.kind),
    "updated_since": lambda value: Sitting.updated_at >= value,
}
"""Filter → the condition on a session, given its value."""


def sittings(filters: Given) -> sa.Select:
    """Return the SELECT of the sessions that *filters* name."""
    shown = sa.select(*later(Sitting, *KEPT_BACK), VERSION)
    return shown.where(*asked(CONDITIONS, filters))


def one(session: Session, slug: str) -> Row | None:
    """Return the session *slug* as the API shows it, or None."""
    return session.execute(sittings({}).where(Sitting.slug == slug)).one_or_none()


def sitting_id(session: Session, slug: str) -> int | None:
    """Return the id of the session *slug*, or None."""
    return session.scalar(sa.select(Sitting.id).where(Sitting.slug == slug))


def named(session: Session) -> dict[str, str]:
    """Return what the sessions are called → their slugs; the slugs themselves stand first."""
    rows = session.execute(sa.select(*SHORT)).all()
    return names_of((row.slug, (row.name_zh, row.name_en)) for row in rows)


def sitting(session: Session, slug: str) -> Sitting | None:
    """Return the session *slug*, or None."""
    return session.scalar(sa.select(Sitting).where(Sitting.slug == slug))
