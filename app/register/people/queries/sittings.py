"""Sessions and meetings: their list, and single ones."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.filters import VERSION
from app.core.queries.rows import KEPT_BACK, later
from app.core.types import Row
from app.models import Sitting


def sittings_by_id(session: Session, ids: set[int | None]) -> dict[int, Row]:
    """Return sessions in short, by id."""
    columns = (Sitting.id, Sitting.slug, Sitting.name_zh, Sitting.name_en)
    statement = sa.select(*columns).where(Sitting.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def sittings() -> sa.Select:
    """Return the SELECT of the sessions."""
    return sa.select(*later(Sitting, *KEPT_BACK), VERSION)


def sitting_id(session: Session, slug: str) -> int | None:
    """Return the id of the session *slug*, or None."""
    return session.scalar(sa.select(Sitting.id).where(Sitting.slug == slug))


def sitting(session: Session, slug: str) -> Sitting | None:
    """Return the session *slug*, or None."""
    return session.scalar(sa.select(Sitting).where(Sitting.slug == slug))
