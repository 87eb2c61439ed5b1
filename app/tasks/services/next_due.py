"""Keeping when records are next due, in the transaction that changes their tasks."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.core.types import Values
from app.tasks.queries.due_days import BATCH, KEPT, Key, all_differences, differences, next_days
from app.tasks.queries.holders import survivors

CHANGED = "cases whose tasks changed"


def mark(session: Session, proposal_id: int) -> None:
    """Note that something that waits about *proposal_id* changed.

    What is next due is worked out once, before the session commits or when refresh() is asked.
    """
    if CHANGED not in session.info:
        session.info[CHANGED] = set()
        sa.event.listen(session, "before_commit", settle)
    session.info[CHANGED].add(proposal_id)


def settle(session: Session) -> None:
    """Refresh before *session* commits, once for all of it and not at the end of each savepoint."""
    if not session.in_nested_transaction():
        refresh(session)


def refresh(session: Session) -> None:
    """Let the records of the cases that changed keep when they are next due.

    It raises neither an event nor a version: it is an index of the tasks.
    """
    changed = session.info.get(CHANGED)
    if not changed:
        return
    session.flush()
    numbers = sorted(changed)
    changed.clear()
    for first in range(0, len(numbers), BATCH):
        cases = sorted(survivors(session, numbers[first : first + BATCH]))
        keep_all(session, differences(*next_days(session, cases)))


def refresh_all(session: Session) -> None:
    """Let every record keep when it is next due."""
    session.flush()
    session.info.get(CHANGED, set()).clear()
    keep_all(session, all_differences(session))


def keep_all(session: Session, wanted: Iterable[tuple[Key, tuple[Any, ...]]]) -> None:
    """Write what records are *wanted* to keep, past the version that their changes raise."""
    for record, values in wanted:
        keep(session, record, dict(zip(KEPT[record[0]], values, strict=False)))


def keep(session: Session, record: Key, values: Values) -> None:
    """Write *values* on the row of *record*."""
    model, number = record
    table = model.__table__
    session.execute(sa.update(table).where(table.c.id == number).values(values))
    loaded = session.identity_map.get(identity_key(model, number))
    if loaded is not None:
        for name, value in values.items():
            set_committed_value(loaded, name, value)
