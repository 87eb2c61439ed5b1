"""Bodies, parties, districts and offices: their list, and single ones."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import KEPT_BACK, later
from app.core.types import Conditions, Given, Row
from app.models import Organization, Proposer
from app.register.searching.queries.finding import by_words

O = Organization  # noqa: E741
ORDERS = by_change(O)


def behind(rows: sa.Select) -> sa.Select:
    """Return the SELECT of the organizations behind the proposals *rows*."""
    own = sa.select(Proposer.organization_id).where(Proposer.organization_id.is_not(None))
    return own.where(Proposer.proposal_id.in_(rows), Proposer.withdrawn_at.is_(None))


CONDITIONS: Conditions = {
    "kind": among(O.kind),
    "parent_id": among(O.parent_id),
    "is_office": lambda value: O.is_office == value,
    "name_status": among(O.name_status),
    "updated_since": lambda value: O.updated_at >= value,
    "q": by_words("organization", O.id),
    "asking": lambda rows: O.id.in_(behind(rows)),
}
"""Filter → the condition on an organization, given its value."""


def organizations(filters: Given) -> sa.Select:
    """Return the SELECT of the organizations that *filters* name."""
    shown = sa.select(*later(O, "search_text", *KEPT_BACK), VERSION)
    return shown.where(*asked(CONDITIONS, filters))


def one(session: Session, slug: str) -> Row | None:
    """Return the organization *slug* as the API shows it, or None."""
    return session.execute(organizations({}).where(O.slug == slug)).one_or_none()


def organization(session: Session, slug: str) -> Organization | None:
    """Return the organization *slug*, or None."""
    return session.scalar(sa.select(Organization).where(Organization.slug == slug))
