"""Bodies, parties, districts and offices: their list, and single ones."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.filters import VERSION
from app.core.queries.rows import KEPT_BACK, later
from app.core.types import Given
from app.models import Organization


def organizations(filters: Given) -> sa.Select:
    """Return the SELECT of the organizations that *filters* name."""
    O = Organization  # noqa: E741
    statement = sa.select(*later(O, "search_text", *KEPT_BACK), VERSION)
    if "kind" in filters:
        statement = statement.where(O.kind == str(filters["kind"]))
    if "parent_id" in filters:
        statement = statement.where(O.parent_id == filters["parent_id"])
    if "is_office" in filters:
        statement = statement.where(O.is_office == filters["is_office"])
    if "q" in filters:
        words = filters["q"].casefold()
        statement = statement.where(O.search_text.contains(words, autoescape=True))
    return statement


def organization(session: Session, slug: str) -> Organization | None:
    """Return the organization *slug*, or None."""
    return session.scalar(sa.select(Organization).where(Organization.slug == slug))
