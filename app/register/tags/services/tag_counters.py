"""Keeping tag_counts right in the transaction that changes what they count."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Values
from app.models import RecommendationTag, TagCount
from app.register.tags.queries.tags import Counted, count, counted_rows

COUNTS = TagCount.metadata.tables["tag_counts"]
KEY = ("tag_id", "scope", "scope_id", "publication", "progress", "specificity")


@contextmanager
def counted(session: Session, ids: Iterable[int]) -> Iterator[None]:
    """Count the recommendations *ids* out before the block changes them, and in again after."""
    ids = list(ids)
    before = counts_of(session, ids)
    yield
    session.flush()
    after = Counter(counts_of(session, ids))
    after.subtract(before)
    add_counts(session, {key: number for key, number in after.items() if number})


def counts_of(session: Session, ids: list[int]) -> Counter[Counted]:
    """Return what the recommendations *ids* contribute to tag_counts."""
    return count(session, counted_rows().where(RecommendationTag.recommendation_id.in_(ids)))


def add_counts(session: Session, changes: dict[Counted, int]) -> None:
    """Add *changes* to tag_counts, inserting rows that are not there yet."""
    if not changes:
        return
    key = [COUNTS.c[name] for name in KEY]
    rows = session.execute(
        sa.select(*key).where(
            COUNTS.c.tag_id.in_({k[0] for k in changes}),
            COUNTS.c.scope.in_({k[1] for k in changes}),
            COUNTS.c.scope_id.in_({k[2] for k in changes}),
        )
    )
    known = {tuple(row) for row in rows}
    new = [counted_columns(k, number=n) for k, n in changes.items() if k not in known]
    if new:
        session.execute(sa.insert(COUNTS), new)
    old = [counted_columns(k, prefix="b_", change=n) for k, n in changes.items() if k in known]
    if old:
        update = sa.update(COUNTS).values(number=COUNTS.c.number + sa.bindparam("b_change"))
        matches = [column == sa.bindparam(f"b_{column.name}") for column in key]
        session.execute(update.where(*matches), old)


def counted_columns(key: Counted, prefix: str = "", **values: int) -> Values:
    """Return *key* and *values* as the parameters of a statement."""
    parameters = dict(zip(KEY, key, strict=True)) | values
    return {prefix + name: value for name, value in parameters.items()}
